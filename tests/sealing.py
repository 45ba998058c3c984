"""Sealed documents for tests, made with a key of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from api.keys import Keyring
from api.sealing import document_of, seal_over
from api.service import ScreeningService
from api.settings import Settings
from screening.record import Record, as_record, canonical
from screening.seal import question_of
from screening.validity import validity
from screening.verdict import Verdict
from screening.words import Text
from tests.conftest import NOW, question
from tests.test_small_city import OFFICE_SITE


def seal(verdict: Verdict, keys: Keyring, record: Record | None = None) -> bytes:
    """A sealed document of a verdict, or of another record in its place."""
    asked = canonical(question_of(verdict.site, verdict.project, verdict.as_of))
    told = canonical(record or as_record(verdict))
    valid = validity(verdict.evidence, verdict.as_of, longest_days=180)
    kept = canonical(seal_over("a1", NOW.isoformat(), asked, told, valid, keys))
    return document_of(kept.decode(), asked.decode(), told.decode())


@contextmanager
def serving(data: Path, now: datetime = NOW) -> Iterator[ScreeningService]:
    """A service over a data folder on a day."""
    made = ScreeningService(Settings(data=data), now=lambda: now)
    try:
        yield made
    finally:
        made.close()


def office(service: ScreeningService) -> tuple[str, bytes]:
    """Id and sealed file of an office screened and kept."""
    found = service.screen(question(OFFICE_SITE))
    return found.id, service.sealed(found.id)


def both(text: Text) -> str:
    """Both wordings, to search."""
    return f"{text.zh}\n{text.en}"

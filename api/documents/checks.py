"""Whether a template can be filled: tried with a made-up report in which nothing is missing."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from api.documents.content import FindingLine, Input, Report, TableRow
from api.documents.figures import Drawings
from api.documents.labels import SAMPLE
from api.documents.templates import OWN, template_of
from api.documents.word import word
from screening.errors import DocumentTemplateError
from screening.words import LANGUAGES, Language

_SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="#ddd"/></svg>'
_DRAWINGS = Drawings(location=_SQUARE, location_words="", overlap=_SQUARE, overlap_words="", qr=_SQUARE)


def sample(language: Language) -> Report:
    """A report with something under every name."""
    words = SAMPLE.in_(language)
    line = FindingLine(key="k", kind=words, outcome="violates", outcome_label=words, title=words, text=words, detail=words)  # fmt: skip
    row = {one.name: words for one in fields(TableRow)}
    texts: dict[str, Any] = {one.name: words for one in fields(Report)}
    lists = ("warnings", "deciding", "next_steps", "places", "table_notes", "persons", "remarks", "bases", "limits")
    return Report(
        **{
            **texts,
            **dict.fromkeys(lists, (words,)),
            "language": language,
            "created_at": "2026-01-01 00:00:00+08:00",
            "created_on": "2026-01-01",
            "as_of": "2026-01-01",
            "columns": (words,) * 4,
            "table": tuple(TableRow(**{**row, "kind": kind}) for kind in ("section", "group", "row")),
            "levels": (line,),
            "unknown": (line,),
            "findings": (line,),
            "summary": (Input(label=words, value=words, as_written=words),),
            "inputs": (Input(label=words, value=words, as_written=words),),
        }
    )


def filled(template: Path, language: Language) -> bytes:
    """A template filled with the made-up report, to be looked at in Word.

    Raises:
        DocumentTemplateError: It cannot be filled.
    """
    return word(sample(language), _DRAWINGS, template)


def override_problems(folder: Path | None) -> list[DocumentTemplateError]:
    """What is wrong with the city's templates; nothing where it has none of its own."""
    found = []
    for language in LANGUAGES:
        path = template_of(language, folder)
        if path.parent != OWN:
            try:
                filled(path, language)
            except DocumentTemplateError as problem:
                found.append(problem)
    return found

"""符合性分析 and 一图一表一说明 of a kept screening: its verdict answered again from the release it names, nothing more kept."""

from __future__ import annotations

import json
from dataclasses import dataclass

from api.kept_questions import answer
from api.service import ScreeningService
from layers.facts import fact_schema, particular_schema
from layers.industries import classification
from screening.conformity import conformity
from screening.record import as_record, canonical, digest
from screening.seal import asked_in, release_of
from screening.site_checks import Stated
from screening.statement import Statement, ToldTable, statement, told_table
from screening.verdict import Verdict
from screening.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A kept screening answered again.

    Attributes:
        is_as_kept: Whether the answer is, digest for digest, the one that was kept; another engine may answer otherwise.
    """

    id: str
    created_at: str
    digest: str
    verdict: Verdict
    stated: Stated
    is_as_kept: bool


def repeated(service: ScreeningService, case_id: str) -> Repeated:
    """The verdict of a kept screening, from its exact question and the release it names.

    Raises:
        UnknownScreeningError: There is none of that id.
        UnsealedScreeningError: It is older than sealed documents, so its exact question is not known.
        ThreeLinesError: Its release is no more at hand, or the question can no longer be put.
    """
    found, document = service.find(case_id), json.loads(service.sealed(case_id))
    asked = asked_in(document["question"])
    verdict, stated = answer(asked, service.snapshot_of(release_of(document)), asked.as_of)
    record = json.loads(canonical(as_record(verdict, stated)))
    return Repeated(
        id=found.id,
        created_at=found.created_at,
        digest=found.digest,
        verdict=verdict,
        stated=stated,
        is_as_kept=digest(record) == found.digest,
    )


def table_of(found: Repeated, language: Language) -> ToldTable:
    """符合性分析表 in one language."""
    return told_table(found.verdict, conformity(found.verdict, fact_schema(), industry_names()), language)


def statement_of(found: Repeated, language: Language) -> Statement:
    """一图一表一说明 in one language."""
    schema = {**fact_schema(), **particular_schema()}
    return statement(found.verdict, schema, industry_names(), language, found.stated)


def industry_names() -> dict[str, str]:
    """Names of all GB/T 4754 entries by code."""
    return {code: industry.name for code, industry in classification().entries.items()}

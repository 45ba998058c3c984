"""一图一表一说明: one map, one table and one narrative, all told from one verdict; and the table for other doors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from screening.conformity import Conformity, conformity
from screening.conformity_rows import SECTION, ConformityRow, Section
from screening.disclosure import disclosed
from screening.explain import Explanation, Row, explain
from screening.findings import Outcome
from screening.model import Fact
from screening.phrases import PHRASES
from screening.site_checks import NOTHING_STATED, Stated
from screening.statement_map import statement_map
from screening.verdict import Verdict
from screening.words import Language, Text

UNVERIFIED = PHRASES["unverified"]
CAPTION = Text(
    "符合性分析（基准日 {as_of}，依据 {release}）", "Conformity, clause by clause (as of {as_of}, release {release})"
)
COLUMNS: tuple[Text, ...] = (
    Text("管控维度/条款", "Dimension / clause"),
    Text("管控要求", "Requirement"),
    Text("本项目情况", "This project"),
    Text("符合性", "Conformity"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One row in one language, plain values for any writer.

    Attributes:
        outcome: `complies`, `conditional`, `violates`, `not_concerned` or `undetermined`.
        conformity: 符合性 in words.
        verified: None where there is no wording to check.
        weighs: Whether the conclusion rests on it too.
    """

    key: str
    section: str
    section_label: str
    group: str
    item: str
    requirement: str
    situation: tuple[str, ...]
    outcome: str
    conformity: str
    reason: str
    measure: str
    basis: str
    verified: bool | None
    weighs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTable:
    """符合性分析表 in one language."""

    language: Language
    caption: str
    columns: tuple[str, ...]
    rows: tuple[ToldRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """一图一表一说明 in one language.

    Attributes:
        map: SVG text.
        places: The map in words.
        table: Of everything the list and the lines say.
        explanation: 说明, of which the page tells conclusion, reasons, measures and limits.
        persons: What only a person can decide.
        bases: Legal bases of all that weighs.
    """

    language: Language
    map: str
    places: tuple[str, ...]
    table: ToldTable
    explanation: Explanation
    persons: tuple[str, ...]
    bases: tuple[str, ...]
    summary: tuple[Row, ...]


def told_table(verdict: Verdict, found: Conformity, language: Language) -> ToldTable:
    """A table in one language."""
    caption = CAPTION.filled(as_of=verdict.as_of.isoformat(), release=verdict.evidence.release.id)
    return ToldTable(
        language=language,
        caption=caption.in_(language),
        columns=tuple(one.in_(language) for one in COLUMNS),
        rows=tuple(_told_row(row, language) for row in found.rows),
        notes=tuple(one.in_(language) for one in found.notes),
    )


def statement(
    verdict: Verdict,
    schema: Mapping[str, Fact],
    industry_names: Mapping[str, str],
    language: Language,
    stated: Stated = NOTHING_STATED,
) -> Statement:
    """Map, table and narrative of one verdict.

    Args:
        verdict: What `screen` answered.
        schema: Facts and particulars by name.
        industry_names: Names of GB/T 4754 entries by code.
        language: `zh` or `en`.
        stated: What was stated of the site, with the remarks on it.
    """
    found = conformity(verdict, schema, industry_names)
    explanation = explain(verdict, schema, language, stated)
    weighing = [row for row in found.rows if row.outcome is not Outcome.NOT_CONCERNED]
    return Statement(
        language=language,
        map=statement_map(verdict, language),
        places=tuple(row.value for place in explanation.places for row in place.rows),
        table=told_table(verdict, found, language),
        explanation=explanation,
        persons=_for_persons(verdict, language),
        bases=_distinct(row.basis for row in weighing if row.basis),
        summary=explanation.summary,
    )


def _told_row(row: ConformityRow, language: Language) -> ToldRow:
    item = row.item.in_(language)
    return ToldRow(
        key=row.key,
        section=row.section.value,
        section_label=SECTION[row.section].in_(language),
        group=row.group.in_(language),
        item=item + UNVERIFIED.in_(language) if row.verified is False else item,
        requirement=row.requirement.in_(language),
        situation=tuple(_opened(one.in_(language)) for one in row.situation),
        outcome=row.outcome.name.lower(),
        conformity=row.label.in_(language),
        reason=_opened(row.reason.in_(language)),
        measure=_measure(row, language),
        basis=row.basis,
        verified=row.verified,
        weighs=row.weighs,
    )


def _opened(words: str) -> str:
    """A sentence with its first letter as a capital."""
    return words[:1].upper() + words[1:]


def _measure(row: ConformityRow, language: Language) -> str:
    """What is to be done, where it is more than the requirement itself."""
    if row.measure is None:
        return ""
    words = row.measure.in_(language) or row.measure.zh
    return "" if words == row.requirement.in_(language) and row.section is Section.LIST else words


def _for_persons(verdict: Verdict, language: Language) -> tuple[str, ...]:
    said = []
    for finding in disclosed(verdict).findings:
        if finding.needs_person and finding.outcome is not Outcome.NOT_CONCERNED:
            words = PHRASES["because"].filled(title=finding.title, reason=finding.reason)
            said.append(words.in_(language))
    return _distinct(said)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))

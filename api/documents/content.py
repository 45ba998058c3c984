"""What a document of a kept screening says, in one language: read by the writers for Word, PDF and Excel alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from api.documents.labels import SAID
from api.documents.words import cleaned
from api.sealing import Seal
from api.statements import Repeated, statement_of
from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.declared_units import in_words
from screening.explain import Entry
from screening.model import Fact, FactValue, Nature, Project
from screening.particulars import NO, YES
from screening.statement import Statement, ToldRow
from screening.terms import CONSTRUCTION
from screening.verdict import Verdict
from screening.whereabouts import area_words
from screening.words import Language, Text, same

KINDS = ("concerned", "without_data", "not_concerned")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row of the conformity table.

    Attributes:
        kind: `section` or `group` for a title over the whole width, `row` for an answer.
        title: Of a section or group; empty in a row.
        item, requirement, situation, conformity, reason, measure, basis, note: Of a row; empty in a title.
        outcome: `complies`, `conditional`, `violates`, `not_concerned` or `undetermined`; empty in a title.
    """

    kind: str
    title: str = ""
    key: str = ""
    item: str = ""
    requirement: str = ""
    situation: str = ""
    outcome: str = ""
    conformity: str = ""
    reason: str = ""
    measure: str = ""
    basis: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding, or one layer that was asked."""

    key: str
    kind: str
    outcome: str
    outcome_label: str
    title: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that was declared or read, as it was written and as it was taken."""

    label: str
    value: str
    as_written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a document says; `docs/documents.md` explains each name to those who edit templates."""

    language: Language
    title: str
    demonstration: str
    differs: str
    warnings: tuple[str, ...]
    number: str
    created_at: str
    created_on: str
    as_of: str
    release: str
    release_id: str
    list_version: str
    engine: str
    digest: str
    sealed_digest: str
    valid_until: str
    valid_because: str
    address: str
    project: str
    site: str
    industries: str
    construction: str
    area: str
    districts: str
    conclusion: str
    conclusion_code: str
    headline: str
    deciding: tuple[str, ...]
    next_steps: tuple[str, ...]
    levels: tuple[FindingLine, ...]
    places: tuple[str, ...]
    columns: tuple[str, ...]
    table_caption: str
    table: tuple[TableRow, ...]
    table_notes: tuple[str, ...]
    persons: tuple[str, ...]
    unknown: tuple[FindingLine, ...]
    findings: tuple[FindingLine, ...]
    remarks: tuple[str, ...]
    bases: tuple[str, ...]
    limits: tuple[str, ...]
    summary: tuple[Input, ...]
    inputs: tuple[Input, ...]
    map_review: str
    map_attribution: str


def report(found: Repeated, seal: Seal | None, snapshot: Snapshot, address: str, language: Language) -> Report:
    """What a document says.

    Args:
        found: The screening answered again.
        seal: Its seal.
        snapshot: The release it rests on.
        address: Where the screening can be seen live; also in the QR code.
        language: `zh` or `en`.
    """
    told, verdict = statement_of(found, language), found.verdict
    explanation = told.explanation
    made = Report(
        **_named(found, seal, address, language),
        **_asked(verdict, snapshot, language),
        language=language,
        demonstration=explanation.notice or "",
        warnings=explanation.warnings,
        conclusion=explanation.conclusion_label,
        conclusion_code=explanation.conclusion,
        headline=explanation.headline,
        deciding=explanation.deciding,
        next_steps=explanation.next_steps,
        levels=tuple(_line(one, "level", language) for one in explanation.levels),
        places=told.places,
        columns=told.table.columns,
        table_caption=told.table.caption,
        table=tuple(_table(told, language)),
        table_notes=told.table.notes,
        persons=told.persons,
        unknown=tuple(_line(one, "without_data", language) for one in explanation.without_data),
        findings=tuple(_line(one, kind, language) for kind in KINDS for one in getattr(explanation, kind)),
        remarks=explanation.remarks,
        bases=told.bases,
        limits=explanation.limits,
        summary=tuple(Input(label=one.label, value=one.value, as_written="") for one in told.summary),
        inputs=tuple(_inputs(verdict.project, fact_schema(), language)),
        map_review=_review(snapshot).in_(language),
        map_attribution=snapshot.jurisdiction.attribution.in_(language),
    )
    return cleaned(made)


def _named(found: Repeated, seal: Seal | None, address: str, language: Language) -> dict[str, Any]:
    """What tells this document, its screening and its release from any other."""
    verdict = found.verdict
    release = verdict.evidence.release
    return {
        "title": SAID["title"].in_(language),
        "differs": "" if found.is_as_kept else SAID["differs"].in_(language),
        "number": found.id,
        "created_at": found.created_at.replace("T", " "),
        "created_on": found.created_at[:10],
        "as_of": verdict.as_of.isoformat(),
        "release": release.title.in_(language),
        "release_id": release.id,
        "list_version": release.list_version,
        "engine": verdict.engine_version,
        "digest": found.digest,
        "sealed_digest": seal.digest if seal else "",
        "valid_until": seal.valid_until.isoformat() if seal else "",
        "valid_because": seal.valid_because.in_(language) if seal else "",
        "address": address,
    }


def _asked(verdict: Verdict, snapshot: Snapshot, language: Language) -> dict[str, Any]:
    """Project and site in a few words each."""

    def say(text: Text) -> str:
        return text.in_(language)

    project, area = verdict.project, verdict.evidence.site_area_m2
    return {
        "project": project.name or say(SAID["unnamed_project"]),
        "site": verdict.site.name or say(SAID["unnamed_site"]),
        "industries": say(SAID["joiner"]).join(f"{one.code} {one.name}" for one in project.industries),
        "construction": say(CONSTRUCTION[project.construction] if project.construction else SAID["undeclared"]),
        "area": area_words(area) if area is not None else say(SAID["point"]),
        "districts": say(SAID["comma"]).join(_district_names(verdict.evidence.districts, snapshot)) or "—",
    }


def _district_names(codes: tuple[str, ...], snapshot: Snapshot) -> Iterator[str]:
    return (snapshot.jurisdiction.districts.get(code, code) for code in codes)


def _review(snapshot: Snapshot) -> Text:
    """审图号, or plainly that there is none."""
    if number := snapshot.jurisdiction.map_review_number:
        return SAID["review"].filled(number=number)
    is_demonstration = snapshot.release.nature is Nature.DEMONSTRATION
    return SAID["review_demonstration" if is_demonstration else "review_missing"]


def _table(told: Statement, language: Language) -> Iterator[TableRow]:
    for section, of_section in groupby(told.table.rows, key=lambda row: row.section_label):
        yield TableRow(kind="section", title=section)
        for group, rows in groupby(of_section, key=lambda row: row.group):
            if group != section:
                yield TableRow(kind="group", title=group)
            yield from (_row(one, language) for one in rows)


def _row(row: ToldRow, language: Language) -> TableRow:
    return TableRow(
        kind="row",
        key=row.key,
        item=row.item,
        requirement=row.requirement,
        situation="\n".join(row.situation),
        outcome=row.outcome,
        conformity=row.conformity,
        reason=row.reason,
        measure=row.measure,
        basis=row.basis,
        note="" if row.weighs else SAID["not_weighed"].in_(language),
    )


def _line(entry: Entry, kind: str, language: Language) -> FindingLine:
    colon = SAID["colon"].in_(language)
    return FindingLine(
        key=entry.key,
        kind=SAID[kind].in_(language),
        outcome=entry.outcome,
        outcome_label=entry.outcome_label,
        title=entry.title,
        text=entry.text,
        detail="\n".join(f"{row.label}{colon}{row.value}" for row in entry.rows),
    )


def _inputs(project: Project, schema: Mapping[str, Fact], language: Language) -> Iterator[Input]:
    """Facts declared, in the order of the schema, with what was written where it was converted."""
    written = {one.name: one.as_written for one in project.conversions}
    for name in (name for name in schema if name in project.facts):
        value = _value(project.facts[name], schema[name])
        yield Input(label=schema[name].label.in_(language), value=value.in_(language), as_written=written.get(name, ""))


def _value(value: FactValue, fact: Fact) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return dict(fact.choices).get(value, same(value))
    return same(f"{in_words(value)} {fact.unit}".strip())

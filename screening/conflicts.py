"""Conflict view: clauses of all levels on the same matter side by side; which decides, and why.

**A matter** is one dimension of the list and one subject. A subject is one of three things that clauses name:

* a *fact* that a condition or a replacement of the clause asks for;
* a *layer* whose zones the clause is bound to (a distance to them, or lying outside them, included);
* the *industry* of the project, where the clause names industries and its set holds, or partly holds, that industry.

A clause belongs to every matter whose subject it names; a permission belongs, besides, to every matter of the clauses it
is stated to be an exception to. A clause that names nothing speaks about everything and conflicts with nothing in
particular. Clauses that speak only about other industries are left out. Matters of the same clauses are one matter with
several subjects; what only one clause speaks about is no matter for comparison.

It reads a verdict's record, so that an answer that was kept is compared as it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from screening.access import Dimension, IndustrySet, Level
from screening.errors import OldRecordError
from screening.findings import Outcome
from screening.model import Effect, Fact
from screening.phrases import PHRASES
from screening.record import Record
from screening.terms import LEVEL, OUTCOME
from screening.truth import Truth
from screening.words import Text, joined, same

CODE_LENGTHS = (1, 3, 4, 5)  # section, division, group, class of GB/T 4754, the section letter included


class SubjectKind(StrEnum):
    """What clauses may have in common."""

    FACT = "fact"
    LAYER = "layer"
    INDUSTRY = "industry"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSubject:
    """One thing that several clauses name.

    Attributes:
        name: Of the fact, id of the layer, or code of the industry.
    """

    kind: SubjectKind
    name: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one clause says on a matter.

    Attributes:
        valid_from: First day on which it binds, ISO date.
        valid_to: Last day; None while open.
        decides: Whether it makes the outcome of the matter.
    """

    clause_id: str
    level: Level
    effect: Effect
    outcome: Outcome
    truth: Truth
    wording: Text
    reason: Text
    basis: str
    verified: bool
    valid_from: str
    valid_to: str | None
    decides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """事项: one dimension, what its clauses share, and what each level says.

    Attributes:
        statements: From the nation down, then by id; at least two.
        silent: Levels of the list that say nothing on it about this site.
        why: Which decides and why, sentence by sentence.
    """

    dimension: Dimension
    subjects: tuple[MatterSubject, ...]
    outcome: Outcome
    statements: tuple[Statement, ...]
    silent: tuple[Level, ...]
    why: tuple[Text, ...]

    @property
    def is_conflict(self) -> bool:
        """Whether the clauses differ in what they do to this project, those that do not concern it aside."""
        return len({one.outcome for one in self.statements} - {Outcome.NOT_CONCERNED}) > 1


def conflicts(record: Record, facts: Mapping[str, Fact]) -> tuple[Matter, ...]:
    """Matters on which several clauses speak, of which at least one concerns the project; the gravest first.

    Args:
        record: As `screening.record.as_record` makes it.
        facts: The fact schema, for labels.

    Raises:
        OldRecordError: The record does not say what its clauses are about.
    """
    findings = {one["clause"]["id"]: one for one in record["findings"] if one["clause"]}
    if any("about" not in one["clause"] for one in findings.values()):
        raise OldRecordError.of(record["engine_version"])
    speaking = _speaking(findings, record)
    levels = [Level[one["level"].upper()] for one in record["levels"]]
    matters = [
        _matter(dimension, [_subject(*one, record, facts) for one in subjects], ids, findings, levels)
        for (dimension, ids), subjects in _grouped(speaking, findings).items()
        if len(ids) > 1 and any(_outcome(findings[one]) is not Outcome.NOT_CONCERNED for one in ids)
    ]
    return tuple(sorted(matters, key=lambda one: (-one.outcome, not one.is_conflict, one.dimension, _ids(one))))


Key = tuple[SubjectKind, str]
Group = tuple[Dimension, tuple[str, ...]]
Findings = Mapping[str, Mapping[str, Any]]


def _ids(matter: Matter) -> tuple[str, ...]:
    return tuple(one.clause_id for one in matter.statements)


def _outcome(finding: Mapping[str, Any]) -> Outcome:
    return Outcome[finding["outcome"].upper()]


# -- which clauses speak about what ------------------------------------------------------------------------------------


def _speaking(findings: Findings, record: Record) -> dict[str, list[Key]]:
    """The subjects of each clause that may speak to the project's industries."""
    codes = [one["code"] for one in record["project"]["industries"]]
    found = {}
    for name, finding in findings.items():
        about = finding["clause"]["about"]
        meant = [code for code in codes if _means(about, code)]
        if meant:
            named = bool(about["industries"] or about["industries_except"])
            keys = [(SubjectKind.FACT, fact) for fact in about["facts"]]
            keys += [(SubjectKind.LAYER, layer) for layer in about["layers"]]
            found[name] = keys + [(SubjectKind.INDUSTRY, code) for code in meant if named]
    return found


def _means(about: Mapping[str, Sequence[str]], code: str) -> bool:
    """Whether a clause's industries hold this one, or part of it."""
    named = IndustrySet(include=frozenset(about["industries"]), exclude=frozenset(about["industries_except"]))
    lineage = tuple(code[:length] for length in CODE_LENGTHS if length <= len(code))
    return named.holds(lineage) is not Truth.NO


def _grouped(speaking: Mapping[str, Sequence[Key]], findings: Findings) -> dict[Group, list[Key]]:
    """Subjects by dimension and the clauses that share them."""
    sharing: dict[tuple[Dimension, Key], set[str]] = {}
    for name, keys in speaking.items():
        dimension = Dimension[findings[name]["clause"]["dimension"].upper()]
        for key in keys:
            sharing.setdefault((dimension, key), set()).add(name)
    grouped: dict[Group, list[Key]] = {}
    for (dimension, key), names in sharing.items():
        exceptions = {one for one in speaking if not names.isdisjoint(findings[one]["clause"]["about"]["exempts"])}
        grouped.setdefault((dimension, tuple(sorted(names | exceptions))), []).append(key)
    return grouped


def _subject(kind: SubjectKind, name: str, record: Record, facts: Mapping[str, Fact]) -> MatterSubject:
    match kind:
        case SubjectKind.FACT:
            label = PHRASES["matter_fact"].filled(fact=facts[name].label if name in facts else name)
        case SubjectKind.LAYER:
            names = {one["layer"]: Text(one["name"]["zh"], one["name"]["en"]) for one in record["consulted"]}
            label = PHRASES["matter_layer"].filled(layer=names.get(name, same(name)))
        case SubjectKind.INDUSTRY:
            titles = {one["code"]: f"{one['code']} {one['name']}" for one in record["project"]["industries"]}
            label = PHRASES["matter_industry"].filled(industry=titles[name])
    return MatterSubject(kind=kind, name=name, label=label)


# -- which decides -----------------------------------------------------------------------------------------------------


def _matter(
    dimension: Dimension,
    subjects: list[MatterSubject],
    ids: tuple[str, ...],
    findings: Findings,
    levels: Sequence[Level],
) -> Matter:
    gravest = max(_outcome(findings[one]) for one in ids)
    statements = sorted((_statement(findings[one], gravest) for one in ids), key=lambda one: (one.level, one.clause_id))
    spoken = {one.level for one in statements}
    silent = tuple(level for level in levels if level not in spoken)
    return Matter(
        dimension=dimension,
        subjects=tuple(sorted(subjects, key=lambda one: (one.kind, one.name))),
        outcome=gravest,
        statements=tuple(statements),
        silent=silent,
        why=tuple(_why(statements, gravest, findings, silent)),
    )


def _statement(finding: Mapping[str, Any], gravest: Outcome) -> Statement:
    clause, outcome = finding["clause"], _outcome(finding)
    return Statement(
        clause_id=clause["id"],
        level=Level[clause["level"].upper()],
        effect=Effect(clause["effect"]),
        outcome=outcome,
        truth=Truth(finding["truth"]),
        wording=_text(clause["wording"]),
        reason=_text(finding["reason"]),
        basis=clause["basis"],
        verified=clause["verified"],
        valid_from=clause["valid_from"],
        valid_to=clause["valid_to"],
        decides=outcome is gravest,
    )


def _why(statements: Sequence[Statement], gravest: Outcome, findings: Findings, silent: Sequence[Level]) -> list[Text]:
    deciding = [one for one in statements if one.decides]
    milder = [one for one in statements if not one.decides and one.outcome in (Outcome.COMPLIES, Outcome.CONDITIONAL)]
    undecided = [one for one in statements if not one.decides and one.outcome is Outcome.UNDETERMINED]
    first = "matter_decides" if len(deciding) < len(statements) else "matter_decides_alone"
    told = [PHRASES[first].filled(clauses=_named(deciding), outcome=OUTCOME[gravest])]
    told += _exceptions(statements, findings)
    narrower = [one for one in milder if one.level > max(each.level for each in deciding)]
    if narrower:
        told.append(PHRASES["matter_narrower"].filled(clauses=_named(narrower)))
    later = [one for one in milder if one.valid_from > max(each.valid_from for each in deciding)]
    if later:
        told.append(PHRASES["matter_later"].filled(clauses=_named(later)))
    if undecided:
        told.append(PHRASES["matter_open"].filled(clauses=_named(undecided)))
    if silent:
        told.append(PHRASES["matter_silent"].filled(levels=joined([LEVEL[one] for one in silent])))
    return told


def _exceptions(statements: Sequence[Statement], findings: Findings) -> list[Text]:
    return [
        PHRASES["matter_exception"].filled(permit=one.clause_id, clause=other.clause_id, reason=other.reason)
        for one in statements
        for other in statements
        if other.clause_id in findings[one.clause_id]["clause"]["about"]["exempts"]
    ]


def _named(statements: Sequence[Statement]) -> Text:
    return joined(
        [
            Text(f"{one.clause_id}（{LEVEL[one.level].zh}）", f"{one.clause_id} ({LEVEL[one.level].en})")
            for one in statements
        ]
    )


def _text(words: Mapping[str, str]) -> Text:
    return Text(words["zh"], words["en"])

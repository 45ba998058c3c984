"""符合性分析: the clause-by-clause table of an EIA report, every clause answered for itself and none by a blanket sentence.

The four lines come first, then the list: nation, province, economic circle, city, unit class, unit, each by dimension
(管控维度/条款 | 管控要求 | 本项目情况 | 符合性). What had no data is a closing block. A table is read off a verdict; it
decides nothing of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from screening.access import Clause, Level
from screening.conformity_lines import lines_of
from screening.conformity_reasons import Question, project_ruled_out, ruled_out, situation, subject
from screening.conformity_rows import SECTION, ConformityRow, Section, cause, conformity_label, silence
from screening.disclosure import disclosed, public_consulted
from screening.findings import Finding, Outcome, Subject
from screening.model import Fact
from screening.reach import reach
from screening.terms import DIMENSION, FIELD, LEVEL, OUTCOME
from screening.truth import Truth
from screening.verdict import Verdict
from screening.words import Text, joined

UNPLACED_TITLE = Text("{count} 条单元清单条款", "{count} clauses of the units' lists")
UNPLACED_REASON = Text(
    "选址有一部分不在已知的管控单元内，不知道属于哪个单元，这些条款是否适用无从核对",
    "part of the site lies in no known control unit; to which unit it belongs, and so whether these clauses apply, could "
    "not be checked",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformity:
    """符合性分析表.

    Attributes:
        lines: Rows of the three lines.
        heading: The list as a whole: the gravest of its rows.
        clauses: Rows of the list, level by level.
        gaps: What had no data.
        notes: How many clauses are no rows, and why.
    """

    lines: tuple[ConformityRow, ...]
    heading: ConformityRow
    clauses: tuple[ConformityRow, ...]
    gaps: tuple[ConformityRow, ...]
    notes: tuple[Text, ...]

    @property
    def rows(self) -> tuple[ConformityRow, ...]:
        """All rows in the order of the table."""
        return (*self.lines, self.heading, *self.clauses, *self.gaps)


def conformity(verdict: Verdict, schema: Mapping[str, Fact], industry_names: Mapping[str, str]) -> Conformity:
    """The table of one verdict.

    Args:
        verdict: What `screen` answered.
        schema: Facts by name, derived ones included.
        industry_names: Names of GB/T 4754 entries by code.
    """
    told = replace(
        disclosed(verdict), evidence=verdict.evidence
    )  # words as published, places judged on the exact lines
    question = Question(verdict=told, schema=schema, industry_names=industry_names)
    clauses = tuple(_clause_rows(question))
    return Conformity(
        lines=tuple(lines_of(question)),
        heading=_heading(verdict, clauses),
        clauses=clauses,
        gaps=tuple(_gaps(question)),
        notes=tuple(_notes(question)),
    )


# -- the list, clause by clause ----------------------------------------------------------------------------------------


def _clause_rows(question: Question) -> Iterator[ConformityRow]:
    verdict = question.verdict
    findings = {one.clause.id: one for one in verdict.findings if one.clause}
    units = {one.zone.code: one.zone.name for one in verdict.evidence.units}
    binding = [one for one in verdict.evidence.access_list.clauses if one.binds_on(verdict.as_of)]
    answered = [one for one in binding if one.id in findings or is_row(question, one)]
    ordered = sorted(answered, key=lambda one: (one.level, sorted(one.scope.units & units.keys()), one.dimension))
    for clause in ordered:
        yield _clause_row(question, clause, findings.get(clause.id))


def is_row(question: Question, clause: Clause) -> bool:
    """Whether a clause in force is answered by a row: all but those of other units and of classes the site is not in."""
    units = question.evidence.units
    match clause.level:
        case Level.UNIT:
            return not clause.scope.units or any(one.zone.code in clause.scope.units for one in units)
        case Level.UNIT_CLASS:
            unplaced = question.evidence.uncovered_share != 0.0
            return unplaced or not clause.scope.classes or any(one.zone.cls in clause.scope.classes for one in units)
        case _:
            return True


def _clause_row(question: Question, clause: Clause, finding: Finding | None) -> ConformityRow:
    outcome, kind, reason = _clause_answer(question, clause, finding)
    level, dimension = LEVEL[clause.level], DIMENSION[clause.dimension]
    return ConformityRow(
        key=f"clause:{clause.id}",
        section=Section.LIST,
        group=Text("{level}清单", "List: {level}").filled(level=_level_words(question, clause, level)),
        item=Text(f"{dimension.zh}·{clause.id}", f"{dimension.en[0].upper()}{dimension.en[1:]} · {clause.id}"),
        requirement=Text(clause.wording.zh, clause.wording.en or clause.wording.zh),
        situation=situation(question, clause),
        outcome=outcome,
        label=conformity_label(outcome, kind),
        reason=reason,
        measure=finding.duty if finding and finding.outcome is not Outcome.NOT_CONCERNED else None,
        basis=clause.basis_on(question.verdict.as_of),
        verified=clause.verified,
        clause=clause,
    )


def _level_words(question: Question, clause: Clause, level: Text) -> Text:
    if clause.level is not Level.UNIT:
        return level
    own = [f"{one.zone.code} {one.zone.name}" for one in question.evidence.units if one.zone.code in clause.scope.units]
    codes = "、".join(own)
    return Text(f"单元 {codes}", f"unit {codes}") if own else level


def _clause_answer(question: Question, clause: Clause, finding: Finding | None) -> tuple[Outcome, Text | None, Text]:
    """Outcome, kind of cause and reason of one clause."""
    if finding is None:
        if reach(clause, question.evidence).is_unplaced:
            return _unplaced(question, clause)
        return Outcome.NOT_CONCERNED, None, joined(list(ruled_out(question, clause)), zh="；", en="; ")
    if finding.outcome is not Outcome.NOT_CONCERNED:
        return finding.outcome, cause(question, finding), finding.reason
    if finding.truth is Truth.NO:
        return Outcome.NOT_CONCERNED, None, joined(list(ruled_out(question, clause)), zh="；", en="; ")
    return Outcome.NOT_CONCERNED, None, joined([finding.reason, subject(question, clause)], zh="；", en="; ")


def _unplaced(question: Question, clause: Clause) -> tuple[Outcome, Text | None, Text]:
    """A clause bound to units where part of the site lies in none that is known."""
    if reasons := project_ruled_out(question, clause):
        return Outcome.NOT_CONCERNED, None, joined(list(reasons), zh="；", en="; ")
    unknown = Text(
        "选址有一部分不在已知的管控单元内，是否适用无从核对",
        "part of the site lies in no known control unit, so whether it applies could not be checked",
    )
    reason = joined([unknown, subject(question, clause)], zh="；", en="; ")
    return Outcome.UNDETERMINED, Text("单元不明", "unit not known"), reason


def _heading(verdict: Verdict, rows: Sequence[ConformityRow]) -> ConformityRow:
    outcome = max((row.outcome for row in rows), default=Outcome.UNDETERMINED)
    counted = Counter(row.outcome for row in rows)
    counts = joined(
        [
            Text(f"{OUTCOME[one].zh} {counted[one]} 条", f"{counted[one]} {OUTCOME[one].en}")
            for one in sorted(counted, reverse=True)
        ]
    )
    gravest = Text("取各条中最严的", "the gravest of its clauses")
    return ConformityRow(
        key="list",
        section=Section.LIST,
        group=FIELD["access_list"],
        item=FIELD["access_list"],
        requirement=Text(
            f"{verdict.evidence.release.list_version}，逐条见下",
            f"{verdict.evidence.release.list_version}, clause by clause below",
        ),
        situation=(
            Text("逐条核对 {count} 条：", "{count} clauses answered: ")
            .filled(count=str(len(rows)))
            .joined_with(counts),
        ),
        outcome=outcome,
        label=conformity_label(outcome, Text("逐条见下", "see the clauses")),
        reason=gravest if rows else Text("没有可核对的条款", "there is no clause to check"),
        weighs=bool(rows),
    )


# -- what had no data --------------------------------------------------------------------------------------------------


def _gaps(question: Question) -> Iterator[ConformityRow]:
    verdict = question.verdict
    lines = {f"line:{one.holder}:{one.fact}" for one in verdict.evidence.absent_lines}
    for finding in verdict.findings:
        if finding.subject in (Subject.UNIT, Subject.LAYER, Subject.LIST) and finding.key not in lines:
            yield _gap(finding.key, finding.title, finding.reason, measure=finding.duty)
    told = {finding.layer_id for finding in verdict.findings if finding.subject is Subject.LAYER}
    for one in verdict.evidence.consulted:
        if not one.answered and one.layer.id not in told:
            yield _gap(
                f"layer:{one.layer.id}", one.layer.name, silence(public_consulted(one, question.evidence)), weighs=False
            )
    unplaced = _unplaced_units(question)
    if unplaced:
        count = str(len(unplaced))
        title = UNPLACED_TITLE.filled(count=count)
        yield _gap("clauses:unplaced", title, UNPLACED_REASON)


def _gap(key: str, title: Text, reason: Text, *, measure: Text | None = None, weighs: bool = True) -> ConformityRow:
    return ConformityRow(
        key=key,
        section=Section.GAP,
        group=SECTION[Section.GAP],
        item=title,
        requirement=Text("须有资料才能核对", "Data is needed to check it"),
        situation=(reason,),
        outcome=Outcome.UNDETERMINED,
        label=conformity_label(Outcome.UNDETERMINED, Text("没有数据", "no data")),
        reason=reason,
        measure=measure,
        weighs=weighs,
    )


def _left_out(question: Question) -> Iterable[Clause]:
    """Clauses in force that are no rows."""
    verdict = question.verdict
    found = {one.clause.id for one in verdict.findings if one.clause}
    binding = (one for one in verdict.evidence.access_list.clauses if one.binds_on(verdict.as_of))
    return (one for one in binding if one.id not in found and not is_row(question, one))


def _unplaced_units(question: Question) -> list[Clause]:
    return [one for one in _left_out(question) if reach(one, question.evidence).is_unplaced]


def _notes(question: Question) -> Iterator[Text]:
    unplaced = {one.id for one in _unplaced_units(question)}
    others = [one for one in _left_out(question) if one.id not in unplaced]
    of_units = [one for one in others if one.level is Level.UNIT]
    codes = {code for one in of_units for code in one.scope.units}
    if of_units:
        yield Text(
            f"另有 {len(of_units)} 条单元清单条款属于选址不在其中的 {len(codes)} 个单元，不列入本表。",
            f"{len(of_units)} more clauses belong to the lists of {len(codes)} units in which the site does not lie; they "
            "are no rows of this table.",
        )
    if of_class := len(others) - len(of_units):
        yield Text(
            f"另有 {of_class} 条单元类别条款针对选址所在单元以外的类别，不列入本表。",
            f"{of_class} more clauses speak about classes of units other than those of the site; they are no rows of this "
            "table.",
        )

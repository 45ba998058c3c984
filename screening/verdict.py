"""The question this project exists for: may this project be built here?"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from screening import ENGINE_VERSION
from screening.access import Clause, InForce, Level
from screening.accuracy import Certainty
from screening.evidence import AbsentLine, Consulted, Contact, Evidence
from screening.findings import Finding, Outcome, Subject
from screening.lines import judge_ceiling, judge_objective
from screening.model import Ceiling, FactValue, Objective, Project, Site, ZoneClass
from screening.reach import Reach, reach
from screening.rules import judge, with_exceptions
from screening.terms import ANSWER, LEVEL
from screening.truth import Truth
from screening.words import Text, joined

ASK_THE_AUTHORITY = Text("请向生态环境部门核实", "Ask the ecology and environment authority")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAnswer:
    """What one level of the list says: levels answer separately and the strictest counts.

    Attributes:
        deciding: The findings of its gravest outcome; none where nothing of the level concerns the project.
        clauses: How many of its clauses reach the site.
    """

    level: Level
    outcome: Outcome
    deciding: tuple[Finding, ...]
    clauses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """研判结论: the answer, all it rests on, and what would change it.

    Attributes:
        conclusion: The gravest outcome among the findings; never `NOT_CONCERNED`.
        findings: Gravest first, then by subject and key.
        reached: Clauses in force that reach, or may reach, the site.
        judged: What was found on each of those, before exceptions between clauses.
        out_of_scope: Number of clauses in force whose scope does not reach the site.
        unplaced: Number of clauses bound to units of which nobody can say whether the site lies in them; whenever
            there are any, a finding of its own says why and keeps the conclusion from being a clear.
        would_change: Undeclared facts that would decide a finding, with the findings' keys.
    """

    project: Project
    site: Site
    evidence: Evidence
    as_of: date
    conclusion: Outcome
    findings: tuple[Finding, ...]
    reached: tuple[tuple[Clause, Reach], ...]
    judged: tuple[Finding, ...]
    out_of_scope: int
    unplaced: int
    would_change: tuple[tuple[str, tuple[str, ...]], ...]
    engine_version: str

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that make the conclusion what it is."""
        return tuple(f for f in self.findings if f.outcome is self.conclusion and f.outcome is not Outcome.COMPLIES)

    @property
    def levels(self) -> tuple[LevelAnswer, ...]:
        """What each level of the list says for itself, from the nation down."""
        answers = []
        for level in sorted(self.evidence.access_list.levels):
            own = [f for f in self.findings if f.clause and f.clause.level is level]
            gravest = max((f.outcome for f in own), default=Outcome.NOT_CONCERNED)
            deciding = tuple(f for f in own if f.outcome is gravest and gravest is not Outcome.NOT_CONCERNED)
            answers.append(LevelAnswer(level=level, outcome=gravest, deciding=deciding, clauses=len(own)))
        return tuple(answers)


@dataclass(frozen=True, slots=True)
class Placed:
    """What the list in force says about a place, whatever the project.

    Attributes:
        reached: Clauses that reach, or may reach, the site.
        unplaced: Number of clauses of which nobody can say whether they do.
        gaps: What could not be checked there.
    """

    binding: InForce
    reached: tuple[tuple[Clause, Reach], ...]
    unplaced: int
    gaps: tuple[Finding, ...]


class Rules:
    """What clauses and lines find about a place and a project; whoever asks about thousands may remember it."""

    def on_place(self, clause: Clause, evidence: Evidence) -> Reach:
        """Whether the scope of a clause in force reaches the site."""
        return reach(clause, evidence)

    def on_clause(self, clause: Clause, reached: Reach, project: Project, evidence: Evidence) -> Finding:
        """Of a clause in force whose scope reaches, or may reach, the site."""
        return judge(clause, reached, project, evidence)

    def on_ceiling(self, ceiling: Ceiling, facts: Mapping[str, FactValue]) -> Finding:
        """Of a ceiling on the place."""
        return judge_ceiling(ceiling, facts)

    def on_objective(self, objective: Objective, facts: Mapping[str, FactValue]) -> Finding:
        """Of a quality objective of the place."""
        return judge_objective(objective, facts)


RULES = Rules()


def screen(
    project: Project,
    site: Site,
    evidence: Evidence,
    as_of: date,
    placed: Placed | None = None,
    rules: Rules = RULES,
) -> Verdict:
    """The verdict on one project at one site, as of a day.

    The gravest finding wins over all levels and zones: 不符合 > 无法判定 > 有条件符合 > 符合. What could not be
    checked is a finding of its own, so silence is never consent.

    Args:
        placed: What `place` found on that day, where several projects are asked about at one place.
    """
    placed = placed or place(evidence, as_of, rules)
    judged = tuple(rules.on_clause(clause, found, project, evidence) for clause, found in placed.reached)
    on_lines = _on_lines(project, evidence, evidence.ceilings, evidence.objectives, rules)
    findings = [*with_exceptions(judged, project, evidence), *on_lines, *placed.gaps]
    ordered = tuple(sorted(findings, key=_weight))
    gravest = max((finding.outcome for finding in ordered), default=Outcome.UNDETERMINED)
    return Verdict(
        project=project,
        site=site,
        evidence=evidence,
        as_of=as_of,
        conclusion=max(gravest, Outcome.COMPLIES),
        findings=ordered,
        reached=placed.reached,
        judged=judged,
        out_of_scope=len(placed.binding.clauses) - len(placed.reached) - placed.unplaced,
        unplaced=placed.unplaced,
        would_change=_would_change(ordered),
        engine_version=ENGINE_VERSION,
    )


def place(evidence: Evidence, as_of: date, rules: Rules = RULES) -> Placed:
    """Which clauses speak about a place on a day, and what could not be checked there."""
    binding = evidence.access_list.in_force_on(as_of)
    is_covered = evidence.uncovered_share == 0.0
    asked = binding.naming(evidence.unit_codes) if is_covered else range(len(binding.clauses))
    reaches = _reaches(binding, asked, evidence, rules)
    gaps = (
        *_unanswered_layers(evidence),
        *_outside_units(evidence),
        *_silent_list(binding, evidence),
        *(_absent(line) for line in evidence.absent_lines),
    )
    return Placed(
        binding=binding,
        reached=tuple(one for one in reaches if one[1].truth is not Truth.NO and not one[1].is_unplaced),
        unplaced=sum(1 for _, found in reaches if found.is_unplaced),
        gaps=gaps,
    )


def _reaches(binding: InForce, asked: Iterable[int], evidence: Evidence, rules: Rules) -> list[tuple[Clause, Reach]]:
    """Whether each clause reaches the site, found once for those that speak about the same places."""
    known: dict[int, Reach] = {}
    reaches = []
    for i in asked:
        scope, clause = binding.scope_of[i], binding.clauses[i]
        if scope not in known:
            known[scope] = rules.on_place(clause, evidence)
        reaches.append((clause, known[scope]))
    return reaches


def findings_on_project(verdict: Verdict, project: Project, keys: Container[str]) -> list[Finding]:
    """What a verdict would find about another project at the same site: clauses, ceilings and objectives.

    Args:
        verdict: On the first project.
        project: The other one.
        keys: Of the findings asked for. Clauses that are exceptions to one another are asked for together, or not at all.
    """
    evidence = verdict.evidence
    judged = [
        judge(clause, found, project, evidence)
        for (clause, found), finding in zip(verdict.reached, verdict.judged, strict=True)
        if finding.key in keys
    ]
    ceilings = [one.ceiling for one in verdict.findings if one.ceiling is not None and one.key in keys]
    objectives = [one.objective for one in verdict.findings if one.objective is not None and one.key in keys]
    return [*with_exceptions(judged, project, evidence), *_on_lines(project, evidence, ceilings, objectives)]


def _on_lines(
    project: Project,
    evidence: Evidence,
    ceilings: Iterable[Ceiling],
    objectives: Iterable[Objective],
    rules: Rules = RULES,
) -> Iterator[Finding]:
    facts = {**evidence.derived_facts, **project.facts}
    for ceiling in ceilings:
        yield _placed(rules.on_ceiling(ceiling, facts), ceiling.holder, evidence)
    for objective in objectives:
        yield _placed(rules.on_objective(objective, facts), objective.holder, evidence)


def _placed(finding: Finding, holder: str, evidence: Evidence) -> Finding:
    """A ceiling or objective of a place in which the site lies only within accuracy: it may weigh, or not."""
    if holder not in evidence.doubtful_holders or finding.outcome <= Outcome.COMPLIES:
        return finding
    unsure = Text(
        "；选址是否在其范围内，在位置精度以内不能确定",
        "; whether the site lies there is not certain within the accuracy of the lines",
    )
    return replace(
        finding,
        outcome=Outcome.UNDETERMINED,
        truth=Truth.UNKNOWN,
        reason=finding.reason.joined_with(unsure),
        certainty=Certainty.BORDERLINE,
        needs_person=True,
    )


def _weight(finding: Finding) -> tuple[int, int, int, str]:
    """Gravest first; of these gaps in the data before clauses, wider levels before narrower."""
    level = finding.clause.level if finding.clause else 0
    return (-finding.outcome, _RANK[finding.subject], level, finding.key)


_RANK = {subject: rank for rank, subject in enumerate(Subject)}


def _would_change(findings: tuple[Finding, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    open_facts: dict[str, list[str]] = {}
    for finding in findings:
        for name in finding.missing_facts:
            open_facts.setdefault(name, []).append(finding.key)
    ranked = sorted(open_facts.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple((name, tuple(keys)) for name, keys in ranked)


# -- silence is never consent ------------------------------------------------------------------------------------------


def _unanswered_layers(evidence: Evidence) -> list[Finding]:
    return [_unanswered(one) for one in evidence.consulted if one.layer.required and not one.answered]


def _unanswered(consulted: Consulted) -> Finding:
    layer = consulted.layer
    return Finding(
        key=f"layer:{layer.id}",
        subject=Subject.LAYER,
        outcome=Outcome.UNDETERMINED,
        truth=Truth.UNKNOWN,
        title=Text(
            f"图层“{layer.name.zh}”{ANSWER[consulted.answer].zh}",
            f"Layer “{layer.name.en}”: {ANSWER[consulted.answer].en}",
        ),
        reason=consulted.reason or ANSWER[consulted.answer],
        duty=ASK_THE_AUTHORITY,
        needs_person=True,
        layer_id=layer.id,
    )


def _outside_units(evidence: Evidence) -> list[Finding]:
    if evidence.uncovered_share == 0.0:
        return []
    if evidence.uncovered_share is None:
        reason = Text("管控单元图层未答复", "The control-unit layers did not answer")
    elif evidence.uncovered_share >= 1.0:
        reason = Text(
            "选址不在任何管控单元内：坐标可能有误、在辖区之外，或单元数据有缺口",
            "The site lies in no control unit: wrong coordinates, outside the jurisdiction, or a gap in the data",
        )
    else:
        share = f"{evidence.uncovered_share:.2%}"
        reason = Text(
            f"选址有 {share} 不在任何管控单元内：部分在辖区之外，或单元数据有缺口",
            f"{share} of the site lies in no control unit: partly outside the jurisdiction, or a gap in the data",
        )
    return [
        Finding(
            key="unit:uncovered",
            subject=Subject.UNIT,
            outcome=Outcome.UNDETERMINED,
            truth=Truth.UNKNOWN,
            title=Text("未落入管控单元", "Outside the control units"),
            reason=reason,
            duty=Text(
                "核对坐标；确在本市的，请向生态环境部门核实",
                "Check the coordinates; if they are right, ask the authority",
            ),
            needs_person=True,
        )
    ]


def _silent_list(binding: InForce, evidence: Evidence) -> list[Finding]:
    return [
        *_silent_levels(binding, evidence),
        *(_silent_unit(unit) for unit in evidence.units if unit.zone.code not in binding.units),
        *(_silent_zone(contact) for contact in evidence.contacts if _is_unspoken(contact, binding, evidence)),
    ]


def _silent_levels(binding: InForce, evidence: Evidence) -> list[Finding]:
    absent = sorted(evidence.access_list.levels - binding.levels)
    if not absent:
        return []
    names = joined([LEVEL[Level(level)] for level in absent])
    return [
        _list_gap(
            "list:levels",
            Text("清单层级缺失", "Levels of the list are missing"),
            Text(f"基准日没有生效的层级：{names.zh}", f"No clause in force at these levels: {names.en}"),
        )
    ]


def _silent_unit(unit: Contact) -> Finding:
    return _list_gap(
        f"list:{unit.zone.code}",
        Text(f"单元 {unit.zone.code} 没有清单", f"Unit {unit.zone.code} has no list"),
        Text("基准日准入清单中没有该单元的条款", "The access list in force says nothing about this unit"),
        contacts=(unit,),
    )


def _is_unspoken(contact: Contact, binding: InForce, evidence: Evidence) -> bool:
    """Whether the site lies in a zone that ought to have requirements and the whole list passes it over."""
    consulted = evidence.answer_of(contact.zone.layer_id)
    if consulted is None or not consulted.layer.needs_clause or not contact.may_overlap:
        return False
    if contact.zone.cls is ZoneClass.GENERAL:
        return False
    triggers = binding.triggers.get(contact.zone.layer_id, ())
    return not any(trigger.means(contact.zone) is Truth.YES for trigger in triggers)


def _silent_zone(contact: Contact) -> Finding:
    zone = contact.zone
    return _list_gap(
        f"list:{zone.layer_id}:{zone.code}",
        Text(f"管控分区 {zone.code} 没有对应条款", f"No clause speaks about zone {zone.code}"),
        Text(
            f"准入清单没有针对“{zone.name}”（{zone.subtype}）的条款",
            f"The access list has no clause for “{zone.name}” ({zone.subtype})",
        ),
        contacts=(contact,),
    )


def _absent(line: AbsentLine) -> Finding:
    return _list_gap(
        f"line:{line.holder}:{line.fact}",
        Text(
            f"缺少上线或目标：{line.name.zh}（{line.holder}）",
            f"No ceiling or objective: {line.name.en} ({line.holder})",
        ),
        Text(
            "辖区规定必须核对，而成果中没有该地的数据",
            "The jurisdiction requires it and the release has none for this place",
        ),
    )


def _list_gap(key: str, title: Text, reason: Text, contacts: tuple[Contact, ...] = ()) -> Finding:
    return Finding(
        key=key,
        subject=Subject.LIST,
        outcome=Outcome.UNDETERMINED,
        truth=Truth.UNKNOWN,
        title=title,
        reason=reason,
        duty=ASK_THE_AUTHORITY,
        contacts=contacts,
        needs_person=True,
    )

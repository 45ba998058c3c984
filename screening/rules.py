"""From clause and evidence to finding: does a clause speak here, and what does it do to this project?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from screening.access import Clause
from screening.accuracy import Certainty
from screening.conditions import Condition
from screening.evidence import Evidence
from screening.findings import Finding, Outcome, Step, StepName, Subject, replacement_demands
from screening.model import Construction, Effect, FactValue, Project
from screening.reach import Reach, holds_whole_site
from screening.terms import DIMENSION, LEVEL
from screening.truth import Truth, every, some
from screening.words import Text

SETTLE_THE_PLACE = Text(
    "请提供更精确的选址边界，由生态环境部门对照原始界线核定",
    "Give the site's boundary more accurately; the authority compares it with the original lines",
)
PROVE_EXCEPTION = Text(
    "提交证明属于例外情形的材料，由审批部门核实", "Submit proof of the exception for the authority to verify"
)


def judge(clause: Clause, reached: Reach, project: Project, evidence: Evidence) -> Finding:
    """The finding of one clause in force whose scope reaches, or may reach, the site."""
    facts = {**evidence.derived_facts, **project.facts}
    industry = _industry_meant(clause, project)
    construction = _construction_meant(clause, project.construction)
    applies = clause.applies_when.holds(facts) if clause.applies_when else Truth.YES
    concerned = every([industry, construction, applies])
    truth = every([reached.truth, concerned])
    steps = (
        Step(StepName.PLACE, reached.truth),
        Step(StepName.INDUSTRY, industry),
        Step(StepName.CONSTRUCTION, construction),
        Step(StepName.CONDITION, applies),
        *_effect_steps(clause, facts),
    )
    if truth is Truth.NO:
        outcome, reason = Outcome.NOT_CONCERNED, _why_not_concerned(industry, construction)
        return _finding(clause, reached, outcome, truth, reason, steps=steps)
    if truth is Truth.UNKNOWN:
        found = _open_finding(clause, reached, facts, industry, construction, applies)
    else:
        asked = ((one.fact, one.ratio) for one in clause.replacements)
        found = replace(_effect(clause, reached, facts), replacements=replacement_demands(asked, facts))
    return replace(_asked_of_people(found, evidence), steps=steps)


def _effect_steps(clause: Clause, facts: Mapping[str, FactValue]) -> Iterator[Step]:
    if clause.excepted_when:
        yield Step(StepName.EXCEPTION, clause.excepted_when.holds(facts))
    if clause.satisfied_when:
        yield Step(StepName.SATISFIED, clause.satisfied_when.holds(facts))


def _asked_of_people(finding: Finding, evidence: Evidence) -> Finding:
    """The finding without facts that only the layers establish: where those do not, a person must."""
    asked = tuple(name for name in finding.missing_facts if name not in evidence.undeclarable)
    if asked == finding.missing_facts:
        return finding
    silent = Text("；成果未给出所需的区域环境状况", "; the release does not give the state of the place it asks for")
    return replace(finding, missing_facts=asked, reason=finding.reason.joined_with(silent), needs_person=True)


def _effect(clause: Clause, reached: Reach, facts: Mapping[str, FactValue]) -> Finding:
    """The finding of a clause that certainly speaks."""
    match clause.effect:
        case Effect.PROHIBIT | Effect.PHASE_OUT:
            return _prohibition(clause, reached, facts)
        case Effect.RESTRICT:
            if clause.satisfied_when is None:
                return _for_a_person(
                    clause, reached, Text("属限制类要求，需人工判断", "It restricts; a person must judge")
                )
            return _requirement(clause, reached, facts)
        case Effect.CONDITIONAL | Effect.REQUIRE:
            return _requirement(clause, reached, facts)
        case Effect.ENCOURAGE:
            return _finding(
                clause, reached, Outcome.COMPLIES, Truth.YES, Text("属鼓励内容", "It encourages such projects")
            )
        case Effect.PERMIT:
            return _finding(
                clause, reached, Outcome.COMPLIES, Truth.YES, Text("属允许内容", "It permits such projects")
            )
        case Effect.PROSE:
            return _for_a_person(clause, reached, Text("条文须由人工判读", "Its wording is for a person to read"))


def _prohibition(clause: Clause, reached: Reach, facts: Mapping[str, FactValue]) -> Finding:
    excepted = clause.excepted_when.holds(facts) if clause.excepted_when else Truth.NO
    if excepted is Truth.YES:
        return _finding(
            clause,
            reached,
            Outcome.CONDITIONAL,
            Truth.YES,
            Text("申报内容属于条款所列例外", "What was declared falls under the clause's exception"),
            duty=PROVE_EXCEPTION,
        )
    if excepted is Truth.UNKNOWN:
        return _finding(
            clause,
            reached,
            Outcome.UNDETERMINED,
            Truth.YES,
            Text(
                "条款禁止，是否属于例外取决于未申报的事实", "It prohibits, and undeclared facts decide on its exception"
            ),
            missing=_missing(clause.excepted_when, facts),
        )
    if clause.in_principle:
        return _for_a_person(
            clause, reached, Text("“原则上”禁止，需人工判断", "Prohibited “in principle”; a person must judge")
        )
    return _finding(
        clause, reached, Outcome.VIOLATES, Truth.YES, Text("条款禁止此类项目", "It prohibits such projects")
    )


def _requirement(clause: Clause, reached: Reach, facts: Mapping[str, FactValue]) -> Finding:
    if clause.satisfied_when is None:
        return _finding(
            clause,
            reached,
            Outcome.CONDITIONAL,
            Truth.YES,
            Text("项目须落实该要求", "The project must meet this requirement"),
            duty=clause.wording,
        )
    match clause.satisfied_when.holds(facts):
        case Truth.YES:
            reason = Text("按申报内容已满足要求", "Met according to what was declared")
            return _finding(clause, reached, Outcome.COMPLIES, Truth.YES, reason)
        case Truth.NO if clause.in_principle:
            return _for_a_person(
                clause, reached, Text("“原则上”要求未满足，需人工判断", "Not met “in principle”; a person must judge")
            )
        case Truth.NO:
            reason = Text("按申报内容不满足要求", "Not met according to what was declared")
            return _finding(clause, reached, Outcome.VIOLATES, Truth.YES, reason, duty=clause.wording)
        case Truth.UNKNOWN:
            return _finding(
                clause,
                reached,
                Outcome.UNDETERMINED,
                Truth.YES,
                Text("是否满足取决于未申报的事实", "Undeclared facts decide whether it is met"),
                missing=_missing(clause.satisfied_when, facts),
            )


def _open_finding(
    clause: Clause,
    reached: Reach,
    facts: Mapping[str, FactValue],
    industry: Truth,
    construction: Truth,
    applies: Truth,
) -> Finding:
    """The finding of a clause of which it is not known whether it speaks."""
    if not _could_harm(clause, facts):
        reason = Text("即使适用也不影响结论", "Even if it spoke it would not weigh on the conclusion")
        return _finding(clause, reached, Outcome.NOT_CONCERNED, Truth.UNKNOWN, reason)
    reasons = list(reached.doubts)
    if industry is Truth.UNKNOWN:
        reasons.append(Text("所填行业代码级别过粗", "the industry code is too coarse"))
    if construction is Truth.UNKNOWN:
        reasons.append(Text("未申报建设性质", "the kind of construction is not declared"))
    if applies is Truth.UNKNOWN:
        reasons.append(Text("缺少条款所需的申报事实", "facts it asks for are not declared"))
    why = Text("；".join(r.zh for r in reasons), "; ".join(r.en for r in reasons))
    missing = _missing(clause.applies_when, facts) if applies is Truth.UNKNOWN else ()
    return _finding(
        clause,
        reached,
        Outcome.UNDETERMINED,
        Truth.UNKNOWN,
        Text("不能确定条款是否适用：{why}", "Whether it applies is not known: {why}").filled(why=why),
        missing=missing + (("construction",) if construction is Truth.UNKNOWN else ()),
        duty=SETTLE_THE_PLACE if reached.is_borderline else None,
        needs_person=reached.truth is Truth.UNKNOWN,
    )


def _could_harm(clause: Clause, facts: Mapping[str, FactValue]) -> bool:
    """Whether the clause, if it spoke, could be worse than "complies"."""
    if clause.effect in (Effect.ENCOURAGE, Effect.PERMIT):
        return False
    if clause.effect in (Effect.PROHIBIT, Effect.PHASE_OUT) or clause.satisfied_when is None:
        return True
    return clause.satisfied_when.holds(facts) is not Truth.YES


def _for_a_person(clause: Clause, reached: Reach, reason: Text) -> Finding:
    return _finding(
        clause,
        reached,
        Outcome.UNDETERMINED,
        Truth.YES,
        reason,
        duty=Text("请向生态环境部门咨询，由人工判断", "Ask the ecology and environment authority; a person decides"),
        needs_person=True,
    )


def _finding(
    clause: Clause,
    reached: Reach,
    outcome: Outcome,
    truth: Truth,
    reason: Text,
    *,
    duty: Text | None = None,
    missing: tuple[str, ...] = (),
    needs_person: bool = False,
    steps: tuple[Step, ...] = (),
) -> Finding:
    level, dimension = LEVEL[clause.level], DIMENSION[clause.dimension]
    return Finding(
        key=f"clause:{clause.id}",
        subject=Subject.CLAUSE,
        outcome=outcome,
        truth=truth,
        title=Text(f"{clause.id}（{level.zh}·{dimension.zh}）", f"{clause.id} ({level.en}, {dimension.en})"),
        reason=reason,
        duty=duty,
        contacts=reached.contacts,
        missing_facts=missing,
        needs_person=needs_person,
        certainty=Certainty.BORDERLINE if reached.is_borderline else Certainty.CERTAIN,
        steps=steps,
        clause=clause,
    )


# -- exceptions between clauses ----------------------------------------------------------------------------------------


def with_exceptions(findings: Sequence[Finding], project: Project, evidence: Evidence) -> list[Finding]:
    """Findings after permissions that name the clauses they are an exception to; no other permission beats a ban."""
    permits: dict[str, list[Finding]] = {}
    for finding in findings:
        for exempted in finding.clause.exempts if finding.clause and finding.truth is not Truth.NO else ():
            permits.setdefault(exempted, []).append(finding)
    facts = {**evidence.derived_facts, **project.facts}
    return [
        _excepted(finding, permits[finding.clause.id], facts, evidence)
        if finding.clause and finding.clause.id in permits and finding.outcome > Outcome.CONDITIONAL
        else finding
        for finding in findings
    ]


def _excepted(finding: Finding, permits: list[Finding], facts: Mapping[str, FactValue], evidence: Evidence) -> Finding:
    """The finding after its exceptions; one for a part of the site leaves the rest under the ban."""
    names = "、".join(permit.key.removeprefix("clause:") for permit in permits)
    found = [(one.clause, every([one.truth, holds_whole_site(one.clause, evidence)])) for one in permits if one.clause]
    permitted = Step(StepName.PERMITTED, some(truth for _, truth in found))
    finding = replace(finding, steps=(*finding.steps, permitted))
    if permitted.truth is Truth.YES:
        return replace(
            finding,
            outcome=Outcome.CONDITIONAL,
            reason=Text(f"条款 {names} 明示的例外成立", f"The exception which {names} states holds"),
            duty=PROVE_EXCEPTION,
            missing_facts=(),
            needs_person=False,
        )
    still_open = [clause for clause, truth in found if truth is Truth.UNKNOWN]
    if finding.outcome is Outcome.VIOLATES and still_open:
        missing = {name for clause in still_open for name in _missing(clause.applies_when, facts)}
        missing -= evidence.undeclarable
        return replace(
            finding,
            outcome=Outcome.UNDETERMINED,
            reason=Text(f"条款 {names} 的例外是否成立尚不明", f"Whether the exception of {names} holds is not known"),
            missing_facts=tuple(sorted(missing)),
            needs_person=not missing,
        )
    return finding


# -- does it concern the project? ---------------------------------------------------------------------------------------


def _industry_meant(clause: Clause, project: Project) -> Truth:
    return some(clause.industries.holds(industry.lineage) for industry in project.industries)


def _construction_meant(clause: Clause, declared: Construction | None) -> Truth:
    if not clause.construction:
        return Truth.YES
    return Truth.UNKNOWN if declared is None else Truth.of(declared in clause.construction)


def _why_not_concerned(industry: Truth, construction: Truth) -> Text:
    if industry is Truth.NO:
        return Text("不在条款所列行业内", "The industry is not among those it names")
    if construction is Truth.NO:
        return Text("不在条款所列建设性质内", "The kind of construction is not among those it names")
    return Text("按申报内容不满足条款的适用条件", "What was declared does not meet its condition")


def _missing(condition: Condition | None, facts: Mapping[str, FactValue]) -> tuple[str, ...]:
    return tuple(sorted(condition.missing(facts))) if condition else ()

"""Two of the three lines: resource ceilings against demand, quality objectives against present state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from screening.findings import Finding, Outcome, Subject, replacement_demands
from screening.model import Ceiling, Effect, FactValue, Objective
from screening.truth import Truth
from screening.words import Text, plain_number


def standing_under(ceiling: Ceiling, demand: float) -> tuple[bool, bool]:
    """Whether a demand, in the unit of the ceiling's fact, asks for anything, and whether it fits under what is left.

    All that a finding about the ceiling turns on, but for figures in its words.
    """
    if ceiling.cap is None or ceiling.used is None:
        return demand * ceiling.per_fact != 0.0, False
    needed = demand * ceiling.per_fact
    return needed != 0.0, needed <= ceiling.cap - ceiling.used


def judge_ceiling(ceiling: Ceiling, facts: Mapping[str, FactValue]) -> Finding:
    """Demand of the project against what is left under one ceiling, in the ceiling's own unit."""
    demand = facts.get(ceiling.fact)
    if isinstance(demand, (bool, str)) or demand is None:
        reason = Text(f"未申报{ceiling.resource.zh}需求", f"Demand for {ceiling.resource.en} is not declared")
        return _ceiling(ceiling, Outcome.UNDETERMINED, Truth.UNKNOWN, reason, missing=(ceiling.fact,))
    needed = demand * ceiling.per_fact
    if needed == 0.0:
        reason = Text(f"不新增{ceiling.resource.zh}需求", f"No demand for {ceiling.resource.en}")
        return _ceiling(ceiling, Outcome.NOT_CONCERNED, Truth.NO, reason)
    if ceiling.cap is None or ceiling.used is None:
        reason = Text("上线或现状用量缺失，无法核算", "The cap or its present use is missing")
        return _ceiling(ceiling, Outcome.UNDETERMINED, Truth.UNKNOWN, reason, needs_person=True)
    left = ceiling.cap - ceiling.used
    asks, rest, after = (plain_number(one) for one in (needed, left, left - needed))
    cap, used = plain_number(ceiling.cap), plain_number(ceiling.used)
    figures = Text(
        f"需 {asks}，余 {rest} {ceiling.unit}（上限 {cap}，已用 {used}，{ceiling.year} 年），建成后余 {after}",
        f"needs {asks} of {rest} {ceiling.unit} left (cap {cap}, used {used}, {ceiling.year}), which leaves {after}",
    )
    if needed <= left:
        return _ceiling(ceiling, Outcome.COMPLIES, Truth.YES, Text("未突破：", "Within: ").joined_with(figures))
    reason = Text("突破上线：", "Exceeded: ").joined_with(figures)
    outcome = Outcome.VIOLATES if ceiling.effect is Effect.PROHIBIT else Outcome.CONDITIONAL
    duty = Text(
        "削减需求，或先取得等量指标并由主管部门确认",
        "Reduce the demand, or obtain an equal quota confirmed by the authority",
    )
    return _ceiling(ceiling, outcome, Truth.YES, reason, duty=duty)


def judge_objective(objective: Objective, facts: Mapping[str, FactValue]) -> Finding:
    """Whether the place meets its quality objective, and what follows for a project that emits to it."""
    emits = facts.get(objective.emission_fact)
    met = is_met(objective)
    figures = Text(
        f"目标 {objective.target_text}，现状 {objective.state_text} {objective.unit}（{objective.year} 年）",
        f"target {objective.target_text}, state {objective.state_text} {objective.unit} ({objective.year})",
    )
    if met:
        return _objective(objective, Outcome.COMPLIES, Truth.YES, Text("达标：", "Met: ").joined_with(figures))
    if emits is False:
        reason = Text(f"项目不向{objective.element.zh}排放", f"The project does not emit to {objective.element.en}")
        return _objective(objective, Outcome.NOT_CONCERNED, Truth.NO, reason)
    if met is None:
        reason = Text("缺少目标或现状监测值", "Target or monitored state is missing")
        return _objective(objective, Outcome.UNDETERMINED, Truth.UNKNOWN, reason, needs_person=True)
    reason = Text("未达标：", "Not met: ").joined_with(figures)
    if emits is not True:
        missing = (objective.emission_fact,)
        return _objective(objective, Outcome.UNDETERMINED, Truth.UNKNOWN, reason, missing=missing)
    outcome = Outcome.VIOLATES if objective.effect is Effect.PROHIBIT else Outcome.CONDITIONAL
    found = _objective(objective, outcome, Truth.YES, reason, duty=Text(objective.wording, objective.wording))
    if objective.replacement_ratio is None:
        return found
    asked = ((pollutant, objective.replacement_ratio) for pollutant in objective.pollutants)
    return replace(found, replacements=replacement_demands(asked, facts))


def is_met(objective: Objective) -> bool | None:
    """Whether the objective is met; None where target or state is not known."""
    if objective.state is None or objective.target is None:
        return None
    return objective.state <= objective.target


def _ceiling(
    ceiling: Ceiling,
    outcome: Outcome,
    truth: Truth,
    reason: Text,
    *,
    duty: Text | None = None,
    missing: tuple[str, ...] = (),
    needs_person: bool = False,
) -> Finding:
    return Finding(
        key=f"ceiling:{ceiling.holder}:{ceiling.fact}",
        subject=Subject.CEILING,
        outcome=outcome,
        truth=truth,
        title=Text(
            f"资源利用上线：{ceiling.resource.zh}（{ceiling.holder_name}）",
            f"Resource ceiling: {ceiling.resource.en} ({ceiling.holder_name})",
        ),
        reason=reason,
        duty=duty,
        missing_facts=missing,
        needs_person=needs_person,
        ceiling=ceiling,
    )


def _objective(
    objective: Objective,
    outcome: Outcome,
    truth: Truth,
    reason: Text,
    *,
    duty: Text | None = None,
    missing: tuple[str, ...] = (),
    needs_person: bool = False,
) -> Finding:
    return Finding(
        key=f"objective:{objective.holder}:{objective.fact}",
        subject=Subject.OBJECTIVE,
        outcome=outcome,
        truth=truth,
        title=Text(
            f"环境质量底线：{objective.metric}（{objective.holder_name}）",
            f"Quality baseline: {objective.metric} ({objective.holder_name})",
        ),
        reason=reason,
        duty=duty,
        missing_facts=missing,
        needs_person=needs_person,
        objective=objective,
    )

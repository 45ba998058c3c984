"""The flow of a case as a table: which act is possible at which stage, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.accounts.roles import ACTION, Action
from screening.approval_errors import FlowError
from screening.words import Text


class Stage(StrEnum):
    """受理 → 研判 → 复核 → 决定 → 归档; a decision is waited for, then made."""

    RECEIVED = "received"
    ASSESSING = "assessing"
    REVIEWING = "reviewing"
    DECIDING = "deciding"
    DECIDED = "decided"
    ARCHIVED = "archived"


class Decision(StrEnum):
    """What comes of a case."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    DECLINED = "declined"  # not accepted at all
    WITHDRAWN = "withdrawn"


OPINIONS = (Decision.APPROVED, Decision.CONDITIONAL, Decision.REFUSED)
STAGE: dict[Stage, Text] = {
    Stage.RECEIVED: Text("受理", "acceptance"),
    Stage.ASSESSING: Text("研判", "assessment"),
    Stage.REVIEWING: Text("复核", "review"),
    Stage.DECIDING: Text("决定", "decision"),
    Stage.DECIDED: Text("决定（已作出）", "decision (made)"),
    Stage.ARCHIVED: Text("归档", "archive"),
}
DECISION: dict[Decision, Text] = {
    Decision.APPROVED: Text("同意", "approved"),
    Decision.CONDITIONAL: Text("附条件同意", "approved on conditions"),
    Decision.REFUSED: Text("不同意", "refused"),
    Decision.DECLINED: Text("不予受理", "not accepted"),
    Decision.WITHDRAWN: Text("已撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a case stands.

    Attributes:
        is_stopped: Whether the clock stands because the applicant was asked.
    """

    stage: Stage
    is_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When an act is possible and where it leads.

    Attributes:
        stages: At which it is possible.
        to: The stage it leads to; None where the case stays.
        stopped: Whether it is possible only while the clock stands (True), only while it runs (False) or always (None).
        stops: What it does to the clock; None for nothing.
        needs_text: Whether it must be explained.
    """

    stages: frozenset[Stage]
    to: Stage | None = None
    stopped: bool | None = False
    stops: bool | None = None
    needs_text: bool = False


def _at(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_UNDECIDED = _at(Stage.RECEIVED, Stage.ASSESSING, Stage.REVIEWING, Stage.DECIDING)
_UNARCHIVED = _UNDECIDED | {Stage.DECIDED}
RULES: Mapping[Action, Rule] = {
    Action.ACCEPT: Rule(stages=_at(Stage.RECEIVED), to=Stage.ASSESSING),
    Action.DECLINE: Rule(stages=_at(Stage.RECEIVED), to=Stage.ARCHIVED, needs_text=True),
    Action.ASSIGN: Rule(stages=_UNARCHIVED, stopped=None),
    Action.ASK: Rule(stages=_UNDECIDED, stops=True, needs_text=True),
    Action.ANSWER: Rule(stages=_UNDECIDED, stopped=True, stops=False, needs_text=True),
    Action.VERDICT: Rule(stages=_at(Stage.RECEIVED, Stage.ASSESSING), stopped=None),
    Action.JUDGE: Rule(stages=_at(Stage.ASSESSING), needs_text=True),
    Action.CONFIRM: Rule(stages=_at(Stage.ASSESSING, Stage.REVIEWING)),
    Action.PROPOSE: Rule(stages=_at(Stage.ASSESSING), to=Stage.REVIEWING, needs_text=True),
    Action.SEND_BACK: Rule(stages=_at(Stage.REVIEWING, Stage.DECIDING), to=Stage.ASSESSING, needs_text=True),
    Action.REVIEW: Rule(stages=_at(Stage.REVIEWING), to=Stage.DECIDING),
    Action.DECIDE: Rule(stages=_at(Stage.DECIDING), to=Stage.DECIDED, needs_text=True),
    Action.ARCHIVE: Rule(stages=_at(Stage.DECIDED), to=Stage.ARCHIVED),
    Action.WITHDRAW: Rule(stages=_UNDECIDED, to=Stage.ARCHIVED, stopped=None, stops=False, needs_text=True),
    Action.MARK: Rule(stages=frozenset(Stage), stopped=None),
    Action.DECLARE: Rule(stages=_UNDECIDED, stopped=None),
    Action.COMMENT: Rule(stages=frozenset(Stage), stopped=None, needs_text=True),
    Action.ATTACH: Rule(stages=_UNARCHIVED, stopped=None),
}


def is_possible(state: State, act: Action) -> bool:
    """Whether the table allows an act in a state."""
    rule = RULES[act]
    return state.stage in rule.stages and rule.stopped in (None, state.is_stopped)


def after(state: State, act: Action) -> State:
    """The state after an act.

    Raises:
        FlowError: The table does not allow it.
    """
    rule = RULES[act]
    if not is_possible(state, act):
        raise FlowError.of(ACTION[act], _against(state, rule))
    stopped = state.is_stopped if rule.stops is None else rule.stops
    return State(stage=rule.to or state.stage, is_stopped=stopped)


def _against(state: State, rule: Rule) -> Text:
    if state.stage in rule.stages and rule.stopped is False:
        return Text("正在等待申请人补正。", "the applicant was asked and has not answered.")
    if state.stage in rule.stages:
        return Text("没有等待补正的事项。", "the applicant was not asked anything.")
    return Text("这件审批处于“{stage}”阶段。", "the case is at the stage of {stage}.").filled(stage=STAGE[state.stage])

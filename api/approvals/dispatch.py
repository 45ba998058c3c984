"""The acts that take a text, an opinion or a name: one table from action to what is done, for every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.accounts.roles import Action, Principal
from api.approvals.acts import Acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says with an act.

    Attributes:
        version: Of the case as they saw it; None for a comment.
        opinion: For a proposal or a decision.
        assignee: Account name, for an assignment.
    """

    version: int | None
    text: str = ""
    opinion: str = ""
    assignee: str = ""


Perform = Callable[[Acts, Principal, str, int, Said], None]

PERFORMED: Mapping[Action, Perform] = {
    Action.ACCEPT: lambda acts, who, number, version, said: acts.accept(who, number, version, said.text),
    Action.DECLINE: lambda acts, who, number, version, said: acts.close_early(
        who, number, version, Action.DECLINE, said.text
    ),
    Action.WITHDRAW: lambda acts, who, number, version, said: acts.close_early(
        who, number, version, Action.WITHDRAW, said.text
    ),
    Action.ASSIGN: lambda acts, who, number, version, said: acts.assign(who, number, version, said.assignee, said.text),
    Action.ASK: lambda acts, who, number, version, said: acts.say(who, number, version, Action.ASK, said.text),
    Action.ANSWER: lambda acts, who, number, version, said: acts.say(who, number, version, Action.ANSWER, said.text),
    Action.SEND_BACK: lambda acts, who, number, version, said: acts.say(
        who, number, version, Action.SEND_BACK, said.text
    ),
    Action.ARCHIVE: lambda acts, who, number, version, said: acts.say(who, number, version, Action.ARCHIVE, said.text),
    Action.PROPOSE: lambda acts, who, number, version, said: acts.propose(
        who, number, version, said.opinion, said.text
    ),
    Action.REVIEW: lambda acts, who, number, version, said: acts.review(who, number, version, said.text),
    Action.DECIDE: lambda acts, who, number, version, said: acts.decide(who, number, version, said.opinion, said.text),
}


def perform(acts: Acts, who: Principal, number: str, act: Action, said: Said) -> None:
    """Do one of `PERFORMED`, or comment.

    Raises:
        ThreeLinesError: It is not permitted, not possible, or the case changed in the meantime.
    """
    if act is Action.COMMENT:
        acts.say(who, number, None, act, said.text)
        return
    PERFORMED[act](acts, who, number, -1 if said.version is None else said.version, said)

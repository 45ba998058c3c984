"""What happened to a case, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.approvals.flow import DECISION, OPINIONS, Decision
from api.audit import Event
from layers.standards import standard_book
from screening.discharges import MEDIUM
from screening.standards import Medium
from screening.units import Amount
from screening.words import Text, joined, same

MOST_TOLD = 5  # declarations named in one sentence

EVENT: dict[str, Text] = {
    "opened": Text("提交", "opened"),
    "accept": Text("受理", "accepted"),
    "decline": Text("不予受理", "not accepted"),
    "assign": Text("指派给 {assignee}", "assigned to {assignee}"),
    "ask": Text("要求补正，计时停止", "asked the applicant; the clock stops"),
    "answer": Text("补正答复，继续计时", "answered; the clock runs"),
    "verdict": Text("附研判结论 {screening}", "attached verdict {screening}"),
    "judge": Text("对 {count} 个研判要点提出意见", "judged {count} findings"),
    "confirm": Text("复核 {count} 个研判要点的意见", "confirmed the judgement of {count} findings"),
    "propose": Text("提出审核意见：{opinion}", "proposed: {opinion}"),
    "send_back": Text("退回重新研判", "sent back to assessment"),
    "review": Text("复核通过", "passed the review"),
    "decide": Text("作出决定：{decision}", "decided: {decision}"),
    "archive": Text("归档", "archived"),
    "withdraw": Text("撤回", "withdrawn"),
    "comment": Text("备注", "commented"),
    "attach": Text("上传 {name}", "attached {name}"),
    "declare": Text("申报排放：{declared}", "declared discharges: {declared}"),
    "mark": Text("登记监管信息", "noted facts of supervision"),
    "imported": Text("导入历史审批（原编号 {source}）", "imported from an earlier system (number {source})"),
    "rescreened": Text("补做研判 {screening}", "screened after the import: {screening}"),
}
SHOWN_TO_OWNERS = frozenset(
    {"opened", "accept", "decline", "ask", "answer", "declare", "verdict", "decide", "archive", "withdraw"}
)


def event_words(event: Event) -> Text:
    """What was done, without who and when."""
    told = event.content
    return EVENT[event.kind].filled(
        assignee=str(told.get("assignee", "")),
        screening=str(told.get("screening", "")),
        count=str(len(told.get("findings", []))),
        opinion=_opinion(told.get("opinion")),
        decision=_opinion(told.get("decision")),
        name=str(told.get("name", "")),
        source=str(told.get("source", "")),
        declared=_declared(told.get("declarations", [])),
    )


def event_line(event: Event) -> Text:
    """Who did what, and when."""
    when = event.at[:16].replace("T", " ")
    said = event_words(event)
    return Text(f"{when} {event.actor_name}：{said.zh}", f"{when} {event.actor_name}: {said.en}")


def _declared(declarations: Sequence[Mapping[str, Any]]) -> Text:
    told = [_declaration(one) for one in declarations]
    more = len(told) - MOST_TOLD
    first = joined(told[:MOST_TOLD])
    return first if more <= 0 else first.joined_with(Text(f"，另有 {more} 项", f" and {more} more"))


def _declaration(said: Mapping[str, Any]) -> Text:
    correction = Text("（更正第 {n} 项）", " (in place of no. {n})") if said["replaces"] else Text("", "")
    match said["kind"]:
        case "withdrawal":
            return Text("撤回第 {n} 项", "withdrew no. {n}").filled(n=str(said["replaces"]))
        case "nothing_else":
            words = Text("{medium}别无其他排放", "nothing else as {medium}")
            told = words.filled(medium=MEDIUM[Medium(said["medium"])])
        case _:
            pollutant = standard_book().pollutants.get(said["declared"]["pollutant"])
            name = pollutant.name if pollutant else same(said["declared"]["pollutant"])
            values = said["declared"].get("concentrations", ())
            amounts = joined([same(" ").joined_with(Amount.of(str(one["value"]), one["unit"]).label) for one in values])
            told = name.joined_with(amounts)
    return told.joined_with(correction.filled(n=str(said["replaces"])))


def _opinion(written: object) -> Text:
    return DECISION[Decision(str(written))] if written in list(Decision) else Text("", "")


OPINION_WORDS = {one: DECISION[one] for one in OPINIONS}

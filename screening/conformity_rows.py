"""One row of a 符合性分析 table, and the words its outcome takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from screening.access import Clause
from screening.accuracy import Certainty
from screening.conformity_reasons import Question, fact_label
from screening.evidence import Consulted
from screening.findings import Finding, Outcome
from screening.terms import ANSWER, FIELD, OUTCOME
from screening.words import Text, joined

TO_BE_MET = Text("需落实", "to be met")


class Section(StrEnum):
    """Where in the table a row stands."""

    RED_LINE = "red_line"  # 生态保护红线
    QUALITY = "quality"  # 环境质量底线
    RESOURCE = "resource"  # 资源利用上线
    LIST = "list"  # 生态环境准入清单
    GAP = "gap"  # 无法核对


SECTION: dict[Section, Text] = {
    Section.RED_LINE: FIELD["red_line"],
    Section.QUALITY: FIELD["quality_baseline"],
    Section.RESOURCE: FIELD["resource_ceiling"],
    Section.LIST: FIELD["access_list"],
    Section.GAP: Text("无法核对", "Could not be checked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityRow:
    """One row of the table.

    Attributes:
        key: That of the finding it answers, or of its own.
        group: Level and dimension of a clause, element or resource of a line.
        item: 管控维度/条款.
        requirement: 管控要求, the wording as published; English is a courtesy translation.
        situation: 本项目情况, sentence by sentence.
        label: 符合性 in words, with the kind of cause where it cannot be determined.
        reason: Why it is so, naming the subject of this very clause.
        measure: What the project must do; None if nothing.
        basis: Legal basis on the day asked for; empty where there is none.
        verified: Whether wording and basis were checked against the official text; None where there is none to check.
        weighs: Whether it is part of what the conclusion rests on.
    """

    key: str
    section: Section
    group: Text
    item: Text
    requirement: Text
    situation: tuple[Text, ...]
    outcome: Outcome
    label: Text
    reason: Text
    measure: Text | None = None
    basis: str = ""
    verified: bool | None = None
    weighs: bool = True
    clause: Clause | None = None


def conformity_label(outcome: Outcome, cause: Text | None = None) -> Text:
    """符合性 in words: 有条件符合（需落实）, 无法判定（原因）."""
    label = OUTCOME[outcome]
    told = TO_BE_MET if outcome is Outcome.CONDITIONAL else cause if outcome is Outcome.UNDETERMINED else None
    return Text(f"{label.zh}（{told.zh}）", f"{label.en} ({told.en})") if told else label


def cause(question: Question, finding: Finding) -> Text:
    """What kind of thing keeps a finding open."""
    if finding.missing_facts:
        names = joined([fact_label(question, name) for name in finding.missing_facts])
        return Text("缺少申报：{names}", "not declared: {names}").filled(names=names)
    if finding.certainty is Certainty.BORDERLINE:
        return Text("位置临界", "borderline place")
    if finding.needs_person:
        return Text("需人工判断", "a person must judge")
    return Text("资料不足", "data lacking")


def silence(consulted: Consulted | None) -> Text:
    """Why a layer did not answer."""
    if consulted is None:
        return Text("成果没有这一图层", "the release has no such layer")
    return consulted.reason or ANSWER[consulted.answer]

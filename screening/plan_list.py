"""The draft of a plan's own access list as clauses, so that it can be delivered beside the lists it was drawn from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from screening.access import AccessList, Clause, Dimension, IndustrySet, Level, Position, Scope, ZoneTrigger
from screening.findings import Outcome
from screening.model import Effect, Fact
from screening.phrases import PHRASES
from screening.plan_words import ToldDraftRow, tell
from screening.planning_model import DraftRow, PlanAnswer
from screening.words import LANGUAGES, Text

# A row nobody could decide stays for a person: 人工判读 reads back as "cannot be determined", never as a pass.
EFFECT_OF: Mapping[Outcome, Effect] = {
    Outcome.VIOLATES: Effect.PROHIBIT,
    Outcome.UNDETERMINED: Effect.PROSE,
    Outcome.CONDITIONAL: Effect.CONDITIONAL,
}
SHEET = "陆域单元清单"
FIRST_ROW = 2
_RESERVED = re.compile(r"[\[\]{}|=,，;；]+")  # signs that separate words in the column 空间条件


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftList:
    """草案清单: the rows of a draft that a list can hold.

    Attributes:
        access_list: One clause for each row that prohibits, restricts or stays open. "No restriction seen" is no clause:
            a list that said "allowed" would make silence consent.
        zone_names: Name that the zone of each part must carry in the layer of parks, by part.
        unplaced: Parts that lie in no control unit, to which no clause of the unit level can be bound.
    """

    access_list: AccessList
    zone_names: Mapping[str, str]
    unplaced: tuple[str, ...]


def draft_list(answer: PlanAnswer, facts: Mapping[str, Fact], park_layer: str | None) -> DraftList:
    """The draft as clauses of the unit level, each bound to the units of its part and to the part's zone.

    Args:
        answer: The plan's answer.
        facts: The fact schema, for labels.
        park_layer: Id of the layer in which parts of plans are delivered as zones; None where the jurisdiction has none,
            which leaves a clause speaking for the whole of its units.
    """
    units = {cell.part: frozenset(one.zone.code for one in cell.verdict.evidence.units) for cell in answer.cells}
    zone_names = {part.name: zone_name(answer.plan.name, part.name) for part in answer.plan.parts}
    scopes = {part: Scope(units=codes, zones=_in_zone(park_layer, zone_names[part])) for part, codes in units.items()}
    told = [tell(answer, facts, language).draft for language in LANGUAGES]
    writable = [
        (row, zh, en)
        for row, zh, en in zip(answer.draft, *told, strict=True)
        if row.admission in EFFECT_OF and units[row.part]
    ]
    clauses = tuple(
        _clause(number, answer, row, _wording(answer, zh, en), scopes[row.part])
        for number, (row, zh, en) in enumerate(writable)
    )
    return DraftList(
        access_list=AccessList(
            version=f"{answer.plan.name}-{answer.as_of}".lstrip("-"), clauses=clauses, levels=frozenset({Level.UNIT})
        ),
        zone_names=zone_names,
        unplaced=tuple(part for part, codes in units.items() if not codes),
    )


def zone_name(plan: str, part: str) -> str:
    """The name a part's zone must carry: plan and part, without the signs that separate words in a list's cells.

    >>> zone_name("港区规划", "A区；北")
    '港区规划 A区·北'
    """
    return _RESERVED.sub("·", f"{plan} {part}".strip())


def _in_zone(park_layer: str | None, name: str) -> tuple[ZoneTrigger, ...]:
    if park_layer is None:
        return ()
    named = (("名称", frozenset({name})),)
    return (ZoneTrigger(layer_id=park_layer, position=Position.WITHIN, attributes=named),)


def _wording(answer: PlanAnswer, zh: ToldDraftRow, en: ToldDraftRow) -> Text:
    return PHRASES["plan_clause_wording"].filled(
        part=zone_name(answer.plan.name, zh.part),
        industry=f"{zh.code} {zh.industry}",
        as_of=answer.as_of.isoformat(),
        admission=Text(zh.admission, en.admission),
        basis=Text(zh.text, en.text),
    )


def _clause(number: int, answer: PlanAnswer, row: DraftRow, wording: Text, scope: Scope) -> Clause:
    kind = answer.plan.construction
    return Clause(
        id=f"PLAN-{answer.as_of:%Y%m%d}-{number + 1:03d}",
        level=Level.UNIT,
        dimension=Dimension.SPACE,
        scope=scope,
        industries=IndustrySet(include=frozenset({row.industry.code})),
        effect=EFFECT_OF[row.admission],
        wording=wording,
        basis="；".join(one.key.removeprefix("clause:") for one in row.basis if one.outcome is row.admission),
        valid_from=answer.as_of,
        row=f"{SHEET}!{FIRST_ROW + number}",
        construction=frozenset({kind}) if kind else frozenset(),
    )

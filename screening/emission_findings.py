"""The finding on a discharge: what decides it, what must still be declared, and why, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from screening.emission_measures import comparisons, compliance_of, truth_of
from screening.emission_model import (
    AVERAGING,
    BUILT,
    COMPLIANCE,
    INDUSTRY,
    OUTLET,
    QUANTITY,
    TRUTH,
    Comparison,
    Compliance,
    Discharge,
    EmissionFinding,
    Entry,
    Item,
    Need,
    SetAside,
    World,
)
from screening.emission_ruling import INFINITE
from screening.standards import (
    Averaging,
    Book,
    Limit,
)
from screening.truth import Truth
from screening.units import UNITS, Quantity, plain
from screening.words import Text, joined, same


def finding_of(
    discharge: Discharge,
    book: Book,
    item: Item,
    averaging: Averaging | None,
    scenarios: list[list[World]],
    out_of_date: tuple[SetAside, ...],
) -> EmissionFinding:
    """What is found of one quantity, over every way in which what was not declared may turn out."""
    answers = [
        [(world, compliance_of(_averaged(world, averaging), discharge)) for world in scenario] for scenario in scenarios
    ]
    seen = {answer for scenario in answers for _, answer in scenario}
    compliance = seen.pop() if len(seen) == 1 else Compliance.NEEDS_FACTS
    worlds = [world for scenario in scenarios for world in scenario]
    entries = tuple({one.limit.row: one for world in worlds for one in _averaged(world, averaging)}.values())
    needs = _needs(discharge, book, answers, entries) if compliance is Compliance.NEEDS_FACTS else ()
    governing = _governing(discharge, worlds, averaging, compliance)
    return EmissionFinding(
        discharge=discharge,
        compliance=compliance,
        quantity=item.quantity,
        averaging=averaging,
        tier=item.tier,
        reason=_reason(compliance, entries, governing, needs),
        limits=tuple((entry.standard, entry.limit) for entry in entries),
        governing=governing,
        needs=needs,
        set_aside=(*asides(worlds, {entry.standard.code for entry in entries}), *out_of_date),
        verified=all(entry.limit.verified for entry in entries),
    )


def _averaged(world: World, averaging: Averaging | None) -> list[Entry]:
    return [one for one in world.kept if one.limit.averaging is averaging]


def asides(worlds: list[World], in_play: set[str]) -> tuple[SetAside, ...]:
    """Standards set aside and nowhere in play, each once."""
    found = {one.standard: one for world in reversed(worlds) for one in world.aside if one.standard not in in_play}
    return tuple(found[code] for code in sorted(found))


def _governing(
    discharge: Discharge, worlds: list[World], averaging: Averaging | None, compliance: Compliance
) -> Comparison | None:
    if compliance not in (Compliance.MET, Compliance.EXCEEDED):
        return None
    worst = [
        max(
            (
                one
                for entry in _averaged(world, averaging)
                for one in comparisons(entry, discharge)
                if one.truth is TRUTH[compliance]
            ),
            key=_weight,
        )
        for world in worlds
    ]
    return max(worst, key=_weight) if compliance is Compliance.MET else min(worst, key=_weight)


def _weight(one: Comparison) -> Decimal:
    if one.ratio is not None:
        return one.ratio
    return INFINITE if one.beyond > 0 else Decimal(0)


def _needs(
    discharge: Discharge, book: Book, answers: list[list[tuple[World, Compliance]]], entries: tuple[Entry, ...]
) -> tuple[Need, ...]:
    """Values that are missing, and what was left open and changes the answer for itself."""
    missing = {need.name: need for entry in entries if (need := _missing_value(entry, discharge)) is not None}
    asking = answers
    if len({frozenset(answer for _, answer in scenario) for scenario in answers}) > 1:
        missing[INDUSTRY] = Need(name=INDUSTRY, label=Text("更细的行业代码", "a finer industry code"))
        asking = answers[:1]  # what else is open depends on the industry, so that is asked first
    for scenario in asking:
        for name in _deciding(scenario):
            missing[name] = Need(name=name, label=_label(name, book))
    return tuple(missing.values())


def _missing_value(entry: Entry, discharge: Discharge) -> Need | None:
    if not entry.limit.is_held or truth_of(entry, discharge) is not Truth.UNKNOWN:
        return None
    quantity = UNITS[entry.limit.unit].quantity
    measure = [] if entry.limit.averaging is None else [AVERAGING[entry.limit.averaging]]
    detail = joined([*measure, UNITS[entry.limit.unit].label])
    return Need(
        name=quantity.value,
        label=Text(f"{QUANTITY[quantity].zh}（{detail.zh}）", f"{QUANTITY[quantity].en} ({detail.en})"),
    )


def _deciding(scenario: list[tuple[World, Compliance]]) -> list[str]:
    """Columns which, changed alone, change the answer."""
    names = [name for name, _ in scenario[0][0].columns]
    return [name for name in names if any(len(answers) > 1 for answers in _by_the_rest(scenario, name).values())]


def _by_the_rest(
    scenario: list[tuple[World, Compliance]], name: str
) -> dict[tuple[tuple[str, str], ...], set[Compliance]]:
    grouped: dict[tuple[tuple[str, str], ...], set[Compliance]] = {}
    for world, answer in scenario:
        rest = tuple(pair for pair in world.columns if pair[0] != name)
        grouped.setdefault(rest, set()).add(answer)
    return grouped


def _label(name: str, book: Book) -> Text:
    if name == OUTLET:
        return Text("排放方式", "how it is discharged")
    if name == BUILT:
        return Text("建成或环评批复日期", "day of construction or EIA approval")
    return book.columns[name].label


def _reason(
    compliance: Compliance, entries: tuple[Entry, ...], governing: Comparison | None, needs: tuple[Need, ...]
) -> Text:
    unheld = [one for one in entries if not one.limit.is_held]
    match compliance:
        case Compliance.MET | Compliance.EXCEEDED:
            assert governing is not None
            return _figures(governing, compliance)
        case Compliance.NEEDS_FACTS:
            wanted = joined([need.label for need in needs])
            return Text(f"须申报：{wanted.zh}", f"to be declared: {wanted.en}")
        case Compliance.NO_LIMIT:
            named = joined([same(code) for code in dict.fromkeys(one.standard.code for one in unheld)])
            return Text(
                f"标准库未载 {named.zh} 的数值，不能判定",
                f"the values of {named.en} are not held, so it stays open",
            )
        case _:
            assert_never(compliance)


def _figures(governing: Comparison, compliance: Compliance) -> Text:
    limit, standard = governing.limit, governing.standard
    bounds = _written_bounds(limit)
    times = "" if governing.ratio is None else f"{governing.ratio:.3g}"
    zh_ratio = f"，为限值的 {times} 倍" if times and limit.maximum is not None and limit.minimum is None else ""
    en_ratio = f", {times} times the limit" if zh_ratio else ""
    unit, declared, place = UNITS[limit.unit].label, governing.declared.label, limit.cited
    word = COMPLIANCE[compliance]
    return Text(
        f"{word.zh}：{declared.zh}，限值 {bounds} {unit.zh}（{standard.code} {place.zh}）{zh_ratio}",
        f"{word.en}: {declared.en} against {bounds} {unit.en} ({standard.code} {place.en}){en_ratio}",
    )


def _written_bounds(limit: Limit) -> str:
    at_most, at_least = ("<", ">") if limit.exclusive else ("≤", "≥")
    if limit.minimum is not None and limit.maximum is not None:
        return f"{plain(limit.minimum)}–{plain(limit.maximum)}"
    if limit.maximum is not None:
        return f"{at_most}{plain(limit.maximum)}"
    return f"{at_least}{plain(limit.minimum or Decimal(0))}"


def no_limit(discharge: Discharge, quantity: Quantity, set_aside: tuple[SetAside, ...]) -> EmissionFinding:
    """The finding where nothing speaks of a discharge."""
    return EmissionFinding(
        discharge=discharge,
        compliance=Compliance.NO_LIMIT,
        quantity=quantity,
        averaging=None,
        tier="",
        reason=Text("标准库中没有适用的限值", "the tables hold no limit that applies"),
        set_aside=set_aside,
    )


def never_silent(
    discharge: Discharge, findings: list[EmissionFinding], out_of_date: tuple[SetAside, ...]
) -> tuple[EmissionFinding, ...]:
    """Findings that say something; where none speaks of the discharge itself, one that says so."""
    said = [one for one in findings if one.compliance is not Compliance.NO_LIMIT or one.limits]
    if any(one.quantity is not Quantity.HEIGHT for one in said):
        return tuple(said)
    silent = next((one for one in findings if one.compliance is Compliance.NO_LIMIT), None)
    return (*said, silent or no_limit(discharge, Quantity.CONCENTRATION, out_of_date))

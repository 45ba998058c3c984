"""Declared discharges against the limits in force (达标判定): which standard rules, and whether it is met.

What decides the column of a table and was not declared is tried with every value it may take: an answer is definite
only when all of them agree (supervaluation over Kleene's unknown). Thus nothing undeclared is ever met by silence, and
declaring more never turns a definite answer round.

Which standard rules, per pollutant and outlet: an industry's own before a general one of the same or a wider level; the
local one before the national one unless the national one is stricter (生态环境标准管理办法, 2020, and the prefaces of the
standards themselves).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import product
from typing import NamedTuple, assert_never

from screening.errors import UnusableDischargeError
from screening.standards import (
    ANY_POLLUTANT,
    OUTLETS,
    Averaging,
    Book,
    Kind,
    Limit,
    Medium,
    Origin,
    Outlet,
    Reach,
    Standard,
    holds,
)
from screening.truth import Truth, every
from screening.units import UNITS, Amount, Quantity, plain
from screening.words import Text, joined, same

OUTLET = "outlet"
BUILT = "built"
INDUSTRY = "industry"
_INFINITE = Decimal("Infinity")


class Compliance(StrEnum):
    """达标判定结果."""

    MET = "met"  # 达标
    EXCEEDED = "exceeded"  # 超标
    NO_LIMIT = "no_limit"  # 无已知限值: none in the tables, or one whose value they do not hold
    NEEDS_FACTS = "needs_facts"  # 待补充申报


TRUTH: dict[Compliance, Truth] = {
    Compliance.MET: Truth.YES,
    Compliance.EXCEEDED: Truth.NO,
    Compliance.NO_LIMIT: Truth.UNKNOWN,
    Compliance.NEEDS_FACTS: Truth.UNKNOWN,
}
COMPLIANCE: dict[Compliance, Text] = {
    Compliance.MET: Text("达标", "met"),
    Compliance.EXCEEDED: Text("超标", "exceeded"),
    Compliance.NO_LIMIT: Text("无已知限值", "no limit known"),
    Compliance.NEEDS_FACTS: Text("待补充申报", "facts needed"),
}
AVERAGING: dict[Averaging, Text] = {
    Averaging.INSTANT: Text("任意一次", "any single value"),
    Averaging.HOUR: Text("1小时平均", "1 h mean"),
    Averaging.EIGHT_HOURS: Text("日最大8小时平均", "daily maximum 8 h mean"),
    Averaging.DAY: Text("24小时平均", "24 h mean"),
    Averaging.QUARTER: Text("季平均", "quarterly mean"),
    Averaging.YEAR: Text("年平均", "annual mean"),
}
QUANTITY: dict[Quantity, Text] = {
    Quantity.CONCENTRATION: Text("浓度", "concentration"),
    Quantity.RATE: Text("排放速率", "rate"),
    Quantity.ANNUAL: Text("年排放量", "annual amount"),
    Quantity.HEIGHT: Text("排气筒高度", "height of the stack"),
    Quantity.REMOVAL: Text("去除效率", "removal efficiency"),
}
OUTLET_WORDS: dict[Outlet, Text] = {
    Outlet.DIRECT: Text("直接排放", "direct"),
    Outlet.INDIRECT_MUNICIPAL: Text("间接排放（城镇污水处理厂或管线）", "indirect, to a municipal plant or sewer"),
    Outlet.INDIRECT_PARK: Text("间接排放（园区污水处理厂）", "indirect, to a park's plant"),
    Outlet.ORGANISED: Text("有组织排放", "organised"),
    Outlet.UNORGANISED: Text("厂区内无组织排放", "unorganised, on the premises"),
    Outlet.BOUNDARY: Text("厂界", "boundary"),
    Outlet.AMBIENT: Text("环境", "ambient"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A concentration, or level, with its averaging time; None where nobody said."""

    amount: Amount
    averaging: Averaging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """申报的排放: one pollutant from one outlet; of a quality standard, one pollutant in the environment.

    Attributes:
        pollutant: Id in the table of pollutants.
        industry: Codes from the section down to the industry it comes from.
        concentrations: Greatest concentrations, each for one averaging time; empty if not declared.
        rate: Greatest emission rate (kg/h); None if not declared.
        annual: Amount in a year (t/a); None if not declared.
        stack_height: Metres above ground; None if not declared.
        removal: Efficiency of treatment (%); None if not declared.
        outlet: How it leaves; None if not declared.
        built: Day on which the source was built or its EIA approved; None if not declared.
        columns: What decides the columns of the tables, as far as it is known (`control_zone`, `fuel` …).
    """

    pollutant: str
    medium: Medium
    industry: tuple[str, ...]
    concentrations: tuple[Measured, ...] = ()
    rate: Amount | None = None
    annual: Amount | None = None
    stack_height: Amount | None = None
    removal: Amount | None = None
    outlet: Outlet | None = None
    built: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def declared(self, quantity: Quantity) -> tuple[Measured, ...]:
        """All values declared of one quantity."""
        match quantity:
            case Quantity.CONCENTRATION:
                return self.concentrations
            case Quantity.RATE:
                one = self.rate
            case Quantity.ANNUAL:
                one = self.annual
            case Quantity.HEIGHT:
                one = self.stack_height
            case Quantity.REMOVAL:
                one = self.removal
            case _:
                assert_never(quantity)
        return () if one is None else (Measured(one),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A declared value beside a limit.

    Attributes:
        declared: In the unit of the limit.
        beyond: How far beyond the limit, in its unit; negative or zero while it is met.
        ratio: Value over an upper limit, lower limit over value; above 1 where it is not met; None where the limit is 0.
        truth: Whether the limit is met, as far as this value can tell.
    """

    limit: Limit
    standard: Standard
    declared: Amount
    beyond: Decimal
    ratio: Decimal | None
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """不予适用的标准 and why."""

    standard: str
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """待补充: one thing that was not declared and would decide."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFinding:
    """达标判定: one quantity of one discharge, for one averaging time.

    Attributes:
        averaging: Of the limits; None where they state none.
        tier: Which of two values of one table is meant; empty where there is one.
        reason: One sentence.
        limits: Limits in play with their standards, in every column that is still open.
        governing: The comparison that decides; None where nothing is definite. Of several open columns, the one that is
            certain: the strictest where all are met, the mildest where all are exceeded.
        needs: What would decide it.
        set_aside: Standards that speak about this and do not count, and why.
        verified: Whether every limit in play was checked against the text of its standard.
    """

    discharge: Discharge
    compliance: Compliance
    quantity: Quantity
    averaging: Averaging | None
    tier: str
    reason: Text
    limits: tuple[tuple[Standard, Limit], ...] = ()
    governing: Comparison | None = None
    needs: tuple[Need, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    verified: bool = False

    @property
    def truth(self) -> Truth:
        """Whether the limit is met; unknown without a limit or without facts."""
        return TRUTH[self.compliance]


class _Entry(NamedTuple):
    standard: Standard
    limit: Limit


class _World(NamedTuple):
    """One way in which everything not declared may turn out, and what would count then."""

    columns: tuple[tuple[str, str], ...]
    kept: tuple[_Entry, ...]
    aside: tuple[SetAside, ...]


class _Item(NamedTuple):
    """What is judged for itself: a quantity, and one of the two values of a table that has two."""

    quantity: Quantity
    tier: str


def judge(
    discharge: Discharge, book: Book, *, as_of: date, area: str, kind: Kind = Kind.EMISSION
) -> tuple[EmissionFinding, ...]:
    """Every limit in force for a discharge, and whether it is met; at least one finding, always.

    Args:
        discharge: As declared.
        book: The tables.
        as_of: Day of the question.
        area: Administrative code of the place (`370211`), which decides whose local standards bind.
        kind: `QUALITY` or `SOIL` compare a state of the environment with its objective instead.

    Raises:
        UnusableDischargeError: A pollutant, outlet or column is not one of the tables.
    """
    _check(discharge, book, kind)
    speaking = [one for one in _speaking(discharge, book, kind) if area.startswith(one.standard.area)]
    current = [one for one in speaking if one.standard.binds_on(as_of)]
    out_of_date = _out_of_date(speaking, current, as_of)
    items = sorted({_item(one.limit) for one in current})
    findings = [
        finding
        for item in items
        for finding in _judge_item(discharge, book, item, current, out_of_date, as_of=as_of, area=area, kind=kind)
    ]
    return _never_silent(discharge, findings, out_of_date)


def complies(findings: Iterable[EmissionFinding]) -> Truth:
    """Whether all limits are met: one exceeded decides, then one that is not known."""
    return every(finding.truth for finding in findings)


# -- what speaks -------------------------------------------------------------------------------------------------------


def _check(discharge: Discharge, book: Book, kind: Kind) -> None:
    if discharge.pollutant not in book.pollutants:
        raise UnusableDischargeError.of_pollutant(discharge.pollutant, sorted(book.pollutants))
    for name, choice in discharge.columns.items():
        if name not in book.columns:
            raise UnusableDischargeError.of_column(name, choice, sorted(book.columns))
        known = [value for value, _ in book.columns[name].choices]
        if choice not in known:
            raise UnusableDischargeError.of_column(name, choice, known)
    allowed = _outlets(discharge.medium, kind)
    if discharge.outlet is not None and discharge.outlet not in allowed:
        raise UnusableDischargeError.of_outlet(discharge.outlet, discharge.medium, [one.value for one in allowed])


def _outlets(medium: Medium, kind: Kind) -> tuple[Outlet, ...]:
    return OUTLETS[medium] if kind is Kind.EMISSION else (Outlet.AMBIENT,)


def _speaking(discharge: Discharge, book: Book, kind: Kind) -> Iterator[_Entry]:
    """Limits on the pollutant in the medium, whatever their dates and columns, whose industry is not another."""
    for limit in book.limits:
        standard = book.standards[limit.standard]
        if (
            standard.kind is kind
            and limit.medium is discharge.medium
            and limit.pollutant in (discharge.pollutant, ANY_POLLUTANT)
            and standard.industries.holds(discharge.industry) is not Truth.NO
        ):
            yield _Entry(standard, limit)


def _item(limit: Limit) -> _Item:
    return _Item(UNITS[limit.unit].quantity, limit.tier)


def _out_of_date(speaking: list[_Entry], current: list[_Entry], as_of: date) -> tuple[SetAside, ...]:
    gone = {one.standard.code: one.standard for one in speaking} | {one.standard.code: None for one in current}
    return tuple(
        SetAside(standard=code, reason=_date_reason(standard, as_of))
        for code, standard in gone.items()
        if standard is not None
    )


def _date_reason(standard: Standard, as_of: date) -> Text:
    if as_of < standard.valid_from:
        return Text(f"{standard.valid_from} 起施行", f"in force only from {standard.valid_from}")
    if standard.replaced_by:
        return Text(
            f"已于 {standard.valid_to} 后由 {standard.replaced_by} 代替",
            f"replaced by {standard.replaced_by} after {standard.valid_to}",
        )
    return Text(f"有效期至 {standard.valid_to}", f"in force only until {standard.valid_to}")


# -- every way in which it may turn out --------------------------------------------------------------------------------


def _judge_item(
    discharge: Discharge,
    book: Book,
    item: _Item,
    current: list[_Entry],
    out_of_date: tuple[SetAside, ...],
    *,
    as_of: date,
    area: str,
    kind: Kind,
) -> Iterator[EmissionFinding]:
    entries = [one for one in current if _item(one.limit) == item]
    rivals = _rivals(discharge, book, as_of, area, kind)
    scenarios = [
        _worlds(discharge, book, [one for one in entries if one.standard.code in codes], rivals, codes, as_of, kind)
        for codes in _scenarios(discharge, rivals)
    ]
    worlds = [world for scenario in scenarios for world in scenario]
    averagings = {one.limit.averaging for world in worlds for one in world.kept}
    for averaging in sorted(averagings, key=lambda one: -1 if one is None else one):
        yield _finding(discharge, book, item, averaging, scenarios, out_of_date)
    if not averagings:
        yield _no_limit(discharge, item.quantity, (*_asides(worlds, set()), *out_of_date))


def _rivals(discharge: Discharge, book: Book, as_of: date, area: str, kind: Kind) -> list[Standard]:
    """Standards in force which speak about the medium, whether about this pollutant or not."""
    return [
        one
        for one in book.standards.values()
        if one.kind is kind
        and discharge.medium in one.media
        and one.binds_on(as_of)
        and area.startswith(one.area)
        and one.industries.holds(discharge.industry) is not Truth.NO
    ]


def _scenarios(discharge: Discharge, rivals: list[Standard]) -> list[frozenset[str]]:
    """Which standards bind the industry: those that surely do, alone and with each one that may.

    Two that may bind need not be tried together: what is kept then is kept with one of them already.
    """
    sure = frozenset(one.code for one in rivals if one.industries.holds(discharge.industry) is Truth.YES)
    return [sure, *(sure | {one.code} for one in rivals if one.code not in sure)]


def _worlds(
    discharge: Discharge,
    book: Book,
    entries: list[_Entry],
    rivals: list[Standard],
    codes: frozenset[str],
    as_of: date,
    kind: Kind,
) -> list[_World]:
    binding = [one for one in rivals if one.code in codes]
    general = any(one.standard.reach is Reach.GENERAL for one in entries)
    speaking = {one.standard.code for one in entries}
    displacing = [one for one in binding if one.code in speaking or (general and one.reach is Reach.INDUSTRY)]
    conditions = [one.when for one in displacing] + [one.limit.when for one in entries]
    outlets = [{OUTLET: one.limit.outlets} for one in entries]
    choices: dict[str, list[str]] = {
        OUTLET: [discharge.outlet]
        if discharge.outlet
        else _told_apart(OUTLET, _outlets(discharge.medium, kind), outlets),
        BUILT: [day.isoformat() for day in _days(discharge, entries, displacing, as_of)],
    }
    for name in sorted({name for one in conditions for name in one}):
        known = discharge.columns.get(name)
        values = [value for value, _ in book.columns[name].choices]
        choices[name] = [known] if known else _told_apart(name, values, conditions)
    return [
        _world(dict(zip(choices, chosen, strict=True)), entries, displacing, discharge.medium, as_of)
        for chosen in product(*choices.values())
    ]


def _told_apart(name: str, values: Iterable[str], conditions: Iterable[Mapping[str, frozenset[str]]]) -> list[str]:
    """One value out of each set of values which no condition tells apart."""
    asking = [one[name] for one in conditions if name in one]
    return list({tuple(value in meant for meant in asking): value for value in values}.values())


def _days(discharge: Discharge, entries: list[_Entry], standards: list[Standard], as_of: date) -> list[date]:
    """The declared day of construction, or one day out of each period that limits or standards tell apart."""
    if discharge.built is not None:
        return [discharge.built]
    cuts = {one.limit.built_from for one in entries} | {
        one.limit.built_to + timedelta(days=1) for one in entries if one.limit.built_to
    }
    cuts |= {one.valid_from for one in standards if one.existing_from and as_of < one.existing_from}
    days = sorted(one for one in cuts if one is not None)
    return [days[0] - timedelta(days=1), *days] if days else [as_of]


def _world(
    columns: Mapping[str, str], entries: list[_Entry], standards: list[Standard], medium: Medium, as_of: date
) -> _World:
    built = date.fromisoformat(columns[BUILT])
    binding = {one.code: one for one in standards if one.binds_source(as_of, built) and holds(one.when, columns)}
    speaking = [
        one
        for one in entries
        if one.standard.code in binding
        and columns[OUTLET] in one.limit.outlets
        and one.limit.binds(as_of, built)
        and holds(one.limit.when, columns)
    ]
    kept, aside = _ruling(speaking, list(binding.values()), medium)
    return _World(tuple(columns.items()), tuple(kept), tuple(aside))


# -- which standard rules ----------------------------------------------------------------------------------------------


def _ruling(speaking: list[_Entry], binding: list[Standard], medium: Medium) -> tuple[list[_Entry], list[SetAside]]:
    """Limits that count, and standards that do not because another goes before them."""
    covering = {one.standard.code for one in speaking}
    aside: dict[str, Text] = {}
    for general in {
        one.standard.code: one.standard for one in speaking if one.standard.reach is Reach.GENERAL
    }.values():
        for other in binding:
            if _displaces(other, general, covering, medium):
                aside[general.code] = Text(
                    f"已有行业标准 {other.code}，不再执行综合（通用）标准",
                    f"the industry's own standard {other.code} goes before a general one",
                )
    left = [one for one in speaking if one.standard.code not in aside]
    local = [one for one in left if one.standard.origin is Origin.LOCAL]
    national = [one for one in left if one.standard.origin is Origin.NATIONAL]
    kept = []
    for one in national:
        before = next((other for other in local if _at_least_as_strict(other.limit, one.limit)), None)
        if before is None:
            kept.append(one)
        else:
            aside[one.standard.code] = Text(
                f"地方标准 {before.standard.code} 优先，且不宽于国家标准",
                f"the local standard {before.standard.code} goes first and is no milder",
            )
    for one in local:
        stricter = next((other for other in kept if _at_least_as_strict(other.limit, one.limit)), None)
        if stricter is None:
            kept.append(one)
        else:
            aside[one.standard.code] = Text(
                f"国家标准 {stricter.standard.code} 更严，从严执行",
                f"the national standard {stricter.standard.code} is stricter and counts instead",
            )
    return kept, [SetAside(standard=code, reason=reason) for code, reason in aside.items()]


def _displaces(other: Standard, general: Standard, covering: set[str], medium: Medium) -> bool:
    if other.reach is not Reach.INDUSTRY or other.origin < general.origin:
        return False
    uncrossed = not general.crosses and other.origin is general.origin and medium in other.media
    return other.code in covering or uncrossed


def _at_least_as_strict(one: Limit, other: Limit) -> bool:
    """Whether whoever meets the one meets the other; never so where a value is not held or they measure differently."""
    if not (one.is_held and other.is_held) or one.pollutant != other.pollutant:
        return False
    if UNITS[one.unit].family != UNITS[other.unit].family or one.averaging not in (None, other.averaging):
        return False
    upper, lower = _bounds(one)
    other_upper, other_lower = _bounds(other)
    if upper == other_upper and lower == other_lower:
        return one.exclusive or not other.exclusive
    return upper <= other_upper and lower >= other_lower


def _bounds(limit: Limit) -> tuple[Decimal, Decimal]:
    """Upper and lower bound in the base unit of the family."""
    exponent = UNITS[limit.unit].exponent
    upper = _INFINITE if limit.maximum is None else limit.maximum.scaleb(exponent)
    lower = -_INFINITE if limit.minimum is None else limit.minimum.scaleb(exponent)
    return upper, lower


# -- whether it is met -------------------------------------------------------------------------------------------------


def _comparisons(entry: _Entry, discharge: Discharge) -> list[Comparison]:
    """The declared values that can be held against a limit, with what each one tells."""
    limit = entry.limit
    if not limit.is_held:
        return []
    return [
        _compared(entry, measured)
        for measured in discharge.declared(UNITS[limit.unit].quantity)
        if measured.amount.is_like(limit.unit) and not (limit.averaging is not None and measured.averaging is None)
    ]


def _compared(entry: _Entry, measured: Measured) -> Comparison:
    limit = entry.limit
    amount = measured.amount.in_(limit.unit)
    sides = [
        (beyond, ratio)
        for bound, beyond, ratio in (
            (limit.maximum, _minus(amount.value, limit.maximum), _over(amount.value, limit.maximum)),
            (limit.minimum, _minus(limit.minimum, amount.value), _over(limit.minimum, amount.value)),
        )
        if bound is not None
    ]
    beyond, ratio = max(sides, key=lambda side: side[0])
    within = beyond < 0 or (beyond == 0 and not limit.exclusive)
    return Comparison(
        limit=limit,
        standard=entry.standard,
        declared=amount,
        beyond=beyond,
        ratio=ratio,
        truth=_told(within, limit, measured.averaging),
    )


def _told(within: bool, limit: Limit, averaging: Averaging | None) -> Truth:
    """What a greatest mean over one time tells about an upper limit on means over another.

    The greatest mean over a longer time is never above that over a shorter one; of lower limits nothing follows.
    """
    if limit.averaging is None or limit.averaging is averaging:
        return Truth.of(within)
    if averaging is None or limit.minimum is not None:
        return Truth.UNKNOWN
    if averaging < limit.averaging:
        return Truth.YES if within else Truth.UNKNOWN
    return Truth.UNKNOWN if within else Truth.NO


def _minus(left: Decimal | None, right: Decimal | None) -> Decimal:
    return Decimal(0) if left is None or right is None else left - right


def _over(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or not right else left / right


def _truth(entry: _Entry, discharge: Discharge) -> Truth:
    told = {one.truth for one in _comparisons(entry, discharge)}
    if Truth.NO in told:
        return Truth.NO
    return Truth.YES if Truth.YES in told else Truth.UNKNOWN


def _compliance(kept: Iterable[_Entry], discharge: Discharge) -> Compliance:
    """The answer in one world."""
    truths = [(one, _truth(one, discharge)) for one in kept]
    if any(truth is Truth.NO for _, truth in truths):
        return Compliance.EXCEEDED
    if any(truth is Truth.UNKNOWN and one.limit.is_held for one, truth in truths):
        return Compliance.NEEDS_FACTS
    if not truths or any(not one.limit.is_held for one, _ in truths):
        return Compliance.NO_LIMIT
    return Compliance.MET


# -- the finding -------------------------------------------------------------------------------------------------------


def _finding(
    discharge: Discharge,
    book: Book,
    item: _Item,
    averaging: Averaging | None,
    scenarios: list[list[_World]],
    out_of_date: tuple[SetAside, ...],
) -> EmissionFinding:
    answers = [
        [(world, _compliance(_averaged(world, averaging), discharge)) for world in scenario] for scenario in scenarios
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
        set_aside=(*_asides(worlds, {entry.standard.code for entry in entries}), *out_of_date),
        verified=all(entry.limit.verified for entry in entries),
    )


def _averaged(world: _World, averaging: Averaging | None) -> list[_Entry]:
    return [one for one in world.kept if one.limit.averaging is averaging]


def _asides(worlds: list[_World], in_play: set[str]) -> tuple[SetAside, ...]:
    """Standards set aside and nowhere in play, each once."""
    found = {one.standard: one for world in reversed(worlds) for one in world.aside if one.standard not in in_play}
    return tuple(found[code] for code in sorted(found))


def _governing(
    discharge: Discharge, worlds: list[_World], averaging: Averaging | None, compliance: Compliance
) -> Comparison | None:
    if compliance not in (Compliance.MET, Compliance.EXCEEDED):
        return None
    worst = [
        max(
            (
                one
                for entry in _averaged(world, averaging)
                for one in _comparisons(entry, discharge)
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
    return _INFINITE if one.beyond > 0 else Decimal(0)


def _needs(
    discharge: Discharge, book: Book, answers: list[list[tuple[_World, Compliance]]], entries: tuple[_Entry, ...]
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


def _missing_value(entry: _Entry, discharge: Discharge) -> Need | None:
    if not entry.limit.is_held or _truth(entry, discharge) is not Truth.UNKNOWN:
        return None
    quantity = UNITS[entry.limit.unit].quantity
    measure = [] if entry.limit.averaging is None else [AVERAGING[entry.limit.averaging]]
    detail = joined([*measure, UNITS[entry.limit.unit].label])
    return Need(
        name=quantity.value,
        label=Text(f"{QUANTITY[quantity].zh}（{detail.zh}）", f"{QUANTITY[quantity].en} ({detail.en})"),
    )


def _deciding(scenario: list[tuple[_World, Compliance]]) -> list[str]:
    """Columns which, changed alone, change the answer."""
    names = [name for name, _ in scenario[0][0].columns]
    return [name for name in names if any(len(answers) > 1 for answers in _by_the_rest(scenario, name).values())]


def _by_the_rest(
    scenario: list[tuple[_World, Compliance]], name: str
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
    compliance: Compliance, entries: tuple[_Entry, ...], governing: Comparison | None, needs: tuple[Need, ...]
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


def _no_limit(discharge: Discharge, quantity: Quantity, set_aside: tuple[SetAside, ...]) -> EmissionFinding:
    return EmissionFinding(
        discharge=discharge,
        compliance=Compliance.NO_LIMIT,
        quantity=quantity,
        averaging=None,
        tier="",
        reason=Text("标准库中没有适用的限值", "the tables hold no limit that applies"),
        set_aside=set_aside,
    )


def _never_silent(
    discharge: Discharge, findings: list[EmissionFinding], out_of_date: tuple[SetAside, ...]
) -> tuple[EmissionFinding, ...]:
    """Findings that say something; where none speaks of the discharge itself, one that says so."""
    said = [one for one in findings if one.compliance is not Compliance.NO_LIMIT or one.limits]
    if any(one.quantity is not Quantity.HEIGHT for one in said):
        return tuple(said)
    silent = next((one for one in findings if one.compliance is Compliance.NO_LIMIT), None)
    return (*said, silent or _no_limit(discharge, Quantity.CONCENTRATION, out_of_date))

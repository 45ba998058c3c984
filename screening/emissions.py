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
from datetime import date, timedelta
from itertools import product

from screening.emission_findings import asides, finding_of, never_silent, no_limit
from screening.emission_model import (
    BUILT,
    OUTLET,
    Discharge,
    EmissionFinding,
    Entry,
    Item,
    SetAside,
    World,
)
from screening.emission_ruling import ruling
from screening.errors import UnusableDischargeError
from screening.standards import (
    ANY_POLLUTANT,
    OUTLETS,
    Book,
    Kind,
    Limit,
    Medium,
    Outlet,
    Reach,
    Standard,
    holds,
)
from screening.truth import Truth, every
from screening.units import UNITS
from screening.words import Text


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
    return never_silent(discharge, findings, out_of_date)


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


def _speaking(discharge: Discharge, book: Book, kind: Kind) -> Iterator[Entry]:
    """Limits on the pollutant in the medium, whatever their dates and columns, whose industry is not another."""
    for limit in book.limits:
        standard = book.standards[limit.standard]
        if (
            standard.kind is kind
            and limit.medium is discharge.medium
            and limit.pollutant in (discharge.pollutant, ANY_POLLUTANT)
            and standard.industries.holds(discharge.industry) is not Truth.NO
        ):
            yield Entry(standard, limit)


def _item(limit: Limit) -> Item:
    return Item(UNITS[limit.unit].quantity, limit.tier)


def _out_of_date(speaking: list[Entry], current: list[Entry], as_of: date) -> tuple[SetAside, ...]:
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
    item: Item,
    current: list[Entry],
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
        yield finding_of(discharge, book, item, averaging, scenarios, out_of_date)
    if not averagings:
        yield no_limit(discharge, item.quantity, (*asides(worlds, set()), *out_of_date))


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
    entries: list[Entry],
    rivals: list[Standard],
    codes: frozenset[str],
    as_of: date,
    kind: Kind,
) -> list[World]:
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


def _days(discharge: Discharge, entries: list[Entry], standards: list[Standard], as_of: date) -> list[date]:
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
    columns: Mapping[str, str], entries: list[Entry], standards: list[Standard], medium: Medium, as_of: date
) -> World:
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
    kept, aside = ruling(speaking, list(binding.values()), medium)
    return World(tuple(columns.items()), tuple(kept), tuple(aside))


# -- which standard rules ----------------------------------------------------------------------------------------------


# -- whether it is met -------------------------------------------------------------------------------------------------


# -- the finding -------------------------------------------------------------------------------------------------------

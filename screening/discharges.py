"""A project's declared discharges as a whole (排放申报): what is met, what is exceeded, and what nobody declared.

A standard in force at the place may set a limit for a pollutant. As long as nobody declared how much of it is discharged,
or that there is none of it, the answer is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from screening.emission_model import Compliance, Discharge, EmissionFinding
from screening.emissions import complies, judge
from screening.errors import UnusableDischargeError
from screening.standards import ANY_POLLUTANT, Book, Conditions, Kind, Limit, Medium, Reach, Standard
from screening.truth import Truth, every
from screening.units import UNITS, Quantity, plain
from screening.words import Text, joined

MEDIA = (Medium.WATER, Medium.AIR, Medium.NOISE)
MEDIUM: dict[Medium, Text] = {
    Medium.WATER: Text("废水", "waste water"),
    Medium.AIR: Text("废气", "waste gas"),
    Medium.NOISE: Text("噪声", "noise"),
    Medium.SOIL: Text("土壤", "soil"),
}


class Extent(StrEnum):
    """申报范围: what is said of a medium as a whole; the declarations speak for all of it only where none or complete."""

    NONE = "none"  # 不排放
    COMPLETE = "complete"  # 所列即全部
    OPEN = "open"  # 未说明
    CONTRADICTORY = "contradictory"  # 说法矛盾


_UNSETTLED = frozenset({Extent.OPEN, Extent.CONTRADICTORY})
EXTENT: dict[Extent, Text] = {
    Extent.NONE: Text("申报为不排放", "declared as none"),
    Extent.COMPLETE: Text("申报为别无其他排放", "declared as nothing else"),
    Extent.OPEN: Text("未说明有无其他排放", "not said whether there is anything else"),
    Extent.CONTRADICTORY: Text("申报互相矛盾", "contradictory declarations"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """应申报项目: a pollutant for which a standard in force may set a limit there.

    Attributes:
        pollutant: Id in the table of pollutants.
        limits: Limits in play while nothing is declared, with their standards.
        columns: What would decide between them (`source`, `control_zone` …).
    """

    medium: Medium
    pollutant: str
    limits: tuple[tuple[Standard, Limit], ...]
    columns: tuple[str, ...]

    def joined_with(self, other: Expected) -> Expected:
        """The same pollutant where several industries are concerned."""
        limits = {limit.row: (standard, limit) for standard, limit in (*self.limits, *other.limits)}
        return replace(
            self, limits=tuple(limits.values()), columns=tuple(dict.fromkeys((*self.columns, *other.columns)))
        )

    @property
    def is_met_by_none(self) -> bool:
        """Whether to discharge none of it meets every limit; a lower limit, as for pH, is not met by absence."""
        return all(limit.minimum is None for _, limit in self.limits)

    @property
    def is_certain(self) -> bool:
        """Whether a standard that names it binds whatever kind of source it is."""
        return any(not standard.when for standard in self.naming)

    @property
    def naming(self) -> tuple[Standard, ...]:
        """The standards that name it, each once; others limit whatever is discharged."""
        named = {one.code: one for one, limit in self.limits if limit.pollutant == self.pollutant}
        return tuple(named.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """排放申报的整体判定.

    Attributes:
        truth: Yes only if every limit is known and met, nothing is left undeclared, and of every medium it is said that there
            is nothing, or nothing else: what is met at one outlet says nothing of another.
        findings: Of each declared discharge, in the order of the declarations.
        undeclared: What may be limited and nobody spoke of; None where the industry, and so the standards, are not known.
        extents: What is said of each medium as a whole.
        reasons: Why it is so.
    """

    truth: Truth
    findings: tuple[tuple[EmissionFinding, ...], ...]
    undeclared: tuple[Expected, ...] | None
    extents: Mapping[Medium, Extent]
    reasons: tuple[Text, ...]


def expected(book: Book, industry: tuple[str, ...], *, as_of: date, area: str) -> tuple[Expected, ...]:
    """What a project must declare: every pollutant which an emission standard in force names and may limit there.

    Args:
        book: The tables.
        industry: Codes from the section down to the industry.
        as_of: Day of the question.
        area: Administrative code of the place.
    """
    named = {
        (limit.medium, limit.pollutant)
        for limit in book.limits
        if limit.pollutant != ANY_POLLUTANT and book.standards[limit.standard].kind is Kind.EMISSION
    }
    order = {name: place for place, name in enumerate(book.pollutants)}
    found = []
    for medium, pollutant in sorted(named, key=lambda one: (MEDIA.index(one[0]), order[one[1]])):
        asked = judge(Discharge(pollutant=pollutant, medium=medium, industry=industry), book, as_of=as_of, area=area)
        limits = {limit.row: (standard, limit) for one in asked for standard, limit in one.limits}
        if any(limit.pollutant == pollutant for _, limit in limits.values()):
            needs = dict.fromkeys(need.name for one in asked for need in one.needs if need.name in book.columns)
            found.append(
                Expected(medium=medium, pollutant=pollutant, limits=tuple(limits.values()), columns=tuple(needs))
            )
    return tuple(found)


def assess(
    discharges: Sequence[Discharge],
    book: Book,
    wanted: Sequence[Expected] | None,
    *,
    nothing_else: frozenset[Medium],
    stated: Mapping[Medium, Truth],
    as_of: date,
    area: str,
) -> Assessment:
    """Judge what is declared, and name what is not; what the tables do not have (any more) is not known to be met.

    Args:
        discharges: As declared.
        book: The tables.
        wanted: From `expected`, of all industries; None where no industry is known.
        nothing_else: Media of which somebody declared that nothing is discharged beside what is listed.
        stated: Whether there is any discharge into a medium, as the project states it elsewhere.
        as_of: Day of the question.
        area: Administrative code of the place.
    """
    findings = tuple(_judged(one, book, as_of, area) for one in discharges)
    extents = {
        medium: _extent(
            any(one.medium is medium for one in discharges), medium in nothing_else, stated.get(medium, Truth.UNKNOWN)
        )
        for medium in MEDIA
    }
    spoken = {(one.medium, one.pollutant) for one in discharges}
    undeclared = None if wanted is None else tuple(_undeclared(wanted, spoken, extents))
    is_open = undeclared != () or any(extent in _UNSETTLED for extent in extents.values())
    truth = every([*(complies(one) for one in findings), Truth.UNKNOWN if is_open else Truth.YES])
    return Assessment(
        truth=truth,
        findings=findings,
        undeclared=undeclared,
        extents=extents,
        reasons=tuple(_reasons(findings, undeclared, extents)),
    )


def standards_of(wanted: Iterable[Expected]) -> tuple[Standard, ...]:
    """The standards that set the limits, the most particular first: of the industry, without conditions, local."""
    found = {standard.code: standard for one in wanted for standard, _ in one.limits}
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (
                one.reach is Reach.GENERAL or not one.industries.include,
                bool(one.when),
                not one.origin,
                one.code,
            ),
        )
    )


def condition_words(when: Conditions, book: Book) -> Text:
    """Under which conditions a standard speaks, in words; empty where under none.

    Of a column whose choices are nearly all meant, those not meant are told.
    """
    told = []
    for name in sorted(when):
        column = book.columns[name]
        inside = [label for value, label in column.choices if value in when[name]]
        outside = [label for value, label in column.choices if value not in when[name]]
        if len(inside) <= len(outside):
            said, template = inside, Text("{column}：{choices}", "{column}: {choices}")
        else:
            said, template = outside, Text("{column}：除{choices}外", "{column}: other than {choices}")
        told.append(template.filled(column=column.label, choices=joined(said)))
    return joined(told, zh="；", en="; ")


def period_start(book: Book, day: date) -> date:
    """The first day since which no standard or limit of the tables began or ended: answers of both days are alike."""
    return max((one for one in _turns(book) if one <= day), default=date.min)


def area_known(book: Book, area: str) -> str:
    """As much of an administrative code as any standard of the tables asks for."""
    return max((one.area for one in book.standards.values() if area.startswith(one.area)), key=len, default="")


def room(finding: EmissionFinding) -> Text:
    """余量: how far a value lies within its limit or beyond; empty where nothing is definite."""
    best = finding.governing
    if best is None:
        return Text("", "")
    unit = UNITS[best.limit.unit].label
    amount = Text(f"{plain(abs(best.beyond))} ", f"{plain(abs(best.beyond))} ").joined_with(unit)
    has_share = best.ratio is not None and best.limit.minimum is None
    share = f"{abs(1 - best.ratio):.1%}" if has_share and best.ratio is not None else ""
    zh, en = (f"（限值的 {share}）", f" ({share} of the limit)") if share else ("", "")
    if finding.compliance is Compliance.EXCEEDED:
        return Text(f"超出 {amount.zh}{zh}", f"{amount.en} beyond{en}")
    return Text(f"余 {amount.zh}{zh}", f"{amount.en} left{en}")


def _judged(discharge: Discharge, book: Book, as_of: date, area: str) -> tuple[EmissionFinding, ...]:
    """What is found of a discharge; one that names something the tables do not have cannot be judged by them."""
    try:
        return judge(discharge, book, as_of=as_of, area=area)
    except UnusableDischargeError as problem:
        finding = EmissionFinding(
            discharge=discharge,
            compliance=Compliance.NEEDS_FACTS,
            quantity=Quantity.CONCENTRATION,
            averaging=None,
            tier="",
            reason=Text(
                f"不能用现行标准表判定：{problem.what.zh}请更正申报。",
                f"It cannot be judged by the tables of today: {problem.what.en} Correct the declaration.",
            ),
        )
        return (finding,)


def _extent(is_declared: bool, is_complete: bool, stated: Truth) -> Extent:
    """What is said of a medium; whoever says two things has said nothing that counts."""
    if is_declared and stated is Truth.NO:
        return Extent.CONTRADICTORY
    if is_declared:
        return Extent.COMPLETE if is_complete else Extent.OPEN
    if is_complete and stated is Truth.YES:
        return Extent.CONTRADICTORY
    return Extent.NONE if is_complete or stated is Truth.NO else Extent.OPEN


def _undeclared(
    wanted: Iterable[Expected], spoken: set[tuple[Medium, str]], extents: Mapping[Medium, Extent]
) -> Iterator[Expected]:
    for one in wanted:
        extent = extents[one.medium]
        is_settled = extent is Extent.NONE or (extent is Extent.COMPLETE and one.is_met_by_none)
        if (one.medium, one.pollutant) not in spoken and not is_settled:
            yield one


def _reasons(
    findings: Sequence[Sequence[EmissionFinding]],
    undeclared: Sequence[Expected] | None,
    extents: Mapping[Medium, Extent],
) -> Iterator[Text]:
    unsettled_media = {medium for medium, extent in extents.items() if extent in _UNSETTLED}
    found = [one for several in findings for one in several]
    exceeded = sum(one.compliance is Compliance.EXCEEDED for one in found)
    unsettled = sum(one.truth is Truth.UNKNOWN for one in found)
    if exceeded:
        yield Text(f"{exceeded} 项超标", f"{exceeded} beyond the limit")
    if unsettled:
        yield Text(f"{unsettled} 项尚不能判定", f"{unsettled} not settled")
    if unsettled_media and not findings:
        yield Text(
            "没有申报排放，没有申报不等于没有排放", "no discharge is declared, which is not to discharge nothing"
        )
    if undeclared is None:
        yield Text("没有行业代码，不知应执行哪些标准", "without an industry code nobody knows which standards count")
    elif undeclared:
        yield Text(
            f"{len(undeclared)} 种可能有限值的污染物未申报",
            f"{len(undeclared)} pollutants that may be limited are not declared",
        )
    unsaid = [MEDIUM[medium] for medium, extent in extents.items() if extent is Extent.OPEN]
    if unsaid:
        media = joined(unsaid)
        yield Text(
            f"未说明{media.zh}有无其他排放口或污染物",
            f"not said whether there are other outlets or pollutants in {media.en}",
        )
    for medium, extent in extents.items():
        if extent is Extent.CONTRADICTORY:
            yield Text(
                f"{MEDIUM[medium].zh}的说法互相矛盾（一处称不排放，一处称排放），须先澄清",
                f"of {MEDIUM[medium].en} it is said in one place that there is none, in another that there is some",
            )
    if not (exceeded or unsettled or undeclared != () or unsettled_media):
        yield (
            Text("申报的各项均达标，别无其他排放", "everything declared meets its limit, and there is nothing else")
            if found
            else Text("申报为不排放", "declared as discharging nothing")
        )


def _turns(book: Book) -> set[date]:
    one_day = timedelta(days=1)
    dates = {day for one in book.standards.values() for day in (one.valid_from, one.existing_from) if day}
    dates |= {one.valid_to + one_day for one in book.standards.values() if one.valid_to}
    dates |= {one.valid_from for one in book.limits}
    return dates | {one.valid_to + one_day for one in book.limits if one.valid_to}

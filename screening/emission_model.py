"""Discharges and limits: what is declared, what is found about it, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, assert_never

from screening.standards import (
    Averaging,
    Limit,
    Medium,
    Outlet,
    Standard,
)
from screening.truth import Truth
from screening.units import Amount, Quantity
from screening.words import Text

OUTLET = "outlet"


BUILT = "built"


INDUSTRY = "industry"


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


class Entry(NamedTuple):
    """A limit and the standard it stands in."""

    standard: Standard
    limit: Limit


class World(NamedTuple):
    """One way in which everything not declared may turn out, and what would count then."""

    columns: tuple[tuple[str, str], ...]
    kept: tuple[Entry, ...]
    aside: tuple[SetAside, ...]


class Item(NamedTuple):
    """What is judged for itself: a quantity, and one of the two values of a table that has two."""

    quantity: Quantity
    tier: str

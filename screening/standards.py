"""Discharge and quality standards (排放标准、环境质量标准、土壤风险管控标准) as tables with dates.

A limit speaks under conditions: which outlet, which column of its table, which date of construction. What decides the
column (control zone, fuel, class of the receiving water …) is declared, by the place or by the project, or unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from screening.access import IndustrySet
from screening.errors import UnusableDischargeError
from screening.words import Text

ANY_POLLUTANT = "any"
SPECIAL_AREA = "special_area"

_PLACES = (
    ("厂界限值", "boundary limits"),
    ("限值表", "table of limits"),
    ("附录", "annex "),
    ("表", "table "),
    ("注", ", note "),
    ("、", ", "),
)

Conditions = Mapping[str, frozenset[str]]


class Kind(StrEnum):
    """标准类别."""

    EMISSION = "emission"  # 污染物排放标准
    QUALITY = "quality"  # 环境质量标准
    SOIL = "soil"  # 土壤污染风险管控标准


class Origin(IntEnum):
    """标准层级: the greater goes before the smaller."""

    NATIONAL = 0  # 国家
    LOCAL = 1  # 地方


class Reach(StrEnum):
    """标准范围: an industry's own standard goes before a general one."""

    INDUSTRY = "industry"  # 行业型、通用设施型
    GENERAL = "general"  # 综合型、通用型


class Medium(StrEnum):
    """环境介质."""

    WATER = "water"
    AIR = "air"
    NOISE = "noise"
    SOIL = "soil"


class Outlet(StrEnum):
    """排放方式 or, of a quality standard, the environment itself."""

    DIRECT = "direct"  # 直接排放
    INDIRECT_MUNICIPAL = "indirect_municipal"  # 间接排放：城镇污水处理厂或城镇污水管线
    INDIRECT_PARK = "indirect_park"  # 间接排放：园区污水处理厂
    ORGANISED = "organised"  # 有组织
    UNORGANISED = "unorganised"  # 无组织，厂区内
    BOUNDARY = "boundary"  # 厂界
    AMBIENT = "ambient"  # 环境


OUTLETS: dict[Medium, tuple[Outlet, ...]] = {
    Medium.WATER: (Outlet.DIRECT, Outlet.INDIRECT_MUNICIPAL, Outlet.INDIRECT_PARK),
    Medium.AIR: (Outlet.ORGANISED, Outlet.UNORGANISED, Outlet.BOUNDARY),
    Medium.NOISE: (Outlet.BOUNDARY,),
    Medium.SOIL: (Outlet.AMBIENT,),
}


class Averaging(IntEnum):
    """平均时间, from the shortest: the greatest mean over a longer time is never above that over a shorter one."""

    INSTANT = 0  # 任意一次
    HOUR = 1  # 1 小时平均
    EIGHT_HOURS = 2  # 日最大 8 小时平均
    DAY = 3  # 24 小时平均、日均值
    QUARTER = 4  # 季平均
    YEAR = 5  # 年平均


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """限值表的分栏依据: something that decides which column of a table counts.

    Attributes:
        of_place: Whether the place decides it; otherwise the project declares it.
        choices: All values it may take, with their labels; together they leave no case out.
    """

    id: str
    label: Text
    of_place: bool
    choices: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pollutant:
    """污染物项目.

    Attributes:
        cas: CAS number; empty where it is a sum or a measure.
        synonyms: Further names under which people write it.
    """

    id: str
    name: Text
    cas: str
    synonyms: tuple[str, ...]
    media: frozenset[Medium]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """标准: one numbered document.

    Attributes:
        area: Administrative code, shortened to its level (`37`), within which a local one binds; empty for the nation.
        industries_verified: Whether the standard itself names these codes; otherwise they are this project's mapping.
        when: Conditions for the standard as a whole, e.g. that the source is a boiler.
        crosses: Whether a general standard stays beside an industry's one for pollutants that one leaves out
            (综合排放标准与行业排放标准不交叉执行 where it does not).
        media: Media of which it speaks.
        valid_from: First day; also the day that divides new from existing sources.
        valid_to: Last day; None while open.
        existing_from: First day for sources built before `valid_from`; None where it is the same day.
    """

    code: str
    title: Text
    kind: Kind
    origin: Origin
    reach: Reach
    area: str
    industries: IndustrySet
    industries_verified: bool
    when: Conditions
    crosses: bool
    media: frozenset[Medium]
    replaces: tuple[str, ...]
    replaced_by: str
    valid_from: date
    valid_to: date | None
    existing_from: date | None
    source: str
    note: str
    verified: bool

    def binds_on(self, day: date) -> bool:
        """Whether it is in force on a day, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def binds_source(self, day: date, built: date) -> bool:
        """Whether it binds, on a day, a source that was built or approved on another."""
        later = self.existing_from if built < self.valid_from and self.existing_from else self.valid_from
        return self.binds_on(day) and later <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """限值: one cell of a standard's table.

    Attributes:
        place: Clause or table it stands in.
        pollutant: Id, or `any` for what holds whatever is discharged (height of a stack).
        when: Column of the table, e.g. `fuel` in {`gas`}; the special limits (特别排放限值) are a column as well.
        minimum: In `unit`, itself allowed; None without.
        maximum: In `unit`, itself allowed; None without. With neither bound the standard has a limit which is not held.
        exclusive: Whether the bound itself is not allowed any more.
        averaging: None where the standard states none.
        tier: Empty, or which of two values of one table it is (`screening` 筛选值, `intervention` 管制值).
        built_from: First day of construction or approval meant; None without.
        built_to: Last such day; None without.
    """

    standard: str
    place: str
    pollutant: str
    medium: Medium
    outlets: frozenset[Outlet]
    when: Conditions
    special: bool | None
    minimum: Decimal | None
    maximum: Decimal | None
    exclusive: bool
    unit: str
    averaging: Averaging | None
    tier: str
    built_from: date | None
    built_to: date | None
    valid_from: date
    valid_to: date | None
    note: str
    source: str
    verified: bool
    row: str

    @property
    def cited(self) -> Text:
        """Where it stands, in both languages."""
        english = self.place
        for zh, en in _PLACES:
            english = english.replace(zh, en)
        return Text(self.place, english)

    @property
    def is_held(self) -> bool:
        """Whether its value is known here."""
        return self.minimum is not None or self.maximum is not None

    def binds(self, day: date, built: date) -> bool:
        """Whether it counts, on a day, for a source that was built or approved on another."""
        in_force = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        meant = (self.built_from is None or self.built_from <= built) and (
            self.built_to is None or built <= self.built_to
        )
        return in_force and meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """标准库: all standards, their limits, and the words they use."""

    standards: Mapping[str, Standard]
    limits: tuple[Limit, ...]
    columns: Mapping[str, Column]
    pollutants: Mapping[str, Pollutant]

    def pollutant(self, written: str) -> Pollutant:
        """The pollutant a person means, by id, name, CAS number or synonym.

        Raises:
            UnusableDischargeError: There is none of that name.
        """
        asked = written.strip().casefold()
        for one in self.pollutants.values():
            if asked in {
                name.casefold() for name in (one.id, one.name.zh, one.name.en, one.cas, *one.synonyms) if name
            }:
                return one
        near = [one.name.zh for one in self.pollutants.values() if asked and asked in one.name.zh]
        raise UnusableDischargeError.of_pollutant(written, near or sorted(self.pollutants))


def holds(conditions: Conditions, columns: Mapping[str, str]) -> bool:
    """Whether conditions hold where every column they ask for is known."""
    return all(columns[name] in allowed for name, allowed in conditions.items())

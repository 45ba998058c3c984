"""The field's nouns: site, project, layer, zone, ceiling, objective.

Geometry is shapely, EPSG:4490 (CGCS2000), longitude then latitude in degrees, unless a name says otherwise.
`None` means not declared or not known; it is never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from shapely.geometry.base import BaseGeometry

from screening.words import Text

FactValue = bool | float | str


class ZoneClass(IntEnum):
    """管控分类: the class digit in unit and zone codes."""

    PRIORITY = 1  # 优先保护
    KEY = 2  # 重点管控
    GENERAL = 3  # 一般管控


class Realm(StrEnum):
    """Where a layer speaks: on land, at sea, or on both."""

    LAND = "land"
    SEA = "sea"
    BOTH = "both"


class Construction(StrEnum):
    """建设性质 as in part 1 of the EIA report form."""

    NEW = "new"  # 新建
    REBUILD = "rebuild"  # 改建
    EXPAND = "expand"  # 扩建
    UPGRADE = "upgrade"  # 技术改造


class Nature(StrEnum):
    """What stands behind a release: a city's approval, or nobody's."""

    OFFICIAL = "official"
    DEMONSTRATION = "demonstration"


class Effect(StrEnum):
    """管控效力: what a clause does to a project in its scope."""

    PROHIBIT = "prohibit"  # 禁止
    RESTRICT = "restrict"  # 限制
    CONDITIONAL = "conditional"  # 有条件
    REQUIRE = "require"  # 要求
    ENCOURAGE = "encourage"  # 鼓励
    PERMIT = "permit"  # 允许
    PHASE_OUT = "phase_out"  # 退出
    PROSE = "prose"  # 待人工判读: wording no machine can read


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoint:
    """点位: one outfall, borehole or turbine of a point project.

    Attributes:
        name: Its number or name; `1`, `2` … in the order given where it has none.
        longitude, latitude: EPSG:4490 degrees.
    """

    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """拟选址: where the project would stand.

    Attributes:
        name: What the applicant calls it.
        geometry: Point, polygon or multipolygon, EPSG:4490 degrees, valid.
        as_written: The text or file it was read from, unchanged.
        read_as: How that was understood (format, CRS, axis order, width of a line).
        accuracy_m: Positional accuracy of what was written, metres; None where nobody said.
        alignment: 中心线 of a line whose width made `geometry`, EPSG:4490 degrees, in one or several parts; else None.
        width_m: Full width laid out along `alignment`; None without.
        start_m: Station at which every part of `alignment` starts, metres.
        points: Points whose radius made `geometry`, in the order given; else empty.
        radius_m: Laid out around each of `points`; None without.
    """

    name: str
    geometry: BaseGeometry
    as_written: str
    read_as: Text
    accuracy_m: float | None = None
    alignment: BaseGeometry | None = None
    width_m: float | None = None
    start_m: float = 0.0
    points: tuple[NamedPoint, ...] = ()
    radius_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """国民经济行业类别: one entry of GB/T 4754-2017 with amendment 1.

    Attributes:
        code: With its section letter and as many digits as its level has: `C`, `C33`, `C336`, `C3360`.
        name: The standard's own name.
        lineage: Codes from the section down to this entry, itself included.
    """

    code: str
    name: str
    lineage: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """单位换算: a number that was not written as the bare number of its schema, and how it was taken.

    Attributes:
        name: The fact or particular.
        as_written: Number and unit as they were sent.
        value: What was taken, in `unit`, the unit of the schema.
        read_as: Both in one sentence, with the days per year or the factor of a standard where one was used.
    """

    name: str
    as_written: str
    value: float
    unit: str
    read_as: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """建设项目: what would be built, as far as it was declared.

    Attributes:
        industries: At least one GB/T 4754 entry.
        construction: None where not declared.
        facts: Declared facts by name, in the units of the fact schema; an absent name is not declared.
        particulars: 建设项目基本情况, the fields of the EIA report form by name; likewise. No clause asks for them.
        conversions: Of facts and particulars, in the order in which they were declared.
    """

    name: str
    industries: tuple[Industry, ...]
    construction: Construction | None
    facts: Mapping[str, FactValue]
    particulars: Mapping[str, FactValue] = field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """申报事实: one thing a project may be asked to declare.

    Attributes:
        kind: `number`, `boolean` or `choice`; of particulars, which no condition asks for, also `text` or `date`.
        unit: Unit of a number, as printed; empty otherwise.
        minimum: Least sensible value of a number, in `unit`; None without bound.
        maximum: Greatest sensible value of a number, in `unit`; None without bound.
        choices: Values a choice may take, with their labels.
        max_length: Most characters of a text; None for other kinds.
        is_derived: Whether the layers establish it, so that nobody can be asked.
    """

    name: str
    label: Text
    kind: str
    unit: str
    help: Text
    group: Text
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, Text], ...] = ()
    max_length: int | None = None
    is_derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """图层: one set of zones as a city hands it over.

    Attributes:
        id: Name within the jurisdiction, e.g. `red_line`.
        role: What it is to the law: `unit`, `element`, `special` or `reference`.
        realm: Where it must cover the jurisdiction.
        required: Whether no verdict can be complete without its answer.
        tiles: Whether its zones must cover its realm without gap or overlap.
        accuracy_m: Positional accuracy, metres.
        surveyed: State of the world it shows.
        current_days: Days after `surveyed` for which it counts as current; None without limit.
        nearest_m: How far beyond the site to look and report, metres.
        needs_clause: Whether the list must speak about its zones of class 1 and 2 (all zones, where it has no classes).
    """

    id: str
    name: Text
    role: str
    realm: Realm
    required: bool
    tiles: bool
    accuracy_m: float
    surveyed: date
    current_days: int | None
    nearest_m: float
    needs_clause: bool
    source: Text

    @property
    def current_until(self) -> date | None:
        """Last day on which it counts as current; None without limit."""
        return self.surveyed + timedelta(days=self.current_days) if self.current_days is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """管控分区 or 环境管控单元: one feature of a layer.

    Attributes:
        code: Official code; made from layer and serial where the layer has none.
        cls: Class 1/2/3; None where the layer has no classes.
        subtype: 要素细类 or level in the words of the source (`受体敏感`, `一级保护区`); empty if none.
        district: Name of the county-level district as delivered; empty if none.
        county: Code of that district, read from the zone's own code; empty where its code holds none.
        attributes: Further columns as delivered, by canonical name.
    """

    layer_id: str
    code: str
    name: str
    cls: ZoneClass | None
    subtype: str
    district: str
    county: str
    attributes: Mapping[str, str]

    def value_of(self, column: str) -> str:
        """What a column says of the zone, `编码` and `名称` being its code and name; empty where it says nothing."""
        return self.attributes.get(column) or {"编码": self.code, "名称": self.name}.get(column, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """资源利用上线: how much of a resource a unit or district may use.

    Attributes:
        holder: Code of a unit, an element zone or a district (six digits).
        fact: The project fact that is the demand.
        per_fact: Ceiling units in one unit of the fact (1e-4 from m³ to 万m³).
        cap: In `unit`; None where the source gives none.
        used: Present use in `unit`; None where not known.
        effect: What follows when cap is exceeded.
    """

    holder: str
    holder_name: str
    resource: Text
    metric: str
    fact: str
    per_fact: float
    cap: float | None
    used: float | None
    unit: str
    year: int
    effect: Effect
    wording: str
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """环境质量目标: target and present state of water or air in a unit or district.

    Attributes:
        target: In `unit`, or the rank of a water class (Ⅰ = 1 … 劣Ⅴ = 6); smaller is cleaner.
        state: Same scale; None where not monitored.
        fact: Name under which clauses can ask whether it is met.
        emission_fact: The declared fact that says whether a project emits to this element at all.
        effect: What follows for a project where it is not met.
        replacement_ratio: How many times over additions must be replaced where it is not met; None where not said.
        pollutants: Declared amounts, in t/a, to which that ratio applies.
    """

    holder: str
    holder_name: str
    element: Text
    metric: str
    fact: str
    emission_fact: str
    target: float | None
    state: float | None
    target_text: str
    state_text: str
    unit: str
    year: int
    effect: Effect
    wording: str
    basis: str
    verified: bool
    replacement_ratio: float | None = None
    pollutants: tuple[str, ...] = ()

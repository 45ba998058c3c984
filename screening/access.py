"""The access list (生态环境准入清单): clauses, where and to whom they speak, and what they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from screening.conditions import Condition
from screening.model import Construction, Effect, Realm, Zone, ZoneClass
from screening.truth import Truth, every
from screening.words import Text

MOST_DAYS = 8  # on which a list is kept sorted out at a time


class Level(IntEnum):
    """清单层级, from the widest to the narrowest; all levels answer for themselves."""

    NATION = 1  # 国家
    PROVINCE = 2  # 省
    CIRCLE = 3  # 经济圈
    CITY = 4  # 市
    UNIT_CLASS = 5  # 单元类别
    UNIT = 6  # 单元


class Dimension(IntEnum):
    """管控维度: the four columns of every list."""

    SPACE = 1  # 空间布局约束
    DISCHARGE = 2  # 污染物排放管控
    RISK = 3  # 环境风险防控
    RESOURCE = 4  # 资源利用效率要求


class Position(StrEnum):
    """How a site must lie to a zone for a clause to speak."""

    WITHIN = "within"  # 区内: any part of the site lies in the zone
    OUTSIDE = "outside"  # 区外: any part of the site lies outside all such zones
    NEAR = "near"  # 周边: the site comes within a distance


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTrigger:
    """空间条件: the site's position to the zones of one layer.

    Attributes:
        subtypes: Sub-types meant; empty means every zone of the layer.
        attributes: Delivered columns and the values meant, `编码` and `名称` included; a zone must fit all of them.
        distance_m: For `NEAR`, metres from the site's edge to the zone's edge.
    """

    layer_id: str
    position: Position
    subtypes: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, frozenset[str]], ...] = ()
    distance_m: float = 0.0

    def means(self, zone: Zone) -> Truth:
        """Whether a zone is one of those meant, wherever it lies; unknown where it leaves blank what would tell."""
        if zone.layer_id != self.layer_id:
            return Truth.NO
        told = [_among(zone.value_of(name), values) for name, values in self.attributes]
        return every([_among(zone.subtype, self.subtypes) if self.subtypes else Truth.YES, *told])

    def blanks(self, zone: Zone) -> tuple[str, ...]:
        """What a zone leaves blank that would tell whether it is meant: delivered columns, or the sub-type."""
        columns = tuple(name for name, _ in self.attributes if not zone.value_of(name))
        return columns if zone.subtype or not self.subtypes else ("要素细类", *columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """适用范围: units and zones a clause speaks about; what is empty does not narrow."""

    units: frozenset[str] = frozenset()
    classes: frozenset[ZoneClass] = frozenset()
    districts: frozenset[str] = frozenset()
    realm: Realm = Realm.BOTH
    zones: tuple[ZoneTrigger, ...] = ()

    @property
    def is_everywhere(self) -> bool:
        """Whether the clause is bound to no unit, class, district or realm."""
        return not (self.units or self.classes or self.districts) and self.realm is Realm.BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustrySet:
    """行业范围: codes at any level of GB/T 4754; an empty `include` means all industries.

    >>> chemicals = IndustrySet(include=frozenset({"C26"}), exclude=frozenset({"C268"}))
    >>> chemicals.holds(("C", "C26", "C261", "C2611")), chemicals.holds(("C", "C26", "C268", "C2681"))
    (<Truth.YES: 'yes'>, <Truth.NO: 'no'>)
    >>> chemicals.holds(("C", "C26"))
    <Truth.UNKNOWN: 'unknown'>
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    def holds(self, lineage: tuple[str, ...]) -> Truth:
        """Whether an industry, given by its codes from section to itself, is in the set.

        Unknown where the code is so coarse that the set holds only part of it.
        """
        code = lineage[-1]
        if not self.exclude.isdisjoint(lineage):
            return Truth.NO
        if self.include and self.include.isdisjoint(lineage):
            return Truth.UNKNOWN if _names_part_of(self.include, code) else Truth.NO
        return Truth.UNKNOWN if _names_part_of(self.exclude, code) else Truth.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """替代要求: what must be taken away elsewhere for what the project adds.

    Attributes:
        fact: The declared amount, e.g. `vocs_t_per_year`.
        ratio: 1 for an equal amount (等量), 2 for twice (倍量).
    """

    fact: str
    ratio: float


def _among(value: str, meant: frozenset[str]) -> Truth:
    return Truth.of(value in meant) if value else Truth.UNKNOWN


def _names_part_of(named: frozenset[str], code: str) -> bool:
    return any(other.startswith(code) for other in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """条款: one requirement of the list.

    Attributes:
        id: Unique within the list.
        construction: Kinds of construction meant; empty means all.
        applies_when: Further condition over declared facts for the clause to speak.
        satisfied_when: For requirements: facts that show them met.
        excepted_when: "unless …": facts that take the project out of a prohibition.
        replacements: What must be replaced, and how many times over.
        exempts: For a permission: ids of clauses it takes the project out of; a permission that names none beats none.
        in_principle: 原则上: the wording leaves room, so a person decides.
        wording: The clause as published; English is a courtesy translation and may be empty.
        basis: Legal basis in force since `basis_since`; `basis_old` before that day.
        valid_from: First day on which it binds.
        valid_to: Last day on which it binds; None while open.
        verified: Whether wording and basis were checked against the official text.
        row: Where it stands in the delivered workbook (`sheet!row`).
    """

    id: str
    level: Level
    dimension: Dimension
    scope: Scope
    industries: IndustrySet
    effect: Effect
    wording: Text
    basis: str
    valid_from: date
    row: str
    construction: frozenset[Construction] = frozenset()
    applies_when: Condition | None = None
    satisfied_when: Condition | None = None
    excepted_when: Condition | None = None
    replacements: tuple[Replacement, ...] = ()
    exempts: frozenset[str] = frozenset()
    in_principle: bool = False
    basis_old: str = ""
    basis_since: date | None = None
    valid_to: date | None = None
    verified: bool = False

    @property
    def fact_names(self) -> frozenset[str]:
        """Names of the facts its conditions ask for."""
        conditions = (self.applies_when, self.satisfied_when, self.excepted_when)
        return frozenset(name for one in conditions if one for name in one.fact_names)

    def binds_on(self, day: date) -> bool:
        """Whether the clause is in force on a day, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def changes_from(self, day: date) -> bool:
        """Whether anything about the clause begins or ends on a day or after it."""
        ends = (self.valid_from, self.valid_to, self.basis_since)
        return any(one is not None and one >= day for one in ends)

    def basis_on(self, day: date) -> str:
        """The legal basis that was in force on a day."""
        if self.basis_since is not None and day < self.basis_since and self.basis_old:
            return self.basis_old
        return self.basis


@dataclass(frozen=True, slots=True)
class InForce:
    """The clauses of a list that bind on one day, and what they name: found once, asked for every site.

    Attributes:
        named: Positions, among the clauses, of those whose scope names a unit, by the unit's code.
        unnamed: Positions of those whose scope names none.
        scope_of: Of each clause, the number of its scope; the same for clauses that speak about the same places.
        units: Units that have a list of their own.
        triggers: What they ask of zones, by layer.
    """

    clauses: tuple[Clause, ...]
    levels: frozenset[Level]
    named: Mapping[str, tuple[int, ...]]
    unnamed: tuple[int, ...]
    scope_of: tuple[int, ...]
    units: frozenset[str]
    triggers: Mapping[str, tuple[ZoneTrigger, ...]]

    @staticmethod
    def of(clauses: tuple[Clause, ...]) -> InForce:
        """All that is asked of some clauses."""
        named: dict[str, list[int]] = {}
        triggers: dict[str, dict[ZoneTrigger, None]] = {}
        scopes: dict[Scope, int] = {}
        for i, clause in enumerate(clauses):
            for unit in clause.scope.units:
                named.setdefault(unit, []).append(i)
            for trigger in clause.scope.zones:
                triggers.setdefault(trigger.layer_id, {})[trigger] = None
        return InForce(
            clauses=clauses,
            levels=frozenset(clause.level for clause in clauses),
            named={unit: tuple(positions) for unit, positions in named.items()},
            unnamed=tuple(i for i, clause in enumerate(clauses) if not clause.scope.units),
            scope_of=tuple(scopes.setdefault(clause.scope, len(scopes)) for clause in clauses),
            units=frozenset(unit for one in clauses if one.level is Level.UNIT for unit in one.scope.units),
            triggers={layer_id: tuple(found) for layer_id, found in triggers.items()},
        )

    def naming(self, units: Iterable[str]) -> list[int]:
        """Positions, in their order, of the clauses whose scope names one of some units, or none at all."""
        return sorted({*self.unnamed, *(i for unit in units for i in self.named.get(unit, ()))})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessList:
    """生态环境准入清单: all clauses of one version, and the levels it promises to hold."""

    version: str
    clauses: tuple[Clause, ...]
    levels: frozenset[Level] = field(default_factory=lambda: frozenset(Level))
    _in_force: dict[date, InForce] = field(init=False, default_factory=dict, compare=False, repr=False)
    _changing: dict[date, tuple[Clause, ...]] = field(init=False, default_factory=dict, compare=False, repr=False)

    def in_force_on(self, day: date) -> InForce:
        """The clauses that bind on a day."""
        found = self._in_force.get(day)
        if found is None:
            found = InForce.of(tuple(clause for clause in self.clauses if clause.binds_on(day)))
            if len(self._in_force) >= MOST_DAYS:
                self._in_force.clear()
            self._in_force[day] = found
        return found

    def changing_from(self, day: date) -> tuple[Clause, ...]:
        """The clauses about which anything begins or ends on a day or after it: of most, nothing does."""
        found = self._changing.get(day)
        if found is None:
            found = tuple(clause for clause in self.clauses if clause.changes_from(day))
            if len(self._changing) >= MOST_DAYS:
                self._changing.clear()
            self._changing[day] = found
        return found

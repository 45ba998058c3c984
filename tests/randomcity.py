"""Cities, lists and sites at random: a square cut into units, zones anywhere, clauses of any kind; a flat plane in metres.

Coordinates are whole metres, so that what touches touches exactly. Land is west of x = 70, sea east of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.industries import lineage_of
from layers.jurisdiction import read_jurisdiction
from layers.loaded import LoadedLayer
from layers.snapshot import Snapshot
from screening.access import AccessList, Clause, Dimension, IndustrySet, Level, Position, Scope, ZoneTrigger
from screening.conditions import Condition
from screening.crs import Plane, Shapes
from screening.evidence import ReleaseName
from screening.model import (
    Ceiling,
    Construction,
    Effect,
    FactValue,
    Industry,
    Layer,
    Nature,
    Objective,
    Project,
    Realm,
    Site,
    Zone,
    ZoneClass,
)
from screening.verdict import Verdict, screen
from screening.words import Text

DAY = date(2026, 11, 21)
LAND, SEA = shapely.box(0, 0, 70, 100), shapely.box(70, 0, 100, 100)
TERRITORY = shapely.box(0, 0, 100, 100)
WORDS = Text("示例", "example")
SUBTYPES = ("甲", "乙")
CONDITIONS = ("emits", "discharges && !treated", "coal > 0.0", "!emits || treated")
FACTS = ("emits", "discharges", "treated", "excepted")


class Flat(Plane):
    """A plane whose degrees are metres."""

    __slots__ = ()

    def from_degrees(self, shapes: Shapes) -> Shapes:
        """The same."""
        return shapes

    def to_degrees(self, shapes: Shapes) -> Shapes:
        """The same."""
        return shapes


_TABLE = (Path(__file__).parents[1] / "sample_data" / "jurisdiction.toml").read_text(encoding="utf-8")
JURISDICTION = replace(
    read_jurisdiction(tomllib.loads(_TABLE), "jurisdiction.toml"),
    plane=Flat(4549),
    extent=(-1e6, -1e6, 1e6, 1e6),
    required_lines=(),
)
KINDS = {
    "unit_land": ("unit", Realm.LAND, True, True),
    "unit_sea": ("unit", Realm.SEA, True, True),
    "red_line": ("element", Realm.BOTH, True, False),
    "water": ("element", Realm.LAND, True, True),
    "park": ("special", Realm.BOTH, False, False),
}
"""Layer: role, realm, required, must tile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A city at random, before anybody asks.

    Attributes:
        zones: By layer, with their shapes in metres.
        accuracy_m: By layer.
        surveyed: Where it is not the same for all, by layer.
        order: Of the layers.
        needs_clause: Whether every red line must be spoken about by the list.
    """

    zones: dict[str, tuple[tuple[Zone, BaseGeometry], ...]]
    accuracy_m: dict[str, float]
    clauses: tuple[Clause, ...]
    ceilings: tuple[Ceiling, ...] = ()
    objectives: tuple[Objective, ...] = ()
    surveyed: dict[str, date] | None = None
    order: tuple[str, ...] = tuple(KINDS)
    needs_clause: bool = False
    outline: BaseGeometry = TERRITORY

    def layer(self, layer_id: str) -> Layer:
        """The layer's description."""
        role, realm, required, tiles = KINDS[layer_id]
        return Layer(
            id=layer_id,
            name=Text(layer_id, layer_id),
            role=role,
            realm=realm,
            required=required,
            tiles=tiles,
            accuracy_m=self.accuracy_m[layer_id],
            surveyed=(self.surveyed or {}).get(layer_id, date(2026, 1, 1)),
            current_days=1000,
            nearest_m=0.0,
            needs_clause=self.needs_clause and layer_id == "red_line",
            source=WORDS,
        )

    def snapshot(self) -> Snapshot:
        """The city ready to answer."""
        near = [t for one in self.clauses for t in one.scope.zones if t.position is Position.NEAR]
        return Snapshot(
            release=ReleaseName(
                id="random",
                title=WORDS,
                nature=Nature.DEMONSTRATION,
                jurisdiction=WORDS,
                list_version="",
                effective_from=date(2026, 1, 1),
                effective_until=None,
            ),
            manifest={},
            jurisdiction=JURISDICTION,
            layers={one: self._loaded(one) for one in self.order},
            silent={},
            access_list=AccessList(version="", clauses=self.clauses, levels=frozenset(c.level for c in self.clauses)),
            ceilings=self.ceilings,
            objectives=self.objectives,
            outline=self.outline,
            search_m={one: max((t.distance_m for t in near if t.layer_id == one), default=0.0) for one in KINDS},
        )

    def _loaded(self, layer_id: str) -> LoadedLayer:
        shapes = np.array([shape for _, shape in self.zones[layer_id]], dtype=object)
        zones = tuple(zone for zone, _ in self.zones[layer_id])
        return LoadedLayer(
            layer=self.layer(layer_id), zones=zones, shapes=shapes, tree=shapely.STRtree(shapes), source=lambda: shapes
        )

    def moved(self, change: Callable[[BaseGeometry], BaseGeometry]) -> World:
        """The same city with every shape changed."""
        zones = {one: tuple((zone, change(shape)) for zone, shape in rows) for one, rows in self.zones.items()}
        return replace(self, zones=zones, outline=change(self.outline))


def asked(snapshot: Snapshot, project: Project, shape: BaseGeometry, accuracy_m: float | None = None) -> Verdict:
    """The verdict on a project somewhere in a city."""
    site = Site(name="", geometry=shape, as_written="", read_as=WORDS, accuracy_m=accuracy_m)
    return screen(project, site, snapshot.gather(site, DAY), DAY)


# -- strategies --------------------------------------------------------------------------------------------------------

metres = st.integers(0, 99)
boxes = st.tuples(metres, metres, st.integers(1, 60), st.integers(1, 60)).map(
    lambda t: shapely.box(t[0], t[1], min(t[0] + t[2], 100), min(t[1] + t[3], 100))
)
areas = st.one_of(boxes, st.tuples(boxes, boxes).map(lambda pair: shapely.union(*pair)))
points = st.tuples(metres, metres).map(lambda t: shapely.Point(t[0] + 0.5, t[1] + 0.5))
sites = st.one_of(areas, areas, points)
accuracies = st.sampled_from([0.0, 0.0, 1.0, 3.0, 10.0])


@st.composite
def cuts(draw: st.DrawFn, whole: BaseGeometry) -> list[BaseGeometry]:
    """A rectangle cut by guillotine into one to five rectangles."""
    parts = [whole]
    for which, upright, share in draw(
        st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(2, 8)), max_size=4)
    ):
        west, south, east, north = parts.pop(which % len(parts)).bounds
        if upright:
            at = west + (east - west) * share // 10
            parts += [shapely.box(west, south, at, north), shapely.box(at, south, east, north)]
        else:
            at = south + (north - south) * share // 10
            parts += [shapely.box(west, south, east, at), shapely.box(west, at, east, north)]
    return [part for part in parts if part.area > 0]


def _zone(layer_id: str, number: int, subtype: str, cls: ZoneClass | None, kind: str) -> Zone:
    return Zone(
        layer_id=layer_id,
        code=f"{layer_id}-{number}",
        name=f"{layer_id} {number}",
        cls=cls,
        subtype=subtype,
        district="",
        county="",
        attributes={"类型": kind} if kind else {},
    )


@st.composite
def zoned(draw: st.DrawFn, layer_id: str, shapes: list[BaseGeometry]) -> tuple[tuple[Zone, BaseGeometry], ...]:
    """Zones of a layer with sub-types, classes and attributes at random."""
    has_class = KINDS[layer_id][0] in ("unit", "element")
    rows = []
    for number, shape in enumerate(shapes):
        cls = draw(st.sampled_from(ZoneClass)) if has_class else None
        rows.append(
            (_zone(layer_id, number, draw(st.sampled_from(SUBTYPES)), cls, draw(st.sampled_from(SUBTYPES))), shape)
        )
    return tuple(rows)


triggers = st.builds(
    ZoneTrigger,
    layer_id=st.sampled_from(["red_line", "water", "park"]),
    position=st.sampled_from(Position),
    subtypes=st.sampled_from([frozenset(), frozenset({"甲"})]),
    attributes=st.sampled_from([(), (("类型", frozenset({"乙"})),)]),
    distance_m=st.sampled_from([5.0, 20.0]),
)
conditions = st.one_of(st.none(), st.sampled_from(CONDITIONS).map(Condition))
industry_sets = st.builds(
    IndustrySet,
    include=st.sampled_from([frozenset(), frozenset({"C26"}), frozenset({"C2614", "I65"})]),
    exclude=st.sampled_from([frozenset(), frozenset({"C261"})]),
)


@st.composite
def clauses(draw: st.DrawFn, number: int, effects: tuple[Effect, ...] = tuple(Effect)) -> Clause:
    """A clause of any level and effect."""
    effect = draw(st.sampled_from(effects))
    exempts = (
        draw(st.sets(st.sampled_from([f"R{n}" for n in range(6)]), max_size=2)) if effect is Effect.PERMIT else set()
    )
    scope = Scope(
        units=draw(
            st.sampled_from([frozenset(), frozenset({"unit_land-0"}), frozenset({"unit_sea-0", "unit_land-1"})])
        ),
        classes=draw(st.sampled_from([frozenset(), frozenset({ZoneClass.PRIORITY})])),
        realm=draw(st.sampled_from([Realm.BOTH, Realm.BOTH, Realm.SEA, Realm.LAND])),
        zones=tuple(draw(st.lists(triggers, max_size=2))),
    )
    return Clause(
        id=f"R{number}",
        level=draw(st.sampled_from(Level)),
        dimension=Dimension.SPACE,
        scope=scope,
        industries=draw(industry_sets),
        effect=effect,
        wording=WORDS,
        basis="",
        valid_from=date(2020, 1, 1),
        row="",
        construction=draw(st.sampled_from([frozenset(), frozenset({Construction.NEW})])),
        applies_when=draw(conditions),
        satisfied_when=draw(conditions),
        excepted_when=draw(st.one_of(st.none(), st.just(Condition("excepted")))),
        exempts=frozenset(exempts),
        in_principle=draw(st.booleans()),
    )


@st.composite
def worlds(draw: st.DrawFn, effects: tuple[Effect, ...] = tuple(Effect)) -> World:
    """A city with up to five clauses, ceilings for its first unit and an objective for its first water zone."""
    zones = {
        "unit_land": draw(zoned("unit_land", draw(cuts(LAND)))),
        "unit_sea": draw(zoned("unit_sea", draw(cuts(SEA)))),
        "red_line": draw(zoned("red_line", draw(st.lists(areas, min_size=1, max_size=3)))),
        "water": draw(zoned("water", draw(cuts(LAND)))),
        "park": draw(zoned("park", draw(st.lists(boxes, min_size=1, max_size=3)))),
    }
    named = [naming(zone.code, n) for n, (zone, _) in enumerate((*zones["unit_land"], *zones["unit_sea"]))]
    return World(
        zones=zones,
        accuracy_m={one: draw(accuracies) for one in KINDS},
        clauses=(*(draw(clauses(n, effects)) for n in range(draw(st.integers(1, 5)))), *named),
        ceilings=(_ceiling("unit_land-0", draw(st.sampled_from([50.0, 50.0, 5.0, None]))),),
        objectives=(_objective("water-0", draw(st.sampled_from([1.0, 9.0, 9.0, None]))),),
        needs_clause=draw(st.integers(0, 4)) == 0,
    )


def naming(unit: str, number: int) -> Clause:
    """A clause that names a unit and asks nothing, so that the list is silent about none."""
    return Clause(
        id=f"U{number}",
        level=Level.UNIT,
        dimension=Dimension.SPACE,
        scope=Scope(units=frozenset({unit})),
        industries=IndustrySet(),
        effect=Effect.PERMIT,
        wording=WORDS,
        basis="",
        valid_from=date(2020, 1, 1),
        row="",
    )


def _ceiling(holder: str, cap: float | None) -> Ceiling:
    return Ceiling(
        holder=holder,
        holder_name=holder,
        resource=WORDS,
        metric="",
        fact="coal",
        per_fact=1.0,
        cap=cap,
        used=1.0,
        unit="t",
        year=2025,
        effect=Effect.PROHIBIT,
        wording="",
        basis="",
        verified=False,
    )


def _objective(holder: str, state: float | None) -> Objective:
    return Objective(
        holder=holder,
        holder_name=holder,
        element=WORDS,
        metric="",
        fact="water_objective_met",
        emission_fact="discharges",
        target=3.0,
        state=state,
        target_text="3",
        state_text="",
        unit="",
        year=2025,
        effect=Effect.CONDITIONAL,
        wording="",
        basis="",
        verified=False,
    )


facts: st.SearchStrategy[dict[str, FactValue]] = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(FACTS, st.booleans()), "coal": st.sampled_from([0.0, 3.0, 30.0])}
)
everything: st.SearchStrategy[dict[str, FactValue]] = st.fixed_dictionaries(
    {**dict.fromkeys(FACTS, st.booleans()), "coal": st.sampled_from([0.0, 3.0, 30.0])}
)
mostly = st.one_of(everything, facts)
industries = st.lists(st.sampled_from(["C2614", "C26", "C", "I6511"]), min_size=1, max_size=2, unique=True).map(
    lambda codes: tuple(Industry(code=code, name=code, lineage=lineage_of(code)) for code in codes)
)


def projects(
    told: st.SearchStrategy[dict[str, FactValue]] = mostly,
) -> st.SearchStrategy[Project]:
    """Projects that declare something."""
    kinds = st.sampled_from([Construction.NEW, Construction.UPGRADE, None])
    return st.builds(Project, name=st.just(""), industries=industries, construction=kinds, facts=told)

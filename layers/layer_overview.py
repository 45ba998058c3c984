"""What each layer of a release holds, in numbers and places: the map in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import shapely

from layers.loaded import LoadedLayer
from layers.snapshot import Snapshot
from screening.model import Layer, ZoneClass

ROLES = ("unit", "element", "special", "reference")  # in the order in which maps and lists name them
DISTRICT = "district"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOverview:
    """One layer in numbers.

    Attributes:
        by_class: Zones of each class, the strictest first; empty for a layer without classes.
        by_district: Code, name and number of zones, each counted once, in the district of a point inside it.
        elsewhere: Zones whose inner point lies in no district, as at sea.
    """

    layer: Layer
    zones: int
    by_class: tuple[tuple[ZoneClass, int], ...]
    by_district: tuple[tuple[str, str, int], ...]
    elsewhere: int


def shown_layers(snapshot: Snapshot) -> list[LoadedLayer]:
    """Layers of a release that a map shows and may be asked about, by role and then as the jurisdiction lists them.

    Those whose geometry the city does not publish are left out.
    """
    order = list(snapshot.jurisdiction.layers)
    shown = [one for one in snapshot.layers.values() if not one.is_hidden]
    return sorted(shown, key=lambda one: (ROLES.index(one.layer.role), order.index(one.layer.id)))


def layer_overviews(snapshot: Snapshot) -> tuple[LayerOverview, ...]:
    """Every layer shown, in numbers and places."""
    return tuple(_overview(loaded, snapshot) for loaded in shown_layers(snapshot))


def _overview(loaded: LoadedLayer, snapshot: Snapshot) -> LayerOverview:
    classes = Counter(zone.cls for zone in loaded.zones if zone.cls is not None)
    districts = _by_district(loaded, snapshot)
    return LayerOverview(
        layer=loaded.layer,
        zones=len(loaded.zones),
        by_class=tuple(sorted(classes.items())),
        by_district=districts,
        elsewhere=len(loaded.zones) - sum(count for _, _, count in districts),
    )


def _by_district(loaded: LoadedLayer, snapshot: Snapshot) -> tuple[tuple[str, str, int], ...]:
    known = snapshot.layers.get(DISTRICT)
    if known is None:
        return ()
    inside = shapely.point_on_surface(loaded.shapes)
    points, found = known.tree.query(inside, predicate="intersects")
    first = dict(zip(points[::-1].tolist(), found[::-1].tolist(), strict=True))  # a point on a border counts once
    counts = Counter(first.values())
    rows = [(known.zones[index], count) for index, count in counts.items()]
    return tuple((zone.code, zone.name, count) for zone, count in sorted(rows, key=lambda row: row[0].code))

"""Where the ground under cases changed between two releases: zones that changed, and what was written anew for named units.

A row of the access list, of the ceilings or the objectives has a place where it names units, zones or districts. What names none may speak
anywhere, so it is handed back by itself: nobody may read a list of places as if it held everything that changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import shapely

from layers.codec import layer_from_json
from layers.difference import Pair, Row, RowChange
from layers.zone_table import read_zones
from screening.words import Text

_ROLES = ("unit", "reference", "element")  # in which a named code is looked for: units, districts, zones
_MOST_NAMED = 6
_LAYERS = "layers"
_DECIDING = ("role", "realm", "required", "tiles", "accuracy_m", "current_until", "nearest_m", "needs_clause")
Named = dict[tuple[str, str], list[RowChange]]  # by table and code


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPlace:
    """One place at which something changed.

    Attributes:
        layer: Its id.
        kind: As of a `ZoneChange`; or the table, where rows about the zone changed.
        said: What it was and is, or which rows changed; empty where the kind says all.
        where: On the plane of the later release.
        accuracy_m: Of the layer, the worse of both releases: so near, nobody knows on which side of a border a site lies.
        is_withheld: Whether either release does not publish the layer in full, so that no distance may be told.
    """

    layer: str
    layer_name: Text
    code: str
    name: str
    kind: str
    said: Text
    where: shapely.Geometry
    accuracy_m: float
    is_withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPlaces:
    """All places, and what changed without one.

    Attributes:
        epsg: Of the plane.
        everywhere: Rows that name no unit, zone or district of either release, and layers that came, went or speak otherwise as a whole.
    """

    old: str
    new: str
    epsg: int
    places: tuple[ChangedPlace, ...]
    everywhere: tuple[RowChange, ...]


def changed_places(old: Path, new: Path) -> ChangedPlaces:
    """The places of two release folders.

    Raises:
        BrokenReleaseError: A part of either is missing or changed.
    """
    pair = Pair.opened(old, new)
    of_zones = [
        _place(pair, one.change.layer, one.change.code, one.change.name, one.change.kind, said, one.where)
        for one in pair.zones()
        for said in [_said(one.change.before, one.change.after)]
    ]
    named, everywhere = _named(pair)
    of_rows = list(_placed(pair, named))
    placed = {(one.kind, one.code) for one in of_rows}
    left = [change for key, changes in named.items() if key not in placed for change in changes]
    return ChangedPlaces(
        old=pair.was["id"],
        new=pair.now["id"],
        epsg=pair.plane.epsg,
        places=(*of_zones, *of_rows),
        everywhere=tuple(dict.fromkeys((*everywhere, *left, *_layer_changes(pair)))),
    )


def _layer_changes(pair: Pair) -> Iterator[RowChange]:
    """Layers of which more changed than zones: whether there is one, how exact and how current it is, what it must cover."""
    was, now = (
        {name: layer_from_json(one) for name, one in manifest["layers"].items()} for manifest in (pair.was, pair.now)
    )
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name), now.get(name)
        if old is None or new is None:
            kind, layer = ("added", new) if old is None else ("removed", old)
            yield RowChange(table=_LAYERS, key=name, kind=kind, text=layer.name.zh if layer else "", fields=())
            continue
        fields = tuple(
            (field, str(before), str(after))
            for field in _DECIDING
            if (before := getattr(old, field)) != (after := getattr(new, field))
        )
        if fields:
            yield RowChange(table=_LAYERS, key=name, kind="changed", text=new.name.zh, fields=fields)


def _named(pair: Pair) -> tuple[Named, list[RowChange]]:
    """Changed rows by the codes they name in either release, and those that name none in one of them."""
    named: Named = defaultdict(list)
    everywhere = []
    districts = {name: code for city in pair.cities for code, name in city.districts.items()}
    for table in pair.tables():
        for change in table.changes():
            rows = [rows[change.key] for rows in (table.was, table.now) if change.key in rows]
            codes = [_codes(row, districts) for row in rows]
            if not all(codes):
                everywhere.append(change)
                continue
            for code in sorted(set().union(*codes)):
                named[table.name, code].append(change)
    return named, everywhere


def _codes(row: Row, districts: Mapping[str, str]) -> set[str]:
    """Units a clause is bound to, or else its districts, which it names; who holds a ceiling or an objective."""
    if "holder" in row:
        return {str(row["holder"])}
    return set(row["units"]) or {districts.get(one, one) for one in row["districts"]}


def _placed(pair: Pair, named: Named) -> Iterator[ChangedPlace]:
    """A place for every table and code whose zone is found, in the later release or else in the earlier."""
    wanted = {code for _, code in named}
    for layer_id in _layers(pair):
        if not wanted:
            return
        for code, name, where in _zones(pair, layer_id, wanted):
            wanted.discard(code)
            for table in dict.fromkeys(table for table, of in named if of == code):
                keys = [one.key for one in named[table, code]]
                yield _place(pair, layer_id, code, name, table, _listed(keys), where)


def _layers(pair: Pair) -> list[str]:
    layers = {**pair.was["layers"], **pair.now["layers"]}
    return sorted((one for one in layers if layers[one]["role"] in _ROLES), key=lambda one: _order(layers[one]))


def _order(layer: Row) -> tuple[int, str]:
    return _ROLES.index(layer["role"]), layer["id"]


def _zones(pair: Pair, layer_id: str, wanted: Iterable[str]) -> Iterator[tuple[str, str, shapely.Geometry]]:
    seen: set[str] = set()
    for folder, manifest in ((pair.new, pair.now), (pair.old, pair.was)):
        if layer_id not in manifest["layers"]:
            continue
        zones = read_zones(folder, manifest, layer_id)
        sought = set(wanted) - seen
        here = [i for i, row in enumerate(zones.rows) if row["code"] in sought]
        for i, shape in zip(here, pair.plane.from_degrees(zones.shapes[here]), strict=True):
            code, name = zones.rows[i]["code"], zones.rows[i]["name"]
            seen.add(code)
            yield code, name, shape


def _place(
    pair: Pair, layer_id: str, code: str, name: str, kind: str, said: Text, where: shapely.Geometry
) -> ChangedPlace:
    layers = [one["layers"][layer_id] for one in (pair.was, pair.now) if layer_id in one["layers"]]
    return ChangedPlace(
        layer=layer_id,
        layer_name=Text(**layers[-1]["name"]),
        code=code,
        name=name,
        kind=kind,
        said=said,
        where=where,
        accuracy_m=max(one["accuracy_m"] or 0.0 for one in layers),
        is_withheld=pair.cell_m2(layer_id) is not None,
    )


def _said(before: str, after: str) -> Text:
    words = f"{before} → {after}" if before or after else ""
    return Text(words, words)


def _listed(keys: list[str]) -> Text:
    first, more = keys[:_MOST_NAMED], len(keys) - _MOST_NAMED
    zh, en = "、".join(first), ", ".join(first)
    return Text(zh, en) if more <= 0 else Text(f"{zh} 等 {len(keys)} 条", f"{en} and {more} more")

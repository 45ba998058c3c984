"""Vector tiles of a release: Mapbox Vector Tile 2.1, one layer a tile, web-mercator squares."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import mapbox_vector_tile
import numpy as np
import shapely

from layers.loaded import LoadedLayer, Shapes
from layers.snapshot import Snapshot
from screening.crs import to_web_mercator
from screening.errors import NoSuchPageError, NotPublishedError

WORLD_M = 40_075_016.685578488  # side of the web-mercator square, EPSG:3857 metres
EXTENT = 4096
MARGIN = 64 / EXTENT  # drawn beyond the tile so that outlines meet
FINEST_SIMPLIFIED = 14  # from here on tiles carry every vertex
MOST_TILES = 4096
DEEPEST = 18


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One layer's shapes in web mercator, fit for one zoom."""

    shapes: Shapes
    tree: shapely.STRtree


class TileMaker:
    """Cuts tiles on demand and remembers them by release, layer, zoom and place."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[tuple[str, str, int, int, int], bytes] = OrderedDict()
        self._drawn: dict[tuple[str, str, int], _Drawn] = {}
        self._lock = threading.Lock()
        self._fitting = threading.Lock()

    def tile(self, snapshot: Snapshot, layer_id: str, z: int, x: int, y: int) -> bytes:
        """One tile; empty bytes where the layer has nothing.

        Raises:
            NoSuchPageError: No such layer, or a place outside the pyramid.
            NotPublishedError: The city does not publish the layer's geometry.
        """
        loaded = snapshot.layers.get(layer_id)
        if loaded is None or not 0 <= z <= DEEPEST or not (0 <= x < 2**z and 0 <= y < 2**z):
            raise NoSuchPageError.of(f"/tiles/{snapshot.release.id}/{layer_id}/{z}/{x}/{y}.mvt")
        if loaded.disclosure and loaded.is_hidden:
            raise NotPublishedError.of(loaded.layer.name, loaded.disclosure.source)
        key = (snapshot.release.id, layer_id, z, x, y)
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        drawn = self._fit_for(snapshot, loaded, min(z, FINEST_SIMPLIFIED))
        made = _encode(loaded, drawn, z, x, y)
        with self._lock:
            self._tiles[key] = made
            while len(self._tiles) > MOST_TILES:
                self._tiles.popitem(last=False)
        return made

    def prepare(self, snapshot: Snapshot, zooms: range, stopped: Callable[[], bool]) -> None:
        """Fit every layer for some zooms, so that the first visitor need not wait for it; ends early once stopped."""
        for zoom in zooms:
            for loaded in snapshot.layers.values():
                if stopped():
                    return
                if loaded.is_hidden:
                    continue
                self._fit_for(snapshot, loaded, zoom)

    def _fit_for(self, snapshot: Snapshot, loaded: LoadedLayer, zoom: int) -> _Drawn:
        key = (snapshot.release.id, loaded.layer.id, zoom)
        found = self._drawn.get(key)
        if found is None:
            with self._fitting:
                found = self._drawn.get(key) or _fitted(snapshot, loaded, zoom)
                self._drawn[key] = found
        return found


def _fitted(snapshot: Snapshot, loaded: LoadedLayer, zoom: int) -> _Drawn:
    shapes = to_web_mercator(snapshot.published_degrees(loaded.layer.id))
    if zoom < FINEST_SIMPLIFIED:
        shapes = _simplified(loaded, shapes, WORLD_M / 2**zoom / 512)
    return _Drawn(shapes=shapes, tree=shapely.STRtree(shapes))


def _simplified(loaded: LoadedLayer, shapes: Shapes, tolerance_m: float) -> Shapes:
    """Shapes within about half a pixel; shared borders stay shared in a layer that tiles."""
    if loaded.layer.tiles and shapely.coverage_is_valid(shapes):
        simple: Shapes = shapely.coverage_simplify(shapes, tolerance_m)
        return simple
    plain: Shapes = shapely.simplify(shapes, tolerance_m, preserve_topology=False)
    return plain


def _encode(loaded: LoadedLayer, drawn: _Drawn, z: int, x: int, y: int) -> bytes:
    side = WORLD_M / 2**z
    west, north = x * side - WORLD_M / 2, WORLD_M / 2 - y * side
    window = (west - MARGIN * side, north - side - MARGIN * side, west + side + MARGIN * side, north + MARGIN * side)
    found = np.sort(drawn.tree.query(shapely.box(*window), predicate="intersects"))
    clipped = shapely.clip_by_rect(drawn.shapes[found], *window)
    grid = EXTENT / side
    pixels = shapely.transform(clipped, lambda points: np.round((points - (west, north)) * (grid, -grid)))
    features = [
        {"geometry": shape, "properties": _properties(loaded, int(i))}
        for i, shape in zip(found, pixels, strict=True)
        if not shapely.is_empty(shape)
    ]
    if not features:
        return b""
    encoded: bytes = mapbox_vector_tile.encode(
        [{"name": loaded.layer.id, "features": features}],
        default_options={"y_coord_down": True, "extents": EXTENT},
    )
    return encoded


def _properties(loaded: LoadedLayer, position: int) -> dict[str, str]:
    zone = loaded.zones[position]
    return {
        "code": zone.code,
        "name": zone.name,
        "cls": str(int(zone.cls)) if zone.cls else "",
        "subtype": zone.subtype,
    }

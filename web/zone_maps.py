"""The large zone map as Folium makes it: one map, or two that move together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from folium.elements import JSCSSMixin
from folium.template import Template

from layers.base_maps import BaseMap
from screening.words import Language
from web.maps import (
    DEEPEST_ZOOM,
    FIRST_ZOOM,
    VENDOR,
    Extent,
    MapLayer,
    MapParts,
    OfflineMap,
    checked_parts,
    layer_config,
    name_steadily,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRelease:
    """What a map must know of the release it shows.

    Attributes:
        bounds: The jurisdiction's extent, west, south, east, north, EPSG:4490 degrees.
        layers: In the order in which the tree lists them.
        attribution: Whose data it is.
        review: The line about the 审图号.
    """

    id: str
    bounds: Extent
    layers: tuple[MapLayer, ...]
    attribution: str
    review: str


class TiledZones(JSCSSMixin):
    """Our vector-tile layers on a Folium map, as the JSON element `config-…` of the page describes them."""

    default_js = [  # noqa: RUF012  Folium's own attribute
        ("protomaps_leaflet", f"{VENDOR}/protomaps-leaflet/protomaps-leaflet.js"),
        ("zones", "/static/zones.js"),
        ("zone_map", "/static/zone_map.js"),
    ]
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            ZoneMap.start({{ this._parent.get_name() }}, {{ this.element|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, element: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name = "TiledZones"
        self.element = element


def large_map(bounds: Extent, name: str) -> MapParts:
    """A map that never leaves its bounds; `name` keeps two on one page apart.

    Raises:
        ValueError: A part would load something from another host.
    """
    west, south, east, north = bounds
    page = OfflineMap(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=FIRST_ZOOM,
        tiles=None,
        zoom_control=False,
        max_bounds=True,
        min_lat=south,
        min_lon=west,
        max_lat=north,
        max_lon=east,
        max_bounds_viscosity=1.0,
    )
    TiledZones(f"config-{name}").add_to(page)
    name_steadily(page, name)
    return checked_parts(page)


def map_config(
    shown: ShownRelease, language: Language, words: Mapping[str, str], base: BaseMap | None
) -> dict[str, object]:
    """What the map's script reads: bounds, layers with their styles, the lines printed on it, and its words."""
    west, south, east, north = shown.bounds
    return {
        "release": shown.id,
        "bounds": [[south, west], [north, east]],
        "attribution": shown.attribution,
        "review": shown.review,
        "max_zoom": DEEPEST_ZOOM,
        "words": dict(words),
        "layers": [layer_config(layer, shown.id, language) for layer in shown.layers],
        "base": _base(base, language),
    }


def _base(base: BaseMap | None, language: Language) -> dict[str, object] | None:
    if base is None:
        return None
    return {
        "id": base.id,
        "title": base.name.in_(language),
        "attribution": base.attribution.in_(language),
        "tiles": list(base.tiles),
        "min_zoom": base.min_zoom,
        "max_zoom": base.max_zoom,
    }

"""The zone map: Folium makes it, every script and style comes from our own host, zones come as vector tiles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from folium.plugins import Draw
from folium.template import Template

from screening.words import Language, Text
from web.catalogue import LABELS, words
from web.styles import STYLES, UNKNOWN

VENDOR = "/static/vendor"
FIRST_ZOOM = 9
MAP_LABELS = ("draw_", "layer", "opacity", "zoom_")  # beginnings of the labels that the map itself prints
DEEPEST_ZOOM = 18
_OUTSIDE = re.compile(r"""(?:src|href)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)""", re.IGNORECASE)

Extent = tuple[float, float, float, float]  # west, south, east, north; EPSG:4490 degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLayer:
    """One layer as the map offers it.

    Attributes:
        id: Layer id of the release; also the name of the one layer inside its tiles.
        group: `unit`, `element`, `special` or `reference`, the heading it is listed under.
        visible: Whether it is switched on at first.
        style: Key into `web.styles.STYLES`; an unknown key is drawn in neutral grey rather than not at all.
        min_zoom, max_zoom: Zooms at which it is drawn.
    """

    id: str
    title: Text
    group: str
    visible: bool
    style: str
    min_zoom: int = 0
    max_zoom: int = DEEPEST_ZOOM


@dataclass(frozen=True, slots=True)
class MapParts:
    """What a page template must place: links for its head, the map's element, and the script after it."""

    head: str
    body: str
    script: str


class OfflineMap(folium.Map):
    """A Folium map that needs Leaflet alone, and leaves title, viewport and page styles to the template."""

    default_js = [("leaflet", f"{VENDOR}/leaflet/leaflet.js")]  # noqa: RUF012  Folium's own attribute
    default_css = [("leaflet_css", f"{VENDOR}/leaflet/leaflet.css")]  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }},
                crs: L.CRS.{{ this.crs }},
                ...{{ this.options|tojavascript }}
            });
        {% endmacro %}
        """
    )


class OfflineDraw(Draw):
    """Folium's drawing tools from our own host."""

    default_js = [("leaflet_draw_js", f"{VENDOR}/leaflet-draw/leaflet.draw.js")]  # noqa: RUF012
    default_css = [("leaflet_draw_css", f"{VENDOR}/leaflet-draw/leaflet.draw.css")]  # noqa: RUF012


class ZoneLayers(JSCSSMixin):
    """Our vector-tile layers with legend, opacity, attribution and drawing texts; `static/zones.js` does the work."""

    default_js = [  # noqa: RUF012
        ("protomaps_leaflet", f"{VENDOR}/protomaps-leaflet/protomaps-leaflet.js"),
        ("zones", "/static/zones.js"),
    ]
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            ThreeLines.zones({{ this._parent.get_name() }}, {{ this.drawn.get_name() }}, {{ this.config|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, drawn: folium.FeatureGroup, config: Mapping[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name = "ZoneLayers"
        self.drawn = drawn
        self.config = config


def zone_map(
    layers: Sequence[MapLayer],
    *,
    release_id: str,
    bounds: Extent,
    center: tuple[float, float] | None = None,
    language: Language,
    attribution: str = "",
    review: str = "",
) -> MapParts:
    """The zone map of one release, in parts for our own template.

    Args:
        layers: In the order in which the legend lists them.
        release_id: Release whose tiles are shown.
        bounds: The jurisdiction; the map never leaves it.
        center: Longitude and latitude to open at; None for the middle of `bounds`.
        language: Language of labels and drawing texts. Zone names come from the data as they are.
        attribution: Whose data it is, as printed on the map.
        review: The line about the 审图号, as printed on the map.

    Raises:
        ValueError: A part would load something from another host.
    """
    west, south, east, north = bounds
    lon, lat = center or ((west + east) / 2, (south + north) / 2)
    page = OfflineMap(
        location=(lat, lon),
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
    drawn = folium.FeatureGroup(name="site", control=False)
    drawn.add_to(page)
    ZoneLayers(drawn, _config(layers, release_id, bounds, language, attribution, review)).add_to(page)
    _drawing(drawn).add_to(page)
    name_steadily(page)
    return checked_parts(page)


def review_line(number: str, *, demonstration: bool, language: Language) -> str:
    """The 审图号 line: the number, or plainly that there is none.

    >>> review_line("", demonstration=True, language="zh")
    '审图号：无（示例数据）'
    """
    if number:
        return LABELS["map_review"].filled(number=number).in_(language)
    return LABELS["map_review_none" if demonstration else "map_review_missing"].in_(language)


def outside_addresses(markup: str) -> list[str]:
    """Addresses on other hosts that the markup would load or link to.

    >>> outside_addresses('<script src="/static/a.js"></script><link href="https://cdn.example/b.css">')
    ['https://cdn.example/b.css']
    """
    return _OUTSIDE.findall(markup)


def _drawing(drawn: folium.FeatureGroup) -> OfflineDraw:
    shape = {"shapeOptions": {"color": "#1d3f8f", "weight": 3, "fillOpacity": 0.15}}
    return OfflineDraw(  # type: ignore[no-untyped-call]  # Folium's own plugin has no types
        feature_group=drawn,
        show_geometry_on_click=False,
        draw_options={
            "polygon": {**shape, "allowIntersection": False, "showArea": False},
            "rectangle": {**shape, "showArea": False},
            "polyline": shape,
            "marker": True,
            "circle": False,
            "circlemarker": False,
        },
        edit_options={"remove": False},
    )


def _config(
    layers: Sequence[MapLayer], release_id: str, bounds: Extent, language: Language, attribution: str, review: str
) -> dict[str, object]:
    west, south, east, north = bounds
    return {
        "bounds": [[south, west], [north, east]],
        "attribution": attribution,
        "review": review,
        "max_zoom": DEEPEST_ZOOM,
        "words": {name: text for name, text in words(language).items() if name.startswith(MAP_LABELS)},
        "layers": [layer_config(layer, release_id, language) for layer in layers],
    }


def layer_config(layer: MapLayer, release_id: str, language: Language) -> dict[str, object]:
    """A layer as the map's scripts take it."""
    style = STYLES.get(layer.style, UNKNOWN)
    rules = [{**asdict(rule), "label": rule.label.in_(language) if rule.label else ""} for rule in style.rules]
    return {
        "id": layer.id,
        "title": layer.title.in_(language),
        "group": LABELS[f"group_{layer.group}"].in_(language),
        "url": f"/tiles/{release_id}/{layer.id}/{{z}}/{{x}}/{{y}}.mvt",
        "visible": layer.visible,
        "min_zoom": layer.min_zoom,
        "max_zoom": layer.max_zoom,
        "order": style.order,
        "base": style.base,
        "rules": rules,
        "names": asdict(style.names) if style.names else None,
    }


def name_steadily(page: OfflineMap, name: str = "zones") -> None:
    """Give elements names that depend on their place, not on chance: one release, one page, byte for byte."""
    page._id = name
    for position, child in enumerate(page._children.values()):
        child._id = f"{name}_{position}"


def checked_parts(page: OfflineMap) -> MapParts:
    """What the template must place.

    Raises:
        ValueError: A part would load something from another host.
    """
    figure = page.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a Folium map stands in a figure")
    figure.header.add_child(Element(""), name="meta_http")  # the template states the character set itself
    figure.render()
    parts = MapParts(head=figure.header.render(), body=figure.html.render(), script=figure.script.render())
    found = [address for part in (parts.head, parts.body, parts.script) for address in outside_addresses(part)]
    if found:
        raise ValueError(f"the map would load from other hosts: {', '.join(found)}")
    return parts

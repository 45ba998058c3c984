"""From what people write to sites, saying how it was read and what else it could have meant.

Longitude and latitude in degrees or in degrees, minutes and seconds, Gauss–Krüger metres, corner points line by line,
links to maps, WKT and GeoJSON. Nothing is guessed: one plausible reading is taken and named, several are a question,
none is an error that says what comes nearest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely

from screening.crs import Plane
from screening.errors import (
    UnreadableSiteError,
)
from screening.map_links import Provider, find_links
from screening.model import Site
from screening.number_blocks import linked_sites, numbered_sites
from screening.numerals import shortened
from screening.readings import Declaration, Extent
from screening.structured_text import geojson_sites, parsed_json, wkt_sites
from screening.understood import Circumstances, Understood
from screening.words import Text


def understand(
    written: str,
    *,
    plane: Plane,
    extent: Extent | None = None,
    declared: Declaration | None = None,
    providers: Sequence[Provider] = (),
) -> tuple[Understood, ...]:
    """Every site somebody wrote as text, in order.

    Args:
        written: One or several sites in any of the forms.
        plane: The jurisdiction's plane; coordinates may be written in it.
        extent: West, south, east, north of the jurisdiction in degrees; a reading outside is not plausible.
            None takes the whole world, so that more remains a question.
        declared: What the applicant states besides the text.
        providers: Map providers whose links and names are known.

    Raises:
        UnreadableSiteError: Nothing in it can be read as coordinates.
    """
    asked = Circumstances(plane=plane, extent=extent, declared=declared or Declaration(), providers=tuple(providers))
    if written.lstrip()[:1] in ("{", "["):
        content = parsed_json(written)
        if isinstance(content, dict):
            return geojson_sites(content, written, asked)
    if sites := wkt_sites(written, asked):
        return sites
    text = shortened(written)
    links = find_links(text, providers)
    found = linked_sites(links, text, asked) if links else numbered_sites(text, asked)
    return (replace(found[0], as_written=written),) if len(found) == 1 else found


def read_site(
    written: str,
    *,
    plane: Plane,
    name: str = "",
    width_m: float | None = None,
    extent: Extent | None = None,
    declared: Declaration | None = None,
    providers: Sequence[Provider] = (),
) -> Site:
    """The one site somebody wrote as text.

    Args:
        written: Any form that `understand` reads.
        plane: Where the width of a line is laid out.
        name: What the applicant calls the site.
        width_m: Full width of a line, metres; needed for lines only.
        extent: Of the jurisdiction, to tell one reading from another.
        declared: What the applicant states besides the text.
        providers: Map providers whose links and names are known.

    Raises:
        UnreadableSiteError: It is none of these, or several sites, or a line without a width.
        AmbiguousSiteError: Several readings are plausible.
        UnconfirmedDatumError: It looks like a map provider's shifted coordinates.
        SiteOutsideError: No reading lies inside.
        InvalidSiteError: The boundary crosses itself or encloses nothing.

    >>> read_site("120.38, 36.07", plane=Plane(4549)).geometry.wkt
    'POINT (120.38 36.07)'
    >>> read_site("E120°22′48″，N36°4′12″", plane=Plane(4549)).accuracy_m
    15.462
    """
    declared = _with_width(declared, width_m)
    found = understand(written, plane=plane, extent=extent, declared=declared, providers=providers)
    return _only(found, written, declared).site(plane=plane, name=name)


def read_geojson(
    content: Mapping[str, Any],
    *,
    plane: Plane,
    name: str = "",
    width_m: float | None = None,
    extent: Extent | None = None,
    declared: Declaration | None = None,
) -> Site:
    """The site in a GeoJSON geometry, feature, or collection of one feature (RFC 7946).

    Raises:
        UnreadableSiteError: It is not such an object, or holds several features.
        InvalidSiteError: The boundary crosses itself or encloses nothing.
    """
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    asked = Circumstances(plane=plane, extent=extent, declared=_with_width(declared, width_m), providers=())
    return _only(geojson_sites(content, written, asked), written, asked.declared).site(plane=plane, name=name)


def _with_width(declared: Declaration | None, width_m: float | None) -> Declaration:
    declared = declared or Declaration()
    return declared if width_m is None else replace(declared, width_m=width_m)


def _only(found: Sequence[Understood], written: str, declared: Declaration) -> Understood:
    if len(found) == 1:
        return found[0]
    if declared.radius_m is not None and all(one.taken and one.taken.geometry.geom_type == "Point" for one in found):
        return _together([one for one in found if one.taken], written)
    why = Text(
        f"这里有 {len(found)} 处选址，每次只研判一处", f"there are {len(found)} sites; one is screened at a time"
    )
    raise UnreadableSiteError.of(written, why)


def _together(points: Sequence[Understood], written: str) -> Understood:
    """Points written one by one as the points of one project."""
    read = [one.taken for one in points if one.taken is not None]
    taken = replace(
        read[0],
        geometry=shapely.MultiPoint([shapely.get_coordinates(one.geometry)[0] for one in read]),
        accuracy_m=max(one.accuracy_m for one in read),
    )
    names = tuple(one.name for one in points)
    return replace(points[0], name="", as_written=written, taken=taken, others=(), names=names)

"""What somebody asks, as written, and how it is read: the project, and the site in a release's jurisdiction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from layers.facts import declarations, particular_schema, particulars
from layers.industries import classification
from layers.map_providers import map_providers
from layers.snapshot import Snapshot
from screening.coordinates import read_geojson, read_site
from screening.crs import AreaMethod
from screening.datums import Datum
from screening.errors import NoIndustryError
from screening.layouts import AxisOrder
from screening.model import Construction, Project, Site
from screening.particulars import require_consistent
from screening.readings import Declaration


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, as written.

    Attributes:
        geometry: GeoJSON in EPSG:4490 degrees; None where `text` says it.
        text: Coordinates in any form that `screening.coordinates` reads, a link to a map, WKT or GeoJSON as text.
        declared: What the applicant states about the coordinates of `text`.
        industries: GB/T 4754 codes, with or without section letter.
        width_m: Full width of a line, metres.
        start_m: Station at which a line starts, metres.
        radius_m: Around each point, metres; rows of points are points then, not corners.
        accuracy_m: How well the applicant knows the site, metres; None if nothing is said.
        district: Where the applicant says the site is, name or six-digit code; empty if nothing is said.
        declared_area_m2: What the applicant says its area is; None if nothing is said.
        area_method: By which areas are computed.
        facts: Declared facts by name, numbers perhaps with a unit; None or empty stands for not declared.
        particulars: Fields of the EIA report form by name, likewise.
        as_of: Day asked for; None for today.
    """

    geometry: Mapping[str, object] | None = None
    text: str = ""
    declared: Declaration | None = None
    site_name: str = ""
    width_m: float | None = None
    accuracy_m: float | None = None
    start_m: float = 0.0
    radius_m: float | None = None
    district: str = ""
    declared_area_m2: float | None = None
    project_name: str = ""
    industries: tuple[str, ...] = ()
    construction: Construction | None = None
    facts: Mapping[str, object]
    particulars: Mapping[str, object] = field(default_factory=dict)
    area_method: AreaMethod = AreaMethod.PLANE
    as_of: date | None = None


class StatedCoordinates(Protocol):
    """A statement about coordinates as it came through a door."""

    datum: Datum | None
    epsg: int | None
    axes: AxisOrder | None


def declaration(stated: StatedCoordinates | None) -> Declaration:
    """What an applicant stated, as the core takes it."""
    return Declaration(datum=stated.datum, epsg=stated.epsg, axes=stated.axes) if stated else Declaration()


def project_of(question: Question) -> Project:
    """The project a question is about.

    Raises:
        ThreeLinesError: An industry or a fact cannot be read.
    """
    if not question.industries:
        raise NoIndustryError.of("project.industries")
    found = [
        classification().find(code, field=f"project.industries[{position}]")
        for position, code in enumerate(question.industries)
    ]
    facts, stated = declarations(question.facts), particulars(question.particulars)
    require_consistent(stated.values, particular_schema())
    return Project(
        name=question.project_name,
        industries=tuple(sorted(set(found), key=lambda industry: industry.code)),
        construction=question.construction,
        facts=facts.values,
        particulars=stated.values,
        conversions=(*facts.conversions, *stated.conversions),
    )


def site_of(question: Question, snapshot: Snapshot) -> Site:
    """The site a question is about.

    Raises:
        ThreeLinesError: It cannot be read, or lies beyond the jurisdiction.
    """
    plane, extent = snapshot.jurisdiction.plane, snapshot.jurisdiction.extent
    name = question.site_name
    declared = replace(
        (question.declared if question.geometry is None else None) or Declaration(),
        width_m=question.width_m,
        start_m=question.start_m,
        radius_m=question.radius_m,
    )
    if question.geometry is not None:
        site = read_geojson(question.geometry, plane=plane, name=name, extent=extent, declared=declared)
    else:
        site = read_site(
            question.text,
            plane=plane,
            name=name,
            extent=extent,
            declared=declared,
            providers=map_providers(),
        )
    if question.accuracy_m is None:
        return site
    return replace(site, accuracy_m=max(question.accuracy_m, site.accuracy_m or 0.0))

"""A delivery as it describes itself, in TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from layers.described import CURE, DeliveredLayerTable, DeliveryTable, ProfileTable, described, read_toml
from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.vector import Declared
from layers.zones import Profile
from screening.errors import DeliveryError
from screening.model import Layer, Nature
from screening.words import Text

DELIVERY = "delivery.toml"
JURISDICTION = "jurisdiction.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredLayer:
    """One layer of a delivery: where it lies and what its maker says of it.

    Attributes:
        file: Within the delivery folder; empty where a database holds it.
        database: SQLAlchemy URL of a PostGIS database; empty where a file holds it.
        profile: What its source calls columns and classes.
        responsible: The authority that answers for it; blank where the delivery does not say.
    """

    layer: Layer
    file: str
    database: str
    table: str
    declared: Declared
    profile: Profile
    responsible: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A folder a city hands over, as its `delivery.toml` describes it.

    Attributes:
        approval: The document that put it in force.
        approved_on: Day of that document; None where the delivery does not say.
        filing_number: 备案号 with the province; empty where the delivery does not say.
    """

    folder: Path
    jurisdiction: Jurisdiction
    jurisdiction_content: Mapping[str, Any]
    title: Text
    nature: Nature
    effective_from: date
    effective_until: date | None
    approval: Text
    approved_on: date | None
    filing_number: str
    prepared_by: str
    layers: tuple[DeliveredLayer, ...]
    access_list_file: str
    list_version: str
    lines_file: str


def read_delivery(folder: Path) -> Delivery:
    """The delivery a folder describes in `delivery.toml`, its jurisdiction included.

    Raises:
        DeliveryError: A file is missing, is no TOML, or a key is missing or wrong.
    """
    table = described(DeliveryTable, read_toml(folder / DELIVERY, DELIVERY), DELIVERY)
    about = table.delivery
    own = read_toml(folder / about.jurisdiction, DELIVERY)
    jurisdiction = read_jurisdiction(own, JURISDICTION)
    if about.city != jurisdiction.code:
        text = Text(f"city {about.city} 不是辖区 {jurisdiction.code}", f"city {about.city} is not {jurisdiction.code}")
        raise DeliveryError.wrong(DELIVERY, text, CURE)
    return Delivery(
        folder=folder,
        jurisdiction=jurisdiction,
        jurisdiction_content=own,
        title=Text(about.title_zh, about.title_en),
        nature=Nature(about.nature),
        effective_from=about.effective_from,
        effective_until=about.effective_until,
        approval=Text(about.approval_zh, about.approval_en),
        approved_on=about.approved_on,
        filing_number=about.filing_number,
        prepared_by=about.prepared_by,
        layers=tuple(_layer(row, jurisdiction, folder) for row in table.layer),
        access_list_file=table.access_list.file,
        list_version=table.access_list.version,
        lines_file=table.lines.file,
    )


def _layer(row: DeliveredLayerTable, jurisdiction: Jurisdiction, folder: Path) -> DeliveredLayer:
    if row.id not in jurisdiction.layers:
        text = Text(f"{JURISDICTION} 没有图层“{row.id}”", f"{JURISDICTION} has no layer “{row.id}”")
        raise DeliveryError.wrong(DELIVERY, text, CURE, candidates=sorted(jurisdiction.layers))
    return DeliveredLayer(
        layer=jurisdiction.layer(
            row.id, accuracy_m=row.accuracy_m, surveyed=row.surveyed, source=Text(row.source_zh, row.source_en)
        ),
        file=row.file,
        database=row.database,
        table=row.table,
        declared=Declared(crs=row.crs, encoding=row.encoding),
        profile=_profile(folder / row.profile) if row.profile else Profile(),
        responsible=Text(row.responsible_zh, row.responsible_en or row.responsible_zh),
    )


def _profile(path: Path) -> Profile:
    table = described(ProfileTable, read_toml(path, DELIVERY), path.name)
    return Profile(columns={str(field): column for field, column in table.columns.items()}, classes=table.classes)

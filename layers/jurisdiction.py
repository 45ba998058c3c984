"""A jurisdiction and a delivery as they describe themselves, in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from layers.gate import Limits
from layers.vector import Declared
from layers.zones import Profile
from screening.access import Level
from screening.crs import Plane
from screening.errors import DeliveryError
from screening.model import Layer, Nature, Realm, ZoneClass
from screening.words import Text

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """辖区: the city that answers, and which layers it answers from.

    Attributes:
        plane: Where relations and measures are computed.
        extent: West, south, east, north in EPSG:4490 degrees; sites beyond it are refused.
        districts: Name by six-digit code.
        levels: Levels the access list must hold.
        required_lines: Facts for which every district on land must have a ceiling or an objective.
        codes: How codes are made, by role of the layer (`unit`, `element`), with groups `county` and `cls`.
        gate: What a release may lose against the one before without somebody answering for it.
        layers: What each layer is to the law, by id; accuracy, date and source come with a delivery.
    """

    code: str
    name: Text
    plane: Plane
    extent: tuple[float, float, float, float]
    map_review_number: str
    attribution: Text
    levels: frozenset[Level]
    required_lines: tuple[str, ...]
    districts: Mapping[str, str]
    codes: Mapping[str, re.Pattern[str]]
    gate: Limits
    layers: Mapping[str, Mapping[str, Any]]

    def layer(self, layer_id: str, *, accuracy_m: float, surveyed: date, source: Text) -> Layer:
        """A delivered layer, with what the jurisdiction says about its kind."""
        row = self.layers[layer_id]
        return Layer(
            id=layer_id,
            name=Text(row["name_zh"], row["name_en"]),
            role=row["role"],
            realm=Realm(row["realm"]),
            required=row["required"],
            tiles=row["tiles"],
            accuracy_m=accuracy_m,
            surveyed=surveyed,
            current_days=row.get("current_days"),
            nearest_m=float(row["nearest_m"]),
            needs_clause=row["needs_clause"],
            source=source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredLayer:
    """One layer of a delivery: where it lies and what its maker says of it.

    Attributes:
        file: Within the delivery folder; empty where a database holds it.
        database: SQLAlchemy URL of a PostGIS database; empty where a file holds it.
        profile: What its source calls columns and classes.
    """

    layer: Layer
    file: str
    database: str
    table: str
    declared: Declared
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A folder a city hands over, as its `delivery.toml` describes it."""

    folder: Path
    jurisdiction: Jurisdiction
    jurisdiction_content: Mapping[str, Any]
    title: Text
    nature: Nature
    effective_from: date
    effective_until: date | None
    approval: Text
    prepared_by: str
    layers: tuple[DeliveredLayer, ...]
    access_list_file: str
    list_version: str
    lines_file: str


def read_jurisdiction(content: Mapping[str, Any], place: str) -> Jurisdiction:
    """The jurisdiction in a parsed TOML or JSON document.

    Raises:
        DeliveryError: A key is missing or holds the wrong thing.
    """
    return _described(place, lambda: _jurisdiction(content))


def read_delivery(folder: Path) -> Delivery:
    """The delivery a folder describes in `delivery.toml`, its jurisdiction included.

    Raises:
        DeliveryError: A file is missing, is no TOML, or a key is missing or wrong.
    """
    content = _toml(folder / "delivery.toml")
    about = _described("delivery.toml", lambda: content["delivery"])
    own = _toml(folder / _described("delivery.toml", lambda: str(about["jurisdiction"])))
    jurisdiction = read_jurisdiction(own, "jurisdiction.toml")
    return _described("delivery.toml", lambda: _delivery(folder, content, jurisdiction, own))


def _delivery(folder: Path, content: Mapping[str, Any], jurisdiction: Jurisdiction, own: Mapping[str, Any]) -> Delivery:
    about = content["delivery"]
    return Delivery(
        folder=folder,
        jurisdiction=jurisdiction,
        jurisdiction_content=own,
        title=Text(about["title_zh"], about["title_en"]),
        nature=Nature(about["nature"]),
        effective_from=_day(about["effective_from"]),
        effective_until=_day(about["effective_until"]) if "effective_until" in about else None,
        approval=Text(about["approval_zh"], about["approval_en"]),
        prepared_by=about["prepared_by"],
        layers=tuple(_layer(row, jurisdiction, folder) for row in content["layer"]),
        access_list_file=content["access_list"]["file"],
        list_version=content["access_list"]["version"],
        lines_file=content["lines"]["file"],
    )


def _layer(row: Mapping[str, Any], jurisdiction: Jurisdiction, folder: Path) -> DeliveredLayer:
    layer = jurisdiction.layer(
        row["id"],
        accuracy_m=float(row["accuracy_m"]),
        surveyed=_day(row["surveyed"]),
        source=Text(row["source_zh"], row["source_en"]),
    )
    file, database = row.get("file", ""), row.get("database", "")
    if bool(file) == bool(database):
        raise ValueError(f"layer {row['id']}: give either file or database")
    declared = Declared(crs=row.get("crs"), encoding=row.get("encoding"))
    profile = _profile(folder / row["profile"]) if "profile" in row else Profile()
    return DeliveredLayer(
        layer=layer, file=file, database=database, table=row["table"], declared=declared, profile=profile
    )


def _profile(path: Path) -> Profile:
    content = _toml(path)
    classes = {str(word): int(ZoneClass(cls)) for word, cls in content.get("classes", {}).items()}
    return Profile(columns={str(k): str(v) for k, v in content.get("columns", {}).items()}, classes=classes)


def _jurisdiction(content: Mapping[str, Any]) -> Jurisdiction:
    west, south, east, north = (float(value) for value in content["extent"])
    return Jurisdiction(
        code=content["code"],
        name=Text(content["name_zh"], content["name_en"]),
        plane=Plane(int(content["plane"])),
        extent=(west, south, east, north),
        map_review_number=content["map_review_number"],
        attribution=Text(content["attribution_zh"], content["attribution_en"]),
        levels=frozenset(Level[name.upper()] for name in content["levels"]),
        required_lines=tuple(content["required_lines"]),
        districts={row["code"]: row["name"] for row in content["district"]},
        codes={role: re.compile(pattern) for role, pattern in content["codes"].items()},
        gate=Limits(**{name: float(content["gate"][name]) for name in ("rows", "area", "extent")}),
        layers={row["id"]: row for row in content["layer"]},
    )


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a date")
    return value


def _described(place: str, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except (KeyError, TypeError, ValueError) as problem:
        raise DeliveryError.wrong(
            place,
            Text(f"缺少或写错：{problem}", f"missing or wrong: {problem}"),
            Text("请对照 docs/delivery.md 补正。", "Correct it as described in docs/delivery.md."),
        ) from problem


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            return tomllib.load(opened)
    except FileNotFoundError as problem:
        raise DeliveryError.missing_file(path.name, "delivery.toml") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem

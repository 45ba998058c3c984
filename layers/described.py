"""What the TOML descriptions of a jurisdiction, a delivery and a profile may say: every key, its type and its range."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from layers.facts import fact_schema
from screening.access import Level
from screening.errors import DeliveryError
from screening.words import Text

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Epsg = Annotated[int, Field(ge=1024, le=32767)]
Metres = Annotated[float, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=1)]
CURE = Text("请对照 docs/delivery.md 补正。", "Correct it as described in docs/delivery.md.")
POSTGRESQL = "postgresql+psycopg://"


def _day(written: str) -> str:
    """A day as text, so that the description can be kept as JSON."""
    date.fromisoformat(written)
    return written


class _Described(BaseModel):
    """Keys outside the list, values of another type and numbers that are none are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


Model = TypeVar("Model", bound=_Described)


class GateTable(_Described):
    """What a release may lose against the one before, as shares."""

    rows: Share
    area: Share
    extent: Share


class DistrictTable(_Described):
    """One district: six-digit code and name."""

    code: Annotated[str, StringConstraints(pattern=r"^\S+$")]
    name: Words


class LayerKindTable(_Described):
    """What a layer is to the law, whoever delivers it."""

    id: Name
    name_zh: Words
    name_en: Words
    role: Literal["unit", "element", "special", "reference"]
    realm: Literal["land", "sea", "both"]
    required: bool
    tiles: bool
    current_days: Days | None = None
    nearest_m: Metres
    needs_clause: bool


class SensitiveAreaTable(_Described):
    """Zones that show a sub-type of sensitive area of the EIA catalogue, article 3."""

    area: Annotated[str, StringConstraints(pattern=r"^area_[a-z_]+$")]
    layer: Name
    column: str = ""
    values: list[str] = Field(default_factory=list)
    complete: bool


class PublicationTable(_Described):
    """The city's decision on a layer whose geometry is not published in full."""

    layer: Name
    shown: Literal["generalised", "hidden"]
    step_m: Annotated[float, Field(ge=10, le=10_000)]
    source_zh: Words
    source_en: Words
    decided_on: Annotated[str, AfterValidator(_day)]


class JurisdictionTable(_Described):
    """The whole of a `jurisdiction.toml`."""

    code: Words
    name_zh: Words
    name_en: Words
    plane: Epsg
    extent: tuple[float, float, float, float]
    map_review_number: str
    attribution_zh: Words
    attribution_en: Words
    codes: dict[str, str] = Field(default_factory=dict)
    required_lines: list[str]
    gate: GateTable
    coarse_edge_m: Metres
    levels: list[str]
    district: Annotated[list[DistrictTable], Field(min_length=1)]
    layer: Annotated[list[LayerKindTable], Field(min_length=1)]
    sensitive_area: list[SensitiveAreaTable] = Field(default_factory=list)
    publication: list[PublicationTable] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _tuple(cls, content: Any) -> Any:
        """TOML and JSON know lists only."""
        if isinstance(content, Mapping) and isinstance(content.get("extent"), list):
            return {**content, "extent": tuple(content["extent"])}
        return content

    @model_validator(mode="after")
    def _sane(self) -> JurisdictionTable:
        west, south, east, north = self.extent
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError(f"extent {list(self.extent)}: west, south, east, north in degrees")
        _once("district", [row.code for row in self.district])
        _once("layer", [row.id for row in self.layer])
        for source in self.sensitive_area:
            if source.layer not in {row.id for row in self.layer}:
                raise ValueError(f"sensitive_area {source.area}: no layer {source.layer!r}")
        _once("publication", [row.layer for row in self.publication])
        for decision in self.publication:
            if decision.layer not in {row.id for row in self.layer}:
                raise ValueError(f"publication: no layer {decision.layer!r}")
        for level in self.levels:
            if level.upper() not in Level.__members__:
                raise ValueError(
                    f"levels: {level!r} is none of {', '.join(name.lower() for name in Level.__members__)}"
                )
        for fact in self.required_lines:
            if fact not in fact_schema():
                raise ValueError(f"required_lines: no fact {fact!r}")
        for whose, pattern in self.codes.items():
            if whose not in {row.id for row in self.layer} | {row.role for row in self.layer}:
                raise ValueError(f"codes: {whose!r} is no layer and no role of one")
            _pattern(whose, pattern)
        return self


class AboutTable(_Described):
    """`[delivery]`: who hands over what, and from when it holds."""

    city: Words
    jurisdiction: Words
    title_zh: Words
    title_en: Words
    nature: Literal["official", "demonstration"]
    effective_from: date
    effective_until: date | None = None
    approval_zh: Words
    approval_en: Words
    approved_on: date | None = None
    filing_number: str = ""
    prepared_by: Words

    @model_validator(mode="after")
    def _sane(self) -> AboutTable:
        if self.effective_until is not None and self.effective_until <= self.effective_from:
            raise ValueError(f"effective_until {self.effective_until} is not after effective_from")
        if self.approved_on is not None and self.approved_on > self.effective_from:
            raise ValueError(f"approved_on {self.approved_on} is after effective_from {self.effective_from}")
        return self


class DeliveredLayerTable(_Described):
    """`[[layer]]`: where a layer lies and what its maker says of it."""

    id: Name
    file: str = ""
    database: str = ""
    table: Words
    crs: Epsg | None = None
    encoding: Words | None = None
    profile: str = ""
    surveyed: date
    accuracy_m: Annotated[float, Field(gt=0, le=100_000)]
    source_zh: Words
    source_en: Words
    responsible_zh: str = ""
    responsible_en: str = ""

    @model_validator(mode="after")
    def _sane(self) -> DeliveredLayerTable:
        if bool(self.file) == bool(self.database):
            raise ValueError(f"layer {self.id}: give either file or database")
        if self.database and not self.database.startswith(POSTGRESQL):
            raise ValueError(f"layer {self.id}: database begins with {POSTGRESQL}")
        if self.encoding is not None:
            try:
                "".encode(self.encoding)
            except LookupError as problem:
                raise ValueError(f"layer {self.id}: {problem}") from problem
        for name in (self.file, self.profile):
            _inside(name)
        return self


class ListTable(_Described):
    """`[access_list]`: the workbook and the name of its version."""

    file: Words
    version: Words


class LinesTable(_Described):
    """`[lines]`: the workbook of ceilings and objectives."""

    file: Words


class DeliveryTable(_Described):
    """The whole of a `delivery.toml`."""

    delivery: AboutTable
    access_list: ListTable
    lines: LinesTable
    layer: Annotated[list[DeliveredLayerTable], Field(min_length=1)]

    @model_validator(mode="after")
    def _sane(self) -> DeliveryTable:
        for name in (self.delivery.jurisdiction, self.access_list.file, self.lines.file):
            _inside(name)
        _once("layer", [row.id for row in self.layer])
        return self


class ProfileTable(_Described):
    """A profile: what one source calls our fields and classes."""

    columns: dict[Literal["code", "name", "cls", "subtype", "district"], str] = Field(default_factory=dict)
    classes: dict[str, Literal[1, 2, 3]] = Field(default_factory=dict)


def described(model: type[Model], content: object, place: str) -> Model:
    """A parsed document as what it should be.

    Raises:
        DeliveryError: With the first thing wrong; the others are its candidates.
    """
    try:
        return model.model_validate(content)
    except ValidationError as problem:
        first, *others = problem.errors(include_url=False)
        text = _said(first)
        raise DeliveryError.wrong(
            place,
            text,
            CURE,
            value=repr(first["input"])[:80],
            candidates=[_said(other).zh for other in others[:20]],
        ) from problem


def read_toml(path: Path, named_in: str) -> dict[str, Any]:
    """A parsed TOML file.

    Raises:
        DeliveryError: It is not there, is no file, or is no TOML.
    """
    try:
        with path.open("rb") as opened:
            return tomllib.load(opened)
    except FileNotFoundError as problem:
        raise DeliveryError.missing_file(path.name, named_in) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem


def _said(error: ErrorDetails) -> Text:
    """One validation error in both languages, with the path to it."""
    path = ".".join(str(step + 1) if isinstance(step, int) else step for step in error["loc"])
    match error["type"]:
        case "missing":
            return Text(f"缺少 {path}", f"{path} is missing")
        case "extra_forbidden":
            return Text(f"不认识的键 {path}", f"unknown key {path}")
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":  # ours; it says itself where
        return Text(f"不合要求：{message}", message)
    given = f"“{error['input']}”"[:80] if isinstance(error["input"], (str, int, float, list, date)) else ""
    return Text(f"{path}{given} 不合要求：{message}", f"{path} {given}: {message}")


def _once(what: str, names: list[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"{what} {', '.join(doubled)} occurs twice")


def _inside(name: str) -> None:
    """Files of a delivery lie within its folder."""
    if name and (Path(name).is_absolute() or ".." in Path(name).parts):
        raise ValueError(f"{name} is not within the delivery's folder")


def _pattern(role: str, pattern: str) -> None:
    try:
        groups = re.compile(pattern).groupindex
    except re.error as problem:
        raise ValueError(f"codes.{role}: {problem}") from problem
    missing = {"county", "cls"} - groups.keys()
    if missing:
        raise ValueError(f"codes.{role}: no group {', '.join(sorted(missing))}")

"""What the zone map's routes answer."""

from __future__ import annotations

from pydantic import BaseModel


class ZoneFoundOut(BaseModel):
    """A zone that fits; `extent` is west, south, east, north in CGCS2000 degrees, rounded outward, for looking only."""

    layer: str
    layer_name: str
    code: str
    name: str
    class_label: str
    district: str
    is_unit: bool
    extent: tuple[float, float, float, float]


class WrittenPointOut(BaseModel):
    """The words read as a place, where no zone fits them and they are one."""

    lon: float
    lat: float
    read_as: str


class ZonesFoundOut(BaseModel):
    """Zones of one release by words, the best first; `total` fit."""

    release: str
    items: list[ZoneFoundOut]
    total: int
    point: WrittenPointOut | None
    note: str


class ZoneUnderOut(BaseModel):
    """A zone under a place; `certain` is false where the lines' accuracy leaves it open."""

    layer: str
    layer_name: str
    code: str
    name: str
    class_label: str
    subtype: str
    is_unit: bool
    certain: bool
    certainty: str


class UnansweredOut(BaseModel):
    """A layer whose silence at the place means nothing."""

    layer: str
    layer_name: str
    answer: str
    reason: str


class ZonesUnderOut(BaseModel):
    """Everything one release shows at a place; `covered` says whether a control unit lies there."""

    release: str
    lon: float
    lat: float
    read_as: str
    covered: bool
    note: str
    zones: list[ZoneUnderOut]
    none_here: list[str]
    unanswered: list[UnansweredOut]

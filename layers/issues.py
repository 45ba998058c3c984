"""The issue log of a delivery: what is wrong, where, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from screening.words import Text


class Severity(StrEnum):
    """An error keeps a release from being published; a warning is shown with it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing found in a delivery.

    Attributes:
        layer: Layer or sheet it was found in.
        place: Row, code or field.
        longitude, latitude: Where on the map, EPSG:4490; None if nowhere in particular.
    """

    severity: Severity
    layer: str
    place: str
    message: Text
    longitude: float | None = None
    latitude: float | None = None


def error(layer: str, place: str, message: Text, at: tuple[float, float] | None = None) -> Issue:
    """An issue that keeps the release from being published."""
    return _issue(Severity.ERROR, layer, place, message, at)


def warning(layer: str, place: str, message: Text, at: tuple[float, float] | None = None) -> Issue:
    """An issue that is shown with the release."""
    return _issue(Severity.WARNING, layer, place, message, at)


def _issue(severity: Severity, layer: str, place: str, message: Text, at: tuple[float, float] | None) -> Issue:
    longitude, latitude = at if at else (None, None)
    return Issue(severity=severity, layer=layer, place=place, message=message, longitude=longitude, latitude=latitude)

"""What a release states of a layer beside its zones: what it was read from, and whether it tiles its territory."""

from __future__ import annotations

from dataclasses import dataclass

from screening.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a layer was read from, and how.

    Attributes:
        file: Within the delivery; empty for a database.
        rows: As delivered.
    """

    file: str
    table: str
    rows: int
    crs: Text
    encoding: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Whether the zones of a layer tile their territory: areas in m² on the plane, numbers of places.

    Threads narrower than `screening.overlay.THREAD_WIDTH_M` count as area but as no place: no survey can tell them from rounding.

    Attributes:
        territory_m2: What the zones must cover.
        sum_m2: Areas of all zones added up.
        union_m2: Area of their union.
        gap_m2: Of the territory, in no zone.
        overlap_m2: In two zones, added up over pairs.
        outside_m2: Of the union, beyond the territory.
    """

    territory_m2: float
    sum_m2: float
    union_m2: float
    gap_m2: float
    gaps: int
    overlap_m2: float
    overlaps: int
    outside_m2: float

    @property
    def holds(self) -> bool:
        """Whether there is neither a gap nor an overlap."""
        return self.gaps == 0 and self.overlaps == 0

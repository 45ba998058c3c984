"""A site known by how it lies to zones and not by its shape: what every site that lies alike has in common.

A verdict on such evidence holds for all of them. Whatever the rules would have to read off a drawing is not there:
asking for it raises, so an answer that comes out rests on the relations alone, and no rule can be forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from shapely.geometry.base import BaseGeometry

from screening.accuracy import Band, Certainty, Footprint, without_overlap
from screening.evidence import Contact, Evidence
from screening.findings import Outcome
from screening.model import Zone
from screening.overlay import Measure, Relation, measure_apart
from screening.truth import Truth
from screening.verdict import Verdict


class UndrawnError(LookupError):
    """A rule asked for geometry or a measure that sites which lie alike need not share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndrawnMeasure(Measure):
    """Of a site that overlaps a zone by an area nobody measured."""

    area_m2: float = field(init=False)
    share_of_site: float = field(init=False)
    share_of_zone: float = field(init=False)
    overlap: BaseGeometry | None = field(init=False)

    def __getattr__(self, name: str) -> NoReturn:
        raise UndrawnError(name)


@dataclass(frozen=True, kw_only=True)
class UndrawnBand(Band):
    """What accuracy makes of a relation that is certain, without the shapes."""

    footprint: Footprint = field(init=False, repr=False)
    zone: BaseGeometry = field(init=False, repr=False)

    def __getattr__(self, name: str) -> NoReturn:
        raise UndrawnError(name)


@dataclass(frozen=True, kw_only=True)
class UndrawnOverlap(UndrawnBand):
    """The same of a site that overlaps a zone: how well it is resolved is asked together with its shape only."""

    slack_m: float = field(init=False)
    is_resolved: bool = field(init=False)


@dataclass(frozen=True, kw_only=True)
class UndrawnReach(UndrawnOverlap):
    """The same of a site that nowhere reaches deeper into a zone than accuracy."""

    @property
    def deep(self) -> None:
        """Nothing of the overlap."""

    @property
    def told_flip(self) -> str:
        """Not measured; a verdict in short has no words for it."""
        return ""


@dataclass(frozen=True, kw_only=True)
class UndrawnEvidence(Evidence):
    """What the layers say of every site that lies alike.

    Attributes:
        lies: How sites lie to the zones of each layer, and how far it answers: equal where all that rules may ask of the
            layer is.
    """

    lies: Mapping[str, Hashable]
    site_shape: BaseGeometry = field(init=False, repr=False)

    def __getattr__(self, name: str) -> NoReturn:
        raise UndrawnError(name)


def overlapping(zone: Zone, width_m: float, *, has_edge: bool) -> Contact:
    """A site that certainly overlaps a zone.

    Args:
        width_m: Accuracy of the layer plus that of the site.
        has_edge: Whether an edge of the zone comes as near; if not, the whole site lies in the zone.
    """
    found = UndrawnMeasure(relation=Relation.OVERLAPS, distance_m=0.0)
    lies = UndrawnOverlap(found=found, width_m=width_m, certainty=Certainty.CERTAIN, has_edge=has_edge)
    return Contact(zone=zone, measure=found, band=lies)


def reaching_in(zone: Zone, width_m: float) -> Contact:
    """A site that overlaps a zone, and nothing of the overlap is deeper than the accuracy."""
    found = UndrawnMeasure(relation=Relation.OVERLAPS, distance_m=0.0)
    lies = UndrawnReach(found=found, width_m=width_m, certainty=Certainty.BORDERLINE, has_edge=True)
    return Contact(zone=zone, measure=found, band=lies)


def beside(zone: Zone, width_m: float, *, distance_m: float, slack_m: float, is_resolved: bool) -> Contact:
    """A site that certainly lies outside a zone as drawn, and does not touch it."""
    found = measure_apart(distance_m)
    has_edge = width_m > 0.0 and distance_m <= width_m
    is_possible = has_edge and distance_m <= slack_m
    lies = UndrawnBand(
        found=found,
        width_m=width_m,
        certainty=without_overlap(has_edge=has_edge, is_possible=is_possible),
        slack_m=slack_m,
        is_resolved=is_resolved,
        has_edge=has_edge,
    )
    return Contact(zone=zone, measure=found, band=lies)


class ShortFinding(NamedTuple):
    """One finding without its words."""

    key: str
    outcome: Outcome
    truth: Truth
    missing_facts: tuple[str, ...]
    needs_person: bool


@dataclass(frozen=True, slots=True)
class ShortVerdict:
    """A verdict without words and measures: what thousands of sites are sorted by.

    Attributes:
        findings: Gravest first, as in the verdict.
        would_change: Undeclared facts that would decide a finding.
    """

    conclusion: Outcome
    findings: tuple[ShortFinding, ...]
    would_change: tuple[str, ...]
    out_of_scope: int
    unplaced: int

    @property
    def deciding(self) -> tuple[str, ...]:
        """Keys of the findings that make the conclusion what it is."""
        if self.conclusion is Outcome.COMPLIES:
            return ()
        return tuple(one.key for one in self.findings if one.outcome is self.conclusion)


def shortened(verdict: Verdict) -> ShortVerdict:
    """A verdict in short."""
    return ShortVerdict(
        conclusion=verdict.conclusion,
        findings=tuple(
            ShortFinding(one.key, one.outcome, one.truth, one.missing_facts, one.needs_person)
            for one in verdict.findings
        ),
        would_change=tuple(name for name, _ in verdict.would_change),
        out_of_scope=verdict.out_of_scope,
        unplaced=verdict.unplaced,
    )

"""What the layers said about one site: contacts, and who answered and who did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from shapely.geometry.base import BaseGeometry

from screening.access import AccessList
from screening.accuracy import Band, Certainty
from screening.crs import AreaMethod, Plane
from screening.model import Ceiling, FactValue, Layer, Nature, Objective, Zone
from screening.overlay import Measure, Relation
from screening.published import Disclosure, Published
from screening.words import Text


class Answer(StrEnum):
    """Whether a layer's silence may be read as "nothing there"."""

    ANSWERED = "answered"
    MISSING = "missing"
    BROKEN = "broken"
    STALE = "stale"
    NOT_COVERING = "not_covering"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """空间关系: one zone that the site overlaps, touches or lies near.

    Attributes:
        published: What the public sees of the zone; None where all of it is public.
    """

    zone: Zone
    measure: Measure
    band: Band
    published: Published | None = None

    @property
    def overlaps(self) -> bool:
        """Whether the site and the zone as drawn share area (or the point lies inside)."""
        return self.measure.relation is Relation.OVERLAPS

    @property
    def certainly_overlaps(self) -> bool:
        """Whether they still would, were the lines anywhere within their accuracy."""
        return self.overlaps and self.band.certainty is Certainty.CERTAIN

    @property
    def may_overlap(self) -> bool:
        """Whether they do as drawn, or would with the lines elsewhere within their accuracy."""
        return self.overlaps or self.band.certainty is Certainty.BORDERLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """已查图层: one layer, what was asked of it and whether it answered.

    Attributes:
        searched_m: How far beyond the site zones were sought, metres.
        covered_share: Part of the site the layer speaks for, 0 to 1.
        reason: Why it did not answer; None if it did.
    """

    layer: Layer
    answer: Answer
    searched_m: float
    covered_share: float
    reason: Text | None = None

    @property
    def answered(self) -> bool:
        """Whether "no zone found" may be read as "no zone there"."""
        return self.answer is Answer.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseName:
    """Which release spoke: enough to fetch it again and to judge how far it may be used."""

    id: str
    title: Text
    nature: Nature
    jurisdiction: Text
    list_version: str
    effective_from: date
    effective_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentLine:
    """A ceiling or objective that every place on land must have, and that this one lacks.

    Attributes:
        holder: Six-digit code of the district without it.
        fact: The fact it would answer for.
        name: What is lacking, in words.
    """

    holder: str
    fact: str
    name: Text


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """研判依据: everything a verdict may rest on.

    Attributes:
        site_shape: The site on the plane, metres.
        site_area_m2: By `area_method`; None for a point.
        area_method: By which areas and shares of zones are computed; the intervals of accuracy are scaled to it.
        plane: Where all measures were taken.
        contacts: Zones overlapped, touched or within the searched distance, nearest first within a layer.
        consulted: Every layer of the jurisdiction, answered or not.
        uncovered_share: Part of the site outside every control unit, 0 to 1; None where unit layers did not answer.
        districts: Codes of the county-level districts the site lies in.
        ceilings: Those of the units and districts the site lies in.
        objectives: Likewise.
        absent_lines: Ceilings and objectives the jurisdiction requires and the place lacks.
        derived_facts: Facts the layers themselves establish (`pm25_objective_met`); absent where not known.
        doubtful_holders: Codes, among the holders of ceilings and objectives, of places the site lies in only within accuracy.
        undeclarable: Names of facts that only the layers establish: no project can be asked for them.
        disclosures: Decisions on the layers that are not published in full, by layer.
    """

    release: ReleaseName
    plane: Plane
    site_shape: BaseGeometry
    site_area_m2: float | None
    contacts: tuple[Contact, ...]
    consulted: tuple[Consulted, ...]
    uncovered_share: float | None
    districts: tuple[str, ...]
    access_list: AccessList
    ceilings: tuple[Ceiling, ...]
    objectives: tuple[Objective, ...]
    absent_lines: tuple[AbsentLine, ...]
    derived_facts: Mapping[str, FactValue]
    doubtful_holders: frozenset[str] = frozenset()
    undeclarable: frozenset[str] = frozenset()
    area_method: AreaMethod = AreaMethod.PLANE
    disclosures: Mapping[str, Disclosure] = field(default_factory=dict)

    def scaled(self, plane_m2: float) -> float:
        """A part of the site, measured on the plane, by the method of this answer."""
        if self.site_area_m2 is None or self.area_method is AreaMethod.PLANE:
            return plane_m2
        return plane_m2 * self.site_area_m2 / float(self.site_shape.area)

    def of_layer(self, layer_id: str) -> tuple[Contact, ...]:
        """Contacts with one layer's zones."""
        return self._by_layer.get(layer_id, ())

    def answer_of(self, layer_id: str) -> Consulted | None:
        """What one layer answered; None if the jurisdiction has no such layer."""
        return self._answers.get(layer_id)

    @cached_property
    def units(self) -> tuple[Contact, ...]:
        """Control units the site lies in, or may lie in within the accuracy of the lines."""
        return tuple(contact for contact in self.unit_contacts if contact.may_overlap)

    @cached_property
    def unit_contacts(self) -> tuple[Contact, ...]:
        """Contacts with control units, those beside the site included."""
        unit_layers = {one.layer.id for one in self.consulted if one.layer.role == "unit"}
        return tuple(contact for contact in self.contacts if contact.zone.layer_id in unit_layers)

    @cached_property
    def unit_codes(self) -> frozenset[str]:
        """Codes of the control units of `unit_contacts`."""
        return frozenset(contact.zone.code for contact in self.unit_contacts)

    @cached_property
    def answered(self) -> frozenset[str]:
        """Layers whose silence may be read as "nothing there"."""
        return frozenset(one.layer.id for one in self.consulted if one.answered)

    @cached_property
    def _by_layer(self) -> Mapping[str, tuple[Contact, ...]]:
        found: dict[str, list[Contact]] = {}
        for contact in self.contacts:
            found.setdefault(contact.zone.layer_id, []).append(contact)
        return {layer_id: tuple(contacts) for layer_id, contacts in found.items()}

    @cached_property
    def _answers(self) -> Mapping[str, Consulted]:
        return {one.layer.id: one for one in self.consulted}

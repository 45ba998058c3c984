"""What a release shows at one place: every zone under it, layer by layer, and which layers did not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from layers.layer_overview import shown_layers
from layers.snapshot import Snapshot
from screening.disclosure import disclosed_evidence
from screening.model import Layer, Site, Zone
from screening.terms import ANSWER
from screening.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneUnder:
    """A zone under the place.

    Attributes:
        is_certain: Whether it still would be, were the lines anywhere within their accuracy.
        width_m: That accuracy, of the place and the layer together, metres.
    """

    layer: Layer
    zone: Zone
    is_certain: bool
    width_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredHere:
    """A layer whose silence at the place means nothing."""

    layer: Layer
    answer: Text
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonesUnder:
    """Everything shown at a place.

    Attributes:
        zones: By layer.
        none_here: Layers that answered and have no zone there.
        unanswered: Layers that could not answer, or that do not speak about the whole place.
    """

    zones: tuple[ZoneUnder, ...]
    none_here: tuple[Layer, ...]
    unanswered: tuple[UnansweredHere, ...]

    @property
    def is_covered(self) -> bool:
        """Whether a control unit lies there."""
        return any(one.layer.role == "unit" for one in self.zones)


def zones_under(snapshot: Snapshot, site: Site, as_of: date) -> ZonesUnder:
    """The zones of all layers at a place.

    Args:
        snapshot: The release that answers.
        site: The place.
        as_of: Day on which layers must be current.

    Raises:
        SiteOutsideError: It lies beyond the extent of the jurisdiction.
    """
    evidence = disclosed_evidence(snapshot.gather(site, as_of))
    order = {loaded.layer.id: number for number, loaded in enumerate(shown_layers(snapshot))}
    layers = {loaded.layer.id: loaded.layer for loaded in shown_layers(snapshot)}
    zones = sorted(
        (
            ZoneUnder(
                layer=layers[contact.zone.layer_id],
                zone=contact.zone,
                is_certain=contact.certainly_overlaps,
                width_m=contact.band.width_m,
            )
            for contact in evidence.contacts
            if contact.may_overlap and contact.zone.layer_id in layers
        ),
        key=lambda one: (order[one.layer.id], not one.is_certain, one.zone.code),
    )
    hit = {one.layer.id for one in zones}
    consulted = [one for one in evidence.consulted if one.layer.id in layers or one.layer.id in snapshot.silent]
    return ZonesUnder(
        zones=tuple(zones),
        none_here=tuple(one.layer for one in consulted if one.answered and one.layer.id not in hit),
        unanswered=tuple(
            UnansweredHere(layer=one.layer, answer=ANSWER[one.answer], reason=one.reason or ANSWER[one.answer])
            for one in consulted
            if not one.answered
        ),
    )

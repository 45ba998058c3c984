"""环境敏感区: which sub-types of article 3 of the EIA catalogue a site touches, as far as layers can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screening.evidence import Contact, Evidence
from screening.truth import Truth, some


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSource:
    """A layer, or some of its zones, that shows one sub-type of sensitive area.

    Attributes:
        column: `subtype`, or a further column of the layer; empty if every zone of the layer is meant.
        values: Words of that column which are meant.
        is_complete: Whether the layer holds every such area, so that none in it means none there.
    """

    layer_id: str
    column: str = ""
    values: frozenset[str] = frozenset()
    is_complete: bool


def areas_touched(evidence: Evidence, sources: Mapping[str, Sequence[AreaSource]]) -> dict[str, Truth]:
    """By name of the sensitive-area fact, whether the site touches such an area.

    Yes where the site certainly overlaps one. No only where complete layers answered and found none within the distance they
    were searched: a project may concern (涉及) an area beside it, which a person must judge. Else unknown. A point
    without boundary touches nothing for certain but what it lies in.
    """
    return {area: _touched(evidence, listed) for area, listed in sources.items()}


def _touched(evidence: Evidence, sources: Sequence[AreaSource]) -> Truth:
    met = [(_meant(contact, source), contact) for source in sources for contact in evidence.of_layer(source.layer_id)]
    if any(meant is Truth.YES and contact.certainly_overlaps for meant, contact in met):
        return Truth.YES
    is_far = some(meant for meant, _ in met) is Truth.NO
    is_told = bool(sources) and all(_is_telling(evidence, source) for source in sources)
    return Truth.NO if is_far and is_told and evidence.site_area_m2 is not None else Truth.UNKNOWN


def _is_telling(evidence: Evidence, source: AreaSource) -> bool:
    consulted = evidence.answer_of(source.layer_id)
    return source.is_complete and consulted is not None and consulted.answered


def _meant(contact: Contact, source: AreaSource) -> Truth:
    """Unknown where the zone does not say what it is."""
    if not source.column:
        return Truth.YES
    zone = contact.zone
    word = zone.subtype if source.column == "subtype" else zone.attributes.get(source.column, "")
    return Truth.of(word in source.values) if word else Truth.UNKNOWN

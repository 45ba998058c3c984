"""Passages of a line and placements of points in words and as plain data."""

from __future__ import annotations

from typing import Any

from screening.alignment import Crossing, Passage, Placement, alignment_length_m, alignment_parts, passages, placements
from screening.evidence import Contact, Evidence
from screening.model import NamedPoint, Site
from screening.phrases import PHRASES
from screening.stations import station_text
from screening.words import Text, joined, same

MOST_TOLD = 20  # stretches or points in one sentence; the record holds all
_FINE_M = 10.0  # shorter stretches are told to the centimetre
Record = dict[str, Any]


def told_places(site: Site, evidence: Evidence) -> dict[tuple[str, str], Text]:
    """One sentence for each overlapped zone, by layer and code, in the order of stations; empty without line or points."""
    several = site.alignment is not None and len(alignment_parts(site.alignment)) > 1
    told = {_key(one.contact): _passage(one, several) for one in passages(site, evidence)}
    return told | {_key(one.contact): _placement(one) for one in placements(site, evidence)}


def told_layout(site: Site, evidence: Evidence) -> Text | None:
    """Length, stations and width of a line, or number and radius of points; None for any other site."""
    if site.alignment is not None and site.width_m is not None:
        length = alignment_length_m(site, evidence.plane)
        parts = alignment_parts(site.alignment)
        if len(parts) > 1:
            start = station_text(site.start_m)
            return PHRASES["alignment_parts"].filled(
                length=_metres(length), count=f"{len(parts)}", start=start, width=f"{site.width_m:g}"
            )
        stations = f"{station_text(site.start_m)}–{station_text(site.start_m + length)}"
        return PHRASES["alignment"].filled(length=_metres(length), stations=stations, width=f"{site.width_m:g}")
    if site.points and site.radius_m is not None:
        return PHRASES["points"].filled(count=f"{len(site.points)}", radius=f"{site.radius_m:g}")
    return None


def places_record(site: Site, evidence: Evidence) -> Record:
    """Passages and placements as JSON-ready data, metres to 0.01, degrees to 1e-7; empty without line or points."""
    found: Record = {}
    if site.alignment is not None:
        found["passages"] = [_passage_record(one) for one in passages(site, evidence)]
    if site.points:
        found["placements"] = [_placement_record(one) for one in placements(site, evidence)]
    return found


def _key(contact: Contact) -> tuple[str, str]:
    return contact.zone.layer_id, contact.zone.code


def _passage(found: Passage, several: bool) -> Text:
    if not found.crossings:
        return PHRASES["passage_beside"].filled(area=f"{found.contact.measure.area_m2:,.1f}")
    stretches = [_stretch(one, several) for one in found.crossings[:MOST_TOLD]]
    listed = joined(stretches).joined_with(_more(len(found.crossings)))
    return PHRASES["passage"].filled(length=_metres(found.length_m), stations=listed, share=f"{found.share:.1%}")


def _stretch(found: Crossing, several: bool) -> Text:
    digits = 2 if found.length_m < _FINE_M else 0
    stations = same(f"{station_text(found.from_m, digits)}–{station_text(found.to_m, digits)}")
    return PHRASES["stretch_of_part"].filled(part=f"{found.part}", stations=stations) if several else stations


def _placement(found: Placement) -> Text:
    said: list[Text] = []
    if found.inside:
        said.append(PHRASES["points_inside"].filled(count=f"{len(found.inside)}", points=_names(found.inside)))
    if found.reaching:
        near, away = found.reaching[0]
        phrase = "points_reaching" if found.inside else "points_outside"
        said.append(
            PHRASES[phrase].filled(
                count=f"{len(found.reaching)}",
                points=_names([point for point, _ in found.reaching]),
                nearest=near.name,
                distance=f"{away:,.1f}",
            )
        )
    return joined(said, zh="；", en="; ")


def _names(points: tuple[NamedPoint, ...] | list[NamedPoint]) -> Text:
    return joined([same(one.name) for one in points[:MOST_TOLD]]).joined_with(_more(len(points)))


def _more(count: int) -> Text:
    return PHRASES["and_more"].filled(count=f"{count - MOST_TOLD}") if count > MOST_TOLD else same("")


def _metres(length_m: float) -> str:
    return f"{length_m:,.2f}" if length_m < _FINE_M else f"{length_m:,.0f}"


def _passage_record(found: Passage) -> Record:
    return {
        "zone": ":".join(_key(found.contact)),
        "length_m": round(found.length_m, 2),
        "share": round(found.share, 6),
        "crossings": [
            {
                "part": one.part,
                "from_m": round(one.from_m, 2),
                "to_m": round(one.to_m, 2),
                "from": station_text(one.from_m, 2),
                "to": station_text(one.to_m, 2),
                "enters": [round(degrees, 7) for degrees in one.enters],
                "leaves": [round(degrees, 7) for degrees in one.leaves],
            }
            for one in found.crossings
        ],
    }


def _placement_record(found: Placement) -> Record:
    return {
        "zone": ":".join(_key(found.contact)),
        "inside": [one.name for one in found.inside],
        "reaching": [{"point": one.name, "distance_m": round(away, 2)} for one, away in found.reaching],
    }

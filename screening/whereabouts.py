"""Where in a site a zone lies, in words: the text equivalent of the map."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from screening.accuracy import Certainty
from screening.disclosure import public_contact
from screening.evidence import Contact, Evidence
from screening.overlay import Relation
from screening.phrases import PHRASES
from screening.terms import ZONE_CLASS
from screening.words import Language, Text

MIDDLE = 1 / 3  # of the way from the centre to the edge: nearer than that is neither east nor west
WHOLE_SHARE = 1 - 1e-9
PARTS: dict[tuple[int, int], Text] = {
    (0, 0): Text("中部", "the middle"),
    (0, 1): Text("北侧", "the north side"),
    (0, -1): Text("南侧", "the south side"),
    (1, 0): Text("东侧", "the east side"),
    (-1, 0): Text("西侧", "the west side"),
    (1, 1): Text("东北角", "the north-east corner"),
    (1, -1): Text("东南角", "the south-east corner"),
    (-1, 1): Text("西北角", "the north-west corner"),
    (-1, -1): Text("西南角", "the south-west corner"),
}
WHOLE = Text("全部", "all of it")


def area_words(area_m2: float) -> str:
    """An area as people read it: square metres, with hectares from one hectare on.

    >>> area_words(1240.0), area_words(25_000.0)
    ('1,240.0 m²', '25,000.0 m² (2.50 ha)')
    """
    words = f"{area_m2:,.1f} m²"
    return f"{words} ({area_m2 / 10_000:,.2f} ha)" if area_m2 >= 10_000 else words


def distance_words(distance_m: float) -> str:
    """A distance in metres, in kilometres from one kilometre on.

    >>> distance_words(12.34), distance_words(1240.0)
    ('12.3 m', '1.24 km')
    """
    return f"{distance_m / 1000:,.2f} km" if distance_m >= 1000 else f"{distance_m:,.1f} m"


def part_of_site(site: BaseGeometry, overlap: BaseGeometry, share: float) -> Text:
    """Which part of a site an overlap is, by where its centroid lies in the site's bounds.

    Args:
        site: On the plane, x east and y north.
        overlap: The part, on the same plane.
        share: Of the site, 0 to 1.

    >>> import shapely
    >>> part_of_site(shapely.box(0, 0, 10, 10), shapely.box(7, 0, 10, 3), 0.09).en
    'the south-east corner'
    """
    if share >= WHOLE_SHARE:
        return WHOLE
    west, south, east, north = site.bounds
    centre = overlap.centroid
    return PARTS[_side(centre.x, west, east), _side(centre.y, south, north)]


def _side(value: float, low: float, high: float) -> int:
    offset = 2 * (value - low) / (high - low) - 1 if high > low else 0.0
    return 0 if abs(offset) <= MIDDLE else (1 if offset > 0 else -1)


def zone_words(contact: Contact, language: Language) -> str:
    """A zone by name, code, class and sub-type."""
    zone = contact.zone
    kind = [ZONE_CLASS[zone.cls].in_(language)] if zone.cls else []
    kind += [zone.subtype] if zone.subtype else []
    return f"{zone.name} · {zone.code}" + (f" · {' · '.join(kind)}" if kind else "")


def contact_words(contact: Contact, evidence: Evidence, language: Language) -> str:
    """One zone: what it is, how the site lies to it, in which part, and how sure that is."""
    if contact.published is not None:
        return _withheld_words(public_contact(contact, evidence), evidence, language)
    found = contact.measure
    words: dict[str, str | Text] = {"zone": zone_words(contact, language)}
    if found.relation is Relation.APART:
        name = "contact_apart"
        words["distance"] = distance_words(found.distance_m)
    elif found.relation is Relation.TOUCHES:
        name = "contact_touches"
    elif evidence.site_area_m2 is None or found.overlap is None:
        name = "contact_point"
    else:
        name = "contact_overlaps"
        words["part"] = part_of_site(evidence.site_shape, found.overlap, found.share_of_site)
        words["area"] = area_words(found.area_m2)
        words["share"], words["of_zone"] = f"{found.share_of_site:.1%}", f"{found.share_of_zone:.2%}"
    return PHRASES[name].filled_in(language, **words) + _certainty_words(contact, evidence, language)


def steps_words(distance_m: float, step_m: float) -> Text:
    """A distance of which only the step is told.

    >>> steps_words(0.0, 200.0).en, steps_words(400.0, 200.0).en
    ('less than 200 m', '400 to 600 m')
    """
    if distance_m < step_m:
        return Text(f"不到 {step_m:g} m", f"less than {step_m:g} m")
    return Text(f"{distance_m:g} 至 {distance_m + step_m:g} m", f"{distance_m:g} to {distance_m + step_m:g} m")


def share_words(contact: Contact) -> Text:
    """The part of a site in a zone, of which only a rounded share is told."""
    share = contact.measure.share_of_site
    if share >= WHOLE_SHARE:
        return Text("全部选址", "all of the site")
    if share == 0.5:
        return Text("选址的一部分", "part of the site")
    return Text(f"选址的约 {share:.0%}", f"about {share:.0%} of the site")


def _withheld_words(contact: Contact, evidence: Evidence, language: Language) -> str:
    """A contact with a zone that is not published in full: relation and steps, no measures."""
    assert contact.published is not None
    zone, step = zone_words(contact, language), contact.published.disclosure.step_m
    if not contact.overlaps:
        distance = steps_words(contact.measure.distance_m, step)
        told = PHRASES["contact_apart"].filled(zone=zone, distance=distance)
    elif evidence.site_area_m2 is None:
        told = PHRASES["contact_point"].filled(zone=zone)
    else:
        told = PHRASES["contact_withheld"].filled(zone=zone, part=share_words(contact))
    width = f"±{contact.band.width_m:,.4g} m"
    doubt = contact.band.certainty is Certainty.BORDERLINE
    unsure = PHRASES["certainty_withheld"].filled_in(language, width=width) if doubt else ""
    return told.in_(language) + unsure


def _certainty_words(contact: Contact, evidence: Evidence, language: Language) -> str:
    band = contact.band
    width = f"±{band.width_m:,.4g} m"
    if band.certainty is Certainty.BESIDE:
        return PHRASES["certainty_beside"].filled_in(language, width=width)
    if band.certainty is Certainty.CERTAIN:
        return ""
    flip = distance_words(band.flip_m or 0.0)
    if evidence.site_area_m2 is None:
        return PHRASES["certainty_point"].filled_in(language, width=width, flip=flip)
    least, most = area_words(evidence.scaled(band.least_m2)), area_words(evidence.scaled(band.most_m2))
    return PHRASES["certainty_borderline"].filled_in(language, width=width, flip=flip, least=least, most=most)

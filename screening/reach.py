"""Does a clause's scope reach a site: through which units and zones, in which part of it, and how surely?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Clause, Position, ZoneTrigger
from screening.accuracy import Band, Certainty, deep_in_any, deeper_than, is_all_inside, might_stick_out
from screening.evidence import Answer, Consulted, Contact, Evidence
from screening.model import Realm
from screening.overlay import areal, common_part, uncovered
from screening.truth import Truth, every, negated, some
from screening.words import Text

Meant = Sequence[tuple[Contact, Truth]]
Blanks = Callable[[Contact], tuple[Text, ...]]
NO_ANSWER = Text("相关图层未能答复，位置关系不明", "a layer it needs did not answer")
MEET_ONLY_WITHIN_ACCURACY = Text(
    "各项空间条件只在位置精度以内同处成立", "its conditions meet in one place only within the accuracy of the lines"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whether a clause's scope reaches the site, and through which zones.

    Attributes:
        inside: Zones meant whose overlap with the site, as drawn, is the part for which it holds; empty where it is another.
        outside: That part outside zones, on the plane; None for all of the site.
        deep: The part, outside zones, for which it holds wherever the lines lie within their accuracy.
        bands: Of the zones meant inside which it holds; empty where it holds otherwise.
        beyond: Of the zones meant outside which it holds; empty where it holds otherwise.
        is_exact: Whether it certainly holds nowhere else on the site.
        is_unplaced: The clause is bound to units, and part of the site lies in none or the units did not answer.
        doubts: Why it is not known, in words.
    """

    truth: Truth
    contacts: tuple[Contact, ...] = ()
    inside: tuple[Contact, ...] = ()
    outside: BaseGeometry | None = None
    deep: BaseGeometry | None = None
    bands: tuple[Band, ...] = ()
    beyond: tuple[Band, ...] = ()
    is_exact: bool = True
    is_unplaced: bool = False
    doubts: tuple[Text, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether the part of the site for which it holds may be less than all of it."""
        return bool(self.inside) or self.outside is not None

    @property
    def place(self) -> BaseGeometry | None:
        """The part of the site for which it holds as drawn, on the plane; None for all of it."""
        return _overlap_of(self.inside) if self.inside else self.outside

    @property
    def is_borderline(self) -> bool:
        """Whether it is the accuracy of lines, or a zone's blank cell, that leaves it open: no declaration helps."""
        return self.truth is Truth.UNKNOWN and bool(self.contacts)


EVERYWHERE, NOWHERE = Reach(truth=Truth.YES), Reach(truth=Truth.NO)
UNPLACED = Reach(truth=Truth.UNKNOWN, is_unplaced=True, doubts=(NO_ANSWER,))


def reach(clause: Clause, evidence: Evidence) -> Reach:
    """Whether the clause speaks about the place, industries and facts aside; its conditions must meet in one place."""
    if clause.scope.is_everywhere and not clause.scope.zones:
        return EVERYWHERE
    if _is_elsewhere(clause, evidence):
        return NOWHERE
    if clause.scope.units and not clause.scope.zones and clause.scope.units.isdisjoint(evidence.unit_codes):
        return UNPLACED
    parts = reach_parts(clause, evidence)
    truth = every(part.truth for part in parts)
    placed = [part for part in parts if part.is_exact and part.is_part]
    narrow = [part for part in placed if not is_all_inside(part.bands)]
    is_apart = len(narrow) > 1 and common_part([one.place for one in narrow if one.place is not None]).is_empty
    if truth is Truth.NO or (is_apart and not _might_meet(placed)):
        return Reach(truth=Truth.NO)
    doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts))
    if truth is Truth.YES and (is_apart or not _meet_certainly(parts)):
        truth, doubts = Truth.UNKNOWN, (MEET_ONLY_WITHIN_ACCURACY,)
    contacts = tuple(contact for part in parts for contact in part.contacts)
    return Reach(truth=truth, contacts=contacts, is_unplaced=parts[0].is_unplaced, doubts=doubts)


def _is_elsewhere(clause: Clause, evidence: Evidence) -> bool:
    """Whether a glance shows that the scope does not reach the site: most clauses name units or zones far from it."""
    scope = clause.scope
    if scope.units and evidence.uncovered_share == 0.0 and scope.units.isdisjoint(evidence.unit_codes):
        return True
    return any(
        one.position is Position.WITHIN and one.layer_id in evidence.answered and not evidence.of_layer(one.layer_id)
        for one in scope.zones
    )


def place_of(clause: Clause, evidence: Evidence) -> BaseGeometry | None:
    """The part of the site on which a clause that reaches it speaks, on the plane; None for all of it.

    A distance is kept by the site as a whole, so it narrows nothing.
    """
    near = [False, *(one.position is Position.NEAR for one in clause.scope.zones)]
    parts = zip(reach_parts(clause, evidence), near, strict=True)
    places = [part.place for part, is_near in parts if part.place is not None and not is_near]
    return common_part(places) if places else None


def _might_meet(parts: Sequence[Reach]) -> bool:
    """Whether conditions that hold in different parts of a site would meet, were it elsewhere within its slack."""
    bands = [band for part in parts for band in (*part.bands, *part.beyond)]
    slack = max((band.slack_m for band in bands), default=0.0)
    if slack == 0.0:
        return False
    grown = bands[0].footprint.grown(slack)
    regions = []
    for part in parts:
        zones = shapely.union_all([band.near(grown, slack) for band in part.bands or part.beyond])
        within = shapely.intersection(grown, zones) if part.bands else shapely.difference(grown, zones)
        regions.append(areal(within))
    return not common_part(regions).is_empty


def holds_whole_site(clause: Clause, evidence: Evidence) -> Truth:
    """Whether the place in which a clause speaks is all of the site; unknown where lines or cells leave that open."""

    def covered(meant: Meant) -> Truth:
        return negated(_outside(meant, evidence, lambda _: ()).truth)

    truths = [] if clause.scope.is_everywhere else [covered(_units_meant(clause, evidence))]
    for trigger in clause.scope.zones:
        meant = _zones_meant(trigger, evidence)
        if trigger.position is Position.OUTSIDE:
            truths.append(negated(_inside(meant, is_silent=False, blanks=lambda _: ()).truth))
        else:
            truths.append(covered(meant))
    return every(truths)


def _meet_certainly(parts: Sequence[Reach]) -> bool:
    """Whether conditions that hold in parts of the site hold together in one part that survives the accuracy."""
    placed = [part for part in parts if part.deep is not None or (part.bands and not is_all_inside(part.bands))]
    if len(placed) < 2:
        return True
    deeps = [part.deep or deep_in_any(part.bands) for part in placed]
    return not common_part([one for one in deeps if one is not None]).is_empty


def reach_parts(clause: Clause, evidence: Evidence) -> list[Reach]:
    """What reaches the site: its units first, then each of its zone conditions."""
    return [_units_reached(clause, evidence), *(_zone_reached(one, evidence) for one in clause.scope.zones)]


def _units_reached(clause: Clause, evidence: Evidence) -> Reach:
    if clause.scope.is_everywhere:
        return Reach(truth=Truth.YES)
    meant = _units_meant(clause, evidence)
    blank = Text("所属区县", "district")
    found = _inside(meant, is_silent=evidence.uncovered_share != 0.0, blanks=lambda _: (blank,))
    if found.truth is Truth.UNKNOWN and not found.contacts:
        return replace(found, is_unplaced=True)
    return found


def _units_meant(clause: Clause, evidence: Evidence) -> Meant:
    meant = [(contact, _unit_meant(clause, contact, evidence)) for contact in evidence.unit_contacts]
    return [(contact, truth) for contact, truth in meant if truth is not Truth.NO]


def _unit_meant(clause: Clause, contact: Contact, evidence: Evidence) -> Truth:
    scope, zone = clause.scope, contact.zone
    consulted = evidence.answer_of(zone.layer_id)
    realm = consulted.layer.realm if consulted else Realm.BOTH
    place = {zone.district, zone.county} - {""}
    return every(
        [
            Truth.of(not scope.units or zone.code in scope.units),
            Truth.of(not scope.classes or zone.cls in scope.classes),
            Truth.of(not scope.districts or (not place.isdisjoint(scope.districts) if place else None)),
            Truth.of(scope.realm is Realm.BOTH or realm is scope.realm),
        ]
    )


def _zone_reached(trigger: ZoneTrigger, evidence: Evidence) -> Reach:
    meant = _zones_meant(trigger, evidence)
    consulted = evidence.answer_of(trigger.layer_id)
    is_silent = consulted is None or not consulted.answered

    def blanks(contact: Contact) -> tuple[Text, ...]:
        return tuple(Text(name, name) for name in trigger.blanks(contact.zone))

    match trigger.position:
        case Position.WITHIN:
            return _inside(meant, is_silent=is_silent, blanks=blanks)
        case Position.NEAR:
            is_short = consulted is not None and consulted.searched_m < trigger.distance_m
            return _near(meant, trigger.distance_m, is_silent=is_silent or is_short, blanks=blanks)
        case Position.OUTSIDE:
            if is_silent:
                return _outside_where_told(meant, _told_part(consulted, evidence), evidence, blanks)
            return _outside(meant, evidence, blanks)


def _zones_meant(trigger: ZoneTrigger, evidence: Evidence) -> Meant:
    meant = [(contact, trigger.means(contact.zone)) for contact in evidence.of_layer(trigger.layer_id)]
    return [(contact, truth) for contact, truth in meant if truth is not Truth.NO]


def _inside(meant: Meant, *, is_silent: bool, blanks: Blanks) -> Reach:
    """Whether the site lies in any of the zones meant."""
    sure = tuple(contact for contact, truth in meant if truth is Truth.YES and contact.overlaps)
    possible = tuple(contact for contact, truth in meant if truth is not Truth.NO and contact.may_overlap)
    bands = _bands(meant)
    if sure and (any(contact.certainly_overlaps for contact in sure) or deep_in_any(bands) is not None):
        is_exact = not is_silent and _is_settled(meant)
        return Reach(truth=Truth.YES, contacts=sure, inside=sure, bands=bands, is_exact=is_exact)
    if possible:
        return Reach(truth=Truth.UNKNOWN, contacts=possible, is_exact=False, doubts=_doubts(meant, possible, blanks))
    return Reach(truth=Truth.UNKNOWN, is_exact=False, doubts=(NO_ANSWER,)) if is_silent else Reach(truth=Truth.NO)


def _is_settled(meant: Meant) -> bool:
    """Whether nothing leaves open which part of the site lies in the zones meant: no borderline, no blank cell."""
    return not any(
        contact.band.certainty is Certainty.BORDERLINE or (truth is Truth.UNKNOWN and contact.overlaps)
        for contact, truth in meant
    )


def _near(meant: Meant, distance_m: float, *, is_silent: bool, blanks: Blanks) -> Reach:
    """Whether the site comes within a distance of any of the zones meant."""
    found = [(contact, every([truth, _comes_within(contact, distance_m)])) for contact, truth in meant]
    truth = some(one for _, one in found)
    hits = tuple(contact for contact, one in found if one is truth)
    if truth is Truth.YES:
        return Reach(truth=truth, contacts=hits, is_exact=False)
    if truth is Truth.UNKNOWN:
        return Reach(truth=truth, contacts=hits, is_exact=False, doubts=_doubts(meant, hits, blanks))
    return Reach(truth=Truth.UNKNOWN, is_exact=False, doubts=(NO_ANSWER,)) if is_silent else Reach(truth=Truth.NO)


def _comes_within(contact: Contact, distance_m: float) -> Truth:
    """Whether a zone lies within a distance, wherever the lines lie within their accuracy."""
    band = contact.band
    if contact.certainly_overlaps or band.adjoins:
        return Truth.YES
    least = distance_m - band.width_m
    if contact.measure.distance_m <= least:
        return Truth.YES
    depth = band.flip_m if contact.overlaps and band.flip_m is not None else 0.0
    if contact.measure.distance_m - depth <= least:
        return Truth.YES
    return Truth.UNKNOWN if contact.measure.distance_m <= distance_m + band.slack_m else Truth.NO


def _told_part(consulted: Consulted | None, evidence: Evidence) -> BaseGeometry | None:
    """The part of the site for which a layer speaks that does not cover all of it; None if it speaks for none."""
    if consulted is None or consulted.answer is not Answer.NOT_COVERING:
        return None
    contacts = evidence.of_layer(consulted.layer.id) if consulted.layer.tiles else evidence.units
    covers = [one.measure.overlap for one in contacts if one.measure.overlap is not None]
    return areal(shapely.union_all(covers)) if covers else None


def _outside_where_told(meant: Meant, told: BaseGeometry | None, evidence: Evidence, blanks: Blanks) -> Reach:
    """Outside the zones meant in the part for which the layer speaks is outside; of the rest nobody knows."""
    found = Reach(truth=Truth.NO) if told is None else _outside(meant, evidence, blanks, told)
    if found.truth is Truth.YES:
        return replace(found, outside=found.outside or told, is_exact=False)
    return Reach(truth=Truth.UNKNOWN, is_exact=False, doubts=(NO_ANSWER,))


def _outside(meant: Meant, evidence: Evidence, blanks: Blanks, told: BaseGeometry | None = None) -> Reach:
    """Whether part of the site, or of a part of it of which something is told, lies outside all of the zones meant."""
    sure = tuple(contact for contact, truth in meant if truth is Truth.YES and contact.overlaps)
    doubtful = tuple(contact for contact, truth in meant if truth is Truth.UNKNOWN and contact.may_overlap)
    if is_all_inside([contact.band for contact in sure]):
        return Reach(truth=Truth.NO)
    if not sure and not doubtful and not any(contact.band.has_edge for contact, _ in meant):
        return Reach(truth=Truth.YES, deep=told, is_exact=_is_settled(meant))
    shape = evidence.site_shape if told is None else told
    overlaps = [contact.measure.overlap for contact in sure if contact.measure.overlap is not None]
    outside = uncovered(shape, overlaps) if overlaps else shape
    if outside.is_empty:
        if not might_stick_out(shape, _bands(meant)):
            return Reach(truth=Truth.NO)
        return Reach(truth=Truth.UNKNOWN, contacts=sure, doubts=_doubts(meant, sure, blanks), is_exact=False)
    deep = _deep_outside(outside, [contact for contact, _ in meant], doubtful)
    if deep is None:
        near = tuple(contact for contact, _ in meant if contact.band.has_edge or contact in doubtful)
        return Reach(truth=Truth.UNKNOWN, contacts=near, doubts=_doubts(meant, near, blanks), is_exact=False)
    return Reach(
        truth=Truth.YES,
        contacts=sure,
        outside=outside if overlaps else None,
        deep=deep,
        beyond=_bands(meant),
        is_exact=_is_settled(meant),
    )


def _deep_outside(
    outside: BaseGeometry, contacts: Sequence[Contact], doubtful: Sequence[Contact]
) -> BaseGeometry | None:
    """What of the outside no shift of the lines, and no blank cell, would put inside; None if nothing."""
    covers = [one.measure.overlap for one in doubtful if one.measure.overlap is not None]
    rest = areal(uncovered(outside, covers)) if covers else outside  # of a point nothing is left
    if rest.is_empty:
        return None
    edges = [one.band for one in contacts if one.band.has_edge]
    if not edges:
        return rest
    width = max(one.width_m for one in edges)
    together = shapely.union_all([one.near(one.footprint.shape, width) for one in edges])
    return deeper_than(rest, together, width)


def _bands(meant: Meant) -> tuple[Band, ...]:
    """Of the zones certainly meant; those beside the site count, for a border between two of them is none of the whole."""
    return tuple(one.band for one, truth in meant if truth is Truth.YES and (one.overlaps or one.band.has_edge))


def _overlap_of(contacts: Sequence[Contact]) -> BaseGeometry:
    """The part of the site inside the zones; empty where it only lies near them."""
    overlaps = [one.measure.overlap for one in contacts if one.measure.overlap is not None]
    return overlaps[0] if len(overlaps) == 1 else shapely.union_all(overlaps)


def _doubts(meant: Meant, contacts: Sequence[Contact], blanks: Blanks) -> tuple[Text, ...]:
    """Why it is not known whether the site lies in zones: what they leave blank, or the accuracy of the lines."""
    said = []
    for contact in contacts:
        if any(one is contact and truth is Truth.UNKNOWN for one, truth in meant):
            said.append(_left_blank(contact, blanks(contact)))
        else:
            said.append(within_accuracy(contact))
    return tuple(said)


def within_accuracy(contact: Contact) -> Text:
    """In words: the relation to a zone exists only within the accuracy to which lines and site are known."""
    name, band = contact.zone.name or contact.zone.code, contact.band
    known = Text(f"界线与选址的位置精度合计 ±{band.width_m:g} m", f"lines and site are known to ±{band.width_m:g} m")
    if not contact.overlaps:
        apart = f"{contact.measure.distance_m:,.1f} m"
        return Text(
            f"与“{name}”相距 {apart}，{known.zh}，可能位于其中",
            f"{apart} from “{name}”; {known.en}, so it may lie inside",
        )
    if band.certainty is not Certainty.BORDERLINE:
        return Text(f"与“{name}”的距离，{known.zh}", f"its distance to “{name}”; {known.en}")
    depth = band.told_flip
    return Text(
        f"最多深入“{name}”{depth}，{known.zh}，是否确在其中不能确定",
        f"it reaches at most {depth} into “{name}”; {known.en}, so it may not lie inside at all",
    )


def _left_blank(contact: Contact, columns: tuple[Text, ...]) -> Text:
    name = contact.zone.name or contact.zone.code
    zh, en = "、".join(one.zh for one in columns), ", ".join(one.en for one in columns)
    return Text(f"成果未填写“{name}”的{zh}，无法对照条款", f"the release leaves {en} of “{name}” blank")

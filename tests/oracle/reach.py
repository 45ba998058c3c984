"""Where a clause speaks: each condition of its scope on its own, then whether they meet in one place (ADR 14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from tests.oracle.places import (
    QUARTER,
    THREAD_M,
    Place,
    Seen,
    TooCloseToSayError,
    around,
    broad,
    holds_something,
    polygons,
    remainder,
    shrunk,
    whole,
)
from tests.oracle.release import Layer, Row


@dataclass(frozen=True)
class Part:
    """One condition.

    Attributes:
        through: Whether zones were found through which it may hold.
        sure: Where on the site it holds wherever the lines lie; None where it is about no place on it.
        maybe: Where on the site it may hold; None for anywhere, where silence, lines or blank cells leave that open.
        zones: The zones it is about, as one, where `maybe` is told.
        is_out: Whether it holds outside those.
        shift: How far the site may lie elsewhere.
    """

    truth: str
    through: bool = False
    sure: BaseGeometry | None = None
    maybe: BaseGeometry | None = None
    zones: BaseGeometry | None = None
    is_out: bool = False
    shift: float = 0.0


@dataclass(frozen=True)
class Ground:
    """A site and what the layers, on a day, are good for.

    Attributes:
        answered: Layers whose silence may be read as "nothing there".
        partial: Layers that answer for part of the site only.
        units_silent: Whether part of the site lies in no unit, or a unit layer could not be read.
    """

    place: Place
    answered: frozenset[str]
    partial: frozenset[str]
    units_silent: bool


def all_of(truths: Iterable[str]) -> str:
    seen = set(truths)
    return "no" if "no" in seen else "unknown" if "unknown" in seen else "yes"


def any_of(truths: Iterable[str]) -> str:
    seen = set(truths)
    return "yes" if "yes" in seen else "unknown" if "unknown" in seen else "no"


def not_(truth: str) -> str:
    return {"yes": "no", "no": "yes"}.get(truth, truth)


def units_meant(clause: Row, layer: Layer, zone: Row) -> str:
    told = {zone["district"], zone["county"]} - {""}
    named = set(clause["districts"])
    return all_of(
        [
            "yes" if not clause["units"] or zone["code"] in clause["units"] else "no",
            "yes" if not clause["classes"] or zone["cls"] in clause["classes"] else "no",
            "yes" if not named or told & named else "no" if told else "unknown",
            "yes" if clause["realm"] in ("both", layer.about["realm"]) else "no",
        ]
    )


def zone_meant(trigger: Row, zone: Row) -> str:
    """A blank cell neither means nor clears a zone."""

    def said(value: str, meant: Sequence[str]) -> str:
        return "unknown" if not value else "yes" if value in meant else "no"

    truths = [said(zone["subtype"], trigger["subtypes"])] if trigger["subtypes"] else []
    for column, values in trigger["attributes"]:
        own = {"编码": zone["code"], "名称": zone["name"]}
        truths.append(said(zone["attributes"].get(column) or own.get(column, ""), values))
    return all_of(truths)


def is_unbound(clause: Row) -> bool:
    return not (clause["units"] or clause["classes"] or clause["districts"]) and clause["realm"] == "both"


def units_reached(clause: Row, ground: Ground) -> Part:
    if is_unbound(clause):
        return Part("yes")
    layers = [one for one, layer in ground.place.city.layers.items() if layer.about["role"] == "unit"]

    def meant(layer_id: str, zone: Row) -> str:
        return units_meant(clause, ground.place.city.layers[layer_id], zone)

    return _inside(layers, meant, ground, is_silent=ground.units_silent)


def zones_reached(trigger: Row, ground: Ground) -> Part:
    layer_id = trigger["layer"]
    is_silent = layer_id not in ground.answered
    if layer_id not in ground.place.city.layers:
        return Part("unknown")

    def meant(_: str, zone: Row) -> str:
        return zone_meant(trigger, zone)

    match trigger["position"]:
        case "within":
            return _inside([layer_id], meant, ground, is_silent=is_silent)
        case "outside":
            if is_silent:
                return _outside_where_told(layer_id, meant, ground)
            return outside([layer_id], meant, ground.place)
        case _:
            return _near(layer_id, meant, ground.place, trigger["distance_m"], is_silent=is_silent)


Meant = Callable[[str, Row], str]


def _told(layer_ids: Sequence[str], meant: Meant, place: Place) -> list[tuple[Layer, Seen, str]]:
    """Zones within ε of the site that are meant, or may be."""
    layers = place.city.layers
    told = [(layers[one], seen, meant(one, seen.row)) for one in layer_ids for seen in place.within(one, 0.0)]
    return [one for one in told if one[2] != "no"]


def _inside(layer_ids: Sequence[str], meant: Meant, ground: Ground, *, is_silent: bool) -> Part:
    """Whether the site lies in any zone meant; several count as one, in two layers as in one."""
    place = ground.place
    told = _told(layer_ids, meant, place)
    certain = [(layer, one) for layer, one, truth in told if truth == "yes"]
    overlapped = any(one.overlaps for _, one in certain)
    deep = deep_part_of(place, certain) if overlapped else None
    through = any(one.may_overlap for _, one, _ in told)
    maybe = None
    if not is_silent and is_settled(told):
        maybe = shapely.intersection(
            place.shape, shapely.union_all([layer.shapes[one.index] for layer, one in certain])
        )
    if deep is not None:
        zones = whole([layer.shapes[one.index] for layer, one in certain])
        return Part("yes", through=True, sure=deep, maybe=maybe, zones=zones, shift=_shift(place, certain))
    return Part("unknown" if through or is_silent else "no", through=through, maybe=None)


def deep_part_of(place: Place, zones: Sequence[tuple[Layer, Seen]]) -> BaseGeometry | None:
    layers = {one.layer_id: layer for layer, one in zones}
    if len(layers) == 1:
        return place.deep_part(zones[0][0], [one.index for _, one in zones])
    width = max(place.epsilon(layer) for layer in layers.values())
    together = whole([layer.shapes[one.index] for layer, one in zones])
    less, more = (
        shapely.intersection(place.shape, shapely.buffer(together, -depth - THREAD_M, quad_segs=QUARTER))
        for depth in around(width)
    )
    if holds_something(more, is_point=place.is_point):
        return more
    if holds_something(less, is_point=place.is_point):
        raise TooCloseToSayError
    return None


def is_settled(told: Sequence[tuple[Layer, Seen, str]]) -> bool:
    """Whether nothing leaves open which part of the site lies in zones: no borderline, no blank cell."""
    return not any(one.certainty == "borderline" or (truth == "unknown" and one.overlaps) for _, one, truth in told)


def _outside_where_told(layer_id: str, meant: Meant, ground: Ground) -> Part:
    """What is outside in the part for which a layer answers is outside; what is not leaves the rest open."""
    place = ground.place
    if layer_id not in ground.partial:
        return Part("unknown")
    layers = place.city.layers
    own = bool(layers[layer_id].about["tiles"])
    speaking = [layer_id] if own else [one for one, layer in layers.items() if layer.about["role"] == "unit"]
    covers = [
        layers[one.layer_id].shapes[one.index] for name in speaking for one in place.within(name, 0.0) if one.overlaps
    ]
    if not covers:
        return Part("unknown")
    found = outside([layer_id], meant, place, shapely.intersection(place.shape, whole(covers)))
    return Part("yes", through=found.through, sure=found.sure) if found.truth == "yes" else Part("unknown")


def outside(layer_ids: Sequence[str], meant: Meant, place: Place, part: BaseGeometry | None = None) -> Part:
    """Whether some of the site, or of a part of it, lies outside all zones meant; judged by the same table."""
    shape = place.shape if part is None else part
    told = _told(layer_ids, meant, place)
    certain = [(layer, one) for layer, one, truth in told if truth == "yes"]
    possible = [(layer, one) for layer, one, _ in told]
    zones = [layer.shapes[one.index] for layer, one in certain]
    widest = max((place.epsilon(layer) for layer, _ in possible), default=0.0)  # of two layers the coarser, as inside
    rest = remainder(shape, zones)
    beyond = rest if is_settled(told) else None
    if not holds_something(rest, is_point=place.is_point):
        return Part("unknown", through=True) if _might_leave(place, shape, certain) else Part("no")
    less, more = (
        remainder(
            shape,
            [shapely.buffer(layer.shapes[one.index], around(widest)[i]) for layer, one in possible],
        )
        for i in (0, 1)
    )
    if holds_something(more, is_point=place.is_point):
        told_zones = whole(zones) if zones else None
        return Part(
            "yes", through=True, sure=more, maybe=beyond, zones=told_zones, is_out=True, shift=_shift(place, certain)
        )
    if holds_something(less, is_point=place.is_point):
        raise TooCloseToSayError
    return Part("unknown", through=True)


def _might_leave(place: Place, shape: BaseGeometry, zones: Sequence[tuple[Layer, Seen]]) -> bool:
    """Whether what zones cover might reach out of them, were the site elsewhere; not over an edge it shares with them."""
    slack = _shift(place, zones)
    if slack == 0.0:
        return False
    edge = whole([layer.shapes[one.index] for layer, one in zones]).boundary
    distance = float(shapely.distance(shape, edge))
    if distance <= 2 * THREAD_M:
        return not all(place.is_resolved(layer) for layer, _ in zones)
    if abs(distance - slack) <= 2 * THREAD_M:
        raise TooCloseToSayError
    return distance <= slack


def _near(layer_id: str, meant: Meant, place: Place, distance: float, *, is_silent: bool) -> Part:
    layer = place.city.layers[layer_id]
    farthest = distance + place.slack(layer)
    told = [(one, meant(layer_id, one.row)) for one in place.within(layer_id, distance)]
    truth = any_of(all_of([said, _comes_near(one, place, distance, farthest)]) for one, said in told)
    if truth != "no":
        return Part(truth, through=True)
    return Part("unknown" if is_silent or _to_the_border(place) < farthest else "no")


def _comes_near(one: Seen, place: Place, distance: float, farthest: float) -> str:
    """Certain up to D − ε, possible up to D and what the site may lie elsewhere; to adjoin is certainly near."""
    layer = place.city.layers[one.layer_id]
    width = place.epsilon(layer)
    if (one.overlaps and one.certainty == "certain") or (one.relation == "touches" and place.is_resolved(layer)):
        return "yes"
    if one.distance <= distance - width:
        return "yes"
    if one.overlaps and distance < width:  # as deep as ε is wider than D
        part = shapely.intersection(place.shape, shrunk(layer, [one.index], width - distance))
        if holds_something(part, is_point=place.is_point):
            return "yes"
    return "unknown" if one.distance <= farthest else "no"


def _to_the_border(place: Place) -> float:
    """How far one can look before the territory, and with it the data, ends."""
    outline = place.city.outline
    return float(shapely.distance(outline.boundary, place.shape)) if shapely.contains(outline, place.shape) else 0.0


def reach(clause: Row, ground: Ground) -> tuple[str, bool]:
    """Whether its scope reaches the site; and whether it is bound to units nobody can place."""
    units = units_reached(clause, ground)
    parts = [units, *(zones_reached(one, ground) for one in clause["zones"])]
    truth = all_of(one.truth for one in parts)
    unplaced = units.truth == "unknown" and not units.through
    if truth == "no":
        return "no", False
    maybe = [one.maybe for one in parts if one.maybe is not None]
    if len(maybe) > 1 and not _meet(maybe, ground.place):
        return ("unknown", unplaced) if _meet_elsewhere(parts, ground.place) else ("no", False)
    sure = [one.sure for one in parts if one.sure is not None]
    if truth == "yes" and len(sure) > 1 and not _meet(sure, ground.place):
        return "unknown", unplaced
    return truth, unplaced


def _shift(place: Place, zones: Sequence[tuple[Layer, Seen]]) -> float:
    return max((place.slack(layer) for layer, _ in zones), default=0.0)


def _meet_elsewhere(parts: Sequence[Part], place: Place) -> bool:
    """Whether conditions that hold in different parts of a site would meet, were it elsewhere within its accuracy."""
    placed = [one for one in parts if one.maybe is not None and one.zones is not None]
    shift = max((one.shift for one in placed), default=0.0)
    if shift == 0.0 or len(placed) < 2:
        return False
    answers = set()
    for width in around(shift):
        grown = shapely.buffer(place.shape, width, quad_segs=QUARTER)
        regions = [
            shapely.difference(grown, one.zones) if one.is_out else shapely.intersection(grown, one.zones)
            for one in placed
        ]
        common = regions[0]
        for region in regions[1:]:
            common = shapely.intersection(common, region)
        answers.add(bool(broad(polygons(common))))
    if len(answers) > 1:
        raise TooCloseToSayError
    return answers.pop()


def _meet(shapes: Sequence[BaseGeometry], place: Place) -> bool:
    common = shapes[0]
    for one in shapes[1:]:
        common = shapely.intersection(common, one)
    return not common.is_empty if place.is_point else bool(broad(polygons(common)))


def holds_whole_site(clause: Row, ground: Ground) -> str:
    """Whether the place in which a permission holds is all of the site: whether no part of it lies elsewhere."""
    place, truths = ground.place, []
    if not is_unbound(clause):
        layers = [one for one, layer in place.city.layers.items() if layer.about["role"] == "unit"]
        truths.append(
            not_(outside(layers, lambda one, zone: units_meant(clause, place.city.layers[one], zone), place).truth)
        )
    for trigger in clause["zones"]:
        truths.append(_all_of_it(trigger, ground))
    return all_of(truths)


def _all_of_it(trigger: Row, ground: Ground) -> str:
    if trigger["layer"] not in ground.place.city.layers:
        return "unknown"

    def meant(_: str, zone: Row) -> str:
        return zone_meant(trigger, zone)

    if trigger["position"] == "outside":
        return not_(_inside([trigger["layer"]], meant, ground, is_silent=False).truth)
    return not_(outside([trigger["layer"]], meant, ground.place).truth)

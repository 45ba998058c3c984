"""The zone map's page: map, search, what lies under a place, releases by date, two of them side by side.

Everything but the map itself works without scripts; the scripts fetch parts of the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.difference_page import KIND
from api.look_ups import Kept
from api.map_routes import (
    MOST_FOUND,
    MOST_WORDS,
    map_snapshot,
    written_site,
    zone_found_out,
    zones_found,
    zones_under_out,
)
from api.problems import STATUS, language_of
from api.service import ScreeningService
from layers.base_maps import BaseMap
from layers.difference import Difference, ZoneChange
from layers.layer_overview import LayerOverview, layer_overviews, shown_layers
from layers.publication import Publication
from layers.release_dates import Standing, Stop, stops
from layers.snapshot import Snapshot
from layers.zone_search import zone_of
from screening.errors import ThreeLinesError
from screening.model import Nature
from screening.terms import ZONE_CLASS
from screening.words import Language, Text, joined
from web.catalogue import LABELS
from web.look_up_labels import LOOK_UP_LABELS
from web.maps import Extent, MapLayer, review_line
from web.pages import rendered
from web.zone_map_labels import ZONE_MAP_LABELS
from web.zone_maps import ShownRelease, large_map, map_config

AT_FIRST = frozenset({"district", "water_body", "unit_land", "unit_sea", "red_line"})
MOST_CHANGES = 100
CHANGES_OPEN = 6
M2_PER_HECTARE = 10_000
ROOM = 0.03  # degrees around the territory
Written = Annotated[str, Query(max_length=MOST_WORDS)]
Name = Annotated[str, Query(max_length=80)]
Zone = Annotated[str, Query(max_length=120, description="layer:code")]


def zone_map_pages(service: ScreeningService, base: BaseMap | None = None) -> APIRouter:
    """The page over one service; `base` is the outside base map, where its operator has a key."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    page = _Page(service, base)

    @routes.get("/map")
    def zone_map(
        request: Request,
        release: Name = "",
        other: Annotated[str, Query(alias="with", max_length=80)] = "",
        day: date | None = None,
        q: Written = "",
        zone: Zone = "",
        point: Written = "",
        fragment: bool = False,
    ) -> HTMLResponse:
        snapshot = service.snapshot(day) if day and not release else map_snapshot(service, release)
        asked = {"q": q.strip(), "zone": zone.strip(), "point": point.strip()}
        if fragment:
            return page.answer_alone(request, snapshot, asked)
        beside = map_snapshot(service, other) if other and other != snapshot.release.id else None
        return page.whole(request, snapshot, beside, asked)

    return routes


class _Page:
    """The page's parts over one service."""

    def __init__(self, service: ScreeningService, base: BaseMap | None) -> None:
        self._service = service
        self._base = base
        self._overviews: Kept[tuple[LayerOverview, ...]] = Kept(8)

    def answer_alone(self, request: Request, snapshot: Snapshot, asked: Mapping[str, str]) -> HTMLResponse:
        """What was asked about, without the page around it."""
        language = language_of(request)
        answer, status = self._answer(snapshot, asked, language)
        content = {"l": _labels(language), "answer": answer, "release": snapshot.release.id, "asked": asked}
        return rendered(request, "zone_map_answer.html", content, status=status)

    def whole(
        self, request: Request, snapshot: Snapshot, beside: Snapshot | None, asked: Mapping[str, str]
    ) -> HTMLResponse:
        """The page of one release, or of two side by side."""
        language, labels = language_of(request), _labels(language_of(request))
        listed = self._stops(language)
        earlier, later = self._in_order(snapshot, beside)
        shown = [("main", snapshot)] if beside is None else [("left", earlier), ("right", later)]
        answer, status = self._answer(later, asked, language)
        content = {
            "l": labels,
            "asked": asked,
            "answer": answer,
            "release": later.release.id,
            "other": earlier.release.id if beside else "",
            "maps": [self._map(name, one, listed, language) for name, one in shown],
            "stops": listed,
            "at_stop": _stop_of(listed, later.release.id),
            "in_force": self._service.release_in_force(),
            "changes_open": CHANGES_OPEN,
            "changes": self._changes(earlier, later, language) if beside else None,
            "overviews": [_overview_row(one, language) for one in self._overview(later)],
            "where_known": any(one.by_district for one in self._overview(later)),
            "silent": [(layer.name.in_(language), why.in_(language)) for layer, _, why in later.silent.values()],
            "unpublished": joined([one.layer.name for one in later.layers.values() if one.is_hidden]).in_(language),
            "title": later.release.title.in_(language),
            "is_demonstration": later.release.nature is Nature.DEMONSTRATION,
        }
        image_host = self._base.host if self._base else ""
        return rendered(request, "zone_map.html", content, status=status, image_host=image_host)

    # -- what was asked ------------------------------------------------------------------------------------------------

    def _answer(
        self, snapshot: Snapshot, asked: Mapping[str, str], language: Language
    ) -> tuple[dict[str, object], HTTPStatus]:
        """The place, else the zone, else the words asked for; a problem where they cannot be read."""
        try:
            if asked["point"]:
                site = written_site(snapshot, asked["point"])
                found = zones_under_out(snapshot, site, self._service.today(), language)
                screen = "/?" + urlencode({"lon": found.lon, "lat": found.lat, "lang": language})
                return {"kind": "place", "place": found, "screen_address": screen}, HTTPStatus.OK
            if asked["zone"]:
                layer_id, _, code = asked["zone"].partition(":")
                one = zone_of(snapshot, layer_id, code)
                if one is None:
                    return {"kind": "gone", "code": code or layer_id}, HTTPStatus.NOT_FOUND
                return {"kind": "zone", "zone": zone_found_out(one, language), "raw": one.zone}, HTTPStatus.OK
            if asked["q"]:
                found_by_words = zones_found(snapshot, asked["q"], MOST_FOUND, language)
                return {"kind": "search", "search": found_by_words}, HTTPStatus.OK
        except ThreeLinesError as problem:
            return {"kind": "problem", "problem": problem}, STATUS[type(problem)]
        return {"kind": "none"}, HTTPStatus.OK

    # -- releases ------------------------------------------------------------------------------------------------------

    def _stops(self, language: Language) -> list[dict[str, str]]:
        published = [one for one, _ in reversed(self._service.releases())]
        return [_stop_row(stop, language) for stop in stops(published, self._service.today())]

    def _in_order(self, one: Snapshot, other: Snapshot | None) -> tuple[Snapshot, Snapshot]:
        """The earlier release and the later, by first day and then by publishing; the same one twice if alone."""
        if other is None:
            return one, one
        order = [publication.release for publication, _ in reversed(self._service.releases())]
        rank = {id(each): (each.release.effective_from, order.index(each.release.id)) for each in (one, other)}
        return (one, other) if rank[id(one)] < rank[id(other)] else (other, one)

    def _changes(self, earlier: Snapshot, later: Snapshot, language: Language) -> dict[str, object]:
        names = {one.layer.id: one.layer.name.in_(language) for one in (*shown_layers(earlier), *shown_layers(later))}
        found: Difference = self._service.look_ups.changes(earlier.release.id, later.release.id)
        zones = [one for one in found.zones if one.layer in names]
        return {
            "zones": [_change_row(one, names, language) for one in zones[:MOST_CHANGES]],
            "total": len(zones),
            "rows": len(found.rows),
            "address": f"/releases/{later.release.id}/changes?since={earlier.release.id}&lang={language}",
        }

    # -- map and words -------------------------------------------------------------------------------------------------

    def _map(
        self, name: str, snapshot: Snapshot, listed: list[dict[str, str]], language: Language
    ) -> dict[str, object]:
        city, bounds = snapshot.jurisdiction, _territory(snapshot)
        demonstration = snapshot.release.nature is Nature.DEMONSTRATION
        shown = ShownRelease(
            id=snapshot.release.id,
            bounds=bounds,
            layers=_map_layers(snapshot),
            attribution=city.attribution.in_(language),
            review=review_line(city.map_review_number, demonstration=demonstration, language=language),
        )
        said = {key: text.in_(language) for key, text in ZONE_MAP_LABELS.items() if key in _SPOKEN}
        said |= {key: LABELS[key].in_(language) for key in ("zoom_in", "zoom_out")}
        return {
            "name": name,
            "parts": large_map(bounds, name),
            "config": map_config(shown, language, said, self._base),
            "stop": listed[_stop_of(listed, snapshot.release.id)],
        }

    def _overview(self, snapshot: Snapshot) -> tuple[LayerOverview, ...]:
        return self._overviews.get(snapshot.release.id, lambda: layer_overviews(snapshot))


_SPOKEN = frozenset(
    {
        "zm_found",
        "zm_found_more",
        "zm_found_none",
        "zm_found_point",
        "zm_point_option",
        "zm_busy",
        "zm_opacity",
        "zm_percent",
        "zm_group_all",
        "zm_group_count",
        "zm_only_left",
        "zm_only_right",
        "zm_layer_failed",
        "zm_loading",
        "zm_base_failed",
    }
)


def _labels(language: Language) -> dict[str, str]:
    return {name: text.in_(language) for name, text in {**LOOK_UP_LABELS, **ZONE_MAP_LABELS}.items()}


def _territory(snapshot: Snapshot) -> Extent:
    """The box that the map never leaves: the territory with a little room around it."""
    west, south, east, north = snapshot.jurisdiction.plane.to_degrees(snapshot.outline).bounds
    return west - ROOM, south - ROOM, east + ROOM, north + ROOM


def _map_layers(snapshot: Snapshot) -> tuple[MapLayer, ...]:
    return tuple(
        MapLayer(
            id=loaded.layer.id,
            title=loaded.layer.name,
            group=loaded.layer.role,
            visible=loaded.layer.id in AT_FIRST,
            style=loaded.layer.id,
        )
        for loaded in shown_layers(snapshot)
    )


def _stop_row(stop: Stop, language: Language) -> dict[str, str]:
    one, label = stop.publication, ZONE_MAP_LABELS
    first, last = stop.first.isoformat(), stop.last.isoformat() if stop.last else ""
    days = label["zm_from_to"].filled(first=first, last=last) if last else label["zm_from"].filled(first=first)
    return {
        "release": one.release,
        "days": days.in_(language),
        "first": first,
        "standing": stop.standing.value,
        "standing_label": label[f"zm_standing_{stop.standing.value}"].in_(language),
        "told": _told(stop, one, first, last).in_(language),
    }


def _stop_of(listed: list[dict[str, str]], release: str) -> int:
    """Where a release stands among the stops; one that was withdrawn and published again stands where it is valid."""
    own = [number for number, one in enumerate(listed) if one["release"] == release]
    standing = [number for number in own if listed[number]["standing"] != Standing.WITHDRAWN.value]
    in_force = [number for number in own if listed[number]["standing"] == Standing.IN_FORCE.value]
    return (in_force or standing or own)[0]


def _told(stop: Stop, one: Publication, first: str, last: str) -> Text:
    label = (
        ZONE_MAP_LABELS[f"zm_told_{stop.standing.value}"] if stop.standing is not Standing.IN_FORCE else Text("", "")
    )
    return label.filled(first=first, last=last, day=one.withdrawn_at[:10], because=one.withdrawn_because)


def _change_row(one: ZoneChange, names: Mapping[str, str], language: Language) -> dict[str, Any]:
    if one.gained_m2 or one.lost_m2:
        sizes = (("zm_gained", one.gained_m2), ("zm_lost", one.lost_m2))
        detail = " · ".join(_hectares(name, area).in_(language) for name, area in sizes if area)
    else:
        was, now = (_readable(one.kind, value, language) for value in (one.before, one.after))
        detail = f"{was} → {now}" if was or now else ""
    return {
        "layer": names[one.layer],
        "layer_id": one.layer,
        "code": one.code,
        "name": one.name,
        "kind": KIND[one.kind].in_(language),
        "detail": detail,
        "lon": one.longitude,
        "lat": one.latitude,
    }


def _hectares(name: str, area_m2: float) -> Text:
    return ZONE_MAP_LABELS[name].filled(area=f"{area_m2 / M2_PER_HECTARE:,.2f}")


def _readable(kind: str, value: str, language: Language) -> str:
    """A class by its name; anything else as delivered."""
    by_digit = {str(int(cls)): text.in_(language) for cls, text in ZONE_CLASS.items()}
    return by_digit.get(value, value) if kind == "class" else value


def _overview_row(one: LayerOverview, language: Language) -> dict[str, Any]:
    return {
        "id": one.layer.id,
        "name": one.layer.name.in_(language),
        "group": LABELS[f"group_{one.layer.role}"].in_(language),
        "is_unit": one.layer.role == "unit",
        "zones": one.zones,
        "by_class": [(int(cls), ZONE_CLASS[cls].in_(language), count) for cls, count in one.by_class],
        "by_district": one.by_district,
        "elsewhere": one.elsewhere,
        "surveyed": one.layer.surveyed.isoformat(),
        "accuracy_m": f"{one.layer.accuracy_m:g}",
        "source": one.layer.source.in_(language),
    }

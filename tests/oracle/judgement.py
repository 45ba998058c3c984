"""The verdict from the definitions: findings, gaps, exceptions, and the gravest of them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import shapely

from tests.oracle.conditions import Value, holds, missing
from tests.oracle.places import Place, Seen, remainder
from tests.oracle.reach import Ground, all_of, any_of, holds_whole_site, reach, zone_meant
from tests.oracle.release import City, Row

REFERENCE = Path(__file__).parents[2] / "layers" / "reference"
FACTS: Row = tomllib.loads((REFERENCE / "facts.toml").read_text(encoding="utf-8"))["fact"]
KINDS = {name: one["kind"] for name, one in FACTS.items()}
DERIVED = frozenset(name for name, one in FACTS.items() if one.get("derived"))

NOT_CONCERNED, COMPLIES, CONDITIONAL, UNDETERMINED, VIOLATES = range(5)
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    outcome: int
    truth: str
    missing: frozenset[str] = NONE


@dataclass(frozen=True)
class Question:
    """A project as declared.

    Attributes:
        industries: Codes with section letter.
    """

    industries: tuple[str, ...]
    construction: str | None
    facts: Mapping[str, Value]


@dataclass(frozen=True)
class Answer:
    conclusion: int
    findings: dict[str, list[Finding]]
    unplaced: int
    out_of_scope: int


@cache
def lineage(code: str) -> tuple[str, ...]:
    """Section, division, group, class of a code."""
    return tuple(code[: 1 + digits] for digits in (0, 2, 3, 4) if digits < len(code))


@cache
def industry_codes() -> tuple[str, ...]:
    with (REFERENCE / "gbt4754_2017.csv").open(encoding="utf-8-sig", newline="") as opened:
        return tuple(row["code"] for row in csv.DictReader(opened))


@cache
def finer_than(code: str) -> frozenset[str]:
    return frozenset(one for one in industry_codes() if one != code and code in lineage(one))


def industry_meant(include: list[str], exclude: list[str], code: str) -> str:
    """Whether an industry is in a set; unknown where the code is coarser than what the set names below it."""
    if set(lineage(code)) & set(exclude):
        return "no"
    finer = finer_than(code)
    if include and not set(lineage(code)) & set(include):
        return "unknown" if finer & set(include) else "no"
    return "unknown" if finer & set(exclude) else "yes"


class Site:
    """One place on one day, asked about many projects."""

    def __init__(self, city: City, degrees: shapely.Geometry, accuracy_m: float | None, day: date) -> None:
        self.city, self.day = city, day
        self.place = Place(city, city.plane.metres(degrees), accuracy_m or 0.0)
        self.is_outside = not shapely.intersects(degrees, shapely.box(*city.extent))

    @cached_property
    def seen(self) -> dict[str, list[Seen]]:
        """Zones the site meets, or comes within ε of, by layer."""
        return {layer_id: self.place.within(layer_id, 0.0) for layer_id in self.city.layers}

    def covered(self, layer_ids: list[str]) -> float:
        """Part of the site in zones of some layers."""
        inside = [self.city.layers[one].shapes[s.index] for one in layer_ids for s in self.seen[one] if s.overlaps]
        if self.place.is_point or not inside:
            return 1.0 if inside else 0.0
        rest = remainder(self.place.shape, inside)
        return float(1.0 - rest.area / self.place.shape.area)

    def with_role(self, *roles: str) -> list[str]:
        return [one for one, layer in self.city.layers.items() if layer.about["role"] in roles]

    @cached_property
    def answers(self) -> dict[str, str]:
        found = {layer_id: why for layer_id, (_, why) in self.city.silent.items()}
        for layer_id, layer in self.city.layers.items():
            about = layer.about
            last = (
                None
                if about["current_days"] is None
                else date.fromisoformat(about["surveyed"]) + timedelta(about["current_days"])
            )
            if last is not None and self.day > last:
                found[layer_id] = "stale"
            elif about["role"] != "unit" and self._speaks_for(layer_id, about) < 1.0:
                found[layer_id] = "not_covering"
            else:
                found[layer_id] = "answered"
        return found

    def _speaks_for(self, layer_id: str, about: Row) -> float:
        units = self.with_role("unit")
        if not about["tiles"]:
            return self.covered(units)
        elsewhere = [u for u in units if about["realm"] not in ("both", self.city.layers[u].about["realm"])]
        return self.covered([layer_id, *elsewhere])

    @cached_property
    def uncovered(self) -> float | None:
        units = self.with_role("unit")
        lost = not units or any(about["role"] == "unit" for about, _ in self.city.silent.values())
        share = self.covered(units)
        return None if lost and share < 1.0 else 1.0 - share

    @cached_property
    def ground(self) -> Ground:
        answered = frozenset(one for one, answer in self.answers.items() if answer == "answered")
        partial = frozenset(one for one, answer in self.answers.items() if answer == "not_covering")
        return Ground(self.place, answered, partial, units_silent=self.uncovered != 0.0)

    @cached_property
    def binding(self) -> list[Row]:
        day = self.day.isoformat()
        return [
            c for c in self.city.clauses if c["valid_from"] <= day and (c["valid_to"] is None or day <= c["valid_to"])
        ]

    @cached_property
    def reached(self) -> dict[str, tuple[str, bool]]:
        """Reach of every clause in force; many have the same scope."""
        found: dict[str, tuple[str, bool]] = {}
        by_scope: dict[str, tuple[str, bool]] = {}
        for clause in self.binding:
            scope = str([clause[one] for one in ("units", "classes", "districts", "realm", "zones")])
            if scope not in by_scope:
                by_scope[scope] = reach(clause, self.ground)
            found[clause["id"]] = by_scope[scope]
        return found

    @cached_property
    def holders(self) -> dict[str, list[Seen]]:
        """Units, element zones and districts the site lies in, or may lie in, by code."""
        found: dict[str, list[Seen]] = {}
        for layer_id in {*self.with_role("unit", "element"), *({"district"} & self.city.layers.keys())}:
            for one in self.seen[layer_id]:
                if one.may_overlap:
                    found.setdefault(one.row["code"], []).append(one)
        return found

    def lies_in(self, holder: str) -> bool:
        return any(one.overlaps and one.certainty == "certain" for one in self.holders[holder])

    @cached_property
    def derived(self) -> dict[str, Value]:
        """What the layers establish: the measured area, and objectives met by all places the site may lie in."""
        facts: dict[str, Value] = {} if self.place.is_point else {"land_m2": self.place.shape.area}
        here = [one for one in self.city.objectives if one["holder"] in self.holders]
        for name in {one["fact"] for one in here}:
            kind = [one for one in here if one["fact"] == name]
            met = [is_met(one) for one in kind]
            if any(is_met(one) is False and self.lies_in(one["holder"]) for one in kind):
                facts[name] = False
            elif all(one is True for one in met) and self._lies_in_any([one["holder"] for one in kind]):
                facts[name] = True
        return facts

    def _lies_in_any(self, holders: list[str]) -> bool:
        by_layer: dict[str, list[int]] = {}
        for holder in holders:
            for one in self.holders[holder]:
                by_layer.setdefault(one.layer_id, []).append(one.index)
        return any(self.place.deep_part(self.city.layers[one], ids) is not None for one, ids in by_layer.items())


def is_met(objective: Row) -> bool | None:
    if objective["state"] is None or objective["target"] is None:
        return None
    return bool(objective["state"] <= objective["target"])


def answer(site: Site, question: Question) -> Answer:
    facts = {**site.derived, **question.facts}
    judged: dict[str, Finding] = {}
    truths: dict[str, str] = {}
    out_of_scope = unplaced = 0
    by_id = {clause["id"]: clause for clause in site.binding}
    for clause in site.binding:
        place, is_unplaced = site.reached[clause["id"]]
        if place == "no" or is_unplaced:
            out_of_scope, unplaced = out_of_scope + (place == "no"), unplaced + is_unplaced
            continue
        judged[clause["id"]] = found = judge(clause, place, question, facts)
        truths[clause["id"]] = found.truth
    excepted = {one: _excepted(one, found, judged, by_id, site, facts) for one, found in judged.items()}
    findings: dict[str, list[Finding]] = {f"clause:{one}": [found] for one, found in excepted.items()}

    def add(key: str, found: Finding) -> None:
        findings.setdefault(key, []).append(found)

    for line in site.city.ceilings:
        if line["holder"] in site.holders:
            add(f"ceiling:{line['holder']}:{line['fact']}", _placed(ceiling(line, facts), line, site))
    for line in site.city.objectives:
        if line["holder"] in site.holders:
            add(f"objective:{line['holder']}:{line['fact']}", _placed(objective(line, facts), line, site))
    for key in gaps(site):
        add(key, Finding(UNDETERMINED, "unknown"))
    gravest = max((one.outcome for found in findings.values() for one in found), default=UNDETERMINED)
    return Answer(max(gravest, COMPLIES), findings, unplaced, out_of_scope)


def judge(clause: Row, place: str, question: Question, facts: Mapping[str, Value]) -> Finding:
    industry = any_of(industry_meant(clause["include"], clause["exclude"], one) for one in question.industries)
    kinds = clause["construction"]
    built = "yes" if not kinds else "unknown" if question.construction is None else _yes(question.construction in kinds)
    applies, open_applies = _asked(clause["applies_when"], facts, otherwise="yes")
    truth = all_of([place, industry, built, applies])
    if truth == "no":
        return Finding(NOT_CONCERNED, "no")
    spoken = speaks(clause, facts)
    if truth == "yes":
        return Finding(spoken.outcome, "yes", spoken.missing - DERIVED)
    if spoken.outcome <= COMPLIES:  # even if it spoke
        return Finding(NOT_CONCERNED, "unknown")
    return Finding(
        UNDETERMINED, "unknown", (open_applies - DERIVED) | ({"construction"} if built == "unknown" else NONE)
    )


def speaks(clause: Row, facts: Mapping[str, Value]) -> Finding:
    """What a clause that applies comes to."""
    doubt = UNDETERMINED if clause["in_principle"] else VIOLATES
    match clause["effect"]:
        case "encourage" | "permit":
            return Finding(COMPLIES, "yes")
        case "prose":
            return Finding(UNDETERMINED, "yes")
        case "prohibit" | "phase_out":
            excepted, still_open = _asked(clause["excepted_when"], facts, otherwise="no")
            return Finding({"yes": CONDITIONAL, "unknown": UNDETERMINED, "no": doubt}[excepted], "yes", still_open)
    if clause["satisfied_when"] is None:
        return Finding(UNDETERMINED if clause["effect"] == "restrict" else CONDITIONAL, "yes")
    met, still_open = _asked(clause["satisfied_when"], facts, otherwise="no")
    return Finding({"yes": COMPLIES, "unknown": UNDETERMINED, "no": doubt}[met], "yes", still_open)


def _asked(expression: str | None, facts: Mapping[str, Value], *, otherwise: str) -> tuple[str, frozenset[str]]:
    if not expression:
        return otherwise, NONE
    return holds(expression, facts, KINDS), missing(expression, facts, KINDS)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _excepted(
    clause_id: str,
    found: Finding,
    judged: Mapping[str, Finding],
    by_id: Mapping[str, Row],
    site: Site,
    facts: Mapping[str, Value],
) -> Finding:
    """A permission that names a clause takes out of it a project that is permitted on the whole site."""
    if found.outcome <= CONDITIONAL:
        return found
    permits = [one for one, its in judged.items() if clause_id in by_id[one]["exempts"] and its.truth != "no"]
    truths = {one: all_of([judged[one].truth, holds_whole_site(by_id[one], site.ground)]) for one in permits}
    if "yes" in truths.values():
        return Finding(CONDITIONAL, found.truth)
    open_permits = [one for one, truth in truths.items() if truth == "unknown"]
    if found.outcome == VIOLATES and open_permits:
        turning = [_asked(by_id[one]["applies_when"], facts, otherwise="yes")[1] for one in open_permits]
        return Finding(UNDETERMINED, found.truth, frozenset().union(*turning) - DERIVED)
    return found


def ceiling(line: Row, facts: Mapping[str, Value]) -> Finding:
    demand = facts.get(line["fact"])
    if demand is None:
        return Finding(UNDETERMINED, "unknown", frozenset({line["fact"]}))
    needed = float(demand) * line["per_fact"]
    if needed == 0.0:
        return Finding(NOT_CONCERNED, "no")
    if line["cap"] is None or line["used"] is None:
        return Finding(UNDETERMINED, "unknown")
    if needed <= line["cap"] - line["used"]:
        return Finding(COMPLIES, "yes")
    return Finding(VIOLATES if line["effect"] == "prohibit" else CONDITIONAL, "yes")


def objective(line: Row, facts: Mapping[str, Value]) -> Finding:
    met, emits = is_met(line), facts.get(line["emission_fact"])
    if met:
        return Finding(COMPLIES, "yes")
    if emits is False:
        return Finding(NOT_CONCERNED, "no")
    if met is None:
        return Finding(UNDETERMINED, "unknown")
    if emits is None:
        return Finding(UNDETERMINED, "unknown", frozenset({line["emission_fact"]}))
    return Finding(VIOLATES if line["effect"] == "prohibit" else CONDITIONAL, "yes")


def _placed(found: Finding, line: Row, site: Site) -> Finding:
    """A place in which the site lies only within ε weighs as undetermined."""
    if found.outcome <= COMPLIES or site.lies_in(line["holder"]):
        return found
    return Finding(UNDETERMINED, "unknown", found.missing)


def gaps(site: Site) -> list[str]:
    """What could not be checked: layers, places without units, a list that is silent, lines that are not there."""
    city, binding = site.city, site.binding
    abouts = {
        **{one: layer.about for one, layer in city.layers.items()},
        **{one: about for one, (about, _) in city.silent.items()},
    }
    found = [f"layer:{one}" for one, answer in site.answers.items() if abouts[one]["required"] and answer != "answered"]
    found += ["unit:uncovered"] if site.uncovered != 0.0 else []
    found += ["list:levels"] if city.levels - {one["level"] for one in binding} else []
    named = {code for one in binding if one["level"] == "UNIT" for code in one["units"]}
    triggers = [trigger for one in binding for trigger in one["zones"]]
    for layer_id, seen in site.seen.items():
        about = city.layers[layer_id].about
        for one in (one for one in seen if one.may_overlap):
            if about["role"] == "unit" and one.row["code"] not in named:
                found.append(f"list:{one.row['code']}")
            spoken = any(t["layer"] == layer_id and zone_meant(t, one.row) == "yes" for t in triggers)
            if about["needs_clause"] and one.row["cls"] != 3 and not spoken:
                found.append(f"list:{layer_id}:{one.row['code']}")
    lines = [one for one in (*city.ceilings, *city.objectives) if one["holder"] in site.holders]
    for district in site.holders.keys() & city.districts:
        known = {
            one["fact"]
            for one in lines
            if one["holder"] == district or any(seen.row["county"] == district for seen in site.holders[one["holder"]])
        }
        found += [f"line:{district}:{fact}" for fact in city.required_lines if fact not in known]
    return found

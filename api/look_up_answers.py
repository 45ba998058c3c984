"""Look-ups as JSON in one language; the pages show the same."""

from __future__ import annotations

from datetime import date

from api.difference_page import KIND
from api.look_up_schemas import (
    LineOut,
    LookUpClauseOut,
    NeighbourOut,
    ProtectionAreaOut,
    ReleaseNewsOut,
    UnansweredOut,
    UnitClauseOut,
    UnitDossierOut,
    UnitReleaseOut,
    WaterCheckOut,
    WaterMetOut,
    WaterSourcesOut,
    ZoneInsideOut,
)
from api.schemas import UnitOut
from layers.difference import RowChange, ZoneChange
from layers.facts import fact_schema
from layers.news import TABLES, ReleaseNews, class_name
from layers.snapshot import Snapshot
from layers.unit_dossier import UnitDossier, ZoneInside
from layers.unit_history import UnitEntry
from layers.unit_search import FoundUnit, district_of
from layers.water_sources import Met, ProtectionArea, WaterAnswer, WaterListing, WaterStanding
from screening.access import Clause
from screening.conditions import Condition
from screening.lines import is_met
from screening.model import Ceiling, Objective, Zone
from screening.terms import CONSTRUCTION, DIMENSION, EFFECT, LEVEL, NATURE, REALM, ZONE_CLASS
from screening.whereabouts import distance_words, steps_words
from screening.words import Language, Text

WATER_TOLD: dict[WaterStanding, Text] = {
    WaterStanding.INSIDE: Text("位于{zone}内。", "It lies in {zone}."),
    WaterStanding.MAYBE: Text(
        "可能位于{zone}内：与界线的距离小于数据精度，须由人工核定。",
        "It may lie in {zone}: the line is nearer than the accuracy of the data, so a person must decide.",
    ),
    WaterStanding.OUTSIDE: Text(
        "按现行成果，不在任何饮用水水源保护区内。这不是准入结论，其他管控要求仍须研判。",
        "By the release in force it lies in no drinking-water protection area. That is no clearance: all other "
        "requirements remain to be screened.",
    ),
    WaterStanding.UNKNOWN: Text(
        "无法判定：饮用水水源保护区图层没有作答，不能认为不在保护区内。",
        "Cannot be determined: the layer of protection areas did not answer; this does not mean that there is none.",
    ),
}


def unit_out(found: FoundUnit, snapshot: Snapshot, language: Language) -> UnitOut:
    """A unit as a row of a list."""
    return UnitOut(
        code=found.zone.code,
        name=found.zone.name,
        class_label=_class(found.zone, language),
        realm=REALM[found.layer.realm].in_(language),
        district=district_of(found.zone, snapshot.jurisdiction),
        area_m2=round(found.area_m2, 1),
    )


def clause_out(clause: Clause, day: date, language: Language) -> LookUpClauseOut:
    """A clause with the basis that holds on a day."""
    return LookUpClauseOut(
        id=clause.id,
        level=LEVEL[clause.level].in_(language),
        dimension=DIMENSION[clause.dimension].in_(language),
        effect=clause.effect.value,
        effect_label=EFFECT[clause.effect].in_(language),
        wording=clause.wording.in_(language) or clause.wording.zh,
        basis=clause.basis_on(day),
        kinds=[label.in_(language) for kind, label in CONSTRUCTION.items() if kind in clause.construction],
        condition=_condition(clause.applies_when, language),
        exception=_condition(clause.excepted_when, language),
        valid_from=clause.valid_from.isoformat(),
        valid_to=clause.valid_to.isoformat() if clause.valid_to else None,
        binds=clause.binds_on(day),
        verified=clause.verified,
    )


def _condition(condition: Condition | None, language: Language) -> str:
    return condition.told(fact_schema()).in_(language) if condition else ""


def dossier_out(found: UnitDossier, history: list[UnitEntry], language: Language) -> UnitDossierOut:
    """A unit's dossier and its history."""
    zone = found.unit.zone
    return UnitDossierOut.model_validate(
        {
            "release": found.release.id,
            "as_of": found.as_of.isoformat(),
            "code": zone.code,
            "name": zone.name,
            "class": int(zone.cls) if zone.cls else None,
            "class_label": _class(zone, language),
            "realm": REALM[found.unit.layer.realm].in_(language),
            "district": found.district,
            "area_m2": round(found.unit.area_m2, 1),
            "area_method": found.method.in_(language),
            "point": _degrees(*found.point) if found.point else None,
            "bounds": _degrees(*found.bounds) if found.bounds else None,
            "clauses": [
                UnitClauseOut(**clause_out(one.clause, found.as_of, language).model_dump(), bound=one.bound.value)
                for one in found.clauses
            ],
            "general_clauses": found.general,
            "zones": [_zone_inside(one, language) for one in found.inside],
            "unanswered": [
                UnansweredOut(
                    layer=one.layer.id,
                    layer_name=one.layer.name.in_(language),
                    answer=one.answer.in_(language),
                    reason=one.reason.in_(language),
                )
                for one in found.unanswered
            ],
            "neighbours": [
                NeighbourOut(
                    code=one.zone.code,
                    name=one.zone.name,
                    class_label=_class(one.zone, language),
                    direction=one.direction.in_(language),
                )
                for one in found.neighbours
            ],
            "lines": [
                *(_ceiling(one, language) for one in found.ceilings),
                *(_objective(one, language) for one in found.objectives),
            ],
            "history": [_unit_release(one, language) for one in history],
        }
    )


def _degrees(*numbers: float) -> tuple[float, ...]:
    return tuple(round(one, 6) for one in numbers)


def _class(zone: Zone, language: Language) -> str:
    return ZONE_CLASS[zone.cls].in_(language) if zone.cls else ""


def _zone_inside(one: ZoneInside, language: Language) -> ZoneInsideOut:
    return ZoneInsideOut(
        layer=one.layer.id,
        layer_name=one.layer.name.in_(language),
        code=one.zone.code,
        name=one.zone.name,
        class_label=_class(one.zone, language),
        subtype=one.zone.subtype,
        area_m2=round(one.area_m2, 1),
        share=one.share,
        share_of_zone=one.share_of_zone,
    )


def _ceiling(one: Ceiling, language: Language) -> LineOut:
    left = one.cap - one.used if one.cap is not None and one.used is not None else None
    return LineOut(
        kind="ceiling",
        holder=one.holder,
        holder_name=one.holder_name,
        name=one.resource.in_(language),
        metric=one.metric,
        cap=one.cap,
        used=one.used,
        left=left,
        target="",
        state="",
        met=None if left is None else left >= 0,
        unit=one.unit,
        year=one.year,
        wording=one.wording,
        basis=one.basis,
        verified=one.verified,
    )


def _objective(one: Objective, language: Language) -> LineOut:
    return LineOut(
        kind="objective",
        holder=one.holder,
        holder_name=one.holder_name,
        name=one.element.in_(language),
        metric=one.metric,
        cap=None,
        used=None,
        left=None,
        target=one.target_text,
        state=one.state_text,
        met=is_met(one),
        unit=one.unit,
        year=one.year,
        wording=one.wording,
        basis=one.basis,
        verified=one.verified,
    )


def _unit_release(one: UnitEntry, language: Language) -> UnitReleaseOut:
    return UnitReleaseOut(
        release=one.publication.release,
        effective_from=one.publication.effective_from.isoformat(),
        withdrawn=bool(one.publication.withdrawn_at),
        exists=one.exists.value,
        changes=[_zone_change(each).in_(language) for each in one.zones]
        + [_row(each).in_(language) for each in one.rows],
        problem=one.problem.in_(language) if one.problem else "",
    )


def _zone_change(change: ZoneChange) -> Text:
    kind = KIND[change.kind]
    match change.kind:
        case "class":
            before, after = class_name(change.before), class_name(change.after)
            return Text(f"{kind.zh}：{before.zh} → {after.zh}", f"{kind.en}: {before.en} → {after.en}")
        case "name":
            return Text(f"{kind.zh}：{change.before} → {change.after}", f"{kind.en}: {change.before} → {change.after}")
        case "moved":
            figures = f"+{change.gained_m2:,.1f} m², −{change.lost_m2:,.1f} m²"
            return Text(f"{kind.zh}：{figures}", f"{kind.en}: {figures}")
        case _:
            return kind


def _row(change: RowChange) -> Text:
    table, kind = TABLES[change.table], KIND[change.kind]
    return Text(f"{table.zh} {change.key}：{kind.zh}", f"{table.en} {change.key}: {kind.en}")


# -- water sources -----------------------------------------------------------------------------------------------------


def water_sources_out(
    found: WaterListing, day: date, check: WaterCheckOut | None, language: Language
) -> WaterSourcesOut:
    """All protection areas, and the answer about a point where there is one."""
    clauses = {clause.id: clause for level in found.levels for clause in level.clauses}
    return WaterSourcesOut(
        release=found.release.id,
        as_of=day.isoformat(),
        silence=found.silence.in_(language) if found.silence else "",
        areas=[area_out(area) for level in found.levels for area in level.areas],
        clauses=[clause_out(clause, day, language) for clause in clauses.values()],
        check=check,
    )


def area_out(one: ProtectionArea) -> ProtectionAreaOut:
    """A protection area as JSON."""
    return ProtectionAreaOut(
        code=one.zone.code,
        name=one.zone.name,
        level=one.zone.subtype,
        district=one.zone.district,
        area_m2=round(one.area_m2, 1),
        point=(round(one.point[0], 6), round(one.point[1], 6)) if one.point else None,
    )


def water_check_out(found: WaterAnswer, language: Language) -> WaterCheckOut:
    """How a site stands to protection areas, in words and as data."""
    told = WATER_TOLD[found.standing]
    if found.met:
        zone = found.met[0].contact.zone
        named = f"{zone.name} {zone.subtype}".strip()
        told = told.filled(zone=named if language == "en" else f"“{named}”")
    return WaterCheckOut(
        standing=found.standing.value,
        told=told.in_(language),
        reason=found.reason.in_(language) if found.reason else "",
        met=[_met(one, found.as_of, language) for one in found.met],
        nearest=area_out(found.nearest[0]) if found.nearest else None,
        nearest_m=round(found.nearest[1], 1) if found.nearest else None,
        nearest_step_m=found.step_m,
        near_clauses=[clause_out(one, found.as_of, language) for one in found.near],
    )


def nearest_words(found: WaterCheckOut, language: Language) -> str:
    """The distance to the nearest protection area as people read it; empty without one."""
    if found.nearest_m is None:
        return ""
    if found.nearest_step_m is not None:
        return steps_words(found.nearest_m, found.nearest_step_m).in_(language)
    return distance_words(found.nearest_m)


def _met(one: Met, day: date, language: Language) -> WaterMetOut:
    zone = one.contact.zone
    return WaterMetOut(
        code=zone.code,
        name=zone.name,
        level=zone.subtype,
        certainty="certain" if one.contact.certainly_overlaps else "borderline",
        accuracy_m=one.contact.band.width_m,
        clauses=[clause_out(clause, day, language) for clause in one.clauses],
    )


# -- news --------------------------------------------------------------------------------------------------------------


def news_out(one: ReleaseNews, language: Language) -> ReleaseNewsOut:
    """What one publication brought."""
    return ReleaseNewsOut(
        release=one.publication.release,
        title=one.title.in_(language),
        nature=NATURE[one.nature].in_(language),
        effective_from=one.publication.effective_from.isoformat(),
        published_at=one.publication.published_at,
        withdrawn=bool(one.publication.withdrawn_at),
        before=one.before,
        lines=[line.in_(language) for line in one.lines],
        problem=one.problem.in_(language) if one.problem else "",
    )

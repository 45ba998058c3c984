"""The core's values as JSON and back: how lists, lines and layers rest in a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from layers.issues import Issue, Severity
from screening.access import (
    AccessList,
    Clause,
    Dimension,
    IndustrySet,
    Level,
    Position,
    Replacement,
    Scope,
    ZoneTrigger,
)
from screening.conditions import Condition
from screening.model import Ceiling, Construction, Effect, Layer, Objective, Realm, ZoneClass
from screening.words import Text

Json = dict[str, Any]


def text_to_json(text: Text) -> Json:
    """Both wordings."""
    return {"zh": text.zh, "en": text.en}


def text_from_json(content: Mapping[str, str]) -> Text:
    """Both wordings."""
    return Text(content["zh"], content["en"])


def access_list_to_json(access_list: AccessList) -> Json:
    """The list, clauses in the order of their ids."""
    return {
        "version": access_list.version,
        "levels": sorted(level.name for level in access_list.levels),
        "clauses": [_clause_to_json(clause) for clause in access_list.clauses],
    }


def access_list_from_json(content: Mapping[str, Any]) -> AccessList:
    """The list again."""
    return AccessList(
        version=content["version"],
        levels=frozenset(Level[name] for name in content["levels"]),
        clauses=tuple(_clause_from_json(clause) for clause in content["clauses"]),
    )


def _clause_to_json(clause: Clause) -> Json:
    scope = clause.scope
    return {
        "id": clause.id,
        "level": clause.level.name,
        "dimension": clause.dimension.name,
        "units": sorted(scope.units),
        "classes": sorted(int(cls) for cls in scope.classes),
        "districts": sorted(scope.districts),
        "realm": scope.realm.value,
        "zones": [_trigger_to_json(trigger) for trigger in scope.zones],
        "include": sorted(clause.industries.include),
        "exclude": sorted(clause.industries.exclude),
        "construction": sorted(kind.value for kind in clause.construction),
        "effect": clause.effect.value,
        "applies_when": clause.applies_when.expression if clause.applies_when else None,
        "satisfied_when": clause.satisfied_when.expression if clause.satisfied_when else None,
        "excepted_when": clause.excepted_when.expression if clause.excepted_when else None,
        "replacements": [[one.fact, one.ratio] for one in clause.replacements],
        "exempts": sorted(clause.exempts),
        "in_principle": clause.in_principle,
        "wording": text_to_json(clause.wording),
        "basis": clause.basis,
        "basis_old": clause.basis_old,
        "basis_since": _day_to_json(clause.basis_since),
        "valid_from": clause.valid_from.isoformat(),
        "valid_to": _day_to_json(clause.valid_to),
        "verified": clause.verified,
        "row": clause.row,
    }


def _clause_from_json(content: Mapping[str, Any]) -> Clause:
    return Clause(
        id=content["id"],
        level=Level[content["level"]],
        dimension=Dimension[content["dimension"]],
        scope=Scope(
            units=frozenset(content["units"]),
            classes=frozenset(ZoneClass(cls) for cls in content["classes"]),
            districts=frozenset(content["districts"]),
            realm=Realm(content["realm"]),
            zones=tuple(_trigger_from_json(trigger) for trigger in content["zones"]),
        ),
        industries=IndustrySet(include=frozenset(content["include"]), exclude=frozenset(content["exclude"])),
        construction=frozenset(Construction(kind) for kind in content["construction"]),
        effect=Effect(content["effect"]),
        applies_when=_condition(content["applies_when"]),
        satisfied_when=_condition(content["satisfied_when"]),
        excepted_when=_condition(content["excepted_when"]),
        replacements=tuple(Replacement(fact=fact, ratio=ratio) for fact, ratio in content["replacements"]),
        exempts=frozenset(content["exempts"]),
        in_principle=content["in_principle"],
        wording=text_from_json(content["wording"]),
        basis=content["basis"],
        basis_old=content["basis_old"],
        basis_since=_day_from_json(content["basis_since"]),
        valid_from=date.fromisoformat(content["valid_from"]),
        valid_to=_day_from_json(content["valid_to"]),
        verified=content["verified"],
        row=content["row"],
    )


def _trigger_to_json(trigger: ZoneTrigger) -> Json:
    return {
        "layer": trigger.layer_id,
        "position": trigger.position.value,
        "subtypes": sorted(trigger.subtypes),
        "attributes": [[name, sorted(values)] for name, values in trigger.attributes],
        "distance_m": trigger.distance_m,
    }


def _trigger_from_json(content: Mapping[str, Any]) -> ZoneTrigger:
    return ZoneTrigger(
        layer_id=content["layer"],
        position=Position(content["position"]),
        subtypes=frozenset(content["subtypes"]),
        attributes=tuple((name, frozenset(values)) for name, values in content["attributes"]),
        distance_m=content["distance_m"],
    )


def ceiling_to_json(ceiling: Ceiling) -> Json:
    """One ceiling."""
    return {
        "holder": ceiling.holder,
        "holder_name": ceiling.holder_name,
        "resource": text_to_json(ceiling.resource),
        "metric": ceiling.metric,
        "fact": ceiling.fact,
        "per_fact": ceiling.per_fact,
        "cap": ceiling.cap,
        "used": ceiling.used,
        "unit": ceiling.unit,
        "year": ceiling.year,
        "effect": ceiling.effect.value,
        "wording": ceiling.wording,
        "basis": ceiling.basis,
        "verified": ceiling.verified,
    }


def ceiling_from_json(content: Mapping[str, Any]) -> Ceiling:
    """One ceiling again."""
    return Ceiling(**{**content, "resource": text_from_json(content["resource"]), "effect": Effect(content["effect"])})


def objective_to_json(objective: Objective) -> Json:
    """One objective."""
    return {
        "holder": objective.holder,
        "holder_name": objective.holder_name,
        "element": text_to_json(objective.element),
        "metric": objective.metric,
        "fact": objective.fact,
        "emission_fact": objective.emission_fact,
        "target": objective.target,
        "state": objective.state,
        "target_text": objective.target_text,
        "state_text": objective.state_text,
        "unit": objective.unit,
        "year": objective.year,
        "effect": objective.effect.value,
        "wording": objective.wording,
        "basis": objective.basis,
        "verified": objective.verified,
        "replacement_ratio": objective.replacement_ratio,
        "pollutants": list(objective.pollutants),
    }


def objective_from_json(content: Mapping[str, Any]) -> Objective:
    """One objective again."""
    return Objective(
        **{
            **content,
            "element": text_from_json(content["element"]),
            "effect": Effect(content["effect"]),
            "pollutants": tuple(content["pollutants"]),
        }
    )


def layer_to_json(layer: Layer) -> Json:
    """What a layer is, where it is from and how exact."""
    return {
        "id": layer.id,
        "name": text_to_json(layer.name),
        "role": layer.role,
        "realm": layer.realm.value,
        "required": layer.required,
        "tiles": layer.tiles,
        "accuracy_m": layer.accuracy_m,
        "surveyed": layer.surveyed.isoformat(),
        "current_days": layer.current_days,
        "nearest_m": layer.nearest_m,
        "needs_clause": layer.needs_clause,
        "source": text_to_json(layer.source),
    }


def layer_from_json(content: Mapping[str, Any]) -> Layer:
    """A layer again."""
    return Layer(
        **{
            **content,
            "name": text_from_json(content["name"]),
            "realm": Realm(content["realm"]),
            "surveyed": date.fromisoformat(content["surveyed"]),
            "source": text_from_json(content["source"]),
        }
    )


def issue_to_json(issue: Issue) -> Json:
    """One line of the issue log."""
    return {
        "severity": issue.severity.value,
        "layer": issue.layer,
        "place": issue.place,
        "message": text_to_json(issue.message),
        "longitude": issue.longitude,
        "latitude": issue.latitude,
    }


def issue_from_json(content: Mapping[str, Any]) -> Issue:
    """The line again."""
    return Issue(
        severity=Severity(content["severity"]),
        layer=content["layer"],
        place=content["place"],
        message=text_from_json(content["message"]),
        longitude=content["longitude"],
        latitude=content["latitude"],
    )


def _condition(expression: str | None) -> Condition | None:
    return Condition(expression) if expression else None


def _day_to_json(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day_from_json(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None

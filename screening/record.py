"""A verdict as plain data: canonical, rounded, the same bytes for the same input.

Areas to 0.01 m², distances to 0.01 m, shares to 1e-6, coordinates to 1e-7° (about 1 cm).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from screening.access import Clause
from screening.alignment import alignment_length_m
from screening.alignment_words import places_record
from screening.disclosure import disclosed
from screening.evidence import Consulted, Contact, Evidence, ReleaseName
from screening.findings import Finding
from screening.model import Project, Site
from screening.particulars import environmental_share, remarks
from screening.site_checks import NOTHING_STATED, Stated
from screening.verdict import Verdict
from screening.words import Text

Record = dict[str, Any]


def as_record(verdict: Verdict, stated: Stated = NOTHING_STATED) -> Record:
    """The whole verdict as JSON-ready data, without its digest; with what was stated of its site, where anything was.

    Measures of layers that the release does not publish in full are rounded as it says.
    """
    verdict = disclosed(verdict)
    evidence = verdict.evidence
    return {
        "conclusion": verdict.conclusion.name.lower(),
        "as_of": verdict.as_of.isoformat(),
        "engine_version": verdict.engine_version,
        "release": _release(evidence.release),
        "project": _project(verdict.project),
        "site": _site(verdict.site, evidence),
        "area_method": _text(evidence.plane.area_method(evidence.area_method)),
        "remarks": _remarks(verdict, stated),
        "findings": [_finding(finding, verdict) for finding in verdict.findings],
        "levels": [
            {
                "level": answer.level.name.lower(),
                "outcome": answer.outcome.name.lower(),
                "deciding": [one.key for one in answer.deciding],
                "clauses": answer.clauses,
            }
            for answer in verdict.levels
        ],
        "clauses_out_of_scope": verdict.out_of_scope,
        "clauses_unplaced": verdict.unplaced,
        "contacts": [_contact(contact, evidence) for contact in evidence.contacts],
        "consulted": [_consulted(one) for one in evidence.consulted],
        "uncovered_share": None if evidence.uncovered_share is None else round(evidence.uncovered_share, 6),
        "would_change": [{"fact": name, "findings": list(keys)} for name, keys in verdict.would_change],
        **places_record(verdict.site, evidence),
        **_stated(stated),
        **_disclosures(evidence),
    }


def canonical(record: object, *, members: Callable[[object], object] | None = None) -> bytes:
    """One spelling for one content: sorted keys, no spaces, UTF-8.

    Args:
        record: JSON-ready data.
        members: What to spell instead of anything in it that is not.

    >>> canonical({"b": 1, "a": "线"}).decode()
    '{"a":"线","b":1}'
    """
    spelled = json.dumps(
        record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=members
    )
    return spelled.encode()


def spelled_together(parts: Mapping[str, bytes]) -> bytes:
    """The canonical spelling of an object whose values are spelled already.

    >>> spelled_together({"b": canonical({"a": 1}), "a": b"2"}) == canonical({"a": 2, "b": {"a": 1}})
    True
    """
    return b"{" + b",".join(json.dumps(name).encode() + b":" + parts[name] for name in sorted(parts)) + b"}"


def digest(record: object) -> str:
    """SHA-256 of the canonical spelling, hexadecimal."""
    return hashlib.sha256(canonical(record)).hexdigest()


def geojson(shape: BaseGeometry) -> Record:
    """A shape in EPSG:4490 degrees as a GeoJSON geometry, rounded to 1e-7°."""
    rounded = shapely.transform(shape, lambda points: points.round(7))
    geometry: Record = json.loads(shapely.to_geojson(rounded))
    return geometry


def _release(release: ReleaseName) -> Record:
    return {
        "id": release.id,
        "title": _text(release.title),
        "nature": release.nature.value,
        "jurisdiction": _text(release.jurisdiction),
        "list_version": release.list_version,
        "effective_from": release.effective_from.isoformat(),
        "effective_until": release.effective_until.isoformat() if release.effective_until else None,
    }


def _project(project: Project) -> Record:
    share = environmental_share(project.particulars)
    return {
        "name": project.name,
        "industries": [{"code": one.code, "name": one.name} for one in project.industries],
        "construction": project.construction.value if project.construction else None,
        "facts": dict(project.facts),
        "particulars": dict(project.particulars),
        "environmental_share": None if share is None else round(share, 6),
        "conversions": [
            {
                "name": one.name,
                "as_written": one.as_written,
                "value": one.value,
                "unit": one.unit,
                "read_as": _text(one.read_as),
            }
            for one in project.conversions
        ],
    }


def _site(site: Site, evidence: Evidence) -> Record:
    area = evidence.site_area_m2
    return {
        "name": site.name,
        "geometry": geojson(site.geometry),
        "as_written": site.as_written,
        "read_as": _text(site.read_as),
        "accuracy_m": site.accuracy_m,
        "area_m2": None if area is None else round(area, 2),
        "districts": list(evidence.districts),
        **_layout(site, evidence),
    }


def _layout(site: Site, evidence: Evidence) -> Record:
    """Of a line its centre line, of a point project its points; nothing for other sites."""
    if site.alignment is not None:
        return {
            "alignment": geojson(site.alignment),
            "alignment_m": round(alignment_length_m(site, evidence.plane), 2),
            "width_m": site.width_m,
            "start_m": site.start_m,
        }
    if site.points:
        points = [
            {"name": one.name, "longitude": round(one.longitude, 7), "latitude": round(one.latitude, 7)}
            for one in site.points
        ]
        return {"points": points, "radius_m": site.radius_m}
    return {}


def _stated(stated: Stated) -> Record:
    """What was stated of the site; nothing where nothing was."""
    if not stated.district and stated.area_m2 is None:
        return {}
    return {"stated": {"district": stated.district, "area_m2": stated.area_m2}}


def _disclosures(evidence: Evidence) -> Record:
    """Which layers are not published in full, and to what their measures are rounded; nothing where all are."""
    if not evidence.disclosures:
        return {}
    rows = [
        {
            "layer": layer_id,
            "shown": one.shown.value,
            "step_m": one.step_m,
            "source": _text(one.source),
            "decided_on": one.decided_on.isoformat(),
        }
        for layer_id, one in sorted(evidence.disclosures.items())
    ]
    return {"disclosures": rows}


def _remarks(verdict: Verdict, stated: Stated) -> list[Record]:
    """What a person should look at: first in the site, then in what was declared of the project."""
    of_site: list[Record] = [
        {
            "severity": one.severity.value,
            "contradicts": one.contradicts,
            "message": _text(one.message),
            "longitude": round(one.longitude, 7),
            "latitude": round(one.latitude, 7),
        }
        for one in stated.remarks
    ]
    of_project: list[Record] = [
        {"particular": one.name, "severity": one.severity.value, "message": _text(one.message)}
        for one in remarks(verdict.project, verdict.site, verdict.evidence, verdict.as_of)
    ]
    return of_site + of_project


def _finding(finding: Finding, verdict: Verdict) -> Record:
    clause = finding.clause
    return {
        "key": finding.key,
        "subject": finding.subject.value,
        "outcome": finding.outcome.name.lower(),
        "truth": finding.truth.value,
        "title": _text(finding.title),
        "reason": _text(finding.reason),
        "duty": _text(finding.duty) if finding.duty else None,
        "missing_facts": list(finding.missing_facts),
        "replacements": [
            {"fact": one.fact, "ratio": one.ratio, "declared": one.declared, "amount": one.amount}
            for one in finding.replacements
        ],
        "needs_person": finding.needs_person,
        "certainty": finding.certainty.value,
        "steps": [{"step": one.name.value, "truth": one.truth.value} for one in finding.steps],
        "contacts": [_contact_key(contact) for contact in finding.contacts],
        "layer": finding.layer_id or None,
        "clause": None
        if clause is None
        else {
            "id": clause.id,
            "level": clause.level.name.lower(),
            "dimension": clause.dimension.name.lower(),
            "effect": clause.effect.value,
            "in_principle": clause.in_principle,
            "wording": _text(clause.wording),
            "basis": clause.basis_on(verdict.as_of),
            "verified": clause.verified,
            "valid_from": clause.valid_from.isoformat(),
            "valid_to": clause.valid_to.isoformat() if clause.valid_to else None,
            "row": clause.row,
            "about": _about(clause),
        },
        "basis": _line_basis(finding),
    }


def _about(clause: Clause) -> Record:
    """What a clause speaks of: whom it names, where, and the facts it turns on."""
    conditions = [one for one in (clause.applies_when, clause.satisfied_when, clause.excepted_when) if one]
    facts = {name for one in conditions for name in one.fact_names} | {one.fact for one in clause.replacements}
    return {
        "industries": sorted(clause.industries.include),
        "industries_except": sorted(clause.industries.exclude),
        "facts": sorted(facts),
        "layers": sorted({trigger.layer_id for trigger in clause.scope.zones}),
        "exempts": sorted(clause.exempts),
    }


def _line_basis(finding: Finding) -> Record | None:
    line = finding.ceiling or finding.objective
    if line is None:
        return None
    return {"wording": line.wording, "basis": line.basis, "verified": line.verified, "year": line.year}


def _contact_key(contact: Contact) -> str:
    return f"{contact.zone.layer_id}:{contact.zone.code}"


def _contact(contact: Contact, evidence: Evidence) -> Record:
    zone, found, plane = contact.zone, contact.measure, evidence.plane
    return {
        "key": _contact_key(contact),
        "layer": zone.layer_id,
        "code": zone.code,
        "name": zone.name,
        "class": int(zone.cls) if zone.cls else None,
        "subtype": zone.subtype,
        "district": zone.district,
        "relation": found.relation.value,
        "area_m2": round(found.area_m2, 2),
        "share_of_site": round(found.share_of_site, 6),
        "share_of_zone": round(found.share_of_zone, 6),
        "distance_m": round(found.distance_m, 2),
        "certainty": contact.band.certainty.value,
        "accuracy_m": round(contact.band.width_m, 2),
        "least_m2": round(evidence.scaled(contact.band.least_m2), 2),
        "most_m2": round(evidence.scaled(contact.band.most_m2), 2),
        "flip_m": None if contact.band.flip_m is None else round(contact.band.flip_m, 2),
        "overlap": geojson(plane.to_degrees(found.overlap)) if found.overlap is not None else None,
    }


def _consulted(one: Consulted) -> Record:
    layer = one.layer
    return {
        "layer": layer.id,
        "name": _text(layer.name),
        "required": layer.required,
        "answer": one.answer.value,
        "reason": _text(one.reason) if one.reason else None,
        "searched_m": one.searched_m,
        "covered_share": round(one.covered_share, 6),
        "accuracy_m": layer.accuracy_m,
        "surveyed": layer.surveyed.isoformat(),
        "source": _text(layer.source),
    }


def _text(text: Text) -> Record:
    return {"zh": text.zh, "en": text.en}

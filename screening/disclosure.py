"""What of a verdict is told of layers that are not published in full: the same answer with rounded measures.

Every door tells verdicts through `disclosed`; so does the sealed record, which is therefore the same for everybody and
can be recomputed by whoever holds the release: the decision on publication is part of the release.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from shapely.geometry.base import BaseGeometry

from screening.accuracy import Band, Certainty
from screening.evidence import Answer, Consulted, Contact, Evidence
from screening.findings import Finding, Subject
from screening.overlay import Measure, Relation
from screening.published import Disclosure, Published, coarse_share, floored, share_step
from screening.verdict import Verdict
from screening.words import Text

PARTLY_OUTSIDE = Text(
    "选址有一部分不在任何管控单元内：部分在辖区之外，或单元数据有缺口",
    "Part of the site lies in no control unit: partly outside the jurisdiction, or a gap in the data",
)
PARTLY_COVERED = Text(
    "该图层只覆盖选址的一部分，其余部分没有数据", "it covers part of the site; the rest is without data"
)


@dataclass(frozen=True, kw_only=True)
class PublicBand(Band):
    """A band of which only rounded figures are left, over the zone as published.

    Attributes:
        least, most: Of the overlap area, rounded outwards, square metres.
    """

    least: float
    most: float

    @cached_property
    def deep(self) -> BaseGeometry | None:
        """Nothing: where it is deep is not told."""
        return None

    @cached_property
    def least_m2(self) -> float:
        """Overlap area that survives every shift, rounded down."""
        return self.least

    @cached_property
    def most_m2(self) -> float:
        """Overlap area that is possible, rounded up."""
        return self.most

    @cached_property
    def flip_m(self) -> float | None:
        """The whole accuracy: how much less would change a borderline relation is not told."""
        return self.width_m if self.certainty is Certainty.BORDERLINE else None


def disclosed(verdict: Verdict) -> Verdict:
    """A verdict as anybody may read it; conclusion, findings and reasons stay, measures of withheld layers are rounded.

    To be told, not to be screened with: clauses are judged on the exact one.
    """
    if not verdict.evidence.disclosures:
        return verdict
    evidence = disclosed_evidence(verdict.evidence)
    return replace(
        verdict,
        evidence=evidence,
        findings=tuple(_finding(one, verdict.evidence, evidence) for one in verdict.findings),
        judged=tuple(_finding(one, verdict.evidence, evidence) for one in verdict.judged),
    )


def disclosed_evidence(evidence: Evidence) -> Evidence:
    """Evidence as anybody may read it."""
    if not evidence.disclosures:
        return evidence
    uncovered, step = evidence.uncovered_share, coarsest(evidence, unit_layers(evidence))
    if uncovered is not None and step is not None:
        uncovered = coarse_share(uncovered, share_step(evidence.site_shape, step.step_m))
    return replace(
        evidence,
        contacts=_ordered([public_contact(one, evidence) for one in evidence.contacts]),
        consulted=tuple(public_consulted(one, evidence) for one in evidence.consulted),
        uncovered_share=uncovered,
    )


def public_contact(contact: Contact, evidence: Evidence) -> Contact:
    """A contact as anybody may read it; the very same where its layer is published in full.

    Overlap and adjoining are told as such; a distance is the lower end of the step it falls in.
    """
    published, band = contact.published, contact.band
    if published is None or isinstance(band, PublicBand):
        return contact
    found = _measure(contact, published, evidence)
    cell = min(share_step(evidence.site_shape, published.disclosure.step_m), 1.0) * float(evidence.site_shape.area)
    least, most = 0.0, 0.0
    if cell and contact.may_overlap:
        least = floored(band.least_m2, cell)
        most = min(floored(band.most_m2, cell) + cell, float(evidence.site_shape.area))
    return replace(
        contact,
        measure=found,
        band=PublicBand(
            footprint=band.footprint,
            zone=published.shape,
            found=found,
            width_m=band.width_m,
            certainty=Certainty.CERTAIN if band.certainty is Certainty.BESIDE else band.certainty,
            slack_m=band.slack_m,
            is_resolved=band.is_resolved,
            has_edge=False,
            least=least,
            most=most,
        ),
    )


def public_consulted(one: Consulted, evidence: Evidence) -> Consulted:
    """How a layer answered, as anybody may read it."""
    step = coarsest(evidence, (one.layer.id, *unit_layers(evidence)))
    if step is None:
        return one
    return replace(
        one,
        searched_m=told_searched_m(one, evidence),
        covered_share=coarse_share(one.covered_share, share_step(evidence.site_shape, step.step_m)),
        reason=PARTLY_COVERED if one.answer is Answer.NOT_COVERING else one.reason,
    )


def coarsest(evidence: Evidence, layer_ids: Iterable[str]) -> Disclosure | None:
    """The decision with the greatest step among some layers; None where all of them are published in full."""
    found = [evidence.disclosures[one] for one in layer_ids if one in evidence.disclosures]
    return max(found, key=lambda one: one.step_m, default=None)


def unit_layers(evidence: Evidence) -> tuple[str, ...]:
    """Ids of the layers of control units."""
    return tuple(one.layer.id for one in evidence.consulted if one.layer.role == "unit")


def told_searched_m(consulted: Consulted, evidence: Evidence) -> float:
    """How far beyond the site a layer was searched, as it may be told: it can end at the border of the territory."""
    step = coarsest(evidence, (consulted.layer.id, *unit_layers(evidence)))
    return consulted.searched_m if step is None else floored(consulted.searched_m, step.step_m)


def _measure(contact: Contact, published: Published, evidence: Evidence) -> Measure:
    found, step_m = contact.measure, published.disclosure.step_m
    if found.relation is not Relation.OVERLAPS:
        return replace(found, relation=Relation.APART, distance_m=floored(found.distance_m, step_m))
    share = coarse_share(found.share_of_site, share_step(evidence.site_shape, step_m))
    ratio = share / found.share_of_site if found.share_of_site else 1.0
    return replace(
        found,
        area_m2=share * (evidence.site_area_m2 or 0.0),
        share_of_site=share,
        share_of_zone=round(min(1.0, found.share_of_zone * ratio), 2),
        overlap=None,
    )


def _ordered(contacts: list[Contact]) -> tuple[Contact, ...]:
    """Nearest first within a layer as it is told; the order of exact distances would tell which of two is nearer."""
    layers = list(dict.fromkeys(one.zone.layer_id for one in contacts))
    return tuple(
        sorted(
            contacts,
            key=lambda one: (
                layers.index(one.zone.layer_id),
                one.measure.distance_m,
                -one.measure.area_m2,
                one.zone.code,
            ),
        )
    )


def _finding(finding: Finding, exact: Evidence, told: Evidence) -> Finding:
    contacts = tuple(public_contact(one, exact) for one in finding.contacts)
    reason = finding.reason
    if finding.key == "unit:uncovered" and exact.uncovered_share not in (None, 1.0) and _are_withheld(exact):
        reason = PARTLY_OUTSIDE
    if finding.subject is Subject.LAYER and (consulted := told.answer_of(finding.layer_id)) and consulted.reason:
        reason = consulted.reason
    return replace(finding, contacts=contacts, reason=reason)


def _are_withheld(evidence: Evidence) -> bool:
    return coarsest(evidence, unit_layers(evidence)) is not None

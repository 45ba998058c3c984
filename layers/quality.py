"""How good a release is: partition proof, issues, currency, accuracy and who answers for it, layer by layer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from layers import codec
from layers.issues import Issue, Severity
from layers.jurisdiction import read_jurisdiction
from layers.layer_record import Origin, Partition
from layers.release_parts import read_document, read_manifest
from screening.model import Layer, Nature
from screening.published import Disclosure, nearest
from screening.words import Text

_DIGITS = 12
_COORDINATE = re.compile(r"-?\d+\.\d{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerQuality:
    """One layer of a release.

    Attributes:
        version: Head of the hash over the layer's content; equal in releases that share the layer.
        area_km2: Area by class on the jurisdiction's plane; class 0 where zones have none.
        current_until: Last day on which it counts as current; None without limit.
        is_current: On the day asked for.
        responsible: The authority that answers for it; blank where the delivery did not say.
        partition: None for a layer that need not tile.
        errors, warnings: Issues of the log.
        disclosure: What of it the city publishes; None where all of it.
    """

    layer: Layer
    version: str
    zones: int
    area_km2: Mapping[str, float]
    origin: Origin
    current_until: date | None
    is_current: bool
    responsible: Text
    partition: Partition | None
    errors: int
    warnings: int
    disclosure: Disclosure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """A release as a whole.

    Attributes:
        zones_version: Head of a hash over all zone layers: equal as long as no zone changes.
        list_version: The access list's own name for its version.
        list_hash: Head of the hash over the list.
        clauses: In the list; `unverified` of them nobody has checked against the official text.
        missing: Layers the jurisdiction knows and the release lacks.
        issues: The whole log, errors first.
        extent: West, south, east, north in degrees, EPSG:4490.
    """

    release: str
    title: Text
    nature: Nature
    effective_from: date
    effective_until: date | None
    approval: Text
    approved_on: date | None
    filing_number: str
    prepared_by: str
    zones_version: str
    list_version: str
    list_hash: str
    clauses: int
    unverified: int
    layers: tuple[LayerQuality, ...]
    missing: tuple[Text, ...]
    issues: tuple[Issue, ...]
    extent: tuple[float, float, float, float]

    @property
    def tiles(self) -> bool:
        """Whether every layer that must tile does."""
        return all(one.partition.holds for one in self.layers if one.partition is not None)


def quality(folder: Path, day: date) -> Quality:
    """The quality of a release, its currency as of a day.

    Raises:
        BrokenReleaseError: A part is missing or changed.
    """
    manifest = read_manifest(folder)
    jurisdiction = read_jurisdiction(read_document(folder, manifest, "jurisdiction.json"), "jurisdiction.json")
    logged = [codec.issue_from_json(row) for row in read_document(folder, manifest, "issues.json")]
    issues = [_without_place(one) if one.layer in jurisdiction.disclosures else one for one in logged]
    issues.sort(key=lambda issue: (issue.severity is not Severity.ERROR, issue.layer, issue.place))
    origins = read_document(folder, manifest, "origins.json")
    access_list = codec.access_list_from_json(read_document(folder, manifest, "access_list.json"))
    until = manifest["effective_until"]
    approved = manifest["approved_on"]
    return Quality(
        release=manifest["id"],
        title=codec.text_from_json(manifest["title"]),
        nature=Nature(manifest["nature"]),
        effective_from=date.fromisoformat(manifest["effective_from"]),
        effective_until=date.fromisoformat(until) if until else None,
        approval=codec.text_from_json(manifest["approval"]),
        approved_on=date.fromisoformat(approved) if approved else None,
        filing_number=manifest["filing_number"],
        prepared_by=manifest["prepared_by"],
        zones_version=manifest["zones_version"],
        list_version=manifest["list_version"],
        list_hash=manifest["content"]["access_list"][:_DIGITS],
        clauses=len(access_list.clauses),
        unverified=sum(not clause.verified for clause in access_list.clauses),
        layers=tuple(
            _layer(manifest, layer_id, origins[layer_id], issues, day, jurisdiction.disclosures.get(layer_id))
            for layer_id in jurisdiction.layers
            if layer_id in manifest["layers"]
        ),
        missing=tuple(
            Text(kind.name_zh, kind.name_en)
            for layer_id, kind in jurisdiction.layers.items()
            if layer_id not in manifest["layers"]
        ),
        issues=tuple(issues),
        extent=jurisdiction.extent,
    )


def _without_place(issue: Issue) -> Issue:
    """An issue of a layer that is not published in full: what it is, not where; coordinates in its words are left out."""
    message = Text(_COORDINATE.sub("…", issue.message.zh), _COORDINATE.sub("…", issue.message.en))
    return replace(issue, message=message, longitude=None, latitude=None)


def _rounded(area_km2: Mapping[str, float], disclosure: Disclosure | None) -> Mapping[str, float]:
    if disclosure is None:
        return area_km2
    return {cls: nearest(area * 1e6, disclosure.cell_m2) / 1e6 for cls, area in area_km2.items()}


def _layer(
    manifest: Mapping[str, Any],
    layer_id: str,
    origin: Mapping[str, Any],
    issues: list[Issue],
    day: date,
    disclosure: Disclosure | None,
) -> LayerQuality:
    layer = codec.layer_from_json(manifest["layers"][layer_id])
    figures = manifest["statistics"][layer_id]
    partition = manifest["partitions"].get(layer_id)
    until = layer.current_until
    own = [issue for issue in issues if issue.layer == layer_id]
    return LayerQuality(
        layer=layer,
        version=manifest["content"][layer_id][:_DIGITS],
        zones=figures["rows"],
        area_km2=_rounded(figures["area_km2"], disclosure),
        origin=Origin(
            file=origin["file"],
            table=origin["table"],
            rows=origin["rows"],
            crs=codec.text_from_json(origin["crs"]),
            encoding=codec.text_from_json(origin["encoding"]),
        ),
        current_until=until,
        is_current=until is None or day <= until,
        responsible=codec.text_from_json(manifest["responsible"][layer_id]),
        partition=Partition(**partition) if partition is not None else None,
        errors=sum(issue.severity is Severity.ERROR for issue in own),
        warnings=sum(issue.severity is Severity.WARNING for issue in own),
        disclosure=disclosure,
    )

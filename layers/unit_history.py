"""In which published releases a control unit exists, and what changed about it from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers import codec
from layers.difference import Difference, RowChange, ZoneChange
from layers.publication import Publication
from layers.release_parts import read_document, read_manifest
from layers.zone_table import read_zones
from screening.errors import BrokenReleaseError
from screening.truth import Truth
from screening.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitIndex:
    """Which units a release has, and which clauses name each of them."""

    codes: frozenset[str]
    clauses: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEntry:
    """A unit in one published release.

    Attributes:
        exists: Unknown where the release cannot be read.
        before: The release published before it, with which it is compared; empty for the first.
        zones, rows: What changed about the unit, its clauses, ceilings and objectives since then.
        problem: Why it could not be read or compared; None if it could.
    """

    publication: Publication
    exists: Truth
    before: str
    zones: tuple[ZoneChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    problem: Text | None = None

    @property
    def is_changed(self) -> bool:
        """Whether anything about the unit changed."""
        return bool(self.zones or self.rows)


def read_unit_index(folder: Path) -> UnitIndex:
    """The units of a release and the clauses that name them.

    Raises:
        BrokenReleaseError: A part is missing or changed.
    """
    manifest = read_manifest(folder)
    units = [layer_id for layer_id, layer in manifest["layers"].items() if layer["role"] == "unit"]
    codes = {row["code"] for layer_id in units for row in read_zones(folder, manifest, layer_id).rows}
    named: dict[str, set[str]] = {}
    for clause in codec.access_list_from_json(read_document(folder, manifest, "access_list.json")).clauses:
        for code in clause.scope.units:
            named.setdefault(code, set()).add(clause.id)
    return UnitIndex(codes=frozenset(codes), clauses={code: frozenset(ids) for code, ids in named.items()})


def unit_history(
    code: str,
    published: Sequence[Publication],
    index_of: Callable[[str], UnitIndex],
    changes: Callable[[str, str], Difference],
) -> list[UnitEntry]:
    """A unit through the published releases.

    Args:
        code: Of the unit.
        published: The newest first; the last of them is compared with nothing.
        index_of: Units of a release by its id.
        changes: From one release id to another.
    """
    earlier = [*(one.release for one in published[1:]), ""]
    return [
        _entry(code, one, before if before != one.release else "", index_of, changes)
        for one, before in zip(published, earlier, strict=False)
    ]


def _entry(
    code: str,
    publication: Publication,
    before: str,
    index_of: Callable[[str], UnitIndex],
    changes: Callable[[str, str], Difference],
) -> UnitEntry:
    exists = Truth.UNKNOWN
    try:
        now = index_of(publication.release)
        exists = Truth.of(code in now.codes)
        if not before:
            return UnitEntry(publication=publication, exists=exists, before="")
        was, found = index_of(before), changes(before, publication.release)
    except BrokenReleaseError as broken:
        return UnitEntry(publication=publication, exists=exists, before=before, problem=broken.what)
    own = was.clauses.get(code, frozenset()) | now.clauses.get(code, frozenset())
    return UnitEntry(
        publication=publication,
        exists=exists,
        before=before,
        zones=tuple(one for one in found.zones if one.code == code),
        rows=tuple(one for one in found.rows if _is_about(one, code, own)),
    )


def _is_about(row: RowChange, code: str, clauses: frozenset[str]) -> bool:
    if row.table == "access_list":
        return row.key in clauses
    return row.key.split(":", 1)[0] == code

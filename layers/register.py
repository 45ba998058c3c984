"""The register of reference tables: where each is from, since when it holds, and how much of it was checked."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from screening.words import Text

UNREGISTERED = frozenset({"reference.toml", "SOURCES.md"})
_VERIFIED_COLUMNS = ("verified", "核实")
_TRUE = frozenset({"true", "yes", "是"})
_FALSE = frozenset({"false", "no", "否"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row or entry of a table, with what was said of it by itself or by its table.

    Attributes:
        key: What the row is called: its first cell, or its key in TOML.
    """

    key: str
    source: str
    valid_from: date
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceTable:
    """One file of the reference folder.

    Attributes:
        verified: Whether the table as a whole was checked against the official text.
        complete: How much of its subject it holds, in words.
    """

    name: str
    file: str
    title: Text
    source: str
    valid_from: date
    verified: bool
    complete: str
    rows: tuple[Row, ...]

    @property
    def unverified(self) -> tuple[Row, ...]:
        """Rows nobody has checked."""
        return tuple(row for row in self.rows if not row.verified)


@cache
def register() -> tuple[ReferenceTable, ...]:
    """All tables this version ships, in the order of the register."""
    listed = tomllib.loads(_read("reference.toml"))
    return tuple(_table(name, entry) for name, entry in listed.items())


def _table(name: str, entry: Mapping[str, Any]) -> ReferenceTable:
    rows = _csv_rows(entry) if entry["file"].endswith(".csv") else _toml_rows(entry)
    return ReferenceTable(
        name=name,
        file=entry["file"],
        title=Text(entry["title_zh"], entry["title_en"]),
        source=entry["source"],
        valid_from=entry["valid_from"],
        verified=entry["verified"],
        complete=entry["complete"],
        rows=tuple(rows),
    )


def _csv_rows(entry: Mapping[str, Any]) -> Iterator[Row]:
    for cells in csv.DictReader(_read(entry["file"]).splitlines()):
        own = next((cells[column] for column in _VERIFIED_COLUMNS if column in cells), "")
        yield _row(entry, next(iter(cells.values())), cells.get("source", ""), cells.get("valid_from", ""), own)


def _toml_rows(entry: Mapping[str, Any]) -> Iterator[Row]:
    for key, part in tomllib.loads(_read(entry["file"])).items():
        entries = part.items() if isinstance(part, dict) else enumerate(part, 1) if isinstance(part, list) else ()
        for own_key, content in entries:
            own = content if isinstance(content, dict) else {}
            verified = own.get("verified", "")
            written = {True: "true", False: "false"}.get(verified, verified)
            yield _row(entry, f"{key}.{own_key}", own.get("source", ""), str(own.get("valid_from", "")), str(written))


def _row(entry: Mapping[str, Any], key: str, source: str, valid_from: str, verified: str) -> Row:
    """A row; what it does not say itself its table says for it."""
    if verified not in _TRUE | _FALSE | {""}:
        raise ValueError(f"{entry['file']} {key}: verified is {verified!r}")
    return Row(
        key=key,
        source=source or entry["source"],
        valid_from=date.fromisoformat(valid_from) if valid_from else entry["valid_from"],
        verified=verified in _TRUE if verified else entry["verified"],
    )


def _read(file: str) -> str:
    return files("layers").joinpath(f"reference/{file}").read_text(encoding="utf-8")

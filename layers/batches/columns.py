"""The columns of a batch: those of the reference table and one for each fact; recognised by any of their names."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from layers.facts import derived_facts, fact_schema
from screening.errors import SiteFileError, UnusableMappingError
from screening.model import Fact
from screening.terms import CONSTRUCTION
from screening.words import Language, Text

FACT = "fact:"
PROBLEMS = "problems"  # the column of a mend file, never read
_BRACKETED = re.compile(r"^(?P<name>.+?)\((?P<unit>[^()]*)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the template.

    Attributes:
        key: `project_name`, `coordinates` and so on, or `fact:` and the fact's name.
        label: Header, the unit in brackets.
        group: What it belongs to, for the band above the header.
        synonyms: Other names under which it is met.
        width: In characters.
        fact: What it declares; None for columns of project and site.
    """

    key: str
    label: Text
    help: Text
    group: Text
    synonyms: tuple[str, ...] = ()
    width: int = 16
    required: bool = False
    fact: Fact | None = None

    def header(self, language: Language) -> str:
        """The header, marked where it must be filled."""
        return self.label.in_(language) + (" *" if self.required else "")


@cache
def columns() -> tuple[Column, ...]:
    """Every column of the template, in its order."""
    words = batch_words()
    group = _text(words["group"]["project"])
    fixed = [_fixed(key, row, group) for key, row in words["column"].items()]
    more: Mapping[str, Sequence[str]] = words["fact_synonyms"]
    derived = derived_facts()
    facts = [_of_fact(fact, more.get(name, ())) for name, fact in fact_schema().items() if name not in derived]
    order = list(dict.fromkeys(one.group for one in facts))
    return (*fixed, *sorted(facts, key=lambda one: order.index(one.group)))


@cache
def columns_by_key() -> Mapping[str, Column]:
    """Columns by key."""
    return {one.key: one for one in columns()}


@cache
def batch_words() -> Mapping[str, Any]:
    """The reference table of columns and words."""
    with files("layers").joinpath("reference/batch_columns.toml").open("rb") as opened:
        return tomllib.load(opened)


def sheet_name(which: str) -> Text:
    """Name of a sheet of the template: `instructions`, `projects`, `industries` or `options`."""
    return _text(batch_words()["sheet"][which])


def mark(which: str) -> Text:
    """A word that marks what is not content: `example` before a name, `problems` above a column."""
    return _text(batch_words()["mark"][which])


def plain(name: str) -> str:
    """A name without width, case, blanks and the asterisk of required columns.

    >>> plain("新增取用水量 （m³/a） *")
    '新增取用水量(m3/a)'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).rstrip("*").lower()


def recognised(header: str) -> tuple[str, int] | None:
    """The key a header means and how sure that is: 0 for the template's own words, 1 for a synonym.

    A unit in brackets must be the fact's own: figures in another unit are never taken for it.
    """
    return _names().get(plain(header))


def other_unit(header: str) -> Column | None:
    """The numeric fact that a header names with a unit not its own; None if it does not."""
    found = _BRACKETED.match(plain(header))
    if found is None or recognised(header) is not None:
        return None
    meant = _names().get(found["name"])
    column = columns_by_key().get(meant[0]) if meant else None
    return column if column is not None and column.fact is not None and column.fact.kind == "number" else None


def placed(file: str, header: Sequence[str], mapping: Mapping[str, str], given: Mapping[str, int]) -> dict[str, int]:
    """Where each key stands in a header.

    Args:
        file: For the error.
        header: Names of the columns.
        mapping: Key → name of the column as the file has it; an empty name means no column.
        given: Settled by the format.

    Raises:
        SiteFileError: Two columns mean the same.
    """
    found = dict(given)
    for key, name in mapping.items():
        at = [position for position, cell in enumerate(header) if cell.strip() == name.strip()] if name else []
        if len(at) > 1:
            raise _twice(file, name, name)
        if at:
            found[key] = at[0]
    settled = set(found.values())
    claims: dict[tuple[str, int], list[int]] = {}
    for position, cell in enumerate(header):
        known = recognised(cell)
        if known is not None and position not in settled and known[0] not in (*found, *mapping):
            claims.setdefault(known, []).append(position)
    for (key, rank), positions in sorted(claims.items(), key=lambda one: one[0][1]):
        if key in found and rank:
            continue
        if len(positions) > 1:
            raise _twice(file, header[positions[0]], header[positions[1]])
        found[key] = positions[0]
    return found


def require_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping that names keys nobody knows, or one column for two keys.

    Raises:
        UnusableMappingError: It does.
    """
    known = columns_by_key()
    for key in mapping:
        if key not in known:
            raise UnusableMappingError.of_key(key, list(known))
    names = [name.strip() for name in mapping.values() if name.strip()]
    for name in names:
        if names.count(name) > 1:
            raise UnusableMappingError.of_column(name, [key for key, one in mapping.items() if one.strip() == name])


def require_columns(mapping: Mapping[str, str], headers: Sequence[Sequence[str]]) -> None:
    """Refuse a mapping that names a column which none of a file's tables has.

    Raises:
        UnusableMappingError: It does.
    """
    names = [name for header in headers for name in header]
    there = {name.strip() for name in names}
    for name in mapping.values():
        if name and name.strip() not in there:
            raise UnusableMappingError.of_column(name, names)


def construction_words() -> dict[str, str]:
    """Every word for a kind of construction, plain, and the kind it means."""
    words = {plain(name): kind.value for kind, text in CONSTRUCTION.items() for name in (kind.value, text.zh, text.en)}
    return words | {plain(name): kind for kind, names in batch_words()["construction"].items() for name in names}


def _twice(file: str, one: str, other: str) -> SiteFileError:
    what = Text(f"列“{one}”和“{other}”是同一内容", f"the columns “{one}” and “{other}” mean the same")
    return SiteFileError.of(file, what, Text("请删去或改名其中一列。", "Delete or rename one of them."), value=other)


@cache
def _names() -> Mapping[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for column in columns():
        own = [column.key, column.label.zh, column.label.en]
        if column.fact is not None:
            own += [column.fact.name, column.fact.label.zh, column.fact.label.en]
        for name in own:
            found.setdefault(plain(name), (column.key, 0))
    for column in columns():
        for name in column.synonyms:
            found.setdefault(plain(name), (column.key, 1))
    for name in (mark("problems").zh, mark("problems").en, PROBLEMS):
        found.setdefault(plain(name), (PROBLEMS, 0))
    return found


def _fixed(key: str, row: Mapping[str, Any], group: Text) -> Column:
    return Column(
        key=key,
        label=_text(row),
        help=Text(row["help_zh"], row["help_en"]),
        group=group,
        synonyms=tuple(row["synonyms"]),
        width=row["width"],
        required=row.get("required", False),
    )


def _of_fact(fact: Fact, synonyms: Sequence[str]) -> Column:
    unit = f" ({fact.unit})" if fact.unit else ""
    return Column(
        key=f"{FACT}{fact.name}",
        label=Text(fact.label.zh + unit, fact.label.en + unit),
        help=fact.help,
        group=fact.group,
        synonyms=tuple(synonyms),
        fact=fact,
    )


def _text(row: Mapping[str, str]) -> Text:
    return Text(row["zh"], row["en"])

"""The columns of imported past approvals, recognised by any of their names, and the words of their cells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from layers.batches.columns import plain
from layers.facts import fact_schema
from screening.model import Fact
from screening.words import LANGUAGES, Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryColumn:
    """One column of the template.

    Attributes:
        kind: How its cells are read: text, district, industries, construction, coordinates, day, count, choice, yes_no, demand.
        fact: Of a demand on a resource; None otherwise.
    """

    key: str
    kind: str
    label: Text
    help: Text
    synonyms: tuple[str, ...]
    width: int
    required: bool
    fact: Fact | None = None

    def header(self, language: Language) -> str:
        """The header, marked where it must be filled."""
        return self.label.in_(language) + (" *" if self.required else "")


@cache
def history_columns() -> Mapping[str, HistoryColumn]:
    """Every column by key, in the order of the template."""
    words = _words()
    fixed = [
        HistoryColumn(
            key=key,
            kind=row["kind"],
            label=Text(row["zh"], row["en"]),
            help=Text(row["help_zh"], row["help_en"]),
            synonyms=tuple(row["synonyms"]),
            width=row["width"],
            required=row.get("required", False),
        )
        for key, row in words["column"].items()
    ]
    demands = [_demand(fact_schema()[name]) for name in words["demand"]["names"]]
    return {one.key: one for one in (*fixed, *demands)}


@cache
def history_names() -> Mapping[str, str]:
    """Keys by every plain name of their column."""
    return {
        plain(name): one.key
        for one in history_columns().values()
        for name in (one.key, *(one.label.in_(language) for language in LANGUAGES), *one.synonyms)
    }


@cache
def choices(key: str) -> Mapping[str, Text]:
    """Values of a column of choices with their words."""
    return {value: Text(row["zh"], row["en"]) for value, row in _words()[key].items()}


@cache
def choice_names(key: str) -> Mapping[str, str]:
    """Values of a column of choices by every plain name."""
    return {
        plain(name): value
        for value, row in _words()[key].items()
        for name in (value, row["zh"], row["en"], *row["words"])
    }


def _demand(fact: Fact) -> HistoryColumn:
    unit = f"（{fact.unit}）", f" ({fact.unit})"
    return HistoryColumn(
        key=fact.name,
        kind="demand",
        label=Text(fact.label.zh + unit[0], fact.label.en + unit[1]),
        help=fact.help,
        synonyms=(),
        width=14,
        required=False,
        fact=fact,
    )


def _words() -> dict[str, Any]:
    return tomllib.loads(files("layers").joinpath("reference/history_columns.toml").read_text(encoding="utf-8"))

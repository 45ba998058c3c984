"""The schema of facts a project may declare, and the reading of what was declared."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from layers.units import unit_table
from screening.declarations import Declarations, read_declarations
from screening.model import Fact, FactValue
from screening.words import Text


@cache
def fact_schema() -> Mapping[str, Fact]:
    """Every fact that conditions may ask for, derived ones included, by name."""
    return schema_in("facts.toml")


@cache
def schema_in(file: str) -> Mapping[str, Fact]:
    """The facts of one table of the reference folder, by name."""
    return facts_of(_table(file))


def facts_of(table: Mapping[str, Any]) -> dict[str, Fact]:
    """The facts a parsed table of them describes, by name."""
    groups = {name: Text(group["zh"], group["en"]) for name, group in table["group"].items()}
    return {name: _fact(name, row, groups) for name, row in table["fact"].items()}


@cache
def derived_facts() -> frozenset[str]:
    """Names of facts which the layers establish and nobody declares."""
    return frozenset(name for name, row in _table("facts.toml")["fact"].items() if row.get("derived", False))


@cache
def particular_schema() -> Mapping[str, Fact]:
    """The fields of part 1 of the EIA report form, by name, in its order."""
    return schema_in("report_form.toml")


def declarations(values: Mapping[str, object]) -> Declarations:
    """Declared facts, checked against the schema, with their conversions; what is None or empty is left out.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, an unfit unit, or a number out of range.
    """
    schema = {name: fact for name, fact in fact_schema().items() if name not in derived_facts()}
    return read_declarations(values, schema, unit_table())


def particulars(values: Mapping[str, object]) -> Declarations:
    """Declared fields of the EIA report form, checked each for itself; what is None or empty is left out.

    Raises:
        UnknownFactError: A name outside the form, a wrong type, an unfit unit, or a number out of range.
    """
    return read_declarations(values, particular_schema(), unit_table(), place="project.particulars")


def declared(values: Mapping[str, object]) -> dict[str, FactValue]:
    """Declared facts, checked against the schema; None stands for not declared and is left out.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, an unfit unit, or a number out of range.
    """
    return dict(declarations(values).values)


def checked(values: Mapping[str, object], schema: Mapping[str, Fact]) -> dict[str, FactValue]:
    """Values for the facts of a schema; None is left out.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, an unfit unit, or a number out of range.
    """
    return dict(read_declarations(values, schema, unit_table()).values)


def _fact(name: str, row: Mapping[str, Any], groups: Mapping[str, Text]) -> Fact:
    return Fact(
        name=name,
        label=Text(row["zh"], row["en"]),
        kind=row["kind"],
        unit=row.get("unit", ""),
        help=Text(row["help_zh"], row["help_en"]),
        group=groups[row["group"]],
        minimum=row.get("minimum"),
        maximum=row.get("maximum"),
        choices=tuple((choice["value"], Text(choice["zh"], choice["en"])) for choice in row.get("choices", ())),
        max_length=row.get("max_length"),
        is_derived=row.get("derived", False),
    )


@cache
def _table(file: str) -> dict[str, Any]:
    with files("layers").joinpath(f"reference/{file}").open("rb") as opened:
        return tomllib.load(opened)

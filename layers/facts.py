"""The schema of facts a project may declare, and the reading of what was declared."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from screening.errors import UnknownFactError
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


def declared(values: Mapping[str, object]) -> dict[str, FactValue]:
    """Declared facts, checked against the schema; None stands for not declared and is left out.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, or a number out of range.
    """
    schema = fact_schema()
    return checked(values, {name: fact for name, fact in schema.items() if name not in derived_facts()})


def checked(values: Mapping[str, object], schema: Mapping[str, Fact]) -> dict[str, FactValue]:
    """Values for the facts of a schema; None is left out.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, or a number out of range.
    """
    found: dict[str, FactValue] = {}
    for name, value in values.items():
        if name not in schema:
            raise UnknownFactError.named(name, sorted(schema))
        if value is not None:
            found[name] = _value(schema[name], value)
    return found


def _value(fact: Fact, value: object) -> FactValue:
    match fact.kind:
        case "boolean":
            if isinstance(value, bool):
                return value
            raise UnknownFactError.valued(
                fact.name, fact.label, value, Text("应为是或否。", "It must be true or false.")
            )
        case "choice":
            if isinstance(value, str) and value in dict(fact.choices):
                return value
            listed = ", ".join(choice for choice, _ in fact.choices)
            raise UnknownFactError.valued(fact.name, fact.label, value, Text(f"可选：{listed}。", f"One of: {listed}."))
        case _:
            return _number(fact, value)


def _number(fact: Fact, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnknownFactError.valued(fact.name, fact.label, value, Text("应为数值。", "It must be a number."))
    low = fact.minimum if fact.minimum is not None else float("-inf")
    high = fact.maximum if fact.maximum is not None else float("inf")
    if not low <= value <= high:  # also refuses NaN
        bounds = f"{low:,.10g} – {high:,.10g} {fact.unit}"
        raise UnknownFactError.valued(
            fact.name, fact.label, value, Text(f"应在 {bounds} 之间。", f"It must lie within {bounds}.")
        )
    return float(value)


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
        is_derived=row.get("derived", False),
    )


@cache
def _table(file: str) -> dict[str, Any]:
    with files("layers").joinpath(f"reference/{file}").open("rb") as opened:
        return tomllib.load(opened)

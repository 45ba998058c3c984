"""The table of units in which facts may be declared."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from screening.declared_units import DeclaredUnit, Unconvertible, UnitTable, unit_key
from screening.errors import ReferenceTableError
from screening.words import Text

TABLE = "units.toml"


@cache
def unit_table() -> UnitTable:
    """The units this version ships, read and checked once.

    Raises:
        ReferenceTableError: A row cannot be used.
    """
    return units_from(tomllib.loads(files("layers").joinpath(f"reference/{TABLE}").read_text(encoding="utf-8")))


def units_from(table: Mapping[str, Any]) -> UnitTable:
    """The units a parsed table describes.

    Raises:
        ReferenceTableError: A unit of no family, a factor that is no positive ratio, or two units of one spelling.
    """
    families = table["family"]
    parts = sorted(table["spelling"]["parts"].items(), key=lambda pair: -len(pair[0]))
    spelt = UnitTable(
        units={},
        yearly={name: row["yearly"] for name, row in families.items() if "yearly" in row},
        unconvertible=(),
        parts=tuple((unit_key(other), ours) for other, ours in parts),
        whole={unit_key(other): ours for other, ours in table["spelling"]["whole"].items()},
    )
    units: dict[str, DeclaredUnit] = {}
    for symbol, row in table["unit"].items():
        key = spelt.key(symbol)
        if key in units:
            raise ReferenceTableError.of(TABLE, symbol, Text("与另一单位同写法", "is spelled like another unit"))
        if row["family"] not in families:
            raise ReferenceTableError.of(TABLE, symbol, Text("没有这个量", "belongs to no family"))
        units[key] = _unit(symbol, row)
    return UnitTable(
        units=units,
        yearly=spelt.yearly,
        unconvertible=tuple(_unconvertible(row, spelt) for row in table["unconvertible"].values()),
        parts=spelt.parts,
        whole=spelt.whole,
    )


def _unit(symbol: str, row: Mapping[str, Any]) -> DeclaredUnit:
    try:
        factor = Fraction(row["factor"])
    except (ValueError, ZeroDivisionError) as problem:
        raise ReferenceTableError.of(TABLE, symbol, Text("系数不是比值", "has no ratio as factor")) from problem
    if factor <= 0:
        raise ReferenceTableError.of(TABLE, symbol, Text("系数应为正", "has a factor that is not positive"))
    return DeclaredUnit(
        symbol=symbol,
        family=row["family"],
        factor=factor,
        label=Text(symbol, row.get("en", symbol)),
        note=Text(row["note_zh"], row["note_en"]) if "note_zh" in row else None,
    )


def _unconvertible(row: Mapping[str, Any], spelt: UnitTable) -> Unconvertible:
    return Unconvertible(
        families=frozenset(row["families"]),
        keys=frozenset(spelt.key(unit) for unit in row["units"]),
        reason=Text(row["zh"], row["en"]),
    )

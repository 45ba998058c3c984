"""Map providers and the forms of their links, as data in `reference/map_providers.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from screening.datums import Datum
from screening.map_links import LinkForm, Provider
from screening.words import Text


@cache
def map_providers() -> tuple[Provider, ...]:
    """Every provider whose links and names are known."""
    with files("layers").joinpath("reference/map_providers.toml").open("rb") as opened:
        table = tomllib.load(opened)
    return tuple(_provider(row) for row in table["provider"])


def _provider(row: Mapping[str, Any]) -> Provider:
    return Provider(
        name=Text(row["name_zh"], row["name_en"]),
        datum=Datum(row["datum"]),
        hosts=tuple(row["hosts"]),
        words=tuple(row["words"]),
        forms=tuple(_form(one) for one in row["form"]),
        datum_parameter=row["datum_parameter"],
        datum_values={value: Datum(name) for value, name in row["datum_values"].items()},
        unreadable=tuple(re.compile(pattern, re.IGNORECASE) for pattern in row["unreadable"]),
    )


def _form(row: Mapping[str, Any]) -> LinkForm:
    return LinkForm(
        parameters=tuple(row.get("parameters", ())),
        pattern=re.compile(row["pattern"]) if "pattern" in row else None,
        latitude_first=row.get("order") == "lat_lon",
    )

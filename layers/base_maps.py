"""Outside base maps, as data in `reference/base_maps.toml`; one is shown only where its operator has a key."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from screening.words import Text

TABLE = "base_maps.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    """A base map with its key.

    Attributes:
        host: Scheme and host, the only one its tiles come from.
        tiles: Addresses with `{z}`, `{x}` and `{y}`, in the order in which they are drawn.
    """

    id: str
    name: Text
    attribution: Text
    host: str
    tiles: tuple[str, ...]
    min_zoom: int
    max_zoom: int


@cache
def base_map(name: str, key: str) -> BaseMap | None:
    """A base map of the table; None without a key.

    >>> base_map("tianditu", "") is None
    True
    """
    if not key:
        return None
    with files("layers").joinpath(f"reference/{TABLE}").open("rb") as opened:
        rows = {row["id"]: row for row in tomllib.load(opened)["base_map"]}
    row = rows[name]
    return BaseMap(
        id=row["id"],
        name=Text(row["name_zh"], row["name_en"]),
        attribution=Text(row["attribution_zh"], row["attribution_en"]),
        host=row["host"],
        tiles=tuple(f"{row['host']}{path}&{row['key_parameter']}={quote(key, safe='')}" for path in row["layers"]),
        min_zoom=row["min_zoom"],
        max_zoom=row["max_zoom"],
    )

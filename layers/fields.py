"""Column aliases: from the names cities use to ours, as data in `reference/field_aliases.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from screening.model import ZoneClass
from screening.terms import ZONE_CLASS

CANONICAL = ("code", "name", "cls", "subtype", "district")
_DBF_NAME_BYTES = 10


def match_columns(columns: list[str]) -> dict[str, str]:
    """The delivered column for each canonical field that has one, first alias first.

    Case, surrounding blanks and newlines do not matter, nor does the cut to ten bytes that the DBF format makes.
    """
    spelled = {_plain(column): column for column in columns}
    found = {}
    for field, aliases in _aliases().items():
        for alias in aliases:
            spelling = _plain(alias)
            column = spelled.get(spelling) or spelled.get(_cut(spelling))
            if column is not None:
                found[field] = column
                break
    return found


def zone_class(written: str) -> ZoneClass | None:
    """The class meant by a delivered value, or None if it is none.

    >>> zone_class("优先保护单元"), zone_class("2"), zone_class("—")
    (<ZoneClass.PRIORITY: 1>, <ZoneClass.KEY: 2>, None)
    """
    plain = written.strip()
    for cls, text in ZONE_CLASS.items():
        if plain in (str(int(cls)), f"{int(cls)}.0") or plain.startswith((text.zh, text.zh[:2])):
            return cls
    return None


def _plain(name: str) -> str:
    return name.strip().upper()


def _cut(name: str) -> str:
    return name.encode("gb18030")[:_DBF_NAME_BYTES].decode("gb18030", "ignore")


@cache
def _aliases() -> dict[str, list[str]]:
    with files("layers").joinpath("reference/field_aliases.toml").open("rb") as opened:
        table = tomllib.load(opened)
    return {field: list(table["aliases"][field]) for field in CANONICAL}

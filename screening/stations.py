"""里程桩号: places along a line as engineers write them, `K12+340` for 12,340 m from the origin."""

from __future__ import annotations

import re
import unicodedata

from screening.errors import UnreadableSiteError
from screening.words import Text

FARTHEST_M = 10_000_000.0  # ten thousand kilometres, more than any road
_STATION = re.compile(r"^K?\s*(?P<km>\d{1,5})\s*\+\s*(?P<m>\d{1,3}(?:\.\d{1,4})?)\s*(?:M|米)?$")
_METRES = re.compile(r"^(?P<m>\d{1,8}(?:\.\d{1,4})?)\s*(?:M|米)?$")


def read_station(written: str | float) -> float:
    """Metres from the origin of the stations, from `K12+340` or a number of metres.

    Raises:
        UnreadableSiteError: It is neither, or lies beyond `FARTHEST_M`.

    >>> read_station("K12+340"), read_station("k0+005.5"), read_station("１２＋３４０"), read_station(80)
    (12340.0, 5.5, 12340.0, 80.0)
    """
    text = unicodedata.normalize("NFKC", str(written)).strip().upper()
    if found := _STATION.match(text):
        metres = int(found["km"]) * 1000 + float(found["m"])
    elif found := _METRES.match(text):
        metres = float(found["m"])
    else:
        raise _unreadable(str(written))
    if metres > FARTHEST_M:
        raise _unreadable(str(written))
    return metres


def station_text(metres: float, digits: int = 0) -> str:
    """A station as engineers write it, rounded to `digits` decimals of a metre.

    >>> station_text(12340.2), station_text(999.6), station_text(5.25, 2)
    ('K12+340', 'K1+000', 'K0+005.25')
    """
    scale: int = 10**digits
    kilometres, rest = divmod(round(metres * scale), 1000 * scale)
    whole, decimals = divmod(rest, scale)
    return f"K{kilometres}+{whole:03d}" + (f".{decimals:0{digits}d}" if digits else "")


def _unreadable(written: str) -> UnreadableSiteError:
    return UnreadableSiteError(
        what=Text(f"起点桩号“{written[:40]}”读不懂。", f"The start station “{written[:40]}” cannot be read."),
        why=Text("各穿越段的桩号都从起点桩号推算。", "Every station along the line counts from it."),
        cure=Text("请写成 K12+340，或从零点起的米数。", "Write K12+340, or metres from the origin."),
        field="site.start_station",
        value=written[:40],
    )

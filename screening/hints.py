"""What a text says about its own coordinates besides the numbers: datum, projection, belt, width of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.datums import Datum
from screening.errors import UnreadableSiteError
from screening.words import Text

_OLD = re.compile(
    r"(?:19)?80\s*(?:年)?\s*西安|西安\s*(?:19)?80|Xi'?an\s*(?:19)?80|(?:19)?54\s*(?:年)?\s*北京|北京\s*(?:19)?54|Beijing\s*(?:19)?54"
    r"|BD\s*-?_?\s*09\s*MC|百度墨卡托|Web\s*Mercator|(?:EPSG|SRID)\s*[:=]?\s*(?:3857|900913|4610|4214)(?!\d)",
    re.IGNORECASE,
)
_SYSTEM = r"\s*(?:国家)?(?:大地)?(?:坐标系?统?|经纬度)?"
_DATUMS = (
    (
        Datum.CGCS2000,
        re.compile(rf"CGCS\s*-?_?\s*2000{_SYSTEM}|(?:国家|大地|中国)\s*2000{_SYSTEM}|2000\s*(?:国家|中国)?大地坐标系?"),
    ),
    (Datum.WGS84, re.compile(rf"WGS\s*-?_?\s*(?:19)?84{_SYSTEM}|GPS\s*(?:坐标|定位|测量)?", re.IGNORECASE)),
    (Datum.GCJ02, re.compile(rf"GCJ\s*-?_?\s*02{_SYSTEM}|国测局(?:加密)?{_SYSTEM}|火星坐标系?", re.IGNORECASE)),
    (Datum.BD09, re.compile(rf"BD\s*-?_?\s*09(?:LL)?{_SYSTEM}", re.IGNORECASE)),
)
_EPSG = re.compile(r"(?:EPSG|SRID|urn:ogc:def:crs:EPSG:)\s*[:=]*\s*(\d{4,5})\s*;?", re.IGNORECASE)
_BELT_WIDTH = re.compile(
    r"([36三六])\s*(?:[°度]|-?degree)\s*(?:分)?(?:带|Gauss|zone)|几度分带\s*[:=]\s*([36])", re.IGNORECASE
)
_MERIDIAN = re.compile(
    r"(?:中央|central)\s*(?:子午线|经线|meridian)\s*(?:为|is|[:=])?\s*(?:东经|E)?\s*(\d{2,3})(?:\.0+)?\s*[°度]?\s*E?(?![\d.])"
    r"|(?<![A-Za-z])CM\s*(\d{2,3})\s*°?\s*E?(?![\d.])",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?:带号|zone)\s*(?:为|[:=])?\s*(\d{2})(?!\d)|第?\s*(?<!\d)(\d{2})\s*(?:号)?(?:分)?带", re.IGNORECASE
)
_PROJECTION = re.compile(
    r"高斯\s*-?\s*克[吕里]格?(?:投影)?|Gauss\s*[-–]?\s*Kr(?:ü|ue?)ger|平面直角坐标系?|平面坐标|3-degree|6-degree",
    re.IGNORECASE,
)
_WIDTH = re.compile(
    r"(?:[线管路沟道廊]|红线|路基)?宽(?:度|约)?\s*(?:为|约|[:=])?\s*(\d+(?:\.\d+)?)\s*(?:米|m(?![a-z]))"
    r"|width\s*(?:of|is|[:=])?\s*(\d+(?:\.\d+)?)\s*(?:m(?:et(?:er|re)s?)?(?![a-z]))"
    r"|(\d+(?:\.\d+)?)\s*m(?:et(?:er|re)s?)?\s+wide|(?:^|[\s,;])(\d+(?:\.\d+)?)\s*米宽",
    re.IGNORECASE,
)
_LINE = re.compile(r"起点|终点|起止|start|线路|管线|(?<![A-Za-z])(?:end|from|to)(?![A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a text says of itself; None where it says nothing.

    Attributes:
        rest: The text without what was understood here.
        epsg: A code that names a projection or CGCS2000 degrees.
        belt_width, zone, meridian: Of a Gauss–Krüger belt.
        width_m: Full width of a line, metres.
        is_line: It speaks of a start and an end.
    """

    rest: str
    datum: Datum | None = None
    epsg: int | None = None
    belt_width: int | None = None
    zone: int | None = None
    meridian: int | None = None
    width_m: float | None = None
    is_line: bool = False


def read_hints(text: str) -> Hints:
    """What a text says of its coordinates.

    Raises:
        UnreadableSiteError: It names a datum that cannot be moved to CGCS2000 without controlled parameters, or two.

    >>> found = read_hints("CGCS2000 3度带40带 X=3993000 Y=40527014")
    >>> found.datum.value, found.belt_width, found.zone, found.rest.split()
    ('CGCS2000', 3, 40, ['X=3993000', 'Y=40527014'])
    """
    if old := _OLD.search(text):
        why = Text(
            f"“{old[0]}”换算到 CGCS2000 需要不公开的参数，本系统不予近似",
            f"“{old[0]}” cannot be moved to CGCS2000 without parameters that are not public",
        )
        raise UnreadableSiteError.of(text, why)
    rest, epsg = _taken(_EPSG, text)
    rest, width = _taken(_WIDTH, rest)
    rest, meridian = _taken(_MERIDIAN, rest)
    rest, belt_width = _taken(_BELT_WIDTH, rest)
    rest, zone = _taken(_ZONE, rest)
    found = [(datum, pattern) for datum, pattern in _DATUMS if pattern.search(rest)]
    if epsg in ("4326", "4490"):
        found.append((Datum.WGS84 if epsg == "4326" else Datum.CGCS2000, _PROJECTION))
    if len({datum for datum, _ in found}) > 1:
        names = "、".join(datum.value for datum, _ in found)
        raise UnreadableSiteError.of(text, Text(f"同时写了 {names}", f"it names both {names}"))
    for _, pattern in found:
        rest = pattern.sub(" ", rest)
    return Hints(
        rest=_PROJECTION.sub(" ", rest),
        datum=found[0][0] if found else None,
        epsg=int(epsg) if epsg else None,
        belt_width=int(belt_width.replace("三", "3").replace("六", "6")) if belt_width else None,
        zone=int(zone) if zone else None,
        meridian=int(meridian) if meridian else None,
        width_m=float(width) if width else None,
        is_line=bool(_LINE.search(text)),
    )


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without the first thing a pattern finds, and that thing."""
    found = pattern.search(text)
    if found is None:
        return text, ""
    value = next(one for one in found.groups() if one)
    return text[: found.start()] + " " + text[found.end() :], value

"""Numbers as people write them: full-width digits, degrees with minutes and seconds, labels before or after.

A text becomes records (lines, or parts between semicolons) of numbers, each with its unit, the axis its label names and
the place value of its last digit. Which number is what is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from screening.errors import UnreadableSiteError
from screening.words import Text

MOST_CHARACTERS = 1_000_000
MOST_NUMBERS = 200_000


class Axis(StrEnum):
    """Which way a number counts."""

    EAST = "east"
    NORTH = "north"


class Unit(StrEnum):
    """What a number counts, where the writing says so."""

    DEGREE = "degree"
    METRE = "metre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a text.

    Attributes:
        step: Value of one unit in the last place written, in the unit of `value`: 0.0001 for `120.3829`, 1/3600 for
            whole seconds.
        whole: Written without decimals and without marks of degrees.
        parts: 1 for a plain number, 2 for degrees and minutes, 3 with seconds.
        unit: None where the writing leaves it open.
        axis: From a label such as 东经, N or lat; None without one.
        spaced: Parted from the number before it by blanks alone.
    """

    value: float
    step: float
    whole: bool
    parts: int = 1
    unit: Unit | None = None
    axis: Axis | None = None
    spaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    """One line, or one part of a line between semicolons.

    Attributes:
        label: Number or name of a corner point, as written; empty without.
    """

    label: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The numbers of a text.

    Attributes:
        header: Axes in the order a heading names them (`点号 经度 纬度`); empty without heading.
    """

    header: tuple[Axis, ...]
    rows: tuple[NumberRecord, ...]


_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚⁰∘", "°"),
        **dict.fromkeys("′’‘`´ʹ＇", "'"),
        **dict.fromkeys("″”“〃ʺ＂", '"'),
        **dict.fromkeys("−–—‐‑﹣－", "-"),
        **{mark: f"\nJ{number} " for number, mark in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", start=1)},
        "〇": "0",
        "\ufeff": "",
        "\u200b": "",
    }
)
_LETTERED_ANGLE = re.compile(
    r"(?<!\d)(\d{1,3})\s*(?:deg(?:rees?)?|d)\s*(\d+(?:\.\d+)?)\s*m(?:in)?\s*(?:(\d+(?:\.\d+)?)\s*s(?:ec)?(?![a-z]))?",
    re.IGNORECASE,
)
_PARTED_ANGLE = re.compile(r"(?<![\d.:-])(\d{1,3})([-:])(\d{1,2})\2(\d{1,2}(?:\.\d+)?)(?![\d.:-])")
_CORNER = re.compile(
    r"^\s*(?:"
    r"(?P<letters>(?!(?:[ENWSXYLB]|lon|lng|lat)\s*\d|[ENWS]$)[A-Za-z]{1,3}[-_]?\d{1,5}(?![\d.°]))[\s:,、.)=]*"
    r"|(?:界址|拐|角|边界|端|控制)?点(?:号|位)?\s*[#:]?\s*(?P<after>[A-Za-z]?\d{1,5})(?![\d.°])[\s:,、)=]*"
    r"|第?\s*(?P<before>\d{1,5})\s*(?:号点|号|点|#)[\s:,、)=]*"
    r"|\(\s*(?P<bracketed>\d{1,5})\s*\)[\s:,、]*(?=\D{0,4}\d)"
    r"|(?P<listed>\d{1,4})(?:、|\)|\.\s+|\s*:\s+)(?=\D{0,6}\d)"
    r")",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?P<angle>(?P<asign>(?<![\d.])[+-])?(?P<d>\d{1,3}(?:\.\d+)?)\s*°"
    r"(?:\s*(?P<m>\d{1,2}(?:\.\d+)?)\s*'(?!')(?:\s*(?P<s>\d{1,2}(?:\.\d+)?)(?![\d.]*\s*[°'](?!'))\s*(?:\"|'')?)?)?)"
    r"|(?P<plain>(?:(?<![\d.])[+-])?\d+(?:\.\d*)?|(?<![\d.])\.\d+)"
    r"|(?P<east>东经|经度|东坐标|横坐标|longitude|long|lng|lon|(?<![A-Za-z])E(?![A-Za-z])|(?<![A-Za-z])L(?=\s*[=:])"
    r"|(?<![\u3400-\u9fff])东(?=[\s:=]*[\d.]|\s*$|\s*[,;])|经(?=\s*[\d:=]))"
    r"|(?P<north>北纬|纬度|北坐标|纵坐标|latitude|lat|(?<![A-Za-z])N(?![A-Za-z])|(?<![A-Za-z])B(?=\s*[=:])"
    r"|(?<![\u3400-\u9fff])北(?=[\s:=]*[\d.]|\s*$|\s*[,;])|纬(?=\s*[\d:=]))"
    r"|(?P<west>西经|(?<![A-Za-z])W(?![A-Za-z]))"
    r"|(?P<south>南纬|(?<![A-Za-z])S(?![A-Za-z]))"
    r"|(?P<metre>米|(?<![A-Za-z])m(?![A-Za-z]))"
    r"|(?P<word>[^\W\d_\u3400-\u9fff]+|[\u3400-\u9fff])"
    r"|(?P<rest>.)",
    re.IGNORECASE | re.DOTALL,
)
# Words that change what the numbers beside them mean; a text with one is not a mere list of coordinates.
_TELLING = re.compile(
    r"以[东西南北]|偏[东西南北]|半径|缓冲|附近|约|大概|或者?|桩号|里程|方位|公里|千米|平方|公顷|面积|亩"
)
_PACKED = re.compile(r"度\s*[.．、]?\s*分\s*[.．、]?\s*秒|d{2,3}\.?mm\.?ss|(?<![a-z])dms(?![a-z])", re.IGNORECASE)
_MOST_BLANKS = 20
_LONG_BLANK = re.compile(rf"[^\S\n]{{{_MOST_BLANKS},}}")
_LONG_NUMBER = re.compile(r"\d{40}")
_DOTTED = re.compile(r"\d+\.\d+\.\d+")
_LONG_DECIMALS = re.compile(r"\d\.\d{4}")
_IDLE = frozenset(
    {
        "x",
        "y",
        "z",
        "h",
        "point",
        "points",
        "coordinate",
        "coordinates",
        "start",
        "end",
        "from",
        "to",
        "and",
        "site",
        "no",
    }
    | {
        "center",
        "centre",
        "corner",
        "corners",
        "xy",
        "degrees",
        "degree",
        "deg",
        "gauss",
        "kruger",
        "krüger",
        "geo",
        "p",
    }
)
_HAN = re.compile(r"[\u3400-\u9fff]")


def plain_marks(written: str) -> str:
    """A text with full-width forms narrowed and the many marks of degrees, minutes and seconds made one each.

    >>> plain_marks("Ｅ１２０°２２′５８″，北纬３６度４分１２秒")
    'E120°22\\'58",北纬36°4\\'12"'
    """
    narrow = shortened(unicodedata.normalize("NFKC", written.translate(_MARKS)).translate(_MARKS))
    narrow = re.sub(r"(?<=\d)\s*度(?!分?带)", "°", narrow)
    narrow = re.sub(r"(?<=\d)\s*分(?!带)", "'", narrow)
    narrow = re.sub(r"(?<=\d)\s*秒", '"', narrow).replace("''", '"')
    narrow = _LETTERED_ANGLE.sub(lambda found: f"{found[1]}°{found[2]}'" + (f'{found[3]}"' if found[3] else ""), narrow)
    return _PARTED_ANGLE.sub(r"\1°\3'\4" + '"', narrow)


def shortened(text: str) -> str:
    """A text whose long runs of blanks and blank lines are cut, so that no pattern has to try every way to share them out.

    Raises:
        UnreadableSiteError: A number is longer than any coordinate.
    """
    if len(text) > MOST_CHARACTERS:
        raise UnreadableSiteError.of(text, Text("文字过长，请改传文件", "the text is too long; send a file"))
    if _LONG_NUMBER.search(text):
        raise UnreadableSiteError.of(text, Text("有的数字长得不可能是坐标", "a number is longer than any coordinate"))
    lines = _LONG_BLANK.sub(" " * _MOST_BLANKS, text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    blank = [not line.strip() for line in lines]
    return "\n".join(line for at, line in enumerate(lines) if not (at > 1 and all(blank[at - 2 : at + 1])))


def read_records(text: str) -> Records:
    """The numbers of a text that `plain_marks` went over.

    Raises:
        UnreadableSiteError: A word stands there that changes the meaning, or the numbers are too many.
    """
    if found := _TELLING.search(text):
        why = Text(f"“{found[0]}”说的不只是坐标", f"“{found[0]}” says more than coordinates")
        raise UnreadableSiteError.of(text, why)
    if _PACKED.search(text) and _LONG_DECIMALS.search(text) and "°" not in text:
        why = Text(
            "写明了度分秒，数字却没有分隔（如 120.2258），请分开写", "it speaks of minutes and seconds, but packs them"
        )
        raise UnreadableSiteError.of(text, why)
    if found := _DOTTED.search(text):
        why = Text(f"“{found[0]}”有两个小数点，度分秒请写成 120°41′36″", f"“{found[0]}” has two decimal points")
        raise UnreadableSiteError.of(text, why)
    header: tuple[Axis, ...] = ()
    rows: list[NumberRecord] = []
    for part in re.split(r"[\n\r;|]+|[\])}][\s,、]*(?=[A-Za-z]{0,3}\d{0,4}\s*[\[({])", text):
        label, body = _cornered(part)
        numbers, axes = _numbers(body, text)
        if numbers:
            rows.append(NumberRecord(label=label, numbers=numbers))
        elif set(axes) == {Axis.EAST, Axis.NORTH} and not rows:
            header = axes
    if sum(len(row.numbers) for row in rows) > MOST_NUMBERS:
        raise UnreadableSiteError.of(text, Text("数字过多，请改传文件", "too many numbers; send a file"))
    return Records(header=header, rows=tuple(rows))


def angle(degrees: Number, minutes: Number, seconds: Number | None = None) -> Number | None:
    """Degrees, minutes and seconds written as numbers side by side; None if they cannot be that."""
    parts = [degrees, minutes] if seconds is None else [degrees, minutes, seconds]
    axes = {one.axis for one in parts if one.axis}
    upper = [180.0, 60.0, 60.0]
    fits = all(0 <= abs(one.value) < top or one.value == top == 180.0 for one, top in zip(parts, upper, strict=False))
    if not fits or len(axes) > 1 or any(not one.whole for one in parts[:-1]) or any(one.unit for one in parts):
        return None
    if not all(one.spaced for one in parts[1:]) or any(one.value < 0 for one in parts[1:]):
        return None
    scale = [1.0, 60.0, 3600.0]
    size = sum(abs(one.value) / by for one, by in zip(parts, scale, strict=False))
    return Number(
        value=-size if degrees.value < 0 else size,
        step=parts[-1].step / scale[len(parts) - 1],
        whole=False,
        parts=len(parts),
        unit=Unit.DEGREE,
        axis=next(iter(axes), None),
        spaced=degrees.spaced,
    )


def _cornered(part: str) -> tuple[str, str]:
    """A record without the number or name of its corner, and that name."""
    part = part.strip().lstrip("[{").strip()
    found = _CORNER.match(part)
    if found is None:
        return "", part
    label = next(one for one in found.groups() if one)
    return label, part[found.end() :]


def _numbers(body: str, text: str) -> tuple[tuple[Number, ...], tuple[Axis, ...]]:
    """Numbers with the labels beside them, and all labels in order."""
    numbers: list[Number] = []
    labels: list[tuple[int, Axis, int]] = []  # how many numbers stand before it, axis, sign
    blank = True
    for found in _TOKEN.finditer(body):
        kind = found.lastgroup
        match kind:
            case "angle" | "plain":
                spaced = blank and bool(numbers)
                numbers.append(replace(_angle(found) if found["angle"] else _plain(found["plain"]), spaced=spaced))
                blank = True
            case "east" | "north" | "west" | "south":
                axis = Axis.EAST if kind in ("east", "west") else Axis.NORTH
                labels.append((len(numbers), axis, -1 if kind in ("west", "south") else 1))
            case "metre":
                if numbers and numbers[-1].unit is None:
                    numbers[-1] = replace(numbers[-1], unit=Unit.METRE)
            case "word":
                blank = False
                if not _HAN.search(found["word"]) and found["word"].lower() not in _IDLE:
                    why = Text(f"不认识“{found['word'][:20]}”", f"“{found['word'][:20]}” is not understood")
                    raise UnreadableSiteError.of(text, why)
            case _:
                blank = blank and found[0].isspace()
    return _labelled(numbers, labels), tuple(axis for _, axis, _ in labels)


def _labelled(numbers: list[Number], labels: list[tuple[int, Axis, int]]) -> tuple[Number, ...]:
    """Labels given to numbers: to the next where the first label leads, to the one before where it follows."""
    if not numbers or not labels:
        return tuple(numbers)
    leads = labels[0][0] == 0
    for before, axis, sign in labels:
        at = before if leads else before - 1
        if 0 <= at < len(numbers):
            numbers[at] = replace(numbers[at], axis=axis, value=sign * numbers[at].value)
    return tuple(numbers)


def _angle(found: re.Match[str]) -> Number:
    places = [(found[name], by) for name, by in (("d", 1.0), ("m", 60.0), ("s", 3600.0)) if found[name]]
    size = sum(float(digits) / by for digits, by in places)
    last, by = places[-1]
    in_range = all(float(digits) < 60 for digits, _ in places[1:]) and not any(
        "." in digits for digits, _ in places[:-1]
    )
    return Number(
        value=(-size if found["asign"] == "-" else size) if in_range else float("nan"),
        step=_step(last) / by,
        whole=False,
        parts=len(places),
        unit=Unit.DEGREE,
    )


def _plain(digits: str) -> Number:
    return Number(value=float(digits), step=_step(digits), whole="." not in digits)


def _step(digits: str) -> float:
    _, _, decimals = digits.partition(".")
    return float(f"1e-{min(len(decimals), 15)}")

"""What every reader of a file of sites yields: parcels of numbers, not yet placed on Earth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from layers.issues import Issue
from screening.crs import Points
from screening.errors import SiteFileError
from screening.layouts import AxisOrder
from screening.numerals import Unit
from screening.readings import Declaration, Draft
from screening.words import Text

MOST_BYTES = 50_000_000
MOST_SITES = 5_000
MOST_POINTS = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One site of a file.

    Attributes:
        place: Line, row or layer it stands in.
        name: As the file calls it; empty without.
        shape: In the numbers of the file, first as x.
        declared_area_m2: What the file says its area is; None where it says nothing.
        attributes: Whatever else the file says of it.
    """

    place: str
    name: str
    shape: BaseGeometry
    declared_area_m2: float | None = None
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """A row whose coordinates are a text of their own: WKT, or anything a person may write."""

    place: str
    name: str
    text: str
    declared_area_m2: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """A file as read.

    Attributes:
        kind: Format, for people.
        parcels: In file order.
        written: Rows to be read one by one as text; then there are no parcels.
        issues: What is wrong with single rows; one error and nothing of the file is taken.
        step: Place value of the last digit written, in the unit of the numbers.
        axes: Which number comes first, where the file says so.
        spoken: Names and headings, in which a map provider may be named.
        unit: What the file says its numbers count; None where it is silent.
        moved: The numbers have been brought to CGCS2000 degrees by what the file itself says.
        told: What the file says of its coordinate system.
        notes: How it was read, for people.
    """

    kind: Text
    parcels: tuple[Parcel, ...]
    issues: tuple[Issue, ...]
    step: float
    written: tuple[WrittenRow, ...] = ()
    axes: AxisOrder | None = None
    spoken: str = ""
    unit: Unit | None = None
    moved: bool = False
    told: Declaration = field(default_factory=Declaration)
    notes: tuple[Text, ...] = ()


def draft_of(raw: RawFile) -> Draft:
    """All parcels of a file as one draft: they share one coordinate system and one order."""
    together = shapely.GeometryCollection([parcel.shape for parcel in raw.parcels])

    def build(points: Points) -> BaseGeometry:
        return shapely.transform(together, lambda _: points)

    return Draft(
        values=shapely.get_coordinates(together),
        step=raw.step,
        unit=raw.unit,
        axes=raw.axes,
        form=raw.kind,
        build=build,
    )


def require_size(path: Path, most_bytes: int | None = MOST_BYTES) -> None:
    """Refuse a file that is missing, a link, empty or larger than any boundary.

    Args:
        most_bytes: None for a file that is never held whole.

    Raises:
        SiteFileError: It is.
    """
    if not path.exists():
        raise SiteFileError.of(path.name, Text("不存在", "is missing"), Text("请重新上传。", "Send it again."))
    if path.is_symlink() or any(one.is_symlink() for one in (path.rglob("*") if path.is_dir() else ())):
        raise SiteFileError.of(
            path.name,
            Text("是链接，或含有链接", "is a link, or holds one"),
            Text("请提交文件本身。", "Send the file itself."),
        )
    if not path.is_dir() and path.stat().st_size == 0:
        raise SiteFileError.of(path.name, Text("是空的", "is empty"), Text("请重新导出。", "Export it again."))
    if most_bytes is not None and path.is_file() and path.stat().st_size > most_bytes:
        raise SiteFileError.of(
            path.name,
            Text(f"超过 {most_bytes // 1_000_000} MB", f"is larger than {most_bytes // 1_000_000} MB"),
            Text("请只保留选址边界。", "Keep the site boundary only."),
        )


def too_much(file: str, sites: int, corners: int, *, candidates: Sequence[str] = ()) -> SiteFileError:
    """The refusal of a file with more sites or corners than one file may hold, naming the limits."""
    what = Text(
        f"有 {sites:,} 个图形、{corners:,} 个点，超过上限（{MOST_SITES:,} 个图形、{MOST_POINTS:,} 个点）",
        f"holds {sites:,} shapes with {corners:,} points; {MOST_SITES:,} shapes and {MOST_POINTS:,} points are the limit",
    )
    cure = Text("请只保留选址边界，或分批提交。", "Keep the boundaries of the sites only, or send it in parts.")
    return SiteFileError.of(file, what, cure, candidates=candidates)


def decoded(path: Path) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 with or without mark, UTF-16 by its mark, else GB18030.

    Raises:
        SiteFileError: It is none of these.
    """
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise SiteFileError.of(
        path.name,
        Text("不是文本文件，或编码不是 UTF-8、GB18030", "is no text, or not in UTF-8 or GB18030"),
        Text("请另存为 UTF-8 文本。", "Save it as UTF-8 text."),
    )

"""Sites written as numbers, block by block, and as links to maps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from screening.datums import SHIFTED, Datum
from screening.errors import (
    AmbiguousSiteError,
    UnreadableSiteError,
)
from screening.hints import read_hints
from screening.layouts import AxisOrder, PointTable, tables
from screening.map_links import Link
from screening.numerals import Unit, plain_marks, read_records
from screening.readings import Declaration, Draft
from screening.shapes import Kind, Structure, structure
from screening.understood import (
    NO_FORM,
    NO_WIDTH,
    Circumstances,
    Understood,
    finest_place,
    suspicion,
    understood,
    with_hints,
)
from screening.words import Text

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_NAME = re.compile(r"^\s*(?P<name>[^\d:：,，;；][^:：,，;；\n]{0,40}?)\s*[:：]\s*(?=\S)")
_TITLE = re.compile(r"^\s*(?P<name>[^:：,，;；\n°.]{1,40}?)\s*[:：]?\s*$")
_NO_NAME = re.compile(
    r"经|纬|坐标|度|分秒|格式|起|终|止|拐|角|界址|中心|位于|点|宽|带|投影|序号|编号|东|北|lon|lng|lat|EPSG|SRID|^[A-Za-z]{1,3}[-_]?\d{0,5}$|start|end|from|to\b|CGCS|WGS|GCJ|BD"
)
_SITE_NAME = re.compile(r"地块|项目|厂|区|宗地|图斑|场|园|站|库|号|[Ss]ite|[Pp]arcel|[Pp]lot|选址")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The lines of one site, its marks made plain."""

    name: str
    written: str
    text: str


def numbered_sites(written: str, asked: Circumstances) -> tuple[Understood, ...]:
    """Every site written as numbers, in blocks, lines or one after another."""
    hints = read_hints(plain_marks(written))
    told = with_hints(asked, hints, written)
    suspected = suspicion(written, asked)
    blocks = list(_blocks(written))
    drafts = [_drafts(block, told.declared) for block in blocks]
    only_points = all(one and all(len(draft.values) == 1 for draft in one) for one in drafts)
    if len(blocks) > 1 and only_points and not all(block.name for block in blocks):
        return (_corners_or_sites(blocks, written, told, suspected),)
    return tuple(
        understood(one, block.written, told, name=block.name, names=_labels(block, one), suspected=suspected)
        for block, one in zip(blocks, drafts, strict=True)
    )


def _corners_or_sites(
    blocks: Sequence[_Block], written: str, asked: Circumstances, suspected: tuple[Datum, Text] | None
) -> Understood:
    """Points parted by blank lines: numbered they are corners; without numbers nobody can tell."""
    together = _Block(name="", written=written, text="\n".join(block.text for block in blocks))
    drafts = _drafts(together, asked.declared)
    joined = understood(drafts, written, asked, names=_labels(together, drafts), suspected=suspected)
    if asked.declared.radius_m is not None:
        return joined
    whole = joined.taken or next(iter(joined.others), None)
    is_asked = joined.question is not None and not _lacks_width(joined)
    if whole is None or is_asked or all(row.label for row in read_records(together.text).rows):
        return joined
    first = understood(_drafts(blocks[0], asked.declared), written, asked).taken
    count = len(blocks)
    apart = Text(f"{count} 个互不相干的点状选址", f"{count} separate point sites")
    others = (whole, *((first,) if first else ()))
    return replace(joined, taken=None, others=others, question=AmbiguousSiteError.of(written, [whole.place, apart]))


def _lacks_width(one: Understood) -> bool:
    return one.question is not None and one.question.why == NO_WIDTH


def _blocks(written: str) -> Iterator[_Block]:
    """The parts of a text that are sites of their own: after a blank line, or after a name."""
    name = ""
    lines: list[str] = []
    found: list[tuple[str, list[str]]] = []
    for part in _BLANK_LINE.split(written.replace("\r\n", "\n").replace("\r", "\n")):
        for line in part.split("\n"):
            named = _name_of(line)
            if named is not None:
                found.append((name, lines))
                name, lines = named[0], [named[1]] if named[1].strip() else []
            else:
                lines.append(line)
        found.append((name, lines))
        name, lines = "" if any(line.strip() for line in lines) else name, []
    common = read_hints(plain_marks(written))
    empty = True
    for title, body in found:
        raw = "\n".join(body).strip()
        text = _without_hints(raw)
        if read_records(text).rows:
            empty = False
            yield _Block(name=title, written=raw if len(found) > 1 else written, text=text)
    if empty:
        raise UnreadableSiteError.of(written, NO_FORM if common.datum is None else Text("没有坐标数字", "no numbers"))


def _without_hints(raw: str) -> str:
    return read_hints(plain_marks(raw)).rest


def _name_of(line: str) -> tuple[str, str] | None:
    """The name a line begins with or consists of, and the rest of the line; None without a name."""
    led = _NAME.match(line)
    if led and not _NO_NAME.search(led["name"]) and len(led["name"]) > 1:
        return led["name"].strip(), line[led.end() :]
    alone = _TITLE.match(line)
    if alone and not _NO_NAME.search(alone["name"]) and _SITE_NAME.search(alone["name"]):
        return alone["name"].strip(), ""
    return None


def _labels(block: _Block, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """Numbers or names written beside points; empty where not every point has a line of its own."""
    labels = tuple(row.label for row in read_records(block.text).rows)
    return labels if any(labels) and all(len(draft.values) == len(labels) for draft in drafts) else ()


def _drafts(block: _Block, declared: Declaration) -> list[Draft]:
    is_line = declared.width_m is not None or read_hints(plain_marks(block.written)).is_line
    drafts = []
    for table in tables(read_records(block.text)):
        shape = structure(table.values, table.rings, is_line=is_line, are_points=declared.radius_m is not None)
        if shape is not None:
            drafts.append(_draft(table, shape))
    return drafts


def _draft(table: PointTable, shape: Structure) -> Draft:
    form = {
        1: Text("数字", "numbers"),
        2: Text("度分", "degrees and minutes"),
        3: Text("度分秒", "degrees, minutes, seconds"),
    }
    written = form[table.parts]
    if shape.kind is not Kind.POINT:
        written = Text(f"{written.zh}，{shape.name.zh}", f"{written.en}, {shape.name.en}")
    return Draft(
        values=table.values,
        step=table.step,
        unit=table.unit,
        axes=table.axes,
        form=written,
        build=shape.build,
    )


def linked_sites(links: Sequence[Link], text: str, asked: Circumstances) -> tuple[Understood, ...]:
    """A site for each link; what the words beside them say of the datum counts."""
    beside = text
    for link in links:
        beside = beside.replace(link.written, " ")
    told = with_hints(asked, read_hints(plain_marks(beside)), text)
    return tuple(_linked(link, told) for link in links)


def _linked(link: Link, asked: Circumstances) -> Understood:
    name = link.provider.name
    draft = Draft(
        values=np.array([[float(link.lon), float(link.lat)]]),
        step=finest_place(f"{link.lon} {link.lat}"),
        unit=Unit.DEGREE,
        axes=AxisOrder.EAST_FIRST,
        form=Text(f"{name.zh}链接", f"link of {name.en}"),
        build=lambda points: shapely.Point(points[0]),
    )
    suspected = None
    declared = asked.declared.datum
    if link.stated and declared not in (None, link.datum):
        why = Text(
            f"链接写明 {link.datum.value}，声明的却是 {declared}",
            f"the link says {link.datum.value}, but {declared} was declared",
        )
        raise UnreadableSiteError.of(link.written, why)
    if link.stated or link.datum not in SHIFTED:
        asked = replace(asked, declared=replace(asked.declared, datum=asked.declared.datum or link.datum))
    else:
        reason = Text(f"链接来自{name.zh}", f"the link is {name.en}'s")
        suspected = (link.datum, reason)
    return understood([draft], link.written, asked, suspected=suspected)

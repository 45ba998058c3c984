"""Past approvals from a spreadsheet: every row becomes a case of the past, or an issue that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from layers import sandbox
from layers.batches.cells import read_construction, read_fact, read_industries, read_text, require_sound
from layers.batches.columns import plain
from layers.batches.files import TEXTS, WORKBOOKS, read_source
from layers.batches.headers import HEADER_ROWS
from layers.batches.sources import Cell, CellKind, Sheet, Source, SourceRow
from layers.history_columns import HistoryColumn, choice_names, choices, history_columns, history_names
from layers.issues import Issue, error
from layers.jurisdiction import Jurisdiction
from layers.map_providers import map_providers
from layers.sandbox import Cap
from screening.coordinates import read_site
from screening.errors import SiteFileError, ThreeLinesError, UnreadableCellError
from screening.model import Construction
from screening.readings import Declaration
from screening.words import Text

ACCEPTED = (*WORKBOOKS, *TEXTS)
LONGEST = {"source_number": 80, "project": 200, "organisation": 200, "agency": 200, "site_name": 120}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COUNT = re.compile(r"\d{1,4}")
_LAYER = "history"
_MAY_BE_UNKNOWN = (
    "accepted_on",
    "assessed_on",
    "reviewed_on",
    "archived_on",
    "started_on",
    "operated_on",
    "returned",
    "overrides",
)
_IN_ORDER = ("opened_on", "accepted_on", "assessed_on", "reviewed_on", "decided_on", "archived_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """One case of the past as its row states it.

    Attributes:
        place: Sheet and row.
        decision, eia_category, conclusion: A value of their list of choices; empty where not stated.
        is_key_project: None where not stated.
        returned, overrides: None where not recorded.
        days: Working days by stage, where stated.
        demands: Declared demands by name of the fact.
        longitude, latitude: Of a point in the site, EPSG:4490; None without coordinates.
    """

    place: str
    source_number: str
    project: str
    organisation: str
    agency: str
    district: str
    industries: tuple[str, ...]
    construction: Construction | None
    site_name: str
    coordinates: str
    longitude: float | None
    latitude: float | None
    opened_on: date
    accepted_on: date | None
    assessed_on: date | None
    reviewed_on: date | None
    decided_on: date
    archived_on: date | None
    days: Mapping[str, int]
    decision: str
    eia_category: str
    is_key_project: bool | None
    conclusion: str
    returned: int | None
    overrides: int | None
    started_on: date | None
    operated_on: date | None
    demands: Mapping[str, float]

    def plain(self) -> dict[str, object]:
        """Everything but the place, ready for JSON: the same for the same case wherever its row stands."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "place"}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()} | {
            "days": dict(self.days),
            "demands": dict(self.demands),
        }


def read_history(
    path: Path, city: Jurisdiction, today: date, cap: Cap | None = sandbox.DEFAULT
) -> tuple[tuple[PastCase, ...], tuple[Issue, ...]]:
    """The cases of a workbook or CSV and an issue for each row that is none; of two rows with one number the second is an issue.

    Args:
        path: `.xlsx` or CSV in UTF-8 or GB 18030.
        city: Whose districts are known and within whose extent sites lie.
        today: No case of the past is decided later.
        cap: What reading may take, in a process of its own; None reads here, for files that are our own.

    Raises:
        SiteFileError: It cannot be read, or no sheet has the needed columns.
    """
    if path.suffix.lower() not in ACCEPTED:
        what = Text(f"不接受“{path.suffix}”文件", f"“{path.suffix}” files are not accepted")
        raise SiteFileError.of(path.name, what, Text("请用 .xlsx 或 .csv。", "Use .xlsx or .csv."))
    sheet, at, header = _found(read_source(path, Declaration(), cap))
    found: dict[str, PastCase] = {}
    issues: list[Issue] = []
    for row in sheet.grid[at + 1 :]:
        if row.is_blank:
            continue
        place = f"{sheet.name}!{row.number}"
        try:
            case = _case(place, row, header, city, today)
        except _RowError as problem:
            issues.append(error(_LAYER, f"{place} {problem.column}".strip(), problem.text))
            continue
        if case.source_number in found:
            first = found[case.source_number].place
            text = Text(f"原编号与 {first} 重复", f"the number is that of {first} already")
            issues.append(error(_LAYER, place, text))
            continue
        found[case.source_number] = case
    return tuple(found.values()), tuple(issues)


class _RowError(ValueError):
    def __init__(self, column: str, text: Text) -> None:
        super().__init__(text.en)
        self.column, self.text = column, text


def _found(source: Source) -> tuple[Sheet, int, Mapping[str, int]]:
    """The sheet with the most known columns, the row of its header, and where each column stands."""
    best: tuple[Sheet, int, Mapping[str, int]] | None = None
    for sheet in source.sheets:
        for at, row in enumerate(sheet.grid[:HEADER_ROWS]):
            header = _header(row)
            if best is None or len(header) > len(best[2]):
                best = sheet, at, header
    needed = [one for one in history_columns().values() if one.required]
    missing = [one.label for one in needed if best is None or one.key not in best[2]]
    if best is None or missing:
        zh, en = "、".join(one.zh for one in missing), ", ".join(one.en for one in missing)
        what = Text(f"缺少列：{zh}", f"lacks columns: {en}")
        raise SiteFileError.of(source.file, what, Text("请使用模板的表头。", "Use the headers of the template."))
    return best


def _header(row: SourceRow) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        key = history_names().get(plain(cell.text))
        if key is not None:
            found.setdefault(key, at)
    return found


def _case(place: str, row: SourceRow, header: Mapping[str, int], city: Jurisdiction, today: date) -> PastCase:
    if row.fault is not None:
        raise _RowError("", row.fault)
    said: dict[str, Any] = {
        key: _value(column, row.cell(header[key]), city)
        for key, column in history_columns().items()
        if key in header and not row.cell(header[key]).is_blank
    }
    for column in history_columns().values():
        if column.required and said.get(column.key) in (None, ""):
            raise _RowError(column.label.zh, Text("不能为空", "must not be blank"))
    _require_order(said, today)
    place_of = said.get("coordinates") or ("", None, None)
    texts: dict[str, Any] = {name: said.get(name, "") for name in LONGEST}
    optional: dict[str, Any] = {name: said.get(name) for name in _MAY_BE_UNKNOWN}
    stages = ("received", "assessing", "reviewing", "deciding")
    return PastCase(
        place=place,
        **texts,
        district=said["district"],
        industries=said.get("industries", ()),
        construction=said.get("construction"),
        coordinates=place_of[0],
        longitude=place_of[1],
        latitude=place_of[2],
        **optional,
        days={stage: said[f"days_{stage}"] for stage in stages if f"days_{stage}" in said},
        opened_on=said["opened_on"],
        decided_on=said["decided_on"],
        decision=said["decision"],
        eia_category=said.get("eia_category", ""),
        is_key_project=said.get("key_project"),
        conclusion=said.get("conclusion", ""),
        demands={key: said[key] for key, one in history_columns().items() if one.kind == "demand" and key in said},
    )


def _require_order(said: Mapping[str, object], today: date) -> None:
    """Refuse a case whose days run backwards or lie ahead."""
    days = [(key, said[key]) for key in _IN_ORDER if key in said]
    dated = [(key, day) for key, day in days if isinstance(day, date)]
    for (earlier, first), (later, second) in pairwise(dated):
        if second < first:
            names = history_columns()[earlier].label, history_columns()[later].label
            text = Text(f"早于{names[0].zh}（{first}）", f"is before “{names[0].en}” ({first})")
            raise _RowError(names[1].zh, text)
    for key, day in dated:
        if day > today:
            raise _RowError(history_columns()[key].label.zh, Text(f"{day} 还没有到", f"{day} has not come yet"))


def _value(column: HistoryColumn, cell: Cell, city: Jurisdiction) -> Any:
    readers: Mapping[str, Callable[[], Any]] = {
        "text": lambda: _text(column, cell),
        "district": lambda: _district(cell, city.districts),
        "industries": lambda: read_industries(cell),
        "construction": lambda: read_construction(cell),
        "coordinates": lambda: _coordinates(cell, city),
        "day": lambda: _day(cell),
        "count": lambda: _count(cell),
        "choice": lambda: _choice(column.key, cell),
        "yes_no": lambda: _yes_no(cell),
        "demand": lambda: _demand(column, cell),
    }
    try:
        return readers[column.kind]()
    except ThreeLinesError as problem:
        raise _RowError(column.label.zh, problem.what.joined_with(Text("", " ")).joined_with(problem.why)) from problem


def _text(column: HistoryColumn, cell: Cell) -> str:
    words = read_text(cell)
    if len(words) > LONGEST[column.key]:
        why = Text(f"不能超过 {LONGEST[column.key]} 字。", f"At most {LONGEST[column.key]} characters.")
        raise _unreadable(cell, why)
    return words


def _district(cell: Cell, known: Mapping[str, str]) -> str:
    require_sound(cell)
    codes = {**{name: code for code, name in known.items()}, **{code: code for code in known}}
    if cell.text not in codes:
        raise _unreadable(cell, Text("不是本市的区县。", "It is no district of this city."), tuple(known.values()))
    return codes[cell.text]


def _coordinates(cell: Cell, city: Jurisdiction) -> tuple[str, float, float]:
    words = read_text(cell)
    site = read_site(words, plane=city.plane, extent=city.extent, providers=map_providers())
    point = site.geometry.representative_point()
    return words, round(point.x, 7), round(point.y, 7)


def _day(cell: Cell) -> date:
    require_sound(cell)
    value = cell.value
    if cell.kind is CellKind.DATE and isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    found = _DATE.fullmatch(cell.text) if cell.kind is CellKind.TEXT else None
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError as problem:
        raise _unreadable(cell, Text("没有这一天。", "There is no such day.")) from problem
    raise _unreadable(cell, Text("应为日期，如 2025-08-15。", "It must be a day such as 2025-08-15."))


def _count(cell: Cell) -> int:
    require_sound(cell)
    if not _COUNT.fullmatch(cell.text) or isinstance(cell.value, bool):
        raise _unreadable(cell, Text("应为 0～9999 的整数。", "It must be a whole number from 0 to 9999."))
    return int(cell.text)


def _choice(key: str, cell: Cell) -> str:
    require_sound(cell)
    found = choice_names(key).get(plain(cell.text))
    if found is None:
        words = [f"{one.zh} · {one.en}" for one in choices(key).values()]
        raise _unreadable(cell, Text("不在选项之内。", "It is none of the choices."), words)
    return found


def _yes_no(cell: Cell) -> bool:
    require_sound(cell)
    words = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}
    if plain(cell.text) not in words:
        raise _unreadable(cell, Text("应为是或否。", "It must be yes or no."))
    return words[plain(cell.text)]


def _demand(column: HistoryColumn, cell: Cell) -> float | None:
    assert column.fact is not None
    value = read_fact(column.fact, cell)
    return None if value is None else float(value)


def _unreadable(cell: Cell, why: Text, candidates: Sequence[str] = ()) -> UnreadableCellError:
    return UnreadableCellError.of(cell.text, why, Text("请改正。", "Correct it."), candidates)

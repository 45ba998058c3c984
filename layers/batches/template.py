"""The batch template: one workbook a language, its columns, drop-downs and notes from the reference tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from layers.batches.cells import axes_options, system_options, yes_no
from layers.batches.columns import Column, columns, columns_by_key, mark, sheet_name
from layers.batches.headers import CONTINUED
from layers.batches.rows import example_rows
from layers.batches.sources import Cell, CellKind, text_cell
from layers.batches.styles import GROUP_COLOURS, OPTIONS, body_format, header_format
from layers.industries import classification
from screening.terms import CONSTRUCTION
from screening.words import Language, Text

HEADER_ROW = 1  # below the band of groups, counted from 0
PREPARED_ROWS = 1000  # with drop-downs
LONGEST_CELL = 32_000  # a spreadsheet takes 32,767 characters
LONGEST_LIST = 255  # characters of a list written into a drop-down itself
AS_TEXT = frozenset({"project_name", "site_name", "coordinates", "system", "axes", "industries"})
_OWN_WIDTH = 18
_GUIDE: tuple[Text, ...] = (
    Text("每处选址一行；带 * 的列必填，其余不知道的留空。", "One row for each site; columns with * must be filled."),
    Text("留空表示未申报，不等于 0，也不等于“否”。", "A blank is not declared; it is neither zero nor no."),
    Text("数值按表头的单位填写，只写数，不写单位。", "Write figures in the unit of the header, without the unit."),
    Text("坐标可以是经纬度、度分秒、平面坐标、WKT，一格写完一处选址。", "Coordinates in any usual form, a whole site in one cell."),
    Text("线状选址须填线宽。", "A line needs its width."),
    Text("灰色斜体、标有“【示例】”的行只作示范，不研判；可以删去。", "Rows in grey italics marked [EXAMPLE] are never screened; delete them at will."),
    Text("可以增加自己的列：系统不读，但会原样保留在退回的表中。", "Columns of your own may be added: they are not read and come back as they are."),
    Text("读得懂的行会研判，读不懂的行写明原因后退回，改好再传即可。", "Rows that can be read are screened; the others come back with the reason, to be mended and sent again."),
    Text("公众研判结论不具法律效力，不代替行政审批。", "A public verdict has no legal force and replaces no permit."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One column of a sheet of projects.

    Attributes:
        column: What it means; None for columns that are kept and not read.
        note: Shown at the header.
    """

    header: str
    column: Column | None
    group: Text | None
    width: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One cell to write, and what is wrong with it."""

    cell: Cell
    trouble: str = ""


def write_template(path: Path, language: Language) -> None:
    """The template in one language."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        write_guide(book, language)
        examples = [
            {key: Filled(cell=text_cell(words)) for key, words in row.items()} for row in example_rows(language)
        ]
        layout = template_columns(language)
        rows = [[row.get(one.column.key) if one.column else None for one in layout] for row in examples]
        sheet = write_projects(book, sheet_name("projects").in_(language), layout, rows, language, as_example=True)
        sheet.activate()
        write_look_ups(book, language)


def template_columns(language: Language) -> list[Placed]:
    """All columns of the template, to be written in its language."""
    return [
        Placed(header=one.header(language), column=one, group=one.group, width=one.width, note=_note(one, language))
        for one in columns()
    ]


def write_guide(book: xlsxwriter.Workbook, language: Language) -> None:
    """The sheet that says how to fill in the others."""
    sheet = book.add_worksheet(sheet_name("instructions").in_(language))
    body, bold = body_format(book), header_format(book)
    sheet.set_column(0, 0, 34, body)
    sheet.set_column(1, 1, 16, body)
    sheet.set_column(2, 2, 70, body)
    for number, text in enumerate(_GUIDE):
        sheet.merge_range(number, 0, number, 2, text.in_(language), body)
    head = len(_GUIDE) + 1
    for at, title in enumerate((Text("列", "Column"), Text("英文代号", "Name for machines"), Text("说明", "Note"))):
        sheet.write_string(head, at, title.in_(language), bold)
    for number, column in enumerate(columns(), start=head + 1):
        sheet.write_string(number, 0, column.header(language))
        sheet.write_string(number, 1, column.key)
        sheet.write_string(number, 2, column.help.in_(language))


def write_projects(
    book: xlsxwriter.Workbook,
    name: str,
    layout: Sequence[Placed],
    rows: Sequence[Sequence[Filled | None]],
    language: Language,
    *,
    as_example: bool = False,
) -> Worksheet:
    """A sheet of projects: a band of groups, the header with notes, the rows, drop-downs below.

    Args:
        book: Open; its sheet of options must be written too, since drop-downs refer to it.
        name: Of the sheet, unique and allowed.
        layout: Its columns; texts too long for a cell get columns of their own, marked as continued.
        rows: A cell for each column; None leaves it empty.
        language: Of headers and drop-downs.
        as_example: Grey and in italics.
    """
    sheet = book.add_worksheet(name)
    layout, rows = _widened(layout, rows, language)
    _band(book, sheet, layout, language)
    formats = _Formats(book, as_example=as_example)
    for at, one in enumerate(layout):
        key = one.column.key if one.column else ""
        sheet.set_column(at, at, one.width, formats.text if key in AS_TEXT else formats.plain)
        _drop_down(sheet, one, at, language, len(rows))
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for at, filled in enumerate(row):
            if filled is not None:
                _write(sheet, number, at, filled, formats)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    return sheet


def write_look_ups(book: xlsxwriter.Workbook, language: Language) -> None:
    """The sheets of industry codes and of options."""
    sheet = book.add_worksheet(sheet_name("industries").in_(language))
    bold = header_format(book)
    titles = (Text("代码", "Code"), Text("名称", "Name (official, Chinese)"), Text("级别", "Level"))
    levels = {1: "门类", 3: "大类", 4: "中类", 5: "小类"}
    english = {1: "section", 3: "division", 4: "group", 5: "class"}
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title.in_(language), bold)
    for number, entry in enumerate(classification().entries.values(), start=1):
        level = (levels if language == "zh" else english)[len(entry.code)]
        for at, words in enumerate((entry.code, entry.name, level)):
            sheet.write_string(number, at, words)
    sheet.set_column(1, 1, 50)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(classification().entries), 2)
    options = book.add_worksheet(sheet_name("options").in_(language))
    for at, (key, choices) in enumerate(_long_lists(language).items()):
        options.write_string(0, at, columns_by_key()[key].label.in_(language), bold)
        for number, word in enumerate(choices, start=1):
            options.write_string(number, at, word)
        options.set_column(at, at, 60)


class _Formats:
    """The formats of one sheet of projects."""

    def __init__(self, book: xlsxwriter.Workbook, *, as_example: bool) -> None:
        look: dict[str, object] = {"text_wrap": True, "valign": "top"}
        if as_example:
            self._example: Format | None = book.add_format({**look, "italic": True, "font_color": "#7A7A7A"})
        else:
            self._example = None
        trouble = {**look, "bg_color": "#FFD9D0", "border": 1, "border_color": "#B3261E"}
        self.plain, self.text = book.add_format(look), book.add_format({**look, "num_format": "@"})
        self._trouble = book.add_format(trouble)
        dates = {date: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss", timedelta: "[h]:mm:ss"}
        self._dates = {kind: book.add_format({**look, "num_format": words}) for kind, words in dates.items()}
        self._bad_dates = {kind: book.add_format({**trouble, "num_format": words}) for kind, words in dates.items()}

    def of(self, filled: Filled) -> Format:
        """The format of one cell."""
        if filled.cell.kind is CellKind.DATE:
            chosen = self._bad_dates if filled.trouble else self._dates
            return next(look for kind, look in chosen.items() if isinstance(filled.cell.value, kind))
        if filled.trouble:
            return self._trouble
        return self._example or self.plain


def _write(sheet: Worksheet, row: int, at: int, filled: Filled, formats: _Formats) -> None:
    value, look = filled.cell.value, formats.of(filled)
    match filled.cell.kind:
        case CellKind.NUMBER:
            sheet.write_number(row, at, value, look)
        case CellKind.BOOLEAN:
            sheet.write_boolean(row, at, value, look)
        case CellKind.DATE:
            sheet.write_datetime(row, at, value, look)
        case _ if value is None or value == "":
            if filled.trouble:
                sheet.write_blank(row, at, None, look)
        case _:
            sheet.write_string(row, at, str(value), look)
    if filled.trouble:
        sheet.write_comment(row, at, filled.trouble, {"x_scale": 3, "y_scale": 2})


def _band(book: xlsxwriter.Workbook, sheet: Worksheet, layout: Sequence[Placed], language: Language) -> None:
    groups = list(dict.fromkeys(one.group for one in layout if one.group is not None))
    looks = {group: header_format(book, GROUP_COLOURS[at % len(GROUP_COLOURS)]) for at, group in enumerate(groups)}
    other = header_format(book, "#F0F0F0")
    for at, one in enumerate(layout):
        look = looks[one.group] if one.group is not None else other
        is_first = at == 0 or layout[at - 1].group != one.group
        sheet.write(HEADER_ROW - 1, at, one.group.in_(language) if one.group is not None and is_first else None, look)
        sheet.write_string(HEADER_ROW, at, one.header, look)
        if one.note:
            sheet.write_comment(HEADER_ROW, at, one.note, {"x_scale": 2})
    sheet.set_row(HEADER_ROW, 48)


def _drop_down(sheet: Worksheet, one: Placed, at: int, language: Language, rows: int) -> None:
    if one.column is None:
        return
    words = _choices(one.column, language)
    if not words:
        return
    long_lists = list(_long_lists(language))
    source: list[str] | str = list(words)
    if one.column.key in long_lists:
        letter = "ABCDEFGH"[long_lists.index(one.column.key)]
        source = f"='{sheet_name('options').in_(language)}'!${letter}$2:${letter}${len(words) + 1}"
    kind = "warning" if one.column.fact is None else "stop"  # coordinate systems may be written in other words too
    last = HEADER_ROW + max(PREPARED_ROWS, rows)
    sheet.data_validation(HEADER_ROW + 1, at, last, at, {"validate": "list", "source": source, "error_type": kind})


def _choices(column: Column, language: Language) -> Sequence[str]:
    if column.fact is not None:
        if column.fact.kind == "boolean":
            return yes_no(language)
        return [text.in_(language) for _, text in column.fact.choices]
    return {
        "construction": [text.in_(language) for text in CONSTRUCTION.values()],
        "system": list(system_options(language)),
        "axes": list(axes_options(language)),
    }.get(column.key, [])


def _long_lists(language: Language) -> Mapping[str, Sequence[str]]:
    """Choices too long to be written into the drop-down itself."""
    found = {one.key: _choices(one, language) for one in columns()}
    return {key: words for key, words in found.items() if len(",".join(words)) > LONGEST_LIST}


def _note(column: Column, language: Language) -> str:
    other: Language = "en" if language == "zh" else "zh"
    words = [column.help.in_(language), column.help.in_(other)]
    if column.fact is not None and column.fact.minimum is not None and column.fact.maximum is not None:
        words.append(f"{column.fact.minimum:g} – {column.fact.maximum:g} {column.fact.unit}")
    return "\n".join([*words, column.key])


def _widened(
    layout: Sequence[Placed], rows: Sequence[Sequence[Filled | None]], language: Language
) -> tuple[list[Placed], list[list[Filled | None]]]:
    """Columns and rows with texts beyond a cell's limit cut over further columns, which the reader puts together."""
    pieces = [max((_pieces(row[at]) for row in rows), default=1) for at in range(len(layout))]
    columns_out: list[Placed] = []
    for one, count in zip(layout, pieces, strict=True):
        columns_out.append(one)
        for number in range(2, count + 1):
            header = one.header + CONTINUED.in_(language).format(number=number)
            columns_out.append(Placed(header=header, column=None, group=one.group, width=_OWN_WIDTH, note=""))
    rows_out = [[piece for at, count in enumerate(pieces) for piece in _cut(row[at], count)] for row in rows]
    return columns_out, rows_out


def _pieces(filled: Filled | None) -> int:
    if filled is None or not isinstance(filled.cell.value, str):
        return 1
    return max(1, -(-len(filled.cell.value) // LONGEST_CELL))


def _cut(filled: Filled | None, count: int) -> list[Filled | None]:
    if filled is None or _pieces(filled) == 1:
        return [filled, *[None] * (count - 1)]
    words = str(filled.cell.value)
    parts = [words[start : start + LONGEST_CELL] for start in range(0, len(words), LONGEST_CELL)]
    cut = [
        Filled(cell=Cell(filled.cell.kind, part), trouble=filled.trouble if at == 0 else "")
        for at, part in enumerate(parts)
    ]
    return [*cut, *[None] * (count - len(cut))]


def problems_column(language: Language) -> Placed:
    """The column of a mend file that says what is wrong; it is never read."""
    note = Text("上传时不读此列。", "This column is not read when the file is sent again.").in_(language)
    return Placed(header=mark("problems").in_(language), column=None, group=None, width=60, note=note)

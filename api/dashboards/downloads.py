"""A table of a dashboard as a file: CSV, or a workbook with the filters it was made with."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

from api.dashboards.figures import Board, Cell, ColumnKind, Table
from layers.batches.styles import OPTIONS, body_format, header_format
from screening.words import Language, Text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DEMONSTRATION = Text(
    "其中示例数据 {count} 件，不是真实审批", "of them {count} are demonstration data, no real approvals"
)
_CASES = Text("{title}：{count} 件", "{title}: {count} cases")
_WIDTHS = {ColumnKind.TEXT: 34, ColumnKind.CASE: 22, ColumnKind.PLACE: 22, ColumnKind.DAY: 13}


def as_csv(board: Board, table: Table, scope: Sequence[str], language: Language) -> bytes:
    """The table, its header, and above it what it covers; UTF-8 with a mark that spreadsheet programs need."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerows([_harmless(line)] for line in heading(board, table, scope, language))
    rows.writerow([one.title.in_(language) for one in table.columns])
    rows.writerows([_harmless(_plain(cell, language)) for cell in row] for row in table.rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_workbook(board: Board, table: Table, scope: Sequence[str], language: Language) -> bytes:
    """The same as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True}) as book:
        sheet = book.add_worksheet(table.title.in_(language)[:31].replace("/", " "))
        lines = heading(board, table, scope, language)
        for number, line in enumerate(lines):
            sheet.write_string(number, 0, line)
        top, header, body = len(lines), header_format(book), body_format(book)
        day, part = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.0%"})
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, _WIDTHS.get(column.kind, 13))
            sheet.write_string(top, at, column.title.in_(language), header)
        for number, row in enumerate(table.rows, start=top + 1):
            for at, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, at, cell, day)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, at, cell, part if table.columns[at].kind is ColumnKind.SHARE else None)
                elif cell is not None:
                    sheet.write_string(number, at, cell.in_(language) if isinstance(cell, Text) else cell, body)
        sheet.freeze_panes(top + 1, 1)
    return out.getvalue()


def heading(board: Board, table: Table, scope: Sequence[str], language: Language) -> list[str]:
    """What the table is, which cases it covers, and what to know about it."""
    covered = _CASES.filled(title=table.title, count=str(board.cases)).in_(language)
    invented = _DEMONSTRATION.filled(count=str(board.demonstration)).in_(language)
    notes = [one.in_(language) for one in (*board.notes, table.note)]
    return [covered, *scope, *([invented] if board.demonstration else []), *(one for one in notes if one)]


def _plain(cell: Cell, language: Language) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, Text):
        return cell.in_(language)
    return cell.isoformat() if isinstance(cell, date) else cell


def _harmless(cell: str | int | float) -> str | int | float:
    """A text that a spreadsheet program would take for a formula, marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell

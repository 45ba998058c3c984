"""The mend file: the rows that could not be read or screened, every cell as it was, with what is wrong beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import xlsxwriter

from layers.batches.columns import recognised, sheet_name
from layers.batches.model import BatchRow, Fault, Table
from layers.batches.sources import BLANK, Cell, CellKind, text_cell
from layers.batches.styles import OPTIONS
from layers.batches.template import (
    Filled,
    Placed,
    problems_column,
    template_columns,
    write_guide,
    write_look_ups,
    write_projects,
)
from screening.words import LANGUAGES, Language, Text

_NOT_ALLOWED = re.compile(r"[\[\]:*?/\\]|^'|'$")
_LONGEST_NAME = 31
_UNMAPPED = Text("（未映射）", " (not mapped)")
_NAMELESS = Text("（无列名 {number}）", "(no name {number})")
_WIDTH = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Mendable:
    """A row to give back, and what is wrong with it."""

    row: BatchRow
    faults: tuple[Fault, ...]


def write_mend_file(path: Path, rows: Sequence[Mendable], language: Language) -> None:
    """A workbook in the template's shape, one sheet for each sheet the rows came from.

    Cells stand under the template's columns, those that mean nothing here behind them under their own names.
    """
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        write_guide(book, language)
        taken = {sheet_name(which).in_(one) for which in ("instructions", "industries", "options") for one in LANGUAGES}
        groups: dict[str, list[Mendable]] = {}
        for one in rows:
            groups.setdefault(one.row.table.name, []).append(one)
        for name, members in (groups or {"": []}).items():
            _sheet(book, _allowed(name or sheet_name("projects").in_(language), taken), members, language)
        write_look_ups(book, language)
        book.worksheets()[1].activate()


def _sheet(book: xlsxwriter.Workbook, name: str, rows: Sequence[Mendable], language: Language) -> None:
    table = rows[0].row.table if rows else Table(file="", name="", header=(), at={})
    extra = _kept_columns(table, rows, language)
    layout = [problems_column(language), *_titled(table, language), *(placed for _, placed in extra)]
    cells = [
        [
            Filled(cell=text_cell(_problems(one, language))),
            *(_filled(one, placed, language) for placed in template_columns(language)),
            *(Filled(cell=_bare(one, at)) for at, _ in extra),
        ]
        for one in rows
    ]
    write_projects(book, name, layout, cells, language)


def _titled(table: Table, language: Language) -> list[Placed]:
    """The template's columns; the note of a mapped one says what the file called it."""
    word = Text("原列名", "Column of the file").in_(language)
    return [
        replace(one, note=f"{one.note}\n{word}: {table.header_of(one.column.key)}")
        if one.column is not None and one.column.key in table.at
        else one
        for one in template_columns(language)
    ]


def _kept_columns(table: Table, rows: Sequence[Mendable], language: Language) -> list[tuple[int, Placed]]:
    """Positions that mean nothing here, and the columns in which they come back."""
    used = set(table.at.values())
    widest = max((len(one.row.source.cells) for one in rows), default=0)
    found = []
    for at in range(max(widest, len(table.header))):
        name = table.header[at] if at < len(table.header) else ""
        if at in used or not (name or any(one.row.source.cell(at).value is not None for one in rows)):
            continue
        header = name or _NAMELESS.in_(language).format(number=at + 1)
        if recognised(header) is not None:
            header += _UNMAPPED.in_(language)
        found.append((at, Placed(header=header, column=None, group=None, width=_WIDTH, note="")))
    return found


def _filled(one: Mendable, placed: Placed, language: Language) -> Filled | None:
    assert placed.column is not None
    key = placed.column.key
    troubles = "\n".join(fault.words(language) for fault in one.faults if fault.key == key)
    at = one.row.table.at.get(key)
    if at is None:
        return Filled(cell=BLANK, trouble=troubles) if troubles else None
    return Filled(cell=_bare(one, at), trouble=troubles)


def _bare(one: Mendable, at: int) -> Cell:
    cell = one.row.source.cell(at)
    is_part = cell.merged and cell.kind is CellKind.BLANK
    return BLANK if is_part else replace(cell, merged=False)


def _problems(one: Mendable, language: Language) -> str:
    head = Text(f"原位置 {one.row.place}", f"from {one.row.place}").in_(language)
    return "\n".join([head, *(fault.words(language) for fault in one.faults)])


def _allowed(name: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes and no other sheet has."""
    plain = _NOT_ALLOWED.sub("-", name)[:_LONGEST_NAME] or "1"
    chosen, number = plain, 2
    while chosen.lower() in {one.lower() for one in taken}:
        chosen = f"{plain[: _LONGEST_NAME - 4]}({number})"
        number += 1
    taken.add(chosen)
    return chosen

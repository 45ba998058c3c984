"""A table as somebody filled it, cell by cell and unjudged, so that it can be given back as it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from screening.words import Text

ERROR_WORDS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
CellValue = str | int | float | bool | date | time | timedelta | None


class CellKind(StrEnum):
    """What a cell holds."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    ERROR = "error"  # what a spreadsheet shows for a formula that failed
    FORMULA = "formula"  # a formula whose result the file does not hold


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        value: As the file holds it; text of a formula with its equals sign.
        merged: It is part of merged cells, so that nobody can tell which row its content belongs to.
    """

    kind: CellKind = CellKind.BLANK
    value: CellValue = None
    merged: bool = False

    @property
    def text(self) -> str:
        """As a person would write it: whole numbers without decimals, dates as ISO, no blanks around."""
        value = self.value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() else repr(value)
        if isinstance(value, datetime):
            return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
        return str(value).strip()

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing; part of merged cells it does."""
        return self.kind is CellKind.BLANK and not self.merged


BLANK = Cell()


def text_cell(written: str, *, merged: bool = False) -> Cell:
    """The cell for a text: blank, the word of a failed formula, a formula, or text.

    >>> text_cell(" ").kind.value, text_cell("#N/A").kind.value, text_cell("=A1").kind.value, text_cell("甲").kind.value
    ('blank', 'error', 'formula', 'text')
    """
    plain = written.strip()
    if not plain:
        return Cell(CellKind.BLANK, written or None, merged)
    if plain.upper() in ERROR_WORDS:
        return Cell(CellKind.ERROR, written, merged)
    if plain.startswith("=") and len(plain) > 1:
        return Cell(CellKind.FORMULA, written, merged)
    return Cell(CellKind.TEXT, written, merged)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One row below the header.

    Attributes:
        number: As the spreadsheet program counts it; of a vector file the feature's, from 1.
        cells: One for each column of the header, and any beyond it.
        hidden: It does not show in the spreadsheet program.
        fault: What is wrong with it as a whole; None if nothing.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False
    fault: Text | None = None

    @property
    def is_blank(self) -> bool:
        """Whether no cell says anything."""
        return all(cell.is_blank for cell in self.cells)

    def cell(self, at: int) -> Cell:
        """The cell of a column; blank where the row is short."""
        return self.cells[at] if at < len(self.cells) else BLANK


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of a file.

    Attributes:
        grid: All rows, blank ones included; where the header is, is found later. Of vector files without the header.
        header: Column names of a table that has them by its nature; None where they stand in the grid.
        header_at: Where in the grid they stand; None where that is still to be found out.
        given: Columns whose meaning is settled by the format: our key → position.
        hidden: It does not show in the spreadsheet program.
        ragged_is_fault: A row longer than the header has slipped: a comma stood without quotes.
    """

    name: str
    grid: tuple[SourceRow, ...]
    header: tuple[str, ...] | None = None
    header_at: int | None = None
    given: tuple[tuple[str, int], ...] = ()
    hidden: bool = False
    ragged_is_fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as handed in.

    Attributes:
        kind: Format, for people.
        notices: What to know about the file as a whole.
    """

    file: str
    kind: Text
    sheets: tuple[Sheet, ...]
    notices: tuple[Text, ...] = ()

"""A batch as it was read: its tables, and every row with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from layers.batches.columns import (
    PROBLEMS,
    columns_by_key,
)
from layers.batches.sources import BLANK, Cell, Source, SourceRow
from screening.errors import ThreeLinesError
from screening.model import Construction, FactValue
from screening.readings import Declaration
from screening.words import Language, Text


class RowState(StrEnum):
    """What became of a row."""

    READ = "read"
    FAULTY = "faulty"
    BLANK = "blank"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with one row.

    Attributes:
        row: Number in the file.
        column: Name in the file; empty for the row as a whole.
        key: What the column means; empty where it means nothing.
        code: Of the error, for machines.
    """

    file: str
    sheet: str
    row: int
    column: str
    key: str
    code: str
    what: Text
    why: Text
    cure: Text

    def words(self, language: Language) -> str:
        """Column, what, why and what to do, in one line."""
        head = f"{self.column}：" if language == "zh" else f"{self.column}: "
        gap = "" if language == "zh" else " "
        return (head if self.column else "") + gap.join(
            text.in_(language) for text in (self.what, self.why, self.cure) if text.in_(language)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """What a row asks, as a door would put it."""

    project_name: str
    site_name: str
    coordinates: str
    declared: Declaration
    width_m: float | None
    industries: tuple[str, ...]
    construction: Construction | None
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet that was read, and what its columns mean.

    Attributes:
        header: Names as the file has them.
        at: Key → position in the header.
    """

    file: str
    name: str
    header: tuple[str, ...]
    at: Mapping[str, int]

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Names of columns that mean nothing here; their cells are kept."""
        used = set(self.at.values())
        return tuple(name for position, name in enumerate(self.header) if position not in used and name)

    @property
    def mapping(self) -> dict[str, str]:
        """What is used: key → name of the column."""
        return {key: self.header[at] for key, at in self.at.items() if key != PROBLEMS}

    def header_of(self, key: str) -> str:
        """What the file calls a key's column; our own name where it has none."""
        if key in self.at:
            return self.header[self.at[key]].rstrip("* ")
        return columns_by_key()[key].label.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One row and what became of it.

    Attributes:
        asked: The question; None unless it was read.
        faults: What is wrong; none unless it is faulty.
        remarks: What is odd, without keeping it from being screened.
    """

    table: Table
    source: SourceRow
    state: RowState
    asked: AskedRow | None = None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Text, ...] = ()

    @property
    def place(self) -> str:
        """`sheet!row`, unique within the file."""
        return f"{self.table.name}!{self.source.number}" if self.table.name else str(self.source.number)

    @property
    def name(self) -> str:
        """What to call it: project and site as far as they can be read."""
        words = [self.cell(key).text for key in ("project_name", "site_name")]
        return " · ".join(dict.fromkeys(word for word in words if word))

    def cell(self, key: str) -> Cell:
        """The cell of a key; blank where there is no such column."""
        return self.source.cell(self.table.at[key]) if key in self.table.at else BLANK

    def fault(self, problem: ThreeLinesError, key: str = "") -> Fault:
        """A problem as a fault of this row."""
        return fault_of(self.table, self.source, problem, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows there are and what became of them; they add up."""

    rows: int
    read: int
    faulty: int
    blank: int
    example: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A file of projects as read.

    Attributes:
        rows: Every row below the headers, in file order.
        notices: What to know of the file as a whole.
    """

    source: Source
    tables: tuple[Table, ...]
    rows: tuple[BatchRow, ...]
    notices: tuple[Text, ...]

    @property
    def counts(self) -> Counts:
        """Rows by state."""
        of = {state: sum(row.state is state for row in self.rows) for state in RowState}
        return Counts(
            rows=len(self.rows),
            read=of[RowState.READ],
            faulty=of[RowState.FAULTY],
            blank=of[RowState.BLANK],
            example=of[RowState.EXAMPLE],
        )

    @property
    def asking(self) -> tuple[BatchRow, ...]:
        """Rows that are neither blank nor examples."""
        return tuple(row for row in self.rows if row.state in (RowState.READ, RowState.FAULTY))


def fault_of(table: Table, row: SourceRow, problem: ThreeLinesError, key: str) -> Fault:
    """A problem with one cell, or with the row as a whole where `key` is empty."""
    return Fault(
        file=table.file,
        sheet=table.name,
        row=row.number,
        column=table.header_of(key) if key else "",
        key=key,
        code=problem.code,
        what=problem.what,
        why=problem.why,
        cure=problem.cure,
    )

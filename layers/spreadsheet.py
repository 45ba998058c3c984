"""Sheets of a workbook as rows of text, with the place of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import python_calamine

from screening.errors import DeliveryError
from screening.words import Text


class CellError(ValueError):
    """A cell that cannot be understood; the message goes into the issue log."""

    def __init__(self, column: str, text: Text) -> None:
        super().__init__(text.en)
        self.column, self.text = column, text


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the header.

    Attributes:
        place: `sheet!row`, counted as the spreadsheet program shows it.
        cells: Text by column name; absent or blank cells are empty.
    """

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def required(self, column: str) -> str:
        """A cell that must not be blank.

        Raises:
            CellError: It is.
        """
        if not self[column]:
            raise CellError(column, Text("不能为空", "must not be empty"))
        return self[column]

    def yes(self, column: str) -> bool:
        """A cell of 是 or 否; blank is no.

        Raises:
            CellError: It holds something else.
        """
        if self[column] in ("是", "否", ""):
            return self[column] == "是"
        raise CellError(column, Text(f"“{self[column]}”应为是或否", f"“{self[column]}” is neither 是 nor 否"))


class Workbook:
    """An opened `.xlsx`; reads values, never formulas."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise DeliveryError.missing_file(path.name, "delivery.toml")
        try:
            self._book = python_calamine.CalamineWorkbook.from_path(path)
        except (python_calamine.CalamineError, OSError) as problem:
            raise DeliveryError.unreadable(path.name, str(problem)) from problem
        self.name = path.name

    @property
    def sheets(self) -> list[str]:
        """Names of all sheets."""
        return list(self._book.sheet_names)

    def rows(self, sheet: str, required: tuple[str, ...]) -> Iterator[SheetRow]:
        """Rows of a sheet whose header holds the required columns; blank rows are left out.

        The header is the first row that holds the first required column; rows above it are titles.

        Raises:
            DeliveryError: No such sheet, no header, or a required column is missing.
        """
        if sheet not in self.sheets:
            raise self._wrong(f"没有工作表“{sheet}”", f"has no sheet “{sheet}”", self.sheets)
        table = self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        at = next((i for i, row in enumerate(table) if required[0] in map(cell_text, row)), None)
        if at is None:
            raise self._wrong(
                f"工作表“{sheet}”没有表头“{required[0]}”", f"sheet “{sheet}” has no header “{required[0]}”", ()
            )
        header = [cell_text(cell) for cell in table[at]]
        missing = [column for column in required if column not in header]
        if missing:
            listed = "、".join(missing)
            raise self._wrong(f"工作表“{sheet}”缺少列：{listed}", f"sheet “{sheet}” lacks columns: {listed}", header)
        for number, row in enumerate(table[at + 1 :], start=at + 2):
            cells = {name: cell_text(cell) for name, cell in zip(header, row, strict=False) if name}
            if any(cells.values()):
                yield SheetRow(f"{sheet}!{number}", cells)

    def _wrong(self, zh: str, en: str, candidates: tuple[str, ...] | list[str]) -> DeliveryError:
        return DeliveryError.wrong(
            self.name,
            Text(zh, en),
            Text("请使用清单模板的工作表名和列名。", "Use the sheet and column names of the template."),
            candidates=candidates,
        )


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without decimals, dates as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()

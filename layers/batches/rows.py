"""Rows of a source as questions ready to screen, or as lists of what is wrong; every row is one or the other, or counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from layers import sandbox
from layers.batches import cells
from layers.batches.columns import (
    FACT,
    PROBLEMS,
    batch_words,
    columns_by_key,
    mark,
    other_unit,
    placed,
    plain,
    require_columns,
    require_mapping,
)
from layers.batches.files import read_source
from layers.batches.headers import header_of, project_sheets
from layers.batches.model import AskedRow, Batch, BatchRow, Fault, RowState, Table, fault_of
from layers.batches.sources import BLANK, Cell, Sheet, Source, SourceRow
from layers.facts import fact_schema
from layers.sandbox import Cap
from screening.errors import NoIndustryError, SiteFileError, ThreeLinesError, UnreadableCellError
from screening.model import FactValue
from screening.readings import Declaration
from screening.words import LANGUAGES, Language, Text, same

Read = TypeVar("Read")


def read_batch(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    declared: Declaration | None = None,
    *,
    cap: Cap | None = sandbox.DEFAULT,
) -> Batch:
    """Every row of a file of projects.

    Args:
        path: Filled template, CSV or vector file.
        mapping: Key → column name, beyond or against what is recognised by name; an empty name means no column.
        declared: Of the whole file, where its rows say nothing; `width_m` included.
        cap: What reading may take; None reads in this process.

    Raises:
        SiteFileError: The file cannot be read, or two of its columns mean the same.
        UnusableMappingError: The mapping names what neither the template nor the file has.
        ReaderStoppedError: Reading took too much.
    """
    declared = declared or Declaration()
    return batch_of(read_source(path, declared, cap), mapping or {}, declared)


def batch_of(source: Source, mapping: Mapping[str, str], declared: Declaration, *, is_part: bool = False) -> Batch:
    """The rows of a source already read.

    Args:
        is_part: Of a file for which the mapping is known to fit; not every part has every column.

    Raises:
        SiteFileError: It holds no row, or two of its columns mean the same.
        UnusableMappingError: The mapping names what neither the template nor the file has.
    """
    require_mapping(mapping)
    notices = list(source.notices)
    rows: list[BatchRow] = []
    tables: list[Table] = []
    for sheet in project_sheets(source, mapping, notices):
        header, below = header_of(sheet, mapping)
        at = placed(source.file, header, mapping, dict(sheet.given))
        table = Table(file=source.file, name=sheet.name, header=header, at=at)
        tables.append(table)
        notices += _notices(table, sheet)
        default = replace(declared, epsg=None, datum=None) if sheet.header is not None else declared
        rows += [_row(table, sheet, row, default) for row in below]
    if not tables:
        raise SiteFileError.of(
            source.file, Text("没有内容", "holds nothing"), Text("请填写后再上传。", "Fill it in first.")
        )
    if not is_part:
        require_columns(mapping, [table.header for table in tables])
    batch = Batch(source=source, tables=tuple(tables), rows=tuple(_with_twins(rows)), notices=tuple(notices))
    counts = batch.counts
    assert counts.rows == counts.read + counts.faulty + counts.blank + counts.example
    return batch


def _notices(table: Table, sheet: Sheet) -> Iterator[Text]:
    place = f"“{table.name}”" if table.name else table.file
    if sheet.hidden:
        yield Text(f"工作表{place}是隐藏的，已照常读取", f"Sheet {place} is hidden and was read like any other")
    for name in table.unmapped:
        column = other_unit(name)
        if column is not None:
            yield Text(
                f"列“{name}”的单位与“{column.label.zh}”不同，未采用",
                f"Column “{name}” is in another unit than “{column.label.en}” and was not used",
            )
    for key in ("coordinates", "industries"):
        if key not in table.at:
            label = columns_by_key()[key].label
            yield Text(f"{place}没有“{label.zh}”列", f"{place} has no column “{label.en}”")


# -- rows --------------------------------------------------------------------------------------------------------------


def _row(table: Table, sheet: Sheet, row: SourceRow, declared: Declaration) -> BatchRow:
    settled = {position for key, position in sheet.given if key in ("system", "axes")}
    if row.fault is None and all(
        cell.is_blank or at in settled or table.at.get(PROBLEMS) == at for at, cell in enumerate(row.cells)
    ):
        return BatchRow(table=table, source=row, state=RowState.BLANK)
    reader = _RowReader(table, row)
    if sheet.ragged_is_fault and len(row.cells) > len(table.header):
        reader.slipped()
    if _is_example(table, row):
        if _is_untouched_example(table, row):
            return BatchRow(table=table, source=row, state=RowState.EXAMPLE)
        reader.half_example()
    asked = reader.asked(declared)
    remarks = (Text("隐藏行，已照常读取", "A hidden row, read like any other"),) if row.hidden else ()
    if reader.faults:
        faults = tuple(reader.faults)
        return BatchRow(table=table, source=row, state=RowState.FAULTY, faults=faults, remarks=remarks)
    return BatchRow(table=table, source=row, state=RowState.READ, asked=asked, remarks=remarks)


class _RowReader:
    """Reads one row cell by cell and gathers everything that is wrong with it."""

    def __init__(self, table: Table, row: SourceRow) -> None:
        self._table, self._row = table, row
        self.faults: list[Fault] = []

    def asked(self, declared: Declaration) -> AskedRow:
        """The question of the row, whole only if there is no fault."""
        stated = self._system(declared)
        return AskedRow(
            project_name=self._read("project_name", cells.read_text, ""),
            site_name=self._read("site_name", cells.read_text, ""),
            coordinates=self._coordinates(),
            declared=stated,
            width_m=stated.width_m,
            industries=self._industries(),
            construction=self._read("construction", cells.read_construction, None),
            facts=self._facts(),
        )

    def slipped(self) -> None:
        """A row with more cells than columns."""
        surplus = len(self._row.cells) - len(self._table.header)
        self._whole(
            Text(f"比表头多 {surplus} 格", f"it has {surplus} cells more than the header"),
            Text(
                "多半是内容里的逗号没有加引号，各格已错位。",
                "Most likely a comma stands without quotes and cells slipped.",
            ),
            Text("请给含逗号的内容加上引号，或用 .xlsx。", "Quote what holds commas, or use .xlsx."),
        )

    def half_example(self) -> None:
        """A row marked as an example that is none of ours."""
        text = mark("example")
        why = Text(
            f"标有“{text.zh}”而内容已改，不知是否要研判。",
            f"It is marked “{text.en}” but was changed, so nobody can tell whether to screen it.",
        )
        cure = Text("要研判的请删去该标记，不要的请删去该行。", "Delete the mark to screen it, or delete the row.")
        self._fault(UnreadableCellError.of(self._cell("project_name").text, why, cure), "project_name")

    def _whole(self, what: Text, why: Text, cure: Text) -> None:
        self.faults.append(fault_of(self._table, self._row, UnreadableCellError(what=what, why=why, cure=cure), ""))

    def _coordinates(self) -> str:
        if self._row.fault is not None:
            cure = Text("请补画图形，或在此格填坐标。", "Draw it, or write coordinates into this cell.")
            problem = UnreadableCellError(what=self._row.fault, why=same(""), cure=cure)
            self._fault(problem, "coordinates")
            return ""
        cell = self._cell("coordinates")
        if cell.is_blank:
            why = Text("没有坐标就无从研判。", "Without coordinates nothing can be screened.")
            cure = Text("请填写坐标，或映射坐标列。", "Fill them in, or map the column that holds them.")
            blank = UnreadableCellError(what=Text("坐标为空。", "The coordinates are blank."), why=why, cure=cure)
            self._fault(blank, "coordinates")
            return ""
        return self._read("coordinates", cells.read_coordinates, "")

    def _industries(self) -> tuple[str, ...]:
        faults = len(self.faults)
        found: tuple[str, ...] = self._read("industries", cells.read_industries, ())
        if not found and faults == len(self.faults):
            self._fault(NoIndustryError.of("industries"), "industries")
        return found

    def _system(self, default: Declaration) -> Declaration:
        width_m: float | None = self._read("width_m", cells.read_width, None)
        width_m = default.width_m if width_m is None else width_m
        system, axes = self._cell("system"), self._cell("axes")
        none = Declaration()
        stated: Declaration = self._read("system", lambda cell: cells.read_system(cell, BLANK), none)
        order: Declaration = self._read("axes", lambda cell: cells.read_system(BLANK, cell), none)
        base = default if system.is_blank else stated
        return replace(base, axes=default.axes if axes.is_blank else order.axes, width_m=width_m)

    def _facts(self) -> dict[str, FactValue]:
        schema = fact_schema()
        found = {}
        for key in self._table.at:
            if key.startswith(FACT):
                fact = schema[key.removeprefix(FACT)]
                value = self._read(key, partial(cells.read_fact, fact), None)
                if value is not None:
                    found[fact.name] = value
        return found

    def _read(self, key: str, reading: Callable[[Cell], Read], otherwise: Read) -> Read:
        try:
            return reading(self._cell(key))
        except ThreeLinesError as problem:
            self._fault(problem, key)
            return otherwise

    def _fault(self, problem: ThreeLinesError, key: str) -> None:
        self.faults.append(fault_of(self._table, self._row, problem, key))

    def _cell(self, key: str) -> Cell:
        return self._row.cell(self._table.at[key]) if key in self._table.at else BLANK


def _with_twins(rows: Sequence[BatchRow]) -> Iterator[BatchRow]:
    """Rows with a remark where an earlier one says the same, or bears the same name."""
    contents: dict[tuple[str, ...], str] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row.state not in (RowState.READ, RowState.FAULTY):
            yield row
            continue
        remarks = list(row.remarks)
        content = tuple(row.cell(key).text for key in sorted(row.table.at) if key != PROBLEMS)
        twin, namesake = contents.setdefault(content, row.place), names.setdefault(row.name, row.place)
        if twin != row.place:
            remarks.append(Text(f"与 {twin} 内容相同，各自研判", f"Says the same as {twin}; each is screened"))
        elif row.name and namesake != row.place:
            remarks.append(Text(f"与 {namesake} 同名", f"Has the same name as {namesake}"))
        yield replace(row, remarks=tuple(remarks))


# -- examples ----------------------------------------------------------------------------------------------------------


def example_rows(language: Language) -> list[dict[str, str]]:
    """The example rows of the template: words of the cells by key."""
    schema = fact_schema()
    found = []
    for row in batch_words()["example"].values():
        words = {key: str(text[language]) for key, text in row.items() if key != "facts" and text[language]}
        words["project_name"] = mark("example").in_(language) + words["project_name"]
        for name, value in row["facts"].items():
            words[f"{FACT}{name}"] = cells.fact_words(schema[name], value, language)
        found.append(words)
    return found


def _is_example(table: Table, row: SourceRow) -> bool:
    name = row.cell(table.at["project_name"]).text if "project_name" in table.at else ""
    return any(plain(name).startswith(plain(mark("example").in_(one))) for one in LANGUAGES)


def _is_untouched_example(table: Table, row: SourceRow) -> bool:
    words = {key: row.cell(at).text for key, at in table.at.items() if key != PROBLEMS and row.cell(at).text}
    return any(words == example for language in LANGUAGES for example in example_rows(language))

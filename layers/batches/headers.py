"""Which sheets of a source hold projects, and where their headers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from layers.batches.columns import recognised, sheet_name
from layers.batches.sources import Sheet, Source, SourceRow
from screening.words import LANGUAGES, Text

HEADER_ROWS = 20  # a header stands among the first rows; above it are titles
LEAST_KNOWN = 2  # columns that make a row a header
CONTINUED = Text("（续{number}）", " (continued {number})")
_MOST_CONTINUED = 200


def project_sheets(source: Source, mapping: Mapping[str, str], notices: list[Text]) -> Iterator[Sheet]:
    """Sheets that hold projects; the others with content are named, so that nobody believes them read."""
    if any(sheet.header is not None or sheet.header_at is not None for sheet in source.sheets):
        yield from source.sheets
        return
    own = {sheet_name(which).in_(one) for which in ("instructions", "industries", "options") for one in LANGUAGES}
    filled = [sheet for sheet in source.sheets if sheet.name not in own and sheet.grid]
    chosen = [sheet for sheet in filled if max(_scores(sheet, mapping), default=0) >= LEAST_KNOWN]
    chosen = chosen or [sheet for sheet in filled if not sheet.hidden][:1] or filled[:1]
    for sheet in filled:
        if sheet in chosen:
            yield sheet
        else:
            count = sum(not row.is_blank for row in sheet.grid)
            notices.append(
                Text(
                    f"工作表“{sheet.name}”没有认得的表头，{count} 行未读取",
                    f"Sheet “{sheet.name}” has no header that is known; its {count} rows were not read",
                )
            )


def _scores(sheet: Sheet, mapping: Mapping[str, str]) -> list[int]:
    """How many columns each of the first rows would name."""
    mapped = {name.strip() for name in mapping.values() if name}
    return [
        sum(cell.text in mapped or recognised(cell.text) is not None for cell in row.cells if not cell.is_blank)
        for row in sheet.grid[:HEADER_ROWS]
    ]


def header_of(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[tuple[str, ...], list[SourceRow]]:
    """Names of the columns and the rows below; long texts that were cut over several columns put together."""
    if sheet.header is not None:
        return sheet.header, list(sheet.grid)
    at = header_at(sheet, mapping)
    names = tuple(cell.text for cell in sheet.grid[at].cells)
    last = max((position for position, name in enumerate(names) if name), default=-1)
    return _joined(names[: last + 1], list(sheet.grid[at + 1 :]))


def header_at(sheet: Sheet, mapping: Mapping[str, str]) -> int:
    """Where in the grid of a sheet with content the names of its columns stand."""
    if sheet.header_at is not None:
        return sheet.header_at
    scores = _scores(sheet, mapping)
    if max(scores) >= 1:
        return scores.index(max(scores))
    return next(at for at, row in enumerate(sheet.grid) if not row.is_blank)


def _joined(names: tuple[str, ...], rows: list[SourceRow]) -> tuple[tuple[str, ...], list[SourceRow]]:
    follows = {position: _begun(names, position) for position in range(len(names))}
    cut = {position: start for position, start in follows.items() if start is not None}
    if not cut:
        return names, rows
    kept = [position for position in range(len(names)) if position not in cut]
    joined = []
    for row in rows:
        parts = {position: row.cell(position) for position in range(max(len(names), len(row.cells)))}
        for position, start in cut.items():
            if parts[position].value is not None:
                parts[start] = replace(parts[start], value=f"{parts[start].value or ''}{parts[position].value}")
        joined.append(replace(row, cells=tuple(cell for at, cell in parts.items() if at not in cut)))
    return tuple(names[position] for position in kept), joined


def _begun(names: Sequence[str], position: int) -> int | None:
    """The column that one continues; None if it stands for itself."""
    for language in LANGUAGES:
        for number in range(2, _MOST_CONTINUED):
            ending = CONTINUED.in_(language).format(number=number)
            if names[position].endswith(ending):
                start = names[position].removesuffix(ending)
                return list(names).index(start) if start in names[:position] else None
            if number == 2 and ending.split("2")[0] not in names[position]:
                break
    return None

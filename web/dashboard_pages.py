"""Pages of the dashboards with their downloads, and of the import of past approvals."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from api.accounts.directory import Actor
from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import Action
from api.approval_port import ApprovalPort
from api.approvals.history import Imported
from api.dashboards.downloads import as_csv, as_workbook
from api.dashboards.figures import Board, Cell, Column, ColumnKind, Table
from api.dashboards.service import TITLES, Asked
from api.problems import language_of
from layers.history import ACCEPTED
from layers.history_template import write_history_template
from screening.approval_errors import CaseInputError
from screening.errors import NoSuchPageError, ThreeLinesError
from screening.words import Language
from web.approval_frame import HOME, districts_of, framed, is_shown_in_place, read_day
from web.dashboard_charts import Drawn, drawn, shown
from web.dashboard_labels import DASHBOARD_LABELS

BOARDS = f"{HOME}/dashboards"
HISTORY = f"{HOME}/history"
FIRST = "efficiency"
MOST_ROWS = 40
MOST_ISSUES = 200
_LONGEST_NAME = 120
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Day = Annotated[str, Query(max_length=10)]
Code = Annotated[str, Query(max_length=6)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """A table as the page shows it.

    Attributes:
        rows: Cells in words, each with the address it leads to; empty for none.
        count: How many rows there are in all.
    """

    key: str
    title: str
    note: str
    columns: tuple[tuple[str, str], ...]  # title and kind
    rows: tuple[tuple[tuple[str, str], ...], ...]
    count: int
    charts: tuple[Drawn, ...]


def dashboard_pages(port: ApprovalPort) -> APIRouter:
    """The pages over one port."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_boards(routes, port)
    _add_history(routes, port)
    return routes


def _add_boards(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(BOARDS, dependencies=[needs(Action.DASHBOARDS)])
    def first(request: Request, since: Day = "", until: Day = "", district: Code = "") -> HTMLResponse:
        return _board_page(request, port, FIRST, (since, until, district))

    @routes.get(f"{BOARDS}/{{board}}", dependencies=[needs(Action.DASHBOARDS)])
    def board(request: Request, board: str, since: Day = "", until: Day = "", district: Code = "") -> HTMLResponse:
        return _board_page(request, port, board, (since, until, district))

    @routes.get(f"{BOARDS}/{{board}}/{{file}}", dependencies=[needs(Action.DASHBOARDS)])
    def download(
        request: Request, board: str, file: str, since: Day = "", until: Day = "", district: Code = ""
    ) -> Response:
        language = language_of(request)
        found = port.dashboards.board(asking_of(request).principal, board, _asked(since, until, district))
        key, _, kind = file.rpartition(".")
        table = next((one for one in found.tables if one.key == key), None)
        if table is None or kind not in ("csv", "xlsx"):
            raise NoSuchPageError.of(request.url.path)
        scope = _scope(port, (since, until, district), language)
        write = as_csv if kind == "csv" else as_workbook
        media = "text/csv; charset=utf-8" if kind == "csv" else _XLSX
        return _file(write(found, table, scope, language), media, f"{board}-{key}.{kind}")


def _add_history(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(HISTORY, dependencies=[needs(Action.HISTORY)])
    def form(request: Request) -> HTMLResponse:
        return _history_page(request, port, None, None)

    @routes.post(HISTORY, dependencies=[needs(Action.HISTORY)])
    def load(
        request: Request, file: Annotated[UploadFile, File()], demonstration: Annotated[bool, Form()] = False
    ) -> HTMLResponse:
        name = Path(file.filename or "").name
        suffix = Path(name).suffix.lower()
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = (
                    Path(folder) / f"upload{suffix if suffix in ACCEPTED else ''}"
                )  # what a stranger wrote is no path
                path.write_bytes(file.file.read())
                actor = Actor.of(asking_of(request).principal)
                done = port.history.load(actor, path, is_demonstration=demonstration, name=name[:_LONGEST_NAME])
        except ThreeLinesError as problem:
            if not is_shown_in_place(problem):
                raise
            return _history_page(request, port, None, problem)
        return _history_page(request, port, done, None)

    @routes.get(f"{HISTORY}/template", dependencies=[needs(Action.HISTORY)])
    def template(request: Request) -> Response:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "template.xlsx"
            write_history_template(path, language_of(request))
            return _file(path.read_bytes(), _XLSX, f"past-approvals-{language_of(request)}.xlsx")


def _board_page(request: Request, port: ApprovalPort, key: str, typed: tuple[str, str, str]) -> HTMLResponse:
    asking, language = asking_of(request), language_of(request)
    problem: ThreeLinesError | None = None
    found: Board | None = None
    try:
        found = port.dashboards.board(asking.principal, key, _asked(*typed))
    except CaseInputError as refused:
        problem = refused
    mine = port.dashboards.districts(asking.principal)
    content = {
        **_labels(language),
        "boards": [(one, title.in_(language)) for one, title in TITLES.items()],
        "board": found,
        "board_key": key,
        "title": TITLES[key].in_(language),
        "notes": [one.in_(language) for one in found.notes] if found else [],
        "tables": [_shown(one, language) for one in found.tables] if found else [],
        "typed": dict(zip(("since", "until", "district"), typed, strict=True)),
        "query": _query(typed, language),
        "districts": districts_of(port) if mine is None else mine,
        "boards_address": BOARDS,
    }
    return framed(request, port, "dashboard.html", asking, content, problem=problem)


def _history_page(
    request: Request, port: ApprovalPort, done: Imported | None, problem: ThreeLinesError | None
) -> HTMLResponse:
    language = language_of(request)
    issues = [(one.place, one.message.in_(language)) for one in done.issues] if done else []
    content = {
        **_labels(language),
        "done": done,
        "issues": issues[:MOST_ISSUES],
        "unlisted": max(0, len(issues) - MOST_ISSUES),
        "history_address": HISTORY,
    }
    return framed(request, port, "history.html", asking_of(request), content, problem=problem)


def _shown(table: Table, language: Language) -> ShownTable:
    charts = [drawn(table, one, language) for one in table.charts]
    return ShownTable(
        key=table.key,
        title=table.title.in_(language),
        note=table.note.in_(language),
        columns=tuple((one.title.in_(language), one.kind.value) for one in table.columns),
        rows=tuple(
            tuple(_cell(cell, column, language) for cell, column in zip(row, table.columns, strict=True))
            for row in table.rows[:MOST_ROWS]
        ),
        count=len(table.rows),
        charts=tuple(one for one in charts if one is not None),
    )


def _cell(cell: Cell, column: Column, language: Language) -> tuple[str, str]:
    words = shown(cell, language)
    if column.kind is ColumnKind.CASE:
        return words, f"{HOME}/cases/{quote(str(cell))}?lang={language}"
    if column.kind is ColumnKind.PLACE and cell is not None:
        return words, f"/map?point={quote(str(cell))}&lang={language}"
    if column.kind is ColumnKind.SHARE and isinstance(cell, float):
        return f"{100 * cell:.1f}%", ""
    return words, ""


def _asked(since: str, until: str, district: str) -> Asked:
    """What the form asks for.

    Raises:
        CaseInputError: A day is none.
    """
    return Asked(first=read_day("since", since), last=read_day("until", until), district=district.strip())


def _scope(port: ApprovalPort, typed: tuple[str, str, str], language: Language) -> list[str]:
    """The filters in words, for a file that leaves the page."""
    since, until, district = typed
    said = _labels(language)["d"]
    lines = [f"{said['db_first']} {since or '…'} {said['db_last']} {until or '…'}"] if since or until else []
    name = districts_of(port).get(district, district)
    return [*lines, *([f"{said['db_district']} {name}"] if district else [])]


def _query(typed: tuple[str, str, str], language: Language) -> str:
    since, until, district = (quote(one) for one in typed)
    return f"lang={language}&since={since}&until={until}&district={district}"


def _labels(language: Language) -> dict[str, Any]:
    return {"d": {name: text.in_(language) for name, text in DASHBOARD_LABELS.items()}}


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)

"""The JSON door of the dashboards: the figures of the pages, with the same filters, for the same people."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import Action
from api.approval_port import ApprovalPort
from api.dashboards.figures import Board, Cell, Table
from api.dashboards.schemas import (
    CellOut,
    DashboardChartOut,
    DashboardColumnOut,
    DashboardDistrictOut,
    DashboardFilterOut,
    DashboardNameOut,
    DashboardOut,
    DashboardsOut,
    DashboardTableOut,
)
from api.dashboards.service import TITLES, Asked
from api.problems import language_of
from api.schemas import PROBLEMS
from screening.words import Language, Text

BASE = "/api/v1/approval/dashboards"


def dashboard_router(port: ApprovalPort) -> APIRouter:
    """The routes over one port."""
    routes = APIRouter(prefix=BASE, responses=PROBLEMS, tags=["approval"])
    needs = needs_of(port.gate)

    @routes.get("", dependencies=[needs(Action.DASHBOARDS)])
    def dashboards(request: Request) -> DashboardsOut:
        """Which dashboards there are, and which districts the caller may ask for."""
        mine = port.dashboards.districts(asking_of(request).principal)
        names = port.dashboards.names() if mine is None else mine
        return DashboardsOut(
            items=[DashboardNameOut(key=key, title=title.in_(language_of(request))) for key, title in TITLES.items()],
            districts=[DashboardDistrictOut(code=code, name=name) for code, name in names.items()],
        )

    @routes.get("/{board}", dependencies=[needs(Action.DASHBOARDS)])
    def dashboard(
        request: Request,
        board: str,
        since: Annotated[date | None, Query(description="submitted on this day or later")] = None,
        until: Annotated[date | None, Query(description="submitted on this day or before")] = None,
        district: Annotated[str, Query(max_length=6)] = "",
    ) -> DashboardOut:
        """One dashboard: `efficiency`, `projects`, `supervision`, `screening` or `ceilings`; all rows of all tables."""
        asked = Asked(first=since, last=until, district=district.strip())
        found = port.dashboards.board(asking_of(request).principal, board, asked)
        return dashboard_out(found, asked, language_of(request))

    return routes


def dashboard_out(board: Board, asked: Asked, language: Language) -> DashboardOut:
    """A dashboard as JSON."""
    return DashboardOut(
        key=board.key,
        title=board.title.in_(language),
        filter=DashboardFilterOut(
            since=asked.first.isoformat() if asked.first else None,
            until=asked.last.isoformat() if asked.last else None,
            district=asked.district,
        ),
        cases=board.cases,
        demonstration=board.demonstration,
        notes=[one.in_(language) for one in board.notes],
        tables=[_table(one, language) for one in board.tables],
    )


def _table(table: Table, language: Language) -> DashboardTableOut:
    return DashboardTableOut(
        key=table.key,
        title=table.title.in_(language),
        note=table.note.in_(language),
        columns=[
            DashboardColumnOut(key=one.key, title=one.title.in_(language), kind=one.kind) for one in table.columns
        ],
        rows=[[_cell(cell, language) for cell in row] for row in table.rows],
        charts=[
            DashboardChartOut(kind=one.kind, title=one.title.in_(language), label=one.label, values=list(one.values))
            for one in table.charts
        ],
    )


def _cell(cell: Cell, language: Language) -> CellOut:
    if isinstance(cell, Text):
        return cell.in_(language)
    return cell.isoformat() if isinstance(cell, date) else cell

"""HTTP routes of batch runs: hand in, list, progress as it happens, act, rows, files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import Action
from api.approval_port import ApprovalPort
from api.approval_routes import BASE
from api.batch_routes import Content, Epsg, Lang, Mapping, Name, Width, parsed
from api.batch_service import Handed
from api.documents.labels import ZIP_NAME
from api.documents.routes import ZIP, begun, to_save
from api.documents.service import DocumentService, Kind
from api.problems import language_of
from api.runs.model import ENDED, STATE_NAME, Line, LineState, RunAction, RunState
from api.runs.schemas import RunFileOut, RunLineOut, RunLinesOut, RunOut
from api.runs.service import RunService, Standing
from api.runs.told import told_of
from api.schemas import PROBLEMS
from screening.datums import Datum
from screening.readings import Declaration
from screening.words import Language, Text

FILE_TITLES = {
    "results.xlsx": Text("批量研判结果.xlsx", "batch-results.xlsx"),
    "mend.xlsx": Text("待修改.xlsx", "to-mend.xlsx"),
    "sites.gpkg": Text("选址.gpkg", "sites.gpkg"),
}
ADDRESS = f"{BASE}/batch-runs"
PATIENCE_S = 0.4
MOST_ON_MAP = 2_000
MOST_REPORTS = 200
GEOJSON = "application/geo+json"

Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0)]


def run_router(runs: RunService, port: ApprovalPort, documents: DocumentService) -> APIRouter:
    """Routes of batch runs, bound to one service and one approval port."""
    routes, needs = APIRouter(prefix=ADDRESS, responses=PROBLEMS, tags=["batch runs"]), needs_of(port.gate)

    @routes.post("", dependencies=[needs(Action.RUNS)], status_code=202)
    def hand_in(
        content: Content,
        request: Request,
        name: Name,
        mapping: Mapping = "",
        as_of: date | None = None,
        datum: Datum | None = None,
        epsg: Epsg = None,
        width_m: Width = None,
        lang: Lang = None,
    ) -> RunOut:
        """Hand a file in: its rows are screened in the background, each kept under its own id."""
        language = language_of(request)
        declared = Declaration(datum=datum, epsg=epsg, width_m=width_m)
        handed = Handed(name=name, content=content, mapping=parsed(mapping), declared=declared)
        run = runs.hand_in(handed, language, owner=who_of(request), as_of=as_of)
        return run_out(runs.standing(run.id), language)

    @routes.get("", dependencies=[needs(Action.RUNS)])
    def listed(request: Request, lang: Lang = None) -> list[RunOut]:
        """Your runs, the newest first."""
        language = language_of(request)
        return [run_out(runs.standing(one.id), language) for one in runs.store.newest(who_of(request))]

    @routes.get("/{run}", dependencies=[needs(Action.RUNS)])
    def one(run: str, request: Request, lang: Lang = None) -> RunOut:
        """How a run stands."""
        return run_out(runs.standing_for(run, who_of(request)), language_of(request))

    @routes.get("/{run}/events", dependencies=[needs(Action.RUNS)], response_class=EventSourceResponse)
    async def events(run: str, request: Request, lang: Lang = None) -> AsyncIterator[ServerSentEvent]:
        """Progress as it happens (server-sent events), to the end of the run; `GET` on the run tells the same."""
        language = language_of(request)
        last = None
        while not await request.is_disconnected():
            told = run_out(await asyncio.to_thread(runs.standing_for, run, who_of(request)), language)
            if told != last:
                yield ServerSentEvent(data=told.model_dump(mode="json"), event="progress", id=str(told.done))
                last = told
            if told.state in (*ENDED, RunState.PAUSED):
                return
            await asyncio.sleep(PATIENCE_S)

    @routes.post("/{run}/{action}", dependencies=[needs(Action.RUNS)])
    def act(run: str, action: RunAction, request: Request, lang: Lang = None) -> RunOut | None:
        """Pause, resume, cancel or delete. Screenings already kept stay."""
        runs.standing_for(run, who_of(request))
        runs.act(run, action)
        return None if action is RunAction.DELETE else run_out(runs.standing(run), language_of(request))

    _add_results(routes, needs, runs)
    _add_reports(routes, needs, runs, documents)
    return routes


def _add_results(routes: APIRouter, needs: Callable[[Action], Any], runs: RunService) -> None:
    @routes.get("/{run}/lines", dependencies=[needs(Action.RUNS)])
    def lines(
        run: str,
        request: Request,
        conclusion: str = "",
        state: str = "",
        words: str = "",
        offset: Offset = 0,
        limit: Limit = 100,
        lang: Lang = None,
    ) -> RunLinesOut:
        """Rows in file order, by conclusion, state, or words in name and place."""
        runs.standing_for(run, who_of(request))
        return lines_out(runs, run, language_of(request), conclusion, state, words, offset, limit)

    @routes.get(
        "/{run}/sites.geojson", dependencies=[needs(Action.RUNS)], response_class=Response, responses=_as(GEOJSON)
    )
    def sites(run: str, request: Request, conclusion: str = "", lang: Lang = None) -> Response:
        """A point on each screened site, EPSG:4490 degrees, for a map; at most 2,000."""
        runs.standing_for(run, who_of(request))
        _, found = runs.store.lines(run, conclusion=conclusion, state=LineState.SCREENED, limit=MOST_ON_MAP)
        features = [_feature(one, language_of(request)) for one in found if one.shape is not None]
        body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        return Response(body, media_type=GEOJSON)

    @routes.get("/{run}/files/{name}", dependencies=[needs(Action.RUNS)], response_class=FileResponse)
    def file(run: str, name: str, request: Request, lang: Lang = None) -> FileResponse:
        """A file of a finished run: `results.xlsx`, `mend.xlsx` or `sites.gpkg`."""
        runs.standing_for(run, who_of(request))
        path = runs.files.output(run, name)
        return FileResponse(path, filename=FILE_TITLES[name].in_(language_of(request)))


def _add_reports(
    routes: APIRouter, needs: Callable[[Action], Any], runs: RunService, documents: DocumentService
) -> None:
    @routes.get(
        "/{run}/reports.zip",
        dependencies=[needs(Action.RUNS)],
        response_class=StreamingResponse,
        responses=_as(ZIP),
    )
    def reports(
        run: str,
        request: Request,
        conclusion: str = "",
        kind: Kind = Kind.DOCX,
        offset: Offset = 0,
        limit: Limit = MOST_REPORTS,
        lang: Lang = None,
    ) -> StreamingResponse:
        """One document a screened site in file order, by `conclusion` and in parts: a document takes about a second."""
        runs.standing_for(run, who_of(request))
        language = language_of(request)
        _, found = runs.store.lines(
            run, conclusion=conclusion, state=LineState.SCREENED, offset=offset, limit=min(limit, MOST_REPORTS)
        )
        pieces = documents.zipped([one.screening for one in found], kind, language, str(request.base_url))
        headers = to_save(ZIP_NAME.in_(language), "reports.zip")
        return StreamingResponse(begun(pieces), media_type=ZIP, headers=headers)


def who_of(request: Request) -> str:
    """The account or key that asks."""
    return asking_of(request).principal.id


def run_out(found: Standing, language: Language) -> RunOut:
    """A run in one language."""
    run = found.run
    files = [
        RunFileOut(
            name=name,
            title=FILE_TITLES[name].in_(language),
            url=f"{ADDRESS}/{run.id}/files/{name}?lang={language}",
        )
        for name in (found.files if run.state is RunState.FINISHED else ())
    ]
    return RunOut(
        **{
            name: getattr(run, name)
            for name in RunOut.model_fields
            if name in type(run).__slots__ and name != "problem"
        },
        state_label=STATE_NAME[run.state].in_(language),
        counts=dict(found.counts),
        actions=list(run.actions),
        files=files,
        problem=json.loads(run.problem)[language] if run.problem else None,
    )


def lines_out(
    runs: RunService,
    run: str,
    language: Language,
    conclusion: str = "",
    state: str = "",
    words: str = "",
    offset: int = 0,
    limit: int = 100,
) -> RunLinesOut:
    """A page of rows in one language."""
    total, found = runs.store.lines(run, conclusion=conclusion, state=state, words=words, offset=offset, limit=limit)
    return RunLinesOut(total=total, offset=offset, lines=[_line(one, language) for one in found])


def _line(one: Line, language: Language) -> RunLineOut:
    label, told = told_of(one, language)
    is_kept = one.state is LineState.SCREENED
    return RunLineOut(
        number=one.number,
        place=one.place,
        name=one.name,
        state=one.state,
        screening=one.screening if is_kept else None,
        url=f"/screenings/{one.screening}" if is_kept else None,
        conclusion=one.conclusion,
        conclusion_label=label,
        told=told,
    )


def _feature(one: Line, language: Language) -> dict[str, Any]:
    point = shapely.point_on_surface(shapely.from_wkb(one.shape))
    label, _ = told_of(one, language)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(point.x, 6), round(point.y, 6)]},
        "properties": {
            "place": one.place,
            "name": one.name,
            "conclusion": one.conclusion,
            "label": label,
            "url": f"/screenings/{one.screening}",
        },
    }


def _as(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}}}

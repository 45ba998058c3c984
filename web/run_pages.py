"""Pages of batch runs: hand in, agree on columns, progress, results with filters. Forms work without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import Action
from api.approval_port import ApprovalPort
from api.batch_service import Handed
from api.problems import language_of
from api.runs.model import ENDED, Run, RunAction, RunState
from api.runs.routes import ADDRESS as API
from api.runs.routes import MOST_ON_MAP, MOST_REPORTS, lines_out, run_out, who_of
from api.runs.service import RunService, options_of
from layers.batches.columns import columns
from layers.batches.model import Batch, Table
from screening.datums import DATUM_NAME, Datum
from screening.errors import ThreeLinesError
from screening.findings import Outcome
from screening.readings import Declaration
from screening.terms import OUTCOME
from screening.words import Language
from web.approval_frame import HOME, framed
from web.batch_pages import MEGABYTE
from web.check_pages import CheckService, map_of
from web.run_labels import RUN_LABELS

ADDRESS = f"{HOME}/batches"
PAGE = 100
SAMPLES = 3
COLUMN = "column:"
_MOST_FAULTS = 100


def run_pages(port: ApprovalPort, runs: RunService, maps: CheckService, largest_upload_bytes: int) -> APIRouter:
    """The pages over one service of runs, in the frame of the approval port."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    needs = needs_of(port.gate)

    @routes.get(f"{ADDRESS}", dependencies=[needs(Action.RUNS)])
    def listed(request: Request) -> HTMLResponse:
        return _listed(request, port, runs, largest_upload_bytes)

    @routes.post(f"{ADDRESS}", dependencies=[needs(Action.RUNS)])
    def hand_in(
        request: Request,
        file: Annotated[UploadFile, File()],
        as_of: Annotated[str, Form(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = "",
        datum: Annotated[str, Form()] = "",
    ) -> Response:
        language, stated = language_of(request), Declaration(datum=Datum(datum) if datum in list(Datum) else None)
        handed = Handed(name=file.filename or "", content=file.file.read(), mapping={}, declared=stated)
        try:
            run = runs.draft(
                handed, language, owner=who_of(request), as_of=date.fromisoformat(as_of) if as_of else None
            )
        except ThreeLinesError as problem:
            return _listed(request, port, runs, largest_upload_bytes, problem)
        return _to(run.id, language)

    @routes.get(f"{ADDRESS}/{{run}}", dependencies=[needs(Action.RUNS)])
    def one(
        request: Request,
        run: str,
        conclusion: str = "",
        state: str = "",
        words: Annotated[str, Query(max_length=100)] = "",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:
        found = runs.standing_for(run, who_of(request)).run
        if found.state is RunState.DRAFT:
            return _draft(request, port, runs, found)
        return _run(request, port, runs, maps, run, {"conclusion": conclusion, "state": state, "words": words}, page)

    @routes.post(f"{ADDRESS}/{{run}}/columns", dependencies=[needs(Action.RUNS)])
    async def agreed(request: Request, run: str) -> Response:
        found = runs.standing_for(run, who_of(request)).run
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        mapped = runs.mapped(found, _mapping(form), options_of(found)[1])
        if form.get("action") != "begin":
            return _draft(request, port, runs, mapped)
        try:
            runs.begin(mapped)
        except ThreeLinesError as problem:
            return _draft(request, port, runs, mapped, problem)
        return _to(run, language_of(request))

    @routes.post(f"{ADDRESS}/{{run}}/{{action}}", dependencies=[needs(Action.RUNS)])
    def act(request: Request, run: str, action: RunAction) -> RedirectResponse:
        runs.standing_for(run, who_of(request))
        runs.act(run, action)
        return _to("" if action is RunAction.DELETE else run, language_of(request))

    return routes


def _to(run: str, language: Language) -> RedirectResponse:
    return RedirectResponse(f"{ADDRESS}/{run}".rstrip("/") + f"?lang={language}", HTTPStatus.SEE_OTHER)


def _listed(
    request: Request, port: ApprovalPort, runs: RunService, largest: int, problem: ThreeLinesError | None = None
) -> HTMLResponse:
    language = language_of(request)
    content = {
        "runs": [run_out(runs.standing(one.id), language) for one in runs.store.newest(who_of(request))],
        "most_rows": runs.most_rows,
        "megabytes": f"{largest / MEGABYTE:g} MB",
        "days": runs.days,
        "today": runs.screening.today().isoformat(),
        "datums": [(one.value, name.in_(language)) for one, name in DATUM_NAME.items()],
    }
    return framed(request, port, "runs.html", asking_of(request), content, problem=problem)


def _draft(
    request: Request, port: ApprovalPort, runs: RunService, run: Run, problem: ThreeLinesError | None = None
) -> HTMLResponse:
    language, batch = language_of(request), None
    try:
        batch = runs.look(run)
    except ThreeLinesError as unread:
        problem = problem or unread
    keys = {one.key: one.label.in_(language) for one in columns()}
    faults = [fault for row in batch.rows for fault in row.faults] if batch else []
    content = {
        "run": run,
        "batch": batch.counts if batch else None,
        "notices": [text.in_(language) for text in batch.notices] if batch else [],
        "tables": _tables(batch) if batch else _as_mapped(run),
        "keys": keys,
        "faults": faults[:_MOST_FAULTS],
        "fault_count": len(faults),
        "column": COLUMN,
    }
    return framed(request, port, "run_draft.html", asking_of(request), content, problem=problem)


def _tables(batch: Batch) -> list[dict[str, object]]:
    return [{"name": table.name, "columns": _columns(batch, table)} for table in batch.tables]


def _columns(batch: Batch, table: Table) -> list[tuple[str, str, str]]:
    """Each column: its name, what it means or nothing, and what stands in the first rows."""
    meaning = {name: key for key, name in table.mapping.items()}
    first = [row for row in batch.rows if row.table is table or row.table == table][:SAMPLES]
    return [
        (name, meaning.get(name, ""), " · ".join(text for row in first if (text := row.source.cell(at).text)))
        for at, name in enumerate(table.header)
        if name
    ]


def _as_mapped(run: Run) -> list[dict[str, object]]:
    """What was chosen, where the file cannot be read so."""
    mapping, _ = options_of(run)
    return [{"name": "", "columns": [(name, key, "") for key, name in mapping.items() if name]}]


def _mapping(form: Mapping[str, str]) -> dict[str, str]:
    """Key → column of what was chosen; a key nobody chose has no column, whatever it is called."""
    chosen = {key: name.removeprefix(COLUMN) for name, key in form.items() if name.startswith(COLUMN) and key}
    recognised = form.get("recognised", "").split()
    return {**dict.fromkeys(recognised, ""), **chosen}


def _run(
    request: Request,
    port: ApprovalPort,
    runs: RunService,
    maps: CheckService,
    run: str,
    filters: Mapping[str, str],
    page: int,
) -> HTMLResponse:
    language = language_of(request)
    told = run_out(runs.standing(run), language)
    found = lines_out(runs, run, language, **filters, offset=(page - 1) * PAGE, limit=PAGE)
    pages = max(1, -(-found.total // PAGE))

    def address(**more: str) -> str:
        return f"{ADDRESS}/{run}?" + urlencode({**filters, **more, "lang": language})

    has_sites = any(name not in ("waiting", "faulty") for name in told.counts)
    content = {
        "run": told,
        "map": map_of(maps.map_view(), language) if has_sites else None,
        "sites_address": f"{API}/{run}/sites.geojson",
        "most_on_map": MOST_ON_MAP,
        "reports_address": f"{API}/{run}/reports.zip?"
        + urlencode({"conclusion": filters["conclusion"], "lang": language}),
        "most_reports": MOST_REPORTS,
        "is_going_on": told.state not in (*ENDED, RunState.PAUSED),
        "wanted": RUN_LABELS[f"run_{_ACTION_OF[told.wanted]}"].in_(language) if told.wanted else "",
        "counts": _counted(told.counts, language, address),
        "lines": found.lines,
        "total": found.total,
        "filters": filters,
        "page": page,
        "pages": pages,
        "before": address(page=str(page - 1)) if page > 1 else "",
        "after": address(page=str(page + 1)) if page < pages else "",
    }
    return framed(request, port, "run.html", asking_of(request), content)


_ACTION_OF = {RunState.PAUSED.value: "pause", RunState.CANCELLED.value: "cancel"}


def _counted(counts: Mapping[str, int], language: Language, address: object) -> Sequence[tuple[str, str, int, str]]:
    """Each conclusion and state with its number and the address of its rows, gravest first."""
    assert callable(address)
    graver = sorted((one for one in Outcome if one.name.lower() in counts), reverse=True)
    told = [(one.name.lower(), OUTCOME[one].in_(language)) for one in graver]
    rows = [(name, label, counts[name], address(conclusion=name, state="")) for name, label in told]
    for state in ("faulty", "waiting"):
        if state in counts:
            label = RUN_LABELS[f"run_{state}"].in_(language)
            rows.append((state, label, counts[state], address(conclusion="", state=state)))
    return rows

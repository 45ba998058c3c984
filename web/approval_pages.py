"""Pages of cases: the desk, the list, a new case, one case with everything that can be done to it, one's own sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from api.accounts.guard import Asking, asking_of, needs_of
from api.accounts.roles import Action, Reach, allows, reach
from api.approval_port import ApprovalPort
from api.approval_routes import file_response
from api.approvals.acts import JudgementIn, Mark
from api.approvals.casebook import NewCase, NewSite
from api.approvals.dispatch import PERFORMED, Said, perform
from api.approvals.flow import OPINIONS, RULES, Stage
from api.approvals.matters import JUDGED_AS, Finding, Judgement
from api.approvals.views import PAGE_SIZE, CaseView, Filter
from api.approvals.words import event_words
from api.discharge_answers import discharges_out
from api.places.nearby import USUAL_M
from api.problems import language_of
from layers.history_columns import choices
from screening.errors import ThreeLinesError
from screening.words import Language
from web.approval_frame import HOME, districts_of, framed, is_shown_in_place, onward, read_day, shown_line
from web.case_panels import policy_lines
from web.discharge_forms import DischargeForm, discharge_choices, discharge_fields, read_declaration
from web.look_up_pages import pager
from web.nearby_pages import Within, nearby_panel

_WEIGHTY = ("violates", "undetermined", "conditional")
_ACTS = (
    Action.ACCEPT,
    Action.PROPOSE,
    Action.REVIEW,
    Action.DECIDE,
    Action.ARCHIVE,
    Action.ANSWER,
    Action.ASK,
    Action.ASSIGN,
    Action.COMMENT,
    Action.SEND_BACK,
    Action.DECLINE,
    Action.WITHDRAW,
)  # as the page offers them: the step forward first
_STAGES = (Stage.RECEIVED, Stage.ASSESSING, Stage.REVIEWING, Stage.DECIDING, Stage.ARCHIVED)
Short = Annotated[str, Query(max_length=100)]
Line = Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A finding with what a person says of it; None where nobody did."""

    finding: Finding
    title: str
    reason: str
    judged: Judgement | None


class CaseForm(BaseModel):
    """Whatever a form of the case page may send."""

    version: int = 0
    text: Annotated[str, Field(max_length=20_000)] = ""
    opinion: Line = ""
    assignee: Line = ""
    site: int = 0
    screening_id: Line = ""
    findings: list[Line] = Field(default_factory=list, max_length=1000)
    outcome: Line = ""
    document: Line = ""
    key_project: Line = ""
    eia_category: Line = ""
    started_on: Line = ""
    operated_on: Line = ""


class NewCaseForm(BaseModel):
    """The form of a new case."""

    screening: Line = ""
    project: Line = ""
    organisation: Line = ""
    agency: Line = ""
    district: Line = ""
    industries: Line = ""
    construction: Line = ""
    site: Annotated[str, Field(max_length=100_000)] = ""


class SiteForm(BaseModel):
    """The form of a saved site."""

    screening: Line = ""
    name: Line = ""
    note: Annotated[str, Field(max_length=4000)] = ""


def approval_pages(port: ApprovalPort) -> APIRouter:
    """The pages of cases over one port."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_lists(routes, port)
    _add_new(routes, port)
    _add_case(routes, port)
    _add_forms(routes, port)
    _add_sites(routes, port)
    return routes


def _add_lists(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(HOME, dependencies=[needs(Action.OWN_ACCOUNT)])
    def desk(request: Request) -> Response:
        asking, language = asking_of(request), language_of(request)
        who = asking.principal
        if not allows(who, Action.LIST):
            return onward(request, f"{HOME}/accounts")
        content = {
            "is_owner": reach(who, Action.LIST) is Reach.OWN,
            "mine": [shown_line(one, language) for one in port.views.desk(who)],
            "free": [shown_line(one, language) for one in port.views.unassigned(who)],
            "districts": districts_of(port),
        }
        return framed(request, port, "desk.html", asking, content)

    @routes.get(f"{HOME}/cases", dependencies=[needs(Action.LIST)])
    def cases(
        request: Request,
        q: Short = "",
        stage: Short = "",
        district: Short = "",
        assignee: Short = "",
        year: Annotated[str, Query(pattern=r"^(\d{4})?$")] = "",
        overdue: bool = False,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> HTMLResponse:
        asking, language = asking_of(request), language_of(request)
        asked = Filter(
            words=q.strip(),
            stage=stage,
            district=district,
            assignee=assignee.strip(),
            year=int(year) if year else None,
            overdue=overdue,
            page=page,
        )
        found, total = port.views.listed(asking.principal, asked)
        content = {
            "asked": asked,
            "cases": [shown_line(one, language) for one in found],
            "total": total,
            "pager": pager(request, page, total),
            "page_size": PAGE_SIZE,
            "districts": districts_of(port),
        }
        return framed(request, port, "cases.html", asking, content)


def _add_new(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(f"{HOME}/cases/new", dependencies=[needs(Action.OPEN)])
    def form(request: Request, screening: Short = "") -> HTMLResponse:
        return _new_page(request, port, NewCaseForm(screening=screening), None)

    @routes.post(f"{HOME}/cases", dependencies=[needs(Action.OPEN)])
    def opened(request: Request, typed: Annotated[NewCaseForm, Form()]) -> Response:
        try:
            number = port.openings.open(asking_of(request).principal, _new_case(typed))
        except ThreeLinesError as problem:
            if not is_shown_in_place(problem):
                raise
            return _new_page(request, port, typed, problem)
        return onward(request, f"{HOME}/cases/{number}")


def _add_case(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(f"{HOME}/cases/{{number}}", dependencies=[needs(Action.READ)])
    def case(request: Request, number: str, within_m: Within = USUAL_M) -> HTMLResponse:
        return _case_page(request, port, number, CaseForm(), "", None, within_m)

    @routes.get(f"{HOME}/cases/{{number}}/files/{{digest}}", dependencies=[needs(Action.READ)])
    def file(request: Request, number: str, digest: str) -> Response:
        about, content = port.views.content(asking_of(request).principal, number, digest)
        return file_response(about.name, about.media_type, content)

    @routes.post(f"{HOME}/cases/{{number}}/attach", dependencies=[needs(Action.ATTACH)])
    def attach(request: Request, number: str, file: Annotated[UploadFile, File()]) -> Response:
        content = file.file.read()

        def work() -> None:
            port.acts.attach(asking_of(request).principal, number, file.filename or "", content)

        return _done(request, port, number, Action.ATTACH, CaseForm(), work)


def _add_forms(routes: APIRouter, port: ApprovalPort) -> None:
    """One form an act; what was typed comes back with the page where an act is refused."""
    needs = needs_of(port.gate)

    def route(act: Action) -> Callable[[Request, str, CaseForm], Response]:
        def performed(request: Request, number: str, typed: Annotated[CaseForm, Form()]) -> Response:
            return _done(request, port, number, act, typed, lambda: _perform(request, port, number, act, typed))

        return performed

    @routes.post(f"{HOME}/cases/{{number}}/declare", dependencies=[needs(Action.DECLARE)])
    def declare(request: Request, number: str, typed: Annotated[DischargeForm, Form()]) -> Response:
        def work() -> None:
            who = asking_of(request).principal
            port.discharges.declare(who, number, typed.version, [read_declaration(typed)])

        return _done(request, port, number, Action.DECLARE, CaseForm(), work, typed)

    for act in (*PERFORMED, Action.COMMENT, Action.VERDICT, Action.JUDGE, Action.CONFIRM, Action.MARK):
        address = f"{HOME}/cases/{{number}}/{act.value}"
        routes.add_api_route(address, route(act), methods=["POST"], name=f"page_{act.value}", dependencies=[needs(act)])


def _add_sites(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get(f"{HOME}/sites", dependencies=[needs(Action.OWN_SITES)])
    def sites(request: Request, screening: Short = "") -> HTMLResponse:
        return _sites_page(request, port, SiteForm(screening=screening), None)

    @routes.post(f"{HOME}/sites", dependencies=[needs(Action.OWN_SITES)])
    def save(request: Request, typed: Annotated[SiteForm, Form()]) -> Response:
        try:
            port.sites.save(asking_of(request).principal, typed.screening.strip(), typed.name, typed.note)
        except ThreeLinesError as problem:
            return _sites_page(request, port, typed, problem)
        return onward(request, f"{HOME}/sites")

    @routes.post(f"{HOME}/sites/{{saved_id}}/remove", dependencies=[needs(Action.OWN_SITES)])
    def remove(request: Request, saved_id: str) -> Response:
        port.sites.remove(asking_of(request).principal, saved_id)
        return onward(request, f"{HOME}/sites")


def _perform(request: Request, port: ApprovalPort, number: str, act: Action, typed: CaseForm) -> None:
    who = asking_of(request).principal
    match act:
        case Action.VERDICT if typed.screening_id.strip():
            port.acts.set_verdict(who, number, typed.version, typed.site, typed.screening_id.strip())
        case Action.VERDICT:
            port.openings.screen(who, number, typed.version, typed.site)
        case Action.JUDGE:
            said = JudgementIn(
                screening_id=typed.screening_id,
                findings=tuple(typed.findings),
                outcome=typed.outcome,
                reason=typed.text,
                document=typed.document,
            )
            port.acts.judge(who, number, typed.version, said)
        case Action.MARK:
            port.acts.mark(who, number, typed.version, _mark(typed))
        case Action.CONFIRM:
            port.acts.confirm(who, number, typed.version, typed.screening_id, typed.findings)
        case _:
            said_with = Said(version=typed.version, text=typed.text, opinion=typed.opinion, assignee=typed.assignee)
            perform(port.acts, who, number, act, said_with)


def _mark(typed: CaseForm) -> Mark:
    """What the form notes.

    Raises:
        CaseInputError: A day is none.
    """
    return Mark(
        is_key_project={"yes": True, "no": False}.get(typed.key_project),
        eia_category=typed.eia_category,
        started_on=read_day("started_on", typed.started_on),
        operated_on=read_day("operated_on", typed.operated_on),
    )


def _done(
    request: Request,
    port: ApprovalPort,
    number: str,
    act: Action,
    typed: CaseForm,
    work: Callable[[], None],
    declared: DischargeForm | None = None,
) -> Response:
    try:
        work()
    except ThreeLinesError as problem:
        if not is_shown_in_place(problem):
            raise
        return _case_page(request, port, number, typed, act.value, problem, declared=declared)
    return onward(request, f"{HOME}/cases/{number}")


def _case_page(
    request: Request,
    port: ApprovalPort,
    number: str,
    typed: CaseForm,
    act: str,
    problem: ThreeLinesError | None,
    within_m: float = USUAL_M,
    declared: DischargeForm | None = None,
) -> HTMLResponse:
    asking, language = asking_of(request), language_of(request)
    view = port.views.case(asking.principal, number)
    panel = port.discharges.panel(asking.principal, number)
    discharges = discharges_out(panel, language)
    content = {
        "case": view,
        "line": shown_line(view.line, language),
        "typed": typed,
        "typed_act": act,
        "steps": _steps(view),
        "sites": _sites(view, language),
        "events": [(one, event_words(one).in_(language)) for one in reversed(view.events)],
        "file_names": {one.digest: one.name for one in view.attachments},
        "acts": [one for one in _ACTS if one in view.acts],
        "may": {one.value for one in view.acts},
        "needs_text": {act.value for act, rule in RULES.items() if rule.needs_text},
        "nearby": nearby_panel(port, asking.principal, number, within_m, language),
        "nearby_asked": "within_m" in request.query_params,
        "policy": policy_lines(port, view, panel.day, language) if allows(asking.principal, Action.VERDICT) else [],
        "discharges": discharges,
        "discharge_fields": discharge_fields(discharges, declared, language),
        "discharge_choices": discharge_choices(language),
        "categories": {one: text.in_(language) for one, text in choices("eia_category").items()},
        "opinions": [one.value for one in OPINIONS],
        "judged_as": JUDGED_AS,
        "colleagues": port.views.colleagues(number) if Action.ASSIGN in view.acts else [],
        "district": districts_of(port).get(view.line.district, view.line.district),
    }
    return framed(request, port, "case.html", asking, content, problem=problem)


def _steps(view: CaseView) -> list[tuple[str, str]]:
    """The five stages, each done, current or to come."""
    here = Stage.DECIDING if view.line.stage is Stage.DECIDED else view.line.stage
    place = _STAGES.index(here)
    return [
        (stage.value, "done" if number < place else "current" if number == place else "coming")
        for number, stage in enumerate(_STAGES)
    ]


def _sites(view: CaseView, language: Language) -> list[dict[str, object]]:
    """Sites with their weighty findings and what persons say beside each."""
    shown: list[dict[str, object]] = []
    for site in view.sites:
        rows = [
            FindingRow(
                finding=one,
                title=one.title.in_(language),
                reason=one.reason.in_(language),
                judged=view.judgements.get((one.screening_id, one.key)),
            )
            for one in site.findings or ()
        ]
        weighty = [row for row in rows if row.judged or row.finding.outcome in _WEIGHTY]
        shown.append(
            {
                "site": site,
                "rows": weighty,
                "others": len(rows) - len(weighty),
                "machine": rows[0].finding.outcome if rows else "",
                "waiting": [row for row in rows if row.judged and not row.judged.counts],
            }
        )
    return shown


def _new_page(
    request: Request, port: ApprovalPort, typed: NewCaseForm, problem: ThreeLinesError | None
) -> HTMLResponse:
    asking: Asking = asking_of(request)
    known = districts_of(port)
    may = known if reach(asking.principal, Action.OPEN) is Reach.ANY else None
    districts = may or {code: name for code, name in known.items() if code in asking.principal.districts}
    return framed(request, port, "case_new.html", asking, {"typed": typed, "districts": districts}, problem=problem)


def _sites_page(request: Request, port: ApprovalPort, typed: SiteForm, problem: ThreeLinesError | None) -> HTMLResponse:
    asking = asking_of(request)
    content = {
        "typed": typed,
        "sites": port.sites.listed(asking.principal),
        "may_open": allows(asking.principal, Action.OPEN),
    }
    return framed(request, port, "my_sites.html", asking, content, problem=problem)


def _new_case(typed: NewCaseForm) -> NewCase:
    written = [part.strip() for part in typed.site.replace("\r\n", "\n").split("\n\n") if part.strip()]
    screening = typed.screening.strip()
    sites = [NewSite(written=part) for part in written]
    if screening:
        sites = [NewSite(screening_id=screening, written=written[0] if written else ""), *sites[1:]]
    return NewCase(
        project=typed.project,
        industries=tuple(typed.industries.replace(",", " ").replace("，", " ").replace("、", " ").split()),
        construction=typed.construction,
        organisation=typed.organisation,
        agency=typed.agency,
        district=typed.district,
        sites=tuple(sites),
    )

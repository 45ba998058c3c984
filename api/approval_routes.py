"""The JSON door of the approval port; every route names the action it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile

from api import audit, audit_check
from api.accounts.directory import Actor
from api.accounts.guard import asking_of, needs_of
from api.accounts.roles import ACTION, Action
from api.approval_answers import account_out, case_out, event_out, key_out, line_out
from api.approval_port import ApprovalPort
from api.approval_schemas import (
    AccountChangeIn,
    AccountIn,
    AccountOut,
    AccountsOut,
    ActIn,
    AuditOut,
    CaseIn,
    CaseOut,
    CasesOut,
    ConfirmationIn,
    EventOut,
    JudgementsIn,
    KeyIn,
    MachineKeysOut,
    MadeOut,
    MarkIn,
    NewKeyOut,
    PasswordIn,
    SavedSiteIn,
    SavedSiteOut,
    SavedSitesOut,
    VerdictIn,
)
from api.approvals.acts import JudgementIn, Mark
from api.approvals.casebook import NewCase, NewSite
from api.approvals.dispatch import PERFORMED, Said, perform
from api.approvals.views import Filter
from api.discharge_answers import new_declaration
from api.discharge_schemas import DeclarationsIn
from api.problems import language_of
from api.schemas import PROBLEMS

BASE = "/api/v1/approval"
_MOST_EVENTS = 500
Short = Annotated[str, Query(max_length=100)]


def approval_router(port: ApprovalPort) -> APIRouter:
    """All JSON routes of the approval port."""
    routes = APIRouter(prefix=BASE, responses=PROBLEMS, tags=["approval"])
    _add_lists(routes, port)
    _add_acts(routes, port)
    _add_judgements(routes, port)
    _add_files(routes, port)
    _add_sites(routes, port)
    _add_accounts(routes, port)
    _add_keys(routes, port)
    _add_audit(routes, port)
    return routes


def told_case(port: ApprovalPort, request: Request, number: str) -> CaseOut:
    """One case as whoever asks may see it."""
    who = asking_of(request).principal
    return case_out(port.views.case(who, number), port.discharges.panel(who, number), language_of(request))


def file_response(name: str, media_type: str, content: bytes) -> Response:
    """A file to be saved, never shown or run in our own pages."""
    quoted = "".join(chr(one) if chr(one).isascii() and chr(one).isalnum() else f"%{one:02X}" for one in name.encode())
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quoted}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )


def _add_lists(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get("/cases", dependencies=[needs(Action.LIST)])
    def cases(
        request: Request,
        q: Short = "",
        stage: Short = "",
        district: Short = "",
        assignee: Short = "",
        decision: Short = "",
        year: int | None = None,
        overdue: bool = False,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> CasesOut:
        """Cases the caller may see, the newest first, fifty a page."""
        asked = Filter(
            words=q,
            stage=stage,
            district=district,
            assignee=assignee,
            decision=decision,
            year=year,
            overdue=overdue,
            page=page,
        )
        found, total = port.views.listed(asking_of(request).principal, asked)
        return CasesOut(items=[line_out(one, language_of(request)) for one in found], total=total)

    @routes.get("/desk", dependencies=[needs(Action.LIST)])
    def desk(request: Request) -> CasesOut:
        """What waits for the caller, overdue first."""
        found = port.views.desk(asking_of(request).principal)
        return CasesOut(items=[line_out(one, language_of(request)) for one in found], total=len(found))

    @routes.post("/cases", status_code=201, dependencies=[needs(Action.OPEN)])
    def opened(request: Request, new: CaseIn) -> MadeOut:
        """Open a case; its number comes back."""
        sites = tuple(NewSite(**one.model_dump()) for one in new.sites)
        case = NewCase(**{**new.model_dump(), "industries": tuple(new.industries), "sites": sites})
        return MadeOut(id=port.openings.open(asking_of(request).principal, case))

    @routes.get("/cases/{number}", dependencies=[needs(Action.READ)])
    def case(request: Request, number: str) -> CaseOut:
        """One case: verdicts beside judgements, files, events, and what the caller may do now."""
        return told_case(port, request, number)


def _add_acts(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    def route(act: Action) -> Callable[[Request, str, ActIn], CaseOut]:
        def performed(request: Request, number: str, said: ActIn) -> CaseOut:
            who = asking_of(request).principal
            perform(port.acts, who, number, act, Said(**said.model_dump()))
            return told_case(port, request, number)

        return performed

    for act in (*PERFORMED, Action.COMMENT):
        routes.add_api_route(
            f"/cases/{{number}}/{act.value}",
            route(act),
            methods=["POST"],
            name=f"approval_{act.value}",
            summary=f"{ACTION[act].zh} · {ACTION[act].en}",
            dependencies=[needs(act)],
        )


def _add_judgements(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.post("/cases/{number}/verdict", dependencies=[needs(Action.VERDICT)])
    def verdict(request: Request, number: str, said: VerdictIn) -> CaseOut:
        """Rest a site on a kept screening, or screen it anew."""
        who = asking_of(request).principal
        if said.screening_id:
            port.acts.set_verdict(who, number, said.version, said.site, said.screening_id)
        else:
            port.openings.screen(who, number, said.version, said.site)
        return told_case(port, request, number)

    @routes.post("/cases/{number}/judge", dependencies=[needs(Action.JUDGE)])
    def judge(request: Request, number: str, said: JudgementsIn) -> CaseOut:
        """Accept findings, or override them with a reason and a document; the machine's answer stays beside it."""
        who = asking_of(request).principal
        given = said.model_dump(exclude={"version", "findings"})
        port.acts.judge(who, number, said.version, JudgementIn(**given, findings=tuple(said.findings)))
        return told_case(port, request, number)

    @routes.post("/cases/{number}/confirm", dependencies=[needs(Action.CONFIRM)])
    def confirm(request: Request, number: str, said: ConfirmationIn) -> CaseOut:
        """The second person's yes to judgements."""
        who = asking_of(request).principal
        port.acts.confirm(who, number, said.version, said.screening_id, said.findings)
        return told_case(port, request, number)

    @routes.post("/cases/{number}/declare", dependencies=[needs(Action.DECLARE)])
    def declare(request: Request, number: str, said: DeclarationsIn) -> CaseOut:
        """Declare discharges, or that a medium receives nothing else, or replace and withdraw declarations."""
        who = asking_of(request).principal
        port.discharges.declare(who, number, said.version, [new_declaration(one) for one in said.declarations])
        return told_case(port, request, number)

    @routes.post("/cases/{number}/mark", dependencies=[needs(Action.MARK)])
    def mark(request: Request, number: str, said: MarkIn) -> CaseOut:
        """Note whether it is a key project, its EIA category, and when construction and operation began."""
        who = asking_of(request).principal
        port.acts.mark(who, number, said.version, Mark(**said.model_dump(exclude={"version"})))
        return told_case(port, request, number)


def _add_files(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.post("/cases/{number}/attachments", status_code=201, dependencies=[needs(Action.ATTACH)])
    def attach(request: Request, number: str, file: Annotated[UploadFile, File()]) -> MadeOut:
        """Keep a file with the case; its digest comes back."""
        who = asking_of(request).principal
        return MadeOut(id=port.acts.attach(who, number, file.filename or "", file.file.read()).digest)

    @routes.get("/cases/{number}/attachments/{digest}", response_class=Response, dependencies=[needs(Action.READ)])
    def attachment(request: Request, number: str, digest: str) -> Response:
        """A file of the case."""
        about, content = port.views.content(asking_of(request).principal, number, digest)
        return file_response(about.name, about.media_type, content)


def _add_sites(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get("/sites", dependencies=[needs(Action.OWN_SITES)])
    def sites(request: Request) -> SavedSitesOut:
        """One's own saved sites."""
        found = port.sites.listed(asking_of(request).principal)
        return SavedSitesOut(items=[SavedSiteOut(**asdict(one)) for one in found])

    @routes.post("/sites", status_code=201, dependencies=[needs(Action.OWN_SITES)])
    def save(request: Request, site: SavedSiteIn) -> MadeOut:
        """Keep a screening under a name of one's own."""
        return MadeOut(id=port.sites.save(asking_of(request).principal, site.screening_id, site.name, site.note))

    @routes.delete("/sites/{saved_id}", status_code=204, dependencies=[needs(Action.OWN_SITES)])
    def remove(request: Request, saved_id: str) -> None:
        """Forget a saved site; the screening itself stays."""
        port.sites.remove(asking_of(request).principal, saved_id)


def _add_accounts(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get("/accounts", dependencies=[needs(Action.ACCOUNTS)])
    def accounts() -> AccountsOut:
        """All accounts."""
        return AccountsOut(items=[account_out(one) for one in port.directory.listed()])

    @routes.post("/accounts", status_code=201, dependencies=[needs(Action.ACCOUNTS)])
    def add(request: Request, new: AccountIn) -> AccountOut:
        """A new account."""
        return account_out(port.directory.add(Actor.of(asking_of(request).principal), **new.model_dump()))

    @routes.put("/accounts/{name}", dependencies=[needs(Action.ACCOUNTS)])
    def change(request: Request, name: str, changed: AccountChangeIn) -> AccountOut:
        """Another shown name, role or districts."""
        return account_out(port.directory.change(Actor.of(asking_of(request).principal), name, **changed.model_dump()))

    @routes.post("/accounts/{name}/disable", dependencies=[needs(Action.ACCOUNTS)])
    def disable(request: Request, name: str) -> AccountOut:
        """Keep an account from signing in; its sessions end now."""
        return account_out(port.directory.disable(Actor.of(asking_of(request).principal), name))

    @routes.post("/accounts/{name}/enable", dependencies=[needs(Action.ACCOUNTS)])
    def enable(request: Request, name: str) -> AccountOut:
        """Let an account sign in again, unlocked."""
        return account_out(port.directory.enable(Actor.of(asking_of(request).principal), name))

    @routes.post("/accounts/{name}/password", status_code=204, dependencies=[needs(Action.ACCOUNTS)])
    def password(request: Request, name: str, new: PasswordIn) -> None:
        """Another password; the account's sessions end now."""
        port.directory.set_password(Actor.of(asking_of(request).principal), name, new.password)


def _add_keys(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get("/keys", dependencies=[needs(Action.KEYS)])
    def keys() -> MachineKeysOut:
        """All keys of machines, without the keys themselves."""
        return MachineKeysOut(items=[key_out(one) for one in port.keys.listed()])

    @routes.post("/keys", status_code=201, dependencies=[needs(Action.KEYS)])
    def make(request: Request, new: KeyIn) -> NewKeyOut:
        """A new key, shown this once."""
        made, key = port.keys.make(Actor.of(asking_of(request).principal), **new.model_dump())
        return NewKeyOut(key=key, about=key_out(made))

    @routes.delete("/keys/{key_id}", status_code=204, dependencies=[needs(Action.KEYS)])
    def revoke(request: Request, key_id: str) -> None:
        """End a key now."""
        port.keys.revoke(Actor.of(asking_of(request).principal), key_id)


def _add_audit(routes: APIRouter, port: ApprovalPort) -> None:
    needs = needs_of(port.gate)

    @routes.get("/audit", dependencies=[needs(Action.AUDIT)])
    def whole(request: Request, head: Short = "") -> AuditOut:
        """Read the whole chain again; `head` is a hash written down earlier that must still be in it."""
        found, language = audit_check.check(port.database, head), language_of(request)
        return AuditOut(events=found.events, head=found.head, problems=[one.in_(language) for one in found.problems])

    @routes.get("/audit/events", dependencies=[needs(Action.AUDIT)])
    def events(request: Request, subject: Short = "", after: Annotated[int, Query(ge=0)] = 0) -> list[EventOut]:
        """Events after a number, of one case, account or key or of all, five hundred at once."""
        with port.database.reading() as session:
            found = list(audit.events(session, subject=subject, after=after, most=_MOST_EVENTS))
        return [event_out(one, language_of(request)) for one in found]

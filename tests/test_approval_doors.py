"""The doors of the approval port over HTTP: every route is guarded, nothing is forged, nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.accounts.guard import SESSION_COOKIE, Needs
from api.accounts.roles import Action, Principal, Role, allows
from api.approval_port import approval_port
from api.service import ScreeningService
from api.settings import Settings
from tests.approvals import CHEAP, HERE, PASSWORD, PEOPLE, add_person
from tests.provider import CLIENT, SECRET, Provider, running_provider
from web.app import create_app
from web.approval_labels import APPROVAL_LABELS, APPROVAL_NAV_LABELS, KIND
from web.discharge_labels import DISCHARGE_LABELS
from web.sign_in_pages import DOORS

AREAS = ("/approval", "/api/v1/approval")
PAGE = {"accept": "text/html"}
SITE = {"site": {"text": "120.18,36.08"}, "project": {"industries": ["I6511"], "construction": "new"}}


@pytest.fixture(scope="module")
def app(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("doors")
    (folder / "releases").symlink_to(small_store[0])
    settings = Settings(data=folder, password_cost=CHEAP)
    service = ScreeningService(settings)
    port = approval_port(service, settings)
    for name, role, districts in PEOPLE:
        add_person(port, name, role, *districts)
    service.close()
    return create_app(settings)


@pytest.fixture
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as client:
        yield client


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def sign_in(client: TestClient, name: str, password: str = PASSWORD, then: str = "") -> Any:
    token = token_in(client.get("/approval/sign-in").text)
    typed = {"name": name, "password": password, "csrf": token, "next": then}
    return client.post("/approval/sign-in", data=typed, headers=PAGE)


def signed_in(app: FastAPI, name: str) -> TestClient:
    client = TestClient(app, follow_redirects=False)
    assert sign_in(client, name).status_code == 303
    return client


def csrf_of(client: TestClient) -> str:
    return token_in(client.get("/approval/account").text)


def routes_of(holder: Any) -> Iterator[APIRoute]:
    """Every route of the application, also of routers within routers."""
    for one in holder.routes:
        if isinstance(one, APIRoute):
            yield one
        elif hasattr(one, "original_router"):
            yield from routes_of(one.original_router)


def methods_of(route: APIRoute) -> list[str]:
    return sorted(route.methods or ())


def action_of(route: APIRoute) -> Action | None:
    needs = [one.dependency for one in route.dependencies if isinstance(one.dependency, Needs)]
    assert len(needs) <= 1
    return needs[0].action if needs else None


def test_every_route_of_the_approval_port_names_its_action_and_no_other_does(app: FastAPI) -> None:
    seen, used = 0, set()
    for route in routes_of(app):
        action = action_of(route)
        if route.path.startswith(AREAS):
            seen += 1
            assert (action is None) == (route.path in DOORS), route.path
            used.add(action)
        else:
            assert action is None, route.path
    assert seen > 60
    assert used - {None} == set(Action)


def filled(path: str) -> str:
    return re.sub(r"\{[a-z_]+\}", "370200-2026-00001", path)


def test_nobody_gets_in_anywhere_without_signing_in(app: FastAPI, anonymous: TestClient) -> None:
    for route in routes_of(app):
        if not route.path.startswith(AREAS) or route.path in DOORS:
            continue
        for method in methods_of(route):
            answer = anonymous.request(method, filled(route.path))
            assert answer.status_code == 401, (method, route.path)
            assert answer.json()["code"] == "sign-in-needed"
            assert (
                anonymous.request(
                    method, filled(route.path), headers={"authorization": "Bearer tl_guessed"}
                ).status_code
                == 401
            )
            if method == "GET" and not route.path.startswith("/api/"):
                led = anonymous.get(filled(route.path), headers=PAGE)
                assert led.status_code == 303
                assert led.headers["location"].startswith("/approval/sign-in?next=")


def test_a_cookie_alone_changes_nothing(app: FastAPI) -> None:
    client = signed_in(app, "chief")
    token = csrf_of(client)
    changing = [
        (method, filled(route.path))
        for route in routes_of(app)
        for method in methods_of(route)
        if route.path.startswith(AREAS) and route.path not in DOORS and method != "GET"
    ]
    assert len(changing) > 40
    for method, path in changing:
        refused = client.request(method, path)
        assert (refused.status_code, refused.json()["code"]) == (403, "forged-request"), path
        elsewhere = {"x-csrf-token": token, "origin": "https://evil.example"}
        assert client.request(method, path, headers=elsewhere).json()["code"] == "forged-request", path
        wrong = {"x-csrf-token": token.swapcase()}
        assert client.request(method, path, headers=wrong).json()["code"] == "forged-request", path
        referred = {"x-csrf-token": token, "referer": "https://evil.example/page"}
        assert client.request(method, path, headers=referred).json()["code"] == "forged-request", path


@pytest.mark.parametrize("role", [role.value for _, role, _ in PEOPLE if role is not Role.CHIEF])
def test_what_a_role_may_never_do_is_refused_at_the_door(app: FastAPI, role: str) -> None:
    name = next(name for name, one, _ in PEOPLE if one == role)
    client = signed_in(app, name)
    token = csrf_of(client)
    who = Principal(id="", name="", display="", role=Role(role))
    refused = 0
    for route in routes_of(app):
        action = action_of(route)
        if action is None or allows(who, action):
            continue
        for method in methods_of(route):
            answer = client.request(method, filled(route.path), headers={"x-csrf-token": token})
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), route.path
            refused += 1
    assert refused


def test_signing_in_leads_on_within_the_port_only(app: FastAPI, anonymous: TestClient) -> None:
    for then, expected in (
        ("/approval/cases?page=2", "/approval/cases?page=2&lang=zh"),
        ("https://evil.example/approval", "/approval?lang=zh"),
        ("//evil.example", "/approval?lang=zh"),
        ("/approval\\@evil.example", "/approval?lang=zh"),
        ("/approvalevil", "/approval?lang=zh"),
    ):
        client = TestClient(app, follow_redirects=False)
        assert sign_in(client, "anna", then=then).headers["location"] == expected
    wrong = sign_in(anonymous, "anna", "wrong")
    assert wrong.status_code == 401
    assert "wrong" not in wrong.text.split("<main")[1].split("</main")[0].replace("wrong tries", "")
    assert SESSION_COOKIE not in anonymous.cookies
    forged = anonymous.post("/approval/sign-in", data={"name": "anna", "password": PASSWORD, "csrf": "x"})
    assert forged.status_code == 403


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: FastAPI) -> None:
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    cookie = sign_in(client, "anna").headers["set-cookie"]
    session = next(one for one in cookie.split(", ") if one.startswith(SESSION_COOKIE))
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/"} <= set(session.split("; "))
    page = client.get("/approval")
    assert page.headers["cache-control"] == "no-store"


def test_signing_out_and_a_new_sign_in_end_the_old_session(app: FastAPI) -> None:
    client = signed_in(app, "anna")
    old = client.cookies[SESSION_COOKIE]
    sign_in(client, "anna")
    assert client.cookies[SESSION_COOKIE] != old
    before = TestClient(app, cookies={SESSION_COOKIE: old}, follow_redirects=False)
    assert before.get("/api/v1/approval/cases").status_code == 401
    client = signed_in(app, "anna")
    token, kept = csrf_of(client), client.cookies[SESSION_COOKIE]
    assert client.post("/approval/sign-out", data={"csrf": token}).status_code == 303
    again = TestClient(app, cookies={SESSION_COOKIE: kept}, follow_redirects=False)
    assert again.get("/api/v1/approval/cases").status_code == 401


def opened(app: FastAPI, name: str = "applicant") -> tuple[TestClient, str]:
    client = signed_in(app, name)
    client.headers["x-csrf-token"] = csrf_of(client)
    screening = client.post("/api/v1/screenings", json=SITE).json()["id"]
    made = client.post(
        "/api/v1/approval/cases",
        json={"project": "接口项目", "district": HERE, "sites": [{"screening_id": screening}]},
    )
    assert made.status_code == 201, made.text
    return client, made.json()["id"]


def staff(app: FastAPI, name: str) -> TestClient:
    client = signed_in(app, name)
    client.headers["x-csrf-token"] = csrf_of(client)
    return client


def test_the_json_door_takes_a_case_from_opening_to_archive(app: FastAPI) -> None:
    applicant, number = opened(app)
    anna, bert, chief = staff(app, "anna"), staff(app, "bert"), staff(app, "chief")
    at = f"/api/v1/approval/cases/{number}"

    def act(client: TestClient, name: str, **said: object) -> dict[str, Any]:
        version = chief.get(at).json()["case"]["version"]
        answer = client.post(f"{at}/{name}", json={"version": version, **said})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    case = act(anna, "accept")
    assert (case["case"]["stage"], case["case"]["stage_label"]) == ("assessing", "研判")
    digest = anna.post(f"{at}/attachments", files={"file": ("依据 1.pdf", b"%PDF-1.7 x")}).json()["id"]
    site = case["sites"][0]
    if case["against"]:
        judged = {"screening_id": site["screening_id"], "findings": case["against"], "outcome": "complies"}
        act(anna, "judge", **judged, reason="核实", document=digest)
        waiting = [
            one["key"]
            for one in chief.get(at).json()["sites"][0]["findings"]
            if one["judgement"] and not one["judgement"]["counts"]
        ]
        if waiting:
            act(bert, "confirm", screening_id=site["screening_id"], findings=waiting)
    act(anna, "propose", opinion="approved", text="同意")
    act(bert, "review")
    stale = chief.post(f"{at}/decide", json={"version": 1, "opinion": "approved", "text": "同意"})
    assert (stale.status_code, stale.json()["code"]) == (409, "case-changed")
    assert stale.json()["candidates"]
    act(chief, "decide", opinion="approved", text="同意")
    done = act(chief, "archive")
    assert (done["case"]["stage"], done["case"]["decision"], done["acts"]) == (
        "archived",
        "approved",
        ["comment", "mark"],
    )
    machine = [one for one in done["sites"][0]["findings"] if one["judgement"]]
    assert all(one["machine_outcome"] != one["effective_outcome"] for one in machine)
    seen = applicant.get(at).json()
    assert seen["case"]["decision"] == "approved"
    file = chief.get(f"{at}/attachments/{digest}")
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E4%BE%9D")
    assert (file.headers["x-content-type-options"], "sandbox" in file.headers["content-security-policy"]) == (
        "nosniff",
        True,
    )
    assert staff(app, "stranger").get(at).status_code == 403
    assert chief.get("/api/v1/approval/audit").json()["problems"] == []
    assert chief.get("/api/v1/approval/audit/events", params={"subject": number}).json()[-1]["kind"] == "archive"
    listed = chief.get("/api/v1/approval/cases", params={"q": number}).json()
    assert (listed["total"], listed["items"][0]["number"]) == (1, number)


def test_a_machine_works_by_its_key_and_never_judges(app: FastAPI) -> None:
    _, number = opened(app)
    root = staff(app, "administrator")
    made = root.post(
        "/api/v1/approval/keys", json={"name": "OA", "role": "approver", "districts": [HERE], "days": 30}
    ).json()
    machine = TestClient(app, headers={"authorization": f"Bearer {made['key']}"}, follow_redirects=False)
    at = f"/api/v1/approval/cases/{number}"
    assert machine.get(at).json()["case"]["number"] == number
    assert machine.post(f"{at}/comment", json={"text": "来自 OA"}).status_code == 200
    for name, said in (
        ("accept", {}),
        ("propose", {"opinion": "approved", "text": "x"}),
        ("decide", {"opinion": "approved", "text": "x"}),
    ):
        assert machine.post(f"{at}/{name}", json={"version": 2, **said}).json()["code"] == "forbidden"
    assert machine.get("/api/v1/approval/accounts").status_code == 403
    assert root.delete(f"/api/v1/approval/keys/{made['about']['id']}").status_code == 204
    assert machine.get(at).status_code == 401
    assert made["key"] not in root.get("/api/v1/approval/keys").text


def test_accounts_and_saved_sites_over_json(app: FastAPI) -> None:
    root = staff(app, "administrator")
    at = "/api/v1/approval/accounts"
    new = {"name": "new.person", "role": "approver", "districts": [HERE], "password": PASSWORD}
    assert root.post(at, json=new).status_code == 201
    assert root.post(at, json=new).json()["code"] == "account-refused"
    assert root.post(at, json={**new, "name": "weak.one", "password": "short"}).json()["code"] == "password-rule"
    assert root.put(f"{at}/new.person", json={"role": "keeper"}).json()["role"] == "keeper"
    assert root.post(f"{at}/new.person/password", json={"password": "Another-Phrase-77"}).status_code == 204
    assert root.post(f"{at}/new.person/disable").json()["disabled_at"]
    assert root.post(f"{at}/new.person/enable").json()["disabled_at"] == ""
    assert {"new.person", "anna"} <= {one["name"] for one in root.get(at).json()["items"]}
    client, _ = opened(app, "neighbour")
    screening = client.post("/api/v1/screenings", json=SITE).json()["id"]
    saved = client.post("/api/v1/approval/sites", json={"screening_id": screening, "name": "北地块"}).json()["id"]
    assert [one["name"] for one in client.get("/api/v1/approval/sites").json()["items"]] == ["北地块"]
    assert client.delete(f"/api/v1/approval/sites/{saved}").status_code == 204
    desk = client.get("/api/v1/approval/desk").json()
    assert desk["total"] >= 1
    verdict = client.post("/api/v1/approval/cases/370200-2026-99999/verdict", json={"version": 1})
    assert verdict.json()["code"] == "forbidden"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as made:
        yield made


def test_single_sign_on_through_the_pages(provider: Provider, small_store: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "releases").symlink_to(small_store[0])
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[[role]]\nvalue = "eia"\nrole = "chief"\n', encoding="utf-8")
    app = create_app(
        Settings.model_validate(
            {
                "data": tmp_path,
                "oidc_issuer": provider.issuer,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SECRET,
                "oidc_mapping": mapping,
                "password_cost": CHEAP,
            }
        )
    )
    provider.person = {"sub": "u-9", "preferred_username": "zhao", "name": "赵", "groups": ["eia"]}
    with TestClient(app, follow_redirects=False) as client:
        assert "统一身份认证" in client.get("/approval/sign-in").text
        begun = client.get("/approval/sso?next=/approval/cases")
        assert begun.headers["location"].startswith(f"{provider.issuer}/authorize?")
        asked = dict(one.split("=", 1) for one in begun.headers["location"].split("?")[1].split("&"))
        back = urlsplit(provider.authorize({name: unquote(value) for name, value in asked.items()}))
        assert back.path == "/approval/sso/callback"
        stranger = TestClient(app, follow_redirects=False)
        assert stranger.get(f"{back.path}?{back.query}").status_code == 401
        begun = client.get("/approval/sso?next=/approval/cases")
        asked = dict(one.split("=", 1) for one in begun.headers["location"].split("?")[1].split("&"))
        back = urlsplit(provider.authorize({name: unquote(value) for name, value in asked.items()}))
        done = client.get(f"{back.path}?{back.query}")
        assert (done.status_code, done.headers["location"]) == (303, "/approval/cases?lang=zh")
        assert "赵" in client.get("/approval/cases").text
        assert client.get(f"{back.path}?{back.query}").status_code == 401


def test_public_doors_stay_public(anonymous: TestClient) -> None:
    for path in ("/", "/units", "/health", "/api/v1/facts", "/approval/sign-in"):
        assert anonymous.get(path).status_code == 200, path
    assert anonymous.post("/api/v1/screenings", json=SITE).status_code == 201


def test_every_label_is_said_in_both_languages() -> None:
    for text in [*APPROVAL_LABELS.values(), *APPROVAL_NAV_LABELS.values(), *KIND.values(), *DISCHARGE_LABELS.values()]:
        assert text.zh
        assert text.en
        assert set(re.findall(r"\{\w+\}", text.zh)) == set(re.findall(r"\{\w+\}", text.en))

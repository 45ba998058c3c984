"""How often one address may ask where something lies: what is counted, for whom, and how a refusal reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.rate_limits import DOORS, Door, address_of, door_of
from api.settings import Settings
from tests.conftest import QUIET_FACTS
from tests.doors import routes_of
from web.app import create_app

SITE = {"text": "120.15,36.08"}
PROJECT = {"industries": ["I6511"], "construction": "new", "facts": QUIET_FACTS}
ASKED = {"site": SITE, "project": PROJECT}
FREE = {  # doors that answer a POST or PUT without telling where zones lie
    "/api/v1/sites/files",
    "/api/v1/policy-checks",
    "/api/v1/emission-checks",
    "/api/v1/batches/preview",
}


@pytest.fixture
def served(small_store: tuple[Path, str], tmp_path: Path) -> Iterator[object]:
    (tmp_path / "releases").symlink_to(small_store[0])
    opened: list[TestClient] = []

    def serve(**settings: object) -> TestClient:
        app = create_app(Settings(data=tmp_path, **settings))  # type: ignore[arg-type]
        opened.append(TestClient(app))
        return opened[-1].__enter__()

    yield serve
    for one in opened:
        one.__exit__(None, None, None)


def test_beyond_the_limit_a_question_is_refused_in_words_with_the_time_to_wait(served) -> None:  # type: ignore[no-untyped-def]
    client = served(request_limit="2/hour")
    for _ in range(2):
        assert client.post("/api/v1/screenings", json=ASKED).status_code == 201
    for language, words in (("zh", "请求过于频繁"), ("en", "Too many requests")):
        answer = client.post(f"/api/v1/screenings?lang={language}", json=ASKED)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["title"]) == (429, "too-many-requests", words)
        assert 0 < int(answer.headers["retry-after"]) <= 3600
        assert problem["cure"]
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_gets_the_refusal_as_a_page(served) -> None:  # type: ignore[no-untyped-def]
    client = served(request_limit="1/hour")
    browser = {"accept": "text/html"}
    assert client.get("/units?point=120.15,36.08", headers=browser).status_code == 200
    refused = client.get("/units?point=120.15,36.08&lang=en", headers=browser)
    assert (refused.status_code, "Too many requests" in refused.text) == (429, True)
    assert int(refused.headers["retry-after"]) > 0


def test_what_tells_nothing_of_places_is_not_counted(served) -> None:  # type: ignore[no-untyped-def]
    client = served(request_limit="1/hour", site_limit="1/hour")
    for path in ("/", "/units", "/api/v1/units", "/api/v1/industries?q=26", "/water-sources", "/health"):
        for _ in range(3):
            assert client.get(path).status_code == 200


def test_sites_count_over_all_doors_and_by_their_number(served) -> None:  # type: ignore[no-untyped-def]
    client = served(site_limit="5/hour")
    assert client.post("/api/v1/screenings", json=ASKED).status_code == 201
    box = "POLYGON((120.1{0} 36.08,120.1{0}5 36.08,120.1{0}5 36.085,120.1{0} 36.085,120.1{0} 36.08))"
    plan = {
        "parts": [{"name": str(n), "text": box.format(n)} for n in range(3, 6)],
        "industries": ["I6511"],
        "facts": QUIET_FACTS,
    }
    assert client.post("/api/v1/plans", json=plan).status_code == 200
    assert client.post("/api/v1/plans", json=plan).status_code == 429
    assert client.get("/api/v1/units?lon=120.15&lat=36.08").status_code == 200
    assert client.get("/api/v1/units?lon=120.15&lat=36.08").status_code == 429


def test_forms_stay_filled_in_when_a_limit_is_used_up(served) -> None:  # type: ignore[no-untyped-def]
    client = served(site_limit="1/hour")
    box = "POLYGON((120.13 36.08,120.135 36.08,120.135 36.085,120.13 36.085,120.13 36.08))"
    for path, form in (
        ("/compare", {"site": [box, "120.15,36.08"], "industry": "I6511"}),
        ("/plans", {"parts": f"{box}\n\n{box.replace('120.13', '120.14')}", "industries": "I6511"}),
    ):
        answer = client.post(f"{path}?lang=en", data=form)
        assert (answer.status_code, "Too many requests" in answer.text) == (429, True), path
        assert int(answer.headers["retry-after"]) > 0
        assert "POLYGON((120.13" in answer.text


def test_each_address_has_its_own_count_and_invented_hops_buy_nothing(served) -> None:  # type: ignore[no-untyped-def]
    client = served(request_limit="1/hour", trusted_hops=1)

    def status(forwarded: str) -> int:
        found: int = client.post("/api/v1/screenings", json=ASKED, headers={"x-forwarded-for": forwarded}).status_code
        return found

    assert [status("203.0.113.1"), status("203.0.113.2")] == [201, 201]
    assert status("198.51.100.200, 203.0.113.1") == 429


def test_without_trusted_hops_the_header_is_not_believed(served) -> None:  # type: ignore[no-untyped-def]
    client = served(request_limit="1/hour")
    answers = [
        client.post("/api/v1/screenings", json=ASKED, headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code
        for n in range(3)
    ]
    assert answers == [201, 429, 429]


@given(st.lists(st.ip_addresses().map(str), max_size=5), st.ip_addresses(v=4).map(str), st.integers(0, 3))
def test_what_a_client_writes_before_our_proxies_never_changes_whose_request_it_is(
    written: list[str], proxy: str, hops: int
) -> None:
    ours = [f"10.0.0.{n}" for n in range(hops)]
    forwarded = ", ".join([*written, *ours])
    expected = address_of(proxy, ", ".join(ours), hops)
    assert address_of(proxy, forwarded, hops) == expected


def test_no_limit_where_none_is_set(served) -> None:  # type: ignore[no-untyped-def]
    client = served(request_limit="", site_limit="")
    for _ in range(70):
        assert client.get("/api/v1/units?lon=120.15&lat=36.08").status_code == 200


def test_a_limit_that_cannot_be_read_keeps_the_service_from_starting() -> None:
    with pytest.raises(ValidationError):
        Settings(request_limit="many")


def test_every_door_that_takes_a_body_is_counted_or_named_as_free(served) -> None:  # type: ignore[no-untyped-def]
    client = served()
    routes = [
        (method, one.path)
        for one in routes_of(client.app)
        for method in one.methods or ()
        if method not in ("GET", "HEAD")
    ]
    assert len(routes) > 10
    for method, path in routes:
        is_for_accounts = "/approval" in path and path != "/approval/sign-in"
        assert (door_of(method, path, set()) is Door.FREE) == (path in FREE or is_for_accounts), (method, path)
    paths = {one.path.replace("{screening_id}", "x") for one in routes_of(client.app)}
    for _, pattern, _, _ in DOORS:
        assert any(pattern.fullmatch(path) for path in paths), pattern

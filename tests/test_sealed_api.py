"""Seal, validity, refresh and QR code at the HTTP door and on the page; screenings older than seals."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import create_engine, text

from api.app import create_api
from api.cases import CaseStore
from api.service import ScreeningService
from api.settings import Settings
from api.verification import Result, snapshot_in, verify
from layers.delivery import read_delivery
from layers.publication import publish, withdraw
from layers.release import read_content, write_release
from screening.seal import opened
from tests.conftest import NOW
from tests.sealing import office, serving
from tests.smallcity import SmallCity
from tests.test_api import body
from tests.test_cases import CASE
from web.app import ServicePages
from web.pages import problem_page, router

EXACT_SITE = (
    "POLYGON((120.18000000123 36.08,120.185 36.08000000456,120.185 36.085,120.18 36.085,120.18000000123 36.08))"
)
HTML = {"accept": "text/html"}


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(small_store[0], tmp_path / "data" / "releases")
    return tmp_path / "data"


@contextmanager
def door(service: ScreeningService, settings: Settings | None = None) -> Iterator[TestClient]:
    """API and pages over one service."""
    settings = settings or Settings()
    app = create_api(settings, service, page=problem_page)
    app.include_router(router(ServicePages(service, settings)))
    with TestClient(app, base_url="https://screen.example") as client:
        yield client


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    with serving(data) as service, door(service) as made:
        yield made


def main_of(answer: Response) -> str:
    """What a page says itself, without the labels its scripts carry."""
    return answer.text.split("<main", 1)[1].split("</main>", 1)[0]


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def publish_another(data: Path, folder: Path, first_day: date) -> str:
    """A release in which water in 黄岛区 is nearly exhausted, published to take effect on a day."""
    city = SmallCity(effective_from=first_day)
    city.ceilings[0][5] = 1000
    name = write_release(read_content(read_delivery(city.deliver(folder))), data / "releases")
    publish(data / "releases", name, at=NOW.isoformat(), by="tests", override="tests")
    return name


def test_the_sealed_file_repeats_the_exact_question(client: TestClient, data: Path) -> None:
    made = client.post("/api/v1/screenings", json=body({"text": EXACT_SITE})).json()
    answer = client.get(made["seal"]["file"])
    assert answer.headers["content-type"] == "application/json"
    assert f'filename="threelines-{made["id"]}.sealed.json"' in answer.headers["content-disposition"]
    document = opened(answer.content)
    assert document["record"] == made["verdict"]
    assert (document["id"], document["issued_at"]) == (made["id"], made["created_at"])
    assert (document["digest"], document["valid_until"]) == (made["seal"]["digest"], made["seal"]["valid_until"])
    assert document["question"]["site"]["as_written"] == EXACT_SITE
    known = {one["id"]: one["is_current"] for one in client.get("/api/v1/keys").json()["items"]}
    assert known == {made["seal"]["key_id"]: True}
    with serving(data) as service:
        found = verify(answer.content, service.keys.known(), snapshot_in(data / "releases"))
    assert found.result is Result.EQUAL


def test_a_fresh_answer_says_until_when_and_why(client: TestClient) -> None:
    zh = client.post("/api/v1/screenings", json=body()).json()["seal"]
    assert zh["valid_until"] == (NOW.date() + timedelta(days=180)).isoformat()
    assert zh["valid_because"] == "一次研判最长有效 180 天"
    assert (zh["is_current"], zh["is_expired"], zh["newer_release"], zh["refreshed_by"]) == (True, False, "", "")
    en = client.post("/api/v1/screenings?lang=en", json=body()).json()["seal"]
    assert en["standing"].startswith("Valid")


def test_the_longest_validity_comes_from_the_settings(data: Path) -> None:
    made = ScreeningService(Settings(data=data, longest_validity_days=7), now=lambda: NOW)
    found, _ = office(made)
    assert made.find(found).seal is not None
    assert made.find(found).seal.valid_until == NOW.date() + timedelta(days=7)  # type: ignore[union-attr]
    made.close()


def test_an_expired_answer_says_so_everywhere(data: Path) -> None:
    with serving(data) as service:
        case_id, _ = office(service)
    with serving(data, later(181)) as service, door(service) as client:
        seal = client.get(f"/api/v1/screenings/{case_id}").json()["seal"]
        assert (seal["is_current"], seal["is_expired"]) == (False, True)
        page = main_of(client.get(f"/screenings/{case_id}?lang=zh", headers=HTML))
        assert "以下结论不宜再用：</strong>已过有效期" in page
        assert "Its validity has passed" in main_of(client.get(f"/screenings/{case_id}?lang=en", headers=HTML))


def test_a_release_published_to_follow_ends_the_answer_and_then_supersedes_it(data: Path, tmp_path: Path) -> None:
    with serving(data) as service:
        early, _ = office(service)
        name = publish_another(data, tmp_path / "delivery", date(2026, 12, 1))
        case_id, _ = office(service)
        seal = service.find(case_id).seal
        assert seal is not None
        assert seal.valid_until == date(2026, 11, 30)
        assert name in seal.valid_because.zh
    with serving(data, later(20)) as service, door(service) as client:
        told = client.get(f"/api/v1/screenings/{early}").json()["seal"]
        assert (told["is_current"], told["is_expired"], told["newer_release"]) == (False, False, name)
        assert name in main_of(client.get(f"/screenings/{early}?lang=zh", headers=HTML))
    with serving(data, NOW) as service, door(service) as client:
        withdraw(data / "releases", service.release_in_force(), at=NOW.isoformat(), by="tests", because="tests")
        assert "目前没有现行成果" in client.get(f"/api/v1/screenings/{early}").json()["seal"]["standing"]


def test_an_answer_about_a_later_day_stands_by_the_release_of_that_day(data: Path, tmp_path: Path) -> None:
    name = publish_another(data, tmp_path / "delivery", date(2026, 12, 1))
    with serving(data) as service, door(service) as client:
        made = client.post("/api/v1/screenings", json={**body(), "as_of": "2026-12-24"}).json()
        assert made["verdict"]["release"]["id"] == name
        assert (made["seal"]["is_current"], made["seal"]["newer_release"]) == (True, "")


def test_refreshing_asks_again_today_and_tells_what_changed(data: Path, tmp_path: Path) -> None:
    with serving(data) as service, door(service) as client:
        old = client.post("/api/v1/screenings", json=body({"text": EXACT_SITE})).json()
        publish_another(data, tmp_path / "delivery", date(2026, 12, 1))
    with serving(data, later(20)) as service, door(service) as client:
        answer = client.post(f"/api/v1/screenings/{old['id']}/refresh?lang=zh")
        assert answer.status_code == 201
        new = answer.json()
        assert client.get(answer.headers["location"]).json() == new
        assert new["verdict"]["as_of"] == later(20).date().isoformat()
        assert new["verdict"]["site"] == old["verdict"]["site"]
        changes = new["changes"]
        assert (changes["since"], changes["same_conclusion"]) == (old["id"], False)
        assert "“符合”" in changes["conclusion"]
        assert "不符合" in changes["conclusion"]
        assert any("→" in line for line in changes["changed"])
        assert any("成果版本" in line for line in changes["basis"])
        assert client.get(f"/api/v1/screenings/{old['id']}").json()["seal"]["refreshed_by"] == new["id"]
        page = main_of(client.get(f"/screenings/{new['id']}?lang=en", headers=HTML))
        assert "Compared with the screening before" in page
        assert f"/screenings/{old['id']}" in page
        assert f"/screenings/{new['id']}" in main_of(client.get(f"/screenings/{old['id']}", headers=HTML))


def test_refreshing_on_the_page_is_one_plain_form(client: TestClient) -> None:
    case_id = client.post("/api/v1/screenings", json=body()).json()["id"]
    page = main_of(client.get(f"/screenings/{case_id}?lang=zh", headers=HTML))
    assert f'<form method="post" action="/screenings/{case_id}/refresh?lang=zh">' in page
    assert "下载签章文件" in page
    assert "以下结论不宜再用" not in page
    answer = client.post(f"/screenings/{case_id}/refresh?lang=zh", headers=HTML, follow_redirects=False)
    assert answer.status_code == 303
    shown = main_of(client.get(answer.headers["location"], headers=HTML))
    assert "结论未变：符合" in shown
    assert "各项要点均与上次相同。" in shown
    missing = client.post("/screenings/nothing/refresh?lang=zh", headers=HTML)
    assert missing.status_code == 404
    assert "查无此研判" in missing.text


def test_the_page_tells_validity_in_both_languages(client: TestClient) -> None:
    case_id = client.post("/api/v1/screenings", json=body()).json()["id"]
    zh = main_of(client.get(f"/screenings/{case_id}?lang=zh", headers=HTML))
    en = main_of(client.get(f"/screenings/{case_id}?lang=en", headers=HTML))
    for page, words in (
        (zh, ("有效期", "至 2027-05-20", "有效期内，所依据的成果仍为现行", "刷新", "签章密钥", "扫码查看现时结论")),
        (en, ("until 2027-05-20", "Valid; the release", "Refresh", "Download the sealed file", "Scan for the live")),
    ):
        for word in words:
            assert word in page


def test_the_qr_code_leads_to_the_live_verdict(client: TestClient) -> None:
    case_id = client.post("/api/v1/screenings", json=body()).json()["id"]
    address = f"https://screen.example/screenings/{case_id}"
    answer = client.get(f"/api/v1/screenings/{case_id}/qr.svg?lang=en")
    assert answer.headers["content-type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(answer.text)
    assert address in (drawing.findtext("{*}title") or "")
    wanted = segno.make(address, error="m", micro=False).svg_inline(light="#fff", omitsize=True, lineclass=None)
    (strokes,) = [one.attrib["d"] for one in drawing.iter() if one.attrib.get("stroke")]
    assert strokes in wanted
    page = main_of(client.get(f"/screenings/{case_id}", headers=HTML))
    assert strokes in page
    assert '<svg role="img"' in page
    assert client.get("/api/v1/screenings/nothing/qr.svg").status_code == 404


def test_the_public_address_of_the_settings_wins(data: Path) -> None:
    settings = Settings(data=data, public_url="https://city.example/three-lines/")
    made = ScreeningService(settings, now=lambda: NOW)
    with door(made, settings) as client:
        case_id = client.post("/api/v1/screenings", json=body()).json()["id"]
        drawing = client.get(f"/api/v1/screenings/{case_id}/qr.svg").text
    assert f"https://city.example/three-lines/screenings/{case_id}" in drawing
    made.close()


# -- screenings older than seals ---------------------------------------------------------------------------------------


@pytest.fixture
def old_data(data: Path) -> Path:
    """A store as it was before seals, with one screening in it."""
    with serving(data) as service:
        case_id, _ = office(service)
        kept = service.find(case_id)
    (data / "cases.sqlite3").unlink()
    engine = create_engine(f"sqlite:///{data / 'cases.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", "api:migrations")
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    row = {
        **{name: getattr(CASE, name) for name in ("id", "as_of", "release", "conclusion", "digest")},
        "created_at": kept.created_at,
        "record": json.dumps(kept.record),
        "explanations": json.dumps(kept.explanations),
    }
    names = ", ".join(row)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO screening ({names}) VALUES ({', '.join(f':{one}' for one in row)})"), row)
    engine.dispose()
    return data


def test_an_older_screening_stays_readable_and_says_that_it_cannot_be_recomputed(old_data: Path) -> None:
    with serving(old_data) as service, door(service) as client:
        found = client.get("/api/v1/screenings/a1").json()
        assert (found["seal"], found["changes"]) == (None, None)
        assert found["explanation"]["conclusion"] == "complies"
        for answer in (
            client.get("/api/v1/screenings/a1/sealed"),
            client.post("/api/v1/screenings/a1/refresh?lang=en"),
        ):
            assert answer.status_code == 409
            assert answer.json()["code"] == "sealed-before-format-1"
        page = main_of(client.get("/screenings/a1?lang=zh", headers=HTML))
        assert "作出于封存格式 1 之前，不能重新计算" in page
        assert "下载签章文件" not in page
        assert client.get("/api/v1/screenings/a1/qr.svg").status_code == 200
        office(service)


def test_the_latest_refresh_is_the_one_named(tmp_path: Path) -> None:
    store = CaseStore(f"sqlite:///{tmp_path / 'cases.sqlite3'}")
    store.keep(CASE)
    assert store.refreshed_by(CASE.id) == ""
    for number, day in ((2, "2026-11-25"), (3, "2026-11-24")):
        store.keep(replace(CASE, id=f"a{number}", created_at=f"{day}T00:00:00+08:00", refreshes=CASE.id))
    assert store.refreshed_by(CASE.id) == "a2"
    store.close()

"""The doors of look-ups, interface and pages, in both languages, with two releases behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.look_ups import Kept, LookUps
from api.settings import Settings
from layers.agencies import demonstration_agencies, write_agencies
from layers.delivery import read_delivery
from layers.difference import Difference, ZoneChange
from layers.news import release_news
from layers.publication import Publication, publish, withdraw
from layers.release import read_content, write_release
from layers.snapshot import load_snapshot
from screening.errors import BrokenReleaseError, UnknownUnitError
from screening.words import Language, Text
from tests.conftest import NOW
from tests.smallcity import NW, SW, SmallCity, box, unit
from web.app import create_app
from web.catalogue import words
from web.library_labels import LIBRARY_LABELS
from web.look_up_labels import LOOK_UP_LABELS, NAV_LABELS

HTML = {"accept": "text/html"}
NEW_SW = "ZH37021120009"
PAGES = (
    "/units",
    "/units?q=重点&class=2&district=370211",
    "/units?q=nothing-like-it",
    "/units?point=120.05,36.05",
    "/units?point=120.35,36.25",
    f"/units/{SW}",
    "/water-sources",
    "/water-sources?point=120.145,36.045",
    "/library",
    "/library?q=噪声",
    "/library?q=水源&kind=law&day=2026-08-14",
    "/library?q=nothing-like-it",
    "/library/eco-code-2026",
    "/library/epl-2014?day=2020-01-01",
    "/agencies",
    "/agencies?q=nothing-like-it&status=normal",
    "/news",
    "/terms",
)


def build(city: SmallCity, folder: Path, store: Path, at: str) -> str:
    name = write_release(read_content(read_delivery(city.deliver(folder))), store)
    publish(store, name, at=at, by="tests", override="a test of news")
    return name


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The small city, and the same with one unit renamed, one cut out of another, and layers of a later day."""
    folder = tmp_path_factory.mktemp("two")
    old = build(SmallCity(), folder / "old", folder / "releases", "2026-07-01T00:00:00+08:00")
    city = SmallCity(effective_from=date(2026, 10, 1), surveyed=date(2026, 8, 31))
    units = city.layers["unit_land"]
    units[0] = unit(SW, "西南重点改名", "黄岛区", box(0, 0, 10, 8))
    units.append(unit(NEW_SW, "西南新设", "黄岛区", box(0, 8, 10, 10)))
    new = build(city, folder / "new", folder / "releases", "2026-10-01T00:00:00+08:00")
    return folder / "releases", old, new


@pytest.fixture
def client(two_releases: tuple[Path, str, str], tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "releases").symlink_to(two_releases[0])
    with TestClient(create_app(Settings(data=tmp_path))) as made:
        yield made


# -- every page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_without_scripts_and_is_complete_for_a_reader(
    client: TestClient, address: str, language: str
) -> None:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}", headers=HTML)
    page = answer.text
    assert answer.status_code == 200, page[-2000:]
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert not re.search(r"<script[^>]*\bsrc=", page)  # but for the line every page has in its head
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page)
    assert " style=" not in page
    assert "{" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', page)
    assert set(fields) == labelled
    assert page.count("<table") == page.count("<caption")
    identifiers = re.findall(r' id="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/units/none", 404),
        ("/units?class=9", 422),
        ("/units?page=0", 422),
        ("/units?point=around the corner", 422),
        ("/units?point=10,10", 422),
        ("/water-sources?point=around the corner", 422),
        ("/library/none", 404),
        ("/library?day=yesterday", 422),
        ("/agencies?status=great", 422),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_wrong_is_told_on_a_page(client: TestClient, address: str, status: int, language: Language) -> None:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}", headers=HTML)
    assert answer.status_code == status
    assert words(language)["problem_cure"] in answer.text


def test_what_is_written_stays_text_and_stays_in_the_form(client: TestClient) -> None:
    for address in ("/units", "/library", "/agencies"):
        page = client.get(address, params={"q": '"><script>alert(1)</script>'}, headers=HTML).text
        assert "<script>alert" not in page
        assert "&gt;&lt;script&gt;" in page
    page = client.get("/water-sources", params={"point": "<b>here"}, headers=HTML).text
    assert 'value="&lt;b&gt;here"' in page
    assert 'role="alert"' in page


def test_the_menu_leads_to_every_page_and_marks_where_one_is(client: TestClient) -> None:
    page = client.get("/units?lang=zh", headers=HTML).text
    for address in (
        "/plans",
        "/batch",
        "/units",
        "/water-sources",
        "/library",
        "/agencies",
        "/news",
        "/releases",
        "/terms",
    ):
        assert f'href="{address}?lang=zh"' in page
        assert client.get(address, headers=HTML).status_code == 200
    assert page.count('href="/units?lang=zh" aria-current="page"') == 2


def test_without_a_release_documents_and_words_remain_and_the_rest_says_so(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path))) as client:
        for address in ("/units", "/water-sources"):
            assert client.get(address, headers=HTML).status_code == 503
        found = client.get("/library?q=噪声&lang=zh", headers=HTML)
        assert found.status_code == 200
        assert "条款没有查到" in found.text
        assert "还没有发布过成果" in client.get("/news?lang=zh", headers=HTML).text
        assert client.get("/terms", headers=HTML).status_code == 200
        empty = client.get("/agencies?lang=zh", headers=HTML).text
        assert "尚未导入环评单位名录" in empty
        assert "虚构" not in empty


# -- units -------------------------------------------------------------------------------------------------------------


def test_units_are_listed_by_what_is_asked(client: TestClient) -> None:
    found = client.get("/api/v1/units", params={"q": "西南", "class": 2, "district": "黄岛区"}).json()
    assert {one["code"] for one in found["items"]} == {SW, NEW_SW}
    assert found["total"] == 2
    assert found["covered"] is True
    none = client.get("/api/v1/units?q=nothing-like-it&lang=en").json()
    assert none["total"] == 0
    assert "Not to be read as unrestricted" in none["note"]
    at = client.get("/api/v1/units?lon=120.05&lat=36.15").json()
    assert [one["code"] for one in at["items"]] == [NW]
    assert client.get("/api/v1/units?lon=120.05").status_code == 422
    beyond = client.get("/api/v1/units?page=9").json()
    assert (beyond["items"], beyond["total"], beyond["pages"]) == ([], 7, 1)


def test_a_unit_at_a_point_says_how_sure_that_is(client: TestClient) -> None:
    middle = client.get("/units?point=120.050000,36.040000&lang=en", headers=HTML).text
    assert SW in middle
    assert "certain" in middle
    border = client.get("/units?point=120.100000,36.040000&lang=en", headers=HTML).text
    assert "a person must decide" in border
    outside = client.get("/units?point=120.35,36.25&lang=en", headers=HTML).text
    assert "Not to be read as unrestricted" in outside


def test_a_unit_is_told_with_everything_and_its_history(
    client: TestClient, two_releases: tuple[Path, str, str]
) -> None:
    _, old, new = two_releases
    told = client.get(f"/api/v1/units/{SW}?lang=en").json()
    assert (told["release"], told["class"], told["class_label"]) == (new, 2, "key control")
    assert sum(one["share"] for one in told["zones"] if one["layer"] == "water") == pytest.approx(1.0, abs=1e-9)
    assert {one["bound"] for one in told["clauses"]} >= {"unit", "class"}
    assert all(one["basis"] and one["valid_from"] for one in told["clauses"])
    assert [one["release"] for one in told["history"]] == [new, old]
    assert [one["exists"] for one in told["history"]] == ["yes", "yes"]
    assert any("西南重点 → 西南重点改名" in one for one in told["history"][0]["changes"])
    assert any(one.startswith("border moved") for one in told["history"][0]["changes"])
    fresh = client.get(f"/api/v1/units/{NEW_SW}").json()["history"]
    assert [one["exists"] for one in fresh] == ["yes", "no"]
    ceiling = next(one for one in told["lines"] if one["kind"] == "ceiling" and one["left"] is not None)
    assert ceiling["left"] == pytest.approx(ceiling["cap"] - ceiling["used"])
    assert ceiling["met"] is True


def test_the_page_of_a_unit_draws_it_and_says_it_in_words(
    client: TestClient, two_releases: tuple[Path, str, str]
) -> None:
    page = client.get(f"/units/{SW}?lang=en", headers=HTML).text
    assert re.search(r'<path class="own class-2"[^>]* d="M[\d. L-]+Z', page)
    assert "About 9.0 km from west to east" in page
    assert f'href="/releases/{two_releases[2]}?lang=en"' in page
    link = re.search(r'href="(/\?lon=([\d.]+)&amp;lat=([\d.]+)&amp;lang=en)"', page)
    assert link is not None
    at = client.get("/api/v1/units", params={"lon": link[2], "lat": link[3]}).json()
    assert [one["code"] for one in at["items"]] == [SW]
    assert page.index("spatial layout") < page.index("pollutant discharge") < page.index("resource efficiency")
    assert "西化工园" in page


def test_a_dossier_that_took_too_long_says_so_and_is_not_kept(two_releases: tuple[Path, str, str]) -> None:
    snapshot = load_snapshot(two_releases[0] / two_releases[2])
    ticks = iter([0.0, *[100.0] * 13, *[200.0] * 14])  # 13 layers beside the units: too late for all, then in time
    look_ups = LookUps(two_releases[0], clock=lambda: next(ticks))
    late = look_ups.dossier(snapshot, SW, date(2026, 11, 21))
    assert not late.inside
    assert len(late.unanswered) == 13
    assert look_ups.dossier(snapshot, SW, date(2026, 11, 21)).inside
    with pytest.raises(UnknownUnitError):
        LookUps(two_releases[0]).dossier(snapshot, "none", date(2026, 11, 21))


def test_what_is_kept_is_bounded_and_made_once() -> None:
    made: list[int] = []
    kept: Kept[int] = Kept(2)
    for key in (1, 1, 2, 3, 1):
        assert kept.get(key, lambda key=key: made.append(key) or key) == key  # type: ignore[misc, func-returns-value]
    assert made == [1, 2, 3, 1]


# -- water sources -----------------------------------------------------------------------------------------------------


def test_the_interface_says_in_which_protection_area_a_point_lies(client: TestClient) -> None:
    told = client.get("/api/v1/water-sources?lon=120.145&lat=36.045&lang=en").json()
    check = told["check"]
    assert check["standing"] == "inside"
    assert (check["met"][0]["name"], check["met"][0]["level"]) == ("东水库", "一级保护区")
    assert check["met"][0]["clauses"][0]["id"] == "DEMO-N-03"
    away = client.get("/api/v1/water-sources?lon=120.05&lat=36.15&lang=en").json()["check"]
    assert away["standing"] == "outside"
    assert "no clearance" in away["told"]
    assert away["nearest_m"] > 1000
    listed = client.get("/api/v1/water-sources").json()
    assert listed["check"] is None
    assert len(listed["areas"]) == 3
    assert client.get("/api/v1/water-sources?lat=36").status_code == 422


def test_the_page_shows_what_the_law_forbids_there(client: TestClient) -> None:
    page = client.get("/water-sources?point=120.145000,36.045000&lang=zh", headers=HTML).text
    assert "位于“东水库 一级保护区”内" in page
    assert "禁止新建、改建、扩建" in page
    assert "未核实" in page


# -- library, agencies, news -------------------------------------------------------------------------------------------


def test_the_library_finds_documents_and_clauses(client: TestClient) -> None:
    found = client.get("/api/v1/library?q=水源").json()
    assert "qd-water-source-2021" in {one["id"] for one in found["documents"]}
    assert "DEMO-N-03" in {one["id"] for one in found["clauses"]}
    resting = client.get("/api/v1/documents/eco-code-2026/clauses?as_of=2026-11-21").json()
    assert "DEMO-N-03" in {one["id"] for one in resting["clauses"]}
    assert client.get("/api/v1/documents/none/clauses").status_code == 404
    page = client.get("/library/water-law-2017?lang=zh&day=2026-11-21", headers=HTML).text
    assert "DEMO-N-03" in page
    assert "原依据" in page
    assert "生态环境法典" in page


def test_a_document_is_in_force_before_its_repeal_and_not_after(client: TestClient) -> None:
    before = client.get("/library?q=GB 12348-90&day=2008-01-01&lang=zh", headers=HTML).text
    after = client.get("/library?q=GB 12348-90&day=2026-01-01&lang=zh", headers=HTML).text
    assert "已被代替" not in before
    assert "已被代替" in after


def test_a_citys_own_agencies_are_shown_without_the_label_of_invented_ones(client: TestClient, tmp_path: Path) -> None:
    assert "全部虚构" in client.get("/agencies?lang=zh", headers=HTML).text
    write_agencies(demonstration_agencies()[:2], tmp_path / "agencies.csv")
    page = client.get("/agencies?lang=zh", headers=HTML).text
    assert "全部虚构" not in page
    assert "共 2 条" in page
    assert "不表示该单位不存在" in client.get("/agencies?q=zzz&lang=zh", headers=HTML).text


def test_news_say_in_plain_words_what_changed(client: TestClient, two_releases: tuple[Path, str, str]) -> None:
    items = client.get("/api/v1/news?lang=en").json()["items"]
    assert [one["release"] for one in items] == [two_releases[2], two_releases[1]]
    told = " ".join(items[0]["lines"])
    assert "Control units, land: 1 appeared" in told
    assert "1 renamed" in told
    assert "now shows 2026-08-31" in told
    assert items[1]["lines"] == [
        "The first release: 6 control units, 15 layers, " + items[1]["lines"][0].rsplit(", ", 1)[1]
    ]
    page = client.get("/news?lang=zh", headers=HTML).text
    assert page.index("2026-10-01 起施行") < page.index("2026-07-01 起施行")


def test_news_name_units_that_changed_class_and_releases_that_cannot_be_compared() -> None:
    def published(name: str) -> Publication:
        day = date(2026, 1, 1)
        return Publication(release=name, effective_from=day, effective_until=None, published_at="", published_by="")

    title, layer = (
        {"zh": "甲", "en": "A"},
        {"role": "unit", "name": {"zh": "单元", "en": "units"}, "surveyed": "2026-01-01"},
    )
    manifest = {"title": title, "nature": "official", "layers": {"unit_land": layer}, "clauses": 0}
    change = ZoneChange(
        layer="unit_land", code="U1", name="一", kind="class", before="3", after="2",
        gained_m2=0.0, lost_m2=0.0, longitude=0.0, latitude=0.0,
    )  # fmt: skip
    found = Difference(old="a", new="b", zones=(change,), rows=())
    first = {**manifest, "statistics": {"unit_land": {"rows": 1}}}
    news = release_news([(published("b"), manifest), (published("a"), first)], lambda old, new: found)
    assert [one.en for one in news[0].lines] == ["units: 1 changed class."]
    assert (news[0].classes[0].before.zh, news[0].classes[0].after.zh) == ("一般管控", "重点管控")
    assert news[1].before == ""

    def broken(old: str, new: str) -> Difference:
        raise BrokenReleaseError.of(old, "air.parquet", Text("缺失", "is missing"))

    told = release_news([(published("b"), manifest), (published("a"), first)], broken)
    assert told[0].problem is not None
    assert told[0].lines == ()


def test_a_withdrawn_release_is_told_as_withdrawn(two_releases: tuple[Path, str, str], tmp_path: Path) -> None:
    store, _, new = two_releases
    own = tmp_path / "releases"
    own.mkdir()
    for one in store.iterdir():
        if one.is_dir():
            (own / one.name).symlink_to(one)
    (own / "publications.json").write_bytes((store / "publications.json").read_bytes())
    withdraw(own, new, at=NOW.isoformat(), by="tests", because="界线有误")
    with TestClient(create_app(Settings(data=tmp_path))) as client:
        page = client.get("/news?lang=zh", headers=HTML).text
        assert "已撤回：界线有误" in page
        assert client.get(f"/api/v1/units/{SW}").json()["history"][0]["withdrawn"] is True


def test_labels_are_said_in_both_languages_and_fill_the_same_places() -> None:
    for text in [*LOOK_UP_LABELS.values(), *LIBRARY_LABELS.values(), *NAV_LABELS.values()]:
        assert text.zh.strip()
        assert text.en.strip()
        assert set(re.findall(r"{\w+}", text.zh)) == set(re.findall(r"{\w+}", text.en))

"""Static files and styles: kept for ever under a name of their content, words only where they are said, one palette."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from web.app import create_app
from web.assets import ASSETS, FOLDER, LASTING, Assets
from web.catalogue import words
from web.check_form import SLOTS, Written
from web.installed import service_worker

STYLES = sorted(FOLDER.glob("*.css"))
SIZES = {"1.5rem", "1.15rem", "1.05rem", "1rem", ".925rem", ".875rem"}
FIRST_ANSWER_BYTES = 100_000


@pytest.fixture(scope="module")
def client(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("files")
    (data / "releases").symlink_to(small_store[0])
    with TestClient(create_app(Settings(data=data))) as made:
        yield made


# -- static files ------------------------------------------------------------------------------------------------------


def test_a_named_version_is_kept_for_ever_and_everything_else_is_asked_for_again(client: TestClient) -> None:
    named = client.get(ASSETS.address("app.css"))
    assert named.headers["cache-control"] == LASTING
    for address in ("/static/app.css", "/static/~000000000000/app.css"):
        found = client.get(address)
        assert (found.status_code, found.headers["cache-control"]) == (200, "no-cache")
        assert found.content == named.content
        again = client.get(address, headers={"If-None-Match": found.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_files_come_compressed_where_that_gains_and_plain_where_not_asked_for(client: TestClient) -> None:
    packed = client.get("/static/app.css", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/static/app.css", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == (FOLDER / "app.css").read_bytes()
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert "content-encoding" not in client.get("/static/icons/icon-192.png").headers


@pytest.mark.parametrize("path", ["none.css", "../app.py", "%2e%2e/app.py", "~000000000000/../../app.py", ""])
def test_nothing_outside_the_folder_is_given(client: TestClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_another_content_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one")
    first = Assets(tmp_path).digest
    (tmp_path / "a.js").write_text("two")
    assert Assets(tmp_path).digest != first
    (tmp_path / "a.js").write_text("one")
    assert Assets(tmp_path).digest == first


@pytest.mark.parametrize("path", ["/?lang=zh", "/terms?lang=en", "/docs", "/batch"])
def test_every_link_to_a_static_file_names_its_version_and_leads_to_it(client: TestClient, path: str) -> None:
    links = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(path).text)
    assert links
    for link in links:
        assert client.get(link).headers["cache-control"] == LASTING, link


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_whatever_a_script_says_is_in_the_catalogue(script: Path) -> None:
    said = re.findall(r'\bsay\("(\w+)"', script.read_text(encoding="utf-8"))
    assert set(said) <= words("zh").keys()


def test_a_page_brings_the_words_of_its_scripts_and_no_others(client: TestClient) -> None:
    check = client.get("/?lang=zh").text
    brought = json.loads(re.findall(r'id="words"[^>]*>(.*?)</script>', check, re.S)[0])
    said = {
        word
        for name in ASSETS.modules("app.js")
        for word in re.findall(r'\bsay\("(\w+)"', (FOLDER / name).read_text(encoding="utf-8"))
    }
    assert said <= brought.keys() < words("zh").keys()
    assert len(brought) < len(words("zh")) / 3
    assert 'id="words"' not in client.get("/terms").text


def test_the_check_page_without_its_map_is_light(client: TestClient) -> None:
    page = client.get("/?lang=zh", headers={"Accept-Encoding": "gzip"})
    scripts = sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in ASSETS.modules("app.js"))
    styles = len(gzip.compress((FOLDER / "app.css").read_bytes(), 9))
    assert int(page.headers["content-length"]) + scripts + styles < FIRST_ANSWER_BYTES / 2


# -- styles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_colours_stand_in_the_tokens_and_sizes_on_one_scale(style: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.S)
    tokens = re.compile(r":root \{[^}]*\}")
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", tokens.sub("", rules)) == []
    sizes = {one.removeprefix("0") for one in re.findall(r"font-size: ([\d.]+rem)", rules)}
    assert sizes <= SIZES


def test_every_token_of_a_style_is_defined() -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", rules))
    assert used <= set(re.findall(r"(--[\w-]+):", rules))


def test_the_dark_palette_names_every_colour_that_the_light_one_turns() -> None:
    light, dark = re.findall(r":root \{([^}]*)\}", (FOLDER / "app.css").read_text(encoding="utf-8"))[:2]
    kept = {name for name in re.findall(r"(--[\w-]+):", light) if name.startswith(("--map-", "--class-"))}
    kept |= {"--font", "--gap", "--radius", "--on-bar", "--bar-line", "--bar-mark"}
    assert set(re.findall(r"(--[\w-]+):", light)) - kept == set(re.findall(r"(--[\w-]+):", dark))


# -- the form without scripts ------------------------------------------------------------------------------------------


def test_every_field_of_the_form_keeps_what_a_link_says(client: TestClient) -> None:
    asked = Written(
        site="120.13,36.33",
        site_name="甲地",
        width_m="40",
        start_station="K1+000",
        radius_m="50",
        accuracy_m="35",
        declared_area_m2="100",
        industry="C3360",
        project_name="某项目",
        as_of="2026-10-01",
    )
    page = client.get(f"/?{asked.query()}").text
    assert ">120.13,36.33</textarea>" in page
    for value in ("甲地", "40", "K1+000", "50", "35", "100", "C3360", "某项目", "2026-10-01"):
        assert f'value="{value}"' in page
    assert 'lang=en"' in page


@pytest.mark.parametrize(
    ("sent", "slot", "status"),
    [
        ({"industry": "I6511"}, "problem-site", 422),
        ({"site": "120.15,36.08"}, "problem-industries", 422),
        ({"site": "120.15,36.08", "industry": "no such trade"}, "problem-industries", 422),
        ({"site": "120.15,36.08", "industry": "I6511", "width_m": "0"}, "problem-width", 422),
        ({"site": "120.15,36.08", "industry": "I6511", "radius_m": "x"}, "problem-radius", 422),
        ({"site": "120.15,36.08", "industry": "I6511", "as_of": "soon"}, "problem-as-of", 422),
        ({"site": "120.15,36.08", "industry": "I6511", "construction": "none"}, "problem-construction", 422),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_problem_is_told_in_its_own_slot(
    client: TestClient, sent: dict[str, str], slot: str, status: int, language: str
) -> None:
    answer = client.post(f"/?lang={language}", data=sent)
    assert answer.status_code == status
    assert re.search(rf'id="{slot}"[^>]*>\s*<div class="problem-box"', answer.text)
    assert answer.text.count('class="problem-box"') == 1
    assert slot in SLOTS.values()


def test_an_answered_form_leads_to_the_kept_answer(client: TestClient) -> None:
    asked = {"site": "120.15,36.08", "industry": "I6511", "construction": "new"}
    answer = client.post("/?lang=en", data=asked, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?lang=en")
    assert "Verdict" in client.get(answer.headers["location"]).text


def test_opening_a_link_that_fills_the_form_keeps_nothing(small_store: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "releases").symlink_to(small_store[0])
    client = TestClient(create_app(Settings(data=tmp_path)))
    asked = {"site": "120.15,36.08", "industry": "I6511", "construction": "new"}

    def kept() -> int:
        with closing(sqlite3.connect(tmp_path / "cases.sqlite3")) as store:
            return int(store.execute("select count(*) from screening").fetchone()[0])

    client.post("/", data=asked)
    client.get("/", params=asked)
    assert kept() == 1


# -- installed ---------------------------------------------------------------------------------------------------------


def test_the_worker_is_asked_for_again_each_time_and_keeps_no_answer(client: TestClient) -> None:
    found = client.get("/sw.js")
    assert found.headers["cache-control"] == "no-cache"
    assert found.headers["content-type"].startswith("text/javascript")
    assert found.text == service_worker(ASSETS)
    shell = json.loads(re.findall(r"JSON.parse\('(.*?)'\)", found.text)[0])
    assert not [one for one in shell if one.startswith(("/api", "/tiles", "/screenings"))]
    for address in shell:
        assert client.get(address).status_code == 200

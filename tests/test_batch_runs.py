"""Batches as screened: every row once, whatever happens in between; the commands and the HTTP door."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl  # type: ignore[import-untyped]
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_api
from api.batch_files import BatchFiles
from api.batch_journal import Journal
from api.batches import screen_rows
from api.service import ScreeningService
from api.settings import Settings
from layers.batches.model import Batch
from layers.batches.results import RowResult
from layers.batches.rows import read_batch
from screening.errors import BatchJournalError, CaseStoreError, NoReleaseError, UnknownBatchFileError
from tests.conftest import NOW, question
from tests.smallcity import AS_OF
from tests.test_batches import saved, shapefile
from tests.test_cli import run
from web.app import create_app

HEADER = ["项目名称", "坐标", "行业代码", "建设性质", "我的备注"]
GOOD = ["甲", "120.18, 36.08", "I6511", "新建", "好"]
BAD_CODE = ["乙", "120.18, 36.08", "9999", "新建", "代码"]
OUTSIDE = ["丙", "110.18, 36.08", "I6511", "新建", "外地"]
SHIFTED = ["丁", "高德坐标 120.1850,36.0830", "I6511", "新建", "高德"]
BLANK: list[str] = [""] * 5


def batch_of(tmp_path: Path, *rows: list[str]) -> Batch:
    return read_batch(saved(tmp_path / "b.xlsx", [HEADER, *rows]), cap=None)


def screened(service: ScreeningService, batch: Batch, **more: Any) -> list[RowResult]:
    return list(screen_rows(service, batch, "zh", AS_OF, **more))


# -- the runner --------------------------------------------------------------------------------------------------------


def test_a_row_that_cannot_be_screened_keeps_no_other_from_it(service: ScreeningService, tmp_path: Path) -> None:
    done = screened(service, batch_of(tmp_path, GOOD, BAD_CODE, BLANK, OUTSIDE, SHIFTED, GOOD))
    assert [one.row.source.number for one in done] == [2, 3, 5, 6, 7]
    assert [one.kept is not None for one in done] == [True, False, False, False, True]
    assert [one.faults[0].key for one in done if one.faults] == ["industries", "coordinates", "coordinates"]
    assert done[2].faults[0].code == "site-outside-jurisdiction"
    for one in done:
        if one.kept:
            assert service.find(one.kept.id).digest == one.kept.digest


def test_a_batch_gives_the_verdicts_that_single_questions_give(service: ScreeningService, tmp_path: Path) -> None:
    (one,) = screened(service, batch_of(tmp_path, GOOD))
    asked = question("120.18, 36.08")
    alone = service.screen(
        type(asked)(
            text=asked.text, industries=asked.industries, construction=asked.construction, facts={}, as_of=AS_OF
        )
    )
    assert one.kept is not None
    assert one.kept.conclusion == alone.record["conclusion"]
    kept = service.find(one.kept.id).record
    assert kept["findings"] == alone.record["findings"]


def test_a_batch_stops_between_rows_and_says_how_far_it_got(service: ScreeningService, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = screened(
        service,
        batch_of(tmp_path, *[GOOD] * 5),
        progress=lambda at, total: told.append((at, total)),
        is_cancelled=lambda: len(told) == 3,
    )
    assert len(done) == 2
    assert told == [(0, 5), (1, 5), (2, 5)]


def test_without_a_release_nothing_is_begun(tmp_path: Path) -> None:
    made = ScreeningService(Settings(data=tmp_path), now=lambda: NOW)
    batch = batch_of(tmp_path, GOOD)
    with pytest.raises(NoReleaseError):
        screened(made, batch)
    made.close()


def test_a_store_that_fails_stops_the_batch_after_what_is_kept(service: ScreeningService, tmp_path: Path) -> None:
    batch = batch_of(tmp_path, GOOD, GOOD)
    rows = screen_rows(service, batch, "zh", AS_OF)
    first = next(rows)
    with sqlite3.connect(tmp_path / "cases.sqlite3") as store:
        store.execute("ALTER TABLE screening RENAME TO gone")
    with pytest.raises(CaseStoreError):
        next(rows)
    with sqlite3.connect(tmp_path / "cases.sqlite3") as store:
        store.execute("ALTER TABLE gone RENAME TO screening")
    assert first.kept is not None
    assert service.find(first.kept.id).id == first.kept.id


def test_a_thousand_rows(service: ScreeningService, tmp_path: Path) -> None:
    rows = [[f"项目{n}", f"120.{10 + n % 9}, 36.0{1 + n % 9}", "I6511", "新建", ""] for n in range(1000)]
    done = screened(service, batch_of(tmp_path, *rows))
    assert [one.row.source.number for one in done] == list(range(2, 1002))
    assert len({one.kept.id for one in done if one.kept}) == 1000


# -- the journal -------------------------------------------------------------------------------------------------------


def opened(path: Path, **other: str) -> Journal:
    return Journal.open(path, **{"input_digest": "d", "options": "o", "as_of": "", "today": "2026-11-21", **other})


def test_an_id_outlives_the_process_and_a_torn_line_does_not(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with opened(path) as journal:
        first = journal.id_of("项目!2")
        assert journal.id_of("项目!2") == first
    with path.open("ab") as file:
        file.write('{"row": "项目!3", "scree'.encode())
    with opened(path, today="2027-01-01") as journal:
        assert (journal.begun, journal.as_of) == (1, "2026-11-21")
        assert journal.id_of("项目!2") == first
        second = journal.id_of("项目!3")
    with opened(path) as journal:
        assert journal.id_of("项目!3") == second


@pytest.mark.parametrize("other", [{"input_digest": "x"}, {"options": "x"}, {"as_of": "2026-01-01"}])
def test_a_journal_of_another_batch_is_refused(tmp_path: Path, other: dict[str, str]) -> None:
    with opened(tmp_path / "j"):
        pass
    with pytest.raises(BatchJournalError):
        opened(tmp_path / "j", **other)


def test_a_journal_serves_one_process_and_is_a_journal(tmp_path: Path) -> None:
    with opened(tmp_path / "j"), pytest.raises(BatchJournalError, match="另一个进程"):
        opened(tmp_path / "j")
    (tmp_path / "k").write_text("不是\n")
    with pytest.raises(BatchJournalError, match="不是进度文件"):
        opened(tmp_path / "k")


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    (tmp_path / "releases").symlink_to(small_store[0])
    return tmp_path


def results_of(path: Path) -> list[tuple[str, str, str]]:
    """Place, conclusion and id of every row."""
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True))
    return [(row[0], row[2], row[7] or "") for row in rows]


def kept_in(data: Path) -> set[str]:
    with sqlite3.connect(data / "cases.sqlite3") as store:
        return {row[0] for row in store.execute("SELECT id FROM screening")}


def test_the_command_screens_tells_and_leaves_rows_to_mend(data: Path) -> None:
    file = saved(data / "b.xlsx", [HEADER, GOOD, BAD_CODE, BLANK, OUTSIDE])
    done = run(data, "batch", str(file), "--as-of", "2026-11-21")
    assert done.returncode == 1, done.stderr
    assert "已研判 1，待修改 2，空行 1" in done.stderr
    assert [row[1] for row in results_of(data / "b-results.xlsx")] == ["无法判定", "未研判", "未研判"]
    book = openpyxl.load_workbook(data / "b-mend.xlsx")
    sheet = book["项目"]
    headers = [cell.value for cell in sheet[2]]
    assert headers[0] == "问题"
    assert [row[headers.index("我的备注")] for row in sheet.iter_rows(min_row=3, values_only=True)] == ["代码", "外地"]
    sheet.cell(3, headers.index("行业代码 *") + 1).value = "I6511"
    sheet.cell(4, headers.index("坐标 *") + 1).value = "120.18, 36.08"
    book.save(data / "b-mend.xlsx")
    mended = run(data, "batch", str(data / "b-mend.xlsx"), "--as-of", "2026-11-21", "--lang", "en")
    assert mended.returncode == 0, mended.stderr
    assert [row[1] for row in results_of(data / "b-mend-results.xlsx")] == ["cannot be determined"] * 2
    assert not list(data.glob("*.journal"))


def test_the_command_takes_a_shapefile_with_a_mapping(data: Path) -> None:
    mapping = data / "m.toml"
    mapping.write_text('project_name = "项目名"\n"fact:water_m3_per_year" = "用水"\n', encoding="utf-8")
    done = run(data, "batch", str(shapefile(data)), "--mapping", str(mapping), "--as-of", "2026-11-21")
    assert done.returncode == 1, done.stderr
    assert "已研判 1，待修改 2" in done.stderr


def test_the_command_takes_a_folder_of_a_geodatabase(data: Path) -> None:
    shapes = [shapely.box(120.18, 36.08, 120.182, 36.082)]
    columns = {"项目名称": ["甲"], "行业代码": ["I6511"], "建设性质": ["新建"]}
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4490).to_file(data / "b.gdb", driver="OpenFileGDB")
    done = run(data, "batch", str(data / "b.gdb"), "--as-of", "2026-11-21")
    assert done.returncode == 0, done.stderr
    assert "已研判 1，待修改 0" in done.stderr


@pytest.mark.parametrize(
    ("mapping", "said"), [('nonsense = "a"', "没有名为"), ("industries = 1", "没有名为"), ("= =", "不能这样映射")]
)
def test_a_mapping_that_does_not_fit_is_refused(data: Path, mapping: str, said: str) -> None:
    (data / "m.toml").write_text(mapping, encoding="utf-8")
    file = saved(data / "b.xlsx", [HEADER, GOOD])
    done = run(data, "batch", str(file), "--mapping", str(data / "m.toml"))
    assert done.returncode == 2
    assert said in done.stderr


def test_a_run_killed_in_the_middle_goes_on_with_every_row_exactly_once(data: Path) -> None:
    rows = [
        [f"项目{n}", f"120.{10 + n % 9}, 36.0{1 + n % 9}", "I6511" if n % 7 else "9999", "新建", ""] for n in range(90)
    ]
    file = saved(data / "b.xlsx", [HEADER, *rows])
    journal = data / "b-results.xlsx.journal"
    words = [sys.executable, "-m", "api.cli", "batch", str(file), "--as-of", "2026-11-21"]
    environment = {**os.environ, "THREELINES_DATA": str(data)}
    for wanted in (12, 40):
        with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as running:
            while running.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < wanted):
                time.sleep(0.005)
            running.send_signal(signal.SIGKILL)
        assert running.returncode == -signal.SIGKILL
        assert not (data / "b-results.xlsx").exists()
    begun = {json.loads(line)["screening"] for line in journal.read_text().splitlines()[1:]}
    done = run(data, "batch", str(file))  # takes the journal's day
    assert done.returncode == 1, done.stderr
    assert "接着做" in done.stderr
    found = results_of(data / "b-results.xlsx")
    assert [place for place, _, _ in found] == [f"项目!{n}" for n in range(2, 92)]
    ids = [case_id for _, _, case_id in found if case_id]
    assert len(ids) == len(set(ids)) == sum(row[2] == "I6511" for row in rows)
    assert begun <= set(ids)
    assert kept_in(data) == set(ids)


def test_ctrl_c_finishes_the_row_and_says_how_far_it_got(data: Path) -> None:
    file = saved(data / "b.xlsx", [HEADER, *[GOOD] * 200])
    journal = data / "b-results.xlsx.journal"
    words = [sys.executable, "-m", "api.cli", "batch", str(file), "--as-of", "2026-11-21"]
    environment = {**os.environ, "THREELINES_DATA": str(data)}
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 5):
            time.sleep(0.005)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()
    assert running.returncode == 130, said.decode()
    assert "重复同一命令即接着做" in said.decode()
    assert len(kept_in(data)) == journal.read_bytes().count(b"\n") - 1


def test_the_template_command_writes_both_languages(tmp_path: Path) -> None:
    for language, sheet in (("zh", "项目"), ("en", "Projects")):
        done = run(tmp_path, "batch-template", str(tmp_path / "t.xlsx"), "--lang", language)
        assert done.returncode == 0, done.stderr
        assert sheet in openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames


# -- the HTTP door -----------------------------------------------------------------------------------------------------


@pytest.fixture
def client(service: ScreeningService, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_api(Settings(data=tmp_path, batch_rows=6), service)) as made:
        yield made


def sent(client: TestClient, content: bytes, where: str = "batches", name: str = "b.xlsx", **more: str) -> Any:
    headers = {"Content-Type": "application/octet-stream"}
    params = {"name": name, "lang": "zh", **more}
    return client.post(f"/api/v1/{where}", params=params, content=content, headers=headers)


def table(tmp_path: Path, *rows: list[str]) -> bytes:
    return saved(tmp_path / "sent.xlsx", [HEADER, *rows]).read_bytes()


@pytest.mark.parametrize(("language", "sheet"), [("zh", "项目"), ("en", "Projects")])
def test_the_template_is_offered(client: TestClient, language: str, sheet: str) -> None:
    answer = client.get(f"/api/v1/batch-template?lang={language}")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert sheet in openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames


def test_a_look_keeps_nothing_and_tells_everything(client: TestClient, tmp_path: Path) -> None:
    answer = sent(client, table(tmp_path, GOOD, BAD_CODE, OUTSIDE), "batches/preview")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["counts"] == {"rows": 3, "read": 1, "faulty": 2, "blank": 0, "example": 0}
    assert found["most_rows"] == 6
    assert found["tables"][0]["mapping"]["industries"] == "行业代码"
    assert found["tables"][0]["unmapped"] == ["我的备注"]
    assert [(one["row"], one["column"]) for one in found["faults"]] == [(3, "行业代码"), (4, "坐标")]
    assert kept_in(tmp_path) == set()


def test_rows_are_screened_and_both_workbooks_can_be_fetched(client: TestClient, tmp_path: Path) -> None:
    found = sent(client, table(tmp_path, GOOD, BAD_CODE)).json()
    good, bad = found["rows"]
    assert client.get(f"/api/v1/screenings/{good['screening']}").json()["digest"] == good["digest"]
    assert (bad["state"], bad["conclusion"], bad["conclusion_label"]) == ("faulty", None, "未研判")
    results = openpyxl.load_workbook(io.BytesIO(client.get(found["results_url"]).content))
    assert results.sheetnames == ["结果", "要点", "说明"]
    assert results["结果"].freeze_panes is not None
    assert results["结果"].auto_filter.ref is not None
    about = " ".join(str(cell.value) for row in results["说明"] for cell in row)
    assert "不具法律效力" in about
    assert good["release"] in about
    assert found["digest"] in about
    mend = client.get(found["mend_url"]).content
    again = sent(client, mend).json()
    assert [row["name"] for row in again["rows"]] == ["乙"]


def test_a_mapping_is_sent_as_json(client: TestClient, tmp_path: Path) -> None:
    content = shapefile(tmp_path).read_bytes()
    mapping = json.dumps({"project_name": "项目名"})
    found = sent(client, content, name="plots.zip", mapping=mapping).json()
    assert [row["name"] for row in found["rows"]] == ["甲厂", "乙厂", "丙厂"]
    assert [row["state"] for row in found["rows"]] == ["screened", "faulty", "faulty"]
    for wrong in ("{", "[]", '{"industries": 1}'):
        assert sent(client, content, name="plots.zip", mapping=wrong).status_code == 422


def test_too_many_rows_are_refused_with_the_limit_and_none_is_screened(client: TestClient, tmp_path: Path) -> None:
    answer = sent(client, table(tmp_path, *[GOOD] * 7))
    assert (answer.status_code, answer.json()["code"]) == (413, "batch-too-large")
    assert "6" in answer.json()["what"]
    assert kept_in(tmp_path) == set()


def test_a_file_that_is_none_of_ours_is_refused(client: TestClient) -> None:
    assert sent(client, b"hello", name="a.pdf").json()["code"] == "unreadable-site-file"
    assert sent(client, b"hello", name="a.xlsx").json()["code"] == "unreadable-site-file"
    assert sent(client, b"hello", name="..").status_code == 422


def test_workbooks_are_kept_for_their_hours_and_nothing_else_is_found(tmp_path: Path) -> None:
    files = BatchFiles(tmp_path / "f", hours=1)
    name = files.keep(b"one")
    assert files.find(name) == b"one"
    os.utime(tmp_path / "f" / name, (0, 0))
    for wrong in (name, "0" * 64, "../cases.sqlite3"):
        with pytest.raises(UnknownBatchFileError):
            files.find(wrong)
    files.keep(b"two")
    assert len(list((tmp_path / "f").iterdir())) == 1


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_works_without_a_script(data: Path, language: str) -> None:
    content = table(data, GOOD, BAD_CODE)
    headers = {"Accept": "text/html"}
    with TestClient(create_app(Settings(data=data))) as client:
        assert "/batch?" in client.get(f"/?lang={language}").text
        for action in ("look", "screen"):
            answer = client.post(
                f"/batch?lang={language}",
                files={"file": ("b.xlsx", content)},
                data={"action": action, "mapping": "project_name = 项目名称"},
                headers=headers,
            )
            assert answer.status_code == 200
            assert "9999" in answer.text
        wrong = client.post(f"/batch?lang={language}", files={"file": ("b.pdf", b"x")}, headers=headers)
        assert wrong.status_code == 422
        assert "text/html" in wrong.headers["content-type"]

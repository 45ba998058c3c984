"""The dashboards over HTTP: JSON says what the downloads say, to the same people, over the same cases."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.approval_port import approval_port
from api.dashboards.service import TITLES
from api.service import ScreeningService
from api.settings import Settings
from tests.approvals import CHEAP, HERE, OPERATOR, PEOPLE, add_person
from tests.pastcases import past, write_rows
from tests.test_approval_doors import PAGE, csrf_of, signed_in, staff
from web.app import create_app

AWAY = "370281"
BASE = "/api/v1/approval/dashboards"
FILTERS = ("", "district=370211", "since=2025-02-01", "since=2025-01-15&until=2025-02-28&district=370281")


@pytest.fixture(scope="module")
def app(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Some cases of the past in two districts, four of them screened."""
    folder = tmp_path_factory.mktemp("boards")
    (folder / "releases").symlink_to(small_store[0])
    settings = Settings(data=folder, password_cost=CHEAP)
    service = ScreeningService(settings)
    port = approval_port(service, settings)
    for name, role, districts in PEOPLE:
        add_person(port, name, role, *districts)
    rows = [
        past(
            f"OLD-{at}",
            opened_on=f"2025-0{1 + at % 3}-03",
            district=HERE if at % 3 else AWAY,
            eia_category=("报告书", "报告表", "")[at % 3],
            operated_on="2023-05-06" if at % 2 else "",
            agency=("甲单位", "乙单位")[at % 2],
            reviewed_on="" if at == 4 else "2025-03-20",
        )
        for at in range(12)
    ]
    assert not port.history.load(OPERATOR, write_rows(folder / "past.csv", *rows), is_demonstration=True).issues
    assert port.history.screen(OPERATOR, 4).done == 4
    service.close()
    return create_app(settings)


def in_csv(cell: Any) -> str:
    return "" if cell is None else str(cell)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("asked", FILTERS)
@pytest.mark.parametrize("board", TITLES)
def test_json_says_what_the_downloads_say(app: FastAPI, board: str, asked: str, language: str) -> None:
    chief = signed_in(app, "chief")
    answer = chief.get(f"{BASE}/{board}?{asked}&lang={language}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["key"], found["title"]) == (board, TITLES[board].in_(language))  # type: ignore[arg-type]
    assert found["cases"] == found["demonstration"]
    assert found["tables"]
    for table in found["tables"]:
        file = chief.get(f"/approval/dashboards/{board}/{table['key']}.csv?{asked}&lang={language}")
        assert file.status_code == 200
        read = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        header = read.index([one["title"] for one in table["columns"]])
        assert read[header + 1 :] == [[in_csv(cell) for cell in row] for row in table["rows"]]
        assert f"{found['cases']} " in read[0][0]
        heading = [line[0] for line in read[:header]]
        assert [one for one in (*found["notes"], table["note"]) if one and one not in heading] == []
        keys = [one["key"] for one in table["columns"]]
        for chart in table["charts"]:
            assert {chart["label"], *chart["values"]} <= set(keys)


def test_a_filter_chooses_among_the_same_cases(app: FastAPI) -> None:
    chief = signed_in(app, "chief")

    def cases(asked: str) -> int:
        count: int = chief.get(f"{BASE}/efficiency?{asked}").json()["cases"]
        return count

    assert cases("") == 12
    assert cases(f"district={HERE}") + cases(f"district={AWAY}") == 12
    assert cases("until=2025-01-31") + cases("since=2025-02-01") == 12
    told = chief.get(f"{BASE}/efficiency?since=2025-02-01&district={HERE}").json()["filter"]
    assert told == {"since": "2025-02-01", "until": None, "district": HERE}


def test_what_is_not_known_is_null_and_figures_are_numbers(app: FastAPI) -> None:
    chief = signed_in(app, "chief")
    found = {one["key"]: one for one in chief.get(f"{BASE}/efficiency").json()["tables"]}
    stages = found["stages"]
    keys = [one["key"] for one in stages["columns"]]
    kinds = {one["key"]: one["kind"] for one in stages["columns"]}
    assert (kinds["stage"], kinds["count"], kinds["overdue_share"]) == ("text", "number", "share")
    row = dict(zip(keys, stages["rows"][2], strict=True))
    assert isinstance(row["count"], int)
    assert isinstance(row["overdue_share"], float)
    none = chief.get(f"{BASE}/efficiency?since=2030-01-01").json()["tables"][0]["rows"][2]
    assert (none[keys.index("count")], none[keys.index("median")], none[keys.index("overdue_share")]) == (0, None, None)
    due = {one["key"]: one for one in chief.get(f"{BASE}/supervision?lang=en").json()["tables"]}["checks_due"]
    assert [one["kind"] for one in due["columns"]] == ["day", "case", "text", "text", "text", "text"]
    assert due["rows"]
    assert {one[-1] for one in due["rows"]} == {"Due"}
    assert {one[0] for one in due["rows"]} == {"2026-05-06"}


def test_the_boards_and_districts_one_may_ask_for_are_listed(app: FastAPI) -> None:
    whole = signed_in(app, "chief").get(f"{BASE}?lang=zh").json()
    assert [one["key"] for one in whole["items"]] == list(TITLES)
    assert [one["code"] for one in whole["districts"]] == [HERE, AWAY]
    mine = signed_in(app, "anna").get(BASE).json()
    assert [one["code"] for one in mine["districts"]] == [HERE]


def test_an_approver_sees_their_districts_only(app: FastAPI) -> None:
    anna = signed_in(app, "anna")
    assert anna.get(f"{BASE}/efficiency").json()["cases"] == 8
    refused = anna.get(f"{BASE}/efficiency?district={AWAY}")
    assert (refused.status_code, refused.json()["code"]) == (422, "case-input")


@pytest.mark.parametrize("name", ["applicant", "keeper", "administrator"])
def test_a_role_without_dashboards_is_refused(app: FastAPI, name: str) -> None:
    client = signed_in(app, name)
    for path in (BASE, f"{BASE}/efficiency"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("role", "districts", "cases"), [("chief", [], 12), ("approver", [AWAY], 4)])
def test_a_machine_reads_what_its_role_may(app: FastAPI, role: str, districts: list[str], cases: int) -> None:
    root = staff(app, "administrator")
    key = {"name": "大屏", "role": role, "districts": districts, "days": 30}
    made = root.post("/api/v1/approval/keys", json=key).json()
    machine = TestClient(app, headers={"authorization": f"Bearer {made['key']}"}, follow_redirects=False)
    assert machine.get(f"{BASE}/efficiency").json()["cases"] == cases


@pytest.mark.parametrize(
    ("path", "status"),
    [("nothing", 404), ("efficiency?since=2025-02-31", 422), ("efficiency?since=2025-03-01&until=2025-02-01", 422)],
)
def test_what_cannot_be_asked_is_refused_in_words(app: FastAPI, path: str, status: int) -> None:
    answer = signed_in(app, "chief").get(f"{BASE}/{path}")
    assert answer.status_code == status
    assert answer.json()["what"]


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("历" * 120 + ".csv", 200, "历" * 120),
        ("../../past.CSV", 200, "past.CSV"),
        ("..", 422, "Use .xlsx or .csv"),
        ("past." + "x" * 300, 422, "Use .xlsx or .csv"),
        ("past", 422, "Use .xlsx or .csv"),
    ],
)
def test_a_file_may_have_any_name(app: FastAPI, tmp_path: Path, name: str, status: int, said: str) -> None:
    keeper = signed_in(app, "keeper")
    content = write_rows(tmp_path / "past.csv", past("NAMED")).read_bytes()
    sent = {"file": (name, content, "text/csv")}
    answer = keeper.post("/approval/history?lang=en", files=sent, headers={**PAGE, "x-csrf-token": csrf_of(keeper)})
    assert (answer.status_code, said in answer.text) == (status, True)

"""Past approvals: every row once, errors by row, whole chunks, and an audit chain that still checks."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import func, select, text

from api import audit, audit_check
from api.accounts.roles import Action
from api.approvals import history
from api.approvals.flow import Stage
from api.approvals.tables import CaseRow, PastRow, SiteRow, StageRow
from api.backup import backup, restore
from api.database import Database
from layers.history import read_history
from layers.history_columns import history_columns, history_names
from layers.history_template import write_history_template
from sample_data.history import CASES, EARLIER, HEADER, MARK, cases, earlier, write_history
from screening.errors import CaseStoreError, NoIndustryError, SiteFileError
from screening.words import LANGUAGES, Language
from tests.approvals import HERE, OPERATOR, City
from tests.pastcases import PAST, load, past, write_rows
from tests.test_cli import run

TODAY = date(2026, 11, 23)


def count(city: City, *conditions: Any) -> int:
    with city.port.database.reading() as session:
        return session.scalar(select(func.count()).select_from(CaseRow).where(*conditions)) or 0


def stages(city: City, number: str) -> dict[str, tuple[int | None, int | None]]:
    with city.port.database.reading() as session:
        found = select(StageRow).join(CaseRow, CaseRow.id == StageRow.case_id).where(CaseRow.number == number)
        return {one.stage: (one.days, one.limit_days) for one in session.scalars(found)}


def number_of(city: City, source: str) -> str:
    with city.port.database.reading() as session:
        asked = select(CaseRow.number).join(PastRow, PastRow.case_id == CaseRow.id)
        return session.scalars(asked.where(PastRow.source_number == source)).one()


# -- the file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_filled_in_is_imported(small_city: City, tmp_path: Path, language: Language) -> None:
    path = tmp_path / "template.xlsx"
    write_history_template(path, language)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert len(headers) == len(history_columns())
    words = {"新建": "new", "同意": "approved", "报告表": "report table", "是": "yes"}
    for at, column in enumerate(history_columns().values(), start=1):
        value = PAST.get(column.key, "")
        sheet.cell(2, at, words.get(value, value) if language == "en" else value)
    book.save(path)
    done = small_city.port.history.load(OPERATOR, path)
    assert (done.added, done.unchanged, done.issues) == (1, 0, ())
    view = small_city.port.views.case(small_city.people["chief"], number_of(small_city, "OLD-1"))
    assert (view.line.project, view.line.decision, view.line.stage) == ("旧项目", "approved", Stage.ARCHIVED)
    assert (view.source_number, view.is_demonstration, view.sites[0].written) == ("OLD-1", False, "120.18,36.08")
    assert view.agency == "甲单位"


def test_no_name_of_a_column_means_two() -> None:
    names = [
        name for one in history_columns().values() for name in {one.key, one.label.zh, one.label.en, *one.synonyms}
    ]
    assert len(history_names()) == len({name.lower().replace(" ", "") for name in names})


def test_errors_are_told_by_row_and_the_others_are_imported(small_city: City, tmp_path: Path) -> None:
    wrong = {
        "district": "北京市",
        "decision": "也许",
        "decided_on": "2025-02-30",
        "accepted_on": "2025-03-01",
        "archived_on": "2027-01-04",
        "industries": "9999",
        "coordinates": "somewhere",
        "returned": "often",
        "key_project": "maybe",
        "water_m3_per_year": "-5",
        "project": "",
    }
    rows = [past(f"BAD-{key}", **{key: value}) for key, value in wrong.items()]
    path = write_rows(tmp_path / "past.csv", past("GOOD-1"), *rows, past("GOOD-1"), past("GOOD-2"))
    done = small_city.port.history.load(OPERATOR, path)
    assert done.added == 2
    told = {one.place: one.message for one in done.issues}
    assert len(told) == len(wrong) + 1
    for at, key in enumerate(wrong, start=3):
        place = next(one for one in told if one.startswith(f"!{at} "))
        assert history_columns()[key].label.zh in place, place
        assert told[place].zh
        assert told[place].en
    assert "!2" in told[f"!{len(wrong) + 3}"].zh  # the second of two, and where the first is
    assert count(small_city) == 2


@pytest.mark.parametrize(
    ("written", "provider"), [("高德地图 120.18, 36.08", "高德"), ("120.18,36.08（百度地图拾取）", "百度")]
)
def test_a_providers_shifted_coordinates_are_not_taken_as_they_are(
    small_city: City, tmp_path: Path, written: str, provider: str
) -> None:
    done = small_city.port.history.load(OPERATOR, write_rows(tmp_path / "past.csv", past("MOVED", coordinates=written)))
    assert (done.added, len(done.issues)) == (0, 1)
    assert history_columns()["coordinates"].label.zh in done.issues[0].place
    assert provider in done.issues[0].message.zh


def test_a_file_without_the_needed_columns_is_refused(small_city: City, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "past.csv", {"project": "甲", "district": HERE})
    with pytest.raises(SiteFileError, match="lacks columns"):
        small_city.port.history.load(OPERATOR, path)
    with pytest.raises(SiteFileError, match="not accepted"):
        small_city.port.history.load(OPERATOR, tmp_path / "past.pdf")


# -- each once ---------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(city: City, tmp_path: Path) -> None:
    rows = [past(f"OLD-{at}", opened_on="2025-03-03") for at in range(5)]
    load(city, tmp_path, *rows)
    before = audit_check.check(city.port.database)
    again = city.port.history.load(OPERATOR, tmp_path / "past.csv")
    assert (again.added, again.unchanged, again.issues) == (0, 5, ())
    after = audit_check.check(city.port.database)
    assert (count(city), after.problems) == (5, ())
    assert after.events == before.events + 1  # that it was handed in again


def test_a_number_with_other_content_is_told_and_the_case_stays(city: City, tmp_path: Path) -> None:
    load(city, tmp_path, past("OLD-1"))
    path = write_rows(tmp_path / "other.csv", past("OLD-1", decision="不同意"), past("OLD-2"))
    done = city.port.history.load(OPERATOR, path)
    assert (done.added, done.unchanged, len(done.issues)) == (1, 0, 1)
    assert "OLD-1" in done.issues[0].message.en
    assert count(city, CaseRow.decision == "approved") == 2


@pytest.mark.parametrize("was_invented", [True, False])
def test_the_same_row_with_another_mark_is_told_and_not_taken(
    small_city: City, tmp_path: Path, was_invented: bool
) -> None:
    path = write_rows(tmp_path / "past.csv", past("OLD-1"))
    history_of = small_city.port.history
    assert history_of.load(OPERATOR, path, is_demonstration=was_invented).added == 1
    done = history_of.load(OPERATOR, path, is_demonstration=not was_invented)
    assert (done.added, done.unchanged, len(done.issues)) == (0, 0, 1)
    assert "OLD-1" in done.issues[0].message.zh
    assert ("示例数据导入过" in done.issues[0].message.zh) is was_invented
    again = history_of.load(OPERATOR, path, is_demonstration=was_invented)
    assert (again.unchanged, again.issues) == (1, ())


def test_a_broken_chunk_leaves_nothing_and_the_next_import_finishes(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "ROWS_AT_ONCE", 4)
    path = write_rows(tmp_path / "past.csv", *(past(f"OLD-{at}") for at in range(10)))
    written = audit.append_all

    def breaking(session: Any, drafts: Any) -> None:
        drafts = list(drafts)
        if audit.head(session) is not None and count(city) == 4:
            raise RuntimeError("power cut")
        written(session, drafts)

    monkeypatch.setattr(audit, "append_all", breaking)
    with pytest.raises(RuntimeError, match="power cut"):
        city.port.history.load(OPERATOR, path)
    assert count(city) == 4
    monkeypatch.setattr(audit, "append_all", written)
    done = city.port.history.load(OPERATOR, path)
    assert (done.added, done.unchanged) == (6, 4)
    with city.port.database.reading() as session:
        numbers = list(session.scalars(select(CaseRow.number).order_by(CaseRow.number)))
    assert numbers == [f"370200-2025-H{at:05d}" for at in range(1, 11)]
    assert audit_check.check(city.port.database).problems == ()


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_days_are_counted_by_the_calendar_and_stated_days_stand(small_city: City, tmp_path: Path) -> None:
    load(
        small_city,
        tmp_path,
        past("DATES", opened_on="2025-09-29", accepted_on="2025-10-10", assessed_on="2025-10-13", reviewed_on="2025-10-14",
             decided_on="2025-10-15", archived_on=""),
        past("STATED", days_assessing="3", accepted_on=""),
        past("UNKNOWN", opened_on="2021-03-03", accepted_on="2021-03-04", assessed_on="", reviewed_on=""),
        past("EARLY", decision="已撤回", assessed_on="", reviewed_on="", archived_on="", decided_on="2025-03-10"),
    )  # fmt: skip
    # 29 September to 10 October 2025: the 30th, the 9th and the 10th are worked, 1 to 8 October are holidays
    assert stages(small_city, number_of(small_city, "DATES")) == {
        "received": (3, 5), "assessing": (2, 10), "reviewing": (1, 5), "deciding": (1, 5)
    }  # fmt: skip
    stated = stages(small_city, number_of(small_city, "STATED"))
    assert stated["assessing"] == (3, 10)
    assert "received" not in stated
    assert stages(small_city, number_of(small_city, "UNKNOWN"))["received"] == (None, 5)
    assert stages(small_city, number_of(small_city, "EARLY")) == {"received": (3, 5), "assessing": (2, 10)}


def test_a_case_that_ended_early_ended_in_the_last_stage_it_is_known_to_have_reached(
    small_city: City, tmp_path: Path
) -> None:
    early = {"decision": "已撤回", "opened_on": "2025-01-02", "decided_on": "2025-03-06", "archived_on": ""}
    load(
        small_city,
        tmp_path,
        past("GAP", **early, accepted_on="", assessed_on="2025-03-03", reviewed_on=""),
        past("WHOLE", **early, accepted_on="2025-01-03", assessed_on="2025-03-03", reviewed_on=""),
        past("STATED", **early, accepted_on="", assessed_on="", reviewed_on="", days_assessing="4"),
        past("FIRST", **early, accepted_on="", assessed_on="", reviewed_on=""),
    )
    assert stages(small_city, number_of(small_city, "GAP")) == {"reviewing": (3, 5)}
    assert list(stages(small_city, number_of(small_city, "WHOLE"))) == ["received", "assessing", "reviewing"]
    assert stages(small_city, number_of(small_city, "STATED")) == {"assessing": (4, 10)}
    assert list(stages(small_city, number_of(small_city, "FIRST"))) == ["received"]


def test_a_stage_of_a_living_case_is_written_down_without_the_days_of_waiting(city: City) -> None:
    number, anna, applicant = city.case(), city.people["anna"], city.people["applicant"]
    city.clock.forward(days=2)
    city.port.acts.accept(anna, number, city.version(number))
    city.port.acts.say(anna, number, city.version(number), Action.ASK, "请补正")
    city.clock.forward(days=7)
    city.port.acts.say(applicant, number, city.version(number), Action.ANSWER, "已补正")
    city.clock.forward(days=1)
    city.port.acts.close_early(applicant, number, city.version(number), Action.WITHDRAW, "不建了")
    assert stages(city, number) == {"received": (2, 5), "assessing": (1, 10)}
    assert audit_check.check(city.port.database).problems == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE case_past SET returned = 0",
        "UPDATE case_stage SET days = 1 WHERE position = 1",
        "DELETE FROM case_stage",
        "DELETE FROM case_past",
        "UPDATE approval_case SET decision = 'refused'",
    ],
)
def test_a_change_to_what_was_imported_is_found(small_city: City, tmp_path: Path, change: str) -> None:
    load(small_city, tmp_path, past("OLD-1"))
    assert audit_check.check(small_city.port.database).problems == ()
    with small_city.port.database.engine.begin() as connection:
        connection.execute(text(change))
    assert len(audit_check.check(small_city.port.database).problems) == 1


def test_a_backup_holds_history_and_gives_it_back(city: City, tmp_path: Path) -> None:
    load(city, tmp_path, past("OLD-1"), past("OLD-2", decision="不同意"))
    counts = backup(city.port.database, tmp_path / "backup.sqlite3")
    assert (counts["case_past"], counts["case_stage"]) == (2, 10)
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    restore(tmp_path / "backup.sqlite3", other)
    assert audit_check.check(other).problems == ()
    other.close()


def test_an_imported_site_can_be_screened_later_once(small_city: City, tmp_path: Path) -> None:
    load(small_city, tmp_path, past("OLD-1"), past("OUT", coordinates=""), past("OLD-2", opened_on="2024-03-04"))
    port = small_city.port
    assert [port.history.screen(OPERATOR, most).done for most in (1, 10, 10)] == [1, 1, 0]
    with port.database.reading() as session:
        assert session.scalar(select(func.count()).where(SiteRow.screening_id.is_not(None))) == 2
    assert audit_check.check(port.database).problems == ()
    view = port.views.case(small_city.people["chief"], number_of(small_city, "OLD-1"))
    assert view.sites[0].findings
    assert [one.kind for one in view.events] == ["imported", "rescreened"]


def test_rows_that_cannot_be_screened_hold_up_no_other_and_are_told(small_city: City, tmp_path: Path) -> None:
    faulty = [past(f"NO-{at}", industries="", opened_on="2025-03-04") for at in range(3)]
    load(small_city, tmp_path, *faulty, past("GOOD"))
    found = small_city.port.history.screen(OPERATOR, 1)
    assert found.done == 1
    assert {number for number, _ in found.faults} == {number_of(small_city, f"NO-{at}") for at in range(3)}
    assert {type(problem) for _, problem in found.faults} == {NoIndustryError}
    again = small_city.port.history.screen(OPERATOR, 1)
    assert (again.done, len(again.faults)) == (0, 3)


def test_trouble_of_the_service_is_not_put_down_to_a_row(
    small_city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(small_city, tmp_path, past("GOOD"))

    def out_of_room(*_: object) -> None:
        raise CaseStoreError.of("disk full")

    monkeypatch.setattr(small_city.service, "screen", out_of_room)
    with pytest.raises(CaseStoreError):
        small_city.port.history.screen(OPERATOR, 1)


# -- the demonstration history -----------------------------------------------------------------------------------------


def test_the_demonstration_history_is_the_same_each_time_marked_and_clean(small_city: City, tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    assert write_history(path) == CASES + EARLIER
    assert CASES >= 2000
    first = path.read_bytes()
    write_history(path)
    assert path.read_bytes() == first
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert all(row["项目名称"].startswith(MARK) and "虚构" in row["建设单位"] for row in rows)
    days = [date.fromisoformat(row["提交日期"]) for row in rows[EARLIER:]]
    assert (max(days) - min(days)).days > 2.8 * 365
    assert max(date.fromisoformat(row["提交日期"]) for row in rows[:EARLIER]) < min(days)
    assert len({row["原编号"] for row in rows}) == len(rows)
    districts = {row["区县"]: row["区县"] for row in rows}
    whole = replace(small_city.port.history.city(), extent=(119.3, 35.1, 121.9, 37.3), districts=districts)
    read, issues = read_history(path, whole, TODAY, cap=None)
    assert (len(read), issues) == (CASES + EARLIER, ())
    assert tuple(rows[0]) == HEADER


def test_another_seed_is_another_history() -> None:
    assert list(cases(50, 1)) == list(cases(50, 1)) != list(cases(50, 2))
    assert list(earlier(9, 1)) == list(earlier(9, 1)) != list(earlier(9, 2))


def test_the_command_imports_and_says_what_it_did(small_store: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "releases").symlink_to(small_store[0])
    path = write_rows(tmp_path / "past.csv", past("OLD-1"), past("OLD-2", district="nowhere"))
    done = run(tmp_path, "history", "import", str(path), "--demonstration")
    assert done.returncode == 1
    assert "1 imported, 0 known already, 1 rows not imported" in done.stdout
    assert "!3 区县" in done.stdout
    assert run(tmp_path, "audit", "verify").returncode == 0
    assert run(tmp_path, "history", "template", str(tmp_path / "t.xlsx"), "--lang", "en").returncode == 0
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == ["Past approvals", "Instructions"]

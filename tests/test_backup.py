"""Backup and restore while people work, on both databases and across them, without losing a row."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api import audit_check
from api.accounts.roles import Action, Role
from api.approvals.discharges import NewDeclaration
from api.backup import backup, restore
from api.database import Database
from screening.approval_errors import BackupError
from screening.standards import Medium
from tests.approvals import OPERATOR, PASSWORD, City, emptied, made_city

TABLES_THAT_TELL = (
    "audit_event",
    "approval_case",
    "case_site",
    "screening",
    "case_attachment",
    "attachment_content",
    "case_discharge",
)


def rows(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return sorted(tuple(one) for one in connection.execute(text(f"SELECT * FROM {table}")))


def busy(city: City, stop: threading.Event, said: list[str], number: str) -> None:
    turn = 0
    while not stop.is_set() or turn < 5:
        turn += 1
        city.port.acts.say(city.people["anna"], number, None, Action.COMMENT, f"{threading.get_ident()} {turn}")
        said.append(f"{threading.get_ident()} {turn}")
        if turn % 5 == 0:
            city.port.acts.attach(
                city.people["bert"], number, f"{turn}.txt", f"{threading.get_ident()} {turn}".encode()
            )


def test_what_was_acknowledged_before_a_backup_is_in_it_and_it_is_whole(city: City, tmp_path: Path) -> None:
    number, stop, said = city.case(), threading.Event(), list[str]()
    workers = [threading.Thread(target=busy, args=(city, stop, said, number)) for _ in range(3)]
    for one in workers:
        one.start()
    kept: list[tuple[Path, set[str]]] = []
    for turn in range(3):
        before = set(said)
        backup(city.port.database, tmp_path / f"{turn}.sqlite3")
        kept.append((tmp_path / f"{turn}.sqlite3", before))
    stop.set()
    for one in workers:
        one.join()
    for file, before in kept:
        copy = Database(f"sqlite:///{file}")
        events = " ".join(str(row) for row in rows(copy, "audit_event"))
        assert all(f'"{one}"' in events for one in before)
        assert audit_check.check(copy).problems == ()
        copy.close()


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_a_backup_comes_back_row_for_row_into_either_database(
    city: City, into: str, tmp_path: Path, request: pytest.FixtureRequest, small_store: tuple[Path, str]
) -> None:
    number = city.case()
    city.port.acts.accept(city.people["anna"], number, 1)
    city.port.acts.attach(city.people["anna"], number, "a.pdf", b"%PDF-1.7 a")
    city.port.discharges.declare(city.people["anna"], number, 3, [NewDeclaration(nothing_else=Medium.NOISE)])
    file = tmp_path / "backup.sqlite3"
    counts = backup(city.port.database, file)
    assert counts["audit_event"] == len(rows(city.port.database, "audit_event"))
    before = {table: rows(city.port.database, table) for table in TABLES_THAT_TELL}
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}" if into == "sqlite" else emptied(request.getfixturevalue("postgis"))
    content = file.read_bytes()
    target = Database(url)
    assert restore(file, target) == counts
    assert file.read_bytes() == content
    assert {table: rows(target, table) for table in TABLES_THAT_TELL} == before
    assert audit_check.check(target).problems == ()
    with pytest.raises(BackupError):
        restore(file, target)  # it is not empty any more
    target.close()
    works = made_again(small_store[0], tmp_path / "again", url)
    assert works.port.directory.sign_in("anna", PASSWORD).name == "anna"
    works.port.acts.say(city.people["anna"], number, 4, Action.ASK, "恢复后继续办理")
    assert audit_check.check(works.port.database).problems == ()
    works.service.close()


def made_again(store: Path, folder: Path, url: str) -> City:
    """The port over a database that has its people already."""
    return made_city(store, folder, url, people=False)


def test_a_backup_is_never_written_over_and_never_half_there(small_city: City, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite3"
    backup(small_city.port.database, file)
    content = file.read_bytes()
    with pytest.raises(BackupError):
        backup(small_city.port.database, file)
    assert file.read_bytes() == content
    with pytest.raises(BackupError):
        backup(small_city.port.database, tmp_path / "no such folder" / "backup.sqlite3")
    assert sorted(one.name for one in tmp_path.iterdir() if "backup" in one.name) == ["backup.sqlite3"]


def test_what_is_no_backup_or_was_changed_is_not_restored(small_city: City, tmp_path: Path) -> None:
    number = small_city.case()
    small_city.port.acts.say(small_city.people["anna"], number, None, Action.COMMENT, "看过")
    file = tmp_path / "backup.sqlite3"
    backup(small_city.port.database, file)
    target = Database(f"sqlite:///{tmp_path / 'target.sqlite3'}")
    content = bytearray(file.read_bytes())
    content[content.rindex("看过".encode()) + 5] ^= 1
    (tmp_path / "changed.sqlite3").write_bytes(content)
    (tmp_path / "words.sqlite3").write_text("not a database " * 200)
    (tmp_path / "half.sqlite3").write_bytes(file.read_bytes()[:-8192])
    for name in ("changed", "words", "half", "missing"):
        with pytest.raises(BackupError):
            restore(tmp_path / f"{name}.sqlite3", target)
        assert rows(target, "audit_event") == []
    restore(file, target)
    target.close()


def test_the_tables_can_be_taken_back_and_made_again(city: City) -> None:
    config = Config()
    config.set_main_option("script_location", "api:migrations")
    config.attributes["engine"] = city.port.database.engine
    command.downgrade(config, "0002")
    with city.port.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM screening")).scalar_one() == 0
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT count(*) FROM audit_event"))
    command.upgrade(config, "head")
    city.port.directory.add(OPERATOR, name="again", display="", role=Role.CHIEF, districts=(), password=PASSWORD)
    assert audit_check.check(city.port.database).events == 1


def test_several_that_start_at_once_bring_the_tables_up_to_date_together(tmp_path: Path, postgis: str) -> None:
    script = "import sys; from api.database import Database; Database(sys.argv[1]).close(); print('up')"
    for url in (f"sqlite:///{tmp_path / 'new.sqlite3'}", emptied(postgis)):
        words = [sys.executable, "-c", script, url]
        started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        assert [one.communicate()[0] for one in started] == ["up\n"] * 3


def test_the_commands_back_up_and_restore(small_city: City, tmp_path: Path) -> None:
    small_city.case()

    def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {"THREELINES_DATA": str(data)}
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *words], env=environment, capture_output=True, text=True, check=False
        )

    file = str(tmp_path / "b.sqlite3")
    made = run(small_city.settings.data, "backup", file)
    assert (made.returncode, "approval_case: 1" in made.stdout) == (0, True)
    done = run(tmp_path / "new", "restore", file)
    assert (done.returncode, "approval_case: 1" in done.stdout) == (0, True)
    assert run(tmp_path / "new", "audit", "verify").returncode == 0
    assert run(tmp_path / "new", "audit", "verify", "--head", "0" * 63 + "1").returncode == 1
    assert run(tmp_path / "new", "restore", file).returncode == 2

"""The audit chain: whole, append-only by the database's own will, and one changed byte is found and named."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api import audit, audit_check
from api.accounts.roles import Action
from api.database import Database
from api.settings import Settings
from tests.approvals import City

WORDS = st.text(max_size=20)
SAID = st.fixed_dictionaries(
    {"at": WORDS, "actor": WORDS, "actor_name": WORDS, "kind": WORDS, "subject": WORDS, "body": WORDS}
)


def chain(said: list[dict[str, str]]) -> list[audit.Event]:
    found: list[audit.Event] = []
    for one in said:
        found.append(audit.linked(found[-1] if found else None, **one))
    return found


@given(st.lists(SAID, max_size=6))
def test_what_was_linked_is_whole(said: list[dict[str, str]]) -> None:
    assert audit.first_break(chain(said)) is None


@given(st.lists(SAID, min_size=1, max_size=6), st.data())
def test_any_change_to_any_event_is_found_at_that_event_or_the_next(
    said: list[dict[str, str]], data: st.DataObject
) -> None:
    events = chain(said)
    place = data.draw(st.integers(0, len(events) - 1))
    name = data.draw(st.sampled_from(["at", "actor", "actor_name", "kind", "subject", "body", "prev", "hash"]))
    other = data.draw(WORDS.filter(lambda word: word != getattr(events[place], name)))
    events[place] = replace(events[place], **{name: other})  # type: ignore[arg-type]
    found = audit.first_break(events)
    assert found is not None
    assert found.seq == place + 1


@given(st.lists(SAID, min_size=2, max_size=6), st.data())
def test_a_missing_event_is_found_unless_it_is_the_last(said: list[dict[str, str]], data: st.DataObject) -> None:
    events = chain(said)
    place = data.draw(st.integers(0, len(events) - 2))
    found = audit.first_break([*events[:place], *events[place + 1 :]])
    assert found is not None
    assert (found.seq, found.problem) == (place + 1, "gap")


@given(st.lists(SAID, min_size=2, max_size=6), st.data())
def test_exchanged_events_are_found(said: list[dict[str, str]], data: st.DataObject) -> None:
    events = chain(said)
    place = data.draw(st.integers(0, len(events) - 2))
    events[place], events[place + 1] = events[place + 1], events[place]
    assert audit.first_break(events) is not None


def lived(city: City) -> str:
    """A case with some history; its number."""
    number = city.case()
    city.port.acts.accept(city.people["anna"], number, 1)
    city.port.acts.attach(city.people["anna"], number, "a.pdf", b"%PDF-1.7 a")
    city.port.acts.say(city.people["anna"], number, None, Action.COMMENT, "看过")
    return number


def test_the_database_itself_refuses_to_change_the_past(city: City) -> None:
    lived(city)
    for statement in (
        "UPDATE audit_event SET body = '{}' WHERE seq = 1",
        "DELETE FROM audit_event WHERE seq = 1",
        "DELETE FROM approval_case",
        "UPDATE attachment_content SET digest = 'x'",
        "UPDATE screening SET conclusion = 'complies'",
        "DELETE FROM screening",
    ):
        with pytest.raises(DBAPIError, match="never"), city.port.database.engine.begin() as connection:
            connection.execute(text(statement))
    if city.port.database.is_sqlite:
        replaced = "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 1"
        with pytest.raises(DBAPIError, match="never"), city.port.database.engine.begin() as connection:
            connection.execute(text(replaced))
    else:
        with pytest.raises(DBAPIError, match="never"), city.port.database.engine.begin() as connection:
            connection.execute(text("TRUNCATE audit_event"))
    assert audit_check.check(city.port.database).problems == ()


def tampered(city: City, statement: str) -> list[str]:
    """What the check says after somebody with the file or the superuser's password did something."""
    database = city.port.database
    with database.engine.begin() as connection:
        if database.is_sqlite:
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for one in triggers:
                connection.execute(text(f"DROP TRIGGER {one}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))
        if not database.is_sqlite:
            connection.execute(text("SET session_replication_role = DEFAULT"))
    return [one.zh for one in audit_check.check(database).problems]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE audit_event SET body = replace(body, '看过', '看错') WHERE kind = 'comment'",
            "comment 370200-2026-00001",
        ),
        ("UPDATE audit_event SET actor_name = 'X' WHERE kind = 'accept'", "accept 370200-2026-00001"),
        ("UPDATE audit_event SET at = replace(at, '2026-11-23', '2026-11-22') WHERE kind = 'opened'", "opened"),
        ("DELETE FROM audit_event WHERE kind = 'accept'", "缺少第"),
        ("UPDATE approval_case SET decision = 'approved'", "370200-2026-00001 的内容与第"),
        ("UPDATE case_site SET written = '120.2,36.1'", "370200-2026-00001 的内容与第"),
        ("UPDATE case_attachment SET name = 'b.pdf'", "370200-2026-00001 的内容与第"),
        ("DELETE FROM case_attachment", "370200-2026-00001 的内容与第"),
        ("UPDATE screening SET record = replace(record, '2026', '2027')", "的记录被改动"),
    ],
)
def test_one_tampered_value_is_found_and_named(city: City, statement: str, named: str) -> None:
    lived(city)
    assert audit_check.check(city.port.database).problems == ()
    told = tampered(city, statement)
    assert told
    assert named in told[0]


def test_one_tampered_byte_of_a_file_is_found(small_city: City) -> None:
    lived(small_city)
    assert any("附件" in one for one in tampered(small_city, "UPDATE attachment_content SET content = x'255044462d'"))


def test_one_flipped_byte_on_disk_is_found(small_city: City, tmp_path: Path) -> None:
    """Not through SQL at all: the byte is changed in the file."""
    lived(small_city)
    database = Path(str(small_city.port.database.engine.url.database))
    small_city.service.close()
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(database.read_bytes())
    place = content.rindex("看过".encode())
    content[place + 5] ^= 1
    database.write_bytes(content)
    again = Database(f"sqlite:///{database}")
    problems = audit_check.check(again).problems
    again.close()
    assert len(problems) == 1
    assert "comment 370200-2026-00001" in problems[0].en


def test_a_head_written_down_shows_that_the_end_was_cut_off(city: City) -> None:
    number = lived(city)
    head = city.port.views.case(city.people["chief"], number).head
    assert audit_check.check(city.port.database, head).problems == ()
    tampered(city, f"DELETE FROM audit_event WHERE hash = '{head}'")
    told = audit_check.check(city.port.database, head).problems
    assert any(head in one.en for one in told)


def test_events_of_the_demonstration_settings_hold_no_password(small_city: City) -> None:
    with small_city.port.database.reading() as session:
        said = " ".join(one.body for one in audit.events(session))
    assert "Schere" not in said
    assert "scrypt" not in said
    assert Settings().password_cost == 15

"""Accounts: passwords, locks, sessions, keys of machines, and that each of it is on record."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import audit
from api.accounts.directory import Actor
from api.accounts.passwords import USUAL_COST, hashed, is_outdated, is_right, require_strong
from api.accounts.roles import Role
from api.settings import Settings
from screening.approval_errors import (
    AccountError,
    AccountLockedError,
    PasswordRuleError,
    UnknownAccountError,
    WrongCredentialsError,
)
from tests.approvals import OPERATOR, PASSWORD, City


def kinds(city: City, subject: str) -> list[str]:
    with city.port.database.reading() as session:
        return [one.kind for one in audit.events(session, subject=subject)]


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short-1A",
        "aaaaaaaaaaaaA1",
        "alllowercaseletters"[:14],
        "Password1234",
        "anna-Kx82-mm-Z",
        "x" * 201,
        "１２３４５６７８９０１２",
    ],
)
def test_a_weak_password_is_refused_with_its_rule_and_never_repeated(weak: str) -> None:
    with pytest.raises(PasswordRuleError) as caught:
        require_strong(weak, "anna")
    assert caught.value.value == ""
    assert not weak or weak not in str(caught.value)


@pytest.mark.parametrize(
    "strong", [PASSWORD, "correct horse battery staple", "青岛Zone-2026-审批x", "aB3$" * 3 + "xyz"]
)
def test_a_strong_password_is_taken(strong: str) -> None:
    require_strong(strong, "anna")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_password_is_right_exactly_when_it_is_the_same(one: str, other: str) -> None:
    kept = hashed(one, cost=2)
    assert is_right(one, kept)
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert is_right(other, kept) is same


def test_parameters_are_kept_with_the_password_and_brought_up_to_date(small_city: City) -> None:
    assert hashed("x").startswith(f"scrypt${USUAL_COST}$8$1$")
    assert is_outdated(hashed("x", cost=4), 5)
    assert not is_outdated(hashed("x", cost=4), 4)
    assert hashed("x", cost=4) != hashed("x", cost=4)  # salted


def test_signing_in_and_the_record_of_it(city: City) -> None:
    account = city.port.directory.sign_in("  ANNA ", PASSWORD)
    assert (account.name, account.role) == ("anna", Role.APPROVER)
    with pytest.raises(WrongCredentialsError) as caught:
        city.port.directory.sign_in("anna", "wrong")
    assert "4" in caught.value.why.zh
    assert kinds(city, "anna") == ["account_added", "signed_in", "sign_in_refused"]


def test_wrong_passwords_lock_a_name_for_a_time_told_in_words(city: City) -> None:
    sign_in = city.port.directory.sign_in
    for _ in range(4):
        with pytest.raises(WrongCredentialsError):
            sign_in("anna", "wrong")
    with pytest.raises(AccountLockedError) as caught:
        sign_in("anna", "wrong")
    assert "09:15" in caught.value.what.zh
    with pytest.raises(AccountLockedError):
        sign_in("anna", PASSWORD)
    city.clock.forward(minutes=15, seconds=1)
    assert sign_in("anna", PASSWORD).name == "anna"
    assert kinds(city, "anna")[-2:] == ["sign_in_locked", "signed_in"]


def test_a_success_starts_the_count_anew_and_an_administrator_unlocks(small_city: City) -> None:
    sign_in, directory = small_city.port.directory.sign_in, small_city.port.directory
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(WrongCredentialsError):
                sign_in("anna", "wrong")
        sign_in("anna", PASSWORD)
    for _ in range(5):
        with pytest.raises((WrongCredentialsError, AccountLockedError)):
            sign_in("anna", "wrong")
    directory.enable(OPERATOR, "anna")
    assert sign_in("anna", PASSWORD)


def test_nobody_learns_which_names_exist(small_city: City) -> None:
    def answers(name: str) -> list[tuple[str, str]]:
        found = []
        for _ in range(6):
            with pytest.raises((WrongCredentialsError, AccountLockedError)) as caught:
                small_city.port.directory.sign_in(name, "wrong")
            found.append((caught.value.what.zh, caught.value.why.zh))
        return found

    assert answers("anna") == answers("nobody-at-all")
    assert kinds(small_city, "nobody-at-all") == []


def test_a_disabled_account_is_out_at_once(city: City) -> None:
    account = city.port.directory.find("anna")
    token = city.port.sessions.open(account.id)
    assert city.port.sessions.find(token) is not None
    city.port.directory.disable(OPERATOR, "anna")
    assert city.port.sessions.find(token) is None
    with pytest.raises(WrongCredentialsError):
        city.port.directory.sign_in("anna", PASSWORD)


def test_sessions_end_by_rest_by_age_and_by_hand(city: City) -> None:
    sessions, account = city.port.sessions, city.port.directory.find("anna")
    rested, used, closed = (sessions.open(account.id) for _ in range(3))
    assert sessions.find(used) != sessions.find(rested)
    sessions.close(closed)
    assert sessions.find(closed) is None
    for _ in range(25):
        city.clock.forward(minutes=29)
        if sessions.find(used) is None:
            break
    assert sessions.find(rested) is None
    assert sessions.find(used) is None
    assert city.clock.instant.isoformat() > "2026-11-23T20:59"  # it lived its twelve hours
    assert sessions.find("guessed") is None


def test_a_new_password_ends_every_session_and_the_old_one(city: City) -> None:
    token = city.port.sessions.open(city.people["anna"].id)
    city.port.directory.change_own_password(city.people["anna"], PASSWORD, "Another-Phrase-77")
    assert city.port.sessions.find(token) is None
    with pytest.raises(WrongCredentialsError):
        city.port.directory.sign_in("anna", PASSWORD)
    assert city.port.directory.sign_in("anna", "Another-Phrase-77")
    with pytest.raises(WrongCredentialsError):
        city.port.directory.change_own_password(city.people["anna"], "guess", "Third-Phrase-778")


def test_the_last_administrator_stays(city: City) -> None:
    directory = city.port.directory
    with pytest.raises(AccountError):
        directory.disable(OPERATOR, "administrator")
    with pytest.raises(AccountError):
        directory.change(OPERATOR, "administrator", display="", role=Role.CHIEF, districts=())
    directory.add(OPERATOR, name="deputy", display="", role=Role.ADMINISTRATOR, districts=(), password=PASSWORD)
    assert directory.disable(OPERATOR, "administrator").disabled_at


@pytest.mark.parametrize(
    ("name", "role", "districts"),
    [
        ("anna", Role.CHIEF, ()),
        ("a", Role.CHIEF, ()),
        ("no spaces", Role.CHIEF, ()),
        ("nodistrict", Role.APPROVER, ()),
        ("baddistrict", Role.APPROVER, ("37021",)),
        ("machine", Role.MACHINE, ()),
    ],
)
def test_an_account_that_fits_nothing_is_refused(
    small_city: City, name: str, role: Role, districts: tuple[str, ...]
) -> None:
    before = small_city.port.directory.listed()
    with pytest.raises(AccountError):
        small_city.port.directory.add(
            OPERATOR, name=name, display="", role=role, districts=districts, password=PASSWORD
        )
    assert small_city.port.directory.listed() == before


def test_a_changed_role_holds_in_the_sessions_that_are_open(city: City) -> None:
    token = city.port.sessions.open(city.people["anna"].id)
    city.port.directory.change(OPERATOR, "anna", display="Anna B", role=Role.KEEPER, districts=())
    found = city.port.sessions.find(token)
    assert found is not None
    assert (found.principal.role, found.principal.display) == (Role.KEEPER, "Anna B")


def test_a_key_is_shown_once_scoped_ends_and_can_be_taken_back(city: City) -> None:
    keys, actor = city.port.keys, Actor.of(city.people["administrator"])
    made, key = keys.make(actor, name="OA", role=Role.APPROVER, districts=("370211",), days=30)
    principal = keys.find(key)
    assert principal is not None
    assert (principal.is_machine, principal.role, principal.districts) == (True, Role.APPROVER, frozenset({"370211"}))
    with city.port.database.reading() as session:
        assert all(key not in one.body for one in audit.events(session))
    assert keys.find(key[:-1] + ("A" if key[-1] != "A" else "B")) is None
    city.clock.forward(days=30)
    assert keys.find(key) is None
    _, other = keys.make(actor, name="GIS", role=Role.KEEPER, districts=(), days=30)
    keys.revoke(actor, keys.listed()[0].id)
    assert keys.find(other) is None
    assert [one.is_expired or bool(one.revoked_at) for one in keys.listed()] == [True, True]
    for role in (Role.ADMINISTRATOR, Role.MACHINE):
        with pytest.raises(AccountError):
            keys.make(actor, name="x", role=role, districts=(), days=30)
    with pytest.raises(AccountError):
        keys.make(actor, name="x", role=Role.KEEPER, districts=(), days=0)
    with pytest.raises(UnknownAccountError):
        keys.revoke(actor, "none")
    assert kinds(city, made.id) == ["key_made"]


def run(data: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        input=typed,
        env={"THREELINES_DATA": str(data), "THREELINES_PASSWORD_COST": "4"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_administrator_is_made_on_the_command_line_and_there_is_no_default(tmp_path: Path) -> None:
    assert run(tmp_path, "account", "list").stdout == ""
    weak = run(tmp_path, "account", "add", "root", "--role", "administrator", "--password-stdin", typed="admin\n")
    assert weak.returncode == 2
    assert "Traceback" not in weak.stderr
    done = run(tmp_path, "account", "add", "root", "--role", "administrator", "--password-stdin", typed=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    assert "系统管理员" in run(tmp_path, "account", "list").stdout
    assert run(tmp_path, "account", "disable", "root").returncode == 2  # the last one
    assert run(tmp_path, "account", "password", "root", "--password-stdin", typed="Another-Phrase-77\n").returncode == 0
    assert run(tmp_path, "audit", "verify").stdout.startswith("完整")
    assert run(tmp_path, "account", "password", "nobody", "--password-stdin", typed=f"{PASSWORD}\n").returncode == 2


def test_settings_never_print_the_secret() -> None:
    assert "hidden" not in repr(Settings.model_validate({"oidc_client_secret": "hidden"}))

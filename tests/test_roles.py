"""Who may do what, to whose cases: the whole table, written down a second time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.roles import (
    ACTION,
    GIVEN_ROLES,
    ROLE,
    TABLE,
    Action,
    Principal,
    Reach,
    Role,
    Target,
    allows,
    reach,
    require,
)
from screening.approval_errors import ForbiddenError

ME, OTHER = "me", "other"
MY_DISTRICT, OTHER_DISTRICT = "370211", "370215"
TARGETS = {
    "own, my district": Target(district=MY_DISTRICT, owner=ME),
    "own, other district": Target(district=OTHER_DISTRICT, owner=ME),
    "other's, my district": Target(district=MY_DISTRICT, owner=OTHER),
    "other's, other district": Target(district=OTHER_DISTRICT, owner=OTHER),
}
# One line an action; for each role which of the four targets (in the order above) it may be done to.
EXPECTED = """
            applicant approver chief keeper administrator
own_account      1111     1111  1111   1111          1111
own_sites        1111     1111  1111   1111          1111
list             1100     1010  1111   1111          0000
read             1100     1010  1111   1111          0000
open             1111     1010  1111   0000          0000
comment          1100     1010  1111   0000          0000
attach           1100     1010  1111   0000          0000
answer           1100     1010  1111   0000          0000
withdraw         1100     1010  1111   0000          0000
accept           0000     1010  1111   0000          0000
decline          0000     1010  1111   0000          0000
assign           0000     1010  1111   0000          0000
ask              0000     1010  1111   0000          0000
verdict          0000     1010  1111   0000          0000
judge            0000     1010  1111   0000          0000
confirm          0000     1010  1111   0000          0000
propose          0000     1010  1111   0000          0000
send_back        0000     1010  1111   0000          0000
review           0000     1010  1111   0000          0000
decide           0000     0000  1111   0000          0000
archive          0000     1010  1111   0000          0000
mark             0000     1010  1111   0000          0000
declare          1100     1010  1111   0000          0000
accounts         0000     0000  0000   0000          1111
runs             0000     1111  1111   1111          0000
keys             0000     0000  0000   0000          1111
audit            0000     0000  1111   1111          1111
dashboards       0000     1010  1111   0000          0000
history          0000     0000  0000   1111          0000
affected         0000     1010  1111   1111          0000
"""
MACHINES_MAY = {
    "list", "read", "open", "comment", "attach", "declare", "answer", "verdict", "runs", "audit", "dashboards", "affected",
}  # fmt: skip
ROWS = [line.split() for line in EXPECTED.strip().splitlines()]
CELLS = [
    (Role(role), Action(row[0]), place, cell[number] == "1")
    for row in ROWS[1:]
    for role, cell in zip(ROWS[0], row[1:], strict=True)
    for number, place in enumerate(TARGETS)
]


def somebody(role: Role, *, is_machine: bool = False) -> Principal:
    return Principal(
        id=ME, name="me", display="Me", role=role, districts=frozenset({MY_DISTRICT}), is_machine=is_machine
    )


def test_the_table_here_names_every_role_and_action() -> None:
    assert {role for role, *_ in CELLS} == set(GIVEN_ROLES)
    assert {action for _, action, *_ in CELLS} == set(Action)
    assert set(TABLE) == set(Role) == set(ROLE)
    assert set(ACTION) == set(Action)


@pytest.mark.parametrize(("role", "action", "place", "expected"), CELLS)
def test_a_person_may_what_the_table_says(role: Role, action: Action, place: str, expected: bool) -> None:
    assert allows(somebody(role), action, TARGETS[place]) is expected
    if not expected:
        with pytest.raises(ForbiddenError):
            require(somebody(role), action, TARGETS[place])


@pytest.mark.parametrize(("role", "action", "place", "expected"), CELLS)
def test_a_machine_may_at_most_what_machines_may(role: Role, action: Action, place: str, expected: bool) -> None:
    machine = somebody(role, is_machine=True)
    assert allows(machine, action, TARGETS[place]) is (expected and action.value in MACHINES_MAY)


def test_a_case_of_no_known_district_is_in_nobodys() -> None:
    approver = Principal(id=ME, name="me", display="Me", role=Role.APPROVER, districts=frozenset({MY_DISTRICT, ""}))
    assert not allows(somebody(Role.APPROVER), Action.READ, Target(district="", owner=OTHER))
    assert reach(approver, Action.READ) is Reach.DISTRICT


@given(st.sampled_from(Role), st.sampled_from(Action), st.text(max_size=6), st.text(max_size=6))
def test_without_a_target_one_may_what_one_may_to_some_target(
    role: Role, action: Action, district: str, owner: str
) -> None:
    """The door's first question never refuses what the service would allow."""
    if allows(somebody(role), action, Target(district=district, owner=owner)):
        assert allows(somebody(role), action)

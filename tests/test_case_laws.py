"""Laws of a case: its flow, its clock, what persons say of findings, and its files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.roles import Action
from api.approvals.attachments import safe_name, taken
from api.approvals.deadlines import due
from api.approvals.flow import RULES, Stage, State, after, is_possible
from api.approvals.matters import GRAVITY, Finding, Judgement, blockers, effective, touches_red_line
from layers.holidays import TimeLimit, time_limits, working_calendar
from screening.approval_errors import (
    AttachmentError,
    FlowError,
)
from screening.truth import Truth
from screening.words import Text
from screening.working_days import HolidayYear, WorkingCalendar

ORDER = list(Stage)
STATES = st.builds(State, stage=st.sampled_from(Stage), is_stopped=st.booleans())
PDF = b"%PDF-1.7\n% a document\n"
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


# -- the flow ----------------------------------------------------------------------------------------------------------


@given(STATES, st.sampled_from(sorted(RULES)))
def test_an_act_is_possible_exactly_when_it_is_not_refused(state: State, act: Action) -> None:
    if is_possible(state, act):
        assert after(state, act).stage is (RULES[act].to or state.stage)
    else:
        with pytest.raises(FlowError) as caught:
            after(state, act)
        assert caught.value.what.zh
        assert caught.value.what.en


@given(st.lists(st.sampled_from(sorted(RULES)), max_size=40))
def test_a_case_never_skips_a_stage_and_never_leaves_the_archive(acts: list[Action]) -> None:
    state = State(stage=Stage.RECEIVED)
    for act in acts:
        if not is_possible(state, act):
            continue
        then = after(state, act)
        step = ORDER.index(then.stage) - ORDER.index(state.stage)
        assert step <= 1 or act in (Action.DECLINE, Action.WITHDRAW)
        assert step >= 0 or act is Action.SEND_BACK
        if state.stage is Stage.ARCHIVED:
            assert then == state
        if state.is_stopped and then.is_stopped:
            assert then.stage is state.stage
        state = then


@given(STATES)
def test_from_everywhere_the_archive_can_be_reached(state: State) -> None:
    seen, open_states = {state}, [state]
    while open_states:
        here = open_states.pop()
        for act in RULES:
            if is_possible(here, act) and (then := after(here, act)) not in seen:
                seen.add(then)
                open_states.append(then)
    possible = not (state.is_stopped and state.stage in (Stage.DECIDED, Stage.ARCHIVED))  # never stopped there
    assert any(one.stage is Stage.ARCHIVED for one in seen) or not possible


# -- working days ------------------------------------------------------------------------------------------------------


@given(DAYS, st.integers(0, 60))
def test_so_many_working_days_after_a_day_lie_so_many_between(start: date, count: int) -> None:
    found = working_calendar().after(start, count)
    if found.day is None:
        assert found.unknown_year == 2027
    else:
        assert working_calendar().between(start, found.day) == count
        assert not count or working_calendar().is_working(found.day) is Truth.YES


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up_and_count_back(one: date, two: date, three: date) -> None:
    between = working_calendar().between
    first, second, whole = between(one, two), between(two, three), between(one, three)
    assert first is not None
    assert second is not None
    assert first + second == whole
    assert between(two, one) == -first


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_period_never_ends_earlier(start: date, short: int, more: int) -> None:
    first, second = working_calendar().after(start, short), working_calendar().after(start, short + more)
    assert second.day is None or (first.day is not None and first.day <= second.day)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday worked before the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),  # over the nine days
        ("2026-09-30", 2, "2026-10-09"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2026-11-20", 5, "2026-11-27"),
    ],
)
def test_holidays_and_weekends_worked_are_as_announced(start: str, count: int, end: str) -> None:
    found = working_calendar().after(date.fromisoformat(start), count)
    assert found.day == date.fromisoformat(end)
    assert found.is_verified


def test_an_unknown_year_is_never_taken_for_an_ordinary_one() -> None:
    calendar = working_calendar()
    found = calendar.after(date(2026, 12, 28), 10)
    assert (found.day, found.unknown_year, found.is_verified) == (None, 2027, False)
    assert calendar.is_working(date(2027, 1, 4)) is Truth.UNKNOWN
    assert calendar.between(date(2026, 12, 28), date(2027, 1, 4)) is None
    unchecked = WorkingCalendar(
        {2030: HolidayYear(year=2030, off=frozenset(), worked=frozenset(), source="", verified=False)}
    )
    assert not unchecked.after(date(2030, 1, 7), 1).is_verified


@given(st.dates(date(2023, 1, 1), date(2026, 6, 1)), st.integers(1, 20), st.integers(0, 30), st.integers(0, 30))
def test_days_of_waiting_for_the_applicant_do_not_count(start: date, limit: int, offset: int, wait: int) -> None:
    calendar = working_calendar()
    limits = {"received": TimeLimit(stage="received", days=limit, source="", verified=True)}
    asked = start + timedelta(days=offset)
    answered = asked + timedelta(days=wait)
    plain = due(calendar, limits, "received", start, [])
    stopped = due(calendar, limits, "received", start, [(asked, answered)])
    assert plain is not None
    assert plain.day is not None
    assert stopped is not None
    assert stopped.day is not None
    assert calendar.between(plain.day, stopped.day) == calendar.between(asked, answered)
    assert due(calendar, limits, "archived", start, []) is None


def test_every_open_stage_has_a_limit_and_says_whose() -> None:
    assert set(time_limits()) == {one.value for one in Stage} - {"archived"}
    assert all(one.source and one.days > 0 for one in time_limits().values())


# -- judgements --------------------------------------------------------------------------------------------------------


def finding(outcome: str, *, is_red_line: bool = False) -> Finding:
    words = Text("某条", "a clause")
    return Finding(screening_id="s", key="k", title=words, reason=words, outcome=outcome, is_red_line=is_red_line)


def said(machine: str, outcome: str, *, is_red_line: bool, confirmed: str = "") -> Judgement:
    return Judgement(
        screening_id="s",
        finding="k",
        machine_outcome=machine,
        outcome=outcome,
        reason="r",
        document="d",
        is_red_line=is_red_line,
        by_id="a",
        by_name="A",
        at="",
        confirmed_by_id=confirmed,
        confirmed_by_name=confirmed,
        confirmed_at="",
    )


@given(st.sampled_from(GRAVITY), st.sampled_from(GRAVITY), st.booleans(), st.sampled_from(["", "b"]))
def test_the_machines_answer_counts_until_two_said_otherwise_of_the_red_line(
    machine: str, person: str, is_red_line: bool, second: str
) -> None:
    one = finding(machine, is_red_line=is_red_line)
    judged = {("s", "k"): said(machine, person, is_red_line=is_red_line, confirmed=second)}
    holds = machine == person or not is_red_line or bool(second)
    assert effective(one, judged) == (person if holds else machine)
    assert effective(one, {}) == machine
    assert bool(blockers([one], judged)) is (effective(one, judged) in ("violates", "undetermined"))


def test_a_silent_red_line_is_never_none() -> None:
    layers = frozenset({"red_line"})
    answered = {"layer": "red_line", "answer": "answered"}
    apart = {"layer": "red_line", "relation": "apart", "certainty": "certain"}
    for consulted, contacts, expected in (
        ([], [], Truth.UNKNOWN),
        ([{**answered, "answer": "stale"}], [], Truth.UNKNOWN),
        ([answered], [], Truth.NO),
        ([answered], [apart], Truth.NO),
        ([answered], [{**apart, "certainty": "beside"}], Truth.UNKNOWN),
        ([answered], [{**apart, "relation": "overlaps"}], Truth.YES),
        ([{**answered, "answer": "stale"}], [{**apart, "relation": "touches"}], Truth.YES),
    ):
        assert touches_red_line({"consulted": consulted, "contacts": contacts}, layers) is expected


# -- files -------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=300))
def test_a_safe_name_is_short_and_names_no_place(written: str) -> None:
    name = safe_name(written)
    assert 1 <= len(name) <= 240
    assert not set(name) & set('/\\<>:"|?*\x00\n\r\u202e')
    assert name not in (".", "..")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", b"MZ"),
        ("x.html", b"<script>"),
        ("x.svg", b"<svg/>"),
        ("x.pdf", b""),
        ("x.pdf", b"<script>alert(1)</script>"),
        ("x.docx", b"PK\x03\x04 no zip at all"),
        ("x.txt", b"\x00\x01binary"),
        ("x.png", b"x" * 2000),
        ("noname", PDF),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(AttachmentError):
        taken(name, content, 1000)

"""The life of a case: the whole of it, on both databases."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text

from api import audit_check
from api.accounts.roles import Action
from api.approval_port import approval_port
from api.approvals.acts import JudgementIn
from api.approvals.casebook import NewCase, NewSite
from api.approvals.flow import Stage
from api.approvals.views import Filter
from screening.approval_errors import (
    CaseInputError,
    ChangedCaseError,
    FlowError,
    ForbiddenError,
    FourEyesError,
    UnknownCaseError,
)
from screening.truth import Truth
from tests.approvals import ELSEWHERE, HERE, City

IN_THE_RED_LINE = "120.235,36.035"
PDF = b"%PDF-1.7\n% a document\n"


def override_everything(city: City, number: str, who: str, document: str) -> None:
    view = city.port.views.case(city.people[who], number)
    keys = tuple(one.key for one in view.against)
    if keys:
        judged = JudgementIn(
            screening_id=view.sites[0].screening_id,
            findings=keys,
            outcome="complies",
            reason="现场核实",
            document=document,
        )
        city.port.acts.judge(city.people[who], number, view.line.version, judged)


def confirm_everything(city: City, number: str, who: str) -> None:
    view = city.port.views.case(city.people[who], number)
    screening = view.sites[0].screening_id
    waiting = [one.finding for one in view.judgements.values() if one.is_override and not one.counts]
    if waiting:
        city.port.acts.confirm(city.people[who], number, view.line.version, screening, waiting)


def test_a_case_from_the_counter_to_the_archive(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    assert number == "370200-2026-00001"
    acts.accept(people["anna"], number, city.version(number))
    acts.say(people["anna"], number, city.version(number), Action.ASK, "请补充环评单位")
    assert city.port.views.case(people["applicant"], number).line.is_waiting
    city.clock.forward(days=7)
    acts.say(people["applicant"], number, city.version(number), Action.ANSWER, "已补充")
    line = city.port.views.case(people["anna"], number).line
    assert line.due_on == date(2026, 12, 14)  # ten working days from 23 November, five of them waited
    file = acts.attach(people["anna"], number, "现场记录.pdf", PDF)
    with pytest.raises(FlowError):
        acts.propose(people["anna"], number, city.version(number), "approved", "同意")
    override_everything(city, number, "anna", file.digest)
    confirm_everything(city, number, "bert")
    acts.propose(people["anna"], number, city.version(number), "conditional", "附条件同意")
    acts.review(people["bert"], number, city.version(number))
    acts.decide(people["chief"], number, city.version(number), "conditional", "按意见办理")
    acts.say(people["bert"], number, city.version(number), Action.ARCHIVE, "")
    view = city.port.views.case(people["applicant"], number)
    assert (view.line.stage, view.line.decision) == (Stage.ARCHIVED, "conditional")
    assert [one.kind for one in view.events] == ["opened", "accept", "ask", "answer", "decide", "archive"]
    assert view.judgements  # after the decision the owner sees what was judged, the machine's answer beside it
    assert all(one.machine_outcome in ("violates", "undetermined") for one in view.judgements.values())
    full = city.port.views.case(people["keeper"], number)
    assert {one.kind for one in full.events} >= {"attach", "judge", "propose", "review"}
    assert full.head == full.events[-1].hash


def test_an_override_needs_a_reason_and_a_document_of_the_case(city: City) -> None:
    acts, anna, number = city.port.acts, city.people["anna"], city.case()
    acts.accept(anna, number, city.version(number))
    view = city.port.views.case(anna, number)
    key, screening = view.against[0].key, view.sites[0].screening_id
    for reason, document, outcome in (
        ("", "0" * 64, "complies"),
        ("因为", "", "complies"),
        ("因为", "0" * 64, "complies"),
        ("因为", "", "undetermined"),
    ):
        judged = JudgementIn(screening_id=screening, findings=(key,), outcome=outcome, reason=reason, document=document)
        with pytest.raises(CaseInputError):
            acts.judge(anna, number, city.version(number), judged)
    with pytest.raises(CaseInputError):
        acts.judge(
            anna,
            number,
            city.version(number),
            JudgementIn(screening_id=screening, findings=("other",), outcome="accept", reason="r"),
        )
    accepted = JudgementIn(screening_id=screening, findings=(key,), outcome="accept", reason="同意机器结论")
    acts.judge(anna, number, city.version(number), accepted)
    judged_view = city.port.views.case(anna, number)
    assert judged_view.judgements[(screening, key)].outcome == view.against[0].outcome
    assert key in {one.key for one in judged_view.against}  # accepting that it violates is no way round it


def test_red_line_matters_are_answered_for_by_two(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case(screened=False)
    assert city.port.views.case(people["anna"], number).red_line is Truth.UNKNOWN  # no verdict: silence is no consent
    acts.accept(people["anna"], number, city.version(number))
    acts.propose(people["anna"], number, city.version(number), "refused", "位于红线")
    with pytest.raises(FourEyesError):
        acts.review(people["anna"], number, city.version(number))
    acts.review(people["bert"], number, city.version(number))
    acts.say(people["chief"], number, city.version(number), Action.SEND_BACK, "重写")
    acts.propose(people["chief"], number, city.version(number), "refused", "位于红线")
    acts.review(people["bert"], number, city.version(number))
    with pytest.raises(FourEyesError):
        acts.decide(people["chief"], number, city.version(number), "refused", "同上")
    acts.decide(people["second-chief"], number, city.version(number), "refused", "同上")


def test_an_override_of_the_red_line_counts_only_with_the_second_person(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case(site=IN_THE_RED_LINE, industry="C3360")
    view = city.port.views.case(people["anna"], number)
    assert view.red_line is Truth.YES
    of_red_line = {one.key for one in view.against if one.is_red_line}
    assert of_red_line
    acts.accept(people["anna"], number, view.line.version)
    file = acts.attach(people["anna"], number, "a.pdf", PDF)
    override_everything(city, number, "anna", file.digest)
    assert {one.key for one in city.port.views.case(people["anna"], number).against} == of_red_line
    with pytest.raises(FlowError) as caught:
        acts.propose(people["anna"], number, city.version(number), "conditional", "同意")
    assert "第二人" in caught.value.what.zh
    confirm_everything(city, number, "bert")
    assert city.port.views.case(people["anna"], number).against == ()
    acts.propose(people["anna"], number, city.version(number), "conditional", "同意")
    with pytest.raises(FourEyesError):
        acts.review(people["anna"], number, city.version(number))
    acts.review(people["bert"], number, city.version(number))


def test_outside_the_red_line_one_person_may_also_review(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    view = city.port.views.case(people["anna"], number)
    assert view.red_line is Truth.NO
    acts.accept(people["anna"], number, view.line.version)
    acts.propose(people["anna"], number, city.version(number), "refused", "不同意")
    acts.review(people["anna"], number, city.version(number))


def test_a_new_verdict_leaves_old_judgements_on_record_but_without_force(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    acts.accept(people["anna"], number, city.version(number))
    file = acts.attach(people["anna"], number, "a.pdf", PDF)
    before = city.port.views.case(people["anna"], number).against
    override_everything(city, number, "anna", file.digest)
    city.port.openings.screen(people["anna"], number, city.version(number), 0)
    after_it = city.port.views.case(people["anna"], number)
    assert {one.key for one in after_it.against} >= {one.key for one in before}
    assert len(after_it.judgements) == len(before)


def test_who_judged_may_not_confirm(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    acts.accept(people["anna"], number, city.version(number))
    file = acts.attach(people["anna"], number, "a.pdf", PDF)
    override_everything(city, number, "anna", file.digest)
    view = city.port.views.case(people["anna"], number)
    key = next(iter(view.judgements.values()))
    with pytest.raises(FourEyesError):
        acts.confirm(people["anna"], number, view.line.version, key.screening_id, [key.finding])
    acts.confirm(people["bert"], number, view.line.version, key.screening_id, [key.finding])
    with pytest.raises(CaseInputError):
        acts.confirm(people["bert"], number, city.version(number), key.screening_id, [])


def test_without_a_verdict_nothing_is_approved(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case(screened=False)
    acts.accept(people["anna"], number, city.version(number))
    with pytest.raises(FlowError):
        acts.propose(people["anna"], number, city.version(number), "approved", "同意")
    screening = city.port.openings.screen(people["anna"], number, city.version(number), 0)
    view = city.port.views.case(people["anna"], number)
    assert view.sites[0].screening_id == screening
    assert view.sites[0].findings
    with pytest.raises(CaseInputError):
        city.port.openings.screen(people["anna"], number, city.version(number), 7)


def test_the_second_of_two_is_told_what_changed_and_nothing_is_lost(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    seen = city.version(number)
    acts.accept(people["anna"], number, seen)
    with pytest.raises(ChangedCaseError) as caught:
        acts.say(people["bert"], number, seen, Action.ASK, "请补充")
    assert "Anna" in caught.value.what.zh
    assert "受理" in caught.value.what.zh
    view = city.port.views.case(people["bert"], number)
    assert [one.kind for one in view.events] == ["opened", "accept"]
    acts.say(people["bert"], number, view.line.version, Action.ASK, "请补充")


def at_once(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=one) for one in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_of_many_at_once_one_acts_and_the_others_are_told(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    seen, outcomes = city.version(number), []

    def accept(who: str) -> Callable[[], None]:
        def work() -> None:
            try:
                acts.accept(people[who], number, seen)
                outcomes.append("accepted")
            except ChangedCaseError as told:
                outcomes.append("told" if told.candidates else "")

        return work

    at_once(*(accept(who) for who in ("anna", "bert", "chief") * 2))
    assert sorted(outcomes) == ["accepted", *["told"] * 5]


def test_every_comment_of_many_at_once_is_kept(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()

    def comment(who: str, turn: int) -> Callable[[], None]:
        return lambda: acts.say(people[who], number, None, Action.COMMENT, f"{who} {turn}")

    said = [(who, turn) for turn in range(4) for who in ("anna", "bert")]
    at_once(*(comment(who, turn) for who, turn in said))
    events = city.port.views.case(people["chief"], number).events
    kept = [one.content["text"] for one in events if one.kind == "comment"]
    assert sorted(kept) == sorted(f"{who} {turn}" for who, turn in said)
    assert [one.content["version"] for one in events] == list(range(1, 10))


def test_numbers_run_on_without_gaps_also_when_many_open_at_once(city: City) -> None:
    screening = city.case()
    view = city.port.views.case(city.people["chief"], screening)
    made: list[str] = []

    def work() -> None:
        new = NewCase(
            project="并行",
            industries=(),
            construction="",
            organisation="",
            agency="",
            district=HERE,
            sites=(NewSite(screening_id=view.sites[0].screening_id),),
        )
        made.append(city.port.openings.open(city.people["applicant"], new))

    at_once(*[work] * 6)
    with pytest.raises(CaseInputError):
        city.port.openings.open(
            city.people["applicant"],
            NewCase(
                project="x", industries=(), construction="", organisation="", agency="", district="999999", sites=()
            ),
        )
    assert sorted(made) == [f"370200-2026-{number:05d}" for number in range(2, 8)]
    city.clock.forward(days=30)  # into December
    assert city.case() == "370200-2026-00008"


def test_everybody_sees_their_own_and_no_more(city: City) -> None:
    views, people, number = city.port.views, city.people, city.case()
    for who, expected in (
        ("applicant", 1), ("neighbour", 0), ("anna", 1), ("stranger", 0), ("chief", 1), ("keeper", 1), ("administrator", 0),
    ):  # fmt: skip
        lines, count = views.listed(people[who], Filter())
        assert (len(lines), count) == (expected, expected), who
        if expected:
            assert views.case(people[who], number).line.number == number
        else:
            with pytest.raises(ForbiddenError):
                views.case(people[who], number)
    with pytest.raises(UnknownCaseError):
        views.case(people["chief"], "370200-2026-99999")
    with pytest.raises(ForbiddenError):
        city.port.acts.accept(people["stranger"], number, 1)
    with pytest.raises(ForbiddenError):
        city.port.acts.accept(people["applicant"], number, 1)
    with pytest.raises(CaseInputError):
        city.port.acts.assign(people["chief"], number, 1, "stranger")


def test_the_desk_shows_the_overdue_first(city: City) -> None:
    acts, people = city.port.acts, city.people
    late, waiting, fresh = city.case(), city.case(), city.case()
    for number in (late, waiting):
        acts.accept(people["anna"], number, city.version(number))
    acts.say(people["anna"], waiting, city.version(waiting), Action.ASK, "?")
    city.clock.forward(days=21)
    acts.accept(people["anna"], fresh, city.version(fresh))
    desk = city.port.views.desk(people["anna"])
    assert [one.number for one in desk] == [late, fresh, waiting]
    assert [one.is_overdue for one in desk] == [True, False, False]
    overdue, count = city.port.views.listed(people["chief"], Filter(overdue=True))
    assert ([one.number for one in overdue], count) == ([late], 1)
    fresh_line = city.port.views.case(people["anna"], fresh).line
    assert fresh_line.due_on == date(2026, 12, 28)
    acts.propose(people["anna"], fresh, city.version(fresh), "refused", "不同意")
    city.clock.forward(days=14)
    acts.review(people["bert"], fresh, city.version(fresh))
    told = city.port.views.case(people["anna"], fresh).line
    assert (told.due_on, told.unknown_year) == (None, 2026 + 1)


def test_a_due_day_that_was_not_known_is_reckoned_when_the_calendar_knows_it(city: City) -> None:
    number = city.case()
    city.clock.forward(days=14)
    with city.port.database.engine.begin() as connection:
        connection.execute(text("UPDATE approval_case SET due_on = NULL"))  # as left by a calendar without the year
    assert city.port.views.listed(city.people["chief"], Filter(overdue=True))[1] == 0
    again = approval_port(city.service, city.settings)
    assert [one.number for one in again.views.listed(city.people["chief"], Filter(overdue=True))[0]] == [number]
    assert audit_check.check(city.port.database).problems == ()


def test_the_list_is_filtered(city: City) -> None:
    first, second = city.case(), city.case()
    city.port.acts.accept(city.people["anna"], first, city.version(first))

    def numbers(**asked: object) -> list[str]:
        return [one.number for one in city.port.views.listed(city.people["chief"], Filter(**asked))[0]]  # type: ignore[arg-type]

    assert numbers() == [second, first]
    assert numbers(stage="assessing") == [first]
    assert numbers(assignee="anna") == [first]
    assert numbers(district=ELSEWHERE) == []
    assert numbers(words="示范公") == [second, first]
    assert numbers(words="00002") == [second]
    assert numbers(words="100%") == []
    assert numbers(year=2025) == []
    assert numbers(page=2) == []


def test_files_are_kept_once_and_given_only_to_those_who_may(city: City) -> None:
    acts, people, number = city.port.acts, city.people, city.case()
    first = acts.attach(people["anna"], number, "a.pdf", PDF)
    assert acts.attach(people["anna"], number, "b.pdf", PDF).digest == first.digest
    view = city.port.views.case(people["anna"], number)
    assert [(one.name, one.size) for one in view.attachments] == [("a.pdf", len(PDF))]
    assert city.port.views.content(people["bert"], number, first.digest)[1] == PDF
    assert city.port.views.case(people["applicant"], number).attachments == ()
    other = city.case()
    for who, where in (("applicant", number), ("anna", other)):
        with pytest.raises(Exception, match="没有这个附件"):
            city.port.views.content(people[who], where, first.digest)


def test_saved_sites_are_ones_own(city: City) -> None:
    sites, people = city.port.sites, city.people
    screening = city.port.views.case(people["chief"], city.case()).sites[0].screening_id
    saved = sites.save(people["applicant"], screening, "北地块", "备选")
    assert [one.name for one in sites.listed(people["applicant"])] == ["北地块"]
    assert sites.listed(people["neighbour"]) == []
    with pytest.raises(UnknownCaseError):
        sites.remove(people["neighbour"], saved)
    sites.remove(people["applicant"], saved)
    assert sites.listed(people["applicant"]) == []
    with pytest.raises(CaseInputError):
        sites.save(people["applicant"], screening, " ", "")


def test_a_case_may_be_declined_or_withdrawn(city: City) -> None:
    acts, people = city.port.acts, city.people
    declined, withdrawn = city.case(), city.case()
    acts.close_early(people["anna"], declined, 1, Action.DECLINE, "不属于本机关")
    acts.say(people["anna"], withdrawn, 1, Action.ASK, "?")
    acts.close_early(people["applicant"], withdrawn, 2, Action.WITHDRAW, "不建了")
    for number, decision in ((declined, "declined"), (withdrawn, "withdrawn")):
        line = city.port.views.case(people["applicant"], number).line
        assert (line.stage, line.decision, line.is_waiting, line.due_on) == (Stage.ARCHIVED, decision, False, None)
    with pytest.raises(FlowError):
        acts.accept(people["anna"], declined, city.version(declined))


def test_a_process_killed_in_the_middle_of_an_act_leaves_nothing_of_it(city: City) -> None:
    number = city.case()
    script = (
        "import os, signal, sys\n"
        "from api.approvals.tables import CaseRow\n"
        "from api.database import Database\n"
        "with Database(sys.argv[1]).writing() as session:\n"
        "    session.query(CaseRow).update({'stage': 'archived'})\n"
        "    session.flush()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, city.settings.database_url], check=False)
    assert done.returncode == -signal.SIGKILL
    assert city.port.views.case(city.people["chief"], number).line.stage is Stage.RECEIVED
    city.port.acts.accept(city.people["anna"], number, city.version(number))

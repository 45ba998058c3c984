"""Why a clause does not speak, or why nobody knows whether it does, in words; and permissions that change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layers.snapshot import Snapshot
from screening.access import AccessList, Clause, IndustrySet
from screening.conditions import Condition
from screening.findings import Finding, Outcome
from screening.model import Construction, Effect
from screening.truth import Truth
from screening.verdict import screen
from tests.conftest import ask
from tests.smallcity import AS_OF
from tests.test_core_questions import clause
from tests.test_small_city import OFFICE_SITE, finding

COARSE, KIND, FACTS = "行业代码级别过粗", "未申报建设性质", "缺少条款所需的申报事实"
OUTSIDE_INDUSTRY, OUTSIDE_KIND, OUTSIDE_CONDITION = (
    "不在条款所列行业内",
    "不在条款所列建设性质内",
    "不满足条款的适用条件",
)


def judged(
    small: Snapshot,
    *clauses: Clause,
    industry: str = "C2614",
    construction: Construction | None = Construction.NEW,
    chemicals: bool | None = True,
) -> dict[str, Finding]:
    standing = ask(small, OFFICE_SITE, industry, construction=construction, handles_hazardous_chemicals=chemicals)
    evidence = replace(standing.evidence, access_list=AccessList(version="t", clauses=clauses))
    return {one.key: one for one in screen(standing.project, standing.site, evidence, AS_OF).findings}


BAN = replace(
    clause(Effect.PROHIBIT),
    industries=IndustrySet(include=frozenset({"C2614"})),
    construction=frozenset({Construction.NEW}),
)


@pytest.mark.parametrize(
    ("industry", "construction", "chemicals", "said"),
    [
        ("C26", Construction.NEW, True, {COARSE}),
        ("C2614", None, True, {KIND}),
        ("C2614", Construction.NEW, None, {FACTS}),
        ("C26", None, None, {COARSE, KIND, FACTS}),
    ],
)
def test_only_what_leaves_a_clause_open_is_said_to(
    small: Snapshot, industry: str, construction: Construction | None, chemicals: bool | None, said: set[str]
) -> None:
    found = judged(small, BAN, industry=industry, construction=construction, chemicals=chemicals)["clause:T-1"]
    assert found.outcome is Outcome.UNDETERMINED
    assert {one for one in (COARSE, KIND, FACTS) if one in found.reason.zh} == said
    assert ("construction" in found.missing_facts) == (KIND in said)
    assert ("handles_hazardous_chemicals" in found.missing_facts) == (FACTS in said)
    assert not found.needs_person


@pytest.mark.parametrize(
    ("industry", "construction", "chemicals", "said"),
    [
        ("I6511", Construction.NEW, True, OUTSIDE_INDUSTRY),
        ("I6511", Construction.EXPAND, False, OUTSIDE_INDUSTRY),
        ("C2614", Construction.EXPAND, True, OUTSIDE_KIND),
        ("C2614", Construction.NEW, False, OUTSIDE_CONDITION),
    ],
)
def test_what_rules_a_clause_out_is_named(
    small: Snapshot, industry: str, construction: Construction, chemicals: bool, said: str
) -> None:
    found = judged(small, BAN, industry=industry, construction=construction, chemicals=chemicals)["clause:T-1"]
    assert (found.outcome, found.truth) == (Outcome.NOT_CONCERNED, Truth.NO)
    assert [one for one in (OUTSIDE_INDUSTRY, OUTSIDE_KIND, OUTSIDE_CONDITION) if one in found.reason.zh] == [said]


def test_a_requirement_that_is_met_cannot_harm_whether_it_speaks_or_not(small: Snapshot) -> None:
    met = replace(clause(Effect.REQUIRE), satisfied_when=Condition("discharges_wastewater == false"))
    assert judged(small, met, chemicals=None)["clause:T-1"].outcome is Outcome.NOT_CONCERNED
    unmet = replace(clause(Effect.REQUIRE), satisfied_when=Condition("discharges_wastewater"))
    assert judged(small, unmet, chemicals=None)["clause:T-1"].outcome is Outcome.UNDETERMINED
    ban = replace(clause(Effect.PROHIBIT), satisfied_when=Condition("discharges_wastewater == false"))
    assert judged(small, ban, chemicals=None)["clause:T-1"].outcome is Outcome.UNDETERMINED


def test_a_permission_leaves_a_mere_condition_as_it_is(small: Snapshot) -> None:
    duty = clause(Effect.CONDITIONAL)
    permit = replace(clause(Effect.PERMIT), id="T-2", applies_when=None, exempts=frozenset({"T-1"}))
    with_permit, alone = judged(small, duty, permit)["clause:T-1"], judged(small, duty)["clause:T-1"]
    assert with_permit == alone
    assert with_permit.outcome is Outcome.CONDITIONAL
    assert judged(small, BAN, permit)["clause:T-1"].outcome is Outcome.CONDITIONAL
    assert judged(small, BAN)["clause:T-1"].outcome is Outcome.VIOLATES


def test_a_unit_is_named_only_by_a_clause_of_its_own(small: Snapshot) -> None:
    standing = ask(small, OFFICE_SITE)
    own = [one for one in standing.evidence.access_list.clauses if "ZH37021130001" in one.scope.units]
    assert own
    others = tuple(one for one in standing.evidence.access_list.clauses if one not in own)
    without = replace(standing.evidence, access_list=replace(standing.evidence.access_list, clauses=others))
    verdict = screen(standing.project, standing.site, without, AS_OF)
    assert finding(verdict, "list:ZH37021130001").outcome is Outcome.UNDETERMINED
    assert "list:ZH37021130001" not in {one.key for one in standing.findings}

"""Which declarations matter: nothing else changes the answer, those that may prohibit come first, and asking ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.app import create_api
from api.service import ScreeningService
from api.settings import Settings
from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.findings import Outcome
from screening.model import FactValue
from screening.questions import asked
from screening.truth import Truth
from tests.conftest import ask
from tests.test_laws import DECLARABLE, Asking, industries, places, values
from tests.test_small_city import IN_RED_LINE, OFFICE_SITE


@pytest.fixture(scope="session")
def asking(small: Snapshot) -> Asking:
    return lambda site, industry, facts: ask(small, site, industry, facts)


@pytest.fixture
def client(service: ScreeningService) -> Iterator[TestClient]:
    with TestClient(create_api(Settings(), service)) as made:
        yield made


@settings(max_examples=40, deadline=None)
@given(places, industries, st.sampled_from(DECLARABLE).flatmap(lambda name: st.tuples(st.just(name), values(name))))
def test_what_is_not_asked_for_does_not_change_the_answer(
    asking: Asking, place: str, industry: str, extra: tuple[str, FactValue]
) -> None:
    undeclared: dict[str, object] = dict.fromkeys(DECLARABLE)
    before = asking(place, industry, undeclared)
    name, value = extra
    if (
        name not in {one.fact for one in asked(before, fact_schema())} and name != "land_m2"
    ):  # land left out is measured
        after = asking(place, industry, {**undeclared, name: value})
        assert after.conclusion is before.conclusion
        outcomes = {f.key: f.outcome for f in after.findings}
        for one in before.findings:  # what would satisfy a clause is asked once it is known to speak
            settles = one.truth is Truth.UNKNOWN and outcomes[one.key] is Outcome.NOT_CONCERNED
            assert settles or outcomes[one.key] is one.outcome


@settings(max_examples=25, deadline=None)
@given(places, industries, st.data())
def test_asking_ends_and_leaves_nothing_open_that_a_declaration_would_close(
    asking: Asking, place: str, industry: str, data: st.DataObject
) -> None:
    facts: dict[str, object] = dict.fromkeys(DECLARABLE)
    for _ in range(len(DECLARABLE) + 1):
        open_facts = [
            one.fact for one in asked(asking(place, industry, facts), fact_schema()) if one.fact != "construction"
        ]
        if not open_facts:
            break
        facts[open_facts[0]] = data.draw(values(open_facts[0]))
    assert open_facts == []


def test_what_may_prohibit_is_asked_before_what_may_only_require(small: Snapshot) -> None:
    found = asked(ask(small, IN_RED_LINE, "C2614", dict.fromkeys(DECLARABLE)), fact_schema())
    worst = [one.worst for one in found]
    assert worst == sorted(worst, reverse=True)
    assert found[0].worst is Outcome.VIOLATES
    assert all(one.findings for one in found)


def test_the_door_names_them_and_keeps_nothing(client: TestClient) -> None:
    body = {"site": {"text": OFFICE_SITE}, "project": {"industries": ["C2614"]}}
    items = client.post("/api/v1/questions?lang=zh", json=body).json()["items"]
    names = [one["name"] for one in items]
    assert "construction" in names
    assert set(names) - {"construction"} <= fact_schema().keys()
    assert items[0]["worst"] == "violates"
    assert all(one["label"] for one in items)
    assert client.post("/api/v1/questions", json={**body, "project": {"industries": ["X"]}}).status_code == 422

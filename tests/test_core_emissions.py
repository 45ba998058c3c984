"""Standards exactly on their first day, means over exactly the time of the limit, and what is told of a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from screening.eia import telling_answers
from screening.emission_model import Compliance, Measured
from screening.errors import UnusableDischargeError
from screening.model import Fact
from screening.standards import Averaging
from screening.units import Amount
from screening.words import same
from tests.test_emissions import BOOK, TODAY, book, emits, limit, standard, the_finding

NUMBER = Fact(
    name="n", label=same("n"), kind="number", unit="t", help=same(""), group=same(""), minimum=0.0, maximum=10.0
)


def test_a_limit_is_told_with_how_many_times_it_is() -> None:
    tables = book([standard("GB")], [limit("GB", "20")])
    assert "2 times the limit" in the_finding(emits("40"), tables).reason.en
    assert "为限值的 2 倍" in the_finding(emits("40"), tables).reason.zh


def test_a_range_and_a_lower_limit_are_told_without_a_ratio() -> None:
    for changes in ({"minimum": Decimal(6)}, {"minimum": Decimal(6), "maximum": None}):
        tables = book([standard("GB")], [replace(limit("GB", "20"), **changes)])
        assert "times the limit" not in the_finding(emits("5"), tables).reason.en


def test_a_limit_of_nothing_is_exceeded_by_anything_and_told_without_a_ratio() -> None:
    tables = book([standard("GB")], [limit("GB", "0")])
    exceeded, met = the_finding(emits("1"), tables), the_finding(emits("0"), tables)
    assert (exceeded.compliance, met.compliance) == (Compliance.EXCEEDED, Compliance.MET)
    assert "times the limit" not in exceeded.reason.en


def test_a_standard_of_tomorrow_is_set_aside_and_one_of_today_is_not() -> None:
    for first, reason in ((TODAY + timedelta(days=1), "in force only from"), (TODAY, "")):
        tables = book([standard("GB", valid_from=first)], [limit("GB", "20", valid_from=first)])
        found = the_finding(emits("15", built=TODAY), tables)
        assert [one.reason.en.startswith(reason) for one in found.set_aside] == ([True] if reason else [])


def test_a_standard_that_ended_says_until_when() -> None:
    last = TODAY - timedelta(days=1)
    tables = book([standard("GB", valid_to=last)], [limit("GB", "20", valid_to=last)])
    (aside,) = the_finding(emits("15"), tables).set_aside
    assert str(last) in aside.reason.en


@pytest.mark.parametrize("averaging", list(Averaging))
def test_a_mean_over_the_time_of_the_limit_is_held_against_it(averaging: Averaging) -> None:
    tables = book([standard("GB")], [limit("GB", "20", averaging=averaging)])
    for value, compliance in (("20", Compliance.MET), ("21", Compliance.EXCEEDED)):
        measured = Measured(Amount.of(value, "mg/m³"), averaging)
        assert the_finding(emits(concentrations=(measured,)), tables).compliance is compliance


def test_a_pollutant_nobody_knows_is_answered_with_near_names() -> None:
    name = next(iter(BOOK.pollutants.values())).name.zh
    with pytest.raises(UnusableDischargeError) as caught:
        BOOK.pollutant(name[:1])
    assert name in caught.value.candidates
    assert all(name[:1] in one for one in caught.value.candidates)


def test_thresholds_at_the_bounds_of_a_fact_are_answers_and_those_beyond_are_not() -> None:
    assert telling_answers(NUMBER, (0.0, 4.0, 10.0)) == (0.0, 2.0, 4.0, 7.0, 10.0)
    assert 12.0 not in telling_answers(NUMBER, (4.0, 12.0))
    assert -1.0 not in telling_answers(NUMBER, (-1.0, 4.0))


def test_built_on_the_day_that_parts_new_from_existing() -> None:
    first, later = date(2020, 1, 1), date(2020, 7, 1)
    tables = book([standard("GB", valid_from=first, existing_from=later)], [limit("GB", "20", valid_from=first)])
    assert the_finding(emits("15", built=None), tables, day=later).compliance is Compliance.MET
    assert the_finding(emits("25", built=None), tables, day=later).compliance is Compliance.EXCEEDED

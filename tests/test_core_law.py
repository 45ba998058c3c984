"""Documents, catalogues and limits exactly where one answer becomes another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from layers.policy import read_catalogues
from screening.access import Position
from screening.basis import Library, faults
from screening.eia import _interval
from screening.emission_model import Compliance
from screening.emissions import judge
from screening.errors import UnusableAmountError
from screening.lines import judge_objective
from screening.model import Effect, FactValue
from screening.policy import Catalogue
from screening.sensitivity import AreaSource, areas_touched
from screening.standards import Limit, Origin, Outlet
from screening.truth import Truth
from screening.units import Amount
from tests.test_basis import document
from tests.test_core_plans import IN_PARK, gathered
from tests.test_core_reach import OBJECTIVE, clause, park
from tests.test_emissions import TODAY, book, emits, limit, standard, the_finding
from tests.test_policy import LARGER_FURNACE, SEWAGE, SMALL_FURNACE, STRUCTURE, E, R, asked, written

YES, NO = Truth.YES, Truth.NO
FIRST = date(2000, 1, 1)


@pytest.mark.parametrize(("last", "is_fault"), [(FIRST, False), (date(1999, 12, 31), True)])
def test_a_document_may_hold_for_a_single_day(last: date, is_fault: bool) -> None:
    assert bool(faults(Library([document("a", FIRST, last)], []))) is is_fault


# -- industrial policy -------------------------------------------------------------------------------------------------


def furnaces(folder: Path, *, checked: str) -> Catalogue:
    """The catalogue of three, of which only some entries were checked against the official text."""
    rows = [{**one, "verified": str(one["id"] in checked).lower()} for one in (SMALL_FURNACE, LARGER_FURNACE, SEWAGE)]
    found, _ = read_catalogues(written(folder, tuple(rows)))
    return found[STRUCTURE]


def test_only_candidates_nobody_has_settled_are_counted_as_open(tmp_path: Path) -> None:
    catalogue = furnaces(tmp_path, checked="E1R1G1")
    assert asked(catalogue, "C3110").reason.zh.startswith("有 2 条")
    assert asked(catalogue, "C3110", confirmed={"R1": NO}).reason.zh.startswith("有 1 条")
    assert asked(catalogue, "C3110", blast_furnace_m3=380.0).reason.zh.startswith("有 1 条")


def test_a_class_rests_on_its_confirmed_entries_and_on_those_its_scale_closed(tmp_path: Path) -> None:
    both = {"R1": YES, "G1": YES}
    of_class = furnaces(tmp_path, checked="R1E1")
    answer = asked(of_class, "C3110", confirmed=both, blast_furnace_m3=500.0)
    assert (answer.cls, answer.is_verified) == (R, True)  # the encouraged one was confirmed, too, and decides nothing
    by_scale = furnaces(tmp_path, checked="R1G1")
    answer = asked(by_scale, "C3110", confirmed={"R1": YES}, blast_furnace_m3=500.0)
    assert (answer.cls, answer.is_verified) == (R, False)  # it rests on the unchecked threshold that closed the graver
    answer = asked(by_scale, "C3110", confirmed={"R1": YES, "E1": NO}, blast_furnace_m3=500.0)
    assert (answer.cls, answer.is_verified) == (R, True)  # where a person closed it, the threshold is not relied on
    milder = furnaces(tmp_path, checked="E1")
    answer = asked(milder, "C3110", confirmed={"E1": YES}, blast_furnace_m3=380.0)
    assert (answer.cls, answer.is_verified) == (E, False)  # the scale that closed the milder one is unchecked as well
    milder = furnaces(tmp_path, checked="E1R1")
    answer = asked(milder, "C3110", "污水", confirmed={"E1": YES}, blast_furnace_m3=380.0)
    assert (answer.cls, answer.is_verified) == (E, True)  # an open milder candidate is not rested on


# -- facts that decide a category --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (0, 0, "<10 t"),
        (1, 1, "=10 t"),
        (1, 2, "≥10 且 <20 t"),
        (2, 2, ">10 且 <20 t"),
        (2, 3, ">10 且 ≤20 t"),
        (1, 3, "≥10 且 ≤20 t"),
        (4, 4, ">20 t"),
    ],
)
def test_values_from_one_telling_answer_to_another(first: int, last: int, said: str) -> None:
    assert _interval("t", {10.0, 20.0}, [9.0, 10.0, 15.0, 20.0, 21.0], first, last).zh == said


# -- which standard rules ----------------------------------------------------------------------------------------------


def rules(local: tuple[int | None, int], national: tuple[int | None, int], *, exclusive: bool = False) -> list[str]:
    """Codes of the standards whose limits count, a local and a national one given by their bounds."""

    def bounds(code: str, pair: tuple[int | None, int]) -> Limit:
        low, high = pair
        return replace(limit(code, str(high)), minimum=None if low is None else Decimal(low))

    own, other = bounds("DB", local), bounds("GB", national)
    tables = book(
        [standard("DB", origin=Origin.LOCAL), standard("GB")],
        [own, replace(other, exclusive=exclusive)],
    )
    found = the_finding(emits("8"), tables)
    return sorted({"DB", "GB"} - {one.standard for one in found.set_aside})


def test_of_a_local_and_a_national_range_the_milder_is_set_aside_and_what_differs_both_ways_counts_twice() -> None:
    assert rules((6, 9), (5, 9)) == ["DB"]
    assert rules((4, 9), (5, 9)) == ["GB"]
    assert rules((6, 10), (5, 9)) == ["DB", "GB"]
    assert rules((None, 20), (None, 20)) == ["DB"]
    assert rules((None, 20), (None, 20), exclusive=True) == ["GB"]


def test_what_an_unmet_objective_has_replaced_is_the_amount_times_its_ratio_where_it_states_one() -> None:
    unmet = replace(OBJECTIVE, state=4.0, effect=Effect.CONDITIONAL, pollutants=("x",))
    facts: dict[str, FactValue] = {"emits": True, "x": 3.0}
    (demand,) = judge_objective(replace(unmet, replacement_ratio=2.0), facts).replacements
    assert (demand.fact, demand.amount) == ("x", 6.0)
    assert judge_objective(unmet, facts).replacements == ()


# -- sensitive areas and amounts ---------------------------------------------------------------------------------------


def touched(shape: BaseGeometry, *sources: AreaSource, subtype: str = "甲", silent: tuple[str, ...] = ()) -> Truth:
    near = replace(clause(park(Position.NEAR, 30.0)), id="NEAR")
    found = gathered(shape, near, silent=silent)
    named = tuple(
        replace(one, zone=replace(one.zone, subtype=subtype, attributes={"类型": "乙"}))
        if one.zone.layer_id == "park"
        else one
        for one in found.contacts
    )
    return areas_touched(replace(found, contacts=named), {"area": sources})["area"]


def test_a_sensitive_area_is_touched_far_or_for_a_person() -> None:
    every = AreaSource(layer_id="park", is_complete=True)
    of_kind = replace(every, column="subtype", values=frozenset({"甲"}))
    of_type = replace(every, column="类型", values=frozenset({"乙"}))
    beside, far, point = shapely.box(30, 40, 50, 60), shapely.box(5, 5, 10, 10), shapely.Point(5, 5)
    for source in (every, of_kind, of_type):
        assert touched(IN_PARK, source) is YES
        assert touched(beside, source) is Truth.UNKNOWN
        assert touched(far, source) is NO
        assert touched(point, source) is Truth.UNKNOWN
        assert touched(far, source, silent=("park",)) is Truth.UNKNOWN
    assert touched(IN_PARK, of_kind, subtype="乙") is NO
    assert touched(IN_PARK, of_kind, subtype="") is Truth.UNKNOWN
    assert touched(IN_PARK, replace(of_type, values=frozenset({"甲"}))) is NO
    assert touched(far, replace(every, is_complete=False)) is Truth.UNKNOWN
    assert touched(far, replace(every, layer_id="moon")) is Truth.UNKNOWN
    assert touched(far) is Truth.UNKNOWN


def test_only_a_level_of_sound_may_be_negative() -> None:
    assert Amount.of("-1", "dB(A)").value == -1
    assert Amount.of("0", "mg/m³").value == 0
    for value, unit in (("-1", "mg/m³"), ("nan", "dB(A)"), ("1", "furlong")):
        with pytest.raises(UnusableAmountError):
            Amount.of(value, unit)


def test_a_quantity_of_which_no_table_speaks_is_not_told_beside_one_that_is_judged() -> None:
    elsewhere = limit("GB", "5", unit="kg/h", outlets=frozenset({Outlet.UNORGANISED}))
    both = book([standard("GB")], [limit("GB", "20"), elsewhere])
    assert [one.compliance for one in judge(emits("8"), both, as_of=TODAY, area="370211")] == [Compliance.MET]
    only = book([standard("GB")], [elsewhere])
    assert [one.compliance for one in judge(emits("8"), only, as_of=TODAY, area="370211")] == [Compliance.NO_LIMIT]

"""Discharges against limits: hand-reasoned cases, and laws that hold for any discharge and any table."""

from __future__ import annotations

import csv
import re
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import layers
from layers.industries import lineage_of
from layers.standards import LIMIT_COLUMNS, POLLUTANT_COLUMNS, STANDARD_COLUMNS, read_book, standard_book
from screening.access import IndustrySet
from screening.emission_model import Compliance, Discharge, EmissionFinding, Measured
from screening.emissions import complies, judge
from screening.errors import BrokenReferenceError, UnusableAmountError, UnusableDischargeError
from screening.standards import OUTLETS, Averaging, Book, Column, Kind, Limit, Medium, Origin, Outlet, Reach, Standard
from screening.truth import Truth
from screening.units import UNITS, Amount, Quantity
from screening.words import same

TABLES = Path(layers.__file__).parent / "reference" / "standards"
CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "golden" / "emissions.toml").read_text(encoding="utf-8")
)["case"]
TODAY = date(2026, 11, 21)
BOOK = standard_book()


def averaging_of(written: str | None) -> Averaging | None:
    return Averaging[written.upper()] if written else None


def discharge_of(case: Mapping[str, Any]) -> Discharge:
    rate, unit = case.get("rate", "0 kg/h").split()
    value = case.get("value")
    built = case.get("built", "2026-01-01")
    measured = Measured(Amount.of(value or 0, case.get("unit", "mg/m³")), averaging_of(case.get("averaging")))
    return Discharge(
        pollutant=BOOK.pollutant(case["pollutant"]).id,
        medium=Medium(case.get("medium", "air")),
        industry=lineage_of(case["industry"]),
        concentrations=(measured,) if value else (),
        rate=Amount.of(rate, unit) if "rate" in case else None,
        stack_height=Amount.of(case["stack_height"], "m") if "stack_height" in case else None,
        removal=Amount.of(case["removal"], "%") if "removal" in case else None,
        outlet=Outlet(case["outlet"]) if "outlet" in case else None,
        built=None if built == "?" else date.fromisoformat(built),
        columns=case.get("columns", {}),
    )


def findings_of(case: Mapping[str, Any]) -> tuple[EmissionFinding, ...]:
    return judge(
        discharge_of(case),
        BOOK,
        as_of=date.fromisoformat(case.get("as_of", TODAY.isoformat())),
        area=case.get("area", "370211"),
        kind=Kind(case.get("kind", "emission")),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_reasoning_holds(case: dict[str, Any]) -> None:
    assert case["clause"]
    assert case["why_zh"]
    assert case["why_en"]
    wanted = (case.get("quantity", "concentration"), averaging_of(case.get("over")), case.get("tier", ""))
    found = {(one.quantity.value, one.averaging, one.tier): one for one in findings_of(case)}
    assert wanted in found
    finding = found[wanted]
    assert finding.compliance.value == case["compliance"], finding.reason.en
    if "standard" in case or "beyond" in case:
        assert finding.governing is not None
        assert finding.governing.beyond == Decimal(case["beyond"])
        assert finding.governing.standard.code == case.get("standard", finding.governing.standard.code)
        assert finding.governing.limit.place == case.get("place", finding.governing.limit.place)
    if "ratio" in case:
        assert finding.governing is not None
        assert finding.governing.ratio == Decimal(case["ratio"])
    if "needs" in case:
        assert [need.name for need in finding.needs] == case["needs"]
    if "verified" in case:
        assert finding.verified is case["verified"]
    assert set(case.get("set_aside", ())) <= {one.standard for one in finding.set_aside}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_findings_speak_both_languages(case: dict[str, Any]) -> None:
    for finding in findings_of(case):
        texts = [finding.reason, *(need.label for need in finding.needs), *(one.reason for one in finding.set_aside)]
        texts += [bound.cited for _, bound in finding.limits] + [one.title for one, _ in finding.limits]
        assert all(text.zh for text in texts)
        assert not [text.en for text in texts if not text.en or re.search(r"[\u4e00-\u9fff]", text.en)]


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 25


# -- the tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "columns"), [("standards.csv", STANDARD_COLUMNS), ("limits.csv", LIMIT_COLUMNS)])
def test_every_row_says_where_it_is_from_since_when_and_whether_it_was_checked(
    file: str, columns: tuple[str, ...]
) -> None:
    rows = list(csv.DictReader((TABLES / file).read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == columns
    for row in rows:
        assert row["source"]
        assert date.fromisoformat(row["valid_from"])
        assert row["verified"] in ("yes", "no")


def test_only_what_was_read_in_a_text_counts_as_verified() -> None:
    read = {one.code for one in BOOK.standards.values() if one.source == "text of the standard as issued"}
    assert {one.code for one in BOOK.standards.values() if one.verified} == read
    assert {one.standard for one in BOOK.limits if one.verified} <= read
    assert not [one for one in BOOK.limits if BOOK.standards[one.standard].origin is Origin.LOCAL and one.verified]


def test_whoever_replaces_is_named_by_whom_it_replaces() -> None:
    for one in BOOK.standards.values():
        if one.replaced_by:
            after = BOOK.standards[one.replaced_by]
            assert one.code in after.replaces
            assert one.valid_to == after.valid_from - timedelta(days=1)


def test_special_limits_are_never_milder_than_the_ordinary_ones() -> None:
    """Checked cell by cell: same standard, pollutant, outlet and column; a misread table would show here."""
    ordinary = {cell(one): one for one in BOOK.limits if one.special is False and one.built_to is None}
    pairs = [(one, ordinary[cell(one)]) for one in BOOK.limits if one.special is True and cell(one) in ordinary]
    assert len(pairs) > 80
    for special, plain in pairs:
        if special.maximum is not None and plain.maximum is not None:
            assert special.maximum <= plain.maximum, special.row
        if special.minimum is not None and plain.minimum is not None:
            assert special.minimum >= plain.minimum, special.row


def cell(limit: Limit) -> tuple[object, ...]:
    when = frozenset((name, choices) for name, choices in limit.when.items() if name != "special_area")
    return limit.standard, limit.pollutant, limit.outlets, limit.unit, limit.averaging, when


@pytest.mark.parametrize(
    ("file", "field", "value"),
    [
        ("limits.csv", "standard", "GB 0-0000"),
        ("limits.csv", "pollutant", "unobtainium"),
        ("limits.csv", "medium", "aether"),
        ("limits.csv", "outlet", "somewhere"),
        ("limits.csv", "when", "fuel=peat"),
        ("limits.csv", "when", "moon=full"),
        ("limits.csv", "maximum", "about 5"),
        ("limits.csv", "maximum", "NaN"),
        ("limits.csv", "unit", "ppm"),
        ("limits.csv", "averaging", "fortnight"),
        ("limits.csv", "valid_from", "soon"),
        ("limits.csv", "valid_from", "1900-01-01"),
        ("limits.csv", "source", ""),
        ("limits.csv", "verified", ""),
        ("limits.csv", "special", "perhaps"),
        ("limits.csv", "tier", "third"),
        ("standards.csv", "kind", "advice"),
        ("standards.csv", "industries", "C99999"),
        ("standards.csv", "area", "37"),
        ("standards.csv", "valid_to", "1900-01-01"),
        ("standards.csv", "verified", "maybe"),
        ("pollutants.csv", "zh", ""),
    ],
)
def test_a_bad_cell_is_an_error_with_file_row_and_field(tmp_path: Path, file: str, field: str, value: str) -> None:
    shutil.copytree(TABLES, tmp_path / "standards")
    path = tmp_path / "standards" / file
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    rows[0][field] = value
    write(path, rows)
    with pytest.raises(BrokenReferenceError) as broken:
        read_book(tmp_path / "standards")
    assert broken.value.field == f"{file}:2:{field}"
    assert broken.value.what.zh
    assert broken.value.what.en


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_limit_given_twice_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "standards")
    path = tmp_path / "standards" / "limits.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    write(path, [*rows, {**rows[0], "maximum": "99999"}])
    with pytest.raises(BrokenReferenceError, match="repeats"):
        read_book(tmp_path / "standards")


def test_a_standard_without_any_limit_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "standards")
    path = tmp_path / "standards" / "limits.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    write(path, [row for row in rows if row["standard"] != "GB 4915-2013"])
    with pytest.raises(BrokenReferenceError, match="GB 4915-2013"):
        read_book(tmp_path / "standards")


def test_names_of_pollutants_lead_to_one_each() -> None:
    rows = list(csv.DictReader((TABLES / "pollutants.csv").read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == POLLUTANT_COLUMNS
    for row in rows:
        for written in (row["id"], row["zh"], row["en"], row["cas"], *row["synonyms"].split("|")):
            if written:
                assert BOOK.pollutant(written).id == row["id"], written


# -- made-up tables: the rules of selection, one at a time -------------------------------------------------------------

ZONE = Column(id="zone", label=same("zone"), of_place=True, choices=tuple((one, same(one)) for one in "abc"))


def standard(code: str, **changes: Any) -> Standard:
    made = Standard(
        code=code,
        title=same(code),
        kind=Kind.EMISSION,
        origin=Origin.NATIONAL,
        reach=Reach.GENERAL,
        area="",
        industries=IndustrySet(),
        industries_verified=True,
        when={},
        crosses=True,
        media=frozenset({Medium.AIR}),
        replaces=(),
        replaced_by="",
        valid_from=date(2020, 1, 1),
        valid_to=None,
        existing_from=None,
        source="made for this test",
        note="",
        verified=True,
    )
    return replace(made, **changes)


def limit(code: str, maximum: str | None, **changes: Any) -> Limit:
    made = Limit(
        standard=code,
        place="1",
        pollutant="pm",
        medium=Medium.AIR,
        outlets=frozenset({Outlet.ORGANISED}),
        when={},
        special=None,
        minimum=None,
        maximum=None if maximum is None else Decimal(maximum),
        exclusive=False,
        unit="mg/m³",
        averaging=None,
        tier="",
        built_from=None,
        built_to=None,
        valid_from=date(2020, 1, 1),
        valid_to=None,
        note="",
        source="made for this test",
        verified=True,
        row=f"{code}:{maximum}:{sorted(changes)}",
    )
    return replace(made, **changes)


def book(standards: Iterable[Standard], limits: Iterable[Limit]) -> Book:
    return Book(
        standards={one.code: one for one in standards},
        limits=tuple(limits),
        columns={"zone": ZONE},
        pollutants=BOOK.pollutants,
    )


def emits(value: str | float | None = None, **changes: Any) -> Discharge:
    concentrations = () if value is None else (Measured(Amount.of(value, "mg/m³")),)
    made = Discharge(
        pollutant="pm",
        medium=Medium.AIR,
        industry=lineage_of("C3399"),
        concentrations=concentrations,
        outlet=Outlet.ORGANISED,
        built=date(2022, 1, 1),
    )
    return replace(made, **changes)


def the_finding(discharge: Discharge, tables: Book, area: str = "370211", day: date = TODAY) -> EmissionFinding:
    (finding,) = judge(discharge, tables, as_of=day, area=area)
    return finding


def test_the_local_standard_goes_before_the_national_one_only_at_home() -> None:
    local = standard("DB37", origin=Origin.LOCAL, area="37")
    tables = book([standard("GB"), local], [limit("GB", "20"), limit("DB37", "10")])
    assert the_finding(emits("15"), tables).compliance is Compliance.EXCEEDED
    assert [one.standard for one in the_finding(emits("15"), tables).set_aside] == ["GB"]
    assert the_finding(emits("15"), tables, area="330100").compliance is Compliance.MET


def test_a_local_standard_milder_than_a_newer_national_one_is_set_aside() -> None:
    local = standard("DB37", origin=Origin.LOCAL, area="37")
    tables = book([standard("GB"), local], [limit("GB", "10"), limit("DB37", "20")])
    finding = the_finding(emits("15"), tables)
    assert finding.compliance is Compliance.EXCEEDED
    assert [one.standard for one in finding.set_aside] == ["DB37"]


@pytest.mark.parametrize(("crosses", "expected"), [(True, Compliance.MET), (False, Compliance.NO_LIMIT)])
def test_a_general_standard_fills_a_gap_only_where_it_may_cross(crosses: bool, expected: Compliance) -> None:
    own = standard("GB own", reach=Reach.INDUSTRY, industries=IndustrySet(include=frozenset({"C33"})))
    tables = book(
        [standard("GB all", crosses=crosses), own], [limit("GB all", "120"), limit("GB own", "1", pollutant="so2")]
    )
    assert the_finding(emits("15"), tables).compliance is expected


def test_a_province_speaking_of_other_pollutants_does_not_lift_the_national_general_standard() -> None:
    solvents = standard("DB37", reach=Reach.INDUSTRY, origin=Origin.LOCAL, area="37")
    tables = book(
        [standard("GB all", crosses=False), solvents], [limit("GB all", "120"), limit("DB37", "60", pollutant="nmhc")]
    )
    assert the_finding(emits("150"), tables).compliance is Compliance.EXCEEDED


def test_a_national_industry_standard_does_not_lift_the_stricter_general_one_of_the_province() -> None:
    own = standard("GB own", reach=Reach.INDUSTRY)
    local = standard("DB37", origin=Origin.LOCAL, area="37")
    tables = book([own, local], [limit("GB own", "30"), limit("DB37", "10")])
    finding = the_finding(emits("15"), tables)
    assert finding.compliance is Compliance.EXCEEDED
    assert [one.standard for one in finding.set_aside] == ["GB own"]


def test_an_unknown_value_of_a_standard_that_rules_is_never_met() -> None:
    own = standard("GB own", reach=Reach.INDUSTRY)
    tables = book([standard("GB all"), own], [limit("GB all", "120"), limit("GB own", None, verified=False)])
    finding = the_finding(emits("0"), tables)
    assert finding.compliance is Compliance.NO_LIMIT
    assert [one.standard for one in finding.set_aside] == ["GB all"]


def test_a_coarse_industry_asks_for_a_finer_one_when_it_matters() -> None:
    own = standard("GB own", reach=Reach.INDUSTRY, industries=IndustrySet(include=frozenset({"C3391"})))
    tables = book([standard("GB all"), own], [limit("GB all", "120"), limit("GB own", "30")])
    coarse = emits("50", industry=lineage_of("C33"))
    assert [need.name for need in the_finding(coarse, tables).needs] == ["industry"]
    assert the_finding(replace(coarse, concentrations=emits("20").concentrations), tables).truth is Truth.YES


def test_annual_amounts_are_held_against_limits_in_tonnes() -> None:
    tables = book([standard("GB")], [limit("GB", "2", unit="t/a"), limit("GB", "20")])
    found = {one.quantity: one for one in judge(emits("1"), tables, as_of=TODAY, area="37")}
    assert found[Quantity.ANNUAL].compliance is Compliance.NEEDS_FACTS
    declared = emits("1", annual=Amount.of(2500, "kg/a"))
    found = {one.quantity: one for one in judge(declared, tables, as_of=TODAY, area="37")}
    assert found[Quantity.ANNUAL].compliance is Compliance.EXCEEDED


def test_a_value_in_a_unit_of_another_family_is_not_compared() -> None:
    tables = book([standard("GB")], [limit("GB", "0.1", unit="ng-TEQ/m³", pollutant="dioxin")])
    finding = the_finding(emits("0.00000001", pollutant="dioxin"), tables)
    assert finding.compliance is Compliance.NEEDS_FACTS
    assert "ng-TEQ/m³" in finding.needs[0].label.en


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pollutant": "unobtainium"}, "discharge.pollutant"),
        ({"columns": {"moon": "full"}}, "discharge.columns.moon"),
        ({"columns": {"fuel": "peat"}}, "discharge.columns.fuel"),
        ({"outlet": Outlet.DIRECT}, "discharge.outlet"),
    ],
)
def test_what_the_tables_do_not_have_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(UnusableDischargeError) as refused:
        judge(emits("1", **changes), BOOK, as_of=TODAY, area="37")
    assert refused.value.field == field


# -- laws --------------------------------------------------------------------------------------------------------------

values = st.decimals(0, 1000, places=3, allow_nan=False)
POLLUTANTS = ["pm", "so2", "nox", "nmhc", "benzene", "hcl", "styrene"]
INDUSTRIES = ["C2614", "C2651", "C2613", "C3011", "C3391", "C2641", "C3399", "C3360", "D4430"]
FIXED = {"source": "process"}
COLUMNS = {
    name: [value for value, _ in BOOK.columns[name].choices]
    for name in (
        "control_zone",
        "special_area",
        "petrochemical_vent",
        "foundry_process",
        "cement_equipment",
        "resin",
        "inorganic_sector",
        "coating_product",
    )
}
columns = st.fixed_dictionaries({}, optional={name: st.sampled_from(choices) for name, choices in COLUMNS.items()})
discharges = st.builds(
    lambda pollutant, industry, value, averaging, outlet, built, declared, height: Discharge(
        pollutant=pollutant,
        medium=Medium.AIR,
        industry=lineage_of(industry),
        concentrations=() if value is None else (Measured(Amount(value, "mg/m³"), averaging),),
        outlet=outlet,
        built=built,
        columns={**declared, **FIXED},
        stack_height=height,
    ),
    st.sampled_from(POLLUTANTS),
    st.sampled_from(INDUSTRIES),
    st.none() | values,
    st.none() | st.sampled_from(Averaging),
    st.none() | st.sampled_from(OUTLETS[Medium.AIR]),
    st.none() | st.dates(date(2000, 1, 1), date(2026, 11, 1)),
    columns,
    st.none() | st.sampled_from([Amount.of(8, "m"), Amount.of(15, "m"), Amount.of(60, "m")]),
)
days = st.dates(date(2005, 1, 1), date(2035, 1, 1))
areas = st.sampled_from(["370211", "330100"])


def answers(discharge: Discharge, day: date, area: str) -> dict[tuple[object, ...], EmissionFinding]:
    found = judge(discharge, BOOK, as_of=day, area=area)
    return {(one.quantity, one.averaging, one.tier): one for one in found}


@settings(max_examples=150, deadline=None)
@given(discharges, values, days, areas)
def test_raising_a_concentration_never_turns_exceeded_into_met(
    discharge: Discharge, more: Decimal, day: date, area: str
) -> None:
    assume(discharge.concentrations)
    (measured,) = discharge.concentrations
    higher = Measured(Amount(measured.amount.value + more, "mg/m³"), measured.averaging)
    before = answers(discharge, day, area)
    after = answers(replace(discharge, concentrations=(higher,)), day, area)
    for key, finding in before.items():
        if finding.compliance is Compliance.EXCEEDED:
            assert after[key].compliance is Compliance.EXCEEDED
        if key in after and after[key].compliance is Compliance.MET:
            assert finding.compliance is Compliance.MET


@settings(max_examples=200, deadline=None)
@given(discharges, discharges, days, areas)
def test_declaring_more_never_reverses_a_definite_answer(
    fewer: Discharge, other: Discharge, day: date, area: str
) -> None:
    more = replace(
        fewer,
        concentrations=fewer.concentrations or other.concentrations,
        outlet=fewer.outlet or other.outlet,
        built=fewer.built or other.built,
        stack_height=fewer.stack_height or other.stack_height,
        columns={**other.columns, **fewer.columns},
    )
    after = answers(more, day, area)
    for key, finding in answers(fewer, day, area).items():
        if finding.compliance in (Compliance.MET, Compliance.EXCEEDED):
            assert after[key].compliance is finding.compliance, (finding.reason.en, after[key].reason.en)


@settings(max_examples=150, deadline=None)
@given(discharges, days, areas)
def test_nothing_undeclared_is_ever_met(discharge: Discharge, day: date, area: str) -> None:
    silent = replace(discharge, concentrations=(), stack_height=None)
    found = judge(silent, BOOK, as_of=day, area=area)
    assert found
    assert not [one for one in found if one.compliance in (Compliance.MET, Compliance.EXCEEDED)]
    assert complies(found) is Truth.UNKNOWN
    assert all(one.needs for one in found if one.compliance is Compliance.NEEDS_FACTS)


@settings(max_examples=200, deadline=None)
@given(discharges, days, areas)
def test_a_standard_outside_its_dates_or_its_province_never_counts(discharge: Discharge, day: date, area: str) -> None:
    for finding in judge(discharge, BOOK, as_of=day, area=area):
        for one, bound in finding.limits:
            assert one.binds_on(day)
            assert bound.valid_from <= day
            assert bound.valid_to is None or day <= bound.valid_to
            assert area.startswith(one.area)
            assert one.code not in {aside.standard for aside in finding.set_aside}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sets(st.sampled_from("abc"), min_size=1), st.integers(1, 50)), min_size=1, max_size=4), values
)
def test_an_open_column_is_decided_only_when_all_its_values_agree(
    rows: list[tuple[set[str], int]], value: Decimal
) -> None:
    limits = [limit("GB", str(top), when={"zone": frozenset(zones)}, row=str(i)) for i, (zones, top) in enumerate(rows)]
    tables = book([standard("GB")], limits)
    each = {the_finding(emits(str(value), columns={"zone": zone}), tables).compliance for zone in "abc"}
    expected = each.pop() if len(each) == 1 else Compliance.NEEDS_FACTS
    assert the_finding(emits(str(value)), tables).compliance is expected


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)), st.decimals(0, 10**6, places=6))
def test_conversion_there_and_back_changes_nothing(one: str, other: str, value: Decimal) -> None:
    amount = Amount.of(value, one)
    if amount.is_like(other):
        assert amount.in_(other).in_(one) == amount
    else:
        with pytest.raises(UnusableAmountError):
            amount.in_(other)


@pytest.mark.parametrize("written", ["a lot", "NaN", "inf", "-1"])
def test_a_value_that_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(UnusableAmountError):
        Amount.of(written, "mg/L")


def test_a_unit_outside_the_table_is_refused() -> None:
    with pytest.raises(UnusableAmountError) as refused:
        Amount.of(1, "ppm")
    assert "mg/m³" in refused.value.candidates

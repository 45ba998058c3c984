"""The 37 representative clauses: each reads, comes back, hits, misses and stays open: `tests/golden/clauses.toml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.facts import declared, derived_facts, fact_schema
from layers.industries import classification
from layers.issues import Issue, Severity
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from layers.workbook import COLUMNS, OPTIONAL_COLUMNS, read_access_list
from layers.workbook_writer import write_access_list
from screening.access import AccessList, Level
from screening.coordinates import read_site
from screening.evidence import Answer
from screening.explain import explain
from screening.findings import Finding, Outcome
from screening.model import Construction, Project
from screening.truth import Truth
from screening.verdict import Verdict, screen
from screening.words import Text
from tests.clausecity import GENERAL_SHEET, GOLDEN, ROWS, blank_list, deliver_with
from tests.conftest import QUIET_FACTS
from tests.smallcity import AS_OF

SITES: dict[str, str] = GOLDEN["site"]
CASES = [(clause, case) for clause in GOLDEN["clause"] for case in clause["cases"]]
IDS = [row["条款编号"] for row in ROWS]
HITS = {"violates", "undetermined", "conditional", "complies"}
MISSES = {"not_concerned", "not_in_scope"}
Asking = Callable[..., Verdict]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, tuple[Issue, ...]]:
    folder = tmp_path_factory.mktemp("clauses")
    content = read_content(deliver_with(folder / "delivery", ROWS))
    assert content.errors == ()
    return load_snapshot(folder / "store" / write_release(content, folder / "store")), content.issues


@pytest.fixture(scope="module")
def city(release: tuple[Snapshot, tuple[Issue, ...]]) -> Snapshot:
    return release[0]


@pytest.fixture(scope="module")
def names(city: Snapshot) -> Mapping[str, str]:
    """Chinese layer name by id."""
    return {layer_id: row.name_zh for layer_id, row in city.jurisdiction.layers.items()}


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory, names: Mapping[str, str]) -> AccessList:
    """The list of the 37 clauses alone, through the real importer."""
    path = blank_list(tmp_path_factory.mktemp("list") / "list.xlsx", ROWS)
    found, issues = read(path, names)
    assert issues == []
    return found


def read(path: Path, names: Mapping[str, str]) -> tuple[AccessList, list[Issue]]:
    return read_access_list(path, "37", frozenset(), {name: layer_id for layer_id, name in names.items()})


def silenced(city: Snapshot, layer_ids: list[str]) -> Snapshot:
    """The release with layers that do not answer."""
    silent = {one: (city.layers[one].layer, Answer.MISSING, Text("缺失", "missing")) for one in layer_ids}
    heard = {name: loaded for name, loaded in city.layers.items() if name not in silent}
    return replace(city, layers=heard, silent={**city.silent, **silent})


def project(industries: list[str], kind: str, facts: Mapping[str, object]) -> Project:
    told = {**QUIET_FACTS, **{name: None if value == "?" else value for name, value in facts.items()}}
    return Project(
        name="",
        industries=tuple(classification().find(code) for code in industries),
        construction=None if kind == "?" else Construction(kind),
        facts=declared(told),
    )


def asked(city: Snapshot, asking: Project, site: str, day: date = AS_OF) -> Verdict:
    place = read_site(SITES[site], plane=city.jurisdiction.plane)
    return screen(asking, place, city.gather(place, day), day)


def verdict_of(city: Snapshot, case: dict[str, Any]) -> Verdict:
    asking = project(case.get("industries", ["I6511"]), case.get("construction", "new"), case.get("facts", {}))
    return asked(silenced(city, case.get("silent", [])), asking, case["site"])


def of_clause(verdict: Verdict, clause: str) -> Finding | None:
    return next((one for one in verdict.findings if one.clause and one.clause.id == clause), None)


# -- the list ----------------------------------------------------------------------------------------------------------


def test_every_row_is_read_and_none_twice(listed: AccessList) -> None:
    assert Counter(one.id for one in listed.clauses) == Counter(IDS)
    assert [clause["id"] for clause in GOLDEN["clause"]] == [f"C{number:02}" for number in range(1, 38)]
    for clause in GOLDEN["clause"]:
        assert all(row["条款编号"].startswith(clause["id"]) for row in clause["rows"])
    assert not any(one.verified for one in listed.clauses)


def test_the_delivery_has_no_error_and_names_no_zone_that_is_not_there(
    release: tuple[Snapshot, tuple[Issue, ...]],
) -> None:
    snapshot, issues = release
    own = {one.row for one in snapshot.access_list.clauses if one.id in IDS}
    assert not [one for one in issues if one.severity is Severity.ERROR]
    strangers = {one.message.zh for one in issues if one.place.split()[0] in own}
    assert strangers == {  # kinds of zones and pollutants that the list names before the city has any
        "图层 park 没有名称=“平度新河化工区”",
        "图层 park 没有细类“专业化工园区”",
        "图层 park 没有细类“重点监控点”",
        "图层 sensitive_place 没有细类“养老院”",
        "图层 sensitive_place 没有细类“医院”",
        "图层 sensitive_place 没有细类“居住区”",
        "图层 water 没有超标因子=“化学需氧量”",
        "图层 water 没有超标因子=“化学需氧量、氨氮”",
    }


def test_what_was_read_is_written_and_read_again_equal(
    listed: AccessList, names: Mapping[str, str], tmp_path: Path
) -> None:
    write_access_list(listed, names, tmp_path / "again.xlsx")
    again, issues = read(tmp_path / "again.xlsx", names)
    assert issues == []
    assert again == listed


def test_no_cell_of_a_row_is_lost_on_the_way(listed: AccessList) -> None:
    by_id = {one.id: one for one in listed.clauses}
    for row in ROWS:
        clause = by_id[row["条款编号"]]
        assert clause.wording.zh == row["管控要求"]
        assert clause.basis == row["依据（现行）"]
        assert (clause.applies_when.expression if clause.applies_when else "") == row.get("适用条件", "")
        assert (clause.satisfied_when.expression if clause.satisfied_when else "") == row.get("满足条件", "")
        assert (clause.excepted_when.expression if clause.excepted_when else "") == row.get("例外条件", "")
        assert clause.in_principle is (row.get("原则性") == "是")
        assert len(clause.scope.zones) == len([part for part in row.get("空间条件", "").split("；") if part])
        assert len(clause.replacements) == len([part for part in row.get("替代要求", "").split("；") if part])
        for field, column in ((clause.industries.include, "行业（含）"), (clause.industries.exclude, "行业（除外）")):
            assert field == {code for code in row.get(column, "").split("；") if code}


def test_wording_that_leaves_room_is_marked_so(listed: AccessList) -> None:
    for clause in listed.clauses:
        if "原则上" in clause.wording.zh:
            assert clause.in_principle, clause.id


def test_each_cites_the_act_before_the_code_and_the_code_from_its_first_day(listed: AccessList) -> None:
    replaced = [one for one in listed.clauses if one.basis_old]
    assert len(replaced) >= 12
    for clause in replaced:
        assert clause.basis_on(date(2026, 8, 14)) == clause.basis_old
        assert clause.basis_on(date(2026, 8, 15)).startswith("生态环境法典")
    for clause in listed.clauses:
        assert clause.basis_old or "法典" not in clause.basis


# -- the cases ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("clause", "case"), CASES, ids=[f"{clause['id']} {case['name']}" for clause, case in CASES])
def test_the_clause_says_what_was_reasoned(city: Snapshot, clause: dict[str, Any], case: dict[str, Any]) -> None:
    assert case["why"]
    verdict = verdict_of(city, case)
    row = case.get("row", clause["rows"][0]["条款编号"])
    found = of_clause(verdict, row)
    match case["outcome"]:
        case "not_in_scope":
            assert found is None
            assert verdict.unplaced == 0
        case "unplaced":
            assert found is None
            assert verdict.unplaced > 0
            assert verdict.conclusion is Outcome.UNDETERMINED
        case outcome:
            assert found is not None
            assert found.outcome.name.lower() == outcome, found.reason.zh
            assert verdict.conclusion >= found.outcome
    if found is not None:
        assert sorted(found.missing_facts) == case.get("missing", [])
        asks = {name for name, keys in verdict.would_change if found.key in keys}
        assert asks == set(case.get("missing", []))
    if "replaces" in case:
        assert found is not None
        assert {one.fact: one.amount for one in found.replacements} == case["replaces"]


@pytest.mark.parametrize("clause", GOLDEN["clause"], ids=[clause["id"] for clause in GOLDEN["clause"]])
def test_each_clause_has_a_hit_a_miss_and_an_open_case(clause: dict[str, Any]) -> None:
    by_name = {case["name"]: case for case in clause["cases"]}
    assert len(by_name) == len(clause["cases"])
    assert by_name["hit"]["outcome"] in HITS
    assert by_name["miss"]["outcome"] in MISSES
    assert by_name["open"]["outcome"] in ("undetermined", "unplaced")
    asks = any(row.get(name) for row in clause["rows"] for name in ("适用条件", "满足条件", "例外条件"))
    assert "missing" in by_name["open"] or not asks or "silent" in by_name["open"]


@pytest.mark.parametrize(
    "told", [{"emits_air_pollutants": True}, {"emits_air_pollutants": "?"}], ids=["told", "not told"]
)
def test_nobody_is_asked_to_declare_what_only_the_layers_establish(city: Snapshot, told: dict[str, bool | str]) -> None:
    unmeasured = replace(city, objectives=tuple(replace(one, state=None) for one in city.objectives))
    verdict = asked(unmeasured, project(["C3311"], "new", told), "high_emission_north")
    double = of_clause(verdict, "C17A")
    assert double is not None
    assert (double.outcome, double.needs_person) == (Outcome.UNDETERMINED, True)
    assert double.missing_facts == (() if told["emits_air_pollutants"] is True else ("emits_air_pollutants",))
    assert "成果未给出" in double.reason.zh
    assert derived_facts().isdisjoint(name for name, _ in verdict.would_change)


def test_each_row_speaks_in_some_case(city: Snapshot) -> None:
    spoken = {case.get("row", clause["rows"][0]["条款编号"]) for clause, case in CASES if case["outcome"] in HITS}
    assert spoken == set(IDS) - {"C21A"}  # no zone of this city has too much COD; the case of C21 says so


# -- levels, exceptions ------------------------------------------------------------------------------------------------


def levels_of(verdict: Verdict) -> dict[str, tuple[str, str]]:
    """Outcome and words of each level, as every door prints them."""
    return {one.key: (one.outcome, one.text) for one in explain(verdict, fact_schema(), "zh").levels}


def test_six_levels_answer_for_one_site(city: Snapshot) -> None:
    works = project(["C2614"], "new", {"discharges_wastewater": True, "park_eia_conditions_met": False})
    verdict = asked(city, works, "chemical_park")
    spoke = {one.clause.level for one in verdict.findings if one.clause and one.outcome is not Outcome.NOT_CONCERNED}
    assert spoke == set(Level)
    told = levels_of(verdict)
    assert list(told) == [f"level:{level.name.lower()}" for level in Level]
    assert told["level:unit"][0] == "violates"
    assert "C36C" in told["level:unit"][1]
    assert told["level:nation"][0] == "undetermined"


def test_where_two_levels_disagree_the_stricter_decides_and_is_named(city: Snapshot) -> None:
    declaring = {"policy_class": "eliminated", "emergency_plan": True, "park_eia_conditions_met": True}
    verdict = asked(city, project(["C2614"], "new", declaring), "chemical_park")
    welcome, ban = of_clause(verdict, "C36A"), of_clause(verdict, "C15A")
    assert welcome is not None
    assert ban is not None
    assert (welcome.outcome, ban.outcome) == (
        Outcome.COMPLIES,
        Outcome.VIOLATES,
    )  # the unit welcomes what the nation bans
    assert verdict.conclusion is Outcome.VIOLATES
    outcome, words = levels_of(verdict)["level:nation"]
    assert outcome == "violates"
    assert words.startswith("由")
    assert "C15A" in words
    assert levels_of(verdict)["level:unit"][0] != "violates"


NAMED = {
    "条款编号": "T-NAMED",
    "层级": "市",
    "管控维度": "空间布局约束",
    "管控要求": "董家口经济区内符合产业定位的炼化项目准入。",
    "管控效力": "允许",
    "行业（含）": "C251",
    "空间条件": "产业园区{名称=董家口经济区} 区内",
    "依据（现行）": "示例",
    "生效日期": "2021-01-01",
}


def with_rows(city: Snapshot, names: Mapping[str, str], folder: Path, *rows: dict[str, str]) -> Snapshot:
    """The city with the list of the 37 and more rows, through the importer."""
    extended, issues = read(blank_list(folder / "list.xlsx", [*ROWS, *rows]), names)
    assert issues == []
    return replace(city, access_list=extended)


@pytest.mark.parametrize(
    ("site", "exempts", "outcome"),
    [
        ("dongjiakou", "", Outcome.VIOLATES),
        ("dongjiakou", "C07A", Outcome.CONDITIONAL),
        ("dongjiakou", "C07B", Outcome.VIOLATES),
        ("plain", "C07A", Outcome.VIOLATES),
    ],
    ids=["not stated", "stated", "stated for another clause", "stated for another place"],
)
def test_a_general_ban_yields_only_to_an_exception_that_names_it(
    city: Snapshot, names: Mapping[str, str], tmp_path: Path, site: str, exempts: str, outcome: Outcome
) -> None:
    stated = with_rows(city, names, tmp_path, {**NAMED, "例外于条款": exempts})
    verdict = asked(stated, project(["C2511"], "new", {}), site)
    ban = of_clause(verdict, "C07A")
    assert ban is not None
    assert ban.outcome is outcome
    assert ("T-NAMED" in ban.reason.zh) is (outcome is Outcome.CONDITIONAL)


# -- one place ---------------------------------------------------------------------------------------------------------

HALVES = "产业园区{名称=西化工园} 区内；水环境管控分区[工业污染] 区内"
OFFICES = {**NAMED, "条款编号": "T-BAN", "管控效力": "禁止", "行业（含）": "I6511"}


@pytest.mark.parametrize(
    ("zones", "site", "outcome"),
    [
        ("岸线管控分区 区内；水环境管控分区 区内", "shore", Outcome.VIOLATES),
        ("生态保护红线 区内；自然保护地[核心保护区] 区外", "core_edge", Outcome.VIOLATES),
        ("自然保护地[核心保护区] 区内；生态保护红线 区外", "core_edge", None),
        ("产业园区{名称=西化工园} 区内；产业园区{编码=P1} 区外", "half_in_park", None),
        ("产业园区{编码=P1} 区内", "half_in_park", Outcome.VIOLATES),
        ("环境敏感目标[学校] 周边 5000；水环境管控分区[工业污染] 区内", "within_km", Outcome.VIOLATES),
    ],
    ids=["together", "part outside", "never outside", "inside and outside the same", "by its code", "near and inside"],
)
def test_conditions_of_a_row_must_meet_in_one_place(
    city: Snapshot, names: Mapping[str, str], tmp_path: Path, zones: str, site: str, outcome: Outcome | None
) -> None:
    banned = with_rows(city, names, tmp_path, {**OFFICES, "空间条件": zones})
    found = of_clause(asked(banned, project(["I6511"], "new", {}), site), "T-BAN")
    assert (found.outcome if found else None) is outcome


def test_a_unit_and_a_zone_in_different_parts_of_a_site_are_not_one_place(
    city: Snapshot, names: Mapping[str, str], tmp_path: Path
) -> None:
    apart = {**OFFICES, "适用单元编码": "ZH37021120001", "空间条件": "水环境管控分区[优先保护区] 区内"}
    banned = with_rows(city, names, tmp_path, apart)
    border = read_site(
        "POLYGON ((120.05 36.095, 120.055 36.095, 120.055 36.105, 120.05 36.105, 120.05 36.095))",
        plane=city.jurisdiction.plane,
    )
    asking = project(["I6511"], "new", {})
    verdict = screen(asking, border, banned.gather(border, AS_OF), AS_OF)  # south in the unit, north in the water zone
    assert {one.zone.code for one in verdict.evidence.units} == {"ZH37021120001", "ZH37028110001"}
    assert of_clause(verdict, "T-BAN") is None
    stale = date(2032, 1, 1)  # a layer out of date does not say where its zones end
    assert of_clause(screen(asking, border, banned.gather(border, stale), stale), "T-BAN") is not None


def test_an_exception_whose_conditions_hold_for_different_parts_leaves_the_ban(
    city: Snapshot, names: Mapping[str, str], tmp_path: Path
) -> None:
    ban = {**OFFICES, "空间条件": ""}
    permit = {**NAMED, "行业（含）": "I6511", "例外于条款": "T-BAN"}
    near = "环境敏感目标[学校] 周边 5000；产业园区{名称=西化工园} 区外"
    halves = with_rows(city, names, tmp_path, ban, {**permit, "空间条件": HALVES})
    for site, outcome in (("half_in_park", Outcome.VIOLATES), ("chemical_park", Outcome.CONDITIONAL)):
        found = of_clause(asked(halves, project(["I6511"], "new", {}), site), "T-BAN")
        assert found is not None
        assert found.outcome is outcome
    outside = with_rows(city, names, tmp_path, ban, {**permit, "空间条件": "产业园区{名称=西化工园} 区外"})
    for site, outcome in (("half_in_park", Outcome.VIOLATES), ("plain", Outcome.CONDITIONAL)):
        found = of_clause(asked(outside, project(["I6511"], "new", {}), site), "T-BAN")
        assert found is not None
        assert found.outcome is outcome
    beside = with_rows(city, names, tmp_path, ban, {**permit, "空间条件": near})
    found = of_clause(asked(beside, project(["I6511"], "new", {}), "within_km"), "T-BAN")
    assert found is not None
    assert found.outcome is Outcome.VIOLATES  # near the school: how much of the site is that near is not measured


def test_distances_and_ratios_come_back_however_small(names: Mapping[str, str], tmp_path: Path) -> None:
    small = {
        **NAMED,
        "空间条件": "环境敏感目标 周边 0；环境敏感目标 周边 0.00001",
        "替代要求": "重点重金属年排放量 0.00001",
    }
    first, issues = read(blank_list(tmp_path / "list.xlsx", [small]), names)
    assert issues == []
    write_access_list(first, names, tmp_path / "again.xlsx")
    assert read(tmp_path / "again.xlsx", names) == (first, [])


# -- laws --------------------------------------------------------------------------------------------------------------

SPEAKING = [(clause, case) for clause, case in CASES if case["outcome"] in HITS | {"not_concerned"}]
days = st.dates(date(2026, 6, 1), date(2028, 5, 1))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SPEAKING), days, days)
def test_a_clause_outside_its_dates_never_counts(
    city: Snapshot, speaking: tuple[dict[str, Any], dict[str, Any]], one: date, other: date
) -> None:
    clause, case = speaking
    row, first, last = case.get("row", clause["rows"][0]["条款编号"]), min(one, other), max(one, other)
    dated = tuple(
        replace(each, valid_from=first, valid_to=last) if each.id == row else each for each in city.access_list.clauses
    )
    then = replace(city, access_list=replace(city.access_list, clauses=dated))
    then = silenced(then, case.get("silent", []))
    asking = project(case.get("industries", ["I6511"]), case.get("construction", "new"), case.get("facts", {}))

    def counts(day: date) -> bool:
        return of_clause(asked(then, asking, case["site"], day), row) is not None

    assert not counts(first - timedelta(days=1))
    assert counts(first)
    assert counts(last)
    assert not counts(last + timedelta(days=1))


ALL_COLUMNS = (*COLUMNS, *OPTIONAL_COLUMNS)
words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=12)
PIECES = """
    C26 新建 ； 区内 周边 300 0 0.00001 { } [ ] | = 产业园区 建成区 && || ! ( ) policy_class == 'restricted' pigs_per_year > 500.0
    1e999 - 挥发性有机物年排放量 C01 是 禁止 允许 2026-07-01 2026-02-30 海域 ZH37021120001
"""
pieces = st.lists(st.sampled_from([" ", *PIECES.split()]), max_size=9).map("".join)
contents = st.one_of(
    words,
    pieces,
    st.sampled_from(sorted({value for row in ROWS for value in row.values()})),
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)
mutations = st.lists(
    st.tuples(st.integers(0, len(ROWS) - 1), st.sampled_from(ALL_COLUMNS), contents), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None)
@given(mutations)
def test_every_row_becomes_a_clause_or_an_issue_whatever_its_cells_hold(
    names: Mapping[str, str], listed: AccessList, mutated: list[tuple[int, str, object]]
) -> None:
    rows: list[dict[str, object]] = [dict(row) for row in ROWS]
    for number, column, cell in mutated:
        rows[number][column] = cell
    with TemporaryDirectory() as folder:
        path = blank_list(Path(folder) / "list.xlsx", rows)
        found, issues = read(path, names)
        filled = {
            f"{GENERAL_SHEET}!{number}"
            for number, cells in enumerate(openpyxl.load_workbook(path)[GENERAL_SHEET].values, start=1)
            if number > 1 and any(cell is not None and str(cell).strip() for cell in cells)
        }
        assert {one.row for one in found.clauses} | {one.place.split()[0] for one in issues} == filled
        assert len(found.clauses) + len(issues) == len(filled)
        untouched = {one for one in listed.clauses if int(one.row.split("!")[1]) - 2 not in {m[0] for m in mutated}}
        changed_ids = {str(cell).strip() for _, column, cell in mutated if column == "条款编号"}
        assert {one for one in untouched if one.id not in changed_ids} <= set(found.clauses)
        write_access_list(found, names, Path(folder) / "again.xlsx")
        assert read(Path(folder) / "again.xlsx", names) == (found, [])


DECLARABLE = sorted(fact_schema().keys() - derived_facts())
ASKED = sorted({name for row in ROWS for name in DECLARABLE if any(name in value for value in row.values())})


def values(name: str) -> st.SearchStrategy[bool | float | str]:
    fact = fact_schema()[name]
    if fact.kind == "boolean":
        return st.booleans()
    if fact.kind == "choice":
        return st.sampled_from([value for value, _ in fact.choices])
    return st.sampled_from([0.0, 1.0, 35.0, 36.0, 500.0])


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(SITES)),
    st.lists(st.sampled_from(sorted({code for _, case in CASES for code in case.get("industries", [])})), min_size=1),
    st.sampled_from([*Construction]),
    st.fixed_dictionaries({}, optional={name: values(name) for name in ASKED}),
    st.sets(st.sampled_from(ASKED)),
)
def test_more_facts_never_reverse_a_definite_finding(
    city: Snapshot,
    site: str,
    industries: list[str],
    kind: Construction,
    told: dict[str, bool | float | str],
    left_out: set[str],
) -> None:
    full = asked(city, project(industries, kind.value, told), site)
    fewer = asked(city, project(industries, kind.value, {**told, **dict.fromkeys(left_out, "?")}), site)
    answers = {one.key: one.outcome for one in full.findings}
    for one in fewer.findings:
        if one.clause and one.outcome is not Outcome.UNDETERMINED and one.truth is not Truth.UNKNOWN:
            assert answers.get(one.key) is one.outcome, one.key

"""Industrial policy: candidates, a person's word, and never “permitted” from an incomplete table."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.industries import classification
from layers.policy import ENTRY_COLUMNS, catalogues, declared_scales, policy_schema, read_catalogues, scales
from screening.errors import DeliveryError, UnknownFactError, UnknownPolicyEntryError
from screening.model import Construction, Effect, FactValue
from screening.policy import Catalogue, PolicyAnswer, PolicyClass, PolicyQuestion, PolicyReview, classify
from screening.truth import Truth

DAY = date(2026, 11, 21)
STRUCTURE = "industrial_structure"
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
E, R, G, P = PolicyClass.ELIMINATED, PolicyClass.RESTRICTED, PolicyClass.ENCOURAGED, PolicyClass.PERMITTED
ALL = frozenset({E, R, G})

DESCRIPTION = """
[catalogue.industrial_structure]
title_zh = "三条目录"
title_en = "Catalogue of three"
file = "entries.csv"
basis = "three"
valid_from = 2024-02-01
otherwise = "permitted"
[[catalogue.industrial_structure.class]]
id = "eliminated"
total = 1
effects = { new = "prohibit", rebuild = "prohibit", expand = "prohibit", upgrade = "prohibit" }
[[catalogue.industrial_structure.class]]
id = "restricted"
total = 1
effects = { new = "prohibit", rebuild = "conditional", expand = "prose", upgrade = "conditional" }
[[catalogue.industrial_structure.class]]
id = "encouraged"
total = 1
effects = { new = "encourage", rebuild = "encourage", expand = "encourage", upgrade = "encourage" }
"""
SMALL_FURNACE = {
    "id": "E1",
    "class": "eliminated",
    "section": "钢铁",
    "number": "1",
    "wording": "400立方米及以下炼铁高炉",
    "industries": "C3110",
    "keywords_any": "高炉",
    "threshold": "blast_furnace_m3 > 0.0 && blast_furnace_m3 <= 400.0",
    "basis": "三条目录",
    "source": "tests",
    "valid_from": "2024-02-01",
    "verified": "true",
}
LARGER_FURNACE = {
    **SMALL_FURNACE,
    "id": "R1",
    "class": "restricted",
    "wording": "400立方米以上1200立方米以下炼铁高炉",
    "threshold": "blast_furnace_m3 > 400.0 && blast_furnace_m3 < 1200.0",
}
SEWAGE = {
    **SMALL_FURNACE,
    "id": "G1",
    "class": "encouraged",
    "section": "环境保护",
    "wording": "城镇污水垃圾处理",
    "industries": "D4620",
    "keywords_any": "污水；垃圾",
    "threshold": "",
}
ROWS = (SMALL_FURNACE, LARGER_FURNACE, SEWAGE)


def table(rows: tuple[Mapping[str, str], ...]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, ENTRY_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: row.get(column, "") for column in ENTRY_COLUMNS} for row in rows)
    return text.getvalue()


def written(folder: Path, rows: tuple[Mapping[str, str], ...] = ROWS) -> Path:
    (folder / "catalogues.toml").write_text(DESCRIPTION, encoding="utf-8")
    (folder / "entries.csv").write_text(table(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """A catalogue of three items, all of them present and verified."""
    found, issues = read_catalogues(written(tmp_path_factory.mktemp("policy")))
    assert not issues
    return found[STRUCTURE]


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return catalogues()[STRUCTURE]


def asked(
    catalogue: Catalogue,
    industry: str,
    *words: str,
    confirmed: Mapping[str, Truth] | None = None,
    read: frozenset[PolicyClass] = frozenset(),
    construction: Construction | None = Construction.NEW,
    day: date = DAY,
    declared: Mapping[str, FactValue] | None = None,
    **facts: FactValue,
) -> PolicyAnswer:
    question = PolicyQuestion(
        industries=(classification().find(industry),),
        words=words,
        facts={**facts, **(declared or {})},
        construction=construction,
    )
    return classify(catalogue, question, PolicyReview(confirmed=confirmed or {}, read=read), day)


# -- golden: the complete catalogue of three ---------------------------------------------------------------------------


def test_nothing_points_to_an_office_and_the_table_is_complete_so_it_is_permitted(complete: Catalogue) -> None:
    answer = asked(complete, "I6511", "软件")
    assert (answer.cls, answer.effect, answer.is_verified) == (P, Effect.PERMIT, True)


def test_a_code_alone_makes_a_candidate_and_waits_for_a_person(complete: Catalogue) -> None:
    answer = asked(complete, "C3110")
    assert answer.cls is None
    assert answer.open_entries == ("E1", "R1")
    assert answer.missing_facts == ("blast_furnace_m3",)
    assert [one.code for one in answer.matches] == [YES, YES]


def test_a_coarse_code_is_a_candidate_too(complete: Catalogue) -> None:
    answer = asked(complete, "C31")
    assert [one.code for one in answer.matches] == [UNKNOWN, UNKNOWN]
    assert answer.cls is None


def test_words_find_what_the_code_does_not(complete: Catalogue) -> None:
    answer = asked(complete, "C3311", "厂内配套 高 炉 一座", blast_furnace_m3=380.0)
    assert answer.open_entries == ("E1",)
    assert (answer.matches[0].code, answer.matches[0].keywords, answer.matches[0].threshold) == (NO, ("高炉",), YES)


def test_a_threshold_that_holds_is_not_yet_a_persons_word(complete: Catalogue) -> None:
    assert asked(complete, "C3110", "高炉", blast_furnace_m3=380.0).cls is None


def test_a_threshold_closes_a_candidate(complete: Catalogue) -> None:
    assert asked(complete, "C3110", blast_furnace_m3=380.0).open_entries == ("E1",)
    assert asked(complete, "C3110", blast_furnace_m3=500.0).open_entries == ("R1",)
    assert asked(complete, "C3110", blast_furnace_m3=3200.0).cls is P


def test_a_confirmed_entry_is_definite(complete: Catalogue) -> None:
    answer = asked(complete, "C3110", blast_furnace_m3=380.0, confirmed={"E1": YES})
    assert (answer.cls, answer.effect, answer.needs_person) == (E, Effect.PROHIBIT, False)


def test_a_graver_candidate_keeps_a_confirmed_entry_from_being_the_last_word(complete: Catalogue) -> None:
    answer = asked(complete, "C3110", confirmed={"R1": YES})
    assert (answer.cls, answer.at_least) == (None, R)
    assert asked(complete, "C3110", confirmed={"R1": YES, "E1": NO}).cls is R


@pytest.mark.parametrize(
    ("construction", "effect"),
    [
        (Construction.NEW, Effect.PROHIBIT),
        (Construction.UPGRADE, Effect.CONDITIONAL),
        (Construction.EXPAND, Effect.PROSE),
        (None, None),
    ],
)
def test_restricted_turns_on_the_kind_of_construction(
    complete: Catalogue, construction: Construction | None, effect: Effect | None
) -> None:
    answer = asked(complete, "C3110", confirmed={"R1": YES, "E1": NO}, construction=construction)
    assert (answer.cls, answer.effect) == (R, effect)


def test_eliminated_goes_before_restricted_and_encouraged(complete: Catalogue) -> None:
    assert asked(complete, "C3110", confirmed={"E1": YES, "R1": YES, "G1": YES}).cls is E
    assert asked(complete, "C3110", confirmed={"E1": NO, "R1": YES, "G1": YES}).cls is R
    assert asked(complete, "C3110", confirmed={"E1": NO, "R1": NO, "G1": YES}).cls is G


def test_encouraged_where_a_person_confirms_it(complete: Catalogue) -> None:
    answer = asked(complete, "D4620", "污水处理厂", confirmed={"G1": YES})
    assert (answer.cls, answer.effect) == (G, Effect.ENCOURAGE)


def test_a_person_who_denies_every_candidate_of_a_complete_table_gets_permitted(complete: Catalogue) -> None:
    assert asked(complete, "C3110", confirmed={"E1": NO, "R1": NO}).cls is P


def test_before_its_first_day_the_catalogue_says_nothing(complete: Catalogue) -> None:
    assert asked(complete, "I6511", day=date(2024, 1, 31)).cls is None
    assert asked(complete, "I6511", day=date(2024, 2, 1)).cls is P


def test_a_confirmation_that_fits_no_entry_is_refused(complete: Catalogue) -> None:
    with pytest.raises(UnknownPolicyEntryError):
        asked(complete, "I6511", confirmed={"E9": NO})


# -- golden: the tables shipped ----------------------------------------------------------------------------------------


def test_an_incomplete_table_never_says_permitted(shipped: Catalogue) -> None:
    answer = asked(shipped, "I6511", "软件开发", boiler_t_per_hour=0.0)
    assert (answer.cls, answer.open_entries) == (None, ())
    assert answer.incomplete == (E, R, G)
    assert "须人工对照" in answer.reason.zh
    assert "422" in answer.reason.en


def test_a_person_who_read_every_class_of_the_official_text_may_say_permitted(shipped: Catalogue) -> None:
    assert asked(shipped, "I6511", read=ALL).cls is P
    assert asked(shipped, "I6511", read=frozenset({E, R}), boiler_t_per_hour=0.0).cls is None


def test_an_undeclared_coal_boiler_stays_open_for_every_project(shipped: Catalogue) -> None:
    silent = asked(shipped, "I6511")
    assert silent.missing_facts == ("boiler_t_per_hour",)
    small = asked(shipped, "I6511", boiler_t_per_hour=6.0)
    assert small.matches[0].threshold is YES
    assert asked(shipped, "I6511", boiler_t_per_hour=40.0).open_entries == ()


def test_a_wood_panel_line_below_the_limit_is_a_candidate_for_restricted(shipped: Catalogue) -> None:
    answer = asked(shipped, "C2023", "刨花板", boiler_t_per_hour=0.0, wood_panel_line_m3_per_year=30000.0)
    first = answer.matches[0].entry if answer.matches[0].threshold is not NO else answer.matches[1].entry
    assert (first.cls, first.section, first.number) == (R, "一、农林牧渔业", "2")
    confirmed = asked(shipped, "C2023", confirmed={first.id: YES}, boiler_t_per_hour=0.0)
    assert (confirmed.cls, confirmed.is_verified) == (R, False)


def test_a_new_cement_plant_below_the_energy_benchmark_is_treated_as_restricted(shipped: Catalogue) -> None:
    rule = next(one for one in shipped.entries if "标杆水平的新建项目" in one.wording)
    assert rule.id in asked(shipped, "C3011", energy_at_benchmark=False).open_entries
    assert rule.id in asked(shipped, "C3011").open_entries
    assert rule.id not in asked(shipped, "C3011", energy_at_benchmark=True).open_entries


def test_sewage_works_are_encouraged_once_confirmed(shipped: Catalogue) -> None:
    entry = next(one for one in shipped.entries if one.wording == "城镇污水垃圾处理")
    assert asked(shipped, "D4620", confirmed={entry.id: YES}, boiler_t_per_hour=0.0).cls is G


def test_the_negative_list_sends_declared_restricted_projects_to_a_person() -> None:
    market = catalogues()["market_access"]
    answer = asked(market, "I6511", policy_class="restricted")
    assert next(one for one in answer.matches if one.entry.number == "2").threshold is YES
    declared = asked(market, "I6511", policy_class="permitted")
    assert next(one for one in declared.matches if one.entry.number == "2").truth is NO
    assert declared.cls is None


@pytest.mark.parametrize(
    ("industry", "number"), [("C2511", "1"), ("C2911", "6"), ("C3011", "7"), ("C3391", "8"), ("D4412", "16")]
)
def test_two_high_industries_are_found_by_code(industry: str, number: str) -> None:
    answer = asked(catalogues()["two_high_shandong"], industry)
    assert number in [one.entry.number for one in answer.matches]
    assert answer.cls is None


def test_a_list_whose_total_nobody_knows_is_never_complete() -> None:
    assert asked(catalogues()["two_high_shandong"], "I6511").incomplete == (PolicyClass.LISTED,)


# -- laws --------------------------------------------------------------------------------------------------------------

answers = st.dictionaries(st.sampled_from(["E1", "R1", "G1"]), st.sampled_from(Truth))
volumes: st.SearchStrategy[dict[str, FactValue]] = st.fixed_dictionaries(
    {}, optional={"blast_furnace_m3": st.sampled_from([0.0, 380.0, 400.0, 500.0, 3200.0])}
)
industries = st.sampled_from(["C3110", "C31", "C", "D4620", "I6511"])
said = st.lists(st.sampled_from(["高炉", "污水处理", "软件", ""]), max_size=2)


@given(industries, said, answers, volumes, volumes, st.sets(st.sampled_from(sorted(ALL))))
def test_more_facts_never_reverse_a_definite_class(
    complete: Catalogue,
    industry: str,
    words: list[str],
    confirmed: dict[str, Truth],
    fewer: dict[str, FactValue],
    more: dict[str, FactValue],
    read: set[PolicyClass],
) -> None:
    before = asked(complete, industry, *words, confirmed=confirmed, read=frozenset(read), declared=fewer)
    after = asked(complete, industry, *words, confirmed=confirmed, read=frozenset(read), declared={**more, **fewer})
    assert before.cls in (None, after.cls)
    assert before.at_least is after.at_least


@given(industries, said, volumes)
def test_no_class_but_permitted_without_a_person(
    complete: Catalogue, industry: str, words: list[str], facts: dict[str, FactValue]
) -> None:
    assert asked(complete, industry, *words, declared=facts).cls in (None, P)


@given(industries, said, volumes, st.sets(st.sampled_from(sorted(ALL)), max_size=2))
def test_a_class_neither_complete_nor_read_never_lets_a_project_through(
    shipped: Catalogue, industry: str, words: list[str], facts: dict[str, FactValue], read: set[PolicyClass]
) -> None:
    assert asked(shipped, industry, *words, read=frozenset(read), declared=facts).cls is None


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_entry_outside_its_dates_is_no_candidate(complete: Catalogue, day: date) -> None:
    found = asked(complete, "C3110", day=day).matches
    assert bool(found) == (day >= date(2024, 2, 1))


# -- tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", ""),
        ("id", "R1"),
        ("class", "允许"),
        ("wording", ""),
        ("industries", "C9999"),
        ("threshold", "blast_furnace_m3 >"),
        ("threshold", "furnaces > 1.0"),
        ("valid_from", "2024-02-31"),
        ("valid_to", "2023-01-01"),
        ("verified", "maybe"),
        ("source", ""),
    ],
)
def test_a_bad_row_is_an_issue_and_the_table_is_no_longer_complete(tmp_path: Path, column: str, value: str) -> None:
    found, issues = read_catalogues(written(tmp_path, (*ROWS[1:], {**SMALL_FURNACE, column: value})))
    assert [one.place.split()[0] for one in issues] == ["entries.csv!4"]
    assert asked(found[STRUCTURE], "I6511").incomplete == (E,)


def test_a_stray_comma_is_an_issue(tmp_path: Path) -> None:
    folder = written(tmp_path)
    text = (
        (folder / "entries.csv")
        .read_text(encoding="utf-8")
        .replace("400立方米及以下炼铁高炉", "400立方米,及以下炼铁高炉")
    )
    (folder / "entries.csv").write_text(text, encoding="utf-8")
    assert len(read_catalogues(folder)[1]) == 1


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8)
scrambled = st.lists(st.dictionaries(st.sampled_from(ENTRY_COLUMNS), cells, min_size=1), max_size=5)


@settings(deadline=None)
@given(scrambled)
def test_every_row_becomes_an_entry_or_an_issue(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str]]
) -> None:
    rows = tuple({**row, **change} for row, change in zip(ROWS * 2, changes, strict=False))
    found, issues = read_catalogues(written(tmp_path_factory.mktemp("scrambled"), rows))
    filled = sum(any(value.strip() for value in row.values()) for row in rows)
    assert len(found[STRUCTURE].entries) + len(issues) == filled


def test_a_missing_column_or_file_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "entries.csv").write_text("id,class\nE1,eliminated\n", encoding="utf-8")
    with pytest.raises(DeliveryError):
        read_catalogues(folder)
    (folder / "entries.csv").unlink()
    with pytest.raises(DeliveryError):
        read_catalogues(folder)


def test_a_catalogue_in_gb18030_reads_the_same(tmp_path: Path, complete: Catalogue) -> None:
    folder = written(tmp_path)
    (folder / "entries.csv").write_bytes(table(ROWS).encode("gb18030"))
    assert read_catalogues(folder)[0][STRUCTURE].entries == complete.entries


def test_scales_are_declared_like_facts() -> None:
    assert declared_scales({"blast_furnace_m3": 380, "converter_t": None}) == {"blast_furnace_m3": 380.0}
    for wrong in ({"furnaces": 1}, {"blast_furnace_m3": -1}, {"blast_furnace_m3": "many"}):
        with pytest.raises(UnknownFactError):
            declared_scales(wrong)


def test_every_scale_is_asked_by_a_shipped_threshold_and_has_both_languages() -> None:
    entries = [entry for one in catalogues().values() for entry in one.entries]
    names = {name for entry in entries if entry.threshold for name in entry.threshold.fact_names}
    assert names <= policy_schema().keys()
    assert scales().keys() <= names
    assert all(fact.label.zh and fact.label.en and fact.help.zh and fact.help.en for fact in scales().values())


def test_the_register_says_exactly_how_complete_each_table_is() -> None:
    register = tomllib.loads(files("layers").joinpath("reference/reference.toml").read_text(encoding="utf-8"))
    told = {one["file"]: one["complete"] for name, one in register.items() if one["file"].startswith("policy/")}
    structure, market = catalogues()[STRUCTURE], catalogues()["market_access"]
    for catalogue, name in ((structure, "industrial_structure_2024"), (market, "market_access_2025")):
        counts = [f"{rule.cls.value} {catalogue.present(rule.cls, DAY)}/{rule.total}" for rule in catalogue.classes]
        assert f"{len(catalogue.entries)} entries" in told[f"policy/{name}.csv"]
        assert all(count in told[f"policy/{name}.csv"] for count in counts)


def test_what_is_not_verified_says_where_it_is_from() -> None:
    for catalogue in catalogues().values():
        assert all(entry.source for entry in catalogue.entries)
        assert not any(entry.verified for entry in catalogue.entries)
        assert catalogue.valid_from - timedelta(days=1) < min(entry.valid_from for entry in catalogue.entries)

"""The EIA category: the catalogue as structured, golden cases, and laws against brute force."""

from __future__ import annotations

import copy
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.eia_catalogue import catalogue_from, declared_for_eia, eia_catalogue, eia_fact_schema
from layers.industries import classification
from layers.snapshot import Snapshot
from screening.conditions import Condition
from screening.coordinates import read_site
from screening.eia import categorise, telling_answers
from screening.eia_model import EIA_LEVEL, Catalogue, EiaCategory, EiaLevel, Item, Question, Rule, is_code
from screening.errors import ReferenceTableError, UnknownFactError
from screening.evidence import Answer
from screening.model import Construction, Fact, FactValue
from screening.sensitivity import AreaSource, areas_touched
from screening.truth import Truth
from screening.words import same

TODAY = date(2026, 11, 21)
CATALOGUE = eia_catalogue()
AREAS = [name for name in eia_fact_schema() if name.startswith("area_")]
CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "golden" / "eia.toml").read_text(encoding="utf-8")
)["case"]
TABLE: dict[str, Any] = tomllib.loads(
    files("layers").joinpath("reference/eia_catalogue_2021.toml").read_text(encoding="utf-8")
)
COLUMNS = (EiaLevel.REPORT_BOOK, EiaLevel.REPORT_TABLE, EiaLevel.REGISTRATION_FORM)


def asked(
    *codes: str,
    facts: Mapping[str, FactValue] | None = None,
    areas: Mapping[str, Truth] | None = None,
    construction: Construction | None = None,
    chosen: tuple[int, ...] | None = None,
    as_of: date = TODAY,
    catalogue: Catalogue = CATALOGUE,
) -> EiaCategory:
    question = Question(
        industries=tuple(classification().find(code) for code in codes),
        facts=facts or {},
        areas=areas or {},
        construction=construction,
        chosen=chosen,
        as_of=as_of,
    )
    return categorise(question, catalogue)


# -- golden cases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_reasoning_holds(case: dict[str, Any]) -> None:
    assert case["why_zh"]
    assert case["why_en"]
    areas: dict[str, Truth] = {}
    if "touches" in case:
        areas = {name: Truth.of(name in case["touches"]) for name in AREAS}
    found = asked(
        *case.get("industries", ()),
        facts=declared_for_eia(case.get("facts", {})),
        areas=areas,
        construction=Construction(case["construction"]) if "construction" in case else None,
        chosen=tuple(case["chosen"]) if "chosen" in case else None,
    )
    if case["level"] == "open":
        assert found.level is None
        assert found.reasons
        assert sorted(one.name for one in found.needed) == sorted(case["asks"])
        assert not case["asks"] or found.needed[0].name == case["first"]
        return
    assert found.level is EiaLevel[case["level"].upper()]
    assert found.needed == ()
    decided = {answer.item.number for answer in found.items if answer.level is found.level}
    assert case["item"] in decided
    columns = {answer.column for answer in found.items if answer.item.number == case["item"]}
    assert CATALOGUE.items[case["item"]].column(found.level) in columns


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 30


# -- the catalogue as structured ---------------------------------------------------------------------------------------


def test_all_173_items_in_55_categories_are_structured() -> None:
    items = list(CATALOGUE.items.values())
    assert [item.number for item in items] == list(range(1, 174))
    assert len(dict.fromkeys(item.category for item in items)) == 55
    assert all(item.rules and item.title.zh and item.title.en for item in items)


@pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=lambda item: str(item.number))
def test_every_level_an_item_names_can_be_reached_and_no_other(item: Item) -> None:
    columns = {level for level in COLUMNS if item.column(level) != "/"}
    assert columns
    assert {rule.level for rule in item.rules} & set(COLUMNS) == columns
    reached = set(asked(chosen=(item.number,)).possible)
    assert columns <= reached
    if all(rule.level is not None for rule in item.rules):
        assert reached <= columns | {EiaLevel.NOT_MANAGED}


def numbers_in(words: str) -> set[float]:
    """Every number of a text, with 万 and 亿 worked out."""
    scale = {"": 1.0, "万": 1e4, "亿": 1e8}
    return {float(number) * scale[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)([万亿]?)", words)}


def numbers_compared(item: Item) -> set[tuple[str, float]]:
    return {
        (operator, float(number))
        for rule in item.rules
        for operator, number in re.findall(r"(>=|>|<=|<) (\d+(?:\.\d+)?)", rule.written)
    }


def verbatim(item: Item) -> str:
    return "；".join([item.title.zh, *(item.column(level) for level in COLUMNS)])


def conversions(number: int) -> Iterator[tuple[str, float]]:
    for written in TABLE["item"][number - 1].get("converted", ()):
        original, value = written.split("=")
        yield original, float(value)


@pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=lambda item: str(item.number))
def test_every_number_in_a_rule_is_in_the_text_or_converted_from_it(item: Item) -> None:
    stated = numbers_in(verbatim(item))
    for original, value in conversions(item.number):
        assert original in verbatim(item)
        stated.add(value)
    assert {number for _, number in numbers_compared(item)} - {0.0} <= stated


# Numbers of the text that are no threshold: codes, documents, equivalents in another unit, and what facts name in words.
NO_THRESHOLD: dict[int, set[float]] = {
    85: {421, 422},
    87: {4411, 4412},
    91: {45.5, 0.7, 2017, 2},
    59: {2017, 2},
    98: {3, 4},
    114: {1, 4},
    126: {1, 4},
    146: {1.6},
    151: {20},
    172: {50},
    173: {10},
}


@pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=lambda item: str(item.number))
def test_every_number_in_the_columns_is_in_a_rule(item: Item) -> None:
    columns = "；".join(item.column(level) for level in COLUMNS)
    codes = {float(code[1:]) for code in item.codes}
    in_title = numbers_in(item.title.zh) - codes
    unused = (numbers_in(columns) | in_title) - {number for _, number in numbers_compared(item)}
    assert unused <= NO_THRESHOLD.get(item.number, set())


def test_a_threshold_is_excluded_only_where_the_text_excludes_it() -> None:
    """`>` stands for 以上 without 及, 大于 or 不含; everything else is 及以上, and `<` its complement."""
    above = {
        (item.number, number)
        for item in CATALOGUE.items.values()
        for operator, number in numbers_compared(item)
        if operator == ">" and number
    }
    assert above == {(90, 6000.0), (91, 65.0), (91, 1.0), (130, 30.0)}
    most = {
        (item.number, number)
        for item in CATALOGUE.items.values()
        for operator, number in numbers_compared(item)
        if operator == "<=" and number
    }
    assert most == {(132, 30.0), (172, 0.5)}
    assert "30公里及以下" in CATALOGUE.items[132].report_book
    assert "不超过原环评规模的50%" in CATALOGUE.items[172].report_book


@pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=lambda item: str(item.number))
def test_codes_are_those_the_item_prints(item: Item) -> None:
    printed = {code for code in re.findall(r"\d{3,4}", item.title.zh) if f"{item.title.zh}".find(code + "平方米") < 0}
    if item.codes_by_category:
        assert not printed
        assert len(item.codes) == 1
    else:
        assert {code[1:] for code in item.codes} == printed


@pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=lambda item: str(item.number))
def test_a_star_means_industrial_buildings_only(item: Item) -> None:
    starred = "*" in item.title.zh
    assert starred == any("industrial_building" in rule.condition.fact_names for rule in item.rules)
    if starred and item.number != 83:  # there only 403 has a star
        assert item.rules[0].written == "!industrial_building"
        assert item.rules[0].level is EiaLevel.NOT_MANAGED


@pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=lambda item: str(item.number))
def test_sensitive_areas_are_those_the_item_means(item: Item) -> None:
    words = "".join(item.column(level) for level in COLUMNS)
    assert ("涉及环境敏感区" in words or "不在环境敏感区" in words) == bool(item.areas)
    assert any("sensitive" in rule.written for rule in item.rules) == bool(item.areas)
    for part, first, count in (("一", 0, 6), ("二", 6, 17), ("三", 23, 2)):
        if f"第三条（{part}）中的全部区域" in item.sensitive_meaning:
            assert set(AREAS[first : first + count]) <= set(item.areas)
        elif f"第三条（{part}）" not in item.sensitive_meaning:
            assert not set(AREAS[first : first + count]) & set(item.areas)


def test_every_fact_of_the_table_is_asked_by_some_item_and_is_in_both_languages() -> None:
    asked_for = {name for item in CATALOGUE.items.values() for rule in item.rules for name in rule.condition.fact_names}
    assert {name for name in asked_for if not is_code(name)} | {"area_other_nature_park"} >= CATALOGUE.facts.keys()
    for fact in CATALOGUE.facts.values():
        texts = [fact.label, fact.help, fact.group, *(label for _, label in fact.choices)]
        assert all(text.zh and text.en for text in texts)
    assert all(text.zh and text.en for text in EIA_LEVEL.values())


def test_the_tables_are_listed_with_their_source() -> None:
    listed = tomllib.loads(files("layers").joinpath("reference/reference.toml").read_text(encoding="utf-8"))
    for name in ("eia_catalogue_2021", "eia_facts"):
        assert files("layers").joinpath(f"reference/{listed[name]['file']}").is_file()
        assert listed[name]["source"]


@pytest.mark.parametrize(
    ("number", "change", "told"),
    [
        (5, {"rules": [{"level": "report_table", "when": "no_such_fact"}]}, "no_such_fact"),
        (5, {"rules": [{"level": "report_table", "when": "true ||"}]}, "cannot be used"),
        (5, {"rules": [{"level": "report_sheet", "when": "true"}]}, "report_sheet"),
        (5, {"areas": ["area_of_calm"]}, "area_of_calm"),
        (5, {"areas": []}, "does not parse"),
        (5, {"sensitive_meaning": ""}, "sensitive"),
        (5, {"codes": ["A9999"]}, "A9999"),
        (5, {"number": 7}, "does not follow"),
        (5, {"report_book": "全部"}, "REPORT_BOOK"),
        (25, {"rules": [{"level": "report_book", "when": "liquor_kl_per_year + 1.0 >= 1000.0"}]}, ""),
        (92, {"rules": [{"level": "elsewhere", "items": [92], "when": "true"}]}, ""),
        (166, {"rules": [{"level": "registration_form", "when": "Z999"}]}, "Z999"),
    ],
)
def test_a_bad_row_is_refused_and_named(number: int, change: dict[str, Any], told: str) -> None:
    table = copy.deepcopy(TABLE)
    table["item"][number - 1].update(change)
    with pytest.raises(ReferenceTableError) as refused:
        catalogue_from(table, eia_fact_schema())
    assert refused.value.value == f"第 {change.get('number', number)} 项"
    assert told in refused.value.what.en


def test_a_row_without_a_column_is_refused() -> None:
    table = copy.deepcopy(TABLE)
    del table["item"][0]["report_table"]
    with pytest.raises(ReferenceTableError, match="report_table"):
        catalogue_from(table, eia_fact_schema())


# -- silence is never consent ------------------------------------------------------------------------------------------


def test_an_industry_without_an_item_is_never_cleared_by_silence() -> None:
    open_one = asked("F5211")
    assert open_one.level is None
    assert [industry.code for industry in open_one.unplaced] == ["F5211"]
    assert set(open_one.possible) == set(EiaLevel)
    assert 111 in open_one.offered
    assert any("项目内容" in reason.zh for reason in open_one.reasons)
    assert asked("F5211", chosen=()).level is EiaLevel.NOT_MANAGED


def test_industry_codes_alone_never_free_a_project() -> None:
    assert asked("C1393").level is None
    assert any("没有其他项目类别" in reason.zh for reason in asked("C1393").reasons)
    assert asked("C1393", chosen=()).level is EiaLevel.NOT_MANAGED


def test_an_open_part_holds_back_every_level_but_the_highest() -> None:
    with_tablets = asked("C1371", "C2720")
    assert (with_tablets.level, with_tablets.at_least) == (None, EiaLevel.REPORT_TABLE)
    assert with_tablets.possible == (EiaLevel.REPORT_BOOK, EiaLevel.REPORT_TABLE)
    assert asked("C1371", "C2720", chosen=()).level is EiaLevel.REPORT_TABLE
    assert asked("C1371", "C3110").level is EiaLevel.REPORT_BOOK


def test_what_an_item_excludes_without_naming_another_needs_another_item() -> None:
    river_sand: dict[str, FactValue] = {"river_sand_mining": True}
    assert asked("B1019", facts=river_sand, chosen=()).level is None
    assert asked("B1019", facts=river_sand, chosen=(11,)).level is None
    with_other = asked(
        "B1019",
        facts={**river_sand, "rural_pond_ditch": False},
        areas=dict.fromkeys(AREAS, Truth.NO),
        chosen=(128,),
    )
    assert with_other.level is EiaLevel.REPORT_TABLE


def test_a_finer_code_is_asked_for_in_words() -> None:
    needed = asked("C302", facts={"ready_mixed_concrete": False}).needed[0]
    assert "C302" in needed.label.en
    assert [(one.level, one.answers.zh) for one in needed.settles] == [(EiaLevel.REPORT_TABLE, "C3021、C3022")]


def test_nothing_asked_is_nothing_answered() -> None:
    found = asked()
    assert found.level is None
    assert found.reasons


def test_a_nuclear_change_the_catalogue_does_not_place_is_for_a_person() -> None:
    found = asked(chosen=(167,), facts={"nuclear_work": "other", "subcritical": False})
    assert found.level is None
    assert found.needed == ()
    assert any("第 167 项" in reason.zh for reason in found.reasons)


def test_no_class_is_cleared_with_nothing_declared() -> None:
    classes = [code for code in classification().entries if len(code) == 5]
    assert len(classes) > 1300
    assert [code for code in classes if asked(code).level is EiaLevel.NOT_MANAGED] == []


def test_outside_its_validity_the_catalogue_gives_no_level() -> None:
    assert asked("C3110", as_of=date(2021, 1, 1)).level is EiaLevel.REPORT_BOOK
    before = asked("C3110", as_of=date(2020, 12, 31))
    assert before.level is None
    assert any("2021-01-01" in reason.zh for reason in before.reasons)


def test_an_answer_cites_its_document_and_says_whether_it_was_verified() -> None:
    found = asked("C3110")
    assert "生态环境部令第16号" in found.basis.zh
    assert found.valid_from == date(2021, 1, 1)
    assert CATALOGUE.caution in found.reasons  # a revision is under way
    assert found.verified
    assert not asked(chosen=(158,)).verified


def test_the_deciding_row_and_its_cell_are_named() -> None:
    (answer,) = asked("C3441", facts={"electroplating": True}).items
    assert answer.rule is not None
    assert "electroplating" in answer.rule.written
    assert answer.column == "有电镀工艺的；年用溶剂型涂料（含稀释剂）10吨及以上的"


def test_a_reference_brings_the_other_item_along() -> None:
    found = asked("D4415")
    assert [(answer.item.number, answer.referred_from, answer.speaks) for answer in found.items] == [
        (90, None, Truth.YES),
        (151, 90, Truth.UNKNOWN),
    ]


def test_a_coarse_code_offers_every_item_below_it() -> None:
    found = asked("C33")
    assert {answer.item.number for answer in found.items} == {66, 67, 68}
    assert all(answer.speaks is Truth.UNKNOWN for answer in found.items)
    assert found.needed[0].name == "industry:C33"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("加油站", 119),
        ("医院", 108),
        ("输变电", 161),
        ("电镀", 66),
        ("seaweed", 0),
        ("Golf", 112),
        ("公墓", 122),
        ("", 0),
    ],
)
def test_items_are_found_by_words(words: str, number: int) -> None:
    found = [item.number for item in CATALOGUE.search(words, limit=30)]
    assert (number in found) if number else not found


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(UnknownFactError):
        declared_for_eia({"pigs_per_decade": 1})
    with pytest.raises(UnknownFactError):
        declared_for_eia({"beds": -1})


# -- sensitive areas from layers ----------------------------------------------------------------------------------------

SOURCES = {
    "area_red_line": (AreaSource(layer_id="red_line", is_complete=True),),
    "area_water_source": (AreaSource(layer_id="water_source", is_complete=True),),
    "area_nature_reserve": (
        AreaSource(layer_id="protected_area", column="类型", values=frozenset({"自然保护区"}), is_complete=True),
    ),
    "area_scenic_area": (
        AreaSource(layer_id="protected_area", column="类型", values=frozenset({"风景名胜区"}), is_complete=False),
    ),
    "area_natural_forest": (AreaSource(layer_id="no_such_layer", is_complete=True),),
}
BEYOND = "POLYGON((120.01 36.04,120.02 36.04,120.02 36.05,120.01 36.05,120.01 36.04))"
IN_RED_LINE = "POLYGON((120.021 36.131,120.024 36.131,120.024 36.134,120.021 36.134,120.021 36.131))"
IN_RESERVE = "POLYGON((120.031 36.141,120.034 36.141,120.034 36.144,120.031 36.144,120.031 36.141))"


@pytest.mark.parametrize(
    ("site", "red_line", "reserve"),
    [
        (BEYOND, Truth.NO, Truth.NO),
        (IN_RED_LINE, Truth.YES, Truth.UNKNOWN),  # the reserve is near: a person judges whether it is concerned
        (IN_RESERVE, Truth.YES, Truth.YES),
        ("120.01,36.04", Truth.UNKNOWN, Truth.UNKNOWN),  # a point has a boundary nobody has seen
        ("120.0325,36.1425", Truth.YES, Truth.YES),
    ],
)
def test_layers_say_what_they_know_of_sensitive_areas(
    small: Snapshot, site: str, red_line: Truth, reserve: Truth
) -> None:
    place = read_site(site, plane=small.jurisdiction.plane)
    touched = areas_touched(small.gather(place, TODAY), SOURCES)
    assert touched["area_red_line"] is red_line
    assert touched["area_nature_reserve"] is reserve
    assert touched["area_scenic_area"] is Truth.UNKNOWN
    assert touched["area_natural_forest"] is Truth.UNKNOWN


def test_a_layer_that_did_not_answer_says_nothing_of_areas(small: Snapshot) -> None:
    evidence = small.gather(read_site(BEYOND, plane=small.jurisdiction.plane), TODAY)
    silenced = replace(evidence, consulted=tuple(replace(one, answer=Answer.STALE) for one in evidence.consulted))
    assert set(areas_touched(silenced, SOURCES).values()) == {Truth.UNKNOWN}
    assert areas_touched(evidence, {"area_erosion": ()}) == {"area_erosion": Truth.UNKNOWN}


# -- laws --------------------------------------------------------------------------------------------------------------


def values(fact: Fact, thresholds: Sequence[float]) -> list[FactValue]:
    """Values that tell, and neighbours of every threshold."""
    found = list(telling_answers(fact, thresholds))
    if fact.kind == "number":
        found += [t + d for t in thresholds for d in (-1e-3, 1e-3) if (fact.minimum or 0) <= t + d]
    return found


codes = st.sampled_from(
    ["C3451", "C3360", "C2614", "A0313", "D4415", "D4416", "C1351", "B1011", "C33", "C302", "D4620"]
)
items = st.lists(st.sampled_from(sorted(CATALOGUE.items)), max_size=3).map(tuple)


@st.composite
def declarations(draw: st.DrawFn, names: Sequence[str]) -> dict[str, FactValue]:
    chosen = draw(st.lists(st.sampled_from(list(names)), unique=True)) if names else []
    facts = CATALOGUE.facts
    return {name: draw(st.sampled_from(values(facts[name], CATALOGUE.thresholds.get(name, ())))) for name in chosen}


def names_asked(found: EiaCategory) -> list[str]:
    return [one.name for one in found.needed if one.name in CATALOGUE.facts]


@settings(max_examples=150, deadline=None)
@given(st.data(), codes, items)
def test_more_facts_never_reverse_a_definite_level(data: st.DataObject, code: str, chosen: tuple[int, ...]) -> None:
    full = data.draw(declarations(names_asked(asked(code, chosen=chosen))))
    fewer = {name: value for name, value in full.items() if data.draw(st.booleans())}
    before, after = asked(code, facts=fewer, chosen=chosen), asked(code, facts=full, chosen=chosen)
    assert before.level in (None, after.level)
    assert set(after.possible) <= set(before.possible)
    assert before.at_least <= after.at_least


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(sorted(CATALOGUE.items)), st.sampled_from(sorted(CATALOGUE.items)))
def test_of_several_items_the_highest_counts(data: st.DataObject, one: int, other: int) -> None:
    facts = data.draw(declarations(names_asked(asked(chosen=(one, other)))))
    together = asked(chosen=(one, other), facts=facts)
    alone = [asked(chosen=(number,), facts=facts).level for number in (one, other)]
    if EiaLevel.REPORT_BOOK in alone:
        assert together.level is EiaLevel.REPORT_BOOK
    elif None not in alone:
        assert together.level == max(level for level in alone if level is not None)


@settings(max_examples=150, deadline=None)
@given(st.data(), codes)
def test_a_settling_answer_settles(data: st.DataObject, code: str) -> None:
    facts = data.draw(declarations(names_asked(asked(code, chosen=()))))
    found = asked(code, facts=facts, chosen=())
    for needed in found.needed:
        if needed.name not in CATALOGUE.facts:
            continue
        fact = CATALOGUE.facts[needed.name]
        reached = [
            asked(code, facts={**facts, needed.name: value}, chosen=()).level
            for value in telling_answers(fact, CATALOGUE.thresholds.get(needed.name, ()))
        ]
        assert {level for level in reached if level is not None} == {one.level for one in needed.settles}


@settings(max_examples=100, deadline=None)
@given(st.data(), codes)
def test_answering_what_is_asked_first_comes_to_an_end(data: st.DataObject, code: str) -> None:
    facts: dict[str, FactValue] = {}
    found = asked(code, chosen=())
    while found.needed and found.needed[0].name in CATALOGUE.facts:
        name = found.needed[0].name
        assert name not in facts
        facts[name] = data.draw(st.sampled_from(values(CATALOGUE.facts[name], CATALOGUE.thresholds.get(name, ()))))
        found = asked(code, facts=facts, chosen=())
    assert found.level is not None or found.reasons


# -- minimality, against brute force -----------------------------------------------------------------------------------

SMALL_FACTS = {
    name: Fact(
        name=name,
        label=same(name),
        kind=kind,
        unit="t",
        help=same(name),
        group=same(name),
        minimum=0,
        choices=(("a", same("a")), ("b", same("b")), ("c", same("c"))) if kind == "choice" else (),
    )
    for name, kind in {
        "p": "boolean",
        "q": "boolean",
        "r": "boolean",
        "n": "number",
        "m": "number",
        "k": "choice",
    }.items()
}
SMALL_THRESHOLDS = (0.0, 5.0, 10.0)
atoms = st.one_of(
    st.sampled_from(["p", "q", "r", "true", "k == 'a'", "k in ['a', 'b']"]),
    st.builds(
        "{} {} {:.1f}".format,
        st.sampled_from(["n", "m"]),
        st.sampled_from([">=", ">", "<", "<="]),
        st.sampled_from(SMALL_THRESHOLDS),
    ),
)
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.builds("({}) && ({})".format, inner, inner),
        st.builds("({}) || ({})".format, inner, inner),
    ),
    max_leaves=5,
)


def small_item(number: int, rows: Sequence[tuple[EiaLevel, str]]) -> Item:
    rules = tuple(Rule(level=level, condition=Condition(when), written=when) for level, when in rows)
    return replace(CATALOGUE.items[165], number=number, codes=(), areas=(), related=(), rules=rules)


rows = st.lists(st.tuples(st.sampled_from(EiaLevel), expressions), min_size=1, max_size=3)
catalogues = st.lists(rows, min_size=1, max_size=2).map(
    lambda several: replace(
        CATALOGUE,
        items={number: small_item(number, one) for number, one in enumerate(several, start=1)},
        facts=SMALL_FACTS,
        thresholds={"n": SMALL_THRESHOLDS, "m": SMALL_THRESHOLDS},
    )
)
# Not the telling answers of the code under test: every value that could differ, thresholds and between them.
DENSE: dict[str, list[FactValue]] = {
    "p": [True, False],
    "q": [True, False],
    "r": [True, False],
    "n": [0.0, 2.0, 5.0, 6.0, 10.0, 1e6],
    "m": [0.0, 1e-6, 5.0, 9.5, 10.0, 11.0],
    "k": ["a", "b", "c"],
}


def plainly(catalogue: Catalogue, facts: Mapping[str, FactValue]) -> EiaLevel:
    """The level by reading the rows from the top, every fact declared."""

    def of(item: Item) -> EiaLevel:
        for rule in item.rules:
            if rule.condition.holds(facts) is Truth.YES:
                assert rule.level is not None
                return rule.level
        return EiaLevel.NOT_MANAGED

    return max(of(item) for item in catalogue.items.values())


@settings(max_examples=300, deadline=None)
@given(
    catalogues,
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in DENSE.items()}),
)
def test_exactly_the_facts_that_can_change_the_answer_are_asked(
    catalogue: Catalogue, known: dict[str, FactValue]
) -> None:
    found = asked(chosen=tuple(catalogue.items), facts=known, catalogue=catalogue)
    unknown = [name for name in DENSE if name not in known]
    levels = {
        answers: plainly(catalogue, {**known, **dict(zip(unknown, answers, strict=True))})
        for answers in itertools.product(*(DENSE[name] for name in unknown))
    }
    deciding = set()
    for at, name in enumerate(unknown):
        rest: dict[tuple[FactValue, ...], set[EiaLevel]] = {}
        for answers, level in levels.items():
            rest.setdefault((*answers[:at], *answers[at + 1 :]), set()).add(level)
        if any(len(several) > 1 for several in rest.values()):
            deciding.add(name)
    assert set(found.possible) == set(levels.values())
    assert found.at_least == min(levels.values())
    assert {one.name for one in found.needed} == deciding
    assert (found.level is not None) == (not deciding)


def small_enough(item: Item) -> bool:
    if item.asks_industry or any(rule.level is None for rule in item.rules):
        return False
    names = {name for rule in item.rules for name in rule.condition.fact_names}
    count = 1
    for name in names:
        count *= len(telling_answers(CATALOGUE.facts[name], CATALOGUE.thresholds.get(name, ())))
    return 1 < count <= 3000


@pytest.mark.parametrize(
    "item", [item for item in CATALOGUE.items.values() if small_enough(item)], ids=lambda item: str(item.number)
)
def test_real_items_ask_exactly_the_facts_that_can_change_the_answer(item: Item) -> None:
    names = sorted({name for rule in item.rules for name in rule.condition.fact_names})
    answers = [telling_answers(CATALOGUE.facts[name], CATALOGUE.thresholds.get(name, ())) for name in names]
    only = replace(CATALOGUE, items={item.number: item})
    levels = {one: plainly(only, dict(zip(names, one, strict=True))) for one in itertools.product(*answers)}
    deciding = {
        name
        for at, name in enumerate(names)
        if any(len({levels[(*one[:at], value, *one[at + 1 :])] for value in answers[at]}) > 1 for one in levels)
    }
    found = asked(chosen=(item.number,))
    assert {one.name for one in found.needed} == deciding
    assert set(found.possible) == set(levels.values())

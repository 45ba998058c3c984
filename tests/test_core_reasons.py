"""The reasons of an EIA category say what holds, and nothing that does not."""

from __future__ import annotations

from typing import Any

import pytest

from layers.eia_catalogue import declared_for_eia
from screening.eia_model import EiaCategory, EiaLevel
from screening.model import Construction
from screening.truth import Truth
from tests.test_eia_category import AREAS, CASES, CATALOGUE, asked

NO_FACTS = "缺少起决定作用的申报事实"
SEVERAL = "涉及两个及以上项目类别"
NOT_MANAGED = "不纳入环评管理；省级"
BY_INDUSTRY = "只按所填行业判断"


def says(found: EiaCategory, words: str) -> bool:
    return any(words in reason.zh for reason in found.reasons)


@pytest.mark.parametrize("number", [1, 2, 54, 109])
def test_missing_facts_are_named_as_the_reason_exactly_where_they_leave_levels_open(number: int) -> None:
    found = asked(chosen=(number,))
    assert says(found, NO_FACTS) == (found.level is None and len(found.possible) > 1)


def test_one_item_is_not_several() -> None:
    assert not says(asked(chosen=(1,)), SEVERAL)
    assert says(asked(chosen=(1, 2)), SEVERAL)


def test_only_what_is_not_managed_is_told_to_be() -> None:
    for number in CATALOGUE.items:
        found = asked(chosen=(number,))
        assert says(found, NOT_MANAGED) == (found.level is EiaLevel.NOT_MANAGED)


def test_that_it_goes_by_industry_alone_is_told_only_where_no_item_was_chosen() -> None:
    assert says(asked("C2614"), BY_INDUSTRY)
    assert not says(asked("C2614", chosen=(44,)), BY_INDUSTRY)


def test_words_are_found_where_half_of_their_pairs_fit_and_not_below() -> None:
    item = CATALOGUE.items[1]
    title = item.title.zh
    assert item in CATALOGUE.search(title[:2] + "〇", limit=200)
    assert CATALOGUE.search("〇") == ()
    assert CATALOGUE.search("〇〇〇") == ()


@pytest.mark.parametrize("case", [one for one in CASES if one["level"] != "open"], ids=lambda one: str(one["name"]))
def test_a_definite_level_names_the_row_it_comes_from(case: dict[str, Any]) -> None:
    areas = {name: Truth.of(name in case["touches"]) for name in AREAS} if "touches" in case else {}
    found = asked(
        *case.get("industries", ()),
        facts=declared_for_eia(case.get("facts", {})),
        areas=areas,
        construction=Construction(case["construction"]) if "construction" in case else None,
        chosen=tuple(case["chosen"]) if "chosen" in case else None,
    )
    deciding = [one for one in found.items if one.level is found.level]
    assert deciding
    for answer in deciding:
        if answer.level is not EiaLevel.NOT_MANAGED:
            assert answer.rule is not None
            assert answer.rule.level in (None, answer.level)

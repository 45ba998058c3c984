"""GB/T 4754: the table, the search people use, and codes of the 2011 edition."""

from __future__ import annotations

import csv
import re
import time
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from layers.industries import Change, classification
from layers.industry_search import Matched, is_class
from screening.errors import SupersededIndustryError, UnknownIndustryError
from screening.model import Industry
from tests.test_api import client  # noqa: F401  fixture

GOLDEN = tomllib.loads((Path(__file__).parent / "golden" / "industries.toml").read_text(encoding="utf-8"))["query"]
TABLES = (
    "gbt4754_2017.csv",
    "gbt4754_2011_to_2017.csv",
    "industry_synonyms.csv",
    "industry_words_en.csv",
    "traditional.csv",
)
CLASSES = [entry for entry in classification().entries.values() if is_class(entry.code)]
classes = st.sampled_from(CLASSES)


def rows(name: str) -> list[dict[str, str]]:
    with files("layers").joinpath(f"reference/{name}").open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def first(asked: str) -> str:
    found = classification().search(asked, 1)
    return found[0].code if found else ""


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


# -- the table ---------------------------------------------------------------------------------------------------------


def test_every_level_has_as_many_entries_as_the_lists_compared() -> None:
    levels = Counter(len(entry.lineage) for entry in classification().entries.values())
    assert levels == {1: 20, 2: 97, 3: 473, 4: 1381}


def test_sections_hold_as_many_divisions_groups_and_classes_as_published() -> None:
    per_section = {
        section: tuple(
            sum(1 for code in classification().entries if code[0] == section and len(code) == length)
            for length in (3, 4, 5)
        )
        for section in "ABCDEHP"
    }
    assert per_section == {
        "A": (5, 24, 72),
        "B": (7, 19, 39),
        "C": (31, 179, 609),
        "D": (3, 9, 18),
        "E": (4, 18, 44),
        "H": (2, 10, 16),
        "P": (1, 6, 17),
    }


def test_every_lineage_leads_up_through_entries_that_exist() -> None:
    entries = classification().entries
    for entry in entries.values():
        assert entry.lineage[-1] == entry.code
        assert all(upper in entries for upper in entry.lineage)
        assert len({len(code) for code in entry.lineage}) == len(entry.lineage)


def test_a_group_without_subdivision_has_one_class_of_its_name_ending_in_nought() -> None:
    entries = classification().entries
    for code in entries:
        below = [one for one in entries if len(code) == 4 and one.startswith(code) and len(one) == 5]
        if len(below) == 1:
            assert below == [f"{code}0"]
            assert entries[below[0]].name == entries[code].name


def test_no_two_classes_share_a_name() -> None:
    assert max(Counter(entry.name for entry in CLASSES).values()) == 1


def test_group_c303_holds_the_classes_of_2017() -> None:
    names = {code: entry.name for code, entry in classification().entries.items() if code.startswith("C303")}
    assert names["C3032"] == "建筑用石加工"
    assert "C3035" not in names


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C1439", "其他方便食品制造"),
        ("C3586", "康复辅具制造"),
        ("J6840", "商业养老金"),
        ("M7462", "生态资源监测"),
        ("S9299", "其他未列明国家机构"),
    ],
)
def test_names_are_those_of_the_amended_standard(code: str, name: str) -> None:
    assert classification().entries[code].name == name


def test_every_table_says_where_it_is_from() -> None:
    register = tomllib.loads(files("layers").joinpath("reference/reference.toml").read_text(encoding="utf-8"))
    registered = {entry["file"]: entry for entry in register.values()}
    for table in TABLES:
        assert all(registered[table][field] for field in ("title_zh", "title_en", "source", "valid_from", "complete"))


@pytest.mark.parametrize(("table", "column"), [("gbt4754_2017.csv", "name"), ("industry_synonyms.csv", "word")])
def test_every_character_has_its_syllable(table: str, column: str) -> None:
    for row in rows(table):
        characters = sum(1 for character in row[column] if "\u4e00" <= character <= "\u9fff")
        foreign = len(re.findall(r"[A-Za-z0-9]+", row[column]))
        assert row["pinyin"].isascii(), row
        assert len(row["pinyin"].split()) == characters + foreign, row


@pytest.mark.parametrize("table", ["industry_synonyms.csv", "industry_words_en.csv"])
def test_every_word_leads_to_its_entries_in_order(table: str) -> None:
    words = rows(table)
    assert len({row["word"].casefold() for row in words}) == len(words) >= 400
    for row in words:
        codes = row["codes"].split()
        assert [entry.code for entry in classification().search(row["word"], len(codes))] == codes, row


def test_every_division_has_an_english_word() -> None:
    divisions = {code for code in classification().entries if len(code) == 3}
    assert divisions <= {code for row in rows("industry_words_en.csv") for code in row["codes"].split()}


# -- finding by code ---------------------------------------------------------------------------------------------------


@given(entry=classes)
def test_a_code_is_found_however_it_is_written(entry: Industry) -> None:
    digits = entry.code[1:]
    for written in (entry.code, digits, entry.code.lower(), full_width(entry.code), f" {digits} ", full_width(digits)):
        assert classification().find(written) == entry
        assert first(written) == entry.code


def test_a_code_of_no_edition_is_unknown_and_near_codes_are_offered() -> None:
    with pytest.raises(UnknownIndustryError) as caught:
        classification().find("C3365")
    assert not isinstance(caught.value, SupersededIndustryError)
    assert caught.value.candidates == ("C336 金属表面处理及热处理加工", "C3360 金属表面处理及热处理加工")


@pytest.mark.parametrize("written", ["", "   ", "C33600", "电镀", "U0111", "D3360"])
def test_what_is_no_code_is_unknown(written: str) -> None:
    with pytest.raises(UnknownIndustryError):
        classification().find(written)


# -- codes of 2011 -----------------------------------------------------------------------------------------------------


def test_all_classes_of_2011_are_accounted_for() -> None:
    successions = classification().successions
    assert len({one.code_2011[1:] for one in successions}) == len(successions) == 1094
    assert Counter(one.change for one in successions) == {
        Change.SAME: 702,
        Change.MOVED: 220,
        Change.SPLIT: 123,
        Change.RENAMED: 38,
        Change.MERGED: 11,
    }


def test_a_succession_says_what_its_kind_says() -> None:
    entries = classification().entries
    for one in classification().successions:
        assert one.codes_2017
        assert all(is_class(code) and code in entries for code in one.codes_2017)
        same_digits = one.codes_2017[0][1:] == one.code_2011[1:]
        match one.change:
            case Change.SAME:
                assert same_digits
                assert entries[one.codes_2017[0]].name == one.name_2011
            case Change.RENAMED:
                assert same_digits
                assert entries[one.codes_2017[0]].name != one.name_2011
            case Change.MOVED:
                assert not same_digits
                assert len(one.codes_2017) == 1
            case Change.SPLIT:
                assert len(one.codes_2017) > 1
            case Change.MERGED | Change.REMOVED:
                assert len(one.codes_2017) <= 1


def gone() -> Iterator[tuple[str, tuple[str, ...]]]:
    today = {code[1:] for code in classification().entries}
    for one in classification().successions:
        if one.code_2011[1:] not in today:
            yield one.code_2011, one.codes_2017


def test_every_code_that_only_2011_had_is_refused_with_its_successors() -> None:
    known = list(gone())
    assert len(known) == 158
    for code, successors in known:
        for written in (code, code[1:], code.lower(), full_width(code)):
            with pytest.raises(SupersededIndustryError) as caught:
                classification().find(written)
            assert tuple(candidate.split()[0] for candidate in caught.value.candidates) == successors
            assert [entry.code for entry in classification().search(written, len(successors))] == list(successors)


def test_groups_and_divisions_of_2011_are_refused_too() -> None:
    with pytest.raises(SupersededIndustryError) as group:
        classification().find("C315")
    assert group.value.candidates == ("C3140 铁合金冶炼",)
    with pytest.raises(SupersededIndustryError) as division:
        classification().find("P82")
    assert "P8310 学前教育" in division.value.candidates


def test_a_refusal_names_the_old_meaning_in_both_languages() -> None:
    with pytest.raises(SupersededIndustryError) as caught:
        classification().find("3150", field="project.industries[2]")
    error = caught.value
    assert (error.field, error.value) == ("project.industries[2]", "3150")
    assert "铁合金冶炼" in error.what.zh
    assert "2011" in error.what.en
    assert "C3140 铁合金冶炼" in error.cure.zh
    assert "C3140" in error.cure.en


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3640", "“电车制造”，2017 版对应 C3650 电车制造"),
        ("C3130", "“黑色金属铸造”，2017 版对应 C3391 黑色金属铸造"),
        ("4411", "2017 版分为 D4411 火力发电、D4412 热电联产"),
        ("A0521", "名为“林业有害生物防治服务”"),
        ("7910", "“家庭服务”，2017 版对应 O8010 家庭服务"),
        ("C313", "黑色金属铸造（C3391）"),
        ("83", "综合医院（Q8411）"),
        ("C3150", "“铁合金冶炼”，2017 版对应 C3140 铁合金冶炼"),
    ],
)
def test_an_old_code_carries_a_notice(written: str, said: str) -> None:
    (notice,) = classification().notices(written)
    assert said in notice.zh
    assert "2011" in notice.en


@pytest.mark.parametrize("written", ["C3360", "3360", "P83", "N7910", "C", "电镀", "", "C9999", "D4412x"])
def test_a_code_without_another_past_carries_none(written: str) -> None:
    assert classification().notices(written) == ()


def test_a_notice_is_there_exactly_when_code_and_name_are_not_both_kept() -> None:
    for one in classification().successions:
        assert bool(classification().notices(one.code_2011[1:])) == (one.change is not Change.SAME), one


# -- search ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", GOLDEN, ids=[query["asked"] for query in GOLDEN])
def test_the_entry_meant_comes_first(query: dict[str, str]) -> None:
    assert query["why"]
    assert first(query["asked"]) == query["first"]


def test_there_are_enough_golden_queries() -> None:
    assert len(GOLDEN) >= 120


@given(entry=classes)
def test_a_class_is_found_first_by_its_own_name(entry: Industry) -> None:
    assert first(entry.name) == entry.code
    assert first(unicodedata.normalize("NFKC", entry.name)) == entry.code
    assert first(entry.name.replace("、", " ")) == entry.code


@given(row=st.sampled_from([row for row in rows("gbt4754_2017.csv") if is_class(row["code"])]))
def test_a_class_is_among_the_first_five_by_its_pinyin(row: dict[str, str]) -> None:
    for asked in (row["pinyin"], row["pinyin"].replace(" ", ""), row["pinyin"].upper()):
        assert row["code"] in [entry.code for entry in classification().search(asked, 5)]


@given(entry=classes, data=st.data())
def test_the_beginning_of_a_name_finds_the_class(entry: Industry, data: st.DataObject) -> None:
    length = data.draw(st.integers(min_value=2, max_value=max(2, len(entry.name))))
    asked = entry.name[:length]
    assert entry.code in [hit.code for hit in classification().search(asked, 2000)]


@given(asked=st.text(max_size=80), limit=st.integers(min_value=0, max_value=30))
def test_any_text_is_answered_with_distinct_entries_in_one_order(asked: str, limit: int) -> None:
    hits = classification().hits(asked, limit)
    assert len(hits) <= limit
    assert len({hit.industry.code for hit in hits}) == len(hits)
    assert hits == classification().hits(asked, limit)


@pytest.mark.parametrize("asked", ["", "   ", "、，。", "🙂", "\x00"])
def test_nothing_is_found_for_nothing(asked: str) -> None:
    assert classification().search(asked) == []


@pytest.mark.parametrize(
    ("asked", "matched", "word"),
    [
        ("C3360", Matched.CODE, "C3360"),
        ("电镀", Matched.EVERYDAY, "电镀"),
        ("炼铁", Matched.NAME, "炼铁"),
        ("农业", Matched.UPPER_NAME, "农业"),
        ("C3150", Matched.OLD_CODE, "C3150"),
        ("dd", Matched.PINYIN, "电镀"),
        ("我想开一家奶茶店", Matched.PART, "奶茶店"),
    ],
)
def test_a_hit_says_why_it_is_there(asked: str, matched: Matched, word: str) -> None:
    hit = classification().hits(asked, 1)[0]
    assert (hit.matched, hit.word) == (matched, word)


def test_a_word_of_several_trades_offers_them_in_order() -> None:
    assert [entry.code for entry in classification().search("预制菜", 2)] == ["C1439", "C1432"]


def test_a_search_is_quick() -> None:
    asked = [query["asked"] for query in GOLDEN] + [
        "a b c d e f",
        "制造 业 其他 加工 设备",
        "zhi",
        "qi ta wei lie ming",
    ]
    classification().search("电镀")
    started = time.process_time()
    for words in asked:
        classification().search(words)
    assert (time.process_time() - started) / len(asked) < 0.005


# -- the door ----------------------------------------------------------------------------------------------------------


def test_the_interface_says_why_and_gives_the_notice(client: TestClient) -> None:  # noqa: F811
    answer = client.get("/api/v1/industries", params={"q": "3640", "lang": "en"}).json()
    assert [(item["code"], item["matched"], item["word"]) for item in answer["items"]] == [
        ("C3640", "code", "C3640"),
        ("C3650", "old_code", "C3640"),
    ]
    assert len(answer["notices"]) == 1
    assert "2011" in answer["notices"][0]
    assert client.get("/api/v1/industries", params={"q": "电镀"}).json()["notices"] == []

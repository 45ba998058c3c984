"""The basis library: what holds on a day, who took whose place, and where nobody knows."""

from __future__ import annotations

import csv
import io
import sqlite3
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.basis import DOCUMENT_COLUMNS, REPEAL_COLUMNS, BasisIndex, Field, Passage, library, read_library
from screening.basis import BasisAnswer, Document, DocumentKind, Library, Repeal, Standing, faults
from screening.errors import DeliveryError, UnknownDocumentError
from screening.truth import Truth
from screening.words import Text

EVE, FIRST = date(2026, 8, 14), date(2026, 8, 15)
CODE = "eco-code-2026"
TEN = (
    "epl-2014",
    "eia-law-2018",
    "marine-law-2023",
    "air-law-2018",
    "water-law-2017",
    "soil-law-2018",
    "solid-waste-law-2020",
    "noise-law-2021",
    "radioactive-law-2003",
    "cleaner-production-law-2012",
)


def document(name: str, first: date | None, last: date | None = None, *, verified: bool = True) -> Document:
    return Document(
        id=name,
        kind=DocumentKind.LAW,
        title=Text(f"法{name}", f"Law {name}"),
        number="",
        issuer="",
        issued=None,
        in_force_from=first,
        in_force_to=last,
        replaced_by=(),
        source="tests",
        verified=verified,
        summary=Text("", ""),
    )


def repeal(old: str, new: str, on: date, *, verified: bool = True) -> Repeal:
    return Repeal(old=old, new=new, on=on, provision="第1条", note=Text("", ""), source="tests", verified=verified)


def shipped(name: str, day: date) -> BasisAnswer:
    return library().on(name, day)


def ids(documents: Sequence[Document]) -> list[str]:
    return [one.id for one in documents]


A = document("a", date(2000, 1, 1), date(2009, 12, 31))
B = document("b", date(2010, 1, 1), date(2019, 12, 31))
C = document("c", date(2020, 1, 1))
LINKS = (repeal("a", "b", date(2010, 1, 1)), repeal("b", "c", date(2020, 1, 1)))
CHAIN = Library([A, B, C], LINKS)


# -- golden: the library shipped ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", TEN)
def test_on_the_eve_of_the_code_each_of_the_ten_acts_holds(act: str) -> None:
    answer = shipped(act, EVE)
    assert (answer.standing, ids(answer.current)) == (Standing.IN_FORCE, [act])


@pytest.mark.parametrize("act", TEN)
def test_from_the_first_day_of_the_code_none_of_the_ten_acts_may_be_cited(act: str) -> None:
    answer = shipped(act, FIRST)
    assert act not in ids(answer.current)
    assert [*ids(answer.current), *ids(answer.likely)] == [CODE]
    assert ids(answer.chain) == [act, CODE]


def test_the_code_is_not_yet_in_force_on_its_eve() -> None:
    assert shipped(CODE, EVE).standing is Standing.NOT_YET
    assert shipped(CODE, EVE).current == ()
    assert shipped(CODE, FIRST).standing is Standing.IN_FORCE


def test_an_unchecked_successor_is_named_and_not_passed_off_as_settled() -> None:
    answer = shipped("eia-law-2018", FIRST)
    assert (answer.standing, answer.current, answer.is_verified) == (Standing.UNKNOWN, (), False)
    assert "第1242条" in answer.reason.zh


def test_a_checked_repeal_is_settled_on_the_day() -> None:
    before, after = shipped("eia-catalogue-2017", date(2020, 12, 31)), shipped("eia-catalogue-2017", date(2021, 1, 1))
    assert ids(before.current) == ["eia-catalogue-2017"]
    assert (after.standing, ids(after.current)) == (Standing.REPLACED, ["eia-catalogue-2021"])


def test_the_boiler_standard_of_2001_held_for_existing_boilers_until_2016() -> None:
    assert shipped("gb-13271-2001", date(2016, 7, 1)).standing is Standing.REPLACED
    assert ids(shipped("gb-13271-2001", date(2016, 7, 1)).current) == ["gb-13271-2014"]


def test_a_first_day_nobody_established_is_unknown_and_not_in_force() -> None:
    answer = shipped("gb-13271-2001", date(2010, 1, 1))
    assert (answer.standing, answer.current) == (Standing.UNKNOWN, ())
    assert shipped("lu-huan-zi-2023-53", FIRST).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("gb-3095-2012", "gb-3095-2026", date(2026, 3, 1)),
        ("ndrc-order-29-2019", "ndrc-order-7-2023", date(2024, 2, 1)),
        ("market-access-2022", "market-access-2025", date(2025, 4, 24)),
        ("eia-qualification-2015", "eia-preparers-2019", date(2019, 11, 1)),
        ("hazwaste-catalogue-2021", "hazwaste-catalogue-2025", date(2025, 1, 1)),
    ],
)
def test_editions_change_on_their_day(old: str, new: str, first: date) -> None:
    assert ids(shipped(old, first - timedelta(days=1)).current) == [old]
    assert shipped(new, first - timedelta(days=1)).standing is Standing.NOT_YET
    assert ids(shipped(old, first).likely) == [new]


def test_the_noise_act_of_1996_leads_over_that_of_2021_to_the_code() -> None:
    answer = shipped("noise-law-1996", FIRST)
    assert ids(answer.chain) == ["noise-law-1996", "noise-law-2021", CODE]
    assert ids(shipped("noise-law-1996", EVE).likely) == ["noise-law-2021"]


def test_the_documents_behind_zone_control_in_qingdao_are_there() -> None:
    assert ids(shipped("qd-zone-control-2021", FIRST).current) == ["qd-zone-control-2021"]
    assert ids(shipped("lu-zheng-zi-2020-269", FIRST).current) == ["lu-zheng-zi-2020-269"]
    assert shipped("qd-zone-control-2021", date(2021, 1, 1)).standing is Standing.NOT_YET


def test_an_unknown_document_is_refused() -> None:
    with pytest.raises(UnknownDocumentError):
        shipped("no-such-law", FIRST)


# -- golden: a chain whose every step is checked -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "standing", "current"),
    [
        (date(1999, 12, 31), Standing.NOT_YET, []),
        (date(2000, 1, 1), Standing.IN_FORCE, ["a"]),
        (date(2009, 12, 31), Standing.IN_FORCE, ["a"]),
        (date(2010, 1, 1), Standing.REPLACED, ["b"]),
        (date(2020, 1, 1), Standing.REPLACED, ["c"]),
    ],
)
def test_a_checked_chain_is_followed_to_its_end(day: date, standing: Standing, current: list[str]) -> None:
    answer = CHAIN.on("a", day)
    assert (answer.standing, ids(answer.current), answer.is_verified) == (standing, current, True)


def test_one_act_may_be_taken_into_two() -> None:
    split = Library([A, B, C], [LINKS[0], repeal("a", "c", date(2010, 1, 1)), LINKS[1]])
    assert ids(split.on("a", date(2020, 1, 1)).current) == ["c"]
    assert split.on("a", date(2015, 1, 1)).standing is Standing.UNKNOWN  # c is not yet in force


def test_a_successor_named_by_two_provisions_is_told_once() -> None:
    twice = Library([A, B, C], [*LINKS, LINKS[0]])
    assert ids(twice.on("a", date(2015, 1, 1)).chain) == ["a", "b"]


def test_a_repeal_without_successor_ends_it() -> None:
    ended = Library([A], [repeal("a", "", date(2010, 1, 1))])
    assert (ended.on("a", date(2010, 1, 1)).standing, ended.on("a", date(2010, 1, 1)).current) == (Standing.ENDED, ())


def test_an_end_without_any_recorded_successor_is_unknown() -> None:
    assert Library([A], []).on("a", date(2010, 1, 1)).standing is Standing.UNKNOWN


def test_an_unchecked_step_anywhere_makes_the_end_a_likelihood() -> None:
    loose = Library([A, B, C], [repeal("a", "b", date(2010, 1, 1), verified=False), LINKS[1]])
    answer = loose.on("a", date(2020, 1, 1))
    assert (answer.standing, answer.current, ids(answer.likely)) == (Standing.UNKNOWN, (), ["c"])


def test_a_repeal_counts_even_where_the_last_day_was_forgotten() -> None:
    forgotten = Library([document("a", date(2000, 1, 1)), C], [repeal("a", "c", date(2020, 1, 1))])
    assert ids(forgotten.on("a", date(2019, 12, 31)).current) == ["a"]
    assert ids(forgotten.on("a", date(2020, 1, 1)).current) == ["c"]


def test_a_gap_between_two_acts_is_unknown() -> None:
    late = Library([A, document("b", date(2011, 1, 1))], [LINKS[0]])
    answer = late.on("a", date(2010, 6, 1))
    assert (answer.standing, answer.current, answer.likely) == (Standing.UNKNOWN, (), ())


def test_a_circle_is_a_fault_and_never_an_end() -> None:
    circle = Library([A, document("b", date(2010, 1, 1), date(2019, 12, 31))], [LINKS[0], repeal("b", "a", FIRST)])
    assert circle.on("a", FIRST).standing is Standing.UNKNOWN
    assert {"a", "b"} <= {name for name, _ in faults(circle)}


@pytest.mark.parametrize(
    ("documents", "links"),
    [
        ([document("a", date(2000, 1, 1)), C], [repeal("a", "c", date(2020, 1, 1))]),
        ([A, C], [repeal("a", "c", date(2011, 1, 1))]),
        ([A, C], [repeal("a", "c", date(2010, 1, 1))]),
        ([A], [repeal("a", "z", date(2010, 1, 1))]),
        ([document("a", date(2000, 1, 1), date(1999, 1, 1))], []),
    ],
    ids=["no last day", "days do not meet", "gap", "unknown successor", "ends before it begins"],
)
def test_faults_of_a_library_are_found(documents: list[Document], links: list[Repeal]) -> None:
    assert "a" in {name for name, _ in faults(Library(documents, links))}


# -- laws --------------------------------------------------------------------------------------------------------------

days = st.dates(date(1980, 1, 1), date(2040, 1, 1))
some_day = st.none() | days
names = st.sampled_from(["a", "b", "c", "d"])
documents = st.builds(document, names, some_day, some_day, verified=st.booleans())
links = st.builds(repeal, names, names | st.just(""), days, verified=st.booleans())


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """Any documents with any links between them, circles and contradictions included."""
    found = draw(st.lists(documents, min_size=1, unique_by=lambda one: one.id))
    known = {one.id for one in found} | {""}
    return Library(found, [one for one in draw(st.lists(links, max_size=6)) if one.new in known])


@given(libraries(), days)
def test_nothing_outside_its_dates_is_ever_in_force(held: Library, day: date) -> None:
    for name in held.documents:
        answer = held.on(name, day)
        assert all(one.in_force_on(day) is Truth.YES for one in (*answer.current, *answer.likely))
        assert bool(answer.current) == (answer.standing in (Standing.IN_FORCE, Standing.REPLACED))


@given(libraries(), days)
def test_a_chain_ends_and_names_no_document_twice(held: Library, day: date) -> None:
    for name in held.documents:
        chain = ids(held.on(name, day).chain)
        assert chain[0] == name
        assert len(chain) == len(set(chain)) <= len(held.documents)


@given(libraries(), days)
def test_an_answer_rests_on_checked_steps_or_is_no_answer(held: Library, day: date) -> None:
    for name in held.documents:
        answer = held.on(name, day)
        if answer.standing is Standing.REPLACED:
            assert all(step.verified for step in answer.repeals)


@given(days)
def test_a_document_is_never_answered_together_with_what_replaced_it(day: date) -> None:
    for link in library().repeals:
        assert not {link.old, link.new} <= set(ids(shipped(link.old, day).current))


# -- search ------------------------------------------------------------------------------------------------------------

PASSAGES = (
    Passage(ref="C-1", text="禁止新建、扩建化工项目；VOCs 收集率不低于90%"),
    Passage(ref="C-2", text="噪声敏感建筑"),
)


@pytest.fixture(scope="module")
def index() -> BasisIndex:
    return BasisIndex(library().documents.values(), PASSAGES)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("噪声", "gb-12348-2008"),
        ("鲁政字〔2020〕269号", "lu-zheng-zi-2020-269"),
        ("鲁政字2020 269", "lu-zheng-zi-2020-269"),
        ("鲁政字[2020]269", "lu-zheng-zi-2020-269"),
        ("青岛 三线一单", "qd-zone-control-2021"),
        ("“三线一单” 青岛", "qd-zone-control-2021"),
        ("ambient AIR 2026", "gb-3095-2026"),
        ("ＧＢ ３０９５－２０２６", "gb-3095-2026"),
        ("排污许可 法典", "eco-code-2026"),
        ("vocs 90%", "C-1"),
        ("扩建", "C-1"),
    ],
)
def test_search_finds(index: BasisIndex, words: str, first: str) -> None:
    assert index.search(words)[0].ref == first


@pytest.mark.parametrize("words", ["", "   ", "〔〕", "没有这样的文件", "9_%", "_"])
def test_search_finds_nothing_for_nothing(index: BasisIndex, words: str) -> None:
    assert index.search(words) == []


def test_numbers_come_before_titles_and_clauses_last(index: BasisIndex) -> None:
    fields = [hit.field for hit in index.search("噪声")]
    assert fields == sorted(fields, key=list(Field).index)
    assert fields[-1] is Field.CLAUSE


def test_a_document_is_found_once_and_no_more_than_asked(index: BasisIndex) -> None:
    found = [hit.ref for hit in index.search("环境", limit=5)]
    assert len(found) == len(set(found)) == 5


fragments = st.sampled_from([one.title.zh for one in library().documents.values()]).flatmap(
    lambda title: st.integers(0, len(title) - 2).map(lambda at: title[at : at + 2])
)


@settings(deadline=None)
@given(fragments)
def test_every_pair_of_characters_of_a_title_is_found(index: BasisIndex, pair: str) -> None:
    plain = [part for part in pair.split() if part.isalnum()]
    expected = {one.id for one in library().documents.values() if plain and all(part in one.title.zh for part in plain)}
    assert expected <= {hit.ref for hit in index.search(" ".join(plain), limit=500)}


def test_a_plain_table_answers_alike_where_fts5_is_missing(index: BasisIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    class Without(sqlite3.Connection):
        def execute(self, sql: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:  # type: ignore[override]
            if "fts5" in sql:
                raise sqlite3.OperationalError("no such module: fts5")
            return super().execute(sql, parameters)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **kwargs: real(*args, factory=Without, **kwargs))
    plain = BasisIndex(library().documents.values(), PASSAGES)
    for words in ("噪声", "三线一单", "鲁政字2020 269", "90%", "环境保护"):
        assert plain.search(words) == index.search(words)


# -- tables ------------------------------------------------------------------------------------------------------------

ROW = {"id": "a", "kind": "law", "title_zh": "甲法", "title_en": "Law A", "issuer": "x", "source": "tests"}
LINK = {"old": "a", "new": "b", "on": "2020-01-01", "provision": "第1条", "source": "tests"}
ENDED = {**ROW, "in_force_from": "2000-01-01", "in_force_to": "2019-12-31", "replaced_by": "b"}
NEXT = {**ROW, "id": "b", "in_force_from": "2020-01-01"}


def written(folder: Path, rows: Sequence[Mapping[str, str]], repeals: Sequence[Mapping[str, str]]) -> Path:
    for name, columns, table in (("documents", DOCUMENT_COLUMNS, rows), ("repeals", REPEAL_COLUMNS, repeals)):
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({column: row.get(column, "") for column in columns} for row in table)
        (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder


def test_a_sound_library_has_no_issues(tmp_path: Path) -> None:
    held, issues = read_library(written(tmp_path, [ENDED, NEXT], [{**LINK, "verified": "true"}]))
    assert not issues
    assert ids(held.on("a", date(2020, 1, 1)).current) == ["b"]


@pytest.mark.parametrize(
    "change",
    [{"kind": "act"}, {"title_zh": ""}, {"issued": "yesterday"}, {"in_force_from": "2021-13-01"}, {"source": ""}],
)
def test_a_bad_document_is_an_issue(tmp_path: Path, change: dict[str, str]) -> None:
    held, issues = read_library(written(tmp_path, [{**ROW, **change}], []))
    assert len(held.documents) == 0
    assert [one.place.split()[0] for one in issues] == ["documents.csv!2"]


def test_a_successor_that_is_no_document_is_an_issue_and_leaves_a_doubt(tmp_path: Path) -> None:
    held, issues = read_library(written(tmp_path, [{**ENDED, "replaced_by": "z"}], [{**LINK, "new": "z"}]))
    assert issues
    assert held.on("a", date(2020, 1, 1)).standing is Standing.UNKNOWN


def test_replaced_by_and_repeals_must_agree(tmp_path: Path) -> None:
    _, issues = read_library(written(tmp_path, [{**ENDED, "replaced_by": ""}, NEXT], [LINK]))
    assert [one.place for one in issues] == ["a"]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=8)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(DOCUMENT_COLUMNS), cells), max_size=4))
def test_every_row_becomes_a_document_or_an_issue(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str]]
) -> None:
    rows = [{**ROW, **change} for change in changes]
    held, issues = read_library(written(tmp_path_factory.mktemp("basis"), rows, []))
    of_rows = [one for one in issues if one.place.startswith("documents.csv!")]
    assert len(held.documents) + len(of_rows) == sum(any(cell.strip() for cell in row.values()) for row in rows)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError):
        read_library(tmp_path)


def test_the_library_shipped_is_sound_and_says_what_is_checked() -> None:
    held, issues = read_library(files("layers").joinpath("reference/basis"))
    assert issues == []
    register = tomllib.loads(files("layers").joinpath("reference/reference.toml").read_text(encoding="utf-8"))
    checked = sum(one.verified for one in held.documents.values())
    linked = sum(one.verified for one in held.repeals)
    assert f"{len(held.documents)} documents, {checked} of them" in register["basis_documents"]["complete"]
    assert f"{len(held.repeals)} links, {linked} of them" in register["basis_repeals"]["complete"]
    assert all(one.title.zh and one.title.en and one.source for one in held.documents.values())


def test_catalogues_name_documents_of_the_library() -> None:
    described = tomllib.loads(files("layers").joinpath("reference/policy/catalogues.toml").read_text(encoding="utf-8"))
    assert {one["basis"] for one in described["catalogue"].values()} <= library().documents.keys()

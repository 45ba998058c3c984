"""Sealing is exact: what is sealed verifies, what was changed by one byte does not, and differences miss nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from api.keys import Keyring
from api.verification import Result, verify
from layers.facts import declared
from layers.industries import classification
from layers.snapshot import Snapshot
from screening.changes import record_changes
from screening.errors import SealedFileError
from screening.model import Construction, FactValue, Project, Site
from screening.record import as_record, canonical
from screening.seal import asked_in, differences, opened, question_of
from screening.validity import validity
from screening.verdict import Verdict, screen
from screening.words import Text
from tests.conftest import ask
from tests.sealing import both, seal
from tests.smallcity import AS_OF
from tests.test_laws import facts, industries
from tests.test_small_city import IN_PARK, OFFICE_SITE

Verified = Callable[[bytes], Result]
Sealing = Callable[[Site, str, dict[str, FactValue]], bytes]
degrees = st.tuples(st.floats(119.6, 121.2), st.floats(35.7, 37.0))
shapes = st.tuples(degrees, st.sampled_from([0.0, 0.0003, 0.004, 0.03])).map(
    lambda t: shapely.Point(t[0]) if t[1] == 0 else shapely.box(*t[0], t[0][0] + t[1], t[0][1] + t[1] / 3)
)
numbers = st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "code", "a", "线 1"]), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"key": st.sampled_from("xyz"), "n": inner}), max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    made = Keyring(tmp_path_factory.mktemp("keys"))
    made.start()
    return made


@pytest.fixture(scope="module")
def office(small: Snapshot) -> Verdict:
    return ask(small, re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.7f}", OFFICE_SITE))  # nothing to remark on


@pytest.fixture(scope="module")
def sealed_office(office: Verdict, keys: Keyring) -> bytes:
    return seal(office, keys)


@pytest.fixture(scope="module")
def verified(small: Snapshot, keys: Keyring) -> Verified:
    known = keys.known()

    def result(content: bytes) -> Result:
        try:
            return verify(content, known, lambda _: small).result
        except SealedFileError:
            return Result.NOT_SEALED

    return result


@pytest.fixture(scope="module")
def demo_sealing(demo: Snapshot, keys: Keyring) -> Sealing:
    def sealing(site: Site, industry: str, stated: dict[str, FactValue]) -> bytes:
        project = Project(
            name="试",
            industries=(classification().find(industry),),
            construction=Construction.NEW,
            facts=declared(stated),
        )
        return seal(screen(project, site, demo.gather(site, AS_OF), AS_OF), keys)

    return sealing


@pytest.fixture(scope="module")
def demo_verified(demo: Snapshot, keys: Keyring) -> Verified:
    known = keys.known()
    return lambda content: verify(content, known, lambda _: demo).result


@settings(max_examples=60, deadline=None)
@given(shapes, industries, facts, st.none() | st.floats(0.01, 50), st.text(max_size=20))
def test_what_is_sealed_verifies(
    demo_sealing: Sealing,
    demo_verified: Verified,
    shape: shapely.Geometry,
    industry: str,
    stated: dict[str, FactValue],
    accuracy_m: float | None,
    written: str,
) -> None:
    assume(not any("\ud800" <= letter <= "\udfff" for letter in written))
    site = Site(name="", geometry=shape, as_written=written, read_as=Text("点", "a point"), accuracy_m=accuracy_m)
    assert demo_verified(demo_sealing(site, industry, stated)) is Result.EQUAL


@settings(max_examples=400, deadline=None)
@given(st.integers(min_value=0), st.integers(1, 255))
@example(0, 1)
def test_one_changed_byte_anywhere_is_noticed(
    sealed_office: bytes, verified: Verified, place: int, change: int
) -> None:
    changed = bytearray(sealed_office)
    changed[place % len(changed)] ^= change
    assert verified(bytes(changed)) in (Result.TAMPERED, Result.NOT_SEALED)


def test_no_bit_of_the_signature_is_free(sealed_office: bytes, verified: Verified) -> None:
    assert verified(sealed_office) is Result.EQUAL
    begin, end = sealed_office.index(b'"signature":'), sealed_office.index(b',"valid_because":')
    for place in range(begin, end):
        for bit in range(8):
            changed = bytearray(sealed_office)
            changed[place] ^= 1 << bit
            assert verified(bytes(changed)) in (Result.TAMPERED, Result.NOT_SEALED), (place, bit)


@pytest.mark.parametrize(
    "respelled",
    [
        lambda content: content + b"\n",
        lambda content: b" " + content,
        lambda content: json.dumps(json.loads(content), ensure_ascii=False, indent=1).encode(),
        lambda content: json.dumps(json.loads(content), sort_keys=True, separators=(",", ":")).encode(),
        lambda content: content.replace(b'{"digest":', b'{"id":"a1","digest":', 1),
        lambda content: content.replace(b'"as_of":', b'"as\\u005fof":', 1),
    ],
)
def test_another_spelling_of_the_same_content_counts_as_changed(
    sealed_office: bytes, verified: Verified, respelled: Callable[[bytes], bytes]
) -> None:
    changed = respelled(sealed_office)
    assert changed != sealed_office
    assert json.loads(changed) == json.loads(sealed_office)
    assert verified(changed) is Result.TAMPERED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format":"threelines-sealed-verdict/2"}',
        b'{"format":"threelines-sealed-verdict/1","n":NaN}',
        b'{"format":"threelines-sealed-verdict/1"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_sealed_verdict_is_said_so(content: bytes) -> None:
    with pytest.raises(SealedFileError):
        opened(content)


def test_a_member_more_or_of_another_kind_is_no_sealed_verdict(sealed_office: bytes) -> None:
    document = json.loads(sealed_office)
    for changed in ({**document, "more": 1}, {**document, "record": []}, {**document, "signature": {"value": "x"}}):
        with pytest.raises(SealedFileError, match="成员"):
            opened(canonical(changed))


def test_a_stranger_who_signs_a_forgery_is_not_known(
    office: Verdict, small: Snapshot, keys: Keyring, tmp_path: Path
) -> None:
    stranger = Keyring(tmp_path)
    stranger.start()
    found = verify(seal(office, stranger), keys.known(), lambda _: small)
    assert found.result is Result.UNKNOWN_KEY
    forged = {**as_record(office), "conclusion": "violates"}
    assert verify(seal(office, stranger, forged), keys.known(), lambda _: small).result is Result.DIFFERS


def test_a_forged_question_is_refused_in_words(office: Verdict, keys: Keyring, small: Snapshot) -> None:
    question = question_of(office.site, office.project, office.as_of)
    for site in ({}, {**question["site"], "wkb": "00"}, {**question["site"], "read_as": None}):
        with pytest.raises(SealedFileError, match="question"):
            asked_in({**question, "site": site})
    with pytest.raises(SealedFileError, match="版本"):
        verify(seal(office, keys, {**as_record(office), "release": {"id": "../x"}}), keys.known(), lambda _: small)


def test_a_difference_is_named_by_path_and_the_engine_by_version(
    office: Verdict, keys: Keyring, small: Snapshot
) -> None:
    record = json.loads(canonical(as_record(office)))
    record["findings"][0]["outcome"] = "violates"
    record["engine_version"] = "0.0.9"
    key = record["findings"][0]["key"]
    found = verify(seal(office, keys, record), keys.known(), lambda _: small)
    assert found.result is Result.DIFFERS
    assert [(one.path, one.old) for one in found.differences] == [
        ("$.engine_version", '"0.0.9"'),
        (f'$.findings[?@.key=="{key}"].outcome', '"violates"'),
    ]
    assert "0.0.9" in "".join(map(both, found.notes))


def test_the_question_holds_every_field_of_site_and_project() -> None:
    site = Site(name="", geometry=shapely.Point(120, 36), as_written="", read_as=Text("", ""))
    project = Project(name="", industries=(), construction=None, facts={})
    question = question_of(site, project, AS_OF)
    as_wkb = {"geometry": "wkb", "alignment": "alignment_wkb"}
    assert {as_wkb.get(one.name, one.name) for one in fields(Site)} == set(question["site"])
    assert {one.name for one in fields(Project)} == set(question["project"])


@given(
    st.floats(-180, 180), st.floats(-90, 90), st.dictionaries(st.text(max_size=3), st.floats(0, 1e9) | st.booleans())
)
def test_a_question_comes_back_bit_for_bit(x: float, y: float, stated: dict[str, FactValue]) -> None:
    site = Site(name="a", geometry=shapely.Point(x, y), as_written="b", read_as=Text("c", "d"), accuracy_m=0.1)
    project = Project(name="", industries=(), construction=Construction.NEW, facts=stated)
    asked = asked_in(json.loads(json.dumps(question_of(site, project, AS_OF))))
    assert shapely.to_wkb(asked.site.geometry) == shapely.to_wkb(site.geometry)
    assert replace(asked.site, geometry=site.geometry) == site
    assert (asked.facts, asked.construction, asked.as_of) == (stated, Construction.NEW, AS_OF)


# -- differences -------------------------------------------------------------------------------------------------------


@settings(max_examples=500)
@given(values, values)
@example(1, 1.0)
@example([{"key": "x", "n": 1}, {"key": "y", "n": 1}], [{"key": "y", "n": 1}, {"key": "x", "n": 1}])
@example({"a": True}, {"a": 1})
@example(0.0, -0.0)
def test_there_is_no_difference_exactly_where_the_spelling_is_the_same(old: Any, new: Any) -> None:
    assert (differences(old, new) == ()) == (canonical({"": old}) == canonical({"": new}))


def test_members_are_matched_by_name_so_that_one_more_is_one_difference() -> None:
    old = {"findings": [{"key": "a", "n": 1}, {"key": "c", "n": 3}]}
    new = {"findings": [{"key": "a", "n": 1}, {"key": "b", "n": 2}, {"key": "c", "n": 3}]}
    (only,) = differences(old, new)
    assert (only.path, only.old, only.new) == ('$.findings[?@.key=="b"]', "—", '{"key":"b","n":2}')


def test_changes_are_told_in_plain_words(small: Snapshot) -> None:
    old, new = as_record(ask(small, OFFICE_SITE)), as_record(ask(small, IN_PARK, "C2614"))
    told = record_changes(old, new)
    assert not told.is_same_conclusion
    assert "“符合”" in told.conclusion.zh
    before, after = ({one["key"] for one in record["findings"]} for record in (old, new))
    assert (len(told.added), len(told.removed)) == (len(after - before), len(before - after))
    assert told.changed
    assert record_changes(old, old).is_nothing


# -- validity ----------------------------------------------------------------------------------------------------------


def test_an_answer_holds_until_the_first_thing_that_ends(office: Verdict) -> None:
    evidence = office.evidence
    layers_end = min(one.layer.current_until for one in evidence.consulted if one.layer.current_until)
    assert validity(evidence, AS_OF, longest_days=9999).until == layers_end

    longest = validity(evidence, AS_OF, longest_days=30)
    assert longest.until == AS_OF + timedelta(days=30)
    assert longest.because[0].zh == "一次研判最长有效 30 天"

    ending = replace(evidence, release=replace(evidence.release, effective_until=AS_OF + timedelta(days=20)))
    ended = validity(ending, AS_OF, longest_days=30)
    assert ended.until == AS_OF + timedelta(days=20)
    assert "成果" in ended.because[0].zh

    followed = validity(ending, AS_OF, longest_days=30, next_release=("next", AS_OF + timedelta(days=10)))
    assert followed.until == AS_OF + timedelta(days=9)
    assert "next" in followed.because[0].en


@pytest.mark.parametrize(
    ("change", "until"),
    [
        ({"valid_from": AS_OF + timedelta(days=5)}, AS_OF + timedelta(days=4)),
        ({"valid_to": AS_OF + timedelta(days=5)}, AS_OF + timedelta(days=5)),
        ({"valid_to": AS_OF}, AS_OF),
        ({"valid_from": AS_OF + timedelta(days=1)}, AS_OF),
        ({"basis_since": AS_OF + timedelta(days=7)}, AS_OF + timedelta(days=6)),
        ({"valid_to": AS_OF - timedelta(days=1)}, AS_OF + timedelta(days=30)),
    ],
)
def test_a_known_change_of_the_list_ends_an_answer(office: Verdict, change: dict[str, date], until: date) -> None:
    plain = office.evidence
    first = replace(plain.access_list.clauses[0], **change)  # type: ignore[arg-type]
    clauses = (first, *plain.access_list.clauses[1:])
    evidence = replace(plain, access_list=replace(plain.access_list, clauses=clauses))
    found = validity(evidence, AS_OF, longest_days=30)
    assert found.until == until
    assert (first.id in both(found.because[0])) == (until < AS_OF + timedelta(days=30))


def test_the_end_of_the_calendar_is_no_error(office: Verdict) -> None:
    assert validity(office.evidence, date.max, longest_days=180).until == date.max

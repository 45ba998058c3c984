"""Both languages say the same things, and nothing is said in one only."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from layers.facts import fact_schema
from layers.snapshot import Snapshot
from screening.explain import explain
from screening.phrases import PHRASES
from screening.terms import TERMS
from screening.words import Text
from tests.conftest import ask

ROOT = Path(__file__).parents[1]


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("name", sorted(PHRASES))
def test_both_languages_fill_the_same_places(name: str) -> None:
    assert placeholders(PHRASES[name].zh) == placeholders(PHRASES[name].en)
    assert PHRASES[name].zh.strip()
    assert PHRASES[name].en.strip()


def test_every_phrase_is_used() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "screening").glob("*.py") if path.name != "phrases.py"
    )
    built = {f"headline_{one}" for one in ("violates", "undetermined", "conditional", "complies")}
    built |= {f"step_{one}" for one in ("violates", "undetermined", "conditional", "complies")}
    built |= {f"label_relation_{one}" for one in ("overlaps", "touches", "apart")}
    spoken = set(re.findall(r'"([a-z_]+)"', source))
    spoken |= {f"label_{name}" for name in spoken}
    assert PHRASES.keys() <= spoken | built


def test_the_terms_page_is_the_vocabulary() -> None:
    page = (ROOT / "docs" / "terms.md").read_text(encoding="utf-8")
    for group, terms in TERMS.items():
        assert f"## {group}" in page
        for name, text in terms.items():
            assert f"| `{name}` | {text.zh} | {text.en} |" in page


def test_english_explanations_hold_no_chinese_of_ours(small: Snapshot) -> None:
    told = explain(ask(small, "120.145,36.045", "C3360"), fact_schema(), "en")
    ours = [told.headline, told.conclusion_label, told.notice or "", *told.limits, *(row.label for row in told.summary)]
    ours += [row.label for entry in (*told.concerned, *told.not_concerned) for row in entry.rows]
    assert not [words for words in ours if re.search(r"[\u4e00-\u9fff]", words)]


def test_facts_are_labelled_in_both_languages() -> None:
    texts: list[Text] = [text for fact in fact_schema().values() for text in (fact.label, fact.help, fact.group)]
    assert all(text.zh and text.en for text in texts)

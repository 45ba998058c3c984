"""What a row came to as the database keeps it: words in both languages, faults whole, so that they can be given back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

import shapely

from api.runs.model import Line
from api.service import Answered
from layers.batches.model import Fault
from layers.batches.sites import SiteRow
from screening.errors import ThreeLinesError
from screening.words import LANGUAGES, Language, Text

_DECIDING = 3  # reasons kept for the list; the screening has all
_TEXTS = ("what", "why", "cure")


def told_json(answered: Answered) -> str:
    """Conclusion and what decides, by language."""
    told = {}
    for language in LANGUAGES:
        found: Any = answered.explanations[language]
        told[language] = {"conclusion": found["conclusion_label"], "deciding": list(found["deciding"])[:_DECIDING]}
    return json.dumps(told, ensure_ascii=False)


def told_of(line: Line, language: Language) -> tuple[str, list[str]]:
    """Conclusion in words and what decides; of a faulty row nothing and what is wrong."""
    if line.told:
        told = json.loads(line.told)[language]
        return told["conclusion"], told["deciding"]
    return "", [fault.words(language) for fault in faults_of(line)]


def faults_json(faults: Sequence[Fault]) -> str:
    """What is wrong with a row."""
    return json.dumps(
        [{one.name: _plain(getattr(fault, one.name)) for one in fields(Fault)} for fault in faults],
        ensure_ascii=False,
    )


def faults_of(line: Line) -> tuple[Fault, ...]:
    """What is wrong with a row, as it was told."""
    return tuple(_fault(one) for one in json.loads(line.faults or "[]"))


def problem_json(problem: ThreeLinesError) -> str:
    """What interrupted a run: what, why and what to do, by language."""
    words = [problem.what, problem.why, problem.cure]
    return json.dumps({one: " ".join(text.in_(one) for text in words) for one in LANGUAGES}, ensure_ascii=False)


def site_rows(lines: Iterable[Line], language: Language) -> Iterator[SiteRow]:
    """Screened rows as features of a layer."""
    for one in lines:
        if one.shape is not None:
            label, deciding = told_of(one, language)
            yield SiteRow(
                place=one.place,
                name=one.name,
                screening=one.screening,
                conclusion=one.conclusion,
                label=label,
                deciding="\n".join(deciding),
                shape=shapely.from_wkb(one.shape),
            )


def _fault(kept: dict[str, Any]) -> Fault:
    return Fault(**{**kept, **{name: Text(**kept[name]) for name in _TEXTS}})


def _plain(value: object) -> object:
    return {"zh": value.zh, "en": value.en} if isinstance(value, Text) else value

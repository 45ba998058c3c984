"""What changed from one record to another, in plain words: conclusion, findings, the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.findings import Outcome
from screening.record import Record
from screening.seal import Difference, differences
from screening.terms import OUTCOME
from screening.words import Text

_TOLD = ("$.findings", "$.conclusion", "$.as_of", "$.release", "$.engine_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChanges:
    """What changed, each line a sentence.

    Attributes:
        is_same_conclusion: Whether the conclusion is what it was.
        conclusion: Both conclusions, in words.
        basis: Release, day and engine, where they changed.
        added, removed, changed: Findings.
        others: How many other places of the record differ (measures, layers' notes).
    """

    is_same_conclusion: bool
    conclusion: Text
    basis: tuple[Text, ...]
    added: tuple[Text, ...]
    removed: tuple[Text, ...]
    changed: tuple[Text, ...]
    others: int

    @property
    def is_nothing(self) -> bool:
        """Whether all findings and the conclusion are what they were."""
        return self.is_same_conclusion and not (self.added or self.removed or self.changed)


def record_changes(old: Record, new: Record) -> RecordChanges:
    """What changed from an older record to a newer one of the same question."""
    was, now = _by_key(old), _by_key(new)
    found = differences(old, new)
    return RecordChanges(
        is_same_conclusion=old["conclusion"] == new["conclusion"],
        conclusion=_conclusion(old["conclusion"], new["conclusion"]),
        basis=tuple(_basis(old, new)),
        added=tuple(_titled(now[key]) for key in now if key not in was),
        removed=tuple(_titled(was[key]) for key in was if key not in now),
        changed=tuple(_changed(was[key], now[key]) for key in now if key in was and differences(was[key], now[key])),
        others=sum(not one.path.startswith(_TOLD) for one in found),
    )


def difference_words(one: Difference) -> Text:
    """One difference as a line for people and machines alike."""
    return Text(f"{one.path}：原 {one.old}，现 {one.new}", f"{one.path}: was {one.old}, is {one.new}")


def _by_key(record: Record) -> dict[str, Mapping[str, Any]]:
    return {one["key"]: one for one in record["findings"]}


def _conclusion(old: str, new: str) -> Text:
    before, after = _outcome(old), _outcome(new)
    if old == new:
        return Text(f"结论未变：{after.zh}", f"The conclusion is the same: {after.en}")
    return Text(f"结论由“{before.zh}”变为“{after.zh}”", f"The conclusion was “{before.en}” and is now “{after.en}”")


def _basis(old: Record, new: Record) -> Sequence[Text]:
    pairs = (
        (Text("成果版本", "Release"), old["release"]["id"], new["release"]["id"]),
        (Text("基准日", "As of"), old["as_of"], new["as_of"]),
        (Text("软件版本", "Engine"), old["engine_version"], new["engine_version"]),
    )
    return [
        Text(f"{label.zh}：{before} → {after}", f"{label.en}: {before} → {after}")
        for label, before, after in pairs
        if before != after
    ]


def _titled(finding: Mapping[str, Any]) -> Text:
    outcome = _outcome(finding["outcome"])
    return Text(f"{finding['title']['zh']}（{outcome.zh}）", f"{finding['title']['en']} ({outcome.en})")


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Text:
    title = Text(new["title"]["zh"], new["title"]["en"])
    if old["outcome"] != new["outcome"]:
        before, after = _outcome(old["outcome"]), _outcome(new["outcome"])
        return Text(f"{title.zh}：{before.zh} → {after.zh}", f"{title.en}: {before.en} → {after.en}")
    outcome = _outcome(new["outcome"])
    if old["reason"] != new["reason"]:
        return Text(
            f"{title.zh}：仍为{outcome.zh}，理由变为“{new['reason']['zh']}”",
            f"{title.en}: still {outcome.en}, now because “{new['reason']['en']}”",
        )
    places = ", ".join(one.path.removeprefix("$.") for one in differences(old, new))
    return Text(
        f"{title.zh}：仍为{outcome.zh}，细节有变（{places}）",
        f"{title.en}: still {outcome.en}, details differ ({places})",
    )


def _outcome(name: str) -> Text:
    return OUTCOME[Outcome[name.upper()]]

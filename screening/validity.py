"""有效期: until when an answer may be relied on, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from screening.access import Clause
from screening.evidence import Evidence
from screening.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Until when, and why no longer.

    Attributes:
        until: Last day.
        because: What ends on that day, one reason or several.
    """

    until: date
    because: tuple[Text, ...]


def validity(
    evidence: Evidence, as_of: date, *, longest_days: int, next_release: tuple[str, date] | None = None
) -> Validity:
    """The last day on which nothing known by now has changed what an answer rests on.

    Args:
        evidence: What the answer rests on.
        as_of: Day asked for; counted from here.
        longest_days: At most so many days, whatever else holds on.
        next_release: Id and first day of the release already published to follow; None where none is.
    """
    ends = [
        *_of_release(evidence, next_release),
        *_of_layers(evidence),
        *(end for clause in evidence.access_list.changing_from(as_of) for end in _of_clause(clause)),
        (_after(as_of, longest_days), _longest(longest_days)),
    ]
    coming = [(day, text) for day, text in ends if day >= as_of]
    until = min(day for day, _ in coming)
    return Validity(until=until, because=tuple(dict.fromkeys(text for day, text in coming if day == until)))


def _of_release(evidence: Evidence, next_release: tuple[str, date] | None) -> list[tuple[date, Text]]:
    ends = []
    if evidence.release.effective_until is not None:
        name = evidence.release.title
        ends.append(
            (
                evidence.release.effective_until,
                Text(f"成果“{name.zh}”到这一天为止", f"the release “{name.en}” ends that day"),
            )
        )
    if next_release is not None:
        name_id, first = next_release
        ends.append(
            (_eve(first), Text(f"新成果 {name_id} 自 {first} 起生效", f"release {name_id} takes effect on {first}"))
        )
    return ends


def _of_layers(evidence: Evidence) -> list[tuple[date, Text]]:
    layers = [one.layer for one in evidence.consulted]
    return [
        (
            layer.current_until,
            Text(
                f"图层“{layer.name.zh}”反映 {layer.surveyed} 的状况，此后不再算现势",
                f"layer “{layer.name.en}” shows {layer.surveyed} and counts as current no longer",
            ),
        )
        for layer in layers
        if layer.current_until is not None
    ]


def _of_clause(clause: Clause) -> list[tuple[date, Text]]:
    ends = [
        (
            _eve(clause.valid_from),
            Text(
                f"清单条款 {clause.id} 自 {clause.valid_from} 起生效",
                f"clause {clause.id} binds from {clause.valid_from}",
            ),
        )
    ]
    if clause.valid_to is not None:
        ends.append(
            (
                clause.valid_to,
                Text(f"清单条款 {clause.id} 到这一天失效", f"clause {clause.id} ceases to bind after that day"),
            )
        )
    if clause.basis_since is not None:
        ends.append(
            (
                _eve(clause.basis_since),
                Text(
                    f"清单条款 {clause.id} 的依据自 {clause.basis_since} 起更换",
                    f"clause {clause.id} rests on another document from {clause.basis_since}",
                ),
            )
        )
    return ends


def _longest(days: int) -> Text:
    return Text(f"一次研判最长有效 {days} 天", f"an answer holds for {days} days at most")


def _after(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _eve(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day

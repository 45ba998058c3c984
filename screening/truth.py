"""Kleene's three-valued logic: what is not known is neither yes nor no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """Yes, no or unknown (S. C. Kleene, *Introduction to Metamathematics*, 1952, section 64)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """The truth of a statement; None means that nobody said.

        >>> Truth.of(None)
        <Truth.UNKNOWN: 'unknown'>
        """
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO


def every(truths: Iterable[Truth]) -> Truth:
    """Conjunction: one no decides, then one unknown.

    >>> every([Truth.YES, Truth.UNKNOWN]), every([Truth.UNKNOWN, Truth.NO]), every([])
    (<Truth.UNKNOWN: 'unknown'>, <Truth.NO: 'no'>, <Truth.YES: 'yes'>)
    """
    seen = set(truths)
    if Truth.NO in seen:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.YES


def some(truths: Iterable[Truth]) -> Truth:
    """Disjunction: one yes decides, then one unknown.

    >>> some([Truth.NO, Truth.UNKNOWN]), some([Truth.UNKNOWN, Truth.YES]), some([])
    (<Truth.UNKNOWN: 'unknown'>, <Truth.YES: 'yes'>, <Truth.NO: 'no'>)
    """
    seen = set(truths)
    if Truth.YES in seen:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.NO


def negated(truth: Truth) -> Truth:
    """Negation: unknown stays unknown."""
    match truth:
        case Truth.YES:
            return Truth.NO
        case Truth.NO:
            return Truth.YES
        case Truth.UNKNOWN:
            return Truth.UNKNOWN

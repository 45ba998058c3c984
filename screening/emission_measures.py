"""Whether what is declared keeps to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from screening.emission_model import (
    Comparison,
    Compliance,
    Discharge,
    Entry,
    Measured,
)
from screening.standards import (
    Averaging,
    Limit,
)
from screening.truth import Truth
from screening.units import UNITS


def comparisons(entry: Entry, discharge: Discharge) -> list[Comparison]:
    """The declared values that can be held against a limit, with what each one tells."""
    limit = entry.limit
    if not limit.is_held:
        return []
    return [
        _compared(entry, measured)
        for measured in discharge.declared(UNITS[limit.unit].quantity)
        if measured.amount.is_like(limit.unit) and not (limit.averaging is not None and measured.averaging is None)
    ]


def _compared(entry: Entry, measured: Measured) -> Comparison:
    limit = entry.limit
    amount = measured.amount.in_(limit.unit)
    sides = [
        (beyond, ratio)
        for bound, beyond, ratio in (
            (limit.maximum, _minus(amount.value, limit.maximum), _over(amount.value, limit.maximum)),
            (limit.minimum, _minus(limit.minimum, amount.value), _over(limit.minimum, amount.value)),
        )
        if bound is not None
    ]
    beyond, ratio = max(sides, key=lambda side: side[0])
    within = beyond < 0 or (beyond == 0 and not limit.exclusive)
    return Comparison(
        limit=limit,
        standard=entry.standard,
        declared=amount,
        beyond=beyond,
        ratio=ratio,
        truth=_told(within, limit, measured.averaging),
    )


def _told(within: bool, limit: Limit, averaging: Averaging | None) -> Truth:
    """What a greatest mean over one time tells about an upper limit on means over another.

    The greatest mean over a longer time is never above that over a shorter one; of lower limits nothing follows.
    """
    if limit.averaging is None or limit.averaging is averaging:
        return Truth.of(within)
    if averaging is None or limit.minimum is not None:
        return Truth.UNKNOWN
    if averaging < limit.averaging:
        return Truth.YES if within else Truth.UNKNOWN
    return Truth.UNKNOWN if within else Truth.NO


def _minus(left: Decimal | None, right: Decimal | None) -> Decimal:
    return Decimal(0) if left is None or right is None else left - right


def _over(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or not right else left / right


def truth_of(entry: Entry, discharge: Discharge) -> Truth:
    """Whether everything declared keeps to one limit; unknown where nothing was declared for it."""
    told = {one.truth for one in comparisons(entry, discharge)}
    if Truth.NO in told:
        return Truth.NO
    return Truth.YES if Truth.YES in told else Truth.UNKNOWN


def compliance_of(kept: Iterable[Entry], discharge: Discharge) -> Compliance:
    """The answer in one world."""
    truths = [(one, truth_of(one, discharge)) for one in kept]
    if any(truth is Truth.NO for _, truth in truths):
        return Compliance.EXCEEDED
    if any(truth is Truth.UNKNOWN and one.limit.is_held for one, truth in truths):
        return Compliance.NEEDS_FACTS
    if not truths or any(not one.limit.is_held for one, _ in truths):
        return Compliance.NO_LIMIT
    return Compliance.MET

"""Which of several standards rules: local before national where it is no milder, the industry's own before a general one."""

from __future__ import annotations

from decimal import Decimal

from screening.emission_model import (
    Entry,
    SetAside,
)
from screening.standards import (
    Limit,
    Medium,
    Origin,
    Reach,
    Standard,
)
from screening.units import UNITS
from screening.words import Text

INFINITE = Decimal("Infinity")


def ruling(speaking: list[Entry], binding: list[Standard], medium: Medium) -> tuple[list[Entry], list[SetAside]]:
    """Limits that count, and standards that do not because another goes before them."""
    covering = {one.standard.code for one in speaking}
    aside: dict[str, Text] = {}
    for general in {
        one.standard.code: one.standard for one in speaking if one.standard.reach is Reach.GENERAL
    }.values():
        for other in binding:
            if _displaces(other, general, covering, medium):
                aside[general.code] = Text(
                    f"已有行业标准 {other.code}，不再执行综合（通用）标准",
                    f"the industry's own standard {other.code} goes before a general one",
                )
    left = [one for one in speaking if one.standard.code not in aside]
    local = [one for one in left if one.standard.origin is Origin.LOCAL]
    national = [one for one in left if one.standard.origin is Origin.NATIONAL]
    kept = []
    for one in national:
        before = next((other for other in local if _at_least_as_strict(other.limit, one.limit)), None)
        if before is None:
            kept.append(one)
        else:
            aside[one.standard.code] = Text(
                f"地方标准 {before.standard.code} 优先，且不宽于国家标准",
                f"the local standard {before.standard.code} goes first and is no milder",
            )
    for one in local:
        stricter = next((other for other in kept if _at_least_as_strict(other.limit, one.limit)), None)
        if stricter is None:
            kept.append(one)
        else:
            aside[one.standard.code] = Text(
                f"国家标准 {stricter.standard.code} 更严，从严执行",
                f"the national standard {stricter.standard.code} is stricter and counts instead",
            )
    return kept, [SetAside(standard=code, reason=reason) for code, reason in aside.items()]


def _displaces(other: Standard, general: Standard, covering: set[str], medium: Medium) -> bool:
    if other.reach is not Reach.INDUSTRY or other.origin < general.origin:
        return False
    uncrossed = not general.crosses and other.origin is general.origin and medium in other.media
    return other.code in covering or uncrossed


def _at_least_as_strict(one: Limit, other: Limit) -> bool:
    """Whether whoever meets the one meets the other; never so where a value is not held or they measure differently."""
    if not (one.is_held and other.is_held) or one.pollutant != other.pollutant:
        return False
    if UNITS[one.unit].family != UNITS[other.unit].family or one.averaging not in (None, other.averaging):
        return False
    upper, lower = _bounds(one)
    other_upper, other_lower = _bounds(other)
    if upper == other_upper and lower == other_lower:
        return one.exclusive or not other.exclusive
    return upper <= other_upper and lower >= other_lower


def _bounds(limit: Limit) -> tuple[Decimal, Decimal]:
    """Upper and lower bound in the base unit of the family."""
    exponent = UNITS[limit.unit].exponent
    upper = INFINITE if limit.maximum is None else limit.maximum.scaleb(exponent)
    lower = -INFINITE if limit.minimum is None else limit.minimum.scaleb(exponent)
    return upper, lower

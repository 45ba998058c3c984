"""What was declared, checked against a schema: every kind of value, numbers in any unit of their family.

Left out, null and empty all mean not declared, which is neither zero nor no.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from screening.declared_units import DeclaredUnit, UnitTable, WrittenAmount, in_words, parse_amount, ratio
from screening.errors import UnknownFactError
from screening.model import Conversion, Fact, FactValue
from screening.words import Text, same

MOST_DAYS = 366
_LONGEST_UNIT = 40
_AMOUNT_KEYS = frozenset({"value", "unit", "days_per_year"})
_BEYOND = 10**18  # larger than any bound of a schema; keeps out numbers no float holds
_NO_NUMBER = Text(
    "应为一个数值，可带单位，如“3 万m³/a”，或写成 value、unit、days_per_year 三项。",
    "It must be one number, with a unit if need be, e.g. “3 万m³/a”, or given as value, unit and days_per_year.",
)
_NO_BOOLEAN = Text("应为是或否。", "It must be true or false.")
_NO_TEXT = Text("应为文字。", "It must be text.")
_NO_DATE = Text("应为日期，如 2026-11-21。", "It must be a date such as 2026-11-21.")
_NO_DAYS = Text(
    f"全年运行天数应为 1 至 {MOST_DAYS} 的整数。", f"The days per year must be a whole number from 1 to {MOST_DAYS}."
)
_DAYS_ARE_ASKED = Text(
    f"按天的量换算为年量，须申报全年运行天数（days_per_year，1 至 {MOST_DAYS}），不作推定。",
    f"From a day to a year the number of operating days must be declared (days_per_year, 1 to {MOST_DAYS}); "
    "none is assumed.",
)
_IDLE_DAYS = Text(
    "只有按天的量才需要全年运行天数；请去掉天数，或核对单位。",
    "Only an amount per day takes days per year; leave them out, or check the unit.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """Declared values by name in the units of their schema, and how numbers came to them."""

    values: Mapping[str, FactValue]
    conversions: tuple[Conversion, ...]


def read_declarations(
    written: Mapping[str, object], schema: Mapping[str, Fact], units: UnitTable, *, place: str = "project.facts"
) -> Declarations:
    """Values for the facts of a schema; what is None or empty is not declared and left out.

    Args:
        written: By name: a boolean, text, or number; a number also as text or as a mapping of `value`, `unit` and,
            where the unit is per day and the fact per year, `days_per_year`.
        schema: The facts that may be declared.
        units: What converts.
        place: Where they were declared, for errors.

    Raises:
        UnknownFactError: A name outside the schema, a wrong type, a unit that does not fit, or a number out of range.
    """
    values: dict[str, FactValue] = {}
    conversions: list[Conversion] = []
    for name, value in written.items():
        if name not in schema:
            raise UnknownFactError.named(name, sorted(schema), place=place)
        if _is_blank(value):
            continue
        one = _Reader(schema[name], units, place, value)
        values[name], conversion = one.read()
        conversions += [conversion] if conversion else []
    return Declarations(values=values, conversions=tuple(conversions))


def _is_blank(value: object) -> bool:
    if isinstance(value, Mapping):
        return "value" in value and _is_blank(value["value"])
    return value is None or (isinstance(value, str) and not value.strip())


@dataclass(frozen=True, slots=True)
class _Reader:
    """One value being read for one fact."""

    fact: Fact
    units: UnitTable
    place: str
    value: object

    def read(self) -> tuple[FactValue, Conversion | None]:
        match self.fact.kind:
            case "boolean":
                return self._boolean(), None
            case "choice":
                return self._choice(), None
            case "text":
                return self._text(), None
            case "date":
                return self._date(), None
            case _:
                return self._number()

    def _refused(self, expected: Text, candidates: tuple[str, ...] = ()) -> UnknownFactError:
        shown = _as_written(self.value) if isinstance(self.value, Mapping) else self.value
        return UnknownFactError.valued(
            self.fact.name, self.fact.label, shown, expected, place=self.place, candidates=candidates
        )

    def _boolean(self) -> bool:
        if isinstance(self.value, bool):
            return self.value
        raise self._refused(_NO_BOOLEAN)

    def _choice(self) -> str:
        if isinstance(self.value, str) and self.value in dict(self.fact.choices):
            return self.value
        listed = ", ".join(choice for choice, _ in self.fact.choices)
        raise self._refused(Text(f"可选：{listed}。", f"One of: {listed}."))

    def _text(self) -> str:
        if not isinstance(self.value, str):
            raise self._refused(_NO_TEXT)
        most = self.fact.max_length
        found = self.value.strip()
        if most is not None and len(found) > most:
            raise self._refused(Text(f"最多 {most} 个字。", f"At most {most} characters."))
        if any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\r\t" for mark in found):
            raise self._refused(Text("含有不可显示的字符。", "It holds characters that cannot be shown."))
        return found

    def _date(self) -> str:
        if isinstance(self.value, date):
            return self.value.isoformat()[:10]
        if not isinstance(self.value, str):
            raise self._refused(_NO_DATE)
        try:
            return date.fromisoformat(self.value.strip()).isoformat()
        except ValueError as problem:
            raise self._refused(_NO_DATE) from problem

    def _number(self) -> tuple[float, Conversion | None]:
        amount, days = self._amount()
        found, how = self._in_own_unit(amount, days)
        self._require_within_bounds(found)
        taken = float(found)
        if how is None:
            return taken, None
        own = f"{in_words(taken)} {self.fact.unit}".strip()
        read_as = Text(f"按 {how.zh} 换算为 {own}", f"{how.en} taken as {own}")
        return taken, Conversion(
            name=self.fact.name,
            as_written=amount.as_written,
            value=taken,
            unit=self.fact.unit,
            read_as=read_as,
        )

    def _amount(self) -> tuple[WrittenAmount, int | None]:
        """The number and unit that were written, and the days per year."""
        match self.value:
            case Mapping():
                if "value" not in self.value or not self.value.keys() <= _AMOUNT_KEYS:
                    raise self._refused(_NO_NUMBER)
                inner = self._plain(self.value["value"])
                unit = self.value.get("unit") or ""
                if not isinstance(unit, str) or len(unit) > _LONGEST_UNIT or (unit and inner.unit):
                    raise self._refused(_NO_NUMBER)
                amount = WrittenAmount(number=inner.number, unit=unit or inner.unit, as_written=_as_written(self.value))
                return amount, self._days(self.value.get("days_per_year"))
            case _:
                return self._plain(self.value), None

    def _plain(self, value: object) -> WrittenAmount:
        if isinstance(value, str):
            found = parse_amount(value)
            if found is None:
                raise self._refused(_NO_NUMBER)
            return found
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refused(_NO_NUMBER)
        if abs(value) >= _BEYOND or not math.isfinite(value):
            raise self._refused(self._bounds())
        return WrittenAmount(number=ratio(value), unit="", as_written=str(value))

    def _days(self, days: object) -> int | None:
        if days is None:
            return None
        if isinstance(days, bool) or not isinstance(days, (int, float)) or not 1 <= days <= MOST_DAYS or days % 1:
            raise self._refused(_NO_DAYS)
        return int(days)

    def _in_own_unit(self, amount: WrittenAmount, days: int | None) -> tuple[Fraction, Text | None]:
        """The number in the fact's unit and what to say of the way there; None where there was none to go."""
        if amount.unit and self.units.key(amount.unit) != self.units.key(self.fact.unit):
            return self._converted(amount, days)
        if days is not None:
            raise self._refused(_IDLE_DAYS)
        is_plain = not amount.unit or amount.as_written == f"{in_words(amount.number)} {self.fact.unit}"
        return amount.number, None if is_plain else same(amount.as_written)

    def _converted(self, amount: WrittenAmount, days: int | None) -> tuple[Fraction, Text]:
        written, own = self.units.find(amount.unit), self.units.find(self.fact.unit)
        if written is None or own is None:
            raise self._unfit(amount.unit)
        if written.family == own.family:
            if days is not None:
                raise self._refused(_IDLE_DAYS)
        elif not self.units.needs_days(written, self.fact.unit):
            raise self._unfit(amount.unit)
        elif days is None:
            raise self._refused(_DAYS_ARE_ASKED)
        return amount.number * (days or 1) * written.factor / own.factor, _how(amount, written, days)

    def _unfit(self, unit: str) -> UnknownFactError:
        fitting = tuple(one.symbol for one in self.units.accepted(self.fact.unit)) or (self.fact.unit,)
        listed = "、".join(fitting), ", ".join(fitting)
        reason = self.units.reason_against(unit, self.fact.unit) or Text(
            f"单位“{unit}”不能换算为 {self.fact.unit}。", f"The unit “{unit}” cannot be converted to {self.fact.unit}."
        )
        return self._refused(
            Text(f"{reason.zh}可用单位：{listed[0]}。", f"{reason.en} Units that fit: {listed[1]}."), fitting
        )

    def _bounds(self) -> Text:
        low, high = self.fact.minimum, self.fact.maximum
        said = f"{in_words(low) if low is not None else '…'} – {in_words(high) if high is not None else '…'}"
        said = f"{said} {self.fact.unit}".strip()
        return Text(f"应在 {said} 之间。", f"It must lie within {said}.")

    def _require_within_bounds(self, number: Fraction) -> None:
        low, high = self.fact.minimum, self.fact.maximum
        is_low = low is not None and number < ratio(low)
        is_high = number > ratio(high) if high is not None else abs(number) >= _BEYOND
        if is_low or is_high:
            raise self._refused(self._bounds())


def _how(amount: WrittenAmount, written: DeclaredUnit, days: int | None) -> Text:
    said = amount.as_written
    zh = f"{said} × {days} 天" if days is not None else said
    en = f"{said} × {days} days" if days is not None else said
    note = written.note
    return Text(f"{zh}（{note.zh}）", f"{en} ({note.en})") if note else Text(zh, en)


def _as_written(value: Mapping[object, object]) -> str:
    number, unit = value.get("value"), value.get("unit")
    return f"{number} {unit}".strip() if unit else str(number)

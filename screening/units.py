"""Units in which limits are written, exact conversion between those of one family, and nothing else.

Mass and volume ratios (ppm) are left out on purpose: they need a molar mass and a temperature which nobody declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from screening.errors import UnusableAmountError
from screening.words import Text, same


class Quantity(StrEnum):
    """What is limited: a discharge declares one value, or several, for each."""

    CONCENTRATION = "concentration"  # 浓度, also levels and ratios such as dB(A) and pH
    RATE = "rate"  # 排放速率
    ANNUAL = "annual"  # 年排放量
    HEIGHT = "height"  # 排气筒高度
    REMOVAL = "removal"  # 去除效率


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: ten to the power of `exponent` times the base of its family.

    Attributes:
        family: The base unit; units of different families are never compared.
        en: How it is written in English, where that differs.
    """

    symbol: str
    family: str
    exponent: int
    quantity: Quantity = Quantity.CONCENTRATION
    en: str | None = None

    @property
    def label(self) -> Text:
        """The unit as printed."""
        return Text(self.symbol, self.symbol if self.en is None else self.en)


UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        Unit("mg/m³", "mg/m³", 0),
        Unit("µg/m³", "mg/m³", -3),
        Unit("ng/m³", "mg/m³", -6),
        Unit("g/m³", "mg/m³", 3),
        Unit("ng-TEQ/m³", "ng-TEQ/m³", 0),
        Unit("pg-TEQ/m³", "ng-TEQ/m³", -3),
        Unit("mg/L", "mg/L", 0),
        Unit("µg/L", "mg/L", -3),
        Unit("ng/L", "mg/L", -6),
        Unit("g/L", "mg/L", 3),
        Unit("ng-TEQ/L", "ng-TEQ/L", 0),
        Unit("pg-TEQ/L", "ng-TEQ/L", -3),
        Unit("mg/kg", "mg/kg", 0),
        Unit("µg/kg", "mg/kg", -3),
        Unit("g/kg", "mg/kg", 3),
        Unit("Bq/L", "Bq/L", 0),
        Unit("个/L", "个/L", 0, en="per L"),
        Unit("倍", "倍", 0, en="times"),
        Unit("级", "级", 0, en="grade"),
        Unit("无量纲", "无量纲", 0, en="(no unit)"),
        Unit("dB(A)", "dB(A)", 0),
        Unit("kg/h", "kg/h", 0, Quantity.RATE),
        Unit("g/h", "kg/h", -3, Quantity.RATE),
        Unit("t/a", "t/a", 0, Quantity.ANNUAL),
        Unit("kg/a", "t/a", -3, Quantity.ANNUAL),
        Unit("m", "m", 0, Quantity.HEIGHT),
        Unit("%", "%", 0, Quantity.REMOVAL),
    )
}
_SPELLINGS = (("μ", "µ"), ("ug", "µg"), ("m3", "m³"), ("ngTEQ", "ng-TEQ"), ("pgTEQ", "pg-TEQ"), ("l", "L"))
_DECIBEL = "dB(A)"


@dataclass(frozen=True, slots=True)
class Amount:
    """A decimal number with a unit; exact, so that a value on a limit is on it in every unit.

    >>> Amount.of(35, "ug/m3").in_("mg/m³")
    Amount(value=Decimal('0.035'), unit='mg/m³')
    """

    value: Decimal
    unit: str

    @classmethod
    def of(cls, value: Decimal | float | str, unit: str, *, field: str = "concentration") -> Amount:
        """An amount as it was written.

        Raises:
            UnusableAmountError: The unit is not known, or the number is none, infinite or negative where it may not be.
        """
        known = UNITS.get(spelled(unit))
        if known is None:
            raise UnusableAmountError.of_unit(unit, field, sorted(UNITS))
        try:
            number = Decimal(str(value))
        except InvalidOperation as problem:
            raise UnusableAmountError.of_value(str(value), field) from problem
        if not number.is_finite() or (number < 0 and known.family != _DECIBEL):
            raise UnusableAmountError.of_value(str(value), field)
        return cls(number, known.symbol)

    def is_like(self, unit: str) -> bool:
        """Whether it can be written in another unit."""
        return UNITS[self.unit].family == UNITS[unit].family

    def in_(self, unit: str) -> Amount:
        """The same amount in another unit of its family.

        Raises:
            UnusableAmountError: The units are of different families.
        """
        if not self.is_like(unit):
            raise UnusableAmountError.of_families(self.unit, unit)
        return Amount(self.value.scaleb(UNITS[self.unit].exponent - UNITS[unit].exponent), unit)

    @property
    def label(self) -> Text:
        """Number and unit as printed."""
        return same(f"{plain(self.value)} ").joined_with(UNITS[self.unit].label)


def plain(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros.

    >>> plain(Decimal("1E+3")), plain(Decimal("0.500"))
    ('1000', '0.5')
    """
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def spelled(unit: str) -> str:
    """A unit in the spelling of the table.

    >>> spelled(" ug/m3 "), spelled("mg/l"), spelled("dB(A)")
    ('µg/m³', 'mg/L', 'dB(A)')
    """
    written = unit.strip()
    for other, ours in _SPELLINGS:
        written = written.replace(other, ours)
    return written

"""Units in which facts are declared: one table of families, exact ratios, and the sentences for what has none.

The table itself is data (`layers/reference/units.toml`). Ratios are fractions, so that converting forth and back gives
the very number. Nothing is assumed about operating days or hours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from screening.words import Text

_NUMBER = re.compile(r"\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+)\s*((?![-+~.,\d]).*?)\s*", re.DOTALL)
_IDLE = re.compile(r"[\s·⋅•・^]")
_MOST_CHARACTERS = 60
_MINUS = str.maketrans("−–—", "---")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredUnit:
    """One unit: `factor` times the base of its family.

    Attributes:
        label: As printed in a list to choose from.
        note: The factor of a standard that it rests on, with its source; None where the factor holds by definition.
    """

    symbol: str
    family: str
    factor: Fraction
    label: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconvertible:
    """Units from which a family is refused, and why.

    Attributes:
        keys: The units, as `UnitTable.key` spells them.
    """

    families: frozenset[str]
    keys: frozenset[str]
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAmount:
    """A number and its unit as somebody wrote them.

    Attributes:
        number: Exactly the decimal that was written.
        unit: Unchanged; empty where none was written.
    """

    number: Fraction
    unit: str
    as_written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTable:
    """All units, by spelling.

    Attributes:
        units: By key.
        yearly: Families per day, and those they become once the days per year are declared.
        parts: Spellings replaced anywhere in a unit, the longest first.
        whole: Spellings of a whole unit.
    """

    units: Mapping[str, DeclaredUnit]
    yearly: Mapping[str, str]
    unconvertible: tuple[Unconvertible, ...]
    parts: tuple[tuple[str, str], ...]
    whole: Mapping[str, str]

    def key(self, written: str) -> str:
        """One spelling for all usual ones of a unit."""
        found = unit_key(written)
        found = self.whole.get(found, found)
        for other, ours in self.parts:
            found = found.replace(other, ours)
        return found

    def find(self, written: str) -> DeclaredUnit | None:
        """The unit that is meant; None if the table has none."""
        return self.units.get(self.key(written))

    def accepted(self, unit: str) -> tuple[DeclaredUnit, ...]:
        """The units in which a fact may be declared, its own first, those per day last; none for a unit of no family."""
        own = self.find(unit)
        if own is None:
            return ()
        daily = {name for name, family in self.yearly.items() if family == own.family}
        others = [one for one in self.units.values() if one.family == own.family and one is not own]
        return (own, *others, *(one for one in self.units.values() if one.family in daily))

    def needs_days(self, written: DeclaredUnit, unit: str) -> bool:
        """Whether the days per year must be declared to come from a unit to that of a fact."""
        own = self.find(unit)
        return own is not None and self.yearly.get(written.family) == own.family

    def reason_against(self, written: str, unit: str) -> Text | None:
        """Why a unit cannot be converted to that of a fact, where the table says so."""
        own, key = self.find(unit), self.key(written)
        if own is None:
            return None
        return next((one.reason for one in self.unconvertible if own.family in one.families and key in one.keys), None)


def unit_key(written: str) -> str:
    """A unit without the differences of form that never matter: width, superscripts, capitals, blanks, dots.

    >>> unit_key(" 万ｍ³／Ａ "), unit_key("kW·h/a"), unit_key("㎡")
    ('万m3/a', 'kwh/a', 'm2')
    """
    return _IDLE.sub("", unicodedata.normalize("NFKC", written)).casefold()


def ratio(number: int | float | str) -> Fraction:
    """A finite number as the exact decimal it is printed as.

    >>> ratio(0.1)
    Fraction(1, 10)
    """
    return Fraction(Decimal(str(number)))


def parse_amount(text: str) -> WrittenAmount | None:
    """A number, perhaps with a unit; None where it is not one number.

    >>> parse_amount("３．５ 万m³/a")
    WrittenAmount(number=Fraction(7, 2), unit='万m3/a', as_written='３．５ 万m³/a')
    >>> parse_amount("3-5 t")
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).translate(_MINUS))
    if found is None:
        return None
    return WrittenAmount(number=ratio(found[1].replace(",", "")), unit=found[2], as_written=text.strip())


def in_words(number: Fraction | float) -> str:
    """A number for reading: ten significant digits, thousands parted, no exponent.

    >>> in_words(30000.0), in_words(Fraction(10000, 15)), in_words(0.5)
    ('30,000', '666.6666667', '0.5')
    """
    return f"{Decimal(f'{float(number):.10g}'):,f}"

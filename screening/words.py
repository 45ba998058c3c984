"""Words in two languages, and messages that keep their parameters until they are printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in Chinese, the first language, and in English.

    >>> Text("结论", "conclusion").in_("en")
    'conclusion'
    """

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The wording in one language."""
        return self.zh if language == "zh" else self.en

    def joined_with(self, other: Text) -> Text:
        """This text and another, side by side in each language."""
        return Text(self.zh + other.zh, self.en + other.en)

    def filled(self, **words: str | Text) -> Text:
        """Both wordings with their `{placeholders}` filled.

        >>> Text("位于{zone}", "in {zone}").filled(zone=Text("红线", "red line"))
        Text(zh='位于红线', en='in red line')
        """
        return Text(self.filled_in("zh", **words), self.filled_in("en", **words))

    def filled_in(self, language: Language, **words: str | Text) -> str:
        """The wording in one language with its `{placeholders}` filled.

        >>> Text("位于{zone}", "in {zone}").filled_in("en", zone=Text("红线", "red line"))
        'in red line'
        """
        spoken = {name: word.in_(language) if isinstance(word, Text) else word for name, word in words.items()}
        return self.in_(language).format_map(spoken)


def same(words: str) -> Text:
    """A proper name or a number: alike in both languages."""
    return Text(words, words)


def joined(texts: list[Text], *, zh: str = "、", en: str = ", ") -> Text:
    """Several texts as one enumeration."""
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def plain_number(value: float) -> str:
    """A number as people write it: thousands set apart, no exponent, no more than six decimals unless it is smaller.

    >>> plain_number(1_305_000.0), plain_number(12_345.678), plain_number(0.25), plain_number(0.0), plain_number(3e-9)
    ('1,305,000', '12,345.678', '0.25', '0', '0.000000003')
    """
    decimals = 6 if value == 0 or abs(value) >= 1e-6 else 2 - math.floor(math.log10(abs(value)))
    written = f"{value:,.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written

"""GB/T 4754-2017 with amendment 1: look-up by code, search by Chinese words or everyday names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from screening.errors import UnknownIndustryError
from screening.model import Industry

DIGITS_OF_CLASS = 4


@dataclass(frozen=True, slots=True)
class Classification:
    """All entries by code with section letter, and everyday words that lead to them."""

    entries: dict[str, Industry]
    synonyms: dict[str, str]

    def find(self, written: str, *, field: str = "project.industries") -> Industry:
        """The entry for a code written with or without its section letter.

        Raises:
            UnknownIndustryError: There is none; near codes are offered.
        """
        code = written.strip().upper()
        found = self.entries.get(code) or self._without_letter().get(code)
        if found is None:
            raise UnknownIndustryError.of(written, field, self._near(code))
        return found

    def search(self, words: str, limit: int = 20) -> list[Industry]:
        """Entries that fit the words, the best first; nothing for blank words."""
        asked = words.strip().upper()
        if not asked:
            return []
        scored = [(self._score(asked, entry), entry) for entry in self.entries.values()]
        hits = sorted((-score, entry.code) for score, entry in scored if score > 0)
        return [self.entries[code] for _, code in hits[:limit]]

    def _score(self, asked: str, entry: Industry) -> float:
        """Higher is better: code, everyday word, whole name, part of it, shared pairs of characters."""
        digits = entry.code[1:] or entry.code
        is_class = 0.5 if len(digits) == DIGITS_OF_CLASS else 0.0
        if asked in (entry.code, digits):
            return 100.0
        if asked[-1].isdigit() and (entry.code.startswith(asked) or digits.startswith(asked)):
            return 80.0 - len(digits)
        if self.synonyms.get(asked) == entry.code:
            return 90.0
        if entry.name == asked:
            return 70.0 + is_class
        if asked in entry.name:
            return 50.0 + is_class + len(asked) / len(entry.name)
        shared = _pairs(asked) & _pairs(entry.name)
        return 10.0 * len(shared) / len(_pairs(asked)) + is_class if shared else 0.0

    def _without_letter(self) -> dict[str, Industry]:
        return {code[1:]: entry for code, entry in self.entries.items() if len(code) > 1}

    def _near(self, code: str) -> list[str]:
        digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")
        for length in range(len(digits) - 1, 1, -1):
            near = [f"{e.code} {e.name}" for e in self.entries.values() if e.code[1:].startswith(digits[:length])]
            if near:
                return near[:8]
        return []


@cache
def classification() -> Classification:
    """The classification this version ships, read once."""
    names = {row["code"]: row["name"] for row in _rows("gbt4754_2017.csv")}
    entries = {code: Industry(code=code, name=name, lineage=lineage_of(code)) for code, name in names.items()}
    synonyms = {row["word"].upper(): row["code"] for row in _rows("industry_synonyms.csv")}
    return Classification(entries=entries, synonyms=synonyms)


def lineage_of(code: str) -> tuple[str, ...]:
    """Codes from the section down to an entry.

    >>> lineage_of("C3360")
    ('C', 'C33', 'C336', 'C3360')
    """
    return (code[0], *(code[: 1 + digits] for digits in range(2, len(code))))


def _pairs(words: str) -> frozenset[str]:
    return frozenset(words[i : i + 2] for i in range(max(1, len(words) - 1)))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("layers").joinpath(f"reference/{name}").open(encoding="utf-8") as opened:
        yield from csv.DictReader(opened)

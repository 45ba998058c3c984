"""GB/T 4754-2017 with amendment 1: look-up by code, search by words, and what codes of the 2011 edition became."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from layers.industry_search import Hit, Index, Phrase, phrases_of
from screening.errors import SupersededIndustryError, UnknownIndustryError
from screening.model import Industry
from screening.words import Text

OLD_CODE = re.compile(r"[A-T]?[0-9]{2,4}")
NAMED_AT_MOST = 3


class Change(StrEnum):
    """What became of a class of the 2011 edition."""

    SAME = "same"
    RENAMED = "renamed"
    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A class of GB/T 4754-2011 and the classes of 2017 that took its place.

    Attributes:
        code_2011: With the section letter of the 2011 edition.
        name_2011: Its name there.
        codes_2017: Candidates, with section letter; none if it was removed.
        change: What became of it.
        verified: Whether it was checked against appendix A of the standard.
    """

    code_2011: str
    name_2011: str
    codes_2017: tuple[str, ...]
    change: Change
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """All entries by code with section letter, the classes of 2011, and the index over both."""

    entries: Mapping[str, Industry]
    successions: Sequence[Succession]
    codes_by_digits: Mapping[str, str]
    index: Index

    def find(self, written: str, *, field: str = "project.industries") -> Industry:
        """The entry for a code written with or without its section letter, in any width and case.

        Raises:
            SupersededIndustryError: Only the 2011 edition has it; the classes that took its place are offered.
            UnknownIndustryError: No edition has it; near codes are offered.
        """
        code = _code(written)
        found = self.entries.get(code) or self.entries.get(self.codes_by_digits.get(code, ""))
        if found is not None:
            return found
        old = self._of_2011(code)
        if old:
            successors = dict.fromkeys(successor for one in old for successor in one.codes_2017)
            meant = _few([one.name_2011 for one in old])
            raise SupersededIndustryError.by(written, meant, field, [self._titled(one) for one in successors])
        raise UnknownIndustryError.of(written, field, self._near(code))

    def hits(self, words: str, limit: int = 20) -> list[Hit]:
        """Entries that fit a code, words, pinyin or English words, the best first, each with the reason."""
        return self.index.search(words, limit)

    def search(self, words: str, limit: int = 20) -> list[Industry]:
        """Entries that fit, the best first; nothing for blank words."""
        return [hit.industry for hit in self.hits(words, limit)]

    def notices(self, written: str) -> tuple[Text, ...]:
        """What to know before a code is used: it may be an old one that meant something else in 2011.

        A code with its section letter is compared with the 2011 code of the same letter, digits alone with the same digits.
        """
        code = _code(written)
        now = code if code in self.entries else self.codes_by_digits.get(code, "")
        old = self._of_2011(code)
        if len(old) == 1 and old[0].code_2011.endswith(code):
            notice = self._class_notice(old[0], now)
            return () if notice is None else (notice,)
        gone = [one for one in old if any(not successor.startswith(now) for successor in one.codes_2017)]
        if not now or not gone:
            return ()
        left = _few([f"{one.name_2011}（{'、'.join(one.codes_2017)}）" for one in gone])
        return (
            Text(
                f"GB/T 4754—2011 中列在该代码下、2017 版另有归属的小类：{left}。",
                f"Classes that GB/T 4754-2011 had under this code and the 2017 edition has elsewhere: {left}.",
            ),
        )

    def _class_notice(self, old: Succession, now: str) -> Text | None:
        titles = "、".join(self._titled(code) for code in old.codes_2017)
        if old.change is Change.SAME:
            return None
        if now not in old.codes_2017:
            return Text(
                f"该代码在 GB/T 4754—2011 中是“{old.name_2011}”，2017 版对应 {titles}；请确认代码出自哪一版。",
                f"In GB/T 4754-2011 this code was “{old.name_2011}”, now {titles}; make sure of the edition.",
            )
        if len(old.codes_2017) > 1:
            return Text(
                f"该代码在 GB/T 4754—2011 中是“{old.name_2011}”，2017 版分为 {titles}；请选定其一。",
                f"In GB/T 4754-2011 this code was “{old.name_2011}”, since divided into {titles}; choose one.",
            )
        return Text(
            f"该代码在 GB/T 4754—2011 中名为“{old.name_2011}”。",
            f"In GB/T 4754-2011 this code was named “{old.name_2011}”.",
        )

    def _of_2011(self, code: str) -> list[Succession]:
        """Classes of 2011 at or under a code written with or without the section letter of that edition."""
        if not OLD_CODE.fullmatch(code):
            return []
        skipped = 0 if code[0].isalpha() else 1
        return [one for one in self.successions if one.code_2011.startswith(code, skipped)]

    def _titled(self, code: str) -> str:
        return f"{code} {self.entries[code].name}"

    def _near(self, code: str) -> list[str]:
        digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")
        for length in range(len(digits) - 1, 1, -1):
            near = [self._titled(known) for known in self.entries if known[1:].startswith(digits[:length])]
            if near:
                return near[:8]
        return []


@cache
def classification() -> Classification:
    """The classification this version ships, read and indexed once."""
    rows = list(_rows("gbt4754_2017.csv"))
    entries = {
        row["code"]: Industry(code=row["code"], name=row["name"], lineage=lineage_of(row["code"])) for row in rows
    }
    successions = tuple(_successions())
    names = [
        Phrase(word=row["name"], codes=(row["code"],), pinyin=tuple(row["pinyin"].split()), is_name=True)
        for row in rows
    ]
    words = [*phrases_of(_rows("industry_synonyms.csv")), *phrases_of(_rows("industry_words_en.csv"))]
    return Classification(
        entries=entries,
        successions=successions,
        codes_by_digits={code[1:]: code for code in entries if len(code) > 1},
        index=Index(
            entries,
            [*names, *words],
            {row["traditional"]: row["simplified"] for row in _rows("traditional.csv")},
            {one.code_2011: one.codes_2017 for one in successions},
        ),
    )


def lineage_of(code: str) -> tuple[str, ...]:
    """Codes from the section down to an entry.

    >>> lineage_of("C3360")
    ('C', 'C33', 'C336', 'C3360')
    """
    return (code[0], *(code[: 1 + digits] for digits in range(2, len(code))))


def _successions() -> Iterator[Succession]:
    for row in _rows("gbt4754_2011_to_2017.csv"):
        yield Succession(
            code_2011=row["code_2011"],
            name_2011=row["name_2011"],
            codes_2017=tuple(row["codes_2017"].split()),
            change=Change(row["kind"]),
            verified=row["verified"] == "true",
        )


def _code(written: str) -> str:
    return "".join(unicodedata.normalize("NFKC", written).split()).upper()


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED_AT_MOST]) + ("…" if len(names) > NAMED_AT_MOST else "")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("layers").joinpath(f"reference/{name}").open(encoding="utf-8") as opened:
        yield from csv.DictReader(opened)

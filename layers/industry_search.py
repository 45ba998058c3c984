"""Search in GB/T 4754: an index built once over codes, names, everyday words, English words and pinyin.

A phrase is whatever leads to entries: a name of the standard, an everyday word, an English word. A hit says which phrase
answered and how, so that a person sees why it is there. The order is total: how, how well, class before group, code.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations

from screening.model import Industry

CODE = re.compile(r"[a-t]?[0-9]{1,4}|[a-t]")
SEPARATORS = re.compile(r"[\W_]+")
QUANTITY = re.compile(
    r"(?:年产|日产|年处理|日处理|年屠宰|总装机)?[0-9]+(?:\.[0-9]+)?(?:万|亿)?"
    r"(?:吨|头|只|羽|台|套|辆|件|双|米|平方米|立方米|千瓦|兆瓦|升|年|天|日|mw|kw|gwh|t|m3)*"
)
INTENTION = re.compile(r"^(?:我|想|要|开|办|建|新建|改建|扩建|技改|投资|建设|设立|一个|一家|一座|个|家|座|大型|小型)+")
MAKING = re.compile(r"(?<=..)(?:制造|生产|加工)$")
UNDERTAKING = re.compile(r"(?:有限责任公司|有限公司|公司|企业|建设项目|项目|工程|生产线|车间|生产)+$")
LONGEST_QUERY = 120
MOST_TOKENS = 6
LEAST_SIMILARITY = 0.2
WHERE_BONUS = 0.3  # a phrase that begins with the words, or with which the words end, is meant more often
CLASS_BONUS = 0.05
GOODS_SHARE = 1.0  # “再生橡胶” says as much as “再生橡胶制造”
EXACT_CORE = 2.0  # what remains of a sentence and is a phrase outranks phrases inside the sentence
ALL_TOKENS = 0.5  # one of two tokens, however well it fits, stays below
TIE_BREAK = 0.01


class Matched(StrEnum):
    """How a hit answers what was asked, the best first."""

    CODE = "code"
    NAME = "name"
    EVERYDAY = "everyday"
    OLD_CODE = "old_code"
    CODE_PREFIX = "code_prefix"
    UPPER_NAME = "upper_name"
    PINYIN = "pinyin"
    PART = "part"
    PINYIN_PART = "pinyin_part"
    SIMILAR = "similar"


ORDER = {how: position for position, how in enumerate(Matched)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that fits, and why.

    Attributes:
        industry: The entry.
        matched: How it was found.
        word: The code, name or word of our tables that answered.
    """

    industry: Industry
    matched: Matched
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that lead to entries, the likeliest first.

    Attributes:
        word: As it is written in the table.
        codes: Entries it leads to, in order.
        pinyin: Syllables without tones; none for English words.
        is_name: Whether it is the standard's own name of its one entry.
    """

    word: str
    codes: tuple[str, ...]
    pinyin: tuple[str, ...]
    is_name: bool


Rank = tuple[int, float, int, str]


class Found:
    """The best rank of each entry met during one search."""

    def __init__(self) -> None:
        self.best: dict[str, tuple[Rank, Matched, str]] = {}

    def add(self, code: str, matched: Matched, fineness: float, word: str) -> None:
        """Keep a hit unless a better one for the same entry is known; fineness orders hits of one kind."""
        rank = (ORDER[matched], -fineness, -len(code), code)
        if code not in self.best or rank < self.best[code][0]:
            self.best[code] = (rank, matched, word)

    def add_phrase(self, phrase: Phrase, matched: Matched, fineness: float) -> None:
        """A hit for every entry a phrase leads to, in the phrase's order."""
        for position, code in enumerate(phrase.codes):
            self.add(code, matched, fineness - 0.001 * position, phrase.word)

    def sorted(self) -> list[tuple[Rank, Matched, str]]:
        """Everything found, the best first."""
        return sorted(self.best.values())


class Index:
    """Everything a search needs, prepared once; a query takes about a millisecond.

    Args:
        entries: The classification by code with section letter.
        phrases: Names and words that lead to entries.
        simplified: Traditional characters to simplified ones.
        old_codes: Codes of the 2011 edition, with section letter, to entries that took their place.
    """

    def __init__(
        self,
        entries: Mapping[str, Industry],
        phrases: Sequence[Phrase],
        simplified: Mapping[str, str],
        old_codes: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.entries, self.old_codes = entries, old_codes
        self._simplified = str.maketrans(dict(simplified))
        self._texts = [(self.plain(phrase.word), phrase) for phrase in phrases]
        self._exact: dict[str, list[Phrase]] = defaultdict(list)
        self._goods: dict[str, list[Phrase]] = defaultdict(list)
        for text, phrase in self._texts:
            self._exact[text].append(phrase)
            if phrase.is_name and is_class(phrase.codes[0]) and MAKING.search(text):
                self._goods[MAKING.sub("", text)].append(phrase)
        self._spoken = [("".join(phrase.pinyin), phrase) for phrase in phrases if phrase.pinyin]

    def plain(self, written: str) -> str:
        """One spelling for what is written many ways: width, case, traditional characters, punctuation, spaces."""
        return "".join(self._tokens(written))

    def search(self, written: str, limit: int) -> list[Hit]:
        """Entries that fit, the best first; nothing for blank words."""
        tokens = self._tokens(written[:LONGEST_QUERY])
        asked = "".join(tokens)
        if not asked:
            return []
        found = Found()
        self._codes(asked, found)
        self._words(asked, found)
        self._core(asked, found)
        self._tokens_together(tokens[:MOST_TOKENS], found)
        if not asked.isascii():
            self._similar(asked, found)
        return [
            Hit(industry=self.entries[rank[3]], matched=matched, word=word)
            for rank, matched, word in found.sorted()[:limit]
        ]

    def _tokens(self, written: str) -> list[str]:
        folded = unicodedata.normalize("NFKC", written).casefold().translate(self._simplified)
        return [token for token in SEPARATORS.split(folded) if token]

    def _codes(self, asked: str, found: Found) -> None:
        if not CODE.fullmatch(asked):
            return
        code = asked.upper()
        digits = code.lstrip("ABCDEFGHIJKLMNOPQRST")
        for known in (code, *self._by_digits.get(code, ())):
            if known in self.entries:
                found.add(known, Matched.CODE, 1.0, known)
        for old, successors in self.old_codes.items():
            if code in (old, old[1:]):
                for position, successor in enumerate(successors):
                    found.add(successor, Matched.OLD_CODE, -position, old)
        if digits:
            for known in self.entries:
                if known.startswith(code) or known[1:].startswith(code):
                    found.add(known, Matched.CODE_PREFIX, -len(known), known)

    def _words(self, asked: str, found: Found) -> None:
        for phrase in self._exact.get(asked, ()):
            found.add_phrase(phrase, self._exactly(phrase), 1.0)
        for phrase in self._goods.get(asked, ()):
            self._add_part(phrase, GOODS_SHARE + WHERE_BONUS, found)
        for text, phrase in self._texts:
            if asked in text and (len(asked) > 2 or not asked.isascii()):
                share = len(asked) / len(text)
                self._add_part(phrase, share + (WHERE_BONUS if text.startswith(asked) else 0.0), found)
        for start, end in combinations(range(len(asked) + 1), 2):
            if 1 < end - start < len(asked):
                inside = asked[start:end]
                for phrase in (*self._exact.get(inside, ()), *self._goods.get(inside, ())):
                    share = (end - start) / len(asked)
                    self._add_part(phrase, share + (WHERE_BONUS if end == len(asked) else 0.0), found)
        if asked.isascii():
            self._pinyin(asked.replace("ü", "v"), found)

    def _exactly(self, phrase: Phrase) -> Matched:
        if not phrase.is_name:
            return Matched.EVERYDAY
        return Matched.NAME if is_class(phrase.codes[0]) else Matched.UPPER_NAME

    def _add_part(self, phrase: Phrase, fineness: float, found: Found) -> None:
        if phrase.word.isascii() and fineness < WHERE_BONUS:
            return
        found.add_phrase(phrase, Matched.PART, fineness + (CLASS_BONUS if is_class(phrase.codes[0]) else 0.0))

    def _pinyin(self, asked: str, found: Found) -> None:
        for spoken, phrase in self._spoken:
            if spoken == asked:
                found.add_phrase(phrase, Matched.PINYIN, 2.0 - (0.0 if phrase.is_name else 0.5))
            elif asked in spoken and len(asked) > 1 and _begins_at_syllable(asked, phrase.pinyin):
                bonus = WHERE_BONUS if spoken.startswith(asked) else 0.0
                found.add_phrase(phrase, Matched.PINYIN_PART, len(asked) / len(spoken) + bonus)
        if len(asked) > 1:
            for initials, phrase in self._initials:
                if initials == asked:
                    found.add_phrase(phrase, Matched.PINYIN, 1.0)
                elif initials.startswith(asked):
                    found.add_phrase(phrase, Matched.PINYIN_PART, len(asked) / len(initials))

    def _core(self, asked: str, found: Found) -> None:
        """What is left of “新建年产5万吨水泥项目” without the intention, the quantity and the undertaking."""
        core = UNDERTAKING.sub("", INTENTION.sub("", QUANTITY.sub("", asked)))
        if len(core) < 2 or core == asked:
            return
        inner = Found()
        self._words(core, inner)
        for (order, _, _, code), _, word in inner.best.values():
            whole = order < ORDER[Matched.PART]
            found.add(code, Matched.PART if whole else Matched.SIMILAR, EXACT_CORE - order / len(ORDER), word)

    def _tokens_together(self, tokens: Sequence[str], found: Found) -> None:
        """Entries that several words lead to: the more words and the better each fits, the higher.

        Syllables of pinyin with spaces between them are one word, and were looked up as such.
        """
        spoken = any(matched in (Matched.PINYIN, Matched.PINYIN_PART) for _, matched, _ in found.best.values())
        if len(tokens) < 2 or spoken:
            return
        share: dict[str, float] = defaultdict(float)
        word_of: dict[str, str] = {}
        for token in tokens:
            inner = Found()
            self._words(token, inner)
            for (order, worse, _, code), _, word in inner.best.values():
                share[code] += 1.0 - order / (2 * len(ORDER)) - TIE_BREAK * max(-1.0, worse)
                word_of.setdefault(code, word)
        for code, total in share.items():
            fitness = total / len(tokens)
            found.add(code, Matched.PART if fitness > ALL_TOKENS else Matched.SIMILAR, fitness, word_of[code])

    def _similar(self, asked: str, found: Found) -> None:
        """Shared pairs of characters, rare pairs weighing more (cosine over inverse document frequency)."""
        pairs = _pairs(asked) & self._weights.keys()
        shared: dict[int, float] = defaultdict(float)
        for pair in sorted(pairs):
            for position in self._postings[pair]:
                shared[position] += self._weights[pair] ** 2
        unknown = len(_pairs(asked) - pairs)
        of_asked = math.sqrt(sum(self._weights[pair] ** 2 for pair in sorted(pairs)) + unknown)
        for position, product in shared.items():
            similarity = product / (of_asked * self._norms[position])
            if similarity >= LEAST_SIMILARITY:
                found.add_phrase(self._texts[position][1], Matched.SIMILAR, similarity)

    @cached_property
    def _by_digits(self) -> Mapping[str, tuple[str, ...]]:
        return {code[1:]: (code,) for code in self.entries if len(code) > 1}

    @cached_property
    def _initials(self) -> Sequence[tuple[str, Phrase]]:
        return [("".join(syllable[0] for syllable in phrase.pinyin), phrase) for _, phrase in self._spoken]

    @cached_property
    def _postings(self) -> Mapping[str, list[int]]:
        postings: dict[str, list[int]] = defaultdict(list)
        for position, (text, _) in enumerate(self._texts):
            for pair in sorted(_pairs(text)):
                postings[pair].append(position)
        return postings

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        return {pair: math.log(len(self._texts) / len(where)) for pair, where in self._postings.items()}

    @cached_property
    def _norms(self) -> Sequence[float]:
        return [
            math.sqrt(sum(self._weights[pair] ** 2 for pair in sorted(_pairs(text)))) or 1.0 for text, _ in self._texts
        ]


def is_class(code: str) -> bool:
    """Whether a code with section letter is one of a class (小类).

    >>> is_class("C3360"), is_class("C336")
    (True, False)
    """
    return len(code) == 5


def phrases_of(rows: Iterable[Mapping[str, str]]) -> Iterator[Phrase]:
    """Phrases of a table with the columns word, codes (separated by spaces) and, where there is one, pinyin."""
    for row in rows:
        yield Phrase(
            word=row["word"],
            codes=tuple(row["codes"].split()),
            pinyin=tuple(row.get("pinyin", "").split()),
            is_name=False,
        )


def _pairs(text: str) -> frozenset[str]:
    pairs = (text[i : i + 2] for i in range(len(text) - 1))
    return frozenset(pair for pair in pairs if not pair.isascii())


def _begins_at_syllable(asked: str, syllables: Sequence[str]) -> bool:
    return any("".join(syllables[start:]).startswith(asked) for start in range(len(syllables)))

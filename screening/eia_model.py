"""The nouns of the EIA category: the catalogue with its items and rules, what is asked of it and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from screening.conditions import Condition
from screening.model import Construction, Fact, FactValue, Industry
from screening.truth import Truth
from screening.words import Text


class EiaLevel(IntEnum):
    """环评类别, the gravest last."""

    NOT_MANAGED = 0  # 不纳入环评管理
    REGISTRATION_FORM = 1  # 环境影响登记表
    REPORT_TABLE = 2  # 环境影响报告表
    REPORT_BOOK = 3  # 环境影响报告书


EIA_LEVEL: dict[EiaLevel, Text] = {
    EiaLevel.NOT_MANAGED: Text("不纳入环评管理", "no EIA"),
    EiaLevel.REGISTRATION_FORM: Text("环境影响登记表", "EIA registration form"),
    EiaLevel.REPORT_TABLE: Text("环境影响报告表", "EIA report form"),
    EiaLevel.REPORT_BOOK: Text("环境影响报告书", "EIA report"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of an item: what follows where its condition holds and no row above it does.

    Attributes:
        level: None where the item does not place such a project.
        refers: Then: the items that do; empty if the catalogue names none and a person must choose another item.
            None where no choice helps and a person must judge.
        written: The condition as the table holds it.
    """

    level: EiaLevel | None
    condition: Condition
    written: str
    refers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """项目类别: one numbered item of the catalogue; columns are verbatim, `/` where the level does not exist.

    Attributes:
        category: Heading under which it stands.
        title: Verbatim text of the item, and a short courtesy title in English.
        sensitive_meaning: 本栏目环境敏感区含义, verbatim; empty if the item asks for none.
        areas: Facts for the sensitive areas of article 3 that count for it.
        codes: GB/T 4754 codes by which a project is known to fall under it.
        codes_by_category: The codes are not printed with it; its name is that of the code.
        related: Codes for which it is offered and never assumed.
        note: Where the reading of the text needs a word.
        page: Page of the published PDF.
        verified: Whether the rules follow from the text without an open reading.
    """

    number: int
    category: str
    title: Text
    report_book: str
    report_table: str
    registration_form: str
    sensitive_meaning: str
    areas: tuple[str, ...]
    codes: tuple[str, ...]
    codes_by_category: bool
    related: tuple[str, ...]
    rules: tuple[Rule, ...]
    note: str
    page: int
    verified: bool

    def column(self, level: EiaLevel) -> str:
        """The verbatim cell of a level; empty for what is not managed."""
        match level:
            case EiaLevel.REPORT_BOOK:
                return self.report_book
            case EiaLevel.REPORT_TABLE:
                return self.report_table
            case EiaLevel.REGISTRATION_FORM:
                return self.registration_form
            case EiaLevel.NOT_MANAGED:
                return ""

    @property
    def asks_industry(self) -> frozenset[str]:
        """Codes on which its rules turn."""
        return frozenset(name for rule in self.rules for name in rule.condition.fact_names if is_code(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """建设项目环境影响评价分类管理名录, one edition.

    Attributes:
        facts: Every fact the rules may ask for, in the order of the tables.
        thresholds: The numbers with which rules compare a fact, ascending.
        classes: Four-digit codes of GB/T 4754.
        caution: What a reader must know about its validity; None if nothing.
    """

    title: Text
    document: str
    issued: date
    valid_from: date
    valid_to: date | None
    verified: bool
    items: Mapping[int, Item]
    facts: Mapping[str, Fact]
    thresholds: Mapping[str, tuple[float, ...]]
    classes: tuple[str, ...]
    caution: Text | None

    def holds_on(self, day: date) -> bool:
        """Whether this edition is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def search(self, words: str, limit: int = 10) -> tuple[Item, ...]:
        """Items whose text or title fits the words, the best first; nothing for blank words."""
        asked = "".join(words.split()).lower()
        if not asked:
            return ()
        scored = [(_fit(asked, item), item.number) for item in self.items.values()]
        hits = sorted((-score, number) for score, number in scored if score > 0)
        return tuple(self.items[number] for _, number in hits[:limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is known of a project.

    Attributes:
        facts: Declared facts by name; an absent name is not declared.
        areas: By name of the sensitive-area fact whether the site touches such an area; absent means unknown.
        construction: None where not declared.
        chosen: Items a person chose by the kind of project besides those known by industry; an empty tuple says that
            there are no others. None: nobody has chosen yet, and then no project is free of EIA.
        as_of: The day on which it is asked.
    """

    industries: tuple[Industry, ...]
    facts: Mapping[str, FactValue]
    areas: Mapping[str, Truth]
    construction: Construction | None
    chosen: tuple[int, ...] | None
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Answers to one question, each of which alone settles the level."""

    answers: Text
    level: EiaLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A fact of which some answer can still change the level.

    Attributes:
        name: Name of the fact; `industry:C33` where a finer code of that industry is needed.
        label: What to ask for.
        settles: Answers that would end the asking; the others leave something open.
    """

    name: str
    label: Text
    settles: tuple[Settling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """What one item says of one content of the project.

    Attributes:
        industry: The industry by which it was found; None where a person chose it or another item refers to it.
        referred_from: Number of the item that refers to it; None if none does.
        speaks: Unknown where the industry code is too coarse, or where the reference depends on facts not declared.
        level: None while facts are missing, or where the item does not place the project.
        possible: Levels that are still possible, the gravest first.
        rule: The row that decided; None while open, and where no row holds.
        column: The verbatim cell that applied; empty while open and for what is not managed.
        missing: Facts that still decide here, in the order of the catalogue.
    """

    item: Item
    industry: Industry | None
    referred_from: int | None
    speaks: Truth
    level: EiaLevel | None
    possible: tuple[EiaLevel, ...]
    rule: Rule | None
    column: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EiaCategory:
    """环评类别 of a project under the catalogue.

    Attributes:
        level: None: not known yet, for the `reasons` given.
        possible: Levels that are still possible, the gravest first; a person's choice of items may add to them.
        at_least: No answer to what is missing goes below it.
        needed: The facts that still decide, those with a settling answer first; empty if facts alone do not help.
        unplaced: Industries of which no item is known to speak.
        offered: Numbers of items related to the industries, for a person to choose from.
        reasons: Why it is open or how it was reached, and what a reader must know about it.
        verified: Whether text and reading of everything it rests on were checked.
    """

    level: EiaLevel | None
    possible: tuple[EiaLevel, ...]
    at_least: EiaLevel
    items: tuple[ItemAnswer, ...]
    needed: tuple[Needed, ...]
    unplaced: tuple[Industry, ...]
    offered: tuple[int, ...]
    reasons: tuple[Text, ...]
    basis: Text
    valid_from: date
    valid_to: date | None
    verified: bool


def is_code(name: str) -> bool:
    """Whether a name in a condition is an industry code and no fact."""
    return name[:1].isupper()


def _fit(asked: str, item: Item) -> float:
    """Higher is better: words inside the item, inside a column, shared pairs of characters."""
    text, columns = item.title.zh, item.report_book + item.report_table + item.registration_form
    if asked in text or asked in item.title.en.lower():
        return 30.0 + len(asked) / len(text)
    if asked in columns or asked in item.category:
        return 20.0
    pairs = {asked[i : i + 2] for i in range(len(asked) - 1)}
    shared = sum(pair in text or pair in columns for pair in pairs)
    return 10.0 * shared / len(pairs) if 2 * shared >= len(pairs) > 0 else 0.0

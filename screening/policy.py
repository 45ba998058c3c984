"""Industrial policy: in which class of a catalogue a project falls, and what a person must confirm first.

The catalogues speak of processes, equipment and products, not of industry codes. Codes, words and thresholds find
*candidates*; only a person says that an entry is meant. The gravest class decides; "in no class" (允许类) may be said
only of a complete table, or where a person has read the official text of every class.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from screening.access import IndustrySet
from screening.conditions import Condition
from screening.errors import UnknownPolicyEntryError
from screening.model import Construction, Effect, FactValue, Industry
from screening.truth import Truth, some
from screening.words import Text, joined, same


class PolicyClass(StrEnum):
    """类别 of a catalogue; which of them a catalogue has, and in which order, is data."""

    ELIMINATED = "eliminated"  # 淘汰类
    RESTRICTED = "restricted"  # 限制类
    ENCOURAGED = "encouraged"  # 鼓励类
    PERMITTED = "permitted"  # 允许类: in no class of the catalogue
    PROHIBITED = "prohibited"  # 禁止准入类
    LICENSED = "licensed"  # 许可准入类
    OPEN = "open"  # 清单以外
    LISTED = "listed"  # 列入“两高”目录
    UNLISTED = "unlisted"  # 未列入“两高”目录


POLICY_CLASS: dict[PolicyClass, Text] = {
    PolicyClass.ELIMINATED: Text("淘汰类", "eliminated"),
    PolicyClass.RESTRICTED: Text("限制类", "restricted"),
    PolicyClass.ENCOURAGED: Text("鼓励类", "encouraged"),
    PolicyClass.PERMITTED: Text("允许类", "permitted"),
    PolicyClass.PROHIBITED: Text("禁止准入类", "prohibited access"),
    PolicyClass.LICENSED: Text("许可准入类", "access by licence"),
    PolicyClass.OPEN: Text("负面清单以外", "not on the negative list"),
    PolicyClass.LISTED: Text("列入“两高”目录", "on the “two-high” list"),
    PolicyClass.UNLISTED: Text("未列入“两高”目录", "not on the “two-high” list"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEntry:
    """条目: one item of a catalogue.

    Attributes:
        id: Unique within the catalogue.
        section: Heading of the catalogue under which it stands; empty if not known.
        number: Its number under that heading; empty if not known.
        wording: As published where `is_verbatim`, otherwise in our words.
        industries: GB/T 4754 codes at any level that make it a candidate; empty where it names no industry.
        keywords_all: Words which must all be said of the project.
        keywords_any: Words of which one must be said; empty asks for none.
        threshold: The scale or process it speaks of, over declared facts; None where it has none a machine can read.
        valid_from: First day on which it holds.
        valid_to: Last day on which it holds; None while open.
        verified: Whether it was checked against the official text.
    """

    id: str
    cls: PolicyClass
    section: str
    number: str
    wording: str
    industries: frozenset[str]
    keywords_all: tuple[str, ...]
    keywords_any: tuple[str, ...]
    threshold: Condition | None
    basis: str
    source: str
    valid_from: date
    valid_to: date | None = None
    is_verbatim: bool = False
    verified: bool = False

    def binds_on(self, day: date) -> bool:
        """Whether it is in force on a day, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule:
    """One class of a catalogue: how many items it has and what it does to each kind of construction.

    Attributes:
        total: Items the official catalogue has in this class; None where not known.
        effects: What follows, by kind of construction.
    """

    cls: PolicyClass
    total: int | None
    effects: Mapping[Construction, Effect]

    def effect_on(self, construction: Construction | None) -> Effect | None:
        """What the class does to a project; None where that turns on an undeclared kind of construction."""
        if construction is not None:
            return self.effects[construction]
        alike = set(self.effects.values())
        return alike.pop() if len(alike) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """产业政策目录: one catalogue as far as its table holds it.

    Attributes:
        basis: Id of the document in the basis library.
        classes: Gravest first.
        otherwise: The class of what stands in none.
        entries: Items present in the table.
    """

    id: str
    title: Text
    basis: str
    valid_from: date
    valid_to: date | None
    classes: tuple[ClassRule, ...]
    otherwise: PolicyClass
    entries: tuple[PolicyEntry, ...]

    def in_force_on(self, day: date) -> bool:
        """Whether this edition holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def present(self, cls: PolicyClass, day: date, *, verified: bool = False) -> int:
        """Numbered items of a class the table holds for a day; an item split over several entries counts once.

        Args:
            cls: The class.
            day: The day.
            verified: Count only items checked against the official text.
        """
        binding = (entry for entry in self.entries if entry.cls is cls and entry.binds_on(day))
        counted = (entry for entry in binding if entry.verified or not verified)
        return len({(entry.section, entry.number) for entry in counted if entry.section and entry.number})

    def is_complete(self, cls: PolicyClass, day: date) -> bool:
        """Whether the table holds every item of a class, checked; never where the total is not known."""
        total = next(rule.total for rule in self.classes if rule.cls is cls)
        return total is not None and self.present(cls, day, verified=True) >= total


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyQuestion:
    """What a project says of itself.

    Attributes:
        words: Products, processes, equipment, in the applicant's words.
        facts: Declared facts by name; an absent name is not declared.
    """

    industries: tuple[Industry, ...]
    words: tuple[str, ...] = ()
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    construction: Construction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReview:
    """What a person has confirmed.

    Attributes:
        confirmed: Whether the project is what an entry means, by entry id; an absent id is not confirmed.
        read: Classes whose official text a person has gone through, finding no entry beyond those confirmed.
    """

    confirmed: Mapping[str, Truth] = field(default_factory=lambda: MappingProxyType({}))
    read: frozenset[PolicyClass] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyMatch:
    """候选条目: an entry that may be meant, and why.

    Attributes:
        code: Whether the entry's industries hold the project's; None where it names none.
        keywords: The entry's words that were said of the project.
        threshold: Whether the scale is the entry's; None where it has none.
        missing_facts: Undeclared facts the threshold asks for.
        confirmed: What a person said.
        truth: Whether the entry is meant; never yes without a person.
    """

    entry: PolicyEntry
    code: Truth | None
    keywords: tuple[str, ...]
    threshold: Truth | None
    missing_facts: tuple[str, ...]
    confirmed: Truth
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnswer:
    """产业政策判定: the class in one catalogue.

    Attributes:
        cls: The class; None where it cannot be determined.
        at_least: The gravest class a person has confirmed, also where a graver one is still open.
        effect: What the class does to this kind of construction; None where that is not settled.
        matches: Candidates, the gravest class and the best supported first.
        open_entries: Ids a person must still confirm.
        missing_facts: Undeclared facts that could close some of them.
        incomplete: Classes whose table is not complete and whose official text nobody has read.
        is_verified: Whether every entry the answer rests on was checked against the official text.
    """

    catalogue: str
    as_of: date
    cls: PolicyClass | None
    at_least: PolicyClass | None
    effect: Effect | None
    reason: Text
    matches: tuple[PolicyMatch, ...]
    open_entries: tuple[str, ...]
    missing_facts: tuple[str, ...]
    incomplete: tuple[PolicyClass, ...]
    is_verified: bool

    @property
    def needs_person(self) -> bool:
        """Whether a person must decide."""
        return self.cls is None


def classify(catalogue: Catalogue, question: PolicyQuestion, review: PolicyReview, day: date) -> PolicyAnswer:
    """The class of a project in one catalogue on a day.

    Raises:
        UnknownPolicyEntryError: A confirmation names an entry which the catalogue does not have.
    """
    unknown = sorted(review.confirmed.keys() - {entry.id for entry in catalogue.entries})
    if unknown:
        raise UnknownPolicyEntryError.of(catalogue.id, unknown)
    if not catalogue.in_force_on(day):
        return _answer(catalogue, day, cls=None, reason=_not_in_force(catalogue, day))
    matches = _matches(catalogue, question, review, day)
    graver_open = False
    for rule in catalogue.classes:
        truth = some(one.truth for one in matches if one.entry.cls is rule.cls)
        if truth is Truth.YES and not graver_open:
            effect = rule.effect_on(question.construction)
            reason = _confirmed(rule.cls, matches)
            return _answer(catalogue, day, cls=rule.cls, reason=reason, matches=matches, effect=effect)
        graver_open = graver_open or truth is Truth.UNKNOWN
    incomplete = _incomplete(catalogue, review, day)
    if graver_open or any(one.truth is Truth.YES for one in matches):
        return _answer(catalogue, day, cls=None, reason=_open(matches), matches=matches, incomplete=incomplete)
    if incomplete:
        reason = _not_found(catalogue, incomplete, day)
        return _answer(catalogue, day, cls=None, reason=reason, matches=matches, incomplete=incomplete)
    reason = _in_none(catalogue)
    return _answer(catalogue, day, cls=catalogue.otherwise, reason=reason, matches=matches, effect=Effect.PERMIT)


def consider(entry: PolicyEntry, question: PolicyQuestion, review: PolicyReview) -> PolicyMatch | None:
    """The entry as a candidate, or None where nothing points to it.

    An entry is a candidate by its industries, or by its words, or where it names neither. Facts take no part in that,
    so declaring more of them can close a candidate and never open one.
    """
    named = IndustrySet(include=entry.industries)
    code = some(named.holds(one.lineage) for one in question.industries) if entry.industries else None
    keywords = _said(entry, question.words)
    names_neither = not (entry.industries or entry.keywords_all or entry.keywords_any)
    confirmed = review.confirmed.get(entry.id, Truth.UNKNOWN)
    if code in (None, Truth.NO) and not keywords and not names_neither and confirmed is Truth.UNKNOWN:
        return None
    threshold = entry.threshold.holds(question.facts) if entry.threshold else None
    missing = entry.threshold.missing(question.facts) if entry.threshold and threshold is Truth.UNKNOWN else ()
    return PolicyMatch(
        entry=entry,
        code=code,
        keywords=keywords,
        threshold=threshold,
        missing_facts=tuple(sorted(missing)),
        confirmed=confirmed,
        truth=_meant(entry, threshold, confirmed, review),
    )


def _meant(entry: PolicyEntry, threshold: Truth | None, confirmed: Truth, review: PolicyReview) -> Truth:
    if confirmed is not Truth.UNKNOWN:
        return confirmed
    return Truth.NO if threshold is Truth.NO or entry.cls in review.read else Truth.UNKNOWN


def _said(entry: PolicyEntry, words: tuple[str, ...]) -> tuple[str, ...]:
    """The entry's keywords that were said, or none where one that must be said was not."""
    heard = [_plain(word) for word in words]
    said = {word for word in (*entry.keywords_all, *entry.keywords_any) if any(_plain(word) in one for one in heard)}
    if not said.issuperset(entry.keywords_all):
        return ()
    if entry.keywords_any and said.isdisjoint(entry.keywords_any):
        return ()
    return tuple(word for word in (*entry.keywords_all, *entry.keywords_any) if word in said)


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def _matches(
    catalogue: Catalogue, question: PolicyQuestion, review: PolicyReview, day: date
) -> tuple[PolicyMatch, ...]:
    gravity = {rule.cls: rank for rank, rule in enumerate(catalogue.classes)}
    found = [consider(entry, question, review) for entry in catalogue.entries if entry.binds_on(day)]
    candidates = [one for one in found if one is not None]
    return tuple(sorted(candidates, key=lambda one: (gravity[one.entry.cls], -_support(one), one.entry.id)))


def _support(match: PolicyMatch) -> int:
    """How much speaks for a candidate; only for the order in which they are shown."""
    by_code = {Truth.YES: 2, Truth.UNKNOWN: 1}.get(match.code or Truth.NO, 0)
    by_scale = {Truth.YES: 2, Truth.NO: -4}.get(match.threshold or Truth.UNKNOWN, 0)
    return by_code + 2 * len(match.keywords) + by_scale


def _incomplete(catalogue: Catalogue, review: PolicyReview, day: date) -> tuple[PolicyClass, ...]:
    classes = (rule.cls for rule in catalogue.classes)
    return tuple(cls for cls in classes if cls not in review.read and not catalogue.is_complete(cls, day))


def _answer(
    catalogue: Catalogue,
    day: date,
    *,
    cls: PolicyClass | None,
    reason: Text,
    matches: tuple[PolicyMatch, ...] = (),
    effect: Effect | None = None,
    incomplete: tuple[PolicyClass, ...] = (),
) -> PolicyAnswer:
    still_open = [one for one in matches if one.truth is Truth.UNKNOWN] if cls is None else []
    confirmed = [one.entry for one in matches if one.truth is Truth.YES]
    by_scale = [one.entry for one in matches if one.confirmed is Truth.UNKNOWN and one.threshold is Truth.NO]
    decided = [one for one in confirmed if one.cls is cls]
    rests_on: Iterable[PolicyEntry] = [*decided, *by_scale] if decided else catalogue.entries
    return PolicyAnswer(
        catalogue=catalogue.id,
        as_of=day,
        cls=cls,
        at_least=confirmed[0].cls if confirmed else None,
        effect=effect,
        reason=reason,
        matches=matches,
        open_entries=tuple(one.entry.id for one in still_open),
        missing_facts=tuple(sorted({name for one in still_open for name in one.missing_facts})),
        incomplete=incomplete,
        is_verified=all(entry.verified for entry in rests_on),
    )


def _not_in_force(catalogue: Catalogue, day: date) -> Text:
    since = catalogue.valid_from.isoformat()
    return Text(
        f"{day} 不在本目录（{since} 起施行）的有效期内，须人工核对当时的版本。",
        f"{day} is outside the dates of this catalogue (in force since {since}); a person must look up the edition "
        "of that day.",
    )


def _confirmed(cls: PolicyClass, matches: tuple[PolicyMatch, ...]) -> Text:
    entry = next(one.entry for one in matches if one.entry.cls is cls and one.truth is Truth.YES)
    label = POLICY_CLASS[cls]
    return Text(
        f"经人工确认符合条目“{entry.wording}”，属{label.zh}。",
        f"A person confirmed that the entry “{entry.wording}” is meant: {label.en}.",
    )


def _open(matches: tuple[PolicyMatch, ...]) -> Text:
    count = sum(one.truth is Truth.UNKNOWN for one in matches)
    return Text(
        f"有 {count} 条候选条目待人工确认，确认前不作判定。",
        f"{count} candidate entries wait for a person; nothing is concluded before.",
    )


def _not_found(catalogue: Catalogue, incomplete: tuple[PolicyClass, ...], day: date) -> Text:
    counts = []
    for rule in catalogue.classes:
        if rule.cls in incomplete:
            present, checked = catalogue.present(rule.cls, day), catalogue.present(rule.cls, day, verified=True)
            total = Text("未知", "not known") if rule.total is None else same(str(rule.total))
            count = Text(
                "{label} {total} 项中有 {present} 项、核实 {checked} 项",
                "{label}: {present} of {total}, {checked} checked",
            )
            counts.append(
                count.filled(label=POLICY_CLASS[rule.cls], total=total, present=str(present), checked=str(checked))
            )
    return Text(
        "未找到相符条目，但条目表不完整或未经核实（{counts}），不等于未列入，须人工对照目录原文。",
        "No entry was found, but the table is incomplete or unchecked ({counts}): a person must check the official text.",
    ).filled(counts=joined(counts, zh="；", en="; "))


def _in_none(catalogue: Catalogue) -> Text:
    label = POLICY_CLASS[catalogue.otherwise]
    return Text(
        f"已核对全部类别，未列入其中任何一类，为“{label.zh}”。",
        f"All classes were checked and it stands in none of them: {label.en}.",
    )

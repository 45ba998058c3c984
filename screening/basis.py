"""政策法规: which document is in force on a day, and what took the place of one that no longer is.

An answer names what may be cited. Where a date, a successor or the repeal itself is not established, it says so and
names the likely successor; it never passes that off as settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from screening.errors import UnknownDocumentError
from screening.truth import Truth
from screening.words import Text


class DocumentKind(StrEnum):
    """文件种类."""

    LAW = "law"  # 法律
    REGULATION = "regulation"  # 行政法规、地方性法规
    RULE = "rule"  # 部门规章、政府规章
    STANDARD = "standard"  # 标准
    PLAN = "plan"  # 方案、规划
    NOTICE = "notice"  # 规范性文件


class Standing(StrEnum):
    """效力状态 of a document on a day."""

    IN_FORCE = "in_force"  # 有效
    REPLACED = "replaced"  # 已被代替
    NOT_YET = "not_yet"  # 尚未施行
    ENDED = "ended"  # 已废止，无承接文件
    UNKNOWN = "unknown"  # 无法确定


DOCUMENT_KIND: dict[DocumentKind, Text] = {
    DocumentKind.LAW: Text("法律", "law"),
    DocumentKind.REGULATION: Text("法规", "regulation"),
    DocumentKind.RULE: Text("规章", "rule"),
    DocumentKind.STANDARD: Text("标准", "standard"),
    DocumentKind.PLAN: Text("方案规划", "plan"),
    DocumentKind.NOTICE: Text("规范性文件", "normative document"),
}
STANDING: dict[Standing, Text] = {
    Standing.IN_FORCE: Text("有效", "in force"),
    Standing.REPLACED: Text("已被代替", "replaced"),
    Standing.NOT_YET: Text("尚未施行", "not yet in force"),
    Standing.ENDED: Text("已废止", "no longer in force"),
    Standing.UNKNOWN: Text("无法确定", "not established"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """依据文件.

    Attributes:
        number: Document or standard number as printed; empty if it has none.
        issued: Day of adoption or issue; None where not known.
        in_force_from: First day; None where not known.
        in_force_to: Last day; None while no end is known.
        replaced_by: Ids of the documents that took its place.
        verified: Whether title, number and dates were checked against the official text.
    """

    id: str
    kind: DocumentKind
    title: Text
    number: str
    issuer: str
    issued: date | None
    in_force_from: date | None
    in_force_to: date | None
    replaced_by: tuple[str, ...]
    source: str
    verified: bool
    summary: Text

    def in_force_on(self, day: date) -> Truth:
        """Whether it is in force on a day, first and last day included."""
        if self.is_over(day) or self.is_ahead(day):
            return Truth.NO
        return Truth.UNKNOWN if self.in_force_from is None else Truth.YES

    def is_ahead(self, day: date) -> bool:
        """Whether it is certain that the day comes before it."""
        first = self.in_force_from or self.issued
        return first is not None and day < first

    def is_over(self, day: date) -> bool:
        """Whether it is certain that the day comes after it."""
        return self.in_force_to is not None and day > self.in_force_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeal:
    """废止与承接: what ends a document and what takes its place.

    Attributes:
        old: Document that ends.
        new: Document that takes its place; empty where it ended without a successor.
        on: First day on which the old one no longer holds.
        provision: Where that is laid down.
        verified: Whether that provision was checked against the official text.
    """

    old: str
    new: str
    on: date
    provision: str
    note: Text
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisAnswer:
    """What holds on a day in place of a document asked for.

    Attributes:
        current: What is in force and may be cited; empty unless `standing` is in force or replaced.
        likely: What probably holds, where that is not established.
        chain: The documents on the way, the one asked for first.
        repeals: The steps of that way.
        is_verified: Whether every document and step the answer rests on was checked against the official text.
    """

    asked: Document
    day: date
    standing: Standing
    current: tuple[Document, ...]
    likely: tuple[Document, ...]
    chain: tuple[Document, ...]
    repeals: tuple[Repeal, ...]
    reason: Text
    is_verified: bool


class Library:
    """依据库: documents by id and the repeals that link them."""

    def __init__(self, documents: Iterable[Document], repeals: Iterable[Repeal]) -> None:
        self.documents: Mapping[str, Document] = {one.id: one for one in documents}
        self.repeals: tuple[Repeal, ...] = tuple(repeals)

    def document(self, document_id: str) -> Document:
        """The document of an id.

        Raises:
            UnknownDocumentError: There is none.
        """
        found = self.documents.get(document_id)
        if found is None:
            raise UnknownDocumentError.of(document_id)
        return found

    def on(self, document_id: str, day: date) -> BasisAnswer:
        """What holds on a day: the document itself, its successors, nothing, or not established.

        Raises:
            UnknownDocumentError: There is no such document.
        """
        asked = self.document(document_id)
        chain, repeals, ends, doubts = self._followed(asked, day)
        current = tuple(one for one in ends if one.in_force_on(day) is Truth.YES)
        likely: tuple[Document, ...] = ()
        if asked.is_ahead(day) or (not doubts and not current):
            standing, reason = _without(asked, day)
            current = ()
        elif doubts:
            standing, reason = Standing.UNKNOWN, doubts[0]
            current, likely = (), current
        else:
            standing, reason = _with(asked, current, day)
        verified = all(one.verified for one in chain) and all(one.verified for one in repeals)
        return BasisAnswer(
            asked=asked,
            day=day,
            standing=standing,
            current=current,
            likely=likely,
            chain=chain,
            repeals=repeals,
            reason=reason,
            is_verified=verified and standing is not Standing.UNKNOWN,
        )

    def _followed(
        self, asked: Document, day: date
    ) -> tuple[tuple[Document, ...], tuple[Repeal, ...], list[Document], list[Text]]:
        """Every document and step from the one asked for, where the way ends, and what is in doubt.

        A recorded repeal ends a document on its day, also where its own last day was forgotten.
        """
        chain, steps = [asked], []
        ends: list[Document] = []
        doubts: list[Text] = []
        waiting = [asked]
        while waiting:
            one = waiting.pop(0)
            links = [link for link in self.repeals if link.old == one.id and link.on <= day]
            if not links and not one.is_over(day):
                ends.append(one)
                doubts += _doubts_of(one, day)
                continue
            steps += links
            doubts += _doubts_between(one, links)
            if _returns(one.id, self):
                doubts.append(_cycle(one.id))
            successors = dict.fromkeys(link.new for link in links if link.new)
            fresh = [new for new in map(self.document, successors) if new not in chain]
            chain += fresh
            waiting += fresh
        return tuple(chain), tuple(steps), ends, doubts


def faults(library: Library) -> list[tuple[str, Text]]:
    """What is wrong with the links of a library, by document id: cycles, gaps, dates that contradict each other."""
    found = [(one.id, fault) for one in library.documents.values() for fault in _faults_of_dates(one)]
    for link in library.repeals:
        found += [(link.old, fault) for fault in _faults_of_link(link, library)]
    found += [(one, _cycle(one)) for one in sorted(library.documents) if _returns(one, library)]
    for one in library.documents.values():
        linked = {link.new for link in library.repeals if link.old == one.id and link.new}
        if linked != set(one.replaced_by):
            found.append((one.id, Text("“被代替”与废止链不一致", "replaced_by and the repeals do not agree")))
    return found


def _faults_of_dates(one: Document) -> list[Text]:
    found = []
    if one.issued and one.in_force_from and one.in_force_from < one.issued:
        found.append(Text("施行日期早于发布日期", "it is in force before it was issued"))
    first = one.in_force_from or one.issued
    if first and one.in_force_to and one.in_force_to < first:
        found.append(Text("失效日期早于施行日期", "it ends before it begins"))
    return found


def _faults_of_link(link: Repeal, library: Library) -> list[Text]:
    missing = [one for one in (link.old, link.new) if one and one not in library.documents]
    if missing:
        listed = "、".join(missing)
        return [Text(f"废止链中的“{listed}”不在依据库中", f"“{listed}” of a repeal is not in the library")]
    found = []
    old = library.documents[link.old]
    if old.in_force_to is None:
        found.append(Text("已有废止记录，但没有失效日期", "a repeal is recorded but no last day"))
    elif old.in_force_to + timedelta(days=1) != link.on:
        found.append(
            Text(
                f"最后有效日 {old.in_force_to} 与废止日 {link.on} 不衔接",
                f"its last day {old.in_force_to} and the repeal on {link.on} do not meet",
            )
        )
    new = library.documents.get(link.new)
    if new and new.in_force_from and new.in_force_from > link.on:
        found.append(
            Text(
                f"承接文件 {new.in_force_from} 才施行，其间无依据",
                f"its successor is in force only from {new.in_force_from}: a gap",
            )
        )
    return found


def _returns(document_id: str, library: Library) -> bool:
    seen: set[str] = set()
    waiting = [document_id]
    while waiting:
        here = waiting.pop()
        following = [link.new for link in library.repeals if link.old == here and link.new]
        if document_id in following:
            return True
        waiting += [one for one in following if one not in seen]
        seen.update(following)
    return False


def _cycle(document_id: str) -> Text:
    return Text(f"废止链回到“{document_id}”自身", f"the repeals lead back to “{document_id}” itself")


def _doubts_of(one: Document, day: date) -> list[Text]:
    if one.is_ahead(day):
        return [
            Text(
                f"承接文件《{one.title.zh}》当日尚未施行，其间依据无法确定。",
                f"The successor “{one.title.en}” is not yet in force on that day.",
            )
        ]
    if one.in_force_from is None:
        return [Text(f"《{one.title.zh}》的施行日期未查明。", f"The first day of “{one.title.en}” is not established.")]
    return []


def _doubts_between(one: Document, links: list[Repeal]) -> list[Text]:
    if not links:
        return [
            Text(
                f"《{one.title.zh}》已失效，承接文件未查明。",
                f"“{one.title.en}” is no longer in force and its successor is not established.",
            )
        ]
    return [
        Text(
            f"《{one.title.zh}》的废止与承接（{link.provision}）未对照官方文本核实。",
            f"The repeal of “{one.title.en}” ({link.provision}) is not checked against the official text.",
        )
        for link in links
        if not link.verified
    ]


def _without(asked: Document, day: date) -> tuple[Standing, Text]:
    if asked.is_ahead(day):
        return Standing.NOT_YET, Text(f"{day} 尚未施行。", f"Not yet in force on {day}.")
    return Standing.ENDED, Text(f"{day} 已废止，无承接文件。", f"No longer in force on {day}, without a successor.")


def _with(asked: Document, current: tuple[Document, ...], day: date) -> tuple[Standing, Text]:
    if current == (asked,):
        return Standing.IN_FORCE, Text(f"{day} 有效。", f"In force on {day}.")
    zh = "、".join(f"《{one.title.zh}》" for one in current)
    en = ", ".join(f"“{one.title.en}”" for one in current)
    return Standing.REPLACED, Text(f"已被{zh}代替。", f"Replaced by {en}.")

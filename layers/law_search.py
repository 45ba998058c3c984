"""The basis library together with the access list in force: full-text search, and which clauses rest on a document."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from layers.basis import BasisIndex, Field, Passage
from screening.access import Clause
from screening.basis import Document, Library, Repeal

STATE_NAME = "中华人民共和国"
SHORTEST_CITED = 4  # signs; a shorter title or number proves nothing
_REPEAL = "repeal:"
_CLAUSE = "clause:"
_DROPPED = str.maketrans(dict.fromkeys("《》〈〉「」“”\"'()[]〔〕【】 　"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LawHit:
    """Something found: exactly one of a document, a clause, or a repeal.

    Attributes:
        excerpt: The text around the words.
        field: Where the words were found.
    """

    document: Document | None = None
    clause: Clause | None = None
    repeal: Repeal | None = None
    excerpt: str
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A clause that cites a document as its basis, now or before its basis changed.

    Attributes:
        cited: The basis as printed, in which the document was recognised.
        is_current: Whether that basis holds on the day asked for.
    """

    clause: Clause
    cited: str
    is_current: bool


class LawSearch:
    """Search over documents, provisions of repeals, and clauses of one release."""

    def __init__(self, library: Library, clauses: Iterable[Clause]) -> None:
        self._library = library
        self._clauses = {one.id: one for one in clauses}
        self._names = _names(library.documents.values())
        self._cited: dict[str, tuple[str, ...]] = {}
        passages = [
            Passage(ref=f"{_CLAUSE}{one.id}", text=" ".join([one.wording.zh, one.wording.en, one.basis, one.basis_old]))
            for one in self._clauses.values()
        ]
        passages += [
            Passage(ref=f"{_REPEAL}{number}", text=" ".join([one.provision, one.note.zh, one.note.en]))
            for number, one in enumerate(library.repeals)
        ]
        self._index = BasisIndex(library.documents.values(), passages)

    def search(self, words: str) -> list[LawHit]:
        """Everything that holds all the words, documents first; nothing for blank words."""
        limit = len(self._library.documents) + len(self._library.repeals) + len(self._clauses)
        found = [self._hit(hit.ref, hit.field, hit.excerpt) for hit in self._index.search(words, limit)]
        return sorted(found, key=lambda one: (one.document is None, one.repeal is None))

    def resting_on(self, document_id: str, day: date) -> list[Resting]:
        """Clauses in force on a day that cite a document, by the narrowness of their level and their id.

        A citation is recognised by number or title; a title that several editions share names all of them.
        """
        found = []
        for clause in self._clauses.values():
            if clause.binds_on(day):
                current = clause.basis_on(day)
                for cited in dict.fromkeys((current, clause.basis, clause.basis_old)):
                    if document_id in self.cited_in(cited):
                        found.append(Resting(clause=clause, cited=cited, is_current=cited == current))
                        break
        return sorted(found, key=lambda one: (one.clause.level, one.clause.id))

    def cited_in(self, basis: str) -> tuple[str, ...]:
        """Ids of the documents a printed basis names; a name within a longer one that is also there does not count.

        >>> from layers.basis import library
        >>> LawSearch(library(), []).cited_in("无此文件")
        ()
        """
        if basis not in self._cited:
            self._cited[basis] = _recognised(_plain(basis), self._names)
        return self._cited[basis]

    def _hit(self, ref: str, field: Field, excerpt: str) -> LawHit:
        if ref.startswith(_CLAUSE):
            return LawHit(clause=self._clauses[ref.removeprefix(_CLAUSE)], excerpt=excerpt, field=field)
        if ref.startswith(_REPEAL):
            number = int(ref.removeprefix(_REPEAL))
            return LawHit(repeal=self._library.repeals[number], excerpt=excerpt, field=field)
        return LawHit(document=self._library.documents[ref], excerpt=excerpt, field=field)


def _names(documents: Iterable[Document]) -> Mapping[str, tuple[str, ...]]:
    """Document ids by every name under which they are cited."""
    found: dict[str, list[str]] = {}
    for one in documents:
        for name in {_plain(one.title.zh.removeprefix(STATE_NAME)), _plain(one.number)}:
            if len(name) >= SHORTEST_CITED:
                found.setdefault(name, []).append(one.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _recognised(text: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    spans = [
        (at, at + len(name), name)
        for name in names
        for at in range(len(text) - len(name) + 1)
        if text.startswith(name, at)
    ]
    kept = [
        name
        for start, end, name in spans
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in spans)
    ]
    return tuple(dict.fromkeys(one for name in kept for one in names[name]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_DROPPED)

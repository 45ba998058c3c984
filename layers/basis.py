"""The basis library from its tables, and the search over titles, numbers, summaries and clause wordings."""

from __future__ import annotations

import sqlite3
import threading
import unicodedata
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from layers.issues import Issue, error
from layers.spreadsheet import CellError, SheetRow
from layers.tables import csv_rows, day, flag, gathered, listed, optional_day, whole
from screening.basis import Document, DocumentKind, Library, Repeal, faults
from screening.errors import DeliveryError
from screening.words import Text

DOCUMENT_COLUMNS = (
    "id",
    "kind",
    "title_zh",
    "title_en",
    "number",
    "issuer",
    "issued",
    "in_force_from",
    "in_force_to",
    "replaced_by",
    "source",
    "verified",
    "summary_zh",
    "summary_en",
)
REPEAL_COLUMNS = ("old", "new", "on", "provision", "note_zh", "note_en", "source", "verified")
_SIGNS = str.maketrans(dict.fromkeys("()[]{}<>〔〕【】《》〈〉「」“”‘’\"'"))
_TRIGRAM = 3
_EXCERPT = 60


class Field(StrEnum):
    """Where a search found the words, best first."""

    NUMBER = "number"
    TITLE = "title"
    SUMMARY = "summary"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A clause wording to be found beside the documents.

    Attributes:
        ref: Id of the clause.
        text: Its wording and basis, as printed.
    """

    ref: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing found.

    Attributes:
        ref: Id of the document, or of the clause where `field` is `clause`.
        excerpt: The text around the words, or its beginning.
    """

    ref: str
    field: Field
    excerpt: str


@cache
def library() -> Library:
    """The basis library this version ships.

    Raises:
        DeliveryError: A row of a shipped table cannot be used.
    """
    found, issues = read_library(files("layers").joinpath("reference/basis"))
    if issues:
        first = issues[0]
        cure = Text("请恢复随版本发布的表格。", "Restore the table this version was shipped with.")
        raise DeliveryError.wrong(first.place, first.message, cure)
    return found


def read_library(folder: Traversable | Path) -> tuple[Library, list[Issue]]:
    """The library in a folder's `documents.csv` and `repeals.csv`, and what is wrong with them.

    Every row becomes a document, a repeal or an issue. Cycles, gaps and contradicting dates are issues too; the
    documents concerned are kept, and answers that pass through them say that they are in doubt.

    Raises:
        DeliveryError: A file or a column is missing.
    """
    documents, issues = gathered(csv_rows(folder / "documents.csv", DOCUMENT_COLUMNS), _document, _id, "basis")
    repeals, more = gathered(csv_rows(folder / "repeals.csv", REPEAL_COLUMNS), _repeal, _link, "basis")
    made = Library(documents, [one for one in repeals if not one.new or one.new in {two.id for two in documents}])
    whole_library = Library(documents, repeals)
    found = [error("basis", place, text) for place, text in faults(whole_library)]
    return made, [*issues, *more, *found]


class BasisIndex:
    """Full-text search; every word asked for must occur in the same document or clause.

    SQLite's FTS5 with trigrams answers `LIKE` from its index, but finds nothing for fewer than three characters
    (tried on 3.40), so two-character words such as “噪声” are sought by reading the table. Where SQLite was built
    without FTS5, the same question is put to a plain table.
    """

    def __init__(self, documents: Iterable[Document], passages: Iterable[Passage] = ()) -> None:
        self._fields = {one.id: _fields(one) for one in documents}
        self._fields |= {one.ref: {Field.CLAUSE: one.text} for one in passages}
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._lock = threading.Lock()
        weakref.finalize(self, self._base.close)
        _create(self._base)
        rows = [(ref, " ".join(_words(" ".join(fields.values())))) for ref, fields in self._fields.items()]
        self._base.executemany("INSERT INTO texts (ref, plain) VALUES (?, ?)", rows)

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """What holds all the words, the best field first; nothing for blank words.

        Case, width, brackets and quotation marks do not matter: `鲁政字2020 269` finds 鲁政字〔2020〕269号.
        """
        asked = _words(words)
        if not asked:
            return []
        indexed = [len(word) >= _TRIGRAM and not _is_wild(word) for word in asked]
        conditions = " AND ".join("plain LIKE ?" if one else "instr(plain, ?)" for one in indexed)
        patterns = [f"%{word}%" if one else word for word, one in zip(asked, indexed, strict=True)]
        with self._lock:
            found = self._base.execute(f"SELECT ref FROM texts WHERE {conditions}", patterns).fetchall()
        hits = [self._hit(ref, asked) for (ref,) in found]
        return sorted(hits, key=lambda one: (list(Field).index(one.field), one.ref))[:limit]

    def _hit(self, ref: str, asked: list[str]) -> Hit:
        """The field that holds most of the words; of equals the first."""
        fields = self._fields[ref]
        plain = {field: " ".join(_words(text)) for field, text in fields.items()}
        best = max(fields, key=lambda field: sum(word in plain[field] for word in asked))
        return Hit(ref=ref, field=best, excerpt=_excerpt(fields[best], asked))


def _create(base: sqlite3.Connection) -> None:
    try:
        base.execute("CREATE VIRTUAL TABLE texts USING fts5(ref UNINDEXED, plain, tokenize = 'trigram')")
    except sqlite3.OperationalError:
        base.execute("CREATE TABLE texts (ref TEXT, plain TEXT)")


def _fields(one: Document) -> dict[Field, str]:
    texts = {
        Field.NUMBER: one.number,
        Field.TITLE: f"{one.title.zh} {one.title.en}",
        Field.SUMMARY: f"{one.summary.zh} {one.summary.en} {one.issuer}",
    }
    return {field: text.strip() for field, text in texts.items() if text.strip()}


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS).split()


def _is_wild(word: str) -> bool:
    return "%" in word or "_" in word


def _excerpt(printed: str, asked: list[str]) -> str:
    at = max(printed.casefold().find(asked[0]), 0)
    start = max(at - _EXCERPT // 2, 0)
    cut = printed[start : start + 2 * _EXCERPT]
    return ("…" if start else "") + cut + ("…" if start + 2 * _EXCERPT < len(printed) else "")


def _document(row: SheetRow) -> Document:
    whole(row)
    return Document(
        id=row.required("id"),
        kind=_kind(row),
        title=Text(row.required("title_zh"), row.required("title_en")),
        number=row["number"],
        issuer=row.required("issuer"),
        issued=optional_day(row, "issued"),
        in_force_from=optional_day(row, "in_force_from"),
        in_force_to=optional_day(row, "in_force_to"),
        replaced_by=listed(row, "replaced_by"),
        source=row.required("source"),
        verified=flag(row, "verified"),
        summary=Text(row["summary_zh"], row["summary_en"]),
    )


def _kind(row: SheetRow) -> DocumentKind:
    word = row.required("kind")
    if word not in list(DocumentKind):
        known = "、".join(DocumentKind)
        raise CellError("kind", Text(f"“{word}”不在{known}之中", f"“{word}” is none of {known}"))
    return DocumentKind(word)


def _repeal(row: SheetRow) -> Repeal:
    whole(row)
    return Repeal(
        old=row.required("old"),
        new=row["new"],
        on=day(row, "on"),
        provision=row.required("provision"),
        note=Text(row["note_zh"], row["note_en"]),
        source=row.required("source"),
        verified=flag(row, "verified"),
    )


def _id(one: Document) -> str:
    return one.id


def _link(one: Repeal) -> str:
    return f"{one.old} → {one.new}"

"""The documents of a kept screening, and of many in one zip."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from api.documents.checks import override_problems
from api.documents.content import Report, report
from api.documents.excel import excel
from api.documents.figures import Drawings, drawings
from api.documents.labels import FILE_WORD, NOT_MADE
from api.documents.pdf import pdf
from api.documents.templates import template_of
from api.documents.word import word
from api.documents.words import file_name
from api.kept_questions import answer
from api.sealing import Seal, kept_seal, seal_of
from api.service import ScreeningService
from api.settings import Settings
from api.statements import Repeated, repeated
from layers.outlines import outlines
from screening.errors import DocumentTemplateError, ThreeLinesError
from screening.record import as_record, canonical, digest
from screening.seal import asked_in, opened, release_of
from screening.words import Language

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class Kind(StrEnum):
    """Which document."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"


MEDIA: dict[Kind, str] = {
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document as a file.

    Attributes:
        name: For people, in their language.
    """

    name: str
    content: bytes


class DocumentService:
    """Documents over one screening service."""

    def __init__(self, service: ScreeningService, settings: Settings) -> None:
        self._service, self._templates = service, settings.document_templates
        self._base = settings.public_url or f"http://{settings.host}:{settings.port}"

    def made(self, case_id: str, kind: Kind, language: Language, base: str = "") -> Made:
        """One document of a kept screening; the same bytes each time, as long as its address is the same.

        Args:
            case_id: Of the screening.
            kind: Which document.
            language: `zh` or `en`.
            base: Address of the service where the settings name none; empty for where it listens.

        Raises:
            UnknownScreeningError: There is none of that id.
            UnsealedScreeningError: It is older than sealed documents.
            DocumentTemplateError: The city's template cannot be filled.
            ThreeLinesError: Its release is no more at hand.
        """
        return self._made(repeated(self._service, case_id), self._service.find(case_id).seal, kind, language, base)

    def made_of_file(self, sealed: bytes, kind: Kind, language: Language) -> Made:
        """One document of a sealed file, also of one that is not kept here; its seal is not verified by this.

        Raises:
            SealedFileError: It is no sealed file.
            ThreeLinesError: As of `made`.
        """
        document = opened(sealed)
        asked = asked_in(document["question"])
        verdict, stated = answer(asked, self._service.snapshot_of(release_of(document)), asked.as_of)
        own = digest(document["record"])
        found = Repeated(
            id=document["id"],
            created_at=document["issued_at"],
            digest=own,
            verdict=verdict,
            stated=stated,
            is_as_kept=digest(json.loads(canonical(as_record(verdict, stated)))) == own,
        )
        return self._made(found, seal_of(kept_seal(document)), kind, language, "")

    def zipped(
        self,
        case_ids: Sequence[str],
        kind: Kind,
        language: Language,
        base: str = "",
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Iterator[bytes]:
        """A zip of one document a screening, piece by piece: never more than one document is in memory.

        Args:
            case_ids: In the order of the zip; each once.
            kind: Which documents.
            language: `zh` or `en`.
            base: As of `made`.
            progress: Called with documents done and documents in all.

        A screening that no document can be made of has a text in its place that says why.

        Raises:
            DocumentTemplateError: The city's template cannot be filled.
        """
        distinct = list(dict.fromkeys(case_ids))
        sink = _Sink()
        with ZipFile(sink, "w", ZIP_STORED) as target:
            for done, case_id in enumerate(distinct):
                progress(done, len(distinct))
                made = self._made_or_why_not(case_id, kind, language, base)
                member = ZipInfo(f"{done + 1:04d}-{made.name}", _FIRST_DAY)
                member.external_attr = _READABLE
                target.writestr(member, made.content)
                yield sink.taken()
        progress(len(distinct), len(distinct))
        yield sink.taken()

    def template_problems(self) -> list[DocumentTemplateError]:
        """What is wrong with the city's own templates."""
        return override_problems(self._templates)

    def _made_or_why_not(self, case_id: str, kind: Kind, language: Language, base: str) -> Made:
        try:
            return self.made(case_id, kind, language, base)
        except DocumentTemplateError:
            raise
        except ThreeLinesError as problem:
            said = "\n".join(text.in_(language) for text in (problem.title, problem.what, problem.why, problem.cure))
            return Made(name=file_name(NOT_MADE.in_(language), case_id, ending="txt"), content=said.encode())

    def _made(self, found: Repeated, seal: Seal | None, kind: Kind, language: Language, base: str) -> Made:
        address = self._service.address(found.id, base or self._base)
        snapshot = self._service.snapshot_of(found.verdict.evidence.release.id)
        told = report(found, seal, snapshot, address, language)
        called = found.verdict.project.name or found.verdict.site.name
        name = file_name(called, FILE_WORD.in_(language), found.id, ending=kind)
        return Made(name=name, content=self._written(kind, found, told))

    def _written(self, kind: Kind, found: Repeated, told: Report) -> bytes:
        match kind:
            case Kind.XLSX:
                return excel(told)
            case Kind.PDF:
                return pdf(told, self._drawings(found, told))
            case Kind.DOCX:
                return word(told, self._drawings(found, told), self._template(told.language))

    def _drawings(self, found: Repeated, told: Report) -> Drawings:
        outlined = outlines(self._service.snapshot_of(told.release_id))
        return drawings(found.verdict, outlined, found.id, told.address, told.language)

    def _template(self, language: Language) -> Path:
        return template_of(language, self._templates)


class _Sink:
    """Where a zip is written to be taken away piece by piece; it cannot be sought in, so the zip needs no going back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece in."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def taken(self) -> bytes:
        """Everything written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

"""Word: the city's template filled with what the report says; the same screening gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from api.documents.content import Report
from api.documents.figures import Drawings, picture
from api.documents.templates import fill, opened
from screening import ENGINE_VERSION

LOCATION_MM, OVERLAP_MM, QR_MM = 128.0, 112.0, 30.0
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_FIGURE = re.compile(r"<wp:docPr (?![^>]*descr=)")


class _Figure(InlineImage):  # type: ignore[misc]
    """A picture with its equivalent in words."""

    def __init__(self, template: DocxTemplate, content: bytes, width_mm: float, words: str) -> None:
        super().__init__(template, BytesIO(content), width=Mm(width_mm))
        self._words = words

    def _insert_image(self) -> str:
        drawn: str = super()._insert_image()
        described = f"<wp:docPr descr={quoteattr(self._words)} "
        return _FIGURE.sub(lambda _: described, drawn, count=1)


def word(report: Report, drawings: Drawings, template: Path) -> bytes:
    """A report as .docx.

    Args:
        report: What it says.
        drawings: Its figures.
        template: A file as `docs/documents.md` describes.

    Raises:
        DocumentTemplateError: The template cannot be filled.
    """
    document = opened(template)
    values = {**asdict(report), **_figures(document, report, drawings)}
    fill(document, template.name, values)
    made = BytesIO()
    _state(document, report)
    document.save(made)
    return repacked(made.getvalue())


def repacked(content: bytes) -> bytes:
    """A zip with its members in order of name and without the hour of its making."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            member = ZipInfo(name, _FIRST_DAY)
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, source.read(name))
    return made.getvalue()


def _figures(document: DocxTemplate, report: Report, drawings: Drawings) -> Mapping[str, object]:
    return {
        "location_map": _Figure(
            document, picture(drawings.location, width_mm=LOCATION_MM), LOCATION_MM, drawings.location_words
        ),
        "overlap_map": _Figure(
            document, picture(drawings.overlap, width_mm=OVERLAP_MM), OVERLAP_MM, drawings.overlap_words
        ),
        "qr": _Figure(document, picture(drawings.qr, width_mm=QR_MM), QR_MM, report.address),
    }


def _state(document: DocxTemplate, report: Report) -> None:
    """What the file says of itself: the day of the screening, not of the download."""
    at = datetime.fromisoformat(report.created_at.replace(" ", "T")).replace(tzinfo=None)
    stated = document.core_properties
    stated.title, stated.subject, stated.identifier = report.title[:255], report.project[:255], report.number
    stated.author = stated.last_modified_by = f"Three Lines {ENGINE_VERSION}"
    stated.created = stated.modified = at
    stated.revision = 1

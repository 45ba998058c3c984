"""PDF/A-2b by typst: the report goes in as data, so that nothing in it can become markup; same screening, same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

import typst

from api.documents.content import Report
from api.documents.figures import Drawings
from api.documents.fonts import NO_GLYPH, faces, shown
from api.documents.labels import PRINTED, printed

_NOT_PRINTED = ("findings",)  # the workbook lists them
_SOURCE = Path(__file__).parent / "templates" / "report.typ"

Told = TypeVar("Told")


def pdf(report: Report, drawings: Drawings) -> bytes:
    """A report as PDF/A-2b with embedded typefaces, dated by the screening."""
    first = PRINTED["opinion_first"].in_(report.language).format_map(asdict(report))
    told = {name: value for name, value in asdict(report).items() if name not in _NOT_PRINTED}
    words = _printable({**told, "opinion_first": first, "location_words": drawings.location_words, "overlap_words": drawings.overlap_words})  # fmt: skip
    content = {
        **words,
        "printed": printed(report.language),
        "location_svg": drawings.location,
        "overlap_svg": drawings.overlap,
        "qr_svg": drawings.qr,
        "has_missing_glyphs": NO_GLYPH in json.dumps(words, ensure_ascii=False),
    }
    return typst.compile(
        _SOURCE.read_bytes(),
        font_paths=faces(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2b"],
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        timestamp=datetime.fromisoformat(report.created_at),
    )


def _printable(told: Told) -> Told:
    """All words in a value as the typefaces can show them."""
    if isinstance(told, str):
        return cast(Told, shown(told))
    if isinstance(told, Mapping):
        return cast(Told, {name: _printable(value) for name, value in told.items()})
    if isinstance(told, tuple | list):
        return cast(Told, [_printable(one) for one in told])
    return told

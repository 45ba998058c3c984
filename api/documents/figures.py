"""Figures as pictures for Word, drawn from the SVG that also goes into the PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import typst

from api.documents.fonts import SANS, faces, shown
from api.documents.words import plain
from api.qr import qr_svg
from screening.location_map import Outlines, location_map
from screening.statement_map import statement_map
from screening.verdict import Verdict
from screening.words import Language

PIXELS_PER_INCH = 220
_PAGE = b"""
#set page(width: eval(sys.inputs.width), height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), width: 100%)
"""
_WORDS = re.compile(r"<(?:title|desc)\b[^>]*>([^<]*)</")
_FAMILY = re.compile(r'font-family="[^"]*"')


def printable(svg: str) -> str:
    """A drawing whose words are set in the embedded typeface, without what it cannot show."""
    return _FAMILY.sub(f'font-family="{SANS}"', shown(svg))


def picture(svg: str, *, width_mm: float) -> bytes:
    """A drawing as PNG.

    Args:
        svg: As `printable` gives it.
        width_mm: Of the figure on paper.
    """
    inputs = {"svg": svg, "width": f"{width_mm:g}mm"}
    return typst.compile(
        _PAGE, font_paths=faces(), ignore_system_fonts=True, format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """The figures of a document as SVG, ready to print, with their equivalents in words."""

    location: str
    location_words: str
    overlap: str
    overlap_words: str
    qr: str


def drawings(verdict: Verdict, outlined: Outlines, case_id: str, address: str, language: Language) -> Drawings:
    """The figures of one screening."""
    location, overlap = location_map(verdict, outlined, language), statement_map(verdict, language)
    return Drawings(
        location=printable(location),
        location_words=described(location),
        overlap=printable(overlap),
        overlap_words=described(overlap),
        qr=qr_svg(case_id, address, language, whole_file=True),
    )


def described(svg: str) -> str:
    """The words of a drawing, title first."""
    return plain(" ".join(unescape(found) for found in _WORDS.findall(svg)[:2]))

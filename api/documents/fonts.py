"""The typefaces that are embedded in PDF files and figures: Noto Serif SC for text, Noto Sans SC for headings and maps."""

from __future__ import annotations

import unicodedata
from functools import cache

import typst
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
NO_GLYPH = "〓"  # what Chinese typesetters put where they lack a character


@cache
def faces() -> typst.Fonts:
    """The typefaces, and nothing that the machine happens to have."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(sans_path().parent)])


@cache
def drawable() -> frozenset[int]:
    """Code points that both typefaces can show."""
    with TTFont(sans_path(), lazy=True) as sans, TTFont(serif_path(), lazy=True) as serif:
        return frozenset(sans.getBestCmap()) & frozenset(serif.getBestCmap())


def shown(words: str) -> str:
    """Words as the typefaces can show them: a plain form where there is one, else `〓`; PDF/A asks for a glyph for each.

    Joiners, direction marks and marks upon letters that cannot be shown are left out.

    >>> shown("沙河 🏭 a\\u202eb CO₂")
    '沙河 〓 ab CO2'
    """
    known = drawable()
    return "".join(letter if ord(letter) in known or letter == "\n" else _instead(letter, known) for letter in words)


def _instead(letter: str, known: frozenset[int]) -> str:
    if unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return ""
    form = unicodedata.normalize("NFKC", letter)
    return form if all(ord(one) in known for one in form) else NO_GLYPH

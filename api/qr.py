"""QR codes that lead back to the live verdict."""

from __future__ import annotations

import segno

from screening.words import Language, Text

_QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 asks


def address_of(case_id: str, base: str) -> str:
    """Where a screening's page is, below the address of the service."""
    return f"{base.rstrip('/')}/screenings/{case_id}"


def qr_words(case_id: str, address: str) -> Text:
    """What the code is, for those who cannot see it."""
    return Text(
        f"二维码：研判 {case_id} 的现时页面 {address}", f"QR code: the live page of screening {case_id}, {address}"
    )


def qr_svg(case_id: str, address: str, language: Language, *, whole_file: bool) -> str:
    """The code as SVG, black on white, its title saying where it leads.

    Args:
        case_id: Id of the screening.
        address: Where the code leads.
        language: Of the title.
        whole_file: A file of its own; else a part of a page.
    """
    code = segno.make(address, error="m", micro=False)
    title = qr_words(case_id, address).in_(language)
    drawing: str = code.svg_inline(
        border=_QUIET_ZONE, light="#fff", dark="#000", omitsize=True, svgclass="qr-code", lineclass=None, title=title
    )
    if whole_file:
        return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return drawing.replace("<svg ", '<svg role="img" ', 1)

"""How the workbooks of a batch look."""

from __future__ import annotations

import xlsxwriter
from xlsxwriter.format import Format

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
GROUP_COLOURS = ("#D6E4F0", "#DDEFE0", "#FBE9D0", "#EADDF0", "#F6DEDE", "#E3E3E3")
# Ground and ink of each conclusion; the word itself stands in the cell.
CONCLUSION_COLOURS = {
    "violates": ("#F8D7D3", "#8C1D18"),
    "undetermined": ("#E3E0EC", "#47386F"),
    "conditional": ("#FCEBC5", "#6B4700"),
    "complies": ("#D9EEDC", "#1D5A2B"),
    "": ("#F0F0F0", "#333333"),
}


def header_format(book: xlsxwriter.Workbook, colour: str = "#D6E4F0") -> Format:
    """Of a header cell."""
    return book.add_format({"bold": True, "bg_color": colour, "border": 1, "text_wrap": True, "valign": "vcenter"})


def body_format(book: xlsxwriter.Workbook) -> Format:
    """Of a cell with text."""
    return book.add_format({"text_wrap": True, "valign": "top"})


def conclusion_format(book: xlsxwriter.Workbook, conclusion: str) -> Format:
    """Of a cell with a conclusion; of a row that was not screened where it is empty."""
    ground, ink = CONCLUSION_COLOURS[conclusion]
    return book.add_format({"bold": True, "bg_color": ground, "font_color": ink, "border": 1, "valign": "top"})

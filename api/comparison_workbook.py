"""The table of a comparison as a workbook: text only, nothing that a spreadsheet would compute or open."""

from __future__ import annotations

import io

import xlsxwriter

from api.comparisons import Comparison, site_name
from layers.batches.styles import CONCLUSION_COLOURS, OPTIONS, body_format, conclusion_format, header_format
from screening.words import Text

SHEET = Text("选址比选", "Sites compared")
HEAD = (Text("类别", "Group"), Text("项目", "What"), Text("是否不同", "Differs"))
YES = Text("不同", "differs")
SCREENING = Text("研判编号", "Screening")
_MOST_CHARACTERS = 32_000


def comparison_workbook(found: Comparison, note: Text) -> bytes:
    """The workbook; `note` stands beneath the title."""
    language, content = found.language, io.BytesIO()
    with xlsxwriter.Workbook(content, {**OPTIONS, "in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET.in_(language))
        head, body, bold = header_format(book), body_format(book), book.add_format({"bold": True})
        looks = {one: conclusion_format(book, one) for one in CONCLUSION_COLOURS if one}
        sheet.write_string(0, 0, SHEET.in_(language), bold)
        sheet.write_string(1, 0, note.in_(language))
        sheet.write_string(2, 0, str(found.answers[0].explanations[language].get("notice") or ""), bold)
        names = [site_name(one, number, language) for number, one in enumerate(found.answers, start=1)]
        for column, words in enumerate([*(one.in_(language) for one in HEAD), *names]):
            sheet.write_string(4, column, words, head)
        sheet.write_row(5, 0, ["", SCREENING.in_(language), "", *(one.id for one in found.answers)], body)
        for line, row in enumerate(found.rows, start=6):
            sheet.write_row(line, 0, [row.group, row.label, YES.in_(language) if row.differs else ""], body)
            for column, cell in enumerate(row.cells, start=len(HEAD)):
                look = looks.get(cell.tone, body) if row.key == "conclusion" else body
                sheet.write_string(line, column, "\n".join(cell.lines)[:_MOST_CHARACTERS], look)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 10)
        sheet.set_column(3, 2 + len(names), 46)
        sheet.freeze_panes(5, 3)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return content.getvalue()

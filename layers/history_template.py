"""The template of past approvals: one workbook a language, headers with notes, drop-downs."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from layers.batches.styles import OPTIONS, body_format, header_format
from layers.history_columns import HistoryColumn, choices, history_columns
from screening.terms import CONSTRUCTION
from screening.words import Language, Text

PREPARED_ROWS = 3000
_SHEET = Text("历史审批", "Past approvals")
_GUIDE_SHEET = Text("填写说明", "Instructions")
_GUIDE: tuple[Text, ...] = (
    Text("每件审批一行；带 * 的列必填。", "One row for each case; columns with * must be filled."),
    Text("留空表示不知道或未记录，不等于 0，也不等于“否”。", "A blank is not known; it is neither zero nor no."),
    Text("阶段用时可填工作日数，也可填各阶段日期由系统按工作日历计算。", "State working days of a stage, or its dates: they are counted by the calendar."),
    Text("同一文件可以重复导入：已有的编号不再导入，内容不同的给出提示。", "A file may be imported again: known numbers stay as they are, other content is reported."),
    Text("读不懂的行逐行说明原因，其余照常导入。", "Rows that cannot be read are told one by one; the others are imported."),
)  # fmt: skip


def write_history_template(path: Path, language: Language) -> None:
    """The template in one language."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        sheet = book.add_worksheet(_SHEET.in_(language))
        body, header = body_format(book), header_format(book)
        as_text = book.add_format({"num_format": "@"})
        for at, column in enumerate(history_columns().values()):
            is_text = column.kind in ("text", "industries", "coordinates", "district", "day")
            sheet.set_column(at, at, column.width, as_text if is_text else None)
            sheet.write_string(0, at, column.header(language), header)
            if column.help.in_(language):
                sheet.write_comment(0, at, column.help.in_(language))
            options = _options(column, language)
            if options:
                sheet.data_validation(1, at, PREPARED_ROWS, at, {"validate": "list", "source": options})
        sheet.freeze_panes(1, 2)
        guide = book.add_worksheet(_GUIDE_SHEET.in_(language))
        guide.set_column(0, 0, 34, body)
        guide.set_column(1, 1, 24, body)
        guide.set_column(2, 2, 70, body)
        for number, text in enumerate(_GUIDE):
            guide.merge_range(number, 0, number, 2, text.in_(language), body)
        for number, column in enumerate(history_columns().values(), start=len(_GUIDE) + 1):
            for at, words in enumerate((column.header(language), column.key, column.help.in_(language))):
                guide.write_string(number, at, words, body)
        sheet.activate()


def _options(column: HistoryColumn, language: Language) -> list[str]:
    match column.kind:
        case "choice":
            return [text.in_(language) for text in choices(column.key).values()]
        case "yes_no":
            return ["是", "否"] if language == "zh" else ["yes", "no"]
        case "construction":
            return [text.in_(language) for text in CONSTRUCTION.values()]
        case _:
            return []

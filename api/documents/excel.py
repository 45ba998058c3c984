"""Excel: the answer, the findings, the conformity table and the inputs, one sheet each; same screening, same bytes."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.documents.content import Report, TableRow
from api.documents.labels import SHEETS
from screening import ENGINE_VERSION
from screening.words import Text

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MOST_CHARACTERS = 32_000  # a cell takes 32,767
_A4 = 9
_LINE_POINTS, _MOST_POINTS = 13.5, 405.0  # of ten-point text; Excel takes rows of 409 at most
ANSWER, CONFORMITY, INPUTS = (22, 74), (19, 32, 36, 17, 32, 22, 20), (32, 56, 32)  # widths of columns, in figures
# Ground and ink of each outcome; the word itself stands in the cell.
_COLOURS = {
    "violates": ("#F8D7D3", "#8C1D18"),
    "undetermined": ("#E3E0EC", "#47386F"),
    "conditional": ("#FCEBC5", "#6B4700"),
    "complies": ("#D9EEDC", "#1D5A2B"),
    "not_concerned": ("#F0F0F0", "#333333"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looks:
    title: Format
    head: Format
    label: Format
    body: Format
    part: Format
    group: Format
    outcomes: dict[str, Format]


def excel(report: Report) -> bytes:
    """A report as .xlsx. No text of it is ever a formula, a link or a number."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, _OPTIONS) as book:
        at = datetime.fromisoformat(report.created_at).replace(tzinfo=None)
        book.set_properties({"title": report.title, "subject": report.number, "author": f"Three Lines {ENGINE_VERSION}", "created": at})  # fmt: skip
        looks = _looks(book)
        writer = _Writer(book, report, looks)
        writer.answer()
        writer.findings()
        writer.conformity()
        writer.inputs()
    return made.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, report: Report, looks: _Looks) -> None:
        self.book, self.report, self.looks = book, report, looks

    def say(self, text: Text) -> str:
        return text.in_(self.report.language)

    def answer(self) -> None:
        """Everything one reads first, label and words."""
        report, looks = self.report, self.looks
        sheet = self.sheet("answer", ANSWER, landscape=False)
        sheet.merge_range(0, 0, 0, 1, "", looks.title)
        sheet.set_row(0, 24)
        _words(sheet, 0, 0, report.title, looks.title)
        conclusion = f"{report.conclusion}{self.say(SHEETS['dash'])}{report.headline}"
        rows = [("notice", one) for one in (report.demonstration, report.differs, *report.warnings) if one]
        rows += [("project", report.project), ("site", report.site), ("industries", report.industries)]
        rows += [("construction", report.construction), ("area", report.area), ("districts", report.districts)]
        rows += [("conclusion", conclusion)]
        for name in ("deciding", "next_steps", "persons"):
            rows += [(name, one) for one in getattr(report, name)]
        rows += [("unknown", f"{one.title}{self.say(SHEETS['colon'])}{one.text}") for one in report.unknown]
        rows += [("bases", one) for one in report.bases] + [("limits", one) for one in report.limits]
        rows += [("number", report.number), ("created", report.created_at), ("as_of", report.as_of)]
        rows += [("release", f"{report.release} · {report.release_id}"), ("list", report.list_version)]
        rows += [("valid", f"{report.valid_until} · {report.valid_because}"), ("engine", report.engine)]
        rows += [("digest", report.digest), ("sealed", report.sealed_digest), ("address", report.address)]
        before = ""
        for at, (name, words) in enumerate(rows, start=1):
            _words(sheet, at, 0, self.say(SHEETS[name]) if name != before else "", looks.label)
            look = looks.outcomes[report.conclusion_code] if name == "conclusion" else looks.body
            _words(sheet, at, 1, words, look)
            sheet.set_row(at, _height((words,), ANSWER[1:]))
            before = name
        sheet.freeze_panes(1, 1)

    def findings(self) -> None:
        """One row a finding."""
        widths = (13, 15, 30, 44, 44, 20)
        sheet = self.sheet("findings", widths)
        heads = [SHEETS[f"finding_{name}"] for name in ("kind", "outcome", "title", "text", "detail", "key")]
        self.heads(sheet, [self.say(one) for one in heads])
        for at, one in enumerate(self.report.findings, start=1):
            self.cells(sheet, at, (one.kind, one.outcome_label, one.title, one.text, one.detail, one.key), widths)
            _words(sheet, at, 1, one.outcome_label, self.looks.outcomes[one.outcome])
        sheet.autofilter(0, 0, max(1, len(self.report.findings)), len(widths) - 1)

    def conformity(self) -> None:
        """The table, clause by clause."""
        sheet = self.sheet("conformity", CONFORMITY)
        columns = self.report.columns
        more = [self.say(SHEETS[name]) for name in ("table_reason", "table_measure", "table_basis")]
        self.heads(sheet, [*columns, *more])
        for at, row in enumerate(self.report.table, start=1):
            if row.kind == "row":
                self.cells(sheet, at, _answer(row), CONFORMITY)
                _words(sheet, at, 3, row.conformity, self.looks.outcomes[row.outcome])
            else:
                look = self.looks.part if row.kind == "section" else self.looks.group
                for column in range(7):
                    sheet.write_blank(at, column, None, look)
                _words(sheet, at, 0, row.title, look)
        for at, note in enumerate(self.report.table_notes, start=len(self.report.table) + 2):
            sheet.write_string(at, 0, note)

    def inputs(self) -> None:
        """What was declared and how it was read."""
        sheet = self.sheet("inputs", INPUTS)
        self.heads(sheet, [self.say(SHEETS[f"input_{name}"]) for name in ("label", "value", "written")])
        listed = (*self.report.summary, *self.report.inputs)
        for at, one in enumerate(listed, start=1):
            self.cells(sheet, at, (one.label, one.value, one.as_written), INPUTS)

    def sheet(self, name: str, widths: Sequence[float], *, landscape: bool = True) -> Worksheet:
        """A sheet set up to be printed: A4, as wide as the page, its head repeated, who made it below."""
        sheet: Worksheet = self.book.add_worksheet(self.say(SHEETS[f"sheet_{name}"]))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        mark = self.report.demonstration.replace("&", "&&")[:200]
        sheet.set_header(f"&C&9{mark}" if mark else "")
        sheet.set_footer(f"&L&8{self.report.number} · {self.report.as_of}&R&8&P / &N")
        return sheet

    def heads(self, sheet: Worksheet, titles: Iterable[str]) -> None:
        for at, title in enumerate(titles):
            sheet.write_string(0, at, title, self.looks.head)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)

    def cells(self, sheet: Worksheet, row: int, words: Sequence[str], widths: Sequence[float]) -> None:
        for at, one in enumerate(words):
            _words(sheet, row, at, one, self.looks.body)
        sheet.set_row(row, _height(words, widths))


def _answer(row: TableRow) -> tuple[str, ...]:
    reason = f"{row.reason}\n{row.note}" if row.note else row.reason
    return (row.item, row.requirement, row.situation, row.conformity, reason, row.measure, row.basis)


def _words(sheet: Worksheet, row: int, column: int, words: str, look: Format) -> None:
    sheet.write_string(row, column, words[:_MOST_CHARACTERS], look)


def _height(words: Sequence[str], widths: Sequence[float]) -> float:
    """About how high a row must be for its words, in points; not every program finds it out for itself."""
    lines = [
        sum(max(1, math.ceil(_breadth(line) / (width - 1))) for line in one.split("\n"))
        for one, width in zip(words, widths, strict=True)
    ]
    return min(_MOST_POINTS, max(lines) * _LINE_POINTS + 3)


def _breadth(line: str) -> int:
    """How wide a line is, in figures."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    face = {"font_name": "宋体", "font_size": 10}
    wrapped = {**face, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#B8C0C8"}
    outcomes = {
        name: book.add_format({**wrapped, "bold": True, "bg_color": ground, "font_color": ink})
        for name, (ground, ink) in _COLOURS.items()
    }
    return _Looks(
        title=book.add_format({**face, "bold": True, "font_size": 14, "valign": "vcenter"}),
        head=book.add_format({**wrapped, "bold": True, "bg_color": "#D6E4F0", "valign": "vcenter"}),
        label=book.add_format({**wrapped, "bold": True, "bg_color": "#F1F4F6"}),
        body=book.add_format(wrapped),
        part=book.add_format({**face, "bold": True, "bg_color": "#D5DCE3"}),
        group=book.add_format({**face, "bg_color": "#F1F4F6"}),
        outcomes=outcomes,
    )

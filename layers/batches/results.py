"""The results workbook: one row a site, one sheet of findings, one sheet on how far the answers may be used."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from layers.batches.model import Batch, BatchRow, Counts, Fault
from layers.batches.styles import CONCLUSION_COLOURS, OPTIONS, body_format, conclusion_format, header_format
from screening import ENGINE_VERSION
from screening.words import Language, Text

NOT_SCREENED = Text("未研判", "not screened")
_MOST_CHARACTERS = 32_000
SCREENING_COLUMN = Text("研判编号", "Screening")
_SITES = (
    (Text("位置", "Place"), 14),
    (Text("名称", "Name"), 26),
    (Text("结论", "Conclusion"), 14),
    (Text("决定性理由", "What decides"), 60),
    (Text("下一步", "What to do next"), 50),
    (Text("尚待申报", "Still to declare"), 36),
    (Text("提示", "Remarks"), 30),
    (SCREENING_COLUMN, 20),
    (Text("成果版本", "Release"), 30),
    (Text("内容摘要 SHA-256", "Digest, SHA-256"), 30),
)
_FINDINGS = (
    (Text("位置", "Place"), 14),
    (Text("名称", "Name"), 26),
    (SCREENING_COLUMN, 20),
    (Text("类别", "Kind"), 14),
    (Text("结果", "Outcome"), 14),
    (Text("要点", "Finding"), 40),
    (Text("说明", "Explanation"), 70),
    (Text("依据与量算", "Basis and measures"), 60),
)
_ABOUT, _TITLES = Text("说明", "About"), (Text("结果", "Results"), Text("要点", "Findings"))
_LEGAL = Text(
    "公众研判结论不具法律效力，不代替行政审批；以生态环境主管部门的意见为准。",
    "A public verdict has no legal force and replaces no permit; the ecology and environment authority decides.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding of a kept screening, in words."""

    kind: str
    outcome: str
    outcome_label: str
    title: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A kept screening in the words of one language.

    Attributes:
        notice: Warning to show above everything; empty for an official release.
        to_declare: Labels of facts that would decide more.
    """

    id: str
    created_at: str
    digest: str
    release: str
    conclusion: str
    conclusion_label: str
    deciding: tuple[str, ...]
    next_steps: tuple[str, ...]
    to_declare: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    notice: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What a row came to: a kept screening, or what is wrong with it."""

    row: BatchRow
    kept: Kept | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A batch that was worked through.

    Attributes:
        digest: SHA-256 of the file that was handed in.
        results: Of the rows that ask something, in file order; gone through once to be written.
    """

    batch: Batch
    digest: str
    as_of: str
    results: Collection[RowResult]

    @property
    def counts(self) -> Counts:
        """Rows by what became of them: screened, to mend, blank, example."""
        return _counted(self.batch, sum(one.kept is not None for one in self.results), len(self.results))


def _counted(batch: Batch, screened: int, asking: int) -> Counts:
    found = replace(batch.counts, read=screened, faulty=asking - screened)
    assert found.rows == found.read + found.faulty + found.blank + found.example
    return found


@dataclass(slots=True)
class _Tally:
    """What the rows written so far have in common."""

    rows: int = 0
    screened: int = 0
    findings: int = 0
    notices: dict[str, None] = field(default_factory=dict)
    limits: dict[str, None] = field(default_factory=dict)
    releases: dict[str, None] = field(default_factory=dict)

    def add(self, one: RowResult) -> None:
        self.rows += 1
        if one.kept is None:
            return
        self.screened += 1
        self.notices |= dict.fromkeys([one.kept.notice] if one.kept.notice else [])
        self.limits |= dict.fromkeys(one.kept.limits)
        self.releases |= dict.fromkeys([one.kept.release])


def write_results(path: Path, report: Report, language: Language) -> None:
    """The results of a batch as a workbook, row by row: memory does not grow with their number."""
    with xlsxwriter.Workbook(str(path), {**OPTIONS, "constant_memory": True}) as book:
        looks = {conclusion: conclusion_format(book, conclusion) for conclusion in CONCLUSION_COLOURS}
        sites = _sheet(book, _TITLES[0].in_(language), _SITES, language)
        findings = _sheet(book, _TITLES[1].in_(language), _FINDINGS, language)
        tally = _Tally()
        for one in report.results:
            tally.add(one)
            look = looks[one.kept.conclusion if one.kept else ""]
            _write(sites, tally.rows, _site_cells(one, language), {2: look})
            for line in one.kept.findings if one.kept else ():
                tally.findings += 1
                words = [line.kind, line.outcome_label, line.title, line.text, line.detail]
                place = [one.row.place, one.row.name, one.kept.id if one.kept else ""]
                _write(findings, tally.findings, [*place, *words], {4: looks[line.outcome]})
        sites.autofilter(0, 0, max(1, tally.rows), len(_SITES) - 1)
        findings.autofilter(0, 0, max(1, tally.findings), len(_FINDINGS) - 1)
        _about(book, report, tally, language)


def _sheet(book: xlsxwriter.Workbook, name: str, titles: Sequence[tuple[Text, int]], language: Language) -> Worksheet:
    sheet = book.add_worksheet(name)
    bold, body = header_format(book), body_format(book)
    for at, (title, width) in enumerate(titles):
        sheet.set_column(at, at, width, body)
        sheet.write_string(0, at, title.in_(language), bold)
    sheet.freeze_panes(1, 2)
    return sheet


def _site_cells(one: RowResult, language: Language) -> list[str]:
    remarks = "\n".join(text.in_(language) for text in one.row.remarks)
    if one.kept is None:
        faults = "\n".join(fault.words(language) for fault in one.faults)
        return [one.row.place, one.row.name, NOT_SCREENED.in_(language), faults, "", "", remarks, "", "", ""]
    kept = one.kept
    texts = ["\n".join(words) for words in (kept.deciding, kept.next_steps, kept.to_declare)]
    seal = [kept.id, kept.release, kept.digest]
    return [one.row.place, one.row.name, kept.conclusion_label, *texts, remarks, *seal]


def _write(sheet: Worksheet, row: int, cells: Sequence[str], looks: Mapping[int, object]) -> None:
    for at, words in enumerate(cells):
        cut = words if len(words) <= _MOST_CHARACTERS else words[:_MOST_CHARACTERS] + "…"
        sheet.write_string(row, at, cut, *([looks[at]] if at in looks else []))


def _about(book: xlsxwriter.Workbook, report: Report, tally: _Tally, language: Language) -> None:
    sheet = book.add_worksheet(_ABOUT.in_(language))
    body, bold = body_format(book), header_format(book)
    sheet.set_column(0, 0, 24, body)
    sheet.set_column(1, 1, 100, body)
    for number, (label, words) in enumerate(_about_lines(report, tally, language)):
        sheet.write_string(number, 0, label.in_(language), bold)
        sheet.write_string(number, 1, words[:_MOST_CHARACTERS], body)


def _about_lines(report: Report, tally: _Tally, language: Language) -> Iterator[tuple[Text, str]]:
    counts = _counted(report.batch, tally.screened, tally.rows)
    for notice in tally.notices:
        yield Text("注意", "Notice"), notice
    yield Text("法律效力", "Legal force"), _LEGAL.in_(language)
    for limit in tally.limits:
        yield Text("使用限制", "Limits of use"), limit
    yield Text("文件", "File"), report.batch.source.file
    yield Text("文件摘要 SHA-256", "Digest of the file, SHA-256"), report.digest
    yield Text("基准日", "As of"), report.as_of
    for release in tally.releases:
        yield Text("成果版本", "Release"), release
    yield Text("研判引擎", "Engine"), ENGINE_VERSION
    yield Text("行数", "Rows"), str(counts.rows)
    yield Text("已研判", "Screened"), str(counts.read)
    yield Text("待修改", "To mend"), str(counts.faulty)
    yield Text("空行", "Blank"), str(counts.blank)
    yield Text("示例行", "Examples"), str(counts.example)
    for table in report.batch.tables:
        used = (f"{key} ← {column}" for key, column in table.mapping.items())
        yield Text("列映射", "Columns used"), f"{table.name}: {', '.join(used)}"
        if table.unmapped:
            yield Text("未读的列", "Columns not read"), f"{table.name}: {', '.join(table.unmapped)}"
    for text in report.batch.notices:
        yield Text("提示", "Remark"), text.in_(language)

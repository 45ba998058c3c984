"""Draw the Word templates that come with the program, api/documents/templates/report.{zh,en}.docx.

Layout after GB/T 9704-2012 (A4, margins 37/35/28/26 mm, page number between dashes); text in 仿宋, headings in 黑体 and
楷体, tables in 宋体. Run `python -m deploy.draw_document_templates` after a change here and
commit what it writes; cities edit copies of the files in Word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from api.documents.templates import OWN, template_name
from api.documents.word import repacked
from deploy.document_template_words import WORDING
from screening.words import LANGUAGES, Language

FANG, SONG, HEI, KAI = "仿宋", "宋体", "黑体", "楷体"
FALLBACK = {FANG: "FangSong", SONG: "SimSun", HEI: "SimHei", KAI: "KaiTi"}
LATIN = "Times New Roman"
GREY, RED = RGBColor(0x55, 0x5B, 0x61), RGBColor(0xA3, 0x12, 0x1F)
TABLE_MM = (25, 45, 46, 40)
PAIR_MM = (36, 120)
RECORD_MM = (36, 84, 36)


def main() -> None:
    """Write both templates."""
    for language in LANGUAGES:
        (OWN / template_name(language)).write_bytes(drawn(language))


def drawn(language: Language) -> bytes:
    """The template of a language, the same bytes each time."""
    draft = _Draft(language)
    draft.head()
    draft.opinion()
    draft.project()
    draft.maps()
    draft.table()
    draft.narrative()
    draft.record()
    return draft.finished()


class _Draft:
    def __init__(self, language: Language) -> None:
        self.is_zh, self.say = language == "zh", WORDING[language]
        self.document: Any = Document()
        self.set_page()
        self.set_styles()

    # -- the page and its styles -----------------------------------------------------------------------------------

    def set_page(self) -> None:
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
        page.header_distance, page.footer_distance = Mm(18), Mm(20)
        head = page.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.run(head, "{{ demonstration }}", SONG, 9, colour=RED)
        number, foot = page.footer.paragraphs[0], page.footer.add_paragraph()
        for one in (number, foot):
            one.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.run(number, "— ", SONG, 12)
        self.field(number, "PAGE")
        self.run(number, " —", SONG, 12)
        self.run(foot, self.say.foot, SONG, 8, colour=GREY)

    def set_styles(self) -> None:
        for spoken in self.document.styles.element.iter(qn("w:lang")):
            spoken.set(qn("w:eastAsia"), "zh-CN")
            spoken.set(qn("w:val"), "en-US")
        self.style("Normal", FANG, 12, line=1.5)
        self.style("Title", SONG, 22 if self.is_zh else 20, bold=True, before=0, after=10, centred=True)
        self.style("Heading 1", HEI, 16 if self.is_zh else 14, bold=not self.is_zh, before=14, after=4)
        self.style("Heading 2", KAI, 14 if self.is_zh else 12, bold=not self.is_zh, before=6, after=2)
        self.style("Caption", SONG, 10.5, before=2, after=8, centred=True)
        self.style("Body Text", FANG, 14 if self.is_zh else 12, line=1.3, after=0)
        self.style("List Paragraph", FANG, 14 if self.is_zh else 12, line=1.3, after=2)
        self.style("No Spacing", SONG, 9, line=1.2)
        for name in ("Heading 1", "Heading 2"):
            self.document.styles[name].paragraph_format.keep_with_next = True

    def style(self, name: str, face: str, size: float, *, bold: bool = False, before: float = 0, after: float = 0, line: float = 1.25, centred: bool = False) -> None:  # fmt: skip
        style = self.document.styles[name]
        _face(style.element.get_or_add_rPr(), face)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.left_indent = Pt(before), Pt(after), Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.MULTIPLE, line
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        for border in list(style.element.iter(qn("w:pBdr"))):
            border.getparent().remove(border)

    # -- parts -----------------------------------------------------------------------------------------------------

    def head(self) -> None:
        self.words("{{ title }}", "Title")
        middle = self.words(self.say.draft_added, "Body Text")
        middle.alignment = WD_ALIGN_PARAGRAPH.CENTER
        middle.paragraph_format.space_after = Pt(8)
        self.mark("if differs")
        self.boxed("{{ differs }}")
        self.mark("endif")
        self.mark("for one in warnings")
        self.boxed("{{ one }}")
        self.mark("endfor")

    def opinion(self) -> None:
        say = self.say
        self.words(say.opinion, "Heading 1")
        self.body(say.first)
        verdict = self.body("")
        self.run(verdict, say.verdict, HEI, 14 if self.is_zh else 12, bold=not self.is_zh)
        self.run(verdict, "{{ conclusion }}", HEI, 16 if self.is_zh else 13, bold=True)
        self.run(verdict, say.end, FANG, 14 if self.is_zh else 12)
        self.body("{{ headline }}")
        self.mark("if deciding")
        self.words(say.deciding, "Heading 2")
        self.listed("deciding", "{{ one }}")
        self.mark("endif")
        self.words(say.measures, "Heading 2")
        self.listed("next_steps", "{{ one }}")
        self.words(say.persons, "Heading 2")
        self.listed("persons", "{{ one }}")
        self.when_none("persons")
        self.words(say.unknown, "Heading 2")
        self.listed("unknown", "{{ one.title }}" + say.colon + "{{ one.text }}")
        self.when_none("unknown")
        self.boxed(say.draft).paragraph_format.keep_with_next = True
        self.signatures()

    def signatures(self) -> None:
        table = self.grid((44, 44, 68), border=False)
        cells = table.add_row().cells
        for cell, words in zip(cells, self.say.signed, strict=True):
            self.run(self.first(cell), words, FANG, 12)
        _keep(table)

    def project(self) -> None:
        self.words(self.say.project, "Heading 1")
        self.pairs("summary", "{{ one.label }}", "{{ one.value }}")
        self.mark("if inputs")
        self.words(self.say.declared, "Heading 2")
        self.pairs(
            "inputs", "{{ one.label }}", "{{ one.value }}{% if one.as_written %}" + self.say.as_written + "{% endif %}"
        )
        self.mark("endif")

    def maps(self) -> None:
        say = self.say
        self.words(say.maps, "Heading 1")
        for name, caption in zip(("location_map", "overlap_map"), say.figures, strict=True):
            figure = self.words(f"{{{{ {name} }}}}", "Caption")
            figure.paragraph_format.keep_with_next = True
            figure.paragraph_format.space_after = Pt(0)
            self.words(caption, "Caption").paragraph_format.space_after = Pt(0)
            note = self.words("", "Caption")
            self.run(note, "{{ map_review }}　{{ map_attribution }}", SONG, 8, colour=GREY)
        self.mark("if places")
        self.words(say.places, "Heading 2")
        self.listed("places", "{{ one }}", size=10.5)
        self.mark("endif")

    def table(self) -> None:
        say = self.say
        self.words(say.table, "Heading 1")
        caption = self.words(say.table_number + "{{ table_caption }}", "Caption")
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_after = Pt(4)
        table = self.grid(TABLE_MM)
        heads = table.add_row()
        _repeated(heads)
        for at, cell in enumerate(heads.cells):
            _shaded(cell, "E7EBEF")
            self.cell(cell, f"{{{{ columns[{at}] }}}}", HEI, bold=not self.is_zh, centred=True)
        self.row_mark(table, "for row in table")
        self.row_mark(table, "if row.kind == 'section'")
        self.wide(table, "{{ row.title }}", HEI, "D5DCE3", bold=not self.is_zh)
        self.row_mark(table, "elif row.kind == 'group'")
        self.wide(table, "{{ row.title }}", HEI, "F1F4F6")
        self.row_mark(table, "else")
        answer = table.add_row()
        answer._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        self.answer(answer.cells)
        self.row_mark(table, "endif")
        self.row_mark(table, "endfor")
        self.mark("for one in table_notes")
        self.run(self.words("", "No Spacing"), "{{ one }}", SONG, 9, colour=GREY)
        self.mark("endfor")

    def answer(self, cells: Sequence[Any]) -> None:
        """One clause: item, requirement with its basis, this project, conformity with its reason and measure."""
        say = self.say
        self.cell(cells[0], "{{ row.item }}")
        self.cell(cells[1], "{{ row.requirement }}")
        self.more(cells[1], "row.basis", say.basis + "{{ row.basis }}", colour=GREY)
        self.cell(cells[2], "{{ row.situation }}")
        self.cell(cells[3], "{{ row.conformity }}", HEI, bold=True)
        self.run(cells[3].add_paragraph(style="No Spacing"), "{{ row.reason }}" + say.end, SONG, 9)
        self.more(cells[3], "row.measure", say.measure + "{{ row.measure }}")
        self.more(cells[3], "row.note", "{{ row.note }}", colour=GREY)

    def narrative(self) -> None:
        say = self.say
        self.words(say.narrative, "Heading 1")
        self.words(say.levels, "Heading 2")
        self.listed("levels", "{{ one.title }}" + say.colon + "{{ one.outcome_label }}" + ("。" if self.is_zh else ". ") + "{{ one.text }}", size=12)  # fmt: skip
        self.words(say.limits, "Heading 2")
        self.listed("limits", "{{ one }}", size=12)
        self.mark("if remarks")
        self.words(say.remarks, "Heading 2")
        self.listed("remarks", "{{ one }}", size=12)
        self.mark("endif")
        self.words(say.bases, "Heading 1")
        self.listed("bases", "{{ one }}", size=12)
        self.when_none("bases")

    def record(self) -> None:
        say = self.say
        self.words(say.record, "Heading 1")
        table = self.grid(RECORD_MM)
        for label, value in say.rows:
            cells = table.add_row().cells
            _shaded(cells[0], "F1F4F6")
            self.cell(cells[0], label)
            self.cell(cells[1], value)
        side = table.cell(0, 2).merge(table.cell(len(say.rows) - 1, 2))
        picture = self.first(side)
        picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.run(picture, "{{ qr }}", SONG, 9)
        words = side.add_paragraph(style="No Spacing")
        words.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.run(words, say.scan, SONG, 9)
        _keep(table)

    # -- pieces ----------------------------------------------------------------------------------------------------

    def words(self, words: str, style: str) -> Any:
        return self.document.add_paragraph(words, style=style)

    def body(self, words: str) -> Any:
        made = self.words(words, "Body Text")
        self.indent(made, 14)
        return made

    def indent(self, paragraph: Any, size: float) -> None:
        """Two characters on the first line, as Chinese paragraphs have."""
        if self.is_zh:
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)

    def listed(self, name: str, words: str, *, size: float | None = None) -> None:
        self.mark(f"for one in {name}")
        number = "{{ loop.index }}．" if self.is_zh else "{{ loop.index }}. "
        made = self.words("" if size else number + words, "List Paragraph")
        if size:
            self.run(made, number + words, FANG, size if self.is_zh else 11)
        self.indent(made, size or 14)
        self.mark("endfor")

    def when_none(self, name: str) -> None:
        self.mark(f"if not {name}")
        self.body(self.say.nothing)
        self.mark("endif")

    def boxed(self, words: str) -> Any:
        made = self.words("", "No Spacing")
        made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(6)
        self.run(made, words, SONG, 10.5, bold=True)
        borders = OxmlElement("w:pBdr")
        for side in ("top", "left", "bottom", "right"):
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "6"), ("space", "4"), ("color", "555B61")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        made._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
        return made

    def mark(self, tag: str) -> None:
        """A mark of the template engine in a paragraph that vanishes."""
        self.words("{%p " + tag + " %}", "No Spacing")

    def row_mark(self, table: Any, tag: str) -> None:
        self.cell(table.add_row().cells[0], "{%tr " + tag + " %}")

    def grid(self, widths: Sequence[float], *, border: bool = True) -> Any:
        table = self.document.add_table(rows=0, cols=len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        if border:
            table.style = "Table Grid"
        _padded(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table

    def pairs(self, name: str, label: str, value: str) -> Any:
        table = self.grid(PAIR_MM)
        self.row_mark(table, f"for one in {name}")
        cells = table.add_row().cells
        _shaded(cells[0], "F1F4F6")
        self.cell(cells[0], label)
        self.cell(cells[1], value)
        self.row_mark(table, "endfor")
        return table

    def wide(self, table: Any, words: str, face: str, ground: str, *, bold: bool = False) -> None:
        cells = table.add_row().cells
        cell = cells[0].merge(cells[-1])
        _shaded(cell, ground)
        self.cell(cell, words, face, bold=bold)
        self.first(cell).paragraph_format.keep_with_next = True

    def cell(self, cell: Any, words: str, face: str = SONG, *, bold: bool = False, centred: bool = False) -> None:
        made = self.first(cell)
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        self.run(made, words, face, 9, bold=bold)

    def first(self, cell: Any) -> Any:
        made = cell.paragraphs[0]
        made.style = self.document.styles["No Spacing"]
        return made

    def more(self, cell: Any, name: str, words: str, *, colour: RGBColor | None = None) -> None:
        """A further paragraph of a cell, where there is something to say."""
        for tag in ("if", "", "endif"):
            made = cell.add_paragraph(style="No Spacing")
            self.run(made, ("{%p " + (f"if {name}" if tag == "if" else tag) + " %}") if tag else words, SONG, 9 if tag else 8.5, colour=colour)  # fmt: skip

    def run(self, paragraph: Any, words: str, face: str, size: float, *, bold: bool = False, colour: RGBColor | None = None) -> None:  # fmt: skip
        run = paragraph.add_run(words)
        _face(run._r.get_or_add_rPr(), face)
        run.font.size, run.font.bold = Pt(size), bold
        if colour is not None:
            run.font.color.rgb = colour

    def field(self, paragraph: Any, code: str) -> None:
        run = paragraph.add_run()
        _face(run._r.get_or_add_rPr(), SONG)
        run.font.size = Pt(12)
        for kind in ("begin", "", "end"):
            made = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                made.set(qn("w:fldCharType"), kind)
            else:
                made.text = code
            run._r.append(made)

    def finished(self) -> bytes:
        stated = self.document.core_properties
        stated.title, stated.author, stated.comments, stated.last_modified_by = "{{ title }}", "Three Lines", "", ""
        stated.created = stated.modified = datetime(2026, 11, 21)
        for part in self.document.part.package.iter_parts():
            if str(part.partname) == "/word/fontTable.xml":
                part._blob = _font_table()
        made = BytesIO()
        self.document.save(made)
        return repacked(made.getvalue())


def _face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", face)):
        fonts.set(qn(f"w:{name}"), value)


def _shaded(cell: Any, ground: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", ground)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _padded(table: Any) -> None:
    """Some room between the lines of a table and its words, in twentieths of a point."""
    room = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85)):
        made = OxmlElement(f"w:{side}")
        made.set(qn("w:w"), str(width))
        made.set(qn("w:type"), "dxa")
        room.append(made)
    table._tbl.tblPr.insert_element_before(room, "w:tblLook")


def _repeated(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))


def _keep(table: Any) -> None:
    """The rows of a small table on one page."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _font_table() -> bytes:
    """By which names the typefaces go elsewhere."""
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in FALLBACK.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="{space}">{listed}</w:fonts>'.encode()
    )


if __name__ == "__main__":
    main()

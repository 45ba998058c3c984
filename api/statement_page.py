"""一图一表一说明 as a page that stands alone: it prints on A4, needs no script and loads nothing from outside."""

from __future__ import annotations

from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.statements import Repeated, statement_of
from screening.words import Language, Text

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
LABELS: dict[str, Text] = {
    "title": Text("生态环境分区管控符合性说明", "Statement of conformity with zone control"),
    "form": Text("一图一表一说明", "One map, one table, one narrative"),
    "map": Text("一图：选址与管控单元、分区位置", "Map: the site over units and zones"),
    "table": Text("一表：符合性分析", "Table: conformity, clause by clause"),
    "narrative": Text("一说明：研判说明", "Narrative"),
    "places": Text("图中内容的文字说明", "The map in words"),
    "nowhere": Text("没有查到选址所在的单元或分区。", "No unit or zone was found at the site."),
    "conclusion": Text("研判结论", "Verdict"),
    "reasons": Text("决定性理由", "What decides"),
    "measures": Text("须做的事", "What to do"),
    "persons": Text("须由人员判断的事项", "What a person must decide"),
    "persons_none": Text("没有。", "Nothing."),
    "levels": Text("各层级", "Levels of the list"),
    "gaps": Text("无法核对的内容", "What could not be checked"),
    "remarks": Text("请人工核对的申报内容", "Declarations a person should look at"),
    "bases": Text("依据", "Legal bases"),
    "summary": Text("项目、成果与基准日", "Project, release and day"),
    "limits": Text("使用限制", "Limits of use"),
    "row_measure": Text("落实：", "To do: "),
    "row_basis": Text("依据：", "Basis: "),
    "not_weighed": Text("未计入研判结论", "no part of the verdict"),
    "number": Text("研判编号", "Screening"),
    "created": Text("研判时间", "Screened at"),
    "back": Text("返回研判页面", "Back to the screening"),
    "data": Text("本表数据", "The table as data"),
    "other": Text("English", "中文"),
    "differs": Text(
        "按本版软件重新计算的结果与当时保存的研判不一致，以签章文件为准；本页只供对照，请刷新研判后再用。",
        "Answered again by this version, the verdict is not the one that was kept. The sealed file counts; refresh the "
        "screening before you use this page.",
    ),
}
_PAGES = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def statement_page(found: Repeated, language: Language, *, linked: bool = True) -> str:
    """A whole HTML page.

    Args:
        found: The screening answered again.
        language: `zh` or `en`.
        linked: Whether to link the pages of the service; a file of its own has none.
    """
    told = statement_of(found, language)
    parts = [
        (section, [(group, list(rows)) for group, rows in groupby(of_section, key=lambda row: row.group)])
        for section, of_section in groupby(told.table.rows, key=lambda row: row.section_label)
    ]
    return _PAGES.get_template("statement.html").render(
        told=told,
        found=found,
        language=language,
        other="en" if language == "zh" else "zh",
        linked=linked,
        parts=parts,
        drawing=told.map,
        t={name: text.in_(language) for name, text in LABELS.items()},
    )

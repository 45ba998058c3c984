"""Writing the two workbooks of a delivery: the access list, and ceilings with objectives; the inverse of reading them.

Written cells read back as the same clauses and lines, row numbers included. Drop-downs hold the field's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from layers.quantities import CEILING_COLUMNS, CEILING_SHEET, OBJECTIVE_COLUMNS, OBJECTIVE_SHEET, RATIO_COLUMN
from layers.workbook import COLUMNS, OPTIONAL_COLUMNS, SHEETS
from screening.access import AccessList, Clause, Position, ZoneTrigger
from screening.conditions import Condition
from screening.model import Ceiling, Objective
from screening.terms import CONSTRUCTION, DIMENSION, EFFECT, LEVEL, POSITION, REALM, ZONE_CLASS
from screening.words import Text

ALL_COLUMNS = (*COLUMNS, *OPTIONAL_COLUMNS)
FIRST_ROW = 2  # of a sheet whose header is in row 1, as spreadsheet programs count
EMPTY_ROWS = 500  # below the last clause, so that drop-downs are there for new ones
WIDE = frozenset(
    {"管控要求", "管控要求（英文）", "空间条件", "适用条件", "满足条件", "例外条件", "依据（现行）", "依据（原）"}
)
YES_NO = ("是", "否")
CHOICES: Mapping[str, Sequence[str]] = {
    "层级": [text.zh for text in LEVEL.values()],
    "管控维度": [text.zh for text in DIMENSION.values()],
    "管控效力": [text.zh for text in EFFECT.values()],
    "陆海": [text.zh for text in REALM.values()],
    "原则性": YES_NO,
    "核实": YES_NO,
}
NOTES: Mapping[str, Text] = {
    "条款编号": Text("全清单唯一。", "Unique in the whole list."),
    "层级": Text("国家、省、经济圈、市、单元类别、单元。", "From the nation to one unit."),
    "适用单元编码": Text("留空不限；多个用“；”分隔；单元层级必填。", "Blank: any; several separated by ；."),
    "适用单元类别": Text("优先保护、重点管控、一般管控；多个用“；”分隔；留空不限。", "Classes meant; blank: any."),
    "适用区县": Text("名称或代码；多个用“；”分隔；留空不限。", "Names or codes; blank: any."),
    "陆海": Text("留空为陆海均适用。", "Blank: both."),
    "管控要求": Text("公布的原文，一字不改。", "The wording as published."),
    "管控效力": Text(
        "机器读不了的原文选“人工判读”，结论即为无法判定。", "人工判读 where no machine can read the wording."
    ),
    "行业（含）": Text("GB/T 4754 代码，任一级；多个用“；”分隔；留空为全部行业。", "Codes at any level; blank: all."),
    "行业（除外）": Text("从“含”中除去的代码。", "Codes taken out again."),
    "建设性质": Text("新建、改建、扩建、技术改造；多个用“；”分隔；留空不限。", "Kinds of construction; blank: all."),
    "空间条件": Text(
        "图层名[细类|细类] 区内 / 区外 / 周边 300（米）；{名称=甲} 指定个别分区；多个用“；”分隔，须在选址同一处同时满足。",
        "layer[sub-type|sub-type] 区内, 区外 or 周边 300 (metres); {名称=A} means one zone; several must all hold in one place.",
    ),
    "适用条件": Text(
        "对申报事实的条件；满足时条款才适用。", "A condition over declared facts for the clause to speak."
    ),
    "满足条件": Text("证明要求已满足的条件。", "A condition that shows the requirement met."),
    "例外条件": Text("“除非……”：成立时不再禁止。", "“unless …”."),
    "替代要求": Text(
        "申报项和倍数，如“挥发性有机物年排放量 2”；多个用“；”分隔。",
        "Declared amounts and ratios, as in “vocs_t_per_year 2”.",
    ),
    "例外于条款": Text(
        "仅“允许”类：本条成立时，所列编号的条款不再禁止。",
        "Permissions only: ids of clauses it takes the project out of.",
    ),
    "原则性": Text("原文写“原则上”的填“是”，由人判断。", "是 where the wording says “in principle”."),
    "现行依据起始日": Text("此日之前引用“依据（原）”。", "Before this day the old basis is cited."),
    "生效日期": Text("首日，如 2026-07-01。", "First day, ISO date."),
    "失效日期": Text("末日；留空为长期。", "Last day; blank while open."),
    "核实": Text("对照正式文本核过的填“是”。", "是 once checked against the official text."),
}


def write_access_list(access_list: AccessList, layer_names: Mapping[str, str], path: Path) -> None:
    """The list as a workbook, each clause on the sheet and row it came from.

    Args:
        access_list: May be empty: what is written then is a template.
        layer_names: Chinese name by layer id, as the column 空间条件 spells it.
        path: The `.xlsx` to write.
    """
    with xlsxwriter.Workbook(str(path)) as book:
        add_list_sheets(book, access_list, layer_names)


def add_list_sheets(book: xlsxwriter.Workbook, access_list: AccessList, layer_names: Mapping[str, str]) -> None:
    """The sheets of a list, added to a workbook that may hold others beside them; each clause on its sheet and row."""
    placed: dict[str, dict[int, Clause]] = {sheet: {} for sheet in SHEETS}
    for clause in access_list.clauses:
        on, _, row = clause.row.rpartition("!")
        placed[on][int(row)] = clause
    for name, clauses in placed.items():
        sheet = book.add_worksheet(name)
        first = min(clauses, default=FIRST_ROW)
        last = max(clauses, default=FIRST_ROW)
        _head(book, sheet, ALL_COLUMNS, first - 2)
        _choices(sheet, first, last + EMPTY_ROWS)
        for number, clause in clauses.items():
            _row(sheet, number - 1, ALL_COLUMNS, clause_cells(clause, layer_names))


def write_quantities(ceilings: Iterable[Ceiling], objectives: Iterable[Objective], path: Path) -> None:
    """Ceilings and objectives as a workbook."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, columns, rows in (
            (CEILING_SHEET, CEILING_COLUMNS, [_ceiling_cells(one) for one in ceilings]),
            (OBJECTIVE_SHEET, (*OBJECTIVE_COLUMNS, RATIO_COLUMN), [_objective_cells(one) for one in objectives]),
        ):
            sheet = book.add_worksheet(name)
            _head(book, sheet, columns, 0)
            for number, cells in enumerate(rows, start=1):
                _row(sheet, number, columns, cells)


def clause_cells(clause: Clause, layer_names: Mapping[str, str]) -> dict[str, str]:
    """A clause as the words of its row, by column."""
    scope = clause.scope
    return {
        "条款编号": clause.id,
        "层级": LEVEL[clause.level].zh,
        "适用单元编码": "；".join(sorted(scope.units)),
        "适用单元类别": "；".join(ZONE_CLASS[cls].zh for cls in sorted(scope.classes)),
        "适用区县": "；".join(sorted(scope.districts)),
        "陆海": REALM[scope.realm].zh,
        "管控维度": DIMENSION[clause.dimension].zh,
        "管控要求": clause.wording.zh,
        "管控要求（英文）": clause.wording.en,
        "管控效力": EFFECT[clause.effect].zh,
        "行业（含）": "；".join(sorted(clause.industries.include)),
        "行业（除外）": "；".join(sorted(clause.industries.exclude)),
        "建设性质": "；".join(CONSTRUCTION[one].zh for one in CONSTRUCTION if one in clause.construction),
        "空间条件": "；".join(_trigger(one, layer_names) for one in scope.zones),
        "适用条件": _condition(clause.applies_when),
        "满足条件": _condition(clause.satisfied_when),
        "例外条件": _condition(clause.excepted_when),
        "替代要求": "；".join(f"{one.fact} {_number(one.ratio)}" for one in clause.replacements),
        "例外于条款": "；".join(sorted(clause.exempts)),
        "原则性": "是" if clause.in_principle else "否",
        "依据（现行）": clause.basis,
        "依据（原）": clause.basis_old,
        "现行依据起始日": _day(clause.basis_since),
        "生效日期": _day(clause.valid_from),
        "失效日期": _day(clause.valid_to),
        "核实": "是" if clause.verified else "否",
    }


def _ceiling_cells(line: Ceiling) -> dict[str, str]:
    return {
        "编码": line.holder,
        "名称": line.holder_name,
        "资源类型": line.resource.zh,
        "指标": line.metric,
        "上限": _number(line.cap),
        "已用": _number(line.used),
        "单位": line.unit,
        "年份": str(line.year),
        "超限效力": EFFECT[line.effect].zh,
        "要求原文": line.wording,
        "依据": line.basis,
        "核实": "是" if line.verified else "否",
    }


def _objective_cells(line: Objective) -> dict[str, str]:
    return {
        "编码": line.holder,
        "名称": line.holder_name,
        "要素": line.element.zh,
        "指标": line.metric,
        "目标": line.target_text,
        "现状": line.state_text,
        "单位": line.unit,
        "年份": str(line.year),
        "未达标效力": EFFECT[line.effect].zh,
        "要求原文": line.wording,
        "依据": line.basis,
        "核实": "是" if line.verified else "否",
        "未达标替代倍数": _number(line.replacement_ratio),
    }


def _head(book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[str], row: int) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, 42 if column in WIDE else 14, wrapped)
        sheet.write_string(row, number, column, bold)
        if column in NOTES:
            note = NOTES[column]
            sheet.write_comment(row, number, f"{note.zh}\n{note.en}", {"x_scale": 2})
    sheet.freeze_panes(row + 1, 1)


def _choices(sheet: Worksheet, first: int, last: int) -> None:
    for column, words in CHOICES.items():
        number = COLUMNS.index(column)
        sheet.data_validation(first - 1, number, last - 1, number, {"validate": "list", "source": list(words)})


def _row(sheet: Worksheet, row: int, columns: Sequence[str], cells: Mapping[str, str]) -> None:
    for number, column in enumerate(columns):
        if cells.get(column):
            sheet.write_string(row, number, cells[column])


def _trigger(trigger: ZoneTrigger, layer_names: Mapping[str, str]) -> str:
    subtypes = f"[{'|'.join(sorted(trigger.subtypes))}]" if trigger.subtypes else ""
    pairs = "，".join(f"{name}={'|'.join(sorted(values))}" for name, values in trigger.attributes)
    attributes = f"{{{pairs}}}" if pairs else ""
    metres = f" {_number(trigger.distance_m)}" if trigger.position is Position.NEAR else ""
    return f"{layer_names.get(trigger.layer_id, trigger.layer_id)}{subtypes}{attributes} {POSITION[trigger.position].zh}{metres}"


def _condition(condition: Condition | None) -> str:
    return condition.expression if condition else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if number.is_integer() else f"{Decimal(repr(number)):f}"

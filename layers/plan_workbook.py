"""The answer to a plan as a workbook: its tables to read, and its draft list on the sheets of a delivery."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from layers.workbook_writer import add_list_sheets
from screening.plan_list import DraftList
from screening.plan_words import ToldArea, ToldPlan
from screening.words import Text

PARK_LAYER = "park"
WIDTH = 22
SHEET_NAMES: Mapping[str, Text] = {
    "about": Text("说明", "About"),
    "areas": Text("面积占比", "Shares"),
    "matrix": Text("行业与分区", "Industries and parts"),
    "clauses": Text("涉及条款", "Clauses"),
    "draft": Text("草案", "Draft list"),
    "duties": Text("规划层面要求", "Duties of the plan"),
}
HEADS: Mapping[str, Sequence[Text]] = {
    "areas": (Text("类别", "Kind"), Text("名称", "Name"), Text("规划全部", "Whole plan")),
    "matrix": (Text("行业代码", "Code"), Text("行业", "Industry")),
    "clauses": (
        Text("条款编号", "Clause"),
        Text("层级", "Level"),
        Text("管控维度", "Dimension"),
        Text("管控效力", "Effect"),
        Text("管控要求", "Wording"),
        Text("禁止", "Stops"),
        Text("无法判定", "Leaves open"),
        Text("有条件", "Conditions"),
        Text("占规划面积", "Share of the plan"),
        Text("依据", "Basis"),
    ),
    "draft": (
        Text("分区", "Part"),
        Text("行业代码", "Code"),
        Text("行业", "Industry"),
        Text("准入意见（草案）", "Admission (draft)"),
        Text("依据条款及原文", "Clauses and wording"),
        Text("已核对条款", "Clauses checked"),
    ),
    "duties": (
        Text("管控维度", "Dimension"),
        Text("结果", "Outcome"),
        Text("要求", "Requirement"),
        Text("适用处", "Where"),
        Text("依据", "Basis"),
    ),
}
ABOUT_LIST = Text(
    "“总体清单”“陆域单元清单”“海域单元清单”三张表是交付所用的清单格式：把其中各行并入所在城市的清单，"
    "并在“产业园区”图层中以下列名称交付各分区的边界，即可用“threelines release check”核对。未见限制的行不写入清单。",
    "The three list sheets are in the format of a delivery: put their rows into the city's list, deliver the parts as zones "
    "of the layer of parks under the names below, and check with “threelines release check”. Rows without a restriction "
    "are no clauses.",
)
ZONE_NAME = Text("分区“{part}”的图层名称", "Zone name of part “{part}”")
NO_PARK_LAYER = Text(
    "本辖区没有产业园区图层：清单各行对所在单元整体适用，比规划范围宽，交付前须由人收窄。",
    "This jurisdiction has no layer of parks: the rows speak for whole units, wider than the plan; narrow them by hand.",
)
UNPLACED = Text(
    "分区“{part}”不在任何管控单元内，无法写成单元清单条款。",
    "Part “{part}” lies in no control unit, so it has no clauses of the unit level.",
)


def plan_workbook(told: ToldPlan, draft: DraftList, layer_names: Mapping[str, str]) -> bytes:
    """The workbook of an answer.

    Args:
        told: The answer in the language of the tables; the list sheets hold both languages.
        draft: Its draft list.
        layer_names: Chinese name by layer id, as the list's column 空间条件 spells it.
    """
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _about(book, told, draft, has_park=PARK_LAYER in layer_names)
        _table(book, told, "areas", _area_rows(told), more=told.parts)
        _table(book, told, "matrix", _matrix_rows(told), more=told.parts)
        _table(book, told, "clauses", _clause_rows(told))
        _table(book, told, "draft", _draft_rows(told))
        _table(book, told, "duties", _duty_rows(told))
        add_list_sheets(book, draft.access_list, layer_names)
    return held.getvalue()


def _about(book: xlsxwriter.Workbook, told: ToldPlan, draft: DraftList, *, has_park: bool) -> None:
    def say(text: Text, **words: str) -> str:
        return text.filled(**words).in_(told.language)

    sheet = book.add_worksheet(say(SHEET_NAMES["about"]))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 30, wrapped)
    sheet.set_column(1, 1, 100, wrapped)
    sheet.write_string(0, 0, told.name, bold)
    sheet.write_string(0, 1, told.draft_title, bold)
    rows = [("", told.notice)] if told.notice else []
    rows += [(one.label, one.value) for one in told.summary]
    rows += [("", words) for words in (*told.overlaps, *told.limits)]
    rows += [(one.source.title, f"{one.source.reason} {', '.join(one.parts)}") for one in told.gaps]
    rows.append(("", say(ABOUT_LIST) if has_park else say(NO_PARK_LAYER)))
    rows += [(say(ZONE_NAME, part=part), name) for part, name in draft.zone_names.items() if has_park]
    rows += [("", say(UNPLACED, part=part)) for part in draft.unplaced]
    for number, (label, value) in enumerate(rows, start=1):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, value)


def _table(
    book: xlsxwriter.Workbook, told: ToldPlan, name: str, rows: Iterable[Sequence[str]], more: Sequence[str] = ()
) -> None:
    sheet = book.add_worksheet(SHEET_NAMES[name].in_(told.language))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True})
    body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    columns = [text.in_(told.language) for text in HEADS[name]] + list(more)
    sheet.set_column(0, len(columns) - 1, WIDTH)
    sheet.freeze_panes(1, 1)
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, head)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, body)


def _area_rows(told: ToldPlan) -> list[list[str]]:
    return [_area_row(one) for one in told.areas]


def _area_row(one: ToldArea) -> list[str]:
    return [one.kind, one.name, one.whole.words, *(cover.words for cover in one.parts)]


def _matrix_rows(told: ToldPlan) -> list[list[str]]:
    return [
        [row.code, row.name, *(f"{cell.outcome_label}\n{cell.because}".strip() for cell in row.cells)]
        for row in told.matrix
    ]


def _clause_rows(told: ToldPlan) -> list[list[str]]:
    return [
        [
            one.id,
            one.level,
            one.dimension,
            one.effect,
            one.wording,
            "\n".join(one.stops),
            "\n".join(one.leaves_open),
            "\n".join(one.conditions),
            one.cover.words,
            one.basis,
        ]
        for one in told.clauses
    ]


def _draft_rows(told: ToldPlan) -> list[list[str]]:
    return [
        [
            row.part,
            row.code,
            row.industry,
            row.admission,
            "\n".join([f"〔{one.outcome_label}〕{one.title}" for one in row.sources] or [row.text]),
            " ".join(row.checked),
        ]
        for row in told.draft
    ]


def _duty_rows(told: ToldPlan) -> list[list[str]]:
    return [
        [group.label, one.source.outcome_label, one.source.title, "\n".join(one.places), one.source.basis]
        for group in told.duties
        for one in group.duties
    ]

"""The demonstration access list, "1 + 146 + 63", in the workbook a city would deliver.

Sheet 总体清单 holds the levels from nation to unit class (`clauses.toml`); the other two hold, for every control unit,
four requirements made from its class by a fixed pattern. Everything is marked as demonstration.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import xlsxwriter

COLUMNS = {
    "id": "条款编号",
    "level": "层级",
    "units": "适用单元编码",
    "classes": "适用单元类别",
    "districts": "适用区县",
    "realm": "陆海",
    "dim": "管控维度",
    "text": "管控要求",
    "text_en": "管控要求（英文）",
    "effect": "管控效力",
    "include": "行业（含）",
    "exclude": "行业（除外）",
    "kinds": "建设性质",
    "zones": "空间条件",
    "applies": "适用条件",
    "satisfied": "满足条件",
    "excepted": "例外条件",
    "principle": "原则性",
    "basis": "依据（现行）",
    "basis_old": "依据（原）",
    "since": "现行依据起始日",
    "from": "生效日期",
    "to": "失效日期",
    "verified": "核实",
}
TITLE = "青岛市生态环境准入清单（示例数据 · demonstration，不是正式成果）"
HEADER_ROW = 1
WIDE = {"管控要求", "管控要求（英文）", "适用条件", "满足条件", "例外条件"}
BASIS = "青岛市生态环境准入清单（示例）"
ClauseRow = dict[str, str]


def write_access_list(units_land: gpd.GeoDataFrame, units_sea: gpd.GeoDataFrame, path: Path) -> int:
    """Write the workbook and return its number of clauses.

    Args:
        units_land: Columns HJGKDYBM, HJGKDYMC, GKDYFL, as delivered.
        units_sea: Likewise.
        path: The `.xlsx` to write.
    """
    sheets = {
        "总体清单": list(general_clauses()),
        "陆域单元清单": list(_unit_clauses(units_land, _land_pattern)),
        "海域单元清单": list(_unit_clauses(units_sea, _sea_pattern)),
    }
    write_workbook(sheets, path)
    return sum(len(rows) for rows in sheets.values())


def general_clauses() -> Iterator[ClauseRow]:
    """Rows of 总体清单."""
    with Path(__file__).with_name("clauses.toml").open("rb") as opened:
        table = tomllib.load(opened)
    for clause in table["clause"]:
        yield {key: _words(value) for key, value in {**table["defaults"], **clause}.items()}


def write_workbook(sheets: dict[str, list[ClauseRow]], path: Path) -> None:
    """Sheets of clause rows in official style: title, header, one clause a row, panes frozen."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bg_color": "#D9E8DC", "border": 1, "text_wrap": True})
        body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, TITLE, title)
            for column, label in enumerate(COLUMNS.values()):
                sheet.write_string(HEADER_ROW, column, label, head)
                sheet.set_column(column, column, 44 if label in WIDE else 16)
            for number, row in enumerate(rows, start=HEADER_ROW + 1):
                for column, key in enumerate(COLUMNS):
                    sheet.write_string(number, column, row.get(key, ""), body)
            sheet.freeze_panes(HEADER_ROW + 1, 1)
            sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rows), len(COLUMNS) - 1)


def _unit_clauses(units: gpd.GeoDataFrame, pattern: dict[str, list[ClauseRow]]) -> Iterator[ClauseRow]:
    for unit in units.sort_values("HJGKDYBM").itertuples(index=False):
        code, cls = str(unit.HJGKDYBM), str(unit.GKDYFL)[:2]
        for number, clause in enumerate(pattern[cls], start=1):
            yield {
                "id": f"DEMO-{code}-{number}",
                "level": "单元",
                "units": code,
                "basis": BASIS,
                "from": "2023-12-01",
                "verified": "否",
                **clause,
            }


def _words(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


_PLAN_EMERGENCY: ClauseRow = {
    "dim": "环境风险防控",
    "effect": "要求",
    "applies": "handles_hazardous_chemicals",
    "satisfied": "emergency_plan",
    "include": "C；G59",
    "text": "涉危险化学品的企业须编制突发环境事件应急预案。",
    "text_en": "Enterprises with hazardous chemicals draw up an emergency plan.",
}
_land_pattern: dict[str, list[ClauseRow]] = {
    "优先": [
        {
            "dim": "空间布局约束",
            "effect": "禁止",
            "kinds": "新建；扩建",
            "include": "C25；C26；C30；C31；C32；D4411",
            "text": "禁止新建、扩建石化、化工、建材、冶炼、火电等高污染项目。",
            "text_en": "No new or expanded petrochemical, chemical, building-material, smelting or power plants.",
        },
        {
            "dim": "污染物排放管控",
            "effect": "禁止",
            "applies": "direct_discharge",
            "text": "禁止新建直接排入外环境的排污口。",
            "text_en": "No new outfall straight to water bodies.",
        },
        _PLAN_EMERGENCY,
        {
            "dim": "资源利用效率要求",
            "effect": "要求",
            "include": "B；C；D；E；K",
            "text": "严格控制新增建设用地，优先利用存量。",
            "text_en": "New building land is kept short; land already built on comes first.",
        },
    ],
    "重点": [
        {
            "dim": "空间布局约束",
            "effect": "鼓励",
            "include": "C34；C35；C38；C39；C40",
            "text": "鼓励发展装备制造、电子信息等先进制造业。",
            "text_en": "Advanced manufacturing is encouraged.",
        },
        {
            "dim": "污染物排放管控",
            "effect": "禁止",
            "applies": "direct_discharge",
            "include": "C",
            "text": "工业废水不得直接排入外环境。",
            "text_en": "Industrial waste water must not go straight to water bodies.",
        },
        _PLAN_EMERGENCY,
        {
            "dim": "资源利用效率要求",
            "effect": "要求",
            "include": "C；D",
            "text": "单位产品能耗、水耗须达到国内先进水平。",
            "text_en": "Energy and water per product at the advanced national level.",
        },
    ],
    "一般": [
        {
            "dim": "空间布局约束",
            "effect": "允许",
            "text": "符合国土空间规划和一般性准入要求的项目可以布局。",
            "text_en": "Projects that agree with the territorial plan and the general requirements may be located here.",
        },
        {
            "dim": "污染物排放管控",
            "effect": "要求",
            "include": "A03；C13；C14",
            "text": "养殖、食品加工废水须经处理达标后利用或排放。",
            "text_en": "Waste water of farms and food works is treated before use or discharge.",
        },
        _PLAN_EMERGENCY,
        {
            "dim": "资源利用效率要求",
            "effect": "要求",
            "include": "C；D",
            "text": "提高水资源重复利用率。",
            "text_en": "Water is reused as far as possible.",
        },
    ],
}
_sea_pattern: dict[str, list[ClauseRow]] = {
    "优先": [
        {
            "dim": "空间布局约束",
            "effect": "禁止",
            "include": "B；C；D44；E48；G55",
            "excepted": "national_major_project",
            "text": "禁止改变海域自然属性的开发活动。",
            "text_en": "Nothing that changes the natural character of the sea.",
        },
        {
            "dim": "污染物排放管控",
            "effect": "禁止",
            "applies": "direct_discharge",
            "text": "禁止新设入海排污口。",
            "text_en": "No new outfall to the sea.",
        },
    ],
    "重点": [
        {
            "dim": "空间布局约束",
            "effect": "有条件",
            "include": "E48；G55；A0411",
            "satisfied": "national_major_project",
            "principle": "是",
            "text": "港口航运和工程用海原则上限于国家批准的区域。",
            "text_en": "Ports and works at sea keep, in principle, to areas approved by the State.",
        },
        {
            "dim": "污染物排放管控",
            "effect": "有条件",
            "applies": "direct_discharge",
            "satisfied": "replacement_confirmed",
            "text": "入海排污须落实总氮等污染物总量控制。",
            "text_en": "Discharge to the sea is subject to total control of nitrogen and others.",
        },
    ],
    "一般": [
        {
            "dim": "空间布局约束",
            "effect": "允许",
            "text": "符合海洋功能区划的用海活动可以开展。",
            "text_en": "Uses that agree with the zoning of the sea may take place.",
        },
        {
            "dim": "污染物排放管控",
            "effect": "要求",
            "include": "A04",
            "text": "养殖尾水须达标排放。",
            "text_en": "Aquaculture tail water meets its standard.",
        },
    ],
}

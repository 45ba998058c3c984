"""Ceilings of resource use (资源利用上线) and environmental objectives (环境质量目标), all made up but of the right size."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import xlsxwriter

from sample_data.noise import random_numbers

Row = list[str | float | int]
CEILING_COLUMNS = [
    "编码",
    "名称",
    "资源类型",
    "指标",
    "上限",
    "已用",
    "单位",
    "年份",
    "超限效力",
    "要求原文",
    "依据",
    "来源",
    "核实",
]
OBJECTIVE_COLUMNS = [
    "编码",
    "名称",
    "要素",
    "指标",
    "目标",
    "现状",
    "单位",
    "年份",
    "未达标效力",
    "要求原文",
    "依据",
    "来源",
    "核实",
]
YEAR = 2025
CITY_TOTALS = {
    "水资源": (121_100.0, "用水总量", "万m3/a"),
    "能源": (46_000_000.0, "能源消费总量", "tce/a"),
    "煤炭": (14_500_000.0, "煤炭消费总量", "t/a"),
    "建设用地": (242_000.0, "建设用地总规模", "hm2"),
}
"""Water: 12.11 × 10⁸ m³ is the published cap of the city for 2025; the other totals are only of that order."""
SHARES = {
    "370202": (0.045, 0.050, 0.020, 0.012),
    "370203": (0.075, 0.065, 0.060, 0.026),
    "370211": (0.270, 0.330, 0.420, 0.245),
    "370212": (0.055, 0.055, 0.015, 0.050),
    "370213": (0.060, 0.070, 0.085, 0.036),
    "370214": (0.110, 0.110, 0.090, 0.110),
    "370215": (0.115, 0.095, 0.080, 0.160),
    "370281": (0.100, 0.090, 0.090, 0.125),
    "370283": (0.105, 0.080, 0.085, 0.150),
    "370285": (0.065, 0.055, 0.055, 0.086),
}
"""Each district's part of water, energy, coal and building land."""
NEARLY_SPENT = {("370213", "煤炭"): 0.985, ("370281", "水资源"): 0.972, ("370202", "建设用地"): 0.995}
SPENT_BY_PLACE = {
    ("泊里镇重点", "煤炭"): 0.970,
    ("新河化工", "水资源"): 0.970,
    ("蓝村街道", "建设用地"): 0.968,
    ("莱西经济开发区", "能源"): 0.975,
    ("明村镇", "煤炭"): 1.043,
}
"""Units with little left; 明村镇 is already over its cap."""
MOST_BUILT = 0.7
"""Share of a unit that building land may take; 1 km² is 100 hm²."""
BASIS, SOURCE, UNVERIFIED = "示例数据，无依据文号", "示例数据 · demonstration", "否"
WATER_TARGETS = ("Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ")


def district_ceilings(districts: gpd.GeoDataFrame) -> list[Row]:
    """Four ceilings per district; they add up to the totals of the city."""
    rows: list[Row] = []
    draws = random_numbers(len(districts) * 4, 130)
    for number, place in enumerate(districts.sort_values("XZQDM").itertuples()):
        for position, (kind, (total, name, unit)) in enumerate(CITY_TOTALS.items()):
            cap = _rounded(total * SHARES[place.XZQDM][position])
            used = NEARLY_SPENT.get((place.XZQDM, kind), 0.78 + 0.14 * draws[4 * number + position])
            rows.append(_ceiling(place.XZQDM, place.XZQMC, kind, name, cap, _rounded(cap * used), unit))
    return rows


def unit_ceilings(units: gpd.GeoDataFrame) -> list[Row]:
    """Four ceilings per key unit: its part of its district, by area and activity."""
    rows: list[Row] = []
    key = units[units["GKDYFL"] == "重点管控"].sort_values("HJGKDYBM")
    draws = random_numbers(len(key) * 8, 131)
    weights = np.sqrt(key["MJ_KM2"].to_numpy()) * (
        1.0 + 2.0 * key["HJGKDYMC"].str.contains("园|开发区|产业").to_numpy()
    )
    districts = key["HJGKDYBM"].str[2:8].to_numpy()
    for number, place in enumerate(key.itertuples()):
        peers = weights[districts == districts[number]].sum()
        part = 0.72 * weights[number] / peers
        for position, (kind, (total, name, unit)) in enumerate(CITY_TOTALS.items()):
            spread = 0.85 + 0.3 * draws[8 * number + position]
            cap = total * SHARES[districts[number]][position] * part * spread
            if kind == "建设用地":
                cap = min(cap, MOST_BUILT * place.MJ_KM2 * 100.0)
            cap = _rounded(cap)
            used = _used_share(place.HJGKDYMC, kind, 0.62 + 0.30 * draws[8 * number + 4 + position])
            rows.append(_ceiling(place.HJGKDYBM, place.HJGKDYMC, kind, name, cap, _rounded(cap * used), unit))
    return rows


def _used_share(name: str, kind: str, usual: float) -> float:
    for (part, of), share in SPENT_BY_PLACE.items():
        if part in name and of == kind:
            return share
    return usual


def _rounded(value: float) -> float:
    """Four significant digits, as such tables are written."""
    digits = 3 - int(np.floor(np.log10(abs(value))))
    return float(round(value, digits))


def _ceiling(code: str, place: str, kind: str, name: str, cap: float, used: float, unit: str) -> Row:
    text = f"{place}{YEAR}年{name}控制在{cap:g}{unit}以内（示例数据）。"
    return [code, place, kind, name, cap, used, unit, YEAR, "禁止", text, BASIS, SOURCE, UNVERIFIED]


def water_objectives(water: gpd.GeoDataFrame) -> list[Row]:
    """Target and present class of every water zone; farming and industry zones often miss theirs."""
    rows: list[Row] = []
    ordered = water.sort_values("HJYSGKFQBM")
    draws = random_numbers(len(ordered) * 2, 132)
    for number, zone in enumerate(ordered.itertuples()):
        target = 0 if zone.GKDYFL == "优先保护" else 2 if "工业" in zone.YSXL or "城镇" in zone.YSXL else 1
        misses = draws[2 * number] < (0.35 if "农业" in zone.YSXL or "工业" in zone.YSXL else 0.12)
        better = draws[2 * number + 1] < 0.25 and target > 0
        state = target + 1 if misses else target - 1 if better else target
        goal, now = WATER_TARGETS[target], WATER_TARGETS[state]
        text = f"{zone.HJYSGKFQMC}{YEAR}年水质达到{goal}类（示例数据）。"
        rows.append(
            [
                zone.HJYSGKFQBM,
                zone.HJYSGKFQMC,
                "水",
                "水质类别",
                goal,
                now,
                "类",
                YEAR,
                "有条件",
                text,
                BASIS,
                SOURCE,
                UNVERIFIED,
            ]
        )
    return rows


def air_objectives(districts: gpd.GeoDataFrame) -> list[Row]:
    """Annual mean of PM2.5 per district: 30 µg/m³ is the target, three districts are above it."""
    now = {
        "370202": 25,
        "370203": 27,
        "370211": 28,
        "370212": 23,
        "370213": 28,
        "370214": 29,
        "370215": 29,
        "370281": 32,
        "370283": 34,
        "370285": 31,
    }
    rows: list[Row] = []
    for place in districts.sort_values("XZQDM").itertuples():
        text = f"{place.XZQMC}{YEAR}年PM2.5年均浓度不高于30μg/m3（示例数据）。"
        rows.append(
            [
                place.XZQDM,
                place.XZQMC,
                "大气",
                "PM2.5年均",
                30,
                now[place.XZQDM],
                "μg/m3",
                YEAR,
                "有条件",
                text,
                BASIS,
                SOURCE,
                UNVERIFIED,
            ]
        )
    return rows


def write_lines(frames: dict[str, gpd.GeoDataFrame], path: Path) -> None:
    """Writes the workbook 资源上线与环境目标.xlsx."""
    ceilings = district_ceilings(frames["district"]) + unit_ceilings(frames["unit_land"])
    objectives = water_objectives(frames["water"]) + air_objectives(frames["district"])
    with xlsxwriter.Workbook(str(path)) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        for name, columns, rows in (
            ("资源利用上线", CEILING_COLUMNS, ceilings),
            ("环境质量目标", OBJECTIVE_COLUMNS, objectives),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, columns, head)
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, row)
            sheet.freeze_panes(1, 2)
            sheet.set_column(0, 0, 18)
            sheet.set_column(1, 1, 38)
            sheet.set_column(9, 9, 60)

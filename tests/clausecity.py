"""The small city with every zone the representative clauses speak about, and their rows as a workbook.

Added to `tests/smallcity.py`: a scenic area, a marine park, a built-up area, ranges in view of main roads, two more
parks, zones of all kinds of air, water and soil, and the attributes by which clauses tell zones of one kind apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import shapely

from layers.delivery import Delivery, read_delivery
from layers.workbook_writer import write_access_list
from screening.access import AccessList
from tests.smallcity import Rows, SmallCity, box, default_layers, zone

GOLDEN: dict[str, Any] = tomllib.loads((Path(__file__).parent / "golden" / "clauses.toml").read_text(encoding="utf-8"))
ROWS: tuple[dict[str, str], ...] = tuple(row for clause in GOLDEN["clause"] for row in clause["rows"])
GENERAL_SHEET = "总体清单"
MORE_LAYERS = """
[[layer]]
id = "{id}"
name_zh = "{name}"
name_en = "{id}"
role = "special"
realm = "land"
required = false
tiles = false
nearest_m = 0
needs_clause = false
"""


def clause_layers() -> dict[str, Rows]:
    """Layers of the variant by id, columns as delivered."""
    layers = default_layers()
    land = box(0, 0, 20, 20)
    for row in layers["unit_land"]:
        row["重金属重点区域"] = "是" if row["HJGKDYMC"] == "西南重点" else "否"
    for row in layers["district"]:
        row["大气重点区域"] = "是" if row["XZQMC"] == "胶州市" else "否"
    layers["water"] = [
        zone("YS3702112210001", "工业水区", "工业污染", box(0, 0, 10, 10)),
        {**zone("YS3702812230001", "城镇水区", "城镇生活污染", box(10, 10, 15, 20)), "超标因子": "氨氮"},
        {**zone("YS3702812220001", "农业水区", "农业污染", box(15, 10, 20, 20)), "区域限批": "是"},
        zone("YS3702113290001", "一般水区", "一般管控区", box(10, 0, 20, 10)),
        zone("YS3702811200001", "优先水区", "优先保护区", box(0, 10, 10, 20)),
    ]
    layers["air"] = [
        zone("YS3702112310001", "南高排放区", "高排放", box(0, 0, 5, 10)),
        zone("YS3702112320001", "布局敏感区", "布局敏感", box(5, 0, 10, 5)),
        zone("YS3702112330001", "弱扩散区", "弱扩散", box(5, 5, 10, 10)),
        zone("YS3702812340001", "城区", "受体敏感", box(10, 10, 15, 20)),
        zone("YS3702812310001", "北高排放区", "高排放", box(15, 10, 20, 20)),
        zone("YS3702113390001", "其他", "一般管控区", shapely.union(box(10, 0, 20, 10), box(0, 10, 10, 20))),
    ]
    plant, plot, fields = box(8, 0, 10, 2), box(6, 0, 8, 2), box(12, 0, 20, 2)
    rest = shapely.difference(land, shapely.union_all([plant, plot, fields]))
    layers["soil"] = [
        {**zone("YS3702112420001", "旧厂", "建设用地污染风险", plant), "名录": "是"},
        {**zone("YS3702112420002", "旧仓库", "建设用地污染风险", plot), "名录": "否"},
        zone("YS3702111410001", "基本农田", "农用地优先保护区", fields),
        zone("YS3702113490001", "其他", "一般管控区", rest),
    ]
    layers["resource"][1]["开采管控"] = "超采区"
    layers["resource"].append(
        {**zone("YS3702112520002", "禁采区", "地下水开采", box(0, 4, 2, 6)), "开采管控": "禁采区"}
    )
    layers["protected_area"] += [
        {"名称": "北海岸风景名胜区", "类型": "风景名胜区", "分区": "一般景区", "geometry": box(0, 18, 2, 20)},
        {"名称": "北海海洋公园", "类型": "海洋自然公园", "分区": "一般控制区", "geometry": box(26, 12, 28, 14)},
    ]
    layers["park"] = [
        _park("P1", "西化工园", "化工园区", box(2, 2, 6, 6), accredited="省级", assessed="有"),
        _park("P2", "董家口经济区", "经济区", box(0, 7, 2, 9), accredited="", assessed="有"),
    ]
    layers["built_up"] = [{"名称": "胶州建成区", "geometry": box(12, 12, 14, 14)}]
    layers["visible_range"] = [{"名称": "环山公路可视范围", "geometry": box(8, 12, 9, 19)}]
    return layers


def _park(code: str, name: str, kind: str, shape: Any, *, accredited: str, assessed: str) -> dict[str, Any]:
    return {
        "园区编码": code,
        "园区名称": name,
        "园区类型": kind,
        "认定": accredited,
        "规划环评": assessed,
        "geometry": shape,
    }


def deliver_with(folder: Path, rows: Sequence[Mapping[str, object]], city: SmallCity | None = None) -> Delivery:
    """The variant's delivery, the demonstration list with rows appended to 总体清单."""
    path = (city or SmallCity(layers=clause_layers())).deliver(folder, form="gpkg")
    with (path / "jurisdiction.toml").open("a", encoding="utf-8") as opened:
        opened.write(MORE_LAYERS.format(id="built_up", name="建成区"))
        opened.write(MORE_LAYERS.format(id="visible_range", name="可视范围"))
    append_rows(path / "list.xlsx", rows)
    return read_delivery(path)


def blank_list(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """The template with rows filled in and nothing else."""
    write_access_list(AccessList(version="", clauses=()), {}, path)
    append_rows(path, rows)
    return path


def append_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows by column name below those of 总体清单; columns the sheet lacks are added to its header."""
    book = openpyxl.load_workbook(path)
    sheet = book[GENERAL_SHEET]
    head = next(row for row in sheet.iter_rows() if row[0].value == "条款编号")
    columns = [cell.value for cell in head]
    for name in sorted({name for row in rows for name in row} - set(columns)):
        columns.append(name)
        sheet.cell(row=head[0].row, column=len(columns), value=name)
    for row in rows:
        sheet.append([row.get(column, "") for column in columns])
    book.save(path)

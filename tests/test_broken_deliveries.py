"""Every way a delivery is broken in practice: it is named at its place, nothing is published, nothing is lost."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from layers.delivery import read_delivery
from layers.issues import Issue, Severity
from layers.publication import in_force
from layers.release import Content, read_content, write_release
from layers.snapshot import load_snapshot
from screening.datums import to_bd09, to_gcj02
from screening.errors import DeliveryError, ThreeLinesError, UnsafeArchiveError
from screening.words import Text
from tests.breakages import (
    HTML,
    Broken,
    Found,
    Refused,
    as_file,
    as_geojson,
    as_parquet,
    attributed,
    beside,
    described,
    described_twice,
    edited,
    encrypted,
    gone,
    half_of,
    halved,
    lined,
    listed,
    made_directory,
    moved,
    only,
    profiled,
    relayered,
    renamed,
    repacked,
    shaped,
    unchanged,
    without_column,
    without_geometry,
    without_rows,
    without_sheet,
    workbook,
    written,
    zipped,
)
from tests.smallcity import AS_OF, NW, SE, SW, Rows, SmallCity, box

WARNING = Severity.WARNING
FILES = ("delivery.toml", "jurisdiction.toml", "list.xlsx", "lines.xlsx", "city.gpkg", "unit_land.zip", "unit_sea.zip")
LIST, LINES = "list.xlsx", "lines.xlsx"
BOW_TIE = shapely.Polygon([(120.02, 36.13), (120.05, 36.17), (120.05, 36.13), (120.02, 36.17)])
RING = "POLYGON ((120.02 36.13, {} 36.13, 120.05 36.17, 120.02 36.17, 120.02 36.13))"


def swapped(points: Any) -> Any:
    return points[:, ::-1]


def in_metres(points: Any) -> Any:
    return points * np.array([111_000 / 3, 111_000])


def far_away(points: Any) -> Any:
    return points + np.array([3.0, 0.0])


def points_of(rows: Rows) -> None:
    for row in rows:
        row["geometry"] = row["geometry"].centroid


def lines_of(rows: Rows) -> None:
    for row in rows:
        row["geometry"] = row["geometry"].boundary


def polygon(*ring: tuple[float, float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


WHOLE_FILES = [
    *(Broken(f"{name} is missing", Refused(name), folder=gone(name)) for name in FILES),
    *(Broken(f"{name} is an HTML page", Refused(name), folder=written(name, HTML)) for name in FILES),
    *(Broken(f"{name} has no bytes", Refused(name), folder=written(name, b"")) for name in FILES),
    *(Broken(f"{name} stops half-way", Refused(name), folder=halved(name)) for name in FILES),
    *(Broken(f"{name} is a directory", Refused(name), folder=made_directory(name)) for name in FILES),
]
ZIPS = [
    Broken(
        "the zip climbs out of its folder",
        Refused("指向包外", error=UnsafeArchiveError),
        folder=repacked("unit_land.zip", lambda entries: {**entries, "../../evil.shp": b"x"}),
    ),
    Broken(
        "the zip holds two shapefiles",
        Refused("unit_land.zip"),
        folder=repacked(
            "unit_land.zip",
            lambda entries: {name.replace("unit_land", new): c for name, c in entries.items() for new in ("a", "b")},
        ),
    ),
    Broken(
        "the zip holds the .shp alone", Refused("unit_land.shp"), folder=repacked("unit_land.zip", only(".shp", ".prj"))
    ),
    Broken(
        "the shapefile comes without its .dbf",
        Found("unit_land", "unit_land-0001", "不合规范"),
        folder=repacked("unit_land.zip", only(".shp", ".shx", ".prj")),
    ),
    Broken(
        "the shapefile comes without its .prj",
        Refused("没有坐标系"),
        folder=repacked("unit_land.zip", only(".shp", ".shx", ".dbf")),
    ),
    Broken("the zip wants a password", Refused("unit_land.zip"), folder=encrypted("unit_land.zip")),
    Broken(
        "the zip holds a zip",
        Refused("实有 0 个"),
        folder=repacked("unit_land.zip", lambda entries: {"成果.zip": zipped(entries)}),
    ),
    Broken("the zip is a workbook", Refused("unit_land.zip"), folder=lambda f: shutil.copy(f / LIST, f / FILES[5])),
    Broken("the zip is empty", Refused("unit_land.zip"), folder=repacked("unit_land.zip", lambda _: {})),
    Broken(
        "the zip is a bomb",
        Refused("过大", error=UnsafeArchiveError),
        folder=written("unit_land.zip", zipped({"unit_land.shp": bytes(20_000_000)})),
    ),
    Broken(
        "the .dbf is cut short",
        Refused("unit_land.shp"),
        folder=repacked(
            "unit_land.zip", lambda e: {n: c[: len(c) // 2] if n.endswith(".dbf") else c for n, c in e.items()}
        ),
    ),
    Broken(
        "the .shp is cut short",
        Found("unit_land", "row 2", "没有图形"),
        folder=repacked(
            "unit_land.zip", lambda e: {n: c[: len(c) // 2] if n.endswith(".shp") else c for n, c in e.items()}
        ),
    ),
]
COORDINATE_SYSTEMS = [
    Broken("the layer is in Beijing 54", Refused("Beijing 1954"), folder=relayered("red_line", crs=4214)),
    Broken("the layer is in Xian 80", Refused("Xian 1980"), folder=relayered("red_line", crs=4610)),
    Broken("the layer is in Web Mercator", Refused("Pseudo-Mercator"), folder=relayered("red_line", crs=3857)),
    Broken("the layer is in a Xian 80 belt", Refused("Xian 1980"), folder=relayered("red_line", crs=2380)),
    Broken(
        "the declared crs contradicts the file",
        Refused("EPSG:4549"),
        folder=described("red_line", "accuracy_m", "crs = 4549\naccuracy_m"),
    ),
    Broken(
        "the declared crs does not exist",
        Refused("999999"),
        folder=described("red_line", "accuracy_m", "crs = 999999\naccuracy_m"),
    ),
    Broken(
        "the declared crs is a word",
        Refused("crs"),
        folder=described("red_line", "accuracy_m", 'crs = "国家2000"\naccuracy_m'),
    ),
    Broken(
        "the declared encoding does not exist",
        Refused("klingon"),
        folder=described("unit_land", "accuracy_m", 'encoding = "klingon"\naccuracy_m'),
    ),
    Broken(
        "the declared encoding is a number",
        Refused("encoding"),
        folder=described("unit_land", "accuracy_m", "encoding = 936\naccuracy_m"),
    ),
    Broken("metres come as degrees", Found("red_line", "YS3702811110001", "米"), city=moved("red_line", in_metres)),
    Broken("the axes are swapped", Found("red_line", "YS3702811110001", "颠倒"), city=moved("red_line", swapped)),
    Broken("the axes of the units are swapped", Found("unit_land", NW, "颠倒"), city=moved("unit_land", swapped)),
    Broken("the layer is in GCJ-02", Found("water", "datum", "GCJ-02"), city=moved("water", to_gcj02)),
    Broken("the layer is in BD-09", Found("air", "datum", "BD-09"), city=moved("air", to_bd09)),
    Broken("a zone lies far outside", Found("park", "P1", "辖区范围之外"), city=moved("park", far_away)),
    Broken(
        "a zone lies just outside",
        Found("park", "P1", "在辖区之外", WARNING),
        city=shaped("park", box(-5, 2, -1, 6)),
    ),
]
OTHER_FORMATS = [
    Broken(
        "the table has no geometry column",
        Refused("red_line.gpkg"),
        folder=as_file("red_line", "red_line.gpkg", without_geometry),
    ),
    Broken(
        "the layer is a CSV",
        Refused("red_line.csv"),
        folder=as_file("red_line", "red_line.csv", lambda _, path: path.write_text("code,x,y\n1,120,36\n")),
    ),
    Broken(
        "the layer is a picture",
        Refused("red_line.geojson"),
        folder=as_file(
            "red_line", "red_line.geojson", lambda _, path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
        ),
    ),
    Broken(
        "the GeoJSON is an empty collection",
        Found("red_line", "", "没有"),
        folder=as_file(
            "red_line",
            "red_line.geojson",
            lambda _, path: path.write_text('{"type": "FeatureCollection", "features": []}'),
        ),
    ),
    Broken(
        "the GeoJSON holds a null geometry", Found("red_line", "row 1", "没有图形"), folder=as_geojson("red_line", None)
    ),
    Broken(
        "the GeoJSON holds an unknown geometry",
        Found("red_line", "row 1", "没有图形"),
        folder=as_geojson("red_line", {"type": "Sphere", "coordinates": [1, 2]}),
    ),
    Broken(
        "the parquet has no geometry",
        Refused("red_line.parquet"),
        folder=as_file(
            "red_line", "red_line.parquet", lambda frame, path: frame.drop(columns="geometry").to_parquet(path)
        ),
    ),
    *(
        Broken(
            f"the {suffix} stops half-way",
            Refused(f"red_line.{suffix}"),
            folder=as_file("red_line", f"red_line.{suffix}", half_of),
        )
        for suffix in ("parquet", "fgb", "geojson", "kml")
    ),
]
GEOMETRY = [
    *(
        Broken(f"the layer {one} has no rows", Found(one, "", "没有"), folder=relayered(one, list.clear))
        for one in ("unit_land", "unit_sea", "district", "red_line", "water", "water_source", "sensitive_place")
    ),
    *(
        Broken(f"a {one} zone has no geometry", Found(one, "row 1", "没有图形"), folder=relayered(one, no_shape))
        for no_shape in [lambda rows: rows[0].__setitem__("geometry", None)]
        for one in ("red_line", "water", "unit_land", "unit_sea", "district", "park")
    ),
    *(
        Broken(f"a {one} zone is an empty polygon", Found(one, "row 1", "没有图形"), folder=relayered(one, no_shape))
        for no_shape in [lambda rows: rows[0].__setitem__("geometry", shapely.Polygon())]
        for one in ("red_line", "water")
    ),
    *(
        Broken(
            f"{one} is delivered as points",
            Found(one, "row 1", "面"),
            folder=relayered(one, points_of),
        )
        for one in ("red_line", "water", "unit_land", "unit_sea", "district", "park", "water_source")
    ),
    *(
        Broken(
            f"{one} is delivered as lines",
            Found(one, "row 1", "面"),
            folder=relayered(one, lines_of),
        )
        for one in ("red_line", "water", "unit_land", "unit_sea", "district", "park")
    ),
    Broken(
        "a zone is a polygon and a point together",
        Found("red_line", "row 1", "面"),
        folder=relayered(
            "red_line",
            lambda rows: rows[0].__setitem__(
                "geometry", shapely.GeometryCollection([box(2, 13, 5, 17), shapely.Point(120.01, 36.19)])
            ),
        ),
    ),
    Broken("a zone crosses itself", Found("red_line", "row 1", "Self-intersection"), city=shaped("red_line", BOW_TIE)),
    Broken(
        "a unit crosses itself",
        Found("unit_land", "row 1", "Self-intersection"),
        city=shaped("unit_land", shapely.Polygon([(120, 36), (120.1, 36.1), (120.1, 36), (120, 36.1)])),
    ),
    Broken(
        "a ring is not closed",
        Refused("red_line.geojson"),
        folder=as_geojson("red_line", polygon((120.02, 36.13), (120.05, 36.13), (120.05, 36.17), (120.02, 36.17))),
    ),
    Broken(
        "a ring has two corners",
        Found("red_line", "row 1", "图形无效"),
        folder=as_geojson("red_line", polygon((120.02, 36.13), (120.05, 36.13), (120.02, 36.13))),
    ),
    Broken(
        "a ring has collapsed into a line",
        Found("red_line", "row 1", "图形无效"),
        city=shaped("red_line", shapely.Polygon([(120.02, 36.13), (120.05, 36.13), (120.03, 36.13), (120.02, 36.13)])),
    ),
    Broken(
        "a ring has collapsed into a point",
        Found("red_line", "row 1", "图形无效"),
        city=shaped("red_line", shapely.Polygon([(120.02, 36.13)] * 4)),
    ),
    *(
        Broken(
            f"a coordinate of {one} is not a number",
            Found(one, "row 1", ""),
            folder=as_parquet(one, lambda rows: rows[0].__setitem__("geometry", shapely.from_wkt(RING.format("NaN")))),
        )
        for one in ("red_line", "water", "district")
    ),
    Broken(
        "a coordinate is infinite",
        Found("red_line", "row 1", ""),
        folder=as_parquet(
            "red_line",
            lambda rows: rows[0].__setitem__("geometry", shapely.from_wkt(RING.format("Inf"))),
        ),
    ),
    Broken(
        "a zone is a sliver",
        Found("red_line", "YS3702811110001", "窄于", WARNING),
        city=shaped("red_line", box(2, 13, 2.005, 17)),
    ),
    Broken(
        "a border has a spike",
        Found("red_line", "YS3702811110001", "尖刺", WARNING),
        city=shaped(
            "red_line",
            shapely.Polygon(
                [(120.02, 36.13), (120.05, 36.13), (120.05, 36.15), (120.09, 36.15), (120.05, 36.1502), (120.02, 36.17)]
            ),
        ),
    ),
    Broken(
        "two units overlap",
        Found("unit_land", f"{SW} / {SE}", "重叠"),
        city=shaped("unit_land", box(0, 0, 10.5, 10)),
    ),
    Broken(
        "there is a gap between units", Found("unit_land", "gap", "缺口"), city=shaped("unit_land", box(0, 0, 9, 10))
    ),
    Broken("a unit is missing", Found("unit_land", "gap", "缺口"), city=lambda city: city.layers["unit_land"].pop(0)),
    Broken(
        "a district is missing", Found("district", "370211", "黄岛区"), city=lambda city: city.layers["district"].pop(0)
    ),
]
ATTRIBUTES = [
    Broken(
        "a unit code occurs twice",
        Found("unit_land", SW, "重复"),
        city=attributed("unit_land", "HJGKDYBM", SW, 1),
    ),
    Broken(
        "a code occurs twice in different spelling",
        Found("red_line", "YS3702811110001", "重复"),
        city=attributed("red_line", "HJYSGKFQBM", " YS3702811110001 ", 1),
    ),
    Broken("a zone has no code", Found("red_line", "row 1", "没有编码"), city=attributed("red_line", "HJYSGKFQBM", "")),
    Broken(
        "a zone's code is null", Found("red_line", "row 1", "没有编码"), city=attributed("red_line", "HJYSGKFQBM", None)
    ),
    Broken(
        "a unit code has a digit too few",
        Found("unit_land", "ZH3702112001", "不合规范"),
        city=attributed("unit_land", "HJGKDYBM", "ZH3702112001"),
    ),
    Broken(
        "a zone code has a letter O for a zero",
        Found("red_line", "YS37O2811110001", "不合规范"),
        city=attributed("red_line", "HJYSGKFQBM", "YS37O2811110001"),
    ),
    Broken(
        "the class contradicts the code",
        Found("unit_land", SW, "分类位"),
        city=attributed("unit_land", "GKDYFL", "一般管控单元"),
    ),
    Broken(
        "the class word is unknown",
        Found("unit_land", "row 1", "甲类"),
        folder=relayered("unit_land", lambda rows: rows[0].__setitem__("GKDYFL", "甲类")),
    ),
    Broken("the class is blank", Found("red_line", "row 1", "管控分类"), city=attributed("red_line", "GKDYFL", "")),
    Broken(
        "units come without their class column",
        Found("unit_land", "", "分类"),
        folder=relayered("unit_land", lambda rows: [row.pop("GKDYFL") for row in rows]),
    ),
    Broken(
        "zones come without their class column",
        Found("water", "", "分类"),
        city=renamed("water", "GKDYFL", "等级"),
    ),
    Broken(
        "a unit's code names a district that does not exist",
        Found("unit_land", "ZH37999920001", "379999"),
        city=attributed("unit_land", "HJGKDYBM", "ZH37999920001"),
    ),
    Broken(
        "a zone's code names a district that does not exist",
        Found("red_line", "YS3799991110001", "379999"),
        city=attributed("red_line", "HJYSGKFQBM", "YS3799991110001"),
    ),
    Broken(
        "a unit names a district that does not exist",
        Found("unit_land", "", "无此区"),
        city=attributed("unit_land", "COUNTY", "无此区"),
    ),
    Broken(
        "the code column has an unknown name",
        Found("red_line", "", "编码"),
        city=renamed("red_line", "HJYSGKFQBM", "BH_NEW"),
    ),
    Broken(
        "the sub-type column has an unknown name",
        Found("access_list", "空间条件", "water_source", WARNING),
        city=renamed("water_source", "保护区级别", "JB_NEW"),
    ),
    Broken(
        "a land unit bears a sea code",
        Found("unit_land", "HY37021120001", "HY"),
        city=attributed("unit_land", "HJGKDYBM", "HY37021120001"),
    ),
]
CONDITION = "适用条件"
ACCESS_LIST = [
    *(
        Broken(f"the list lacks the sheet {sheet}", Refused(sheet), folder=without_sheet(LIST, sheet))
        for sheet in ("总体清单", "陆域单元清单", "海域单元清单")
    ),
    *(
        Broken(f"the list lacks the column {column}", Refused(column), folder=without_column(LIST, "总体清单", column))
        for column in ("条款编号", "管控效力", "空间条件", "例外条件")
    ),
    *(
        Broken(
            f"the list holds {value!r} in {column}",
            Found("access_list", f"总体清单!3 {column}", says),
            folder=listed(3, column, value),
        )
        for column, value, says in (
            ("条款编号", "", "不能为空"),
            ("层级", "乡镇", "乡镇"),
            ("层级", "", "不能为空"),
            ("管控维度", "其他", "其他"),
            ("管控效力", "劝阻", "劝阻"),
            ("管控要求", "", "不能为空"),
            ("管控要求", "   ", "不能为空"),
            ("依据（现行）", "", "不能为空"),
            ("行业（含）", "C9999", "C9999"),
            ("行业（除外）", "某某业", "某某业"),
            ("建设性质", "拆除", "拆除"),
            ("陆海", "空", "空"),
            ("适用单元类别", "甲类", "甲类"),
            ("适用单元编码", "ZH37021199999", "ZH37021199999"),
            ("适用区县", "无此区", "无此区"),
            ("空间条件", "月球基地 区内", "月球基地"),
            ("空间条件", "生态保护红线 上空", "上空"),
            ("空间条件", "生态保护红线 周边", "须带距离"),
            ("空间条件", "生态保护红线 区内 300", "不带"),
            ("空间条件", "生态保护红线 周边 三百", "三百"),
            ("空间条件", "生态保护红线 周边 -300", "-300"),
            (CONDITION, "water_m3_per_year >", "语法错误"),
            (CONDITION, "colour == 'red'", "colour"),
            (CONDITION, "water_m3_per_year == 'much'", "类型不同"),
            (CONDITION, "direct_discharge > 3.0", "类型不同"),
            (CONDITION, "1.0 / water_m3_per_year > 2.0", "/"),
            (CONDITION, "water_m3_per_year", "不是是非判断"),
            (CONDITION, "water_m3_per_year > coal_t_per_year", "单位不同"),
            (CONDITION, "water_m3_per_year > 1e12", "恒不成立"),
            ("满足条件", "size(policy_class) > 1", "size"),
            ("例外条件", "(((", "语法错误"),
            ("原则性", "大概", "大概"),
            ("核实", "yes", "yes"),
            ("生效日期", "去年", "去年"),
            ("生效日期", "", "不能为空"),
            ("失效日期", "2023-02-30", "2023-02-30"),
            ("失效日期", "2019-01-01", "早于"),
        )
    ),
    Broken(
        "the list tests for a choice that nobody can declare",
        Found("access_list", "总体清单!3 适用条件", "forbiden"),
        folder=listed(3, CONDITION, "policy_class == 'forbiden'"),
    ),
    Broken(
        "a clause of the unit level names no unit",
        Found("access_list", "适用单元编码", ""),
        folder=listed(3, "适用单元编码", "", "陆域单元清单"),
    ),
    Broken(
        "a clause id occurs twice",
        Found("access_list", "总体清单!4 条款编号", "DEMO-N-01"),
        folder=listed(4, "条款编号", "DEMO-N-01"),
    ),
    Broken(
        "a clause id occurs twice in two sheets",
        Found("access_list", "陆域单元清单!3 条款编号", "DEMO-N-01"),
        folder=listed(3, "条款编号", "DEMO-N-01", "陆域单元清单"),
    ),
    Broken(
        "a unit has no clauses",
        Found("access_list", SW, "没有清单条款"),
        folder=without_rows(LIST, "陆域单元清单", "适用单元编码", SW),
    ),
    Broken(
        "a level has no clauses",
        Found("access_list", "PROVINCE", "层级"),
        folder=without_rows(LIST, "总体清单", "层级", "省"),
    ),
    Broken(
        "the list names a sub-type that no zone has",
        Found("access_list", "总体清单!4", "火星", WARNING),
        folder=listed(4, "空间条件", "生态保护红线[火星] 区内"),
    ),
    Broken(
        "the list has no rows",
        Found("access_list", "NATION", "层级"),
        folder=workbook(LIST, lambda book: book["总体清单"].delete_rows(3, 100)),
    ),
    Broken(
        "the list is the workbook of lines",
        Refused("总体清单"),
        folder=lambda folder: shutil.copy(folder / LINES, folder / LIST),
    ),
]
CEILING, OBJECTIVE = "资源利用上线", "环境质量目标"
LINE_ROWS = [
    *(
        Broken(f"the lines lack the sheet {sheet}", Refused(sheet), folder=without_sheet(LINES, sheet))
        for sheet in (CEILING, OBJECTIVE)
    ),
    *(
        Broken(f"the lines lack the column {column}", Refused(column), folder=without_column(LINES, sheet, column))
        for sheet, column in ((CEILING, "上限"), (CEILING, "单位"), (OBJECTIVE, "现状"))
    ),
    *(
        Broken(
            f"the lines hold {value!r} in {column}",
            Found("lines", f"{sheet}!3", says),
            folder=lined(3, column, value, sheet),
        )
        for sheet, column, value, says in (
            (CEILING, "资源类型", "空气", "空气"),
            (CEILING, "单位", "万m3/a", "tce/a"),
            (CEILING, "上限", "很多", "很多"),
            (CEILING, "已用", "12 000 t", "12 000 t"),
            (CEILING, "上限", "nan", "nan"),
            (CEILING, "上限", "inf", "inf"),
            (CEILING, "上限", -5, "-5"),
            (CEILING, "年份", "今年", "今年"),
            (CEILING, "年份", "", ""),
            (CEILING, "超限效力", "可能", "可能"),
            (CEILING, "要求原文", "", "不能为空"),
            (CEILING, "依据", "", "不能为空"),
            (CEILING, "核实", "yes", "yes"),
            (CEILING, "编码", "", "不能为空"),
            (OBJECTIVE, "要素", "噪声", "噪声"),
            (OBJECTIVE, "目标", "三十", "三十"),
            (OBJECTIVE, "现状", "nan", "nan"),
            (OBJECTIVE, "未达标效力", "看情况", "看情况"),
            (OBJECTIVE, "单位", "mg/m³", "mg/m³"),
        )
    ),
    Broken(
        "the water class is unknown", Found("lines", f"{OBJECTIVE}!2", "Ⅵ"), folder=lined(2, "目标", "Ⅵ", OBJECTIVE)
    ),
    Broken("a ceiling belongs to nobody", Found("lines", "370999", "370999"), folder=lined(2, "编码", "370999")),
    Broken(
        "a ceiling occurs twice",
        Found("lines", "370211:energy_tce_per_year", "重复"),
        city=lambda city: city.ceilings.append(list(city.ceilings[1])),
    ),
    Broken(
        "an objective occurs twice",
        Found("lines", "370211:water_objective_met", "重复"),
        city=lambda city: city.objectives.append(list(city.objectives[0])),
    ),
    Broken(
        "a district has no ceiling for energy",
        Found("lines", "370211", "energy", WARNING),
        city=lambda city: city.ceilings.pop(1),
    ),
]
DELIVERY, JURISDICTION = "delivery.toml", "jurisdiction.toml"
DESCRIPTION = [
    *(
        Broken(f"the delivery lacks {key}", Refused(key, DELIVERY), folder=edited(DELIVERY, f"{key} = {value}\n", ""))
        for key, value in (
            ("jurisdiction", '"jurisdiction.toml"'),
            ("title_zh", '"小城"'),
            ("nature", '"demonstration"'),
            ("effective_from", "2026-07-01"),
            ("approval_en", '"none"'),
            ("prepared_by", '"tests"'),
            ("file", '"list.xlsx"'),
            ("version", '"small-1"'),
            ("table", '"district"'),
            ("surveyed", "2026-05-31"),
            ("accuracy_m", "10"),
            ("source_zh", '"示例"'),
            ("city", '"370200"'),
        )
    ),
    *(
        Broken(f"the delivery says {new}", Refused(says), folder=edited(DELIVERY, old, new))
        for old, new, says in (
            ("[delivery]", "[handover]", "delivery"),
            ("[lines]", "[limits]", "lines"),
            ("effective_from = 2026-07-01", 'effective_from = "2026-07-01"', "2026-07-01"),
            ("effective_from = 2026-07-01", "effective_from = 2026-07-01T00:00:00", "00:00:00"),
            ("effective_from = 2026-07-01", "effective_from = 20260701", "20260701"),
            ("surveyed = 2026-05-31", 'surveyed = "in spring"', "in spring"),
            ("surveyed = 2026-05-31", "surveyed = 2026-05-31T12:00:00", "12:00:00"),
            ("accuracy_m = 10", 'accuracy_m = "fine"', "fine"),
            ("accuracy_m = 10", "accuracy_m = nan", "accuracy_m"),
            ("accuracy_m = 10", "accuracy_m = -1", "accuracy_m"),
            ("accuracy_m = 10", "accuracy_m = [10]", "accuracy_m"),
            ('nature = "demonstration"', 'nature = "rumour"', "rumour"),
            ('nature = "demonstration"', "nature = 5", "5"),
            ('title_zh = "小城"', "title_zh = 5", "title_zh"),
            ('title_zh = "小城"', 'title_zh = ""', "title_zh"),
            ('prepared_by = "tests"', "prepared_by = 5", "prepared_by"),
            ('city = "370200"', 'city = "370100"', "370100"),
            ('jurisdiction = "jurisdiction.toml"', 'jurisdiction = "elsewhere.toml"', "elsewhere.toml"),
            ('jurisdiction = "jurisdiction.toml"', "jurisdiction = 5", "5"),
            ('id = "water"', 'id = "moon"', "moon"),
            ('file = "city.gpkg"', "file = 5", "5"),
            ('file = "city.gpkg"', 'database = "no such scheme"', "district"),
            ('file = "city.gpkg"', 'database = "mysql://nowhere/x"', "district"),
            ('file = "city.gpkg"', 'database = "postgresql+psycopg://nobody@127.0.0.1:1/x"', "district"),
            ('table = "district"', 'table = "no_such_table"', "no_such_table"),
            ('table = "district"', "table = 5", "5"),
            ('file = "list.xlsx"', "file = 6", "6"),
            ('file = "list.xlsx"', 'file = "other.xlsx"', "other.xlsx"),
            ('version = "small-1"', "version = 1", "version"),
            ('city = "370200"', "city = ", DELIVERY),
        )
    ),
    Broken(
        "the delivery ends before it begins",
        Refused("2026-06-30"),
        folder=edited(
            DELIVERY, "effective_from = 2026-07-01", "effective_from = 2026-07-01\neffective_until = 2026-06-30"
        ),
    ),
    Broken(
        "a layer is both in a file and in a database",
        Refused("layer district"),
        folder=described("district", "surveyed", 'database = "postgresql+psycopg://nowhere"\nsurveyed'),
    ),
    Broken(
        "a layer is neither in a file nor in a database",
        Refused("layer district"),
        folder=described("district", 'file = "city.gpkg"\n', ""),
    ),
    *(
        Broken(
            f"the profile of a layer is {profile}",
            Refused(says),
            folder=edited(DELIVERY, 'table = "district"', f'table = "district"\nprofile = {profile}'),
        )
        for profile, says in (('"nowhere.toml"', "nowhere.toml"), ('"list.xlsx"', LIST), ("5", "profile"))
    ),
    Broken(
        "the profile names a column that is not there",
        Found("district", "BH", "BH"),
        folder=profiled("district", "[columns]\ncode = 'BH'"),
    ),
    Broken("the profile makes a class of 4", Refused("4"), folder=profiled("district", "[classes]\n'甲' = 4")),
    Broken("the profile is no table", Refused("district.toml"), folder=profiled("district", "columns = 'BH'")),
    Broken(
        "the jurisdiction describes a layer twice",
        Refused("water", JURISDICTION),
        city=lambda city: city.layers.pop("water_body"),
        folder=edited(JURISDICTION, 'id = "water_body"', 'id = "water"'),
    ),
    Broken("a layer is delivered twice", Refused("red_line"), folder=described_twice("red_line")),
    Broken("a file lies beside the delivery", Refused("../list.xlsx"), folder=beside(LIST)),
    Broken("a file lies anywhere", Refused("/etc/hostname"), folder=edited(DELIVERY, '"city.gpkg"', '"/etc/hostname"')),
    Broken("the delivery is not UTF-8", Refused(DELIVERY), folder=written(DELIVERY, "[交付]".encode("gb18030"))),
    Broken(
        "the delivery has no layers",
        Refused("layer"),
        folder=lambda folder: (folder / DELIVERY).write_text(
            (folder / DELIVERY).read_text(encoding="utf-8").partition("[[layer]]")[0], encoding="utf-8"
        ),
    ),
    Broken(
        "a required layer is not delivered",
        Found("red_line", "layer", "缺少图层"),
        city=lambda c: c.layers.pop("red_line"),
    ),
    Broken(
        "a layer for the map is not delivered",
        Found("water_body", "layer", "缺少图层", WARNING),
        city=lambda city: city.layers.pop("water_body"),
    ),
    *(
        Broken(f"the jurisdiction lacks {key}", Refused(key, JURISDICTION), folder=edited(JURISDICTION, line, ""))
        for key, line in (
            ("code", 'code = "370200"\n'),
            ("rows", "rows = 0.1, "),
            ("required", "required = true\n"),
            ("realm", 'realm = "land"\n'),
            ("name_zh", 'name_zh = "环境管控单元（陆域）"\n'),
        )
    ),
    *(
        Broken(f"the jurisdiction says {new}", Refused(says, JURISDICTION), folder=edited(JURISDICTION, old, new))
        for old, new, says in (
            ('code = "370200"', "code = 370200", "code"),
            ("plane = 4549", "plane = 999999", "999999"),
            ("plane = 4549", "plane = 4490", "4490"),
            ("plane = 4549", "plane = 3857", "3857"),
            ("plane = 4549", 'plane = "Gauss"', "Gauss"),
            ("extent = [119.9, 35.9, 120.4, 36.3]", "extent = [119.9, 35.9, 120.4]", "extent.4"),
            ("extent = [119.9, 35.9, 120.4, 36.3]", "extent = [120.4, 36.3, 119.9, 35.9]", "extent"),
            ('"circle"', '"moon"', "moon"),
            ("rows = 0.1", 'rows = "few"', "few"),
            ('role = "unit"', 'role = "eminence"', "eminence"),
            ('realm = "land"', 'realm = "air"', "air"),
            ("current_days = 1827", 'current_days = "long"', "current_days"),
            ("nearest_m = 5000", 'nearest_m = "near"', "near"),
            ('"energy_tce_per_year"', '"enthusiasm_per_year"', "enthusiasm_per_year"),
            ("codes.unit_land = '^(ZH", "codes.unit_land = '^(((ZH", "codes"),
            ("(?P<county>", "(?P<land>", "county"),
            ("[[district]]", "[[district", JURISDICTION),
        )
    ),
    Broken(
        "the jurisdiction is not UTF-8",
        Refused(JURISDICTION),
        folder=written(JURISDICTION, "名='青岛'".encode("gb18030")),
    ),
]
ALL = [
    *WHOLE_FILES,
    *ZIPS,
    *COORDINATE_SYSTEMS,
    *OTHER_FORMATS,
    *GEOMETRY,
    *ATTRIBUTES,
    *ACCESS_LIST,
    *LINE_ROWS,
    *DESCRIPTION,
]


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SmallCity().deliver(tmp_path_factory.mktemp("broken") / "delivery")


@pytest.fixture
def store(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    """A store of one's own with a good release published."""
    return shutil.copytree(small_store[0], tmp_path / "releases")


def deliver(row: Broken, delivered: Path, folder: Path) -> Path:
    if row.city is unchanged:
        shutil.copytree(delivered, folder)
    else:
        city = SmallCity()
        row.city(city)
        city.deliver(folder)
    row.folder(folder)
    return folder


def outcome_of(folder: Path) -> Content | ThreeLinesError:
    """What reading a delivery comes to; any other exception is a crash and is let through."""
    try:
        return read_content(read_delivery(folder))
    except ThreeLinesError as problem:
        return problem


def fingerprint(folder: Path) -> dict[str, str]:
    """A hash of every file below a folder, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def says(text: Text, fragment: str) -> bool:
    """Whether a text speaks both languages and holds a fragment in either."""
    both = re.search("[\u4e00-\u9fff]", text.zh) and re.search("[A-Za-z]", text.en)
    return bool(both) and (fragment in text.zh or fragment in text.en)


def is_expected(issue: Issue, expected: Found) -> bool:
    return (
        issue.severity is expected.severity
        and issue.layer == expected.layer
        and bool(issue.place)
        and expected.place in issue.place
        and says(issue.message, expected.says)
    )


def assert_refused(problem: ThreeLinesError, expected: Refused) -> None:
    assert isinstance(problem, expected.error)
    assert says(problem.what, expected.says), problem.what
    assert says(problem.why, "")
    assert says(problem.cure, "")
    assert problem.field
    assert expected.place in problem.field


def assert_found(content: Content, expected: Found, store: Path) -> None:
    assert [issue for issue in content.issues if is_expected(issue, expected)], content.issues
    if expected.severity is WARNING:
        assert load_snapshot(store / write_release(content, store)).silent == {}
        return
    before = fingerprint(store)
    with pytest.raises(DeliveryError) as caught:
        write_release(content, store)
    assert caught.value.candidates
    assert fingerprint(store) == before
    with pytest.raises(DeliveryError):
        write_release(content, store.with_name("new"))
    assert not store.with_name("new").exists()


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ALL])
def test_a_broken_delivery_is_named_at_its_place_and_neither_published_nor_lost(
    row: Broken, delivered: Path, store: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    folder = deliver(row, delivered, tmp_path / "delivery")
    upload = fingerprint(folder)
    outcome = outcome_of(folder)
    if isinstance(outcome, ThreeLinesError):
        assert isinstance(row.comes, Refused), outcome
        assert_refused(outcome, row.comes)
    else:
        assert isinstance(row.comes, Found), outcome.errors
        assert_found(outcome, row.comes, store)
    assert fingerprint(folder) == upload
    assert in_force(store, AS_OF).release == small_store[1]
    assert load_snapshot(store / small_store[1]).silent == {}


def test_every_broken_delivery_has_a_name_of_its_own() -> None:
    names = [row.name for row in ALL]
    assert len(set(names)) == len(names)


def with_heights(rows: Rows) -> None:
    for row in rows:
        row["geometry"] = shapely.force_3d(row["geometry"], 12.5)


@pytest.mark.parametrize("layer_id", ["red_line", "water", "unit_land"])
def test_heights_are_left_out_and_change_nothing(
    layer_id: str, delivered: Path, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    folder = shutil.copytree(delivered, tmp_path / "delivery")
    relayered(layer_id, with_heights)(folder)
    assert write_release(read_content(read_delivery(folder)), tmp_path / "store") == small_store[1]

"""A city of six square units, small enough to reason about by hand and quick to build.

Land 120.0–120.2°E, sea 120.2–120.3°E, 36.0–36.2°N. South land is district 370211, north land 370281.

    NW priority │ NE key      │ sea N general
    ────────────┼─────────────┼──────────────
    SW key      │ SE general  │ sea S priority
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas as gpd
import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry

from layers.quantities import CEILING_COLUMNS, CEILING_SHEET, OBJECTIVE_COLUMNS, OBJECTIVE_SHEET
from sample_data.access_list import ClauseRow, write_access_list

SAMPLE = Path(__file__).parents[1] / "sample_data"
SURVEYED = date(2026, 5, 31)
AS_OF = date(2026, 11, 21)
NW, NE, SW, SE = "ZH37028110001", "ZH37028120001", "ZH37021120001", "ZH37021130001"
SEA_N, SEA_S = "HY37020030001", "HY37020010001"
CLASSES = {"1": "优先保护单元", "2": "重点管控单元", "3": "一般管控单元"}
ELEMENT_CLASSES = {"1": "优先保护", "2": "重点管控", "3": "一般管控"}

Rows = list[dict[str, Any]]


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A rectangle given in hundredths of a degree east of 120°E and north of 36°N."""
    return shapely.box(120 + west / 100, 36 + south / 100, 120 + east / 100, 36 + north / 100)


def unit(code: str, name: str, district: str, shape: BaseGeometry) -> dict[str, Any]:
    return {"HJGKDYBM": code, "HJGKDYMC": name, "GKDYFL": CLASSES[code[8]], "COUNTY": district, "geometry": shape}


def zone(code: str, name: str, subtype: str, shape: BaseGeometry) -> dict[str, Any]:
    cls = ELEMENT_CLASSES[code[8]]
    return {"HJYSGKFQBM": code, "HJYSGKFQMC": name, "YSXL": subtype, "GKDYFL": cls, "geometry": shape}


def default_layers() -> dict[str, Rows]:
    """Every layer of the small city by id, columns as delivered."""
    west, south_east = box(0, 0, 10, 10), box(10, 0, 20, 10)
    north_west, north_east = box(0, 10, 10, 20), box(10, 10, 20, 20)
    source, ring, outer = box(14, 4, 15, 5), box(13, 3, 16, 6), box(12, 2, 17, 7)
    return {
        "district": [
            {"XZQDM": "370211", "XZQMC": "黄岛区", "geometry": box(0, 0, 20, 10)},
            {"XZQDM": "370281", "XZQMC": "胶州市", "geometry": box(0, 10, 20, 20)},
        ],
        "unit_land": [
            unit(SW, "西南重点", "黄岛区", west),
            unit(SE, "东南一般", "黄岛区", south_east),
            unit(NW, "西北优先", "胶州市", north_west),
            unit(NE, "东北重点", "胶州市", north_east),
        ],
        "unit_sea": [
            unit(SEA_S, "南海域优先", "", box(20, 0, 30, 10)),
            unit(SEA_N, "北海域一般", "", box(20, 10, 30, 20)),
        ],
        "red_line": [
            zone("YS3702811110001", "北山红线", "生态功能重要区", box(2, 13, 5, 17)),
            zone("YS3702111110002", "南湾红线", "生态功能重要区", box(22, 2, 25, 5)),
        ],
        "eco_space": [zone("YS3702811120001", "北山生态空间", "一般生态空间", box(5, 13, 7, 17))],
        "water": [
            zone("YS3702112210001", "工业水区", "工业污染", west),
            zone("YS3702813290001", "一般水区", "一般管控区", shapely.union(south_east, north_east)),
            zone("YS3702811200001", "优先水区", "优先保护区", north_west),
        ],
        "air": [
            zone("YS3702812340001", "城区", "受体敏感", north_east),
            zone("YS3702113390001", "其他", "一般管控区", shapely.union_all([west, south_east, north_west])),
        ],
        "soil": [
            zone("YS3702112420001", "旧厂", "建设用地污染风险", box(8, 0, 10, 2)),
            zone(
                "YS3702113490001",
                "其他",
                "一般管控区",
                shapely.difference(box(0, 0, 20, 20), box(8, 0, 10, 2)),
            ),
        ],
        "resource": [
            zone("YS3702812540001", "禁燃区", "高污染燃料禁燃区", box(12, 12, 18, 18)),
            zone("YS3702112520001", "超采区", "地下水开采", box(0, 0, 3, 3)),
        ],
        "shoreline": [zone("YS3702113610001", "海岸", "一般岸线", box(19.5, 0, 20.5, 20))],
        "water_source": [
            {"水源地名称": "东水库", "保护区级别": "一级保护区", "行政区划": "黄岛区", "geometry": source},
            {
                "水源地名称": "东水库",
                "保护区级别": "二级保护区",
                "行政区划": "黄岛区",
                "geometry": shapely.difference(ring, source),
            },
            {
                "水源地名称": "东水库",
                "保护区级别": "准保护区",
                "行政区划": "黄岛区",
                "geometry": shapely.difference(outer, ring),
            },
        ],
        "protected_area": [
            {"名称": "北山自然保护区", "类型": "自然保护区", "分区": "核心保护区", "geometry": box(3, 14, 4, 15)}
        ],
        "park": [
            {"园区编码": "P1", "园区名称": "西化工园", "园区类型": "化工园区", "geometry": box(2, 2, 6, 6)},
        ],
        "sensitive_place": [{"名称": "示例学校-001", "类型": "学校", "geometry": box(8, 8, 8.05, 8.05)}],
        "water_body": [{"name": "东水库", "kind": "水库", "geometry": source}],
    }


def default_ceilings() -> list[list[Any]]:
    """Rows of 资源利用上线: ample for 黄岛区, nearly exhausted water in 胶州市."""
    rows = []
    for code, name, water_used in (("370211", "黄岛区", 100), ("370281", "胶州市", 990)):
        for resource, cap, used, measure in (
            ("水资源", 1000, water_used, "万m3/a"),
            ("能源", 100000, 50000, "tce/a"),
            ("煤炭", 10000, 10000, "t/a"),
            ("建设用地", 5000, 1000, "hm2"),
        ):
            rows.append(
                [code, name, resource, "总量", cap, used, measure, 2025, "禁止", "不得突破", "示例", "示例", "否"]
            )
    return rows


def default_objectives() -> list[list[Any]]:
    """Rows of 环境质量目标: all met in 黄岛区, none in 胶州市."""
    text = "新增排放须倍量替代"
    return [
        ["370211", "黄岛区", "水", "水质类别", "Ⅲ", "Ⅲ", "类", 2025, "有条件", text, "示例", "示例", "否"],
        ["370211", "黄岛区", "大气", "PM2.5年均", 30, 28, "µg/m³", 2025, "有条件", text, "示例", "示例", "否"],
        ["370281", "胶州市", "水", "水质类别", "Ⅲ", "Ⅳ", "类", 2025, "有条件", text, "示例", "示例", "否"],
        ["370281", "胶州市", "大气", "PM2.5年均", 30, 35, "µg/m³", 2025, "有条件", text, "示例", "示例", "否"],
    ]


@dataclass
class SmallCity:
    """A delivery in the making; change a part before `deliver` to break it."""

    layers: dict[str, Rows] = field(default_factory=default_layers)
    ceilings: list[list[Any]] = field(default_factory=default_ceilings)
    objectives: list[list[Any]] = field(default_factory=default_objectives)
    general: list[ClauseRow] | None = None
    surveyed: date = SURVEYED
    effective_from: date = date(2026, 7, 1)

    def deliver(self, folder: Path, form: str = "mixed", database: str = "") -> Path:
        """Write the delivery folder.

        Args:
            folder: Made here.
            form: `mixed` (units as GBK shapefiles in zips, the rest one GeoPackage), `shp`, `gpkg`, `gdb`, `geojson`,
                `fgb`, `kml`, `parquet`, or `postgis` for layers that a database already holds.
            database: URL of that database.
        """
        folder.mkdir(parents=True)
        frames = {one: gpd.GeoDataFrame(rows, crs=4490) for one, rows in self.layers.items()}
        files = {}
        for layer_id, frame in frames.items():
            kind = ("shp" if layer_id.startswith("unit") else "gpkg") if form == "mixed" else form
            files[layer_id] = _write_layer(frame, layer_id, kind, folder)
        write_access_list(frames["unit_land"], frames["unit_sea"], folder / "list.xlsx")
        _write_lines(folder / "lines.xlsx", self.ceilings, self.objectives)
        (folder / "jurisdiction.toml").write_text(_jurisdiction(), encoding="utf-8")
        (folder / "delivery.toml").write_text(self._description(files, database), encoding="utf-8")
        return folder

    def _description(self, files: dict[str, str], database: str) -> str:
        head = f"""
            [delivery]
            city = "370200"
            jurisdiction = "jurisdiction.toml"
            title_zh = "小城"
            title_en = "Small city"
            nature = "demonstration"
            effective_from = {self.effective_from}
            approval_zh = "无"
            approval_en = "none"
            prepared_by = "tests"
            [access_list]
            file = "list.xlsx"
            version = "small-1"
            [lines]
            file = "lines.xlsx"
        """
        for layer_id, file in files.items():
            head += f"""
            [[layer]]
            id = "{layer_id}"
            {f'file = "{file}"' if file else f'database = "{database}"'}
            table = "{layer_id}"
            surveyed = {self.surveyed}
            accuracy_m = 10
            source_zh = "示例"
            source_en = "example"
            """
        return "\n".join(line.strip() for line in head.splitlines())


DRIVERS = {"gpkg": "GPKG", "gdb": "OpenFileGDB", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "kml": "KML"}


def _write_layer(frame: gpd.GeoDataFrame, layer_id: str, kind: str, folder: Path) -> str:
    """The file, relative to the folder, that now holds a layer; empty for a database."""
    if kind == "postgis":
        return ""
    if kind == "shp":
        _zip_shapefile(frame, layer_id, folder)
        return f"{layer_id}.zip"
    name = f"city.{kind}" if kind in ("gpkg", "gdb") else f"{layer_id}.{kind}"
    if kind == "parquet":
        frame.to_parquet(folder / name)
    else:
        frame.to_file(folder / name, layer=layer_id, driver=DRIVERS[kind])
    return name


def _jurisdiction() -> str:
    """The demonstration jurisdiction with two districts and a small extent."""
    content = (SAMPLE / "jurisdiction.toml").read_text(encoding="utf-8")
    districts = tomllib.loads(content)["district"]
    for row in districts:
        if row["code"] not in ("370211", "370281"):
            content = content.replace(f'[[district]]\ncode = "{row["code"]}"\nname = "{row["name"]}"\n', "")
    content = content.replace("coarse_edge_m = 1000 ", "coarse_edge_m = 50000")  # its borders are straight
    return content.replace("extent = [119.3, 35.1, 121.9, 37.3]", "extent = [119.9, 35.9, 120.4, 36.3]")


def _zip_shapefile(frame: gpd.GeoDataFrame, name: str, folder: Path) -> None:
    inner = folder / f".{name}"
    inner.mkdir()
    frame.to_file(inner / f"{name}.shp", encoding="GBK")
    with ZipFile(folder / f"{name}.zip", "w") as archive:
        for part in sorted(inner.iterdir()):
            if part.suffix != ".cpg":  # many cities deliver without it
                archive.write(part, f"成果/{part.name}")
            part.unlink()
    inner.rmdir()


def _write_lines(path: Path, ceilings: list[list[Any]], objectives: list[list[Any]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for sheet_name, columns, rows in (
            (CEILING_SHEET, CEILING_COLUMNS, ceilings),
            (OBJECTIVE_SHEET, OBJECTIVE_COLUMNS, objectives),
        ):
            sheet = book.add_worksheet(sheet_name)
            sheet.write_row(0, 0, columns)
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, row)

"""Files of sites as people have them: read whole and placed, or refused by name; never half."""

from __future__ import annotations

import math
import os
import time
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xlsxwriter
from ezdxf.filemanagement import new
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from layers import sandbox
from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.sandbox import Cap
from layers.sites.drawings import ARC_TOLERANCE_M, arc_points
from layers.sites.files import SiteFile, read_sites
from layers.sites.tables import cell_number
from screening.crs import Plane
from screening.datums import Datum, to_gcj02
from screening.errors import (
    AmbiguousSiteError,
    ReaderStoppedError,
    SiteFileError,
    SiteOutsideError,
    ThreeLinesError,
    UnconfirmedDatumError,
    UnreadableSiteError,
)
from screening.readings import Declaration

EAST, NORTH = 527_000.0, 3_993_000.0
SQUARE = [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100), (EAST, NORTH + 100)]
AHEAD = Transformer.from_crs(4490, 4549, always_xy=True)
BACK = Transformer.from_crs(4549, 4490, always_xy=True)


@pytest.fixture(scope="session")
def city() -> Jurisdiction:
    path = Path(__file__).parents[1] / "sample_data/jurisdiction.toml"
    return read_jurisdiction(tomllib.loads(path.read_text("utf-8")), path.name)


Reading = Callable[..., SiteFile]


@pytest.fixture
def read(city: Jurisdiction, tmp_path: Path) -> Reading:
    """A file of a given name and content, read here rather than in a process of its own."""

    def reading(name: str, content: str | bytes | Path, **options: Any) -> SiteFile:
        path = tmp_path / name
        if isinstance(content, Path):
            path = content
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        stated = options.pop("declared", Declaration())
        return read_sites(path, stated, city, cap=None, **options)

    return reading


def metres(found: SiteFile, number: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Corners of a site in EPSG:4549, the ring not closed."""
    assert found.sites, [issue.message.zh for issue in found.issues]
    points = shapely.get_coordinates(found.sites[number].site.geometry)
    return np.column_stack(AHEAD.transform(points[:, 0], points[:, 1]))


def is_square(found: SiteFile, number: int = 0) -> bool:
    corners = sorted((round(x, 2), round(y, 2)) for x, y in metres(found, number)[:-1])
    return corners == sorted(SQUARE)


def degrees(east: float, north: float) -> tuple[float, float]:
    lon, lat = BACK.transform(east, north)
    return lon, lat


# -- boundary-point text -----------------------------------------------------------------------------------------------

HEADER = """[属性描述]
格式版本号=1.01版本
数据产生单位=测绘院
数据产生日期=2026-01-01
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""


def points(
    corners: list[tuple[float, float]] = SQUARE,
    *,
    mark: str = "J",
    prefix: float = 40e6,
    closed: bool = True,
    north_first: bool = True,
    ring: int = 1,
    start: int = 1,
) -> str:
    rows = []
    for at, (east, north) in enumerate([*corners, corners[0]] if closed else corners):
        number = start if at == len(corners) else start + at
        pair = (f"{north:.3f}", f"{east + prefix:.3f}")
        rows.append(f"{mark}{number},{ring},{','.join(pair if north_first else pair[::-1])}")
    return "\n".join(rows) + "\n"


def parcel(name: str = "地块一", count: int = 5, area: str = "1.0000", kind: str = "面") -> str:
    return f"{count},{area},DK1,{name},{kind},I50G001,工业用地,0601,@\n"


@pytest.mark.parametrize("mark", ["J", ""])
@pytest.mark.parametrize("prefix", [40e6, 0.0])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("north_first", [True, False])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_boundary_text_is_read_in_every_dialect(
    read: Reading, mark: str, prefix: float, closed: bool, north_first: bool, encoding: str
) -> None:
    body = points(mark=mark, prefix=prefix, closed=closed, north_first=north_first)
    found = read("a.txt", (HEADER + parcel(count=5 if closed else 4) + body).encode(encoding))
    assert is_square(found)
    assert found.errors == ()
    (one,) = found.sites
    assert (one.site.name, one.declared_area_m2, one.attributes["地块用途"]) == ("地块一", 10_000.0, "工业用地")
    assert one.site.accuracy_m == pytest.approx(0.001)
    assert "纵坐标（北）在前" in found.read_as.zh or not north_first


@pytest.mark.parametrize(
    "text",
    [
        HEADER.replace("\n", "\r\n") + parcel().replace("\n", "\r\n") + points().replace("\n", "\r\n"),
        " " + HEADER + parcel() + points(),
        HEADER.replace("[", "【").replace("]", "】") + parcel() + points(),
        HEADER.replace("3\n投影", "\n投影").replace("带号=40", "带号=") + parcel() + points(),
        "[地块坐标]\n" + parcel() + points(),
        parcel() + points(),
        HEADER + "5,1.0000,DK1,地块一,面,,,,,1,B,C,备注,@\n" + points(),
        HEADER + "４，1.0000，DK1，地块一，面，，，，@\n" + points(),
        HEADER + parcel(area="1.0000公顷") + points(),
        HEADER + parcel(area="10000平方米") + points(),
        HEADER + parcel(area="15亩") + points(),
        HEADER + parcel() + points().replace(",", ", "),
        HEADER + parcel() + "\n\n" + points() + "\n",
        HEADER + parcel() + "\n".join(line + ",12.3" for line in points().splitlines()),
        "[扩展信息]\n版本=2\n" + HEADER + parcel() + points(),
    ],
    ids=[
        "CRLF",
        "leading blank",
        "full-width brackets",
        "no belt",
        "no description",
        "no sections",
        "more fields",
        "full-width fields",
        "hectares",
        "square metres",
        "mu",
        "blanks",
        "blank lines",
        "heights",
        "further section",
    ],
)
def test_a_boundary_text_may_differ(read: Reading, text: str) -> None:
    found = read("a.txt", text)
    assert is_square(found)
    assert found.sites[0].declared_area_m2 == pytest.approx(10_000.0)
    assert found.issues == ()


def test_rings_are_holes_and_parcels_are_sites(read: Reading) -> None:
    hole = [
        (x + 20, y + 20) for x, y in [(EAST, NORTH), (EAST + 10, NORTH), (EAST + 10, NORTH + 10), (EAST, NORTH + 10)]
    ]
    other = [(x + 500, y) for x, y in SQUARE]
    text = HEADER + parcel(count=10, area="0.9900") + points() + points(hole, ring=2, start=5)
    text += parcel("地块二") + points(other)
    found = read("a.txt", text)
    assert [one.site.name for one in found.sites] == ["地块一", "地块二"]
    plane = Plane(4549)
    areas = [plane.from_degrees(one.site.geometry).area for one in found.sites]
    assert areas == pytest.approx([9900, 10_000], abs=0.1)
    assert found.issues == ()


def test_lines_and_points_of_a_boundary_text(read: Reading) -> None:
    found = read("a.txt", HEADER + parcel(count=4, area="", kind="点") + points(closed=False))
    assert [one.site.geometry.geom_type for one in found.sites] == ["Point"] * 4
    text = HEADER + parcel(count=2, area="", kind="线") + points(SQUARE[:2], closed=False)
    narrow = read("a.txt", text)
    assert narrow.sites == ()
    assert "宽度" in narrow.errors[0].message.zh
    wide = read("a.txt", text, declared=Declaration(width_m=20))
    assert Plane(4549).from_degrees(wide.sites[0].site.geometry).area == pytest.approx(2000, rel=1e-3)


def test_a_stated_area_that_is_wrong_is_a_warning(read: Reading) -> None:
    found = read("a.txt", HEADER + parcel(area="15.0000") + points())
    assert len(found.sites) == 1
    (issue,) = found.issues
    assert "亩" in issue.message.zh
    assert issue.longitude == pytest.approx(degrees(EAST, NORTH)[0], abs=1e-6)


def test_degrees_in_a_boundary_text(read: Reading) -> None:
    corners = [degrees(*corner) for corner in SQUARE]
    body = "".join(f"J{at},1,{lat:.9f},{lon:.9f}\n" for at, (lon, lat) in enumerate(corners, start=1))
    head = HEADER.replace("计量单位=米", "计量单位=度").replace("带号=40", "带号=").replace("几度分带=3", "几度分带=")
    assert is_square(read("a.txt", head + parcel(count=4) + body))


def test_a_text_without_any_form_is_read_as_written(read: Reading) -> None:
    body = "".join(f"J{at} {y} {x + 40e6}\n" for at, (x, y) in enumerate(SQUARE, start=1))
    assert is_square(read("a.txt", body))
    assert read("b.wkt", "POINT(120.3 36.1)").sites[0].site.geometry.geom_type == "Point"


def test_metres_without_a_belt_are_a_question_where_several_fit(city: Jurisdiction, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    head = HEADER.replace("带号=40", "带号=").replace("几度分带=3", "几度分带=")
    path.write_text(head + parcel() + points(prefix=0.0), "utf-8")
    west = tomllib.loads((Path(__file__).parents[1] / "sample_data/jurisdiction.toml").read_text("utf-8"))
    province = read_jurisdiction({**west, "extent": [116.0, 35.0, 122.0, 38.0]}, "wide")
    with pytest.raises(AmbiguousSiteError):
        read_sites(path, Declaration(), province, cap=None)
    assert read_sites(path, Declaration(zone=40, belt_width=3), province, cap=None).sites


@settings(deadline=None)
@given(
    corners=st.integers(3, 40),
    radius=st.floats(5, 5000),
    east=st.floats(470_000, 640_000),
    north=st.floats(3_900_000, 4_120_000),
    mark=st.sampled_from(["J", ""]),
    prefix=st.sampled_from([40e6, 0.0]),
    closed=st.booleans(),
    north_first=st.booleans(),
)
def test_any_parcel_written_as_a_boundary_text_reads_back(
    tmp_path_factory: pytest.TempPathFactory,
    city: Jurisdiction,
    corners: int,
    radius: float,
    east: float,
    north: float,
    mark: str,
    prefix: float,
    closed: bool,
    north_first: bool,
) -> None:
    turns = 2 * math.pi * np.arange(corners) / corners
    ring = [(east + radius * math.cos(turn), north + radius * math.sin(turn)) for turn in turns]
    path = tmp_path_factory.mktemp("law") / "a.txt"
    body = points(ring, mark=mark, prefix=prefix, closed=closed, north_first=north_first)
    path.write_text(HEADER + parcel(count=corners, area="") + body, "gb18030")
    found = read_sites(path, Declaration(), city, cap=None)
    placed = metres(found)
    gaps = np.hypot(*(placed[:, None, :] - np.array(ring)[None, :, :]).T)
    assert gaps.min(axis=1).max() < 0.002
    assert area_of(found) == pytest.approx(shapely.Polygon(ring).area, abs=0.01 * radius + 0.01)


# -- drawings ----------------------------------------------------------------------------------------------------------


def drawing(path: Path, draw: Callable[[Any], object], version: str = "R2010") -> Path:
    made = new(version)
    draw(made.modelspace())
    made.saveas(path)
    return path


def area_of(found: SiteFile, number: int = 0) -> float:
    return float(Plane(4549).from_degrees(found.sites[number].site.geometry).area)


@pytest.mark.parametrize("prefix", [40e6, 0.0])
def test_a_closed_polyline_is_a_site(read: Reading, tmp_path: Path, prefix: float) -> None:
    corners = [(x + prefix, y) for x, y in SQUARE]
    found = read("", drawing(tmp_path / "a.dxf", lambda space: space.add_lwpolyline(corners, close=True)))
    assert is_square(found)
    assert found.issues == ()


@pytest.mark.parametrize("radius", [1.0, 30.0, 800.0])
@pytest.mark.parametrize("bulge", [1.0, -1.0, 0.3, math.tan(math.pi / 8)])
def test_an_arc_is_an_arc(read: Reading, tmp_path: Path, radius: float, bulge: float) -> None:
    """A chord with an arc on it encloses the circle's segment; the polygon may lack the tolerance along the arc."""
    angle = 4 * math.atan(abs(bulge))
    chord = 2 * radius * math.sin(angle / 2)
    ends = [(EAST, NORTH, bulge), (EAST + chord, NORTH, 0.0)]
    # The two ends alone have no area without the arc: what is measured is the segment.
    third = (EAST + chord / 2, NORTH + math.copysign(1, bulge) * chord, 0.0)
    path = drawing(tmp_path / "a.dxf", lambda space: space.add_lwpolyline([*ends, third], format="xyb", close=True))
    triangle = chord * chord / 2
    segment = radius**2 / 2 * (angle - math.sin(angle))
    missing = triangle + segment - area_of(read("", path))
    assert missing >= -1e-4 * radius
    assert missing <= ARC_TOLERANCE_M * radius * angle + 1e-4 * radius


@settings(deadline=None)
@given(st.floats(-3, 3), st.floats(0.5, 3000), st.floats(0, 6.28), st.sampled_from([0.001, 0.01, 0.1]))
def test_chords_stay_within_the_tolerance_of_the_arc(bulge: float, chord: float, turn: float, tolerance: float) -> None:
    start: Any = np.zeros(2)
    end: Any = chord * np.array([math.cos(turn), math.sin(turn)])
    found = np.vstack([start, arc_points(start, end, bulge, tolerance), end])
    if abs(bulge) * chord / 2 <= tolerance:
        assert len(found) == 2
        return
    angle = 4 * math.atan(bulge)
    radius = chord / 2 / abs(math.sin(angle / 2))
    middle = (start + end) / 2
    across = np.array([-end[1], end[0]]) / chord
    centre = middle + across * (chord / 2) / math.tan(angle / 2)
    assert np.abs(np.hypot(*(found - centre).T) - radius).max() < 1e-6 * max(1, radius)
    halfway = (found[1:] + found[:-1]) / 2
    assert (radius - np.hypot(*(halfway - centre).T)).max() <= tolerance * (1 + 1e-6) + 1e-6 * radius


def test_circles_and_old_polylines_are_sites(read: Reading, tmp_path: Path) -> None:
    def draw(space: Any) -> None:
        space.add_circle((EAST + 1000, NORTH), radius=50)
        space.add_polyline2d(SQUARE, close=True)
        space.add_polyline3d([(x + 3000, y, 5.0) for x, y in SQUARE], close=True)

    found = read("", drawing(tmp_path / "a.dxf", draw, "R12"))
    disc, *squares = sorted(area_of(found, at) for at in range(3))
    assert squares == pytest.approx([10_000, 10_000], abs=0.1)
    assert math.pi * 2500 - ARC_TOLERANCE_M * math.tau * 50 <= disc <= math.pi * 2500 + 0.01


def test_a_mirrored_polyline_is_where_it_is_drawn(read: Reading, tmp_path: Path) -> None:
    """CAD mirrors an outline by turning its axis over; its own x then counts westwards."""
    mirrored = [(-x, y) for x, y in SQUARE]
    path = drawing(
        tmp_path / "a.dxf",
        lambda space: space.add_lwpolyline(mirrored, close=True, dxfattribs={"extrusion": (0, 0, -1)}),
    )
    assert is_square(read("", path))


def test_the_text_inside_an_outline_is_its_name(read: Reading, tmp_path: Path) -> None:
    def draw(space: Any) -> None:
        space.add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "红线"})
        space.add_text("一号地块", dxfattribs={"insert": (EAST + 50, NORTH + 50)})
        space.add_line((EAST, NORTH), (EAST + 1, NORTH), dxfattribs={"layer": "道路"})

    path = drawing(tmp_path / "a.dxf", draw)
    found = read("", path)
    assert found.sites[0].site.name == "一号地块"
    assert [(issue.place, issue.message.en) for issue in found.issues] == [("道路", "1 of LINE not read as boundaries")]
    assert read("", path, drawing_layers=("红线",)).issues == ()


def test_an_outline_within_another_is_said(read: Reading, tmp_path: Path) -> None:
    def draw(space: Any) -> None:
        space.add_lwpolyline(SQUARE, close=True)
        space.add_lwpolyline([(x / 2 + EAST / 2 + 5, y / 2 + NORTH / 2 + 5) for x, y in SQUARE], close=True)

    found = read("", drawing(tmp_path / "a.dxf", draw))
    assert ["hole" in issue.message.en for issue in found.issues] == [True]


# -- vector files ------------------------------------------------------------------------------------------------------


def frame(crs: int | None = 4490) -> gpd.GeoDataFrame:
    made = gpd.GeoDataFrame([{"名称": "甲", "geometry": shapely.Polygon(SQUARE)}], crs=4549)
    if crs is None:
        return made.set_crs(None, allow_override=True)
    return made.to_crs(crs)


def zipped(folder: Path, name: str = "a.zip", prefix: str = "成果/") -> Path:
    archive = folder.parent / name
    with zipfile.ZipFile(archive, "w") as made:
        for part in sorted(folder.rglob("*")):
            if part.is_file():
                made.write(part, prefix + str(part.relative_to(folder)))
    return archive


def shapefile(tmp_path: Path, *, crs: int | None = 4490, encoding: str = "GBK", drop: tuple[str, ...] = ()) -> Path:
    folder = tmp_path / "shp"
    folder.mkdir()
    frame(crs).to_file(folder / "选址.shp", encoding=encoding)
    for suffix in drop:
        (folder / f"选址{suffix}").unlink()
    return zipped(folder)


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.kml", "KML"), ("a.fgb", "FlatGeobuf")]
)
def test_a_vector_file_is_read(read: Reading, tmp_path: Path, name: str, driver: str) -> None:
    frame().to_file(tmp_path / name, driver=driver)
    found = read("", tmp_path / name)
    assert is_square(found)
    assert found.sites[0].site.name == "甲"


@pytest.mark.parametrize("crs", [4490, 4528, 4549, 4498])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_zipped_shapefile_is_read(read: Reading, tmp_path: Path, crs: int, encoding: str) -> None:
    found = read("", shapefile(tmp_path, crs=crs, encoding=encoding, drop=(".cpg",)))
    assert is_square(found)
    assert found.sites[0].site.name == "甲"


@pytest.mark.parametrize("crs", [4490, 4528, 4549])
def test_a_shapefile_without_prj_is_placed_by_its_numbers(read: Reading, tmp_path: Path, crs: int) -> None:
    found = read("", shapefile(tmp_path, crs=crs, drop=(".prj",)))
    assert is_square(found)
    assert "没有坐标系定义" in found.read_as.zh


def test_a_filegdb_is_read_bare_and_zipped(read: Reading, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "site.gdb"
    folder.parent.mkdir()
    frame(4549).to_file(folder, layer="选址", driver="OpenFileGDB")
    assert is_square(read("", folder))
    assert is_square(read("", zipped(folder.parent, prefix="")))


def test_a_kmz_and_a_zipped_drawing_are_read(read: Reading, tmp_path: Path) -> None:
    inside = tmp_path / "kml"
    inside.mkdir()
    frame().to_file(inside / "doc.kml", driver="KML")
    assert is_square(read("", zipped(inside, "a.kmz", "")))
    other = tmp_path / "dxf"
    other.mkdir()
    drawing(other / "a.dxf", lambda space: space.add_lwpolyline(SQUARE, close=True))
    assert is_square(read("", zipped(other, "b.zip")))


def test_vector_coordinates_of_a_provider_are_asked_about_and_converted(read: Reading, tmp_path: Path) -> None:
    moved = frame().copy()
    moved["geometry"] = shapely.transform(moved.geometry.values, to_gcj02)
    moved.to_file(tmp_path / "高德导出.geojson", driver="GeoJSON")
    with pytest.raises(UnconfirmedDatumError):
        read("", tmp_path / "高德导出.geojson")
    found = read("", tmp_path / "高德导出.geojson", declared=Declaration(datum=Datum.GCJ02))
    placed = metres(found)[:-1]
    assert np.abs(placed[np.lexsort(placed.round().T)] - np.array(SQUARE)[[0, 1, 3, 2]]).max() < 0.05
    accuracy = found.sites[0].site.accuracy_m
    assert accuracy is not None
    assert accuracy >= 2.0


# -- tables ------------------------------------------------------------------------------------------------------------

LON, LAT = 120.31, 36.07


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("gap", [",", "\t", ";"])
@pytest.mark.parametrize(
    "header",
    [("名称", "经度", "纬度"), ("项目名称", "东经(°)", "北纬(°)"), ("name", "lon", "lat"), ("地块名称", "X", "Y")],
)
def test_a_csv_of_points(read: Reading, encoding: str, gap: str, header: tuple[str, ...]) -> None:
    rows = [header, ("甲", f"{LON:.4f}", f"{LAT:.4f}"), ("乙", f"{LON + 0.1:.4f}", f"{LAT:.4f}")]
    found = read("a.csv", "\n".join(gap.join(row) for row in rows).encode(encoding))
    assert [one.site.name for one in found.sites] == ["甲", "乙"]
    assert found.sites[1].site.geometry.x == pytest.approx(LON + 0.1)
    assert found.sites[0].site.accuracy_m == pytest.approx(5.566, abs=0.001)


def test_a_workbook_of_corners_in_metres(read: Reading, tmp_path: Path) -> None:
    rows: list[list[object]] = [["界址点成果表"], ["地块编号", "点号", "X", "Y", "面积(公顷)"]]
    for name, shift in (("甲", 0), ("乙", 500)):
        rows += [[name, f"J{at}", y, x + shift + 40e6, 1.0] for at, (x, y) in enumerate(SQUARE, start=1)]
    found = read("", workbook(tmp_path / "a.xlsx", rows))
    assert [one.site.name for one in found.sites] == ["甲", "乙"]
    assert is_square(found)
    assert found.sites[0].declared_area_m2 == 10_000
    assert found.issues == ()


def test_corners_of_one_site_need_no_name(read: Reading) -> None:
    rows = "点号,经度,纬度\n" + "".join(
        f"J{at},{lon:.9f},{lat:.9f}\n" for at, (lon, lat) in enumerate((degrees(*one) for one in SQUARE), start=1)
    )
    assert is_square(read("a.csv", rows))


def test_angles_and_wkt_in_cells(read: Reading) -> None:
    found = read("a.csv", "名称,经度,纬度\n甲,120°18′36″,36°4′12″\n乙,120 24 36,36 4 12\n")
    assert [round(one.site.geometry.x, 6) for one in found.sites] == [LON, 120.41]
    written = read("b.csv", '名称,坐标\n甲,"POINT(120.31 36.07)"\n乙,"E120°24′36″,N36°4′12″"\n')
    assert [round(one.site.geometry.x, 6) for one in written.sites] == [LON, 120.41]
    assert [one.site.name for one in written.sites] == ["甲", "乙"]


def test_rows_without_names_are_a_question(read: Reading) -> None:
    rows = "序号,经度,纬度\n1,120.31,36.07\n2,120.32,36.07\n3,120.32,36.08\n"
    with pytest.raises(SiteFileError, match="界址点"):
        read("a.csv", rows)


def test_a_bare_table_of_numbers_is_read_as_written(read: Reading) -> None:
    assert is_square(read("a.csv", "\n".join(f"{y},{x + 40e6}" for x, y in SQUARE)))


def test_one_bad_row_and_nothing_is_taken(read: Reading) -> None:
    """Never half: the good rows are counted, the bad one is named, no site is handed on."""
    found = read("a.csv", "名称,经度,纬度\n甲,120.31,36.07\n乙,abc,36.07\n丙,120.33,36.07\n")
    assert found.sites == ()
    assert [issue.place for issue in found.errors] == ["3"]


def test_a_row_outside_is_named(read: Reading) -> None:
    found = read("a.csv", "名称,经度,纬度\n甲,120.31,36.07\n乙,116.39,39.90\n")
    assert found.sites == ()
    assert [(issue.place, issue.longitude) for issue in found.errors] == [("3", 116.39)]


def test_a_providers_name_in_a_heading_is_a_question(read: Reading) -> None:
    with pytest.raises(UnconfirmedDatumError, match="高德"):
        read("a.csv", "名称,高德经度,高德纬度,经度,纬度\n甲,1,1,120.31,36.07\n")


def test_a_cell_is_one_number_or_none() -> None:
    assert cell_number("120.38") is not None
    assert [cell_number(cell) for cell in ("", "abc", "1 2 3 4", "120.38,36.07")] == [None] * 4


# -- broken files ------------------------------------------------------------------------------------------------------

WHOLE = HEADER + parcel() + points()
BROKEN: list[tuple[str, str | bytes, str]] = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", "\n \n", "unreadable-site"),
    ("prose.txt", "本项目位于青岛市黄岛区。", "unreadable-site"),
    ("binary.txt", b"\0\1\2\3" * 50, "no text"),
    ("latin.txt", b"[\xff\xfe\xfd" * 9, "no text"),
    ("header.txt", HEADER, "no parcel"),
    ("xian.txt", WHOLE.replace("2000国家大地坐标系", "1980西安坐标系"), "not public"),
    ("beijing.txt", WHOLE.replace("2000国家大地坐标系", "北京54坐标系"), "not public"),
    ("cut.txt", HEADER + parcel(count=9) + points(), "cut short"),
    ("few.txt", HEADER + parcel(count=2) + points(SQUARE[:2], closed=False), "enclose nothing"),
    ("word.txt", WHOLE + "完毕\n", "no boundary point"),
    ("letters.txt", WHOLE.replace("3993100", "39931OO"), "no boundary point"),
    ("no_points.txt", HEADER + parcel(count=0), "enclose nothing"),
    ("belt.txt", WHOLE.replace("带号=40", "带号=39"), "site-outside-jurisdiction"),
    ("degrees.txt", WHOLE.replace("计量单位=米", "计量单位=度"), "unreadable-site"),
    ("crossed.txt", HEADER + parcel() + points([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), "crosses itself"),
    ("far.txt", HEADER.replace("带号=40", "带号=") + parcel() + points(prefix=20e6), "site-outside-jurisdiction"),
    ("local.txt", parcel() + points([(x - EAST, y - NORTH) for x, y in SQUARE], prefix=0), "unreadable-site"),
    ("no.dxf", "this is no drawing", "no sound DXF"),
    ("half.dxf", "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n90\n", "DXF"),
    ("drawing.dwg", b"AC1027" + b"\0" * 50, "not accepted"),
    ("photo.jpg", b"\xff\xd8\xff", "not accepted"),
    ("no.zip", b"PK\3\4 no zip", "cannot be opened"),
    ("no.xlsx", b"PK\3\4 no book", "no sound workbook"),
    ("no.gpkg", b"no database", "cannot be opened"),
    ("no.geojson", '{"type":"FeatureCollection","features":[', "cannot be opened"),
    ("none.geojson", '{"type":"FeatureCollection","features":[]}', "no feature"),
    ("null.geojson", '{"type":"Feature","properties":{},"geometry":null}', "has no shape"),
    (
        "heap.geojson",
        '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[120,36]}]}',
        "is no site",
    ),
    ("vrt.geojson", "<OGRVRTDataSource><OGRVRTLayer name='a'></OGRVRTLayer></OGRVRTDataSource>", "cannot be opened"),
    ("swapped.geojson", '{"type":"Point","coordinates":[36.07,120.38]}', "site-outside-jurisdiction"),
    ("no.kml", "<kml><Document><Placemark>", "cannot be opened"),
    ("head.csv", "名称,经度,纬度\n", "header only"),
    ("other.csv", "姓名,电话\n甲,1\n", "no column"),
    ("quote.csv", '名称,经度,纬度\n"甲,120.31,36.07\n', "cannot be read"),
    ("words.csv", "名称,坐标\n甲,胶州湾东岸\n", "cannot be read as a site"),
    ("gone.csv", "名称,坐标\n甲,\n乙,POINT(120.3 36.1)\n", "holds no coordinates"),
]


@pytest.mark.parametrize(("name", "content", "said"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_file_is_named_clearly(read: Reading, name: str, content: str | bytes, said: str) -> None:
    """What is wrong is said in words or by the code of the question; nothing of the file is taken."""
    try:
        found = read(name, content)
    except ThreeLinesError as problem:
        spoken = f"{problem.code} {problem.what.en} {problem.why.en} {problem.cure.en}"
        named = name in problem.what.zh or not isinstance(problem, SiteFileError)
    else:
        spoken, named = " ".join(issue.message.en for issue in found.errors), found.sites == ()
    assert said in spoken
    assert named


def test_broken_archives_and_drawings_are_named(read: Reading, tmp_path: Path) -> None:
    lone = tmp_path / "lone"
    lone.mkdir()
    (lone / "photo.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(SiteFileError, match="没有可读"):
        read("", zipped(lone, "photo.zip"))
    (lone / "a.txt").write_text(WHOLE, "utf-8")
    (lone / "b.csv").write_text("x,y\n1,2\n", "utf-8")
    with pytest.raises(SiteFileError, match="多种"):
        read("", zipped(lone, "mixed.zip"))
    gap = [*SQUARE[:3], (EAST + 40, NORTH + 100)]
    found = read("", drawing(tmp_path / "open.dxf", lambda space: space.add_lwpolyline(gap)))
    assert found.sites == ()
    assert "gap" in found.errors[0].message.en
    with pytest.raises(SiteFileError, match="LINE"):
        read("", drawing(tmp_path / "lines.dxf", lambda space: space.add_line((0, 0), (1, 1))))
    with pytest.raises(SiteFileError, match="没有图层"):
        read("", tmp_path / "open.dxf", drawing_layers=("红线",))
    with pytest.raises(SiteFileError, match="没有可读"):
        read("", shapefile(tmp_path, drop=(".shp",)))
    with pytest.raises(SiteFileError, match="不存在"):
        read("", tmp_path / "missing.shp")


@pytest.mark.parametrize("epsg", [4610, 2364, 3857])
def test_an_old_datum_is_refused(read: Reading, tmp_path: Path, epsg: int) -> None:
    frame().set_crs(epsg, allow_override=True).to_file(tmp_path / "a.gpkg", driver="GPKG")
    with pytest.raises(SiteFileError, match="不能直接使用"):
        read("", tmp_path / "a.gpkg")


def test_a_declaration_against_the_file_is_refused(read: Reading, tmp_path: Path) -> None:
    frame(4528).to_file(tmp_path / "a.gpkg", driver="GPKG")
    with pytest.raises(SiteFileError, match="不符"):
        read("", tmp_path / "a.gpkg", declared=Declaration(epsg=4527))
    assert is_square(read("", tmp_path / "a.gpkg", declared=Declaration(epsg=4528)))
    with pytest.raises(SiteFileError, match="39"):
        read("a.txt", WHOLE, declared=Declaration(zone=39))


def test_an_invalid_feature_stops_the_file_and_shows_where(read: Reading, tmp_path: Path) -> None:
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)])
    made = gpd.GeoDataFrame([{"名称": "结", "geometry": bow}], crs=4549)
    made.to_file(tmp_path / "a.gpkg", driver="GPKG")
    found = read("", tmp_path / "a.gpkg")
    assert found.sites == ()
    assert found.rows == 1
    (issue,) = found.errors
    assert (issue.longitude, issue.latitude) == pytest.approx(degrees(EAST + 50, NORTH + 50), abs=1e-6)


def test_any_bytes_are_refused_in_our_own_words(city: Jurisdiction, tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    for name in (
        "a.txt",
        "a.csv",
        "a.xlsx",
        "a.dxf",
        "a.zip",
        "a.kml",
        "a.gpkg",
        "a.shp",
        "a.geojson",
        "a.fgb",
        "a.parquet",
    ):
        for size in (1, 100, 5000):
            (tmp_path / name).write_bytes(random.bytes(size))
            with pytest.raises(ThreeLinesError):
                read_sites(tmp_path / name, Declaration(), city, cap=None)


# -- the process of its own --------------------------------------------------------------------------------------------


def hungry() -> int:
    return len(bytearray(4_000_000_000))


def busy() -> None:
    while True:
        pass


def idle() -> None:
    time.sleep(60)


def dying() -> None:
    os.abort()


def refusing() -> None:
    raise UnreadableSiteError.of("x", SiteFileError.title)


def adding(one: int, two: int) -> int:
    return one + two


@pytest.mark.parametrize(
    ("reader", "cap", "said"),
    [
        (hungry, Cap(), "memory"),
        (busy, Cap(cpu_s=1), "processor"),
        (idle, Cap(wall_s=3.0), "within 3 s"),
        (dying, Cap(), "crashed"),
    ],
)
def test_a_reader_that_takes_too_much_is_stopped(reader: Callable[[], Any], cap: Cap, said: str) -> None:
    with pytest.raises(ReaderStoppedError, match=said):
        sandbox.run("a.dxf", cap, reader)


def test_answers_and_errors_cross_the_border() -> None:
    assert sandbox.run("a", Cap(), adding, 1, two=2) == 3
    with pytest.raises(UnreadableSiteError) as caught:
        sandbox.run("a", Cap(), refusing)
    assert caught.value.why == SiteFileError.title


@pytest.mark.parametrize("kind", ["dxf", "zip", "xlsx", "txt"])
def test_files_read_alike_in_a_process_of_their_own(
    read: Reading, city: Jurisdiction, tmp_path: Path, kind: str
) -> None:
    match kind:
        case "dxf":
            path = drawing(tmp_path / "a.dxf", lambda space: space.add_lwpolyline(SQUARE, close=True))
        case "zip":
            path = shapefile(tmp_path)
        case "xlsx":
            rows: list[list[object]] = [["点号", "X", "Y"], *[[f"J{at}", y, x] for at, (x, y) in enumerate(SQUARE)]]
            path = workbook(tmp_path / "a.xlsx", rows)
        case _:
            path = tmp_path / "a.txt"
            path.write_text(WHOLE, "gb18030")
    apart = read_sites(path, Declaration(), city)
    here = read("", path)
    assert is_square(apart)
    assert (apart.sites[0].site, apart.read_as, apart.issues) == (here.sites[0].site, here.read_as, here.issues)


def test_a_broken_file_is_named_from_a_process_of_its_own(city: Jurisdiction, tmp_path: Path) -> None:
    path = tmp_path / "no.dxf"
    path.write_text("no drawing")
    with pytest.raises(SiteFileError, match=r"no\.dxf"):
        read_sites(path, Declaration(), city)


def test_a_file_outside_says_what_comes_nearest(read: Reading) -> None:
    with pytest.raises(SiteOutsideError) as caught:
        read("belt.txt", WHOLE.replace("带号=40", "带号=39"))
    assert any("EPSG:4528" in guess for guess in caught.value.candidates)

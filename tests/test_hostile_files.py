"""Files made to harm: each is refused in words or read rightly, in bounded time and memory, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sqlite3
import stat
import struct
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xlsxwriter
from ezdxf.filemanagement import new

from layers import sandbox
from layers.jurisdiction import Jurisdiction, read_jurisdiction
from layers.sandbox import Cap
from layers.sites.files import SiteFile, read_sites
from layers.sites.parcels import MOST_POINTS, MOST_SITES
from screening.errors import ReaderStoppedError, SiteFileError, ThreeLinesError, UnsafeArchiveError
from screening.readings import Declaration

LON, LAT = 120.31, 36.07
SQUARE = shapely.box(LON, LAT, LON + 0.001, LAT + 0.001)
SECRET = "SECRET-OF-ANOTHER-FILE"
PATIENCE_S = 60.0  # far above what any of these takes; an endless one runs into it


@pytest.fixture(scope="session")
def city() -> Jurisdiction:
    path = Path(__file__).parents[1] / "sample_data/jurisdiction.toml"
    return read_jurisdiction(tomllib.loads(path.read_text("utf-8")), path.name)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Temporary files go to a folder of the test's own, which is empty again when it ends."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield
    assert list(scratch.rglob("*")) == []


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    """Where files are handed in; reading one leaves nothing beside it."""
    folder = tmp_path / "handed"
    folder.mkdir()
    return folder


@pytest.fixture
def outcome(city: Jurisdiction) -> Callable[..., SiteFile | ThreeLinesError]:
    """What reading a file comes to, in a process of its own unless `cap` is None."""

    def reading(path: Path, cap: Cap | None = None) -> SiteFile | ThreeLinesError:
        beside = sorted(path.parent.iterdir())
        begun = time.monotonic()
        try:
            return read_sites(path, Declaration(), city, cap=cap)
        except ThreeLinesError as problem:
            return problem
        finally:
            assert time.monotonic() - begun < PATIENCE_S
            assert sorted(path.parent.iterdir()) == beside

    return reading


Outcome = Callable[..., SiteFile | ThreeLinesError]


def refusal(found: SiteFile | ThreeLinesError) -> str:
    """The words of a refusal: of the error, or of the issues that keep every site from being used."""
    if isinstance(found, ThreeLinesError):
        assert found.what.zh
        assert found.cure.en
        return f"{found.code} {found.what.en} {found.why.en}"
    assert found.sites == ()
    assert found.errors
    return " ".join(one.message.en for one in found.errors)


def bare(found: SiteFile | ThreeLinesError) -> SiteFile:
    assert isinstance(found, SiteFile), found
    assert found.sites, [one.message.en for one in found.issues]
    return found


def frame(shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"名称": ["甲"] * len(shapes)}, geometry=shapes, crs=4490)


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def packed(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def geojson(*shapes: Any) -> str:
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))} for shape in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


GOOD = geojson(SQUARE).encode()

# -- archives ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../evil.geojson",
        "a/../../evil.geojson",
        "..\\evil.geojson",
        "/etc/evil.geojson",
        "//server/share/evil.geojson",
        "\\\\server\\share\\evil.geojson",
        "C:\\evil.geojson",
        "C:evil.geojson",
        "./../evil.geojson",
        "a/b/c/../../../../evil.geojson",
    ],
)
def test_an_entry_that_would_leave_its_folder_is_refused(handed: Path, outcome: Outcome, name: str) -> None:
    found = outcome(packed(handed / "a.zip", {name: GOOD}))
    assert isinstance(found, UnsafeArchiveError)
    assert not any(one.name == "evil.geojson" for one in handed.parent.rglob("*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_an_entry_that_is_no_file_is_refused(handed: Path, outcome: Outcome, kind: int) -> None:
    entry = zipfile.ZipInfo("a.geojson")
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(handed / "a.zip", "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert isinstance(outcome(handed / "a.zip"), UnsafeArchiveError)


def test_a_link_through_which_a_later_entry_would_be_written_is_refused(
    handed: Path, tmp_path: Path, outcome: Outcome
) -> None:
    link = zipfile.ZipInfo("folder")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(handed / "a.zip", "w") as archive:
        archive.writestr(link, str(tmp_path))
        archive.writestr("folder/evil.geojson", GOOD)
    assert isinstance(outcome(handed / "a.zip"), UnsafeArchiveError)
    assert not (tmp_path / "evil.geojson").exists()


def test_a_link_handed_in_is_refused(handed: Path, outcome: Outcome) -> None:
    target = written(handed / "real.geojson", GOOD)
    (handed / "link.geojson").symlink_to(target)
    (handed / "away.geojson").symlink_to(handed / "gone")
    assert "is a link" in refusal(outcome(handed / "link.geojson"))
    assert "link" in refusal(outcome(handed / "away.geojson")) or "missing" in refusal(outcome(handed / "away.geojson"))
    folder = handed / "a.gdb"
    folder.mkdir()
    (folder / "a00000001.gdbtable").symlink_to(target)
    assert "holds one" in refusal(outcome(folder))


def test_a_zip_bomb_is_stopped_while_it_unpacks(handed: Path, outcome: Outcome) -> None:
    found = outcome(packed(handed / "a.zip", {"a.geojson": b" " * 300_000_000}))
    assert isinstance(found, UnsafeArchiveError)
    assert "too much" in refusal(found)


def test_a_bomb_within_a_zip_is_not_unpacked(handed: Path, outcome: Outcome) -> None:
    inner = packed(handed / "inner.zip", {"a.geojson": b" " * 50_000_000}).read_bytes()
    assert "holds no file of sites" in refusal(outcome(packed(handed / "a.zip", {"inner.zip": inner})))


def test_too_many_entries_are_refused(handed: Path, outcome: Outcome) -> None:
    found = outcome(packed(handed / "a.zip", {f"{number}.txt": b"1" for number in range(10_000)}))
    assert isinstance(found, UnsafeArchiveError)


def test_overlapping_entries_of_one_content_are_counted_each_time(handed: Path, outcome: Outcome) -> None:
    """The kind of bomb whose directory points many times at the same compressed bytes."""
    path = packed(handed / "a.zip", {"a.txt": b"0" * 10_000_000})
    raw = path.read_bytes()
    start = raw.index(b"PK\x01\x02")
    entry, end = raw[start : raw.index(b"PK\x05\x06")], raw[raw.index(b"PK\x05\x06") :]
    count = 150
    entries = b"".join(entry.replace(b"a.txt", f"{number:05d}"[-5:].encode()) for number in range(count))
    closing = end[:8] + struct.pack("<HHII", count, count, len(entries), start) + end[20:]
    path.write_bytes(raw[:start] + entries + closing)
    assert refusal(outcome(path))


def lying(path: Path, *, at: int, value: int, mark: bytes) -> Path:
    """A zip of one good file with a size in one of its headers overwritten."""
    raw = bytearray(packed(path, {"a.geojson": GOOD}).read_bytes())
    where = raw.index(mark) + at
    raw[where : where + 4] = struct.pack("<I", value)
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("value", [0, 5, 2**31, 2**32 - 1])
@pytest.mark.parametrize(("at", "mark"), [(18, b"PK\3\4"), (22, b"PK\3\4"), (20, b"PK\1\2"), (24, b"PK\1\2")])
def test_a_header_that_lies_about_sizes_is_refused_or_outvoted(
    handed: Path, outcome: Outcome, at: int, mark: bytes, value: int
) -> None:
    found = outcome(lying(handed / "a.zip", at=at, value=value, mark=mark))
    if isinstance(found, ThreeLinesError):
        assert refusal(found)
    else:
        assert shapely.equals_exact(bare(found).sites[0].site.geometry, SQUARE, 1e-9, normalize=True)


def test_archives_cut_short_or_of_another_kind_are_refused(handed: Path, outcome: Outcome) -> None:
    whole = packed(handed / "a.zip", {"a.geojson": GOOD}).read_bytes()
    for size in (10, len(whole) // 2, len(whole) - 3):
        assert refusal(outcome(written(handed / "cut.zip", whole[:size])))
    written(handed / "tar.zip", b"a.geojson" + b"\0" * 91 + b"0000644\0" * 51)
    assert refusal(outcome(handed / "tar.zip"))


# -- drivers that reach elsewhere --------------------------------------------------------------------------------------


def vrt(source: str) -> bytes:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{source}</SrcDataSource>'
        "<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A sound file elsewhere on this machine that nobody may reach through another."""
    path = tmp_path / "secret.geojson"
    one = frame([SQUARE])
    one["名称"] = SECRET
    one.to_file(path, driver="GeoJSON")
    return path


EXTENSIONS = (".geojson", ".json", ".kml", ".shp", ".gpkg", ".fgb", ".parquet", ".dxf", ".csv", ".txt", ".xlsx")


@pytest.mark.parametrize("suffix", EXTENSIONS)
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_virtual_layer_is_refused_under_every_name(
    handed: Path, secret: Path, outcome: Outcome, suffix: str, is_packed: bool
) -> None:
    for content in (vrt(str(secret)), vrt("/vsicurl/http://127.0.0.1:9/a.geojson"), b" \n" * 100 + vrt(str(secret))):
        if is_packed:
            path = packed(handed / "a.zip", {f"a{suffix}": content})
        else:
            path = written(handed / f"a{suffix}", content)
        words = refusal(outcome(path))
        assert SECRET not in words


@pytest.mark.parametrize(
    "content",
    [
        b'{"type":"FeatureCollection","name":"<OGRVRTDataSource/>","features":[]}',
        b"/vsicurl/http://127.0.0.1:9/a.geojson",
        b"http://127.0.0.1:9/a.geojson",
        b'{"type":"Topology","objects":{},"arcs":[]}',
        b'{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read /etc/passwd"}',
        b'<GetCapabilities service="WFS"><URL>http://127.0.0.1:9/</URL></GetCapabilities>',
        b"<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>",
    ],
)
def test_references_to_elsewhere_are_no_sites(handed: Path, outcome: Outcome, content: bytes) -> None:
    for suffix in (".geojson", ".json", ".kml"):
        assert refusal(outcome(written(handed / f"a{suffix}", content)))


def test_addresses_in_attributes_stay_words(handed: Path, outcome: Outcome, secret: Path) -> None:
    one = frame([SQUARE])
    one["来源"] = f"/vsicurl/http://127.0.0.1:9/{secret}"
    one.to_file(handed / "a.geojson", driver="GeoJSON")
    (site,) = bare(outcome(handed / "a.geojson")).sites
    assert site.attributes["来源"].startswith("/vsicurl/")


def kml(body: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"{body}</Document></kml>"
    )


PLACEMARK = (
    "<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "120.31,36.07 120.32,36.07 120.32,36.08 120.31,36.07</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    "</Placemark>"
)


def test_a_network_link_is_not_followed(handed: Path, outcome: Outcome, secret: Path) -> None:
    link = f"<NetworkLink><Link><href>{secret}</href></Link></NetworkLink>"
    assert refusal(outcome(written(handed / "a.kml", kml(link))))
    (site,) = bare(outcome(written(handed / "b.kml", kml(link + PLACEMARK.format(name="甲"))))).sites
    assert site.site.name == "甲"


def test_entities_are_not_expanded_without_end(handed: Path, outcome: Outcome) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    doctype = f'<!DOCTYPE kml [<!ENTITY a0 "ha">{laughs}]>'
    words = kml(PLACEMARK.format(name="&a10;"), doctype)
    assert refusal(outcome(written(handed / "a.kml", words), Cap(cpu_s=20, memory_bytes=800_000_000)))


def test_an_external_entity_is_not_read(handed: Path, outcome: Outcome, secret: Path) -> None:
    doctype = f'<!DOCTYPE kml [<!ENTITY other SYSTEM "file://{secret}">]>'
    found = outcome(written(handed / "a.kml", kml(PLACEMARK.format(name="&other;"), doctype)))
    if isinstance(found, SiteFile) and found.sites:
        assert all(SECRET not in f"{one.site.name}{one.attributes}" for one in found.sites)
    else:
        assert SECRET not in refusal(found)


def geopackage(path: Path) -> sqlite3.Connection:
    frame([SQUARE]).to_file(path, layer="a", driver="GPKG")
    return sqlite3.connect(path)


def test_a_table_without_end_is_stopped_by_the_clock(handed: Path, outcome: Outcome) -> None:
    """A view may compute for ever; the reader's process may not."""
    path = handed / "a.gpkg"
    base = geopackage(path)
    base.executescript(
        "ALTER TABLE a RENAME TO b; CREATE VIEW a AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
        "SELECT n AS fid, (SELECT geom FROM b) AS geom FROM c WHERE n < 0;"
    )
    base.close()
    found = outcome(path, Cap(cpu_s=4, wall_s=30.0))
    assert isinstance(found, ReaderStoppedError | SiteFileError)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT fid, geom, load_extension('evil') AS 名称 FROM b;",
        "ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT fid, geom, readfile('{secret}') AS 名称 FROM b;",
    ],
)
def test_views_of_a_geopackage_do_not_reach_outside(
    handed: Path, outcome: Outcome, secret: Path, statement: str
) -> None:
    path = handed / "a.gpkg"
    base = geopackage(path)
    base.executescript(statement.format(secret=secret))
    base.close()
    found = outcome(path)
    if isinstance(found, SiteFile) and found.sites:
        assert all(SECRET not in str(one.attributes) for one in found.sites)
    else:
        assert SECRET not in refusal(found)


def test_a_virtual_table_of_a_geopackage_does_not_reach_outside(handed: Path, outcome: Outcome, secret: Path) -> None:
    path = handed / "a.gpkg"
    base = geopackage(path)
    base.execute("PRAGMA writable_schema = ON")
    base.execute(
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'v', 'v', 0, ?)",
        (f"CREATE VIRTUAL TABLE v USING VirtualOGR('{secret}')",),
    )
    base.commit()
    base.close()
    found = outcome(path)
    if isinstance(found, SiteFile) and found.sites:
        assert [one.site.name for one in found.sites] == ["甲"]
    else:
        assert SECRET not in refusal(found)


def test_a_geopackage_in_write_ahead_mode_leaves_nothing_beside_it(handed: Path, outcome: Outcome) -> None:
    path = handed / "a.gpkg"
    base = geopackage(path)
    base.execute("PRAGMA journal_mode = WAL")
    base.close()
    for one in handed.glob("a.gpkg-*"):
        one.unlink()
    outcome(path)


def test_external_references_of_a_drawing_are_not_followed(handed: Path, outcome: Outcome, secret: Path) -> None:
    drawing = new("R2010")
    drawing.add_xref_def(str(secret), "elsewhere")
    drawing.modelspace().add_blockref("elsewhere", (0, 0))
    image = drawing.add_image_def(str(secret), (10, 10))
    drawing.modelspace().add_image(image, (0, 0), (1, 1))
    drawing.saveas(handed / "a.dxf")
    assert "no closed outline" in refusal(outcome(handed / "a.dxf"))


def workbook(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


def rewritten(path: Path, name: str, content: bytes) -> Path:
    """A zip with one entry replaced."""
    with zipfile.ZipFile(path) as archive:
        entries = {one.filename: archive.read(one) for one in archive.infolist()}
    return packed(path, {**entries, name: content})


ROWS: list[list[object]] = [["名称", "经度", "纬度"], ["甲", LON, LAT]]


def test_formulas_that_point_elsewhere_are_not_followed(handed: Path, outcome: Outcome, secret: Path) -> None:
    path = handed / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ROWS[0])
        sheet.write_formula(1, 0, f"='[{secret}]Sheet1'!A1", None, "甲")
        sheet.write_row(1, 1, ROWS[1][1:])
    (site,) = bare(outcome(path)).sites
    assert site.site.name == "甲"


def test_entities_of_a_workbook_are_not_expanded(handed: Path, outcome: Outcome) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    shared = (
        f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a0 "ha">{laughs}]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a10;</t></si></sst>'
    )
    path = rewritten(workbook(handed / "a.xlsx", ROWS), "xl/sharedStrings.xml", shared.encode())
    assert refusal(outcome(path, Cap(cpu_s=20, memory_bytes=800_000_000)))


def test_a_workbook_that_unpacks_to_a_mountain_is_stopped(handed: Path, outcome: Outcome) -> None:
    path = workbook(handed / "a.xlsx", ROWS)
    row = b'<row r="%d"><c r="A%d"><v>1</v></c><c r="XFD%d"><v>1</v></c></row>'
    rows = b"".join(row % (at, at, at) for at in (1, 1_048_576))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )
    assert refusal(outcome(rewritten(path, "xl/worksheets/sheet1.xml", sheet), Cap(cpu_s=20)))


# -- headers that lie, files cut short ---------------------------------------------------------------------------------


def shapefile(handed: Path, change: Callable[[dict[str, bytearray]], object]) -> Path:
    """A zipped Shapefile of three squares with some of its bytes changed."""
    made = handed.parent / "made"
    made.mkdir()
    frame([shapely.transform(SQUARE, lambda at, n=n: at + 0.01 * n) for n in range(3)]).to_file(made / "a.shp")
    parts = {one.suffix: bytearray(one.read_bytes()) for one in made.iterdir()}
    change(parts)
    return packed(handed / "a.zip", {f"a{suffix}": bytes(content) for suffix, content in parts.items()})


def put(parts: dict[str, bytearray], suffix: str, at: int, form: str, value: float) -> None:
    struct.pack_into(form, parts[suffix], at, value)


LIES: dict[str, Callable[[dict[str, bytearray]], object]] = {
    "shp cut in half": lambda parts: parts[".shp"].__delitem__(slice(len(parts[".shp"]) // 2, None)),
    "shp cut in its header": lambda parts: parts[".shp"].__delitem__(slice(50, None)),
    "shp of zero bytes": lambda parts: parts[".shp"].clear(),
    "dbf claims a million rows": lambda parts: put(parts, ".dbf", 4, "<I", 1_000_000),
    "dbf claims one row": lambda parts: put(parts, ".dbf", 4, "<I", 1),
    "dbf cut": lambda parts: parts[".dbf"].__delitem__(slice(80, None)),
    "shx cut": lambda parts: parts[".shx"].__delitem__(slice(110, None)),
    "shx points beyond the end": lambda parts: put(parts, ".shx", 108, ">i", 2**30),
    "shx claims a record of two gigabytes": lambda parts: put(parts, ".shx", 112, ">i", 2**30),
    "a ring of two thousand million points": lambda parts: put(parts, ".shp", 100 + 8 + 40, "<i", 2**31 - 1),
    "a polygon of two thousand million rings": lambda parts: put(parts, ".shp", 100 + 8 + 36, "<i", 2**31 - 1),
    "a coordinate that is no number": lambda parts: put(parts, ".shp", 100 + 8 + 48, "<d", float("nan")),
    "an infinite coordinate": lambda parts: put(parts, ".shp", 100 + 8 + 48, "<d", float("inf")),
    "shx missing": lambda parts: parts.pop(".shx"),
    "shp claims another length": lambda parts: put(parts, ".shp", 24, ">i", 2**30),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_shapefile_that_lies_is_refused_or_read_whole(handed: Path, outcome: Outcome, lie: str) -> None:
    found = outcome(shapefile(handed, LIES[lie]))
    if isinstance(found, SiteFile) and found.sites:
        assert len(found.sites) == 3
        placed = [shapely.centroid(one.site.geometry).x for one in found.sites]
        assert placed == pytest.approx([LON + 0.0005 + 0.01 * n for n in range(3)], abs=1e-6)
    else:
        assert refusal(found)


def test_a_geopackage_cut_short_is_refused(handed: Path, outcome: Outcome) -> None:
    frame([SQUARE]).to_file(handed.parent / "whole.gpkg", driver="GPKG")
    whole = (handed.parent / "whole.gpkg").read_bytes()
    for size in (50, 100, 4096, len(whole) // 2, len(whole) - 4096):
        found = outcome(written(handed / "a.gpkg", whole[:size]))
        assert isinstance(found, ThreeLinesError) or shapely.equals_exact(
            bare(found).sites[0].site.geometry, SQUARE, 1e-9, normalize=True
        )


@pytest.mark.parametrize("suffix", [".fgb", ".parquet", ".kml", ".geojson", ".dxf"])
def test_a_file_cut_short_is_never_read_by_half(handed: Path, outcome: Outcome, suffix: str) -> None:
    whole = handed.parent / f"whole{suffix}"
    shapes = [shapely.transform(SQUARE, lambda at, n=n: at + 0.01 * n) for n in range(4)]
    match suffix:
        case ".parquet":
            frame(shapes).to_parquet(whole)
        case ".dxf":
            drawing = new("R2010")
            for n in range(4):
                corners = [(527_000 + 500 * n, 3_993_000), (527_100 + 500 * n, 3_993_000), (527_100, 3_993_100)]
                drawing.modelspace().add_lwpolyline(corners, close=True)
            drawing.saveas(whole)
        case _:
            frame(shapes).to_file(whole, driver={".fgb": "FlatGeobuf", ".kml": "KML", ".geojson": "GeoJSON"}[suffix])
    content = whole.read_bytes()
    for share in (0.2, 0.5, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        found = outcome(written(handed / f"a{suffix}", content[: int(len(content) * share)]))
        assert isinstance(found, ThreeLinesError) or not found.sites or len(found.sites) == 4


# -- numbers that are none ---------------------------------------------------------------------------------------------

NO_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e308")


@pytest.mark.parametrize("number", NO_NUMBERS)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", '{{"type":"Polygon","coordinates":[[[120.3,36.1],[{0},36.1],[120.4,36.2],[120.3,36.1]]]}}'),
        ("b.geojson", '{{"type":"Point","coordinates":[120.3,{0}]}}'),
        ("a.txt", "POLYGON ((120.3 36.1, {0} 36.1, 120.4 36.2, 120.3 36.1))"),
        ("b.txt", "120.3,36.1\n{0},36.1\n120.4,36.2\n"),
        ("a.csv", "点号,经度,纬度\nJ1,120.3,36.1\nJ2,{0},36.1\nJ3,120.4,36.2\n"),
        ("b.csv", '名称,坐标\n甲,"POINT({0} 36.1)"\n'),
    ],
)
def test_what_is_no_number_makes_no_site(handed: Path, outcome: Outcome, name: str, content: str, number: str) -> None:
    assert refusal(outcome(written(handed / name, content.format(number))))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e308])
@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet", ".kml", ".dxf"])
def test_what_is_no_number_in_a_binary_makes_no_site(
    handed: Path, outcome: Outcome, suffix: str, number: float
) -> None:
    with np.errstate(invalid="ignore"):
        shape = shapely.Polygon([(120.3, 36.1), (number, 36.1), (120.4, 36.2)])
    path = handed / f"a{suffix}"
    match suffix:
        case ".kml":
            body = PLACEMARK.format(name="甲").replace("120.32,36.07", f"{number},36.07")
            written(path, kml(body))
        case ".dxf":
            drawing = new("R2010")
            drawing.modelspace().add_lwpolyline(
                [(527_000, 3_993_000), (number, 3_993_000), (527_100, 3_993_100)], close=True
            )
            drawing.saveas(path)
        case ".parquet":
            frame([shape]).to_parquet(path)
        case _:
            frame([shape]).to_file(path, driver={".gpkg": "GPKG", ".fgb": "FlatGeobuf"}[suffix], SPATIAL_INDEX="NO")
    assert refusal(outcome(path))


# -- too much ----------------------------------------------------------------------------------------------------------


def ring(count: int) -> Any:
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return shapely.Polygon(np.column_stack([LON + 0.05 * np.cos(turns), LAT + 0.05 * np.sin(turns)]))


def peak_of_reading(path: Path, city: Jurisdiction) -> int:
    """Greatest memory a reader of a file takes, bytes; for a process of its own, whose only child the reader is."""
    with contextlib.suppress(ThreeLinesError):
        read_sites(path, Declaration(), city)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".txt"])
def test_a_million_vertices_are_refused_with_the_limit(
    handed: Path, outcome: Outcome, city: Jurisdiction, suffix: str
) -> None:
    path = handed / f"a{suffix}"
    match suffix:
        case ".geojson":
            written(path, shapely.to_geojson(shapely.set_precision(ring(1_000_000), 0)))
        case ".txt":
            points = shapely.get_coordinates(ring(1_000_000))
            written(path, "POLYGON ((" + ",".join(f"{x:.7f} {y:.7f}" for x, y in points) + "))")
        case _:
            frame([ring(1_000_000)]).to_file(path, driver="GPKG")
    words = refusal(outcome(path, sandbox.DEFAULT))
    assert any(limit in words for limit in (f"{MOST_POINTS:,}", "50 MB", "1,000,000", "too long", "200,000")), words
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(peak_of_reading, path, city).result() < 2 * sandbox.DEFAULT.memory_bytes


def test_as_many_vertices_as_are_allowed_are_read_in_bounded_time(handed: Path, outcome: Outcome) -> None:
    frame([ring(MOST_POINTS - 2)]).to_file(handed / "a.gpkg", driver="GPKG")
    (site,) = bare(outcome(handed / "a.gpkg", sandbox.DEFAULT)).sites
    assert shapely.get_num_coordinates(site.site.geometry) >= MOST_POINTS - 2


def test_ten_thousand_parts_of_one_site_are_read(handed: Path, outcome: Outcome) -> None:
    cells = [
        shapely.box(LON + 0.0001 * x, LAT + 0.0001 * y, LON + 0.0001 * x + 0.00005, LAT + 0.0001 * y + 0.00005)
        for x in range(100)
        for y in range(100)
    ]
    frame([shapely.MultiPolygon(cells)]).to_file(handed / "a.gpkg", driver="GPKG")
    (site,) = bare(outcome(handed / "a.gpkg", sandbox.DEFAULT)).sites
    assert shapely.get_num_geometries(site.site.geometry) == 10_000


def test_ten_thousand_sites_are_refused_with_the_limit(handed: Path, outcome: Outcome) -> None:
    frame([SQUARE] * 10_000).to_file(handed / "a.gpkg", driver="GPKG")
    words = refusal(outcome(handed / "a.gpkg"))
    assert "10,000" in words
    assert f"{MOST_SITES:,}" in words


def test_rings_without_end_in_one_site_are_refused(handed: Path, outcome: Outcome) -> None:
    rows = "".join(f"J{n},{n % 90 + 1},{LON + n * 1e-5:.6f},{LAT:.6f}\n" for n in range(60_000))
    assert refusal(outcome(written(handed / "a.csv", "点号,圈号,经度,纬度\n" + rows), Cap(cpu_s=30, wall_s=50.0)))


# -- nothing there -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [*EXTENSIONS, ".zip", ".kmz"])
def test_zero_bytes_are_refused(handed: Path, outcome: Outcome, suffix: str) -> None:
    assert "is empty" in refusal(outcome(written(handed / f"a{suffix}", b"")))


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".fgb", "FlatGeobuf"), (".geojson", "GeoJSON")])
def test_a_layer_without_features_is_refused(handed: Path, outcome: Outcome, suffix: str, driver: str) -> None:
    empty = gpd.GeoDataFrame({"名称": []}, geometry=gpd.GeoSeries([], crs=4490))
    empty.to_file(handed / f"a{suffix}", driver=driver, geometry_type="Polygon")
    assert "no feature" in refusal(outcome(handed / f"a{suffix}"))


def test_an_empty_shape_is_refused(handed: Path, outcome: Outcome) -> None:
    frame([SQUARE, shapely.Polygon()]).to_file(handed / "a.gpkg", driver="GPKG")
    assert "has no shape" in refusal(outcome(handed / "a.gpkg"))


@pytest.mark.parametrize("suffix", [".kml", ".shp", ".gpkg", ".fgb", ".parquet", ".dxf", ".xlsx", ".zip", ".csv"])
def test_a_wrong_extension_is_refused_or_read_for_what_it_is(handed: Path, outcome: Outcome, suffix: str) -> None:
    found = outcome(written(handed / f"a{suffix}", GOOD))
    if isinstance(found, SiteFile) and found.sites:
        assert shapely.equals_exact(found.sites[0].site.geometry, SQUARE, 1e-9, normalize=True)
    else:
        assert refusal(found)


# -- nothing left ------------------------------------------------------------------------------------------------------


def test_a_drawing_cut_between_two_entities_is_refused(handed: Path, outcome: Outcome) -> None:
    drawing = new("R2010")
    for n in range(3):
        corners = [(527_000 + 500 * n, 3_993_000), (527_100 + 500 * n, 3_993_000), (527_100 + 500 * n, 3_993_100)]
        drawing.modelspace().add_lwpolyline(corners, close=True)
    drawing.saveas(handed.parent / "whole.dxf")
    content = (handed.parent / "whole.dxf").read_bytes()
    last = content.rindex(b"LWPOLYLINE")
    assert "no EOF" in refusal(outcome(written(handed / "a.dxf", content[: content.rindex(b"  0", 0, last)])))


def scattering() -> None:
    """Writes files wherever libraries put theirs, and does not come back."""
    tempfile.mkdtemp()
    with tempfile.NamedTemporaryFile(delete=False) as opened:
        opened.write(b"1" * 1000)
    Path(os.environ["TMPDIR"], "by-name").write_text("1", "utf-8")
    while True:
        time.sleep(1)


def dying() -> None:
    tempfile.mkdtemp()
    os.abort()


@pytest.mark.parametrize(("reader", "cap"), [(scattering, Cap(wall_s=6.0)), (dying, Cap())])
def test_a_reader_that_is_killed_leaves_nothing(reader: Callable[[], None], cap: Cap) -> None:
    with pytest.raises(ReaderStoppedError):
        sandbox.run("a.zip", cap, reader)


def test_a_zip_whose_reading_is_stopped_leaves_nothing(handed: Path, outcome: Outcome) -> None:
    """Stopped at a moment when it is unpacked."""
    shapes = io.BytesIO()
    frame([ring(400_000)]).to_file(shapes, driver="GeoJSON")
    path = packed(handed / "a.zip", {"a.geojson": shapes.getvalue()})
    assert isinstance(outcome(path, Cap(wall_s=2.5)), ReaderStoppedError | SiteFile)

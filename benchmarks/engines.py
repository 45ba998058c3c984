"""The same questions put to every engine a user would pick, each the way its own documentation advises.

Every engine answers four kinds of work over the same zones: the areas many sites share with all zones; the zones at many
points; the nearest zone of one layer within a distance; and one site with everything around it, as JSON.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa
import shapely

from layers.kernel import Kernel
from layers.partition import Partition, Shapes, outline_of, outlines_of

Array = np.ndarray[Any, np.dtype[Any]]
Triples = tuple[Array, Array, Array]
EPSG = 4549
PIECE_VERTICES = 64  # of a subdivided polygon; PostGIS takes 8 and more, and 256 where nothing is said
FLOOR_M2 = 1e-3
SENT = 2_000  # zones or pieces on their way at once


@dataclass(frozen=True)
class Work:
    """The zones all engines answer from.

    Attributes:
        nearest_layer: The one of which the nearest zone is sought.
    """

    layers: Mapping[str, Shapes]
    nearest_layer: str
    within_m: float

    @cached_property
    def zones(self) -> Shapes:
        """Of all layers, one after the other: a zone's number counts through them."""
        return np.concatenate(list(self.layers.values()))

    @cached_property
    def first(self) -> Mapping[str, int]:
        """Number of each layer's first zone."""
        starts = np.concatenate([[0], np.cumsum([len(one) for one in self.layers.values()])])
        return dict(zip(self.layers, starts.tolist(), strict=False))


@dataclass(frozen=True)
class Engine:
    """One engine; a kind of work it was not made for is None.

    Attributes:
        areas: Triples of site, zone and shared square metres.
        points: Number of pairs of point and zone.
        nearest: For every site the distance to the nearest zone, infinite beyond the bound.
        one: JSON of what one site shares with every zone.
    """

    name: str
    areas: Callable[[Shapes], Triples]
    points: Callable[[Array], int] | None
    nearest: Callable[[Shapes], Array] | None
    one: Callable[[Any], str]


def as_json(zone: Array, area: Array) -> str:
    """An answer as a service would send it."""
    return json.dumps([{"zone": int(z), "area_m2": round(float(a), 2)} for z, a in zip(zone, area, strict=True)])


def ours(work: Work, kernel: Kernel) -> Engine:
    """The index of this project."""
    index = Partition.build(list(work.layers.values()), kernel)
    within = [work.within_m if name == work.nearest_layer else -1.0 for name in work.layers]

    def nearest(sites: Shapes) -> Array:
        distance = np.full(len(sites), np.inf)
        found = index.nearest(outlines_of(sites), within, 0.0)
        distance[found.site] = found.distance_m
        return distance

    def one(site: Any) -> str:
        _, zone, area = index.areas(outline_of(site), FLOOR_M2)
        return as_json(zone, area)

    return Engine(
        name="三线 index",
        areas=lambda sites: index.areas(outlines_of(sites), FLOOR_M2),
        points=lambda xy: len(index.at(xy)[0]),
        nearest=nearest,
        one=one,
    )


def with_geopandas(work: Work) -> Engine:
    """`sjoin`, then `intersection` of the pairs: faster than `overlay`, which builds what nobody asked for."""
    frames = {name: gpd.GeoDataFrame(geometry=one, crs=EPSG) for name, one in work.layers.items()}
    for frame in frames.values():
        _ = frame.sindex

    def areas(sites: Shapes) -> Triples:
        asked, out = gpd.GeoDataFrame(geometry=sites, crs=EPSG), []
        for name, frame in frames.items():
            pairs = gpd.sjoin(asked, frame, predicate="intersects")
            right = pairs["index_right"].to_numpy()
            shared = pairs.geometry.intersection(frame.geometry.iloc[right], align=False).area.to_numpy()
            out.append((pairs.index.to_numpy(), right + work.first[name], shared))
        site, zone, area = (np.concatenate(one) for one in zip(*out, strict=True))
        return site[area > FLOOR_M2], zone[area > FLOOR_M2], area[area > FLOOR_M2]

    def points(xy: Array) -> int:
        asked = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=EPSG)
        return sum(len(gpd.sjoin(asked, frame, predicate="within")) for frame in frames.values())

    def nearest(sites: Shapes) -> Array:
        asked = gpd.GeoDataFrame(geometry=sites, crs=EPSG)
        found = gpd.sjoin_nearest(asked, frames[work.nearest_layer], max_distance=work.within_m, distance_col="d")
        distance = pd.Series(np.inf, index=range(len(sites)))
        distance.update(found["d"].groupby(level=0).min())
        return distance.to_numpy()

    def one(site: Any) -> str:
        _, zone, area = areas(np.array([site], dtype=object))
        return as_json(zone, area)

    return Engine("geopandas", areas, points, nearest, one)


def with_shapely(work: Work) -> Engine:
    """STRtree; prepared zones answer containment first, and only what crosses an edge is overlaid."""
    zones = work.zones.copy()
    shapely.prepare(zones)
    tree = shapely.STRtree(zones)
    near = shapely.STRtree(work.layers[work.nearest_layer])

    def areas(sites: Shapes) -> Triples:
        zone, site = shapely.STRtree(sites).query(zones, predicate="intersects")
        inside = shapely.contains_properly(zones[zone], sites[site])
        area = shapely.area(sites)[site]
        area[~inside] = shapely.area(shapely.intersection(sites[site[~inside]], zones[zone[~inside]]))
        return site[area > FLOOR_M2], zone[area > FLOOR_M2], area[area > FLOOR_M2]

    def points(xy: Array) -> int:
        return int(shapely.STRtree(shapely.points(xy)).query(zones, predicate="contains_properly").shape[1])

    def nearest(sites: Shapes) -> Array:
        (site, _), found = near.query_nearest(
            sites, max_distance=work.within_m, return_distance=True, all_matches=False
        )
        distance = np.full(len(sites), np.inf)
        distance[site] = found
        return distance

    def one(site: Any) -> str:
        zone = tree.query(site)
        zone = zone[shapely.intersects(zones[zone], site)]
        inside = shapely.contains_properly(zones[zone], site)
        area = np.full(len(zone), site.area)
        area[~inside] = shapely.area(shapely.intersection(site, zones[zone[~inside]]))
        return as_json(zone[area > FLOOR_M2], area[area > FLOOR_M2])

    return Engine("shapely, STRtree + prepared", areas, points, nearest, one)


def with_postgis(work: Work, url: str, *, is_subdivided: bool) -> Engine:
    """A server on a local socket, GiST indexes, statistics; plain, or with zones cut by `ST_Subdivide`.

    `load_postgis` has filled the tables.
    """
    connection = _connected(url)
    name = "pieces" if is_subdivided else "zones"
    # Containment first, as with shapely's prepared geometry.
    shared = (
        "CASE WHEN ST_Covers(z.geom, s.geom) THEN ST_Area(s.geom) ELSE ST_Area(ST_Intersection(s.geom, z.geom)) END"
    )
    joined = f"FROM asked s JOIN {name} z ON ST_Intersects(s.geom, z.geom)"

    def areas(sites: Shapes) -> Triples:
        _send(connection, sites)
        rows = connection.execute(
            f"SELECT s.id, z.id, sum({shared}) AS a {joined} GROUP BY 1, 2 HAVING sum({shared}) > {FLOOR_M2}"
            if is_subdivided
            else f"SELECT * FROM (SELECT s.id AS i, z.id AS j, {shared} AS a {joined}) t WHERE a > {FLOOR_M2}"
        ).fetchall()
        found = np.array(rows, dtype=np.float64).reshape(-1, 3)
        return found[:, 0].astype(int), found[:, 1].astype(int), found[:, 2]

    def points(xy: Array) -> int:
        _send(connection, shapely.points(xy))
        row = connection.execute(f"SELECT count(DISTINCT (s.id, z.id)) {joined}").fetchone()
        return int(row[0]) if row else 0

    def nearest(sites: Shapes) -> Array:
        _send(connection, sites)
        rows = connection.execute(
            f"SELECT s.id, n.d FROM asked s CROSS JOIN LATERAL (SELECT s.geom <-> z.geom AS d FROM {name} z "
            f"WHERE z.layer = '{work.nearest_layer}' ORDER BY s.geom <-> z.geom LIMIT 1) n WHERE n.d <= {work.within_m}"
        ).fetchall()
        distance = np.full(len(sites), np.inf)
        for i, found in rows:
            distance[i] = found
        return distance

    question = (
        f"SELECT coalesce(json_agg(json_build_object('zone', id, 'area_m2', round(a::numeric, 2))), '[]')::text FROM "
        f"(SELECT z.id, sum({shared}) AS a FROM {name} z, (SELECT ST_GeomFromWKB(%s, {EPSG}) AS geom) s "
        f"WHERE ST_Intersects(s.geom, z.geom) GROUP BY 1) t WHERE a > {FLOOR_M2}"
    )

    def one(site: Any) -> str:
        row = connection.execute(question, [shapely.to_wkb(site)], prepare=True).fetchone()
        return str(row[0]) if row else "[]"

    return Engine("PostGIS, subdivided" if is_subdivided else "PostGIS", areas, points, nearest, one)


def _send(connection: psycopg.Connection, shapes: Any) -> None:
    """The questions, into a table of their own."""
    connection.execute("DROP TABLE IF EXISTS asked")
    connection.execute(f"CREATE TEMP TABLE asked (id integer, geom geometry(Geometry, {EPSG}))")
    rows = shapely.to_wkb(shapely.set_srid(shapes, EPSG), include_srid=True, hex=True)
    with connection.cursor().copy("COPY asked FROM STDIN") as copied:
        for i, row in enumerate(rows):
            copied.write_row((i, row))
    connection.execute("ANALYZE asked")


def load_postgis(work: Work, url: str, *, with_pieces: bool) -> str:
    """Fill the tables of zones and, if wanted, of their pieces, both indexed; the versions of server and extension."""
    connection = _connected(url)
    connection.execute(f"CREATE TABLE zones (id integer, layer text, geom geometry(Geometry, {EPSG}))")
    with connection.cursor().copy("COPY zones FROM STDIN") as copied:
        for layer, shapes in work.layers.items():
            for start in range(0, len(shapes), SENT):
                part = shapely.set_srid(shapes[start : start + SENT], EPSG)
                rows = shapely.to_wkb(part, include_srid=True, hex=True)
                for i, row in enumerate(rows, start=work.first[layer] + start):
                    copied.write_row((i, layer, row))
    if with_pieces:
        pieces = f"SELECT id, layer, ST_Subdivide(geom, {PIECE_VERTICES}) AS geom FROM zones"
        connection.execute(f"CREATE TABLE pieces AS {pieces}")
    for name in ("zones", "pieces") if with_pieces else ("zones",):
        connection.execute(f"CREATE INDEX ON {name} USING gist (geom)")
        connection.execute(f"CREATE INDEX ON {name} USING gist (geom) WHERE layer = '{work.nearest_layer}'")
        connection.execute(f"VACUUM ANALYZE {name}")
    row = connection.execute("SELECT current_setting('server_version'), postgis_lib_version()").fetchone()
    return f"PostgreSQL {row[0].split()[0]} with PostGIS {row[1]}" if row else ""


def pieces_of(url: str) -> pa.Table:
    """The subdivided zones for engines that take them from there: columns `id`, `wkb`."""
    kind, parts = pa.schema([("id", pa.int64()), ("wkb", pa.binary())]), []
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor("pieces", binary=True) as cursor:
        cursor.execute("SELECT id, ST_AsBinary(geom) FROM pieces")
        while rows := cursor.fetchmany(SENT * 10):
            parts.append(pa.table([*zip(*rows, strict=True)], schema=kind))
    return pa.concat_tables(parts)


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def with_duckdb(work: Work, pieces: pa.Table) -> Engine:
    """DuckDB's spatial join over the subdivided zones (columns `id`, `wkb`); it has no nearest-neighbour join."""
    import duckdb

    connection = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "1"})
    connection.execute(f"LOAD '{_duckdb_extension()}'")
    connection.register("delivered", pieces)
    connection.execute("CREATE TABLE pieces AS SELECT id, ST_GeomFromWKB(wkb) AS geom FROM delivered")
    connection.unregister("delivered")
    shared = (
        "CASE WHEN ST_Covers(z.geom, s.geom) THEN ST_Area(s.geom) ELSE ST_Area(ST_Intersection(s.geom, z.geom)) END"
    )

    def ask(wkb: Array) -> None:
        connection.register("sent", pd.DataFrame({"id": np.arange(len(wkb)), "wkb": wkb}))
        connection.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT id, ST_GeomFromWKB(wkb) AS geom FROM sent")

    def areas(sites: Shapes) -> Triples:
        ask(shapely.to_wkb(sites))
        found = connection.execute(
            f"SELECT s.id AS i, z.id AS j, sum({shared}) AS a FROM asked s JOIN pieces z "
            f"ON ST_Intersects(s.geom, z.geom) GROUP BY 1, 2 HAVING a > {FLOOR_M2}"
        ).fetchnumpy()
        return found["i"], found["j"], found["a"]

    def points(xy: Array) -> int:
        ask(shapely.to_wkb(shapely.points(xy)))
        row = connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT s.id, z.id FROM asked s JOIN pieces z ON ST_Intersects(s.geom, z.geom))"
        ).fetchone()
        return int(row[0]) if row else 0

    def one(site: Any) -> str:
        _, zone, area = areas(np.array([site], dtype=object))
        return as_json(zone, area)

    return Engine("DuckDB spatial, subdivided", areas, points, None, one)


def with_sedonadb(work: Work, pieces: pa.Table) -> Engine:
    """SedonaDB's spatial join over the subdivided zones (columns `id`, `wkb`)."""
    import sedonadb

    connection = sedonadb.connect()

    def hold(name: str, sent: pa.Table) -> None:
        connection.create_data_frame(sent).to_view("sent", overwrite=True)
        held = connection.sql(f"SELECT id, ST_GeomFromWKB(wkb, {EPSG}) AS geometry FROM sent").to_memtable()
        held.to_view(name, overwrite=True)

    hold("pieces", pieces)
    shared = (
        "CASE WHEN ST_Covers(z.geometry, s.geometry) THEN ST_Area(s.geometry) "
        "ELSE ST_Area(ST_Intersection(s.geometry, z.geometry)) END"
    )

    def ask(geometry: Any) -> None:
        wkb = pa.array(shapely.to_wkb(geometry), pa.binary())
        hold("asked", pa.table({"id": np.arange(len(geometry)), "wkb": wkb}))

    def areas(sites: Shapes) -> Triples:
        ask(sites)
        found = connection.sql(
            f"SELECT s.id AS i, z.id AS j, sum({shared}) AS a FROM asked s JOIN pieces z "
            f"ON ST_Intersects(s.geometry, z.geometry) GROUP BY s.id, z.id HAVING sum({shared}) > {FLOOR_M2}"
        ).to_pandas()
        return found["i"].to_numpy(), found["j"].to_numpy(), found["a"].to_numpy()

    def points(xy: Array) -> int:
        ask(shapely.points(xy))
        found = connection.sql(
            "SELECT count(*) AS n FROM (SELECT DISTINCT s.id, z.id AS j FROM asked s JOIN pieces z "
            "ON ST_Intersects(s.geometry, z.geometry)) t"
        ).to_pandas()
        return int(found["n"].iloc[0])

    def one(site: Any) -> str:
        _, zone, area = areas(np.array([site], dtype=object))
        return as_json(zone, area)

    return Engine("SedonaDB, subdivided", areas, points, None, one)


def _duckdb_extension() -> Path:
    spec = importlib.util.find_spec("duckdb_extension_spatial")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("duckdb-extension-spatial")
    return next(Path(spec.submodule_search_locations[0]).rglob("*.duckdb_extension"))

"""Reading one delivered table from PostGIS."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from sqlalchemy import Select, column, create_engine, func, literal_column, select, table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from layers.vector import TECHNICAL, VectorTable, in_degrees
from screening.errors import DeliveryError
from screening.words import Text


def read_database_table(url: str, name: str, declared_crs: int | None = None) -> VectorTable:
    """One table of a PostGIS database.

    Args:
        url: SQLAlchemy URL, `postgresql+psycopg://…`; keep the password in libpq's own places, not here.
        name: Table, or `schema.table`.
        declared_crs: EPSG code where the geometry column has SRID 0.

    Raises:
        DeliveryError: The database does not answer, has no such geometry table, or not all rows arrived.
    """
    schema, _, bare = name.rpartition(".")
    source = table(bare, schema=schema or None)
    try:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            listed = table(
                "geometry_columns", column("f_geometry_column"), column("f_table_name"), column("f_table_schema")
            )
            asked = select(listed.c.f_geometry_column).where(listed.c.f_table_name == bare)
            asked = asked.where(listed.c.f_table_schema == schema) if schema else asked
            geometry = connection.scalar(asked)
            if geometry is None:
                raise _no_such_table(name)
            expected = connection.scalar(select(func.count()).select_from(source))
            statement: Select[Any] = select(literal_column("*")).select_from(source)
            frame: gpd.GeoDataFrame = gpd.read_postgis(statement, connection, geom_col=geometry)
    except SQLAlchemyError as problem:
        raise DeliveryError.unreadable(name, str(problem).splitlines()[0]) from problem
    if len(frame) != expected:
        raise DeliveryError.unreadable(name, f"{len(frame)} of {expected} rows")
    frame = frame.rename_geometry("geometry") if geometry != "geometry" else frame
    frame = frame.drop(columns=[c for c in frame.columns if str(c).upper() in TECHNICAL])
    moved, crs = in_degrees(frame, name, declared_crs)
    return VectorTable(frame=moved, encoding=Text("UTF-8（数据库）", "UTF-8 (database)"), crs=crs)


def _no_such_table(name: str) -> DeliveryError:
    return DeliveryError.wrong(
        name,
        Text("数据库中没有这个空间表", "the database has no such geometry table"),
        Text("请核对表名（模式.表名）和权限。", "Check the name (schema.table) and the rights to read it."),
    )

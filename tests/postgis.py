"""A PostGIS cluster of the tests' own, on a socket in a temporary folder; nobody else can reach it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
import shapely


def programs() -> Path:
    """Folder of the newest server's programs, as Debian lays them out."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    """A SQLAlchemy URL of an empty database with PostGIS."""
    with server() as url:
        yield url


@contextmanager
def server(*, options: str = "") -> Iterator[str]:
    """The same for as long as the context lasts, with options of the server's own."""
    home = Path(subprocess.check_output(["mktemp", "-d", "/tmp/threelines-pg-XXXXXX"], text=True).strip())
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(home, owner)

    def run(*words: str) -> None:
        as_owner = ["runuser", "-u", owner, "--", *words] if os.geteuid() == 0 else list(words)
        subprocess.run(as_owner, check=True, capture_output=True, cwd=home)

    data, tools = home / "data", programs()
    run(str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C.UTF-8")
    run(
        str(tools / "pg_ctl"),
        "-D",
        str(data),
        "-w",
        "-l",
        str(home / "log"),
        "-o",
        f"-k {home} -c listen_addresses='' {options}",
        "start",
    )
    try:
        with psycopg.connect(host=str(home), user="tests", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")
        yield f"postgresql+psycopg://tests@/postgres?host={home}"
    finally:
        run(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(home)


def load(url: str, name: str, frame: gpd.GeoDataFrame, srid: int = 4490) -> None:
    """One layer into a table of its own, columns as they are."""
    columns = [str(column) for column in frame.columns if column != "geometry"]
    quoted = ", ".join(f'"{column}"' for column in columns)
    typed = ", ".join(f'"{column}" text' for column in columns)
    places = ", ".join(["%s"] * len(columns))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        connection.execute(f'CREATE TABLE "{name}" ({typed}, geom geometry(Geometry, {srid}))')
        for row in frame.to_dict("records"):
            values = [str(row[column]) for column in columns]
            connection.execute(
                f'INSERT INTO "{name}" ({quoted}, geom) VALUES ({places}, ST_GeomFromWKB(%s, {srid}))',
                [*values, shapely.to_wkb(row["geometry"])],
            )

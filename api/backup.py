"""Backup and restore while the service runs: one SQLite file of the same tables, from either database into either.

From SQLite the file is copied by its online backup; from PostgreSQL the rows are read in one snapshot
(REPEATABLE READ). So no program beside our own is needed, and a backup can be opened and audited by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from api import audit_check
from api.database import Base, Database, take_writers_lock
from screening.approval_errors import BackupError
from screening.words import Text

_ROWS_AT_ONCE = 500
Counts = dict[str, int]


def backup(database: Database, target: Path) -> Counts:
    """Write everything to a new file, checked before it gets its name; rows by table.

    Raises:
        BackupError: There is such a file already, it cannot be written, or what was written does not check.
    """
    if target.exists():
        raise BackupError.of(Text("目标文件已存在。", "The file exists already."), str(target))
    draft = target.with_name(f".{target.name}.draft")
    _remove(draft)
    try:
        with _explained(target):
            if database.is_sqlite:
                _copy_file(Path(str(database.engine.url.database)), draft)
            else:
                _copy_snapshot(database, draft)
            counts = _checked(draft)
            draft.replace(target)
    finally:
        _remove(draft)
    return counts


def restore(source: Path, database: Database) -> Counts:
    """Bring everything of a backup into an empty database, in one transaction; rows by table.

    Raises:
        BackupError: The file is no backup or does not check, or the database is not empty.
    """
    if not source.is_file():
        raise BackupError.of(Text("没有这个备份文件。", "There is no such backup."), str(source))
    copy = source.with_name(f".{source.name}.reading")
    _remove(copy)
    try:
        with _explained(source):
            _copy_file(source, copy)  # an older backup is brought up to date in a copy, never in itself
            counts = _checked(copy)
            _pour(copy, database)
    finally:
        _remove(copy)
    return counts


def _copy_file(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _copy_snapshot(database: Database, target: Path) -> None:
    new = Database(f"sqlite:///{target}")
    try:
        snapshot = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with snapshot.connect() as reading, new.engine.execution_options(immediate=True).begin() as writing:
            _copy_rows(reading, writing)
    finally:
        new.close()
    with closing(sqlite3.connect(target)) as one:
        one.execute("PRAGMA journal_mode=DELETE")


def _pour(source: Path, database: Database) -> None:
    old = Database(f"sqlite:///{source}")
    try:
        with old.engine.connect() as reading, database.engine.execution_options(immediate=True).begin() as writing:
            take_writers_lock(writing)
            full = [one.name for one in _tables() if writing.scalar(select(func.count()).select_from(one))]
            if full:
                raise BackupError.of(
                    Text("只能恢复到空的数据库。", "Only an empty database can be restored to."), ", ".join(full)
                )
            _copy_rows(reading, writing)
    finally:
        old.close()


def _copy_rows(reading: Connection, writing: Connection) -> None:
    for table in _tables():
        columns = list(table.primary_key.columns)
        rows = reading.execute(select(table).order_by(*columns).execution_options(yield_per=_ROWS_AT_ONCE))
        for part in rows.mappings().partitions(_ROWS_AT_ONCE):
            writing.execute(insert(table), [dict(one) for one in part])


def _checked(file: Path) -> Counts:
    """Rows by table of a file whose pages, chain, cases and contents check.

    Raises:
        BackupError: Something does not.
    """
    database = Database(f"sqlite:///{file}")
    try:
        with database.engine.connect() as reading:
            pages = reading.scalar(text("PRAGMA integrity_check"))
            counts = {one.name: reading.scalar(select(func.count()).select_from(one)) or 0 for one in _tables()}
        found = audit_check.check(database)
    finally:
        database.close()
    if pages != "ok":
        raise BackupError.of(Text("备份文件损坏。", "The backup is damaged."), str(pages)[:200])
    if found.problems:
        first = found.problems[0]
        raise BackupError.of(Text(f"备份未通过审计核对：{first.zh}", f"The backup does not check: {first.en}"))
    return counts


def _tables() -> list[Table]:
    """Every table, those that others refer to first."""
    return list(Base.metadata.sorted_tables)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, SQLAlchemyError) as problem:
        raise BackupError.of(
            Text("读写备份或数据库时出错。", "Reading or writing the backup or the database failed."),
            f"{place}: {type(problem).__name__}",
        ) from problem

"""Past approvals as rows of a file, for tests."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.approvals import HERE, OPERATOR, City

PAST: dict[str, str] = {
    "source_number": "OLD-1",
    "project": "旧项目",
    "organisation": "旧公司",
    "agency": "甲单位",
    "district": HERE,
    "industries": "I6511",
    "construction": "新建",
    "coordinates": "120.18,36.08",
    "opened_on": "2025-03-03",
    "accepted_on": "2025-03-06",
    "assessed_on": "2025-03-17",
    "reviewed_on": "2025-03-20",
    "decided_on": "2025-03-25",
    "archived_on": "2025-04-02",
    "decision": "同意",
    "eia_category": "报告表",
    "key_project": "是",
    "returned": "1",
    "overrides": "0",
    "water_m3_per_year": "12000",
}


def past(number: str, **changes: str) -> dict[str, str]:
    """A row that can be imported, with some cells changed."""
    return {**PAST, "source_number": number, **changes}


def write_rows(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as opened:
        table = csv.DictWriter(opened, list(dict.fromkeys(name for row in rows for name in row)))
        table.writeheader()
        table.writerows(rows)
    return path


def load(city: City, folder: Path, *rows: dict[str, str]) -> None:
    """Import rows, all of them."""
    done = city.port.history.load(OPERATOR, write_rows(folder / "past.csv", *rows))
    assert not done.issues, done.issues

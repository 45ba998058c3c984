"""环评单位: EIA agencies from a spreadsheet; every row becomes an agency or an issue."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path

from layers.issues import Issue
from layers.spreadsheet import CellError, SheetRow
from layers.tables import day, flag, gathered, table_rows, whole
from screening.words import Text

COLUMNS = (
    "名称",
    "统一社会信用代码",
    "城市",
    "区县",
    "信用状态",
    "失信记分",
    "环评工程师",
    "联系电话",
    "更新日期",
    "核实",
)
CREDIT_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: digits and capitals without I, O, S, V, Z."""


class CreditStatus(StrEnum):
    """信用状态 on the national EIA credit platform."""

    NORMAL = "normal"  # 正常
    DISCREDITED = "discredited"  # 失信
    RECTIFYING = "rectifying"  # 限期整改
    SUPERVISED = "supervised"  # 重点监督检查


CREDIT_STATUS: dict[CreditStatus, Text] = {
    CreditStatus.NORMAL: Text("正常", "normal"),
    CreditStatus.DISCREDITED: Text("失信", "discredited"),
    CreditStatus.RECTIFYING: Text("限期整改", "under order to rectify"),
    CreditStatus.SUPERVISED: Text("重点监督检查", "under special supervision"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """环评编制单位.

    Attributes:
        credit_code: Unified social credit code, 18 signs (GB 32100-2015).
        points: 失信记分 in the present cycle; None where not recorded.
        engineers: EIA engineers employed; None where not recorded.
        updated: Day on which the row was last brought up to date.
        verified: Whether it was checked against the credit platform.
    """

    name: str
    credit_code: str
    city: str
    district: str
    status: CreditStatus
    points: float | None
    engineers: int | None
    phone: str
    updated: date
    verified: bool


def read_agencies(path: Path) -> tuple[tuple[Agency, ...], list[Issue]]:
    """The agencies of a `.xlsx` or CSV, by name, and an issue for each row that is none.

    Raises:
        DeliveryError: The file is missing or unreadable, or a column is missing.
    """
    found, issues = gathered(table_rows(path, COLUMNS), _agency, _code, "agencies")
    return tuple(sorted(found, key=lambda one: one.name)), issues


def write_agencies(agencies: Iterable[Agency], path: Path) -> None:
    """A list of agencies as CSV in the columns it is read from; the file is replaced whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(COLUMNS)
        for one in agencies:
            numbers = ["" if value is None else f"{value:g}" for value in (one.points, one.engineers)]
            status = CREDIT_STATUS[one.status].zh
            place = (one.name, one.credit_code, one.city, one.district)
            rows.writerow(
                [*place, status, *numbers, one.phone, one.updated.isoformat(), "是" if one.verified else "否"]
            )
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(path)


def demonstration_agencies() -> tuple[Agency, ...]:
    """The invented agencies shipped for demonstration; none of them exists."""
    with as_file(files("layers").joinpath("reference/agencies_demo.csv")) as path:
        return read_agencies(path)[0]


def search_agencies(
    agencies: Iterable[Agency], *, name: str = "", district: str = "", status: CreditStatus | None = None
) -> list[Agency]:
    """The agencies that fit everything asked for; what is left out does not narrow.

    Args:
        agencies: Where to search.
        name: Part of the name or of the credit code.
        district: Part of the city or district.
        status: One credit status.
    """
    wanted, where = name.strip().casefold(), district.strip()
    return [
        one
        for one in agencies
        if (wanted in one.name.casefold() or wanted in one.credit_code.casefold())
        and where in f"{one.city}{one.district}"
        and (status is None or one.status is status)
    ]


def is_credit_code(code: str) -> bool:
    """Whether 18 signs are a unified social credit code: the last is the check sign over the first 17.

    Weights are powers of 3 modulo 31 (GB 32100-2015, 5).

    >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y44")
    (True, False)
    """
    if len(code) != 18 or any(sign not in CREDIT_CODE_SIGNS for sign in code):
        return False
    total = sum(CREDIT_CODE_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return CREDIT_CODE_SIGNS[-total % 31] == code[17]


def _code(one: Agency) -> str:
    return one.credit_code


def _agency(row: SheetRow) -> Agency:
    whole(row)
    return Agency(
        name=row.required("名称"),
        credit_code=_credit_code(row),
        city=row.required("城市"),
        district=row["区县"],
        status=_status(row),
        points=_number(row, "失信记分"),
        engineers=_count(row, "环评工程师"),
        phone=row["联系电话"],
        updated=day(row, "更新日期"),
        verified=flag(row, "核实"),
    )


def _credit_code(row: SheetRow) -> str:
    code = row.required("统一社会信用代码").upper().replace(" ", "")
    if not is_credit_code(code):
        text = Text(f"“{code}”位数、字符或校验码不对", f"“{code}” has a wrong length, sign or check sign")
        raise CellError("统一社会信用代码", text)
    return code


def _status(row: SheetRow) -> CreditStatus:
    word = row.required("信用状态")
    for status, text in CREDIT_STATUS.items():
        if word in (text.zh, status.value):
            return status
    known = "、".join(text.zh for text in CREDIT_STATUS.values())
    raise CellError("信用状态", Text(f"“{word}”不在{known}之中", f"“{word}” is none of {known}"))


def _number(row: SheetRow, column: str) -> float | None:
    if not row[column]:
        return None
    try:
        value = float(row[column])
    except ValueError as problem:
        raise _no_count(row, column) from problem
    if not 0.0 <= value < float("inf"):  # also refuses NaN
        raise _no_count(row, column)
    return value


def _count(row: SheetRow, column: str) -> int | None:
    value = _number(row, column)
    if value is None:
        return None
    if not value.is_integer():
        raise _no_count(row, column)
    return int(value)


def _no_count(row: SheetRow, column: str) -> CellError:
    return CellError(column, Text(f"“{row[column]}”不是可用的数", f"“{row[column]}” is not a usable number"))

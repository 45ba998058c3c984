"""The tables of standards: read once, every cell checked, and a bad one is an error with file, row and field."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import TypeVar

from layers.industries import classification
from screening.access import IndustrySet
from screening.errors import BrokenReferenceError, UnknownIndustryError
from screening.standards import (
    ANY_POLLUTANT,
    OUTLETS,
    SPECIAL_AREA,
    Averaging,
    Book,
    Column,
    Conditions,
    Kind,
    Limit,
    Medium,
    Origin,
    Outlet,
    Pollutant,
    Reach,
    Standard,
)
from screening.units import UNITS, Quantity
from screening.words import Text

STANDARD_COLUMNS = (
    "code",
    "name_zh",
    "name_en",
    "kind",
    "level",
    "scope",
    "area",
    "industries",
    "industries_exclude",
    "industries_from",
    "when",
    "crosses",
    "media",
    "replaces",
    "replaced_by",
    "valid_from",
    "valid_to",
    "existing_from",
    "source",
    "note",
    "verified",
)
LIMIT_COLUMNS = (
    "standard",
    "place",
    "pollutant",
    "medium",
    "outlet",
    "when",
    "special",
    "minimum",
    "maximum",
    "exclusive",
    "unit",
    "averaging",
    "tier",
    "built_from",
    "built_to",
    "valid_from",
    "valid_to",
    "note",
    "source",
    "verified",
)
POLLUTANT_COLUMNS = ("id", "zh", "en", "cas", "synonyms", "media")
_TIERS = ("", "screening", "intervention")

Word = TypeVar("Word", bound=Enum)
Cell = TypeVar("Cell")


@cache
def standard_book() -> Book:
    """The tables this version ships, read once.

    Raises:
        BrokenReferenceError: A cell cannot be understood, or contradicts another.
    """
    return read_book(files("layers").joinpath("reference/standards"))


def read_book(folder: Traversable) -> Book:
    """The tables in a folder: `columns.toml`, `pollutants.csv`, `standards.csv`, `limits.csv`.

    Raises:
        BrokenReferenceError: A cell cannot be understood, or contradicts another.
    """
    columns = _columns(folder)
    pollutants = _unique(_rows(folder, "pollutants.csv", POLLUTANT_COLUMNS), "id", _pollutant)
    standards = _unique(_rows(folder, "standards.csv", STANDARD_COLUMNS), "code", lambda row: _standard(row, columns))
    limits = _limits(folder, columns, pollutants, standards)
    return Book(standards=standards, limits=limits, columns=columns, pollutants=pollutants)


class _Row:
    """One row of a table, which knows its place."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str | None]) -> None:
        self.file, self.line = file, line
        self._cells = {name: (cell or "").strip() for name, cell in cells.items()}

    def __getitem__(self, field: str) -> str:
        return self._cells[field]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def broken(self, field: str, problem: Text) -> BrokenReferenceError:
        """The error of one cell."""
        return BrokenReferenceError.of(self.file, str(self.line), field, problem, self[field])

    def required(self, field: str) -> str:
        """A cell that may not be empty."""
        if not self[field]:
            raise self.broken(field, Text("不能为空", "it may not be empty"))
        return self[field]

    def words(self, field: str) -> tuple[str, ...]:
        """A list parted by `|`."""
        return tuple(word for part in self[field].split("|") if (word := part.strip()))

    def one_of(self, field: str, kind: type[Word]) -> Word:
        """A word of an enumeration, by value, or by name where values are numbers."""
        return self._term(field, self.required(field), kind)

    def some_of(self, field: str, kind: type[Word]) -> frozenset[Word]:
        """One word of an enumeration, or several."""
        self.required(field)
        return frozenset(self._term(field, word, kind) for word in self.words(field))

    def _term(self, field: str, word: str, kind: type[Word]) -> Word:
        known = {(one.value if isinstance(one.value, str) else one.name.lower()): one for one in kind}
        if word not in known:
            listed = ", ".join(known)
            raise self.broken(field, Text(f"“{word}”不在 {listed} 之中", f"“{word}” is none of {listed}"))
        return known[word]

    def flag(self, field: str) -> bool:
        """`yes` or `no`."""
        answer = self.optional_flag(field)
        if answer is None:
            raise self.broken(field, Text("须为 yes 或 no", "it must be yes or no"))
        return answer

    def optional_flag(self, field: str) -> bool | None:
        """`yes`, `no` or empty."""
        match self[field]:
            case "yes":
                return True
            case "no":
                return False
            case "":
                return None
            case _:
                raise self.broken(field, Text("须为 yes、no 或空", "it must be yes, no or empty"))

    def day(self, field: str) -> date:
        """A day, `YYYY-MM-DD`."""
        self.required(field)
        return self._parsed(field, date.fromisoformat, Text("不是日期", "it is no date"))

    def optional_day(self, field: str) -> date | None:
        """A day or nothing."""
        return self.day(field) if self[field] else None

    def number(self, field: str) -> Decimal | None:
        """A number or nothing; a dash is no number here, so that it is never taken for one."""
        if not self[field]:
            return None
        number = self._parsed(field, Decimal, Text("不是数值", "it is no number"))
        if not number.is_finite():
            raise self.broken(field, Text("不是数值", "it is no number"))
        return number

    def _parsed(self, field: str, parse: Callable[[str], Cell], problem: Text) -> Cell:
        try:
            return parse(self[field])
        except (ValueError, InvalidOperation) as failure:
            raise self.broken(field, problem) from failure


def _rows(folder: Traversable, file: str, columns: tuple[str, ...]) -> Iterator[_Row]:
    with StringIO(folder.joinpath(file).read_text(encoding="utf-8")) as opened:
        reader = csv.DictReader(opened)
        if tuple(reader.fieldnames or ()) != columns:
            listed = ", ".join(columns)
            raise BrokenReferenceError.of(file, "1", "", Text(f"列应为 {listed}", f"the columns must be {listed}"))
        for line, cells in enumerate(reader, start=2):
            if None in cells or None in cells.values():
                raise BrokenReferenceError.of(
                    file, str(line), "", Text("格数与列数不符", "it has more or fewer cells than columns")
                )
            yield _Row(file, line, cells)


def _unique(rows: Iterator[_Row], key: str, read: Callable[[_Row], Cell]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for row in rows:
        name = row.required(key)
        if name in found:
            raise row.broken(key, Text("重复", "it occurs twice"))
        found[name] = read(row)
    return found


# -- the four tables ---------------------------------------------------------------------------------------------------


def _columns(folder: Traversable) -> dict[str, Column]:
    file = "columns.toml"
    table = tomllib.loads(folder.joinpath(file).read_text(encoding="utf-8"))
    return {name: _column(file, name, content) for name, content in table.items()}


def _column(file: str, name: str, content: Mapping[str, object]) -> Column:
    match content:
        case {"zh": str(zh), "en": str(en), "place": bool(of_place), "choices": [_, *_] as choices}:
            return Column(
                id=name,
                label=Text(zh, en),
                of_place=of_place,
                choices=tuple(_choice(file, name, choice) for choice in choices),
            )
        case _:
            raise BrokenReferenceError.of(
                file, name, "", Text("须有 zh、en、place、choices", "it needs zh, en, place and choices")
            )


def _choice(file: str, name: str, choice: object) -> tuple[str, Text]:
    match choice:
        case [str(value), str(zh), str(en)] if value and zh and en:
            return value, Text(zh, en)
        case _:
            raise BrokenReferenceError.of(
                file, name, "choices", Text("每项须为 [值, 中文, 英文]", "each must be [value, Chinese, English]")
            )


def _pollutant(row: _Row) -> Pollutant:
    return Pollutant(
        id=row["id"],
        name=Text(row.required("zh"), row.required("en")),
        cas=row["cas"],
        synonyms=row.words("synonyms"),
        media=row.some_of("media", Medium),
    )


def _standard(row: _Row, columns: Mapping[str, Column]) -> Standard:
    valid_from, valid_to = row.day("valid_from"), row.optional_day("valid_to")
    existing_from = row.optional_day("existing_from")
    if valid_to is not None and valid_to < valid_from:
        raise row.broken("valid_to", Text("早于生效日期", "it is before the first day"))
    if existing_from is not None and existing_from < valid_from:
        raise row.broken("existing_from", Text("早于生效日期", "it is before the first day"))
    if row["industries_from"] not in ("standard", "mapping"):
        raise row.broken("industries_from", Text("须为 standard 或 mapping", "it must be standard or mapping"))
    origin = row.one_of("level", Origin)
    if (origin is Origin.LOCAL) != bool(row["area"]):
        raise row.broken(
            "area", Text("地方标准须有区划代码，国家标准不得有", "local ones need it, national ones have none")
        )
    return Standard(
        code=row["code"],
        title=Text(row.required("name_zh"), row.required("name_en")),
        kind=row.one_of("kind", Kind),
        origin=origin,
        reach=row.one_of("scope", Reach),
        area=row["area"],
        industries=IndustrySet(include=_industries(row, "industries"), exclude=_industries(row, "industries_exclude")),
        industries_verified=row["industries_from"] == "standard",
        when=_conditions(row, columns),
        crosses=row.flag("crosses"),
        media=row.some_of("media", Medium),
        replaces=row.words("replaces"),
        replaced_by=row["replaced_by"],
        valid_from=valid_from,
        valid_to=valid_to,
        existing_from=existing_from,
        source=row.required("source"),
        note=row["note"],
        verified=row.flag("verified"),
    )


def _industries(row: _Row, field: str) -> frozenset[str]:
    try:
        return frozenset(classification().find(code, field=field).code for code in row.words(field))
    except UnknownIndustryError as problem:
        raise row.broken(field, problem.what) from problem


def _conditions(row: _Row, columns: Mapping[str, Column]) -> Conditions:
    """`fuel=coal|oil; source!=kiln`: columns by id with the choices meant, or with those not meant."""
    conditions: dict[str, frozenset[str]] = {}
    for part in filter(None, (part.strip() for part in row["when"].split(";"))):
        name, sign, choices = part.partition("=")
        negated, name = name.endswith("!"), name.removesuffix("!").strip()
        if not sign or name not in columns:
            raise row.broken("when", Text(f"不认识分栏“{name}”", f"there is no column “{name}”"))
        known = frozenset(value for value, _ in columns[name].choices)
        meant = frozenset(choice.strip() for choice in choices.split("|"))
        if not meant <= known or name in conditions:
            raise row.broken("when", Text(f"“{part}”的取值不可用", f"the choices of “{part}” cannot be used"))
        conditions[name] = known - meant if negated else meant
    return conditions


def _limits(
    folder: Traversable,
    columns: Mapping[str, Column],
    pollutants: Mapping[str, Pollutant],
    standards: Mapping[str, Standard],
) -> tuple[Limit, ...]:
    seen: dict[tuple[object, ...], str] = {}
    limits = []
    for row in _rows(folder, "limits.csv", LIMIT_COLUMNS):
        limit = _limit(row, columns, pollutants, standards)
        key = _same_cell(limit)
        if key in seen:
            raise row.broken("pollutant", Text(f"与 {seen[key]} 重复", f"it repeats {seen[key]}"))
        seen[key] = row.place
        limits.append(limit)
    silent = sorted(standards.keys() - {limit.standard for limit in limits})
    if silent:
        raise BrokenReferenceError.of(
            "limits.csv", "-", "standard", Text(f"{silent[0]} 没有限值行", f"{silent[0]} has no limit"), silent[0]
        )
    return tuple(limits)


def _same_cell(limit: Limit) -> tuple[object, ...]:
    return (
        limit.standard,
        limit.pollutant,
        limit.medium,
        limit.outlets,
        frozenset(limit.when.items()),
        UNITS[limit.unit].quantity,
        limit.averaging,
        limit.tier,
        limit.built_from,
        limit.valid_from,
    )


def _limit(
    row: _Row,
    columns: Mapping[str, Column],
    pollutants: Mapping[str, Pollutant],
    standards: Mapping[str, Standard],
) -> Limit:
    standard = standards.get(row.required("standard"))
    if standard is None:
        raise row.broken("standard", Text("不在 standards.csv 中", "it is not in standards.csv"))
    medium = row.one_of("medium", Medium)
    if medium not in standard.media:
        raise row.broken("medium", Text("标准未列此介质", "the standard does not list this medium"))
    special = row.optional_flag("special")
    when = dict(_conditions(row, columns))
    if special is not None:
        when[SPECIAL_AREA] = frozenset({"yes" if special else "no"})
    if row["tier"] not in _TIERS:
        raise row.broken("tier", Text("不认识", "it is not known"))
    limit = Limit(
        standard=standard.code,
        place=row.required("place"),
        pollutant=_pollutant_id(row, medium, pollutants),
        medium=medium,
        outlets=row.some_of("outlet", Outlet),
        when=when,
        special=special,
        minimum=row.number("minimum"),
        maximum=row.number("maximum"),
        exclusive=row.flag("exclusive"),
        unit=row.required("unit"),
        averaging=row.one_of("averaging", Averaging) if row["averaging"] else None,
        tier=row["tier"],
        built_from=row.optional_day("built_from"),
        built_to=row.optional_day("built_to"),
        valid_from=row.day("valid_from"),
        valid_to=row.optional_day("valid_to"),
        note=row["note"],
        source=row.required("source"),
        verified=row.flag("verified"),
        row=row.place,
    )
    _check(row, limit, standard)
    return limit


def _pollutant_id(row: _Row, medium: Medium, pollutants: Mapping[str, Pollutant]) -> str:
    name = row.required("pollutant")
    if name == ANY_POLLUTANT:
        return name
    if name not in pollutants:
        raise row.broken("pollutant", Text("不在 pollutants.csv 中", "it is not in pollutants.csv"))
    if medium not in pollutants[name].media:
        raise row.broken("medium", Text("污染物未列此介质", "the pollutant does not list this medium"))
    return name


def _check(row: _Row, limit: Limit, standard: Standard) -> None:
    """What a row says must agree with itself and with its standard."""
    if limit.unit not in UNITS:
        raise row.broken("unit", Text("不在单位表中", "it is not in the table of units"))
    if limit.minimum is not None and limit.maximum is not None and limit.maximum < limit.minimum:
        raise row.broken("maximum", Text("小于下限", "it is below the minimum"))
    if limit.verified and not limit.is_held:
        raise row.broken("verified", Text("没有数值的限值不能已核实", "a limit without a value cannot be verified"))
    if limit.pollutant == ANY_POLLUTANT and limit.is_held and UNITS[limit.unit].quantity is not Quantity.HEIGHT:
        raise row.broken("pollutant", Text("any 只用于排气筒高度", "any is for heights of stacks only"))
    allowed = OUTLETS[limit.medium] if standard.kind is Kind.EMISSION else (Outlet.AMBIENT,)
    if not limit.outlets <= set(allowed):
        raise row.broken("outlet", Text("与介质或标准类别不符", "it does not fit the medium or kind of standard"))
    if limit.valid_from < standard.valid_from:
        raise row.broken("valid_from", Text("早于标准施行日期", "it is before the standard's first day"))
    if limit.valid_to is not None and limit.valid_to < limit.valid_from:
        raise row.broken("valid_to", Text("早于生效日期", "it is before the first day"))
    if limit.built_from and limit.built_to and limit.built_to < limit.built_from:
        raise row.broken("built_to", Text("早于起始日期", "it is before the first day"))

"""Industrial-policy catalogues from CSV tables: every row becomes an entry or an issue.

`catalogues.toml` says for each catalogue its classes, how many items the official text has, and what each class does;
the CSV beside it holds the items present. Both can be replaced by a city's own of the same form.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from layers.facts import checked, fact_schema, facts_of
from layers.industries import classification
from layers.issues import Issue
from layers.spreadsheet import CellError, SheetRow
from layers.tables import csv_rows, day, flag, gathered, listed, optional_day, whole
from screening.conditions import Condition, check_condition
from screening.errors import ConditionError, DeliveryError, UnknownIndustryError
from screening.model import Construction, Effect, Fact, FactValue
from screening.policy import Catalogue, ClassRule, PolicyClass, PolicyEntry
from screening.words import Text

ENTRY_COLUMNS = (
    "id",
    "class",
    "section",
    "number",
    "wording",
    "verbatim",
    "industries",
    "keywords_all",
    "keywords_any",
    "threshold",
    "basis",
    "valid_from",
    "valid_to",
    "source",
    "verified",
)


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """The catalogues this version ships, by id.

    Raises:
        DeliveryError: A row of a shipped table is no entry.
    """
    found, issues = read_catalogues(_shipped())
    if issues:
        first = issues[0]
        cure = Text("请恢复随版本发布的表格。", "Restore the table this version was shipped with.")
        raise DeliveryError.wrong(first.place, first.message, cure)
    return found


def read_catalogues(folder: Traversable | Path) -> tuple[Mapping[str, Catalogue], list[Issue]]:
    """Every catalogue that a folder's `catalogues.toml` describes, and an issue for each row that is no entry.

    Raises:
        DeliveryError: A file is missing, a column is missing, or a description is wrong.
    """
    found: dict[str, Catalogue] = {}
    issues: list[Issue] = []
    for name, row in _described(folder).items():
        found[name], more = _catalogue(name, row, folder)
        issues += more
    return MappingProxyType(found), issues


def policy_schema() -> Mapping[str, Fact]:
    """Facts that thresholds may ask for: those of every project, and the scales only some entries ask for."""
    return {**fact_schema(), **scales()}


@cache
def scales() -> Mapping[str, Fact]:
    """Scales of equipment and production, asked of a project only where a candidate entry turns on one."""
    return facts_of(_toml(_shipped() / "scales.toml"))


def declared_scales(values: Mapping[str, object]) -> dict[str, FactValue]:
    """Declared scales, checked; None stands for not declared and is left out.

    Raises:
        UnknownFactError: A name outside the scales, a wrong type, or a number out of range.
    """
    return checked(values, scales())


def _shipped() -> Traversable:
    return files("layers").joinpath("reference/policy")


def _described(folder: Traversable | Path) -> dict[str, Any]:
    described: dict[str, Any] = _toml(folder / "catalogues.toml").get("catalogue", {})
    return described


def _toml(path: Traversable | Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise DeliveryError.missing_file(path.name, "reference.toml") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise DeliveryError.unreadable(path.name, str(problem)) from problem


def _catalogue(name: str, row: Mapping[str, Any], folder: Traversable | Path) -> tuple[Catalogue, list[Issue]]:
    try:
        classes = tuple(_rule(one) for one in row["class"])
        read = partial(_entry, classes=frozenset(rule.cls for rule in classes))
        entries, issues = gathered(csv_rows(folder / row["file"], ENTRY_COLUMNS), read, _id, f"policy:{name}")
        made = Catalogue(
            id=name,
            title=Text(row["title_zh"], row["title_en"]),
            basis=row["basis"],
            valid_from=_date(row["valid_from"]),
            valid_to=_date(row["valid_to"]) if "valid_to" in row else None,
            classes=classes,
            otherwise=PolicyClass(row["otherwise"]),
            entries=entries,
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise DeliveryError.wrong(
            f"catalogues.toml [{name}]",
            Text(f"缺少或写错：{problem}", f"missing or wrong: {problem}"),
            Text("请对照随版本发布的 catalogues.toml 补正。", "Correct it after the catalogues.toml shipped."),
        ) from problem
    return made, issues


def _rule(row: Mapping[str, Any]) -> ClassRule:
    effects = {kind: Effect(row["effects"][kind.value]) for kind in Construction}
    total = row.get("total")
    return ClassRule(cls=PolicyClass(row["id"]), total=None if total is None else int(total), effects=effects)


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a date")
    return value


def _id(entry: PolicyEntry) -> str:
    return entry.id


def _entry(row: SheetRow, classes: frozenset[PolicyClass]) -> PolicyEntry:
    whole(row)
    made = PolicyEntry(
        id=row.required("id"),
        cls=_class(row, classes),
        section=row["section"],
        number=row["number"],
        wording=row.required("wording"),
        industries=_industries(row),
        keywords_all=listed(row, "keywords_all"),
        keywords_any=listed(row, "keywords_any"),
        threshold=_threshold(row),
        basis=row.required("basis"),
        source=row.required("source"),
        valid_from=day(row, "valid_from"),
        valid_to=optional_day(row, "valid_to"),
        is_verbatim=flag(row, "verbatim"),
        verified=flag(row, "verified"),
    )
    if made.valid_to and made.valid_to < made.valid_from:
        raise CellError("valid_to", Text("失效早于生效", "it ends before it begins"))
    return made


def _class(row: SheetRow, classes: frozenset[PolicyClass]) -> PolicyClass:
    word = row.required("class")
    if word not in classes:
        known = "、".join(sorted(classes))
        raise CellError("class", Text(f"“{word}”不在{known}之中", f"“{word}” is none of {known}"))
    return PolicyClass(word)


def _industries(row: SheetRow) -> frozenset[str]:
    try:
        return frozenset(classification().find(code).code for code in listed(row, "industries"))
    except UnknownIndustryError as problem:
        raise CellError("industries", problem.what) from problem


def _threshold(row: SheetRow) -> Condition | None:
    if not row["threshold"]:
        return None
    try:
        return check_condition(row["threshold"], policy_schema())
    except ConditionError as problem:
        raise CellError("threshold", problem.what) from problem

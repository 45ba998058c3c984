"""The forms of a case's discharge panel: what they offer, how they are filled in, and what they declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from api.approvals.discharges import NewDeclaration
from api.discharge_answers import need_out
from api.discharge_schemas import DeclarationOut, DischargesOut, NeedOut
from api.law import DischargeQuestion, Value
from layers.standards import standard_book
from screening.approval_errors import CaseInputError
from screening.discharges import MEDIA, MEDIUM
from screening.emission_model import AVERAGING, OUTLET_WORDS
from screening.standards import OUTLETS, Averaging, Medium
from screening.units import UNITS, Quantity
from screening.words import Language, Text
from web.approval_frame import read_day

AMOUNTS = {"rate": "kg/h", "annual": "t/a", "stack_height": "m", "removal": "%"}
Line = Annotated[str, Field(max_length=200)]


class DischargeForm(BaseModel):
    """Whatever a form of the discharge panel may send; of several concentrations the n-th of each list."""

    version: int = 0
    replaces: Line = ""
    withdraw: Line = ""
    nothing_else: Line = ""
    outlet_name: Line = ""
    pollutant: Line = ""
    medium: Line = ""
    industry: Line = ""
    outlet: Line = ""
    built: Line = ""
    value: list[Line] = Field(default_factory=list, max_length=10)
    unit: list[Line] = Field(default_factory=list, max_length=10)
    averaging: list[Line] = Field(default_factory=list, max_length=10)
    rate: Line = ""
    annual: Line = ""
    stack_height: Line = ""
    removal: Line = ""
    column: list[Line] = Field(default_factory=list, max_length=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """One form of the panel, filled in.

    Attributes:
        key: `new`, or the position of the declaration it corrects.
        concentrations: Value, unit and averaging time of each.
        amounts: Rate, annual amount, height and removal as written.
        columns: What decides between limits, and the chosen value of each.
        is_open: Whether it shows at once, because it was refused.
    """

    key: str
    replaces: str
    outlet_name: str
    pollutant: str
    medium: str
    industry: str
    outlet: str
    built: str
    concentrations: tuple[tuple[str, str, str], ...]
    amounts: Mapping[str, str]
    columns: tuple[tuple[NeedOut, str], ...]
    is_open: bool


def read_declaration(typed: DischargeForm) -> NewDeclaration:
    """What a form of the panel declares.

    Raises:
        CaseInputError: A medium, an outlet, a number or a day is none.
    """
    replaces = int(typed.replaces) if typed.replaces.isdecimal() else None
    if typed.withdraw:
        return NewDeclaration(replaces=replaces)
    if typed.nothing_else:
        return NewDeclaration(nothing_else=_medium(typed.nothing_else))
    if not typed.pollutant.strip():
        raise CaseInputError.of("pollutant", Text("请填写污染物。", "Name the pollutant."))
    medium = _medium(typed.medium)
    outlets = {one.value: one for one in OUTLETS[medium]}
    if typed.outlet and typed.outlet not in outlets:
        other = Text("这种介质没有这种排放方式。", "The medium has no such outlet.")
        raise CaseInputError.of("outlet", other, typed.outlet[:40])
    amounts = {
        name: Value(value=_number(name, written), unit=unit)
        for name, unit in AMOUNTS.items()
        if (written := str(getattr(typed, name)).strip())
    }
    discharge = DischargeQuestion(
        pollutant=typed.pollutant,
        medium=medium,
        industry=typed.industry,
        concentrations=tuple(_concentrations(typed)),
        outlet=outlets.get(typed.outlet),
        built=read_day("built", typed.built),
        columns=dict(_pair(one) for one in typed.column if one),
        rate=amounts.get("rate"),
        annual=amounts.get("annual"),
        stack_height=amounts.get("stack_height"),
        removal=amounts.get("removal"),
    )
    return NewDeclaration(discharge=discharge, replaces=replaces, outlet_name=typed.outlet_name)


def discharge_choices(language: Language) -> dict[str, object]:
    """What the selects and the list of pollutants of every form offer."""
    pollutants = standard_book().pollutants.values()
    return {
        "pollutants": sorted({one.name.in_(language) for one in pollutants if not one.media.isdisjoint(MEDIA)}),
        "media": [(one.value, MEDIUM[one].in_(language)) for one in MEDIA],
        "outlets": [
            (one.value, OUTLET_WORDS[one].in_(language))
            for one in dict.fromkeys(one for medium in MEDIA for one in OUTLETS[medium])
        ],
        "units": [
            (one.symbol, one.label.in_(language)) for one in UNITS.values() if one.quantity is Quantity.CONCENTRATION
        ],
        "averagings": [(one.name.lower(), text.in_(language)) for one, text in AVERAGING.items()],
    }


def discharge_fields(found: DischargesOut, typed: DischargeForm | None, language: Language) -> dict[str, Fields]:
    """The form of a new declaration and one for each that is in force; what was refused comes back as typed."""
    shown = {"new": _empty(found)}
    for one in found.declarations:
        if one.discharge is not None:
            shown[str(one.position)] = _of_declaration(one, language)
    key = "" if typed is None or typed.nothing_else or typed.withdraw else typed.replaces or "new"
    if typed is not None and key in shown:
        shown[key] = _as_typed(typed, shown[key])
    return shown


def _empty(found: DischargesOut) -> Fields:
    return Fields(
        key="new",
        replaces="",
        outlet_name="",
        pollutant="",
        medium="",
        industry=found.industries[0] if found.industries else "",
        outlet="",
        built="",
        concentrations=(("", "", ""),),
        amounts=dict.fromkeys(AMOUNTS, ""),
        columns=tuple((one, "") for one in found.columns),
        is_open=False,
    )


def _of_declaration(declared: DeclarationOut, language: Language) -> Fields:
    """As it was declared, with one more concentration to fill in, and what is still missing to choose."""
    asked = declared.discharge
    assert asked is not None
    values = [(f"{one.value:.12g}", one.unit, one.averaging or "") for one in asked.concentrations]
    amounts = {name: getattr(asked, name) for name in AMOUNTS}
    missing = {need.name: need for one in declared.findings for need in one.missing if need.choices}
    known = {name: need_out(name, language) for name in asked.columns}
    return Fields(
        key=str(declared.position),
        replaces=str(declared.position),
        outlet_name=declared.outlet_name,
        pollutant=declared.pollutant_label,
        medium=asked.medium.value,
        industry=asked.industry,
        outlet=asked.outlet.value if asked.outlet else "",
        built=asked.built.isoformat() if asked.built else "",
        concentrations=(*values, ("", values[-1][1] if values else "", "")),
        amounts={name: f"{one.value:.12g}" if one else "" for name, one in amounts.items()},
        columns=tuple((need, asked.columns.get(name, "")) for name, need in {**known, **missing}.items()),
        is_open=False,
    )


def _as_typed(typed: DischargeForm, empty: Fields) -> Fields:
    chosen = dict(_pair(one) for one in typed.column if one)
    return Fields(
        key=empty.key,
        replaces=empty.replaces,
        outlet_name=typed.outlet_name,
        pollutant=typed.pollutant,
        medium=typed.medium,
        industry=typed.industry,
        outlet=typed.outlet,
        built=typed.built,
        concentrations=tuple(_groups(typed)) or empty.concentrations,
        amounts={name: str(getattr(typed, name)) for name in AMOUNTS},
        columns=tuple((need, chosen.get(need.name, "")) for need, _ in empty.columns),
        is_open=True,
    )


def _groups(typed: DischargeForm) -> Iterable[tuple[str, str, str]]:
    several = [typed.value, typed.unit, typed.averaging]
    for number in range(max(map(len, several), default=0)):
        value, unit, averaging = (one[number] if number < len(one) else "" for one in several)
        yield value, unit, averaging


def _concentrations(typed: DischargeForm) -> Iterable[Value]:
    known = {one.name.lower(): one for one in Averaging}
    for value, unit, averaging in _groups(typed):
        if value.strip():
            yield Value(value=_number("value", value), unit=unit, averaging=known.get(averaging))


def _medium(written: str) -> Medium:
    known = {one.value: one for one in MEDIA}
    if written not in known:
        raise CaseInputError.of("medium", Text("请选择介质。", "Choose the medium."), written[:20])
    return known[written]


def _number(field: str, written: str) -> float:
    try:
        return float(written.strip())
    except ValueError as problem:
        raise CaseInputError.of(field, Text("不是数值。", "That is no number."), written[:40]) from problem


def _pair(written: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    return name, value

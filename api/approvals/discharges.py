"""排放申报: what is declared of a case's discharges, kept one beside the other, and judged as of the case's day."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.roles import Action, Principal, Reach, reach, require
from api.approvals.casebook import Acting, Casebook, discharges_of, sites_of, target_of
from api.approvals.tables import CaseRow, DischargeRow
from api.law import DischargeQuestion, LawService, Value, kept_discharge
from layers.industries import classification
from layers.standards import standard_book
from screening.approval_errors import CaseInputError
from screening.discharges import MEDIA, Assessment, Expected, assess
from screening.record import canonical
from screening.standards import Averaging, Medium, Outlet
from screening.truth import Truth
from screening.units import UNITS, Quantity, spelled
from screening.words import Text

MOST_AT_ONCE = 100  # declarations in force in one case
LONGEST_NAME = 80
STATED = {Medium.WATER: "discharges_wastewater", Medium.AIR: "emits_air_pollutants"}  # facts that speak of a medium
_ACT = Action.DECLARE
_QUANTITIES = {
    "rate": Quantity.RATE,
    "annual": Quantity.ANNUAL,
    "stack_height": Quantity.HEIGHT,
    "removal": Quantity.REMOVAL,
}
Verdicts = Callable[[str], Mapping[str, Any]]


class DeclarationKind(StrEnum):
    """What a declaration says."""

    DISCHARGE = "discharge"
    NOTHING_ELSE = "nothing_else"  # 除所列外，不向该介质排放
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeclaration:
    """A declaration as it is handed in: a discharge, or a medium with nothing else in it, or a mere withdrawal.

    Attributes:
        discharge: Its industry may be empty where the case has one only; None where none is declared.
        nothing_else: Medium into which nothing but what is declared is discharged; None for no such statement.
        replaces: Position of the declaration it takes the place of; None for none.
        outlet_name: 排放口, as people call it (`DA001`).
    """

    discharge: DischargeQuestion | None = None
    nothing_else: Medium | None = None
    replaces: int | None = None
    outlet_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A kept declaration.

    Attributes:
        discharge: None but for a discharge.
    """

    position: int
    kind: DeclarationKind
    replaces: int | None
    medium: Medium | None
    outlet_name: str
    discharge: DischargeQuestion | None
    by_id: str
    by_name: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A case's discharges against the limits.

    Attributes:
        day: Whose limits count: that of the decision, or today while there is none.
        is_decided: Whether `day` is that of the decision.
        declarations: Those in force, withdrawals left out; the assessment's findings follow the discharges among them.
        replaced: How many were replaced or withdrawn.
        correctable: Positions of those that the asker may take the place of, if the stage allows it.
        wanted: What standards may limit there; None without an industry.
        stated: What the verdicts' declared facts say of a medium.
    """

    day: date
    is_decided: bool
    area: str
    industries: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    replaced: int
    correctable: frozenset[int]
    wanted: tuple[Expected, ...] | None
    stated: Mapping[Medium, Truth]
    assessment: Assessment


class Discharges:
    """Declarations on the cases of one casebook.

    Args:
        book: Where they are kept.
        law: The tables of standards.
        verdicts: Kept verdicts by id.
    """

    def __init__(self, book: Casebook, law: LawService, verdicts: Verdicts) -> None:
        self._book = book
        self._law = law
        self._verdicts = verdicts

    def declare(self, who: Principal, number: str, version: int, said: Sequence[NewDeclaration]) -> None:
        """申报排放: add declarations; what they replace stays on record.

        Raises:
            CaseInputError: One says nothing or two things, replaces what it may not, or there are too many.
            ThreeLinesError: A pollutant, unit, column or code is not known, or the act is not possible.
        """
        if not said:
            raise CaseInputError.of("declarations", Text("没有填写排放。", "Nothing is declared."))
        with self._book.reading(who, number) as (_, row):
            require(who, _ACT, target_of(row))
            industries = json.loads(row.industries)
        checked = [self._checked(one, industries) for one in said]  # before anybody has to wait for this writer
        with self._book.acting(who, number, _ACT, version) as acting:
            known = [declaration_of(one) for one in discharges_of(acting.session, acting.row)]
            made: list[DischargeRow] = []
            for one in checked:
                _require_replaceable(acting, one, known)
                made.append(self._row(acting, one, len(known) + 1))
                known.append(declaration_of(made[-1]))
            if len(in_force(known)) > MOST_AT_ONCE:
                many = Text("一件审批最多申报 {most} 项排放。", "At most {most} discharges may be declared of a case.")
                raise CaseInputError.of("declarations", many.filled(most=str(MOST_AT_ONCE)))
            acting.session.add_all(made)
            acting.told["declarations"] = [_told(one) for one in made]

    def panel(self, who: Principal, number: str) -> Panel:
        """A case's discharges as of its day.

        Raises:
            UnknownCaseError: There is none of that number.
            ForbiddenError: The role may not read it.
        """
        with self._book.reading(who, number) as (session, row):
            kept = [declaration_of(one) for one in discharges_of(session, row)]
            stated = self._stated(session, row)
            day = datetime.fromisoformat(row.decided_at).date() if row.decided_at else self._book.today()
            industries, area, is_decided = tuple(json.loads(row.industries)), row.district, bool(row.decided_at)
        declared = in_force(kept)
        questions = [one.discharge for one in declared if one.discharge is not None]
        concerned = dict.fromkeys((*industries, *(one.industry for one in questions)))
        wanted = self._law.expected_discharges(tuple(concerned), area, day)
        assessment = assess(
            [kept_discharge(one) for one in questions],
            standard_book(),
            wanted,
            nothing_else=frozenset(
                one.medium for one in declared if one.kind is DeclarationKind.NOTHING_ELSE and one.medium
            ),
            stated=stated,
            as_of=day,
            area=area,
        )
        return Panel(
            day=day,
            is_decided=is_decided,
            area=area,
            industries=industries,
            declarations=tuple(declared),
            replaced=sum(one.kind is not DeclarationKind.WITHDRAWAL for one in kept) - len(declared),
            correctable=frozenset(one.position for one in declared if may_correct(who, one)),
            wanted=wanted,
            stated=stated,
            assessment=assessment,
        )

    def _row(self, acting: Acting, said: NewDeclaration, position: int) -> DischargeRow:
        medium = said.discharge.medium if said.discharge else said.nothing_else
        return DischargeRow(
            case_id=acting.row.id,
            position=position,
            kind=_kind(said).value,
            replaces=said.replaces,
            medium=medium.value if medium else "",
            outlet_name=said.outlet_name.strip()[:LONGEST_NAME],
            declared=canonical(as_record(said.discharge)).decode() if said.discharge else "",
            by_id=acting.principal.id,
            by_name=acting.principal.display,
            at=self._book.instant(),
        )

    def _checked(self, said: NewDeclaration, industries: Sequence[str]) -> NewDeclaration:
        """The declaration in the tables' own words, judged once so that what the tables do not have is refused."""
        _kind(said)
        asked = said.discharge
        if asked is None:
            return said
        code = asked.industry.strip() or (industries[0] if len(industries) == 1 else "")
        if not code:
            several = Text("请选择排放所属的行业。", "Say of which industry the discharge is.")
            raise CaseInputError.of("industry", several)
        if asked.medium not in MEDIA:
            other = Text("只能申报废水、废气或噪声。", "Waste water, waste gas and noise are declared.")
            raise CaseInputError.of("medium", other, asked.medium.value)
        question = _plain(asked, classification().find(code, field="industry").code)
        self._law.emissions([question], as_of=self._book.today())
        _require_units(question)
        return replace(said, discharge=question)

    def _stated(self, session: Session, row: CaseRow) -> dict[Medium, Truth]:
        """What the declared facts of the case's verdicts say; no only where every one of them says no."""
        facts = [
            self._verdicts(one.screening_id)["project"]["facts"] for one in sites_of(session, row) if one.screening_id
        ]
        return {medium: _said([one.get(name) for one in facts]) for medium, name in STATED.items()}


def in_force(declarations: Sequence[Declaration]) -> list[Declaration]:
    """Declarations that no later one took the place of, withdrawals left out."""
    gone = {one.replaces for one in declarations}
    return [one for one in declarations if one.position not in gone and one.kind is not DeclarationKind.WITHDRAWAL]


def may_correct(who: Principal, declared: Declaration) -> bool:
    """Whether somebody who may declare may take the place of this one: an owner only of their own."""
    return reach(who, _ACT) in (Reach.DISTRICT, Reach.ANY) or declared.by_id == who.id


def declaration_of(row: DischargeRow) -> Declaration:
    """A row as a value."""
    return Declaration(
        position=row.position,
        kind=DeclarationKind(row.kind),
        replaces=row.replaces,
        medium=Medium(row.medium) if row.medium else None,
        outlet_name=row.outlet_name,
        discharge=_of_record(json.loads(row.declared)) if row.declared else None,
        by_id=row.by_id,
        by_name=row.by_name,
        at=row.at,
    )


def _kind(said: NewDeclaration) -> DeclarationKind:
    match said.discharge, said.nothing_else, said.replaces:
        case DischargeQuestion(), None, _:
            return DeclarationKind.DISCHARGE
        case None, Medium() as medium, _ if medium in MEDIA:
            return DeclarationKind.NOTHING_ELSE
        case None, None, int():
            return DeclarationKind.WITHDRAWAL
        case _:
            one = Text(
                "每项只能申报一种排放、说明一种介质别无其他排放、或撤回一项。",
                "Declare one discharge, or that a medium receives nothing else, or withdraw a declaration.",
            )
            raise CaseInputError.of("declarations", one)


def _require_replaceable(acting: Acting, said: NewDeclaration, known: Sequence[Declaration]) -> None:
    if said.replaces is None:
        return
    before = next((one for one in in_force(known) if one.position == said.replaces), None)
    if before is None:
        gone = Text("没有这项申报，或它已被更正。", "There is no such declaration, or it was replaced already.")
        raise CaseInputError.of("replaces", gone, str(said.replaces))
    if not may_correct(acting.principal, before):
        theirs = Text("这一项由办理人员申报，须由其更正。", "Whoever works on the case declared it and may correct it.")
        raise CaseInputError.of("replaces", theirs, before.by_name)


def _require_units(question: DischargeQuestion) -> None:
    """Refuse a value whose unit is of another quantity: it could never be held against a limit."""
    values = [("concentrations", Quantity.CONCENTRATION, one) for one in question.concentrations]
    values += [(name, kind, one) for name, kind in _QUANTITIES.items() if (one := getattr(question, name)) is not None]
    for name, quantity, value in values:
        if UNITS[value.unit].quantity is not quantity:
            other = Text("单位与所填的量不符。", "The unit is of another quantity.")
            raise CaseInputError.of(name, other, value.unit)


def _plain(asked: DischargeQuestion, industry: str) -> DischargeQuestion:
    def amount(value: Value) -> Value:
        return Value(value=value.value, unit=spelled(value.unit), averaging=value.averaging)

    return DischargeQuestion(
        pollutant=standard_book().pollutant(asked.pollutant).id,
        medium=asked.medium,
        industry=industry,
        concentrations=tuple(amount(one) for one in asked.concentrations),
        rate=amount(asked.rate) if asked.rate else None,
        annual=amount(asked.annual) if asked.annual else None,
        stack_height=amount(asked.stack_height) if asked.stack_height else None,
        removal=amount(asked.removal) if asked.removal else None,
        outlet=asked.outlet,
        built=asked.built,
        columns=dict(asked.columns),
    )


def as_record(question: DischargeQuestion) -> dict[str, Any]:
    """A discharge ready for JSON; what was not declared is not in it."""

    def amount(value: Value) -> dict[str, Any]:
        said = {"value": value.value, "unit": value.unit}
        return said if value.averaging is None else {**said, "averaging": value.averaging.name.lower()}

    said: dict[str, Any] = {
        "pollutant": question.pollutant,
        "medium": question.medium.value,
        "industry": question.industry,
        "concentrations": [amount(one) for one in question.concentrations],
        "outlet": question.outlet.value if question.outlet else None,
        "built": question.built.isoformat() if question.built else None,
        "columns": dict(question.columns),
        **{name: amount(value) for name in _QUANTITIES if (value := getattr(question, name)) is not None},
    }
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def _of_record(said: Mapping[str, Any]) -> DischargeQuestion:
    def amount(one: Mapping[str, Any]) -> Value:
        averaging = Averaging[one["averaging"].upper()] if "averaging" in one else None
        return Value(value=one["value"], unit=one["unit"], averaging=averaging)

    others: dict[str, Any] = {name: amount(said[name]) for name in _QUANTITIES if name in said}
    return DischargeQuestion(
        pollutant=said["pollutant"],
        medium=Medium(said["medium"]),
        industry=said["industry"],
        concentrations=tuple(amount(one) for one in said.get("concentrations", ())),
        outlet=Outlet(said["outlet"]) if "outlet" in said else None,
        built=date.fromisoformat(said["built"]) if "built" in said else None,
        columns=said.get("columns", {}),
        **others,
    )


def _told(row: DischargeRow) -> dict[str, Any]:
    """A declaration as the event tells it."""
    said = {"position": row.position, "kind": row.kind, "replaces": row.replaces, "medium": row.medium}
    return {**said, "outlet_name": row.outlet_name, "declared": json.loads(row.declared) if row.declared else None}


def _said(values: Sequence[object]) -> Truth:
    if True in values:
        return Truth.YES
    return Truth.NO if values and all(one is False for one in values) else Truth.UNKNOWN

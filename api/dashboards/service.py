"""The five dashboards, for those who may see them, over a period and a district."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.roles import Action, Principal, Reach, reach, require
from api.approvals.casebook import Casebook
from api.dashboards import agencies, conclusions, efficiency, ledger, projects
from api.dashboards.cases import CaseFact
from api.dashboards.figures import Board, Table
from api.dashboards.reading import CaseFacts
from api.service import ScreeningService
from layers.holidays import time_limits
from layers.industries import classification
from layers.snapshot import Snapshot
from layers.supervision import agency_score, checks_after_approval
from screening.approval_errors import CaseInputError
from screening.errors import BrokenReleaseError, NoReleaseError, NoSuchPageError, UnknownReleaseError
from screening.model import Ceiling
from screening.words import Text

TITLES: Mapping[str, Text] = {
    "efficiency": Text("审批效能", "Efficiency"),
    "projects": Text("重点项目", "Key projects"),
    "supervision": Text("环评监管", "EIA supervision"),
    "screening": Text("研判统计", "Screening"),
    "ceilings": Text("上线台账", "Ceilings"),
}
UNIT_ROLE = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Over which cases: opened from one day to another, both included, in one district; None or empty asks for nothing."""

    first: date | None = None
    last: date | None = None
    district: str = ""


class Dashboards:
    """Figures over the cases of one casebook."""

    def __init__(self, book: Casebook, screenings: ScreeningService) -> None:
        self._book = book
        self._screenings = screenings
        self._facts = CaseFacts(self._unit_layers)

    def board(self, who: Principal, key: str, asked: Asked) -> Board:
        """One dashboard.

        Raises:
            ForbiddenError: The role has none, or not of that district.
            NoSuchPageError: There is none of that key.
            CaseInputError: The period ends before it begins, or the district is not one of theirs.
        """
        require(who, Action.DASHBOARDS)
        if key not in TITLES:
            raise NoSuchPageError.of(key)
        with self._book.database.reading() as session:
            everything = self._facts.read(session)
        cases = chosen(everything, asked, self.districts(who))
        tables, notes = self._boards()[key](who, asked, cases, everything)
        return Board(
            key=key,
            title=TITLES[key],
            cases=len(cases),
            demonstration=sum(one.is_demonstration for one in cases),
            tables=tables,
            notes=notes,
        )

    def districts(self, who: Principal) -> Mapping[str, str] | None:
        """Districts somebody may see, with names; None for all, those of cases elsewhere included."""
        if reach(who, Action.DASHBOARDS) is Reach.ANY:
            return None
        return {code: name for code, name in self.names().items() if code in who.districts} | {
            code: code for code in who.districts if code not in self.names()
        }

    def names(self) -> Mapping[str, str]:
        """Names of the city's districts; none while no release is in force."""
        snapshot = self._snapshot()
        return snapshot.jurisdiction.districts if snapshot else {}

    def _boards(self) -> Mapping[str, _Maker]:
        return {
            "efficiency": self._efficiency,
            "projects": self._projects,
            "supervision": self._supervision,
            "screening": self._conclusions,
            "ceilings": self._ceilings,
        }

    def _efficiency(self, _who: Principal, _asked: Asked, cases: Sequence[CaseFact], _all: Sequence[CaseFact]) -> _Made:
        today = self._book.today()
        silent = sum(not one.stages and bool(one.decision) for one in cases)
        note = Text(
            f"{silent} 件已决定而没有任何阶段记载，不在用时之内。",
            f"{silent} decided cases have no stage on record and are not among the days.",
        )
        tables = (
            efficiency.stages(cases, time_limits()),
            efficiency.by_month(cases, today),
            efficiency.by_district(cases, self.names(), today),
            efficiency.by_kind(cases, today),
        )
        return tables, (note,) if silent else ()

    def _projects(self, _who: Principal, _asked: Asked, cases: Sequence[CaseFact], _all: Sequence[CaseFact]) -> _Made:
        unsaid = projects.unmarked(cases)
        note = Text(
            f"{unsaid} 件没有注明是否重点项目，未列入。",
            f"Of {unsaid} cases nobody said whether they are key projects; they are not listed.",
        )
        tables = (projects.risks(cases), projects.key_projects(cases, self.names()))
        return tables, (note,) if unsaid else ()

    def _supervision(
        self, _who: Principal, _asked: Asked, cases: Sequence[CaseFact], _all: Sequence[CaseFact]
    ) -> _Made:
        nobody = sum(not one.agency for one in cases)
        note = Text(f"{nobody} 件没有填写环评单位，未计入。", f"{nobody} cases name no agency and are not counted.")
        rules, today = checks_after_approval(), self._book.today()
        tables = (
            agencies.agencies(cases, agency_score()),
            agencies.checks(cases, rules, today),
            agencies.checks_due(cases, rules, self.names(), today),
        )
        return tables, (note,) if nobody else ()

    def _conclusions(
        self, _who: Principal, _asked: Asked, cases: Sequence[CaseFact], _all: Sequence[CaseFact]
    ) -> _Made:
        without = sum(not one.verdicts for one in cases)
        imported = sum(one.is_imported and not one.verdicts for one in cases)
        note = Text(
            f"{len(cases)} 件中 {without} 件没有研判（其中导入的历史审批 {imported} 件），没有研判不等于符合。",
            f"Of {len(cases)} cases {without} have no verdict ({imported} of them imported); no verdict is not compliance.",
        )
        sections = {code: one.name for code, one in classification().entries.items() if len(code) == 1}
        tables = (
            conclusions.by_conclusion(cases),
            conclusions.by_clause(cases),
            conclusions.by_section(cases, sections),
            conclusions.by_unit_class(cases),
        )
        return tables, (note,)

    def _ceilings(
        self, who: Principal, asked: Asked, _cases: Sequence[CaseFact], everything: Sequence[CaseFact]
    ) -> _Made:
        snapshot, mine = self._snapshot(), self.districts(who)
        if snapshot is None:
            return (ledger.ledger((), ()),), (Text("没有生效的成果。", "No release is in force."),)
        shown = [one for one in snapshot.ceilings if _is_in(one, asked.district, mine)]
        note = Text(
            f"上线取自现行成果 {snapshot.release.id}。", f"Ceilings of the release in force: {snapshot.release.id}."
        )
        counted = ledger.countable(everything, snapshot.release.nature)
        invented = len(everything) - len(counted)
        left_out = Text(
            f"示例案件 {invented} 件不占用正式成果的上线，未计入。",
            f"{invented} invented cases draw on no ceiling of an official release and are not counted.",
        )
        return (ledger.ledger(shown, counted),), (note, left_out) if invented else (note,)

    def _snapshot(self) -> Snapshot | None:
        try:
            return self._screenings.snapshot(self._screenings.today())
        except NoReleaseError:
            return None

    def _unit_layers(self, release: str) -> frozenset[str] | None:
        try:
            layers = self._screenings.manifest(release)["layers"]
        except (UnknownReleaseError, BrokenReleaseError):
            return None
        return frozenset(name for name, layer in layers.items() if layer["role"] == UNIT_ROLE)


_Made = tuple[tuple[Table, ...], tuple[Text, ...]]
_Maker = Callable[[Principal, Asked, Sequence[CaseFact], Sequence[CaseFact]], _Made]


def chosen(cases: Sequence[CaseFact], asked: Asked, mine: Mapping[str, str] | None = None) -> list[CaseFact]:
    """The cases asked for, of those somebody may see (None: all).

    Raises:
        CaseInputError: The period ends before it begins, or the district is not one of theirs.
    """
    if asked.first and asked.last and asked.last < asked.first:
        raise CaseInputError.of(
            "last", Text("结束日期早于开始日期。", "The period ends before it begins."), str(asked.last)
        )
    if asked.district and mine is not None and asked.district not in mine:
        raise CaseInputError.of(
            "district", Text("不是所负责的区县。", "It is none of your districts."), asked.district[:6]
        )
    return [
        one
        for one in cases
        if (mine is None or one.district in mine)
        and asked.district in ("", one.district)
        and (asked.first is None or asked.first <= one.opened_on)
        and (asked.last is None or one.opened_on <= asked.last)
    ]


def _is_in(ceiling: Ceiling, district: str, mine: Mapping[str, str] | None) -> bool:
    """Whether a ceiling belongs to a district: its holder is one, or a unit or zone whose code names one."""
    holder = "".join(sign for sign in ceiling.holder if sign.isdigit())[:6]
    return district in ("", holder) and (mine is None or holder in mine)

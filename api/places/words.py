"""What is said of affected cases, and the table of them as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.approvals.flow import DECISION, STAGE, Stage
from api.dashboards.downloads import as_csv, as_workbook
from api.dashboards.figures import Board, Cell, Column, ColumnKind, Table
from api.difference_page import KIND
from api.places.affected import AffectedCase, AffectedCases, AffectedSite, Touch
from api.places.lines import PlacedLine
from screening.words import Language, Text

CHANGE: dict[str, Text] = {
    **KIND,
    "access_list": Text("准入清单条款变化", "clauses of the list changed"),
    "ceilings": Text("资源利用上线变化", "ceilings changed"),
    "objectives": Text("环境质量目标变化", "objectives changed"),
}
TITLE = Text("受影响的审批", "Affected cases")
PLACES_ONLY = Text(
    "只按位置查找：选址与有变化的分区、或条款等有变化的单元相接或相近的列出。未列出不等于不受影响。",
    "Found by place only: sites that meet or come near a zone that changed, or a unit whose clauses changed. "
    "A case that is not listed is not thereby untouched.",
)
EVERYWHERE = Text(
    "另有 {count} 项变化没有限定单元或区县（条款、上线、目标，或整个图层的精度、时效等），可能关系到任何审批，不在此列。",
    "{count} more changes name no unit or district (clauses, ceilings, objectives, or the accuracy, currency and the like of a whole layer): "
    "they may concern any case and are not among these.",
)
WITHOUT_PLACE = Text(
    "有 {count} 件审批的选址位置不明，无法判断是否受影响。",
    "Of {count} cases the place is not known, so nobody can say whether they are affected.",
)
CUT = Text(
    "一张工作表只写得下前 {most} 行，共 {count} 行；全部见 CSV。",
    "A sheet holds the first {most} of {count} rows; the CSV holds all.",
)
WITHHELD = Text("不公开", "not published")
MOST_IN_SHEET = 1_000_000  # a sheet ends at 2²⁰ rows
_COLUMNS = (
    Column(key="number", title=Text("审批编号", "Number"), kind=ColumnKind.CASE),
    Column(key="project", title=Text("项目", "Project"), kind=ColumnKind.TEXT),
    Column(key="standing", title=Text("状态", "Standing"), kind=ColumnKind.TEXT),
    Column(key="district", title=Text("区县", "District"), kind=ColumnKind.TEXT),
    Column(key="opened", title=Text("提交", "Submitted"), kind=ColumnKind.TEXT),
    Column(key="decided", title=Text("决定", "Decided"), kind=ColumnKind.TEXT),
    Column(key="site", title=Text("选址", "Site")),
    Column(key="layer", title=Text("图层", "Layer"), kind=ColumnKind.TEXT),
    Column(key="code", title=Text("分区编码", "Zone"), kind=ColumnKind.TEXT),
    Column(key="name", title=Text("分区名称", "Name of the zone"), kind=ColumnKind.TEXT),
    Column(key="change", title=Text("变化", "Change"), kind=ColumnKind.TEXT),
    Column(key="said", title=Text("内容", "What"), kind=ColumnKind.TEXT),
    Column(key="distance", title=Text("距离（米）", "Distance, m")),
    Column(key="screening", title=Text("研判", "Screening"), kind=ColumnKind.TEXT),
    Column(key="again", title=Text("重新研判", "Screening anew"), kind=ColumnKind.TEXT),
)
CURRENT = Text("已按新版本研判", "screened against the later release")
NO_VERDICT = Text("还没有研判", "no verdict yet")


def standing(line: PlacedLine) -> Text:
    """How a case stands: its decision, or the stage it is at."""
    decided = {one.value: text for one, text in DECISION.items()}
    return decided[line.decision] if line.decision else STAGE[Stage(line.stage)]


def notes(found: AffectedCases) -> tuple[Text, ...]:
    """What a reader of the list must know."""
    silent = ((EVERYWHERE, len(found.everywhere)), (WITHOUT_PLACE, found.without_place))
    return (PLACES_ONLY, *(text.filled(count=str(count)) for text, count in silent if count))


def as_file(
    found: AffectedCases, kind: str, districts: Mapping[str, str], scope: Sequence[str], language: Language
) -> bytes:
    """The list as `csv` or `xlsx`; below what it is, and what it leaves out, one row for every site and changed place."""
    is_workbook = kind == "xlsx"
    board = as_board(found, districts, MOST_IN_SHEET if is_workbook else None)
    return (as_workbook if is_workbook else as_csv)(board, board.tables[0], scope, language)


def as_board(found: AffectedCases, districts: Mapping[str, str], most: int | None = None) -> Board:
    """The list as a table; a note says so where it holds more rows than are wanted at most."""
    every = [(case, site, touch) for case in found.cases for site in case.sites for touch in site.touches]
    rows = tuple(_row(*one, districts) for one in every[:most])
    cut = (CUT.filled(most=str(len(rows)), count=str(len(every))),) if len(rows) < len(every) else ()
    table = Table(key="affected", title=TITLE, columns=_COLUMNS, rows=rows)
    return Board(
        key="affected",
        title=TITLE,
        cases=len(found.cases),
        demonstration=sum(one.line.is_demonstration for one in found.cases),
        tables=(table,),
        notes=(*notes(found), *cut),
    )


def again(site: AffectedSite) -> Text | str:
    """Where a site is screened anew, or why it need not be."""
    if site.is_current:
        return CURRENT
    if site.refreshed_by:
        return f"/screenings/{site.refreshed_by}"
    return f"/screenings/{site.screening_id}" if site.screening_id else NO_VERDICT


def _row(case: AffectedCase, site: AffectedSite, touch: Touch, districts: Mapping[str, str]) -> tuple[Cell, ...]:
    line, place = case.line, touch.place
    return (
        line.number,
        line.project,
        standing(line),
        districts.get(line.district, line.district),
        line.opened_on,
        line.decided_on,
        site.position + 1,
        place.layer_name,
        place.code,
        place.name,
        CHANGE[place.kind],
        place.said,
        WITHHELD if touch.distance_m is None else round(touch.distance_m, 1),
        site.screening_id,
        again(site),
    )

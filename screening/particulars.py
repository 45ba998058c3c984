"""建设项目基本情况: what the EIA report form states of a project, checked in itself and against the site.

No clause asks for any of it, so nothing here changes a verdict: a contradiction is refused before it is one, and what a
person should look at is a remark beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import shapely

from screening.declared_units import in_words
from screening.errors import UnknownFactError
from screening.evidence import Evidence
from screening.model import Construction, Fact, FactValue, Project, Site
from screening.site_checks import Weight, stated_area, stated_length
from screening.words import Text, same

PLACE = "project.particulars"
SHARE_LABEL = Text("环保投资占比", "Environmental share of the investment")
YES, NO = Text("是", "yes"), Text("否", "no")
_BEGUN = Text(
    "填写为已开工建设：请由人员核实是否在环境影响评价文件批准前开工（未批先建）；本结论对此不作判断",
    "construction has begun, as declared: a person must look whether that was before the EIA was approved (未批先建); "
    "this answer does not judge it",
)
_UNEXPLAINED = Text("填写为已开工建设，尚缺情况说明", "construction has begun, as declared, but nothing explains it")
_CONTRADICTED = Text(
    "填了开工日期或情况说明，却没有填写“是否已开工建设”为是，请核对",
    "a day or an explanation is given, but not that construction has begun; check which holds",
)
_NOT_NEW = Text(
    "迁建在报告表中属于“新建（迁建）”，与申报的建设性质不一致，请核对",
    "the form counts relocation as new construction, but another kind is declared; check which holds",
)
_AREA_OF_POINT = Text(
    "选址只有一个点，没有边界，填写的面积没有核对",
    "the site is a point without boundary; the stated area was not compared",
)
_LENGTH_OF_NO_LINE = Text(
    "选址不是按线给出的，填写的长度没有核对", "the site was not given as a line; the stated length was not compared"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRemark:
    """One thing a person should look at; it weighs nothing in the verdict.

    Attributes:
        name: The particular it is about.
    """

    name: str
    severity: Weight
    message: Text


def require_consistent(values: Mapping[str, FactValue], schema: Mapping[str, Fact]) -> None:
    """Refuse an environmental investment beyond the total.

    Raises:
        UnknownFactError: It is greater.
    """
    total, part = _number(values, "total_investment"), _number(values, "environmental_investment")
    if total is None or part is None or part <= total:
        return
    fact = schema["environmental_investment"]
    most, shown = (f"{in_words(number)} {fact.unit}" for number in (total, part))
    expected = Text(f"环保投资不应大于总投资 {most}。", f"It must not be more than the total investment, {most}.")
    raise UnknownFactError.valued(fact.name, fact.label, shown, expected, place=PLACE)


def environmental_share(values: Mapping[str, FactValue]) -> float | None:
    """环保投资占比, 0 to 1; None unless both investments are declared and the total is more than nothing."""
    total, part = _number(values, "total_investment"), _number(values, "environmental_investment")
    return part / total if total and part is not None else None


def remarks(project: Project, site: Site, evidence: Evidence, as_of: date) -> tuple[ProjectRemark, ...]:
    """What a person should look at, gravest first."""
    found = [
        *_of_extent(project.particulars, site, evidence),
        *_of_beginning(project.particulars, as_of),
        *_of_relocation(project),
    ]
    return tuple(sorted(found, key=lambda remark: list(Weight).index(remark.severity)))


def particular_rows(project: Project, schema: Mapping[str, Fact]) -> list[tuple[Text, Text]]:
    """Label and value of every particular declared, in the order of the form, and then the conversions of facts.

    Args:
        project: As declared.
        schema: Facts and particulars by name, particulars in the order of the form.
    """
    read_as = {one.name: one.read_as for one in project.conversions}
    rows: list[tuple[Text, Text]] = []
    for name in (name for name in schema if name in project.particulars):
        value = _shown(project.particulars[name], schema[name])
        rows.append((schema[name].label, read_as.get(name, value)))
        share = environmental_share(project.particulars)
        if name == "environmental_investment" and share is not None:
            rows.append((SHARE_LABEL, same(f"{share:.2%}")))
    rows += [(schema[name].label, words) for name, words in read_as.items() if name in project.facts and name in schema]
    return rows


def _shown(value: FactValue, fact: Fact) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return dict(fact.choices).get(value, same(value))
    return same(f"{in_words(value)} {fact.unit}".strip())


def _of_extent(values: Mapping[str, FactValue], site: Site, evidence: Evidence) -> list[ProjectRemark]:
    found = []
    area_m2, length_km = _number(values, "site_area_m2"), _number(values, "length_km")
    if area_m2 is not None and evidence.site_area_m2 is None:
        found.append(ProjectRemark(name="site_area_m2", severity=Weight.NOTE, message=_AREA_OF_POINT))
    elif area_m2 is not None:
        found += [
            ProjectRemark(name="site_area_m2", severity=one.severity, message=one.message)
            for one in stated_area(site.geometry, evidence.plane, area_m2, site.accuracy_m)
        ]
    if length_km is not None and site.alignment is None:
        found.append(ProjectRemark(name="length_km", severity=Weight.NOTE, message=_LENGTH_OF_NO_LINE))
    elif length_km is not None and site.alignment is not None:
        length_m = float(shapely.length(evidence.plane.from_degrees(site.alignment)))
        message = stated_length(length_km * 1000, length_m, site.accuracy_m)
        found += [ProjectRemark(name="length_km", severity=Weight.WARNING, message=message)] if message else []
    return found


def _of_beginning(values: Mapping[str, FactValue], as_of: date) -> list[ProjectRemark]:
    begun_on, explained = values.get("begun_on"), "begun_explanation" in values
    found = []
    if values.get("has_begun") is True:
        found.append(ProjectRemark(name="has_begun", severity=Weight.WARNING, message=_BEGUN))
        if not explained:
            found.append(ProjectRemark(name="begun_explanation", severity=Weight.WARNING, message=_UNEXPLAINED))
        if isinstance(begun_on, str) and begun_on > as_of.isoformat():
            message = Text(
                f"开工日期 {begun_on} 晚于研判基准日 {as_of}，请核对",
                f"it is said to have begun on {begun_on}, after the day asked for, {as_of}; check which holds",
            )
            found.append(ProjectRemark(name="begun_on", severity=Weight.WARNING, message=message))
    elif begun_on is not None or explained:
        found.append(ProjectRemark(name="has_begun", severity=Weight.WARNING, message=_CONTRADICTED))
    return found


def _of_relocation(project: Project) -> list[ProjectRemark]:
    if project.particulars.get("relocation") is not True or project.construction in (None, Construction.NEW):
        return []
    return [ProjectRemark(name="relocation", severity=Weight.WARNING, message=_NOT_NEW)]


def _number(values: Mapping[str, FactValue], name: str) -> float | None:
    found = values.get(name)
    return found if isinstance(found, float) else None

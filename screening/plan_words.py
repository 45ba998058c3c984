"""The answer to a plan in plain words: one text for page, interface and workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screening.explain import Row
from screening.findings import Finding, Outcome
from screening.model import Fact, FactValue, Nature, ZoneClass
from screening.phrases import PHRASES
from screening.plan_disclosure import disclosed_plan
from screening.planning_model import (
    AreaKind,
    AreaRow,
    Cell,
    Cover,
    DraftRow,
    Duty,
    Gap,
    Place,
    PlanAnswer,
    ShapingClause,
)
from screening.terms import CONSTRUCTION, DIMENSION, EFFECT, LEVEL, OUTCOME, ZONE_CLASS
from screening.whereabouts import area_words
from screening.words import Language, Text

ADMISSION: Mapping[Outcome, Text] = {
    Outcome.VIOLATES: PHRASES["plan_prohibited"],
    Outcome.CONDITIONAL: PHRASES["plan_conditional"],
    Outcome.UNDETERMINED: PHRASES["plan_open"],
    Outcome.COMPLIES: PHRASES["plan_no_limit"],
}


@dataclass(frozen=True, slots=True)
class ToldCover:
    """An area with its share; `words` say both, and "at least" or "not known" where it is so."""

    area_m2: float | None
    share: float | None
    is_least: bool
    words: str


@dataclass(frozen=True, slots=True)
class ToldArea:
    """One row of the table of shares; `cls` is 0 where it has no class."""

    kind: str
    key: str
    name: str
    cls: int
    whole: ToldCover
    parts: tuple[ToldCover, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A clause, line or gap that a row rests on."""

    key: str
    outcome: str
    outcome_label: str
    title: str
    text: str
    reason: str
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ToldCell:
    """One cell of the matrix."""

    part: str
    outcome: str
    outcome_label: str
    because: str
    deciding: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One industry over all parts."""

    code: str
    name: str
    cells: tuple[ToldCell, ...]


@dataclass(frozen=True, slots=True)
class ToldClause:
    """A clause that reaches the plan, and where it does what."""

    id: str
    level: str
    dimension: str
    effect: str
    wording: str
    basis: str
    verified: bool
    parts: tuple[str, ...]
    stops: tuple[str, ...]
    leaves_open: tuple[str, ...]
    conditions: tuple[str, ...]
    cover: ToldCover


@dataclass(frozen=True, slots=True)
class ToldDraftRow:
    """One row of the draft list."""

    part: str
    code: str
    industry: str
    outcome: str
    admission: str
    text: str
    sources: tuple[Source, ...]
    checked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldDuty:
    """What the plan as a whole must see to."""

    source: Source
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """Duties of one dimension."""

    dimension: str
    label: str
    duties: tuple[ToldDuty, ...]


@dataclass(frozen=True, slots=True)
class ToldGap:
    """What could not be checked."""

    source: Source
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """The whole answer in one language."""

    language: Language
    notice: str | None
    name: str
    as_of: str
    release: str
    draft_title: str
    summary: tuple[Row, ...]
    parts: tuple[str, ...]
    area_m2: float
    areas: tuple[ToldArea, ...]
    overlaps: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    clauses: tuple[ToldClause, ...]
    draft: tuple[ToldDraftRow, ...]
    duties: tuple[DutyGroup, ...]
    gaps: tuple[ToldGap, ...]
    limits: tuple[str, ...]


def tell(answer: PlanAnswer, facts: Mapping[str, Fact], language: Language) -> ToldPlan:
    """The answer in one language.

    Args:
        answer: What `screening.planning.assess` found.
        facts: The fact schema, for labels.
        language: `zh` or `en`.
    """
    answer = disclosed_plan(answer)
    say = _Teller(answer, facts, language)
    is_demonstration = answer.release.nature is Nature.DEMONSTRATION
    return ToldPlan(
        language=language,
        notice=say.phrase("notice_demonstration") if is_demonstration else None,
        name=answer.plan.name or say.phrase("plan_title"),
        as_of=answer.as_of.isoformat(),
        release=answer.release.id,
        draft_title=say.phrase("plan_draft", as_of=answer.as_of.isoformat(), release=answer.release.id),
        summary=say.summary(),
        parts=tuple(part.name for part in answer.plan.parts),
        area_m2=round(answer.area_m2, 2),
        areas=tuple(say.area(row) for row in answer.areas),
        overlaps=tuple(
            say.phrase("plan_overlap", first=one.first, second=one.second, area=area_words(one.area_m2))
            for one in answer.overlaps
        ),
        matrix=say.matrix(),
        clauses=tuple(say.clause(one) for one in answer.clauses),
        draft=tuple(say.draft_row(one) for one in answer.draft),
        duties=say.duty_groups(),
        gaps=tuple(say.gap(one) for one in answer.gaps),
        limits=say.limits(),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """One answer being told in one language."""

    answer: PlanAnswer
    facts: Mapping[str, Fact]
    language: Language

    def __call__(self, text: Text) -> str:
        return text.in_(self.language)

    def phrase(self, name: str, **words: str | Text) -> str:
        return self(PHRASES[name].filled(**words))

    def listed(self, words: Sequence[str]) -> str:
        return ("；" if self.language == "zh" else "; ").join(words)

    def summary(self) -> tuple[Row, ...]:
        answer, plan = self.answer, self.answer.plan
        kind = self(CONSTRUCTION[plan.construction]) if plan.construction else self.phrase("undeclared")
        areas = zip(plan.parts, answer.part_areas_m2, strict=True)
        facts = [f"{self.fact_label(name)} = {self.value(name, value)}" for name, value in plan.facts.items()]
        release = answer.release
        return (
            Row(self.phrase("plan_area"), area_words(answer.area_m2)),
            Row(self.phrase("plan_parts"), self.listed([f"{part.name} {area_words(area)}" for part, area in areas])),
            Row(self.phrase("label_construction"), kind),
            Row(self.phrase("plan_facts"), self.listed(facts) or self.phrase("undeclared")),
            Row(self.phrase("label_as_of"), answer.as_of.isoformat()),
            Row(self.phrase("label_release"), f"{self(release.title)} {release.id}"),
            Row(self.phrase("label_list_version"), release.list_version),
            Row(self.phrase("label_area_method"), self(answer.cells[0].verdict.evidence.plane.area_method())),
            Row(self.phrase("label_engine"), answer.engine_version),
        )

    def value(self, name: str, value: FactValue) -> str:
        fact = self.facts[name]
        if isinstance(value, bool):
            return ("是" if value else "否") if self.language == "zh" else ("yes" if value else "no")
        if isinstance(value, str):
            return self(dict(fact.choices)[value])
        return f"{value:,.10g} {fact.unit}".strip()

    def fact_label(self, name: str) -> str:
        return self(self.facts[name].label) if name in self.facts else self.phrase("label_construction")

    def limits(self) -> tuple[str, ...]:
        names = ["plan_limit_draft", "plan_limit_industries", "plan_limit_projects", "limit_no_legal_force"]
        if self.answer.release.nature is Nature.DEMONSTRATION:
            names.append("limit_demonstration")
        return tuple(self.phrase(name) for name in [*names, "limit_declared"])

    # -- shares ----------------------------------------------------------------------------------------------------

    def area(self, row: AreaRow) -> ToldArea:
        return ToldArea(
            kind=row.kind.value,
            key=row.key,
            name=self.area_name(row),
            cls=int(row.cls or 0),
            whole=self.cover(row.whole),
            parts=tuple(self.cover(one) for one in row.parts),
        )

    def area_name(self, row: AreaRow) -> str:
        match row.kind:
            case AreaKind.UNIT_CLASS:
                return self.phrase("plan_class", cls=ZONE_CLASS[row.cls or ZoneClass.GENERAL])
            case AreaKind.UNCOVERED:
                return self.phrase("plan_uncovered")
            case AreaKind.UNIT:
                return f"{row.key} {row.name}"
            case AreaKind.PRIORITY:
                return self.phrase("plan_priority")
            case AreaKind.LINE:
                name = self.layer_name(row.key.partition(":")[0])
                return f"{name} · {self(ZONE_CLASS[row.cls])}" if row.cls else name

    def layer_name(self, layer_id: str) -> str:
        consulted = self.answer.cells[0].verdict.evidence.answer_of(layer_id)
        return self(consulted.layer.name) if consulted else layer_id

    def cover(self, cover: Cover | None) -> ToldCover:
        if cover is None:
            return ToldCover(None, None, False, self.phrase("plan_unknown"))
        words = f"{cover.share:.2%} · {area_words(cover.area_m2)}"
        words = self.phrase("plan_least", value=words) if cover.is_least else words
        return ToldCover(round(cover.area_m2, 2), round(cover.share, 6), cover.is_least, words)

    # -- matrix, clauses, draft ------------------------------------------------------------------------------------

    def matrix(self) -> tuple[MatrixRow, ...]:
        return tuple(
            MatrixRow(
                code=planned.industry.code,
                name=planned.industry.name,
                cells=tuple(self.cell(one) for one in self.answer.cells if one.industry == planned.industry),
            )
            for planned in self.answer.plan.industries
        )

    def cell(self, cell: Cell) -> ToldCell:
        verdict, deciding = cell.verdict, cell.verdict.deciding
        because = self.phrase("because", title=deciding[0].title, reason=deciding[0].reason) if deciding else ""
        return ToldCell(
            part=cell.part,
            outcome=verdict.conclusion.name.lower(),
            outcome_label=self(OUTCOME[verdict.conclusion]),
            because=because,
            deciding=tuple(one.key for one in deciding),
            missing=tuple(self.fact_label(name) for name, _ in verdict.would_change),
        )

    def clause(self, one: ShapingClause) -> ToldClause:
        clause = one.clause
        return ToldClause(
            id=clause.id,
            level=self(LEVEL[clause.level]),
            dimension=self(DIMENSION[clause.dimension]),
            effect=self(EFFECT[clause.effect]),
            wording=self.wording(clause.wording),
            basis=clause.basis_on(self.answer.as_of),
            verified=clause.verified,
            parts=one.parts,
            stops=self.places(one.stops),
            leaves_open=self.places(one.leaves_open),
            conditions=self.places(one.conditions),
            cover=self.cover(one.cover),
        )

    def draft_row(self, row: DraftRow) -> ToldDraftRow:
        sources = tuple(self.source(one) for one in row.basis)
        weightiest = [one for one in sources if one.outcome == row.admission.name.lower()]
        text = self.listed([one.title for one in weightiest])
        return ToldDraftRow(
            part=row.part,
            code=row.industry.code,
            industry=row.industry.name,
            outcome=row.admission.name.lower(),
            admission=self(ADMISSION[row.admission]),
            text=text or self.phrase("plan_no_limit_text", count=str(len(row.checked))),
            sources=sources,
            checked=row.checked,
        )

    def duty_groups(self) -> tuple[DutyGroup, ...]:
        groups = []
        for dimension, label in DIMENSION.items():
            own = [self.duty(one) for one in self.answer.duties if one.dimension is dimension]
            groups.append(DutyGroup(dimension.name.lower(), self(label), tuple(own)))
        return tuple(groups)

    def duty(self, duty: Duty) -> ToldDuty:
        return ToldDuty(self.source(duty.finding), self.places(duty.places))

    def gap(self, gap: Gap) -> ToldGap:
        return ToldGap(self.source(gap.finding), gap.parts)

    def places(self, places: Sequence[Place]) -> tuple[str, ...]:
        """Where, by part; "everywhere" where it is every cell."""
        if places and len(places) == len(self.answer.cells):
            return (self.phrase("plan_everywhere"),)
        by_part: dict[str, list[str]] = {}
        for part, code in places:
            by_part.setdefault(part, []).append(code)
        comma = "、" if self.language == "zh" else ", "
        return tuple(
            self.phrase("plan_place", part=part, industries=comma.join(codes)) for part, codes in by_part.items()
        )

    def source(self, finding: Finding) -> Source:
        """The clause or line behind a finding, by id and wording; a gap by its title."""
        line = finding.ceiling or finding.objective
        if finding.clause is not None:
            clause = finding.clause
            title = self.phrase("plan_source", id=clause.id, wording=self.wording(clause.wording))
            basis, verified = clause.basis_on(self.answer.as_of), clause.verified
        elif line is not None:
            title = self.phrase("plan_source", id=self(finding.title), wording=line.wording)
            basis, verified = line.basis, line.verified
        else:
            title, basis, verified = self(finding.title), "", False
        return Source(
            key=finding.key,
            outcome=finding.outcome.name.lower(),
            outcome_label=self(OUTCOME[finding.outcome]),
            title=title,
            text=self(finding.duty) if finding.duty else "",
            reason=self(finding.reason),
            basis=basis,
            verified=verified,
        )

    def wording(self, wording: Text) -> str:
        """The wording, in Chinese where there is no translation."""
        return self(wording) or wording.zh

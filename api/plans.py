"""The use case of a planning EIA: a plan as written, read, gathered and assessed. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from api.question import Question
from api.service import ScreeningService
from api.site_files import read_site_file
from layers.facts import declared, fact_schema
from layers.industries import classification
from layers.plan_workbook import PARK_LAYER, plan_workbook
from screening.errors import NoIndustryError, PlanError, SiteFileError, ThreeLinesError, UnknownFactError
from screening.model import Construction, FactValue, Site
from screening.plan_list import draft_list
from screening.plan_words import ToldPlan, tell
from screening.planning import assess
from screening.planning_model import Plan, PlanAnswer, PlannedIndustry
from screening.readings import Declaration
from screening.words import Language, Text

FIX_THE_FILE = Text("请改正后重新上传。", "Correct it and send it again.")
PART_NAME = Text("分区 {number}", "Part {number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQuestion:
    """A plan as somebody asks about it.

    Attributes:
        parts: Where; only what says the site is read.
        industries: GB/T 4754 codes, with the facts declared for each alone.
        facts: Declared for all industries; None stands for not declared.
        as_of: Day asked for; None for today.
        language: Of the names given to parts that have none.
    """

    name: str = ""
    parts: tuple[Question, ...]
    industries: tuple[tuple[str, Mapping[str, object]], ...]
    construction: Construction | None = None
    facts: Mapping[str, object]
    as_of: date | None = None
    language: Language = "zh"


class PlanService:
    """Assesses plans against the releases of a screening service.

    Attributes:
        most_cells: Parts times industries that are answered at once.
    """

    def __init__(self, service: ScreeningService, most_cells: int) -> None:
        self._service = service
        self.most_cells = most_cells

    def assess(self, question: PlanQuestion) -> PlanAnswer:
        """The answer to a plan.

        Raises:
            ThreeLinesError: A part cannot be read, the plan is empty or too large, or no release is in force.
        """
        self._require_size(question)
        as_of = question.as_of or self._service.today()
        plan = self._plan(question, as_of)
        snapshot = self._service.snapshot(as_of)
        return assess(plan, {part.name: snapshot.gather(part, as_of) for part in plan.parts}, as_of)

    def told(self, question: PlanQuestion, language: Language) -> ToldPlan:
        """The answer in one language.

        Raises:
            ThreeLinesError: As `assess`.
        """
        return tell(self.assess(question), fact_schema(), language)

    def workbook(self, question: PlanQuestion, language: Language) -> bytes:
        """The answer as a workbook, the draft list in the format of a delivery.

        Raises:
            ThreeLinesError: As `assess`.
        """
        answer = self.assess(question)
        jurisdiction = self._service.snapshot(answer.as_of).jurisdiction
        names = {layer_id: kind.name_zh for layer_id, kind in jurisdiction.layers.items()}
        draft = draft_list(answer, fact_schema(), PARK_LAYER if PARK_LAYER in names else None)
        return plan_workbook(tell(answer, fact_schema(), language), draft, names)

    def sites_of_text(self, text: str) -> list[Site]:
        """Every part a text holds.

        Raises:
            ThreeLinesError: It cannot be read, or leaves open what it means.
        """
        plane = self._service.snapshot(self._service.today()).jurisdiction.plane
        return [one.site(plane=plane) for one in self._service.understand(text, Declaration())]

    def sites_of_file(self, path: Path) -> list[Site]:
        """Every part a file holds; all or none.

        Raises:
            ThreeLinesError: It cannot be read, or a row of it is wrong.
        """
        found = read_site_file(self._service, path)
        if found.errors:
            first = found.errors[0]
            place = Text(f"{first.place}：{first.message.zh}", f"{first.place}: {first.message.en}")
            raise SiteFileError.of(path.name, place, FIX_THE_FILE, value=first.place)
        return [replace(one.site, name=one.site.name or one.place) for one in found.sites]

    def _require_size(self, question: PlanQuestion) -> None:
        if not question.parts:
            raise PlanError.without_parts()
        if not question.industries:
            raise NoIndustryError.of("industries")
        if len(question.parts) * len(question.industries) > self.most_cells:
            raise PlanError.too_large(len(question.parts), len(question.industries), self.most_cells)

    def _plan(self, question: PlanQuestion, as_of: date) -> Plan:
        planned = [
            PlannedIndustry(
                industry=classification().find(code, field=f"industries[{position}]"),
                facts=_declared(facts, f"industries[{position}]."),
            )
            for position, (code, facts) in enumerate(question.industries)
        ]
        return Plan(
            name=question.name,
            parts=tuple(
                self._part(position, part, as_of, question.language) for position, part in enumerate(question.parts)
            ),
            industries=tuple({one.industry.code: one for one in planned}.values()),
            construction=question.construction,
            facts=_declared(question.facts, ""),
        )

    def _part(self, position: int, part: Question, as_of: date, language: Language) -> Site:
        try:
            _, site = self._service.place(replace(part, as_of=as_of))
        except ThreeLinesError as problem:
            problem.field = f"parts[{position}]"
            raise
        name = site.name or PART_NAME.filled(number=str(position + 1)).in_(language)
        return replace(site, name=name)


def _declared(values: Mapping[str, object], place: str) -> dict[str, FactValue]:
    """Declared facts; an error names where in the plan they stand."""
    try:
        return declared(values)
    except UnknownFactError as problem:
        problem.field = place + problem.field.removeprefix("project.")
        raise

"""The use case of comparing sites: the same screening at each of them, kept one by one, and told side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from api.question import Question
from api.service import Answered, ScreeningService
from layers.facts import fact_schema
from layers.jurisdiction import Jurisdiction
from screening.comparison import MOST_SITES, CompareRow, Kept, compared, same_project
from screening.errors import ComparisonError, ThreeLinesError
from screening.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Kept screenings of one project, in the order given, and the table in one language."""

    language: Language
    answers: tuple[Answered, ...]
    rows: tuple[CompareRow, ...]

    @property
    def query(self) -> str:
        """The screenings as a query of an address."""
        return "&".join(f"screening={one.id}" for one in self.answers)

    @property
    def project(self) -> dict[str, Any]:
        """The one project, as its records hold it."""
        found: dict[str, Any] = self.answers[0].record["project"]
        return found

    @property
    def differing(self) -> int:
        """In how many rows the sites differ."""
        return sum(row.differs for row in self.rows)


class ComparisonService:
    """Compares sites over one screening service."""

    def __init__(self, service: ScreeningService) -> None:
        self._service = service

    def screen(self, questions: Sequence[Question]) -> tuple[Answered, ...]:
        """Screen one project at each site; nothing is kept unless every site can be read.

        Raises:
            ComparisonError: There are fewer than two sites, or more than are compared.
            ThreeLinesError: A site or the project cannot be read; `field` names the site by its position.
        """
        _require_several(len(questions))
        day = self._service.today()
        dated = [replace(one, as_of=one.as_of or day) for one in questions]
        for position, one in enumerate(dated):
            self._require_readable(position, one)
        return tuple(self._service.screen(one) for one in dated)

    def told(self, screening_ids: Sequence[str], language: Language) -> Comparison:
        """Kept screenings side by side.

        Raises:
            ComparisonError: There are too few or too many, or they are about different projects.
            UnknownScreeningError: There is none of an id.
        """
        ids = list(dict.fromkeys(screening_ids))
        _require_several(len(ids))
        answers = tuple(self._service.find(one) for one in ids)
        if not same_project([one.record for one in answers]):
            raise ComparisonError.different_projects()
        kept = [Kept(one.id, one.record, one.explanations[language]) for one in answers]
        cities = self._cities(answers)
        roles = {layer_id: kind.role for city in cities for layer_id, kind in city.layers.items()}
        places = {code: name for city in cities for code, name in city.districts.items()}
        rows = compared(kept, fact_schema(), roles, places, language)
        return Comparison(language=language, answers=answers, rows=rows)

    def _require_readable(self, position: int, question: Question) -> None:
        try:
            self._service.place(question)
        except ThreeLinesError as problem:
            problem.field = f"sites[{position}]"
            raise

    def _cities(self, answers: Sequence[Answered]) -> list[Jurisdiction]:
        """The jurisdictions of all releases the answers rest on."""
        releases = sorted({one.record["release"]["id"] for one in answers})
        return [self._service.snapshot_of(one).jurisdiction for one in releases]


def plain_rows(found: Comparison) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**asdict(row), "differs": row.differs} for row in found.rows]


def site_name(answered: Answered, position: int, language: Language) -> str:
    """What a column is called: the site's own name, else its number."""
    name: str = answered.record["site"]["name"]
    return name or (f"选址 {position}" if language == "zh" else f"Site {position}")


def _require_several(count: int) -> None:
    if not 2 <= count <= MOST_SITES:
        raise ComparisonError.wrong_count(count, MOST_SITES)

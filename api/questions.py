"""A request for a screening as the use case takes it."""

from __future__ import annotations

from api.question import Question, declaration
from api.schemas import AmountIn, Declared, ScreeningIn
from screening.stations import read_station


def question_of(asked: ScreeningIn) -> Question:
    """The question of a request."""
    return Question(
        geometry=asked.site.geometry,
        text=asked.site.text,
        declared=declaration(asked.site.declared),
        site_name=asked.site.name,
        width_m=asked.site.width_m,
        accuracy_m=asked.site.accuracy_m,
        start_m=read_station(asked.site.start_station or 0.0),
        radius_m=asked.site.radius_m,
        district=asked.site.district,
        declared_area_m2=asked.site.declared_area_m2,
        project_name=asked.project.name,
        industries=tuple(asked.project.industries),
        construction=asked.project.construction,
        facts=_plain(asked.project.facts),
        particulars=_plain(asked.project.particulars),
        area_method=asked.area_method,
        as_of=asked.as_of,
    )


def _plain(declared: Declared) -> dict[str, object]:
    return {name: one.model_dump() if isinstance(one, AmountIn) else one for name, one in declared.items()}

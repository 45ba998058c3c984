"""附近的项目: approved projects and registered cases within a distance of a site or of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from api.accounts.roles import Action, Principal, allows, require
from api.approvals.casebook import Casebook
from api.places.lines import PlacedLine, lines_of
from api.places.register import CaseRegister, Held, known, screened_site
from api.question import Question
from api.service import ScreeningService

FARTHEST_M = 20_000.0
USUAL_M = 1_000.0
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A case and how far the nearest of its sites is; 0 where they meet."""

    line: PlacedLine
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyCases:
    """What is near.

    Attributes:
        is_placed: Whether the place of what was asked about is known; if not, nothing was looked for.
        cases: The nearest first, so many as were asked for.
        total: Within the distance, in all.
        without_place: Cases of which nobody knows whether they are near.
    """

    within_m: float
    is_placed: bool
    cases: tuple[Near, ...]
    total: int
    without_place: int


class Nearby:
    """Answers for those who may see cases, of the cases they may see."""

    def __init__(self, book: Casebook, register: CaseRegister, screenings: ScreeningService) -> None:
        self._book = book
        self._register = register
        self._screenings = screenings

    def of_case(self, who: Principal, number: str, within_m: float, most: int = MOST) -> NearbyCases:
        """Around the sites of a case, itself left out.

        Raises:
            UnknownCaseError: There is none of that number.
            ForbiddenError: The role may not read it.
            NoReleaseError: No release is in force, so the plane is not known.
        """
        city = self._screenings.snapshot(self._screenings.today()).jurisdiction
        with self._book.reading(who, number) as (session, row):
            own, shapes = row.id, self._register.shapes(session, row.id, city)
        return self._around(who, shapes, within_m, most, but=own)

    def of_site(self, who: Principal, text: str, within_m: float, most: int = MOST) -> NearbyCases:
        """Around a site as somebody writes it.

        Raises:
            ThreeLinesError: It cannot be read, or no release is in force.
        """
        snapshot, site = self._screenings.place(Question(text=text, facts={}))
        shape = snapshot.jurisdiction.plane.from_degrees(site.geometry)
        return self._around(who, [shape], within_m, most)

    def of_screening(self, who: Principal, screening_id: str, within_m: float, most: int = MOST) -> NearbyCases:
        """Around the site of a kept screening.

        Raises:
            UnknownScreeningError: There is none of that id.
            NoReleaseError: No release is in force.
        """
        city = self._screenings.snapshot(self._screenings.today()).jurisdiction
        with self._book.database.reading() as session:
            shape = screened_site(session, screening_id).shape
        return self._around(who, [city.plane.from_degrees(shape)], within_m, most)

    def _around(
        self, who: Principal, shapes: Iterable[BaseGeometry], within_m: float, most: int, but: str = ""
    ) -> NearbyCases:
        require(who, Action.LIST)
        held, asked = self._register.now(), list(shapes)
        nearest: dict[str, float] = {}
        for shape in asked:
            for (case_id, _), distance in held.index.within(shape, within_m):
                nearest[case_id] = min(distance, nearest.get(case_id, distance))
        seen = [one for one in known(held, nearest) if one.id != but and allows(who, Action.LIST, one.target)]
        first = [one.id for one in sorted(seen, key=lambda one: (nearest[one.id], one.number))[:most]]
        with self._book.database.reading() as session:
            lines = lines_of(session, who, Action.LIST, first)
        return NearbyCases(
            within_m=within_m,
            is_placed=bool(asked),
            cases=tuple(Near(line=lines[one], distance_m=nearest[one]) for one in first if one in lines),
            total=len(seen),
            without_place=without_place(held, who, Action.LIST, but=but),
        )


def without_place(held: Held, who: Principal, action: Action, but: str = "") -> int:
    """How many cases somebody may see have a site of which nobody knows the place."""
    lacking = known(held, [*held.unplaced])
    return sum(one.id != but and allows(who, action, one.target) for one in lacking)

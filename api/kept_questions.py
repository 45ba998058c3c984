"""A question that was kept, answered again: by the release it was answered from, or by another."""

from __future__ import annotations

from datetime import date

from layers.facts import declarations, particulars
from layers.industries import classification
from layers.places import stated_of
from layers.snapshot import Snapshot
from screening.model import Project
from screening.seal import Asked
from screening.site_checks import Stated
from screening.verdict import Verdict, screen


def answer(asked: Asked, snapshot: Snapshot, as_of: date) -> tuple[Verdict, Stated]:
    """The verdict of one release on a kept question, and what was stated of the site held against it.

    Raises:
        ThreeLinesError: An industry or a fact is no longer known, or the site lies outside the release's jurisdiction.
    """
    project = Project(
        name=asked.project_name,
        industries=tuple(classification().find(code) for code in asked.industries),
        construction=asked.construction,
        facts=declarations(asked.facts).values,
        particulars=particulars(asked.particulars).values,
        conversions=asked.conversions,
    )
    stated = stated_of(
        asked.site.geometry,
        snapshot,
        accuracy_m=asked.site.accuracy_m,
        district=asked.district,
        area_m2=asked.area_m2,
    )
    return screen(project, asked.site, snapshot.gather(asked.site, as_of, asked.area_method), as_of), stated

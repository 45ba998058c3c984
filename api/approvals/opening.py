"""提交审批: a new case from kept screenings or from scratch, and screening a case's site anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from api.accounts.roles import Action, Principal, require
from api.approvals.acts import Acts
from api.approvals.casebook import Casebook, NewCase, NewSite, sites_of, target_of
from api.question import Question
from api.service import ScreeningService
from layers.industries import classification
from screening.approval_errors import CaseInputError
from screening.model import Construction
from screening.words import Text

_LONGEST = 200
_MOST_SITES = 20


class Openings:
    """Opens cases; what a form leaves empty is taken from its first verdict."""

    def __init__(self, book: Casebook, acts: Acts, screenings: ScreeningService) -> None:
        self._book = book
        self._acts = acts
        self._screenings = screenings

    def districts(self) -> Mapping[str, str]:
        """Names of the city's districts by code.

        Raises:
            NoReleaseError: No release is in force, so the city is not known.
        """
        return self._screenings.snapshot(self._screenings.today()).jurisdiction.districts

    def open(self, who: Principal, new: NewCase) -> str:
        """The number of a new case.

        Raises:
            CaseInputError: Project, district or site is missing, or the district is not of this city.
            UnknownScreeningError: A site names a verdict nobody kept.
            UnknownIndustryError: A code is none.
            ForbiddenError: The role may not, or not in that district.
        """
        require(who, Action.OPEN)
        jurisdiction = self._screenings.snapshot(self._screenings.today()).jurisdiction
        records = {
            one.screening_id: self._screenings.find(one.screening_id).record for one in new.sites if one.screening_id
        }
        first: Mapping[str, Any] = next(iter(records.values()), {})
        project = new.project.strip() or str(first.get("project", {}).get("name", ""))
        if not 1 <= len(project) <= _LONGEST:
            raise CaseInputError.of(
                "project", Text("请填写项目名称（不超过 200 字）。", "Name the project (at most 200 characters).")
            )
        return self._book.open(
            who,
            jurisdiction.code,
            NewCase(
                project=project,
                industries=_industries(new.industries, first),
                construction=_construction(new.construction, first),
                organisation=new.organisation.strip()[:_LONGEST],
                agency=new.agency.strip()[:_LONGEST],
                district=_district(new.district, first, jurisdiction.districts),
                sites=_sites(new.sites, records),
            ),
        )

    def screen(self, who: Principal, number: str, version: int, position: int) -> str:
        """Screen a site of a case as it is written there, and rest the site on the answer; the screening's id.

        Raises:
            CaseInputError: The case has no such site, or nothing is written for it.
            ThreeLinesError: The site cannot be read, or the act is not possible.
        """
        with self._book.reading(who, number) as (session, row):
            require(who, Action.VERDICT, target_of(row))
            site = next((one for one in sites_of(session, row) if one.position == position), None)
            if site is None or not site.written:
                raise CaseInputError.of(
                    "site", Text("这个选址没有填写坐标。", "No coordinates are written for this site.")
                )
            question = Question(
                text=site.written,
                site_name=site.name,
                project_name=row.project,
                industries=tuple(json.loads(row.industries)),
                construction=Construction(row.construction) if row.construction else None,
                facts={},
            )
        answered = self._screenings.screen(question)
        self._acts.set_verdict(who, number, version, position, answered.id)
        return answered.id


def _industries(written: tuple[str, ...], first: Mapping[str, Any]) -> tuple[str, ...]:
    codes = [one.strip() for one in written if one.strip()]
    if not codes:
        return tuple(one["code"] for one in first.get("project", {}).get("industries", []))
    return tuple(classification().find(code, field="industries").code for code in codes)


def _construction(written: str, first: Mapping[str, Any]) -> str:
    kind = written or str(first.get("project", {}).get("construction") or "")
    if kind and kind not in list(Construction):
        raise CaseInputError.of(
            "construction", Text("没有这种建设性质。", "There is no such kind of construction."), kind[:40]
        )
    return kind


def _district(written: str, first: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """The district stated, else the only one the first verdict's site lies in."""
    found = first.get("site", {}).get("districts", [])
    code = written.strip() or (found[0] if len(found) == 1 else "")
    if code not in known:
        several = Text(
            "请选择项目所在区县（跨区县的选主要所在地）。", "Choose the district (of several, the main one)."
        )
        raise CaseInputError.of("district", several, code[:6])
    return code


def _sites(written: tuple[NewSite, ...], records: Mapping[str, Mapping[str, Any]]) -> tuple[NewSite, ...]:
    usable = tuple(
        NewSite(
            name=one.name.strip()[:120] or str(records.get(one.screening_id, {}).get("site", {}).get("name", ""))[:120],
            written=one.written.strip()
            or str(records.get(one.screening_id, {}).get("site", {}).get("as_written", "") or ""),
            screening_id=one.screening_id,
        )
        for one in written
        if one.written.strip() or one.screening_id
    )
    if not 1 <= len(usable) <= _MOST_SITES:
        raise CaseInputError.of(
            "sites",
            Text(
                f"请填写选址坐标或研判编号（1～{_MOST_SITES} 个）。",
                f"Give coordinates or a screening for 1 to {_MOST_SITES} sites.",
            ),
        )
    return usable

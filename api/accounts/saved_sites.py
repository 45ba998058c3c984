"""我的选址: screenings somebody keeps under names of their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from api.accounts.roles import Action, Principal, require
from api.accounts.tables import SavedSiteRow
from api.cases import ScreeningRow
from api.database import Database
from api.service import ScreeningService
from screening.approval_errors import CaseInputError, UnknownCaseError
from screening.words import Text

_LONGEST_NAME, _LONGEST_NOTE = 120, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSite:
    """A kept screening with the name its owner gave it.

    Attributes:
        conclusion: Of the screening, as it was answered.
        as_of: Day it was asked for.
    """

    id: str
    name: str
    note: str
    screening_id: str
    conclusion: str
    as_of: str
    created_at: str


class SavedSites:
    """Saved sites; everybody sees their own only."""

    def __init__(self, database: Database, screenings: ScreeningService, now: Callable[[], datetime]) -> None:
        self._database = database
        self._screenings = screenings
        self._now = now

    def listed(self, who: Principal) -> list[SavedSite]:
        """One's own, the newest first."""
        require(who, Action.OWN_SITES)
        asked = (
            select(SavedSiteRow, ScreeningRow.conclusion, ScreeningRow.as_of)
            .join(ScreeningRow, ScreeningRow.id == SavedSiteRow.screening_id)
            .where(SavedSiteRow.account_id == who.id)
            .order_by(SavedSiteRow.created_at.desc(), SavedSiteRow.id)
        )
        with self._database.reading() as session:
            return [_site(row, conclusion, as_of) for row, conclusion, as_of in session.execute(asked)]

    def save(self, who: Principal, screening_id: str, name: str, note: str) -> str:
        """Keep a screening; its id among the saved.

        Raises:
            UnknownScreeningError: There is no such screening.
            CaseInputError: It has no name, or name or note is too long.
        """
        require(who, Action.OWN_SITES)
        self._screenings.find(screening_id)
        name, note = name.strip(), note.strip()
        if not 1 <= len(name) <= _LONGEST_NAME:
            raise CaseInputError.of(
                "name",
                Text(
                    f"请起一个不超过 {_LONGEST_NAME} 字的名称。",
                    f"Give it a name of at most {_LONGEST_NAME} characters.",
                ),
            )
        if len(note) > _LONGEST_NOTE:
            raise CaseInputError.of(
                "note", Text(f"备注不能超过 {_LONGEST_NOTE} 字。", f"A note has at most {_LONGEST_NOTE} characters.")
            )
        row = SavedSiteRow(
            id=secrets.token_hex(8),
            account_id=who.id,
            screening_id=screening_id,
            name=name,
            note=note,
            created_at=self._now().isoformat(timespec="seconds"),
        )
        with self._database.writing() as session:
            session.add(row)
            return row.id

    def remove(self, who: Principal, saved_id: str) -> None:
        """Forget one; the screening itself stays.

        Raises:
            UnknownCaseError: One has none of that id.
        """
        require(who, Action.OWN_SITES)
        with self._database.writing() as session:
            row = session.get(SavedSiteRow, saved_id)
            if row is None or row.account_id != who.id:
                raise UnknownCaseError.of(saved_id)
            session.delete(row)


def _site(row: SavedSiteRow, conclusion: str, as_of: str) -> SavedSite:
    return SavedSite(
        id=row.id,
        name=row.name,
        note=row.note,
        screening_id=row.screening_id,
        conclusion=conclusion,
        as_of=as_of,
        created_at=row.created_at,
    )

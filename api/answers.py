"""A kept screening as the HTTP interface tells it: explanation, record, seal, what changed."""

from __future__ import annotations

from api.schemas import ScreeningOut
from api.seal_schemas import RecordChangesOut, SealOut
from api.sealing import Seal, Standing
from api.service import Answered, ScreeningService
from screening.changes import RecordChanges
from screening.words import Language, Text


def screening_out(service: ScreeningService, found: Answered, language: Language) -> ScreeningOut:
    """A screening in one language, as it stands today."""
    standing, changes = service.standing(found), service.changes_since(found)
    return ScreeningOut.model_validate(
        {
            "id": found.id,
            "url": f"/screenings/{found.id}",
            "created_at": found.created_at,
            "digest": found.digest,
            "explanation": found.explanations[language],
            "verdict": found.record,
            "seal": _seal(found.id, found.seal, standing, language) if found.seal and standing else None,
            "changes": _changes(found.refreshes, changes, language) if changes else None,
        }
    )


def _seal(case_id: str, seal: Seal, standing: Standing, language: Language) -> SealOut:
    return SealOut(
        digest=seal.digest,
        key_id=seal.key_id,
        file=f"/api/v1/screenings/{case_id}/sealed",
        valid_until=seal.valid_until.isoformat(),
        valid_because=seal.valid_because.in_(language),
        is_current=standing.is_current,
        is_expired=standing.is_expired,
        newer_release=standing.newer_release,
        standing=standing.words.in_(language),
        refreshed_by=standing.refreshed_by,
    )


def _changes(since: str, found: RecordChanges, language: Language) -> RecordChangesOut:
    def told(texts: tuple[Text, ...]) -> list[str]:
        return [text.in_(language) for text in texts]

    return RecordChangesOut(
        since=since,
        same_conclusion=found.is_same_conclusion,
        conclusion=found.conclusion.in_(language),
        basis=told(found.basis),
        added=told(found.added),
        removed=told(found.removed),
        changed=told(found.changed),
        others=found.others,
    )

"""A kept screening as the HTTP interface tells it: explanation, record, seal, what changed."""

from __future__ import annotations

from pydantic import TypeAdapter
from pydantic_core import to_json

from api.schemas import ExplanationOut, ScreeningOut
from api.seal_schemas import RecordChangesOut, SealOut
from api.sealing import Seal, Standing
from api.service import Answered, ScreeningService
from screening.changes import RecordChanges
from screening.explain import Explanation
from screening.words import Language, Text

_EXPLANATIONS = TypeAdapter(dict[Language, ExplanationOut])


def screening_out(service: ScreeningService, found: Answered, language: Language) -> ScreeningOut:
    """A screening in one language, as it stands today."""
    content = {"explanation": found.explanations[language], "verdict": found.record}
    return ScreeningOut.model_validate({**_around(service, found, language), **content})


def screening_json(service: ScreeningService, found: Answered, language: Language) -> bytes:
    """The same as JSON text, the record in it byte for byte as it was kept: its digest can be checked as it came."""
    spelled = {name: to_json(value) for name, value in _around(service, found, language).items()}
    spelled["explanation"] = to_json(_explanation(found, language))
    spelled["verdict"] = found.case.record.encode()
    return b"{" + b",".join(to_json(name) + b":" + spelled[name] for name in ScreeningOut.model_fields) + b"}"


def _explanation(found: Answered, language: Language) -> Explanation | ExplanationOut:
    if found.told is not None:
        return found.told[language]
    return _EXPLANATIONS.validate_json(found.case.explanations)[language]


def _around(service: ScreeningService, found: Answered, language: Language) -> dict[str, object]:
    """What is told of a screening beside its explanation and its record."""
    standing, changes = service.standing(found), service.changes_since(found)
    return {
        "id": found.id,
        "url": f"/screenings/{found.id}",
        "created_at": found.created_at,
        "digest": found.digest,
        "seal": _seal(found.id, found.seal, standing, language) if found.seal and standing else None,
        "changes": _changes(found.refreshes, changes, language) if changes else None,
    }


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

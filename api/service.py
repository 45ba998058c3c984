"""The use cases: screen and keep, find again, look up. Every door goes through here."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry

from api.cases import Case, CaseStore
from api.kept_questions import answer
from api.keys import Keyring
from api.law import LawService
from api.look_ups import LookUps
from api.qr import address_of
from api.question import Question, project_of, site_of
from api.sealing import Seal, Standing, document_of, seal_of, seal_over
from api.settings import Settings
from layers.changed_places import ChangedPlaces, changed_places
from layers.difference import Difference, difference
from layers.facts import derived_facts, fact_schema, particular_schema
from layers.industries import classification
from layers.industry_search import Hit
from layers.map_providers import map_providers
from layers.places import stated_of
from layers.publication import Publication, in_force, publications
from layers.quality import Quality, quality
from layers.release_parts import read_manifest
from layers.snapshot import Snapshot, load_snapshot
from layers.units import unit_table
from screening.changes import RecordChanges, record_changes
from screening.coordinates import understand
from screening.declared_units import UnitTable
from screening.errors import (
    NoReleaseError,
    NotPublishedError,
    UnknownReleaseError,
    UnsealedScreeningError,
)
from screening.explain import Explanation, explain, members
from screening.model import Fact, Site
from screening.published import shows_more
from screening.questions import Asked, asked
from screening.readings import Declaration
from screening.record import Record, as_record, canonical
from screening.seal import asked_in, question_of
from screening.site_checks import SiteRemark, Stated
from screening.turning import turning_points
from screening.understood import Understood
from screening.validity import validity
from screening.verdict import Verdict, screen
from screening.words import LANGUAGES, Language, Text

MOST_SNAPSHOTS = 3  # releases held in memory at once: today's, the last one, and one being looked up


@dataclass(frozen=True)
class Answered:
    """A screening that was kept; what is in it is read from the kept text when it is asked for.

    Attributes:
        told: The verdict in sentences, by language, as it was just told; None where the screening was found again.
    """

    case: Case
    told: Mapping[Language, Explanation] | None = None

    @property
    def id(self) -> str:
        """Under which it is kept."""
        return self.case.id

    @property
    def created_at(self) -> str:
        """Instant, ISO 8601 with offset."""
        return self.case.created_at

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of `record`."""
        return self.case.digest

    @property
    def refreshes(self) -> str:
        """Id of the screening whose question was put again; empty for a question of its own."""
        return self.case.refreshes or ""

    @cached_property
    def record(self) -> Record:
        """The verdict as plain data."""
        found: Record = json.loads(self.case.record)
        return found

    @cached_property
    def explanations(self) -> Mapping[Language, Mapping[str, object]]:
        """The verdict in sentences, by language."""
        found: Mapping[Language, Mapping[str, object]] = json.loads(self.case.explanations)
        return found

    @cached_property
    def seal(self) -> Seal | None:
        """None for a screening older than sealed documents."""
        return seal_of(self.case.seal) if self.case.seal else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A screening ready to be kept: nobody may see it before it is.

    Attributes:
        shape: The site, EPSG:4490 degrees.
    """

    answered: Answered
    shape: BaseGeometry

    @property
    def case(self) -> Case:
        """What to keep."""
        return self.answered.case


class ScreeningService:
    """Screens sites against the releases of one store and keeps every answer."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] | None = None) -> None:
        zone = ZoneInfo(settings.timezone)
        self._settings = settings
        self._now = now or (lambda: datetime.now(zone))
        self.law = LawService(settings.data, self.today)
        self.look_ups = LookUps(settings.releases)
        self.keys = Keyring(settings.keys)
        self.keys.start()
        self._cases = CaseStore(settings.database_url)
        self.database = self._cases.database
        self._snapshots: dict[str, Snapshot] = {}
        self._loading = threading.Lock()

    def close(self) -> None:
        """Let go of the case store."""
        self._cases.close()

    def screen(self, question: Question, *, case_id: str = "") -> Answered:
        """The verdict on a question, kept before it is given.

        Args:
            question: As a door puts it.
            case_id: Under which to keep it, where a door must know it beforehand; empty for a new one.

        Raises:
            ThreeLinesError: The question cannot be read, no release is in force, or the answer cannot be kept.
        """
        return self._keep(self.prepare(question, case_id=case_id).answered)

    def prepare(self, question: Question, *, case_id: str = "") -> Prepared:
        """The verdict on a question, sealed; whoever asked keeps it before giving it out, many at a time perhaps.

        Raises:
            ThreeLinesError: The question cannot be read, or no release is in force.
        """
        verdict = self._verdict(question)
        stated = stated_of(
            verdict.site.geometry,
            self.snapshot(verdict.as_of),
            accuracy_m=verdict.site.accuracy_m,
            district=question.district,
            area_m2=question.declared_area_m2,
        )
        return Prepared(answered=self._answered(verdict, stated, case_id=case_id), shape=verdict.site.geometry)

    def refresh(self, case_id: str) -> Answered:
        """The same question as of today, kept as a new screening that names the one it refreshes.

        Raises:
            UnknownScreeningError: There is none of that id.
            UnsealedScreeningError: It is older than sealed documents, so its exact question is not known.
            ThreeLinesError: The question can no longer be put, or no release is in force.
        """
        question, _ = _sealed_parts(self._cases.find(case_id))
        asked_then, today = asked_in(json.loads(question)), self.today()
        return self._keep(self._answered(*answer(asked_then, self.snapshot(today), today), refreshes=case_id))

    def sealed(self, case_id: str) -> bytes:
        """The sealed document of a screening, byte for byte as it was signed.

        Raises:
            UnknownScreeningError: There is none of that id.
            UnsealedScreeningError: It is older than sealed documents.
        """
        case = self._cases.find(case_id)
        question, seal = _sealed_parts(case)
        return document_of(seal, question, case.record)

    def address(self, case_id: str, base: str) -> str:
        """The public address of a screening's page; below the base of the request where the settings name none."""
        return address_of(case_id, self._settings.public_url or base)

    def standing(self, found: Answered) -> Standing | None:
        """How a kept screening stands today; None for one older than sealed documents."""
        if found.seal is None:
            return None
        own, day = found.case.release, max(self.today(), date.fromisoformat(found.case.as_of))
        standing = self._in_force(day)
        return Standing(
            is_expired=found.seal.valid_until < self.today(),
            newer_release=standing if standing != own else "",
            is_without_release=not standing,
            refreshed_by="" if found.told else self._cases.refreshed_by(found.id),  # nobody knows its id yet
        )

    def changes_since(self, found: Answered) -> RecordChanges | None:
        """What changed against the screening that this one refreshes; None for a question of its own."""
        return record_changes(self.find(found.refreshes).record, found.record) if found.refreshes else None

    def _keep(self, answered: Answered) -> Answered:
        """Kept, and only then given out."""
        self._cases.keep(answered.case)
        return answered

    def _answered(self, verdict: Verdict, stated: Stated, *, case_id: str = "", refreshes: str = "") -> Answered:
        """A verdict sealed and explained."""
        case_id, now = case_id or new_case_id(), self._now().isoformat(timespec="seconds")
        plain = as_record(verdict, stated)
        record = canonical(plain)
        question = canonical(
            question_of(verdict.site, verdict.project, verdict.as_of, stated, verdict.evidence.area_method)
        )
        valid = validity(
            verdict.evidence,
            verdict.as_of,
            longest_days=self._settings.longest_validity_days,
            next_release=self._next_release(verdict),
        )
        labels = {**fact_schema(), **particular_schema()}
        turns = turning_points(verdict, fact_schema())
        told = {one: explain(verdict, labels, one, stated, turns) for one in LANGUAGES}
        case = Case(
            id=case_id,
            created_at=now,
            as_of=verdict.as_of.isoformat(),
            release=verdict.evidence.release.id,
            conclusion=str(plain["conclusion"]),
            digest=hashlib.sha256(record).hexdigest(),
            record=record.decode(),
            explanations=canonical(told, members=members).decode(),
            question=question.decode(),
            seal=canonical(seal_over(case_id, now, question, record, valid, self.keys)).decode(),
            refreshes=refreshes or None,
        )
        return Answered(case, told)

    def _next_release(self, verdict: Verdict) -> tuple[str, date] | None:
        """The release published to take effect next after the day asked for."""
        coming = [
            (one.effective_from, one.release)
            for one in publications(self._settings.releases)
            if not one.withdrawn_at and one.effective_from > verdict.as_of
        ]
        first, name = min(coming, default=(None, ""))
        return (name, first) if first else None

    def questions(self, question: Question) -> list[tuple[Fact | None, Asked]]:
        """What to declare, in the order in which it decides; None for the kind of construction. Nothing is kept.

        Raises:
            ThreeLinesError: The question cannot be read, or no release is in force.
        """
        schema = fact_schema()
        return [(schema.get(one.fact), one) for one in asked(self._verdict(question), schema)]

    def _verdict(self, question: Question) -> Verdict:
        as_of = question.as_of or self.today()
        snapshot = self.snapshot(as_of)
        site = site_of(question, snapshot)
        return screen(project_of(question), site, snapshot.gather(site, as_of, question.area_method), as_of)

    def understand(self, text: str, declared: Declaration) -> tuple[Understood, ...]:
        """How a text is read, and what must be asked before it is a site.

        Raises:
            ThreeLinesError: No release is in force, or the text is in no known form.
        """
        jurisdiction = self.snapshot(self.today()).jurisdiction
        return understand(
            text,
            plane=jurisdiction.plane,
            extent=jurisdiction.extent,
            declared=declared,
            providers=map_providers(),
        )

    def remarks(
        self, shape: BaseGeometry, accuracy_m: float | None, *, district: str = "", area_m2: float | None = None
    ) -> tuple[SiteRemark, ...]:
        """Everything odd about a site and what was stated of it, gravest first."""
        snapshot = self.snapshot(self.today())
        return stated_of(shape, snapshot, accuracy_m=accuracy_m, district=district, area_m2=area_m2).remarks

    def place(self, question: Question) -> tuple[Snapshot, Site]:
        """The release in force on the day asked for, and the site as it was read.

        Raises:
            ThreeLinesError: The site cannot be read, or no release is in force.
        """
        snapshot = self.snapshot(question.as_of or self.today())
        return snapshot, site_of(question, snapshot)

    def find(self, case_id: str) -> Answered:
        """A screening that was kept, as it was answered.

        Raises:
            UnknownScreeningError: There is none of that id.
        """
        return Answered(self._cases.find(case_id))

    def now(self) -> datetime:
        """The current instant in the jurisdiction's time zone."""
        return self._now()

    def today(self) -> date:
        """The current day in the jurisdiction's time zone."""
        return self._now().date()

    def snapshot(self, day: date) -> Snapshot:
        """The release in force on a day, in memory.

        Raises:
            NoReleaseError: None is in force.
            BrokenReleaseError: It is damaged beyond single layers.
        """
        return self._loaded(in_force(self._settings.releases, day).release)

    def snapshot_of(self, release_id: str) -> Snapshot:
        """A published release by its id.

        Raises:
            UnknownReleaseError: It was never published here.
        """
        self._published(release_id)
        return self._loaded(release_id)

    def published_snapshot(self, release_id: str, layer_id: str) -> Snapshot:
        """A published release for showing one of its layers.

        Raises:
            UnknownReleaseError: It was never published here.
            NotPublishedError: The release in force lets less of the layer be seen than this one did.
        """
        snapshot, current = self.snapshot_of(release_id), self.release_in_force()
        if current and current != release_id and layer_id in snapshot.layers:
            now = self._loaded(current).jurisdiction.disclosures.get(layer_id)
            if now and shows_more(snapshot.jurisdiction.disclosures.get(layer_id), now):
                raise NotPublishedError.of(snapshot.layers[layer_id].layer.name, now.source)
        return snapshot

    def release_in_force(self) -> str:
        """The release in force today; empty if none is."""
        return self._in_force(self.today())

    def _in_force(self, day: date) -> str:
        try:
            return in_force(self._settings.releases, day).release
        except NoReleaseError:
            return ""

    def releases(self) -> list[tuple[Publication, Mapping[str, Any]]]:
        """All publications with their manifests, the newest first."""
        store = self._settings.releases
        return [(one, read_manifest(store / one.release)) for one in reversed(publications(store))]

    def manifest(self, release_id: str) -> Mapping[str, Any]:
        """What a published release says of itself.

        Raises:
            UnknownReleaseError: It was never published here.
            BrokenReleaseError: It cannot be read.
        """
        return read_manifest(self._published(release_id))

    def quality(self, release_id: str) -> Quality:
        """How good a published release is, its currency as of today.

        Raises:
            UnknownReleaseError: It was never published here.
            BrokenReleaseError: A part is missing or changed.
        """
        return quality(self._published(release_id), self.today())

    def changes(self, old: str, new: str) -> Difference:
        """What changed from one published release to another.

        Raises:
            UnknownReleaseError: One of them was never published here.
            BrokenReleaseError: A part is missing or changed.
        """
        return difference(self._published(old), self._published(new))

    def changed_places(self, old: str, new: str) -> ChangedPlaces:
        """Where it changed: exact geometry, not for a door.

        Raises:
            UnknownReleaseError: One of them was never published here.
            BrokenReleaseError: A part of either is missing or changed.
        """
        return changed_places(self._published(old), self._published(new))

    def industries(self, words: str, limit: int = 20) -> list[Hit]:
        """Industries that fit a code, words or pinyin, the best first, each with the reason."""
        return classification().hits(words, limit)

    def industry_notices(self, written: str) -> tuple[Text, ...]:
        """What to know before an industry code is used: it may be one of the 2011 edition."""
        return classification().notices(written)

    def facts(self) -> list[Fact]:
        """Facts a project may declare."""
        return [fact for name, fact in fact_schema().items() if name not in derived_facts()]

    def particulars(self) -> list[Fact]:
        """Fields of the EIA report form a project may state, in the order of the form."""
        return list(particular_schema().values())

    def units(self) -> UnitTable:
        """The units in which numbers may be declared."""
        return unit_table()

    def _published(self, release_id: str) -> Path:
        known = [one.release for one in publications(self._settings.releases)]
        if release_id not in known:
            raise UnknownReleaseError.of(release_id, known)
        return self._settings.releases / release_id

    def _loaded(self, release_id: str) -> Snapshot:
        with self._loading:
            if release_id not in self._snapshots:
                while len(self._snapshots) >= MOST_SNAPSHOTS:
                    del self._snapshots[next(iter(self._snapshots))]
                self._snapshots[release_id] = load_snapshot(self._settings.releases / release_id)
            return self._snapshots[release_id]


def new_case_id() -> str:
    """An id nobody has and nobody can guess."""
    return secrets.token_hex(8)


def _sealed_parts(case: Case) -> tuple[str, str]:
    """Question and seal as kept."""
    if case.question is None or case.seal is None:
        raise UnsealedScreeningError.of(case.id)
    return case.question, case.seal

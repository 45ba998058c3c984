"""The use cases of batch runs: hand in, look, act, fetch."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from api.batch_service import Handed
from api.batches import checked
from api.file_names import plain_name
from api.runs.files import RunFiles
from api.runs.model import Line, LineState, Run, RunAction, RunState
from api.runs.store import RunStore
from api.runs.told import faults_json
from api.service import ScreeningService, new_case_id
from api.settings import Settings
from layers.batches.model import Batch, RowState
from layers.batches.rows import read_batch
from screening.datums import Datum
from screening.errors import BatchTooLargeError, NoReleaseError, ThreeLinesError
from screening.layouts import AxisOrder
from screening.model import Nature
from screening.readings import Declaration
from screening.run_errors import UnknownRunError
from screening.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a run stands: counts by conclusion, those waiting and faulty by their state, and the files to fetch."""

    run: Run
    counts: Mapping[str, int]
    files: tuple[str, ...]


MOST_TRIED = 500  # rows whose sites are tried before a run begins


class RunService:
    """Batch runs over one screening service."""

    def __init__(self, service: ScreeningService, settings: Settings) -> None:
        self.screening = service
        self.store = RunStore(service.database)
        self.files = RunFiles(settings.runs)
        self.most_rows = settings.run_rows
        self.days = settings.run_days

    def is_demonstration(self) -> bool:
        """Whether the release in force today is nobody's approval; false where none is in force."""
        try:
            return self.screening.snapshot(self.screening.today()).release.nature is Nature.DEMONSTRATION
        except NoReleaseError:
            return False

    def hand_in(self, handed: Handed, language: Language, *, owner: str = "", as_of: date | None = None) -> Run:
        """A file kept and begun at once, its columns as they are recognised or mapped.

        Raises:
            BatchTooLargeError: It has more rows than are taken; nothing is kept.
            ThreeLinesError: The file cannot be read, or no release is in force.
        """
        run = self.draft(handed, language, owner=owner, as_of=as_of)
        try:
            return self.begin(run)
        except ThreeLinesError:
            self.act(run.id, RunAction.DELETE)
            raise

    def draft(self, handed: Handed, language: Language, *, owner: str = "", as_of: date | None = None) -> Run:
        """A file kept, to agree on its columns before it is begun.

        Raises:
            SiteFileError: It has no name.
            NoReleaseError: None is in force on that day.
        """
        day = as_of or self.screening.today()
        run = Run(
            id=new_run_id(),
            owner=owner,
            created_at=self.screening.now().isoformat(timespec="seconds"),
            finished_at=None,
            file=handed.name[:255],
            digest=handed.digest,
            options=options_json(handed.mapping, handed.declared),
            language=language,
            as_of=day.isoformat(),
            release=self.screening.snapshot(day).release.id,
            state=RunState.DRAFT,
            wanted="",
            rows=0,
            done=0,
            blank=0,
            example=0,
            problem=None,
        )
        self.files.keep_input(run.id, plain_name(handed.name), handed.content)
        self.store.add(run)
        return run

    def mapped(self, run: Run, mapping: Mapping[str, str], declared: Declaration) -> Run:
        """A draft with other columns or another declaration, not kept: to look at, or to begin."""
        return replace(run, options=options_json(mapping, declared))

    def look(self, run: Run) -> Batch:
        """How the file of a draft would be read, its sites tried where they are few.

        Raises:
            ThreeLinesError: It cannot be read.
        """
        batch = batch_of_run(run, self.files.input(run.id))
        return (
            checked(self.screening, batch, date.fromisoformat(run.as_of)) if len(batch.asking) <= MOST_TRIED else batch
        )

    def begin(self, run: Run) -> Run:
        """The rows of a draft kept, to be screened in the background.

        Raises:
            BatchTooLargeError: It has more rows than are taken; it stays a draft.
            RunStateError: It was begun already.
            ThreeLinesError: The file cannot be read.
        """
        batch = batch_of_run(run, self.files.input(run.id))
        if len(batch.asking) > self.most_rows:
            raise BatchTooLargeError.of(len(batch.asking), self.most_rows)
        begun = replace(
            run,
            state=RunState.WAITING,
            rows=len(batch.asking),
            done=sum(one.state is RowState.FAULTY for one in batch.asking),
            blank=batch.counts.blank,
            example=batch.counts.example,
        )
        self.store.begin(begun, lines_of(batch))
        return begun

    def standing(self, run_id: str) -> Standing:
        """How a run stands.

        Raises:
            UnknownRunError: There is none.
        """
        run = self.store.find(run_id)
        return Standing(run=run, counts=self.store.counts(run_id), files=self.files.names(run_id))

    def standing_for(self, run_id: str, owner: str) -> Standing:
        """How a run stands, for the one who handed it in; to anybody else it does not exist.

        Raises:
            UnknownRunError: There is none of theirs.
        """
        found = self.standing(run_id)
        if found.run.owner != owner:
            raise UnknownRunError.of(run_id[:40])
        return found

    def act(self, run_id: str, action: RunAction) -> Run:
        """Pause, resume, cancel or delete; screenings already kept stay.

        Raises:
            UnknownRunError: There is none.
            RunStateError: It cannot, in the state it is in.
        """
        run = self.store.act(run_id, action)
        if action is RunAction.DELETE:
            self.files.remove(run_id)
        return run

    def clear(self, now: datetime) -> None:
        """Delete runs that came to their end and are past their time."""
        for run in self.store.past((now - timedelta(days=self.days)).isoformat(timespec="seconds")):
            self.act(run.id, RunAction.DELETE)


def new_run_id() -> str:
    """An id nobody has and nobody can guess."""
    return secrets.token_hex(12)


def options_json(mapping: Mapping[str, str], declared: Declaration) -> str:
    """Mapping and declaration as they are kept."""
    return json.dumps(
        {
            "mapping": dict(mapping),
            "datum": declared.datum.value if declared.datum else None,
            "epsg": declared.epsg,
            "axes": declared.axes.value if declared.axes else None,
            "width_m": declared.width_m,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def options_of(run: Run) -> tuple[dict[str, str], Declaration]:
    """Mapping and declaration of a run."""
    found = json.loads(run.options)
    declared = Declaration(
        datum=Datum(found["datum"]) if found["datum"] else None,
        epsg=found["epsg"],
        axes=AxisOrder(found["axes"]) if found["axes"] else None,
        width_m=found["width_m"],
    )
    return found["mapping"], declared


def batch_of_run(run: Run, path: Path) -> Batch:
    """The file of a run, read again as it was when it was handed in."""
    return read_batch(path, *options_of(run))


def lines_of(batch: Batch) -> list[Line]:
    """The rows that ask something; each knows from now on under which id its verdict will be kept."""
    return [
        Line(
            number=number,
            place=row.place,
            name=row.name,
            screening=new_case_id(),
            state=LineState.FAULTY if row.state is RowState.FAULTY else LineState.WAITING,
            faults=faults_json(row.faults) if row.state is RowState.FAULTY else None,
        )
        for number, row in enumerate(batch.asking)
    ]

"""The use cases of a batch at the HTTP door and on the page: look, or screen and write both workbooks."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.batch_files import BatchFiles
from api.batches import checked, screen_rows
from api.file_names import plain_name
from api.service import ScreeningService
from api.settings import Settings
from layers.batches.mend import Mendable, write_mend_file
from layers.batches.model import Batch
from layers.batches.results import Report, write_results
from layers.batches.rows import read_batch
from layers.batches.template import write_template
from screening.errors import BatchTooLargeError, NoReleaseError, UnknownBatchFileError
from screening.model import Nature
from screening.readings import Declaration
from screening.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file as it came through a door.

    Attributes:
        mapping: Key → column name, beyond what is recognised.
        declared: Of the whole file, where its rows say nothing.
    """

    name: str
    content: bytes
    mapping: Mapping[str, str]
    declared: Declaration

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A batch that was screened.

    Attributes:
        results, mend: Names under which the workbooks can be fetched; empty where no row is left to mend.
        screenings: Name under which the documents of its rows can be fetched; empty where none was screened.
    """

    report: Report
    results: str
    mend: str
    screenings: str


def _uncounted(_: int) -> None:
    """Where nobody counts: on the command line."""


class BatchService:
    """Batches over one screening service; at most `most_rows` at a time."""

    def __init__(self, service: ScreeningService, settings: Settings) -> None:
        self._service = service
        self.most_rows = settings.batch_rows
        self.files = BatchFiles(settings.batch_files, hours=settings.batch_file_hours)

    def is_demonstration(self) -> bool:
        """Whether the release in force today is nobody's approval; false where none is in force."""
        try:
            return self._service.snapshot(self._service.today()).release.nature is Nature.DEMONSTRATION
        except NoReleaseError:
            return False

    def template(self, language: Language) -> bytes:
        """The blank template."""
        return _written(lambda path: write_template(path, language))

    def preview(self, handed: Handed) -> Batch:
        """The batch as it would be read, its sites tried; nothing is kept.

        Raises:
            ThreeLinesError: The file cannot be read, or no release is in force.
        """
        batch = self._read(handed)
        within = len(batch.asking) <= self.most_rows
        return checked(self._service, batch, self._service.today()) if within else batch

    def screen(
        self,
        handed: Handed,
        language: Language,
        as_of: date | None = None,
        *,
        count: Callable[[int], None] = _uncounted,
    ) -> Screened:
        """Screen every row that can be read, and write both workbooks.

        Args:
            count: Told how many sites will be screened, before the first is; may refuse.

        Raises:
            BatchTooLargeError: It has more rows than are taken; nothing is screened.
            ThreeLinesError: The file cannot be read, or the service as a whole cannot answer.
        """
        batch = self._read(handed)
        if len(batch.asking) > self.most_rows:
            raise BatchTooLargeError.of(len(batch.asking), self.most_rows)
        count(len(batch.asking))
        day = as_of or self._service.today()
        self._service.snapshot(day)  # without a release nothing is begun
        results = tuple(screen_rows(self._service, batch, language, day))
        report = Report(batch=batch, digest=handed.digest, as_of=day.isoformat(), results=results)
        kept = [one.kept.id for one in results if one.kept]
        left = [Mendable(row=one.row, faults=one.faults) for one in results if one.kept is None]
        return Screened(
            report=report,
            results=self.files.keep(_written(lambda path: write_results(path, report, language))),
            mend=self.files.keep(_written(lambda path: write_mend_file(path, left, language))) if left else "",
            screenings=self.files.keep(json.dumps(kept).encode()) if kept else "",
        )

    def screenings(self, name: str) -> list[str]:
        """Ids of the screenings of a batch, in the order of its rows.

        Raises:
            UnknownBatchFileError: There is no list of that name, or its time is over.
        """
        try:
            found: list[str] = json.loads(self.files.find(name))
        except ValueError as problem:
            raise UnknownBatchFileError.of(name, self.files.hours) from problem
        return found

    def _read(self, handed: Handed) -> Batch:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / plain_name(handed.name)
            path.write_bytes(handed.content)
            return read_batch(path, handed.mapping, handed.declared)


def _written(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batch.xlsx"
        write(path)
        return path.read_bytes()

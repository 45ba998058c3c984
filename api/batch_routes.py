"""HTTP routes of batches: the template, a look at a file, the screening of its rows, the workbooks."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Request, Response

from api.batch_schemas import (
    BatchCountsOut,
    BatchFaultOut,
    BatchKeyOut,
    BatchOut,
    BatchPreviewOut,
    BatchRowOut,
    BatchTableOut,
)
from api.batch_service import BatchService, Handed, Screened
from api.problems import language_of
from api.rate_limits import limiter_of
from api.schemas import PROBLEMS
from layers.batches.columns import columns
from layers.batches.model import Counts, Fault, Table
from layers.batches.results import NOT_SCREENED, RowResult
from screening.datums import Datum
from screening.errors import MalformedRequestError
from screening.readings import Declaration
from screening.words import Language, Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATE_NAME = Text("批量研判模板.xlsx", "batch-template.xlsx")
FILE_NAMES = {
    "results": Text("批量研判结果.xlsx", "batch-results.xlsx"),
    "mend": Text("待修改.xlsx", "to-mend.xlsx"),
}
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]
Content = Annotated[bytes, Body(media_type="application/octet-stream")]
Name = Annotated[str, Query(max_length=200, description="of the file, with its extension")]
Mapping = Annotated[
    str, Query(max_length=20_000, description='JSON: key → column, as in `{"industries": "HYDM", "fact:coal_t_per_year": "M"}`')
]  # fmt: skip
Epsg = Annotated[int | None, Query(ge=1024, le=32767, description="where neither file nor row names a system")]
Width = Annotated[float | None, Query(gt=0, le=10_000, description="of lines, metres, where the row says none")]


def batch_router(batches: BatchService) -> APIRouter:
    """Routes of batches, bound to one service."""
    routes = APIRouter(responses=PROBLEMS, tags=["batches"])

    @routes.get("/api/v1/batch-template", response_class=Response, responses={200: {"content": {XLSX: {}}}})
    def template(request: Request, lang: Lang = None) -> Response:
        """The blank template: notes, drop-downs, every fact as a column, example rows that are never screened."""
        language = language_of(request)
        return workbook(batches.template(language), TEMPLATE_NAME.in_(language))

    @routes.post("/api/v1/batches/preview")
    def preview(
        content: Content,
        request: Request,
        name: Name,
        mapping: Mapping = "",
        datum: Datum | None = None,
        epsg: Epsg = None,
        width_m: Width = None,
        lang: Lang = None,
    ) -> BatchPreviewOut:
        """How a file would be read: columns, suggested mapping, counts, errors by row. Nothing is screened or kept."""
        declared = Declaration(datum=datum, epsg=epsg, width_m=width_m)
        handed = Handed(name=name, content=content, mapping=parsed(mapping), declared=declared)
        return preview_out(batches, handed, language_of(request))

    @routes.post("/api/v1/batches")
    def screen(
        content: Content,
        request: Request,
        name: Name,
        mapping: Mapping = "",
        as_of: date | None = None,
        datum: Datum | None = None,
        epsg: Epsg = None,
        width_m: Width = None,
        lang: Lang = None,
    ) -> BatchOut:
        """Screen every row that can be read; each is kept under its own id. The others come back to be mended."""
        language = language_of(request)
        declared = Declaration(datum=datum, epsg=epsg, width_m=width_m)
        handed = Handed(name=name, content=content, mapping=parsed(mapping), declared=declared)
        count = partial(limiter_of(request).count_sites, request)
        return batch_out(batches, batches.screen(handed, language, as_of, count=count), language)

    @routes.get("/api/v1/batch-files/{kind}/{name}", response_class=Response, responses={200: {"content": {XLSX: {}}}})
    def file(kind: str, name: str, request: Request, lang: Lang = None) -> Response:
        """A workbook of a batch, while it is kept: `kind` is `results` or `mend`."""
        title = FILE_NAMES.get(kind)
        if title is None:
            raise MalformedRequestError.of("kind", "results | mend", kind)
        return workbook(batches.files.find(name), title.in_(language_of(request)))

    return routes


def workbook(content: bytes, name: str) -> Response:
    """A workbook to save."""
    headers = {"Content-Disposition": f"attachment; filename=\"batch.xlsx\"; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)


def parsed(mapping: str) -> dict[str, str]:
    """A mapping sent as JSON; empty for none.

    Raises:
        MalformedRequestError: It is no object of texts.
    """
    try:
        found = json.loads(mapping or "{}")
    except ValueError as problem:
        raise MalformedRequestError.of("mapping", str(problem), mapping[:80]) from problem
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise MalformedRequestError.of("mapping", "an object of texts is needed", mapping[:80])
    return found


def preview_out(batches: BatchService, handed: Handed, language: Language) -> BatchPreviewOut:
    """A look at a file, in one language."""
    batch = batches.preview(handed)
    return BatchPreviewOut(
        file=batch.source.file,
        kind=batch.source.kind.in_(language),
        digest=handed.digest,
        counts=_counts(batch.counts),
        most_rows=batches.most_rows,
        tables=[_table(one) for one in batch.tables],
        keys=[BatchKeyOut(key=one.key, label=one.label.in_(language), required=one.required) for one in columns()],
        faults=[_fault(fault, language) for row in batch.rows for fault in row.faults],
        notices=[text.in_(language) for text in batch.notices],
    )


def batch_out(batches: BatchService, done: Screened, language: Language) -> BatchOut:
    """A screened batch, in one language."""
    report = done.report
    return BatchOut(
        file=report.batch.source.file,
        digest=report.digest,
        as_of=report.as_of,
        counts=_counts(report.counts),
        rows=[_row(one, language) for one in report.results],
        notices=[text.in_(language) for text in report.batch.notices],
        results_url=f"/api/v1/batch-files/results/{done.results}?lang={language}",
        mend_url=f"/api/v1/batch-files/mend/{done.mend}?lang={language}" if done.mend else None,
        reports_url=f"/api/v1/batch-files/screenings/{done.screenings}/reports.zip?lang={language}"
        if done.screenings
        else None,
        files_hours=batches.files.hours,
    )


def _counts(found: Counts) -> BatchCountsOut:
    return BatchCountsOut(
        rows=found.rows, read=found.read, faulty=found.faulty, blank=found.blank, example=found.example
    )


def _table(one: Table) -> BatchTableOut:
    return BatchTableOut(
        sheet=one.name,
        columns=list(one.header),
        mapping=one.mapping,
        unmapped=list(one.unmapped),
    )


def _fault(one: Fault, language: Language) -> BatchFaultOut:
    return BatchFaultOut(
        sheet=one.sheet,
        row=one.row,
        column=one.column,
        key=one.key,
        code=one.code,
        what=one.what.in_(language),
        why=one.why.in_(language),
        cure=one.cure.in_(language),
    )


def _row(one: RowResult, language: Language) -> BatchRowOut:
    kept = one.kept
    row = {
        "place": one.row.place,
        "name": one.row.name,
        "state": "screened" if kept else "faulty",
        "screening": kept.id if kept else None,
        "url": f"/screenings/{kept.id}" if kept else None,
        "conclusion": kept.conclusion if kept else None,
        "conclusion_label": kept.conclusion_label if kept else NOT_SCREENED.in_(language),
        "deciding": kept.deciding if kept else (),
        "next_steps": kept.next_steps if kept else (),
        "to_declare": kept.to_declare if kept else (),
        "release": kept.release if kept else None,
        "digest": kept.digest if kept else None,
        "remarks": [text.in_(language) for text in one.row.remarks],
        "faults": [_fault(fault, language) for fault in one.faults],
    }
    return BatchRowOut.model_validate(row)

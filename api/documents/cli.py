"""The commands about documents: write one or many, and look after templates."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from openpyxl import load_workbook  # type: ignore[import-untyped]
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from api.documents.checks import filled
from api.documents.service import DocumentService, Kind
from api.documents.templates import OWN, template_name
from api.documents.variables import VARIABLES
from api.service import ScreeningService
from api.settings import Settings
from api.terminal import Lang, console, language_named
from layers.batches.results import SCREENING_COLUMN
from screening.words import LANGUAGES

template_app = typer.Typer(no_args_is_help=True, help="Word 模板 · Word templates")


def report(
    source: Annotated[
        str,
        typer.Argument(
            help="研判编号、签章文件 .json，或批量结果 .xlsx（写成 zip） · id, sealed file, or results of a batch"
        ),
    ],
    kind: Annotated[Kind, typer.Option("--format", help="文件格式 · format")] = Kind.DOCX,
    out: Annotated[Path | None, typer.Option(help="写到哪里 · where to write it")] = None,
    lang: Lang = "zh",
) -> None:
    """符合性分析及审核意见草稿：Word、PDF 或 Excel · conformity with a draft opinion as Word, PDF or Excel."""
    settings, language = Settings(), language_named(lang)
    service = ScreeningService(settings)
    try:
        documents, path = DocumentService(service, settings), Path(source)
        if path.suffix == ".xlsx":
            out = out or path.with_name(f"{path.stem}-reports.zip")
            with _bar() as progress, out.open("wb") as target:
                for piece in documents.zipped(_screenings(path), kind, language, progress=progress):
                    target.write(piece)
        else:
            is_file = path.suffix == ".json"
            made = documents.made_of_file(path.read_bytes(), kind, language) if is_file else documents.made(source, kind, language)  # fmt: skip
            out = out or Path(made.name)
            out.write_bytes(made.content)
    finally:
        service.close()
    typer.echo(str(out))


@template_app.command("copy")
def template_copy(
    folder: Annotated[Path, typer.Argument(help="放到哪个目录 · into which folder")],
) -> None:
    """取出随软件提供的模板，用 Word 修改 · take the program's templates out to edit them in Word."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        if (folder / template_name(language)).exists():
            raise typer.BadParameter(f"{folder / template_name(language)} 已存在 · is there already")
    for language in LANGUAGES:
        shutil.copyfile(OWN / template_name(language), folder / template_name(language))
        typer.echo(str(folder / template_name(language)))


@template_app.command("check")
def template_check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="模板 .docx · the template")],
    out: Annotated[Path | None, typer.Option(help="填入示例文字后写到这里 · write it filled with sample words")] = None,
    lang: Lang = "zh",
) -> None:
    """核对一个模板能否填写；不能时说明原因，退出码为 2 · whether a template can be filled; exit code 2 if not."""
    content = filled(file, language_named(lang))
    if out is not None:
        out.write_bytes(content)
    typer.echo(f"{file}: 可用 · can be used")


@template_app.command("variables")
def template_variables(lang: Lang = "zh") -> None:
    """模板可用的变量 · what a template may ask for."""
    for name, meaning in VARIABLES.items():
        print(f"{name}  {meaning.in_(language_named(lang))}")


def _screenings(path: Path) -> list[str]:
    """Ids in the results of a batch, from the column that holds them."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        heads = list(next(rows, ()))
        titles = (SCREENING_COLUMN.zh, SCREENING_COLUMN.en)
        column = next((at for at, head in enumerate(heads) if head in titles), None)
        if column is None:
            raise typer.BadParameter(f"{path}: 没有“{titles[0]}”列 · no column “{titles[1]}”")
        return [str(row[column]) for row in rows if row[column]]
    finally:
        book.close()


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    shown = (TextColumn("文档 · documents"), BarColumn(), MofNCompleteColumn())
    with Progress(*shown, console=console) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

"""Word templates: those that come with the program, those of the city in their place, and whether one can be filled."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]

from api.documents.variables import VARIABLES
from screening.errors import DocumentTemplateError
from screening.words import Language, Text

OWN = Path(__file__).parent / "templates"
_NOT_WORD = (PackageNotFoundError, BadZipFile, KeyError, ValueError, XMLSyntaxError, OSError)


def template_name(language: Language) -> str:
    """The file name of the template of a language."""
    return f"report.{language}.docx"


def template_of(language: Language, folder: Path | None) -> Path:
    """The city's template where its folder has one, else the program's."""
    if folder is not None and (folder / template_name(language)).is_file():
        return folder / template_name(language)
    return OWN / template_name(language)


def filling() -> SandboxedEnvironment:
    """How templates are filled: values are escaped, unknown names refused, nothing of the program can be reached."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def opened(path: Path) -> DocxTemplate:
    """A template, all of whose names are known.

    Raises:
        DocumentTemplateError: It is no Word file, its marks cannot be read, or it asks for what there is not.
    """
    try:
        template = DocxTemplate(BytesIO(path.read_bytes()))
        asked = template.get_undeclared_template_variables(filling())
    except TemplateError as problem:
        raise unusable(path.name, problem) from problem
    except _NOT_WORD as problem:
        unreadable = Text("不是可读的 Word 文件（.docx）", "is no Word file (.docx) that can be read")
        raise DocumentTemplateError.of(path.name, unreadable, type(problem).__name__) from problem
    if unknown := sorted(asked - VARIABLES.keys()):
        raise _unknown(path.name, unknown)
    return template


def fill(template: DocxTemplate, name: str, values: Mapping[str, object]) -> None:
    """Put values into a template.

    Raises:
        DocumentTemplateError: It asks something of a value that the value has not, or does not end as XML.
    """
    try:
        template.render(dict(values), filling())
    except TemplateError as problem:
        raise unusable(name, problem) from problem
    except (XMLSyntaxError, TypeError) as problem:
        broken = Text(f"填写后不是完整的文档（{problem}）", f"is no whole document once it is filled ({problem})")
        raise DocumentTemplateError.of(name, broken) from problem


def unusable(name: str, problem: TemplateError) -> DocumentTemplateError:
    """What the template engine found, in our words."""
    told = str(problem.message or problem)
    if isinstance(problem, TemplateSyntaxError):
        near = " / ".join(line.strip() for line in getattr(problem, "docx_context", ()) if line.strip())[:200]
        return DocumentTemplateError.of(
            name, Text(f"的标记写错了：{told}", f"has a mark that cannot be read: {told}"), near or told
        )
    if isinstance(problem, UndefinedError):
        return DocumentTemplateError.of(
            name, Text(f"用了不存在的内容：{told}", f"asks for what there is not: {told}"), told
        )
    return DocumentTemplateError.of(name, Text(f"不能填写：{told}", f"cannot be filled: {told}"), told)


def _unknown(name: str, unknown: list[str]) -> DocumentTemplateError:
    listed = ", ".join(unknown)
    near = [meant for one in unknown for meant in difflib.get_close_matches(one, sorted(VARIABLES), n=3)]
    return DocumentTemplateError.of(
        name,
        Text(f"用了不认识的变量：{listed}", f"asks for variables that there are not: {listed}"),
        listed,
        near or sorted(VARIABLES),
    )

"""The form of plans: what was filled in, kept for showing again, and the request it makes."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import shapely
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from api.plan_schemas import PlanIn
from screening.errors import MalformedRequestError
from screening.model import Fact, Site

FACT = "fact."
_SEPARATOR = re.compile(r"[\s,，;；、]+")


class PartReader(Protocol):
    """What reads the parts of a plan."""

    def sites_of_text(self, text: str) -> Sequence[Site]:
        """Every site of a text."""

    def sites_of_file(self, path: Path) -> Sequence[Site]:
        """Every site of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What somebody filled in, as written.

    Attributes:
        file_name: Of an uploaded file; empty without.
        facts: By name of the fact; only those that are not blank.
    """

    name: str = ""
    text: str = ""
    file_name: str = ""
    file: bytes = b""
    industries: str = ""
    construction: str = ""
    as_of: str = ""
    facts: Mapping[str, str]


async def filled(form: FormData) -> Filled:
    """A form as it arrived."""

    def words(name: str) -> str:
        value = form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    upload = form.get("file")
    file_name = (upload.filename or "") if isinstance(upload, UploadFile) else ""
    names = [name.removeprefix(FACT) for name in form if name.startswith(FACT)]
    return Filled(
        name=words("name"),
        text=words("parts"),
        file_name=PurePosixPath(file_name.replace("\\", "/")).name,
        file=await upload.read() if isinstance(upload, UploadFile) else b"",
        industries=words("industries"),
        construction=words("construction"),
        as_of=words("as_of"),
        facts={name: words(FACT + name) for name in names if words(FACT + name)},
    )


def request_of(filled: Filled, schema: Sequence[Fact], reader: PartReader) -> PlanIn:
    """The request a filled form makes; parts become geometries, so that it can be sent again.

    Raises:
        ThreeLinesError: A part cannot be read, or a field holds what the interface does not take.
    """
    sites = list(reader.sites_of_text(filled.text)) if filled.text else []
    if filled.file_name:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / filled.file_name
            path.write_bytes(filled.file)
            sites += reader.sites_of_file(path)
    kinds = {fact.name: fact.kind for fact in schema}
    asked = {
        "name": filled.name,
        "parts": [{"name": site.name, "geometry": json.loads(shapely.to_geojson(site.geometry))} for site in sites],
        "industries": [code for code in _SEPARATOR.split(filled.industries) if code],
        "construction": filled.construction or None,
        "facts": {name: typed(kinds.get(name, ""), words) for name, words in filled.facts.items()},
        "as_of": filled.as_of or None,
    }
    return checked(asked)


def checked(asked: Mapping[str, Any] | str) -> PlanIn:
    """A request from plain data or JSON.

    Raises:
        MalformedRequestError: It is not one.
    """
    try:
        return PlanIn.model_validate_json(asked) if isinstance(asked, str) else PlanIn.model_validate(asked)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise MalformedRequestError.of(field, first["msg"], str(first["input"])[:80]) from problem


def typed(kind: str, words: str) -> bool | float | str:
    """A fact as typed; what is no number stays as written and is refused with its name."""
    if kind == "boolean" and words in ("true", "false"):
        return words == "true"
    if kind == "number":
        try:
            return float(words)
        except ValueError:
            return words
    return words

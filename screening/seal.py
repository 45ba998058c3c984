"""封存: a verdict as a sealed document, and what differs between two records.

A sealed document is one JSON object in canonical spelling: what was asked, what was answered, a digest over both, until
when it holds, and a signature over all of it. `docs/sealed-verdicts.md` describes it byte by byte.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from screening.crs import AreaMethod
from screening.errors import SealedFileError
from screening.model import Construction, Conversion, FactValue, NamedPoint, Project, Site
from screening.record import Record, canonical, spelled_together
from screening.site_checks import NOTHING_STATED, Stated
from screening.words import Text

FORMAT = "threelines-sealed-verdict/1"
ALGORITHM = "Ed25519"
MEMBERS: Mapping[str, type] = {
    "digest": str,
    "format": str,
    "id": str,
    "issued_at": str,
    "question": dict,
    "record": dict,
    "signature": dict,
    "valid_because": list,
    "valid_until": str,
}
SIGNATURE_MEMBERS = ("algorithm", "key_id", "public_key", "value")
IDENTITIES = ("key", "layer", "level", "fact", "code", "id")  # by which of these the members of a list are told apart
ABSENT = "—"
_RELEASE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is needed to answer once more.

    Attributes:
        industries: GB/T 4754 codes.
        district, area_m2: What was stated of the site besides its coordinates.
    """

    site: Site
    project_name: str
    industries: tuple[str, ...]
    construction: Construction | None
    facts: Mapping[str, FactValue]
    particulars: Mapping[str, FactValue]
    conversions: tuple[Conversion, ...]
    district: str
    area_m2: float | None
    area_method: AreaMethod
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two records differ.

    Attributes:
        path: JSONPath (RFC 9535) of the place.
        old, new: Canonical JSON of what is there; `—` where there is nothing.
    """

    path: str
    old: str
    new: str


# -- the document ------------------------------------------------------------------------------------------------------


def question_of(
    site: Site,
    project: Project,
    as_of: date,
    stated: Stated = NOTHING_STATED,
    area_method: AreaMethod = AreaMethod.PLANE,
) -> Record:
    """Everything needed to screen again: the site's geometry exact, as WKB (EPSG:4490 degrees, longitude first)."""
    return {
        "site": {
            "name": site.name,
            "wkb": _wkb(site.geometry),
            "as_written": site.as_written,
            "read_as": _both(site.read_as),
            "accuracy_m": site.accuracy_m,
            "alignment_wkb": None if site.alignment is None else _wkb(site.alignment),
            "width_m": site.width_m,
            "start_m": site.start_m,
            "points": [[one.name, one.longitude, one.latitude] for one in site.points],
            "radius_m": site.radius_m,
        },
        "project": {
            "name": project.name,
            "industries": [one.code for one in project.industries],
            "construction": project.construction.value if project.construction else None,
            "facts": dict(project.facts),
            "particulars": dict(project.particulars),
            "conversions": [
                [one.name, one.as_written, one.value, one.unit, _both(one.read_as)] for one in project.conversions
            ],
        },
        "stated": {"district": stated.district, "area_m2": stated.area_m2},
        "area_method": area_method.value,
        "as_of": as_of.isoformat(),
    }


def asked_in(question: Mapping[str, Any]) -> Asked:
    """The question a sealed document holds, ready to be put again.

    Raises:
        SealedFileError: It lacks something, or something is not what it should be.
    """
    try:
        project, stated = question["project"], question["stated"]
        construction = project["construction"]
        return Asked(
            site=_site(question["site"]),
            project_name=project["name"],
            industries=tuple(project["industries"]),
            construction=Construction(construction) if construction else None,
            facts=dict(project["facts"]),
            particulars=dict(project["particulars"]),
            conversions=tuple(
                Conversion(name=name, as_written=written, value=value, unit=unit, read_as=_text(read_as))
                for name, written, value, unit, read_as in project["conversions"]
            ),
            district=stated["district"],
            area_m2=stated["area_m2"],
            area_method=AreaMethod(question["area_method"]),
            as_of=date.fromisoformat(question["as_of"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as problem:
        raise SealedFileError.of(
            Text(f"question 不完整：{problem!r}", f"its question is incomplete: {problem!r}")
        ) from problem


def _site(site: Mapping[str, Any]) -> Site:
    alignment = site["alignment_wkb"]
    return Site(
        name=site["name"],
        geometry=shapely.from_wkb(site["wkb"]),
        as_written=site["as_written"],
        read_as=_text(site["read_as"]),
        accuracy_m=site["accuracy_m"],
        alignment=None if alignment is None else shapely.from_wkb(alignment),
        width_m=site["width_m"],
        start_m=site["start_m"],
        points=tuple(
            NamedPoint(name=name, longitude=longitude, latitude=latitude)
            for name, longitude, latitude in site["points"]
        ),
        radius_m=site["radius_m"],
    )


def _wkb(shape: BaseGeometry) -> str:
    spelled: str = shapely.to_wkb(shape, hex=True, byte_order=1, flavor="iso")
    return spelled


def _both(text: Text) -> Record:
    return {"zh": text.zh, "en": text.en}


def _text(both: Mapping[str, Any]) -> Text:
    return Text(both["zh"], both["en"])


def sealed_digest(question: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """SHA-256 over question and record, release and engine version among it, hexadecimal."""
    return digest_of_spelled(canonical(question), canonical(record))


def digest_of_spelled(question: bytes, record: bytes) -> str:
    """The same of question and record in canonical spelling."""
    return hashlib.sha256(spelled_together({"question": question, "record": record})).hexdigest()


def signed_bytes(document: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: the document without its signature, spelled canonically."""
    return canonical({name: value for name, value in document.items() if name != "signature"})


def opened(content: bytes) -> Record:
    """The sealed document in a file.

    Raises:
        SealedFileError: It is none, or one of another format.
    """
    try:
        document = json.loads(content.decode(), parse_constant=_refused)
    except (ValueError, RecursionError) as problem:
        raise SealedFileError.of(Text("不是 JSON 文本", "it is no JSON text")) from problem
    if not isinstance(document, dict) or not str(document.get("format", "")).startswith("threelines-sealed-verdict/"):
        raise SealedFileError.of(Text("没有封存格式的标记", "it does not state the format"))
    if document["format"] != FORMAT:
        stated = document["format"]
        raise SealedFileError.of(Text(f"格式是 {stated}，不是 {FORMAT}", f"its format is {stated}, not {FORMAT}"))
    _require_members(document)
    return document


def is_canonical(document: Mapping[str, Any], content: bytes) -> bool:
    """Whether a file is the one spelling its content has: not one byte may be set differently."""
    try:
        return canonical(document) == content
    except ValueError:  # a number or a character that has no canonical spelling
        return False


def release_of(document: Mapping[str, Any]) -> str:
    """Id of the release the record rests on; safe to be used as the name of a folder.

    Raises:
        SealedFileError: The record names none.
    """
    release = document["record"].get("release")
    name = release.get("id") if isinstance(release, dict) else None
    if not isinstance(name, str) or not _RELEASE_ID.fullmatch(name):
        raise SealedFileError.of(Text("没有写明所依据的版本", "it names no release"))
    return name


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _require_members(document: Mapping[str, Any]) -> None:
    signature = document.get("signature")
    wrong = sorted(set(document) ^ set(MEMBERS)) or [
        name for name, kind in MEMBERS.items() if not isinstance(document[name], kind)
    ]
    if not wrong and isinstance(signature, dict):
        wrong = sorted(set(signature) ^ set(SIGNATURE_MEMBERS)) or [
            f"signature.{name}" for name, value in signature.items() if not isinstance(value, str)
        ]
    if wrong:
        names = ", ".join(wrong)
        raise SealedFileError.of(
            Text(f"成员缺失、多余或类型不对：{names}", f"members missing, extra or wrong: {names}")
        )


# -- comparing ---------------------------------------------------------------------------------------------------------


def differences(old: Any, new: Any, path: str = "$") -> tuple[Difference, ...]:
    """Every place where two JSON values differ; empty exactly if their canonical spellings are the same.

    Members of lists are matched by their own name (`key`, `layer`, `code` …) where all have one, else by position.

    >>> [(one.path, one.old, one.new) for one in differences({"a": [{"key": "x", "n": 1}]}, {"a": [{"key": "x", "n": 2}]})]
    [('$.a[?@.key=="x"].n', '1', '2')]
    """
    return tuple(_differences(old, new, path))


def _differences(old: Any, new: Any, path: str) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_objects(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(old, new, path)
    elif _spelled(old) != _spelled(new):
        yield Difference(path=path, old=_spelled(old), new=_spelled(new))


def _of_objects(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        yield from _of_members(old, new, name, f"{path}{_step(name)}")


def _of_lists(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[Difference]:
    name = _identity([*old, *new], old, new)
    if not name:
        before, after = dict(enumerate(old)), dict(enumerate(new))
        for position in sorted(before.keys() | after.keys()):
            yield from _of_members(before, after, position, f"{path}[{position}]")
        return
    was, now = {one[name]: one for one in old}, {one[name]: one for one in new}
    for own in [*was, *(one for one in now if one not in was)]:
        yield from _of_members(was, now, own, f"{path}[?@.{name}=={_spelled(own)}]")
    kept = [one for one in was if one in now]
    reordered = [one for one in now if one in was]
    if kept != reordered:
        yield Difference(path=f"{path}[*].{name}", old=_spelled(kept), new=_spelled(reordered))


def _of_members(old: Mapping[Any, Any], new: Mapping[Any, Any], name: Any, path: str) -> Iterator[Difference]:
    if name not in old:
        yield Difference(path=path, old=ABSENT, new=_spelled(new[name]))
    elif name not in new:
        yield Difference(path=path, old=_spelled(old[name]), new=ABSENT)
    else:
        yield from _differences(old[name], new[name], path)


def _identity(members: Sequence[Any], *lists: Sequence[Any]) -> str:
    """The member by which the objects of all the lists can be told apart; empty if there is none."""
    if not members or not all(isinstance(one, dict) for one in members):
        return ""
    for name in IDENTITIES:
        if all(isinstance(one.get(name), str) for one in members) and all(
            len({one[name] for one in own}) == len(own) for own in lists
        ):
            return name
    return ""


def _step(name: str) -> str:
    return f".{name}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else f"[{_spelled(name)}]"


def _spelled(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

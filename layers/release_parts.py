"""The parts of a release on disk, read back and proved whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from screening.errors import BrokenReleaseError
from screening.record import canonical
from screening.words import Text

FORMAT = 2
MANIFEST = "manifest.json"
ID_DIGITS = 12
UNHASHED = frozenset({"id", "parts", "issues"})  # of a manifest; what the files said on reading is not content


def release_name(description: Mapping[str, Any]) -> str:
    """City, first day in force, and the head of a hash over everything the description says, content hashes included."""
    head = hashlib.sha256(canonical(description)).hexdigest()[:ID_DIGITS]
    return f"{description['city']}-{description['effective_from'].replace('-', '')}-{head}"


def plane_part(layer_id: str) -> str:
    """File of a layer's zones on the plane."""
    return f"{layer_id}.plane.arrow"


def index_sources(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Digests of the parts that the index of a release is made from."""
    names = [*(plane_part(layer_id) for layer_id in manifest["layers"]), "outline.json"]
    return {name: manifest["parts"][name]["sha256"] for name in names}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release folder.

    Raises:
        BrokenReleaseError: There is none, or it is not this software's.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise BrokenReleaseError.of(
            folder.name, MANIFEST, Text(f"读不出：{problem}", f"cannot be read: {problem}")
        ) from problem
    if isinstance(manifest, dict) and manifest.get("format") != FORMAT:
        reason = Text(
            f"格式 {manifest.get('format')}，本软件读格式 {FORMAT}：请用原交付重新生成版本",
            f"has format {manifest.get('format')}, this software reads {FORMAT}: build it again from its delivery",
        )
        raise BrokenReleaseError.of(folder.name, MANIFEST, reason)
    if not isinstance(manifest, dict) or manifest.get("id") != folder.name:
        raise BrokenReleaseError.of(folder.name, MANIFEST, Text("与目录不符", "does not belong to this folder"))
    if release_name({key: value for key, value in manifest.items() if key not in UNHASHED}) != folder.name:
        raise BrokenReleaseError.of(folder.name, MANIFEST, Text("内容与编号不符", "is not what its id was made from"))
    return manifest


def read_document(folder: Path, manifest: Mapping[str, Any], name: str) -> Any:
    """One JSON part, proved unchanged.

    Raises:
        BrokenReleaseError: It is missing or not what the manifest says.
    """
    prove_part(folder, manifest, name)
    return json.loads((folder / name).read_bytes())


def prove_part(folder: Path, manifest: Mapping[str, Any], name: str) -> None:
    """That a part is there and has the hash its manifest states.

    Raises:
        BrokenReleaseError: It is missing or changed.
    """
    part = manifest["parts"].get(name)
    path = folder / name
    if part is None or not path.is_file():
        raise BrokenReleaseError.of(folder.name, name, Text("缺失", "is missing"))
    if sha256_of(path) != part["sha256"]:
        raise BrokenReleaseError.of(folder.name, name, Text("内容已改变", "has been changed"))


def sha256_of(path: Path) -> str:
    """Digest of a file, in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()

"""A release fetched once from an object store or a share, proved, and kept for all processes of a machine.

What lies in the cache is the very release that was named: its manifest has the digest that was asked for, and every part
the digest its manifest states. Nothing else is ever taken from a store: the index and the gaps, which no manifest states, are
made here from the parts, whatever lies beside them there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from layers.release_parts import MANIFEST, plane_part, prove_part, read_manifest
from layers.snapshot import load_snapshot
from screening.errors import BrokenReleaseError, UnusableEngineError
from screening.words import Text


def cache_folder() -> Path:
    """Where releases are kept that were fetched, for all processes of a user: `$XDG_CACHE_HOME`, or `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "threelines" / "releases"


def is_url(store: str) -> bool:
    """Whether releases have to be fetched from there; a path is read where it is."""
    return "://" in store


def require_no_password(store: str) -> None:
    """Refuse a URL that gives a secret away.

    Raises:
        UnusableEngineError: It has a password.
    """
    if re.search(r"://[^/@\s]*:[^/\s]*@", store):
        raise UnusableEngineError.with_password(_without_user(store))


def _without_user(words: str) -> str:
    """Words with the URLs in them as anybody may read them."""
    return re.sub(r"(?<=://)[^/\s]*@", "", words)


def manifest_digest(folder: Path) -> str:
    """SHA-256 of a release's manifest, which states those of its parts.

    Raises:
        BrokenReleaseError: There is no manifest.
    """
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError as problem:
        reason = Text(f"读不出：{problem}", f"cannot be read: {problem}")
        raise BrokenReleaseError.of(folder.name, MANIFEST, reason) from problem


def silent_layers(folder: Path) -> tuple[str, ...]:
    """Layers of a release that are missing or damaged, and that a snapshot of it leaves out, in alphabetical order.

    Raises:
        BrokenReleaseError: There is no manifest.
    """
    manifest = read_manifest(folder)
    return tuple(layer_id for layer_id in sorted(manifest["layers"]) if not _is_whole(folder, manifest, layer_id))


def _is_whole(folder: Path, manifest: Mapping[str, Any], layer_id: str) -> bool:
    try:
        for name in (f"{layer_id}.parquet", plane_part(layer_id)):
            prove_part(folder, manifest, name)
    except (BrokenReleaseError, OSError):
        return False
    return True


def fetched(store: str, release: str, digest: str, cache: Path) -> Path:
    """The folder of a release in the cache; fetched if it is not there, or not as it was.

    Processes wait for each other, so that one fetches and the others find.

    Args:
        store: URL of a folder of releases, as fsspec takes it.
        digest: Of the manifest.
        cache: Folder for this machine; made if there is none.

    Raises:
        UnusableEngineError: It cannot be fetched, or fsspec is not installed.
        BrokenReleaseError: What was fetched is not that release.
    """
    try:
        return _fetched(store, release, digest, cache / digest[:16])
    except (OSError, ImportError, ValueError) as problem:
        reason = str(problem) or type(problem).__name__
        raise UnusableEngineError.unreachable(_without_user(store), _without_user(reason)) from problem


def _fetched(store: str, release: str, digest: str, kept: Path) -> Path:
    kept.mkdir(parents=True, exist_ok=True)
    folder = kept / release
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            _prove(folder, digest)
        except BrokenReleaseError:
            for old in kept.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            with tempfile.TemporaryDirectory(prefix=".draft-", dir=kept) as drafts:
                draft = Path(drafts) / release
                _fetch(f"{store.rstrip('/')}/{release}", digest, draft)
                load_snapshot(draft)  # makes its index, once for all processes
                draft.rename(folder)
    return folder


def _prove(folder: Path, digest: str) -> None:
    if manifest_digest(folder) != digest:
        raise BrokenReleaseError.of(folder.name, MANIFEST, Text("与所指成果不同", "is not that of the release named"))
    manifest = read_manifest(folder)
    for name in manifest["parts"]:
        prove_part(folder, manifest, name)


def _fetch(source: str, digest: str, draft: Path) -> None:
    try:
        from fsspec.core import url_to_fs
    except ImportError as problem:
        raise UnusableEngineError.missing("fsspec") from problem
    with _told():
        files, root = url_to_fs(source)

    def get(name: str) -> None:
        with _told():
            files.get_file(f"{root}/{name}", str(draft / name))

    draft.mkdir()
    get(MANIFEST)
    if manifest_digest(draft) == digest:  # else its names of parts are not to be trusted
        for name in read_manifest(draft)["parts"]:
            get(name)
    _prove(draft, digest)


@contextmanager
def _told() -> Iterator[None]:
    """What the package of a store raises, which may be anything, as an error of reading."""
    try:
        yield
    except Exception as problem:
        raise OSError(f"{type(problem).__name__}: {problem}") from problem

"""A release fetched once from an object store or a share, proved, and kept for all processes of a machine.

What lies in the cache is the very release that was named: its manifest has the digest that was asked for, and every part
the digest its manifest states. Nothing else is ever used, however it came to be there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from layers import gaps, index
from layers.release_parts import MANIFEST, prove_part, read_manifest
from screening.errors import BrokenReleaseError, UnusableEngineError
from screening.words import Text

BESIDE = (index.FILE, gaps.FILE)
"""No parts of a release, but what takes long to make from it; each proves itself."""


def cache_folder() -> Path:
    """Where releases are kept that were fetched, for all processes of a user: `$XDG_CACHE_HOME`, or `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "threelines" / "releases"


def is_url(store: str) -> bool:
    """Whether releases have to be fetched from there; a path is read where it is."""
    return "://" in store


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
        raise UnusableEngineError.unreachable(store, str(problem) or type(problem).__name__) from problem


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
    files, root = url_to_fs(source)
    draft.mkdir()
    files.get_file(f"{root}/{MANIFEST}", str(draft / MANIFEST))
    if manifest_digest(draft) == digest:  # else its names of parts are not to be trusted
        for name in read_manifest(draft)["parts"]:
            files.get_file(f"{root}/{name}", str(draft / name))
        for name in BESIDE:
            if files.exists(f"{root}/{name}"):
                files.get_file(f"{root}/{name}", str(draft / name))
    _prove(draft, digest)

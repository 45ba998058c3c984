"""The keys that seal verdicts: Ed25519, one in use, the public halves of all that ever were.

In the folder: `current.pem` (PKCS #8, readable by its owner only) and `public/{key id}.pem` (SubjectPublicKeyInfo). A key
id is the SHA-256 of the public key's DER form, hexadecimal.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from screening.errors import SigningKeyError
from screening.seal import ALGORITHM

_CURRENT = "current.pem"
_PUBLIC = "public"
_DRAFT = ".draft-"
_OWNER_ONLY = 0o600
_EVERYBODY_READS = 0o644

PublicKeys = Mapping[str, Ed25519PublicKey]


class Signed(StrEnum):
    """What a signature proves."""

    KNOWN = "known"  # made by a key that is trusted here
    UNKNOWN = "unknown"  # whole, by a key of which nothing is known here
    BROKEN = "broken"  # it does not belong to these bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """The public half of one key.

    Attributes:
        is_current: Whether new verdicts are sealed with it.
        pem: SubjectPublicKeyInfo, PEM.
    """

    id: str
    is_current: bool
    pem: str


class Keyring:
    """The keys of one data folder.

    Raises:
        SigningKeyError: On any method: the folder cannot be written, or what is in it is no key.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self) -> None:
        """Make the first key where there is none; of several processes that start at once one makes it.

        Where a key is in place nothing is written, so that a service may run on a folder it can only read.
        """
        with _explained(self._folder):
            if (self._folder / _CURRENT).exists() and self._public_path(self._current()).exists():
                return
        with self._locked():
            if not (self._folder / _CURRENT).exists():
                _write(self._folder / _CURRENT, _private_pem(Ed25519PrivateKey.generate()), _OWNER_ONLY)
            self._keep_public(self._current())

    def rotate(self) -> str:
        """Seal with a new key from now on; the old private half is gone, its public half stays. The new key's id."""
        with self._locked():
            if (self._folder / _CURRENT).exists():
                self._keep_public(self._current())
            new = Ed25519PrivateKey.generate()
            _write(self._folder / _CURRENT, _private_pem(new), _OWNER_ONLY)
            return self._keep_public(new)

    def sign(self, message: bytes) -> dict[str, str]:
        """The `signature` member of a sealed document, made with the key in use."""
        with _explained(self._folder):
            key, stated = _signer((self._folder / _CURRENT).read_bytes())
        return {**stated, "value": base64.b64encode(key.sign(message)).decode()}

    def known(self) -> dict[str, Ed25519PublicKey]:
        """Every public key kept here, by id; none where there is no folder."""
        with _explained(self._folder):
            keys = [read_public_key(path) for path in sorted((self._folder / _PUBLIC).glob("*.pem"))]
        return {key_id(one): one for one in keys}

    def listed(self) -> list[PublicKey]:
        """Every public key kept here, the one in use first."""
        with _explained(self._folder):
            current = key_id(self._current().public_key()) if (self._folder / _CURRENT).exists() else ""
        found = [PublicKey(id=name, is_current=name == current, pem=_pem(one)) for name, one in self.known().items()]
        return sorted(found, key=lambda one: not one.is_current)

    def _current(self) -> Ed25519PrivateKey:
        return _private_key((self._folder / _CURRENT).read_bytes())

    def _keep_public(self, key: Ed25519PrivateKey) -> str:
        path = self._public_path(key)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            _write(path, _pem(key.public_key()).encode(), _EVERYBODY_READS)
        return path.stem

    def _public_path(self, key: Ed25519PrivateKey) -> Path:
        return self._folder / _PUBLIC / f"{key_id(key.public_key())}.pem"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time; readers need no lock because files are replaced whole."""
        with _explained(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._folder / ".lock").open("w") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                for left in self._folder.rglob(f"{_DRAFT}*"):
                    left.unlink()  # of a process that was killed before its key counted
                yield


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The Ed25519 public key in a PEM file.

    Raises:
        SigningKeyError: The file cannot be read or holds none.
    """
    with _explained(path):
        key = load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError(f"{path.name}: {type(key).__name__}")
        return key


def key_id(key: Ed25519PublicKey) -> str:
    """The fingerprint by which a key is known."""
    return hashlib.sha256(_der(key)).hexdigest()


def checked(signature: Mapping[str, str], message: bytes, trusted: PublicKeys) -> Signed:
    """What a `signature` member proves about a message, given the keys one trusts."""
    key = _stated_key(signature)
    if key is None or signature["algorithm"] != ALGORITHM or key_id(key) != signature["key_id"]:
        return Signed.BROKEN
    try:
        key.verify(_decoded(signature["value"]), message)
    except (InvalidSignature, ValueError):
        return Signed.BROKEN
    return Signed.KNOWN if signature["key_id"] in trusted else Signed.UNKNOWN


def _stated_key(signature: Mapping[str, str]) -> Ed25519PublicKey | None:
    try:
        key = load_der_public_key(_decoded(signature["public_key"]))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def _decoded(text: str) -> bytes:
    """Bytes from the one Base64 spelling they have; its last letter holds bits that count for nothing."""
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError(text)
    return content


def _private_key(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{_CURRENT}: {type(key).__name__}")
    return key


@lru_cache(maxsize=1)
def _signer(pem: bytes) -> tuple[Ed25519PrivateKey, Mapping[str, str]]:
    """A key to sign with, and what each of its signatures states beside its value."""
    key = _private_key(pem)
    public = key.public_key()
    stated = {
        "algorithm": ALGORITHM,
        "key_id": key_id(public),
        "public_key": base64.b64encode(_der(public)).decode(),
    }
    return key, stated


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _der(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all: to a draft, synced, renamed. The mode holds from the first byte on."""
    draft = path.parent / f"{_DRAFT}{os.getpid()}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise SigningKeyError.of(str(place), str(problem)) from problem

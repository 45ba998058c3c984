"""Passwords: rules, and scrypt with its parameters kept beside each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

from screening.approval_errors import PasswordRuleError
from screening.words import Text

SHORTEST, LONGEST = 12, 200
ENOUGH_WITHOUT_KINDS = 20  # a phrase so long needs no mixture of kinds
KINDS = 3
FEWEST_DIFFERENT = 6
USUAL_COST = 15  # log2 of scrypt's N: 32 MB and about a tenth of a second
_BLOCK, _PARALLEL, _LENGTH = 8, 1, 32
_COMMON = (
    "password",
    "qwerty",
    "123456",
    "abc123",
    "admin",
    "letmein",
    "iloveyou",
    "welcome",
    "threelines",
    "sanxianyidan",
)


def require_strong(password: str, name: str) -> None:
    """Refuse a password that can be guessed.

    Raises:
        PasswordRuleError: It is short, simple, common or holds the account's name.
    """
    written = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(written) <= LONGEST:
        raise PasswordRuleError.of(
            Text(f"密码应有 {SHORTEST}～{LONGEST} 个字符。", f"A password has {SHORTEST} to {LONGEST} characters.")
        )
    if len(set(written)) < FEWEST_DIFFERENT:
        raise PasswordRuleError.of(
            Text(f"至少应有 {FEWEST_DIFFERENT} 个不同的字符。", f"At least {FEWEST_DIFFERENT} characters must differ.")
        )
    if len(written) < ENOUGH_WITHOUT_KINDS and _kinds(written) < KINDS:
        raise PasswordRuleError.of(
            Text(
                f"不足 {ENOUGH_WITHOUT_KINDS} 个字符的，大写、小写、数字、其他字符中至少要有 {KINDS} 种。",
                f"Below {ENOUGH_WITHOUT_KINDS} characters use {KINDS} of: capitals, small letters, digits, others.",
            )
        )
    lowered = written.lower()
    if name.lower() in lowered or any(word in lowered and len(lowered) - len(word) < SHORTEST for word in _COMMON):
        raise PasswordRuleError.of(
            Text(
                "不能含账户名，也不能由常见密码拼成。",
                "It may not hold the account's name or be made of a common password.",
            )
        )


def hashed(password: str, cost: int = USUAL_COST) -> str:
    """What is kept of a password: algorithm, parameters, salt and hash.

    Args:
        password: As typed; compatible characters count as one.
        cost: log2 of scrypt's N.
    """
    salt = secrets.token_bytes(16)
    return "$".join(
        (
            "scrypt",
            str(cost),
            str(_BLOCK),
            str(_PARALLEL),
            _text(salt),
            _text(_scrypt(password, salt, cost, _BLOCK, _PARALLEL)),
        )
    )


def is_right(password: str, kept: str) -> bool:
    """Whether a password is the one that was kept, by the parameters kept with it.

    >>> is_right("correct horse battery", hashed("correct horse battery", cost=4))
    True
    """
    _, cost, block, parallel, salt, expected = kept.split("$")
    found = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, base64.b64decode(expected))


def is_outdated(kept: str, cost: int) -> bool:
    """Whether a password was kept with other parameters than are in use now."""
    return kept.split("$")[1:4] != [str(cost), str(_BLOCK), str(_PARALLEL)]


def _kinds(written: str) -> int:
    return sum(
        (
            any(one.isupper() for one in written),
            any(one.islower() for one in written),
            any(one.isdigit() for one in written),
            any(not (one.isupper() or one.islower() or one.isdigit()) for one in written),
        )
    )


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    written = unicodedata.normalize("NFKC", password).encode()
    memory = 256 * (1 << cost) * block * parallel
    return hashlib.scrypt(written, salt=salt, n=1 << cost, r=block, p=parallel, maxmem=memory, dklen=_LENGTH)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()

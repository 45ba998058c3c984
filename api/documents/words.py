"""Words that every document may hold: nothing that breaks a file, reverses the reading order or hides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

_JOINERS = "\u200c\u200d"  # needed within some scripts and emoji
_UNSAFE_IN_NAMES = re.compile(r'[\\/:*?"<>|\s.]+')
_LONGEST_NAME = 60

Told = TypeVar("Told")


def plain(words: str) -> str:
    """Words without control characters, lone surrogates and marks that turn the reading direction; lines are kept.

    >>> plain("a\\u202eb\\x0bc\\nd")
    'abc\\nd'
    """
    return "".join(letter for letter in words if letter == "\n" or letter in _JOINERS or _is_shown(letter))


def cleaned(told: Told) -> Told:
    """A value with all words in it made `plain`: texts, tuples, mappings and dataclasses of them."""
    if isinstance(told, str):
        return cast(Told, plain(told))
    if isinstance(told, Mapping):
        return cast(Told, {name: cleaned(value) for name, value in told.items()})
    if isinstance(told, Sequence) and not isinstance(told, bytes):
        return cast(Told, tuple(cleaned(one) for one in told))
    if is_dataclass(told) and not isinstance(told, type):
        changed = {one.name: cleaned(getattr(told, one.name)) for one in fields(told)}
        return cast(Told, replace(told, **changed))
    return told


def file_name(*parts: str, ending: str) -> str:
    """A name that every file system takes, from what people called a thing.

    >>> file_name("a/b: <电镀> 项目", "5f3c", ending="docx")
    'a_b_电镀_项目-5f3c.docx'
    """
    safe = [_UNSAFE_IN_NAMES.sub("_", plain(part).strip())[:_LONGEST_NAME].strip("_-") for part in parts]
    return f"{'-'.join(part for part in safe if part)}.{ending}"


def _is_shown(letter: str) -> bool:
    code = ord(letter)
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs") and code not in (0xFFFE, 0xFFFF)

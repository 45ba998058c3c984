"""What every command shares: the terminal, and the language of its words."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from screening.words import Language

console = Console(stderr=True)
Lang = Annotated[str, typer.Option("--lang", help="zh or en")]


def language_named(lang: str) -> Language:
    """The language of an option: English where it begins so, else Chinese."""
    return "en" if lang.lower().startswith("en") else "zh"


@contextmanager
def told_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether somebody pressed Ctrl-C: what is at hand is finished first."""
    asked: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        asked.append(number)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def say(words: str) -> None:
    """Tell whoever sits at the terminal, beside what the command answers."""
    console.print(words, markup=False, highlight=False)

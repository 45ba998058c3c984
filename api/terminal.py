"""What every command shares: the terminal, and the language of its words."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from screening.words import Language

console = Console(stderr=True)
Lang = Annotated[str, typer.Option("--lang", help="zh or en")]


def language_named(lang: str) -> Language:
    """The language of an option: English where it begins so, else Chinese."""
    return "en" if lang.lower().startswith("en") else "zh"

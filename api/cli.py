"""The `threelines` command.

Its commands stand here by name and are imported when one is called: whoever screens a site need not wait for what reads
deliveries, and nobody for what he does not use.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from api.terminal import console
from screening.errors import ThreeLinesError

COMMANDS = {
    "check": "api.check_cli:check",
    "serve": "api.serve_cli:serve",
    "demo": "api.demo_cli:demo",
    "report": "api.documents.cli:report",
    "backup": "api.account_cli:backup_file",
    "restore": "api.account_cli:restore_file",
    "verify": "api.seal_cli:verify_file",
    "batch": "api.batch_cli:batch",
    "batch-template": "api.batch_cli:batch_template",
    "release": "api.release_cli:release_app",
    "layers": "api.release_cli:layers_app",
    "reference": "api.reference_cli:reference_app",
    "agencies": "api.reference_cli:agencies_app",
    "list": "api.reference_cli:list_app",
    "keys": "api.seal_cli:keys_app",
    "template": "api.documents.cli:template_app",
    "account": "api.account_cli:account_app",
    "audit": "api.account_cli:audit_app",
    "history": "api.history_cli:history_app",
    "cases": "api.cases_cli:cases_app",
}
"""Module and name of each: a function, or a group of commands. In the order in which they are listed."""

_REFUSED = 2


class Commands(TyperGroup):
    """`COMMANDS`, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name; of one that is none, after a look at all of them, so that the nearest is suggested."""
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.add_command(_imported(name))
        return super().get_command(ctx, cmd_name)


def _imported(name: str) -> Any:
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(import_module(module), attribute)
    around = typer.Typer(add_completion=False, callback=_threelines)
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name)(found)
    return typer.main.get_group(around).commands[name]


def _threelines() -> None:
    """Nothing is done before a command."""


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="三线一单选址研判 · Three Lines site screening",
    callback=_threelines,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command; an error of ours is three lines and exit code 2, never a traceback."""
    try:
        app()
    except ThreeLinesError as problem:
        _fail(problem)


def _fail(problem: ThreeLinesError) -> NoReturn:
    for text in (problem.title, problem.what, problem.why, problem.cure):
        console.print(f"{text.zh}\n  {text.en}", markup=False, highlight=False)
    for candidate in problem.candidates[:10]:
        console.print(f"  · {candidate}", markup=False, highlight=False)
    sys.exit(_REFUSED)


if __name__ == "__main__":
    main()

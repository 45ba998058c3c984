"""The commands about accounts, the audit chain, backup and restore."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api import audit_check
from api.accounts.directory import Account, Actor
from api.accounts.roles import GIVEN_ROLES, ROLE, Role
from api.approval_port import directory_of
from api.backup import backup, restore
from api.database import Database
from api.settings import Settings

account_app = typer.Typer(no_args_is_help=True, help="账户 · accounts")
audit_app = typer.Typer(no_args_is_help=True, help="审计链 · the audit chain")
_BROKEN = 1

Name = Annotated[str, typer.Argument(help="账户名 · name")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读密码 · read the password from standard input")
]


@account_app.command("add")
def account_add(
    name: Name,
    role: Annotated[Role, typer.Option(help=" / ".join(f"{one}（{ROLE[one].zh}）" for one in GIVEN_ROLES))],
    district: Annotated[
        list[str] | None, typer.Option(help="负责的区县代码，可多次 · district code, repeatable")
    ] = None,
    display: Annotated[str, typer.Option(help="显示的姓名 · name to show")] = "",
    from_input: FromInput = False,
) -> None:
    """新建账户；第一个系统管理员也由此建立，没有默认密码 · add an account; the first administrator is made so too."""
    password = _password(from_input)
    with _database() as (database, settings):
        directory = directory_of(database, settings, _clock(settings))
        made = directory.add(
            operator(), name=name, display=display, role=role, districts=district or [], password=password
        )
        typer.echo(_line(made))


@account_app.command("list")
def account_list() -> None:
    """列出账户 · list accounts."""
    with _database() as (database, settings):
        found = directory_of(database, settings, _clock(settings)).listed()
    for one in found:
        typer.echo(_line(one))
    if not found:
        typer.echo("还没有账户 · no accounts yet", err=True)


@account_app.command("disable")
def account_disable(name: Name) -> None:
    """停用账户，其登录立即失效 · disable an account; its sessions end now."""
    with _database() as (database, settings):
        typer.echo(_line(directory_of(database, settings, _clock(settings)).disable(operator(), name)))


@account_app.command("enable")
def account_enable(name: Name) -> None:
    """恢复账户并解除锁定 · let an account sign in again, unlocked."""
    with _database() as (database, settings):
        typer.echo(_line(directory_of(database, settings, _clock(settings)).enable(operator(), name)))


@account_app.command("password")
def account_password(name: Name, from_input: FromInput = False) -> None:
    """重设密码，其登录立即失效 · set a password; its sessions end now."""
    password = _password(from_input)
    with _database() as (database, settings):
        directory_of(database, settings, _clock(settings)).set_password(operator(), name, password)


@audit_app.command("verify")
def audit_verify(
    head: Annotated[str, typer.Option(help="以前记下的链首摘要 · a head written down earlier")] = "",
) -> None:
    """核对审计链、审批、附件和研判；有一处不符退出码为 1 · check chain, cases, files, screenings; exit code 1 if any fails."""
    with _database() as (database, _):
        found = audit_check.check(database, head)
    for problem in found.problems:
        typer.echo(f"✗ {problem.zh} · {problem.en}")
    if found.problems:
        raise typer.Exit(_BROKEN)
    typer.echo(f"完整 · whole: {found.events} 个事件 · events, {found.head}")


def backup_file(
    file: Annotated[Path, typer.Argument(help="新备份文件 · a new file")],
) -> None:
    """备份研判、账户、审批和审计链，可在服务运行时进行 · back up the database while the service runs."""
    with _database() as (database, _):
        _tell(backup(database, file))


def restore_file(
    file: Annotated[Path, typer.Argument(help="备份文件 · a backup")],
) -> None:
    """把备份恢复到空的数据库（SQLite 或 PostgreSQL） · bring a backup into an empty database, of either kind."""
    with _database() as (database, _):
        _tell(restore(file, database))


def _tell(counts: dict[str, int]) -> None:
    for name, rows in counts.items():
        typer.echo(f"{name}: {rows}")


@contextmanager
def _database() -> Iterator[tuple[Database, Settings]]:
    settings = Settings()
    database = Database(settings.database_url)
    try:
        yield database, settings
    finally:
        database.close()


def _clock(settings: Settings) -> Callable[[], datetime]:
    zone = ZoneInfo(settings.timezone)
    return lambda: datetime.now(zone)


def operator() -> Actor:
    """Whoever has the machine, by the name the system knows."""
    user = getpass.getuser()
    return Actor(id=f"cli:{user}"[:80], name=f"{user}（命令行 · command line）")


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = typer.prompt("密码 · password", hide_input=True, confirmation_prompt="再输一次 · again")
    return password


def _line(one: Account) -> str:
    state = f"停用 · disabled {one.disabled_at}" if one.disabled_at else "在用 · in use"
    words = ROLE[one.role]
    return f"{one.name}  {one.display}  {words.zh} · {words.en}  {','.join(one.districts) or '—'}  {state}"

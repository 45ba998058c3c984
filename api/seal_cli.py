"""The commands about sealed verdicts: verify one offline, look after the keys."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.keys import Keyring, key_id, read_public_key
from api.settings import Settings
from api.verification import Result, Verification, snapshot_in, verify
from screening.changes import difference_words
from screening.errors import SealedFileError
from screening.words import Language

keys_app = typer.Typer(no_args_is_help=True, help="签章密钥 · keys that seal verdicts")
_HEADLINES: dict[Result, tuple[str, str]] = {
    Result.EQUAL: (
        "一致：签名有效，重新计算的结果完全相同",
        "EQUAL: the signature holds and recomputing gives the same",
    ),
    Result.DIFFERS: ("不一致：重新计算的结果不同", "DIFFERS: recomputing gives another record"),
    Result.TAMPERED: ("被改动：文件不是签发时的样子", "TAMPERED: the file is not what was issued"),
    Result.RELEASE_NOT_AT_HAND: (
        "无法重算：所依据的版本不在手边或已损坏",
        "NOT RECOMPUTED: its release is not at hand or damaged",
    ),
    Result.NOT_SEALED: ("不是签章文件", "NOT A SEALED VERDICT"),
    Result.UNKNOWN_KEY: (
        "重算一致，但签名的密钥不认识",
        "UNKNOWN KEY: recomputing gives the same, but nobody here knows the key",
    ),
}


def verify_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="签章文件 · a sealed verdict")],
    releases: Annotated[Path | None, typer.Option(help="存放版本的目录 · folder of releases")] = None,
    data: Annotated[Path | None, typer.Option(help="数据目录（版本和公钥） · data folder: releases and keys")] = None,
    key: Annotated[
        list[Path] | None, typer.Option(help="只信任这个公钥（PEM），可多次 · trust this public key only, repeatable")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine-readable")] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
) -> None:
    """离线核验签章文件：0 一致 1 不一致 3 被改动 4 无版本 5 非签章文件 6 密钥未知 · verify a sealed verdict offline."""
    settings = Settings() if data is None else Settings(data=data)
    trusted = {key_id(one): one for one in map(read_public_key, key)} if key else Keyring(settings.keys).known()
    try:
        found = verify(file.read_bytes(), trusted, snapshot_in(releases or settings.releases))
    except SealedFileError as problem:
        found = Verification(result=Result.NOT_SEALED, notes=(problem.what, problem.cure))
    print(_as_json(found) if as_json else _as_words(found, "en" if lang.lower().startswith("en") else "zh"))
    raise typer.Exit(int(found.result))


@keys_app.command("list")
def keys_list() -> None:
    """列出公钥，* 为现用 · list public keys, * is in use."""
    for one in Keyring(Settings().keys).listed():
        print(f"{'*' if one.is_current else ' '} {one.id}")


@keys_app.command("rotate")
def keys_rotate() -> None:
    """换用新密钥；旧公钥保留，旧签章仍可核验 · seal with a new key; old seals still verify."""
    print(Keyring(Settings().keys).rotate())


@keys_app.command("export")
def keys_export(
    name: Annotated[str, typer.Argument(help="密钥编号，省略为现用 · key id; the one in use if left out")] = "",
) -> None:
    """输出公钥（PEM），交给要核验的人 · print a public key for those who want to verify."""
    known = Keyring(Settings().keys).listed()
    chosen = [one for one in known if (one.id == name if name else one.is_current)]
    if not chosen:
        raise typer.BadParameter(f"{name or '现用密钥 · key in use'}: {', '.join(one.id for one in known) or '—'}")
    print(chosen[0].pem, end="")


def _as_words(found: Verification, language: Language) -> str:
    zh, en = _HEADLINES[found.result]
    lines = [f"【{zh if language == 'zh' else en}】", *(f"  {note.in_(language)}" for note in found.notes)]
    return "\n".join([*lines, *(f"    {difference_words(one).in_(language)}" for one in found.differences)])


def _as_json(found: Verification) -> str:
    told = {**asdict(found), "result": found.result.name.lower(), "exit_code": int(found.result)}
    return json.dumps(told, ensure_ascii=False, indent=1)

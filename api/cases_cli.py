"""The commands about cases by place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.accounts.roles import Principal, Role
from api.approval_port import approval_port
from api.places.affected import FARTHEST_M, Affected, AffectedCases, Asked, Touch
from api.places.routes import affected_out
from api.places.words import CHANGE, WITHHELD, as_file, notes, standing
from api.service import ScreeningService
from api.settings import Settings
from screening.words import Language

cases_app = typer.Typer(no_args_is_help=True, help="审批 · cases")
_KINDS = (".csv", ".xlsx")
_OPERATOR = Principal(id="cli", name="cli", display="cli", role=Role.CHIEF)  # who has the database sees all of it


@cases_app.command("affected")
def cases_affected(
    old: Annotated[str, typer.Argument(help="旧版本 · the earlier release")],
    new: Annotated[str, typer.Argument(help="新版本 · the later release")],
    layer: Annotated[str, typer.Option(help="只看一个图层 · one layer only")] = "",
    within: Annotated[
        float, typer.Option(help="变化处以外多少米也算 · as near as so many metres", min=0, max=FARTHEST_M)
    ] = 0.0,
    out: Annotated[Path | None, typer.Option(help="写成 .xlsx 或 .csv · write a .xlsx or .csv")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine-readable")] = False,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "zh",
) -> None:
    """选址落在两个版本变化处的审批 · cases whose sites lie where two releases differ."""
    if out is not None and out.suffix.lower() not in _KINDS:
        raise typer.BadParameter("*.xlsx, *.csv", param_hint="--out")
    language: Language = "en" if lang.lower().startswith("en") else "zh"
    settings = Settings()
    service = ScreeningService(settings)
    try:
        port = approval_port(service, settings)
        found = _found(port.affected, Asked(old=old, new=new, layer=layer, within_m=within))
        districts = port.openings.districts()
    finally:
        service.close()
    if out is not None:
        out.write_bytes(as_file(found, out.suffix.lower()[1:], districts, [f"{old} → {new}"], language))
        typer.echo(str(out))
    elif as_json:
        print(json.dumps(affected_out(found, 1, language).model_dump(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, language)))


def _found(affected: Affected, asked: Asked) -> AffectedCases:
    return affected.between(_OPERATOR, asked, is_exact=True)


def _lines(found: AffectedCases, language: Language) -> list[str]:
    """The cases, under each what changed; then what the list leaves out."""
    lines = []
    for case in found.cases:
        lines.append(f"{case.line.number} {case.line.project} [{standing(case.line).in_(language)}]")
        lines += [f"  {site.position + 1}: {_touch(one, language)}" for site in case.sites for one in site.touches]
    return [*lines, *(f"! {one.in_(language)}" for one in notes(found))]


def _touch(touch: Touch, language: Language) -> str:
    place = touch.place
    said = f" ({place.said.in_(language)})" if place.said.zh else ""
    where = WITHHELD.in_(language) if touch.distance_m is None else f"{touch.distance_m:,.1f} m"
    return f"{place.layer} {place.code} {place.name}: {CHANGE[place.kind].in_(language)}{said} @ {where}"

"""The command that serves pages and API."""

from __future__ import annotations

import gc
from typing import Annotated

import typer
import uvicorn

from api.settings import Settings

YOUNG_OBJECTS = 20_000  # made before those unused are looked for: some requests' worth, which most do not outlive


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 · address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · port")] = None,
) -> None:
    """启动网页和接口 · serve pages and API."""
    settings = Settings()
    where, at = host or settings.host, port or settings.port
    typer.echo(f"三线一单 · Three Lines: http://{where}:{at}/  (Ctrl-C 停止 · stops)")
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    uvicorn.run(
        "web.app:create_app", factory=True, host=where, port=at, log_level="warning", workers=1, proxy_headers=False
    )

"""The command that serves pages and API."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from api.settings import Settings


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 · address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · port")] = None,
) -> None:
    """启动网页和接口 · serve pages and API."""
    settings = Settings()
    where, at = host or settings.host, port or settings.port
    typer.echo(f"三线一单 · Three Lines: http://{where}:{at}/  (Ctrl-C 停止 · stops)")
    uvicorn.run(
        "web.app:create_app", factory=True, host=where, port=at, log_level="warning", workers=1, proxy_headers=False
    )

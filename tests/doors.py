"""Every route of the application, pages included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute


def routes_of(app: Any) -> Iterator[APIRoute]:
    """All routes, those of included routers too."""
    for one in app.routes:
        if isinstance(one, APIRoute):
            yield one
        elif hasattr(one, "original_router"):
            yield from routes_of(one.original_router)

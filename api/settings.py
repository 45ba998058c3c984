"""One set of settings, read from the environment (`THREELINES_…`) when the service or the command starts."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are kept and what the service takes.

    Attributes:
        data: Folder of releases and the case store.
        database: SQLAlchemy URL of the case store; empty for SQLite in `data`.
        timezone: Time zone in which "today" is reckoned.
        largest_request_bytes: Bodies beyond it are refused.
        host, port: Where `serve` listens.
    """

    model_config = SettingsConfigDict(env_prefix="THREELINES_", frozen=True)

    data: Path = Path("data")
    database: str = ""
    timezone: str = "Asia/Shanghai"
    largest_request_bytes: int = 2_000_000
    host: str = "127.0.0.1"
    port: int = 8000

    @property
    def releases(self) -> Path:
        """Folder of the release store."""
        return self.data / "releases"

    @property
    def database_url(self) -> str:
        """URL of the case store."""
        return self.database or f"sqlite:///{self.data.resolve() / 'cases.sqlite3'}"

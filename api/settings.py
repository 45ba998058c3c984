"""One set of settings, read from the environment (`THREELINES_…`) when the service or the command starts."""

from __future__ import annotations

from pathlib import Path

from limits import parse_many
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are kept and what the service takes.

    Attributes:
        data: Folder of releases and the case store.
        database: SQLAlchemy URL of the case store; empty for SQLite in `data`.
        timezone: Time zone in which "today" is reckoned.
        largest_request_bytes: Bodies beyond it are refused.
        most_plan_cells: Parts times industries of a plan that are screened at once; more is refused.
        batch_rows: Rows that one batch may bring through the HTTP door; the command line takes any number.
        run_rows: Rows that one batch run in the background may bring.
        run_days: How long a run that came to its end is kept; its screenings stay.
        run_processes: Processes that screen the rows of a run.
        largest_upload_bytes: Files of batch runs beyond it are refused.
        batch_file_hours: How long the workbooks of a batch can be fetched.
        host, port: Where `serve` listens.
        public_url: Address under which people reach the service, for QR codes; empty takes it from each request.
        document_templates: Folder of Word templates that take the place of those that come with the program.
        tianditu_key: Key of the operator for the 天地图 base map; empty for a base map of our own layers alone.
        request_limit: How often one address may use the doors that tell where something lies, such as `60/minute`;
            several separated by `;`, empty for no limit.
        site_limit: How many sites one address may ask about over all doors, likewise.
        trusted_hops: Proxies of our own before the service, each of which adds to `X-Forwarded-For`; 0 believes none.
        longest_validity_days: An answer holds for so many days at most, counted from the day asked for.
        session_idle_minutes, session_hours: A session ends after so much rest, and after so long in any case.
        sign_in_failures, lock_minutes: So many wrong passwords in a row lock a name for so long.
        password_cost: log2 of scrypt's N for passwords kept from now on.
        oidc_issuer, oidc_client_id, oidc_client_secret: The provider of single sign-on; none where the issuer is empty.
        oidc_mapping: TOML file of which claims give which role (`docs/approval.md`).
    """

    model_config = SettingsConfigDict(env_prefix="THREELINES_", frozen=True)

    data: Path = Path("data")
    database: str = ""
    timezone: str = "Asia/Shanghai"
    largest_request_bytes: int = 2_000_000
    most_plan_cells: int = 200
    batch_rows: int = 500
    batch_file_hours: int = 24
    run_rows: int = 50_000
    run_days: int = 90
    run_processes: int = Field(default=1, ge=1)
    largest_upload_bytes: int = 50_000_000
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    document_templates: Path | None = None
    tianditu_key: str = ""
    request_limit: str = "60/minute"
    site_limit: str = "600/hour;1200/day"
    trusted_hops: int = Field(default=0, ge=0)
    longest_validity_days: int = Field(default=180, ge=1)
    session_idle_minutes: int = Field(default=30, ge=1)
    session_hours: int = Field(default=12, ge=1)
    sign_in_failures: int = Field(default=5, ge=1)
    lock_minutes: int = Field(default=15, ge=1)
    password_cost: int = Field(default=15, ge=4, le=20)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_mapping: Path = Path("single-sign-on.toml")

    @field_validator("request_limit", "site_limit")
    @classmethod
    def _limit(cls, written: str) -> str:
        if written:
            parse_many(written)
        return written

    @property
    def releases(self) -> Path:
        """Folder of the release store."""
        return self.data / "releases"

    @property
    def keys(self) -> Path:
        """Folder of the keys that seal verdicts."""
        return self.data / "keys"

    @property
    def batch_files(self) -> Path:
        """Folder of the workbooks of batches."""
        return self.data / "batch-files"

    @property
    def runs(self) -> Path:
        """Folder of the files of batch runs."""
        return self.data / "batch-runs"

    @property
    def database_url(self) -> str:
        """URL of the case store."""
        return self.database or f"sqlite:///{self.data.resolve() / 'cases.sqlite3'}"

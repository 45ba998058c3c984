"""A city with an approval port, on SQLite and on a real PostgreSQL: accounts of every role, cases at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from api.accounts.directory import Actor
from api.accounts.roles import Principal, Role
from api.approval_port import ApprovalPort, approval_port
from api.approvals.casebook import NewCase, NewSite
from api.question import Question
from api.service import ScreeningService
from api.settings import Settings
from screening.model import Construction

PASSWORD = "Stein-Papier-9-Schere"
CHEAP = 4  # log2 of scrypt's N, for tests of anything but passwords
HERE, ELSEWHERE = "370211", "370215"
CITY_SITE = "120.18,36.08"
OFFICE: dict[str, object] = {"discharges_wastewater": False, "emits_air_pollutants": False}
OPERATOR = Actor(id="cli:tests", name="tests")
PEOPLE = (
    ("applicant", Role.APPLICANT, ()),
    ("neighbour", Role.APPLICANT, ()),
    ("anna", Role.APPROVER, (HERE,)),
    ("bert", Role.APPROVER, (HERE, ELSEWHERE)),
    ("stranger", Role.APPROVER, (ELSEWHERE,)),
    ("chief", Role.CHIEF, ()),
    ("second-chief", Role.CHIEF, ()),
    ("keeper", Role.KEEPER, ()),
    ("administrator", Role.ADMINISTRATOR, ()),
)


@dataclass
class Clock:
    """A clock that tests set."""

    instant: datetime = field(default_factory=lambda: datetime.fromisoformat("2026-11-23T09:00:00+08:00"))  # a Monday

    def __call__(self) -> datetime:
        return self.instant

    def forward(self, **span: float) -> None:
        self.instant += timedelta(**span)


@dataclass
class City:
    """The port with people of every role."""

    service: ScreeningService
    port: ApprovalPort
    clock: Clock
    settings: Settings
    people: dict[str, Principal]

    def case(
        self, who: str = "applicant", site: str = CITY_SITE, industry: str = "I6511", *, screened: bool = True
    ) -> str:
        """The number of a new case, with a verdict on its site unless told otherwise."""
        asked = Question(text=site, industries=(industry,), construction=Construction.NEW, facts=OFFICE)
        found = self.service.screen(asked).id if screened else ""
        return self.port.openings.open(
            self.people[who],
            NewCase(
                project="示范项目",
                industries=(industry,),
                construction="new",
                organisation="示范公司",
                agency="",
                district=HERE,
                sites=(NewSite(written=site, screening_id=found),),
            ),
        )

    def version(self, number: str) -> int:
        return self.port.views.case(self.people["chief"], number).line.version


def add_person(port: ApprovalPort, name: str, role: Role, *districts: str) -> Principal:
    made = port.directory.add(
        OPERATOR, name=name, display=name.title(), role=role, districts=districts, password=PASSWORD
    )
    return Principal(id=made.id, name=name, display=made.display, role=role, districts=frozenset(districts))


def made_city(store: Path, folder: Path, database: str = "", *, people: bool = True, **more: object) -> City:
    folder.mkdir(exist_ok=True)
    if not (folder / "releases").exists():
        (folder / "releases").symlink_to(store)
    settings = Settings.model_validate({"data": folder, "database": database, "password_cost": CHEAP, **more})
    clock = Clock()
    service = ScreeningService(settings, now=clock)
    port = approval_port(service, settings)
    everybody = {name: add_person(port, name, role, *districts) for name, role, districts in PEOPLE} if people else {}
    return City(service=service, port=port, clock=clock, settings=settings, people=everybody)


def emptied(url: str) -> str:
    """The same PostgreSQL database with nothing of ours in it."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS threelines CASCADE")
        connection.execute("CREATE SCHEMA threelines")
    return f"{url}&options=-csearch_path%3Dthreelines,public"


@pytest.fixture(name="city", params=["sqlite", "postgresql"])
def approval_city(request: pytest.FixtureRequest, small_store: tuple[Path, str], tmp_path: Path) -> Iterator[City]:
    database = emptied(request.getfixturevalue("postgis")) if request.param == "postgresql" else ""
    made = made_city(small_store[0], tmp_path / "city", database)
    yield made
    made.service.close()


@pytest.fixture(name="small_city")
def small_approval_city(small_store: tuple[Path, str], tmp_path: Path) -> Iterator[City]:
    made = made_city(small_store[0], tmp_path / "city")
    yield made
    made.service.close()

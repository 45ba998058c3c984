"""Shared cities, each built once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from api.question import Question
from api.service import ScreeningService
from api.settings import Settings
from layers.delivery import read_delivery
from layers.facts import declared
from layers.industries import classification
from layers.publication import publish
from layers.release import read_content, write_release
from layers.snapshot import Snapshot, load_snapshot
from screening.coordinates import read_site
from screening.model import Construction, Project
from screening.verdict import Verdict, screen
from tests.approvals import approval_city, small_approval_city  # noqa: F401  fixtures
from tests.demo_city import demo, demo_store  # noqa: F401  fixtures of the session
from tests.postgis import postgis  # noqa: F401  a fixture of the session
from tests.smallcity import AS_OF, SmallCity

os.environ |= {"THREELINES_REQUEST_LIMIT": "", "THREELINES_SITE_LIMIT": ""}  # test_rate_limits sets its own
collect_ignore = [] if "THREELINES_REAL_DATA" in os.environ else ["test_real_layers.py"]
settings.register_profile("laws", deadline=None)  # how long an example takes is for benchmarks, not for laws
settings.load_profile("laws")
NOW = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
QUIET_FACTS: dict[str, object] = {
    "water_m3_per_year": 100,
    "groundwater_m3_per_year": 0,
    "energy_tce_per_year": 1,
    "coal_t_per_year": 0,
    "land_m2": 0,
    "discharges_wastewater": False,
    "direct_discharge": False,
    "emits_air_pollutants": False,
    "burns_high_pollution_fuel": False,
    "policy_class": "permitted",
}
"""A small office: everything declared, nothing emitted, next to nothing used."""


def build_release(city: SmallCity, folder: Path) -> tuple[Path, str]:
    """Deliver, import and publish a small city; the store and the release id."""
    store = folder / "releases"
    delivery = read_delivery(city.deliver(folder / "delivery"))
    name = write_release(read_content(delivery), store)
    publish(store, name, at=NOW.isoformat(), by="tests")
    return store, name


def ask(
    snapshot: Snapshot,
    site: str,
    industry: str = "I6511",
    facts: Mapping[str, object] | None = None,
    *,
    construction: Construction | None = Construction.NEW,
    **more: object,
) -> Verdict:
    """The verdict on a quiet project with some facts changed; a fact given as None is not declared."""
    project = Project(
        name="",
        industries=(classification().find(industry),),
        construction=construction,
        facts=declared({**QUIET_FACTS, **(facts or {}), **more}),
    )
    city = snapshot.jurisdiction
    place = read_site(site, plane=city.plane, extent=city.extent)
    return screen(project, place, snapshot.gather(place, AS_OF), AS_OF)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return build_release(SmallCity(), tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small(small_store: tuple[Path, str]) -> Snapshot:
    store, name = small_store
    return load_snapshot(store / name)


@pytest.fixture
def service(small_store: tuple[Path, str], tmp_path: Path) -> Iterator[ScreeningService]:
    store, _ = small_store
    (tmp_path / "releases").symlink_to(store)
    made = ScreeningService(Settings(data=tmp_path), now=lambda: NOW)
    yield made
    made.close()


def question(site: str = "120.15,36.08", industry: str = "I6511", **facts: object) -> Question:
    """A question as a door would put it."""
    return Question(text=site, industries=(industry,), construction=Construction.NEW, facts={**QUIET_FACTS, **facts})


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Tests of one file share a process, for what they build together; browsers are kept from running side by side."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "browser" if "test_browser" in file else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """Who gets which tests."""
    return ByFile(config, log)

"""What is near a site: as the database has it now, whoever wrote it, for those who may see it; on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text

from api import audit
from api.accounts.roles import Action
from api.approvals.casebook import NewCase, NewSite
from api.approvals.views import Filter
from api.backup import backup, restore
from api.database import Database
from api.places.nearby import NearbyCases
from api.places.register import CaseRegister, Held
from screening.approval_errors import ForbiddenError, UnknownCaseError
from screening.coordinates import read_site
from screening.errors import UnknownScreeningError
from tests.approvals import CITY_SITE, HERE, OPERATOR, City, made_city
from tests.pastcases import load, past, write_rows
from tests.test_case_flow import confirm_everything, override_everything

NORTH = "370281"
NEAR, FAR = "120.181,36.08", "120.02,36.02"  # 90 m and 16 km from CITY_SITE
SITE_200_M = "POLYGON((120.1822 36.08,120.183 36.08,120.183 36.081,120.1822 36.081,120.1822 36.08))"
SCATTERED = "MULTIPOLYGON(((120.02 36.02,120.021 36.02,120.021 36.021,120.02 36.021,120.02 36.02)),((120.1805 36.08,120.181 36.08,120.181 36.081,120.1805 36.081,120.1805 36.08)))"


@pytest.fixture
def other(city: City, small_store: tuple[Path, str]) -> Iterator[City]:
    """A second service over the same database, as another worker has it."""
    made = made_city(small_store[0], city.settings.data, city.settings.database, people=False)
    made.people, made.clock.instant = city.people, city.clock.instant
    yield made
    made.service.close()


def opened(city: City, *sites: str, district: str = HERE, who: str = "chief", project: str = "项目") -> str:
    new = NewCase(
        project=project,
        industries=("I6511",),
        construction="new",
        organisation="",
        agency="",
        district=district,
        sites=tuple(NewSite(written=one) for one in sites),
    )
    return city.port.openings.open(city.people[who], new)


def near(city: City, site: str = CITY_SITE, within_m: float = 1000.0, who: str = "chief") -> NearbyCases:
    return city.port.nearby.of_site(city.people[who], site, within_m)


def numbers(found: NearbyCases) -> list[str]:
    return [one.line.number for one in found.cases]


def sites_of(held: Held) -> dict[tuple[str, int], bytes]:
    """Everything the index holds, by case and position."""
    everywhere = shapely.box(-1e9, -1e9, 1e9, 1e9)
    index = held.index
    return {key: shapely.to_wkb(index._sites[index._numbers[key]][1]) for key, _ in index.within(everywhere)}


def stands_as_read_anew(city: City) -> bool:
    """Whether the register equals one that reads the whole database now."""
    kept, anew = city.port.register.now(), CaseRegister(city.port.database, city.service).now()
    same = (kept.cases, kept.by_number, kept.positions, kept.unplaced, kept.seen)
    return same == (anew.cases, anew.by_number, anew.positions, anew.unplaced, anew.seen) and sites_of(
        kept
    ) == sites_of(anew)


# -- what is near ------------------------------------------------------------------------------------------------------


def test_the_nearest_comes_first_with_what_is_known_of_it(city: City, tmp_path: Path) -> None:
    load(
        city,
        tmp_path,
        past("OLD-1", coordinates=NEAR),
        past("OLD-2", coordinates=FAR),
        past("OLD-3", coordinates=CITY_SITE),
    )
    hand, area = opened(city, SITE_200_M, project="在办"), opened(city, FAR, SCATTERED, project="分散")
    found = near(city)
    old3, old1 = numbers(found)[0], numbers(found)[2]
    assert numbers(found) == [old3, area, old1, hand]
    assert [round(one.distance_m) for one in found.cases] == [0, 45, 90, 198]
    first = found.cases[0].line
    assert (first.project, first.industries, first.decision, first.decided_on) == (
        "旧项目",
        ("I6511",),
        "approved",
        "2025-03-25",
    )
    assert (found.cases[3].line.decision, found.cases[3].line.stage) == ("", "received")
    assert (found.total, found.without_place, found.is_placed) == (4, 0, True)
    assert numbers(near(city, within_m=100.0)) == [old3, area, old1]
    assert (len(near(city, within_m=20_000.0).cases), near(city, FAR, 10.0).total) == (5, 2)


def test_a_case_is_not_near_itself_and_no_list_is_longer_than_asked(city: City) -> None:
    own = opened(city, CITY_SITE, FAR)
    others = [opened(city, NEAR) for _ in range(3)]
    found = city.port.nearby.of_case(city.people["chief"], own, 1000.0, most=2)
    assert set(numbers(found)) < set(others)
    assert (len(found.cases), found.total) == (2, 3)
    assert near(city, within_m=0.0).total == 1


def test_around_a_kept_screening(city: City) -> None:
    number = city.case(site=SITE_200_M)
    screening = city.port.views.case(city.people["chief"], number).sites[0].screening_id
    beside = opened(city, NEAR)
    found = city.port.nearby.of_screening(city.people["chief"], screening, 500.0)
    assert numbers(found) == [number, beside]
    with pytest.raises(UnknownScreeningError):
        city.port.nearby.of_screening(city.people["chief"], "nothing", 500.0)


def test_a_case_without_a_place_is_counted_and_never_taken_for_far(city: City, tmp_path: Path) -> None:
    load(city, tmp_path, past("OLD-1", coordinates=""))
    unread = opened(city, "山脚下第三块地")
    placed = opened(city, CITY_SITE, "不知道在哪")
    assert (numbers(near(city)), near(city).without_place) == ([placed], 3)
    told = city.port.nearby.of_case(city.people["chief"], unread, 1000.0)
    assert (told.is_placed, told.total, told.without_place) == (False, 0, 2)


def test_a_screening_older_than_sealed_questions_still_has_its_place(small_city: City) -> None:
    small_city.case(site=SITE_200_M)
    (before,) = near(small_city).cases
    columns = "created_at, as_of, release, conclusion, digest, record, explanations"
    with small_city.port.database.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO screening (id, {columns}) SELECT 'old', {columns} FROM screening"))
    new = NewCase(
        project="p",
        industries=("I6511",),
        construction="new",
        organisation="",
        agency="",
        district=HERE,
        sites=(NewSite(screening_id="old"),),
    )
    number = small_city.port.openings.open(small_city.people["chief"], new)
    found = {one.line.number: one.distance_m for one in near(small_city).cases}
    assert found[number] == pytest.approx(before.distance_m, abs=0.01)


# -- who may see it ----------------------------------------------------------------------------------------------------


def test_nobody_sees_by_place_what_their_list_would_not_show(city: City, tmp_path: Path) -> None:
    load(city, tmp_path, past("OLD-1", coordinates=NEAR), past("OLD-2", coordinates=NEAR, district=NORTH))
    opened(city, NEAR, who="applicant")
    opened(city, NEAR, district=NORTH)
    opened(city, "无处", district=NORTH)
    opened(city, "无处", who="neighbour")
    for name in ("applicant", "neighbour", "anna", "bert", "stranger", "chief", "keeper"):
        listed = city.port.views.listed(city.people[name], Filter())[0]
        allowed = {one.number for one in listed}
        found = near(city, who=name)
        unplaced = {one.number for one in listed if not _has_place(city, one.number)}
        assert (set(numbers(found)), found.total) == (allowed - unplaced, len(allowed - unplaced)), name
        assert found.without_place == len(unplaced), name
    assert near(city, who="chief").total == 4
    assert near(city, who="stranger").total == 0
    with pytest.raises(ForbiddenError):
        near(city, who="administrator")


def _has_place(city: City, number: str) -> bool:
    return all(one.written != "无处" for one in city.port.views.case(city.people["chief"], number).sites)


def test_the_surroundings_of_a_case_one_may_not_read_are_not_told(city: City) -> None:
    number = opened(city, CITY_SITE)
    for name in ("applicant", "stranger", "administrator"):
        with pytest.raises(ForbiddenError):
            city.port.nearby.of_case(city.people[name], number, 1000.0)
    with pytest.raises(UnknownCaseError):
        city.port.nearby.of_case(city.people["chief"], "370200-2026-99999", 1000.0)


# -- kept up to date ---------------------------------------------------------------------------------------------------


def test_a_case_comes_moves_and_goes(city: City) -> None:
    chief, anna = city.people["chief"], city.people["anna"]
    assert near(city).total == 0
    number = opened(city, FAR, who="applicant")
    assert (near(city).total, near(city, FAR).total) == (0, 1)
    moved = city.case(site=CITY_SITE)
    screening = city.port.views.case(chief, moved).sites[0].screening_id
    city.port.acts.set_verdict(anna, number, city.version(number), 0, screening)  # the verdict says where it lies
    assert (set(numbers(near(city))), near(city, FAR).total) == ({number, moved}, 0)
    city.port.acts.close_early(city.people["applicant"], number, city.version(number), Action.WITHDRAW, "不建了")
    city.port.acts.close_early(anna, moved, city.version(moved), Action.DECLINE, "不属本部门")
    assert near(city).total == 0
    assert stands_as_read_anew(city)


def test_a_refused_project_leaves_and_an_approved_one_stays(city: City) -> None:
    people, kept = city.people, []
    for opinion in ("approved", "refused"):
        number = city.case()
        city.port.acts.accept(people["anna"], number, city.version(number))
        file = city.port.acts.attach(people["anna"], number, "a.pdf", b"%PDF-1.7 x")
        override_everything(city, number, "anna", file.digest)
        confirm_everything(city, number, "bert")
        city.port.acts.propose(people["anna"], number, city.version(number), opinion, "意见")
        city.port.acts.review(people["bert"], number, city.version(number))
        assert number in numbers(near(city))
        city.port.acts.decide(people["chief"], number, city.version(number), opinion, "决定")
        kept.append(number)
    assert numbers(near(city)) == kept[:1]
    assert near(city).cases[0].line.decision == "approved"
    assert stands_as_read_anew(city)


def test_what_another_service_writes_is_seen_at_the_next_question(city: City, other: City, tmp_path: Path) -> None:
    assert (near(city).total, near(other).total) == (0, 0)
    first = opened(city, CITY_SITE, who="applicant")
    assert numbers(near(other)) == [first]
    second = opened(other, NEAR)
    assert numbers(near(city)) == [first, second]
    other.port.acts.close_early(city.people["applicant"], first, city.version(first), Action.WITHDRAW, "不建了")
    assert numbers(near(city)) == [second]
    other.port.history.load(
        OPERATOR, write_rows(tmp_path / "past.csv", past("OLD-1"), past("OLD-2", decision="不同意"))
    )
    assert near(city).total == 2
    assert stands_as_read_anew(city)
    assert stands_as_read_anew(other)


def test_what_another_process_imports_is_seen_and_a_killed_one_leaves_nothing_behind(
    city: City, tmp_path: Path
) -> None:
    assert near(city).total == 0
    path = write_rows(tmp_path / "past.csv", *(past(f"OLD-{at}", coordinates=NEAR) for at in range(20)))
    environment = {
        **os.environ,
        "THREELINES_DATA": str(city.settings.data),
        "THREELINES_DATABASE": city.settings.database,
    }
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "history", "import", str(path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert near(city).total == 20
    script = (
        "import os, signal\n"
        "from api.approval_port import approval_port\n"
        "from api.approvals.casebook import NewCase, NewSite\n"
        "from api.accounts.roles import Principal, Role\n"
        "from api.service import ScreeningService\n"
        "from api.settings import Settings\n"
        "settings = Settings(); service = ScreeningService(settings); port = approval_port(service, settings)\n"
        "who = Principal(id='x', name='x', display='x', role=Role.CHIEF)\n"
        "port.nearby.of_site(who, '120.18,36.08', 1000.0)\n"
        f"new = NewCase(project='p', industries=('I6511',), construction='new', organisation='', agency='', district='{HERE}', "
        "sites=(NewSite(written='120.18,36.08'),))\n"
        "port.openings.open(who, new)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert near(city).total == 21
    assert stands_as_read_anew(city)


def test_a_dropped_index_is_read_anew_and_answers_the_same(city: City) -> None:
    for site in (CITY_SITE, NEAR, SCATTERED, FAR):
        opened(city, site)
    before = near(city, within_m=20_000.0)
    city.port.register.drop()
    assert near(city, within_m=20_000.0) == before


def test_another_history_under_the_same_name_is_noticed(
    small_city: City, small_store: tuple[Path, str], tmp_path: Path
) -> None:
    """A database restored from a backup under a running service, and gone on from there."""
    first = opened(small_city, CITY_SITE)
    backup(small_city.port.database, tmp_path / "backup.sqlite3")
    for _ in range(3):
        opened(small_city, NEAR)
    assert near(small_city).total == 4
    path = Path(str(small_city.port.database.engine.url.database))
    small_city.port.database.engine.dispose()
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()
    fresh = Database(f"sqlite:///{path}")
    restore(tmp_path / "backup.sqlite3", fresh)
    fresh.close()
    elsewhere = made_city(small_store[0], small_city.settings.data, people=False)
    elsewhere.people = small_city.people
    for _ in range(5):
        opened(elsewhere, FAR)
    elsewhere.service.close()
    assert numbers(near(small_city)) == [first]
    assert near(small_city, FAR).total == 5
    assert stands_as_read_anew(small_city)


def test_an_act_that_moves_nobody_leaves_the_answers_that_are_kept(city: City) -> None:
    number = opened(city, CITY_SITE)
    before = city.port.register.now().version
    city.port.acts.say(city.people["anna"], number, None, Action.COMMENT, "看过了")
    assert city.port.register.now().version == before
    opened(city, NEAR)
    assert city.port.register.now().version != before


SITES = st.sampled_from([CITY_SITE, NEAR, FAR, SITE_200_M, SCATTERED, "某处"])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.lists(SITES, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["withdraw", "comment", "move"]), st.integers(0, 20)),
        st.tuples(st.just("import"), st.lists(SITES.filter(lambda one: one != "某处"), min_size=1, max_size=3)),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS, st.sampled_from([CITY_SITE, FAR, SITE_200_M]), st.sampled_from([0.0, 60.0, 500.0, 19_000.0]))
def test_after_any_life_of_cases_it_answers_what_reading_all_of_them_answers(
    small_city: City, tmp_path: Path, acts: list[tuple[str, object]], asked: str, within_m: float
) -> None:
    for act, said in acts:
        known = _all_numbers(small_city)
        if act == "open":
            assert isinstance(said, list)
            opened(small_city, *said)
        elif act == "import":
            assert isinstance(said, list)
            rows = [past(f"P-{len(known)}-{at}", coordinates=one) for at, one in enumerate(said)]
            small_city.port.history.load(OPERATOR, write_rows(tmp_path / "past.csv", *rows))
        elif known:
            assert isinstance(said, int)
            _do(small_city, act, known[said % len(known)])
        if len(known) % 2:
            near(small_city)  # sometimes everything at once, sometimes step by step
    found = near(small_city, asked, within_m)
    assert {one.line.number: one.distance_m for one in found.cases} == pytest.approx(
        _scanned(small_city, asked, within_m)
    )
    assert stands_as_read_anew(small_city)


def _all_numbers(city: City) -> list[str]:
    with city.port.database.reading() as session:
        return list(session.scalars(text("SELECT number FROM approval_case ORDER BY number")))


def _do(city: City, act: str, number: str) -> None:
    if act == "comment":
        city.port.acts.say(city.people["chief"], number, None, Action.COMMENT, "看过")
    elif act == "withdraw":
        view = city.port.views.case(city.people["chief"], number)
        if Action.WITHDRAW in view.acts:
            city.port.acts.close_early(city.people["chief"], number, view.line.version, Action.WITHDRAW, "撤回")
    else:  # nothing of ours rewrites a site, and the database removes no case; what the chain tells is read all the same
        with city.port.database.writing() as session:
            of_case = "case_id = (SELECT id FROM approval_case WHERE number = :n)"
            session.execute(
                text(f"UPDATE case_site SET written = :w WHERE screening_id IS NULL AND {of_case}").bindparams(
                    w=SITE_200_M, n=number
                )
            )
            at = city.clock().isoformat()
            audit.append(session, at=at, actor="t", actor_name="t", kind="moved", subject=number, body={})


def _scanned(city: City, asked: str, within_m: float) -> dict[str, float]:
    """Every site of every case that may be built, read and measured one by one."""
    jurisdiction = city.service.snapshot(city.service.today()).jurisdiction

    def shape(written: str) -> BaseGeometry:
        site = read_site(written, plane=jurisdiction.plane, extent=jurisdiction.extent)
        return jurisdiction.plane.from_degrees(site.geometry)

    around = shape(asked)
    found: dict[str, float] = {}
    with city.port.database.reading() as session:
        rows = session.execute(
            text(
                "SELECT c.number, s.written FROM approval_case c JOIN case_site s ON s.case_id = c.id "
                "WHERE c.decision IN ('', 'approved', 'conditional') AND s.written <> '某处'"
            )
        ).all()
    for number, written in rows:
        distance = float(shapely.distance(around, shape(written)))
        if distance <= within_m:
            found[number] = min(distance, found.get(number, distance))
    return found

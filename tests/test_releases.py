"""Releases: same content, same id; published whole or not at all; broken deliveries named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from layers.delivery import read_delivery
from layers.gaps import FILE as GAPS_FILE
from layers.index import FILE as INDEX_FILE
from layers.publication import in_force, publications, publish, withdraw
from layers.release import Content, read_content, write_release
from layers.snapshot import load_snapshot
from screening.errors import DeliveryError, GateError, NoReleaseError, ThreeLinesError, UnknownReleaseError
from tests.conftest import build_release
from tests.smallcity import SmallCity


def content_of(city: SmallCity, folder: Path) -> Content:
    return read_content(read_delivery(city.deliver(folder)))


def test_the_same_delivery_always_gets_the_same_id(tmp_path: Path) -> None:
    first = write_release(content_of(SmallCity(), tmp_path / "a"), tmp_path / "one")
    second = write_release(content_of(SmallCity(), tmp_path / "b"), tmp_path / "two")
    assert first == second
    assert write_release(content_of(SmallCity(), tmp_path / "c"), tmp_path / "one") == first
    assert [path.name for path in (tmp_path / "one").iterdir()] == [first]


def test_one_changed_cap_is_another_release(tmp_path: Path) -> None:
    city = SmallCity()
    city.ceilings[0][4] = 1001
    changed = write_release(content_of(city, tmp_path / "a"), tmp_path / "store")
    assert changed != write_release(content_of(SmallCity(), tmp_path / "b"), tmp_path / "store")


def test_in_force_is_what_took_effect_last(tmp_path: Path) -> None:
    store, old = build_release(SmallCity(), tmp_path / "old")
    new = write_release(content_of(SmallCity(effective_from=date(2027, 1, 1)), tmp_path / "d"), store)
    publish(store, new, at="2026-11-21T00:00:00+08:00", by="tests")
    assert in_force(store, date(2026, 12, 31)).release == old
    assert in_force(store, date(2027, 1, 1)).release == new
    with pytest.raises(NoReleaseError):
        in_force(store, date(2026, 6, 30))


def test_publishing_twice_publishes_once(tmp_path: Path) -> None:
    store, name = build_release(SmallCity(), tmp_path)
    publish(store, name, at="2026-11-22T00:00:00+08:00", by="somebody else")
    assert [one.published_by for one in publications(store)] == ["tests"]
    with pytest.raises(UnknownReleaseError):
        publish(store, "370200-20260701-000000000000", at="", by="")


def test_19_an_update_that_lost_much_needs_a_named_override(tmp_path: Path) -> None:
    store, old = build_release(SmallCity(), tmp_path / "old")
    city = SmallCity(effective_from=date(2026, 10, 1))
    city.layers["red_line"] = city.layers["red_line"][:1]
    new = write_release(content_of(city, tmp_path / "new"), store)
    with pytest.raises(GateError) as caught:
        publish(store, new, at="2026-11-21", by="tests")
    assert any("red_line" in loss and "2" in loss for loss in caught.value.candidates)
    assert in_force(store, date(2026, 11, 21)).release == old
    done = publish(store, new, at="2026-11-21", by="tests", override="海上红线调整")
    assert done.override == "海上红线调整"
    assert in_force(store, date(2026, 11, 21)).release == new


def test_a_withdrawn_release_gives_way_to_the_one_before(tmp_path: Path) -> None:
    store, old = build_release(SmallCity(), tmp_path / "old")
    new = write_release(content_of(SmallCity(effective_from=date(2026, 10, 1)), tmp_path / "d"), store)
    publish(store, new, at="2026-11-20", by="tests")
    withdraw(store, new, at="2026-11-21", by="tests", because="批复文号有误")
    assert in_force(store, date(2026, 11, 21)).release == old
    assert [one.withdrawn_because for one in publications(store)] == ["", "批复文号有误"]
    with pytest.raises(UnknownReleaseError):
        withdraw(store, new, at="2026-11-21", by="tests", because="again")
    publish(store, new, at="2026-11-22", by="tests")
    assert in_force(store, date(2026, 11, 21)).release == new


@pytest.mark.parametrize("wait_s", [0.2, 0.5, 0.8, 1.1, 1.4])
def test_a_killed_build_leaves_the_old_release_working(tmp_path: Path, wait_s: float) -> None:
    store, name = build_release(SmallCity(), tmp_path / "old")
    delivery = SmallCity(effective_from=date(2026, 8, 1)).deliver(tmp_path / "new")
    script = (
        "from pathlib import Path; from layers.delivery import read_delivery;"
        "from layers.release import read_content, write_release; from layers.publication import publish;"
        f"store = Path({str(store)!r}); content = read_content(read_delivery(Path({str(delivery)!r})))\n"
        "while True: publish(store, write_release(content, store), at='2026-11-21', by='killed')"
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    time.sleep(wait_s)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert publications(store)[0].release == name
    for one in publications(store):
        assert load_snapshot(store / one.release).silent == {}


def issues_of(city: SmallCity, folder: Path) -> set[tuple[str, str]]:
    return {(issue.layer, issue.place) for issue in content_of(city, folder).errors}


def test_a_class_that_contradicts_its_code_is_an_error(tmp_path: Path) -> None:
    city = SmallCity()
    city.layers["unit_land"][0]["GKDYFL"] = "一般管控单元"
    assert ("unit_land", "ZH37021120001") in issues_of(city, tmp_path / "d")


def test_a_doubled_code_is_an_error(tmp_path: Path) -> None:
    city = SmallCity()
    city.layers["red_line"][1]["HJYSGKFQBM"] = city.layers["red_line"][0]["HJYSGKFQBM"]
    assert ("red_line", "YS3702811110001") in issues_of(city, tmp_path / "d")


def test_an_unreadable_cap_is_an_error_at_its_row(tmp_path: Path) -> None:
    city = SmallCity()
    city.ceilings[2][4] = "很多"
    assert ("lines", "资源利用上线!4 上限") in issues_of(city, tmp_path / "d")


def test_a_ceiling_of_nobody_is_an_error(tmp_path: Path) -> None:
    city = SmallCity()
    city.ceilings[0][0] = "370999"
    assert ("lines", "370999") in issues_of(city, tmp_path / "d")


@pytest.mark.parametrize(
    "name", ["city.gpkg", "unit_land.zip", "list.xlsx", "lines.xlsx", "jurisdiction.toml", "delivery.toml"]
)
def test_a_missing_or_scribbled_file_is_named(tmp_path: Path, name: str) -> None:
    folder = SmallCity().deliver(tmp_path / "d")
    (folder / name).write_bytes(b"<html>502</html>")
    with pytest.raises(ThreeLinesError) as scribbled:
        read_content(read_delivery(folder))
    (folder / name).unlink()
    with pytest.raises(ThreeLinesError) as missing:
        read_content(read_delivery(folder))
    assert name in scribbled.value.what.zh
    assert name in missing.value.what.en


def test_a_delivery_without_a_key_says_which(tmp_path: Path) -> None:
    folder = SmallCity().deliver(tmp_path / "d")
    described = (folder / "delivery.toml").read_text(encoding="utf-8")
    (folder / "delivery.toml").write_text(described.replace('nature = "demonstration"', ""), encoding="utf-8")
    with pytest.raises(DeliveryError, match="nature"):
        read_delivery(folder)


def test_the_manifest_states_a_hash_for_every_part(small_store: tuple[Path, str]) -> None:
    store, name = small_store
    manifest = json.loads((store / name / "manifest.json").read_text(encoding="utf-8"))
    files = {path.name for path in (store / name).iterdir()} - {"manifest.json", INDEX_FILE, GAPS_FILE}
    assert set(manifest["parts"]) == files

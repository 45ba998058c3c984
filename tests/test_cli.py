"""The command line, as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import COMMANDS, app
from tests.smallcity import SmallCity
from tests.test_small_city import OFFICE_SITE


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "THREELINES_DATA": str(data), "COLUMNS": "200"},
    )


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    (tmp_path / "releases").symlink_to(small_store[0])
    return tmp_path


def test_check_says_the_conclusion_first(data: Path) -> None:
    done = run(data, "check", OFFICE_SITE, "--industry", "I6511", "--as-of", "2026-11-21")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("【无法判定】")
    assert "补充申报：" in done.stdout
    assert "不具法律效力" in done.stdout
    assert "示例数据" in done.stdout


def test_check_in_english_and_from_a_file(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "site.geojson"
    site.write_text('{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[120.15,36.08]}}')
    done = run(data, "check", str(site), "-i", "6511", "--lang", "en", "--as-of", "2026-11-21")
    assert done.stdout.startswith("【cannot be determined】"), done.stderr


def test_check_as_json_is_the_sealed_record(data: Path) -> None:
    done = run(data, "check", OFFICE_SITE, "-i", "I6511", "--json", "--as-of", "2026-11-21", "-f", "coal_t_per_year=0")
    answer = json.loads(done.stdout)
    assert answer["verdict"]["project"]["facts"] == {"coal_t_per_year": 0.0}
    assert len(answer["digest"]) == 64


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", OFFICE_SITE, "-i", "9999"), "行业代码不存在"),
        (("check", "somewhere", "-i", "I6511"), "无法读懂选址"),
        (("check", OFFICE_SITE, "-i", "I6511", "-f", "coal_t_per_year=much"), "申报事实不可用"),
        (("check", OFFICE_SITE, "-i", "I6511", "--as-of", "2000-01-01"), "当日没有生效的成果"),
        (("release", "publish", "nothing", "--by", "me"), "没有这个成果版本"),
    ],
)
def test_an_error_is_words_and_exit_code_2(data: Path, words: tuple[str, ...], said: str) -> None:
    done = run(data, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_city_is_built_published_and_listed(tmp_path: Path) -> None:
    delivery = SmallCity().deliver(tmp_path / "delivery")
    built = run(tmp_path, "release", "build", str(delivery))
    assert built.returncode == 0, built.stderr
    name = built.stdout.strip()
    assert run(tmp_path, "release", "publish", name, "--by", "me").returncode == 0
    assert name in run(tmp_path, "release", "list").stdout
    assert json.loads(run(tmp_path, "release", "list", "--json").stdout)[0]["published_by"] == "me"


def test_every_command_is_there_and_says_what_it_does() -> None:
    for name in COMMANDS:
        done = CliRunner().invoke(app, [name, "--help"])
        assert done.exit_code == 0, done.output
        assert " · " in done.output


def test_for_a_slip_of_the_finger_the_nearest_command_is_named() -> None:
    done = CliRunner().invoke(app, ["chek"])
    assert done.exit_code == 2
    assert "'check'" in done.output

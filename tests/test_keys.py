"""Keys are whole or not there, made once, kept secret; seals outlive the key in use."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from api.keys import Keyring, Signed, checked
from api.service import ScreeningService
from api.settings import Settings
from screening.errors import SigningKeyError

START = (
    "import sys; sys.path.insert(0, '.'); from pathlib import Path; from api.keys import Keyring; folder = sys.argv[1];"
)
KILLED_AT = (
    START
    + """
import os, signal
left = int(sys.argv[2])
def watch(event, args):
    global left
    if event in ("open", "os.mkdir", "os.rename", "os.remove") and folder in str(args[0]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
ring = Keyring(Path(folder))
sys.addaudithook(watch)
getattr(ring, sys.argv[3])()
"""
)


@pytest.mark.parametrize("act", ["start", "rotate"])
def test_a_process_killed_at_any_step_leaves_no_key_or_a_whole_one(tmp_path: Path, act: str) -> None:
    steps = 0
    while True:
        steps += 1
        folder = tmp_path / str(steps)
        if act == "rotate":
            Keyring(folder).start()
        before = set(Keyring(folder).known())
        done = subprocess.run([sys.executable, "-c", KILLED_AT, str(folder), str(steps), act], check=False)
        key = folder / "current.pem"
        assert act == "start" or key.exists()
        if key.exists():
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
            Keyring(folder).sign(b"whole")
        ring = Keyring(folder)
        ring.start()
        assert before <= set(ring.known())
        assert checked(ring.sign(b"x"), b"x", ring.known()) is Signed.KNOWN
        ring.rotate()
        assert not list(folder.rglob(".draft-*"))
        if done.returncode == 0:
            break
        assert done.returncode == -9
    assert steps > 5


def test_of_several_that_start_at_once_one_makes_the_key(tmp_path: Path) -> None:
    script = START + "ring = Keyring(Path(folder)); ring.start(); print(ring.sign(b'')['key_id'])"
    words = [sys.executable, "-c", script, str(tmp_path / "keys")]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    said = {process.communicate()[0].strip() for process in started}
    assert len(said) == 1
    assert set(Keyring(tmp_path / "keys").known()) == said


def test_a_start_never_overwrites_a_key(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    ring.start()
    key = (tmp_path / "current.pem").read_bytes()
    Keyring(tmp_path).start()
    assert (tmp_path / "current.pem").read_bytes() == key
    (tmp_path / "current.pem").write_bytes(b"damaged")
    with pytest.raises(SigningKeyError):
        Keyring(tmp_path).start()
    assert (tmp_path / "current.pem").read_bytes() == b"damaged"


def test_a_service_with_a_key_needs_not_write(tmp_path: Path) -> None:
    Keyring(tmp_path).start()
    (tmp_path / ".lock").unlink()
    (tmp_path / ".lock").mkdir()  # stands for a folder that takes no writing, which root could write all the same
    Keyring(tmp_path).start()
    with pytest.raises(SigningKeyError):
        Keyring(tmp_path).rotate()


def test_old_seals_verify_after_rotation(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    ring.start()
    old = ring.sign(b"said")
    new = ring.rotate()
    assert ring.sign(b"said")["key_id"] == new != old["key_id"]
    assert checked(old, b"said", ring.known()) is Signed.KNOWN
    assert [(one.id, one.is_current) for one in ring.listed()] == [(new, True), (old["key_id"], False)]


def test_a_signature_is_known_unknown_or_broken(tmp_path: Path) -> None:
    ring = Keyring(tmp_path)
    ring.start()
    signature = ring.sign(b"said")
    assert checked(signature, b"said", {}) is Signed.UNKNOWN
    assert checked(signature, b"other", ring.known()) is Signed.BROKEN
    for name, wrong in (
        ("algorithm", "RSA"),
        ("key_id", "0" * 64),
        ("public_key", "AAAA"),
        ("value", "é"),
        ("value", "AAAA"),
    ):
        assert checked({**signature, name: wrong}, b"said", ring.known()) is Signed.BROKEN


def test_a_service_that_cannot_write_its_data_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SigningKeyError) as caught:
        ScreeningService(Settings(data=tmp_path / "file" / "data"))
    assert "THREELINES_DATA" in caught.value.cure.zh
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "serve", "--port", "1"],
        env={"THREELINES_DATA": str(tmp_path / "file" / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "签章密钥不可用" in done.stderr
    assert "Traceback" not in done.stderr

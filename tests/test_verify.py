"""`threelines verify` and `threelines keys` as a person types them, and openssl as a second opinion."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely

from api.keys import Keyring
from layers.proof import prove_release
from screening.errors import BrokenReleaseError
from screening.record import Record, canonical
from screening.seal import signed_bytes
from tests.sealing import office, serving
from tests.test_cli import run

DOCS = Path(__file__).parents[1] / "docs" / "sealed-verdicts.md"


@pytest.fixture
def data(small_store: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(small_store[0], tmp_path / "data" / "releases")
    return tmp_path / "data"


@pytest.fixture
def file(data: Path, tmp_path: Path) -> Path:
    with serving(data) as service:
        _, content = office(service)
    (tmp_path / "sealed.json").write_bytes(content)
    return tmp_path / "sealed.json"


def resealed(file: Path, data: Path, change: Callable[[Record], object]) -> None:
    """Change the record of a sealed file and seal it again with the service's own key."""
    document = json.loads(file.read_bytes())
    change(document["record"])
    both = {"question": document["question"], "record": document["record"]}
    document["digest"] = hashlib.sha256(canonical(both)).hexdigest()
    del document["signature"]
    document["signature"] = Keyring(data / "keys").sign(signed_bytes(document))
    file.write_bytes(canonical(document))


def test_an_unchanged_verdict_is_equal(data: Path, file: Path) -> None:
    done = run(data, "verify", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("【一致")
    elsewhere = run(file.parent / "nothing", "verify", str(file), "--data", str(data), "--lang", "en")
    assert elsewhere.returncode == 0
    assert elsewhere.stdout.startswith("【EQUAL")
    assert not (file.parent / "nothing").exists()


def test_what_differs_is_named_place_by_place_in_both_languages(data: Path, file: Path) -> None:
    def change(record: Record) -> None:
        record["site"]["area_m2"] += 1
        record["engine_version"] = "0.0.1"

    resealed(file, data, change)
    for lang, said in (("zh", "软件版本不同：当时 0.0.1"), ("en", "Another engine: 0.0.1 then")):
        done = run(data, "verify", str(file), "--lang", lang)
        assert done.returncode == 1, done.stderr
        assert said in done.stdout
        assert "$.site.area_m2" in done.stdout
    told = json.loads(run(data, "verify", str(file), "--json").stdout)
    assert (told["result"], told["exit_code"]) == ("differs", 1)
    assert [one["path"] for one in told["differences"]] == ["$.engine_version", "$.site.area_m2"]


def test_a_changed_conclusion_is_tampered(data: Path, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"conclusion":"complies"', b'"conclusion":"violates"'))
    done = run(data, "verify", str(file))
    assert done.returncode == 3
    assert "摘要与内容不符" in done.stdout
    assert "签名与内容不符" in done.stdout


def test_a_changed_day_of_validity_breaks_the_signature_alone(data: Path, file: Path) -> None:
    file.write_bytes(re.sub(rb'"valid_until":"\d{4}', b'"valid_until":"2099', file.read_bytes()))
    done = run(data, "verify", str(file))
    assert done.returncode == 3
    assert "签名与内容不符" in done.stdout
    assert "摘要与内容不符" not in done.stdout


def test_a_release_that_is_not_at_hand_is_said_so(data: Path, file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run(data, "verify", str(file), "--releases", str(tmp_path / "empty"))
    assert done.returncode == 4
    assert "没有版本" in done.stdout


def test_another_file_is_no_sealed_verdict(data: Path, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"conclusion": "complies"}')
    done = run(data, "verify", str(tmp_path / "x.json"))
    assert done.returncode == 5
    assert "不是签章文件" in done.stdout


def test_only_the_keys_given_are_trusted(data: Path, file: Path, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(run(data, "keys", "export").stdout)
    assert run(data, "verify", str(file), "--key", str(tmp_path / "key.pem")).returncode == 0
    Keyring(tmp_path / "other").start()
    (other,) = Keyring(tmp_path / "other").listed()
    (tmp_path / "other.pem").write_text(other.pem)
    done = run(data, "verify", str(file), "--key", str(tmp_path / "other.pem"))
    assert done.returncode == 6
    assert "不认识密钥" in done.stdout
    assert run(data, "verify", str(file), "--key", str(file)).returncode == 2


def test_keys_are_listed_rotated_and_exported(data: Path, file: Path) -> None:
    old = run(data, "keys", "list").stdout.split()[1]
    new = run(data, "keys", "rotate").stdout.strip()
    assert run(data, "keys", "list").stdout.splitlines() == [f"* {new}", f"  {old}"]
    assert run(data, "verify", str(file)).returncode == 0
    assert run(data, "keys", "export", old).stdout.startswith("-----BEGIN PUBLIC KEY-----")
    assert run(data, "keys", "export").stdout != run(data, "keys", "export", old).stdout
    assert run(data, "keys", "export", "nothing").returncode == 2


def test_a_stranger_checks_with_openssl_as_the_documentation_says(data: Path, file: Path, tmp_path: Path) -> None:
    (commands,) = re.findall(r"```bash\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "key.pem").write_text(run(data, "keys", "export").stdout)

    def checked() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", "-c", commands], cwd=tmp_path, capture_output=True, text=True, check=False)

    document, done = json.loads(file.read_bytes()), checked()
    assert done.returncode == 0, done.stderr
    said = done.stdout.split("\n")
    assert said[0] == "Signature Verified Successfully"
    assert said[1].split()[0] == document["digest"]
    assert said[2].split()[0] == document["signature"]["key_id"]
    file.write_bytes(file.read_bytes().replace(b'"conclusion":"complies"', b'"conclusion":"violates"'))
    assert checked().returncode != 0


# -- the release is proved against its id ------------------------------------------------------------------------------


def rewritten(folder: Path, part: str, write: Callable[[Path], object]) -> None:
    """Change a part of a release and cover it up: the manifest gets the new hash."""
    write(folder / part)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["parts"][part]["sha256"] = hashlib.sha256((folder / part).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def without_first_clause(path: Path) -> None:
    content = json.loads(path.read_bytes())
    content["clauses"] = content["clauses"][1:]
    path.write_bytes(canonical(content))


def looser(path: Path) -> None:
    content: list[dict[str, Any]] = json.loads(path.read_bytes())
    content[0]["cap"] = 1e9
    path.write_text(json.dumps(content))


def other_plane(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"4549", b"4548"))


def smaller_outline(path: Path) -> None:
    outline = shapely.from_wkb(json.loads(path.read_bytes())["wkb"])
    path.write_bytes(canonical({"wkb": shapely.to_wkb(outline.buffer(-50), hex=True)}))


def moved_zones(path: Path) -> None:
    with pa.OSFile(str(path), "rb") as opened:
        table = pa.ipc.open_file(opened).read_all()
    first = table.column("code")
    table = table.set_column(table.column_names.index("code"), "code", pa.chunked_array([first.take([1, 0, 2, 3])]))
    with pa.OSFile(str(path), "wb") as opened, pa.ipc.new_file(opened, table.schema) as written:
        written.write_table(table)


@pytest.mark.parametrize(
    ("part", "write"),
    [
        ("access_list.json", without_first_clause),
        ("ceilings.json", looser),
        ("jurisdiction.json", other_plane),
        ("outline.json", smaller_outline),
        ("unit_land.plane.arrow", moved_zones),
    ],
)
def test_a_release_changed_with_its_manifest_is_noticed(
    data: Path, small_store: tuple[Path, str], part: str, write: Callable[[Path], object]
) -> None:
    folder = data / "releases" / small_store[1]
    prove_release(folder)
    rewritten(folder, part, write)
    with pytest.raises(BrokenReleaseError) as caught:
        prove_release(folder)
    assert caught.value.field == part


def test_a_tampered_release_proves_nothing(data: Path, file: Path, small_store: tuple[Path, str]) -> None:
    rewritten(data / "releases" / small_store[1], "access_list.json", without_first_clause)
    done = run(data, "verify", str(file))
    assert done.returncode == 4
    assert "access_list.json" in done.stdout

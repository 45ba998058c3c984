"""A zip that came damaged is refused in words, whatever byte of it is wrong."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.archive import unpack
from screening.errors import DeliveryError, UnsafeArchiveError

TEXT = "红线 " * 4000


def packed(folder: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "layer.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("layer.txt", TEXT)
    return path


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_wrong_byte_gives_the_content_or_a_refusal(tmp_path: Path, data: st.DataObject) -> None:
    path = packed(tmp_path)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    written: list[Path] = []
    with suppress(DeliveryError, UnsafeArchiveError):
        written = unpack(path, tmp_path / "out")
    assert [one.read_text(encoding="utf-8") for one in written] in ([TEXT], [])


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_no_desktop_packs_by_is_refused(tmp_path: Path, method: int) -> None:
    with pytest.raises(DeliveryError, match="压缩方法"):
        unpack(packed(tmp_path, method), tmp_path / "out")

"""Unpacking a zip that strangers packed: nothing leaves its folder, nothing fills the disk, names survive."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from screening.errors import DeliveryError, UnsafeArchiveError
from screening.words import Text

MOST_ENTRIES = 200
MOST_BYTES = 2_000_000_000
MOST_RATIO = 200  # shapefiles of coordinates compress about 3 : 1, tables of blanks up to 100 : 1
_CHUNK = 1 << 20
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def unpack(archive: Path, folder: Path) -> list[Path]:
    """Every file of a zip, written below a folder.

    Raises:
        DeliveryError: It is no zip, or a damaged one, has a password, or is packed in a way no desktop packs.
        UnsafeArchiveError: An entry would leave the folder, is a link, or there is too much of it.
    """
    written = []
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            if len(entries) > MOST_ENTRIES:
                raise _refused(archive, f"文件多于 {MOST_ENTRIES} 个", f"it holds more than {MOST_ENTRIES} files")
            allowance = min(MOST_BYTES, MOST_RATIO * max(archive.stat().st_size, 10_000))
            for entry in entries:
                target = folder / _safe_name(archive, entry)
                allowance -= _write(archive, opened, entry, target, allowance)
                written.append(target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as problem:
        raise DeliveryError.unreadable(archive.name, str(problem)) from problem
    return written


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: UTF-8 where flagged, else UTF-8 or GB18030 behind the cp437 disguise."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _safe_name(archive: Path, entry: zipfile.ZipInfo) -> PurePosixPath:
    name = PurePosixPath(entry_name(entry).replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise _refused(archive, f"“{name}”指向包外", f"“{name}” points outside it")
    kind = stat.S_IFMT(entry.external_attr >> 16)  # nought where the packer's system has no such kinds
    if kind not in (0, stat.S_IFREG):
        raise _refused(archive, f"“{name}”是链接或设备", f"“{name}” is a link or a device")
    if entry.flag_bits & _ENCRYPTED:
        raise zipfile.BadZipFile(f"“{name}”有密码 · has a password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"“{name}”的压缩方法不受支持 · packed by a method that is not supported")
    if entry.header_offset < 0:
        raise zipfile.BadZipFile(f"“{name}”的位置在文件之前 · said to lie before the beginning of the file")
    return name


def _write(archive: Path, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, allowance: int) -> int:
    """Bytes written; counted while writing, because the size in the header may lie."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with opened.open(entry) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > allowance:
                raise _refused(archive, "解压后过大", "it unpacks to too much")
            sink.write(chunk)
    return size


def _refused(archive: Path, zh: str, en: str) -> UnsafeArchiveError:
    return UnsafeArchiveError.of(archive.name, Text(zh, en))

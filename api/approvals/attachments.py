"""Files of a case: which are taken, under which name, as what they are given out."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from screening.approval_errors import AttachmentError
from screening.words import Text

_ZIP = b"PK\x03\x04"
_LONGEST_NAME = 120
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (_ZIP,)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (_ZIP,)),
    ".zip": ("application/zip", (_ZIP,)),
    ".geojson": ("application/geo+json", ()),
    ".json": ("application/json", ()),
    ".csv": ("text/csv", ()),
    ".txt": ("text/plain", ()),
}
_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
_MACROS = "vbaProject.bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that may be kept.

    Attributes:
        digest: SHA-256 of its content, hexadecimal.
    """

    digest: str
    name: str
    media_type: str
    content: bytes


def taken(name: str, content: bytes, largest_bytes: int) -> Taken:
    """A file as it is kept: its name made safe, its kind as its content shows.

    Raises:
        AttachmentError: It is empty, too large, of a kind that is not taken, not what its name says, or holds macros.
    """
    safe = safe_name(name)
    suffix = PurePosixPath(safe).suffix.lower()
    if not content:
        raise AttachmentError.of(Text("文件是空的。", "The file is empty."), safe)
    if len(content) > largest_bytes:
        most = f"{largest_bytes / 1_000_000:g} MB"
        raise AttachmentError.of(Text(f"文件超过 {most}。", f"The file is larger than {most}."), safe)
    if suffix not in KINDS:
        kind = Text("不接受这种格式的文件。", "Files of this kind are not taken.")
        raise AttachmentError.of(kind, safe, tuple(KINDS))
    media_type, beginnings = KINDS[suffix]
    if not _is_kind(suffix, content, beginnings):
        other = Text("文件内容与扩展名不符，或含有宏。", "The content is not what the name says, or holds macros.")
        raise AttachmentError.of(other, safe, tuple(KINDS))
    return Taken(digest=hashlib.sha256(content).hexdigest(), name=safe, media_type=media_type, content=content)


def safe_name(written: str) -> str:
    """A name without folders, control characters or tricks of direction, not too long, its suffix kept.

    >>> safe_name("../../etc/批复 1.PDF")
    '批复 1.PDF'
    """
    last = written.replace("\\", "/").rpartition("/")[2]
    clean = "".join(one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] != "C")
    clean = "".join("_" if one in '<>:"|?*' else one for one in clean).strip(" .")
    path = PurePosixPath(clean or "file")
    return path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix[:_LONGEST_NAME]


def _is_kind(suffix: str, content: bytes, beginnings: tuple[bytes, ...]) -> bool:
    if not beginnings:
        return _is_text(content)
    if not content.startswith(beginnings):
        return False
    if not content.startswith(_ZIP):
        return True
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return False
    has_macros = any(PurePosixPath(name).name == _MACROS for name in names)
    return not has_macros and _PARTS.get(suffix, names[0] if names else "") in names


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False

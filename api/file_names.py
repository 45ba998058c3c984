"""Names of files that people send."""

from __future__ import annotations

from pathlib import PurePosixPath

from screening.errors import SiteFileError
from screening.words import Text

MOST_BYTES = 120  # half of what file systems take: our own marks come beside it


def plain_name(name: str) -> str:
    """The last part of a name, so that it stays within its folder; cut where it is long, its suffix kept.

    Raises:
        SiteFileError: There is none.

    >>> plain_name("C:\\\\sites\\\\a.csv"), plain_name("../b.xlsx")
    ('a.csv', 'b.xlsx')
    >>> plain_name("项目" * 100 + ".xlsx")[-8:]
    '目项目.xlsx'
    """
    plain = PurePosixPath(name.replace("\\", "/"))
    if plain.name in ("", ".", "..") or "\0" in plain.name:
        raise SiteFileError.of(
            name, Text("没有文件名", "has no name"), Text("请带扩展名上传。", "Send it with its extension.")
        )
    suffix = plain.suffix if len(plain.suffix.encode()) <= MOST_BYTES // 2 else ""
    room = MOST_BYTES - len(suffix.encode())
    return plain.name.removesuffix(suffix).encode()[:room].decode(errors="ignore") + suffix

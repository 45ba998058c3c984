"""Write what the industry search needs and no person types: pinyin of names and everyday words, traditional characters.

Development only, see docs/adr/0010: the service itself has no dependency on the two packages this script needs.
Run it after editing `gbt4754_2017.csv` or `industry_synonyms.csv`:

    pip install pypinyin==0.55.0 opencc-python-reimplemented==0.1.7
    python deploy/derive_search_columns.py
"""

from __future__ import annotations

import csv
import re
from importlib.resources import files
from pathlib import Path

from pypinyin import lazy_pinyin, load_phrases_dict

REFERENCE = Path(__file__).parents[1] / "layers" / "reference"
NOT_SPOKEN = re.compile(r"[^\w]+")
READINGS = {
    "轧钢": [["zhá"], ["gāng"]],
    "冷轧": [["lěng"], ["zhá"]],
    "热轧": [["rè"], ["zhá"]],
    "粘土": [["nián"], ["tǔ"]],
    "粘胶": [["nián"], ["jiāo"]],
    "薄膜": [["bó"], ["mó"]],
    "典当行": [["diǎn"], ["dàng"], ["háng"]],
}


def spoken(words: str) -> str:
    """Pinyin without tones, one syllable a character, separated by spaces; ü is v, Latin letters stay together."""
    return " ".join(part.lower() for part in lazy_pinyin(NOT_SPOKEN.sub("", words)))


def add_pinyin(name: str, column: str) -> set[str]:
    """Rewrite one table with its pinyin column; the characters it uses."""
    path = REFERENCE / name
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    fields = [field for field in rows[0] if field != "pinyin"] + ["pinyin"]
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "pinyin": spoken(row[column])} for row in rows)
    return {character for row in rows for character in row[column]}


def write_traditional(used: set[str]) -> None:
    """Traditional characters whose simplified form occurs in the tables (OpenCC's TSCharacters)."""
    source = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = [line.split("\t") for line in source.splitlines() if line]
    wanted = sorted((old, new.split()[0]) for old, new in pairs if new.split()[0] in used and old not in used)
    with (REFERENCE / "traditional.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["traditional", "simplified"])
        writer.writerows(wanted)


if __name__ == "__main__":
    load_phrases_dict(READINGS)
    write_traditional(add_pinyin("gbt4754_2017.csv", "name") | add_pinyin("industry_synonyms.csv", "word"))

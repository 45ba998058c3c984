"""Invents the past approvals of the demonstration city: ``python -m sample_data.history --out build/demo/history.csv``.

Nothing in it happened. Organisations, projects and agencies are made up and say so; figures are drawn by a seeded generator,
so that every run writes the same file. Beside three years of approvals there are some older ones of which a check after the
approval falls due.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sample_data.facts import OTHER_PARKS, OWN_UNITS

SEED = 20231108
CASES = 2160
FIRST, LAST = date(2023, 11, 1), date(2026, 9, 30)
LATEST = date(2026, 11, 20)  # nothing of the past is later
EARLIER = 36
EARLIER_MONTHS = (date(2021, 3, 1), date(2021, 9, 1), date(2022, 3, 1))
MARK = "【示例】"
CITY_PLACES = (("370202", 120.372, 36.072, 2.0), ("370203", 120.366, 36.103, 3.0))
TRADES = (
    ("C3360", "金属表面处理", 9), ("C2641", "涂料制造", 5), ("C2651", "合成树脂制造", 4), ("C1361", "海水产品加工", 9),
    ("C3612", "新能源汽车部件", 8), ("C3974", "显示器件制造", 5), ("C2927", "日用塑料制品", 8), ("C2911", "轮胎制造", 4),
    ("C3021", "水泥制品", 7), ("C1432", "速冻食品制造", 7), ("C2710", "化学药品原料药制造", 3), ("D4430", "热力供应", 5),
    ("D4620", "污水处理", 6), ("N7820", "环境卫生管理", 4), ("G5331", "铁路货运场站", 2), ("K7010", "房地产开发", 9),
    ("Q8411", "综合医院", 5), ("A0321", "规模化养殖", 6), ("D4415", "风力发电", 5), ("C3985", "电子专用材料", 5),
)  # fmt: skip
AGENCIES = (
    ("示例环境科技一号（虚构）", 0.5), ("示例环评咨询二号（虚构）", 0.8), ("示例生态环境技术三号（虚构）", 1.6),
    ("示例环保工程四号（虚构）", 1.2), ("示例环境评价五号（虚构）", 2.2), ("示例绿色咨询六号（虚构）", 0.6),
)  # fmt: skip
HEADER = (
    "原编号", "项目名称", "建设单位", "环评单位", "区县", "行业代码", "建设性质", "选址名称", "坐标", "提交日期", "受理日期",
    "研判完成日期", "复核完成日期", "决定日期", "归档日期", "审批结果", "环评类别", "重点项目", "原研判结论", "退回补正次数",
    "改判要点数", "开工日期", "投产日期", "water_m3_per_year", "energy_tce_per_year", "coal_t_per_year", "land_m2",
)  # fmt: skip
_DAYS = HEADER[9:15]


def cases(count: int = CASES, seed: int = SEED) -> Iterator[list[str]]:
    """Rows in the columns of `HEADER`, the oldest first, the same for the same seed."""
    draw = random.Random(seed)
    span = (LAST - FIRST).days
    opened = sorted(FIRST + timedelta(days=draw.randrange(span)) for _ in range(count))
    for number, day in enumerate(opened, start=1):
        yield _case(draw, number, _weekday(day))


def earlier(count: int = EARLIER, seed: int = SEED + 1) -> Iterator[list[str]]:
    """Older approvals under supervision: by turns one whose construction never began and one in operation for years."""
    draw = random.Random(seed)
    opened = sorted(draw.choice(EARLIER_MONTHS) + timedelta(days=draw.randrange(24)) for _ in range(count))
    for number, day in enumerate(opened, start=1):
        case = _case(draw, number, _weekday(day))
        days = _days(draw, _weekday(day), "同意", 1.0)
        decided = days[4]
        assert decided is not None
        is_idle = number % 2 == 0
        started = None if is_idle else decided + timedelta(days=draw.randrange(20, 120))
        operated = None if started is None else started + timedelta(days=draw.randrange(150, 700))
        said = {
            "原编号": f"DEMO-E{day.year}-{number:05d}",
            "项目名称": case[1].replace("（第", "（较早第"),
            "审批结果": draw.choice(("同意", "附条件同意")),
            "原研判结论": draw.choice(("符合", "有条件符合")),
            "环评类别": draw.choice(("报告书", "报告表")) if is_idle else "报告书",
            "开工日期": started.isoformat() if started else "",
            "投产日期": operated.isoformat() if operated else "",
            **{name: one.isoformat() if one else "" for name, one in zip(_DAYS, days, strict=True)},
        }
        yield [said.get(name, cell) for name, cell in zip(HEADER, case, strict=True)]


def write_history(path: Path) -> int:
    """Write all cases as CSV; how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [*earlier(), *cases()]
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(HEADER)
        table.writerows(rows)
    return len(rows)


def _case(draw: random.Random, number: int, opened: date) -> list[str]:
    code, trade, _ = draw.choices(TRADES, [one[2] for one in TRADES])[0]
    agency, faults = draw.choices(AGENCIES, (5, 4, 3, 3, 2, 4))[0]
    district, coordinates, where = _site(draw)
    conclusion = draw.choices(("符合", "有条件符合", "无法判定", "不符合"), (38, 40, 14, 8))[0]
    decision = _decision(draw, conclusion)
    days = _days(draw, opened, decision, faults)
    returned = min(5, int(draw.expovariate(1 / (0.35 * faults))))
    overrides = draw.choices((0, 1, 2), (88, 10, 2))[0] if conclusion != "符合" else 0
    is_key = draw.random() < 0.06
    category = draw.choices(("报告书", "报告表", "登记表"), (3, 6, 1) if code.startswith("C2") else (1, 8, 2))[0]
    started, operated = _later(draw, days[4], decision)
    scale = draw.lognormvariate(0, 0.8) * (3 if is_key else 1)
    return [
        f"DEMO-{opened.year}-{number:05d}",
        f"{MARK}{where}{trade}项目（第{number}号）",
        f"示例企业{1 + number % 700:03d}（虚构）",
        agency,
        district,
        code,
        draw.choices(("新建", "改建", "扩建", "技术改造"), (55, 12, 20, 13))[0],
        where,
        coordinates,
        *(day.isoformat() if day else "" for day in days),
        decision,
        category,
        "是" if is_key else "否",
        conclusion,
        str(returned),
        str(overrides),
        started.isoformat() if started else "",
        operated.isoformat() if operated else "",
        *_demands(draw, scale),
    ]


def _site(draw: random.Random) -> tuple[str, str, str]:
    """District, a point in or near a park, and the park's name."""
    parks = [(one.adcode, one.lon, one.lat, one.km2, one.name) for one in OWN_UNITS if one.trades]
    parks += [(code, lon, lat, km2, name) for name, code, lon, lat, km2, *_ in OTHER_PARKS]
    parks += [(code, lon, lat, km2, "城区") for code, lon, lat, km2 in CITY_PLACES]
    code, lon, lat, km2, name = draw.choice(parks)
    reach = 0.45 * math.sqrt(km2) / 111.2
    return code, f"{lon + draw.uniform(-reach, reach):.5f},{lat + draw.uniform(-reach, reach):.5f}", name


def _decision(draw: random.Random, conclusion: str) -> str:
    weights = {
        "符合": (88, 8, 1, 1, 2),
        "有条件符合": (22, 68, 4, 2, 4),
        "无法判定": (8, 40, 32, 8, 12),
        "不符合": (0, 6, 76, 6, 12),
    }[conclusion]
    return draw.choices(("同意", "附条件同意", "不同意", "不予受理", "已撤回"), weights)[0]


def _days(draw: random.Random, opened: date, decision: str, faults: float) -> list[date | None]:
    """Submitted, accepted, assessed, reviewed, decided, archived; a case that ends early skips the stages between."""
    accepted = _after(draw, opened, 3.2)
    if decision == "不予受理":
        return [opened, None, None, None, accepted, accepted]
    assessed = _after(draw, accepted, 8 + 2.5 * faults)
    if decision == "已撤回":
        return [opened, accepted, None, None, assessed, assessed]
    reviewed = _after(draw, assessed, 4.0)
    decided = _after(draw, reviewed, 3.6)
    archived = _after(draw, decided, 7.0)
    return [opened, accepted, assessed, reviewed, decided, archived]


def _after(draw: random.Random, day: date, mean: float) -> date:
    """A weekday some days later, never beyond the last day of the past."""
    found = _weekday(day + timedelta(days=max(0, round(draw.gammavariate(3, mean / 3) * 1.4))))
    return min(found, LATEST)


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def _later(draw: random.Random, decided: date | None, decision: str) -> tuple[date | None, date | None]:
    if decided is None or decision not in ("同意", "附条件同意") or draw.random() < 0.2:
        return None, None
    started = decided + timedelta(days=draw.randrange(20, 250))
    operated = started + timedelta(days=draw.randrange(150, 600))
    return (started if started <= LATEST else None), (operated if operated <= LATEST else None)


def _demands(draw: random.Random, scale: float) -> list[str]:
    """Water m³/a, energy tce/a, coal t/a and land m²; now and then nobody wrote one down."""
    water, energy = round(9000 * scale), round(220 * scale)
    coal = round(60 * scale) if draw.random() < 0.08 else 0
    land = round(14000 * scale)
    return ["" if draw.random() < 0.04 else str(value) for value in (water, energy, coal, land)]


def main() -> None:
    """Writes the demonstration history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/demo/history.csv"))
    count = write_history(parser.parse_args().out)
    print(f"{count} cases (demonstration data)")


if __name__ == "__main__":
    main()

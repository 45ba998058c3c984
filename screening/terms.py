"""The field's vocabulary in both languages: one name for each term, used by every door.

`docs/terms.md` is written from `TERMS` and a test keeps the two alike.
"""

from __future__ import annotations

from screening.access import Dimension, Level, Position
from screening.evidence import Answer
from screening.findings import Outcome, StepName
from screening.model import Construction, Effect, Nature, Realm, ZoneClass
from screening.overlay import Relation
from screening.truth import Truth
from screening.words import Text

OUTCOME: dict[Outcome, Text] = {
    Outcome.VIOLATES: Text("不符合", "does not comply"),
    Outcome.UNDETERMINED: Text("无法判定", "cannot be determined"),
    Outcome.CONDITIONAL: Text("有条件符合", "complies on conditions"),
    Outcome.COMPLIES: Text("符合", "complies"),
    Outcome.NOT_CONCERNED: Text("不涉及", "not concerned"),
}
ZONE_CLASS: dict[ZoneClass, Text] = {
    ZoneClass.PRIORITY: Text("优先保护", "priority protection"),
    ZoneClass.KEY: Text("重点管控", "key control"),
    ZoneClass.GENERAL: Text("一般管控", "general control"),
}
LEVEL: dict[Level, Text] = {
    Level.NATION: Text("国家", "nation"),
    Level.PROVINCE: Text("省", "province"),
    Level.CIRCLE: Text("经济圈", "economic circle"),
    Level.CITY: Text("市", "city"),
    Level.UNIT_CLASS: Text("单元类别", "unit class"),
    Level.UNIT: Text("单元", "unit"),
}
DIMENSION: dict[Dimension, Text] = {
    Dimension.SPACE: Text("空间布局约束", "spatial layout"),
    Dimension.DISCHARGE: Text("污染物排放管控", "pollutant discharge"),
    Dimension.RISK: Text("环境风险防控", "environmental risk"),
    Dimension.RESOURCE: Text("资源利用效率要求", "resource efficiency"),
}
EFFECT: dict[Effect, Text] = {
    Effect.PROHIBIT: Text("禁止", "prohibited"),
    Effect.RESTRICT: Text("限制", "restricted"),
    Effect.CONDITIONAL: Text("有条件", "conditional"),
    Effect.REQUIRE: Text("要求", "required"),
    Effect.ENCOURAGE: Text("鼓励", "encouraged"),
    Effect.PERMIT: Text("允许", "permitted"),
    Effect.PHASE_OUT: Text("退出", "to be phased out"),
    Effect.PROSE: Text("人工判读", "for a person to read"),
}
CONSTRUCTION: dict[Construction, Text] = {
    Construction.NEW: Text("新建", "new"),
    Construction.REBUILD: Text("改建", "rebuilding"),
    Construction.EXPAND: Text("扩建", "expansion"),
    Construction.UPGRADE: Text("技术改造", "technical upgrade"),
}
POSITION: dict[Position, Text] = {
    Position.WITHIN: Text("区内", "within"),
    Position.OUTSIDE: Text("区外", "outside"),
    Position.NEAR: Text("周边", "near"),
}
RELATION: dict[Relation, Text] = {
    Relation.OVERLAPS: Text("重叠", "overlaps"),
    Relation.TOUCHES: Text("相邻", "adjoins"),
    Relation.APART: Text("相离", "apart"),
}
REALM: dict[Realm, Text] = {
    Realm.LAND: Text("陆域", "land"),
    Realm.SEA: Text("海域", "sea"),
    Realm.BOTH: Text("陆海", "land and sea"),
}
ANSWER: dict[Answer, Text] = {
    Answer.ANSWERED: Text("已答复", "answered"),
    Answer.MISSING: Text("缺失", "missing"),
    Answer.BROKEN: Text("损坏", "broken"),
    Answer.STALE: Text("过期", "out of date"),
    Answer.NOT_COVERING: Text("未覆盖", "does not cover the site"),
}
NATURE: dict[Nature, Text] = {
    Nature.OFFICIAL: Text("正式成果", "official release"),
    Nature.DEMONSTRATION: Text("示例数据", "demonstration data"),
}
FIELD: dict[str, Text] = {
    "three_lines": Text("三线一单", "three lines and one list"),
    "zone_control": Text("生态环境分区管控", "ecological and environmental zone control"),
    "red_line": Text("生态保护红线", "ecological red line"),
    "quality_baseline": Text("环境质量底线", "environmental quality baseline"),
    "resource_ceiling": Text("资源利用上线", "resource ceiling"),
    "access_list": Text("生态环境准入清单", "access list"),
    "control_unit": Text("环境管控单元", "control unit"),
    "element_zone": Text("环境要素管控分区", "element zone"),
    "clause": Text("条款", "clause"),
    "basis": Text("依据", "legal basis"),
    "site": Text("拟选址", "proposed site"),
    "project": Text("建设项目", "project"),
    "industry": Text("国民经济行业类别", "industry (GB/T 4754)"),
    "construction": Text("建设性质", "kind of construction"),
    "fact": Text("申报事实", "declared fact"),
    "finding": Text("研判要点", "finding"),
    "verdict": Text("研判结论", "verdict"),
    "evidence": Text("研判依据", "evidence"),
    "release": Text("成果版本", "release"),
    "as_of": Text("研判基准日", "as of"),
    "share": Text("占比", "share"),
    "water_source": Text("饮用水水源保护区", "drinking-water source protection area"),
    "eia": Text("环境影响评价", "environmental impact assessment (EIA)"),
    "park": Text("产业园区", "industrial park"),
}
TERMS: dict[str, dict[str, Text]] = {
    "field": FIELD,
    "outcome": {one.name.lower(): text for one, text in OUTCOME.items()},
    "zone_class": {one.name.lower(): text for one, text in ZONE_CLASS.items()},
    "level": {one.name.lower(): text for one, text in LEVEL.items()},
    "dimension": {one.name.lower(): text for one, text in DIMENSION.items()},
    "effect": {one.name.lower(): text for one, text in EFFECT.items()},
    "construction": {one.name.lower(): text for one, text in CONSTRUCTION.items()},
    "position": {one.name.lower(): text for one, text in POSITION.items()},
    "relation": {one.name.lower(): text for one, text in RELATION.items()},
    "realm": {one.name.lower(): text for one, text in REALM.items()},
    "answer": {one.name.lower(): text for one, text in ANSWER.items()},
    "nature": {one.name.lower(): text for one, text in NATURE.items()},
}

STEP: dict[StepName, Text] = {
    StepName.PLACE: Text("位置在适用范围", "place in scope"),
    StepName.INDUSTRY: Text("行业在适用范围", "industry in scope"),
    StepName.CONSTRUCTION: Text("建设性质在适用范围", "kind of construction in scope"),
    StepName.CONDITION: Text("适用条件成立", "condition holds"),
    StepName.EXCEPTION: Text("属于例外", "exception holds"),
    StepName.SATISFIED: Text("要求已满足", "requirement met"),
    StepName.PERMITTED: Text("另有条款明示许可", "permitted by name elsewhere"),
}
TRUTH: dict[Truth, Text] = {
    Truth.YES: Text("是", "yes"),
    Truth.NO: Text("否", "no"),
    Truth.UNKNOWN: Text("不明", "unknown"),
}

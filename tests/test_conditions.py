"""The condition language: what it refuses, what it says in words, and that it agrees with CEL, of which it is a subset."""

from __future__ import annotations

import cel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.facts import fact_schema
from screening.conditions import Condition, check_condition
from screening.errors import ConditionError
from screening.expressions import (
    Arithmetic,
    Comparison,
    Every,
    Literal,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Some,
    evaluate,
    names,
    parse,
    undecided,
)
from screening.model import Fact, FactValue
from screening.truth import Truth
from screening.words import Text

NUMBERS, FLAGS, WORDS = ("a", "b"), ("p", "q", "r"), ("k",)
numbers = st.recursive(
    st.sampled_from([0.0, 1.0, 2.5, 100.0]).map(Literal) | st.sampled_from(NUMBERS).map(Name),
    lambda inner: st.builds(Arithmetic, st.sampled_from("+-*"), inner, inner) | inner.map(Negative),
    max_leaves=4,
)
words = st.sampled_from(["x", "y", "it's"]).map(Literal)
atoms = (
    st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers, numbers)
    | st.builds(Comparison, st.sampled_from(["==", "!="]), st.sampled_from(WORDS).map(Name), words)
    | st.builds(Member, st.sampled_from(WORDS).map(Name), st.lists(words, min_size=1, max_size=3).map(tuple))
    | st.sampled_from(FLAGS).map(Name)
    | st.booleans().map(Literal)
)
nodes = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Every(tuple(items)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda items: Some(tuple(items)))
        | inner.map(Not)
    ),
    max_leaves=8,
)
facts = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from([0.0, 1.0, 2.5, 7.0, 100.0]) for name in NUMBERS},
        **{name: st.booleans() for name in FLAGS},
        **{name: st.sampled_from(["x", "y", "it's"]) for name in WORDS},
    },
)


def spelled(node: Node) -> str:
    match node:
        case Literal(bool(value)):
            return "true" if value else "false"
        case Literal(str(value)):
            return "'" + value.replace("'", "\\'") + "'"
        case Literal(value):
            return repr(value)
        case Name(name):
            return name
        case Every(items):
            return "(" + " && ".join(map(spelled, items)) + ")"
        case Some(items):
            return "(" + " || ".join(map(spelled, items)) + ")"
        case Not(item):
            return f"!({spelled(item)})"
        case Negative(item):
            return f"-({spelled(item)})"
        case Comparison(sign, left, right) | Arithmetic(sign, left, right):
            return f"({spelled(left)} {sign} {spelled(right)})"
        case Member(item, of):
            return f"({spelled(item)} in [{', '.join(map(spelled, of))}])"


def by_cel(expression: str, known: dict[str, FactValue]) -> FactValue | None:
    """CEL's answer; None where it fails for want of a variable, which is how it says unknown."""
    try:
        answer: FactValue = cel.compile(expression).execute(cel.Context(variables=known))
    except (RuntimeError, TypeError, ValueError):
        return None
    return answer


@given(nodes)
def test_what_is_spelled_is_read_back_to_the_same_value(node: Node) -> None:
    assert names(parse(spelled(node))) == names(node)


@given(nodes, facts)
def test_it_agrees_with_cel(node: Node, known: dict[str, FactValue]) -> None:
    expression = spelled(node)
    assert evaluate(parse(expression), known) == by_cel(expression, known)


@pytest.mark.parametrize(
    "expression",
    [
        "p || q && r",
        "!p == q",
        "a - b - 1.0 > 0.0",
        "a + b * 2.0 > 4.0",
        "-a + b < 0.0",
        "p && q || r && !p",
        "a*-1.0 < 0.0",
        'k=="x"||k in["y"]',
    ],
)
@given(known=facts)
def test_precedence_is_that_of_cel(expression: str, known: dict[str, FactValue]) -> None:
    assert evaluate(parse(expression), known) == by_cel(expression, known)


@given(nodes, facts, facts)
def test_more_facts_never_reverse_a_definite_answer(
    node: Node, fewer: dict[str, FactValue], more: dict[str, FactValue]
) -> None:
    before = evaluate(node, fewer)
    assert before is None or evaluate(node, {**more, **fewer}) == before


@given(nodes, facts, facts)
def test_facts_that_are_not_asked_for_do_not_change_it(
    node: Node, known: dict[str, FactValue], others: dict[str, FactValue]
) -> None:
    asked = undecided(node, known)
    assert asked.isdisjoint(known)
    beside = {name: value for name, value in others.items() if name not in asked}
    if evaluate(node, known) is None and asked:
        still = {**beside, **known}
        assert evaluate(node, still) is None


SCHEMA = {
    "water": Fact(
        name="water",
        label=Text("用水量", "water use"),
        kind="number",
        unit="m³/a",
        help=Text("", ""),
        group=Text("", ""),
        minimum=0,
        maximum=1e10,
    ),
    "coal": Fact(
        name="coal",
        label=Text("用煤量", "coal use"),
        kind="number",
        unit="t/a",
        help=Text("", ""),
        group=Text("", ""),
        minimum=0,
        maximum=1e9,
    ),
    "direct": Fact(
        name="direct",
        label=Text("直接排放", "direct discharge"),
        kind="boolean",
        unit="",
        help=Text("", ""),
        group=Text("", ""),
    ),
    "kind": Fact(
        name="kind",
        label=Text("目录类别", "class"),
        kind="choice",
        unit="",
        help=Text("", ""),
        group=Text("", ""),
        choices=(("restricted", Text("限制类", "restricted")), ("other", Text("其他", "other"))),
    ),
}


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "第 1 个字符"),
        ("water >", "结尾"),
        ("(((", "结尾"),
        ("water > 1.0 direct", "第 13 个字符"),
        ("water / 2.0 > 1.0", "“/”"),
        ("size(kind) > 1.0", "“(”"),
        ("direct ? true : false", "“?”"),
        ("water > 1.0 &", "“&”"),
        ("watr > 1.0", "watr"),
        ("water", "不是是非判断"),
        ("water + coal > 1.0", "单位不同"),
        ("water > coal", "单位不同"),
        ("water * coal > 1.0", "不能相乘"),
        ("water > '1'", "类型不同"),
        ("direct == 1.0", "类型不同"),
        ("kind > 'a'", "只能比较数值"),
        ("kind == 'restrcted'", "restrcted"),
        ("kind in ['restricted', 'elsewhere']", "elsewhere"),
        ("water in [1.0, 'a']", "类型不同"),
        ("direct && water", "只能连接是非判断"),
        ("!water", "只能连接是非判断"),
        ("-direct > 1.0", "只有数值"),
        ("water < 0.0", "恒不成立"),
        ("water >= 0.0", "恒成立"),
        ("water > 1e11", "恒不成立"),
        ("water + 5.0 < 3.0", "恒不成立"),
        ("water == -1.0", "恒不成立"),
        ("1.0 < 2.0", "恒成立"),
        ("water <= 10000000000.0", "恒成立"),
        ("water > 10000000000.0", "恒不成立"),
        ("10000000000.0 < water", "恒不成立"),
        ("water * 2.0 > coal", "单位不同"),
        ("2.0 * water > coal", "单位不同"),
        ("2.0 + water > coal", "单位不同"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(expression: str, says: str) -> None:
    with pytest.raises(ConditionError) as caught:
        check_condition(expression, SCHEMA)
    assert says in caught.value.what.zh
    assert caught.value.what.en.isascii() or "“" in caught.value.what.en
    assert caught.value.value == expression


@pytest.mark.parametrize("sign", ["<", ">=", "==", "!="])
def test_the_most_that_can_be_declared_is_no_slip(sign: str) -> None:
    assert check_condition(f"water {sign} 10000000000.0", SCHEMA)


@pytest.mark.parametrize("sign", [">", "<=", "==", "!="])
def test_nothing_at_all_is_no_slip(sign: str) -> None:
    assert check_condition(f"water {sign} 0.0", SCHEMA)
    assert check_condition("0.0 < 2.0 * water", SCHEMA)


def test_the_slip_of_a_choice_offers_the_choices() -> None:
    with pytest.raises(ConditionError) as caught:
        check_condition("kind == 'restrcted'", SCHEMA)
    assert "restricted" in caught.value.candidates


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("water > 1000.0", "用水量大于 1,000 m³/a", "water use above 1,000 m³/a"),
        ("35.0 >= coal", "用煤量不超过 35 t/a", "coal use at most 35 t/a"),
        ("direct && kind == 'restricted'", "直接排放，且目录类别为限制类", "direct discharge and class is restricted"),
        (
            "!direct && (water > 1.0 || coal > 0.0)",
            "不属于“直接排放”，且（用水量大于 1 m³/a，或用煤量大于 0 t/a）",
            "not “direct discharge” and (water use above 1 m³/a or coal use above 0 t/a)",
        ),
        ("kind in ['restricted', 'other']", "目录类别为限制类、其他之一", "class is one of restricted, other"),
        ("water * 2.0 > 10.0", "用水量 * 2大于 10", "water use * 2 above 10"),
    ],
)
def test_a_condition_is_told_in_words(expression: str, zh: str, en: str) -> None:
    assert check_condition(expression, SCHEMA).told(SCHEMA) == Text(zh, en)


def test_only_what_still_decides_is_missing() -> None:
    condition = Condition("direct && (water > 10.0 || coal > 10.0)")
    assert condition.missing({"direct": False}) == frozenset()
    assert condition.missing({"direct": True, "water": 1.0}) == {"coal"}
    assert condition.holds({"direct": True, "coal": 11.0}) is Truth.YES


def test_the_schema_itself_is_sound() -> None:
    for name, fact in fact_schema().items():
        expression = {"boolean": name, "number": f"{name} > {fact.minimum or 0:.1f}"}.get(
            fact.kind, f"{name} == '{fact.choices[0][0] if fact.choices else ''}'"
        )
        assert check_condition(expression, fact_schema()).told(fact_schema()).en

"""环境影响评价类别: which level of EIA the catalogue asks of a project, and which facts still decide.

Every item of the catalogue is an ordered list of rules over declared facts. The answer to a question is a function of
the facts not yet declared: each fact has finitely many answers that the rules can tell apart (a number falls below,
on or above a threshold). That function is built as a reduced decision diagram, item by item, and the gravest level of
all items is taken (article 4). If one value is left, it is the answer. If not, the questions that stand in the diagram
are exactly the facts of which some answer could still change the level, so nothing is asked in vain and nothing that
could matter is left out (`screening.diagrams`). Facts are taken as independent of each other: a combination that no
project can have may be thought possible, which asks a question too many and never one too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby, pairwise
from typing import NamedTuple

from screening.conditions import Condition
from screening.diagrams import Diagrams, Node
from screening.eia_model import (
    Catalogue,
    EiaCategory,
    EiaLevel,
    Item,
    ItemAnswer,
    Needed,
    Question,
    Rule,
    Settling,
)
from screening.model import Fact, FactValue, Industry
from screening.truth import Truth
from screening.words import Text, joined, same


class Outcome(NamedTuple):
    """What an item, or all of them, come to: a level, and whether some content is left to a person."""

    level: EiaLevel
    is_open: bool


def gravest(left: Outcome, right: Outcome) -> Outcome:
    """The higher level (article 4); above a report nothing can be left open."""
    level = max(left.level, right.level)
    return Outcome(level, (left.is_open or right.is_open) and level < EiaLevel.REPORT_BOOK)


def telling_answers(fact: Fact, thresholds: Sequence[float]) -> tuple[FactValue, ...]:
    """One value for each answer to a fact that rules can tell apart.

    For a number: each threshold, and a value in each gap between them and the bounds of the fact.
    """
    if fact.kind == "boolean":
        return (True, False)
    if fact.kind == "choice":
        return tuple(value for value, _ in fact.choices)
    low = fact.minimum if fact.minimum is not None else thresholds[0] - 2.0
    high = fact.maximum if fact.maximum is not None else thresholds[-1] + 2.0
    edges = sorted({low, *thresholds, high})
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    return tuple(sorted({*(t for t in thresholds if low <= t <= high), *middles}))


def categorise(question: Question, catalogue: Catalogue) -> EiaCategory:
    """The EIA level of a project, or what is still needed to know it.

    Source: 建设项目环境影响评价分类管理名录, articles 3 to 5 and its notes.

    Raises:
        ConditionError: A rule of the catalogue cannot be evaluated.
    """
    contents = _contents(question, catalogue)
    reckoning = _Reckoning(question, catalogue, contents)
    start = reckoning.diagrams.leaf(Outcome(EiaLevel.NOT_MANAGED, not contents))
    total = reckoning.confirmed(reckoning.gravest_of(start, [reckoning.content(content) for content in contents]))
    answers = tuple(reckoning.answers(contents))
    outcomes = reckoning.outcomes(total)
    level = _definite(outcomes) if catalogue.holds_on(question.as_of) else None
    unplaced = tuple(one.industry for one in contents if one.industry and not all(cell.items for cell in one.cells))
    return EiaCategory(
        level=level,
        possible=_descending(outcomes),
        at_least=min(outcome.level for outcome in outcomes),
        items=answers,
        needed=() if level is not None else tuple(_needed(reckoning, total)),
        unplaced=unplaced,
        offered=_offered(question, catalogue, answers),
        reasons=tuple(_reasons(question, catalogue, level, outcomes, answers, unplaced)),
        basis=Text(
            f"{catalogue.title.zh}（{catalogue.document}）第四条、第五条",
            f"{catalogue.title.en} ({catalogue.document}), articles 4 and 5",
        ),
        valid_from=catalogue.valid_from,
        valid_to=catalogue.valid_to,
        verified=catalogue.verified and all(answer.item.verified for answer in answers),
    )


# -- which items speak -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    """Classes of an industry to which the same items speak in the same way; `items` holds the codes that are true."""

    classes: tuple[str, ...]
    items: tuple[tuple[int, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class _Content:
    name: str
    industry: Industry | None
    cells: tuple[_Cell, ...]


def _contents(question: Question, catalogue: Catalogue) -> list[_Content]:
    contents = []
    for industry in dict.fromkeys(question.industries):
        classes = [one for one in catalogue.classes if one.startswith(industry.code)]
        cells = _cells(classes, catalogue.items.values())
        contents.append(_Content(f"industry:{industry.code}", industry, cells))
    found = {number for content in contents for cell in content.cells for number, _ in cell.items}
    for number in sorted(set(question.chosen or ()) - found):
        item = catalogue.items[number]
        classes = [one for one in catalogue.classes if one.startswith(item.codes)] if item.asks_industry else [""]
        contents.append(_Content(f"industry:item{number}", None, _cells(classes, [item], chosen=True)))
    return contents


def _cells(classes: Iterable[str], items: Iterable[Item], *, chosen: bool = False) -> tuple[_Cell, ...]:
    known = list(items)
    grouped: dict[tuple[tuple[int, frozenset[str]], ...], list[str]] = {}
    for one in classes:
        speaking = tuple(
            (item.number, frozenset(code for code in item.asks_industry if one.startswith(code)))
            for item in known
            if chosen or (item.codes and one.startswith(item.codes))
        )
        grouped.setdefault(speaking, []).append(one)
    return tuple(_Cell(tuple(members), speaking) for speaking, members in grouped.items())


def _offered(question: Question, catalogue: Catalogue, answers: Sequence[ItemAnswer]) -> tuple[int, ...]:
    judged = {answer.item.number for answer in answers}
    codes = [industry.code for industry in question.industries]
    return tuple(
        number
        for number, item in catalogue.items.items()
        if number not in judged
        and any(code.startswith(item.related) or any(r.startswith(code) for r in item.related) for code in codes)
    )


# -- what they come to -------------------------------------------------------------------------------------------------


class _Reckoning:
    """The diagrams of one question."""

    def __init__(self, question: Question, catalogue: Catalogue, contents: Sequence[_Content]) -> None:
        self.catalogue = catalogue
        self.is_chosen = question.chosen is not None
        self.chosen = frozenset(question.chosen or ())
        self.known = _known(question)
        self.contents = {content.name: content for content in contents}
        rules = list(_rules_reached(contents, catalogue))
        asked = dict.fromkeys(
            name
            for rule in rules
            for name in catalogue.facts
            if name in rule.condition.fact_names and name not in self.known
        )
        self.values = {
            name: telling_answers(catalogue.facts[name], catalogue.thresholds.get(name, ())) for name in asked
        }
        self.diagrams = Diagrams[Outcome | bool](
            {
                **{content.name: len(content.cells) for content in contents},
                **{name: len(values) for name, values in self.values.items()},
            }
        )

    def outcomes(self, node: Node) -> list[Outcome]:
        return sorted(leaf for leaf in self.diagrams.leaves(node) if isinstance(leaf, Outcome))

    def gravest_of(self, start: Node, nodes: Sequence[Node]) -> Node:
        return reduce(lambda a, b: self.diagrams.combine(_gravest, a, b), nodes, start)

    def confirmed(self, total: Node) -> Node:
        """That no EIA is needed stays open until a person has said that no further item fits the project."""
        unconfirmed = self.diagrams.leaf(Outcome(EiaLevel.NOT_MANAGED, not self.is_chosen))
        return self.diagrams.combine(
            lambda left, right: right if left == Outcome(EiaLevel.NOT_MANAGED, False) else left, total, unconfirmed
        )

    def content(self, content: _Content) -> Node:
        return self._by_class(content, [self._all_of(cell) for cell in content.cells])

    def answers(self, contents: Sequence[_Content]) -> Iterator[ItemAnswer]:
        for content in contents:
            for number in dict.fromkeys(number for cell in content.cells for number, _ in cell.items):
                yield from self._answers(content, number)

    def item(self, number: int, codes: frozenset[str]) -> Node:
        """What an item says of an industry for which these of its codes are true."""
        item = self.catalogue.items[number]
        facts = {**self.known, **{code: code in codes for code in item.asks_industry}}
        node = self.diagrams.leaf(Outcome(EiaLevel.NOT_MANAGED, False))
        for rule in reversed(item.rules):
            node = self.diagrams.choose(self._condition(rule.condition, facts), self._consequence(rule, number), node)
        return node

    def _consequence(self, rule: Rule, number: int) -> Node:
        if rule.level is not None:
            return self.diagrams.leaf(Outcome(rule.level, False))
        is_placed = bool(rule.refers) or (rule.refers is not None and not self.chosen <= {number})
        start = self.diagrams.leaf(Outcome(EiaLevel.NOT_MANAGED, not is_placed))
        nodes = [self.item(target, frozenset()) for target in rule.refers or ()]
        return self.gravest_of(start, nodes)

    def _all_of(self, cell: _Cell) -> Node:
        start = self.diagrams.leaf(Outcome(EiaLevel.NOT_MANAGED, not cell.items and not self.is_chosen))
        return self.gravest_of(start, [self.item(number, codes) for number, codes in cell.items])

    def _by_class(self, content: _Content, nodes: Sequence[Node]) -> Node:
        return nodes[0] if len(nodes) == 1 else self.diagrams.ask(content.name, tuple(nodes))

    def _condition(self, condition: Condition, facts: Mapping[str, FactValue]) -> Node:
        names = [name for name in self.values if name in condition.fact_names]

        def walk(at: int, declared: dict[str, FactValue]) -> Node:
            truth = condition.holds(declared)
            if truth is not Truth.UNKNOWN:
                return self.diagrams.leaf(truth is Truth.YES)
            still = condition.missing(declared)  # a fact that no longer decides is not branched on: else 2ⁿ branches
            at = next(i for i in range(at, len(names)) if names[i] in still)
            name = names[at]
            return self.diagrams.ask(
                name, tuple(walk(at + 1, {**declared, name: value}) for value in self.values[name])
            )

        return walk(0, {name: facts[name] for name in condition.fact_names & facts.keys()})

    def _answers(self, content: _Content, number: int) -> Iterator[ItemAnswer]:
        """What the item says, then what the items say to which it refers."""
        item = self.catalogue.items[number]
        elsewhere = self.diagrams.leaf(Outcome(EiaLevel.NOT_MANAGED, False))
        spoken = [dict(cell.items).get(number) for cell in content.cells]
        nodes = [elsewhere if codes is None else self.item(number, codes) for codes in spoken]
        node = self._by_class(content, nodes)
        rule: Rule | None = None
        doubtful: list[tuple[Rule, Truth]] = []
        if len(spoken) == 1 and spoken[0] is not None:
            rule, doubtful = self._deciding(item, spoken[0])
        answer = self._answer(item, node, rule)
        speaks = Truth.UNKNOWN if None in spoken else Truth.YES
        yield replace(answer, industry=content.industry, speaks=speaks)
        for referring, truth in doubtful:
            for target in referring.refers or ():
                there = self.catalogue.items[target]
                met, _ = self._deciding(there, frozenset())
                yield replace(
                    self._answer(there, self.item(target, frozenset()), met), referred_from=number, speaks=truth
                )

    def _deciding(self, item: Item, codes: frozenset[str]) -> tuple[Rule | None, list[tuple[Rule, Truth]]]:
        """The row that decides, if one does, and the rows that refer elsewhere, or may."""
        facts = {**self.known, **{code: code in codes for code in item.asks_industry}}
        referring: list[tuple[Rule, Truth]] = []
        is_certain = True
        for rule in item.rules:
            truth = rule.condition.holds(facts)
            if truth is not Truth.NO and rule.level is None:
                referring.append((rule, truth if is_certain else Truth.UNKNOWN))
            if truth is Truth.YES:
                return (rule if is_certain else None), referring
            is_certain = is_certain and truth is Truth.NO
        return None, referring

    def _answer(self, item: Item, node: Node, rule: Rule | None) -> ItemAnswer:
        outcomes = self.outcomes(node)
        level = _definite(outcomes)
        return ItemAnswer(
            item=item,
            industry=None,
            referred_from=None,
            speaks=Truth.YES,
            level=level,
            possible=_descending(outcomes),
            rule=rule if level is not None else None,
            column=item.column(level) if level is not None and not (rule and rule.level is None) else "",
            missing=self.diagrams.questions(node),
        )


def _gravest(left: Outcome | bool, right: Outcome | bool) -> Outcome:
    assert isinstance(left, Outcome)
    assert isinstance(right, Outcome)
    return gravest(left, right)


def _known(question: Question) -> dict[str, FactValue]:
    known = dict(question.facts)
    known.update({name: truth is Truth.YES for name, truth in question.areas.items() if truth is not Truth.UNKNOWN})
    if question.construction is not None:
        known["construction"] = question.construction.value
    return known


def _rules_reached(contents: Sequence[_Content], catalogue: Catalogue) -> Iterator[Rule]:
    waiting = [number for content in contents for cell in content.cells for number, _ in cell.items]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop(0)
        if number not in seen:
            seen.add(number)
            for rule in catalogue.items[number].rules:
                yield rule
                waiting.extend(rule.refers or ())


def _definite(outcomes: Sequence[Outcome]) -> EiaLevel | None:
    return outcomes[0].level if len(outcomes) == 1 and not outcomes[0].is_open else None


def _descending(outcomes: Sequence[Outcome]) -> tuple[EiaLevel, ...]:
    """Levels that are still possible; where a person must judge, everything from the level reached upwards."""
    return tuple(
        level
        for level in sorted(EiaLevel, reverse=True)
        if any(level == outcome.level or (outcome.is_open and level > outcome.level) for outcome in outcomes)
    )


# -- what is still asked -----------------------------------------------------------------------------------------------


def _needed(reckoning: _Reckoning, total: Node) -> list[Needed]:
    """The facts that still decide: codes first, then those with the gravest settling answer, then in table order."""
    needed = [
        Needed(name=name, label=_label(reckoning, name), settles=_settles(reckoning, total, name))
        for name in reckoning.diagrams.questions(total)
    ]
    return sorted(needed, key=lambda one: (one.name not in reckoning.contents, -_gravest_settled(one)))


def _label(reckoning: _Reckoning, name: str) -> Text:
    content = reckoning.contents.get(name)
    if content is None:
        return reckoning.catalogue.facts[name].label
    if content.industry:
        code = content.industry.code
        return Text(f"{code} {content.industry.name}的四位小类代码", f"the four-digit class within {code}")
    return Text("四位小类行业代码", "the four-digit industry class")


def _gravest_settled(needed: Needed) -> int:
    return max((settling.level for settling in needed.settles), default=-1)


def _settles(reckoning: _Reckoning, total: Node, name: str) -> tuple[Settling, ...]:
    content = reckoning.contents.get(name)
    count = len(content.cells) if content else len(reckoning.values[name])
    levels = [
        _definite(reckoning.outcomes(reckoning.diagrams.answered(total, name, answer))) for answer in range(count)
    ]
    settles = []
    for level in sorted({level for level in levels if level is not None}, reverse=True):
        meant = [answer for answer in range(count) if levels[answer] is level]
        if content:
            words = same("、".join(one for answer in meant for one in content.cells[answer].classes))
        else:
            fact = reckoning.catalogue.facts[name]
            words = _answers_meant(fact, reckoning.catalogue.thresholds.get(name, ()), reckoning.values[name], meant)
        settles.append(Settling(answers=words, level=level))
    return tuple(settles)


def _answers_meant(fact: Fact, thresholds: Sequence[float], values: Sequence[FactValue], meant: Sequence[int]) -> Text:
    """Some of the telling answers to a fact, in words.

    >>> weight = Fact(name="w", label=same("w"), kind="number", unit="t", help=same(""), group=same(""), minimum=0)
    >>> values = telling_answers(weight, (10.0, 20.0))
    >>> values, _answers_meant(weight, (10.0, 20.0), values, [1, 2]).zh
    ((5.0, 10.0, 15.0, 20.0, 21.0), '≥10 且 <20 t')
    """
    if fact.kind == "boolean":
        return joined([Text("是", "yes") if values[one] else Text("否", "no") for one in meant])
    if fact.kind == "choice":
        labels = dict(fact.choices)
        return joined([labels[str(values[one])] for one in meant], zh="；", en="; ")
    runs = [[at for _, at in run] for _, run in groupby(enumerate(meant), key=lambda pair: pair[1] - pair[0])]
    numbers = [float(value) for value in values]
    return joined([_interval(fact.unit, set(thresholds), numbers, run[0], run[-1]) for run in runs])


def _interval(unit: str, thresholds: set[float], values: Sequence[float], first: int, last: int) -> Text:
    """Values from one telling answer to another, e.g. “≥10 且 <20 t”."""
    bounds = []
    if values[first] in thresholds:
        bounds.append(f"≥{values[first]:.10g}" if first != last else f"={values[first]:.10g}")
    elif first > 0:
        bounds.append(f">{values[first - 1]:.10g}")
    if values[last] in thresholds:
        bounds += [f"≤{values[last]:.10g}"] if first != last else []
    elif last < len(values) - 1:
        bounds.append(f"<{values[last + 1]:.10g}")
    return Text(" 且 ".join(bounds) + f" {unit}", " and ".join(bounds) + f" {unit}")


# -- why ---------------------------------------------------------------------------------------------------------------


def _reasons(
    question: Question,
    catalogue: Catalogue,
    level: EiaLevel | None,
    outcomes: Sequence[Outcome],
    answers: Sequence[ItemAnswer],
    unplaced: Sequence[Industry],
) -> Iterator[Text]:
    if not catalogue.holds_on(question.as_of):
        yield Text(
            f"名录自 {catalogue.valid_from} 起施行，{question.as_of} 不在其有效期内。",
            f"The catalogue holds from {catalogue.valid_from}; {question.as_of} is outside its validity.",
        )
    if level is None and len({outcome.level for outcome in outcomes}) > 1:
        yield Text("缺少起决定作用的申报事实。", "Facts that decide were not declared.")
    if unplaced and question.chosen is None:
        names = "、".join(f"{industry.code} {industry.name}" for industry in unplaced)
        yield Text(
            f"按行业代码，名录中没有（或不能确定有）写到 {names} 的项目类别，请按项目内容选择项目类别。",
            f"Not in the catalogue by industry, or not surely: {names}. Choose the item by kind of project.",
        )
    if question.chosen is None and any(outcome == (EiaLevel.NOT_MANAGED, True) for outcome in outcomes) and answers:
        yield Text(
            "只凭行业代码不能断定不纳入环评管理：请确认项目没有其他项目类别的内容。",
            "Industry codes alone never free a project of EIA: confirm that no other item fits it.",
        )
    for answer in answers:
        if answer.level is None and answer.rule is None and not answer.missing:
            yield Text(
                f"第 {answer.item.number} 项没有写明这样的内容归入哪一类，须由人判断。",
                f"Item {answer.item.number} does not place such a project; a person must judge.",
            )
    if not answers and not unplaced:
        yield Text("没有给出行业或项目类别。", "Neither an industry nor an item was given.")
    if len({answer.item.number for answer in answers}) > 1:
        yield Text(
            "涉及两个及以上项目类别，按其中单项等级最高的确定（第四条）。",
            "Several items: the highest single level counts (article 4).",
        )
    if level is EiaLevel.NOT_MANAGED:
        yield Text(
            "名录未作规定的，不纳入环评管理；省级生态环境部门另有规定并经生态环境部认定的除外（第五条）。",
            "What the catalogue does not name is not managed, unless the province provides otherwise (article 5).",
        )
    if catalogue.caution:
        yield catalogue.caution
    if question.chosen is None:
        yield Text(
            "只按所填行业判断；项目另有锅炉、污水处理、实验室、码头等内容的，请一并选择相应项目类别。",
            "By the given industries only; choose further items for boilers, sewage works, laboratories, berths and so on.",
        )

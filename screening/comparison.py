"""选址比选: kept screenings of one project at several sites side by side, as given; no score, no ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.evidence import Answer
from screening.model import Fact, ZoneClass
from screening.phrases import PHRASES
from screening.record import canonical
from screening.terms import ANSWER, ZONE_CLASS
from screening.whereabouts import area_words, distance_words, steps_words
from screening.words import Language, Text

MOST_SITES = 5
MOST_LINES = 6  # in one cell; the site's own screening holds all
UNDETERMINED = "undetermined"
GROUPS: dict[str, Text] = {
    "answer": Text("结论", "Answer"),
    "doing": Text("要做的事", "What must be done"),
    "place": Text("所在位置与距离", "Where it lies, and distances"),
    "doubt": Text("不确定与未知", "Uncertain and unknown"),
    "basis": Text("依据", "Basis"),
}
LABELS: dict[str, Text] = {
    "conclusion": Text("研判结论", "Verdict"),
    "deciding": Text("决定性理由", "What decides"),
    "conditions": Text("附带条件", "Conditions"),
    "next_steps": Text("下一步", "What to do next"),
    "replacements": Text("须替代的量", "To be replaced"),
    "declare": Text("尚待申报", "Still to declare"),
    "area": Text("选址面积", "Area of the site"),
    "districts": Text("区县", "District"),
    "units": Text("环境管控单元", "Control units"),
    "uncovered": Text("不在管控单元内", "Outside the control units"),
    "accuracy": Text("坐标精度", "Accuracy of the coordinates"),
    "borderline": Text("临界的界线", "Borderline"),
    "persons": Text("须由人员判断", "A person must decide"),
    "without_data": Text("无法核对", "Could not be checked"),
    "warnings": Text("提示", "Remarks"),
    "as_of": Text("基准日", "As of"),
    "release": Text("成果版本", "Release"),
}
NONE = Text("无", "none")
NOT_STATED = Text("未说明", "not stated")
POINT = Text("仅一个点，没有边界", "a point only, no boundary")
MORE = Text("另有 {count} 项，见该选址的研判", "{count} more: see the screening of the site")
BORDERLINE = Text("（临界）", " (borderline)")
NONE_WITHIN = Text("{distance} 内没有", "none within {distance}")
OUTSIDE = Text("不在其中", "outside")
AWAY = Text("距 {distance}：{zone}", "{distance} from {zone}")
ALL, PART = Text("全部", "all of the site"), Text("一部分", "part of the site")


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept screening to be compared, in one language.

    Attributes:
        explanation: `screening.explain.Explanation` as plain data.
    """

    id: str
    record: Mapping[str, Any]
    explanation: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one row says of one site.

    Attributes:
        tone: An outcome, where the cell is one; else empty.
    """

    lines: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One row: the same thing asked of every site."""

    key: str
    group: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the sites differ in it."""
        return any(cell != self.cells[0] for cell in self.cells)


def same_project(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all screenings are about one project: industries, kind of construction, declarations."""
    return len({canonical(one["project"]) for one in records}) <= 1


def compared(
    kept: Sequence[Kept],
    facts: Mapping[str, Fact],
    roles: Mapping[str, str],
    places: Mapping[str, str],
    language: Language,
) -> tuple[CompareRow, ...]:
    """The table, one column a screening in the order given.

    Args:
        kept: The screenings.
        facts: The fact schema, for labels and units.
        roles: Role of each layer by id.
        places: Names of districts by code.
        language: `zh` or `en`.
    """
    say = _Teller(facts, language)
    rows = [
        say.row("answer", "conclusion", kept, say.conclusion),
        say.row("answer", "deciding", kept, lambda one: say.listed(one.explanation["deciding"])),
        say.row("doing", "conditions", kept, say.conditions),
        say.row("doing", "next_steps", kept, lambda one: say.listed(one.explanation["next_steps"])),
        say.row("doing", "replacements", kept, say.replacements),
        say.row("doing", "declare", kept, say.declare),
        say.row("place", "area", kept, say.area),
        say.row(
            "place",
            "districts",
            kept,
            lambda one: say.listed([places.get(code, code) for code in one.record["site"]["districts"]]),
        ),
        say.row("place", "units", kept, lambda one: say.units(one, roles)),
        say.row("place", "uncovered", kept, say.uncovered),
        *say.layers(kept, roles),
        say.row("doubt", "borderline", kept, say.borderline),
        say.row("doubt", "persons", kept, say.persons),
        say.row("doubt", "without_data", kept, say.without_data),
        say.row("doubt", "accuracy", kept, say.accuracy),
        say.row("doubt", "warnings", kept, say.warnings),
        say.row("basis", "as_of", kept, lambda one: Cell((one.record["as_of"],))),
        say.row("basis", "release", kept, lambda one: Cell((one.record["release"]["id"],))),
    ]
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Teller:
    facts: Mapping[str, Fact]
    language: Language

    def __call__(self, text: Text, **words: str | Text) -> str:
        return text.filled(**words).in_(self.language) if words else text.in_(self.language)

    def row(self, group: str, key: str, kept: Sequence[Kept], tell: Callable[[Kept], Cell]) -> CompareRow:
        return CompareRow(key, self(GROUPS[group]), self(LABELS[key]), tuple(tell(one) for one in kept))

    def listed(self, lines: Sequence[str], tone: str = "") -> Cell:
        """Lines without repetition; of many only the first, and how many more there are."""
        found = tuple(dict.fromkeys(lines))
        if not found:
            return Cell((self(NONE),))
        more = len(found) - MOST_LINES
        return Cell((*found[:MOST_LINES], *([self(MORE, count=str(more))] if more > 0 else [])), tone)

    # -- answer and duties ---------------------------------------------------------------------------------------------

    def conclusion(self, one: Kept) -> Cell:
        return Cell((one.explanation["conclusion_label"],), one.explanation["conclusion"])

    def conditions(self, one: Kept) -> Cell:
        """Findings that attach a condition: what it asks, and by which clause."""
        found = [each for each in one.record["findings"] if each["outcome"] == "conditional"]
        told = [f"{self.both(each['duty'] or each['reason'])} [{self.both(each['title'])}]" for each in found]
        return self.listed(told, "conditional" if told else "")

    def both(self, told: Mapping[str, str]) -> str:
        """A text of a record; a clause as published where it has no translation."""
        return told[self.language] or told["zh"]

    def replacements(self, one: Kept) -> Cell:
        return self.listed(
            [self.replacement(each) for found in one.record["findings"] for each in found["replacements"]]
        )

    def replacement(self, demand: Mapping[str, Any]) -> str:
        fact = self.facts.get(demand["fact"])
        label, unit = (self(fact.label), fact.unit) if fact else (demand["fact"], "")
        ratio = f"{demand['ratio']:g}"
        if demand["amount"] is None:
            return self(PHRASES["replacement_open"], fact=label, ratio=ratio)
        declared, amount = f"{demand['declared']:,.4g} {unit}", f"{demand['amount']:,.4g} {unit}"
        return self(PHRASES["replacement"], fact=label, ratio=ratio, declared=declared, amount=amount)

    def declare(self, one: Kept) -> Cell:
        names = [one["fact"] for one in one.record["would_change"]]
        return self.listed([self.fact(name) for name in names], UNDETERMINED if names else "")

    def fact(self, name: str) -> str:
        return self(self.facts[name].label if name in self.facts else PHRASES["label_construction"])

    # -- place ---------------------------------------------------------------------------------------------------------

    def area(self, one: Kept) -> Cell:
        area = one.record["site"]["area_m2"]
        return Cell((self(POINT) if area is None else area_words(area),))

    def units(self, one: Kept, roles: Mapping[str, str]) -> Cell:
        inside = [each for each in _met(one.record) if roles.get(each["layer"]) == "unit"]
        return self.listed([self.inside(each, one.record, coded=True) for each in inside])

    def inside(self, contact: Mapping[str, Any], record: Mapping[str, Any], *, coded: bool = False) -> str:
        """A zone in which a site lies or may lie: name, class, share."""
        kind = self(ZONE_CLASS[ZoneClass(contact["class"])]) if contact["class"] else contact["subtype"]
        named = f"{contact['name']} {contact['code']}" if coded else contact["name"]
        words = f"{named} · {kind}" if kind and (coded or kind not in named) else named
        if contact["relation"] == "overlaps" and record["site"]["area_m2"] is not None:
            words += f" · {self.share(contact, record)}"
        return words + (self(BORDERLINE) if contact["certainty"] == "borderline" else "")

    def share(self, contact: Mapping[str, Any], record: Mapping[str, Any]) -> str:
        share = contact["share_of_site"]
        if contact["layer"] in _steps(record):
            return self(ALL if share == 1 else PART) if share in (0.5, 1) else f"≈ {share:.0%}"
        return f"{share:.1%}"

    def uncovered(self, one: Kept) -> Cell:
        share = one.record["uncovered_share"]
        if share is None:
            return Cell((self(ANSWER[Answer.MISSING]),), UNDETERMINED)
        return Cell((f"{share:.1%}",), UNDETERMINED if share else "")

    def layers(self, kept: Sequence[Kept], roles: Mapping[str, str]) -> Iterator[CompareRow]:
        """A row for every layer of zones: in which the site lies, else how far the nearest is."""
        names = {each["layer"]: each["name"][self.language] for one in kept for each in one.record["consulted"]}
        for layer_id, name in names.items():
            if roles.get(layer_id) in ("element", "special"):
                cells = tuple(self.layer(one.record, layer_id) for one in kept)
                yield CompareRow(f"layer:{layer_id}", self(GROUPS["place"]), name, cells)

    def layer(self, record: Mapping[str, Any], layer_id: str) -> Cell:
        consulted = next((one for one in record["consulted"] if one["layer"] == layer_id), None)
        inside = [self.inside(one, record) for one in _met(record) if one["layer"] == layer_id]
        if consulted is None or consulted["answer"] != Answer.ANSWERED.value:
            return self.listed([*inside, self.silence(consulted)], UNDETERMINED)
        if inside:
            return self.listed(inside)
        near = [one for one in record["contacts"] if one["layer"] == layer_id]
        step = _steps(record).get(layer_id)
        if near:
            nearest = min(near, key=lambda one: float(one["distance_m"]))
            away = nearest["distance_m"]
            words = distance_words(away) if step is None else self(steps_words(away, step))
            return Cell((self(AWAY, distance=words, zone=nearest["name"]),))
        searched = consulted["searched_m"]
        return Cell((self(NONE_WITHIN, distance=distance_words(searched)) if searched else self(OUTSIDE),))

    def silence(self, consulted: Mapping[str, Any] | None) -> str:
        if consulted is None:
            return self(ANSWER[Answer.MISSING])
        reason: str = (consulted["reason"] or {}).get(self.language) or self(ANSWER[Answer(consulted["answer"])])
        return reason

    # -- doubt ---------------------------------------------------------------------------------------------------------

    def borderline(self, one: Kept) -> Cell:
        near = [
            f"{each['name']} ±{each['accuracy_m']:g} m"
            for each in one.record["contacts"]
            if each["certainty"] == "borderline"
        ]
        return self.listed(near, UNDETERMINED if near else "")

    def persons(self, one: Kept) -> Cell:
        found = [
            each["title"][self.language]
            for each in one.record["findings"]
            if each["needs_person"] and each["outcome"] != "not_concerned"
        ]
        return self.listed(found, UNDETERMINED if found else "")

    def without_data(self, one: Kept) -> Cell:
        found = [each["title"] for each in one.explanation["without_data"]]
        return self.listed(found, UNDETERMINED if found else "")

    def accuracy(self, one: Kept) -> Cell:
        accuracy = one.record["site"]["accuracy_m"]
        return Cell((self(NOT_STATED) if accuracy is None else f"±{accuracy:,.3g} m",))

    def warnings(self, one: Kept) -> Cell:
        return self.listed([*one.explanation.get("warnings", ()), *one.explanation.get("remarks", ())])


def _met(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Contacts in whose zone a site lies, or may lie."""
    return [one for one in record["contacts"] if one["relation"] == "overlaps" or one["certainty"] == "borderline"]


def _steps(record: Mapping[str, Any]) -> dict[str, float]:
    """Steps of the layers that are not published in full."""
    return {one["layer"]: one["step_m"] for one in record.get("disclosures", ())}

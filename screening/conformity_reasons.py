"""What one clause asks, what a project and its site say to it, and which of place, industry, construction or condition
rules it out: every answer names the clause's own subject, so that no two clauses share a blanket sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from screening.access import Clause, IndustrySet, Position, Scope, ZoneTrigger
from screening.conditions import Condition
from screening.declared_units import in_words
from screening.disclosure import told_searched_m
from screening.evidence import Contact, Evidence
from screening.model import Fact, FactValue, Realm
from screening.phrases import PHRASES
from screening.reach import reach, reach_parts
from screening.terms import CONSTRUCTION, REALM, ZONE_CLASS
from screening.truth import Truth, some
from screening.verdict import Verdict
from screening.whereabouts import contact_words, distance_words, zone_words
from screening.words import Text, joined, same

MOST_NAMED = 3  # zones of one condition that are described; the rest are counted
YES, NO = Text("是", "yes"), Text("否", "no")
UNDECLARED = PHRASES["undeclared"]
NOT_GIVEN = Text("成果未给出", "not given by the release")
DERIVED = Text("（未申报，按选址得出）", " (not declared, taken from the site)")
NOT_THERE: Mapping[Position, Text] = {
    Position.WITHIN: Text("选址不在其中", "the site does not lie there"),
    Position.NEAR: Text("选址不在此距离内", "the site does not come so near"),
    Position.OUTSIDE: Text("选址全部在其内，没有部分在其外", "all of the site lies inside, none of it outside"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One verdict being read clause by clause.

    Attributes:
        schema: Facts by name, for labels, units and choices.
        industry_names: Names of GB/T 4754 entries by code; a code without one stands for itself.
    """

    verdict: Verdict
    schema: Mapping[str, Fact]
    industry_names: Mapping[str, str]

    @property
    def evidence(self) -> Evidence:
        """What the layers said."""
        return self.verdict.evidence

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """Declared facts, and those the layers establish where nothing was declared."""
        return {**self.evidence.derived_facts, **self.verdict.project.facts}


# -- what the project declares -----------------------------------------------------------------------------------------


def fact_label(question: Question, name: str) -> Text:
    """A fact, or the kind of construction, by its label."""
    if name == "construction":
        return PHRASES["label_construction"]
    fact = question.schema.get(name)
    return fact.label if fact else same(name)


def fact_words(question: Question, name: str) -> Text:
    """One fact with its value and unit, or that it was not declared."""
    label = fact_label(question, name)
    return Text("{label}：{value}", "{label}: {value}").filled(label=label, value=_value(question, name))


def _value(question: Question, name: str) -> Text:
    fact, value = question.schema.get(name), question.facts.get(name)
    if value is None:
        return NOT_GIVEN if name in question.evidence.undeclarable else UNDECLARED
    if name in question.verdict.project.facts or name in question.evidence.undeclarable:
        return _spelled(value, fact)
    derived = round(value, 1) if isinstance(value, float) else value
    return _spelled(derived, fact).joined_with(DERIVED)


def _spelled(value: FactValue, fact: Fact | None) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return dict(fact.choices).get(value, same(value)) if fact else same(value)
    return same(f"{in_words(value)} {fact.unit if fact else ''}".strip())


def asked_facts(clause: Clause) -> tuple[str, ...]:
    """Names of the facts a clause asks for, in the order of its conditions."""
    conditions = (clause.applies_when, clause.satisfied_when, clause.excepted_when)
    names = [name for one in conditions if one for name in sorted(one.fact_names)]
    return tuple(dict.fromkeys([*names, *(one.fact for one in clause.replacements)]))


def project_industries(question: Question) -> Text:
    """The industries of the project, by code and name."""
    named = "、".join(f"{one.code} {one.name}" for one in question.verdict.project.industries)
    return same(named)


def declared_construction(question: Question) -> Text:
    """The kind of construction, or that it was not declared."""
    kind = question.verdict.project.construction
    return CONSTRUCTION[kind] if kind else UNDECLARED


# -- what a clause means -----------------------------------------------------------------------------------------------


def meant_industries(industries: IndustrySet, names: Mapping[str, str]) -> Text:
    """The industries a clause means, by code and name."""

    def listed(codes: frozenset[str]) -> str:
        return "、".join(f"{code} {names[code]}" if code in names else code for code in sorted(codes))

    include, exclude = listed(industries.include), listed(industries.exclude)
    if include and exclude:
        return Text(f"{include}（不含 {exclude}）", f"{include} (without {exclude})")
    if exclude:
        return Text(f"除 {exclude} 以外的行业", f"all industries but {exclude}")
    return same(include) if include else Text("所有行业", "all industries")


def meant_zones(trigger: ZoneTrigger, evidence: Evidence) -> Text:
    """The zones one spatial condition means, by layer, kind and columns."""
    consulted = evidence.answer_of(trigger.layer_id)
    words = consulted.layer.name if consulted else same(trigger.layer_id)
    words = Text(f"“{words.zh}”", f"“{words.en}”")
    kinds = [f"{column}={'/'.join(sorted(values))}" for column, values in trigger.attributes]
    if trigger.subtypes:
        kinds.insert(0, "、".join(sorted(trigger.subtypes)))
    return words.joined_with(Text(f"（{'，'.join(kinds)}）", f" ({', '.join(kinds)})")) if kinds else words


def meant_place(trigger: ZoneTrigger, evidence: Evidence) -> Text:
    """Where one spatial condition holds."""
    zones = meant_zones(trigger, evidence)
    match trigger.position:
        case Position.WITHIN:
            return Text("{zones}区内", "places in {zones}").filled(zones=zones)
        case Position.OUTSIDE:
            return Text("{zones}以外", "places outside {zones}").filled(zones=zones)
        case Position.NEAR:
            distance = distance_words(trigger.distance_m)
            return Text("距{zones} {distance} 以内", "places within {distance} of {zones}").filled(
                zones=zones, distance=distance
            )


def meant_units(scope: Scope) -> Text:
    """The units a clause is bound to: by code, class, district and realm."""
    named: list[Text] = []
    if scope.units:
        codes = "、".join(sorted(scope.units))
        named.append(Text(f"单元 {codes}", f"units {codes}"))
    if scope.classes:
        kinds = joined([ZONE_CLASS[cls] for cls in sorted(scope.classes)])
        named.append(Text(f"{kinds.zh}单元", f"{kinds.en} units"))
    if scope.districts:
        named.append(same("、".join(sorted(scope.districts))))
    if scope.realm is not Realm.BOTH:
        named.append(REALM[scope.realm])
    return joined(named, zh="，")


# -- where the site lies -----------------------------------------------------------------------------------------------


def told_contact(contact: Contact, evidence: Evidence) -> Text:
    """One zone: area, share, part of the site and certainty, in both languages."""
    return Text(contact_words(contact, evidence, "zh"), contact_words(contact, evidence, "en"))


def told_units(question: Question) -> Text:
    """The units of the site by name, code and class."""
    units = question.evidence.units
    if not units:
        return Text("选址不在任何已知管控单元内", "the site lies in no known control unit")
    zh, en = ("、".join(zone_words(one, "zh") for one in units), ", ".join(zone_words(one, "en") for one in units))
    return Text(f"选址在 {zh}", f"the site lies in {en}")


def told_trigger(question: Question, trigger: ZoneTrigger) -> Text:
    """How the site lies to the zones that one spatial condition means."""
    evidence = question.evidence
    consulted, zones = evidence.answer_of(trigger.layer_id), meant_zones(trigger, evidence)
    meant = [one for one in evidence.of_layer(trigger.layer_id) if trigger.means(one.zone) is not Truth.NO]
    inside = [one for one in meant if one.may_overlap]
    if inside:
        words = joined([told_contact(one, evidence) for one in inside[:MOST_NAMED]], zh="；", en="; ")
        more = len(inside) - MOST_NAMED
        return words.joined_with(PHRASES["and_more"].filled(count=str(more))) if more > 0 else words
    if consulted is None or not consulted.answered:
        return Text("{zones}图层未能答复", "layer {zones} did not answer").filled(zones=zones)
    if meant:
        nearest = min(meant, key=lambda one: one.measure.distance_m)
        return Text("选址不在{zones}内，最近的：{zone}", "the site lies outside {zones}; nearest: {zone}").filled(
            zones=zones, zone=told_contact(nearest, evidence)
        )
    others = [one for one in evidence.of_layer(trigger.layer_id) if one.may_overlap]
    if others:
        zh, en = "、".join(zone_words(one, "zh") for one in others), ", ".join(zone_words(one, "en") for one in others)
        return Text("选址不在{zones}内，而在 {others}", "the site lies outside {zones}, in {others}").filled(
            zones=zones, others=Text(zh, en)
        )
    if consulted.searched_m:
        return Text(
            "选址不在{zones}内，{distance} 内也没有", "the site lies outside {zones}, none within {distance}"
        ).filled(zones=zones, distance=distance_words(told_searched_m(consulted, evidence)))
    return Text("选址不在{zones}内", "the site lies outside {zones}").filled(zones=zones)


def situation(question: Question, clause: Clause) -> tuple[Text, ...]:
    """本项目情况 for one clause: where the site lies, and what is declared of all that the clause asks for."""
    said = [_industry_words(question)]
    if clause.construction:
        said.append(
            Text("建设性质：{kind}", "kind of construction: {kind}").filled(kind=declared_construction(question))
        )
    if not clause.scope.is_everywhere:
        said.append(_units_words(question, clause))
    said += [told_trigger(question, trigger) for trigger in clause.scope.zones]
    return (*said, *(fact_words(question, name) for name in asked_facts(clause)))


def _industry_words(question: Question) -> Text:
    return Text("行业：{industries}", "industry: {industries}").filled(industries=project_industries(question))


def _units_words(question: Question, clause: Clause) -> Text:
    """The site's units among those a clause is bound to, with area and share; all of them where none is."""
    scope = clause.scope
    own = [
        one
        for one in question.evidence.units
        if (not scope.units or one.zone.code in scope.units) and (not scope.classes or one.zone.cls in scope.classes)
    ]
    if not own:
        return told_units(question)
    return joined([told_contact(one, question.evidence) for one in own], zh="；", en="; ")


# -- why it does not concern -------------------------------------------------------------------------------------------


def ruled_out(question: Question, clause: Clause) -> tuple[Text, ...]:
    """Every one of place, industry, construction and condition that keeps a clause from concerning the project."""
    place = _not_there(question, clause)
    return (*place, *project_ruled_out(question, clause))


def project_ruled_out(question: Question, clause: Clause) -> tuple[Text, ...]:
    """What about the project, wherever it stood, keeps the clause from concerning it."""
    said = []
    if some(clause.industries.holds(one.lineage) for one in question.verdict.project.industries) is Truth.NO:
        meant = meant_industries(clause.industries, question.industry_names)
        said.append(
            Text("条款针对 {meant}；本项目为 {own}", "it means {meant}; this project is {own}").filled(
                meant=meant, own=project_industries(question)
            )
        )
    kind = question.verdict.project.construction
    if clause.construction and kind is not None and kind not in clause.construction:
        kinds = joined([CONSTRUCTION[one] for one in sorted(clause.construction)])
        said.append(
            Text("条款针对{kinds}项目；本项目为{own}", "it means {kinds}; this project is {own}").filled(
                kinds=kinds, own=CONSTRUCTION[kind]
            )
        )
    condition = clause.applies_when
    if condition and condition.holds(question.facts) is Truth.NO:
        said.append(_condition_unmet(question, condition))
    return tuple(said)


def _condition_unmet(question: Question, condition: Condition) -> Text:
    facts = joined([fact_words(question, name) for name in sorted(condition.fact_names)], zh="；", en="; ")
    return Text(
        "条款的适用条件是“{condition}”；{facts}，不成立",
        "it applies on the condition “{condition}”; {facts}: not so",
    ).filled(condition=condition.told(question.schema), facts=facts)


def _not_there(question: Question, clause: Clause) -> list[Text]:
    """Why the clause does not reach the site; nothing where it does or may."""
    evidence = question.evidence
    if reach(clause, evidence).truth is not Truth.NO:
        return []
    units, *zones = reach_parts(clause, evidence)
    said = []
    if units.truth is Truth.NO:
        said.append(
            _only(meant_units(clause.scope), Text("选址所在单元不在此列", "the site's units are none of these"))
        )
    for trigger, part in zip(clause.scope.zones, zones, strict=True):
        if part.truth is Truth.NO:
            said.append(_only(meant_place(trigger, evidence), NOT_THERE[trigger.position]))
    if not said:
        places = joined(
            [meant_place(trigger, evidence) for trigger in clause.scope.zones], zh="，且在", en=" that are "
        )
        bound = [] if clause.scope.is_everywhere else [meant_units(clause.scope)]
        meant = joined([*bound, places], zh="，且在", en=", ")
        said.append(_only(meant, Text("选址内没有同时满足的部分", "no part of the site meets all of it")))
    return said


def _only(meant: Text, found: Text) -> Text:
    return Text("条款只适用于{meant}；{found}", "it speaks about {meant} only; {found}").filled(
        meant=meant, found=found
    )


def subject(question: Question, clause: Clause) -> Text:
    """What a clause speaks about, in one sentence: industries, kinds of construction, places, condition."""
    said = [meant_industries(clause.industries, question.industry_names)]
    if clause.construction:
        said.append(joined([CONSTRUCTION[one] for one in sorted(clause.construction)]))
    if not clause.scope.is_everywhere:
        said.append(meant_units(clause.scope))
    said += [meant_place(trigger, question.evidence) for trigger in clause.scope.zones]
    conditions = [one for one in (clause.applies_when, clause.satisfied_when) if one]
    said += [one.told(question.schema) for one in conditions]
    return Text("条款针对：{subject}", "it is about: {subject}").filled(subject=joined(said, zh="；", en="; "))

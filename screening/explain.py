"""A verdict in plain sentences: the one text that every door prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screening.alignment_words import told_layout, told_places
from screening.disclosure import disclosed
from screening.evidence import Consulted, Contact
from screening.findings import Finding, Outcome, ReplacementDemand, Subject
from screening.model import Construction, Fact, Nature
from screening.particulars import particular_rows, remarks
from screening.phrases import PHRASES
from screening.published import disclosed_words
from screening.questions import asked
from screening.site_checks import NOTHING_STATED, Stated
from screening.terms import CONSTRUCTION, DIMENSION, EFFECT, LEVEL, NATURE, OUTCOME, STEP, TRUTH
from screening.truth import Truth
from screening.turning import Side, Turn
from screening.verdict import LevelAnswer, Verdict
from screening.whereabouts import area_words, contact_words, distance_words, share_words, steps_words
from screening.words import Language, Text, plain_number

BESIDE = {Side.AT: "turn_at", Side.BELOW: "turn_below", Side.ABOVE: "turn_above"}
MOST_NAMED = 3  # zones in one sentence; the detail lists all


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding or layer, ready to print."""

    key: str
    title: str
    outcome: str
    outcome_label: str
    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ToldTurn:
    """One declaration that would change the conclusion, and into what."""

    fact: str
    value: str
    conclusion: str
    conclusion_label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The verdict in one language: first the answer, then what to do, then the detail; doors tell it in this order.

    Attributes:
        notice: Warning to show above everything; None for an official release.
        deciding: The reasons that make the conclusion what it is.
        levels: What each level of the list says for itself.
        turning: Single declarations that would change the conclusion.
        places: Zones in which the site lies or may lie, layer by layer: the map in words.
        concerned: Findings that weigh.
        not_concerned: What was checked and found nothing.
        without_data: What could not be checked, and why.
        limits: How far the answer may be used.
        warnings: Where the coordinates contradict what was stated of the site; told above everything else.
        remarks: What a person should look at in the site and in what was declared; none of it weighs in the verdict.
    """

    language: Language
    notice: str | None
    conclusion: str
    conclusion_label: str
    headline: str
    deciding: tuple[str, ...]
    next_steps: tuple[str, ...]
    summary: tuple[Row, ...]
    levels: tuple[Entry, ...]
    places: tuple[Entry, ...]
    turning: tuple[ToldTurn, ...] = ()
    concerned: tuple[Entry, ...]
    not_concerned: tuple[Entry, ...]
    without_data: tuple[Entry, ...]
    limits: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def members(told: object) -> dict[str, object]:
    """The members of an explanation, or of anything in it, for an encoder to spell: one level of `dataclasses.asdict`.

    Raises:
        TypeError: It is nothing of an explanation.
    """
    names = getattr(told, "__dataclass_fields__", None)
    if names is None:
        raise TypeError(f"{type(told).__name__} has no members")
    return {name: getattr(told, name) for name in names}


def explain(
    verdict: Verdict,
    facts: Mapping[str, Fact],
    language: Language,
    stated: Stated = NOTHING_STATED,
    turns: Sequence[Turn] = (),
) -> Explanation:
    """The verdict in one language.

    Args:
        verdict: What `screen` answered.
        facts: The schema of facts and particulars, for labels; particulars in the order of their form.
        language: `zh` or `en`.
        stated: What was stated of the site, with the remarks on it.
        turns: What would change the conclusion, by `screening.turning`.
    """
    verdict = disclosed(verdict)
    say = _Speaker(verdict, facts, language, told_places(verdict.site, verdict.evidence))
    warnings = tuple(say(one.message) for one in stated.remarks if one.contradicts)
    weighing = [f for f in verdict.findings if f.outcome is not Outcome.NOT_CONCERNED]
    return Explanation(
        language=language,
        notice=say.notice(),
        conclusion=verdict.conclusion.name.lower(),
        conclusion_label=say(OUTCOME[verdict.conclusion]),
        headline=say(PHRASES[f"headline_{verdict.conclusion.name.lower()}"]),
        deciding=tuple(say.sentence(finding) for finding in say.deciding()),
        next_steps=(say.phrase("step_coordinates"), *say.next_steps()) if warnings else say.next_steps(),
        summary=say.summary(),
        levels=say.levels(),
        places=say.places(),
        concerned=tuple(say.finding(f) for f in weighing if f.subject not in (Subject.LAYER, Subject.UNIT)),
        not_concerned=tuple(say.not_concerned()),
        without_data=tuple(say.without_data(weighing)),
        limits=say.limits(),
        turning=tuple(say.turn(one) for one in turns),
        warnings=warnings,
        remarks=say.remarks(stated),
    )


@dataclass(frozen=True, slots=True)
class _Speaker:
    """One verdict being told in one language."""

    verdict: Verdict
    facts: Mapping[str, Fact]
    language: Language
    told: Mapping[tuple[str, str], Text]

    def __call__(self, text: Text) -> str:
        return text.in_(self.language)

    def phrase(self, name: str, **words: str | Text) -> str:
        return PHRASES[name].filled_in(self.language, **words)

    def row(self, name: str, value: str | Text) -> Row:
        label = PHRASES[f"label_{name}"].in_(self.language)
        return Row(label, value if isinstance(value, str) else value.in_(self.language))

    def notice(self) -> str | None:
        if self.verdict.evidence.release.nature is Nature.OFFICIAL:
            return None
        return self.phrase("notice_demonstration")

    def deciding(self) -> list[Finding]:
        """What decides; outside the units that alone, and not once more for each layer that ends there too."""
        found = list(self.verdict.deciding)
        if any(finding.subject is Subject.UNIT for finding in found):
            return [finding for finding in found if finding.subject is not Subject.LAYER]
        return found

    def sentence(self, finding: Finding) -> str:
        """One finding in one sentence: a clause by its wording and the zones it reaches, anything else by its title."""
        if finding.clause is None:
            return self.phrase("because", title=finding.title, reason=finding.reason)
        return self.phrase(
            "because_clause",
            wording=self.wording(finding.clause.wording),
            place=self.zones_of(finding),
            reason=finding.reason,
            title=finding.title,
        )

    def zones_of(self, finding: Finding) -> str:
        """The zones through which a finding applies, in half a sentence; empty if it applies everywhere."""
        named = [self.place(contact) for contact in finding.contacts[:MOST_NAMED]]
        if not named:
            return ""
        more = len(finding.contacts) - len(named)
        listed = ("、" if self.language == "zh" else ", ").join(named)
        listed += self.phrase("and_more", count=str(more)) if more > 0 else ""
        return self.phrase("because_place", zones=listed)

    def place(self, contact: Contact) -> str:
        zone, found = contact.zone, contact.measure
        name = f"{zone.name}（{zone.subtype}）" if zone.subtype and zone.subtype not in zone.name else zone.name
        if not contact.overlaps:
            return self.phrase("place_near", zone=name, distance=self.distance(contact))
        if self.verdict.evidence.site_area_m2 is None:
            return self.phrase("place_point", zone=name)
        if contact.published is not None:
            return self.phrase("contact_withheld", zone=name, part=share_words(contact))
        return self.phrase("place_share", zone=name, share=f"{found.share_of_site:.1%}")

    def distance(self, contact: Contact) -> Text | str:
        """How far a zone is, as it may be told."""
        distance, published = contact.measure.distance_m, contact.published
        return distance_words(distance) if published is None else steps_words(distance, published.disclosure.step_m)

    def wording(self, text: Text) -> str:
        """A clause as published; English where there is a translation."""
        return text.in_(self.language) or text.zh

    def next_steps(self) -> tuple[str, ...]:
        conclusion = self.verdict.conclusion
        steps: list[str] = []
        if conclusion is Outcome.VIOLATES:
            steps.append(self.phrase("step_violates"))
        elif questions := asked(self.verdict, self.facts):
            names = [self.fact_label(one.fact) for one in questions]
            joiner = "、" if self.language == "zh" else ", "
            steps.append(self.phrase("step_declare", facts=joiner.join(names)))
        least = Outcome.VIOLATES if conclusion is Outcome.VIOLATES else Outcome.COMPLIES
        duties = [self.wording(f.duty) for f in self.verdict.findings if f.duty and f.outcome >= least]
        steps += [duty for position, duty in enumerate(duties) if duty not in duties[:position]]
        return tuple(steps) or (self.phrase(f"step_{conclusion.name.lower()}"),)

    def fact_label(self, name: str) -> str:
        if name == "construction":
            return self(PHRASES["label_construction"])
        fact = self.facts.get(name)
        if fact is None:
            return name
        unit = f" ({fact.unit})" if fact.unit else ""
        return self(fact.label) + unit

    def summary(self) -> tuple[Row, ...]:
        verdict, evidence = self.verdict, self.verdict.evidence
        project, release = verdict.project, evidence.release
        layout = told_layout(verdict.site, evidence)
        industries = "；".join(f"{one.code} {one.name}" for one in project.industries)
        rows = [
            self.row("project", project.name or "—"),
            self.row("industry", industries),
            self.row(
                "construction", CONSTRUCTION[project.construction] if project.construction else PHRASES["undeclared"]
            ),
            *(Row(self(label), self(value)) for label, value in particular_rows(project, self.facts)),
            self.row("site", verdict.site.name or verdict.site.as_written[:80]),
            self.row("read_as", verdict.site.read_as),
            self.row(
                "site_area",
                area_words(evidence.site_area_m2) if evidence.site_area_m2 is not None else PHRASES["point_only"],
            ),
            *([self.row("layout", layout)] if layout else []),
            self.row("as_of", verdict.as_of.isoformat()),
            self.row("release", f"{self(release.title)} · {release.id} · {self(NATURE[release.nature])}"),
            self.row("list_version", release.list_version),
            self.row("area_method", evidence.plane.area_method(evidence.area_method)),
            self.row("engine", verdict.engine_version),
        ]
        return tuple(rows)

    def finding(self, finding: Finding) -> Entry:
        return Entry(
            key=finding.key,
            title=self(finding.title),
            outcome=finding.outcome.name.lower(),
            outcome_label=self(OUTCOME[finding.outcome]),
            text=self(finding.reason),
            rows=tuple(self._finding_rows(finding)),
        )

    def _finding_rows(self, finding: Finding) -> list[Row]:
        rows = self._clause_rows(finding) + self._line_rows(finding)
        rows += [row for contact in finding.contacts for row in self.contact_rows(contact)]
        rows += [self.row("replacement", self.replacement(demand)) for demand in finding.replacements]
        if finding.duty and (finding.clause is None or finding.duty != finding.clause.wording):
            rows.append(self.row("duty", finding.duty))
        if finding.steps:
            rows.append(self.row("steps", self._steps(finding)))
        if finding.missing_facts:
            names = [self.fact_label(name) for name in finding.missing_facts]
            rows.append(self.row("missing", "；".join(names) if self.language == "zh" else "; ".join(names)))
        return rows

    def _steps(self, finding: Finding) -> str:
        told = [f"{self(STEP[one.name])} {self(TRUTH[one.truth])}" for one in finding.steps]
        return f"{' → '.join(told)} ⇒ {self(OUTCOME[finding.outcome])}"

    def turn(self, turn: Turn) -> ToldTurn:
        """One declaration that would change the conclusion, in a sentence."""
        value = self.phrase(BESIDE[turn.side], value=self._turn_value(turn))
        label = self(OUTCOME[turn.conclusion])
        text = self.phrase("turn", fact=self.fact_label(turn.fact), value=value, conclusion=label)
        return ToldTurn(turn.fact, value, turn.conclusion.name.lower(), label, text)

    def _turn_value(self, turn: Turn) -> str:
        if turn.fact == "construction":
            return self(CONSTRUCTION[Construction(str(turn.value))])
        if isinstance(turn.value, bool):
            return self(TRUTH[Truth.of(turn.value)])
        if isinstance(turn.value, str):
            return self(dict(self.facts[turn.fact].choices).get(turn.value, Text(turn.value, turn.value)))
        return f"{turn.value:,.10g}"

    def replacement(self, demand: ReplacementDemand) -> str:
        """An amount to be replaced elsewhere, as a product of what the project adds and the ratio."""
        fact = self.facts.get(demand.fact)
        label, unit = (self(fact.label), fact.unit) if fact else (demand.fact, "")
        ratio = f"{demand.ratio:g}"
        if demand.declared is None or demand.amount is None:
            return self.phrase("replacement_open", fact=label, ratio=ratio)
        declared, amount = f"{plain_number(demand.declared)} {unit}", f"{plain_number(demand.amount)} {unit}"
        return self.phrase("replacement", fact=label, ratio=ratio, declared=declared, amount=amount)

    def levels(self) -> tuple[Entry, ...]:
        """What each level of the list says for itself; the strictest counts."""
        return tuple(
            Entry(
                key=f"level:{answer.level.name.lower()}",
                title=self(LEVEL[answer.level]),
                outcome=answer.outcome.name.lower(),
                outcome_label=self(OUTCOME[answer.outcome]),
                text=self._level_words(answer),
                rows=(),
            )
            for answer in self.verdict.levels
        )

    def _level_words(self, answer: LevelAnswer) -> str:
        if not answer.deciding:
            return self.phrase("level_silent", count=str(answer.clauses))
        ids = [f.clause.id for f in answer.deciding if f.clause]
        listed = ("、" if self.language == "zh" else ", ").join(ids[:MOST_NAMED])
        listed += self.phrase("and_more", count=str(len(ids) - MOST_NAMED)) if len(ids) > MOST_NAMED else ""
        decides = answer.outcome is self.verdict.conclusion and answer.outcome > Outcome.COMPLIES
        return self.phrase(
            "level_decides" if decides else "level_says", clauses=listed, reason=answer.deciding[0].reason
        )

    def _clause_rows(self, finding: Finding) -> list[Row]:
        clause = finding.clause
        if clause is None:
            return []
        return [
            self.row("wording", self.wording(clause.wording)),
            self.row("level", LEVEL[clause.level]),
            self.row("dimension", DIMENSION[clause.dimension]),
            self.row("effect", EFFECT[clause.effect]),
            self.row(
                "basis", clause.basis_on(self.verdict.as_of) + ("" if clause.verified else self(PHRASES["unverified"]))
            ),
        ]

    def _line_rows(self, finding: Finding) -> list[Row]:
        line = finding.ceiling or finding.objective
        if line is None:
            return []
        unverified = "" if line.verified else self(PHRASES["unverified"])
        return [self.row("wording", line.wording), self.row("basis", line.basis + unverified)]

    def contact_rows(self, contact: Contact) -> list[Row]:
        """How the site lies to a zone, and where in it a line or points lie."""
        place = self.told.get((contact.zone.layer_id, contact.zone.code))
        rows = [self.row("zone", self.contact(contact))]
        return [*rows, self.row("place", place)] if place else rows

    def contact(self, contact: Contact) -> str:
        return contact_words(contact, self.verdict.evidence, self.language)

    def places(self) -> tuple[Entry, ...]:
        """Every layer in whose zones the site lies, or may lie: what the map shows, in words."""
        entries = []
        for one in self.verdict.evidence.consulted:
            inside = [c for c in self.verdict.evidence.of_layer(one.layer.id) if c.may_overlap]
            if inside:
                rows = tuple(self.row("zone", self._place_words(contact)) for contact in inside)
                sure = all(contact.certainly_overlaps for contact in inside)
                text = self.phrase("layer_inside" if sure else "layer_borderline", count=str(len(inside)))
                entries.append(self._entry(f"place:{one.layer.id}", self(one.layer.name), text, rows))
        return tuple(entries)

    def _place_words(self, contact: Contact) -> str:
        stations = self.told.get((contact.zone.layer_id, contact.zone.code))
        words = self.contact(contact)
        return self.phrase("contact_and_stations", contact=words, stations=stations) if stations else words

    def not_concerned(self) -> list[Entry]:
        entries = [self.layer_clear(one) for one in self.verdict.evidence.consulted if self._is_clear(one)]
        entries += [self.finding(f) for f in self.verdict.findings if f.outcome is Outcome.NOT_CONCERNED]
        if self.verdict.out_of_scope:
            count = str(self.verdict.out_of_scope)
            entries.append(
                self._plain_entry("clauses:out_of_scope", "clauses_elsewhere", "clauses_elsewhere_text", count=count)
            )
        return entries

    def _is_clear(self, one: Consulted) -> bool:
        contacts = self.verdict.evidence.of_layer(one.layer.id)
        return one.answered and not any(contact.may_overlap for contact in contacts)

    def layer_clear(self, one: Consulted) -> Entry:
        contacts = self.verdict.evidence.of_layer(one.layer.id)
        rows = tuple(self.row(f"relation_{c.measure.relation.value}", self.contact(c)) for c in contacts[:3])
        if contacts:
            nearest = min(contacts, key=lambda contact: contact.measure.distance_m)
            text = self.phrase("layer_clear_near", layer=one.layer.name, distance=self.distance(nearest))
        elif one.searched_m:
            text = self.phrase("layer_clear_within", layer=one.layer.name, distance=distance_words(one.searched_m))
        else:
            text = self.phrase("layer_clear", layer=one.layer.name)
        return self._entry(f"layer:{one.layer.id}", self(one.layer.name), text, rows)

    def without_data(self, weighing: list[Finding]) -> list[Entry]:
        told = [self.finding(f) for f in weighing if f.subject in (Subject.LAYER, Subject.UNIT)]
        told_layers = {finding.layer_id for finding in weighing if finding.subject is Subject.LAYER}
        for one in self.verdict.evidence.consulted:
            if not one.answered and one.layer.id not in told_layers:
                text = self(one.reason) if one.reason else ""
                told.append(self._entry(f"layer:{one.layer.id}", self(one.layer.name), text, (), Outcome.UNDETERMINED))
        if self.verdict.unplaced:
            title = self.phrase("clauses_unplaced", count=str(self.verdict.unplaced))
            text = self.phrase("clauses_unplaced_text")
            told.append(self._entry("clauses:unplaced", title, text, (), Outcome.UNDETERMINED))
        return told

    def remarks(self, stated: Stated) -> tuple[str, ...]:
        """What a person should look at: first in the site, then in what was declared of the project."""
        verdict = self.verdict
        found = remarks(verdict.project, verdict.site, verdict.evidence, verdict.as_of)
        of_site = tuple(self(one.message) for one in stated.remarks if not one.contradicts)
        return of_site + tuple(
            self.phrase(
                "remark",
                label=self.facts[one.name].label if one.name in self.facts else one.name,
                message=one.message,
            )
            for one in found
        )

    def limits(self) -> tuple[str, ...]:
        clauses = [f.clause for f in self.verdict.findings if f.clause and f.outcome is not Outcome.NOT_CONCERNED]
        unverified = sum(1 for clause in clauses if not clause.verified)
        said = [self.phrase("limit_no_legal_force")]
        if self.verdict.evidence.release.nature is Nature.DEMONSTRATION:
            said.append(self.phrase("limit_demonstration"))
        if unverified:
            said.append(self.phrase("limit_unverified", count=str(unverified), total=str(len(clauses))))
        if self.verdict.evidence.site_area_m2 is None:
            said.append(self.phrase("limit_point"))
        said.append(self.accuracy_limit())
        evidence = self.verdict.evidence
        for layer_id, one in evidence.disclosures.items():
            if consulted := evidence.answer_of(layer_id):
                said.append(
                    self.phrase(
                        "limit_disclosed",
                        layer=consulted.layer.name,
                        decision=disclosed_words(one),
                        source=one.source,
                        day=one.decided_on.isoformat(),
                    )
                )
        said.append(self.phrase("limit_declared"))
        return tuple(said)

    def accuracy_limit(self) -> str:
        accuracy = self.verdict.site.accuracy_m
        if accuracy is None:
            return self.phrase("limit_accuracy_unstated")
        return self.phrase("limit_accuracy", accuracy=f"±{accuracy:,.3g} m")

    def _plain_entry(self, key: str, title: str, text: str, **words: str) -> Entry:
        return self._entry(key, self.phrase(title, **words), self.phrase(text, **words), ())

    def _entry(
        self, key: str, title: str, text: str, rows: tuple[Row, ...], outcome: Outcome = Outcome.NOT_CONCERNED
    ) -> Entry:
        return Entry(key, title, outcome.name.lower(), self(OUTCOME[outcome]), text, rows)

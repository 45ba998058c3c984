"""The three lines in a 符合性分析 table: 生态保护红线, 环境质量底线 by element, 资源利用上线 by resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from screening.accuracy import Certainty
from screening.conformity_reasons import Question, fact_words, told_contact
from screening.conformity_rows import SECTION, ConformityRow, Section, cause, conformity_label, silence
from screening.disclosure import public_consulted, told_searched_m
from screening.evidence import Consulted
from screening.findings import Finding, Outcome
from screening.terms import FIELD
from screening.whereabouts import distance_words
from screening.words import Text, same

RED_LINE = "red_line"  # layer of 生态保护红线, by its standard name in a jurisdiction
ELEMENTS: Mapping[str, Text] = {  # element layers by their standard names; every report answers for all three
    "water": Text("水", "water"),
    "air": Text("大气", "air"),
    "soil": Text("土壤", "soil"),
}
NO_WORDING = Text("成果没有给出文字", "The release gives no wording")
ASK_ELSEWHERE = Text(
    "成果没有该要素在此地的目标和现状，未计入研判结论；报告须依据监测资料另行分析",
    "the release holds no objective and state of it here, so it has no part in the verdict; the report must analyse it "
    "from monitoring",
)


def lines_of(question: Question) -> Iterator[ConformityRow]:
    """Rows of the three lines, in their order."""
    yield _red_line(question)
    yield from _quality(question)
    yield from _resources(question)


def _red_line(question: Question) -> ConformityRow:
    evidence = question.evidence
    consulted = evidence.answer_of(RED_LINE)
    inside = [one for one in evidence.of_layer(RED_LINE) if one.may_overlap]
    spoken = [
        one
        for one in question.verdict.findings
        if any(contact.zone.layer_id == RED_LINE and contact.may_overlap for contact in one.contacts)
    ]
    outcome = max((one.outcome for one in spoken), default=Outcome.COMPLIES if not inside else Outcome.UNDETERMINED)
    keys = "、".join(one.key.removeprefix("clause:") for one in spoken if one.outcome is outcome)
    told = tuple(told_contact(one, evidence) for one in inside)
    reason = Text(f"见 {keys}", f"see {keys}")
    weighs = True
    if consulted is None or not consulted.answered:
        weighs = consulted is not None and consulted.layer.required
        outcome = max(outcome, Outcome.UNDETERMINED)
        reason = silence(consulted and public_consulted(consulted, question.evidence))
        told = (*told, reason)
    elif not inside:
        reason = _clear_of(question, consulted)
        told = (reason,)
    elif outcome is Outcome.NOT_CONCERNED or not spoken:
        weighs, outcome = False, Outcome.UNDETERMINED
        reason = Text(
            "选址涉及生态保护红线，而清单没有对本项目作出规定；不能视为允许，须由生态环境部门核定",
            "the site concerns the red line and the list says nothing on this project; that is no permission, the "
            "authority must decide",
        )
    return ConformityRow(
        key="line:red_line",
        section=Section.RED_LINE,
        group=FIELD["red_line"],
        item=FIELD["red_line"],
        requirement=Text(
            "选址与生态保护红线的位置关系；涉及红线的，按清单所列条款",
            "How the site lies to the red line; where it concerns it, the clauses of the list",
        ),
        situation=told,
        outcome=outcome,
        label=conformity_label(outcome, _red_line_cause(spoken, consulted)),
        reason=reason,
        weighs=weighs,
    )


def _red_line_cause(spoken: Sequence[Finding], consulted: Consulted | None) -> Text:
    if consulted is None or not consulted.answered:
        return Text("图层未答复", "the layer did not answer")
    borderline = any(one.certainty is Certainty.BORDERLINE for one in spoken)
    return Text("位置临界", "borderline place") if borderline else Text("需人工判断", "a person must judge")


def _clear_of(question: Question, consulted: Consulted) -> Text:
    near = question.evidence.of_layer(consulted.layer.id)
    if near:
        nearest = min(near, key=lambda one: one.measure.distance_m)
        return Text("已核对，选址不在其中；最近：{zone}", "checked, the site lies outside; nearest: {zone}").filled(
            zone=told_contact(nearest, question.evidence)
        )
    distance = distance_words(told_searched_m(consulted, question.evidence))
    return Text(
        f"已核对，选址不在其中，{distance} 内也没有", f"checked, the site lies outside and none lies within {distance}"
    )


def _quality(question: Question) -> Iterator[ConformityRow]:
    """环境质量底线 by element; an element of which the release holds nothing is still answered."""
    findings = sorted((one for one in question.verdict.findings if one.objective), key=lambda one: one.key)
    known = {text.zh: layer_id for layer_id, text in ELEMENTS.items()}
    for layer_id, element in ELEMENTS.items():
        own = [one for one in findings if one.objective and one.objective.element.zh == element.zh]
        yield from (_line_row(question, one, Section.QUALITY, layer_id) for one in own)
        if not own:
            yield _without_objective(question, layer_id, element)
    others = [one for one in findings if one.objective and one.objective.element.zh not in known]
    yield from (_line_row(question, one, Section.QUALITY, "") for one in others)
    yield from _absent(question, Section.QUALITY)


def _resources(question: Question) -> Iterator[ConformityRow]:
    found = sorted((one for one in question.verdict.findings if one.ceiling), key=lambda one: one.key)
    yield from (_line_row(question, one, Section.RESOURCE, "") for one in found)
    absent = list(_absent(question, Section.RESOURCE))
    yield from absent
    if not found and not absent:
        yield ConformityRow(
            key="line:resource",
            section=Section.RESOURCE,
            group=FIELD["resource_ceiling"],
            item=FIELD["resource_ceiling"],
            requirement=Text("成果没有此地的资源利用上线", "The release holds no resource ceiling for this place"),
            situation=_declared(question, "water_m3_per_year", "energy_tce_per_year", "land_m2"),
            outcome=Outcome.UNDETERMINED,
            label=conformity_label(Outcome.UNDETERMINED, Text("成果没有数据", "no data in the release")),
            reason=ASK_ELSEWHERE,
            weighs=False,
        )


def _declared(question: Question, *names: str) -> tuple[Text, ...]:
    return tuple(fact_words(question, name) for name in names if name in question.schema)


def _line_row(question: Question, finding: Finding, section: Section, layer_id: str) -> ConformityRow:
    line = finding.ceiling or finding.objective
    if line is None:
        raise ValueError(finding.key)  # only findings of lines come here
    asked = finding.ceiling.fact if finding.ceiling else finding.objective.emission_fact if finding.objective else ""
    pollutants = finding.objective.pollutants if finding.objective else ()
    declared = (*_declared(question, asked, *pollutants), *_element_zones(question, layer_id))
    return ConformityRow(
        key=finding.key,
        section=section,
        group=SECTION[section],
        item=finding.title,
        requirement=same(line.wording) if line.wording else NO_WORDING,
        situation=declared or (finding.reason,),
        outcome=finding.outcome,
        label=conformity_label(finding.outcome, cause(question, finding)),
        reason=finding.reason,
        measure=finding.duty,
        basis=line.basis,
        verified=line.verified,
    )


def _element_zones(question: Question, layer_id: str) -> tuple[Text, ...]:
    """The zones of an element in which the site lies or may lie."""
    inside = [one for one in question.evidence.of_layer(layer_id) if one.may_overlap]
    return tuple(told_contact(one, question.evidence) for one in inside)


def _without_objective(question: Question, layer_id: str, element: Text) -> ConformityRow:
    name = Text(f"环境质量底线：{element.zh}", f"Quality baseline: {element.en}")
    zones = _element_zones(question, layer_id)
    nothing = Text(
        f"成果没有{element.zh}环境管控分区在此处的资料",
        f"the release shows no {element.en} zone here",
    )
    return ConformityRow(
        key=f"line:quality:{layer_id}",
        section=Section.QUALITY,
        group=FIELD["quality_baseline"],
        item=name,
        requirement=Text(
            f"成果没有此地的{element.zh}环境质量目标",
            f"The release holds no {element.en} quality objective for this place",
        ),
        situation=zones or (nothing,),
        outcome=Outcome.UNDETERMINED,
        label=conformity_label(Outcome.UNDETERMINED, Text("成果没有数据", "no data in the release")),
        reason=Text(f"{element.zh}：", f"{element.en}: ").joined_with(ASK_ELSEWHERE),
        weighs=False,
    )


def _absent(question: Question, section: Section) -> Iterator[ConformityRow]:
    """Ceilings and objectives that the jurisdiction requires and the place lacks."""
    for line in question.evidence.absent_lines:
        fact = question.schema.get(line.fact)
        own = Section.QUALITY if fact is not None and fact.is_derived else Section.RESOURCE
        if own is section:
            finding = next(one for one in question.verdict.findings if one.key == f"line:{line.holder}:{line.fact}")
            yield ConformityRow(
                key=finding.key,
                section=section,
                group=SECTION[section],
                item=finding.title,
                requirement=Text("辖区规定必须核对", "The jurisdiction requires it to be checked"),
                situation=_declared(question, line.fact),
                outcome=finding.outcome,
                label=conformity_label(finding.outcome, Text("成果没有数据", "no data in the release")),
                reason=finding.reason,
                measure=finding.duty,
            )

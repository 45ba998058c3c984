"""A case's discharges as the JSON door and the page tell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.approvals.discharges import Declaration, NewDeclaration, Panel, as_record
from api.discharge_schemas import (
    CaseEmissionOut,
    ChoiceOut,
    DeclarationIn,
    DeclarationOut,
    DischargesOut,
    LimitUsedOut,
    MediumOut,
    NeedOut,
    PollutantOut,
    StandardOut,
    Verdict,
)
from api.law import DischargeQuestion, Value
from api.law_routes import bounds_of, emission_out, question_of
from api.law_schemas import DischargeIn
from layers.standards import standard_book
from screening.discharges import EXTENT, MEDIUM, Expected, Extent, condition_words, room, standards_of
from screening.emission_model import AVERAGING, COMPLIANCE, OUTLET_WORDS, QUANTITY, Compliance, EmissionFinding
from screening.standards import Limit, Medium, Origin, Reach, Standard
from screening.truth import Truth
from screening.units import Amount, Quantity
from screening.words import Language, Text, joined

VERDICTS: dict[Truth, Verdict] = {Truth.YES: "met", Truth.NO: "exceeded", Truth.UNKNOWN: "undetermined"}
VERDICT_WORDS: dict[Truth, Text] = {
    Truth.YES: COMPLIANCE[Compliance.MET],
    Truth.NO: COMPLIANCE[Compliance.EXCEEDED],
    Truth.UNKNOWN: Text("无法判定", "undetermined"),
}
ORIGIN: dict[Origin, Text] = {Origin.NATIONAL: Text("国家", "national"), Origin.LOCAL: Text("地方", "local")}
REACH: dict[Reach, Text] = {
    Reach.INDUSTRY: Text("行业（设施）型", "of an industry or kind of plant"),
    Reach.GENERAL: Text("综合（通用）型", "general"),
}
MOST_NAMED = 8
_FIRST = Text("首先申报：{names}", "Declare first: {names}")
_MORE = Text("{names}等 {count} 种", "{names} and others, {count} in all")


def discharges_out(panel: Panel, language: Language) -> DischargesOut:
    """The panel, the same for the page and for machines."""
    found = panel.assessment
    findings = iter(found.findings)
    declarations = [
        _declaration(one, next(findings) if one.discharge else (), one.position in panel.correctable, language)
        for one in panel.declarations
    ]
    undeclared = found.undeclared
    concerned = [one for one in panel.wanted or () if found.extents[one.medium] is not Extent.NONE]
    return DischargesOut(
        as_of=panel.day.isoformat(),
        decided=panel.is_decided,
        area=panel.area,
        industries=list(panel.industries),
        verdict=VERDICTS[found.truth],
        verdict_label=VERDICT_WORDS[found.truth].in_(language),
        headline=joined(list(found.reasons), zh="；", en="; ").in_(language),
        reasons=[one.in_(language) for one in (*found.reasons, *_first(undeclared or ()))],
        media=[
            MediumOut(
                medium=medium,
                label=MEDIUM[medium].in_(language),
                extent=extent,
                extent_label=EXTENT[extent].in_(language),
            )
            for medium, extent in found.extents.items()
        ],
        declarations=declarations,
        replaced=panel.replaced,
        undeclared=None if undeclared is None else [_pollutant(one, language) for one in undeclared],
        standards=list(_standards(concerned, undeclared or (), language)),
        columns=[need_out(name, language) for name in _columns(undeclared or ())],
        verified=all(one.verified for several in declarations for one in several.findings) and undeclared == (),
    )


def new_declaration(said: DeclarationIn) -> NewDeclaration:
    """A declaration as the cases keep it."""
    return NewDeclaration(
        discharge=question_of(said.discharge, "") if said.discharge else None,
        nothing_else=said.nothing_else,
        replaces=said.replaces,
        outlet_name=said.outlet_name,
    )


def need_out(name: str, language: Language, label: Text | None = None) -> NeedOut:
    """Something that would decide, with its choices where it is a column of the tables."""
    column = standard_book().columns.get(name)
    words = label or (column.label if column else Text(name, name))
    choices = column.choices if column else ()
    return NeedOut(
        name=name,
        label=words.in_(language),
        choices=[ChoiceOut(value=value, label=text.in_(language)) for value, text in choices],
    )


def _first(undeclared: Sequence[Expected]) -> Iterator[Text]:
    """What to declare before anything else: what is limited whatever kind of source it is."""
    pollutants = standard_book().pollutants
    certain = list(dict.fromkeys(one.pollutant for one in undeclared if one.is_certain))
    if certain:
        names = joined([pollutants[one].name for one in certain[:MOST_NAMED]])
        is_all = len(certain) <= MOST_NAMED
        yield _FIRST.filled(names=names if is_all else _MORE.filled(names=names, count=str(len(certain))))


def _columns(undeclared: Sequence[Expected]) -> list[str]:
    known = standard_book().columns
    asked = {name for one in undeclared for name in one.columns}
    return [name for name in known if name in asked]


def _declaration(
    declared: Declaration, findings: Sequence[EmissionFinding], is_correctable: bool, language: Language
) -> DeclarationOut:
    asked = declared.discharge
    medium = declared.medium or Medium.WATER
    pollutant = asked.pollutant if asked else ""
    known = standard_book().pollutants.get(pollutant)  # one that later tables dropped keeps the name it was declared by
    return DeclarationOut(
        position=declared.position,
        replaces=declared.replaces,
        kind="discharge" if asked else "nothing_else",
        medium=medium,
        medium_label=MEDIUM[medium].in_(language),
        outlet_name=declared.outlet_name,
        outlet_label=OUTLET_WORDS[asked.outlet].in_(language) if asked and asked.outlet else "",
        pollutant=pollutant,
        pollutant_label=known.name.in_(language) if known else pollutant,
        industry=asked.industry if asked else "",
        told=_told(asked, language) if asked else "",
        discharge=DischargeIn.model_validate(as_record(asked)) if asked else None,
        by=declared.by_name,
        at=declared.at,
        correctable=is_correctable,
        findings=[_finding(one, language) for one in findings],
    )


def _told(asked: DischargeQuestion, language: Language) -> str:
    """Every value declared, in words."""

    def amount(value: Value, quantity: Quantity | None) -> str:
        said = Amount.of(str(value.value), value.unit).label.in_(language)
        more = AVERAGING[value.averaging] if value.averaging is not None else QUANTITY[quantity] if quantity else None
        return (
            f"{said} ({more.in_(language)})" if language == "en" and more else f"{said}（{more.zh}）" if more else said
        )

    others = (
        (asked.rate, Quantity.RATE),
        (asked.annual, Quantity.ANNUAL),
        (asked.stack_height, Quantity.HEIGHT),
        (asked.removal, Quantity.REMOVAL),
    )
    told = [amount(one, None) for one in asked.concentrations]
    told += [amount(one, quantity) for one, quantity in others if one is not None]
    return ("；" if language == "zh" else "; ").join(told)


def _finding(found: EmissionFinding, language: Language) -> CaseEmissionOut:
    best, told = found.governing, emission_out(found, language)
    declared = [best.declared] if best else [one.amount for one in found.discharge.declared(found.quantity)]
    limits = {one.model_dump_json(): one for one in told.limits}  # alike where only their conditions differ
    return CaseEmissionOut(
        **{**told.model_dump(), "limits": list(limits.values())},
        verdict=VERDICTS[found.truth],
        verdict_label=VERDICT_WORDS[found.truth].in_(language),
        declared=joined([one.label for one in declared]).in_(language),
        binding=_limit(best.standard, best.limit, language) if best else None,
        margin=-float(best.beyond) if best else None,
        margin_label=room(found).in_(language),
        missing=[need_out(one.name, language, one.label) for one in found.needs],
    )


def _limit(standard: Standard, limit: Limit, language: Language) -> LimitUsedOut:
    return LimitUsedOut(
        standard=standard.code,
        title=standard.title.in_(language),
        cited=limit.cited.in_(language),
        limit=bounds_of(limit, language),
        in_force_from=standard.valid_from.isoformat(),
        verified=limit.verified,
    )


def _pollutant(one: Expected, language: Language) -> PollutantOut:
    return PollutantOut(
        medium=one.medium,
        medium_label=MEDIUM[one.medium].in_(language),
        pollutant=one.pollutant,
        label=standard_book().pollutants[one.pollutant].name.in_(language),
        certain=one.is_certain,
        standards=[standard.code for standard in one.naming],
    )


def _standards(wanted: Sequence[Expected], undeclared: Sequence[Expected], language: Language) -> Iterator[StandardOut]:
    """Standards that may bind, the most particular first, each with what it limits and nobody declared."""
    book = standard_book()
    for standard in standards_of(wanted):
        limits = [(one, limit) for one in wanted for other, limit in one.limits if other.code == standard.code]
        open_here = [one for one in undeclared if standard.code in {other.code for other in one.naming}]
        media = [medium for medium in MEDIUM if any(one.medium is medium for one, _ in limits)]
        yield StandardOut(
            code=standard.code,
            title=standard.title.in_(language),
            media=media,
            media_label=joined([MEDIUM[one] for one in media]).in_(language),
            level_label=ORIGIN[standard.origin].in_(language),
            scope_label=REACH[standard.reach].in_(language),
            in_force_from=standard.valid_from.isoformat(),
            condition=condition_words(standard.when, book).in_(language),
            undeclared=[book.pollutants[one.pollutant].name.in_(language) for one in open_here],
            held=any(limit.is_held for _, limit in limits),
            verified=all(limit.verified for _, limit in limits),
        )

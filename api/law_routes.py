"""HTTP routes beside the site: EIA category, industrial policy, discharges, basis documents, agencies, reference data."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.law import DischargeQuestion, LawService, Value
from api.law_schemas import (
    AgenciesOut,
    AgencyOut,
    DischargeIn,
    DocumentOut,
    DocumentsOut,
    EiaCategoryIn,
    EiaCategoryOut,
    EiaItemOut,
    EiaLevelCode,
    EmissionOut,
    EmissionsIn,
    EmissionsOut,
    LimitOut,
    NeededOut,
    PoliciesOut,
    PolicyAnswerOut,
    PolicyIn,
    PolicyMatchOut,
    ReferenceOut,
    ReferencesOut,
    SettlingOut,
    StandingOut,
    ValueIn,
)
from api.problems import language_of
from api.question import Question, declaration
from api.schemas import PROBLEMS, SiteIn
from api.service import ScreeningService
from layers.agencies import CREDIT_STATUS, Agency, CreditStatus
from layers.eia_catalogue import eia_catalogue
from layers.policy import catalogues
from layers.register import register
from layers.standards import standard_book
from screening.basis import DOCUMENT_KIND, STANDING, Document
from screening.eia_model import EIA_LEVEL, EiaCategory, EiaLevel, Item, ItemAnswer
from screening.emission_model import AVERAGING, COMPLIANCE, QUANTITY, EmissionFinding
from screening.emissions import complies
from screening.policy import POLICY_CLASS, PolicyAnswer, PolicyMatch
from screening.standards import Averaging, Limit, Standard
from screening.terms import EFFECT
from screening.units import UNITS, plain
from screening.words import Language, Text

OPEN = Text("尚不能确定", "not known yet")
FOR_A_PERSON = Text("须由人工判断", "a person must decide")
Lang = Annotated[str | None, Query(alias="lang", description="`zh` or `en`; else Accept-Language, else Chinese")]


def law_router(law: LawService, service: ScreeningService) -> APIRouter:
    """All routes of the law tables, bound to their services."""
    routes = APIRouter(responses=PROBLEMS, tags=["law"])
    _add_project_checks(routes, law, service)
    _add_library(routes, law)
    return routes


def _add_project_checks(routes: APIRouter, law: LawService, service: ScreeningService) -> None:
    @routes.post("/api/v1/eia-categories")
    def eia_category(asked: EiaCategoryIn, request: Request, lang: Lang = None) -> EiaCategoryOut:
        """The EIA document a project needs (名录 2021), or the least that must still be declared to know it."""
        found = law.eia_category(
            asked.industries,
            asked.facts,
            construction=asked.construction,
            chosen=asked.chosen,
            place=service.place(_question(asked.site, asked)) if asked.site else None,
            as_of=asked.as_of,
        )
        return _eia_category(found, language_of(request))

    @routes.post("/api/v1/policy-checks")
    def policy(asked: PolicyIn, request: Request, lang: Lang = None) -> PoliciesOut:
        """How the industrial-policy catalogues class a project; a person confirms what may fit."""
        found = law.policy(
            asked.industries,
            asked.words,
            asked.facts,
            construction=asked.construction,
            confirmed=asked.confirmed,
            read=asked.read,
            as_of=asked.as_of,
        )
        return PoliciesOut(items=[_policy(one, language_of(request)) for one in found])

    @routes.post("/api/v1/emission-checks")
    def emissions(asked: EmissionsIn, request: Request, lang: Lang = None) -> EmissionsOut:
        """Declared discharges against the limits in force; without a known limit never “met”."""
        found = law.emissions([question_of(one, asked.area) for one in asked.discharges], as_of=asked.as_of)
        return EmissionsOut(truth=complies(found), items=[emission_out(one, language_of(request)) for one in found])


def _add_library(routes: APIRouter, law: LawService) -> None:
    @routes.get("/api/v1/documents")
    def documents(request: Request, q: Annotated[str, Query(max_length=100)] = "", lang: Lang = None) -> DocumentsOut:
        """Basis documents that hold all the words; the latest ones for blank words."""
        language = language_of(request)
        return DocumentsOut(items=[document_out(one, language, excerpt) for one, excerpt in law.documents(q)])

    @routes.get("/api/v1/documents/{document_id}")
    def document(document_id: str, request: Request, as_of: date | None = None, lang: Lang = None) -> StandingOut:
        """What is in force on a day in place of a document."""
        language = language_of(request)
        found = law.document(document_id, as_of)
        return StandingOut(
            document=document_out(found.asked, language),
            as_of=found.day.isoformat(),
            standing=found.standing.value,
            standing_label=STANDING[found.standing].in_(language),
            reason=found.reason.in_(language),
            current=[document_out(one, language) for one in found.current],
            likely=[document_out(one, language) for one in found.likely],
            provisions=[one.provision for one in found.repeals],
            verified=found.is_verified,
        )

    @routes.get("/api/v1/agencies")
    def agencies(
        request: Request,
        q: Annotated[str, Query(max_length=100)] = "",
        district: Annotated[str, Query(max_length=40)] = "",
        status: CreditStatus | None = None,
        lang: Lang = None,
    ) -> AgenciesOut:
        """EIA agencies by name, district and credit status."""
        demonstration, found = law.agencies(q, district, status)
        items = [_agency(one, language_of(request)) for one in found]
        return AgenciesOut(demonstration=demonstration, items=items)

    @routes.get("/api/v1/reference")
    def reference(request: Request, lang: Lang = None) -> ReferencesOut:
        """Reference tables: where each is from, and how much of it was checked."""
        language = language_of(request)
        return ReferencesOut(
            items=[
                ReferenceOut(
                    name=one.name,
                    title=one.title.in_(language),
                    source=one.source,
                    valid_from=one.valid_from.isoformat(),
                    rows=len(one.rows),
                    unverified=len(one.unverified),
                    complete=one.complete,
                )
                for one in register()
            ]
        )


# -- answers as JSON ---------------------------------------------------------------------------------------------------


def _question(site: SiteIn, asked: EiaCategoryIn) -> Question:
    return Question(
        geometry=site.geometry,
        text=site.text,
        declared=declaration(site.declared),
        site_name=site.name,
        width_m=site.width_m,
        facts={},
        as_of=asked.as_of,
    )


def _eia_category(found: EiaCategory, language: Language) -> EiaCategoryOut:
    items = eia_catalogue().items
    return EiaCategoryOut(
        level=_level(found.level) if found.level is not None else None,
        level_label=(EIA_LEVEL[found.level] if found.level is not None else OPEN).in_(language),
        possible=[_level(one) for one in found.possible],
        at_least=_level(found.at_least),
        items=[_item_answer(one, language) for one in found.items],
        needed=[
            NeededOut(
                name=one.name,
                label=one.label.in_(language),
                settles=[SettlingOut(answers=s.answers.in_(language), level=_level(s.level)) for s in one.settles],
            )
            for one in found.needed
        ],
        unplaced=[f"{one.code} {one.name}" for one in found.unplaced],
        offered=[_item(items[number], language) for number in found.offered],
        reasons=[reason.in_(language) for reason in found.reasons],
        basis=found.basis.in_(language),
        valid_from=found.valid_from.isoformat(),
        valid_to=found.valid_to.isoformat() if found.valid_to else None,
        verified=found.verified,
    )


def _level(level: EiaLevel) -> EiaLevelCode:
    codes: dict[EiaLevel, EiaLevelCode] = {
        EiaLevel.REPORT_BOOK: "report_book",
        EiaLevel.REPORT_TABLE: "report_table",
        EiaLevel.REGISTRATION_FORM: "registration_form",
        EiaLevel.NOT_MANAGED: "not_managed",
    }
    return codes[level]


def _item(item: Item, language: Language) -> EiaItemOut:
    return EiaItemOut(
        number=item.number,
        category=item.category,
        title=item.title.in_(language) or item.title.zh,
        industry=None,
        level=None,
        possible=[],
        column="",
        missing=[],
        verified=item.verified,
    )


def _item_answer(found: ItemAnswer, language: Language) -> EiaItemOut:
    return _item(found.item, language).model_copy(
        update={
            "industry": found.industry.code if found.industry else None,
            "level": _level(found.level) if found.level is not None else None,
            "possible": [_level(one) for one in found.possible],
            "column": found.column,
            "missing": list(found.missing),
        }
    )


def _policy(found: PolicyAnswer, language: Language) -> PolicyAnswerOut:
    catalogue = catalogues()[found.catalogue]
    return PolicyAnswerOut(
        catalogue=found.catalogue,
        title=catalogue.title.in_(language),
        basis=catalogue.basis,
        policy_class=found.cls,
        at_least=found.at_least,
        label=(POLICY_CLASS[found.cls] if found.cls else FOR_A_PERSON).in_(language),
        effect=EFFECT[found.effect].in_(language) if found.effect else None,
        reason=found.reason.in_(language),
        matches=[_match(one) for one in found.matches],
        open_entries=list(found.open_entries),
        missing_facts=list(found.missing_facts),
        incomplete=list(found.incomplete),
        verified=found.is_verified,
    )


def _match(found: PolicyMatch) -> PolicyMatchOut:
    entry = found.entry
    return PolicyMatchOut(
        id=entry.id,
        policy_class=entry.cls,
        section=entry.section,
        number=entry.number,
        wording=entry.wording,
        verbatim=entry.is_verbatim,
        by_code=found.code,
        by_words=list(found.keywords),
        threshold=found.threshold,
        confirmed=found.confirmed,
        missing_facts=list(found.missing_facts),
        verified=entry.verified,
        source=entry.source,
    )


def question_of(asked: DischargeIn, area: str) -> DischargeQuestion:
    """A discharge as the law service reads it."""
    return DischargeQuestion(
        pollutant=asked.pollutant,
        medium=asked.medium,
        industry=asked.industry,
        concentrations=tuple(_value(one) for one in asked.concentrations),
        rate=_value(asked.rate) if asked.rate else None,
        annual=_value(asked.annual) if asked.annual else None,
        stack_height=_value(asked.stack_height) if asked.stack_height else None,
        removal=_value(asked.removal) if asked.removal else None,
        outlet=asked.outlet,
        built=asked.built,
        columns=asked.columns,
        area=area,
    )


def _value(asked: ValueIn) -> Value:
    averaging = Averaging[asked.averaging.upper()] if asked.averaging else None
    return Value(value=asked.value, unit=asked.unit, averaging=averaging)


def emission_out(found: EmissionFinding, language: Language) -> EmissionOut:
    """One quantity of one discharge as JSON."""
    known = standard_book().pollutants.get(found.discharge.pollutant)
    best = found.governing
    return EmissionOut(
        pollutant=known.name.in_(language) if known else found.discharge.pollutant,
        quantity=QUANTITY[found.quantity].in_(language),
        averaging=AVERAGING[found.averaging].in_(language) if found.averaging is not None else "",
        compliance=found.compliance.value,
        label=COMPLIANCE[found.compliance].in_(language),
        reason=found.reason.in_(language),
        beyond=float(best.beyond) if best else None,
        ratio=float(best.ratio) if best and best.ratio is not None else None,
        limits=[_limit(standard, limit, language) for standard, limit in found.limits],
        needs=[one.label.in_(language) for one in found.needs],
        set_aside=[f"{one.standard}: {one.reason.in_(language)}" for one in found.set_aside],
        verified=found.verified,
    )


def _limit(standard: Standard, limit: Limit, language: Language) -> LimitOut:
    return LimitOut(
        standard=standard.code,
        title=standard.title.in_(language),
        cited=limit.cited.in_(language),
        limit=bounds_of(limit, language),
        verified=limit.verified,
    )


def bounds_of(limit: Limit, language: Language) -> str:
    """A limit in figures; empty where the tables do not hold its value."""
    at_least, at_most = (">", "<") if limit.exclusive else ("≥", "≤")
    bounds = [f"{at_least} {plain(limit.minimum)}"] if limit.minimum is not None else []
    bounds += [f"{at_most} {plain(limit.maximum)}"] if limit.maximum is not None else []
    return f"{' '.join(bounds)} {UNITS[limit.unit].label.in_(language)}" if bounds else ""


def document_out(one: Document, language: Language, excerpt: str = "") -> DocumentOut:
    """A basis document as JSON."""
    return DocumentOut(
        id=one.id,
        kind=DOCUMENT_KIND[one.kind].in_(language),
        title=one.title.in_(language) or one.title.zh,
        number=one.number,
        issuer=one.issuer,
        issued=one.issued.isoformat() if one.issued else None,
        in_force_from=one.in_force_from.isoformat() if one.in_force_from else None,
        in_force_to=one.in_force_to.isoformat() if one.in_force_to else None,
        summary=one.summary.in_(language) or one.summary.zh,
        source=one.source,
        verified=one.verified,
        excerpt=excerpt,
    )


def _agency(one: Agency, language: Language) -> AgencyOut:
    return AgencyOut(
        name=one.name,
        credit_code=one.credit_code,
        city=one.city,
        district=one.district,
        status=one.status,
        status_label=CREDIT_STATUS[one.status].in_(language),
        points=one.points,
        engineers=one.engineers,
        phone=one.phone,
        updated=one.updated.isoformat(),
        verified=one.verified,
    )

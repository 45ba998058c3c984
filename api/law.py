"""Use cases beside the site: EIA category, industrial policy, discharges, basis documents, EIA agencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from layers.agencies import Agency, CreditStatus, demonstration_agencies, read_agencies, search_agencies
from layers.basis import BasisIndex, library
from layers.eia_catalogue import declared_for_eia, eia_catalogue
from layers.facts import declared
from layers.industries import classification
from layers.policy import catalogues, declared_scales, scales
from layers.snapshot import Snapshot
from layers.standards import standard_book
from screening.basis import BasisAnswer, Document
from screening.discharges import Expected, area_known, expected, period_start
from screening.eia import categorise
from screening.eia_model import EiaCategory, Question
from screening.emission_model import Discharge, EmissionFinding, Measured
from screening.emissions import judge
from screening.errors import NoIndustryError, UnknownPolicyEntryError
from screening.model import Construction, Industry, Site
from screening.policy import PolicyAnswer, PolicyClass, PolicyQuestion, PolicyReview, classify
from screening.sensitivity import areas_touched
from screening.standards import Averaging, Medium, Outlet
from screening.truth import Truth
from screening.units import Amount

AGENCIES_FILE = "agencies.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A declared number with its unit and, for a concentration, its averaging time."""

    value: float
    unit: str
    averaging: Averaging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeQuestion:
    """One discharge as declared; what is left out is not declared."""

    pollutant: str
    medium: Medium
    industry: str
    concentrations: tuple[Value, ...] = ()
    rate: Value | None = None
    annual: Value | None = None
    stack_height: Value | None = None
    removal: Value | None = None
    outlet: Outlet | None = None
    built: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    area: str = ""


class LawService:
    """Answers from the reference tables this version ships, and from the city's own list of agencies."""

    def __init__(self, data: Path, today: Callable[[], date]) -> None:
        self._agencies_file = data / AGENCIES_FILE
        self._today = today

    def eia_category(
        self,
        industries: Sequence[str],
        facts: Mapping[str, object],
        *,
        construction: Construction | None,
        chosen: Sequence[int] | None,
        place: tuple[Snapshot, Site] | None,
        as_of: date | None,
    ) -> EiaCategory:
        """The EIA level of a project, or what is still needed to know it.

        Args:
            industries: GB/T 4754 codes.
            facts: Declared facts of the catalogue, sensitive areas (`area_…`) included.
            construction: None where not declared.
            chosen: Items a person chose by kind of project; None where nobody has chosen yet.
            place: Release and site from which sensitive areas are found as far as layers can say.
            as_of: None for today.

        Raises:
            ThreeLinesError: A code or a fact cannot be used, or the site lies outside the jurisdiction.
        """
        day = as_of or self._today()
        known = declared_for_eia(facts)
        areas: dict[str, Truth] = {}
        if place is not None:
            snapshot, site = place
            areas = areas_touched(snapshot.gather(site, day), snapshot.jurisdiction.sensitive_areas)
        areas |= {name: Truth.of(bool(value)) for name, value in known.items() if name.startswith("area_")}
        question = Question(
            industries=_industries(industries),
            facts={name: value for name, value in known.items() if not name.startswith("area_")},
            areas=areas,
            construction=construction,
            chosen=None if chosen is None else tuple(chosen),
            as_of=day,
        )
        return categorise(question, eia_catalogue())

    def policy(
        self,
        industries: Sequence[str],
        words: Sequence[str],
        facts: Mapping[str, object],
        *,
        construction: Construction | None,
        confirmed: Mapping[str, Truth],
        read: Sequence[PolicyClass],
        as_of: date | None,
    ) -> list[PolicyAnswer]:
        """The project's class in every catalogue in force.

        Raises:
            ThreeLinesError: A code, a fact or a confirmed entry is not known.
        """
        day = as_of or self._today()
        own = {name: value for name, value in facts.items() if name in scales()}
        others = {name: value for name, value in facts.items() if name not in scales()}
        question = PolicyQuestion(
            industries=_industries(industries),
            words=tuple(words),
            facts={**declared(others), **declared_scales(own)},
            construction=construction,
        )
        answers = []
        for catalogue in catalogues().values():
            ids = {entry.id for entry in catalogue.entries}
            mine = {name: truth for name, truth in confirmed.items() if name in ids}
            review = PolicyReview(confirmed=mine, read=frozenset(read))
            answers.append(classify(catalogue, question, review, day))
        strangers = sorted(confirmed.keys() - {e.id for one in catalogues().values() for e in one.entries})
        if strangers:
            raise UnknownPolicyEntryError.of("、".join(catalogues()), strangers)
        return answers

    def emissions(self, questions: Sequence[DischargeQuestion], *, as_of: date | None) -> list[EmissionFinding]:
        """Every declared discharge against the limits in force.

        Raises:
            ThreeLinesError: A pollutant, a unit, a column or a code is not known.
        """
        day = as_of or self._today()
        found: list[EmissionFinding] = []
        for asked in questions:
            found += judge(discharge_of(asked), standard_book(), as_of=day, area=asked.area)
        return found

    def expected_discharges(self, industries: Sequence[str], area: str, as_of: date) -> tuple[Expected, ...] | None:
        """What a project of some industries must declare at a place on a day; None where no industry is known.

        Raises:
            UnknownIndustryError: A code is none.
        """
        if not industries:
            return None
        book = standard_book()
        since, within = period_start(book, as_of), area_known(book, area)
        found: dict[tuple[Medium, str], Expected] = {}
        for code in industries:
            for one in _expected(code, since, within):
                before = found.get((one.medium, one.pollutant))
                found[one.medium, one.pollutant] = one if before is None else before.joined_with(one)
        return tuple(found.values())

    def documents(self, words: str, limit: int = 20) -> list[tuple[Document, str]]:
        """Documents that hold all the words, the best first, with an excerpt; for blank words the latest ones."""
        documents = library().documents
        if words.strip():
            return [(documents[hit.ref], hit.excerpt) for hit in _index().search(words, limit)]
        dated = sorted(documents.values(), key=lambda one: one.issued or date.min, reverse=True)
        return [(one, one.summary.zh) for one in dated[:limit]]

    def document(self, document_id: str, as_of: date | None) -> BasisAnswer:
        """What is in force on a day in place of a document.

        Raises:
            UnknownDocumentError: There is none of that id.
        """
        return library().on(document_id, as_of or self._today())

    def agencies(self, name: str, district: str, status: CreditStatus | None) -> tuple[bool, list[Agency]]:
        """Whether the list is the demonstration one, and the agencies that fit.

        Raises:
            DeliveryError: The city's own list cannot be read.
        """
        own = self._agencies_file.is_file()
        listed = read_agencies(self._agencies_file)[0] if own else demonstration_agencies()
        return not own, list(search_agencies(listed, name=name, district=district, status=status))


def _industries(codes: Sequence[str]) -> tuple[Industry, ...]:
    if not codes:
        raise NoIndustryError.of("industries")
    return tuple(classification().find(code, field=f"industries[{i}]") for i, code in enumerate(codes))


def discharge_of(asked: DischargeQuestion) -> Discharge:
    """A discharge as it can be judged.

    Raises:
        ThreeLinesError: A pollutant, a unit or a code is not known.
    """
    return kept_discharge(replace(asked, pollutant=standard_book().pollutant(asked.pollutant).id))


def kept_discharge(asked: DischargeQuestion) -> Discharge:
    """One whose pollutant was told by its id when it was declared; the tables of today need not have it.

    Raises:
        ThreeLinesError: A unit or a code is not known.
    """
    return Discharge(
        pollutant=asked.pollutant,
        medium=asked.medium,
        industry=classification().find(asked.industry, field="industry").lineage,
        concentrations=tuple(
            Measured(Amount.of(str(one.value), one.unit), one.averaging) for one in asked.concentrations
        ),
        rate=_amount(asked.rate, "rate"),
        annual=_amount(asked.annual, "annual"),
        stack_height=_amount(asked.stack_height, "stack_height"),
        removal=_amount(asked.removal, "removal"),
        outlet=asked.outlet,
        built=asked.built,
        columns=asked.columns,
    )


def _amount(value: Value | None, name: str) -> Amount | None:
    return None if value is None else Amount.of(str(value.value), value.unit, field=name)


@lru_cache(maxsize=512)
def _expected(industry: str, since: date, area: str) -> tuple[Expected, ...]:
    lineage = classification().find(industry, field="industry").lineage
    return expected(standard_book(), lineage, as_of=since, area=area)


@cache
def _index() -> BasisIndex:
    return BasisIndex(library().documents.values())

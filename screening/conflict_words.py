"""The conflict view in plain words, for every door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screening.conflicts import Matter, Statement
from screening.terms import DIMENSION, EFFECT, LEVEL, OUTCOME
from screening.words import Language, joined


@dataclass(frozen=True, slots=True)
class ToldStatement:
    """What one clause says on a matter."""

    clause_id: str
    effect: str
    outcome: str
    outcome_label: str
    wording: str
    reason: str
    basis: str
    verified: bool
    valid_from: str
    valid_to: str | None
    decides: bool


@dataclass(frozen=True, slots=True)
class LevelStatements:
    """What one level says; no statement where it is silent."""

    level: str
    label: str
    statements: tuple[ToldStatement, ...]


@dataclass(frozen=True, slots=True)
class ToldMatter:
    """One matter, level beside level from the nation down.

    Attributes:
        title: Dimension and subjects.
        why: Which decides and why.
    """

    title: str
    dimension: str
    subjects: tuple[tuple[str, str, str], ...]
    outcome: str
    outcome_label: str
    is_conflict: bool
    levels: tuple[LevelStatements, ...]
    why: tuple[str, ...]


def tell_conflicts(matters: Sequence[Matter], language: Language) -> tuple[ToldMatter, ...]:
    """The matters in one language."""
    return tuple(_matter(one, language) for one in matters)


def _matter(matter: Matter, language: Language) -> ToldMatter:
    subjects = joined([one.label for one in matter.subjects]).in_(language)
    dimension = DIMENSION[matter.dimension].in_(language)
    levels = sorted({*matter.silent, *(one.level for one in matter.statements)})
    return ToldMatter(
        title=f"{dimension} · {subjects}",
        dimension=matter.dimension.name.lower(),
        subjects=tuple((one.kind.value, one.name, one.label.in_(language)) for one in matter.subjects),
        outcome=matter.outcome.name.lower(),
        outcome_label=OUTCOME[matter.outcome].in_(language),
        is_conflict=matter.is_conflict,
        levels=tuple(
            LevelStatements(
                level.name.lower(),
                LEVEL[level].in_(language),
                tuple(_statement(one, language) for one in matter.statements if one.level is level),
            )
            for level in levels
        ),
        why=tuple(one.in_(language) for one in matter.why),
    )


def _statement(one: Statement, language: Language) -> ToldStatement:
    return ToldStatement(
        clause_id=one.clause_id,
        effect=EFFECT[one.effect].in_(language),
        outcome=one.outcome.name.lower(),
        outcome_label=OUTCOME[one.outcome].in_(language),
        wording=one.wording.in_(language) or one.wording.zh,
        reason=one.reason.in_(language),
        basis=one.basis,
        verified=one.verified,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        decides=one.decides,
    )

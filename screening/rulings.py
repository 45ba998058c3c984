"""Findings remembered under all that they rest on: thousands of sites put the same few thousand questions to the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from screening.access import Clause
from screening.evidence import Evidence
from screening.findings import Finding
from screening.lines import standing_under
from screening.model import Ceiling, FactValue, Objective, Project
from screening.reach import Reach
from screening.situation import UndrawnEvidence
from screening.verdict import Rules

Key = tuple[object, ...]


class RememberedRules(Rules):
    """The same rules, asked once about what is the same for them; for one access list and one day.

    What is remembered is the finding about the first site of its kind: words and contacts are that site's, and what counts
    for the others is the outcome, its truth and the facts it asks for.
    """

    def __init__(self, most: int) -> None:
        """Nothing remembered.

        Args:
            most: Findings held in memory; beyond them all are forgotten.
        """
        self._most = most
        self._known: dict[Key, Finding] = {}
        self._reached: dict[Key, Reach] = {}
        self._layers: dict[str, tuple[str, ...]] = {}
        self._asked: dict[str, tuple[str, ...]] = {}
        self._about: tuple[Project | None, Key] = (None, ())

    def on_place(self, clause: Clause, evidence: Evidence) -> Reach:
        """What `reach` finds: it turns on how the site lies to the layers its scope names."""
        if not isinstance(evidence, UndrawnEvidence):
            return super().on_place(clause, evidence)
        if clause.id not in self._layers:
            units = (
                []
                if clause.scope.is_everywhere
                else [one.layer.id for one in evidence.consulted if one.layer.role == "unit"]
            )
            self._layers[clause.id] = (*units, *(trigger.layer_id for trigger in clause.scope.zones))
        key = (clause.id, tuple([evidence.lies.get(layer_id) for layer_id in self._layers[clause.id]]))
        found = self._reached.get(key)
        if found is None:
            if len(self._reached) >= self._most:
                self._reached.clear()
            found = self._reached[key] = super().on_place(clause, evidence)
        return found

    def on_clause(self, clause: Clause, reached: Reach, project: Project, evidence: Evidence) -> Finding:
        """What `judge` finds: it turns on whether the scope reaches, on the project, and on the facts the clause names."""
        facts = evidence.derived_facts
        of_place = tuple([facts.get(name) for name in self._facts_asked(clause)])
        if self._about[0] is not project:
            self._about = (project, what_counts(project))
        key = (clause.id, reached.truth, reached.is_borderline, self._about[1], of_place)
        return self._remembered(key, lambda: super(RememberedRules, self).on_clause(clause, reached, project, evidence))

    def on_ceiling(self, ceiling: Ceiling, facts: Mapping[str, FactValue]) -> Finding:
        """What `judge_ceiling` finds: it turns on whether the demand fits."""
        demand = facts.get(ceiling.fact)
        said: object = demand if isinstance(demand, (bool, str)) or demand is None else standing_under(ceiling, demand)
        key = (ceiling.holder, ceiling.fact, said)
        return self._remembered(key, lambda: super(RememberedRules, self).on_ceiling(ceiling, facts))

    def on_objective(self, objective: Objective, facts: Mapping[str, FactValue]) -> Finding:
        """What `judge_objective` finds: it turns on whether the project emits."""
        key = (objective.holder, objective.fact, facts.get(objective.emission_fact), Objective)
        return self._remembered(key, lambda: super(RememberedRules, self).on_objective(objective, facts))

    def _facts_asked(self, clause: Clause) -> tuple[str, ...]:
        if clause.id not in self._asked:
            self._asked[clause.id] = tuple(sorted(clause.fact_names))
        return self._asked[clause.id]

    def _remembered(self, key: Key, find: Callable[[], Finding]) -> Finding:
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= self._most:
                self._known.clear()
            found = self._known[key] = find()
        return found


def what_counts(project: Project) -> Key:
    """All of a project that rules ask for."""
    codes = tuple(one.code for one in project.industries)
    return (codes, project.construction, tuple(sorted(project.facts.items())))

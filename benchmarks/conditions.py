"""What one clause condition costs: plain Python, our tree, and Common Expression Language."""

from __future__ import annotations

import cel

from benchmarks.side_by_side import printed, ratios
from screening.conditions import Condition
from screening.model import FactValue

EXPRESSION = "discharges_wastewater && water_m3_per_year > 1000.0 && policy_class in ['restricted', 'eliminated']"
TIMES = 2000


def main() -> None:
    """Print the ratios."""
    facts: dict[str, FactValue] = {
        "discharges_wastewater": True,
        "water_m3_per_year": 2000.0,
        "policy_class": "restricted",
    }
    condition = Condition(EXPRESSION)
    program = cel.compile(EXPRESSION)

    def plain() -> bool:
        water, kind = facts["water_m3_per_year"], facts["policy_class"]
        return bool(facts["discharges_wastewater"]) and float(water) > 1000.0 and kind in ("restricted", "eliminated")

    def by_cel() -> object:
        return program.execute(cel.Context(variables=facts))

    assert plain() is True
    assert condition.holds(facts) == "yes"
    assert by_cel() is True
    found = ratios(
        {
            "plain Python, which knows no unknown": lambda: [plain() for _ in range(TIMES)],
            "our tree, three values": lambda: [condition.holds(facts) for _ in range(TIMES)],
            "CEL, one context a project": lambda: [by_cel() for _ in range(TIMES)],
        }
    )
    print(printed("one condition, evaluated", found))


if __name__ == "__main__":
    main()

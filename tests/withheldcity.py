"""The small city with a decision on publication: water sources generalised, protected areas hidden, water zones generalised."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from screening.crs import Points
from tests.smallcity import Rows, SmallCity, default_layers

STEP_M = 200.0
GENERALISED, HIDDEN, TILING = "water_source", "protected_area", "water"
DECISION = """
[[publication]]
layer = "{layer}"
shown = "{shown}"
step_m = {step:g}
source_zh = "示例市生态环境局公开决定（示例）"
source_en = "Decision on publication of the example city (example)"
decided_on = "2026-06-01"
"""


def wavy(shape: BaseGeometry) -> BaseGeometry:
    """A shape with an outline of uneven points, so that no coordinate of it comes up by chance."""

    def bent(points: Points) -> Points:
        moved: Points = points + 4e-4 * ((points[:, ::-1] * np.array([7919.13, 6007.71])) % 1.0 - 0.5)
        return moved

    return shapely.make_valid(shapely.transform(shapely.segmentize(shape, 0.0009), bent))


def withheld_layers() -> dict[str, Rows]:
    """The layers of the small city, those withheld with uneven outlines."""
    layers = default_layers()
    for layer_id in (GENERALISED, HIDDEN):
        for row in layers[layer_id]:
            row["geometry"] = wavy(row["geometry"])
    return layers


@dataclass
class WithheldCity(SmallCity):
    """A small city that does not publish everything."""

    layers: dict[str, Rows] = field(default_factory=withheld_layers)
    shown: dict[str, str] = field(
        default_factory=lambda: {GENERALISED: "generalised", HIDDEN: "hidden", TILING: "generalised"}
    )

    def deliver(self, folder: Path, form: str = "mixed", database: str = "") -> Path:
        """Write the delivery with its decisions on publication."""
        super().deliver(folder, form, database)
        with (folder / "jurisdiction.toml").open("a", encoding="utf-8") as opened:
            for layer, shown in self.shown.items():
                opened.write(DECISION.format(layer=layer, shown=shown, step=STEP_M))
        return folder

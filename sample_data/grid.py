"""A plain raster over the plane EPSG:4549, and the outlines of what is painted on it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from sample_data.noise import Floats

Labels = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
NO_DATA = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Square cells; ``west`` and ``south`` are the outer corner in metres of EPSG:4549."""

    west: float
    south: float
    step: float
    columns: int
    rows: int

    def centres(self) -> tuple[Floats, Floats]:
        """Eastings and northings of the cell centres, both of shape (rows, columns)."""
        x = self.west + self.step * (np.arange(self.columns) + 0.5)
        y = self.south + self.step * (np.arange(self.rows) + 0.5)
        grid_x, grid_y = np.meshgrid(x, y)
        return grid_x, grid_y

    def window(self, rows: slice, columns: slice) -> Grid:
        """The part of the grid in a rectangle of cells."""
        return Grid(
            west=self.west + self.step * columns.start,
            south=self.south + self.step * rows.start,
            step=self.step,
            columns=columns.stop - columns.start,
            rows=rows.stop - rows.start,
        )

    def cell_of(self, x: Floats, y: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Row and column of points, drawn to the rim where they lie outside."""
        column = np.clip(np.floor((x - self.west) / self.step), 0, self.columns - 1).astype(np.int64)
        row = np.clip(np.floor((y - self.south) / self.step), 0, self.rows - 1).astype(np.int64)
        return row, column

    def paint(self, geometry: shapely.Geometry) -> Mask:
        """Cells whose centre lies inside a polygon, by even-odd crossings of each row."""
        flips = np.zeros((self.rows, self.columns + 1), dtype=np.int32)
        for ring in shapely.get_rings(shapely.get_parts(geometry)):
            corners = shapely.get_coordinates(ring)
            for (x0, y0), (x1, y1) in itertools.pairwise(corners):
                self._cross(flips, x0, y0, x1, y1)
        inside: Mask = np.cumsum(flips[:, :-1], axis=1) % 2 == 1
        return inside

    def _cross(self, flips: npt.NDArray[np.int32], x0: float, y0: float, x1: float, y1: float) -> None:
        low, high = min(y0, y1), max(y0, y1)
        first = max(0, int(np.ceil((low - self.south) / self.step - 0.5)))
        last = min(self.rows, int(np.ceil((high - self.south) / self.step - 0.5)))
        if first >= last:
            return
        rows = np.arange(first, last)
        y = self.south + self.step * (rows + 0.5)
        x = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
        column = np.clip(np.ceil((x - self.west) / self.step - 0.5), 0, self.columns).astype(np.int64)
        flips[rows, column] += 1


def spread(labels: Labels, steps: int, allowed: Mask | None = None) -> Labels:
    """Grows labels (0 = empty) into empty neighbouring cells, one cell a step; lower rows win ties."""
    grown = labels.copy()
    for _ in range(steps):
        source = np.pad(grown, 1)
        empty = grown == 0 if allowed is None else (grown == 0) & allowed
        if not empty.any():
            break
        for shifted in (source[:-2, 1:-1], source[1:-1, :-2], source[1:-1, 2:], source[2:, 1:-1]):
            take = empty & (shifted > 0) & (grown == 0)
            grown[take] = shifted[take]
    return grown


def outlines(grid: Grid, labels: Labels) -> list[Floats]:
    """Chains of cell edges between unlike labels, cut where three or more meet.

    Edges beside NO_DATA are left out, so chains may end freely there.

    Returns:
        One array of shape (n, 2) per chain, in metres.
    """
    a, b = labels[:-1, :], labels[1:, :]
    row, column = np.nonzero((a != b) & (a != NO_DATA) & (b != NO_DATA))
    flat = np.stack([column, row + 1, column + 1, row + 1], axis=1)
    a, b = labels[:, :-1], labels[:, 1:]
    row, column = np.nonzero((a != b) & (a != NO_DATA) & (b != NO_DATA))
    steep = np.stack([column + 1, row, column + 1, row + 1], axis=1)
    edges = np.concatenate([flat, steep]).astype(np.float64).reshape(-1, 2, 2)
    if len(edges) == 0:
        return []
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(edges)))
    corner = np.array([grid.west, grid.south])
    return [shapely.get_coordinates(part) * grid.step + corner for part in shapely.get_parts(merged)]

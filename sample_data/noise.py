"""Seeded noise that depends on position only, never on the order in which things are built."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SEED = 370200
"""The one seed of the demonstration city; another number gives another city of the same kind."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def hash01(first: Integers, second: Integers, salt: int) -> Floats:
    """A fixed pseudo-random number in [0, 1) for each pair of whole numbers.

    An integer mixer (the finaliser of SplitMix64), so it is the same on every machine.

    >>> float(hash01(np.array([3]), np.array([4]), 1)[0]) == float(hash01(np.array([3]), np.array([4]), 1)[0])
    True
    """
    start = (SEED * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03) % 2**64
    mixed = first.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(start)
    mixed ^= mixed >> np.uint64(30)
    mixed = mixed * np.uint64(0xBF58476D1CE4E5B9) + second.astype(np.uint64) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(27)
    mixed = mixed * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(2**53)


def random_numbers(count: int, salt: int) -> Floats:
    """``count`` numbers in [0, 1) that belong to ``salt``."""
    return hash01(np.arange(count, dtype=np.int64), np.full(count, salt, dtype=np.int64), salt)


def value_noise(x: Floats, y: Floats, wavelength: float, salt: int, octaves: int = 3, fade: float = 0.55) -> Floats:
    """Smooth noise in about [-1, 1].

    Args:
        x: Eastings in metres.
        y: Northings in metres, same shape.
        wavelength: Metres between the lattice points of the coarsest octave; each next one halves it.
        salt: Which of the independent fields.
        octaves: How many wavelengths are added.
        fade: Weight of an octave against the one before.
    """
    total = np.zeros_like(x)
    weight, weights = 1.0, 0.0
    for octave in range(octaves):
        total += weight * _one_octave(x, y, wavelength / 2**octave, salt * 16 + octave)
        weights += weight
        weight *= fade
    return total / weights


def _one_octave(x: Floats, y: Floats, wavelength: float, salt: int) -> Floats:
    column, row = x / wavelength, y / wavelength
    left, low = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    lattice_x = np.arange(left.min(), left.max() + 2)
    lattice_y = np.arange(low.min(), low.max() + 2)
    grid_x, grid_y = np.meshgrid(lattice_x, lattice_y)
    lattice = hash01(grid_x, grid_y, salt) * 2.0 - 1.0
    i, j = low - lattice_y[0], left - lattice_x[0]
    u, v = _ease(column - left), _ease(row - low)
    below = lattice[i, j] * (1 - u) + lattice[i, j + 1] * u
    above = lattice[i + 1, j] * (1 - u) + lattice[i + 1, j + 1] * u
    blended: Floats = below * (1 - v) + above * v
    return blended


def _ease(share: Floats) -> Floats:
    eased: Floats = share * share * (3.0 - 2.0 * share)
    return eased

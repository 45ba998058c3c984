"""The compiled part of the index (`partition.c`): finding it, loading it, calling it.

It is built when the package is installed, if the machine has a C compiler. Without it everything answers the same, by
GEOS alone and more slowly.
"""

from __future__ import annotations

import ctypes
import logging
from ctypes import POINTER, c_double, c_int, c_int64, c_void_p
from dataclasses import dataclass
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

SOURCE = Path(__file__).with_name("partition.c")

# The flags under which results are the same on every machine; `pyproject.toml` has them for the installation.
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fPIC", "-shared")
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror")

VERSION = 3  # of the arrays and functions: a library built from an older source is not used

log = logging.getLogger(__name__)


class PartitionStruct(ctypes.Structure):
    """`Partition` of `partition.c`."""

    _fields_ = (
        ("box", c_double * 4),
        ("right", c_void_p),
        ("layers", c_void_p),
        ("full_at", c_void_p),
        ("full", c_void_p),
        ("ring_at", c_void_p),
        ("ring_zone", c_void_p),
        ("vertex_at", c_void_p),
        ("xy", c_void_p),
        ("drawn", c_void_p),
        ("layer_of", c_void_p),
        ("zones", c_int64),
    )


class ShapesStruct(ctypes.Structure):
    """`Shapes` of `partition.c`."""

    _fields_ = (
        ("xy", c_void_p),
        ("ring_at", c_void_p),
        ("shape_at", c_void_p),
        ("is_shell", c_void_p),
        ("order", c_void_p),
        ("shapes", c_int64),
    )


@dataclass(frozen=True)
class Kernel:
    """The library, its functions typed.

    Attributes:
        path: Where it was loaded from.
    """

    path: Path
    library: ctypes.CDLL

    @staticmethod
    def load(path: Path) -> Kernel:
        """The library in a file.

        Raises:
            OSError: It is none for this machine, or was built from another source.
        """
        library = ctypes.CDLL(str(path))
        if not hasattr(library, "partition_version") or library.partition_version() != VERSION:
            raise OSError(f"{path.name} was built from another source: install the package again")
        partition, shapes = POINTER(PartitionStruct), POINTER(ShapesStruct)
        for name, result, arguments in (
            ("partition_build", c_void_p, [shapes, c_void_p, POINTER(c_double * 4), c_int64]),
            ("partition_failed", c_int, [c_void_p]),
            ("partition_part", c_void_p, [c_void_p, c_int, POINTER(c_int64)]),
            ("partition_free", None, [c_void_p]),
            ("partition_points", c_int64, [partition, c_void_p, c_void_p, c_int64, c_void_p, c_void_p, c_int64]),
            ("partition_near", c_int64, [partition, shapes, c_void_p, c_double, *[c_void_p] * 4, c_int64]),
            ("partition_depths", c_int, [partition, shapes, c_int64, *[c_void_p] * 5, c_double, c_void_p]),
            ("partition_areas", c_int64, [partition, shapes, c_double, *[c_void_p] * 3, c_int64]),
        ):
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        return Kernel(path=path, library=library)


@cache
def installed() -> Kernel | None:
    """The library built with this installation; None where there is none, which is logged."""
    for suffix in EXTENSION_SUFFIXES:
        path = SOURCE.with_name(f"_partition{suffix}")
        if path.exists():
            try:
                return Kernel.load(path)
            except OSError as problem:
                log.warning("%s does not load (%s)", path.name, problem)
    log.warning("no compiled index: every question goes to GEOS, with the same answers, more slowly")
    return None

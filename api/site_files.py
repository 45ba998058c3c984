"""Files of sites, read for the place of the release in force."""

from __future__ import annotations

from pathlib import Path

from api.service import ScreeningService
from layers.sites.files import SiteFile, read_sites
from screening.readings import Declaration


def read_site_file(service: ScreeningService, path: Path) -> SiteFile:
    """Every site of a file, read in a process of its own.

    Raises:
        ThreeLinesError: The file cannot be read, or leaves open what it means.
    """
    return read_sites(path, Declaration(), service.snapshot(service.today()).jurisdiction)

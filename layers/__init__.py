"""From delivered bytes to a release that can be trusted, and the snapshot of it in force on a day."""

import os

# A file that calls itself GeoJSON may be an OGR virtual layer or a web address and hand out other files of this
# machine; GDAL reads this list when it is loaded, so it is set before anything imports it.
os.environ["GDAL_SKIP"] = ",".join(
    (
        "OGR_VRT",
        "VRT",
        "WFS",
        "OAPIF",
        "OGCAPI",
        "HTTP",
        "CSW",
        "EEDA",
        "GDALG",
        "PLSCENES",
        "WCS",
        "WMS",
        "WMTS",
        "GTI",
    )
)
os.environ.setdefault("CPL_LOG_ERRORS", "OFF")

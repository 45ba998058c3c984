"""One door for files of sites: which format, read in a process of its own, placed, checked, and all of it or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from layers import sandbox
from layers.archive import unpack
from layers.issues import Issue, Severity, error, warning
from layers.jurisdiction import Jurisdiction
from layers.map_providers import map_providers
from layers.sandbox import Cap
from layers.sites.boundary_points import is_boundary_text, read_boundary_points
from layers.sites.drawings import read_drawing
from layers.sites.parcels import Parcel, RawFile, WrittenRow, decoded, draft_of, require_size
from layers.sites.tables import read_table_of_sites
from layers.sites.vectors import read_vectors
from layers.vector import ARCHIVES, layer_files
from screening.coordinates import understand
from screening.datums import SHIFTED, Datum
from screening.errors import SiteFileError, ThreeLinesError, UnreadableSiteError
from screening.layouts import AxisOrder
from screening.map_links import named_provider
from screening.model import Site
from screening.readings import Declaration, Reading
from screening.site_checks import SiteRemark, Weight, check_site
from screening.understood import Understood, decide
from screening.words import Text

_TEXTS = (".txt", ".wkt", ".dat", ".jzd")
_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".xlsm")
_VECTORS = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".gdb", ".parquet")
ACCEPTED = (*_TEXTS, *_TABLES, ".dxf", *_VECTORS, *ARCHIVES)
_TEXT = Text("坐标文本", "text of coordinates")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSite:
    """One site of a file, ready to be screened.

    Attributes:
        place: Line, row or feature it came from.
        declared_area_m2: What the file states; None where it states nothing.
        remarks: What is odd about it; never an error.
    """

    place: str
    site: Site
    declared_area_m2: float | None
    attributes: dict[str, str]
    remarks: tuple[SiteRemark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """A file of sites as read.

    Attributes:
        kind: Format.
        read_as: How its coordinates were understood.
        sites: Every site of the file, or none where an issue is an error.
        rows: How many sites the file holds, read or not.
        issues: What is wrong or odd, row by row.
        others: What else its coordinates could have meant.
    """

    file: str
    kind: Text
    read_as: Text
    sites: tuple[FileSite, ...]
    rows: int
    issues: tuple[Issue, ...]
    others: tuple[Reading, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """Issues that keep the file from being used."""
        return tuple(one for one in self.issues if one.severity is Severity.ERROR)


def read_sites(
    path: Path,
    declared: Declaration,
    jurisdiction: Jurisdiction,
    *,
    encoding: str | None = None,
    drawing_layers: tuple[str, ...] = (),
    cap: Cap | None = sandbox.DEFAULT,
) -> SiteFile:
    """Every site of a file, in the jurisdiction's terms.

    Args:
        path: Text, table, DXF, vector file, FileGDB folder, or a zip or KMZ with one of them.
        declared: What the applicant states of coordinate system, order and width.
        jurisdiction: Its extent tells one reading from another.
        encoding: Of a shapefile's text; None lets the bytes decide.
        drawing_layers: Of a DXF; empty for all.
        cap: What reading may take, in a process of its own; None reads here, for files that are our own.

    Raises:
        SiteFileError: The file cannot be read, or its rows leave open what they are.
        ReaderStoppedError: Reading took too much.
        UnsafeArchiveError: A zip is not safe to unpack.
        AmbiguousSiteError: Its coordinates have several plausible readings.
        UnconfirmedDatumError: They look like a map provider's.
        SiteOutsideError: No reading lies inside the jurisdiction.
    """
    require_size(path)
    if path.suffix.lower() not in ACCEPTED:
        what = Text(f"不接受“{path.suffix}”文件", f"“{path.suffix}” files are not accepted")
        cure = Text("请换成所列格式；DWG 请另存为 DXF。", "Use one of the formats listed; save a DWG as DXF.")
        raise SiteFileError.of(path.name, what, cure, value=path.suffix, candidates=ACCEPTED)
    if cap is None:
        raw = read_raw(path, declared, encoding, drawing_layers)
    else:
        raw = sandbox.run(path.name, cap, read_raw, path, declared, encoding, drawing_layers)
    if isinstance(raw, str):
        return _from_text(path.name, raw, declared, jurisdiction)
    if raw.written:
        return _from_rows(path.name, raw, declared, jurisdiction)
    return _placed(path.name, raw, declared, jurisdiction)


def read_raw(path: Path, declared: Declaration, encoding: str | None, drawing_layers: tuple[str, ...]) -> RawFile | str:
    """The numbers of a file, not yet placed; plain text where it is but that. Runs in a process of its own.

    Raises:
        SiteFileError: It cannot be read.
        UnsafeArchiveError: A zip is not safe to unpack.
    """
    suffix = path.suffix.lower()
    if suffix in ARCHIVES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                files = unpack(path, Path(folder))
            except ThreeLinesError as problem:
                raise _as_site_file(problem, path.name) from problem
            return _packed(path.name, files, declared, encoding, drawing_layers)
    if suffix in _TEXTS:
        text, _ = decoded(path)
        return read_boundary_points(path) if is_boundary_text(text) else text
    if suffix in _TABLES:
        return read_table_of_sites(path)
    if suffix == ".dxf":
        return read_drawing(path, drawing_layers)
    return read_vectors([path], path.name, epsg=declared.epsg, encoding=encoding)


def _as_site_file(problem: ThreeLinesError, name: str) -> ThreeLinesError:
    if problem.code != "delivery-rejected":
        return problem
    return SiteFileError(what=problem.what, why=problem.why, cure=problem.cure, field=name)


def _packed(
    name: str, files: Sequence[Path], declared: Declaration, encoding: str | None, drawing_layers: tuple[str, ...]
) -> RawFile | str:
    layers = layer_files(list(files))
    others = [
        file for file in files if file.suffix.lower() in (*_TEXTS, *_TABLES, ".dxf") and not _beside(file, layers)
    ]
    if layers and not others:
        return read_vectors(layers, name, epsg=declared.epsg, encoding=encoding)
    if len(others) == 1 and not layers:
        return read_raw(others[0], declared, encoding, drawing_layers)
    if layers or others:
        what = Text("压缩包内有多种选址文件", "holds several kinds of files of sites")
        cure = Text("请每个压缩包只放一份。", "Pack one of them.")
        raise SiteFileError.of(name, what, cure, candidates=[file.name for file in (*layers, *others)])
    what = Text("压缩包内没有可读的选址文件", "holds no file of sites that can be read")
    cure = Text("Shapefile 须含 .shp、.shx、.dbf、.prj。", "A Shapefile needs .shp, .shx, .dbf and .prj.")
    raise SiteFileError.of(name, what, cure, candidates=[file.name for file in files][:20])


def _beside(file: Path, layers: Sequence[Path]) -> bool:
    """A readme, or a table that belongs to a layer."""
    return any(file.stem == layer.stem for layer in layers) or "readme" in file.stem.lower() or "说明" in file.stem


def _placed(file: str, raw: RawFile, declared: Declaration, jurisdiction: Jurisdiction) -> SiteFile:
    suspected = _suspicion(raw.spoken or file) if declared.datum is None else None
    stated = _moved(declared, raw.told) if raw.moved else _together(file, declared, raw.told)
    if suspected is not None and raw.moved:
        stated = replace(stated, datum=None)  # what a format always claims is no declaration
    if not raw.parcels:
        return _file(file, raw.kind, raw.kind, (), raw.issues, ())
    taken, others, question = decide(
        [draft_of(raw)],
        file,
        plane=jurisdiction.plane,
        extent=jurisdiction.extent,
        declared=stated,
        suspected=suspected,
    )
    if taken is None:
        raise question or SiteFileError.of(
            file, Text("读不出坐标", "holds no coordinates"), Text("请检查。", "Check it.")
        )
    issues = list(raw.issues)
    sites = [
        one
        for parcel, shape in zip(raw.parcels, shapely.get_parts(taken.geometry), strict=True)
        if (one := _site(file, parcel, shape, taken, stated, jurisdiction, issues)) is not None
    ]
    notes = "".join(f"；{note.zh}" for note in raw.notes), "".join(f"; {note.en}" for note in raw.notes)
    read_as = Text(taken.read_as.zh + notes[0], taken.read_as.en + notes[1])
    return _file(file, raw.kind, read_as, sites, tuple(issues), others, rows=len(raw.parcels))


def _site(
    file: str,
    parcel: Parcel,
    shape: BaseGeometry,
    taken: Reading,
    stated: Declaration,
    jurisdiction: Jurisdiction,
    issues: list[Issue],
) -> FileSite | None:
    one = Understood(
        name=parcel.name,
        as_written=f"{file} · {parcel.place}",
        taken=replace(taken, geometry=shape),
        others=(),
        question=None,
        width_m=stated.width_m,
        start_m=stated.start_m,
        radius_m=stated.radius_m,
    )
    return _checked(file, parcel.place, one, parcel.declared_area_m2, parcel.attributes, jurisdiction, issues)


def _checked(
    file: str,
    place: str,
    one: Understood,
    declared_area_m2: float | None,
    attributes: dict[str, str],
    jurisdiction: Jurisdiction,
    issues: list[Issue],
) -> FileSite | None:
    """The site, its remarks noted as issues; None with an error if it is none."""
    if one.taken is None:
        assert one.question is not None
        issues.append(error(file, place, _said(one.question)))
        return None
    remarks = check_site(
        one.taken.geometry,
        plane=jurisdiction.plane,
        extent=jurisdiction.extent,
        accuracy_m=one.taken.accuracy_m,
        declared_area_m2=declared_area_m2,
    )
    for remark in remarks:
        if remark.severity is not Weight.NOTE:
            note = error if remark.severity is Weight.ERROR else warning
            issues.append(note(file, place, remark.message, (remark.longitude, remark.latitude)))
    if any(remark.severity is Weight.ERROR for remark in remarks):
        return None
    try:
        site = one.site(plane=jurisdiction.plane)
    except ThreeLinesError as problem:
        issues.append(error(file, place, _said(problem)))
        return None
    return FileSite(place=place, site=site, declared_area_m2=declared_area_m2, attributes=attributes, remarks=remarks)


def _from_rows(file: str, raw: RawFile, declared: Declaration, jurisdiction: Jurisdiction) -> SiteFile:
    """Rows whose coordinates are texts of their own, each read for itself."""
    issues = list(raw.issues)
    stated = _together(file, declared, raw.told)
    datum = _suspicion(raw.spoken or file)
    if datum is not None and stated.datum is None:
        raise _unconfirmed(file, raw.written[0], stated, jurisdiction, datum)
    sites, read = [], None
    for row in raw.written:
        try:
            found = _understood(row.text, stated, jurisdiction)
        except ThreeLinesError as problem:
            issues.append(error(file, row.place, _said(problem)))
            continue
        for one in found:
            read = read or one.taken
            named = replace(one, name=one.name or row.name, as_written=f"{file} · {row.place}")
            area_m2 = row.declared_area_m2 if len(found) == 1 else None
            site = _checked(file, row.place, named, area_m2, {}, jurisdiction, issues)
            sites += [site] if site is not None else []
    read_as = read.read_as if read else raw.kind
    return _file(file, raw.kind, read_as, sites, tuple(issues), (), rows=len(raw.written))


def _unconfirmed(
    file: str, row: WrittenRow, stated: Declaration, jurisdiction: Jurisdiction, suspected: tuple[Datum, Text]
) -> ThreeLinesError:
    """The question that a provider's name in a heading raises, asked of the first row."""
    found = _understood(f"{suspected[1].zh} {row.text}", stated, jurisdiction)
    return found[0].question or UnreadableSiteError.of(file, suspected[1])


def _from_text(file: str, text: str, declared: Declaration, jurisdiction: Jurisdiction) -> SiteFile:
    """A file that is but written coordinates; a question about the whole of it is raised."""
    found = _understood(text, declared, jurisdiction)
    if len(found) == 1 and found[0].question is not None:
        raise found[0].question
    issues: list[Issue] = []
    sites = []
    for number, one in enumerate(found, start=1):
        place = one.name or f"{number}"
        site = _checked(file, place, replace(one, as_written=f"{file} · {place}"), None, {}, jurisdiction, issues)
        sites += [site] if site is not None else []
    read_as = next((one.taken.read_as for one in found if one.taken), _TEXT)
    others = tuple(other for one in found for other in one.others)
    return _file(file, _TEXT, read_as, sites, tuple(issues), others, rows=len(found))


def _understood(text: str, declared: Declaration, jurisdiction: Jurisdiction) -> tuple[Understood, ...]:
    return understand(
        text,
        plane=jurisdiction.plane,
        extent=jurisdiction.extent,
        declared=declared,
        providers=map_providers(),
    )


def _file(
    file: str,
    kind: Text,
    read_as: Text,
    sites: Sequence[FileSite],
    issues: tuple[Issue, ...],
    others: tuple[Reading, ...],
    rows: int = 0,
) -> SiteFile:
    """All sites or none: one error and the file is not used by half."""
    whole = not any(one.severity is Severity.ERROR for one in issues)
    return SiteFile(
        file=file,
        kind=kind,
        read_as=read_as,
        sites=tuple(sites) if whole else (),
        rows=rows,
        issues=issues,
        others=others,
    )


def _moved(declared: Declaration, told: Declaration) -> Declaration:
    """For numbers already in degrees only datum and width are left to say; formats that always claim WGS 84 yield."""
    return Declaration(
        datum=declared.datum or told.datum,
        epsg=None,
        axes=AxisOrder.EAST_FIRST,
        width_m=declared.width_m,
        start_m=declared.start_m,
        radius_m=declared.radius_m,
    )


def _together(file: str, declared: Declaration, told: Declaration) -> Declaration:
    """What was declared and what the file says; against each other they are refused."""
    for name in ("datum", "epsg", "zone", "belt_width", "meridian"):
        ours, theirs = getattr(declared, name), getattr(told, name)
        if ours is not None and theirs is not None and ours != theirs:
            what = Text(f"文件写明 {theirs}，声明的却是 {ours}", f"says {theirs}, but {ours} was declared")
            raise SiteFileError.of(
                file, what, Text("请核实后只留正确的一个。", "Find out which is right."), value=str(ours)
            )
    return replace(
        declared,
        datum=declared.datum or told.datum,
        epsg=declared.epsg or told.epsg,
        axes=declared.axes or told.axes,
        zone=declared.zone or told.zone,
        belt_width=declared.belt_width or told.belt_width,
        meridian=declared.meridian or told.meridian,
    )


def _suspicion(spoken: str) -> tuple[Datum, Text] | None:
    named = named_provider(spoken, map_providers())
    if named is None or named[0].datum not in SHIFTED:
        return None
    return named[0].datum, Text(f"文件中写有“{named[1]}”", f"the file says “{named[1]}”")


def _said(problem: ThreeLinesError) -> Text:
    return Text(f"{problem.what.zh}{problem.why.zh}", f"{problem.what.en} {problem.why.en}")

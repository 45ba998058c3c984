"""What is wrong with a site as somebody writes, draws or hands it in."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError, shortened
from screening.words import Text


class UnreadableSiteError(ThreeLinesError):
    """A site nobody can read as coordinates."""

    code = "unreadable-site"
    title = Text("无法读懂选址", "Unreadable site")

    @classmethod
    def of(cls, written: str, why: Text) -> UnreadableSiteError:
        """For a text or geometry that is no site."""
        short = shortened(written)
        return cls(
            what=Text(f"无法把“{short}”读成选址。", f"“{short}” cannot be read as a site."),
            why=why,
            cure=Text(
                "请输入经纬度（如 120.38,36.07 或 E120°22′58″，N36°4′12″）、高斯-克吕格平面坐标（米）、逐行的界址点、WKT 或 GeoJSON。",
                "Give longitude and latitude (such as 120.38,36.07 or E120°22′58″, N36°4′12″), Gauss–Krüger metres, corner "
                "points line by line, WKT or GeoJSON.",
            ),
            field="site",
            value=short,
        )


class AmbiguousSiteError(ThreeLinesError):
    """A site that can be read in two ways, both plausible."""

    code = "ambiguous-site"
    title = Text("选址有多种读法", "The site can be read in several ways")

    @classmethod
    def of(cls, written: str, readings: Sequence[Text]) -> AmbiguousSiteError:
        """For a text with the readings that are plausible."""
        short = shortened(written)
        return cls(
            what=Text(
                f"“{short}”有 {len(readings)} 种合理读法。", f"“{short}” can be read in {len(readings)} plausible ways."
            ),
            why=Text(
                "读法不同，位置就不同；系统不替您猜。",
                "Each puts the site elsewhere, and nothing is guessed.",
            ),
            cure=Text(
                "请从下列读法中选定一种，或注明坐标系、带号和先后顺序。",
                "Choose one of the readings, or state the coordinate system, zone and order.",
            ),
            field="site",
            value=short,
            candidates=[f"{one.zh} · {one.en}" for one in readings],
        )


class UnconfirmedDatumError(ThreeLinesError):
    """Coordinates that look like a map provider's, which nobody has confirmed."""

    code = "unconfirmed-datum"
    title = Text("坐标系待确认", "Coordinate system to be confirmed")

    @classmethod
    def of(
        cls, written: str, suspected: Text, reason: Text, apart_m: float, readings: Sequence[Text]
    ) -> UnconfirmedDatumError:
        """For a text, the datum suspected and why, and how far apart the two readings are."""
        short = shortened(written)
        return cls(
            what=Text(
                f"“{short}”疑似 {suspected.zh} 坐标：{reason.zh}。",
                f"“{short}” looks like {suspected.en}: {reason.en}.",
            ),
            why=Text(
                f"两种坐标系下的位置相差约 {apart_m:.0f} 米，足以进出一条红线。",
                f"The two readings are about {apart_m:.0f} m apart, enough to cross a red line.",
            ),
            cure=Text(
                "请确认坐标系（CGCS2000、WGS 84、GCJ-02 或 BD-09）后重新提交，例如写成“GCJ-02 120.38,36.07”。",
                "Confirm the coordinate system (CGCS2000, WGS 84, GCJ-02 or BD-09) and send it again, "
                "for example as “GCJ-02 120.38,36.07”.",
            ),
            field="site.datum",
            value=short,
            candidates=[f"{one.zh} · {one.en}" for one in readings],
        )


class InvalidSiteError(ThreeLinesError):
    """A boundary that is not a polygon: self-crossing, collapsed or empty."""

    code = "invalid-site"
    title = Text("选址边界无效", "Invalid site boundary")

    @classmethod
    def of(cls, reason: str, longitude: float, latitude: float) -> InvalidSiteError:
        """For a boundary that GEOS calls invalid, with the place."""
        place = f"{longitude:.6f}, {latitude:.6f}"
        return cls(
            what=Text(f"边界在 {place} 处有误（{reason}）。", f"The boundary fails at {place} ({reason})."),
            why=Text(
                "自相交的边界没有确定的内部，面积和重叠都不可信。",
                "A boundary that crosses itself has no definite inside.",
            ),
            cure=Text(
                "请按顺序重新给出界址点，使各边互不相交。",
                "Give the corner points in order so that no two sides cross.",
            ),
            field="site.geometry",
            value=place,
        )


class SiteOutsideError(ThreeLinesError):
    """A site far from everything the jurisdiction answers for."""

    code = "site-outside-jurisdiction"
    title = Text("选址不在本辖区", "Site outside the jurisdiction")

    @classmethod
    def of(cls, longitude: float, latitude: float, jurisdiction: Text, extent: str) -> SiteOutsideError:
        """For a site beyond the extent of the jurisdiction."""
        place = f"{longitude:.5f}, {latitude:.5f}"
        return cls(
            what=Text(
                f"坐标 {place} 不在{jurisdiction.zh}的范围内（{extent}）。",
                f"The coordinates {place} lie outside {jurisdiction.en} ({extent}).",
            ),
            why=Text("本系统只对本辖区的管控单元作答。", "This service answers only for its own control units."),
            cure=Text(
                "请检查经纬度顺序（先经度后纬度）和坐标系；外地项目请用当地平台。",
                "Check the order (longitude first) and the coordinate system; for other places use their own platform.",
            ),
            field="site.geometry",
            value=place,
        )

    @classmethod
    def nowhere_inside(cls, written: str, extent: str, guesses: Sequence[Text]) -> SiteOutsideError:
        """For a text none of whose readings lies inside, with the nearest guesses."""
        short = shortened(written)
        return cls(
            what=Text(
                f"“{short}”的任何读法都不在本辖区（{extent}）内。",
                f"No reading of “{short}” lies inside the jurisdiction ({extent}).",
            ),
            why=Text("本系统只对本辖区的管控单元作答。", "This service answers only for its own control units."),
            cure=Text(
                "请检查经纬度顺序、带号和坐标系，可参照下列最接近的读法；外地项目请用当地平台。",
                "Check the order, the zone and the coordinate system against the nearest readings below; "
                "for other places use their own platform.",
            ),
            field="site.geometry",
            value=short,
            candidates=[f"{one.zh} · {one.en}" for one in guesses],
        )


class SiteFileError(ThreeLinesError):
    """A file of sites that cannot be read, or not wholly."""

    code = "unreadable-site-file"
    title = Text("无法读取选址文件", "Unreadable file of sites")

    @classmethod
    def of(cls, file: str, what: Text, cure: Text, *, value: str = "", candidates: Sequence[str] = ()) -> SiteFileError:
        """For a file, what is wrong with it and what to do."""
        return cls(
            what=Text(f"文件“{file}”：{what.zh}", f"File “{file}”: {what.en}"),
            why=Text("读不全的文件不会只取一半。", "A file that cannot be read wholly is not read by half."),
            cure=cure,
            field=file,
            value=value,
            candidates=candidates,
        )


class ReaderStoppedError(ThreeLinesError):
    """A file whose reading took more memory or time than one file may."""

    code = "reader-stopped"
    title = Text("文件读取被中止", "Reading was stopped")

    @classmethod
    def of(cls, file: str, limit: Text) -> ReaderStoppedError:
        """For a file and the limit it ran into."""
        return cls(
            what=Text(f"读取“{file}”时超出限额：{limit.zh}。", f"Reading “{file}” went beyond a limit: {limit.en}."),
            why=Text(
                "一份文件不能占用全部内存或时间，已单独中止，其他人不受影响。",
                "One file may not take all memory or time; it was stopped by itself and nobody else was affected.",
            ),
            cure=Text(
                "请只保留选址边界、删去其他图层后重新提交；文件可能已损坏。",
                "Keep the site boundary only and send it again; the file may be damaged.",
            ),
            field=file,
        )

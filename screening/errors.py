"""Every error of Three Lines, on one page.

Each says what is wrong, why that matters and what to do, in both languages, and carries the offending value and its
place for machines. None of them knows of HTTP: `api/problems.py` maps each class to a status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from screening.words import Text, joined


class ThreeLinesError(Exception):
    """The root: something we understand and can explain.

    Attributes:
        code: Stable name for machines.
        title: The kind of error in a few words.
        what: What is wrong here.
        why: Why it cannot be accepted.
        cure: What to do next.
        field: The input field, file or column it concerns; empty if none.
        value: What was found there.
        candidates: Values that may have been meant.
    """

    code: ClassVar[str]
    title: ClassVar[Text]

    def __init__(
        self, *, what: Text, why: Text, cure: Text, field: str = "", value: str = "", candidates: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{what.zh} | {what.en}")
        self.what, self.why, self.cure = what, why, cure
        self.field, self.value, self.candidates = field, value, tuple(candidates)

    def __reduce__(self) -> tuple[Callable[..., ThreeLinesError], tuple[object, ...]]:
        """Pickled by its parts, so that it can travel between processes."""
        names = ("what", "why", "cure", "field", "value", "candidates")
        return _again, (type(self), {name: getattr(self, name) for name in names})


def _again(kind: type[ThreeLinesError], parts: Mapping[str, Any]) -> ThreeLinesError:
    return kind(**parts)


# -- what a person asks ------------------------------------------------------------------------------------------------


class UnknownIndustryError(ThreeLinesError):
    """A code that GB/T 4754-2017 does not have."""

    code = "unknown-industry"
    title = Text("行业代码不存在", "Unknown industry code")

    @classmethod
    def of(cls, written: str, field: str, candidates: Sequence[str]) -> UnknownIndustryError:
        """For a code as it was written, with near codes."""
        return cls(
            what=Text(f"“{written}”不是 GB/T 4754—2017 的行业代码。", f"“{written}” is not a code of GB/T 4754-2017."),
            why=Text("准入清单按行业代码适用，代码不明则无法研判。", "The access list speaks to industries by code."),
            cure=Text(
                "请按行业名称检索并选择四位小类代码，例如 C3360；2011 版代码请先换算。",
                "Search by the trade's name and choose a four-digit class such as C3360; convert codes of the 2011 edition.",
            ),
            field=field,
            value=written,
            candidates=candidates,
        )


class SupersededIndustryError(UnknownIndustryError):
    """A code that GB/T 4754-2011 had and GB/T 4754-2017 has not."""

    code = "superseded-industry"
    title = Text("行业代码已被替代", "Superseded industry code")

    @classmethod
    def by(cls, written: str, meant: str, field: str, candidates: Sequence[str]) -> SupersededIndustryError:
        """For a code as it was written, what it meant in 2011, and the classes of 2017 that took its place."""
        now = "、".join(candidates[:6]) + ("…" if len(candidates) > 6 else "")
        return cls(
            what=Text(
                f"“{written}”是 GB/T 4754—2011 的代码（{meant}），2017 版已无此代码。",
                f"“{written}” is a code of GB/T 4754-2011 ({meant}); the 2017 edition has it no longer.",
            ),
            why=Text(
                "同一代码在两版中含义不同，系统不代为换算，以免用错条款。",
                "Codes changed their meaning between the editions, so none is converted for you.",
            ),
            cure=Text(f"请在 2017 版中选定：{now}。", f"Choose from the 2017 edition: {now}."),
            field=field,
            value=written,
            candidates=candidates,
        )


class NoIndustryError(ThreeLinesError):
    """A project without any industry."""

    code = "no-industry"
    title = Text("未填行业", "No industry given")

    @classmethod
    def of(cls, field: str) -> NoIndustryError:
        """For a project with an empty list of industries."""
        return cls(
            what=Text("未填写国民经济行业代码。", "No industry code was given."),
            why=Text("准入清单按行业适用。", "The access list speaks to industries."),
            cure=Text("请至少选择一个行业。", "Choose at least one industry."),
            field=field,
        )


class UnknownFactError(ThreeLinesError):
    """A declared fact whose name or value the schema does not know."""

    code = "unknown-fact"
    title = Text("申报事实不可用", "Unusable declared fact")

    @classmethod
    def named(cls, name: str, known: Sequence[str], *, place: str = "project.facts") -> UnknownFactError:
        """For a name outside the schema; `place` is where it was declared."""
        listed = "/api/v1/" + place.rpartition(".")[2]
        return cls(
            what=Text(f"没有名为“{name}”的申报项。", f"There is no fact named “{name}”."),
            why=Text(
                "不认识的申报项会被遗漏，因此不予接受。", "An unknown fact would be lost unseen, so it is refused."
            ),
            cure=Text(f"请使用 {listed} 列出的申报项。", f"Use the facts listed at {listed}."),
            field=f"{place}.{name}",
            value=name,
            candidates=known,
        )

    @classmethod
    def valued(
        cls,
        name: str,
        label: Text,
        value: object,
        expected: Text,
        *,
        place: str = "project.facts",
        candidates: Sequence[str] = (),
    ) -> UnknownFactError:
        """For a value of the wrong type, in a unit that does not fit, or out of range; `candidates`: units that do."""
        shown = _short(str(value))
        return cls(
            what=Text(f"“{label.zh}”的值“{shown}”不可用。", f"The value “{shown}” of “{label.en}” cannot be used."),
            why=expected,
            cure=Text("请改正，或留空表示未申报。", "Correct it, or leave it out: not declared is not zero."),
            field=f"{place}.{name}",
            value=shown,
            candidates=candidates,
        )


class UnusableAmountError(ThreeLinesError):
    """A number or a unit that no limit can be compared with."""

    code = "unusable-amount"
    title = Text("数值或单位不可用", "Unusable amount")

    @classmethod
    def of_unit(cls, unit: str, field: str, known: Sequence[str]) -> UnusableAmountError:
        """For a unit outside the table."""
        return cls(
            what=Text(f"不认识单位“{unit}”。", f"The unit “{unit}” is not known."),
            why=Text(
                "单位不明的数值不能与限值比较。", "A number without a known unit cannot be compared with a limit."
            ),
            cure=Text("请改用所列单位；ppm 请先换算为 mg/m³。", "Use one of those listed; convert ppm to mg/m³ first."),
            field=field,
            value=unit,
            candidates=known,
        )

    @classmethod
    def of_value(cls, written: str, field: str) -> UnusableAmountError:
        """For something that is no finite, not negative number."""
        return cls(
            what=Text(f"“{written}”不是可用的数值。", f"“{written}” is not a usable number."),
            why=Text("排放数值应为有限的非负数。", "What is discharged is a finite number and not negative."),
            cure=Text("请改正，或留空表示未申报。", "Correct it, or leave it out: not declared is not zero."),
            field=field,
            value=written,
        )

    @classmethod
    def of_families(cls, unit: str, other: str) -> UnusableAmountError:
        """For two units between which there is no conversion."""
        return cls(
            what=Text(f"“{unit}”不能换算为“{other}”。", f"“{unit}” cannot be converted to “{other}”."),
            why=Text("两个单位度量的不是同一个量。", "The two units measure different things."),
            cure=Text(f"请以“{other}”申报。", f"Declare it in “{other}”."),
            field="unit",
            value=unit,
        )


class UnusableDischargeError(ThreeLinesError):
    """A declared discharge that names something the standards do not have."""

    code = "unusable-discharge"
    title = Text("申报的排放不可用", "Unusable discharge")

    @classmethod
    def of_pollutant(cls, written: str, known: Sequence[str]) -> UnusableDischargeError:
        """For a pollutant outside the table."""
        return cls(
            what=Text(f"污染物表中没有“{written}”。", f"There is no pollutant “{written}” in the table."),
            why=Text(
                "认错污染物会用错限值，因此不予猜测。", "A pollutant taken for another would meet the wrong limit."
            ),
            cure=Text("请使用标准中的名称或 CAS 号。", "Use the name of the standards, or the CAS number."),
            field="discharge.pollutant",
            value=written,
            candidates=known,
        )

    @classmethod
    def of_column(cls, name: str, choice: str, known: Sequence[str]) -> UnusableDischargeError:
        """For a column, or a value of it, outside the table."""
        return cls(
            what=Text(f"“{name}”没有取值“{choice}”。", f"“{name}” has no value “{choice}”."),
            why=Text("限值分栏须与标准一致。", "The columns of a table of limits are those of the standard."),
            cure=Text("请从所列取值中选择，或留空。", "Choose one of those listed, or leave it out."),
            field=f"discharge.columns.{name}",
            value=choice,
            candidates=known,
        )

    @classmethod
    def of_outlet(cls, outlet: str, medium: str, known: Sequence[str]) -> UnusableDischargeError:
        """For an outlet which a medium does not have."""
        return cls(
            what=Text(f"介质“{medium}”没有排放方式“{outlet}”。", f"Medium “{medium}” has no outlet “{outlet}”."),
            why=Text("限值按介质和排放方式规定。", "Limits are set by medium and outlet."),
            cure=Text("请从所列方式中选择，或留空。", "Choose one of those listed, or leave it out."),
            field="discharge.outlet",
            value=outlet,
            candidates=known,
        )


class UnreadableSiteError(ThreeLinesError):
    """A site nobody can read as coordinates."""

    code = "unreadable-site"
    title = Text("无法读懂选址", "Unreadable site")

    @classmethod
    def of(cls, written: str, why: Text) -> UnreadableSiteError:
        """For a text or geometry that is no site."""
        short = _short(written)
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
        short = _short(written)
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
        short = _short(written)
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
        short = _short(written)
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


class UnreadableCellError(ThreeLinesError):
    """A cell of a batch that cannot be understood."""

    code = "unreadable-cell"
    title = Text("单元格读不懂", "Unreadable cell")

    @classmethod
    def of(cls, written: str, why: Text, cure: Text, candidates: Sequence[str] = ()) -> UnreadableCellError:
        """For a cell as it was written."""
        shown = _short(written)
        return cls(
            what=Text(f"“{shown}”不能用。", f"“{shown}” cannot be used."),
            why=why,
            cure=cure,
            value=shown,
            candidates=candidates,
        )


class UnusableMappingError(ThreeLinesError):
    """A mapping of columns that fits neither the template nor the file."""

    code = "unusable-mapping"
    title = Text("列映射不可用", "Unusable column mapping")

    @classmethod
    def of_key(cls, key: str, known: Sequence[str]) -> UnusableMappingError:
        """For something to be filled that the template does not have."""
        return cls(
            what=Text(f"没有名为“{key}”的内容可映射。", f"There is nothing named “{key}” to map a column to."),
            why=Text("映射错了的列会被遗漏。", "A column mapped to nothing would be lost unseen."),
            cure=Text(
                "请用列出的名称；申报事实写成“fact:名称”。", "Use the names listed; facts are written “fact:name”."
            ),
            field="mapping",
            value=key,
            candidates=known,
        )

    @classmethod
    def of_column(cls, column: str, known: Sequence[str]) -> UnusableMappingError:
        """For a column that is mapped twice, or that the file does not have."""
        return cls(
            what=Text(f"列“{column}”不能这样映射。", f"The column “{column}” cannot be mapped so."),
            why=Text(
                "文件中没有这一列，或它被映射了两次。", "The file has no such column, or it is mapped more than once."
            ),
            cure=Text("请对照列名改正映射。", "Compare the mapping with the names of the columns."),
            field="mapping",
            value=column,
            candidates=known,
        )


class BatchTooLargeError(ThreeLinesError):
    """More rows than one request may bring."""

    code = "batch-too-large"
    title = Text("批量行数过多", "Too many rows in a batch")

    @classmethod
    def of(cls, rows: int, most: int) -> BatchTooLargeError:
        """For the rows found and the limit."""
        return cls(
            what=Text(
                f"文件有 {rows} 行，每次最多 {most} 行。", f"The file has {rows} rows; at most {most} are taken."
            ),
            why=Text(
                "过大的批量会拖慢其他人的研判，未作任何处理。",
                "It would slow everybody else down; nothing of it was processed.",
            ),
            cure=Text(
                "请分成几个文件，或在本机用 threelines batch 命令研判。",
                "Split the file, or use the command `threelines batch` on a machine of your own.",
            ),
            field="rows",
            value=str(rows),
        )


class BatchJournalError(ThreeLinesError):
    """A journal of an interrupted batch that belongs to something else."""

    code = "batch-journal"
    title = Text("批量进度文件不符", "Journal of another batch")

    @classmethod
    def of(cls, journal: str, difference: Text) -> BatchJournalError:
        """For a journal and in what it differs."""
        return cls(
            what=Text(
                f"“{journal}”记的不是这一批：{difference.zh}。", f"“{journal}” is of another batch: {difference.en}."
            ),
            why=Text("接着做会把两批的结果混在一起。", "To go on would mix the results of two batches."),
            cure=Text(
                "请用原来的文件和参数继续，或换一个 --results 文件名，或删去该进度文件重新开始。",
                "Go on with the same file and options, choose another --results, or delete the journal to start anew.",
            ),
            field="results",
            value=journal,
        )


class UnknownBatchFileError(ThreeLinesError):
    """A workbook of a batch that is not, or no longer, kept."""

    code = "unknown-batch-file"
    title = Text("文件已不在", "The file is gone")

    @classmethod
    def of(cls, name: str, hours: int) -> UnknownBatchFileError:
        """For the name asked for and how long files are kept."""
        return cls(
            what=Text(f"没有文件“{name}”。", f"There is no file “{name}”."),
            why=Text(
                f"批量研判的工作簿只保留 {hours} 小时；每条研判本身仍在。",
                f"Workbooks of a batch are kept for {hours} hours; each screening itself is kept for good.",
            ),
            cure=Text("请重新上传原表。", "Send the table again."),
            value=name,
        )


class UploadTooLargeError(ThreeLinesError):
    """More bytes than the service takes at once."""

    code = "upload-too-large"
    title = Text("上传内容过大", "Upload too large")

    @classmethod
    def of(cls, limit_bytes: int) -> UploadTooLargeError:
        """For a body beyond the limit."""
        megabytes = f"{limit_bytes / 1_000_000:.0f} MB"
        return cls(
            what=Text(f"请求超过 {megabytes} 的上限。", f"The request is larger than {megabytes}."),
            why=Text(
                "过大的请求会拖慢其他人的研判，未作任何处理。",
                "It would slow everybody else down; nothing of it was processed.",
            ),
            cure=Text(
                "请只上传选址边界，去掉影像和附件；大批选址请分批。",
                "Send only the site boundary; split large batches.",
            ),
            value=megabytes,
        )


class MalformedRequestError(ThreeLinesError):
    """A request whose shape is not the documented one."""

    code = "malformed-request"
    title = Text("请求格式不对", "Malformed request")

    @classmethod
    def of(cls, field: str, problem: str, value: str) -> MalformedRequestError:
        """For one field of a request."""
        return cls(
            what=Text(f"字段“{field}”不可用：{problem}", f"Field “{field}” cannot be used: {problem}"),
            why=Text(
                "格式不符的请求可能被误解，因此不予猜测。",
                "A misread request would be answered wrongly, so nothing is guessed.",
            ),
            cure=Text("请对照 /docs 中的接口说明改正。", "Compare with the interface description at /docs."),
            field=field,
            value=value,
        )


class PlanError(ThreeLinesError):
    """A plan that cannot be screened as it was given."""

    code = "unusable-plan"
    title = Text("规划内容不可用", "The plan cannot be used")

    @classmethod
    def without_parts(cls) -> PlanError:
        """For a plan that lies nowhere."""
        return cls(
            what=Text("没有给出规划分区。", "No part of the plan was given."),
            why=Text("没有范围就无从核对。", "Without an area nothing can be checked."),
            cure=Text("请至少给出一个分区的边界。", "Give the boundary of at least one part."),
            field="parts",
        )

    @classmethod
    def without_area(cls, position: int, name: str) -> PlanError:
        """For a part that is only a point."""
        return cls(
            what=Text(f"分区“{name}”没有面积。", f"Part “{name}” has no area."),
            why=Text(
                "占比按面积计算，一个点不是规划范围。", "Shares are shares of area, and a point is no planned area."
            ),
            cure=Text("请给出该分区的边界；线须给出宽度。", "Give its boundary; a line needs a width."),
            field=f"parts[{position}]",
            value=name,
        )

    @classmethod
    def of_one_name(cls, position: int, name: str) -> PlanError:
        """For two parts that nobody could tell apart."""
        return cls(
            what=Text(f"有两个分区都叫“{name}”。", f"Two parts are called “{name}”."),
            why=Text(
                "结果按分区名称列出，同名无法区分。", "Results are listed by name, so two alike could not be told."
            ),
            cure=Text("请给各分区不同的名称。", "Give each part a name of its own."),
            field=f"parts[{position}].name",
            value=name,
        )

    @classmethod
    def too_large(cls, parts: int, industries: int, most: int) -> PlanError:
        """For a matrix beyond what the service takes at once."""
        cells = parts * industries
        return cls(
            what=Text(
                f"{parts} 个分区 × {industries} 个行业 = {cells} 项，超过一次 {most} 项的上限。",
                f"{parts} parts × {industries} industries are {cells} cells; at most {most} are answered at once.",
            ),
            why=Text(
                "每一项都是一次完整的研判，过多会拖慢其他人；未作任何研判。",
                "Each cell is a whole screening and too many slow everybody down; none was made.",
            ),
            cure=Text(
                "请分几次提交，或请服务管理者调高上限。", "Send it in several requests, or ask for a higher limit."
            ),
            field="industries",
            value=str(cells),
        )


class OldRecordError(ThreeLinesError):
    """A kept screening whose record does not yet hold what is asked of it."""

    code = "old-record"
    title = Text("记录缺少所需内容", "The record lacks what this needs")

    @classmethod
    def of(cls, engine_version: str) -> OldRecordError:
        """For a record that an earlier engine made."""
        return cls(
            what=Text(
                f"该记录由引擎 {engine_version} 作出，没有记下各条款针对的事项。",
                f"Engine {engine_version} made this record without noting what each clause is about.",
            ),
            why=Text(
                "缺少的内容不予猜测，否则可能漏掉冲突。", "What is lacking is not guessed: a conflict might be missed."
            ),
            cure=Text("请重新研判该选址。", "Screen the site again."),
            field="id",
            value=engine_version,
        )


class UnknownScreeningError(ThreeLinesError):
    """An id under which no screening is kept."""

    code = "unknown-screening"
    title = Text("查无此研判", "No such screening")

    @classmethod
    def of(cls, case_id: str) -> UnknownScreeningError:
        """For an id nobody was given."""
        return cls(
            what=Text(f"没有编号为“{case_id}”的研判。", f"There is no screening “{case_id}”."),
            why=Text("编号写错，或该记录不在本系统。", "The number is mistyped or belongs to another system."),
            cure=Text("请核对链接或重新研判。", "Check the link or screen again."),
            field="id",
            value=case_id,
        )


class UnsealedScreeningError(ThreeLinesError):
    """A kept screening without what is needed to repeat it: it is older than the format of sealed documents."""

    code = "sealed-before-format-1"
    title = Text("封存格式之前的研判", "Screening older than the sealed format")

    @classmethod
    def of(cls, case_id: str) -> UnsealedScreeningError:
        """For a screening kept without its exact question."""
        return cls(
            what=Text(
                f"研判“{case_id}”作出于封存格式 1 之前，不能重新计算。",
                f"Screening “{case_id}” was sealed before format 1 and cannot be recomputed.",
            ),
            why=Text(
                "当时没有保存选址的完整坐标；按四舍五入的坐标重算会得出另一份记录。",
                "The site's exact coordinates were not kept then; rounded ones would give another record.",
            ),
            cure=Text(
                "记录仍可查看；需要可核验的结论请重新研判。", "It can still be read; screen again for a sealed one."
            ),
            field="id",
            value=case_id,
        )


class DocumentTemplateError(ThreeLinesError):
    """A Word template that cannot be filled."""

    code = "unusable-document-template"
    title = Text("文档模板不可用", "Unusable document template")

    @classmethod
    def of(cls, name: str, problem: Text, value: str = "", candidates: Sequence[str] = ()) -> DocumentTemplateError:
        """For a template file, what is wrong with it and where."""
        return cls(
            what=Text(f"模板“{name}”{problem.zh}。", f"The template “{name}” {problem.en}."),
            why=Text(
                "填不完整的文档会缺少结论、条件或限制，不能交出去。",
                "A document filled in part would lack conclusions, conditions or limits and must not be handed out.",
            ),
            cure=Text(
                "请在 Word 中改正该处，用 threelines template check 核对；或从模板目录移走该文件，改用随软件提供的模板。",
                "Mend it in Word and run threelines template check; or move the file away to use the template that comes with "
                "the program.",
            ),
            field=name,
            value=value,
            candidates=candidates,
        )


class SealedFileError(ThreeLinesError):
    """A file that is no sealed verdict."""

    code = "not-a-sealed-verdict"
    title = Text("不是签章文件", "Not a sealed verdict")

    @classmethod
    def of(cls, problem: Text) -> SealedFileError:
        """For a file and what keeps it from being one."""
        return cls(
            what=Text(f"这个文件不是签章的研判文件：{problem.zh}。", f"This file is no sealed verdict: {problem.en}."),
            why=Text("读不懂的文件什么也不能证明。", "A file that cannot be understood proves nothing."),
            cure=Text(
                "请使用研判记录页“下载签章文件”得到的原文件，不要经其他软件另存。",
                "Use the very file that the screening's page gave for download, not saved again by another program.",
            ),
            field="file",
        )


class SigningKeyError(ThreeLinesError):
    """The key that seals verdicts cannot be made or read."""

    code = "signing-key-unavailable"
    title = Text("签章密钥不可用", "Signing key unavailable")

    @classmethod
    def of(cls, place: str, problem: str) -> SigningKeyError:
        """For a folder that cannot be written, or a file in it that is no key."""
        return cls(
            what=Text(
                f"签章密钥不能读写（{place}）：{problem}。", f"The signing key at {place} cannot be used: {problem}."
            ),
            why=Text(
                "没有密钥就不能签章，结论交出去以后无从核验。",
                "Without it nothing can be sealed, and an answer given out could not be checked.",
            ),
            cure=Text(
                "请把数据目录（THREELINES_DATA）设为服务可写的目录；密钥文件损坏的从备份恢复。",
                "Point THREELINES_DATA at a folder the service may write to; restore a damaged key from backup.",
            ),
            field="data",
            value=place,
        )


class NoSuchPageError(ThreeLinesError):
    """An address that leads nowhere."""

    code = "not-found"
    title = Text("没有这个地址", "No such address")

    @classmethod
    def of(cls, path: str) -> NoSuchPageError:
        """For a path without a route."""
        return cls(
            what=Text(f"没有“{path}”这个地址。", f"There is nothing at “{path}”."),
            why=Text("地址写错，或该内容已不在。", "The address is mistyped or the thing is gone."),
            cure=Text("请从首页进入。", "Start from the front page."),
            value=path,
        )


class UnknownPolicyEntryError(ThreeLinesError):
    """A confirmation of a catalogue entry that the catalogue does not have."""

    code = "unknown-policy-entry"
    title = Text("目录条目不存在", "Unknown catalogue entry")

    @classmethod
    def of(cls, catalogue: str, entries: Sequence[str]) -> UnknownPolicyEntryError:
        """For entry ids outside the catalogue."""
        names = ", ".join(entries)
        return cls(
            what=Text(f"目录“{catalogue}”中没有条目：{names}。", f"The catalogue “{catalogue}” has no entry {names}."),
            why=Text("对不上条目的确认会被遗漏。", "A confirmation that fits no entry would be lost unseen."),
            cure=Text("请使用候选条目列出的编号。", "Use the ids of the candidates."),
            field="policy.confirmed",
            value=names,
        )


class UnknownDocumentError(ThreeLinesError):
    """A document id that the basis library does not have."""

    code = "unknown-document"
    title = Text("查无此文件", "No such document")

    @classmethod
    def of(cls, document_id: str) -> UnknownDocumentError:
        """For an id outside the library."""
        return cls(
            what=Text(f"依据库中没有“{document_id}”。", f"The basis library has no “{document_id}”."),
            why=Text("编号写错，或该文件尚未收录。", "The id is mistyped, or the document is not yet recorded."),
            cure=Text("请按名称或文号检索依据库。", "Search the library by title or number."),
            field="document",
            value=document_id,
        )


# -- what a city delivers ----------------------------------------------------------------------------------------------


class DeliveryError(ThreeLinesError):
    """A delivery that cannot become a release."""

    code = "delivery-rejected"
    title = Text("数据交付不合格", "Delivery rejected")

    @classmethod
    def missing_file(cls, name: str, named_in: str) -> DeliveryError:
        """For a file that the delivery names and does not hold."""
        return cls(
            what=Text(f"缺少文件“{name}”。", f"The file “{name}” is missing."),
            why=Text(
                f"{named_in} 指明了它；缺图层的发布会让研判漏判。",
                f"{named_in} names it; without it checks would be missed.",
            ),
            cure=Text("请补交该文件，或更正交付说明。", "Deliver it, or correct the description of the delivery."),
            field=named_in,
            value=name,
        )

    @classmethod
    def unreadable(cls, name: str, problem: str) -> DeliveryError:
        """For a file that no driver on the closed list opens."""
        return cls(
            what=Text(f"文件“{name}”打不开：{problem}", f"The file “{name}” cannot be opened: {problem}"),
            why=Text("读不出的数据不能算作“没有限制”。", "Data that cannot be read is not data without restrictions."),
            cure=Text("请用 GIS 软件检查后重新导出并交付。", "Check it in a GIS, export it again and deliver it anew."),
            field=name,
        )

    @classmethod
    def wrong(
        cls, place: str, what: Text, cure: Text, value: str = "", candidates: Sequence[str] = ()
    ) -> DeliveryError:
        """For anything else in a delivery, at a named file, field or row."""
        return cls(
            what=Text(f"{place}：{what.zh}", f"{place}: {what.en}"),
            why=Text("不明确的数据不能进入发布。", "Data that is not clear cannot enter a release."),
            cure=cure,
            field=place,
            value=value,
            candidates=candidates,
        )


class UnsafeArchiveError(ThreeLinesError):
    """A zip that tries to leave its folder or to fill the disk."""

    code = "unsafe-archive"
    title = Text("压缩包不安全", "Unsafe archive")

    @classmethod
    def of(cls, name: str, reason: Text) -> UnsafeArchiveError:
        """For an archive and the reason it was refused."""
        return cls(
            what=Text(f"压缩包“{name}”被拒绝：{reason.zh}", f"The archive “{name}” was refused: {reason.en}"),
            why=Text(
                "不安全的压缩包可能覆盖系统文件或耗尽磁盘。", "Such an archive may overwrite files or fill the disk."
            ),
            cure=Text("请只压缩图层文件本身后重新提交。", "Pack only the layer's own files and deliver again."),
            field=name,
        )


class ConditionError(ThreeLinesError):
    """A clause condition that cannot be used."""

    code = "unusable-condition"
    title = Text("条款条件不可用", "Unusable clause condition")

    @classmethod
    def _of(cls, expression: str, what: Text, cure: Text, candidates: Sequence[str] = ()) -> ConditionError:
        return cls(
            what=Text(f"条件“{expression}”{what.zh}", f"The condition “{expression}” {what.en}"),
            why=Text(
                "不能求值的条件会使条款失效而不被察觉。",
                "A condition that cannot be evaluated would silence its clause.",
            ),
            cure=cure,
            value=expression,
            candidates=candidates,
        )

    @classmethod
    def unreadable(cls, expression: str, column: int, found: str) -> ConditionError:
        """For an expression that does not parse, with the column counted from 1."""
        zh, en = (f"“{found}”", f"“{found}”") if found else ("结尾", "the end")
        return cls._of(
            expression,
            Text(f"有语法错误：第 {column} 个字符，{zh}", f"does not parse: column {column}, {en}"),
            Text(
                "只允许比较、与（&&）或（||）非（!）、加减乘、in 和括号。",
                "Only comparisons, && || !, + - *, in and parentheses are allowed.",
            ),
        )

    @classmethod
    def unknown_facts(cls, expression: str, unknown: Sequence[str], known: Sequence[str]) -> ConditionError:
        """For an expression over facts that no project can declare."""
        names = ", ".join(unknown)
        return cls._of(
            expression,
            Text(f"用到了未定义的申报项：{names}", f"uses undefined facts: {names}"),
            Text("请使用申报项表中的名称。", "Use names from the table of facts."),
            known,
        )

    @classmethod
    def mistyped(cls, expression: str, what: Text, candidates: Sequence[str] = ()) -> ConditionError:
        """For an expression whose parts do not fit: types, units, choices, ranges."""
        return cls._of(
            expression,
            Text(f"：{what.zh}", what.en),
            Text(
                "请核对类型、单位、选项和取值范围，见申报项表。",
                "Check types, units, choices and ranges in the table of facts.",
            ),
            candidates,
        )


class ReferenceTableError(ThreeLinesError):
    """A reference table with a row that cannot be used."""

    code = "unusable-reference-table"
    title = Text("参考表不可用", "Unusable reference table")

    @classmethod
    def of(cls, table: str, row: str, problem: Text) -> ReferenceTableError:
        """For one row of a table and what is wrong with it."""
        return cls(
            what=Text(f"{table} 的“{row}”{problem.zh}", f"“{row}” of {table} {problem.en}"),
            why=Text("读错的名录会得出错误的类别。", "A catalogue read wrongly gives wrong answers."),
            cure=Text("请对照公布文本改正该行。", "Correct the row by the published text."),
            field=table,
            value=row,
        )


# -- what is published -------------------------------------------------------------------------------------------------


class NoReleaseError(ThreeLinesError):
    """No release is in force on the day asked for."""

    code = "no-release-in-force"
    title = Text("当日没有生效的成果", "No release in force")

    @classmethod
    def of(cls, day: str) -> NoReleaseError:
        """For a day before the first release or after the last."""
        return cls(
            what=Text(f"{day} 没有生效的管控成果。", f"No release is in force on {day}."),
            why=Text(
                "没有依据就不能作出研判，更不能视为可以准入。", "Without a release there is no ground for any verdict."
            ),
            cure=Text("请换一个日期，或由管理员发布成果。", "Choose another day, or have a release published."),
            field="as_of",
            value=day,
        )


class UnknownReleaseError(ThreeLinesError):
    """A release id that was never published here."""

    code = "unknown-release"
    title = Text("没有这个成果版本", "Unknown release")

    @classmethod
    def of(cls, release_id: str, known: Sequence[str]) -> UnknownReleaseError:
        """For an id outside the store."""
        return cls(
            what=Text(f"没有版本“{release_id}”。", f"There is no release “{release_id}”."),
            why=Text("研判必须指明所依据的版本。", "Every answer names the release it rests on."),
            cure=Text("请从成果列表中选择。", "Choose one from the list of releases."),
            field="release",
            value=release_id,
            candidates=known,
        )


class UnknownUnitError(ThreeLinesError):
    """A code under which a release has no control unit."""

    code = "unknown-unit"
    title = Text("没有这个管控单元", "Unknown control unit")

    @classmethod
    def of(cls, unit: str, release: str, known: Sequence[str], silent: Sequence[Text]) -> UnknownUnitError:
        """For a code outside a release, with codes like it and the layers of units that could not be read."""
        why = Text("现行成果中没有该编码，也可能属于其他版本或其他城市。", "It may belong to another release or city.")
        if silent:
            layers = joined(list(silent))
            why = Text(
                f"单元图层不可用（{layers.zh}），不能断定没有该单元。",
                f"Layers of units cannot be read ({layers.en}), so it cannot be said that there is none.",
            )
        return cls(
            what=Text(f"版本 {release} 中没有单元“{unit}”。", f"Release {release} has no unit “{unit}”."),
            why=why,
            cure=Text("请核对编码，或按名称、地名查询。", "Check the code, or search by name or place."),
            field="code",
            value=unit,
            candidates=known,
        )


class BrokenReleaseError(ThreeLinesError):
    """A stored release whose content is not what its manifest says."""

    code = "broken-release"
    title = Text("成果文件已损坏", "Broken release")

    @classmethod
    def of(cls, release_id: str, part: str, problem: Text) -> BrokenReleaseError:
        """For a part that is missing, changed or short."""
        return cls(
            what=Text(
                f"版本 {release_id} 的“{part}”{problem.zh}", f"Part “{part}” of release {release_id} {problem.en}"
            ),
            why=Text(
                "残缺的数据会把“没读到”变成“没有限制”。", "Damaged data would turn “not read” into “no restriction”."
            ),
            cure=Text("请由管理员从备份恢复或重新发布。", "Have the release restored from backup or published again."),
            field=part,
            value=release_id,
        )


class BrokenReferenceError(ThreeLinesError):
    """A row of a reference table that cannot be understood."""

    code = "broken-reference"
    title = Text("参考表有误", "Broken reference table")

    @classmethod
    def of(cls, file: str, row: str, field: str, problem: Text, value: str = "") -> BrokenReferenceError:
        """For one cell, by file, row and column."""
        return cls(
            what=Text(f"{file} 第 {row} 行“{field}”：{problem.zh}", f"{file}, row {row}, “{field}”: {problem.en}"),
            why=Text(
                "读错一格会用错限值；跳过一行会把“没读到”变成“没有限值”。",
                "A cell misread is a wrong limit; a row skipped would turn “not read” into “no limit”.",
            ),
            cure=Text("请对照标准原文改正该行。", "Correct the row from the text of the standard."),
            field=f"{file}:{row}:{field}",
            value=value,
        )


class ComparisonError(ThreeLinesError):
    """Screenings that cannot be compared."""

    code = "cannot-compare"
    title = Text("无法比选", "Cannot be compared")

    @classmethod
    def wrong_count(cls, count: int, most: int) -> ComparisonError:
        """For too few or too many sites."""
        return cls(
            what=Text(f"给出了 {count} 个选址。", f"{count} sites were given."),
            why=Text(f"一次比选 2 至 {most} 个选址。", f"Two to {most} sites are compared at a time."),
            cure=Text("请增减选址；更多选址请用批量研判。", "Add or leave out sites; for more of them screen a batch."),
            field="sites",
            value=str(count),
        )

    @classmethod
    def different_projects(cls) -> ComparisonError:
        """For screenings of projects that are not the same."""
        return cls(
            what=Text("所选研判不是同一个项目。", "The screenings are not about one project."),
            why=Text(
                "行业、建设性质或申报不同时，差别不能归于选址。",
                "Where industries, kind of construction or declarations differ, the difference is not the site's.",
            ),
            cure=Text("请用同一个项目重新研判各选址。", "Screen one and the same project at each site."),
            field="screening",
        )


class NotPublishedError(ThreeLinesError):
    """Geometry that the city decided not to publish."""

    code = "not-published"
    title = Text("图形不公开", "Geometry not published")

    @classmethod
    def of(cls, layer: Text, source: Text) -> NotPublishedError:
        """For a layer and the decision about it."""
        return cls(
            what=Text(f"图层“{layer.zh}”的图形不公开。", f"The geometry of the layer “{layer.en}” is not published."),
            why=Text(f"依据：{source.zh}。", f"By decision: {source.en}."),
            cure=Text(
                "研判仍按原始界线计算：请输入地点进行研判；需要界线的，请向生态环境主管部门申请。",
                "Screenings rest on the exact lines all the same: screen a place, or ask the authority for the lines.",
            ),
            field="layer",
        )


class TooManyRequestsError(ThreeLinesError):
    """More questions from one address than the service answers in a time.

    Attributes:
        retry_after_s: Seconds until some of the limit is free again.
    """

    code = "too-many-requests"
    title = Text("请求过于频繁", "Too many requests")

    retry_after_s: int = 1

    @classmethod
    def of(cls, limit: str, wait_s: int) -> TooManyRequestsError:
        """For the limit that is used up, and the seconds until it is free again."""
        minutes = -(-wait_s // 60)
        error = cls(
            what=Text(
                f"来自同一地址的研判请求已达上限（{limit}）。", f"This address has used up its questions ({limit})."
            ),
            why=Text(
                "限制频次，使人人可用，也使未公开的界线不能被逐点试出。",
                "The limit keeps the service open to all, and unpublished lines from being found point by point.",
            ),
            cure=Text(
                f"请约 {minutes} 分钟后再试；成批研判请联系管理单位。",
                f"Try again in about {minutes} min; for many sites ask the authority that runs the service.",
            ),
            value=limit,
        )
        error.retry_after_s = wait_s
        return error


class GateError(ThreeLinesError):
    """A release that lost much against the one before it."""

    code = "release-gate"
    title = Text("新版本比上一版本少了很多", "The release lost much against the one before")

    @classmethod
    def of(cls, release_id: str, before_id: str, losses: Sequence[Text]) -> GateError:
        """For a release, the one it was compared with, and what it lost."""
        first = losses[0]
        return cls(
            what=Text(
                f"{release_id} 与 {before_id} 相比：{first.zh}（共 {len(losses)} 处）",
                f"{release_id} against {before_id}: {first.en} ({len(losses)} in all)",
            ),
            why=Text(
                "一次残缺的交付会让许多限制无声地消失。",
                "A delivery with parts missing would make restrictions vanish unseen.",
            ),
            cure=Text(
                "请核对交付；确系调整的，由负责人写明理由后以 --override 发布。",
                "Check the delivery; if it is meant so, publish with --override and the reason.",
            ),
            field="release",
            value=release_id,
            candidates=[f"{loss.zh} · {loss.en}" for loss in losses],
        )


class CaseStoreError(ThreeLinesError):
    """The case store cannot keep what it was given."""

    code = "case-store-unavailable"
    title = Text("研判记录无法保存", "Case store unavailable")

    @classmethod
    def of(cls, problem: str) -> CaseStoreError:
        """For a database that does not answer."""
        return cls(
            what=Text("研判结果未能保存。", "The screening could not be kept."),
            why=Text(
                "没有存档的结论不能被核查，因此不予发出。",
                "An answer that is not kept cannot be checked, so it is not given.",
            ),
            cure=Text(
                "请稍后重试；若持续出现请联系管理员。", "Try again later; if it persists tell the administrator."
            ),
            value=problem,
        )


def named(error: ThreeLinesError) -> Text:
    """Title and sentence of an error, as one text."""
    return Text(f"{error.title.zh}：{error.what.zh}", f"{error.title.en}: {error.what.en}")


def _short(written: str) -> str:
    return written if len(written) <= 80 else written[:77] + "…"

"""What is wrong with a project as somebody states it: industry, facts, amounts, discharges, plans."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError, shortened
from screening.words import Text


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
        shown = shortened(str(value))
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

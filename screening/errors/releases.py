"""What is wrong with what is published."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError
from screening.words import Text


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

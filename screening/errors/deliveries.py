"""What is wrong with what a city delivers."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError
from screening.words import Text


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

"""Errors of batch runs; the rest of the tree is in `screening.errors`."""

from __future__ import annotations

from screening.errors import ThreeLinesError
from screening.words import Text


class UnknownRunError(ThreeLinesError):
    """A run nobody has, or that was deleted."""

    code = "unknown-run"
    title = Text("没有这次批量研判", "No such batch run")

    @classmethod
    def of(cls, run_id: str) -> UnknownRunError:
        """By the id that was asked for."""
        return cls(
            what=Text(f"没有编号为“{run_id}”的批量研判。", f"There is no batch run “{run_id}”."),
            why=Text("编号有误，或已被删除、已过保存期。", "The id is wrong, or it was deleted or is past its time."),
            cure=Text("请从批量研判列表进入。", "Open it from the list of batch runs."),
            field="run",
            value=run_id,
        )


class RunStateError(ThreeLinesError):
    """A run cannot do what was asked in the state it is in."""

    code = "run-state"
    title = Text("当前状态下不能这样操作", "Not possible in its present state")

    @classmethod
    def of(cls, asked: Text, state: Text) -> RunStateError:
        """With what was asked and the state."""
        return cls(
            what=Text(
                f"这次批量研判“{state.zh}”，不能{asked.zh}。", f"This run is {state.en}; it cannot be {asked.en}."
            ),
            why=Text("别人可能刚刚操作过，或它已经做完。", "Somebody else may have acted, or it has come to its end."),
            cure=Text("请刷新页面查看当前状态。", "Reload the page to see how it stands."),
            field="action",
        )


class RunFileMissingError(ThreeLinesError):
    """A file of a run that is not there, or not yet."""

    code = "run-file-missing"
    title = Text("文件还没有", "The file is not there")

    @classmethod
    def of(cls, name: str) -> RunFileMissingError:
        """By its name."""
        return cls(
            what=Text(f"这次批量研判没有文件“{name}”。", f"This run has no file “{name}”."),
            why=Text("研判未完成，或没有要写入的行。", "It has not finished, or no row belongs in it."),
            cure=Text("请待研判完成后下载。", "Fetch it once the run has finished."),
            field="file",
            value=name,
        )


class ReleaseChangedError(ThreeLinesError):
    """Another release came into force for the day of a run that was under way."""

    code = "release-changed"
    title = Text("成果版本已更换", "Another release is in force")

    @classmethod
    def of(cls, before: str, now: str) -> ReleaseChangedError:
        """With the release the run began with and the one in force."""
        return cls(
            what=Text(f"研判开始时是 {before}，现在是 {now}。", f"The run began with {before}; now it is {now}."),
            why=Text("同一批的各行应出自同一版成果。", "All rows of one batch must rest on one release."),
            cure=Text("请重新上传，按现行成果再做一次。", "Hand the file in again, for the release in force."),
            field="release",
            value=now,
        )

"""What is wrong with a table of projects."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError, shortened
from screening.words import Text


class UnreadableCellError(ThreeLinesError):
    """A cell of a batch that cannot be understood."""

    code = "unreadable-cell"
    title = Text("单元格读不懂", "Unreadable cell")

    @classmethod
    def of(cls, written: str, why: Text, cure: Text, candidates: Sequence[str] = ()) -> UnreadableCellError:
        """For a cell as it was written."""
        shown = shortened(written)
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


class RowsLostError(ThreeLinesError):
    """Not as many rows came back as were sent."""

    code = "rows-lost"
    title = Text("行数不符", "Rows are missing")

    @classmethod
    def of(cls, place: Text, sent: int, came: int) -> RowsLostError:
        """For a part of a file, or the whole, and the rows of it that were sent and came back."""
        return cls(
            what=Text(
                f"{place.zh}有 {sent:,} 行，研判后有 {came:,} 行。",
                f"{place.en} has {sent:,} rows, {came:,} came back.",
            ),
            why=Text("少的行就是没有研判的选址。", "A row that is missing is a site that nobody screened."),
            cure=Text(
                "请核对各工作进程的软件，或改用 local，再重复同一命令；其余部分都在。",
                "See whether every worker has this software, or use local, and repeat the command; the other parts are kept.",
            ),
            field="rows",
            value=str(came),
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


class UnusableEngineError(ThreeLinesError):
    """Something named to work on a batch that is not there."""

    code = "unusable-engine"
    title = Text("不能在那里运行", "Cannot run there")
    _WHERE = Text(
        "请用 local（本机全部核）、local:N（N 个进程）或 dask://主机:端口。",
        "Use local (all cores here), local:N (N processes) or dask://host:port.",
    )

    @classmethod
    def unknown(cls, where: str) -> UnusableEngineError:
        """For a name of no known form."""
        return cls(
            what=Text(f"不认识“{where}”。", f"“{where}” names no engine."),
            why=Text("没有可运行的地方，就什么也不能研判。", "Without a place to run nothing can be screened."),
            cure=cls._WHERE,
            field="on",
            value=where,
        )

    @classmethod
    def missing(cls, package: str) -> UnusableEngineError:
        """For an engine whose package is not installed here."""
        return cls(
            what=Text(f"本机没有安装 {package}。", f"{package} is not installed here."),
            why=Text("集群运行需要它。", "To run on a cluster needs it."),
            cure=Text(f"请安装 {package}，或改用 local。", f"Install {package}, or use local."),
            field="on",
            value=package,
        )

    @classmethod
    def silent(cls, where: str, reason: str) -> UnusableEngineError:
        """For a cluster that does not answer."""
        return cls._without_workers(where, Text(f"{where} 没有应答：{reason}", f"{where} does not answer: {reason}"))

    @classmethod
    def idle(cls, where: str) -> UnusableEngineError:
        """For a cluster that has no workers, or none any more."""
        return cls._without_workers(where, Text(f"{where} 没有工作进程。", f"{where} has no workers."))

    @classmethod
    def _without_workers(cls, where: str, what: Text) -> UnusableEngineError:
        return cls(
            what=what,
            why=Text("没有工作进程，就什么也不能研判。", "Without workers nothing can be screened."),
            cure=Text(
                "请先启动调度器和工作进程，或改用 local；已完成的部分都在，重复同一命令即接着做。",
                "Start scheduler and workers first, or use local; what is done is kept, repeat the command to go on.",
            ),
            field="on",
            value=where,
        )

    @classmethod
    def unfit(cls, worker: str, reason: Text) -> UnusableEngineError:
        """For a worker that would answer otherwise, or not at all."""
        return cls(
            what=Text(f"工作进程 {worker} 不能用：{reason.zh}", f"worker {worker} cannot be used: {reason.en}"),
            why=Text(
                "软件或成果版本不同的进程会给出不同的结论。",
                "A process with other software or another release would give other verdicts.",
            ),
            cure=Text(
                "请在每个工作进程安装同一版本的软件，并让它们读到同一成果（同一路径，或 --release-at）。",
                "Install the same software for every worker, and let all of them read the release: at the same path, or"
                " from --release-at.",
            ),
            field="on",
            value=worker,
        )

    @classmethod
    def lacking(cls, worker: str, reason: str) -> UnusableEngineError:
        """For a worker on which our software does not run."""
        return cls.unfit(
            worker, Text(f"缺少软件或运行不了（{reason}）", f"our software is not there or fails ({reason})")
        )

    @classmethod
    def with_password(cls, where: str) -> UnusableEngineError:
        """For a URL with a password, shown without it."""
        return cls(
            what=Text(
                f"--release-at 的地址里有口令（{where}）。", f"--release-at has a password in its URL ({where})."
            ),
            why=Text(
                "命令行和工作进程的日志别人看得到。", "Others can see command lines, and what workers write down."
            ),
            cure=Text(
                "请删去口令，写在各工作进程的环境变量或 fsspec 配置里。",
                "Take it out, and put it into the environment or the configuration of fsspec on the workers.",
            ),
            field="release-at",
            value=where,
        )

    @classmethod
    def unreachable(cls, where: str, reason: str) -> UnusableEngineError:
        """For a place from which a release cannot be fetched."""
        return cls(
            what=Text(f"从 {where} 取不到成果：{reason}", f"the release cannot be fetched from {where}: {reason}"),
            why=Text("没有完整的成果就不能研判。", "Without the whole release nothing can be screened."),
            cure=Text(
                "--release-at 须是存放各成果版本的文件夹（与 data/releases 内容相同），每个工作进程都能读取。",
                "--release-at must be a folder of releases, a copy of data/releases, that every worker can read.",
            ),
            field="release-at",
            value=where,
        )


class WorkersLostError(ThreeLinesError):
    """Workers that end again and again before they finish anything."""

    code = "workers-lost"
    title = Text("工作进程反复中断", "Workers end before they finish")

    @classmethod
    def of(cls, done: int) -> WorkersLostError:
        """With the number of rows that are done."""
        return cls(
            what=Text(f"工作进程反复中断；已完成 {done} 行。", f"Workers ended again and again; {done} rows are done."),
            why=Text(
                "多半是内存不足，或被系统终止。", "Most likely there is too little memory, or the system ended them."
            ),
            cure=Text(
                "已完成的部分都在；请减少进程（local:1）后重复同一命令，即接着做。",
                "What is done is kept; repeat the command with fewer processes (local:1) to go on.",
            ),
            field="on",
            value=str(done),
        )

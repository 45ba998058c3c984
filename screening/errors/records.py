"""What is wrong with an answer that was kept: its id, its seal, its document, the store."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError
from screening.words import Text


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

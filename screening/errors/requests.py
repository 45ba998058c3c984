"""What is wrong with a request as such, whatever it is about."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors.root import ThreeLinesError
from screening.words import Text, joined


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

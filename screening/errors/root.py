"""The root of every error of ours: what is wrong, why that matters, what to do, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from screening.words import Text


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


def named(error: ThreeLinesError) -> Text:
    """Title and sentence of an error, as one text."""
    return Text(f"{error.title.zh}：{error.what.zh}", f"{error.title.en}: {error.what.en}")


def shortened(written: str) -> str:
    """What somebody wrote, cut to a length that fits a sentence."""
    return written if len(written) <= 80 else written[:77] + "…"

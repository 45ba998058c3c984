"""Errors of accounts, cases and what is kept about them; the rest of the tree is in `screening.errors`."""

from __future__ import annotations

from collections.abc import Sequence

from screening.errors import ThreeLinesError
from screening.words import Text

_ASK_ADMINISTRATOR = Text("请联系管理员。", "Ask the administrator.")


class SignInNeededError(ThreeLinesError):
    """Nobody is signed in where somebody must be."""

    code = "sign-in-needed"
    title = Text("请先登录", "Sign in first")

    @classmethod
    def of(cls, path: str) -> SignInNeededError:
        """For what was asked for without a session or a key in force."""
        return cls(
            what=Text("没有登录，或登录已过期。", "You are not signed in, or your session has ended."),
            why=Text("审批事项只对有相应权限的账户开放。", "The approval port is open to accounts with a role only."),
            cure=Text("请登录后重试；机器请附上有效的密钥。", "Sign in and try again; a machine sends a valid key."),
            value=path,
        )


class WrongCredentialsError(ThreeLinesError):
    """A name and a password that do not belong together."""

    code = "wrong-credentials"
    title = Text("未能登录", "Not signed in")

    @classmethod
    def of(cls, left: int) -> WrongCredentialsError:
        """With how many more tries there are before the name is locked; the same whether the name exists or not."""
        return cls(
            what=Text("账户名或密码不正确。", "Name or password is wrong."),
            why=Text(
                f"再错 {left} 次，该账户名将被暂时锁定。",
                f"After {left} more wrong tries the name is locked for a while.",
            ),
            cure=Text(
                "请核对后重试；忘记密码请联系管理员。", "Check and try again; ask the administrator for a new password."
            ),
            field="password",
        )


class AccountLockedError(ThreeLinesError):
    """Too many wrong passwords for one name."""

    code = "account-locked"
    title = Text("账户名已暂时锁定", "The name is locked for a while")

    @classmethod
    def until(cls, time: str, failures: int) -> AccountLockedError:
        """With the time at which it opens again."""
        return cls(
            what=Text(
                f"连续 {failures} 次密码错误，{time} 以前不能登录。",
                f"{failures} wrong passwords in a row: no sign-in before {time}.",
            ),
            why=Text("防止有人猜测密码。", "So that nobody guesses passwords."),
            cure=Text("请到时再试，或请管理员解锁。", "Try again then, or ask the administrator to unlock it."),
            value=time,
        )


class ForbiddenError(ThreeLinesError):
    """Something the role does not allow."""

    code = "forbidden"
    title = Text("没有权限", "Not allowed")

    @classmethod
    def of(cls, action: Text, role: Text, scope: Text) -> ForbiddenError:
        """For an action, the role that asked, and why it is beyond it."""
        return cls(
            what=Text(f"“{role.zh}”不能{action.zh}：{scope.zh}", f"“{role.en}” may not {action.en}: {scope.en}"),
            why=Text("权限由角色表统一规定。", "One table of roles says who may do what."),
            cure=Text(
                "确有需要的，请由有权限的人办理，或请管理员调整角色或区县。",
                "Ask somebody who may, or the administrator.",
            ),
        )


class ForgedRequestError(ThreeLinesError):
    """A request that changes something and does not show that it comes from our own pages."""

    code = "forged-request"
    title = Text("请求来源无法确认", "The request's origin is not proven")

    @classmethod
    def of(cls, problem: str) -> ForgedRequestError:
        """For what was missing or wrong: `token` or `origin`."""
        return cls(
            what=Text(
                "表单缺少有效的防伪标记，或来自别的网站。", "The form lacks a valid token or comes from another site."
            ),
            why=Text("防止别的网站冒用您的登录。", "So that no other site can use your session."),
            cure=Text("请回到页面刷新后重新提交。", "Go back, reload the page and send it again."),
            value=problem,
        )


class PasswordRuleError(ThreeLinesError):
    """A password that is too easy to guess."""

    code = "password-rule"
    title = Text("密码不符合要求", "The password is too weak")

    @classmethod
    def of(cls, rule: Text) -> PasswordRuleError:
        """For the rule it breaks; the password itself is never repeated."""
        return cls(
            what=rule,
            why=Text("容易猜到的密码等于没有密码。", "A password that can be guessed is none."),
            cure=Text("请换一个，例如四个互不相关的词连起来。", "Choose another, such as four unrelated words."),
            field="password",
        )


class AccountError(ThreeLinesError):
    """An account or a key that cannot be made or changed as asked."""

    code = "account-refused"
    title = Text("账户不能这样设置", "The account cannot be set so")

    @classmethod
    def of(cls, what: Text, field: str, value: str, candidates: Sequence[str] = ()) -> AccountError:
        """For what is wrong with one field."""
        return cls(
            what=what,
            why=Text("账户、角色和区县必须明确。", "Name, role and districts must be clear."),
            cure=Text("请按提示修改后重试。", "Change it as told and try again."),
            field=field,
            value=value,
            candidates=candidates,
        )


class UnknownAccountError(ThreeLinesError):
    """An account or a key nobody has."""

    code = "unknown-account"
    title = Text("没有这个账户或密钥", "No such account or key")

    @classmethod
    def of(cls, name: str) -> UnknownAccountError:
        """For the name or id asked for."""
        return cls(
            what=Text(f"没有“{name}”。", f"There is no “{name}”."),
            why=Text("只能查看和修改已有的账户。", "Only what exists can be seen or changed."),
            cure=Text("请核对账户名。", "Check the name."),
            value=name,
        )


class SingleSignOnError(ThreeLinesError):
    """The identity provider's answer cannot be taken."""

    code = "single-sign-on"
    title = Text("统一身份认证未成功", "Single sign-on failed")

    @classmethod
    def of(cls, problem: Text, value: str = "") -> SingleSignOnError:
        """For what went wrong."""
        return cls(
            what=problem,
            why=Text("身份未经证实的，不能登录。", "Who is not proven is not signed in."),
            cure=Text(
                "请重新登录；仍不成功的，请联系管理员。", "Sign in again; if it fails again ask the administrator."
            ),
            value=value,
        )


class UnknownCaseError(ThreeLinesError):
    """A case number nobody gave, or one the asker may not know of."""

    code = "unknown-case"
    title = Text("没有这件审批", "No such case")

    @classmethod
    def of(cls, number: str) -> UnknownCaseError:
        """For the number asked for."""
        return cls(
            what=Text(f"没有编号为 {number} 的审批事项。", f"There is no case {number}."),
            why=Text("编号由系统按年连续编排。", "Numbers are given one after another each year."),
            cure=Text("请核对编号，或从列表进入。", "Check the number, or start from the list."),
            value=number,
        )


class ChangedCaseError(ThreeLinesError):
    """Somebody else acted on the case in the meantime."""

    code = "case-changed"
    title = Text("这件审批刚被别人办理", "Somebody else acted on this case")

    @classmethod
    def since(cls, number: str, changes: Sequence[Text]) -> ChangedCaseError:
        """With what was done since the asker looked."""
        last = changes[-1]
        return cls(
            what=Text(
                f"您打开 {number} 以后，它有 {len(changes)} 处变动，最近一处：{last.zh}",
                f"{number} changed {len(changes)} times since you opened it, the last: {last.en}",
            ),
            why=Text("按旧情况办理会覆盖别人的意见。", "Acting on what was would override what others did."),
            cure=Text(
                "您填写的内容没有丢失；请看过变动后再次提交。",
                "What you wrote is kept; read the changes and send it again.",
            ),
            field="version",
            value=number,
            candidates=[f"{one.zh} · {one.en}" for one in changes],
        )


class FlowError(ThreeLinesError):
    """An act that the case's stage does not allow."""

    code = "not-now"
    title = Text("目前不能这样办理", "Not possible at this stage")

    @classmethod
    def of(cls, act: Text, because: Text) -> FlowError:
        """For an act and what stands against it."""
        return cls(
            what=Text(f"目前不能“{act.zh}”：{because.zh}", f"“{act.en}” is not possible now: {because.en}"),
            why=Text(
                "审批按 受理、研判、复核、决定、归档 依次办理。",
                "Cases go through acceptance, assessment, review, decision and archive.",
            ),
            cure=Text("请先办理前一步。", "Take the step before it first."),
        )


class FourEyesError(ThreeLinesError):
    """One person would do alone what two must do."""

    code = "four-eyes"
    title = Text("须由另一人办理", "Another person must do this")

    @classmethod
    def of(cls, first: str) -> FourEyesError:
        """With who took the first step."""
        return cls(
            what=Text(
                f"这一步不能由提出人（{first}）自己办理。", f"Who proposed it ({first}) may not also confirm it."
            ),
            why=Text(
                "涉及生态保护红线的事项由两人分别负责。", "Matters of the red line are answered for by two persons."
            ),
            cure=Text("请交由另一名有权限的人员复核。", "Let another person who may review it."),
            value=first,
        )


class CaseInputError(ThreeLinesError):
    """Something a step needs is missing or wrong."""

    code = "case-input"
    title = Text("内容不完整", "Something is missing")

    @classmethod
    def of(cls, field: str, what: Text, value: str = "") -> CaseInputError:
        """For one field."""
        return cls(
            what=what,
            why=Text("审批意见须经得起多年后的核查。", "The decision must stand an audit years later."),
            cure=Text("请补充后再提交。", "Complete it and send it again."),
            field=field,
            value=value,
        )


class AttachmentError(ThreeLinesError):
    """A file that is not kept."""

    code = "attachment-refused"
    title = Text("附件不能保存", "The file is not kept")

    @classmethod
    def of(cls, what: Text, name: str, accepted: Sequence[str] = ()) -> AttachmentError:
        """For what is wrong with a file."""
        return cls(
            what=what,
            why=Text("附件要长期保存并能安全打开。", "Attachments are kept for years and must be safe to open."),
            cure=Text("请换成可接受的格式和大小。", "Send it in an accepted kind and size."),
            field="file",
            value=name,
            candidates=accepted,
        )


class UnknownAttachmentError(ThreeLinesError):
    """A file the case has not."""

    code = "unknown-attachment"
    title = Text("没有这个附件", "No such file")

    @classmethod
    def of(cls, digest: str) -> UnknownAttachmentError:
        """For the digest asked for."""
        return cls(
            what=Text("这件审批没有这个附件。", "The case has no such file."),
            why=Text("附件按内容摘要保存。", "Files are kept by their digest."),
            cure=Text("请从审批页面打开附件。", "Open it from the case."),
            value=digest,
        )


class ApprovalStoreError(ThreeLinesError):
    """The database of accounts and cases does not answer."""

    code = "approval-store-unavailable"
    title = Text("审批数据库不可用", "The approval store is unavailable")

    @classmethod
    def of(cls, problem: str) -> ApprovalStoreError:
        """For a database that does not take or give what it should."""
        return cls(
            what=Text("没有保存，也没有改动任何内容。", "Nothing was saved and nothing was changed."),
            why=Text("数据库没有完成这一步。", "The database did not complete this step."),
            cure=Text(
                "请稍后重试；若持续出现请联系管理员。", "Try again later; if it persists tell the administrator."
            ),
            value=problem,
        )


class BackupError(ThreeLinesError):
    """A backup that cannot be made or brought back."""

    code = "backup"
    title = Text("备份或恢复未完成", "Backup or restore not done")

    @classmethod
    def of(cls, what: Text, value: str = "") -> BackupError:
        """For what stands against it."""
        return cls(
            what=what,
            why=Text("没有核对无误的备份不能依靠。", "A backup that was not checked cannot be relied on."),
            cure=_ASK_ADMINISTRATOR,
            value=value,
        )

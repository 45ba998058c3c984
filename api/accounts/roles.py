"""Who may do what, to whose cases: one table, asked by every door.

A role has a reach for each action; what the table does not name is not allowed. A machine acts with the role of its
key, and never beyond the row of `Role.MACHINE`: judgements and decisions are for persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.approval_errors import ForbiddenError
from screening.words import Text


class Role(StrEnum):
    """What an account is."""

    APPLICANT = "applicant"
    APPROVER = "approver"
    CHIEF = "chief"
    KEEPER = "keeper"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"  # not given to accounts: the bound of every key


class Action(StrEnum):
    """What a door offers."""

    OWN_ACCOUNT = "own_account"
    OWN_SITES = "own_sites"
    LIST = "list"
    READ = "read"
    OPEN = "open"
    COMMENT = "comment"
    ATTACH = "attach"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECLINE = "decline"
    ASSIGN = "assign"
    ASK = "ask"
    VERDICT = "verdict"
    JUDGE = "judge"
    CONFIRM = "confirm"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    REVIEW = "review"
    DECIDE = "decide"
    ARCHIVE = "archive"
    MARK = "mark"
    DECLARE = "declare"
    ACCOUNTS = "accounts"
    RUNS = "runs"
    KEYS = "keys"
    AUDIT = "audit"
    DASHBOARDS = "dashboards"
    HISTORY = "history"
    AFFECTED = "affected"


class Reach(StrEnum):
    """Whose cases."""

    NONE = "none"
    OWN = "own"  # opened by the account itself
    DISTRICT = "district"  # in one of the account's districts
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks.

    Attributes:
        id: Of the account, or of the key of a machine.
        districts: Six-digit codes for which an approver works.
        is_machine: Whether a key asks and not a person.
    """

    id: str
    name: str
    display: str
    role: Role
    districts: frozenset[str] = frozenset()
    is_machine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked about.

    Attributes:
        district: Six-digit code of the case; empty if it is not known.
        owner: Id of the account that opened it.
    """

    district: str
    owner: str


_OWN, _DISTRICT, _ANY = Reach.OWN, Reach.DISTRICT, Reach.ANY
_SELF = {Action.OWN_ACCOUNT: _ANY, Action.OWN_SITES: _ANY}
_WORK = (
    Action.LIST,
    Action.READ,
    Action.COMMENT,
    Action.ATTACH,
    Action.ACCEPT,
    Action.DECLINE,
    Action.ASSIGN,
    Action.ASK,
    Action.ANSWER,
    Action.WITHDRAW,
    Action.VERDICT,
    Action.JUDGE,
    Action.CONFIRM,
    Action.PROPOSE,
    Action.SEND_BACK,
    Action.REVIEW,
    Action.ARCHIVE,
    Action.MARK,
    Action.DECLARE,
)
_APPLICANTS = (
    Action.LIST,
    Action.READ,
    Action.COMMENT,
    Action.ATTACH,
    Action.DECLARE,
    Action.ANSWER,
    Action.WITHDRAW,
)

TABLE: Mapping[Role, Mapping[Action, Reach]] = {
    Role.APPLICANT: {**_SELF, Action.OPEN: _ANY, **dict.fromkeys(_APPLICANTS, _OWN)},
    Role.APPROVER: {
        **_SELF,
        Action.RUNS: _ANY,
        Action.OPEN: _DISTRICT,
        **dict.fromkeys(_WORK, _DISTRICT),
        Action.DASHBOARDS: _DISTRICT,
        Action.AFFECTED: _DISTRICT,
    },
    Role.CHIEF: {
        **_SELF,
        Action.OPEN: _ANY,
        **dict.fromkeys(_WORK, _ANY),
        Action.RUNS: _ANY,
        Action.DECIDE: _ANY,
        Action.AUDIT: _ANY,
        Action.DASHBOARDS: _ANY,
        Action.AFFECTED: _ANY,
    },
    Role.KEEPER: {
        **_SELF,
        Action.RUNS: _ANY,
        Action.LIST: _ANY,
        Action.READ: _ANY,
        Action.AUDIT: _ANY,
        Action.HISTORY: _ANY,
        Action.AFFECTED: _ANY,
    },
    Role.ADMINISTRATOR: {**_SELF, Action.ACCOUNTS: _ANY, Action.KEYS: _ANY, Action.AUDIT: _ANY},
    Role.MACHINE: {
        Action.LIST: _ANY,
        Action.READ: _ANY,
        Action.OPEN: _ANY,
        Action.COMMENT: _ANY,
        Action.ATTACH: _ANY,
        Action.DECLARE: _ANY,
        Action.ANSWER: _ANY,
        Action.VERDICT: _ANY,
        Action.RUNS: _ANY,
        Action.AUDIT: _ANY,
        Action.AFFECTED: _ANY,
        Action.DASHBOARDS: _ANY,
    },
}
ROLE: dict[Role, Text] = {
    Role.APPLICANT: Text("申请人", "applicant"),
    Role.APPROVER: Text("审批人员", "approver"),
    Role.CHIEF: Text("审批负责人", "chief"),
    Role.KEEPER: Text("数据管理员", "data keeper"),
    Role.ADMINISTRATOR: Text("系统管理员", "administrator"),
    Role.MACHINE: Text("机器", "machine"),
}
GIVEN_ROLES = tuple(role for role in Role if role is not Role.MACHINE)
ACTION: dict[Action, Text] = {
    Action.OWN_ACCOUNT: Text("管理自己的账户", "manage the own account"),
    Action.OWN_SITES: Text("保存自己的选址", "keep sites"),
    Action.LIST: Text("查看审批列表", "list cases"),
    Action.READ: Text("查看这件审批", "read the case"),
    Action.OPEN: Text("提交审批", "open a case"),
    Action.COMMENT: Text("写备注", "comment"),
    Action.ATTACH: Text("上传附件", "attach a file"),
    Action.ANSWER: Text("补正答复", "answer the request"),
    Action.WITHDRAW: Text("撤回", "withdraw"),
    Action.ACCEPT: Text("受理", "accept"),
    Action.DECLINE: Text("不予受理", "decline"),
    Action.ASSIGN: Text("指派", "assign"),
    Action.ASK: Text("要求补正", "ask the applicant"),
    Action.VERDICT: Text("附研判结论", "attach a verdict"),
    Action.JUDGE: Text("对研判要点提出意见", "judge a finding"),
    Action.CONFIRM: Text("复核对研判要点的意见", "confirm a judgement"),
    Action.PROPOSE: Text("提出审核意见", "propose"),
    Action.SEND_BACK: Text("退回重办", "send back"),
    Action.REVIEW: Text("复核通过", "pass the review"),
    Action.DECIDE: Text("作出决定", "decide"),
    Action.ARCHIVE: Text("归档", "archive"),
    Action.MARK: Text("登记监管信息", "note facts of supervision"),
    Action.DECLARE: Text("申报排放", "declare discharges"),
    Action.ACCOUNTS: Text("管理账户", "manage accounts"),
    Action.RUNS: Text("批量研判", "screen batches in the background"),
    Action.KEYS: Text("管理机器密钥", "manage keys of machines"),
    Action.AUDIT: Text("查看审计链", "read the audit chain"),
    Action.DASHBOARDS: Text("查看统计看板", "see the dashboards"),
    Action.HISTORY: Text("导入历史审批", "import past approvals"),
    Action.AFFECTED: Text("查看受影响的审批", "see which cases a new release affects"),
}
_REFUSED: dict[Reach, Text] = {
    Reach.NONE: Text("角色没有这项权限。", "the role does not have it."),
    Reach.OWN: Text("不是自己提交的。", "it was opened by somebody else."),
    Reach.DISTRICT: Text("不在所负责的区县。", "it is in another district."),
}


def reach(principal: Principal, action: Action) -> Reach:
    """Whose cases a principal may do something to."""
    granted = TABLE[principal.role].get(action, Reach.NONE)
    if principal.is_machine and action not in TABLE[Role.MACHINE]:
        return Reach.NONE
    return granted


def allows(principal: Principal, action: Action, target: Target | None = None) -> bool:
    """Whether a principal may do something; without a target, whether to anything at all.

    A case whose district is not known is in nobody's district.
    """
    granted = reach(principal, action)
    if target is None or granted in (Reach.ANY, Reach.NONE):
        return granted is not Reach.NONE
    if granted is Reach.OWN:
        return target.owner == principal.id
    return target.district in principal.districts


def require(principal: Principal, action: Action, target: Target | None = None) -> None:
    """Refuse what the table does not allow.

    Raises:
        ForbiddenError: Always for what it does not name.
    """
    if not allows(principal, action, target):
        why = _REFUSED[reach(principal, action)]
        role = Text("机器", "machine") if principal.is_machine else ROLE[principal.role]
        raise ForbiddenError.of(ACTION[action], role, why)

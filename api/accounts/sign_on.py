"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce; the ID token is what proves."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError
from requests import RequestException
from sqlalchemy import delete

from api.accounts.directory import Account, Directory
from api.accounts.roles import GIVEN_ROLES, Role
from api.accounts.sessions import token_hash
from api.accounts.tables import SignOnRow
from api.database import Database
from screening.approval_errors import SingleSignOnError
from screening.words import Text

ALGORITHMS = ("RS256", "PS256", "ES256")
_TIMEOUT_S = 10
_BEGUN_FOR_S = 600
_CLOCKS_APART_S = 60
_SCOPE = "openid profile"
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class RoleRule(BaseModel):
    """Which value of the role claim gives which role, and for which districts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str
    role: Role
    districts: tuple[str, ...] = ()


class ClaimMapping(BaseModel):
    """How claims become an account; the first rule that fits decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name_claim: str = "preferred_username"
    display_claim: str = "name"
    role_claim: str = "groups"
    district_claim: str = ""
    role: tuple[RoleRule, ...] = ()

    def rule_for(self, claims: Mapping[str, Any]) -> RoleRule | None:
        """The rule that fits; None where no role is given."""
        held = _values(claims.get(self.role_claim))
        return next((one for one in self.role if one.value in held and one.role in GIVEN_ROLES), None)

    def districts_for(self, claims: Mapping[str, Any], rule: RoleRule) -> tuple[str, ...]:
        """Districts of the rule, else those of the claim."""
        return rule.districts or _values(claims.get(self.district_claim)) if self.district_claim else rule.districts


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where to send the browser, and what it must bring back."""

    address: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The identity provider, as the settings have it."""

    issuer: str
    client_id: str
    client_secret: str
    mapping: ClaimMapping


class SignOn:
    """Single sign-on at one provider."""

    def __init__(
        self, provider: Provider, database: Database, directory: Directory, now: Callable[[], datetime]
    ) -> None:
        self._provider = provider
        self._database = database
        self._directory = directory
        self._now = now

    def begin(self, redirect_uri: str, then: str) -> Begun:
        """Begin a sign-on that ends at `redirect_uri` and leads on to `then`.

        Raises:
            SingleSignOnError: The provider does not answer as one.
        """
        with self._session(redirect_uri) as web:
            verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
            address, state = web.create_authorization_url(
                self._discovered(web)["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        now = int(self._now().timestamp())
        with self._database.writing() as session:
            session.execute(delete(SignOnRow).where(SignOnRow.created_at < now - _BEGUN_FOR_S))
            session.add(
                SignOnRow(state_hash=token_hash(state), nonce=nonce, verifier=verifier, next=then, created_at=now)
            )
        return Begun(address=address, state=state)

    def finish(self, redirect_uri: str, *, state: str, cookie: str, code: str, error: str) -> tuple[Account, str]:
        """The account the provider proves, and where to go on; a sign-on is finished once.

        Args:
            redirect_uri: As it was begun with.
            state: What the provider sent back.
            cookie: The state this browser was given, so that nobody is signed in by a stranger's link.
            code: The provider's code; empty where it refused.
            error: Why it refused.

        Raises:
            SingleSignOnError: Anything about it is not as it must be.
        """
        begun = self._taken(state) if state and state == cookie else None
        if begun is None:
            raise SingleSignOnError.of(
                Text(
                    "登录请求已过期，或不是由本浏览器发起。",
                    "The sign-on has expired or was not begun in this browser.",
                )
            )
        if error or not code:
            raise SingleSignOnError.of(Text("认证服务拒绝了登录。", "The identity provider refused."), error[:80])
        claims = self._claims(redirect_uri, code, begun)
        mapping = self._provider.mapping
        rule = mapping.rule_for(claims)
        if rule is None:
            none = Text("您的身份没有对应本系统的任何角色。", "Your identity has no role here.")
            raise SingleSignOnError.of(none, str(claims.get(mapping.name_claim, ""))[:80])
        name = str(claims.get(mapping.name_claim) or claims["sub"])
        account = self._directory.signed_on(
            f"{self._provider.issuer}|{claims['sub']}",
            name=name,
            display=str(claims.get(mapping.display_claim) or name),
            role=rule.role,
            districts=mapping.districts_for(claims, rule),
        )
        return account, begun.next

    def _taken(self, state: str) -> SignOnRow | None:
        """What was begun under a state, taken away so that it serves once; None if it is unknown or too old."""
        with self._database.writing() as session:
            row = session.get(SignOnRow, token_hash(state))
            if row is None:
                return None
            session.delete(row)
            session.flush()
            session.expunge_all()
        return row if int(self._now().timestamp()) - row.created_at <= _BEGUN_FOR_S else None

    def _claims(self, redirect_uri: str, code: str, begun: SignOnRow) -> Mapping[str, Any]:
        """The claims of an ID token that is signed by the provider, for us, now, and for what we began."""
        provider = self._provider
        try:
            with self._session(redirect_uri) as web:
                told = self._discovered(web)
                token = web.fetch_token(told["token_endpoint"], code=code, code_verifier=begun.verifier)
                keys = KeySet.import_key_set(_answer(web, told["jwks_uri"]))
            decoded = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client_id},
                    "nonce": {"essential": True, "value": begun.nonce},
                },
                params={
                    "nonce": begun.nonce,
                    "client_id": provider.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(self._now().timestamp()), leeway=_CLOCKS_APART_S)
        except (AuthlibBaseError, JoseError, RequestException, KeyError, ValueError) as problem:
            unproven = Text("认证服务的答复不能证实身份。", "The provider's answer does not prove who you are.")
            raise SingleSignOnError.of(unproven, type(problem).__name__) from problem
        return dict(claims)

    def _discovered(self, web: OAuth2Session) -> Mapping[str, str]:
        issuer = self._provider.issuer
        try:
            told: dict[str, str] = _answer(web, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        except (RequestException, ValueError) as problem:
            silent = Text("认证服务没有答复。", "The identity provider does not answer.")
            raise SingleSignOnError.of(silent, type(problem).__name__) from problem
        if any(not isinstance(told.get(name), str) for name in _NEEDED) or told["issuer"] != issuer:
            other = Text("认证服务的自述与设置不符。", "The provider does not describe itself as the settings say.")
            raise SingleSignOnError.of(other, str(told.get("issuer", ""))[:80])
        return told

    def _session(self, redirect_uri: str) -> OAuth2Session:
        return OAuth2Session(
            self._provider.client_id,
            self._provider.client_secret,
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT_S,
        )


def read_mapping(path: Path) -> ClaimMapping:
    """How claims become accounts, from a TOML file.

    Raises:
        SingleSignOnError: The file is missing or says something else.
    """
    try:
        return ClaimMapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as problem:
        wrong = Text("角色对应文件不能使用。", "The file that maps claims to roles cannot be used.")
        raise SingleSignOnError.of(wrong, str(problem)[:300]) from problem


def _answer(web: OAuth2Session, address: str) -> Any:
    answer = web.get(address, withhold_token=True, allow_redirects=False)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(address)
    return found


def _values(claim: object) -> tuple[str, ...]:
    if isinstance(claim, str):
        return (claim,)
    return tuple(str(one) for one in claim) if isinstance(claim, list | tuple) else ()

"""Single sign-on against a provider that speaks the protocol; whatever does not prove who one is signs nobody in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPErrorProcessor, build_opener
from zoneinfo import ZoneInfo

import pytest
from joserfc.jwk import RSAKey

from api import audit
from api.accounts.roles import Role
from api.accounts.sign_on import Begun, SignOn, read_mapping
from screening.approval_errors import SingleSignOnError
from tests.approvals import OPERATOR, City, made_city
from tests.provider import CLIENT, SECRET, Provider, running_provider

BACK = "http://127.0.0.1:9/approval/sso/callback"
MAPPING = """
role_claim = "groups"
district_claim = "areas"

[[role]]
value = "eia-chief"
role = "chief"

[[role]]
value = "eia-huangdao"
role = "approver"
districts = ["370211"]

[[role]]
value = "eia"
role = "approver"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as made:
        yield made


@pytest.fixture
def signing(provider: Provider, small_store: tuple[Path, str], tmp_path: Path) -> Iterator[City]:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    made = made_city(
        small_store[0],
        tmp_path / "city",
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_mapping=mapping,
    )
    made.clock.instant = datetime.now(ZoneInfo("Asia/Shanghai"))
    provider.person = {"sub": "u-1", "preferred_username": "li.wei", "name": "李伟", "groups": ["eia-huangdao"]}
    provider.lies, provider.offered, provider.algorithm = {}, None, "RS256"
    yield made
    made.service.close()


class _Unfollowed(HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response


def went_back(begun: Begun) -> dict[str, str]:
    """What the provider sends back with the browser."""
    answer = build_opener(_Unfollowed).open(begun.address)
    location = answer.headers["Location"]
    answer.close()
    assert location.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def sign_on_of(city: City) -> SignOn:
    assert city.port.sign_on is not None
    return city.port.sign_on


def signed_on(city: City) -> Any:
    begun = sign_on_of(city).begin(BACK, "/approval/cases")
    back = went_back(begun)
    return sign_on_of(city).finish(BACK, state=back["state"], cookie=begun.state, code=back["code"], error="")


def test_claims_become_an_account_with_role_and_districts(signing: City, provider: Provider) -> None:
    account, then = signed_on(signing)
    assert (account.name, account.display, account.role, account.districts) == (
        "li.wei",
        "李伟",
        Role.APPROVER,
        ("370211",),
    )
    assert account.is_single_sign_on
    assert then == "/approval/cases"
    provider.person = {**provider.person, "groups": ["x", "eia-chief"]}
    again, _ = signed_on(signing)
    assert (again.id, again.role, again.districts) == (account.id, Role.CHIEF, ())
    provider.person = {**provider.person, "groups": "eia", "areas": ["370215", "370211"]}
    assert signed_on(signing)[0].districts == ("370211", "370215")
    with signing.port.database.reading() as session:
        kinds = [one.kind for one in audit.events(session, subject="li.wei")]
    assert kinds == ["account_added", "signed_in", *["account_changed", "signed_in"] * 2]


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "http://another"},
        {"aud": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"iat": int(time.time()) + 3600},
    ],
    ids=lambda lies: f"{next(iter(lies))} {'missing' if None in lies.values() else 'wrong'}",
)
def test_an_id_token_that_proves_something_else_is_refused(
    signing: City, provider: Provider, lies: dict[str, object]
) -> None:
    provider.lies = lies
    before = signing.port.directory.listed()
    with pytest.raises(SingleSignOnError):
        signed_on(signing)
    assert signing.port.directory.listed() == before


def test_a_token_signed_by_somebody_else_is_refused(signing: City, provider: Provider) -> None:
    provider.offered = RSAKey.generate_key(2048, {"kid": "k1"})
    with pytest.raises(SingleSignOnError):
        signed_on(signing)


def test_an_algorithm_we_do_not_take_is_refused(signing: City, provider: Provider) -> None:
    provider.algorithm = "RS512"
    with pytest.raises(SingleSignOnError):
        signed_on(signing)


def test_a_sign_on_serves_once_in_its_own_browser_and_not_for_long(signing: City) -> None:
    sign_on = sign_on_of(signing)
    begun = sign_on.begin(BACK, "/approval")
    back = went_back(begun)
    for state, cookie in ((back["state"], "another browser"), ("guessed", "guessed"), ("", "")):
        with pytest.raises(SingleSignOnError):
            sign_on.finish(BACK, state=state, cookie=cookie, code=back["code"], error="")
    sign_on.finish(BACK, state=back["state"], cookie=begun.state, code=back["code"], error="")
    with pytest.raises(SingleSignOnError):
        sign_on.finish(BACK, state=back["state"], cookie=begun.state, code=back["code"], error="")
    late = sign_on.begin(BACK, "/approval")
    back = went_back(late)
    signing.clock.forward(minutes=11)
    with pytest.raises(SingleSignOnError):
        sign_on.finish(BACK, state=back["state"], cookie=late.state, code=back["code"], error="")


def test_a_refusal_and_a_wrong_code_sign_nobody_in(signing: City) -> None:
    for code, error in (("", "access_denied"), ("guessed", "")):
        begun = sign_on_of(signing).begin(BACK, "/approval")
        state = went_back(begun)["state"]
        with pytest.raises(SingleSignOnError):
            sign_on_of(signing).finish(BACK, state=state, cookie=begun.state, code=code, error=error)


def test_who_has_no_role_is_disabled_or_bears_anothers_name_is_refused(signing: City, provider: Provider) -> None:
    provider.person = {**provider.person, "groups": ["canteen"]}
    with pytest.raises(SingleSignOnError) as caught:
        signed_on(signing)
    assert "角色" in caught.value.what.zh
    provider.person = {**provider.person, "groups": ["eia-chief"], "sub": "u-2", "preferred_username": "anna"}
    with pytest.raises(SingleSignOnError):
        signed_on(signing)  # anna has a password here; a claim of her name does not make one her
    provider.person = {**provider.person, "sub": "u-3", "preferred_username": "wang"}
    signed_on(signing)
    signing.port.directory.disable(OPERATOR, "wang")
    with pytest.raises(SingleSignOnError):
        signed_on(signing)


def test_a_provider_that_is_silent_or_another_is_told(
    small_store: tuple[Path, str], tmp_path: Path, provider: Provider
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    for number, issuer in enumerate(("http://127.0.0.1:9", f"{provider.issuer}/")):
        city = made_city(small_store[0], tmp_path / str(number), oidc_issuer=issuer, oidc_mapping=mapping)
        with pytest.raises(SingleSignOnError):
            sign_on_of(city).begin(BACK, "/approval")
        city.service.close()


@pytest.mark.parametrize("written", ["role = 3", '[[role]]\nvalue = "x"\nrole = "king"', "not toml", "unknown = 1"])
def test_a_mapping_that_says_something_else_is_refused_at_the_start(tmp_path: Path, written: str) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(SingleSignOnError):
        read_mapping(file)
    with pytest.raises(SingleSignOnError):
        read_mapping(tmp_path / "missing.toml")

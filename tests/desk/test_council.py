"""The council's own sign-in against an issuer made up for it: who may come in, and what is not in order."""

import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from casebook.people import Identity
from desk.council import CouncilDoor
from desk.errors import UnknownMemberError
from desk.settings import CouncilSignIn

ISSUER = "https://login.example.gov.uk/tenant"
BACK = "http://127.0.0.1/sign-in/council/return"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Issuer:
    """Answers as an OpenID Connect provider does; what it says can be bent."""

    claims: dict[str, object] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    issuer: str = ISSUER
    nonce: str = ""
    verifiers: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("openid-configuration"):
            told = {name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
            return httpx.Response(200, json=told | {"issuer": self.issuer})
        if request.url.path.endswith("jwks_uri"):
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        form = parse_qs(request.content.decode())
        self.verifiers.append(form["code_verifier"][0])
        if form["code"] != ["right"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        token = {"token_type": "Bearer", "access_token": "x", "id_token": self.id_token()}
        return httpx.Response(200, json=token)

    def id_token(self) -> str:
        now = int(time.time())
        said = {"iss": ISSUER, "aud": "hearth", "sub": "s-1", "exp": now + 300, "iat": now, "nonce": self.nonce}
        return jwt.encode({"alg": "RS256", "kid": "one"}, {**said, **self.claims}, self.key)


@pytest.fixture
def issuer():
    return Issuer()


@pytest.fixture
def door(issuer):
    told = CouncilSignIn(ISSUER, "hearth", "a secret")
    return CouncilDoor(told, transport=httpx.MockTransport(issuer.answer))


def _begin(door, issuer, owner="browser"):
    asked = parse_qs(urlsplit(door.begin(owner, BACK, "/families")).query)
    issuer.nonce = asked["nonce"][0]
    return asked


def _finish(door, asked, *, owner="browser", code="right", state=None):
    state = state or asked["state"][0]
    return door.finish(owner, BACK, state=state, answer=f"{BACK}?code={code}&state={state}")


def test_whoever_comes_back_in_order_is_known_and_goes_where_they_were_going(door, issuer):
    asked = _begin(door, issuer)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid"]
    assert _finish(door, asked) == (Identity(ISSUER, "s-1"), "/families")
    assert len(issuer.verifiers[0]) >= 43


@pytest.mark.parametrize(
    "bent",
    [
        {"nonce": "another"},
        {"aud": "another-service"},
        {"aud": ["another-service"], "azp": "hearth"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
    ],
    ids=["another nonce", "another audience", "another audience by azp", "another issuer", "expired"],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(door, issuer, bent):
    asked = _begin(door, issuer)
    issuer.claims = bent
    with pytest.raises(UnknownMemberError):
        _finish(door, asked)


def test_a_token_that_the_issuer_did_not_sign_lets_nobody_in(door, issuer):
    asked = _begin(door, issuer)
    issuer.key = OTHER_KEY
    with pytest.raises(UnknownMemberError):
        _finish(door, asked)


def test_an_answer_to_another_browser_or_a_second_time_is_refused(door, issuer):
    asked = _begin(door, issuer)
    with pytest.raises(UnknownMemberError):
        _finish(door, asked, owner="another browser")
    asked = _begin(door, issuer)
    _finish(door, asked)
    with pytest.raises(UnknownMemberError):
        _finish(door, asked)


def test_a_wrong_code_and_a_stranger_issuer_are_refused(door, issuer):
    with pytest.raises(UnknownMemberError):
        _finish(door, _begin(door, issuer), code="wrong")
    stranger = Issuer(issuer="https://elsewhere.example")
    other = CouncilDoor(CouncilSignIn(ISSUER, "hearth", "s"), transport=httpx.MockTransport(stranger.answer))
    with pytest.raises(UnknownMemberError):
        other.begin("browser", BACK, "/")


def test_an_issuer_that_cannot_be_reached_is_said_so(issuer):
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    door = CouncilDoor(CouncilSignIn(ISSUER, "hearth", "s"), transport=httpx.MockTransport(unreachable))
    with pytest.raises(UnknownMemberError, match="cannot be reached"):
        door.begin("browser", BACK, "/")

"""The council's own sign-in: OpenID Connect by Authlib, with PKCE, and only for people who already may use the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from casebook.people import Identity
from desk.errors import UnknownMemberError
from desk.settings import CouncilSignIn, DeskSettings
from desk.shelf import Shelf

_REFUSED = "The council's sign-in could not be completed. Try again, or ask whoever looks after the desk."
_ALGORITHMS = ["RS256", "ES256", "PS256"]
_SECONDS = 10.0


@dataclass(frozen=True)
class _UnderWay:
    nonce: str
    verifier: str
    after: str


class CouncilDoor:
    """Sends people to the council's sign-in and knows them when they come back."""

    def __init__(self, told: CouncilSignIn, *, transport: httpx.BaseTransport | None = None) -> None:
        self.name = told.name
        self._told = told
        self._transport = transport
        self._under_way: Shelf[_UnderWay] = Shelf(minutes=10)
        self._metadata: Mapping[str, Any] | None = None

    def begin(self, owner: str, return_to: str, after: str) -> str:
        """The address to send the browser to. Raises UnknownMemberError where the sign-in cannot be reached."""
        under_way = _UnderWay(generate_token(32), generate_token(48), after)
        state = self._under_way.put(owner, under_way)
        with self._client(return_to) as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=state,
                nonce=under_way.nonce,
                code_verifier=under_way.verifier,
            )
        return str(address)

    def finish(self, owner: str, return_to: str, *, state: str, answer: str) -> tuple[Identity, str]:
        """Who came back, and where they were going. Raises UnknownMemberError for anything that is not in order."""
        under_way = self._under_way.take(owner, state)
        if under_way is None:
            raise UnknownMemberError(_REFUSED)
        try:
            with self._client(return_to) as client:
                token = client.fetch_token(
                    self._endpoint("token_endpoint"), authorization_response=answer, code_verifier=under_way.verifier
                )
            keys = KeySet.import_key_set(self._told_by(self._endpoint("jwks_uri")))
            claims = self._claims(token, keys, under_way.nonce)
        except (OAuthError, JoseError, httpx.HTTPError, KeyError, ValueError):
            raise UnknownMemberError(_REFUSED) from None
        return Identity(self._told.issuer, str(claims["sub"])), under_way.after

    def _claims(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> CodeIDToken:
        decoded = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
        wanted = {
            "iss": {"essential": True, "value": self._told.issuer},
            "aud": {"essential": True, "value": self._told.client_id},
        }
        params = {"nonce": nonce, "client_id": self._told.client_id}
        claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
        claims.validate(leeway=60)
        return claims

    def _client(self, return_to: str) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._told.client_id,
            client_secret=self._told.client_secret,
            redirect_uri=return_to,
            scope="openid",
            code_challenge_method="S256",
            timeout=_SECONDS,
            transport=self._transport,
        )

    def _endpoint(self, name: str) -> str:
        if self._metadata is None:
            self._metadata = self._discovered()
        return str(self._metadata[name])

    def _discovered(self) -> Mapping[str, Any]:
        try:
            metadata: Mapping[str, Any] = self._told_by(get_well_known_url(self._told.issuer, external=True))
        except (httpx.HTTPError, ValueError):
            raise UnknownMemberError("The council's sign-in cannot be reached. Try again in a minute.") from None
        if metadata.get("issuer") != self._told.issuer:
            raise UnknownMemberError(_REFUSED)
        return metadata

    def _told_by(self, address: str) -> Any:
        with httpx.Client(timeout=_SECONDS, transport=self._transport) as client:
            return client.get(address).raise_for_status().json()


def door_of(settings: DeskSettings) -> CouncilDoor | None:
    """The council's sign-in, where the settings name one."""
    return CouncilDoor(settings.council_sign_in) if settings.council_sign_in else None

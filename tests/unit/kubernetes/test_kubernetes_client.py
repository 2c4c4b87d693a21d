"""The client: URLs, identities, caps, and errors that never show a token."""

from __future__ import annotations

import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kubernetes_objects import as_json, client_of, status

from adapters.contract import AdapterError, ConfigurationError
from adapters.kubernetes import client as under_test
from adapters.kubernetes import tls
from adapters.kubernetes.access import Access, Fixed, Identity
from adapters.kubernetes.client import Client, segment
from adapters.kubernetes.errors import ApiError, Unreachable
from adapters.kubernetes.resources import DEPLOYMENTS, POOLS
from adapters.network import environment_proxy

TOKEN = "s3cret-token"


async def test_ranchers_path_is_never_dropped() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return as_json({})

    client = client_of(answer, "https://rancher/k8s/clusters/c-1")
    await client.get(DEPLOYMENTS.path("life-support", "o2"), {"limit": 5})
    await client.get(POOLS.path())
    assert [str(request.url) for request in seen] == [
        "https://rancher/k8s/clusters/c-1/apis/apps/v1/namespaces/life-support/deployments/o2"
        "?limit=5",
        "https://rancher/k8s/clusters/c-1/apis/metallb.io/v1beta1/ipaddresspools",
    ]
    assert seen[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_name_cannot_lead_elsewhere() -> None:
    assert segment("../../secrets/x?y#z") == "..%2F..%2Fsecrets%2Fx%3Fy%23z"


@pytest.mark.parametrize(
    ("response", "line"),
    [
        (status(404, "NotFound", "pods is not there"), "list pods: pods is not there"),
        (status(401, "Unauthorized"), "list pods: the server does not know this token"),
        (
            httpx.Response(502, content=b"<html>"),
            "HTTP 502 from something that is not",
        ),
        (status(500, "InternalError", "\x1b[31mred\nline"), "list pods: ␛[31mred␊line"),
        (httpx.Response(302, headers={"location": "/login"}), "redirects elsewhere"),
    ],
)
async def test_errors_are_one_harmless_line(response: httpx.Response, line: str) -> None:
    with pytest.raises(AdapterError) as caught:
        await client_of(lambda _: response).get("/api/v1/pods", what="list pods")
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)


async def test_an_api_error_says_code_reason_and_when_to_come_back() -> None:
    body = {
        "kind": "Status",
        "code": 429,
        "reason": "TooManyRequests",
        "message": "slow down",
        "details": {"retryAfterSeconds": 3},
    }
    with pytest.raises(ApiError) as caught:
        await client_of(lambda _: as_json(body, 429)).get("/x")
    assert (caught.value.code, caught.value.reason, caught.value.retry_after) == (
        429,
        "TooManyRequests",
        3.0,
    )


@pytest.mark.parametrize(
    ("failure", "sent"),
    [
        (httpx.ConnectError("no"), False),
        (httpx.ConnectTimeout("no"), False),
        (httpx.PoolTimeout("no"), False),
        (httpx.ReadTimeout("no"), True),
        (httpx.WriteError("no"), True),
        (httpx.RemoteProtocolError("no"), True),
    ],
)
async def test_whether_anything_may_have_been_sent(failure: Exception, sent: bool) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(Unreachable) as caught:
        await client_of(answer).get("/x")
    assert caught.value.sent is sent


async def test_nothing_listens_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = Client(Access(server, Fixed(Identity())))
        with pytest.raises(Unreachable, match="connection refused: nothing listens there"):
            await client.get("/x")
        await client.close()


async def test_an_answer_that_is_too_large_is_refused_or_cut() -> None:
    packed = gzip.compress(b"x" * 1_000_000)

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=packed, headers={"content-encoding": "gzip"})

    client = client_of(answer)
    with pytest.raises(AdapterError, match="larger than"):
        await client.get("/x", limit=10_000)
    cut = await client.get("/x", limit=10_000, cut=True)
    assert (len(cut.body), cut.more) == (10_000, True)
    whole = await client.get("/x")
    assert (len(whole.body), whole.more) == (1_000_000, False)


class Renewed:
    """Credentials that are another token after the first was refused."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)

    async def identity(self) -> Identity:
        return Identity(self.tokens[0])

    def forget(self) -> bool:
        self.tokens.pop(0)
        return bool(self.tokens)


async def test_a_refused_credential_is_renewed_once() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return as_json({}) if seen[-1] == "Bearer new" else status(401, "Unauthorized")

    access = Access("http://api", Renewed("old", "new", "never"))
    client = Client(access, transport=httpx.MockTransport(answer))
    await client.get("/x")
    assert seen == ["Bearer old", "Bearer new"]


async def test_the_body_is_sent_as_it_is() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return as_json({})

    await client_of(answer).request(
        "PATCH", "/x?a=b", body=b"[1, 2 ]", content_type="application/json-patch+json"
    )
    assert seen[0].content == b"[1, 2 ]"
    assert seen[0].headers["content-type"] == "application/json-patch+json"
    assert str(seen[0].url) == "http://api/x?a=b"


def test_decoded_names_what_is_wrong() -> None:
    answer = under_test.Response(200, {}, b"[1]")
    with pytest.raises(AdapterError, match="cannot be read"):
        answer.decoded(dict)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("https://tycho:6443", "http://proxy:3128"),
        ("https://127.0.0.1:6443", ""),
        ("https://localhost:6443", ""),
        ("https://inside.example", ""),
    ],
)
def test_the_environments_proxy(
    server: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert environment_proxy(server) == expected


async def test_a_proxy_of_another_kind_is_refused_without_its_password() -> None:
    access = Access("https://x", Fixed(Identity()), proxy=f"socks5://me:{TOKEN}@proxy")
    with pytest.raises(ConfigurationError, match="proxy: only http") as caught:
        await Client(access).get("/x")
    assert TOKEN not in str(caught.value)


# -- TLS


def _access(**more: Any) -> Access:
    return Access("https://x", Fixed(Identity()), **more)


def test_tls_checks_names_and_certificates_unless_told_not_to() -> None:
    strict = tls.context(_access(), Identity())
    assert (strict.check_hostname, strict.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert not strict.verify_flags & ssl.VERIFY_X509_STRICT
    lax = tls.context(_access(insecure=True), Identity())
    assert (lax.check_hostname, lax.verify_mode) == (False, ssl.CERT_NONE)


def test_an_authority_that_is_none() -> None:
    with pytest.raises(ConfigurationError, match="certificate-authority: is not PEM"):
        tls.context(_access(ca="nonsense"), Identity())


def test_a_client_certificate_that_is_none() -> None:
    identity = Identity(certificate=b"nonsense", key=b"nonsense")
    with pytest.raises(ConfigurationError, match="certificate and key cannot be used"):
        tls.context(_access(), identity)


def test_an_encrypted_key_does_not_ask_on_the_terminal() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "engineer")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    tls.context(_access(), Identity(certificate=certificate, key=plain))
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"word"),
    )
    with pytest.raises(ConfigurationError, match="client-key: is encrypted"):
        tls.context(_access(), Identity(certificate=certificate, key=locked))


async def test_a_stream_that_breaks_is_unreachable() -> None:
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b"one\n"
            raise httpx.ReadError("gone")

    client = client_of(lambda _: httpx.Response(200, stream=Broken()))
    found: list[bytes] = []

    async def read() -> None:
        async with client.stream("/x", {}, silence=1.0) as chunks:
            async for chunk in chunks:
                found.append(chunk)

    with pytest.raises(Unreachable):
        await read()
    assert found == [b"one\n"]

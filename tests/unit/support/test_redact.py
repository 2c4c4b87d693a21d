"""Three sieves: what may be shown, what is known to be secret, what looks like a secret."""

from __future__ import annotations

import base64

import pytest

from console.support.redact import REMOVED, Sieve, hidden, of_environment, place, shown

TABLES = {
    "production": True,
    "adapters": {
        "main": {
            "adapter": "kubernetes",
            "server": "https://ops:hunter2@rancher.example:8443/k8s/clusters/c-m-abcde?x=1",
            "token": "kubeconfig-u-0123456789:abcdefghijk",
            "token_file": "rancher-token",
            "page_size": 500,
        },
        "chain": {
            "url": "https://node.example/v3/0123456789abcdef",
            "names": {"agri": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"},
            "keys": {"ops": {"keystore": "ops.json", "passphrase_file": "ops-pass"}},
        },
        "third": {"whatever": "a value of nobody's schema", "pin": 4711, "api_key": 123456789},
    },
    "roles": {"commander": ["ana", "@wheel", 1042]},
}


def test_a_configuration_is_shown_by_what_may_be() -> None:
    assert shown(TABLES) == {
        "production": True,
        "adapters": {
            "main": {
                "adapter": "kubernetes",
                "server": f"https://rancher.example:8443/{REMOVED}",
                "token": "[35 characters]",
                "token_file": "rancher-token",
                "page_size": 500,
            },
            "chain": {
                "url": f"https://node.example/{REMOVED}",
                "names": {"agri": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"},
                "keys": {"ops": {"keystore": "ops.json", "passphrase_file": "ops-pass"}},
            },
            "third": {"whatever": "[26 characters]", "pin": 4711, "api_key": REMOVED},
        },
        "roles": {"commander": ["[3 characters]", "[6 characters]", 1042]},
    }


def test_what_is_not_shown_is_known_as_hidden() -> None:
    found = hidden(TABLES)
    assert "kubeconfig-u-0123456789:abcdefghijk" in found
    assert "v3/0123456789abcdef" in found
    assert "hunter2" in found
    assert "a value of nobody's schema" in found
    assert not found & {"kubernetes", "rancher-token", "ops.json"}


def test_known_values_go_wherever_they_are() -> None:
    sieve = Sieve(["s3cr3t-value", "first line\nsecond line of a key", "yes", ""])
    told = sieve.value(
        {"a s3cr3t-value b": ["x s3cr3t-value", {"y": "second line of a key!"}], "n": 3, "z": None}
    )
    assert told == {
        f"a {REMOVED} b": [f"x {REMOVED}", {"y": f"{REMOVED}!"}],
        "n": 3,
        "z": None,
    }
    assert sieve.removed == 3
    assert sieve.text("yes, still") == "yes, still"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefghijklmnop",
        "token=abcdefgh",
        'password: "hunter22"',
        "https://ops:hunter22@host/path",
    ],
)
def test_what_looks_like_a_credential_goes(text: str) -> None:
    told = Sieve([]).text(text)
    assert REMOVED in told
    assert "hunter22" not in told
    assert "abcdefgh" not in told


PEM = "-----BEGIN RSA PRIVATE KEY-----\nhunter2hunter2hunter2+/==\nhunter2hunter2"


@pytest.mark.parametrize(
    "text",
    [
        "https://hunter2@host/x", "https://ops:hun@hunter2@host/", "https://ops:h/hunter2@host/x",
        f"x\n{PEM}\n-----END RSA PRIVATE KEY-----", PEM, "DB_PASS=hunter2", "pwd: hunter2",
        'PASSWORD="two words hunter2"', "secret = 'it\\'s hunter2'", "Cookie: session=hunter2",
        "aws_secret_access_key=hunter2/x", "client-key-data: hunter2", "https://h/x?api_key=hunter2",
        "passphrase: correct horse hunter2", "https://h/v3/9aA3hunter2d95b3bc440fa88ea",
        "eyJhunter2IUzI1.eyJpc3MiOiJr.c2ln", "ghp_hunter2hunter2hunter2", "LS0tLS1CRUdJThunter2abc",
    ],
)  # fmt: skip
def test_whatever_form_a_credential_has(text: str) -> None:
    told = Sieve([]).text(text)
    assert "hunter2" not in told
    assert REMOVED in told


def test_a_mnemonic_goes_and_prose_does_not() -> None:
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert Sieve([]).text(f"read: {phrase}.") == f"read: {REMOVED}."
    prose = "could not read what the station sent because the disk has gone away from under its log"
    assert Sieve([]).text(prose) == prose


@pytest.mark.parametrize(
    "text",
    [
        "https://10.0.0.1:6443/api/v1/namespaces/life-support/pods/o2-7d9f8b6c5d-x2x4z/log",
        "compass: 3 north", "a bypass: on", "mail to a@b.example about https://h/x",
        "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318",
    ],
)  # fmt: skip
def test_what_support_needs_stays(text: str) -> None:
    assert Sieve([]).text(text) == text


def test_a_known_value_goes_as_a_cluster_and_as_a_url_write_it() -> None:
    sieve = Sieve(["p@ss/w0rd!"])
    for data in (b"p@ss/w0rd!", b"p@ss/w0rd!\n"):
        coded = base64.b64encode(data).decode()
        assert coded.rstrip("=") not in sieve.text(f"data: {coded}")
    assert "w0rd" not in sieve.text("https://h/?x=p%40ss%2Fw0rd%21")


def test_a_field_that_sounds_like_a_secret_is_not_told() -> None:
    told = Sieve([]).value(
        {"db_password": "hunter2", "token_file": "/run/x", "secret": "[7 characters]"}
    )
    assert told == {"db_password": REMOVED, "token_file": "/run/x", "secret": "[7 characters]"}


def test_controls_are_made_visible() -> None:
    assert "\x1b" not in Sieve([]).text("\x1b]0;x\x07")


@pytest.mark.parametrize("url", ["", "https://", "not a url", "https://host:port/x", "http://[::1"])
def test_a_url_that_is_none_is_not_shown(url: str) -> None:
    assert place(url) == REMOVED


def test_a_place_keeps_its_port() -> None:
    assert place("wss://node.example:8546") == "wss://node.example:8546"


def test_variables_that_sound_like_a_secret_are_known() -> None:
    environ = {
        "PATH": "/usr/bin",
        "AWS_SECRET_ACCESS_KEY": "one",
        "github_token": "two",
        "COLONY_COLONIES__TYCHO__ADAPTERS__MAIN__CONTEXT": "three",
    }
    assert of_environment(environ) == {"one", "two", "three"}


def test_depth_is_bounded() -> None:
    deep: object = "end"
    for _ in range(100):
        deep = {"x": [deep]}
    assert "end" not in str(shown(deep))
    assert "end" not in str(Sieve([]).value(deep))
    assert hidden(deep) == set()

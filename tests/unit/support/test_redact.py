"""Three sieves: what may be shown, what is known to be secret, what looks like a secret."""

from __future__ import annotations

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

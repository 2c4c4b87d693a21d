"""Kubeconfigs and settings: what they come down to, and one line that names what is wrong."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_objects import FakeClock

from adapters.contract import ConfigurationError
from adapters.kubernetes import kubeconfig, resolve
from adapters.kubernetes.access import Access, Identity, checked_server
from adapters.kubernetes.settings import Settings

TOKEN = "t0ken-that-must-not-leak"


def _config(**user: Any) -> dict[str, Any]:
    return {
        "current-context": "prod",
        "clusters": [
            {"name": "tycho", "cluster": {"server": "https://tycho:6443/", "extra": None}},
        ],
        "users": [{"name": "op", "user": user}],
        "contexts": [
            {"name": "prod", "context": {"cluster": "tycho", "user": "op", "namespace": "air"}},
            {"name": "anonymous", "context": {"cluster": "tycho"}},
        ],
    }


def _write(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def _access(path: Path, content: Any, context: str = "") -> Access:
    _write(path / "config", content)
    return kubeconfig.load([path / "config"]).access(context, FakeClock())


async def test_token_and_server(tmp_path: Path) -> None:
    access = _access(tmp_path, _config(token=f"{TOKEN}\n"))
    assert (await access.credentials.identity()).token == TOKEN
    assert access.server == "https://tycho:6443"
    assert access.context == "prod"
    assert access.namespace == "air"
    assert access.origin.endswith("config, context prod")


async def test_a_context_without_a_user_is_anonymous(tmp_path: Path) -> None:
    access = _access(tmp_path, _config(token=TOKEN), "anonymous")
    assert (await access.credentials.identity()).token == ""


async def test_a_token_file_beside_the_kubeconfig_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("one\n")
    access = _access(tmp_path, _config(tokenFile="token"))
    assert (await access.credentials.identity()).token == "one"
    (tmp_path / "token").write_text("two\n")
    assert (await access.credentials.identity()).token == "two"
    assert access.credentials.forget()


async def test_certificates_from_files_and_from_data(tmp_path: Path) -> None:
    (tmp_path / "tls.crt").write_bytes(b"CERT")
    data = base64.b64encode(b"KEY").decode()
    access = _access(
        tmp_path, _config(**{"client-certificate": "tls.crt", "client-key-data": data})
    )
    found = await access.credentials.identity()
    assert (found.certificate, found.key, found.token) == (b"CERT", b"KEY", "")


def test_what_the_cluster_says(tmp_path: Path) -> None:
    content = _config()
    content["clusters"][0]["cluster"] |= {
        "certificate-authority-data": base64.b64encode(b"PEM").decode(),
        "insecure-skip-tls-verify": True,
        "tls-server-name": "tycho.internal",
        "proxy-url": "http://proxy:3128",
    }
    access = _access(tmp_path, content)
    assert (access.ca, access.insecure, access.server_name, access.proxy) == (
        "PEM",
        True,
        "tycho.internal",
        "http://proxy:3128",
    )


def test_impersonation(tmp_path: Path) -> None:
    access = _access(tmp_path, _config(**{"as": "auditor", "token": TOKEN}))
    assert access.headers == {"Impersonate-User": "auditor"}


def test_of_several_files_the_first_that_names_a_thing_counts(tmp_path: Path) -> None:
    one = _write(tmp_path / "one", {"current-context": "a", "contexts": []})
    two = _write(tmp_path / "two", _config(token=TOKEN))
    merged = kubeconfig.load([one, tmp_path / "missing", two])
    assert merged.current == "a"
    assert merged.access("prod", FakeClock()).server == "https://tycho:6443"


def _without(content: dict[str, Any], section: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != section}


@pytest.mark.parametrize(
    ("content", "context", "line"),
    [
        ("a: b: c", "", "config, line 1: is not YAML"),
        ("", "", "config is empty"),
        ("- a", "", "config is not a kubeconfig"),
        (_without(_config(), "current-context"), "", "has no current-context: name one"),
        (_config(), "nope", "has no context 'nope'; it has: anonymous, prod"),
        ({**_config(), "users": "x"}, "", "config: users: must be a list"),
        ({**_config(), "users": [{"user": {}}]}, "", "config: users[0].name: is missing"),
        (
            _without(_config(), "users"),
            "",
            "[prod].user: names 'op', which is not in users",
        ),
        (
            {**_config(), "clusters": [{"name": "tycho", "cluster": {}}]},
            "",
            "clusters[tycho].server: is missing",
        ),
        (
            {**_config(), "clusters": [{"name": "tycho", "cluster": {"server": "tycho:6443"}}]},
            "",
            "clusters[tycho].server: is not a URL such as https://HOST:6443",
        ),
        (_config(token=7), "", "users[op].token: must be a text"),
        (_config(token="two words"), "", "users[op].token: holds characters"),
        (_config(tokenFile="/nowhere/token"), "", "/nowhere/token cannot be read: no such file"),
        (
            _config(**{"client-certificate-data": "%%%"}),
            "",
            "users[op].client-certificate-data: is not base64",
        ),
        (
            _config(**{"client-certificate-data": base64.b64encode(b"x").decode()}),
            "",
            "users[op].client-key: is missing: both are needed",
        ),
        (
            _config(**{"auth-provider": {"name": "oidc", "config": {"id-token": TOKEN}}}),
            "",
            "users[op].auth-provider: oidc is not supported, nor by kubectl since 1.26",
        ),
        (_config(username="root", password=TOKEN), "", "take no password: use a token"),
        (_config(exec={"apiVersion": "v1"}), "", "users[op].exec.command: is missing"),
        (
            _config(exec={"command": "x", "apiVersion": "client.authentication.k8s.io/v1alpha1"}),
            "",
            "v1alpha1 is not supported",
        ),
        (
            _config(
                exec={
                    "command": "x",
                    "apiVersion": "client.authentication.k8s.io/v1",
                    "interactiveMode": "Always",
                }
            ),
            "",
            "needs a terminal, which a station has not",
        ),
        (_config(**{"as-groups": ["x"]}), "", "users[op].as-groups: is not supported"),
    ],
)
async def test_one_line_names_file_and_field(
    tmp_path: Path, content: Any, context: str, line: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await _access(tmp_path, content, context).credentials.identity()
    said = str(caught.value)
    assert line in said
    assert "\n" not in said
    assert TOKEN not in said


def test_a_yaml_error_does_not_quote_the_line_it_is_in(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _access(tmp_path, f"users:\n- name: x\n  user: {{token: {TOKEN}\n")
    assert TOKEN not in str(caught.value)


# -- exec plugins


def _plugin(path: Path, script: str, **more: Any) -> dict[str, Any]:
    file = path / "plugin"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    version = "client.authentication.k8s.io/v1"
    return _config(exec={"command": "./plugin", "apiVersion": version, **more})


def _credential(**status: str) -> str:
    return json.dumps(
        {
            "apiVersion": "client.authentication.k8s.io/v1",
            "kind": "ExecCredential",
            "status": status,
        }
    )


async def test_an_exec_plugin_is_run_once_until_it_is_refused(tmp_path: Path) -> None:
    script = f"echo ran >> {tmp_path}/ran; echo '{_credential(token=TOKEN)}'"
    access = _access(tmp_path, _plugin(tmp_path, script))
    assert (await access.credentials.identity()).token == TOKEN
    await access.credentials.identity()
    assert (tmp_path / "ran").read_text() == "ran\n"
    assert access.credentials.forget()
    await access.credentials.identity()
    assert (tmp_path / "ran").read_text() == "ran\nran\n"


async def test_an_expired_credential_is_asked_for_again(tmp_path: Path) -> None:
    expiring = _credential(token=TOKEN, expirationTimestamp="2026-11-03T06:15:00Z")
    _write(tmp_path / "config", _plugin(tmp_path, f"echo x >> {tmp_path}/ran; echo '{expiring}'"))
    clock = FakeClock()
    access = kubeconfig.load([tmp_path / "config"]).access("", clock)
    await access.credentials.identity()
    clock.at += 3600
    await access.credentials.identity()
    assert (tmp_path / "ran").read_text() == "x\nx\n"


async def test_a_plugin_gets_its_arguments_its_environment_and_the_cluster(tmp_path: Path) -> None:
    script = (
        f'printf "%s\\n" "$1" "$REGION" "$KUBERNETES_EXEC_INFO" > {tmp_path}/seen; '
        f"echo '{_credential(token=TOKEN)}'"
    )
    content = _plugin(
        tmp_path,
        script,
        args=["get-token"],
        env=[{"name": "REGION", "value": "north"}],
        provideClusterInfo=True,
    )
    await _access(tmp_path, content).credentials.identity()
    argument, region, info = (tmp_path / "seen").read_text().splitlines()
    assert (argument, region) == ("get-token", "north")
    spec = json.loads(info)["spec"]
    assert spec == {"interactive": False, "cluster": {"server": "https://tycho:6443/"}}


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("echo boom >&2; exit 3", "ended with 3: boom"),
        ("echo not json", "printed no ExecCredential"),
        (f"echo '{_credential()}'", "gave neither a token nor a certificate"),
        (
            f"echo '{_credential(token=TOKEN).replace('/v1', '/v1beta1')}'",
            "speaks client.authentication.k8s.io/v1beta1, not client.authentication.k8s.io/v1",
        ),
    ],
)
async def test_a_plugin_that_fails_is_one_line(tmp_path: Path, script: str, line: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await _access(tmp_path, _plugin(tmp_path, script)).credentials.identity()
    assert line in str(caught.value)
    assert "users[op].exec" in str(caught.value)
    assert TOKEN not in str(caught.value)


async def test_a_plugin_that_is_not_there_says_how_to_get_it(tmp_path: Path) -> None:
    content = _config(
        exec={
            "command": "no-such-plugin-here",
            "apiVersion": "client.authentication.k8s.io/v1",
            "installHint": "install kubelogin",
        }
    )
    with pytest.raises(ConfigurationError, match=r"cannot be run: .*; install kubelogin"):
        await _access(tmp_path, content).credentials.identity()


# -- settings


@pytest.fixture(autouse=True)
def _no_cluster_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home" / ".kube").mkdir(parents=True)


def _resolve(secrets: Path | None = None, **settings: Any) -> Access:
    return resolve.resolve(Settings(**settings), secrets, FakeClock())


async def test_server_and_token() -> None:
    access = _resolve(server="https://rancher/k8s/clusters/c-1/", token=TOKEN)
    assert access.server == "https://rancher/k8s/clusters/c-1"
    assert (await access.credentials.identity()).token == TOKEN


async def test_a_token_file_in_the_secrets_directory(tmp_path: Path) -> None:
    (tmp_path / "tycho").write_text(TOKEN)
    access = _resolve(tmp_path, server="https://x", token_file="tycho")
    assert (await access.credentials.identity()).token == TOKEN


def test_the_kubeconfig_of_the_environment_then_of_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = _write(tmp_path / "home" / ".kube" / "config", _config(token=TOKEN))
    assert str(home) in _resolve().origin
    other = _write(tmp_path / "other", _config(token=TOKEN))
    monkeypatch.setenv("KUBECONFIG", str(other))
    assert str(other) in _resolve().origin


async def test_settings_beside_a_kubeconfig_win(tmp_path: Path) -> None:
    path = _write(tmp_path / "config", _config(token="theirs"))
    access = _resolve(kubeconfig=str(path), token=TOKEN, insecure=True, tls_server_name="x")
    assert (await access.credentials.identity()).token == TOKEN
    assert (access.insecure, access.server_name) == (True, "x")


async def test_in_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resolve, "SERVICE_ACCOUNT", tmp_path)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
    (tmp_path / "ca.crt").write_text("PEM")
    (tmp_path / "token").write_text(TOKEN)
    access = _resolve()
    assert access.server == "https://[fd00::1]:443"
    assert access.ca == "PEM"
    assert (await access.credentials.identity()).token == TOKEN


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, "kubeconfig: nothing says which cluster"),
        ({"in_cluster": True}, "in_cluster: KUBERNETES_SERVICE_HOST is not set"),
        ({"server": "ftp://x"}, "server: is not a URL"),
        ({"server": "https://user:pass@x"}, "server: holds a user or a password"),
        ({"server": "https://x?a=b"}, "server: has a ? or # part"),
        ({"server": "https://x:99999"}, "server: is not a URL"),
        ({"server": "https://x", "token": " "}, "token: is empty"),
        ({"server": "https://x", "token_file": "/nowhere"}, "token_file: /nowhere cannot be read"),
        ({"server": "https://x", "ca_file": "/nowhere"}, "ca_file: /nowhere cannot be read"),
        ({"server": "https://x", "client_key": "k"}, "client_certificate: is missing"),
        ({"server": "https://x", "kubeconfig": "y"}, "kubeconfig: cannot be set beside server"),
        ({"server": "https://x", "page_size": 0}, "page_size: must be between 1 and 100000"),
        ({"server": "https://x", "watch_seconds": -1}, "watch_seconds: must be between"),
        ({"kubeconfig": "/nowhere/config"}, "kubeconfig: /nowhere/config cannot be read"),
    ],
)
async def test_wrong_settings_are_one_line(settings: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await _resolve(**settings).credentials.identity()
    assert str(caught.value).startswith(line)


def test_nothing_shows_a_token() -> None:
    for thing in (Settings(server="https://x", token=TOKEN), Identity(TOKEN, b"c", TOKEN.encode())):
        assert TOKEN not in repr(thing)
        assert TOKEN not in str(thing)
        assert TOKEN not in f"{thing}"
    assert repr(Settings(server="https://x", token=TOKEN)) == (
        "Settings(server='https://x', token=…)"
    )


def test_a_path_in_the_servers_url_is_kept() -> None:
    assert checked_server("https://h/k8s/clusters/c-1//", "server") == "https://h/k8s/clusters/c-1"

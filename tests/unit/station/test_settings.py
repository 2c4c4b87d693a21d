"""The configuration: several colonies in one file, and one line for what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from station_helpers import short

from adapters import registry
from adapters.contract import Adapter, Context
from console.choice import Choice
from console.configuration import ConfigurationProblem, choose, digest, read
from console.identity import identify
from console.ledger.keys import Kind, VerifierKey
from console.settings import load
from console.station.instances import build

__all__ = ["short"]

GOOD = """
default = "tycho"

[colonies.tycho]
production = true
roles.operator = ["ada", 1001]

[colonies.tycho.adapters.main]
adapter = "toy"
port = 5

[colonies.Luna-2.adapters.main]
adapter = "toy"

[colonies.Luna-2.adapters.farm]
adapter = "toy"
hosts = ["a", "b"]
"""


class ToySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A toy's."""

    port: int = 1
    secure: bool = False
    token: str = ""
    hosts: tuple[str, ...] = ()


class Toy(Adapter):
    """Takes settings."""

    Settings = ToySettings

    def records(self) -> Any:
        """Nothing."""


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_toy(kind: str) -> type[Adapter]:
        if kind != "toy":
            raise registry.UnknownAdapter(kind, ["toy"])
        return Toy

    monkeypatch.setattr(registry, "load", load_toy)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "colony.toml"
    path.write_text(GOOD)
    return path


def loaded(file: Path, colony: str | None = None, **environ: str) -> Any:
    return load(file, colony, environ)


async def built(file: Path, colony: str | None = None, **environ: str) -> dict[str, Any]:
    """Return the settings that each adapter was made with."""
    found = loaded(file, colony, **environ)
    tables = {name: (t.adapter, t.settings) for name, t in found.table.adapters.items()}
    made = build(tables, Context(), found.where)
    settings = {name: adapter.settings for name, (_, adapter) in made.items()}
    for _, adapter in made.values():
        await adapter.close()
    return settings


def line(file: Path, text: str, colony: str | None = None, **environ: str) -> str:
    """Return the line that *text* as a configuration is refused with."""
    file.write_text(text)

    def whole() -> None:
        found = loaded(file, colony, **environ)
        tables = {name: (t.adapter, t.settings) for name, t in found.table.adapters.items()}
        build(tables, Context(), found.where)

    with pytest.raises(ConfigurationProblem) as caught:
        whole()
    said = str(caught.value)
    assert "\n" not in said
    return said


async def test_several_colonies_stand_in_one_file(file: Path) -> None:
    tycho = loaded(file)
    assert (tycho.name, tycho.table.production, tycho.table.roles.operator) == (
        "tycho",
        True,
        ("ada", 1001),
    )
    assert (await built(file))["main"].port == 5
    luna = await built(file, "Luna-2")
    assert list(luna) == ["main", "farm"]
    assert luna["farm"].hosts == ("a", "b")


async def test_the_environment_wins_over_secrets_and_those_over_the_file(file: Path) -> None:
    secrets = file.parent / "secrets"
    secrets.mkdir()
    (secrets / "colonies__tycho__adapters__main__token").write_text("12345\n")
    (secrets / "COLONY_COLONIES__TYCHO__ADAPTERS__MAIN__PORT").write_text("7\n")
    (secrets / "kube-token").write_text("left for the adapter")
    environ = {
        "COLONY_SECRETS": str(secrets),
        "COLONY_COLONIES__TYCHO__ADAPTERS__MAIN__SECURE": "true",
        "COLONY_COLONIES__TYCHO__ADAPTERS__MAIN__HOSTS": "a, b",
        "COLONY_COLONIES__LUNA_2__ADAPTERS__FARM__PORT": "9",
        "COLONY_THEME": "dark",
    }
    main = (await built(file, **environ))["main"]
    assert main == ToySettings(port=7, secure=True, token="12345", hosts=("a", "b"))
    main = (await built(file, **environ, COLONY_COLONIES__TYCHO__ADAPTERS__MAIN__PORT="8"))["main"]
    assert main.port == 8
    assert (await built(file, "Luna-2", **environ))["farm"].port == 9
    assert loaded(file, **environ).configuration.secrets == secrets


async def test_a_colony_can_come_from_the_environment_alone(tmp_path: Path) -> None:
    environ = {
        "XDG_CONFIG_HOME": str(tmp_path),
        "COLONY_COLONIES__MIR__ADAPTERS__MAIN__ADAPTER": "toy",
        "COLONY_COLONIES__MIR__ADAPTERS__MAIN__PORT": "3",
        "COLONY_COLONIES__MIR__READ_ONLY": "yes",
    }
    found = load(None, None, environ)
    assert (found.name, found.table.read_only) == ("mir", True)


LOGS, COSIGNER = (
    VerifierKey("w.example", kind, bytes(32)).text for kind in (Kind.ED25519, Kind.COSIGNATURE)
)


def witnesses(*named: tuple[str, str]) -> str:
    """Return a configuration with witnesses, (URL, key)."""
    tables = ", ".join(f'{{url = "{url}", key = "{key}"}}' for url, key in named)
    return f"[colonies.t.log]\nwitnesses = [{tables}]\n[colonies.t.adapters.main]\nadapter = 'toy'"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[colonies.t.adapters.main]\nadapter = "toy"\nport = "x"',
            "colony.toml: colonies.t.adapters.main.port: expected int, got str",
        ),
        (
            '[colonies.t.adapters.main]\nadapter = "toy"\nprot = 1',
            "colony.toml: colonies.t.adapters.main.prot: no such setting; did you mean port?",
        ),
        (
            '[colonies.t.adapters.main]\nadapter = "toi"',
            "colony.toml: colonies.t.adapters.main.adapter: no adapter is called 'toi'; "
            "installed: toy",
        ),
        (
            "[colonies.t.adapters.main]\nport = 1",
            "colony.toml: colonies.t.adapters.main.adapter: is missing",
        ),
        (
            '[colonies.t]\nproductoin = true\n[colonies.t.adapters.main]\nadapter = "toy"',
            "colony.toml: colonies.t.productoin: no such setting; did you mean production?",
        ),
        (
            '[colonies.t]\nzzz = true\n[colonies.t.adapters.main]\nadapter = "toy"',
            "colony.toml: colonies.t.zzz: no such setting; there are production, read_only, "
            "shared, roles, policy, alarms, record, log, adapters",
        ),
        (
            '[colonies.t]\nproduction = "perhaps"\n[colonies.t.adapters.main]\nadapter = "toy"',
            "colony.toml: colonies.t.production: input should be a valid boolean, unable to "
            "interpret input",
        ),
        (
            '[colony.t]\nx = 1\n[colonies.t.adapters.main]\nadapter = "toy"',
            "colony.toml: colony: no such setting; did you mean colonies?",
        ),
        ("[colonies.t]\nproduction = true", "colony.toml: colonies.t.adapters: there is none"),
        (
            witnesses(("ftp://w", COSIGNER)),
            "colony.toml: colonies.t.log.witnesses.0.url: must be http://HOST… or https://HOST…",
        ),
        (
            witnesses(("https://w", "w+00+AA==")),
            "colony.toml: colonies.t.log.witnesses.0.key: the key of w is of no sort",
        ),
        (
            witnesses(("https://w", LOGS)),
            "colony.toml: colonies.t.log.witnesses.0.key: is a log's key; a witness' is one that",
        ),
        (
            witnesses(("https://w", COSIGNER), ("https://x", COSIGNER)),
            "colony.toml: colonies.t.log.witnesses: two are called w.example; name one of its keys",
        ),
        ("[colonies.t", "colony.toml: is not TOML: Expected ']'"),
        ("colonies = 3", "colony.toml: has no colony"),
        ("[colonies]\nt = 3", "colony.toml: colonies.t: input should be"),
        (
            "[colonies.a]\n[colonies.b]",
            "colony.toml: several colonies: a, b; choose one with --colony NAME",
        ),
        ('default = "c"\n[colonies.a]', "colony.toml: default: no colony is called 'c'"),
    ],
)
def test_what_is_wrong_is_one_line(file: Path, text: str, said: str) -> None:
    assert line(file, text).removeprefix(f"{file.parent}/").startswith(said)


def test_a_wrong_variable_is_named_itself(file: Path) -> None:
    said = line(file, GOOD, COLONY_COLONIES__TYCHO__PRODUCTION="perhaps")
    assert said.startswith("COLONY_COLONIES__TYCHO__PRODUCTION: colonies.tycho.production: ")


def test_an_unknown_colony_lists_those_there_are(file: Path) -> None:
    said = line(file, GOOD, "tyco")
    assert said == (
        "colony.toml: no colony is called 'tyco'; there are: tycho, Luna-2; did you mean tycho?"
    )


def test_without_a_configuration_it_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationProblem) as caught:
        load(None, None, {"XDG_CONFIG_HOME": str(tmp_path)})
    said = str(caught.value)
    assert said.startswith(f"{tmp_path}/colony/colony.toml: there is no configuration yet; write")
    assert "`colony --demo`" in said


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationProblem, match=r"x\.toml: there is no such file"):
        load(tmp_path / "x.toml", None, {})
    with pytest.raises(ConfigurationProblem, match=r"y\.toml: there is no such file"):
        load(None, None, {"COLONY_CONFIG": str(tmp_path / "y.toml")})
    with pytest.raises(ConfigurationProblem, match="cannot be read: Is a directory"):
        load(tmp_path, None, {})


def test_no_other_colonys_mistake_is_in_the_way(file: Path) -> None:
    file.write_text(GOOD + "\n[colonies.broken]\nadapters = 3\n")
    assert loaded(file).name == "tycho"


def test_a_secret_is_in_no_error(file: Path) -> None:
    said = line(
        file,
        '[colonies.t.adapters.main]\nadapter = "toy"\ntoken = 5\nport = "hunter2"',
        COLONY_COLONIES__T__ADAPTERS__MAIN__PORT="hunter2",
    )
    assert "hunter2" not in said


# Which station


def told(file: Path, **environ: str) -> str:
    found = read(file, environ)
    return digest(found, choose(found, None, environ), environ)


def test_the_digest_is_of_all_that_decides_the_configuration(file: Path) -> None:
    first = told(file)
    assert told(file, HOME="/elsewhere", COLONY_THEME="dark") == first
    assert told(file, COLONY_COLONIES__LUNA_2__READ_ONLY="1") == first
    assert told(file, COLONY_COLONIES__TYCHO__READ_ONLY="1") != first
    assert told(file, KUBECONFIG="/other") != first
    secrets = file.parent / "s"
    secrets.mkdir()
    (secrets / "token").write_text("a")
    with_secret = told(file, COLONY_SECRETS=str(secrets))
    assert with_secret != first
    (secrets / "token").write_text("b")
    assert told(file, COLONY_SECRETS=str(secrets)) != with_secret
    file.write_text(GOOD.replace('["a", "b"]', '["a"]'))
    assert told(file) == first
    file.write_text(GOOD.replace("port = 5", "port = 6"))
    assert told(file) != first


def test_a_demo_is_found_by_seed_and_scenario(short: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(short), "COLONY_CONFIG": "/does/not/exist"}
    usual = identify(Choice(demo=True), environ)
    assert identify(Choice(demo=True, scenario="bad-rollout"), environ) == usual
    assert identify(Choice(demo=True, scenario="calm"), environ).socket != usual.socket
    assert identify(Choice(demo=True, seed=3), environ).socket != usual.socket
    assert usual.folder.is_relative_to(short)

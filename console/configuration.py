"""The configuration as it stands in its file: found, parsed, and one colony of it chosen.

Standard library only. The console needs no more than this to find its station; what the values
mean is checked in the station (`console.settings`).
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from console.hashing import sha256
from console.paths import config_file, config_home

PREFIX = "COLONY_COLONIES__"
"""Environment variables of this prefix set a value: COLONY_COLONIES__NAME__FIELD and deeper."""
OUTSIDE = ("KUBECONFIG",)
"""Environment variables that clients of real systems read by themselves: another value may be
another cluster under the same configuration."""

SIZE = 1024 * 1024
"""Bytes of the largest configuration file or secret that is read."""

EXAMPLE = (
    '[colonies.NAME.adapters.main] with adapter = "kubernetes" (and kubeconfig = "…"), '
    "or try `colony --demo`"
)


class ConfigurationProblem(Exception):
    """A line for a person: file, field, what is wrong, what to do."""


class Configuration(NamedTuple):
    """A parsed configuration. `path` may not exist; `tables` is empty then."""

    path: Path
    tables: Mapping[str, Any] = MappingProxyType({})
    secrets: Path | None = None

    @property
    def name(self) -> str:
        """The file's name, as errors give it."""
        return self.path.name

    def colonies(self, environ: Mapping[str, str] = os.environ) -> list[str]:
        """Return the names of the colonies: those of the file, then those of the environment."""
        told = self.tables.get("colonies", {})
        names = [str(name) for name in told] if isinstance(told, Mapping) else []
        for variable in sorted(environ):
            if variable.upper().startswith(PREFIX):
                name = same_name(variable[len(PREFIX) :].split("__")[0], names)
                if name and name not in names:
                    names.append(name)
        return names


def same_name(word: str, names: list[str]) -> str:
    """Return the one of *names* that *word* means, else *word* in lower case.

    Environment variables know neither case nor hyphens.
    """
    plain = word.lower().replace("-", "_")
    for name in names:
        if name.lower().replace("-", "_") == plain:
            return name
    return word.lower()


def read(given: Path | None, environ: Mapping[str, str] = os.environ) -> Configuration:
    """Read the configuration; raises `ConfigurationProblem`."""
    path, named = config_file(given, environ)
    try:
        with path.open("rb") as stream:
            data = stream.read(SIZE + 1)
    except FileNotFoundError:
        if named:
            raise ConfigurationProblem(f"{path}: there is no such file") from None
        data = b""
    except OSError as error:
        raise ConfigurationProblem(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > SIZE:
        raise ConfigurationProblem(f"{path}: larger than 1 MiB, which no configuration is")
    try:
        tables = tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise ConfigurationProblem(f"{path.name}: is not UTF-8, as TOML must be") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is another ValueError
        raise ConfigurationProblem(f"{path.name}: is not TOML: {error}") from error
    return Configuration(path, tables, _secrets(path, tables, environ))


def choose(
    configuration: Configuration, wanted: str | None, environ: Mapping[str, str] = os.environ
) -> str:
    """Return the name of the colony to open; raises `ConfigurationProblem`."""
    names = configuration.colonies(environ)
    if not names:
        where = configuration.path
        state = "has no colony" if configuration.tables else "there is no configuration yet"
        raise ConfigurationProblem(f"{where}: {state}; write {EXAMPLE}")
    there = ", ".join(names)
    if wanted:
        if wanted not in names:
            near = difflib.get_close_matches(wanted, names, 1)
            guess = f"; did you mean {near[0]}?" if near else ""
            raise ConfigurationProblem(
                f"{configuration.name}: no colony is called {wanted!r}; there are: {there}{guess}"
            )
        return wanted
    default = environ.get("COLONY_DEFAULT") or configuration.tables.get("default", "")
    if default:
        if default not in names:
            raise ConfigurationProblem(
                f"{configuration.name}: default: no colony is called {default!r}; "
                f"there are: {there}"
            )
        return str(default)
    if len(names) > 1:
        raise ConfigurationProblem(
            f"{configuration.name}: several colonies: {there}; choose one with --colony NAME, "
            'or write default = "NAME" at the top of the file'
        )
    return names[0]


def digest(
    configuration: Configuration, colony: str, environ: Mapping[str, str] = os.environ
) -> str:
    """Return the SHA-256, in hex, of all that decides how *colony* is configured."""
    told = configuration.tables.get("colonies", {})
    tables = told.get(colony) if isinstance(told, Mapping) else None
    return digest_of(
        {
            "file": str(configuration.path),
            "colony": colony,
            "tables": tables,
            "environment": {
                variable: value
                for variable, value in environ.items()
                if variable in OUTSIDE
                or (
                    variable.upper().startswith(PREFIX)
                    and same_name(variable[len(PREFIX) :].split("__")[0], [colony]) == colony
                )
            },
            "secrets": _digests(configuration.secrets),
        }
    )


def digest_of(value: Any) -> str:
    """Return the SHA-256, in hex, of *value*: plain values, tables in any order."""
    written = repr(_ordered(value)).encode("utf-8", "surrogatepass")
    return str(sha256(written).hexdigest())


def _ordered(value: Any) -> Any:
    """Return *value* with each table as its items in the order of their names."""
    if isinstance(value, Mapping):
        return {str(name): _ordered(value[name]) for name in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    return value


def _secrets(path: Path, tables: Mapping[str, Any], environ: Mapping[str, str]) -> Path | None:
    """Return the secrets directory: set, or the usual one if it is there."""
    told = environ.get("COLONY_SECRETS") or tables.get("secrets") or ""
    if told:
        directory = path.parent / Path(str(told)).expanduser()
        if not directory.is_dir():
            raise ConfigurationProblem(f"{path.name}: secrets: {directory} is not a directory")
        return directory
    usual = config_home(environ) / "secrets"
    return usual if usual.is_dir() else None


def _digests(directory: Path | None) -> dict[str, str]:
    """Return a digest of each secret's content; one that cannot be read counts as such."""
    if directory is None:
        return {}
    found = {}
    for path in sorted(directory.iterdir()):
        if path.is_file():
            try:
                with path.open("rb") as stream:
                    found[path.name] = sha256(stream.read(SIZE)).hexdigest()
            except OSError as error:
                found[path.name] = str(error.strerror)
    return found

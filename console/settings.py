"""The configuration, checked: TOML, environment and secrets directory, by pydantic-settings.

Imported in the station alone: it costs 140 ms, which no first paint should wait for. What is
wrong comes out as one line that names the file (or the variable) and the field.

Precedence: environment, then secrets directory, then file.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from adapters.text import clean
from console.configuration import (
    EXAMPLE,
    PREFIX,
    SIZE,
    Configuration,
    ConfigurationProblem,
    choose,
    read,
    same_name,
)
from console.ledger import keys
from console.ledger.note import NoteError
from console.settings_alarms import AlarmTable, differ


class Written(str):
    """A value that came as text from a variable or a secret, whatever its type is to be."""

    __slots__ = ()


class AdapterTable(BaseModel):
    """[colonies.NAME.adapters.INSTANCE]: which adapter, and that adapter's own settings."""

    model_config = ConfigDict(extra="allow", frozen=True)

    adapter: str
    """The adapter's name, as `colony adapters` lists it."""

    @property
    def settings(self) -> dict[str, Any]:
        """The adapter's own settings, not checked yet."""
        return dict(self.model_extra or {})


class WitnessTable(BaseModel):
    """One of [colonies.NAME.log] witnesses: who cosigns the log, and where it is asked to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    """Its base URL; `add-checkpoint` is below it (C2SP tlog-witness)."""
    key: str
    """Its verifier key, NAME+ID+BASE64, as `colony ledger witness keygen` prints it."""

    @field_validator("url")
    @classmethod
    def _is_url(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")) or not url.isprintable() or "?" in url:
            raise _wrong("must be http://HOST… or https://HOST…")
        return url

    @field_validator("key")
    @classmethod
    def _is_key(cls, key: str) -> str:
        try:
            kind = keys.parse(key).kind
        except NoteError as error:
            raise _wrong(str(error)) from None
        if not kind.timed:
            raise _wrong("is a log's key; a witness' is one that colony ledger witness keygen made")
        return key


class LogTable(BaseModel):
    """[colonies.NAME.log]: the log of what was done."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: str = ""
    """What it is called in its checkpoints, for good; after the colony and its id where empty."""
    retain_days: int = Field(default=0, ge=0, le=36_500)
    """Days that the content of entries is kept, by whole segments of 256; 0 is for ever."""
    anchor: bool = False
    """Whether its root goes onto the chain, by the adapter that has the contract Anchor."""
    anchor_minutes: float = Field(default=60.0, ge=1.0, le=10_080.0)
    """Minutes in which it does so at most once."""
    witnesses: tuple[WitnessTable, ...] = ()
    """Who cosigns it."""

    @field_validator("witnesses")
    @classmethod
    def _differ(cls, witnesses: tuple[WitnessTable, ...]) -> tuple[WitnessTable, ...]:
        names = [keys.parse(each.key).name for each in witnesses]
        for name in names:
            if names.count(name) > 1:
                raise _wrong(f"two are called {name}; name one of its keys")
        return witnesses


class RolesTable(BaseModel):
    """[colonies.NAME.roles]: who is what. Users by name or uid, groups as "@name"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    viewer: tuple[str | int, ...] = ()
    """Who looks on; who is in none of the three does, too."""
    operator: tuple[str | int, ...] = ()
    """Who acts, up to caution, and asks for what is critical."""
    commander: tuple[str | int, ...] = ()
    """Who approves what is critical, is the second person, and may break the glass."""


class RuleTable(BaseModel):
    """One of [[colonies.NAME.policy.rules]]: what some calls cost at least. Shell patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: str = "*"
    """Which action, by its name."""
    target: str = "*"
    """On which target."""
    arguments: dict[str, str] = Field(default_factory=dict)
    """With which arguments, by name."""
    significance: Literal["", "caution", "critical"] = ""
    """What it is at least."""
    second_person: bool = False
    """Whether a second person has to approve it."""


class PolicyTable(BaseModel):
    """[colonies.NAME.policy]: what needs two people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    second_person: tuple[Literal["routine", "caution", "critical"], ...] = ()
    """The significances that a second person has to approve; on a shared station."""
    rules: tuple[RuleTable, ...] = ()
    """What raises the significance of some calls."""
    break_glass: bool = True
    """Whether a commander may do without a second person for a while, for a reason."""
    break_glass_minutes: float = Field(default=30.0, gt=0.0, le=30.0)
    """For how many minutes at most."""


class ColonyTable(BaseModel):
    """[colonies.NAME]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    production: bool = False
    """Whether the screen warns that this is the real thing."""
    read_only: bool = False
    """Whether no action is bound at all."""
    shared: str = ""
    """The socket of a shared station, an absolute path; a personal station where empty."""
    roles: RolesTable = RolesTable()
    """Who is what; without any, everybody who may connect is commander."""
    policy: PolicyTable = PolicyTable()
    """What needs two people."""
    alarms: tuple[AlarmTable, ...] = ()
    """What is an alarm beside the defaults, or otherwise than they say."""
    record: bool = False
    """Whether a verified rollback is followed by its record, by the adapter that keeps one."""
    log: LogTable = LogTable()
    """The log of what was done, and who else vouches for it."""
    adapters: dict[str, AdapterTable] = Field(default_factory=dict)
    """The adapter instances."""

    @field_validator("alarms")
    @classmethod
    def _rules_differ(cls, alarms: tuple[AlarmTable, ...]) -> tuple[AlarmTable, ...]:
        return differ(alarms)


class File(BaseSettings):
    """The whole configuration file."""

    model_config = SettingsConfigDict(
        env_prefix="COLONY_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    default: str = ""
    """The colony to open where several are configured and none is named."""
    secrets: str = ""
    """The secrets directory, one file a secret; relative to the file."""
    colonies: dict[str, ColonyTable] = Field(default_factory=dict)
    """The colonies by name."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave the order to `load`, which hands in its own sources."""
        return (init_settings,)


class _Variables(EnvSettingsSource):
    """Reads nested values out of *variables*, and guesses at no type: the adapter knows it."""

    def __init__(self, variables: Mapping[str, str], names: Mapping[str, Any]) -> None:
        self._variables = {name.lower(): value for name, value in variables.items()}
        self._names = names
        super().__init__(File)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._variables

    def decode_complex_value(self, field_name: str, field: Any, value: Any) -> Any:
        """Keep *value* as the text that it is."""
        return Written(value)

    def __call__(self) -> dict[str, Any]:
        """Return the nested values, under the names that the file writes."""
        found: dict[str, Any] = super().__call__()
        colonies = found.get("colonies")
        return {"colonies": _renamed(colonies, self._names)} if isinstance(colonies, dict) else {}


class Colony(NamedTuple):
    """One colony as configured, and where that is written."""

    name: str
    table: ColonyTable
    configuration: Configuration

    @property
    def where(self) -> str:
        """What stands before a field of this colony in an error."""
        return f"{self.configuration.name}: colonies.{self.name}"


def load(given: Path | None, wanted: str | None, environ: Mapping[str, str] = os.environ) -> Colony:
    """Return the colony to run, checked; raises `ConfigurationProblem`, one line."""
    told = read(given, environ)
    name = choose(told, wanted, environ)
    file = dict(told.tables)
    tables = file.get("colonies", {})
    if not isinstance(tables, Mapping):
        raise ConfigurationProblem(f"{told.name}: colonies: must be a table, [colonies.NAME]")
    # Only the chosen one is checked: what is wrong with another colony is for who opens that.
    file["colonies"] = {name: tables[name]} if name in tables else {}
    variables = _only(name, environ)
    secrets = _only(name, _secret_values(told))
    merged = _merge(
        _Variables(secrets, file["colonies"])(), _Variables(variables, file["colonies"])()
    )
    try:
        checked = File(**_merge(file, merged))
    except ValidationError as error:
        raise ConfigurationProblem(_line(told, error, merged, variables)) from None
    table = checked.colonies[name]
    if not table.adapters:
        raise ConfigurationProblem(
            f"{told.name}: colonies.{name}.adapters: there is none; write {EXAMPLE}"
        )
    return Colony(name, table, told)


def _wrong(text: str) -> PydanticCustomError:
    """Return what a validator raises: *text* goes on after the field's name."""
    return PydanticCustomError("wrong", "{text}", {"text": text})


def _only(colony: str, variables: Mapping[str, str]) -> dict[str, str]:
    return {
        variable: value
        for variable, value in variables.items()
        if variable.upper().startswith(PREFIX)
        and same_name(variable[len(PREFIX) :].split("__")[0], [colony]) == colony
    }


def _secret_values(told: Configuration) -> dict[str, str]:
    """Return the secrets that are settings: files called like a variable, in any case."""
    if told.secrets is None:
        return {}
    found = {}
    for path in sorted(told.secrets.iterdir()):
        name = path.name.upper()
        name = name if name.startswith("COLONY_") else f"COLONY_{name}"
        if not (name.startswith(PREFIX) and path.is_file()):
            continue
        try:
            with path.open(encoding="utf-8") as stream:
                found[name] = stream.read(SIZE).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationProblem(f"{path}: cannot be read: {error}") from error
    return found


def _renamed(tables: dict[str, Any], names: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Give colonies and instances, which variables name in lower case, their names in the file."""
    renamed = {}
    for word, value in tables.items():
        name = same_name(word, list(names)) if depth in (0, 2) else word
        inner = names.get(name, {})
        if isinstance(value, dict) and depth < 2:
            value = _renamed(value, inner if isinstance(inner, Mapping) else {}, depth + 1)
        renamed[name] = value
    return renamed


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[key] = _merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _line(
    told: Configuration,
    error: ValidationError,
    merged: Mapping[str, Any],
    variables: Mapping[str, str],
) -> str:
    """Say the first thing that is wrong: where it is written, which field, what is wrong."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = [str(part) for part in first["loc"]]
    where = told.name
    at: Any = merged
    for part in path:
        at = at.get(part) if isinstance(at, Mapping) else None
    if at is not None and not isinstance(at, Mapping):
        variable = "COLONY_" + "__".join(path).upper().replace("-", "_")
        where = variable if variable in {name.upper() for name in variables} else "secrets"
    what = str(first["msg"])
    if first["type"] == "extra_forbidden":
        model: type[BaseModel] = ColonyTable if len(path) > 1 else File
        if path[2:3] == ["alarms"]:
            model = AlarmTable
        near = difflib.get_close_matches(path[-1], model.model_fields, 1)
        what = "no such setting; " + (
            f"did you mean {near[0]}?" if near else f"there are {', '.join(model.model_fields)}"
        )
    elif first["type"] == "missing":
        what = "is missing"
    else:
        what = what[:1].lower() + what[1:]
    return clean(f"{where}: {'.'.join(path)}: {what}", 1_000)

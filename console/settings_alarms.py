"""[[colonies.NAME.alarms]]: rules of one's own, and defaults that are changed or taken off."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from adapters.records import AlarmSeverity, EventRecord
from console.station.admission import KINDS
from console.station.alarms.limits import Limit
from console.station.alarms.rules import DEFAULTS, Rule
from console.station.alarms.values import DERIVED

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_DEFAULTS = {rule.name: rule for rule in DEFAULTS}
_WATCHED = sorted(
    name
    for name, kind in KINDS.items()
    if not issubclass(kind, EventRecord) and name not in ("Alarm", "Trend")
)


class AlarmTable(BaseModel):
    """One rule. With `default` it changes the one of that name; `off` takes it off."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    default: str = ""
    """The default rule that this changes."""
    off: bool = False
    """Whether that is watched no more."""
    name: str = ""
    """What a rule of one's own is called: small letters, digits and hyphens."""
    kind: str = ""
    """The kind of record that it watches."""
    field: str = ""
    """Which field of it, or a value that is worked out (see the README)."""
    above: float | None = None
    """At or above which number it is an alarm."""
    below: float | None = None
    """At or below which number it is an alarm."""
    is_: str | bool | float | tuple[str | bool | float, ...] | None = Field(
        default=None, alias="is"
    )
    """Which value is an alarm, or which ones."""
    clear: float | None = None
    """From where on it is over: less than `above`, more than `below`."""
    for_seconds: float | None = Field(default=None, ge=0.0, le=86_400.0)
    """For how long it has to be so."""
    samples: int | None = Field(default=None, ge=1, le=1_000)
    """How many times in a row it has to be so; looked at once a second at most."""
    severity: Literal["", "critical", "warning", "advisory"] = ""
    """How bad that is; warning where nothing is said."""
    unit: str = Field(default="", max_length=24)
    """The unit of the number, for the screen."""
    where: dict[str, str] = Field(default_factory=dict)
    """Shell patterns of the record's fields, all of which have to match."""

    @field_validator("default")
    @classmethod
    def _is_default(cls, default: str) -> str:
        if default and default not in _DEFAULTS:
            raise _wrong(f"no default rule is called {default}; there are {', '.join(_DEFAULTS)}")
        return default

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        if name and not _NAME.fullmatch(name):
            raise _wrong("takes small letters, digits and hyphens, 40 at most")
        if name in _DEFAULTS or name == "value-lost":
            raise _wrong(f'{name} is a default rule: change it with default = "{name}"')
        return name

    @field_validator("kind")
    @classmethod
    def _is_kind(cls, kind: str) -> str:
        if kind and kind not in _WATCHED:
            raise _wrong(f"no records of the kind {kind} can be watched; "
                         f"there are {', '.join(_WATCHED)}")  # fmt: skip
        return kind

    @field_validator("field")
    @classmethod
    def _is_field(cls, field: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind", "")
        if field and kind in KINDS and field not in fields(kind):
            raise _wrong(f"no field {field} in {kind}; there are {', '.join(fields(kind))}")
        return field

    @field_validator("above", "below", "clear")
    @classmethod
    def _is_number(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise _wrong("must be a number")
        return value

    @field_validator("where")
    @classmethod
    def _is_where(cls, where: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        default = _DEFAULTS.get(info.data.get("default", ""))
        kind = default.kind if default else info.data.get("kind", "")
        for field in where:
            if kind in KINDS and field not in KINDS[kind].__struct_fields__:
                there = ", ".join(KINDS[kind].__struct_fields__)
                raise _wrong(f"no field {field} in {kind}; there are {there}")
        return where

    @model_validator(mode="after")
    def _is_whole(self) -> AlarmTable:
        if self.default:
            own = [name for name in ("name", "kind", "field") if getattr(self, name)]
            if own:
                raise _wrong(f"default changes a rule that is there: leave {', '.join(own)} out")
            self._changed(_DEFAULTS[self.default])
            return self
        for name in ("name", "kind", "field"):
            if not getattr(self, name):
                raise _wrong(f'{name} is missing (or name a rule to change: default = "pool-full")')
        if self.off:
            raise _wrong("off is for a default rule: leave this one out instead")
        given = [self.above is not None, self.below is not None, self.is_ is not None]
        if sum(given) != 1:
            raise _wrong("give one of above, below and is")
        _sound(self.rule.limit)
        return self

    @property
    def rule(self) -> Rule:
        """The rule that this writes down, or the default with what is changed."""
        if self.default:
            return self._changed(_DEFAULTS[self.default])
        return Rule(self.name, self.kind, self.field, self._limit(Limit()),
                    AlarmSeverity(self.severity or "warning"), self.unit,
                    tuple(self.where.items()))  # fmt: skip

    def _changed(self, rule: Rule) -> Rule:
        words, numbers = bool(rule.limit.equals), (self.above, self.below, self.clear)
        if words and any(number is not None for number in numbers):
            raise _wrong(f"{rule.name} is no number: give is, and neither above, below nor clear")
        if not words and self.is_ is not None:
            raise _wrong(f"{rule.name} is a number: give above or below")
        if self.above is not None and self.below is not None:
            raise _wrong("give one of above and below")
        limit = self._limit(rule.limit)
        _sound(limit)
        return rule._replace(
            limit=limit,
            severity=AlarmSeverity(self.severity) if self.severity else rule.severity,
            unit=self.unit or rule.unit,
            where=tuple(self.where.items()) or rule.where,
        )

    def _limit(self, limit: Limit) -> Limit:
        if self.above is not None or self.below is not None or self.is_ is not None:
            # Where the number moves, what it clears at by default would be for the one before.
            limit = limit._replace(above=self.above, below=self.below, equals=(), clear=None)
        if self.is_ is not None:
            several = self.is_ if isinstance(self.is_, tuple) else (self.is_,)
            limit = limit._replace(equals=several, clears=())
        if self.clear is not None:
            limit = limit._replace(clear=self.clear)
        if self.for_seconds is not None:
            limit = limit._replace(seconds=self.for_seconds)
        if self.samples is not None:
            limit = limit._replace(samples=self.samples)
        return limit


def fields(kind: str) -> list[str]:
    """Return what of the records of *kind* can be watched."""
    return [*DERIVED.get(kind, {}), *KINDS[kind].__struct_fields__]


def resolve(tables: Sequence[AlarmTable]) -> tuple[Rule, ...]:
    """Return the default rules as *tables* change them, and the others that they add."""
    rules = dict(_DEFAULTS)
    for table in tables:
        if table.off:
            rules.pop(table.default, None)
        else:
            rules[table.rule.name] = table.rule
    return tuple(rules.values())


def differ(tables: tuple[AlarmTable, ...]) -> tuple[AlarmTable, ...]:
    """Return *tables*; raises where two are of one rule."""
    names: list[Any] = [table.default or table.name for table in tables]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(f"two are of {name}: put them into one")
    return tables


def _sound(limit: Limit) -> None:
    """Raise where a limit can never be over, or is over at once."""
    if limit.clear is None:
        return
    if limit.equals:
        raise _wrong("clear goes with above or below")
    if limit.above is not None and limit.clear > limit.above:
        raise _wrong(f"clear = {limit.clear:g} is not below above = {limit.above:g}")
    if limit.below is not None and limit.clear < limit.below:
        raise _wrong(f"clear = {limit.clear:g} is not above below = {limit.below:g}")


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{text}", {"text": text})

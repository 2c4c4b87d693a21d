"""The arguments of each topic, as a console sends them."""

from __future__ import annotations

import msgspec


class Query(msgspec.Struct, frozen=True):
    """`query`: the rest of the arguments are the adapter's."""

    source: str
    topic: str


class OfAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.form`."""

    action: str
    arguments: dict[str, str] = {}


class Simulate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.simulate`."""

    action: str
    arguments: dict[str, str] = {}
    reason: str = ""
    undoes: str = ""


class Approve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.approve`."""

    id: str
    digest: str
    confirm: str | bool = ""
    reason: str = ""


class Decline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.decline`."""

    id: str
    reason: str = ""


class Break(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`glass.break`: for how many minutes, and why."""

    reason: str
    minutes: float = 30.0


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`log.note`: `about` names an action or a target."""

    text: str
    about: str = ""


class Acknowledge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`alarm.ack`: which alarms, by name."""

    names: list[str]


class Shelve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`alarm.shelve`: for how many minutes, and why."""

    name: str
    minutes: float
    reason: str


class Unshelve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`alarm.unshelve`."""

    name: str


class OneAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`action.cancel` and `action.show`."""

    id: str


class Unlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`unlock`: the passphrase goes to the adapter and is shown and kept nowhere."""

    source: str
    key: str
    passphrase: str

    def __repr__(self) -> str:
        return f"Unlock(source={self.source!r}, key={self.key!r})"


class OfApp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`why`: `[SOURCE:]NAMESPACE/[WORKLOAD/]NAME`."""

    app: str


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`station.stop`. `replace` asks one that nobody needs to make room for another."""

    force: bool = False
    replace: bool = False


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic without arguments."""

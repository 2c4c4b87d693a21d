"""A contract's ABI: its functions, events and errors, found by name, selector and topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from adapters.chain import hashing
from adapters.chain.decoding import Undecodable, decode, decode_word
from adapters.chain.types import Described, Type, Unsupported, tuple_of
from adapters.contract import ConfigurationError, Refused
from adapters.text import clean

FILE_LIMIT = 4 << 20
"""Bytes of the largest ABI file; a whole compiler artifact of a large contract has 1 to 2 MB."""
ENTRIES = 4096
NAME = 128
ARTIFACTS = Path(__file__).parent / "contracts" / "artifacts"


class Function(msgspec.Struct, frozen=True):
    """One function. `inputs` and `outputs` are tuples; `signature` is canonical."""

    name: str
    signature: str
    selector: bytes
    inputs: Type
    outputs: Type
    mutability: str = "nonpayable"

    @property
    def reads(self) -> bool:
        """Whether it is answered by a call and changes nothing."""
        return self.mutability in ("pure", "view")


class Event(msgspec.Struct, frozen=True):
    """One event. `indexed` says which members of `inputs` are topics; `topic` is its first."""

    name: str
    signature: str
    topic: str
    inputs: Type
    indexed: tuple[bool, ...]
    plain: Type
    """What is in the data: the members that are no topics."""


class CustomError(msgspec.Struct, frozen=True):
    """One error that a contract reverts with."""

    name: str
    signature: str
    selector: bytes
    inputs: Type


class Decoded(msgspec.Struct, frozen=True):
    """An event or an error with its values, in the order of `type`'s members.

    A topic of a type that does not fit one (a string, an array) is its hash: bytes, in `hashed`
    by position.
    """

    name: str
    signature: str
    type: Type
    values: tuple[Any, ...]
    hashed: frozenset[int] = frozenset()

    def get(self, name: str) -> Any:
        """Return the value called *name*, None where there is none or it is a hash."""
        for position, each in enumerate(self.type.names):
            if each == name and position not in self.hashed:
                return self.values[position]
        return None


class _Entry(msgspec.Struct):
    type: str = "function"
    name: str = ""
    inputs: list[Described] = msgspec.field(default_factory=list)
    outputs: list[Described] = msgspec.field(default_factory=list)
    mutability: str = msgspec.field(name="stateMutability", default="nonpayable")
    anonymous: bool = False


class _Artifact(msgspec.Struct):
    abi: list[_Entry]


FoundT = TypeVar("FoundT", Function, Event, CustomError)


class Abi:
    """What a contract's ABI says. `left_out` names what has types that are not known here."""

    def __init__(self, entries: Iterable[_Entry] = ()) -> None:
        self.left_out: list[str] = []
        self.payable = False
        """Whether it takes plain ether."""
        self._functions: dict[str, Function] = {}
        self._events: dict[str, list[Event]] = {}
        self._errors: dict[bytes, CustomError] = {e.selector: e for e in STANDARD_ERRORS}
        for entry in entries:
            try:
                self._add(entry)
            except Unsupported as error:
                self.left_out.append(f"{clean(entry.name, NAME)}: {error}")

    def _add(self, entry: _Entry) -> None:
        name = entry.name
        if entry.type == "receive" or (entry.type, entry.mutability) == ("fallback", "payable"):
            self.payable = True
        if entry.type not in ("function", "event", "error"):
            return
        if not name or len(name) > NAME or not name.replace("$", "_").isidentifier():
            raise Unsupported("not a name")
        inputs = tuple_of(entry.inputs)
        signature = name + inputs.text
        if entry.type == "function":
            self._functions[signature] = Function(
                name, signature, hashing.selector(signature), inputs, tuple_of(entry.outputs),
                entry.mutability,
            )  # fmt: skip
        elif entry.type == "error":
            found = CustomError(name, signature, hashing.selector(signature), inputs)
            self._errors[found.selector] = found
        elif not entry.anonymous:  # it has no topic to know it by
            event = Event(
                name, signature, hashing.topic(signature), inputs,
                tuple(each.indexed for each in entry.inputs),
                tuple_of([each for each in entry.inputs if not each.indexed]),
            )  # fmt: skip
            self._events.setdefault(event.topic, []).append(event)

    @property
    def functions(self) -> tuple[Function, ...]:
        """Every function, in the file's order."""
        return tuple(self._functions.values())

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event, in the file's order."""
        return tuple(event for each in self._events.values() for event in each)

    @property
    def errors(self) -> tuple[CustomError, ...]:
        """Every error, Solidity's own two first."""
        return tuple(self._errors.values())

    @property
    def tokens(self) -> bool:
        """Whether it is an ERC-721 by what it declares."""
        transfer = self._events.get(TRANSFER, ())
        return "ownerOf(uint256)" in self._functions and any(
            event.indexed == (True, True, True) for event in transfer
        )

    def function(self, name: str) -> Function:
        """Return the function called *name*, or of that signature; raises `Refused`."""
        exact = self._functions.get(name.replace(" ", ""))
        if exact is not None:
            return exact
        found = [each for each in self._functions.values() if each.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            which = ", ".join(each.signature for each in found)
            raise Refused(f"there are several called {clean(name, NAME)}: say which: {which}")
        there = ", ".join(dict.fromkeys(each.name for each in self._functions.values()))
        raise Refused(f"no function is called {clean(name, NAME)!r}; there are: {clean(there)}")

    def decode_log(self, topics: Sequence[str], data: bytes) -> Decoded | None:
        """Return the event that a log is, None where it is none of these or is malformed.

        Two events of one signature can differ in what is indexed (ERC-20's Transfer and
        ERC-721's): the number of topics decides.
        """
        for event in self._events.get(topics[0].lower(), ()) if topics else ():
            if sum(event.indexed) == len(topics) - 1:
                try:
                    return _log(event, topics, data)
                except (Undecodable, ValueError):
                    return None
        return None

    def decode_output(self, function: Function, data: bytes) -> tuple[Any, ...]:
        """Return what *function* answered; raises `Undecodable`."""
        return decode(function.outputs, data)

    def decode_error(self, data: bytes) -> Decoded | None:
        """Return the error that a call reverted with, None where it is not known here.

        It may be Solidity's own: Error(string), or Panic(uint256); see `panic`.
        """
        found = self._errors.get(data[:4])
        if found is None:
            return None
        try:
            values = decode(found.inputs, data[4:])
        except Undecodable:
            return None
        return Decoded(found.name, found.signature, found.inputs, values)


def _log(event: Event, topics: Sequence[str], data: bytes) -> Decoded:
    plain = iter(decode(event.plain, data))
    rest = iter(topics[1:])
    values: list[Any] = []
    hashed = set()
    for position, part in enumerate(event.inputs.parts):
        if not event.indexed[position]:
            values.append(next(plain))
            continue
        word = bytes.fromhex(next(rest).removeprefix("0x"))
        if part.dynamic or part.kind in ("array", "tuple"):
            hashed.add(position)
            values.append(word)
        else:
            values.append(decode_word(part, word))
    return Decoded(event.name, event.signature, event.inputs, tuple(values), frozenset(hashed))


def _standard(name: str, type_: str, selector: str, member: str) -> CustomError:
    inputs = tuple_of([Described(type_, member)])
    return CustomError(name, f"{name}({type_})", bytes.fromhex(selector), inputs)


# Spelled out, so that importing this hashes nothing.
STANDARD_ERRORS = (
    _standard("Error", "string", "08c379a0", "message"),
    _standard("Panic", "uint256", "4e487b71", "code"),
)
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""The topic of Transfer(address,address,uint256)."""


def parse(content: bytes, field: str = "abi") -> Abi:
    """Return the ABI in *content*: a JSON array, or a compiler's artifact with one in it.

    Raises `ConfigurationError` that names *field*.
    """
    if len(content) > FILE_LIMIT:
        raise ConfigurationError(field, f"is larger than {FILE_LIMIT >> 20} MB")
    whole = content.lstrip().startswith(b"{")
    try:
        if whole:
            entries = msgspec.json.decode(content, type=_Artifact).abi
        else:
            entries = msgspec.json.decode(content, type=list[_Entry])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(field, f"is no ABI: {clean(str(error), 200)}") from None
    if len(entries) > ENTRIES:
        raise ConfigurationError(field, f"has more than {ENTRIES} entries")
    return Abi(entries)


def built_in() -> list[str]:
    """Return the names of the contracts whose ABI comes with the adapter."""
    return sorted(path.stem for path in ARTIFACTS.glob("*.json"))


def load(name: str, field: str = "abi") -> Abi:
    """Return the ABI called *name*: a built-in contract's, else a file's.

    Raises `ConfigurationError` that names *field*.
    """
    there = built_in()
    if name in there:
        return parse((ARTIFACTS / f"{name}.json").read_bytes(), field)
    if not name or not ("/" in name or name.endswith(".json")):
        raise ConfigurationError(
            field,
            f"{clean(name, NAME)!r} is no file and not built in; built in: {', '.join(there)}",
        )
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigurationError(field, f"{clean(str(path))} cannot be read: {reason}") from None
    return parse(content, field)

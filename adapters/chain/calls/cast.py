"""The same call for `cast`, to copy: safe to paste into a shell, and without a key in it."""

from __future__ import annotations

import shlex
from typing import Any
from urllib.parse import urlsplit

from adapters.chain.abi import Function
from adapters.chain.calls.arguments import written
from adapters.chain.calls.fees import Cost

ANY_NODE = '"$ETH_RPC_URL"'


def send(
    url: str,
    address: str,
    function: Function,
    values: tuple[Any, ...],
    *,
    sender: str,
    how: list[str],
    value: int,
    cost: Cost,
) -> str:
    """Return the `cast send` that does the same. *how* are the options that say who signs."""
    words = [*how, "--from", sender, "--gas-limit", str(cost.gas)]
    if value:
        words += ["--value", f"{value}wei"]
    return _joined("send", url, words, address, function, values)


def call(url: str, address: str, function: Function, values: tuple[Any, ...]) -> str:
    """Return the `cast call` that reads the same."""
    return _joined("call", url, [], address, function, values)


def _joined(
    what: str,
    url: str,
    words: list[str],
    address: str,
    function: Function,
    values: tuple[Any, ...],
) -> str:
    outputs = function.outputs.text if function.reads and function.outputs.parts else ""
    given = [written(part, each) for part, each in zip(function.inputs.parts, values, strict=True)]
    # What comes from people may begin with a dash, and is no option then.
    ends = ["--"] if any(each.startswith("-") for each in given) else []
    rest = shlex.join([*words, *ends, address, function.signature + outputs, *given])
    return f"cast {what} --rpc-url {_node(url)} {rest}"


def _node(url: str) -> str:
    """Return the node's URL where it can be shown: hosted nodes have a key in the path."""
    parts = urlsplit(url)
    plain = not parts.query and not parts.username and parts.path in ("", "/")
    return shlex.quote(url) if plain else ANY_NODE

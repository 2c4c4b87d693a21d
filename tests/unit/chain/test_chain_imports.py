"""Importing the adapters costs nothing: what is heavy comes when it is first needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "coincurve",
    "eth_abi",
    "eth_account",
    "eth_utils",
    "httpx",
    "pymodbus",
    "sunspec2",
    "web3",
    "websockets",
}
SAY = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*sys.modules)"


@pytest.mark.parametrize(
    "package",
    [
        "adapters",
        "adapters.chain",
        "adapters.contract",
        "adapters.records",
        "adapters.registry",
        "adapters.sunspec",
    ],
)
def test_a_package_loads_nothing_heavy(package: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SAY, package], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & HEAVY


LIMIT = """
import sys
from adapters.chain.calls.keys import _accounts
before = sys.getrecursionlimit()
_accounts()
print(before == sys.getrecursionlimit(), "py_ecc" in sys.modules)
"""


def test_signing_lets_nobody_nest_deeper_than_before() -> None:
    """A library of its raises the limit to 100,000: deep JSON then ends the whole station."""
    run = subprocess.run([sys.executable, "-c", LIMIT], capture_output=True, text=True, check=True)
    assert run.stdout == "True True\n"

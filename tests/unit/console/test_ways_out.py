"""Every way by which text leaves the program, and why nothing hostile leaves by it.

The table is held against the source: a new call that writes has no line here until somebody has
looked at it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CALLS = frozenset({"print", "write", "writelines", "write_text", "write_bytes", "notify"})

FILTERED = "passes adapters.text where it is written"
OWN = "holds nothing but what this program made: numbers, keys, digests, its own sentences"
ENTERED = "holds what was filtered where it entered"
BYTES = "is for a program that checks every byte, in JSON or a format of its own"
DRAWN = "is what Textual drew, after console/terminal/lastgate.py"

WAYS = {
    # A screen
    "console/app.py": "OSC 52 and notifications: console/clipboard.py and console/notification.py"
    " filter them",
    "console/terminal/driver.py": DRAWN,
    "console/terminal/output.py": DRAWN,
    "console/terminal/plain.py": DRAWN,
    "console/terminal/writer.py": DRAWN,
    "console/terminal/restoring.py": OWN,
    # Standard output and error
    "console/cli.py": FILTERED,
    "console/headless/session.py": FILTERED,
    "console/headless/act.py": FILTERED,
    "console/headless/approve.py": FILTERED,
    "console/headless/ledger_directory.py": OWN,
    "console/headless/ledger_export.py": OWN,
    "console/headless/witness.py": FILTERED,
    "console/headless/witness_server.py": FILTERED,
    "console/station/__main__.py": FILTERED,
    "console/headless/bundle.py": "a ZIP: console/support filters what is in it, and takes secrets"
    " out",
    # Files that people read
    "console/station/diary.py": FILTERED,
    "console/headless/ledger_handover.py": "console/handover.py filters and escapes it",
    "console/screens/handing.py": "console/handover.py filters and escapes it",
    "console/screens/saving.py": "console/tablefile.py filters it, and formulas of spreadsheets",
    "console/tablefile.py": FILTERED,
    "console/support/archive.py": ENTERED,
    # Files and messages that programs read
    "console/remembered.py": BYTES,
    "console/station/alarms/keeping.py": BYTES,
    "console/feed/client.py": BYTES,
    "console/station/peers.py": BYTES,
    "console/station/commanding.py": "no output: it writes a note into the log, filtered",
    "console/headless/ledger_files.py": BYTES,
    "console/headless/ledger_prove.py": BYTES,
    "console/headless/witness_files.py": BYTES,
    "console/ledger/export.py": BYTES,
    "console/station/signing.py": OWN,
    "adapters/kubernetes/tls.py": BYTES,
    "adapters/sunspec/recorder.py": BYTES,
}
"""Modules that write, and why that is harmless."""


def _writes(path: Path) -> bool:
    """Whether *path* calls anything that writes text somewhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in CALLS:
                return True
    return False


def _modules() -> Iterator[Path]:
    for package in ("adapters", "console"):
        yield from (ROOT / package).rglob("*.py")


def test_every_module_that_writes_was_looked_at() -> None:
    found = {str(path.relative_to(ROOT)) for path in _modules() if _writes(path)}
    assert found - set(WAYS) == set(), "say in WAYS why nothing hostile leaves there"
    assert set(WAYS) - found - {"console/terminal/driver.py"} == set(), "these write no more"


def test_what_is_said_to_be_filtered_is() -> None:
    for module, why in WAYS.items():
        if why == FILTERED:
            source = (ROOT / module).read_text(encoding="utf-8")
            assert "clean(" in source or "clean_text(" in source, module

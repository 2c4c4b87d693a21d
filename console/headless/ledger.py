"""`colony ledger`: the station's log, read, proved, verified, taken along, written into."""

from __future__ import annotations

import argparse
import importlib

from console.choice import Choice

_MODULES = {
    "log": "ledger_log",
    "prove": "ledger_prove",
    "verify": "ledger_verify",
    "export": "ledger_export",
    "rotate": "ledger_write",
    "note": "ledger_write",
    "handover": "ledger_handover",
    "witness": "witness",
}


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Do what `options.what` names."""
    loaded = importlib.import_module(f"console.headless.{_MODULES[options.what]}")
    return int(loaded.run(choice, options))

"""What each command of the command line takes; console/grammar.py has their names.

Imported when a command is given, or its help is asked for.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from console.grammar import Fill, add_commands

ALARMS: Final = {
    "list": "list them, what nobody has seen first",
    "ack": "acknowledge alarms: everybody sees who did, and the log has it",
    "shelve": "put an alarm aside for a while",
    "unshelve": "take an alarm off the shelf before its time",
}
LEDGER: Final = {
    "log": "the entries, the oldest first",
    "prove": "the proof that an entry is in the log (C2SP tlog-proof)",
    "verify": "whether a copy of the log, a proof or the running log is whole",
    "export": "write the log as C2SP tlog-tiles, or bring an export up to date",
    "witness": "cosign logs, so that none can show two histories",
    "rotate": "give the log new keys, signed by the old ones",
    "note": "write a note into the log",
    "handover": "what happened in a span of time, as Markdown",
}


def _status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", action="store_true", help="a line whenever something changes")
    parser.add_argument("--wait", type=_seconds, default=10.0, metavar="S",
                        help="seconds to wait for the first answers (10)")  # fmt: skip


def _why(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help="[SOURCE:]NAMESPACE/[WORKLOAD/]NAME")
    parser.add_argument("--wait", type=_seconds, default=10.0, metavar="S",
                        help="seconds to wait for the first answers (10)")  # fmt: skip


def _watch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", action="append", default=[], metavar="K",
                        help="only this kind (App, Pod, Event, …); may be repeated")  # fmt: skip


def _act(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", metavar="NAME", help="as `colony actions` lists it")
    parser.add_argument("arguments", metavar="key=value", nargs="*", type=_pair)
    parser.add_argument("--dry-run", action="store_true", help="simulate, and stop there")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; it goes into the log")
    parser.add_argument("--yes", action="store_true", help="approve, up to caution")
    parser.add_argument("--confirm", metavar="NAME", default="",
                        help="the target's name, which a critical action needs too")  # fmt: skip
    _passphrase(parser)


def _bundle(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, default=None,
                        help="where to; support-COLONY-TIME.zip here, if not said")  # fmt: skip


def _approve(parser: argparse.ArgumentParser) -> None:
    _which_action(parser)
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--code", metavar="7F-C2-9D", default="",
                      help="the code that whoever asks reads out to you")  # fmt: skip
    told.add_argument("--digest", metavar="HEX", default="", help="the whole digest instead")
    parser.add_argument("--confirm", metavar="NAME", default="",
                        help="the target's name, which a critical action needs too")  # fmt: skip
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; it goes into the log")
    parser.add_argument("--no-wait", action="store_true", help="do not follow it to its end")


def _decline(parser: argparse.ArgumentParser) -> None:
    _which_action(parser)
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why; it is logged")


def _glass(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["list", "break", "mend"], default="list",
                        metavar="break|mend")  # fmt: skip
    parser.add_argument("--minutes", metavar="N", type=_minutes, default=None,
                        help="how long, 30 at most (else what the colony says)")  # fmt: skip
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; breaking needs one")


def _login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=["viewer", "operator", "commander"],
                        metavar="ROLE", help="viewer, operator or commander, at most")  # fmt: skip
    parser.add_argument("--person", metavar="NAME", type=_person, default=None,
                        help="who it is, where several share a user; for the log")  # fmt: skip


def _station(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["run", "status", "stop", "restart"],
                        default="run", metavar="status|stop|restart")  # fmt: skip
    parser.add_argument("--force", action="store_true",
                        help="stop although actions are in flight")  # fmt: skip


def _alarms(parser: argparse.ArgumentParser) -> None:
    add_commands(parser, ALARMS, dest="what", metavar="ack|shelve|unshelve", under="alarms")


def _alarms_ack(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("names", metavar="NAME", nargs="*", default=[],
                       help="as `colony alarms` lists them")  # fmt: skip
    which.add_argument("--all", action="store_true", help="all that nobody has seen")


def _alarms_shelve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("minutes", metavar="MINUTES", type=_shelved, help="1440 at most")
    parser.add_argument("reason", metavar="REASON", help="why; it goes into the log")


def _alarms_unshelve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")


def _ledger(parser: argparse.ArgumentParser) -> None:
    add_commands(parser, LEDGER, dest="what", metavar="WHAT", required=True, under="ledger")


def _ledger_log(parser: argparse.ArgumentParser) -> None:
    _span(parser)
    parser.add_argument("--actor", metavar="NAME", default=None, help="only what NAME did")
    parser.add_argument("--event", metavar="KIND", default=None,
                        help="only stage, approval, note, break-glass, …")  # fmt: skip
    parser.add_argument("--action", metavar="ID", default=None,
                        help="only what is of that action")  # fmt: skip
    parser.add_argument("--follow", action="store_true",
                        help="go on with what is written from now on")  # fmt: skip


def _ledger_prove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("index", metavar="N", type=_index, help="which entry, from 0")
    parser.add_argument("--out", metavar="FILE", type=Path, default=None, help="write it there")


def _ledger_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="DIR|FILE", nargs="?", type=Path, default=None,
                        help="an export or a .tlog-proof; without: the running log")  # fmt: skip
    parser.add_argument("--against", metavar="FILE", type=Path, action="append", default=[],
                        help="a checkpoint that was kept elsewhere; may be repeated")  # fmt: skip
    parser.add_argument("--witness", metavar="VKEY", action="append", default=[],
                        help="a witness' verifier key; may be repeated")  # fmt: skip
    parser.add_argument("--key", metavar="VKEY", action="append", default=[],
                        help="the log's verifier key, from elsewhere; may be repeated")  # fmt: skip
    parser.add_argument("--anchor", action="store_true",
                        help="compare with what the running station finds on chain")  # fmt: skip


def _ledger_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", metavar="DIR", type=Path)


def _ledger_witness(parser: argparse.ArgumentParser) -> None:
    from console.headless import witness

    witness.add_arguments(parser)


def _ledger_rotate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="needed: it cannot be taken back")


def _ledger_note(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT")
    parser.add_argument("--about", metavar="X", default="", help="an action's id, or a target")


def _ledger_handover(parser: argparse.ArgumentParser) -> None:
    _span(parser)
    parser.add_argument("--out", metavar="FILE", type=Path, default=None, help="write it there")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return value


def _descriptor(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of a file descriptor")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not key=value")
    return key, value


def _which_action(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the action's id, as `colony status` lists it")


def _passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase-fd", metavar="N", type=_descriptor, default=None,
                        help="read the passphrase of a locked key from descriptor N")  # fmt: skip


def _shelved(text: str) -> float:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= 1440):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to 1440")
    return float(text)


def _span(parser: argparse.ArgumentParser) -> None:
    when = "as 2h, 30m, 1d ago, or 2031-03-14T06:00Z"
    parser.add_argument("--since", metavar="WHEN", default=None, help=f"from then on: {when}")
    parser.add_argument("--until", metavar="WHEN", default=None, help="up to then")


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of an entry")
    return int(text)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 0 < int(text) <= 30):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to 30")
    return int(text)


def _person(text: str) -> str:
    if not (text.isprintable() and text.strip() and len(text) <= 64):
        raise argparse.ArgumentTypeError(f"{text!r} is not a name of 1 to 64 characters")
    return text.strip()


FILL: Final[dict[str, Fill]] = {
    "status": _status,
    "why": _why,
    "watch": _watch,
    "act": _act,
    "bundle": _bundle,
    "approve": _approve,
    "decline": _decline,
    "glass": _glass,
    "login": _login,
    "station": _station,
    "alarms ack": _alarms_ack,
    "alarms shelve": _alarms_shelve,
    "alarms unshelve": _alarms_unshelve,
    "ledger log": _ledger_log,
    "ledger prove": _ledger_prove,
    "ledger verify": _ledger_verify,
    "ledger export": _ledger_export,
    "ledger witness": _ledger_witness,
    "ledger rotate": _ledger_rotate,
    "ledger note": _ledger_note,
    "ledger handover": _ledger_handover,
    "alarms": _alarms,
    "ledger": _ledger,
}
"""What adds to each command that takes something."""

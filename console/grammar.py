"""The grammar of the command line. It imports nothing heavy: a help text costs what Python costs.

What names a file or a directory of this host has the type Path, and nothing else has: a login
over SSH refuses those by it (console/headless/login.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from console.headless import witness

USAGE = 64
"""Exit status of a usage error (sysexits.h, EX_USAGE)."""


class _Parser(argparse.ArgumentParser):
    """argparse with one line on stderr and exit status 64 for a usage error."""

    def error(self, message: str) -> NoReturn:
        from adapters.text import clean

        # What was typed is in it, and over SSH somebody else may have written that.
        self.exit(USAGE, f"colony: {clean(message)}; see {self.prog} --help\n")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 86400")
    return value


def _fps(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 60:
        raise argparse.ArgumentTypeError(f"{text!r} is not a rate from 0.1 to 60 a second")
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


def _global_options(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Add what may stand before or after the command; below the top nothing has a default.

    A default in a subparser would overwrite what was given before the command.
    """

    def default(value: object) -> object:
        return value if top else argparse.SUPPRESS

    group = parser.add_argument_group("which colony")
    group.add_argument("--config", metavar="FILE", type=Path, default=default(None),
                       help="the configuration, instead of $COLONY_CONFIG or "
                            "~/.config/colony/colony.toml")  # fmt: skip
    group.add_argument("--colony", metavar="NAME", default=default(None),
                       help="which colony of the configuration")  # fmt: skip
    group.add_argument("--demo", action="store_true", default=default(False),
                       help="the colony in a box: real protocols, invented data")  # fmt: skip
    group.add_argument("--scenario", metavar="NAME", default=default(None),
                       help="in the demo: bad-rollout (as without), calm, brownout")  # fmt: skip
    group.add_argument("--seed", metavar="N", type=int, default=default(None),
                       help="makes another demo colony, the same for the same number")  # fmt: skip
    group.add_argument("--read-only", action="store_true", default=default(False),
                       help="bind no action at all")  # fmt: skip
    group.add_argument("--json", action="store_true", default=default(False),
                       help="JSON on standard output, and nothing else there")  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = _Parser(
        prog="colony",
        description="Mission control for a colony. Without a command: open the console.",
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    top.add_argument("--fps", type=_fps, metavar="N", default=None,
                     help="paints a second (else 10, over SSH 4, slow lines fewer)")  # fmt: skip
    top.add_argument("--plain", action="store_true",
                     help="write whole regions as Textual does, not only what changed "
                          "(or COLONY_PLAIN=1)")  # fmt: skip
    _global_options(top, top=True)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        _global_options(sub, top=False)
        return sub

    status = command("status", "one snapshot of the colony; exit 0 healthy, 10, 11 or 12 not")
    status.add_argument("--watch", action="store_true", help="a line whenever something changes")
    status.add_argument("--wait", type=_seconds, default=10.0, metavar="S",
                        help="seconds to wait for the first answers (10)")  # fmt: skip

    why = command("why", "why an app is down: what it stands on, and what broke first")
    why.add_argument("app", metavar="APP", help="[SOURCE:]NAMESPACE/[WORKLOAD/]NAME")
    why.add_argument("--wait", type=_seconds, default=10.0, metavar="S",
                     help="seconds to wait for the first answers (10)")  # fmt: skip

    watch = command("watch", "JSON lines of records as they come")
    watch.add_argument("--kind", action="append", default=[], metavar="K",
                       help="only this kind (App, Pod, Event, …); may be repeated")  # fmt: skip

    command("actions", "what can be done, with arguments and significance")

    act = command("act", "take an action, through simulation and approval")
    act.add_argument("action", metavar="NAME", help="as `colony actions` lists it")
    act.add_argument("arguments", metavar="key=value", nargs="*", type=_pair)
    act.add_argument("--dry-run", action="store_true", help="simulate, and stop there")
    act.add_argument("--reason", metavar="TEXT", default="", help="why; it goes into the log")
    act.add_argument("--yes", action="store_true", help="approve, up to caution")
    act.add_argument("--confirm", metavar="NAME", default="",
                     help="the target's name, which a critical action needs too")  # fmt: skip
    _passphrase(act)

    command("doctor", "check each adapter: configuration, reach, rights, clock; and what to do")

    bundle = command("bundle", "one file with what helps to see what is wrong, and no secret")
    bundle.add_argument("file", metavar="FILE", nargs="?", type=Path, default=None,
                        help="where to; support-COLONY-TIME.zip here, if not said")  # fmt: skip
    command("adapters", "what is installed, with its settings")

    approve = command("approve", "approve an action that somebody else asked for")
    _which_action(approve)
    told = approve.add_mutually_exclusive_group()
    told.add_argument("--code", metavar="7F-C2-9D", default="",
                      help="the code that whoever asks reads out to you")  # fmt: skip
    told.add_argument("--digest", metavar="HEX", default="", help="the whole digest instead")
    approve.add_argument("--confirm", metavar="NAME", default="",
                         help="the target's name, which a critical action needs too")  # fmt: skip
    approve.add_argument("--reason", metavar="TEXT", default="", help="why; it goes into the log")
    approve.add_argument("--no-wait", action="store_true", help="do not follow it to its end")

    decline = command("decline", "decline an action that somebody else asked for")
    _which_action(decline)
    decline.add_argument("--reason", metavar="TEXT", required=True, help="why; it is logged")

    glass = command("glass", "act alone where two are asked for, for a while and in the open")
    glass.add_argument("what", nargs="?", choices=["list", "break", "mend"], default="list",
                       metavar="break|mend")  # fmt: skip
    glass.add_argument("--minutes", metavar="N", type=_minutes, default=None,
                       help="how long, 30 at most (else what the colony says)")  # fmt: skip
    glass.add_argument("--reason", metavar="TEXT", default="", help="why; breaking needs one")

    _alarms(command("alarms", "the alarms: list, acknowledge or shelve them"))
    _ledger(command("ledger", "the station's log: read it, prove it, take it along"))

    login = command("login", "what sshd runs for a person: the console, or what they asked for")
    login.add_argument("--role", required=True, choices=["viewer", "operator", "commander"],
                       metavar="ROLE", help="viewer, operator or commander, at most")  # fmt: skip
    login.add_argument("--person", metavar="NAME", type=_person, default=None,
                       help="who it is, where several share a user; for the log")  # fmt: skip

    station = command("station", "run the station alone, or speak to the one that runs")
    station.add_argument("what", nargs="?", choices=["run", "status", "stop", "restart"],
                         default="run", metavar="status|stop|restart")  # fmt: skip
    station.add_argument("--force", action="store_true",
                         help="stop although actions are in flight")  # fmt: skip
    return top


def _which_action(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the action's id, as `colony status` lists it")


def _passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase-fd", metavar="N", type=_descriptor, default=None,
                        help="read the passphrase of a locked key from descriptor N")  # fmt: skip


def _alarms(alarms: argparse.ArgumentParser) -> None:
    """Add what `colony alarms` can do; without a word it lists."""
    kinds = alarms.add_subparsers(dest="what", metavar="ack|shelve|unshelve", parser_class=_Parser)

    def kind(name: str, text: str) -> argparse.ArgumentParser:
        sub = kinds.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        _global_options(sub, top=False)
        return sub

    kind("list", "list them, what nobody has seen first")
    ack = kind("ack", "acknowledge alarms: everybody sees who did, and the log has it")
    ack.add_argument("names", metavar="NAME", nargs="+", help="as `colony alarms` lists them")
    shelve = kind("shelve", "put an alarm aside for a while")
    shelve.add_argument("name", metavar="NAME")
    shelve.add_argument("minutes", metavar="MINUTES", type=_shelved, help="1440 at most")
    shelve.add_argument("reason", metavar="REASON", help="why; it goes into the log")
    unshelve = kind("unshelve", "take an alarm off the shelf before its time")
    unshelve.add_argument("name", metavar="NAME")


def _shelved(text: str) -> float:
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= 1440):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to 1440")
    return float(text)


def _ledger(ledger: argparse.ArgumentParser) -> None:
    """Add what `colony ledger` can do."""
    kinds = ledger.add_subparsers(dest="what", metavar="WHAT", parser_class=_Parser, required=True)

    def kind(name: str, text: str) -> argparse.ArgumentParser:
        sub = kinds.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        _global_options(sub, top=False)
        return sub

    log = kind("log", "the entries, the oldest first")
    _span(log)
    log.add_argument("--actor", metavar="NAME", default=None, help="only what NAME did")
    log.add_argument("--event", metavar="KIND", default=None,
                     help="only stage, approval, note, break-glass, …")  # fmt: skip
    log.add_argument("--action", metavar="ID", default=None, help="only what is of that action")
    log.add_argument("--follow", action="store_true", help="go on with what is written from now on")

    prove = kind("prove", "the proof that an entry is in the log (C2SP tlog-proof)")
    prove.add_argument("index", metavar="N", type=_index, help="which entry, from 0")
    prove.add_argument("--out", metavar="FILE", type=Path, default=None, help="write it there")

    verify = kind("verify", "whether a copy of the log, a proof or the running log is whole")
    verify.add_argument("path", metavar="DIR|FILE", nargs="?", type=Path, default=None,
                        help="an export or a .tlog-proof; without: the running log")  # fmt: skip
    verify.add_argument("--against", metavar="FILE", type=Path, action="append", default=[],
                        help="a checkpoint that was kept elsewhere; may be repeated")  # fmt: skip
    verify.add_argument("--witness", metavar="VKEY", action="append", default=[],
                        help="a witness' verifier key; may be repeated")  # fmt: skip
    verify.add_argument("--key", metavar="VKEY", action="append", default=[],
                        help="the log's verifier key, from elsewhere; may be repeated")  # fmt: skip
    verify.add_argument("--anchor", action="store_true",
                        help="compare with what the running station finds on chain")  # fmt: skip

    export = kind("export", "write the log as C2SP tlog-tiles, or bring an export up to date")
    export.add_argument("directory", metavar="DIR", type=Path)

    witness.add_arguments(kind("witness", "cosign logs, so that none can show two histories"))

    rotate = kind("rotate", "give the log new keys, signed by the old ones")
    rotate.add_argument("--yes", action="store_true", help="needed: it cannot be taken back")

    note = kind("note", "write a note into the log")
    note.add_argument("text", metavar="TEXT")
    note.add_argument("--about", metavar="X", default="", help="an action's id, or a target")

    handover = kind("handover", "what happened in a span of time, as Markdown")
    _span(handover)
    handover.add_argument("--out", metavar="FILE", type=Path, default=None, help="write it there")


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

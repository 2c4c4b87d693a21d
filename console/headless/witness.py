"""`colony ledger witness`: cosign the logs of others, so that none can show two histories.

On another host, best of other people: what a witness has cosigned, nobody who holds the log can
rewrite unseen. It needs no configuration of a colony.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.choice import Choice
    from console.headless.witness_files import State
    from console.ledger.checkpoint import Checkpoint
    from console.ledger.keys import VerifierKey
    from console.ledger.note import Note

FAILED = 31
"""Exit status: it is not what was cosigned before, or not of the log."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Do what `options.witness` names."""
    from console.headless.witness_files import WitnessFileError
    from console.ledger.note import NoteError

    try:
        return {"serve": _serve, "keygen": _keygen, "check": _check}[options.witness](options)
    except WitnessFileError as error:
        return _end(os.EX_NOINPUT, str(error))
    except NoteError as error:
        return _end(os.EX_USAGE, str(error))


def _serve(options: argparse.Namespace) -> int:
    """Answer requests until told to end."""
    import signal
    import threading

    from console.headless.witness_files import State, read_keys
    from console.headless.witness_server import Cosigner, Server
    from console.ledger import keys, witness

    logs = witness.logs(keys.parse(text) for text in options.log)
    own = read_keys(options.key)
    with State.held(options.state) as state:
        try:
            server = Server(options.listen, Cosigner(state, own, logs))
        except OSError as error:
            where = ":".join(map(str, options.listen))
            return _end(os.EX_UNAVAILABLE, f"cannot listen at {where}: {error.strerror}")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # shutdown waits for serve_forever, which runs in this very thread.
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"colony: {own[0].verifier.name} cosigns {', '.join(logs)} at {server.url}",
              file=sys.stderr, flush=True)  # fmt: skip
        with server:
            server.serve_forever()
    return 0


def _keygen(options: argparse.Namespace) -> int:
    """Make the witness' keys; print what others know it by."""
    import json

    from console.headless.witness_files import make_keys

    made = [key.verifier for key in make_keys(options.key, options.name)]
    if options.json:
        print(json.dumps({"name": options.name, "keys": [key.text for key in made]}))
    else:
        print("\n".join(key.text for key in made))
        shown = " and ".join(key.short for key in made)
        print(f"colony: {options.key} holds the secrets of these, {shown}; a log's configuration "
              "names one of them", file=sys.stderr)  # fmt: skip
    return 0


def _check(options: argparse.Namespace) -> int:
    """Cosign an export that came by another road."""
    import json
    import time

    from console.headless.witness_files import Known, State, WitnessFileError, read_keys, write
    from console.ledger import note, proofs, witness
    from console.ledger.note import NoteError
    from console.ledger.tiles import TileError, Tiles, read

    own = read_keys(options.key)
    path = options.directory / "checkpoint"
    try:
        data = read(path, note.LIMIT)
        if data is None:
            raise WitnessFileError(f"{path} is not there; colony ledger export makes one")
        signed = note.parse(data)
    except (TileError, NoteError) as error:
        raise WitnessFileError(f"{path}: {error}") from error
    except OSError as error:
        raise WitnessFileError(f"{path} cannot be read: {error.strerror}") from error
    with State.held(options.state) as state:
        try:
            said, by = _trusted(options, state, signed)
            seen = state.seen.get(said.origin, witness.NOTHING)
            tiles, path_up = Tiles(options.directory, said.size), []
            if seen.size < said.size:
                path_up = proofs.consistency(seen.size, said.size, tiles.node)
            witness.goes_on(seen, said, path_up)
        except witness.WitnessError as error:
            status = os.EX_USAGE if error.status == 404 else FAILED
            return _end(status, f"{options.directory}: not cosigned: {error}")
        except (TileError, OSError) as error:
            raise WitnessFileError(f"{options.directory}: not cosigned: {error}") from error
        whole = signed.signed_also(*witness.cosign(signed, own, time.time())).encode()
        kept = Known(witness.Seen(said.size, said.root), whole.decode(), by)
        state.keep(said.origin, kept)
        write(path, whole, 0o644)
    since = f"from {seen.size} " if seen.size else ""
    if options.json:
        print(json.dumps({"origin": said.origin, "size": said.size, "root": said.root.hex(),
                          "from": seen.size, "witness": own[0].verifier.name}))  # fmt: skip
    else:
        from adapters.text import clean

        log = clean(said.origin)
        print(f"cosigned {log} {since}to {said.size} entries, into {path}")
    return 0


def _trusted(
    options: argparse.Namespace, state: State, signed: Note
) -> tuple[Checkpoint, tuple[str, ...]]:
    """Return the checkpoint and the keys it was trusted by: those given, else those known."""
    from console.ledger import keys, witness

    given: list[VerifierKey] = [keys.parse(text) for text in options.log]
    if not given:
        for known in state.logs.values():
            given += [keys.parse(text) for text in known.keys]
    logs = witness.logs(given)
    try:
        said = witness.trusted(signed, logs)
    except witness.WitnessError as error:
        if error.status != 404:
            raise
        raise witness.WitnessError(404, "name the log's key: --log VKEY") from None
    return said, tuple(key.text for key in logs[said.origin])


def _end(status: int, line: str) -> int:
    from adapters.text import clean

    print(f"colony: {clean(line, 1_000)}", file=sys.stderr)
    return status


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `colony ledger witness` can do."""
    kinds = parser.add_subparsers(dest="witness", metavar="WHAT", required=True)

    def kind(name: str, text: str) -> argparse.ArgumentParser:
        sub = kinds.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.add_argument("--key", metavar="FILE", type=Path, required=True,
                         help="the witness' secret keys")  # fmt: skip
        return sub

    keygen = kind("keygen", "make a witness' keys, and print what a log names it by")
    keygen.add_argument("--name", metavar="NAME", required=True,
                        help="what it is called: an address without a scheme")  # fmt: skip

    serve = kind("serve", "cosign what logs send (C2SP tlog-witness)")
    serve.add_argument("--listen", metavar="HOST:PORT", type=_address, required=True)
    check = kind("check", "cosign an export that came by another road")
    check.add_argument("directory", metavar="DIR", type=Path)
    for sub in (serve, check):
        sub.add_argument("--state", metavar="FILE", type=Path, required=True,
                         help="what it has cosigned; without it, it knows nothing")  # fmt: skip
        sub.add_argument("--log", metavar="VKEY", action="append", default=[],
                         required=sub is serve,
                         help="a log's verifier key; may be repeated")  # fmt: skip

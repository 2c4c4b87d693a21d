"""A witness as others meet it: its files, its server, its commands."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from exported import ORIGIN, entries, own, root, signed, write
from test_witness import DATA, growth

from console.cli import main
from console.headless import witness_files
from console.headless.witness_files import State, WitnessFileError, make_keys, read_keys
from console.headless.witness_server import PATH, Cosigner, Server
from console.ledger import note, witness
from console.ledger.keys import VerifierKey
from console.ledger.keys import parse as parse_key
from console.ledger.verifying import State as Came
from console.ledger.verifying import verify
from console.ledger.witness import Request, Seen

NAME = "witness.example"
LOGS = witness.logs(key.verifier for key in own())


def cosigner(state: State, folder: Path) -> Cosigner:
    path = folder / "keys"
    return Cosigner(state, read_keys(path) if path.exists() else make_keys(path, NAME), LOGS)


def asked(new: int, old: int = 0) -> bytes:
    return Request(old, growth(DATA, old, new), signed(DATA[:new])).encode()


@contextlib.contextmanager
def serving(folder: Path, now: Callable[[], float] = lambda: 0.0) -> Iterator[Server]:
    with State.held(folder / "state") as state:
        server = Server(("127.0.0.1", 0), cosigner(state, folder), lambda line: None, now)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            with server:
                yield server
        finally:
            server.shutdown()
            thread.join()


def connect(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(*server.server_address[:2], timeout=10)  # type: ignore[misc]


# Keys


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    made = make_keys(path, NAME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [key.verifier for key in read_keys(path)] == [key.verifier for key in made]
    before = path.read_bytes()
    with pytest.raises(WitnessFileError, match="is there already"):
        make_keys(path, NAME)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "\n", "nonsense", "PRIVATE+KEY+a+00000000+AAAA", "\xff"])
def test_what_holds_no_keys_is_said_without_what_it_holds(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(WitnessFileError, match="holds no keys of a witness"):
        read_keys(path)


def test_a_name_with_a_blank_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(WitnessFileError, match="cannot name a key"):
        make_keys(tmp_path / "keys", "my witness")
    assert list(tmp_path.iterdir()) == []


# State


def test_what_was_cosigned_is_known_after_a_restart(tmp_path: Path) -> None:
    with State.held(tmp_path / "state") as state:
        assert cosigner(state, tmp_path).answer(asked(7)).status == 200
    with State.held(tmp_path / "state") as state:
        assert state.seen == {ORIGIN: Seen(7, root(DATA[:7]))}
        kept = note.parse(state.logs[ORIGIN].signed.encode())
        for key in read_keys(tmp_path / "keys"):
            key.verifier.check(kept)
        assert cosigner(state, tmp_path).answer(asked(9)).body == "7\n"


def test_one_process_holds_it(tmp_path: Path) -> None:
    with (
        State.held(tmp_path / "state"),
        pytest.raises(WitnessFileError, match="another witness holds"),
        State.held(tmp_path / "state"),
    ):
        pass


def test_nothing_is_signed_that_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with State.held(tmp_path / "state") as state:
        one = cosigner(state, tmp_path)
        one.answer(asked(7))
        with monkeypatch.context() as broken:

            def full(handle: int) -> None:
                raise OSError(28, os.strerror(28))

            broken.setattr(witness_files.os, "fsync", full)
            said = one.answer(asked(9, 7))
            assert (said.status, "—" in said.body) == (500, False)
            assert "No space left" in said.reason
        assert state.seen[ORIGIN].size == 7
        assert one.answer(asked(9, 7)).status == 200


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"version": 2, "logs": {}}', '{"version": 1, "logs": {"a": {"size": 1}}}'],
)
def test_a_state_that_is_none_is_never_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state"
    path.write_text(text)
    with pytest.raises(WitnessFileError, match="second history"), State.held(path):
        pass
    assert path.read_text() == text


def test_a_state_that_was_changed_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    with State.held(path) as state:
        cosigner(state, tmp_path).answer(asked(7))
    said = json.loads(path.read_text())
    said["logs"][ORIGIN]["size"] = 6
    path.write_text(json.dumps(said))
    with pytest.raises(WitnessFileError, match="its checkpoint is another one"), State.held(path):
        pass


# Server


def test_a_connection_is_kept_for_the_next_request(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        line = connect(server)
        for body, status, kind in (
            (asked(7), 200, witness.TEXT),
            (asked(7), 409, witness.SIZE),
            (asked(9, 7), 200, witness.TEXT),
            (b"old\n", 400, witness.TEXT),
        ):
            line.request("POST", PATH, body)
            said = line.getresponse()
            text = said.read().decode()
            assert (said.status, said.headers["content-type"]) == (status, kind)
            assert said.status != 200 or text.startswith("— witness.example ")
        assert len(server.deadlines) == 1
        line.close()


def test_what_it_is_not_for(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for method, path, headers, status in (
            ("GET", PATH, {}, 405),
            ("PUT", PATH, {}, 501),
            ("POST", "/elsewhere", {"Content-Length": "0"}, 404),
            ("POST", PATH, {"Content-Length": str(witness.LIMIT + 1)}, 413),
            ("POST", PATH, {"Content-Length": "-1"}, 411),
            ("POST", PATH, {"Transfer-Encoding": "chunked"}, 411),
        ):
            line = connect(server)
            line.putrequest(method, path)
            for name, value in headers.items():
                line.putheader(name, value)
            line.endheaders()
            said = line.getresponse()
            said.read()
            assert said.status == status, (method, path, headers)
            line.close()


def test_who_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    hours = itertools.count(0.0, 3600.0)
    with serving(tmp_path, lambda: next(hours)) as server:
        slow = socket.create_connection(server.server_address[:2], timeout=10)
        slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold")
        assert slow.recv(100) == b""
        slow.close()


def test_only_so_many_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.headless.witness_server.CONNECTIONS", 1)
    with serving(tmp_path) as server:
        first = connect(server)
        first.request("POST", PATH, asked(7))
        assert first.getresponse().read()
        with socket.create_connection(server.server_address[:2], timeout=10) as second:
            assert second.recv(100) == b""
        first.close()


def test_many_at_once_sign_one_history(tmp_path: Path) -> None:
    """Of two logs under one key that race, one is cosigned and the other is not."""
    other = [b"another", *DATA[1:]]
    with serving(tmp_path) as server:
        signed_roots: set[bytes] = set()

        def submit(data: list[bytes]) -> None:
            line = connect(server)
            line.request("POST", PATH, Request(0, (), signed(data[:5])).encode())
            if line.getresponse().status == 200:
                signed_roots.add(root(data[:5]))
            line.close()

        threads = [
            threading.Thread(target=submit, args=(data,)) for data in (DATA, other) for _ in "123"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(signed_roots) == 1


# Commands


def test_keygen_prints_what_a_configuration_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["ledger", "witness", "keygen", "--key", str(tmp_path / "k"), "--name", NAME]
    assert main(words) == 0
    out, err = capsys.readouterr()
    printed = [parse_key(line) for line in out.splitlines()]
    assert [key.kind for key in printed] == list(witness.KINDS)
    assert "PRIVATE" not in out + err
    assert main(words) == os.EX_NOINPUT
    assert capsys.readouterr().err.count("\n") == 1


def check(folder: Path, directory: Path, *more: str) -> int:
    keys = folder / "keys"
    if not keys.exists():
        make_keys(keys, NAME)
    return main(
        ["ledger", "witness", "check", str(directory), "--key", str(keys),
         "--state", str(folder / "state"), *more]
    )  # fmt: skip


def test_an_export_is_cosigned_and_the_next_has_to_go_on_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write(tmp_path / "first", DATA[:7])
    log = own()[0].verifier.text
    assert check(tmp_path, first) == os.EX_USAGE
    assert "--log VKEY" in capsys.readouterr().err
    assert check(tmp_path, first, "--log", log) == 0
    assert capsys.readouterr().out == (
        f"cosigned {ORIGIN} to 7 entries, into {first / 'checkpoint'}\n"
    )
    whole = note.parse((first / "checkpoint").read_bytes())
    for key in (*read_keys(tmp_path / "keys"), *own()):
        key.verifier.check(whole)
    # The log's key is known from then on.
    assert check(tmp_path, write(tmp_path / "again", DATA[:7])) == 0
    later = write(tmp_path / "later", entries(600))
    assert check(tmp_path, later) == 0
    assert f"cosigned {ORIGIN} from 7 to 600 entries" in capsys.readouterr().out
    verdict = verify(later, witnesses=[key.verifier for key in read_keys(tmp_path / "keys")])
    assert verdict.state is Came.VERIFIED


def test_another_history_and_an_older_export_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = ("--log", own()[1].verifier.text)
    assert check(tmp_path, write(tmp_path / "one", DATA[:9]), *log) == 0
    other = write(tmp_path / "other", [b"another", *DATA[1:20]])
    before = (other / "checkpoint").read_bytes()
    assert check(tmp_path, other) == 31
    assert check(tmp_path, write(tmp_path / "same", [b"another", *DATA[1:9]])) == 31
    assert check(tmp_path, write(tmp_path / "older", DATA[:8])) == 31
    assert (other / "checkpoint").read_bytes() == before
    assert check(tmp_path, write(tmp_path / "stranger", DATA, note=signed(DATA, own(3)))) == 31
    assert capsys.readouterr().err.count("not cosigned") == 4
    assert check(tmp_path, write(tmp_path / "more", DATA)) == 0


def test_an_export_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = ("--log", own()[1].verifier.text)
    assert check(tmp_path, tmp_path / "nowhere", *log) == os.EX_NOINPUT
    assert check(tmp_path, write(tmp_path / "one", DATA[:9]), *log) == 0
    torn = write(tmp_path / "torn", DATA[:20])
    for tile in (torn / "tile" / "0").rglob("*"):
        if tile.is_file():
            tile.unlink()
    assert check(tmp_path, torn) == os.EX_NOINPUT
    (torn / "checkpoint").write_text("nothing")
    assert check(tmp_path, torn) == os.EX_NOINPUT
    assert capsys.readouterr().err.count("\n") == 3


def test_keys_on_the_command_line_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_keys(tmp_path / "keys", NAME)
    wrong: list[VerifierKey] = [key.verifier for key in read_keys(tmp_path / "keys")]
    words = ["ledger", "witness", "serve", "--key", str(tmp_path / "keys"), "--state",
             str(tmp_path / "s"), "--listen", "127.0.0.1:0"]  # fmt: skip
    assert main([*words, "--log", "nonsense"]) == os.EX_USAGE
    assert main([*words, "--log", wrong[1].text]) == os.EX_USAGE
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == os.EX_USAGE
    assert capsys.readouterr().err.count("\n") == 3

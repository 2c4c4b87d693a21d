"""`colony ledger` on the colony in a box: read, proved, exported, verified, as the README says."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal import colony

DEMO = ("--demo", "--seed", "12")
VERIFIED, NOT_COMPARED, FAILED, UNREADABLE, USAGE, CANNOT = 0, 30, 31, 66, 64, 73


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A colony in which something happened: a rollback, and a note on it."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        home = Path(directory)
        done = colony(home, *DEMO, "act", "app.rollback", "app=life-support/oxygen-generator",
                      "--yes", "--reason", "pull *fails*", "--json")  # fmt: skip
        assert done.returncode == 0, done.stderr
        (home / "acted").write_text(done.stdout)
        assert _ledger(home, "note", "seen by\nboth shifts").returncode == 0
        yield home
        colony(home, *DEMO, "station", "stop", "--force")


def _ledger(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = colony(home, *DEMO, "ledger", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _log(home: Path, *arguments: str) -> list[dict[str, Any]]:
    done = _ledger(home, "log", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _verify(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Verify where there is no colony: no configuration, no station, an empty home."""
    with tempfile.TemporaryDirectory() as nowhere:
        done = colony(Path(nowhere), "ledger", "verify", *map(str, arguments))
        assert "Traceback" not in done.stderr, done.stderr
        return done


@pytest.fixture
def export(home: Path, tmp_path: Path) -> Path:
    directory = tmp_path / "export"
    done = _ledger(home, "export", str(directory))
    assert done.returncode == 0, done.stderr
    return directory


def test_the_log_is_read_in_order_and_by_what_it_is_of(home: Path) -> None:
    entries = _log(home)
    assert [entry["index"] for entry in entries] == list(range(len(entries)))
    for entry in entries:
        assert list(entry) == [
            "index", "hash", "at", "event", "action", "actor", "state", "entry",
        ]  # fmt: skip
        text = json.dumps(entry["entry"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(b"\0" + text.encode()).hexdigest() == entry["hash"]
    acted = json.loads((home / "acted").read_text())
    states = [entry["state"] for entry in _log(home, "--action", acted["id"], "--event", "stage")]
    assert states == [stage["stage"] for stage in acted["stages"]]
    assert _log(home, "--event", "note")[-1]["entry"]["text"] == "seen by\nboth shifts"
    assert _log(home, "--since", "0s", "--until", "0s") == []
    assert _log(home, "--actor", "nobody-at-all") == []
    lines = _ledger(home, "log").stdout.splitlines()
    assert len(lines) == len(_log(home))
    assert any("draft app.rollback life-support/oxygen-generator" in line for line in lines)


def test_a_proof_is_checked_before_it_is_shown_and_verifies_anywhere(
    home: Path, tmp_path: Path
) -> None:
    last = _log(home)[-1]["index"]
    for index in (0, last):
        file = tmp_path / f"{index}.tlog-proof"
        assert _ledger(home, "prove", str(index), "--out", str(file)).returncode == 0
        shown = _ledger(home, "prove", str(index))
        assert shown.stdout.startswith("c2sp.org/tlog-proof@v1\n")
        told = json.loads(_ledger(home, "prove", str(index), "--json").stdout)
        assert told["index"] == index
        assert _verify(file).returncode in (VERIFIED, NOT_COMPARED)
        wrong = file.read_text().replace(f"index {index}\n", f"index {index + 1}\n")
        file.write_text(wrong)
        assert _verify(file).returncode == FAILED
    missing = _ledger(home, "prove", str(10**9))
    assert (missing.returncode, len(missing.stderr.splitlines())) == (UNREADABLE, 1)


def test_an_export_verifies_alone_and_is_held_against_what_was_kept(
    home: Path, export: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    shutil.copy(export / "checkpoint", kept)
    alone = _verify(export)
    assert alone.returncode == NOT_COMPARED, alone.stderr
    assert "consistent, not compared" in alone.stdout
    assert _verify(export, "--against", kept).returncode == VERIFIED
    told = json.loads(_verify(export, "--against", kept, "--json").stdout)
    assert told["verdict"] == "verified"
    assert _ledger(home, "note", "later").returncode == 0
    assert _ledger(home, "export", str(export)).returncode == 0
    assert _verify(export, "--against", kept).returncode == VERIFIED


def test_a_changed_export_and_another_log_fail(home: Path, export: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copy(export / "checkpoint", kept)
    (bundle,) = [path for path in (export / "tile" / "entries").rglob("*") if path.is_file()]
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(b"both shifts", b"both shafts"))
    assert _verify(export).returncode == FAILED
    bundle.write_bytes(whole)
    other = tmp_path / "other"
    with tempfile.TemporaryDirectory(prefix="colony-") as elsewhere:
        far = Path(elsewhere)
        try:
            assert _ledger(far, "note", "another log").returncode == 0
            assert _ledger(far, "export", str(other)).returncode == 0
            refused = _ledger(far, "export", str(export))
            assert (refused.returncode, len(refused.stderr.splitlines())) == (CANNOT, 1)
        finally:
            colony(far, *DEMO, "station", "stop", "--force")
    assert _verify(other, "--against", kept).returncode == FAILED
    assert _verify(tmp_path / "nothing").returncode == UNREADABLE


def test_the_running_log_is_verified_over_the_feed(home: Path, export: Path) -> None:
    alone = _ledger(home, "verify")
    assert alone.returncode == NOT_COMPARED, alone.stderr
    against = _ledger(home, "verify", "--against", str(export / "checkpoint"), "--json")
    assert against.returncode == VERIFIED, against.stderr
    assert json.loads(against.stdout)["verdict"] == "verified"


def test_a_root_on_the_chain_is_what_a_log_is_compared_with(
    home: Path, export: Path, tmp_path: Path
) -> None:
    early = shutil.copytree(export, tmp_path / "early")
    assert _ledger(home, "note", "after the early copy").returncode == 0
    for path in ((), (str(export),)):
        nothing = _ledger(home, "verify", *path, "--anchor")
        assert (nothing.returncode, "nothing of this log" in nothing.stderr) == (UNREADABLE, True)
    told = json.loads(_ledger(home, "verify", "--json").stdout)
    log = hashlib.sha256(told["origin"].encode()).hexdigest()
    arguments = json.dumps(["0x" + log, str(told["size"]), "0x" + told["root"]])
    done = colony(home, *DEMO, "act", "contract.call", "contract=Anchor", "function=anchor",
                  f"args={arguments}", "--yes", "--reason", "the shift ends")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert _ledger(home, "export", str(export)).returncode == 0
    for path in ((), (str(export),)):
        compared = _ledger(home, "verify", *path, "--anchor")
        assert compared.returncode == VERIFIED, compared.stderr
        assert "eip155:31337 block" in compared.stdout
    short = _ledger(home, "verify", str(early), "--anchor")
    assert short.returncode == FAILED
    assert "truncated" in short.stdout


def test_a_handover_tells_it_in_order(home: Path, tmp_path: Path) -> None:
    text = _ledger(home, "handover", "--since", "1d").stdout
    assert text.startswith("# Handover of tycho\n")
    assert "app.rollback life\\-support" in text or "app.rollback life-support" in text
    assert "pull \\*fails\\*" in text
    assert "both shifts" in text
    file = tmp_path / "handover.md"
    assert _ledger(home, "handover", "--since", "1d", "--out", str(file)).returncode == 0
    assert file.read_text().splitlines()[0] == "# Handover of tycho"
    assert file.stat().st_mode & 0o777 == 0o600
    assert _ledger(home, "handover", "--out", str(tmp_path / "no" / "x")).returncode == CANNOT
    assert _ledger(home, "handover", "--since", "soon").returncode == USAGE


def test_new_keys_are_taken_on_knowingly_and_the_log_still_verifies(
    home: Path, export: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    shutil.copy(export / "checkpoint", kept)
    assert _ledger(home, "rotate").returncode == USAGE
    done = _ledger(home, "rotate", "--yes")
    assert done.returncode == 0, done.stderr
    assert _ledger(home, "verify", "--against", str(kept)).returncode == VERIFIED
    assert _ledger(home, "export", str(export)).returncode == 0
    assert _verify(export, "--against", kept).returncode == VERIFIED

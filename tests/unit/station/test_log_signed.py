"""What is signed of the log: with each commit, by both keys, and looked at when it is opened."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from log_helpers import edit

from console.ledger.checkpoint import check
from console.ledger.keys import Kind, VerifierKey
from console.ledger.keys import parse as parse_key
from console.ledger.note import parse
from console.station import ledger_head, sealing, signing
from console.station.log import Leaf, Log, LogError


def leaf(number: int) -> Leaf:
    return Leaf(b'{"n":%d}' % number, 1_000.0 + number)


async def fill(path: Path, count: int, **options: str) -> Log:
    log = Log(path, **options)
    assert await log.open() == ""
    for number in range(count):
        await log.append(leaf(number))
    return log


async def trouble(path: Path, **options: str) -> str:
    log = Log(path, **options)
    said = await log.open()
    await log.close()
    return said


async def verifiers(log: Log) -> list[VerifierKey]:
    return [parse_key(text) for text in await ledger_head.keys(log)]


async def test_each_commit_signs_what_the_log_holds(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log.sqlite", 0, colony="Tycho Station")
    keys = await verifiers(log)
    assert [key.kind for key in keys] == [Kind.ED25519, Kind.MLDSA44]
    assert log.origin == f"colony/Tycho-Station-{log.origin.split('/')[1][-6:]}/{log.id}"
    for number in range(5):
        await log.append(leaf(number))
        ((size, root, note, at),) = await log.read("SELECT size, root, note, at FROM signed")
        assert (size, root, at) == (number + 1, log.head.root, 1_000.0 + number)
        assert check(parse(note), keys) == (log.origin, size, root, ())
        assert keys[1].check(parse(note)) == 1_000 + number
    await log.close()


async def test_the_keys_are_their_owners_alone(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log.sqlite", 1)
    where = tmp_path / "log.keys"
    assert stat.S_IMODE(where.stat().st_mode) == 0o700
    files = sorted(where.iterdir())
    assert [file.name for file in files] == ["ed25519", "ml-dsa-44"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    signer = signing.Signer.settle(log.path, log.origin, await verifiers(log))
    assert not any(key.seed.hex() in repr(vars(signer)) for key in signer.keys)
    await log.close()


async def test_a_log_keeps_its_name_and_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 2, origin="tycho.example/log")).close()
    again = await fill(path, 1)
    assert again.origin == "tycho.example/log"
    await again.close()
    assert "is called tycho.example/log and the configuration says other" in await trouble(
        path, origin="other"
    )
    (tmp_path / "log.keys" / "ed25519").write_text("07" * 32)
    assert "are not its own" in await trouble(path)
    (tmp_path / "log.keys" / "ed25519").write_text("none")
    assert "is none" in await trouble(path)
    (tmp_path / "log.keys" / "ed25519").unlink()
    assert "has no key" in await trouble(path)


@pytest.mark.parametrize("name", ["a b", "a+b", ""])
async def test_a_name_that_no_key_can_have(tmp_path: Path, name: str) -> None:
    said = await trouble(tmp_path / "log.sqlite", origin=name)
    assert ("cannot be called" in said) is bool(name)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM signed", "nothing is signed"),
        ("UPDATE signed SET note = CAST(note AS TEXT)", "is no signed note"),
        ("UPDATE signed SET note = CAST(replace(note, 'A', 'B') AS BLOB)", "is damaged"),
        ("UPDATE signed SET size = 2", "not over the log's entries"),
        ("UPDATE signed SET note = x'00'", "is damaged: a signed note"),
    ],
)
async def test_a_signature_that_is_not_good_is_seen(
    tmp_path: Path, statement: str, said: str
) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 3)).close()
    edit(path, statement)
    assert said in await trouble(path)


async def test_an_older_signature_is_not_over_a_longer_log(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = await fill(path, 3)
    before = await log.read("SELECT size, root, note, at FROM signed")
    await log.append(leaf(3))
    await log.close()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("UPDATE signed SET (size, root, note, at) = (?, ?, ?, ?)", before[0])
    db.close()
    assert "3 entries are signed and it has 4" in await trouble(path)


async def test_the_first_and_the_last_checkpoint_of_a_station_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 3)).close()
    log = await fill(path, 2)
    assert await log.read("SELECT size FROM checkpoints") == [(3,)]
    await log.close()
    assert await log_sizes(path) == [3, 5]


async def log_sizes(path: Path) -> list[int]:
    log = Log(path)
    await log.open()
    found = [size for (size,) in await log.read("SELECT size FROM checkpoints ORDER BY size")]
    await log.close()
    return found


async def test_keys_that_cannot_be_kept_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "log.keys").write_text("in the way")
    assert "cannot be written" in await trouble(tmp_path / "log.sqlite")
    (tmp_path / "log.keys").unlink()
    log = await fill(tmp_path / "log.sqlite", 1)
    rows = await log.read("SELECT id, name FROM keys ORDER BY algorithm")
    assert rows == [(key.key_id.hex(), log.origin) for key in await verifiers(log)]
    await log.close()


async def test_a_log_from_before_it_was_signed_gets_keys(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    await (await fill(path, 3)).close()
    for statement in ("DELETE FROM meta WHERE name = 'origin'", "DELETE FROM keys",
                      "DELETE FROM signed", "DELETE FROM checkpoints"):  # fmt: skip
        edit(path, statement)
    for file in (tmp_path / "log.keys").iterdir():
        file.unlink()
    log = await fill(path, 0)
    assert await log.read("SELECT size FROM signed") == [(3,)]
    assert log.origin == sealing.origin_of("colony", log.id)
    await log.close()


async def test_what_is_closed_says_so(tmp_path: Path) -> None:
    log = await fill(tmp_path / "log.sqlite", 1)
    await log.close()
    with pytest.raises(LogError, match="is closed"):
        await log.verify()

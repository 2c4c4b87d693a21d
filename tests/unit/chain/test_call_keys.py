"""Keystores: opened by the right passphrase, and silent about everything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.chain.calls.keys import Keyring
from adapters.chain.settings import Key
from adapters.contract import Refused

PASSPHRASE = "four words and one"
SECRET = bytes(range(1, 33))


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    from eth_account import Account

    store = Account.encrypt(SECRET, PASSPHRASE, kdf="pbkdf2", iterations=2)
    for name, text in (
        ("ops.json", json.dumps(store)),
        ("bare.json", json.dumps({**store, "address": None})),
        ("half.json", json.dumps({"version": 3, "address": store["address"], "crypto": {}})),
        ("old.json", json.dumps({**store, "version": 1})),
        ("list.json", "[]"),
        ("text.json", "not json"),
        ("pass", PASSPHRASE + "\n"),
        ("wrong", "something else\n"),
    ):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    return tmp_path


def ring(secrets: Path, keystore: str = "ops.json", passphrase_file: str = "") -> Keyring:
    return Keyring({"ops": Key(keystore, passphrase_file)}, secrets)


async def test_a_key_is_locked_until_its_passphrase_comes(secrets: Path) -> None:
    keys = ring(secrets)
    address = await keys.address("ops")
    assert address.startswith("0x")
    assert keys.locked("ops")
    with pytest.raises(Refused, match="the key ops is locked: unlock it first"):
        await keys.sign("ops", {})
    assert await keys.unlock("ops", PASSPHRASE) == f"ops is open: {address}"
    assert not keys.locked("ops")


async def test_a_passphrase_file_opens_it_when_it_is_needed(secrets: Path) -> None:
    keys = ring(secrets, passphrase_file="pass")
    assert not keys.locked("ops")
    transaction = {
        "chainId": 1, "nonce": 0, "to": "0x" + "11" * 20, "value": 0, "data": "0x", "gas": 21000,
        "type": 2, "maxFeePerGas": 2, "maxPriorityFeePerGas": 1,
    }  # fmt: skip
    raw, hash = await keys.sign("ops", transaction)
    assert raw[0] == 2
    assert len(hash) == 66
    assert await keys.sign("ops", transaction) == (raw, hash)


async def test_a_wrong_passphrase_is_not_repeated(secrets: Path) -> None:
    with pytest.raises(Refused) as caught:
        await ring(secrets).unlock("ops", "hunter2")
    assert str(caught.value) == "the passphrase of ops is wrong"
    assert caught.value.__cause__ is None
    with pytest.raises(Refused, match="the passphrase of ops is wrong"):
        await ring(secrets, passphrase_file="wrong").ready("ops")


@pytest.mark.parametrize("name", ["old.json", "list.json", "text.json"])
async def test_what_is_no_keystore_is_named(secrets: Path, name: str) -> None:
    with pytest.raises(Refused, match=rf"keys.ops.keystore: .*{name} is no V3 keystore"):
        await ring(secrets, name).address("ops")


async def test_a_keystore_with_parts_missing_cannot_be_opened(secrets: Path) -> None:
    with pytest.raises(Refused, match=r"keys.ops.keystore cannot be opened|passphrase"):
        await ring(secrets, "half.json").unlock("ops", PASSPHRASE)


async def test_a_file_that_is_not_there_is_named(secrets: Path) -> None:
    with pytest.raises(Refused, match=r"keys.ops.keystore: .* cannot be read: no such file"):
        await ring(secrets, "none.json").address("ops")
    with pytest.raises(Refused, match=r"keys.ops.passphrase_file: .* cannot be read"):
        await ring(secrets, passphrase_file="none").ready("ops")


async def test_a_keystore_that_does_not_say_whose_it_is_says_so_once_open(secrets: Path) -> None:
    keys = ring(secrets, "bare.json")
    assert await keys.address("ops") == ""
    await keys.unlock("ops", PASSPHRASE)
    assert (await keys.address("ops")).startswith("0x")


async def test_files_that_others_can_read_are_warned_of(secrets: Path) -> None:
    keys = ring(secrets, passphrase_file="pass")
    assert keys.warnings("ops") == ()
    (secrets / "pass").chmod(0o644)
    (warning,) = keys.warnings("ops")
    assert warning.endswith("pass can be read by others: chmod 600 (is 644)")


async def test_a_key_that_is_not_there_is_refused(secrets: Path) -> None:
    with pytest.raises(Refused, match="no key is called 'agri'; there are: ops"):
        await ring(secrets).unlock("agri", PASSPHRASE)

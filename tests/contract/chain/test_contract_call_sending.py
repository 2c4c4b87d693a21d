"""Calls on their way: keys, nonces, nodes that go and come back, blocks that are taken away."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import msgspec
import pytest

from adapters.chain.settings import ContractAt, Key
from adapters.contract import AdapterError, Draft, Fate, Reached, Refused
from tests.contract.chain.backend import AGRI, OPS, Backend, Can
from tests.contract.chain.calling import Calling, calling, changes
from tests.real.anvil import MNEMONIC

APP = "life-support/oxygen-generator"
PASSPHRASE = "a horse that is correct"
TILL = [{"type": "function", "name": "deposit", "inputs": [], "outputs": [],
         "stateMutability": "payable"}]  # fmt: skip
TILL_CODE = "0x6001600c60003960016000f300"
"""Deploys a contract of one STOP: whatever is sent to it stays there."""


@pytest.fixture
async def minted(deployed: Backend) -> Backend:
    """Token 7 of agri, naming an app, in a block that is final."""
    await deployed.mint(7, APP, AGRI)
    await deployed.mine(3)
    return deployed


@pytest.fixture
def keystores(tmp_path: Path) -> Path:
    """A secrets directory with agri's key in a keystore, and its passphrase."""
    from eth_account import Account

    Account.enable_unaudited_hdwallet_features()
    account = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/2")
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    store = Account.encrypt(account.key, PASSPHRASE, kdf="pbkdf2", iterations=10)
    for name, text in (("agri.json", json.dumps(store)), ("agri.pass", PASSPHRASE + "\n")):
        (secrets / name).write_text(text)
        (secrets / name).chmod(0o600)
    return secrets


def transfer(caller: Calling, intent: str = "intent-1", **more: str) -> Draft:
    return caller.draft("transferFrom", "agri", "ops", 7, intent=intent, **more)


async def holder(backend: Backend) -> str:
    return str(await backend.read("Identity", "ownerOf", 7))


async def test_a_keystore_signs_and_its_hash_is_known_beforehand(
    minted: Backend, keystores: Path
) -> None:
    keys = {"agri": Key("agri.json", "agri.pass")}
    async with calling(minted, secrets=keystores, keys=keys, node_accounts=False) as caller:
        preview, envelope = await caller.prepared(transfer(caller))
        assert preview.locked == ""
        assert f"--keystore {keystores / 'agri.json'}" in preview.command
        hash = envelope.notes["hash"]
        assert envelope.target == f"eth_sendRawTransaction {hash}"
        receipt = await caller.action.send(envelope)
        assert receipt.notes["hash"] == hash
        found = await caller.settled(envelope)
        assert found.receipt is not None
        assert found.receipt.notes["hash"] == hash
        looks = await caller.verified(envelope, found.receipt)
        assert looks[-1].reached is Reached.VERIFIED
    assert await holder(minted) == minted.accounts[OPS].lower()
    whole = msgspec.json.encode((preview, envelope, receipt, found)).decode()
    assert PASSPHRASE not in whole


async def test_a_locked_key_is_unlocked_before_it_signs(minted: Backend, keystores: Path) -> None:
    keys = {"agri": Key("agri.json")}
    async with calling(minted, secrets=keystores, keys=keys, node_accounts=False) as caller:
        preview = await caller.simulated(transfer(caller))
        assert preview.locked == "agri"
        with pytest.raises(Refused, match="the key agri is locked"):
            await caller.action.prepare(transfer(caller), preview)
        with pytest.raises(Refused) as caught:
            await caller.adapter.unlock("agri", "secret-and-wrong")
        assert str(caught.value) == "the passphrase of agri is wrong"
        with pytest.raises(Refused, match="no key is called 'ops'; there are: agri"):
            await caller.adapter.unlock("ops", PASSPHRASE)
        said = await caller.adapter.unlock("agri", PASSPHRASE)
        assert said == f"agri is open: {minted.accounts[AGRI]}"
        _, looks = await caller.through(transfer(caller))
        assert looks[-1].reached is Reached.VERIFIED


async def test_a_value_is_sent_in_the_unit_that_was_written(
    minted: Backend, tmp_path: Path
) -> None:
    receipt = await minted.transact(data=TILL_CODE)
    (tmp_path / "Till.json").write_text(json.dumps(TILL))
    at = {"Till": ContractAt(receipt["contractAddress"], str(tmp_path / "Till.json"))}
    async with calling(minted, contracts=at) as caller:
        form = await caller.form("deposit", contract="Till", value="1.5 ether", sender="ops")
        value = next(field for field in form.fields if field.name == "value")
        assert value.note == "= 1500000000000000000 wei"
        draft = caller.draft("deposit", contract="Till", value="1.5 ether", sender="ops")
        preview, looks = await caller.through(draft)
        assert dict(preview.facts)["value"] == "1.5 ether"
        assert "--value 1500000000000000000wei" in preview.command
        assert looks[-1].reached is Reached.VERIFIED
        too_much = caller.draft("deposit", contract="Till", value="1e9 ether", sender="ops")
        with pytest.raises(Refused, match=r"is to send 1000000000 ether; 99.* are missing"):
            await caller.action.simulate(too_much)
    held = await minted.rpc("eth_getBalance", receipt["contractAddress"], "latest")
    assert int(held, 16) == 15 * 10**17


async def test_sending_twice_has_one_effect(minted: Backend) -> None:
    async def used() -> int:
        count = await minted.rpc("eth_getTransactionCount", minted.accounts[AGRI], "latest")
        return int(count, 16)

    # Asked before the first send: a node answers with the hash, and mines a moment later.
    before = await used()
    async with calling(minted) as caller:
        _, envelope, _ = await caller.sent(transfer(caller))
        receipt = await caller.action.send(envelope)  # the node has it: that is what it says
        assert not receipt.included
        assert (await caller.settled(envelope)).fate is Fate.SENT
    assert await used() == before + 1


@pytest.mark.parametrize("keystore", [True, False], ids=["keystore", "node account"])
async def test_a_restart_tells_what_was_sent_from_what_was_not(
    minted: Backend, keystores: Path, keystore: bool
) -> None:
    settings = {"keys": {"agri": Key("agri.json", "agri.pass")} if keystore else {}}
    async with calling(minted, secrets=keystores, **settings) as caller:
        _, envelope = await caller.prepared(transfer(caller))
    async with calling(minted, secrets=keystores, **settings) as restarted:
        found = await restarted.action.reconcile(envelope)
        assert (found.fate, found.receipt) == (Fate.NOT_SENT, None)
        # Its nonce is free again: the next call has it.
        _, second, _ = await restarted.sent(transfer(restarted, "intent-2"))
        assert second.notes["nonce"] == envelope.notes["nonce"]
    async with calling(minted, secrets=keystores, **settings) as again:
        found = await again.settled(second)
        assert found.fate is Fate.SENT
        assert found.receipt is not None
        looks = await again.verified(second, found.receipt)
        assert looks[-1].reached is Reached.VERIFIED


async def test_a_node_that_was_gone_when_it_was_sent_took_nothing(minted: Backend) -> None:
    async with calling(minted) as caller:
        _, envelope = await caller.prepared(transfer(caller))
        minted.kill()
        with pytest.raises(AdapterError):
            await caller.action.send(envelope)
        with pytest.raises(AdapterError):
            await caller.action.reconcile(envelope)
        await minted.revive()
        found = await caller.action.reconcile(envelope)
        assert found.fate is Fate.NOT_SENT
        assert await holder(minted) == minted.accounts[AGRI].lower()
        again = transfer(caller, "intent-2")
        _, second, _ = await caller.sent(again)
        assert (await caller.settled(second)).fate is Fate.SENT
    assert await holder(minted) == minted.accounts[OPS].lower()


async def test_a_node_that_went_after_it_was_sent_is_asked_when_it_is_back(
    minted: Backend, keystores: Path
) -> None:
    keys = {"agri": Key("agri.json", "agri.pass")}
    async with calling(minted, secrets=keystores, keys=keys) as caller:
        _, envelope, _ = await caller.sent(transfer(caller))
        assert (await caller.settled(envelope)).fate is Fate.SENT
        minted.kill()
        with pytest.raises(AdapterError):
            await caller.action.reconcile(envelope)
        await minted.revive()
        found = await caller.settled(envelope)
        assert found.fate is Fate.SENT
        assert found.receipt is not None
        looks = await caller.verified(envelope, found.receipt)
        assert looks[-1].reached is Reached.VERIFIED


async def test_what_reverts_in_its_block_failed_for_certain(minted: Backend) -> None:
    async with calling(minted) as caller:
        _, envelope = await caller.prepared(caller.draft("mint", "ops", 8, "a/b", sender="founder"))
        await minted.rename(7, "a/b", AGRI)
        await caller.action.send(envelope)
        found = await caller.settled(envelope)
    assert found.fate is Fate.FAILED
    assert found.detail.startswith("reverted: AppTaken(app: a/b, tokenId: 7), in block ")
    assert "it changed nothing but the fee, 0." in found.detail


async def test_what_waits_is_pending_and_then_sent(minted: Backend) -> None:
    assert Can.WAITING in minted.can
    async with calling(minted) as caller:
        await minted.hold()
        _, envelope, receipt = await caller.sent(transfer(caller))
        assert not receipt.included
        assert (await caller.action.reconcile(envelope)).fate is Fate.PENDING
        async with calling(minted) as restarted:
            found = await restarted.action.reconcile(envelope)
            assert found.fate is Fate.PENDING
            assert found.detail == f"waits for a block (nonce {envelope.notes['nonce']} of agri)"
        await minted.release()
        assert (await caller.settled(envelope)).fate is Fate.SENT


async def test_calls_that_wait_have_nonces_in_a_row(minted: Backend) -> None:
    assert Can.WAITING in minted.can
    await minted.mint(8, "", AGRI)
    async with calling(minted) as caller:
        await minted.hold()
        sent = await asyncio.gather(
            caller.sent(caller.draft("rename", 7, "c/d", intent="i-7")),
            caller.sent(caller.draft("rename", 8, "e/f", intent="i-8")),
        )
        nonces = sorted(int(envelope.notes["nonce"]) for _, envelope, _ in sent)
        assert nonces[1] == nonces[0] + 1
        await minted.release()
        fates = [(await caller.settled(envelope)).fate for _, envelope, _ in sent]
        assert fates == [Fate.SENT, Fate.SENT]


async def test_what_the_node_dropped_may_still_come_and_is_replaced(minted: Backend) -> None:
    assert Can.WAITING in minted.can
    async with calling(minted) as caller:
        await minted.hold()
        _, envelope, receipt = await caller.sent(transfer(caller))
        await minted.drop(receipt.notes["hash"])
        found = await caller.action.reconcile(envelope)
        assert found.fate is Fate.UNKNOWN
        assert "may still come" in found.detail
        await minted.release()
        _, second, _ = await caller.sent(caller.draft("rename", 7, "a/b", intent="intent-2"))
        assert second.notes["nonce"] == envelope.notes["nonce"]
        assert (await caller.settled(second)).fate is Fate.SENT
        found = await caller.action.reconcile(envelope)
        assert found.fate is Fate.PENDING
        assert "that is not final yet" in found.detail
        found = await caller.settled(envelope)
        assert found.fate is Fate.FAILED
        assert "it can never be in a block" in found.detail
    assert await holder(minted) == minted.accounts[AGRI].lower()


async def test_a_call_that_was_given_up_leaves_no_gap(minted: Backend) -> None:
    async with calling(minted) as caller:
        _, given_up = await caller.prepared(transfer(caller))
        _, envelope, _ = await caller.sent(transfer(caller, "intent-2"))
        assert envelope.notes["nonce"] == given_up.notes["nonce"]
        with pytest.raises(Refused, match="was given to another call"):
            await caller.action.send(given_up)
        assert (await caller.settled(envelope)).fate is Fate.SENT


async def test_what_another_hand_sent_with_the_nonce_is_found(minted: Backend) -> None:
    async with calling(minted) as caller:
        _, envelope = await caller.prepared(transfer(caller))
        await minted.rename(7, "a/b", AGRI)
        with pytest.raises(Refused, match="nonce"):
            await caller.action.send(envelope)
        found = await caller.action.reconcile(envelope)
        assert found.fate is Fate.NOT_SENT
    assert await holder(minted) == minted.accounts[AGRI].lower()


async def test_a_reorganisation_is_waited_out_or_told(minted: Backend) -> None:
    assert Can.REORGS in minted.can
    async with calling(minted) as caller:
        _, envelope, _ = await caller.sent(transfer(caller))
        found = await caller.settled(envelope)
        assert found.receipt is not None
        await minted.take_away(int(found.receipt.notes["block"]))
        looks = []
        async for look in caller.action.verify(envelope, found.receipt):
            looks.append(look)
            assert len(looks) < 10
            if "took its block away; it is in none now" in look.detail:
                assert look.reached is Reached.WAITING
                await minted.rename(7, "a/b", AGRI)
        assert looks[-1].reached is Reached.NOT_VERIFIED
        assert "used by another transaction" in looks[-1].detail
    assert await holder(minted) == minted.accounts[AGRI].lower()


async def test_what_the_node_does_not_take_changes_nothing(minted: Backend) -> None:
    async with calling(minted) as caller:
        preview, envelope = await caller.prepared(transfer(caller))
        (transaction,) = msgspec.json.decode(envelope.body)
        poor = msgspec.json.encode([{**transaction, "gas": hex(10**9)}])
        with pytest.raises(Refused, match="the node refused it: "):
            await caller.action.send(msgspec.structs.replace(envelope, body=poor))
        # Given back, the nonce is the next call's.
        _, second, _ = await caller.sent(transfer(caller, "intent-2"))
        assert second.notes["nonce"] == envelope.notes["nonce"]
        assert changes(preview) == {"ownerOf(7)": ("agri", "ops")}


async def test_fees_above_the_limit_are_refused(minted: Backend) -> None:
    async with calling(minted, max_fee_gwei=0.000001) as caller:
        with pytest.raises(Refused, match="more than max_fee_gwei allows"):
            await caller.action.simulate(transfer(caller))


async def test_nobody_can_sign_is_said(minted: Backend) -> None:
    async with calling(minted, node_accounts=False) as caller:
        with pytest.raises(Refused, match="no account can sign on chain"):
            await caller.action.simulate(transfer(caller))
        with pytest.raises(Refused, match="'founder' cannot sign here; there are: none"):
            await caller.action.simulate(transfer(caller, sender="founder"))
        form = await caller.form("transferFrom", "agri", "ops", "7")
        assert "no account can sign here" in form.fields[-1].error

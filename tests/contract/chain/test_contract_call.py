"""`contract.call` through its lifecycle: form, simulate, prepare, send, reconcile, verify."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.contract import Fate, Reached, Refused, Significance
from tests.contract.chain.backend import AGRI, FOUNDER, OPS, Backend, Can
from tests.contract.chain.calling import calling, changes

APP = "life-support/oxygen-generator"
ZERO = "0x" + "0" * 40


@pytest.fixture
async def minted(deployed: Backend) -> Backend:
    """Token 7 of agri, naming an app, in a block that is final."""
    await deployed.mint(7, APP, AGRI)
    await deployed.mine(3)
    return deployed


async def test_a_transfer_from_form_to_verified(minted: Backend) -> None:
    async with calling(minted) as caller:
        form = await caller.form("transferFrom", "agri", "ops", "7")
        assert (form.live, form.reads, form.error) == (True, False, "")
        fields = {field.name: field for field in form.fields}
        assert fields["args.1"].label == "to  address"
        assert fields["args.1"].note == f"= {minted.accounts[OPS]}"
        assert fields["from"].default == "agri"
        assert not any(field.error for field in form.fields)

        draft = caller.draft("transferFrom", "agri", "ops", 7)
        preview = await caller.simulated(draft)
        assert preview.title == "Identity.transferFrom(#7: agri → ops)"
        assert preview.nothing == ""
        assert changes(preview) == {"ownerOf(7)": ("agri", "ops")}
        assert preview.unchanged == (f"appOf(7): {APP}",)
        assert preview.binds["chain_id"] == str(minted.chain_id)
        assert preview.binds["from"] == minted.accounts[AGRI]
        assert "nonce" not in preview.binds
        assert "token 7 of Identity" in preview.touches
        assert f"app {APP}" in preview.touches
        assert f"account ops {minted.accounts[OPS]}" in preview.touches
        facts = dict(preview.facts)
        assert facts["from"].startswith("agri 0x")
        assert facts["event"] == "Transfer(from: agri, to: ops, tokenId: 7)"
        assert preview.command.startswith(f"cast send --rpc-url {minted.url} --unlocked --from 0x")
        assert preview.undo == {
            "contract": "Identity",
            "function": "transferFrom(address,address,uint256)",
            "args": '["ops", "agri", "7"]',
            "from": "ops",
        }
        assert await minted.read("Identity", "ownerOf", 7) == minted.accounts[AGRI].lower()

        _, envelope, receipt = await caller.sent(draft)
        assert not receipt.included
        found = await caller.settled(envelope)
        assert found.fate is Fate.SENT
        assert found.receipt is not None
        looks = await caller.verified(envelope, found.receipt)
        assert [look.reached for look in looks[-2:]] == [Reached.FINAL, Reached.VERIFIED]
        assert looks[-1].detail.startswith("ownerOf(7) is ops, in block ")
    assert await minted.read("Identity", "ownerOf", 7) == minted.accounts[OPS].lower()


async def test_the_undo_of_a_transfer_is_the_transfer_back(minted: Backend) -> None:
    async with calling(minted) as caller:
        preview, _ = await caller.through(caller.draft("transferFrom", "agri", "ops", 7))
        back = caller.draft("", intent="intent-2")
        back = type(back)("intent-2", back.action, preview.undo)
        undone, looks = await caller.through(back)
        assert undone.title == "Identity.transferFrom(#7: ops → agri)"
        assert looks[-1].reached is Reached.VERIFIED
    assert await minted.read("Identity", "ownerOf", 7) == minted.accounts[AGRI].lower()


async def test_what_would_undo_a_call_is_known_where_we_could_make_it(minted: Backend) -> None:
    role = "0x" + "ab" * 32
    stranger = "0x" + "11" * 20
    async with calling(minted) as caller:
        for draft, undo in (
            (caller.draft("approve", "ops", 7), ("approve(address,uint256)", [ZERO, "7"])),
            (
                caller.draft("setApprovalForAll", "ops", "yes", sender="agri"),
                ("setApprovalForAll(address,bool)", ["ops", "false"]),
            ),
            (caller.draft("transferOwnership", "ops"), ("transferOwnership(address)", ["founder"])),
            (
                caller.draft("grantRole", role, "ops", contract="Deployments"),
                ("revokeRole(bytes32,address)", [role, "ops"]),
            ),
            (caller.draft("transferFrom", "agri", stranger, 7), None),
            (caller.draft("mint", "ops", 8, "a/b"), None),
        ):
            preview = await caller.simulated(draft)
            if undo is None:
                assert preview.undo == {}
            else:
                assert preview.undo["function"] == undo[0]
                assert json.loads(preview.undo["args"]) == undo[1]
        assert f"{stranger} has no name here" in "".join(
            (await caller.simulated(caller.draft("transferFrom", "agri", stranger, 7))).warnings
        )


async def test_what_gives_control_away_is_critical(minted: Backend) -> None:
    role = "0x" + "ab" * 32
    async with calling(minted) as caller:
        for draft, because in (
            (caller.draft("transferOwnership", "ops"), "it gives the contract to another owner"),
            (
                caller.draft("renounceOwnership"),
                "it leaves the contract without an owner, for good",
            ),
            (
                caller.draft("grantRole", role, "ops", contract="Deployments"),
                "it gives a role in the contract to an account",
            ),
            (
                caller.draft("setApprovalForAll", "ops", "yes", sender="agri"),
                "who is approved for all may move every token of the account",
            ),
            (caller.draft("setApprovalForAll", "ops", "no", sender="agri"), ""),
            (caller.draft("transferFrom", "agri", "ops", 7), ""),
            (caller.draft("mint", "ops", 8, "a/b"), ""),
        ):
            preview = await caller.simulated(draft)
            critical = preview.significance is Significance.CRITICAL
            assert (preview.because, critical) == (because, bool(because)), preview.title


async def test_what_a_call_reaches(minted: Backend) -> None:
    async with calling(minted) as caller:
        asset = f"eip155:{minted.chain_id}/erc721:{minted.identity}"
        given = await caller.simulated(caller.draft("transferFrom", "agri", "ops", 7))
        assert (given.blast.tokens, given.blast.apps) == ((f"{asset}/7",), (APP,))
        made = await caller.simulated(caller.draft("mint", "ops", 8, "a/b"))
        assert (made.blast.tokens, made.blast.apps) == ((f"{asset}/8",), ("a/b",))
        renamed = await caller.simulated(caller.draft("rename", 7, "a/b"))
        assert renamed.blast.tokens == (f"{asset}/7",)
        assert set(renamed.blast.apps or ()) == {APP, "a/b"}
        power = await caller.simulated(
            caller.draft("setApprovalForAll", "ops", "yes", sender="agri")
        )
        assert power.blast.tokens is None
        assert (given.blast.pods, given.blast.addresses, given.blast.sites) == (None, None, None)


async def test_simulating_changes_nothing_and_comes_to_the_same(minted: Backend) -> None:
    async with calling(minted) as caller:
        draft = caller.draft("rename", 7, "a/b")
        first, second = await caller.simulated(draft), await caller.simulated(draft)
    assert (first.binds, first.outcome) == (second.binds, second.outcome)
    assert changes(first) == {"appOf(7)": (APP, "a/b")}
    assert first.undo["args"] == f'["7", "{APP}"]'
    assert await minted.read("Identity", "appOf", 7) == APP


async def test_a_revert_is_refused_with_its_decoded_reason(minted: Backend) -> None:
    async with calling(minted) as caller:
        for draft, says in (
            (
                caller.draft("transferFrom", "agri", "ops", 7, sender="ops"),
                "ERC721InsufficientApproval(operator: ops, tokenId: 7)",
            ),
            (
                caller.draft("mint", "ops", 8, APP, sender="founder"),
                f"AppTaken(app: {APP}, tokenId: 7)",
            ),
            (
                caller.draft("mint", "ops", 8, "", sender="ops"),
                "OwnableUnauthorizedAccount(account: ops)",
            ),
            (
                caller.draft("recordDeployment", "", 1, "", "0x" + "0" * 64, "",
                             contract="Deployments", sender="founder"),
                "NoApp()",
            ),
        ):  # fmt: skip
            with pytest.raises(Refused) as caught:
                await caller.action.simulate(draft)
            assert "would revert: " + says in str(caught.value)


async def test_whoever_may_is_found(minted: Backend) -> None:
    async with calling(minted) as caller:
        mint = await caller.simulated(caller.draft("mint", "ops", 8, "a/b"))
        rename = await caller.simulated(caller.draft("rename", 7, "a/b"))
    assert mint.binds["from"] == minted.accounts[FOUNDER]
    assert rename.binds["from"] == minted.accounts[AGRI]
    assert dict(rename.facts)["from"].endswith("(the first that may)")


async def test_what_cannot_be_paid_is_refused_saying_what_is_missing(deployed: Backend) -> None:
    accounts = deployed.accounts
    await deployed.mint(7, APP, 9)
    balance = int(await deployed.rpc("eth_getBalance", accounts[9], "latest"), 16)
    price = int((await deployed.block())["baseFeePerGas"], 16) * 2 + 10**9
    kept = 21_000 * price + 10**13  # enough for the transfer of nearly all, and little more
    await deployed.transact(
        sender=9, to=accounts[0], value=hex(balance - kept), gas=hex(21_000),
        maxFeePerGas=hex(price), maxPriorityFeePerGas=hex(10**9),
    )  # fmt: skip
    async with calling(deployed) as caller:
        draft = caller.draft("transferFrom", accounts[9], "ops", 7, sender=accounts[9])
        with pytest.raises(Refused) as caught:
            await caller.action.simulate(draft)
    said = str(caught.value)
    assert said.startswith(f"insufficient funds: {accounts[9]} has ")
    assert "of fees; " in said
    assert said.endswith(" are missing")
    assert await deployed.read("Identity", "ownerOf", 7) == accounts[9].lower()


async def test_what_is_nothing_is_said_to_be_nothing(minted: Backend) -> None:
    async with calling(minted) as caller:
        preview = await caller.simulated(caller.draft("rename", 7, APP))
        assert preview.nothing == f"appOf(7) is {APP} already"
        with pytest.raises(Refused, match="already"):
            await caller.action.prepare(caller.draft("rename", 7, APP), preview)


async def test_what_changed_since_it_was_approved_is_refused(minted: Backend) -> None:
    async with calling(minted) as caller:
        draft = caller.draft("transferFrom", "agri", "ops", 7)
        preview = await caller.simulated(draft)
        await minted.transfer(7, AGRI, OPS)
        with pytest.raises(Refused, match="would revert"):
            await caller.action.prepare(draft, preview)


async def test_another_outcome_is_not_the_approved_one(minted: Backend) -> None:
    async with calling(minted) as caller:
        given = ("a/b", 1, "colony/app:1", "0x" + "0" * 64, "")
        draft = caller.draft("recordDeployment", *given, contract="Deployments")
        preview = await caller.simulated(draft)
        assert changes(preview) == {"count()": ("0", "1")}
        await minted.record("c/d")  # ours would be entry 1 now, and not entry 0
        if Can.SIMULATE_V1 in minted.can:
            with pytest.raises(Refused, match="the outcome is not the approved one any more"):
                await caller.action.prepare(draft, preview)


async def test_where_there_is_no_contract_a_call_is_refused(minted: Backend) -> None:
    from adapters.chain.settings import ContractAt

    empty = "0x" + "11" * 20
    contracts = {"Identity": ContractAt(empty)}
    async with calling(minted, contracts=contracts) as caller:
        with pytest.raises(Refused, match="there is no contract at 0x1111"):
            await caller.action.simulate(caller.draft("rename", 7, "a/b"))
        form = await caller.form("ownerOf", "7")
        assert form.answer is None
        assert "there is no contract at 0x1111" in form.error


async def test_another_chain_is_refused(minted: Backend) -> None:
    async with calling(minted, chain_id=5) as caller:
        draft = caller.draft("rename", 7, "a/b")
        with pytest.raises(Refused, match=r"is on chain 31337, not on 5"):
            await caller.action.simulate(draft)
    async with calling(minted) as caller:
        preview = await caller.simulated(draft)
        other = {**preview.binds, "chain_id": "5"}
        approved = type(preview)(preview.title, preview.simulated_by, other, preview.outcome)
        with pytest.raises(Refused, match=r"on another chain since it was approved \(5 → 31337\)"):
            await caller.action.prepare(draft, approved)


async def test_two_calls_of_one_key_at_once_have_two_nonces(minted: Backend) -> None:
    await minted.mint(8, "a/b", AGRI)
    async with calling(minted) as caller:
        drafts = [
            caller.draft("rename", 7, "c/d", intent="intent-7"),
            caller.draft("rename", 8, "e/f", intent="intent-8"),
        ]
        ends = await asyncio.gather(*map(caller.through, drafts))
        assert [looks[-1].reached for _, looks in ends] == [Reached.VERIFIED] * 2
    assert await minted.read("Identity", "appOf", 7) == "c/d"
    assert await minted.read("Identity", "appOf", 8) == "e/f"


async def test_an_effect_that_was_undone_is_not_verified(minted: Backend) -> None:
    async with calling(minted) as caller:
        draft = caller.draft("transferFrom", "agri", "ops", 7)
        _, envelope, _ = await caller.sent(draft)
        found = await caller.settled(envelope)
        assert found.receipt is not None
        await minted.transfer(7, OPS, AGRI)
        await minted.mine(3)
        looks = await caller.verified(envelope, found.receipt)
    assert looks[-1].reached is Reached.NOT_VERIFIED
    assert "expected: ownerOf(7) is ops; it is not so at block" in looks[-1].detail


async def test_a_call_without_a_read_is_verified_by_its_event(minted: Backend) -> None:
    async with calling(minted) as caller:
        arguments = caller.action.recording(
            {
                "app": "a/b", "revision": "3", "image": "colony/app:3", "actor": "ops-1",
                "digest": "sha256:" + "ab" * 32, "action": "app.rollback", "intent": "ffff",
            }
        )  # fmt: skip
        assert arguments is not None
        draft = caller.draft("")
        preview, looks = await caller.through(type(draft)("i", draft.action, arguments))
        assert preview.binds["from"] == minted.accounts[FOUNDER]
        assert looks[-1].reached is Reached.VERIFIED
        assert looks[-1].detail.startswith("Deployed(index: 0, ")
    entry = await minted.read("Deployments", "latest", "a/b")
    assert "app.rollback ffff by ops-1" in str(entry)


async def test_a_read_is_answered_at_once_and_never_sent(minted: Backend) -> None:
    async with calling(minted) as caller:
        form = await caller.form("ownerOf", "7")
        assert (form.reads, form.answer, form.error) == (True, "agri", "")
        assert form.command.startswith("cast call --rpc-url http://127.0.0.1:")
        form = await caller.form("ownerOf", "8")
        assert form.answer is None
        assert form.error == "it reverts: ERC721NonexistentToken(tokenId: 8)"
        assert (await caller.form("ownerOf", "")).answer is None
        assert (await caller.form("totalSupply")).answer == "1"
        await minted.record("a/b", 4, "colony/app:4", note="by hand")
        lines = (await caller.form("latest", "a/b", contract="Deployments")).answer
        assert lines is not None
        assert "actor: founder" in lines.splitlines()
        assert "image: colony/app:4" in lines.splitlines()
        preview = await caller.simulated(caller.draft("ownerOf", 7))
        assert preview.nothing == "Identity.ownerOf only reads; it answers: agri"
        assert "cast call" in preview.command


async def test_what_a_contract_says_is_harmless(minted: Backend) -> None:
    hostile = "a\x1b[31m/\u202eb\nc"
    await minted.rename(7, hostile, AGRI)
    async with calling(minted) as caller:
        form = await caller.form("appOf", "7")
        preview = await caller.simulated(caller.draft("rename", 7, "a/b"))
        with pytest.raises(Refused) as caught:
            await caller.action.simulate(caller.draft("mint", "ops", 9, hostile))
    assert form.answer == "a␛[31m/\ufffdb␊c"
    for text in (form.answer, str(caught.value), *changes(preview)["appOf(7)"], *preview.touches):
        assert text is not None
        assert not {"\x1b", "\u202e", "\n"} & set(text)

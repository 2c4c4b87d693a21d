"""What the adapter makes of contract events: entries to read, told once, and taken back."""

from __future__ import annotations

import datetime

from adapters.records import LedgerEntry, ScopeState
from tests.contract.chain.backend import AGRI, FOUNDER, OPS, Backend
from tests.contract.chain.watching import adapter, entries, observing, settings, told
from tests.contract.kubernetes.mirror import Mirror

APP = "life-support/oxygen-generator"


def summaries(mirror: Mirror) -> list[str]:
    return [each.summary for each in entries(mirror) if not each.removed]


async def test_history_before_and_after_the_adapter_came(deployed: Backend) -> None:
    await deployed.mint(7, APP, to=OPS)
    receipt = await deployed.transfer(7, OPS, AGRI)
    await deployed.record(APP, 12, "colony/o2-gen:2.4.1", b"\x11" * 32, "cools better")
    async with observing(deployed) as seen:
        moved: LedgerEntry = await seen.until(told("#7 ops → agri"), "the transfer")
        block = await deployed.block(int(receipt["blockNumber"], 16))
        assert moved.name == f"{block['hash']}/{receipt['transactionHash']}/{moved.index}"
        assert (moved.namespace, moved.event, moved.token) == ("Identity", "Transfer", "7")
        assert moved.app == APP
        assert moved.at == int(block["timestamp"], 16)
        assert moved.block == int(block["number"], 16)
        assert (moved.sender, moved.sender_name) == (deployed.accounts[OPS], "ops")
        assert [(each.name, each.text) for each in moved.values] == [
            ("from", deployed.accounts[OPS]),
            ("to", deployed.accounts[AGRI]),
            ("tokenId", "7"),
        ]
        line = f"Deployed {APP} rev 12 colony/o2-gen:2.4.1: cools better"
        recorded: LedgerEntry = await seen.until(told(line), "the deployment")
        assert (recorded.namespace, recorded.app) == ("Deployments", APP)
        values = {each.name: each.text for each in recorded.values}
        assert values["imageDigest"] == "0x" + "11" * 32
        assert values["actor"] == deployed.accounts[FOUNDER]
        said = summaries(seen.mirror)
        assert said.index("#7 minted for ops") < said.index(f"#7 names {APP}")
        assert "founder has RECORDER_ROLE" in said
        await deployed.transfer(7, AGRI, FOUNDER)
        await seen.until(told("#7 agri → founder"), "the next transfer")
        names = [each.name for each in seen.mirror.events]
        assert len(names) == len(set(names))
        assert seen.mirror.states["ledger"] == [ScopeState.NEVER, ScopeState.LIVE]


async def test_a_reorganisation_takes_entries_back_and_says_so(deployed: Backend) -> None:
    await deployed.mint(1, "a/one", to=OPS)
    async with observing(deployed) as seen:
        await seen.until(told("#1 minted for ops"), "the mint")
        await deployed.transfer(1, OPS, AGRI)
        await seen.until(told("#1 ops → agri"), "the transfer")
        await deployed.reorganise(1)

        def gone(mirror: Mirror) -> bool:
            return "#1 ops → agri" not in summaries(mirror)

        await seen.until(gone, "the transfer taken back")
        (taken,) = [each for each in entries(seen.mirror) if each.removed]
        assert taken.summary == "#1 ops → agri"
        await deployed.transfer(1, OPS, AGRI)
        again: LedgerEntry = await seen.until(told("#1 ops → agri"), "the transfer again")
        assert again.name != taken.name
        assert "#1 minted for ops" in summaries(seen.mirror)


async def test_a_small_page_reads_the_same_history(deployed: Backend) -> None:
    for number in range(1, 6):
        await deployed.mint(number, f"a/app-{number}")
    async with observing(deployed, page=1) as paged, observing(deployed) as whole:
        for seen in (paged, whole):
            await seen.until(told("#5 names a/app-5"), "the last event")
        assert summaries(paged.mirror) == summaries(whole.mirror)


async def test_only_the_newest_history_is_kept(deployed: Backend) -> None:
    for number in range(1, 4):
        await deployed.mint(number, f"a/app-{number}")
    async with observing(deployed, history=2) as seen:
        await seen.until(told("#3 names a/app-3"), "the last event")
        assert summaries(seen.mirror) == ["#3 minted for ops", "#3 names a/app-3"]


async def test_questions_about_a_token_and_a_transaction(deployed: Backend) -> None:
    await deployed.at(1_931_300_000)
    await deployed.mint(7, APP, to=OPS)
    receipt = await deployed.transfer(7, OPS, AGRI)
    asked = adapter(settings(deployed))
    try:
        answer = await asked.query("token", {"contract": "Identity", "token": "7"})
        lines = answer.text.splitlines()
        assert len(lines) == 3
        assert "#7 minted for ops  by founder" in lines[0]
        assert f"#7 names {APP}" in lines[1]
        assert "#7 ops → agri  by ops" in lines[2]
        first = datetime.datetime.fromtimestamp(1_931_300_000, datetime.UTC)
        assert lines[0].startswith(f"{first:%Y-%m-%d}")
        entry = await asked.query("entry", {"transaction": receipt["transactionHash"]})
        assert entry.syntax == "yaml"
        assert "reads: '#7 ops → agri'" in entry.text
        assert "status: 1" in entry.text
        call = {"contract": "Identity", "function": "ownerOf", "args": '["7"]'}
        said = await asked.query("call", call)
        assert said.text == "agri"
    finally:
        await asked.close()

"""A call's page: what the simulation told, a locked key, and the record that follows."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from adapters.contract import Significance
from adapters.records import ActionState
from console.feed.answers import Simulated
from console.feed.client import FeedRefused
from tests.ui.fake_calls import CALL_PREVIEW
from tests.ui.fakes import FakeStation, preview
from tests.ui.pilot import Console, Open

SECRET = "correct horse"


@pytest.fixture
def locked(station: FakeStation) -> FakeStation:
    station.preview = replace(CALL_PREVIEW, locked="ops")
    made = station.reply

    def reply(topic: str, arguments: dict) -> object:
        if topic == "unlock":
            if arguments["passphrase"] != SECRET:
                raise FeedRefused("the passphrase of ops is wrong")
            return "ops is open"
        answer = made(topic, arguments)
        return replace(answer, source="chain") if isinstance(answer, Simulated) else answer

    station.reply = reply  # type: ignore[method-assign]
    return station


async def at_preview(console: Console) -> None:
    await console.press("2", "r", "enter")


async def test_the_facts_are_shown(open_console: Open, station: FakeStation) -> None:
    station.preview = CALL_PREVIEW
    async with open_console() as console:
        await at_preview(console)
        lines = [" ".join(line.split()) for line in console.lines]
        assert "gas 52,344" in lines
        assert "fee at most 0.000104688 ether" in lines
        assert "event Transfer(from: ops, to: agri, tokenId: 7)" in lines
        assert "Approval(owner: ops, approved: nobody, tokenId: 7)" in lines


async def test_a_locked_key_is_unlocked_before_it_is_approved(
    open_console: Open, locked: FakeStation
) -> None:
    async with open_console() as console:
        await at_preview(console)
        assert "the key ops is locked" in console.text
        await console.press("y")
        assert locked.of("action.approve") == []
        assert "passphrase of the key ops" in console.lines[-1]
        await console.type(SECRET)
        assert SECRET not in console.text
        assert "•" in console.lines[-1]
        await console.press("enter")
        await console.settle()
        (unlocked,) = locked.of("unlock")
        assert unlocked == {"source": "chain", "key": "ops", "passphrase": SECRET}
        assert len(locked.of("action.approve")) == 1
        assert console.app.screen._prompt.input.value == ""
        assert not console.app.screen._prompt.input.password


async def test_a_wrong_passphrase_approves_nothing_and_may_be_tried_again(
    open_console: Open, locked: FakeStation
) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        await console.type("wrong")
        await console.press("enter")
        await console.settle()
        assert "✖ the passphrase of ops is wrong" in console.text
        assert locked.of("action.approve") == []
        assert "the passphrase of ops is wrong" in console.lines[-1]
        await console.type(SECRET)
        await console.press("enter")
        await console.settle()
        assert len(locked.of("action.approve")) == 1


@pytest.mark.parametrize("keys", [("escape",), ("enter", "escape")])
async def test_without_a_passphrase_nothing_is_approved(
    open_console: Open, locked: FakeStation, keys: tuple[str, ...]
) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("y", *keys)
        assert locked.of("unlock") == locked.of("action.approve") == []
        await console.press("colon")
        await console.type("help")
        assert "help" in console.lines[-1]


async def test_a_critical_one_asks_for_both(open_console: Open, locked: FakeStation) -> None:
    locked.preview = replace(locked.preview, significance=Significance.CRITICAL)
    async with open_console() as console:
        await at_preview(console)
        await console.press("enter")
        await console.type(SECRET)
        await console.press("enter")
        await console.settle()
        assert locked.of("action.approve") == []
        assert "type Identity to approve" in console.lines[-1]
        await console.type("Identity")
        assert "Identity" in console.lines[-1]
        await console.press("enter")
        assert locked.of("action.approve")[0]["confirm"] == "Identity"


async def test_submitted_says_that_nothing_is_in_yet(
    open_console: Open, station: FakeStation
) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        station.become(ActionState.SUBMITTED, progress="0xabc is in no block yet")
        await console.settle()
        assert "not in a block yet" in " ".join(console.text.split())
        assert "0xabc is in no block yet" in console.text
        assert "Done" not in console.text


async def test_the_record_is_shown_on_both_pages(open_console: Open, station: FakeStation) -> None:
    station.preview = preview(record={"app": "life-support/oxygen-generator"})
    async with open_console(size=(120, 40)) as console:
        await at_preview(console)
        await console.press("y")
        done = station.become(ActionState.VERIFIED, record_due=True, outcome="3 of 3 ready")
        await console.settle()
        assert "its record is about to be made" in console.text
        record = station.status(
            ActionState.SUBMITTED, name="a82", action="contract.call", records="a81",
            title="Deployments.recordDeployment", target="Deployments", progress="in no block yet",
        )  # fmt: skip
        station.feed.upsert("station", record, replace(done, record_due=False))
        await console.settle()
        assert "recorded by a82  ● submitted: in no block yet" in console.text
        station.answers["action.show"] = lambda asked: _page(record)
        await console.press("enter")
        assert console.app.screen.intent == "a82"
        assert "records a81  ✔ verified: 3 of 3 ready" in console.text
        await asyncio.sleep(0)


async def test_no_record_is_told_on_the_page(open_console: Open, station: FakeStation) -> None:
    async with open_console() as console:
        await at_preview(console)
        await console.press("y")
        station.become(
            ActionState.VERIFIED, progress="not recorded: no adapter here keeps a record"
        )
        await console.settle()
        assert "▲ not recorded: no adapter here keeps a record" in console.text


def _page(status: object) -> object:
    from console.feed.answers import ActionPage

    return ActionPage(status, CALL_PREVIEW, source="chain")  # type: ignore[arg-type]

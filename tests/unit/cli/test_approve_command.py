"""What the second person says without a screen: compared first, asked of the station then."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from adapters.action import Preview, Significance
from adapters.records import ActionState, ActionStatus, AdapterState, AdapterStatus, Approval
from console import cli
from console.feed.answers import ActionPage
from console.feed.client import FeedRefused
from console.feed.glass import Glass
from console.feed.messages import Interest, Parcel
from console.headless import session

DIGEST = "7fc29d" + "0" * 58
ASKED = ("approve", "i-1")


class Station:
    """A feed to a station that answers what a test says, and remembers what it was asked."""

    closed = False

    def __init__(self, deliver: Callable[[Sequence[Parcel]], None], **answers: Any) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.deliver = deliver
        self.answers = answers

    async def want(self, interests: Sequence[Interest]) -> None:
        self.send(AdapterStatus(source="station", name="a", state=AdapterState.LIVE))

    def send(self, *records: Any) -> None:
        self.deliver([Parcel("station", "s", records)])

    async def ask(self, topic: str, answer: Any = Any, /, **arguments: Any) -> Any:
        self.asked.append((topic, arguments))
        said = self.answers[topic.replace(".", "_")]
        if isinstance(said, Exception):
            raise said
        if topic == "action.approve":
            self.send(said)
        return said

    async def close(self) -> None:
        pass

    def topics(self) -> list[str]:
        return [topic for topic, _ in self.asked]


def status(state: ActionState) -> ActionStatus:
    return ActionStatus(
        source="station", name="i-1", action="app.scale", target="agri/lights", state=state,
        digest=DIGEST, code="7F-C2-9D", actor="ana", needs=2, outcome="as it was said",
        approvals=(Approval("ana", 1, "approved", 0.0, "drought"),),
    )  # fmt: skip


def page(significance: Significance = Significance.CRITICAL) -> ActionPage:
    preview = Preview(
        title="Scale lights to 0", simulated_by="dry run", binds={}, outcome="",
        significance=significance, confirm="lights",
    )  # fmt: skip
    return ActionPage(status(ActionState.REQUESTED), preview, None, "tycho")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Station]]:
    def call(*arguments: str, **answers: Any) -> tuple[int, Station]:
        stations = []

        async def attach(choice: Any, on_deliver: Any) -> Station:
            stations.append(Station(on_deliver, **answers))
            return stations[-1]

        monkeypatch.setattr(session, "attach", attach)
        return cli.main(list(arguments)), stations[-1]

    return call


Run = Callable[..., tuple[int, Station]]


@pytest.mark.parametrize("code", ["7F-C2-9D", "7fc29d", "7f c2 9d"])
def test_the_same_code_approves_what_was_seen(
    run: Run, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, station = run(
        *ASKED, "--code", code, "--confirm", "lights", "--reason", "me too", "--json",
        action_show=page(), action_approve=status(ActionState.VERIFIED),
    )  # fmt: skip
    assert ended == 0
    assert station.asked[-1] == (
        "action.approve", {"id": "i-1", "digest": DIGEST, "confirm": "lights", "reason": "me too"},
    )  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["needs"], told["code"]) == ("verified", 2, "7F-C2-9D")
    assert told["approvals"][0]["who"] == "ana"


def test_another_code_asks_the_station_nothing(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, station = run(*ASKED, "--code", "7F-C2-9E", "--confirm", "lights", action_show=page())
    assert (ended, station.topics()) == (21, ["action.show"])
    said = capsys.readouterr().err
    assert "asked for by ana" in said
    assert "approved by ana: drought" in said
    assert "the code of this action is 7F-C2-9D" in said.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        ((), "--code, as whoever asks reads it out and --confirm lights"),
        (("--confirm", "lights"), "--code, as"),
        (("--code", "7F-C2-9D"), "needs --confirm lights"),
    ],
)
def test_without_a_terminal_nothing_is_left_out(
    run: Run, arguments: tuple[str, ...], needs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, station = run(*ASKED, *arguments, action_show=page())
    assert (ended, station.topics()) == (64, ["action.show"])
    assert needs in capsys.readouterr().err


def test_a_caution_needs_no_name_and_no_wait_does_not_follow(run: Run) -> None:
    ended, station = run(
        *ASKED, "--digest", DIGEST.upper(), "--no-wait",
        action_show=page(Significance.CAUTION), action_approve=status(ActionState.APPROVED),
    )  # fmt: skip
    assert ended == 0
    assert station.asked[-1][1]["digest"] == DIGEST
    assert station.asked[-1][1]["confirm"] == "y"


def test_what_the_station_refuses_is_its_line_and_21(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    own = FeedRefused("i-1: you asked for it yourself: somebody else has to approve")
    ended, _ = run(*ASKED, "--code", "7F-C2-9D", "--confirm", "lights", "--json",
                   action_show=page(), action_approve=own)  # fmt: skip
    said = capsys.readouterr()
    assert ended == 21
    assert json.loads(said.out)["state"] == "refused"
    assert "somebody else has to approve" in said.err


def test_declining_gives_a_reason_and_shows_what_came_of_it(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = ActionPage(status(ActionState.REFUSED))
    ended, station = run("decline", "i-1", "--reason", "not now", action_decline=None,
                         action_show=gone)  # fmt: skip
    assert ended == 0
    assert station.asked[0] == ("action.decline", {"id": "i-1", "reason": "not now"})
    assert "i-1  refused: as it was said" in capsys.readouterr().out


def test_a_glass_is_broken_with_a_reason_and_shown(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Glass("ana", 1, "bo sleeps", 1_931_234_400.0, 1_931_236_200.0)
    ended, station = run(
        "glass", "break", "--minutes", "30", "--reason", "bo sleeps", "--json",
        glass_break=broken, glass_list=[broken],
    )  # fmt: skip
    assert ended == 0
    assert station.asked[0] == ("glass.break", {"reason": "bo sleeps", "minutes": 30})
    assert json.loads(capsys.readouterr().out) == {
        "broken": [{
            "who": "ana", "uid": 1, "reason": "bo sleeps", "at": "2031-03-14T06:00:00Z",
            "until": "2031-03-14T06:30:00Z",
        }]
    }  # fmt: skip
    assert run("glass", "mend", glass_mend=None, glass_list=[])[0] == 0
    assert "no glass is broken" in capsys.readouterr().out
    assert cli.main(["glass", "break"]) == 64
    with pytest.raises(SystemExit):
        cli.main(["glass", "break", "--minutes", "31", "--reason", "x"])

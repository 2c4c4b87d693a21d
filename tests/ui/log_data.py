"""The station's log at a fixed moment: a real tree with real signatures, and answers from it."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from adapters.contract import Blast, Significance
from adapters.records import (
    ActionState,
    ActionStatus,
    Anchored,
    Approval,
    Cosigned,
    LogEntry,
    LogHead,
    StageTime,
)
from console.feed.answers import ActionPage, LogCheckpoint, LogLeaf, LogPage, LogProof
from console.feed.client import FeedRefused
from console.feed.glass import Glass
from console.feed.messages import Parcel
from console.leaves import line, read
from console.ledger.checkpoint import Checkpoint, sign
from console.ledger.keys import Kind, SigningKey
from console.ledger.merkle import Tree, leaf_hash
from console.ledger.proofs import inclusion
from tests.ui.colony_data import ENDED, NOW, colony_parcels
from tests.ui.fakes import FakeStation, preview

ORIGIN = "colony/tycho/5eed"
OURS, THEIRS = 1001, 1002
DIGEST = "7fc29d" + "0" * 58
ACTION = "app.rollback"
TARGET = ["tycho", "App", "life-support", "oxygen-generator"]


def _stage(intent: str, state: str, at: float, actor: str = "", **more: Any) -> dict[str, Any]:
    said = {"event": "stage", "intent": intent, "state": state, "at": at, "actor": actor}
    return said | {"action": ACTION, "target": TARGET} | more


SAID: tuple[dict[str, Any], ...] = (
    {"event": "opened", "at": NOW - 7200, "actor": "station", "detail": "the log was begun"},
    _stage("a79", "draft", NOW - 1500, "ops-1", arguments={"to": "17"}, reason="lights flicker"),
    _stage("a79", "simulated", NOW - 1493, digest="e1" * 32, significance="caution"),
    _stage("a79", "approved", NOW - 1486, "ops-1", detail="ops-1 pressed y"),
    _stage("a79", "submitted", NOW - 1479, detail="PATCH sent"),
    _stage("a79", "verified", NOW - 1458, detail="2 of 2 ready"),
    {"event": "note", "at": NOW - 900, "actor": "ops-2", "about": "app life-support/co2-scrubber",
     "text": "smells of hot dust; a filter is on its way"},
    {"event": "break-glass", "at": NOW - 800, "actor": "ops-2", "until": "2026-11-20T13:59:11Z",
     "reason": "nobody else awake"},
    _stage("a81", "draft", NOW - 70, "ops-2", arguments={"to": "11"}, reason="pressure is wrong"),
    _stage("a81", "simulated", NOW - 66, digest=DIGEST, significance="critical"),
    {"event": "approval", "intent": "a81", "decision": "approved", "at": NOW - 60,
     "actor": "ops-2", "reason": ""},
    _stage("a81", "requested", NOW - 60, "ops-2", detail="a second person is asked for"),
)  # fmt: skip

LEAVES = tuple(
    LogLeaf(index, leaf_hash(data.encode()).hex(), said["at"], data)
    for index, said in enumerate(SAID)
    for data in [json.dumps(said, sort_keys=True, separators=(",", ":"))]
)
KEYS = tuple(
    SigningKey.from_seed(ORIGIN, kind, bytes([number]) * 32)
    for number, kind in enumerate((Kind.ED25519, Kind.MLDSA44))
)
WITNESS = SigningKey.from_seed("witness.example", Kind.MLDSA44, b"w" * 32)


def tree(size: int) -> tuple[bytes, dict[tuple[int, int], bytes]]:
    """Return the root over the first *size* entries, and every complete node."""
    made, nodes = Tree(), {}
    for leaf in LEAVES[:size]:
        hash = bytes.fromhex(leaf.hash)
        nodes[0, leaf.index] = hash
        for node in made.append(hash):
            nodes[node.level, node.place] = node.hash
    return made.root(), nodes


def proof(index: int, size: int = len(LEAVES)) -> LogProof:
    """Return the proof of entry *index* under a signed, cosigned checkpoint of *size*."""
    root, nodes = tree(size)
    point = Checkpoint(ORIGIN, size, root)
    note = sign(point, (*KEYS, WITNESS), NOW)
    path = inclusion(index, size, lambda level, place: nodes[level, place])
    vkeys = tuple(key.verifier.text for key in KEYS)
    return LogProof(
        LEAVES[index], tuple(one.hex() for one in path),
        LogCheckpoint(size, note.encode().decode(), vkeys), ("signed", "cosigned"),
    )  # fmt: skip


HEAD = LogHead(
    source="station", name=ORIGIN, size=len(LEAVES), root=tree(len(LEAVES))[0].hex(),
    signed=len(LEAVES), signed_at=NOW - 60, witnesses=(Cosigned("witness.example", 10, NOW - 65),),
    anchors=(Anchored("chain", 6, "0x" + "ab" * 32, 48_151, "0x" + "cd" * 32, NOW - 1260),),
    oldest=1, received=NOW,
)  # fmt: skip


def entries() -> tuple[LogEntry, ...]:
    """Return the records of the entries, as the station makes them."""
    return tuple(
        LogEntry(
            source="station", name=str(leaf.index), index=leaf.index, at=leaf.at,
            seq=leaf.index + 1, event=said.event, intent=said.intent, action=said.text("action"),
            target=said.target,
            state=said.state, actor=said.actor, text=line(said), received=NOW,
        )
        for leaf in LEAVES
        for said in [read(leaf)]
    )  # fmt: skip


REQUESTED = ActionStatus(
    source="station", name="a81", action=ACTION, title="oxygen-generator → rev 11",
    target="life-support/oxygen-generator",
    arguments=(("app", "tycho:life-support/Deployment/oxygen-generator"), ("to", "11")),
    state=ActionState.REQUESTED,
    stages=(
        StageTime(ActionState.DRAFT, NOW - 70),
        StageTime(ActionState.SIMULATED, NOW - 66, "server dry run"),
        StageTime(ActionState.REQUESTED, NOW - 60, "a second person is asked for", NOW + 840),
    ),
    significance="critical", actor="ops-2", actor_uid=THEIRS, reason="pressure is wrong",
    digest=DIGEST, code="7F-C2-9D", needs=2, leaf=11, received=NOW,
    approvals=(Approval("ops-2", THEIRS, "approved", NOW - 60),),
)  # fmt: skip
"""What somebody else asked for."""

BLAST = Blast(
    pods=("oxygen-generator-5b8c-k2x9p", "oxygen-generator-5b8c-w7m4q"),
    addresses=("10.40.1.7",), tokens=("#3 of Identity",), sites=None,
    apps=("life-support/oxygen-generator",),
)  # fmt: skip


class LogStation(FakeStation):
    """A shared station with a log; its person is ops-1, a commander unless told otherwise."""

    def __init__(self, role: str = "commander", *more: ActionStatus, **options: Any) -> None:
        super().__init__(mode="LIVE", **options)
        self.welcome = type(self.welcome)(
            **{name: getattr(self.welcome, name) for name in self.welcome.__struct_fields__}
            | {"role": role, "uid": OURS, "who": "ops-1@relay-2"}
        )
        self.preview = preview(
            significance=Significance.CRITICAL, blast=BLAST,
            because="it is of critical priority",
        )  # fmt: skip
        self.head = HEAD
        self.glasses: list[Glass] = []
        self.leaves = list(LEAVES)
        rest = colony_parcels()[1:]
        first = colony_parcels()[0]
        waits = more if more else (REQUESTED,)
        self.latest = waits[0]
        station = replace(first, upserts=(*first.upserts, *waits, HEAD))
        log = Parcel("station", "log", entries(), begin=True, end=True)
        self.parcels = (station, *rest, log)

    def requested(self, **more: Any) -> ActionStatus:
        """Tell that the request is now otherwise."""
        status = self.latest = replace(REQUESTED, **more)
        self.feed.upsert("station", status)
        return status

    def reply(self, topic: str, arguments: dict[str, Any]) -> Any:
        """Answer on the log, the glass and the second person too."""
        if topic in self.answers:
            return self.answers[topic](arguments)
        match topic:
            case "log.page":
                return self._page(arguments)
            case "log.proof":
                if not 0 <= arguments["index"] < len(LEAVES):
                    raise FeedRefused(f"the log has no entry {arguments['index']}")
                return proof(arguments["index"])
            case "log.note":
                return {"entry": len(self.leaves)}
            case "glass.list":
                return tuple(self.glasses)
            case "glass.break":
                until = NOW + 60.0 * arguments["minutes"]
                self.glasses = [Glass("ops-1", OURS, arguments["reason"], NOW, until)]
                return self.glasses[0]
            case "glass.mend":
                self.glasses = []
                return None
            case "action.decline":
                return self.requested(
                    state=ActionState.REFUSED, outcome=f"declined: {arguments['reason']}"
                )
            case "action.show" if arguments["id"] == "a81":
                return ActionPage(self.latest, self.preview)
            case "action.approve" if self.latest.state is ActionState.REQUESTED:
                return self.requested(state=ActionState.APPROVED)
        return super().reply(topic, arguments)

    def _page(self, wanted: dict[str, Any]) -> LogPage:
        found = [
            leaf for leaf in self.leaves
            if leaf.index >= wanted.get("first", 0)
            and wanted.get("since", 0.0) <= leaf.at <= wanted.get("until", leaf.at)
            and wanted.get("intent", read(leaf).intent) == read(leaf).intent
        ]  # fmt: skip
        count = wanted.get("count", 1000)
        return LogPage(tuple(found[:count]), len(found) > count, self.head)


OWN = replace(REQUESTED, actor="ops-1", actor_uid=OURS,
              approvals=(Approval("ops-1", OURS, "approved", NOW - 60),))  # fmt: skip
"""The same, asked for by the person at this console."""

__all__ = ["ENDED", "HEAD", "LEAVES", "OWN", "REQUESTED", "LogStation", "entries", "proof"]

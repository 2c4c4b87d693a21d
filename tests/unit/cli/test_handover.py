"""The handover: in order, complete, and nothing in it that somebody else marked up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.records import ActionState, ActionStatus, Anchored, Cosigned, LogHead, StageTime
from console.feed.answers import LogLeaf
from console.handover import escape, markdown
from console.leaves import line, read

AT = 1_931_234_400.0
DIGEST = "7fc29d" + "0" * 58
HOSTILE = [
    "# not a heading", "1. not a list", "- nor this", "[link](https://evil.example)",
    "![image](x)", "<script>alert(1)</script>", "https://evil.example/x", "www.evil.example",
    "`code`", "*bold* __bold__ ~~gone~~", "a | b", "&lt;", "ops@evil.example", "===", "> quoted",
    "two\nlines", "    indented", "\\", "esc\x1b[2J", "HTTPS://EVIL.EXAMPLE",
]  # fmt: skip


def leaf(index: int, event: str, **said: Any) -> LogLeaf:
    fields = {"v": 1, "event": event, "actor": "ana (ops)", "at": "2031-03-14T06:00:00Z", **said}
    return LogLeaf(index, "00" * 32, AT + index, json.dumps(fields))


def rollback(reason: str = "pull fails", target: str = "oxygen-generator") -> list[LogLeaf]:
    own: dict[str, Any] = {"intent": "i-1"}
    key = ["tycho", "App", "life-support", target]
    return [
        leaf(0, "stage", **own, state="draft", action="app.rollback", target=key,
             arguments={"to": "11"}, reason=reason),
        leaf(1, "stage", **own, state="simulated", digest=DIGEST, significance="critical",
             outcome="revision 11"),
        leaf(2, "stage", **own, state="requested", decision="approved", reason="now"),
        leaf(3, "approval", **own, decision="refused", detail="the same person", reason=""),
        leaf(4, "stage", **own, state="approved", decision="approved", actor="bo"),
        leaf(5, "stage", **own, state="verified", detail="3 of 3 ready", actor="station"),
        leaf(6, "note", text="called the *night* shift\n\n# all calm", about="i-1"),
        leaf(7, "break-glass", until="2031-03-14T06:30:00Z", reason="bo sleeps"),
    ]  # fmt: skip


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for token in MarkdownIt("gfm-like").parse(text):
        found += [token, *(token.children or ())]
    return found


def test_an_incident_is_told_in_order_with_who_why_and_how_it_ended() -> None:
    head = LogHead(
        source="station", name="colony/tycho/1", size=8, root="ab" * 32, signed=8, signed_at=AT,
        witnesses=(Cosigned("far", 5, AT), Cosigned("away", trouble="no answer")),
        anchors=(Anchored("eip155:1", 4, "0xaa", 9, "0xbb", AT),),
    )  # fmt: skip
    text = markdown("tycho", head, rollback(), AT, AT + 60, AT + 60)
    for said in (
        "# Handover of tycho", "1 action: 1 verified", "app.rollback life-support/oxygen-generator",
        "- asked by: ana \\(ops\\)", "- why: pull fails", "- with: to = 11", "code `7F-C2-9D`",
        "refused by ana", "the same person", "approved by bo", "- outcome: verified: 3 of 3 ready",
        "called the \\*night\\* shift", "bo sleeps", "## Still open\n\n- nothing",
        "8 entries, root `" + "ab" * 32, "cosigned up to 5", "not yet cosigned (no answer)",
        "block 9", "entries 0 to 7",
    ):  # fmt: skip
        assert said in text, text
    order = [text.index(f"(entry {index})") for index in range(8)]
    assert order == sorted(order)


def test_what_is_not_known_is_said_and_what_is_open_comes_from_the_records_too() -> None:
    waiting = ActionStatus(
        name="i-2", action="contract.call", target="Water", state=ActionState.REQUESTED,
        code="AA-BB-CC", stages=(StageTime(ActionState.REQUESTED, AT - 60, "", AT + 840),),
    )  # fmt: skip
    text = markdown("tycho", None, [], AT, AT + 60, AT + 60, [waiting])
    assert "nothing was written into the log" in text
    assert "contract.call Water (`i-2`): requested until 2031-03-14 06:14:00Z" in text
    assert "code `AA-BB-CC`" in text
    assert "not known" in text


def test_an_entry_that_is_gone_or_foreign_is_told_as_such() -> None:
    leaves = [
        LogLeaf(0, "00" * 32, AT, None),
        LogLeaf(1, "00" * 32, AT, "[" * 5_000),
        LogLeaf(2, "00" * 32, AT, '{"event": "rotated", "detail": "new keys"}'),
        LogLeaf(3, "00" * 32, AT, '{"event": 7, "target": {"a": 1}, "arguments": [1]}'),
    ]
    assert [line(read(one)) for one in leaves] == [
        "its content was retired; its hash stays",
        "an entry that this program cannot read",
        "rotated  new keys",
        "7",
    ]
    assert "(entry 3)" in markdown("tycho", None, leaves, AT, AT, AT)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_never_marked_up(text: str) -> None:
    clean = MarkdownIt("gfm-like").parse(f"- {escape(text)}")
    kinds = {token.type for one in clean for token in [one, *(one.children or ())]}
    assert kinds <= {
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "text", "text_special",
        "paragraph_close", "list_item_close", "bullet_list_close",
    }, kinds  # fmt: skip
    shown = "".join(
        token.content for one in clean for token in (one.children or ()) if token.type != "inline"
    )
    assert shown == " ".join(text.split()).replace("\x1b", "␛")
    ours = {
        (token.type, token.tag) for token in tokens(markdown("c", None, rollback(), AT, AT, AT))
    }
    leaves = rollback(text, text)
    leaves[6] = leaf(6, "note", text=f"{text}\n{text}", about=text, actor=text)
    whole = tokens(markdown("c", None, leaves, AT, AT, AT))
    assert {(token.type, token.tag) for token in whole} <= ours | {("text_special", "")}

"""What the log holds of an action: each stage and decision as a leaf with the rows that go with it.

A leaf says who, what, when and the digests; what the digests are of (preview, envelope) is in the
rows. So an export of the leaves proves all and shows no pod template to an auditor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from adapters.contract import Envelope, Preview, Receipt
from adapters.records import ActionState, Alarm
from adapters.text import clean
from console.feed.glass import Glass
from console.station.digest import canonical, instant, send_digest
from console.station.gate import Voice
from console.station.intent import Intent, line
from console.station.log import Leaf, Row

_INTENT = """INSERT INTO intents VALUES (:id, :action, :title, :colony, :source, :arguments,
:target, :target_key, :target_uid, :actor, :uid, :reason, :undoes, :at, :leaf)"""
# The number of a stage is the log's to say: a commit that failed may have been made all the same.
_STAGE = """INSERT INTO stages SELECT :intent, count(*), :state, :at, :detail, :actor, :leaf
FROM stages WHERE intent = :intent"""
_PREVIEW = "INSERT INTO previews VALUES (:intent, :body, :digest, :significance, :at, :leaf)"
_APPROVAL = """INSERT INTO approvals SELECT :intent, count(*), :actor, :uid, :decision, :digest,
:reason, :detail, :glass, :until, :at, :leaf FROM approvals WHERE intent = :intent"""
_ENVELOPE = "INSERT INTO envelopes VALUES (:intent, :target, :body, :digest, :notes, :at, :leaf)"
_NOTE = "INSERT INTO notes VALUES (:leaf, :actor, :uid, :about, :text, :at)"
_GLASS = "INSERT INTO glass VALUES (:leaf, :actor, :uid, :reason, :until, :at)"
ROOM = 40_000
"""Bytes of all arguments, or of all that is approved, in a leaf, which has 65,535 at most."""
_RECORD = """INSERT INTO records SELECT :intent, count(*), :recorder, :detail, :at, :leaf
FROM records WHERE intent = :intent"""
_RECEIPT = "INSERT INTO receipts VALUES (:intent, :detail, :notes, :window_ends, :at, :leaf)"


def text(value: Any) -> str:
    """Return *value* as the canonical JSON that a row holds."""
    return canonical(value).decode()


def drafted(intent: Intent, colony: str) -> Leaf:
    """Return the leaf of a draft: what is asked for, of what, by whom and why."""
    at = intent.created
    key = list(intent.key or ())
    row = {
        "id": intent.id,
        "action": intent.action,
        "title": intent.title,
        "colony": colony,
        "source": intent.source,
        "arguments": json.dumps(intent.arguments),
        "target": intent.target,
        "target_key": text(key),
        "target_uid": intent.target_uid,
        "actor": intent.actor,
        "uid": intent.uid,
        "reason": intent.reason,
        "undoes": intent.undoes,
        "at": at,
    }
    said = {
        "action": intent.action,
        "colony": colony,
        "source": intent.source,
        "arguments": _bounded(intent.arguments),
        "target": key,
        "target_uid": intent.target_uid,
        "uid": intent.uid,
        "reason": intent.reason,
        "undoes": intent.undoes,
    }
    rows: tuple[Row, ...] = ((_INTENT, row),)
    if intent.records:
        said["records"] = intent.records
        rows += (_record(intent.records, at, recorder=intent.id),)
    if intent.anchors is not None:
        said["anchors"] = intent.anchors.size
        rows += (intent.anchors.row,)
    return stage(intent, ActionState.DRAFT, at, "", intent.actor, said, rows)


def simulated(intent: Intent, preview: Preview, digest: str, at: float, detail: str) -> Leaf:
    """Return the leaf of a simulation: what would be approved."""
    body = msgspec.json.encode(preview)
    row = {
        "intent": intent.id,
        "body": body,
        "digest": digest,
        "significance": preview.significance.value,
        "at": at,
    }
    said = {
        "simulated_by": preview.simulated_by,
        "binds": _bounded(preview.binds),
        "outcome": preview.outcome,
        "significance": preview.significance.value,
        "digest": digest,
        "preview": sha256(body).hexdigest(),
    }
    rows = ((_PREVIEW, row),)
    return stage(intent, ActionState.SIMULATED, at, detail, intent.actor, said, rows)


def approved(
    intent: Intent, at: float, detail: str, voice: Voice, reason: str, *, enough: bool = True
) -> Leaf:
    """Return the leaf of an approval: who, and the digest of what they approved.

    It is not *enough* where a second person has to approve too: the action is requested then.
    """
    glass = voice.glass if enough and (intent.needs or 1) > 1 else None
    row = _approval(intent, at, detail, voice, reason, intent.digest, "approved", glass)
    said: dict[str, Any] = {
        "uid": voice.uid,
        "role": voice.role.value,
        "reason": reason,
        "digest": intent.digest,
        "decision": "approved",
    }
    if glass is not None:
        said["glass"] = {"reason": glass.reason, "until": instant(glass.until)}
    state = ActionState.APPROVED if enough else ActionState.REQUESTED
    return stage(intent, state, at, detail, voice.actor, said, ((_APPROVAL, row),))


def declined(intent: Intent, at: float, detail: str, voice: Voice, reason: str) -> Leaf:
    """Return the leaf of an action that somebody declined, and why."""
    row = _approval(intent, at, detail, voice, reason, intent.digest, "declined")
    said = {
        "uid": voice.uid,
        "role": voice.role.value,
        "reason": reason,
        "digest": intent.digest,
        "decision": "declined",
    }
    rows = ((_APPROVAL, row),)
    return stage(intent, ActionState.REFUSED, at, detail, voice.actor, said, rows)


def not_approved(
    intent: Intent, at: float, detail: str, voice: Voice, reason: str, digest: str
) -> Leaf:
    """Return the leaf of an approval that was refused; the action stays where it is."""
    digest = clean(digest, 64)
    row = _approval(intent, at, detail, voice, reason, digest, "refused")
    said = {
        "uid": voice.uid,
        "role": voice.role.value,
        "reason": reason,
        "digest": digest,
        "decision": "refused",
        "detail": line(detail),
    }
    return _leaf("approval", intent.id, at, voice.actor, said, ((_APPROVAL, row),))


def glass(broken: Glass) -> Leaf:
    """Return the leaf of a glass that was broken; one that ends as it begins was mended."""
    row = {
        "actor": broken.who,
        "uid": broken.uid,
        "reason": broken.reason,
        "until": broken.until,
        "at": broken.at,
    }
    said = {"uid": broken.uid, "reason": broken.reason, "until": instant(broken.until)}
    return _leaf("break-glass", "", broken.at, broken.who, said, ((_GLASS, row),))


def note(text: str, about: str, voice: Voice, at: float) -> Leaf:
    """Return the leaf of what somebody wrote into the log."""
    row = {"actor": voice.actor, "uid": voice.uid, "about": about, "text": text, "at": at}
    said = {"uid": voice.uid, "about": about, "text": text}
    return _leaf("note", "", at, voice.actor, said, ((_NOTE, row),))


def alarm(
    event: str,
    raised: Alarm,
    voice: Voice,
    at: float,
    *,
    reason: str = "",
    until: float | None = None,
) -> Leaf:
    """Return the leaf of what somebody did about an alarm, with the value that it had then."""
    said: dict[str, Any] = {
        "uid": voice.uid,
        "alarm": raised.name,
        "thing": raised.thing,
        "severity": raised.severity.value,
        "state": raised.state.value,
        "value": raised.value,
        "limit": raised.limit,
    }
    if raised.since is not None:
        said["since"] = instant(raised.since)
    if reason:
        said["reason"] = reason
    if until is not None:
        said["until"] = instant(until)
    return _leaf(event, "", at, voice.actor, said, ())


def submitted(intent: Intent, envelope: Envelope, at: float) -> Leaf:
    """Return the leaf of an envelope that is about to be sent: its send digest."""
    digest = send_digest(envelope)
    row = {
        "intent": intent.id,
        "target": envelope.target,
        "body": envelope.body,
        "digest": digest,
        "notes": json.dumps(dict(envelope.notes)),
        "at": at,
    }
    said = {"to": envelope.target, "send_digest": digest, "bytes": len(envelope.body)}
    detail = envelope.target
    return stage(intent, ActionState.SUBMITTED, at, detail, "station", said, ((_ENVELOPE, row),))


def included(intent: Intent, receipt: Receipt, at: float, window_ends: float) -> Leaf:
    """Return the leaf of the real system's acceptance."""
    row = {
        "intent": intent.id,
        "detail": line(receipt.detail),
        "notes": json.dumps(dict(receipt.notes)),
        "window_ends": window_ends,
        "at": at,
    }
    said = {"receipt": dict(receipt.notes), "window_ends": instant(window_ends)}
    detail = receipt.detail
    return stage(intent, ActionState.INCLUDED, at, detail, "station", said, ((_RECEIPT, row),))


def due(intent: Intent, at: float) -> Row:
    """Return the row that goes with the verified end of *intent*: it is to be recorded."""
    return _record(intent.id, at)


def due_again(record: Intent, at: float) -> Row:
    """Return the row that goes with the end of *record* before it was sent: it is still due."""
    return _record(record.records, at)


def not_recorded(intent: Intent, at: float, why: str) -> Leaf:
    """Return the leaf that says *why* no action writes down what *intent* did."""
    why = line(why)
    said = {"detail": why}
    return _leaf("not recorded", intent.id, at, "station", said, (_record(intent.id, at, why),))


def stage(
    intent: Intent,
    state: ActionState,
    at: float,
    detail: str,
    actor: str,
    said: dict[str, Any] | None = None,
    rows: tuple[Row, ...] = (),
) -> Leaf:
    """Return the leaf of the stage *state*, with what else is *said* and its *rows*."""
    detail = line(detail)
    row = {
        "intent": intent.id,
        "state": state.value,
        "at": at,
        "detail": detail,
        "actor": actor,
    }
    said = {**(said or {}), "state": state.value, "detail": detail}
    until = intent.until(state, at)
    if until is not None:
        said["until"] = instant(until)
    return _leaf("stage", intent.id, at, actor, said, (*rows, (_STAGE, row)))


def _leaf(
    event: str, intent: str, at: float, actor: str, said: dict[str, Any], rows: tuple[Row, ...]
) -> Leaf:
    own = {"v": 1, "event": event, "intent": intent, "at": instant(at), "actor": actor}
    return Leaf(canonical({**said, **own}), at, rows)


def _bounded(values: Mapping[str, str]) -> dict[str, str]:
    """Return *values* as a leaf holds them: of the longest, if there is no room, the digest.

    Their rows have them whole.
    """
    held = dict(values)
    for name in sorted(values, key=lambda name: len(values[name]), reverse=True):
        if len(canonical(held)) <= ROOM:
            break
        whole = values[name].encode("utf-8", "replace")
        held[name] = f"sha256:{sha256(whole).hexdigest()}, {len(whole)} bytes"
    return held


def _record(of: str, at: float, detail: str = "", recorder: str | None = None) -> Row:
    return (_RECORD, {"intent": of, "recorder": recorder, "detail": detail, "at": at})


def _approval(
    intent: Intent,
    at: float,
    detail: str,
    voice: Voice,
    reason: str,
    digest: str,
    decision: str,
    glass: Glass | None = None,
) -> dict[str, Any]:
    return {
        "intent": intent.id,
        "actor": voice.actor,
        "uid": voice.uid,
        "decision": decision,
        "digest": digest,
        "reason": reason,
        "detail": line(detail),
        "glass": int(glass is not None),
        "until": glass.until if glass else None,
        "at": at,
    }

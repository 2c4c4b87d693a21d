"""A log that a chain or witness contradicts, or that cannot be written, is among what is wrong."""

from __future__ import annotations

from typing import Any

import beyond_records as sky

from adapters.records import Cosigned, LogHead
from console.rows import log
from console.rows.severity import Severity
from console.rows.wrong import wrong_counts, wrong_now

WHY = "the root of 1,000 entries is in block 7 of eip155:1, and the log has 12: entries were lost"


def head(**more: Any) -> LogHead:
    return LogHead(source="station", name="colony/tycho/1a", size=12, root="9f" * 32, **more)


def test_a_chain_that_contradicts_the_log_is_critical() -> None:
    context = sky.context(head(mismatch=WHY))
    (found,) = wrong_now(context)
    assert (found.severity, found.thing, found.panel) == (Severity.CRITICAL, "the log", "ledger")
    assert found.why == f"a chain contradicts it: {WHY}"
    assert wrong_counts(context) == (1, 0)
    assert log.head_cells(head(mismatch=WHY), sky.NOW)[0].text == f"✖ {found.why}"


def test_a_witness_that_has_seen_another_history_is_critical() -> None:
    other = "it has seen another history of 4 entries, which this log does not hold"
    far = Cosigned("far.example", 4, sky.NOW, other, contradicts=True)
    quiet = Cosigned("quiet.example", trouble="it does not answer")
    told = head(witnesses=(quiet, far))
    (found,) = wrong_now(sky.context(told))
    assert (found.severity, found.thing, found.panel) == (Severity.CRITICAL, "the log", "ledger")
    assert found.why == f"the witness far.example contradicts it: {other}"
    texts = [cell.text for cell in log.head_cells(told, sky.NOW)]
    assert texts[0] == f"✖ {found.why}"
    assert "▲ witness quiet.example: it does not answer" in texts


def test_a_log_that_cannot_be_written_is_told() -> None:
    (found,) = wrong_now(sky.context(head(trouble="the log x: the disk is full")))
    assert (found.severity, found.why) == (Severity.DEGRADED, "the log x: the disk is full")


def test_a_log_that_is_well_is_not() -> None:
    assert wrong_now(sky.context(head())) == []

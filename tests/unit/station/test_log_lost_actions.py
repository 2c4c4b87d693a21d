"""An action whose last entries were lost: never sent twice, and never said to be unsent."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from fake_colony import Station

from adapters.records import ActionState


@pytest.mark.parametrize("kept", range(1, 8))
async def test_what_may_have_been_sent_is_unknown(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "log.sqlite"
    first = await Station(path).start()
    name = (await first.act()).name
    assert first.status(name).state is ActionState.VERIFIED
    size = first.log.head.size
    await first.stop()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("DELETE FROM leaves WHERE idx >= ?", (kept,))
    db.close()
    for _ in range(2):
        second = await Station(path, first.world, first.clock).start()
        await second.drain()
        status = second.status(name)
        assert first.world.effects == {name: 1}
        if kept >= size:
            assert status.state is ActionState.VERIFIED
        elif kept > 3:  # its envelope is there: the real system is asked
            assert status.state.ended
            assert status.state not in (ActionState.FAILED, ActionState.CANCELLED)
        else:
            assert status.state is ActionState.UNKNOWN
            assert "it may have been sent" in status.outcome
        assert await second.log.verify() == second.log.head
        await second.stop()

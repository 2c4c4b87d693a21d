"""A log that was changed, rewritten, exchanged or taken away: it is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from log_helpers import edit, fill, leaf, trouble

from console.ledger.merkle import Tree, leaf_hash
from console.station.log import LogError


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE leaves SET data = '{}' WHERE idx = 5", "entry 5 was changed"),
        ("DELETE FROM leaves WHERE idx = 2", "has 6 entries and says 7"),
        ("UPDATE leaves SET data = NULL WHERE idx = 5", "entry 5 was changed"),
        ("UPDATE leaves SET hash = zeroblob(32), data = NULL WHERE idx = 0", "entry 0 was changed"),
        ("DELETE FROM nodes WHERE level = 2", "do not hash"),
        ("UPDATE head SET root = zeroblob(32)", "do not hash"),
    ],
)
async def test_what_was_changed_is_seen_on_opening(
    tmp_path: Path, statement: str, said: str
) -> None:
    await (await fill(tmp_path / "log", 7)).close()
    edit(tmp_path / "log", statement)
    found = await trouble(tmp_path / "log")
    assert said in found
    assert "is damaged" in found
    assert "move log* elsewhere" in found


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("UPDATE leaves SET data = '{}' WHERE idx = 1",), "changed at entry 1"),
        (("UPDATE nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 0",), "above entry 1"),
        (("INSERT INTO nodes VALUES (9, 9, zeroblob(32))",), "has 5 tree nodes and should have 4"),
        (
            (
                "UPDATE leaves SET data = NULL, hash = zeroblob(32) WHERE idx = 6",
                "UPDATE leaves SET idx = 9 WHERE idx = 6",
            ),
            "lacks entry 6",
        ),
    ],
)
async def test_what_was_changed_is_seen_on_verifying(
    tmp_path: Path, statements: tuple[str, ...], said: str
) -> None:
    log = await fill(tmp_path / "log", 7)
    edit(tmp_path / "log", *statements)
    with pytest.raises(LogError, match=said):
        await log.verify()
    await log.close()


@pytest.mark.parametrize("empty", [True, False])
async def test_a_log_that_is_gone_is_not_made_again(tmp_path: Path, empty: bool) -> None:
    await (await fill(tmp_path / "log", 3)).close()
    if empty:
        (tmp_path / "log").write_bytes(b"")
    else:
        (tmp_path / "log").unlink()
    said = await trouble(tmp_path / "log")
    assert "it is gone, and had 3 entries" in said
    assert (tmp_path / "log").exists() is empty


async def test_a_log_that_was_made_again_is_seen(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 3)).close()
    await (await fill(tmp_path / "other", 3)).close()
    (tmp_path / "other").replace(tmp_path / "log")
    assert "another log than the one that was kept here" in await trouble(tmp_path / "log")


async def test_a_history_that_was_rewritten_is_seen(tmp_path: Path) -> None:
    await (await fill(tmp_path / "log", 4)).close()
    tree, other = Tree(), b'{"n":"forged"}'
    nodes = []
    for number in range(4):
        nodes += tree.append(leaf_hash(other if number == 1 else leaf(number).data))
    edit(
        tmp_path / "log",
        f"UPDATE leaves SET data = x'{other.hex()}', hash = x'{leaf_hash(other).hex()}' "
        "WHERE idx = 1",
        "DELETE FROM nodes",
        *(f"INSERT INTO nodes VALUES ({a}, {b}, x'{c.hex()}')" for a, b, c in nodes),
        f"UPDATE head SET root = x'{tree.root().hex()}'",
    )
    assert "its first 4 entries are not what they were" in await trouble(tmp_path / "log")


async def test_a_log_alone_is_enough(tmp_path: Path) -> None:
    """Restored from a copy without what lay beside it, it is taken as it is."""
    await (await fill(tmp_path / "log", 3)).close()
    (tmp_path / "log.lock").unlink()
    assert await trouble(tmp_path / "log") == ""

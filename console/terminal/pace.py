"""How often to paint over a line that was measured, and what to say of it."""

from __future__ import annotations

from typing import Final

from console.terminal.flow import SLOW, Line

SLOWEST: Final = 1.0
"""Seconds between two paints at most: the clock goes on."""


def beat(fps: float, line: Line | None) -> float:
    """Return the seconds to leave between two paints, at least 1/*fps*.

    Where the line did not take the last one yet, the next waits as long as that one does: what
    is painted meanwhile would be seen by nobody. A fast line is behind for other reasons.
    """
    usual = 1 / fps
    if line is None or line.rate is None or line.rate >= SLOW:
        return usual
    return min(max(usual, line.behind), max(usual, SLOWEST))


def said(line: Line | None, seconds: float) -> str:
    """Return what was measured, in a line for a person; *seconds* is between two paints."""
    paints = f"{1 / seconds:.3g} paints/s"
    if line is None:
        return f"line not measured: Textual's own driver writes (--plain) · {paints}"
    if line.rate is None and line.round_trip is None:
        return f"line not measured: the terminal does not answer · {paints}"
    parts = [
        _rate(line.rate),
        f"{line.round_trip * 1000:.0f} ms" if line.round_trip is not None else "round trip unknown",
    ]
    if line.behind >= 0.1:
        parts.append(f"{line.behind:.1f} s behind")
    return f"line {', '.join(parts)} · {paints}"


def _rate(rate: float | None) -> str:
    if rate is None:
        return "rate unknown"
    if rate >= 1e6:
        return "over 1 MB/s"
    return f"{rate / 1000:.3g} KB/s"

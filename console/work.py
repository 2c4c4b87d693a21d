"""What is under way and takes longer than a blink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.worker import Worker


class Work:
    """*what* it is, "reading the log", and since when, monotonic seconds."""

    def __init__(self, what: str, began: float) -> None:
        self.what = what
        self.began = began
        self.worker: Worker[Any] | None = None

    def text(self, now: float) -> str:
        """Return "reading the log 3 s · esc gives up"."""
        passed = int(now - self.began)
        return f"{self.what}{f' {passed} s' if passed > 0 else ''} · esc gives up"

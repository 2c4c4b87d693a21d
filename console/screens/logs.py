"""Logs of an app: of all its pods in one, or of one pod; followed until held."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from adapters.contract import Answer
from adapters.records import App, Pod
from console.binding import bindings
from console.feed.client import FeedError
from console.keys import Hint, hint
from console.pagekeys import HOLD, PREVIOUS
from console.panels.base import Moment
from console.screens.text import TextScreen
from console.session import Session
from console.widgets.spans import line
from console.widgets.textview import LIMIT

TAIL = 500
"""Lines asked for of each pod before what is new."""


class LogScreen(TextScreen):
    """Follows by default, until held. tab goes from all pods to each one."""

    KEYS = (HOLD, PREVIOUS, *TextScreen.KEYS)
    TOPIC = "logs"
    TITLE_OF_HELP = "Logs"
    HELP_TEXT = f"""\
The logs of all pods of the app in one, each line after the end of its pod's name; tab shows one
pod after the other.

{{hold}} holds and follows again; scrolling up holds too. {{previous}} shows what the container
before the last restart said.

{{search}} searches, {{next-match}} and {{match-before}} go from match to match, {{matches}} shows
only lines that match, {{copy-text}} copies.

The last {LIMIT:,} lines are kept."""
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings([HOLD, PREVIOUS]),
        Binding("tab", "pod(1)", show=False),
        Binding("shift+tab", "pod(-1)", show=False),
    ]

    def __init__(self, session: Session, app: App, pod: str = "") -> None:
        super().__init__(session, app)
        self.pod = pod
        """The pod that is shown, "" for all of them."""
        self.previous = False
        self._followed: tuple[str, ...] = ()
        self._without: dict[str, str] = {}
        """Why a pod's log is not here, by the pod's name."""

    def on_mount(self) -> None:
        """Follow, once the pods are known."""
        super().on_mount()
        self.view.follow(True)
        self._restart()

    def hints(self) -> Sequence[Hint]:
        """Return the keys that apply here."""
        view = self.view
        mine = [hint(HOLD, "hold" if view.following else "follow")]
        if len(self._pods()) > 1:
            mine.append(Hint("tab", "pod"))
        mine.append(hint(PREVIOUS, "running" if self.previous else "previous"))
        found = list(super().hints())
        return [found[0], *mine, *found[1:]]

    def wrong(self) -> tuple[str, ...]:
        """Return why nothing is here, or of which pods nothing is; a pod that is gone goes."""
        pods = self._pods() if self._without else ()
        without = (f"{_end(pod)} │ {why}" for pod, why in self._without.items() if pod in pods)
        return (*super().wrong(), *without)

    def more_words(self) -> str:
        """Return where the rest of what is wrong can be read."""
        return super().more_words() if self.pod else "tab shows each pod"

    def trail(self) -> tuple[str, ...]:
        """Return the crumbs: the app and which pods."""
        pods = self._pods()
        which = f"all {len(pods)} pods" if not self.pod else self.pod
        if self.pod in pods and len(pods) > 1:
            which = f"pod {pods.index(self.pod) + 1} of {len(pods)}, {self.pod}"
        before = ", before its last restart" if self.previous else ""
        return (*super().trail()[:2], f"logs of {which}{before}")

    def state_mark(self) -> tuple[tuple[str, str], ...]:
        """Say whether new lines move the text."""
        if not self._followed:
            return ()
        on, key = self.view.following, self.session.bound.key("hold")
        return line(("● following ", "good") if on else (f"◌ held: {key} follows ", "warn"))

    def waiting_words(self) -> str:
        """Return what is waited for: an app without pods has no logs."""
        return super().waiting_words() if self._followed else "no pod of it is known yet"

    def paint_body(self, moment: Moment) -> None:
        """Begin once the pods are known; then as any text."""
        if not self.pod and not self._followed and self._pods() and not self.error:
            self._restart()
        super().paint_body(moment)

    def action_follow(self) -> None:
        """Hold, or follow again."""
        self.view.follow(not self.view.following)
        self.paint_now()

    def action_previous(self) -> None:
        """Show what ran before the last restart, or what runs."""
        self.previous = not self.previous
        self._restart()

    def action_pod(self, step: int) -> None:
        """Show the next pod, or all of them."""
        choices = ["", *self._pods()]
        at = choices.index(self.pod) if self.pod in choices else 0
        self.pod = choices[(at + step) % len(choices)]
        self._restart()

    def _pods(self) -> list[str]:
        app = self.session.app(self.subject.key) or self.subject
        return [pod.name for pod in self.session.store.pods_of(app) if isinstance(pod, Pod)]

    def _restart(self) -> None:
        self.began = self.session.link.monotonic()
        self.waiting, self.error = True, ""
        self._incoming.clear()
        self._without.clear()
        self.view.clear()
        self._followed = (self.pod,) if self.pod else tuple(self._pods())
        if self._followed:
            self.run_worker(self._load(self._followed), group="ask", exclusive=True)
        self.paint_now()

    async def _load(self, pods: tuple[str, ...]) -> None:
        """Show *pods*. One that fails is said so; the others go on."""
        tasks = [asyncio.create_task(self._one(pod, many=len(pods) > 1)) for pod in pods]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _one(self, pod: str, *, many: bool) -> None:
        app = self.subject
        arguments = {
            "source": app.source, "topic": "logs", "namespace": app.namespace,
            "workload": app.workload, "name": app.name, "pod": pod, "tail": str(TAIL),
        }  # fmt: skip
        lead = f"{_end(pod)} │ " if many else ""
        try:
            if self.previous:
                asked = await self.session.link.ask("query", Answer, **arguments, previous="true")
                self._said(asked.text or "(nothing was kept of the container before)", lead)
                return
            rest = ""
            async for text in self.session.link.follow("query", **arguments):
                whole, newline, rest = (rest + text).rpartition("\n")
                if newline:
                    self._said(whole, lead)
            if rest:
                self._said(rest, lead)
            self._said(f"— the log of {pod} ends here —", lead)
        except FeedError as error:
            if many:
                self.waiting = False
                self._without[pod] = str(error)
            else:
                self.fail(error)

    def _said(self, text: str, lead: str) -> None:
        self.come("\n".join(f"{lead}{one}" for one in text.split("\n")))


def _end(pod: str) -> str:
    """Return what tells *pod* from the others of its app."""
    return pod.rpartition("-")[2]

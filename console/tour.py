"""The first visit's tour, as data: one line a step, each done by doing it.

It runs in the demo, in a line of its own above the keys. It binds no key, blocks nothing, and goes
on from whatever a person does: who is further than a step is past it.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

DONE: Final = "done"
"""What is remembered of a tour that ended; else the id of its step."""
SECTION: Final = "tour"


class Scene(NamedTuple):
    """What is on the screen: the screen's class, the panel in sight, and how actions stand.

    `known` is whether any app is known yet, `worst` the name of the app that is worst off, "" where
    none is unwell. `acted` is whether this person began an action, `sent` whether one was
    approved, `verified` whether one was seen to have its effect.
    """

    screen: str
    panel: str = ""
    known: bool = True
    worst: str = ""
    acted: bool = False
    sent: bool = False
    verified: bool = False


class Step(NamedTuple):
    """One step: its line, with keys as `{id}` and the app as `{app}`, and when it is done.

    Where `text` is of what stands on one screen, `on` is that screen, and `away` is the line
    anywhere else: how to get there again.
    """

    id: str
    text: str
    done: Callable[[Scene], bool]
    on: str = ""
    away: str = ""

    def line(self, scene: Scene) -> str:
        """Return its line where a person is now."""
        return self.away if self.on and scene.screen != self.on else self.text


STEPS: Final[Sequence[Step]] = (
    Step("wrong", "What is wrong stands first. On {app} {why} says why.",
         lambda scene: scene.screen in ("WhyScreen", "FormScreen", "ActionScreen")),
    Step("why", "The broken link is marked. {rollback} rolls {app} back.",
         lambda scene: scene.screen in ("FormScreen", "ActionScreen"),
         "WhyScreen", "Go on in Apps: 2, to {app}; {rollback} rolls back."),
    Step("form", "The one before is chosen; enter simulates. Nothing is sent.",
         lambda scene: scene.acted or scene.screen == "ActionScreen",
         "FormScreen", "Go on in Apps: 2, to {app}; {rollback} opens the form."),
    Step("approve", "Read what would change; {approve} approves. It is sent once.",
         lambda scene: scene.sent or scene.verified,
         "ActionScreen", "Nothing is approved yet; what waits is in Actions: 8."),
    Step("watch", "Submitted is not success: wait until telemetry shows it.",
         lambda scene: scene.verified),
    Step("log", "Verified, and written down: 7 shows the log and its proof.",
         lambda scene: scene.panel == "ledger" and scene.screen == "MainScreen"),
    Step("help", "{help} explains what you look at; {command} goes anywhere by name.",
         lambda scene: scene.screen == "HelpScreen"),
)  # fmt: skip
_WELL: Final = ("log", "help")
"""Steps that there are where no app is unwell."""


class Tour:
    """Where a person is in it. `step` is None once it is over."""

    def __init__(self, at: str = "") -> None:
        ids = [step.id for step in STEPS]
        self._at = ids.index(at) if at in ids else 0

    @property
    def step(self) -> Step | None:
        """The step that is shown now."""
        return STEPS[self._at] if self._at < len(STEPS) else None

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self._at + 1

    @property
    def remembered(self) -> str:
        """What to keep of it over a restart."""
        return self.step.id if self.step is not None else DONE

    def look(self, scene: Scene) -> bool:
        """Go on past every step that *scene* shows to be done; return whether one was."""
        if not scene.known:
            return False
        before = self._at
        begun = (scene.acted and not scene.verified) or scene.screen in (
            "WhyScreen", "FormScreen", "ActionScreen",
        )  # fmt: skip
        while (step := self.step) is not None:
            # A colony in which nothing is wrong has nothing to mend: what is left is to be read.
            nothing = not scene.worst and not begun and step.id not in _WELL
            if not (nothing or step.done(scene)):
                break
            self._at += 1
        return self._at != before

    def end(self) -> None:
        """End it: a person has seen enough."""
        self._at = len(STEPS)

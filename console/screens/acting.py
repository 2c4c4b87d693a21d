"""What every screen has that acts on the colony: the keys for it, and how an action begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from console.binding import bind
from console.bound import table
from console.keys import ALARM, CALL, ON_APP, KeyDef
from console.screens.bottom import Bottom

if TYPE_CHECKING:
    from adapters.records import ActionStatus, App


class Acting(Bottom):
    """A screen from which actions begin, where this person may act at all."""

    ACTS: ClassVar[tuple[KeyDef, ...]] = (*(key for key in ON_APP if key.acts), CALL, *ALARM)
    """Keys of this screen that act on the colony; bound only where that is allowed."""
    _acts_bound = False

    def app_here(self) -> App | None:
        """Return the app that the keys for apps are about, None without one."""
        return None

    def app_or_say(self, id: str) -> App | None:
        """Return the app here; where none is selected, say so of the key *id*, which needs one."""
        if (app := self.app_here()) is None:
            self.say(f"{table()[id].label}: no app is selected here", "warn")
        return app

    def call_here(self) -> dict[str, str] | None:
        """Return what a contract call from here begins with; see `Panel.call_here`."""
        return None

    def bind_acts(self) -> None:
        """Bind the keys that act. Until a station said that this may act, there are none."""
        if not self._acts_bound and not self.session.read_only:
            for key in self.ACTS:
                bind(self._bindings, key)
            self._acts_bound = True

    def action_rollback(self) -> None:
        """Begin to roll the app here back; or try the station again where it is gone."""
        if not self.session.link.attached:
            self.session.link.retry()
        elif (app := self.app_or_say("rollback")) is not None:
            self.begin("app.rollback", app)

    def action_call(self) -> None:
        """Begin to call the contract here, or one that the form asks for."""
        if self.session.read_only:
            self.say(self.session.refusal, "warn")
            return
        if self.thawed("call"):
            return
        from console.screens.form import FormScreen

        preset = self.call_here() or {}
        self.app.push_screen(FormScreen(self.session, "contract.call", preset))

    def begin(self, action: str, app: App, preset: dict[str, str] | None = None) -> None:
        """Open the form of *action* for *app*."""
        if self.session.read_only:
            self.say(self.session.refusal, "warn")
            return
        if action not in app.actions:
            self.say(f"{app.workload} {app.name}: its adapter offers no {action}", "warn")
            return
        if self.thawed():
            return
        from console.joins import reference
        from console.screens.form import FormScreen

        arguments = {"app": reference(app), **(preset or {})}
        self.app.push_screen(FormScreen(self.session, action, arguments))

    def begin_undo(self, action: ActionStatus) -> None:
        """Open the form of the action that would undo *action*."""
        if not action.undo:
            self.say(f"{action.name} cannot be undone as it stands", "warn")
            return
        if self.thawed("undo"):
            return
        from console.screens.form import FormScreen

        screen = FormScreen(self.session, action.action, dict(action.undo), undoes=action.name)
        self.app.push_screen(screen)

    def thawed(self, id: str = "") -> bool:
        """Let a screen that stands still go on; return whether it did, and so *id* has to wait.

        Nobody is to act on a picture that is not what there is: the first key goes on, and the
        second acts, on what can be seen. To refuse would be safe as well, and a key more.
        """
        if self.session.still is None:
            return False
        self.session.still = None
        self.paint_now()
        again = f"; {self.session.bound.key(id)} once more does it" if id else ""
        self.say(f"going on first: look at what is there now{again}", "warn")
        return True

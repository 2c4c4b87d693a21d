"""What the keys of everywhere do: the app's actions, each in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key as KeyEvent

from console.binding import bindings
from console.bound import table
from console.inturn import KeysInTurn
from console.keys import FIND, GLOBAL, RETRY
from console.panels.base import GoTo, Opened
from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from console.screens.messages import Command
from console.session import Session
from console.stillness import Still

if TYPE_CHECKING:
    from console.screens.jumping import Jump
    from console.theming import Theming


class Commanding(KeysInTurn, inherit_bindings=False):
    """The app without its painter: what is asked for by a key, a command, or what is on screen."""

    # Of Textual's own only this one: its ctrl+q quits, and lets a held terminal go on elsewhere.
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(GLOBAL, FIND, [RETRY]),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]
    session: Session
    theming: Theming
    jump: Jump | None = None
    """The letters that are shown; while they are, keys are for them."""

    @property
    def page(self) -> ConsoleScreen | None:
        """The screen in sight, that under it where a box is open on one."""
        pages = (one for one in reversed(self.screen_stack) if isinstance(one, ConsoleScreen))
        return next(pages, None)

    def say(self, text: str, tone: str = "info") -> None:
        """Answer a key: show *text* in the bottom line for a few seconds."""
        if (page := self.page) is not None:
            page.say(text, tone)

    def tell(self, text: str, tone: str = "info") -> None:
        """Tell what nobody asked for, there too, once an answer there could be read."""
        if (page := self.page) is not None:
            page.tell(text, tone)

    async def take_key(self, event: KeyEvent) -> bool:
        """Handle one key: for the letters where they are shown, and nothing acts on what stands
        still."""
        if self.jump is not None:
            self._jumped(event)
            return True
        working = isinstance(self.screen, ConsoleScreen) and self.screen.work is not None
        if working and self._gives_up(event):
            return True
        if self.session.still is not None and self._thaws(event):
            return True
        return await super().take_key(event)

    # The screen as it is

    def _thaws(self, event: KeyEvent) -> bool:
        """Return whether this key went to going on.

        So does esc, and a key that acts on the colony: see `ConsoleScreen.thawed`.
        """
        focused = self.focused
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return False
        active = self.screen.active_bindings.get(event.key)
        screen = self.screen
        if active is None or not active.enabled or not isinstance(screen, ConsoleScreen):
            return False
        if active.binding.id == "back":
            self.action_freeze()
            return True
        key = table().get(active.binding.id or "")
        return key is not None and key.acts and screen.thawed(key.id)

    def _gives_up(self, event: KeyEvent) -> bool:
        """Return whether this key, esc, gave up what is under way on the screen."""
        active = self.screen.active_bindings.get(event.key)
        screen = self.screen
        is_back = active is not None and active.enabled and active.binding.id == "back"
        return is_back and isinstance(screen, ConsoleScreen) and screen.give_up()

    def action_freeze(self) -> None:
        """Let the screen stand still, or go on."""
        if not isinstance(self.screen, ConsoleScreen):
            return
        link = self.session.link
        if self.session.still is not None:
            self.session.still = None
        elif not self.screen.FREEZES:
            self.say("an action is not held still: it goes on", "warn")
            return
        else:
            self.session.still = Still(link.monotonic())
            self.screen.unsay()  # that it stands still is not to wait behind what was said
        self.screen.paint_now()

    async def action_jump(self) -> None:
        """Show letters on all that can be selected."""
        from console.screens.jumping import Jump

        if isinstance(self.screen, ConsoleScreen):
            self.jump = Jump(self.screen)
            if self.jump.empty:
                self.jump = None
                self.say("there is nothing to go to here")
            else:
                self.say("a letter goes there   esc leaves")

    def _jumped(self, event: KeyEvent) -> None:
        jump = self.jump
        if jump is None:
            return
        character = event.character or ""
        if character.isalpha() and jump.take(character):
            return
        jump.end()
        self.jump = None
        jump.screen.unsay()
        jump.screen.paint_now()

    # Asking

    async def action_command(self) -> None:
        """Open the line for a command."""
        if isinstance(self.screen, ConsoleScreen):
            from console.screens.commands import ask_command

            await ask_command(self.screen)

    async def action_command_palette(self) -> None:  # type: ignore[override]
        """Find anything by a few letters."""
        if isinstance(self.screen, ConsoleScreen):
            from console.screens.palette import PaletteScreen

            self.push_screen(PaletteScreen(self.session, self.screen))

    def action_help(self) -> None:
        """Open the help of the screen on top."""
        if isinstance(self.screen, ConsoleScreen):
            from console.screens.help import HelpScreen

            self.push_screen(HelpScreen(self.session, self.screen))

    async def on_command(self, message: Command) -> None:
        """Run a command that was typed after `:`."""
        from console.screens.commands import run_command

        await run_command(self, self.session, message.text)

    def action_theme(self, name: str) -> None:
        """Change the colours."""
        self.say(*self.theming.choose(name))

    # Going somewhere

    async def action_panel(self, name: str) -> None:
        """Go to the panel called *name* from wherever we are."""
        await self._go_to(name)

    async def on_go_to(self, message: GoTo) -> None:
        """Go to a panel."""
        await self._go_to(message.panel, message)

    async def _go_to(self, panel: str, message: GoTo | None = None) -> None:
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if isinstance(self.screen, MainScreen):
            await self.screen.go_to(panel, message.key if message else None)

    def on_opened(self, message: Opened) -> None:
        """Open the page of a record."""
        from console.screens.opening import page_of

        self.push_screen(page_of(self.session, message.key))

    def action_changes(self) -> None:
        """Open what changed in the last 30 minutes."""
        from console.screens.changes import ChangesScreen

        if isinstance(self.screen, ConsoleScreen) and not isinstance(self.screen, ChangesScreen):
            self.push_screen(ChangesScreen(self.session))

    def action_waiting(self) -> None:
        """Open the request that waits for this person the longest."""
        from console.screens.facts import waiting_for_me

        here = getattr(self.screen, "intent", "")
        found = [one for one in waiting_for_me(self.session) if one.name != here]
        if not isinstance(self.screen, ConsoleScreen):
            return
        if found:
            self.on_opened(Opened(found[0].key))
        else:
            self.say("nothing else waits for you" if here else "nothing waits for you")

    def action_bookmark(self) -> None:
        """Keep what is selected, or drop it."""
        if isinstance(self.screen, ConsoleScreen):
            from console.screens.bookmarking import toggle

            toggle(self.screen)

    def action_bookmarks(self) -> None:
        """List what was kept."""
        from console.screens.bookmarks import BookmarksScreen

        if isinstance(self.screen, ConsoleScreen) and not isinstance(self.screen, BookmarksScreen):
            self.push_screen(BookmarksScreen(self.session))

    # Leaving

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends other programs: say what leaves this one."""
        self.say(self.session.bound.fill("{quit} leaves; what is in flight goes on in the station"))

    async def action_quit(self) -> None:
        """Leave; ask first where an action is in flight."""
        flying = self.session.in_flight()
        if flying and self.session.link.attached:
            from console.screens.leave import LeaveScreen

            self.push_screen(LeaveScreen(flying), self._leave)
        else:
            await self._leave(True)

    async def _leave(self, sure: bool | None) -> None:
        if sure:
            flying = bool(self.session.in_flight())
            # The station itself knows what is in flight; this only says that we need it no more.
            await self.session.link.close(end=not flying)
            self.session.remembered.save()
            self.exit(0)

    def action_retry(self) -> None:
        """Try the station again where it is not attached."""
        if not self.session.link.attached:
            self.session.link.retry()
        elif self.session.read_only:
            self.say(self.session.refusal, "warn")

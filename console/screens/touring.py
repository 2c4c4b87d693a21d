"""The tour on the screen: one line above the keys, in the demo, until it is over."""

from __future__ import annotations

from textual.css.query import NoMatches

from adapters.records import ActionState
from console.screens.base import ConsoleScreen
from console.screens.main import MainScreen
from console.session import Session
from console.tour import DONE, SECTION, STEPS, Scene, Tour
from console.widgets.oneline import OneLine
from console.widgets.spans import Line, line, line_width, spread

NOT_HERE = "the tour is for the demo: colony --demo"


def tour_of(session: Session) -> Tour | None:
    """Return the tour that runs: on a person's first visit to the demo it begins by itself."""
    if session.tour is None and session.remembers and session.mode == "DEMO":
        session.tour = Tour(session.remembered.get(SECTION, ""))
        if session.remembered.get(SECTION, "") == DONE:
            session.tour.end()
    return session.tour


def toggle(session: Session) -> str:
    """Begin the tour, or end it; return what to say."""
    if session.mode != "DEMO":
        return NOT_HERE
    running = tour_of(session)
    if running is not None and running.step is not None:
        running.end()
        told = "the tour is over; :tour begins it anew"
    else:
        session.tour = Tour()
        told = ""
    session.remembered.put(SECTION, session.tour.remembered if session.tour else DONE)
    return told


def leave(session: Session) -> str:
    """End the tour where it runs; return what to say, "" where there was none."""
    tour = tour_of(session)
    return toggle(session) if tour is not None and tour.step is not None else ""


def show_tour(screen: ConsoleScreen) -> None:
    """Go on in the tour as far as was gone, and show its line where there is one."""
    session = screen.session
    tour = tour_of(session)
    if tour is None:
        return
    if tour.step is not None:
        scene = scene_of(screen)
        if tour.look(scene):
            session.remembered.put(SECTION, tour.remembered)
        _show(screen, tour_line(tour, scene, session, screen.wide))
    else:
        _show(screen, ())


def scene_of(screen: ConsoleScreen) -> Scene:
    """Return what is on *screen*, as the tour's steps see it."""
    from adapters.records import ActionStatus, App
    from console.rows.severity import Severity, of_app

    session = screen.session
    worst = min(session.store.every(App), key=lambda app: (of_app(app), app.name), default=None)
    unwell = worst is not None and of_app(worst) in (Severity.CRITICAL, Severity.DEGRADED)
    # What the colony's configuration begins by itself is nobody's.
    own = [
        one
        for one in session.store.every(ActionStatus)
        if one.actor_uid is not None and one.actor_uid == session.uid
    ]
    states = {one.state for one in own}
    return Scene(
        screen=type(screen).__name__,
        known=worst is not None,
        panel=screen.current.name if isinstance(screen, MainScreen) else "",
        worst=worst.name if worst is not None and unwell else "",
        acted=bool(own),
        sent=any(state.in_flight or state is ActionState.VERIFIED for state in states),
        verified=ActionState.VERIFIED in states,
    )


def tour_line(tour: Tour, scene: Scene, session: Session, width: int) -> Line:
    """Return the line of *tour* in *width* cells; () where there is none."""
    if tour.step is None:
        return ()
    text = session.bound.fill(tour.step.line(scene).replace("{app}", scene.worst or "the app"))
    left = line((f" TOUR {tour.number}/{len(STEPS)} ", "tab"), f" {text}")
    # On a page esc goes back, as everywhere.
    ends = f"{session.bound.key('back')} ends" if scene.screen == "MainScreen" else ":tour ends"
    right = line((f" {ends} ", "dim"))
    return spread(left, right if line_width((*left, *right)) <= width else (), width)


def _show(screen: ConsoleScreen, shown: Line) -> None:
    """Show *shown* above the keys, on a line that is there only while there is something."""
    bottom = screen.query_one("#bottom")
    try:
        tour = bottom.query_one("#tour", OneLine)
    except NoMatches:
        if not shown:
            return
        tour = OneLine(id="tour")
        bottom.mount(tour, before=0)
    if tour.display != bool(shown):
        tour.display = bool(shown)
    high = 2 if shown else 1
    if bottom.styles.height is None or bottom.styles.height.value != high:
        bottom.styles.height = high
    tour.show(shown)

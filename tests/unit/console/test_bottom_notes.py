"""What the bottom line says: an answer to a key, and news, each for its time."""

from __future__ import annotations

from console.widgets.notes import NOTE_SECONDS, READ_SECONDS, Notes
from console.widgets.spans import Line, line

COPIED, SORTED = line("copied the YAML"), line("sorted by AGE")
ALARM, WAITS = line("an app is degraded"), line("somebody asks")


def _seen(notes: Notes, *times: float) -> list[Line]:
    seen = []
    for now in times:
        notes.pass_to(now)
        seen.append(notes.shown)
    return seen


def test_a_note_stays_for_its_time() -> None:
    notes = Notes()
    assert _seen(notes, 0.0) == [()]
    notes.answer(COPIED, 10.0)
    assert notes.shown == COPIED
    assert _seen(notes, 10.0 + NOTE_SECONDS - 0.1, 10.0 + NOTE_SECONDS) == [COPIED, ()]
    notes.tell(ALARM, 20.0)
    assert notes.shown == ALARM
    assert _seen(notes, 20.0 + NOTE_SECONDS - 0.1, 20.0 + NOTE_SECONDS) == [ALARM, ()]


def test_news_right_behind_an_answer_waits_until_that_could_be_read() -> None:
    notes = Notes()
    notes.answer(COPIED, 10.0)
    notes.tell(ALARM, 10.001)
    assert notes.shown == COPIED
    told = 10.0 + READ_SECONDS
    assert _seen(notes, told - 0.1, told) == [COPIED, ALARM]
    assert _seen(notes, told + NOTE_SECONDS - 0.1, told + NOTE_SECONDS) == [ALARM, ()]


def test_news_comes_at_once_where_the_answer_was_read() -> None:
    notes = Notes()
    notes.answer(COPIED, 10.0)
    notes.tell(ALARM, 10.0 + READ_SECONDS)
    assert notes.shown == ALARM


def test_an_answer_comes_at_once_and_the_news_that_it_covers_comes_again() -> None:
    notes = Notes()
    notes.tell(ALARM, 10.0)
    notes.answer(COPIED, 10.5)
    assert notes.shown == COPIED
    notes.answer(SORTED, 11.0)
    told = 11.0 + READ_SECONDS
    assert _seen(notes, 11.0, told, told + NOTE_SECONDS) == [SORTED, ALARM, ()]


def test_of_two_of_a_kind_the_later_counts() -> None:
    notes = Notes()
    notes.tell(ALARM, 10.0)
    notes.tell(WAITS, 10.5)
    assert notes.shown == WAITS
    notes.answer(COPIED, 11.0)
    notes.tell(ALARM, 11.5)
    told = 11.0 + READ_SECONDS
    assert _seen(notes, 11.5, told, told + NOTE_SECONDS) == [COPIED, ALARM, ()]


def test_what_a_key_takes_away_is_what_is_shown() -> None:
    notes = Notes()
    notes.answer(COPIED, 10.0)
    notes.tell(ALARM, 10.1)
    notes.drop()
    assert notes.shown == ()
    assert _seen(notes, 10.2) == [ALARM]
    notes.drop()
    assert _seen(notes, 10.3) == [()]

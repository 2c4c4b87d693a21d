"""A broken glass, as a station tells of it: asked for with the first word, unlike other answers."""

import msgspec


class Glass(msgspec.Struct, frozen=True):
    """A broken glass: until when `who` needs no second person, and why. `at` is when it broke."""

    who: str
    uid: int
    reason: str
    at: float
    until: float

"""What one cell of a terminal holds: a grapheme, a style, and how many cells it takes."""

from functools import lru_cache
from typing import Final, NamedTuple


class Style(NamedTuple):
    """How a cell looks. Equal styles look equal; nothing in it is random.

    `attributes` are the SGR numbers that are on (1 bold, 2 dim, 3 italic, 4 underline …), sorted;
    `ink` and `paper` the SGR parameters of the colours, "" for the terminal's own; `link` the
    target of an OSC 8 link without its id, which Textual draws by lot.
    """

    attributes: tuple[int, ...] = ()
    ink: str = ""
    paper: str = ""
    link: str = ""


PLAIN: Final = Style()
OFF: Final = {
    1: 22, 2: 22, 3: 23, 4: 24, 21: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 51: 54, 52: 54, 53: 55,
}  # fmt: skip
"""Each attribute's SGR number, and the one that takes it away again."""
ON_BLANKS: Final = frozenset({4, 21, 7, 9, 51, 52, 53})
"""Attributes that are seen where there is no letter."""


@lru_cache(maxsize=4096)
def styled(style: Style, parameters: str) -> Style | None:
    """Return *style* after `ESC[parameters m`, None where a number in it is not known."""
    attributes, (_, ink, paper, link) = set(style.attributes), style
    numbers = parameters.split(";")
    at = 0
    while at < len(numbers):
        code = int(numbers[at] or 0)
        at += 1
        if code == 0:
            attributes, ink, paper = set(), "", ""
        elif code in OFF:
            attributes.add(code)
        elif code in OFF.values():
            attributes = {one for one in attributes if OFF[one] != code}
        elif code in (38, 48):
            taken = {"5": 2, "2": 4}.get(numbers[at] if at < len(numbers) else "", 0)
            if not taken or at + taken > len(numbers):
                return None
            colour = ";".join([str(code), *numbers[at : at + taken]])
            at += taken
            ink, paper = (colour, paper) if code == 38 else (ink, colour)
        elif 30 <= code <= 39 or 90 <= code <= 97:
            ink = str(code) if code != 39 else ""
        elif 40 <= code <= 49 or 100 <= code <= 107:
            paper = str(code) if code != 49 else ""
        else:
            return None
    return Style(tuple(sorted(attributes)), ink, paper, link)


@lru_cache(maxsize=4096)
def turning(before: Style | None, after: Style) -> str:
    """Return the shortest controls that turn *before* (None: not known) into *after*."""
    link = ""
    if before is None or before.link != after.link:
        link = f"\x1b]8;;{after.link}\x1b\\" if before is not None or after.link else ""
    whole = ["0", *map(str, after.attributes), *filter(None, (after.ink, after.paper))]
    if before is None:
        return link + f"\x1b[{';'.join(whole)}m"
    codes: list[str] = []
    gone = {OFF[one] for one in before.attributes if one not in after.attributes}
    codes += map(str, sorted(gone))
    codes += [
        str(one) for one in after.attributes if one not in before.attributes or OFF[one] in gone
    ]
    if before.ink != after.ink:
        codes.append(after.ink or "39")
    if before.paper != after.paper:
        codes.append(after.paper or "49")
    if not codes:
        return link
    short = min(";".join(codes), ";".join(whole), key=len)
    return link + f"\x1b[{'' if short == '0' else short}m"


@lru_cache(maxsize=4096)
def erasable(style: Style) -> bool:
    """Return whether a blank in *style* is nothing but its paper."""
    return not style.link and ON_BLANKS.isdisjoint(style.attributes)


def blank_alike(one: Style | None, other: Style) -> bool:
    """Return whether a blank looks the same in both."""
    return one == other or (
        one is not None and one.paper == other.paper and erasable(one) and erasable(other)
    )


SINGLE: Final = frozenset(
    chr(point)
    for first, last in (
        (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x377), (0x384, 0x38A), (0x38E, 0x3A1),
        (0x3A3, 0x482), (0x2010, 0x2027), (0x2190, 0x21FF), (0x2500, 0x25FC), (0x2714, 0x2714),
        (0x2716, 0x2716), (0x2800, 0x28FF),
    )
    for point in range(first, last + 1)
)  # fmt: skip
"""Characters of one cell that stand alone and do no harm: most of what is on screen."""


class Cut(NamedTuple):
    """Text cut into cells. A wide grapheme is followed by ""; `joins` goes to the cell before."""

    cells: list[str]
    joins: str = ""


def cut(text: str) -> Cut:
    """Cut *text* into cells, measured as Textual measures it."""
    if text.isascii() or SINGLE.issuperset(text):
        return Cut(list(text))
    return _cut(text)


@lru_cache(maxsize=2048)
def _cut(text: str) -> Cut:
    from rich.cells import split_graphemes

    spans, _ = split_graphemes(text)
    cells: list[str] = []
    joins = ""
    for start, end, width in spans:
        grapheme = text[start:end]
        if width == 0 and not cells:
            joins += grapheme
        elif width == 0:
            cells[-1 if cells[-1] else -2] += grapheme
        else:
            cells.append(grapheme)
            cells += [""] * (width - 1)
    return Cut(cells, joins)


@lru_cache(maxsize=4096)
def doubtful(cell: str) -> int:
    """Return in how many cells a terminal may draw *cell* where that is in doubt, else 0.

    A joined emoji is one grapheme of two cells here and two of four in many a terminal; one of
    Unicode's last years is narrow where the terminal is older.
    """
    if len(cell) == 1:
        return 0 if ord(cell) < 0x1F000 else 2
    from unicodedata import combining

    from rich.cells import get_character_cell_size

    if len(cell) == 0 or (ord(cell[0]) < 0x1F000 and all(combining(one) for one in cell[1:])):
        return 0
    return max(2, sum(get_character_cell_size(one) for one in cell))

"""The language of `/`: words that must all occur, `-word` that must not, `field:value`.

`oxygen -calm`, `ns:life-support health:degraded,failed`, `"pull fails"`, and comparisons where a
field is a number or a time: `restarts:>3`, `age:>1h`. What cannot be read is said in `errors`,
beside whatever the rest of the filter finds; nothing is raised while a person types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from console.rows.comparing import Comparison, parse_comparison
from console.rows.values import Value, measures

ALIASES: Mapping[str, str] = {
    "ns": "namespace", "svc": "service", "img": "image", "rev": "number", "reason": "why",
}  # fmt: skip
"""Short names of fields, where the long one exists."""

_TERM = re.compile(r'(-?)(?:([A-Za-z_]+):)?([<>]?=?"[^"]*"?|\S*)')
_COMPARES = re.compile(r"[<>=]|[?]$")


class Term(NamedTuple):
    """One condition: any of `values` occurs in `field` ("" for any field), or none if negated."""

    values: tuple[str, ...]
    field: str = ""
    negated: bool = False

    def matches(self, haystack: Mapping[str, str]) -> bool:
        """Whether *haystack* meets this condition; letter case does not matter."""
        texts = [haystack.get(self.field, "")] if self.field else list(haystack.values())
        found = any(value in text.lower() for text in texts for value in self.values)
        return found is not self.negated

    def finds(self, text: str, haystack: Callable[[], Mapping[str, str]]) -> bool:
        """Whether a record meets this condition of which *text* is `searched(haystack())`.

        The fields themselves are made only where the text cannot tell.
        """
        found = any(value in text for value in self.values)
        if found and self.field:
            return self.matches(haystack())
        return found is not self.negated


def searched(haystack: Mapping[str, str]) -> str:
    """Return all of *haystack* as one text to look for words in: most filters need no more."""
    return "\n".join(haystack.values()).lower()


class Filter(NamedTuple):
    """A filter that was read: its conditions, and a line on each thing that makes no sense."""

    terms: tuple[Term, ...] = ()
    errors: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    def matches(self, haystack: Mapping[str, str], record: Any = None, now: float = 0.0) -> bool:
        """Whether *haystack*, and what *record* says at *now*, meet every condition."""
        return all(term.matches(haystack) for term in self.terms) and all(
            one.matches(record, now) for one in self.comparisons
        )

    def finds(
        self, text: str, haystack: Callable[[], Mapping[str, str]], record: Any, now: float
    ) -> bool:
        """Whether *record* meets every condition, of which *text* is `searched(haystack())`."""
        for term in self.terms:
            if not term.finds(text, haystack):
                return False
        return all(one.matches(record, now) for one in self.comparisons)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.terms or self.comparisons)

    @property
    def ages(self) -> bool:
        """Whether what it lets through changes with the time alone."""
        return any(one.ago or one.clock for one in self.comparisons)

    @property
    def words(self) -> tuple[str, ...]:
        """What must occur, to highlight it."""
        return tuple(value for term in self.terms if not term.negated for value in term.values)

    def within(self, other: Filter) -> bool:
        """Whether all that this lets through *other* does, as far as that can be told at once.

        A letter more of a word: then only what was found so far has to be looked at.
        """
        if len(self.terms) < len(other.terms) or other.comparisons != self.comparisons:
            return False
        return not other.ages and all(
            mine == its
            or (
                (mine.field, mine.negated, its.negated) == (its.field, False, False)
                and len(its.values) == 1
                and all(its.values[0] in value for value in mine.values)
            )
            for mine, its in zip(self.terms, other.terms, strict=False)
        )


NONE = Filter()
"""The filter that lets everything through."""
NO_TITLES: Mapping[str, str] = MappingProxyType({})


def parse(
    text: str,
    fields: Sequence[str] = (),
    values: Sequence[Value] = (),
    titles: Mapping[str, str] = NO_TITLES,
) -> Filter:
    """Read *text*; *fields* are the names that `field:value` may use, *values* what can be
    compared. *titles* are what the columns are called, by that: a person types what they see.
    """
    compared = measures(values)
    terms: list[Term] = []
    errors: list[str] = []
    comparisons: list[Comparison] = []
    for match in _TERM.finditer(text):
        minus, field, body = match.group(1), (match.group(2) or "").lower(), match.group(3)
        if not match.group():
            continue
        quotes = body.count('"')
        if quotes == 1 and body.lstrip("<>=").startswith('"'):
            errors.append("a quotation mark is not closed")
        typed = field
        if field not in fields and field not in compared:
            field = next((one for one in (ALIASES.get(field), titles.get(field))
                          if one in fields or one in compared), field)  # fmt: skip
        value = body.strip('"').lower()
        one = compared.get(field)
        if one is not None and body and (field not in fields or _COMPARES.match(body)):
            made = parse_comparison(body.replace('"', ""), one, negated=bool(minus))
            if isinstance(made, str):
                errors.append(made)
            else:
                comparisons.append(made)
            continue
        if field and fields and field not in fields and one is None:
            if not value.startswith("/"):
                errors.append(
                    f"no field {field}; there are {', '.join(field_names(fields, values))}"
                )
            field, value = "", f"{field}:{value}"
        elif field and one is None and _COMPARES.match(body):
            errors.append(f"{typed} is text: {typed}:word finds it; {_comparable(values)}")
            continue
        if not value:
            errors.append(f"{typed}: wants a value" if field else f"{minus or body} wants a word")
            continue
        quoted = body.startswith('"')
        these = (value,) if quoted or not field else tuple(filter(None, value.split(",")))
        if these:
            terms.append(Term(these, field, bool(minus)))
    return Filter(tuple(terms), tuple(dict.fromkeys(errors)), tuple(comparisons))


def field_names(named: Sequence[str], values: Sequence[Value]) -> list[str]:
    """Return the names of all fields: those of *named*, and what of *values* can be compared."""
    return [*named, *(name for name in measures(values) if name not in named)]


def _comparable(values: Sequence[Value]) -> str:
    names = ", ".join(measures(values))
    return f"compared can be {names}" if names else "nothing here can be compared"

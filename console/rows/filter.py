"""The language of `/`: words that must all occur, `-word` that must not, `field:value`.

`oxygen -calm`, `ns:life-support health:degraded,failed`, `"pull fails"`. What cannot be read is
said in `errors`, beside whatever the rest of the filter finds; nothing is raised while a person
types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

ALIASES: Mapping[str, str] = {"ns": "namespace", "svc": "service", "img": "image", "rev": "number"}
"""Short names of fields, where the long one exists."""

_TERM = re.compile(r'(-?)(?:([A-Za-z_]+):)?("[^"]*"?|\S*)')


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


class Filter(NamedTuple):
    """A filter that was read: its conditions, and a line on each thing that makes no sense."""

    terms: tuple[Term, ...] = ()
    errors: tuple[str, ...] = ()

    def matches(self, haystack: Mapping[str, str]) -> bool:
        """Whether *haystack* meets every condition."""
        return all(term.matches(haystack) for term in self.terms)

    @property
    def words(self) -> tuple[str, ...]:
        """What must occur, to highlight it."""
        return tuple(value for term in self.terms if not term.negated for value in term.values)


NONE = Filter()
"""The filter that lets everything through."""


def parse(text: str, fields: Sequence[str] = ()) -> Filter:
    """Read *text*; *fields* are the names that `field:value` may use."""
    terms: list[Term] = []
    errors: list[str] = []
    for match in _TERM.finditer(text):
        minus, field, body = match.group(1), (match.group(2) or "").lower(), match.group(3)
        if not match.group():
            continue
        if body.startswith('"') and (len(body) == 1 or not body.endswith('"')):
            errors.append("a quotation mark is not closed")
        field = ALIASES[field] if field in ALIASES and ALIASES[field] in fields else field
        value = body.strip('"').lower()
        if field and fields and field not in fields:
            if not value.startswith("/"):
                errors.append(f"no field is called {field}; there are {', '.join(fields)}")
            field, value = "", f"{field}:{value}"
        if not value:
            errors.append(f"{field}: wants a value" if field else f"{minus or body} wants a word")
            continue
        quoted = body.startswith('"')
        values = (value,) if quoted or not field else tuple(filter(None, value.split(",")))
        if values:
            terms.append(Term(values, field, bool(minus)))
    return Filter(tuple(terms), tuple(dict.fromkeys(errors)))

"""How far it is known which records of a kind there are: that one is not here proves nothing
while what would bring it is silent.
"""

from typing import NamedTuple

from adapters.records import AdapterStatus, Quality, Scope, ScopeState
from console.rows.bringers import SPEAKS
from console.rows.context import Context, quality_text
from console.store import ScopeName


class Known(NamedTuple):
    """Why the records of one kind cannot be trusted, by the scope that brought them, and `whole`:
    why there may be others than those that are here. "" where that is not so.
    """

    scopes: tuple[tuple[ScopeName, str], ...]
    whole: str

    def doubt(self, name: ScopeName | None) -> str:
        """Return why what the scope *name* brought cannot be trusted, "" where it can."""
        return dict(self.scopes).get(name or ("", ""), "")


def known(kind: str, context: Context) -> Known:
    """Return how far it is known which records of *kind* there are.

    Nobody says which adapters bring what before they did. So an instance that is silent counts as
    one that may bring more where another of its sort has brought records of *kind*.
    """
    store = context.store
    bringing = store.bringing(kind)
    scopes = {name: _doubt(name, context) for name in bringing}
    found = [text for text in scopes.values() if text]
    if not bringing:
        found.append(f"no {kind.lower()} was received yet")
    found += _silent({source for source, _ in bringing}, context)
    return Known(tuple(scopes.items()), found[0] if found else "")


def _doubt(name: ScopeName, context: Context) -> str:
    quality, since = context.store.quality_of_scope(name)
    if quality is Quality.FRESH:
        return ""
    if context.store.disconnected_since is not None:
        return "no connection to the station"
    return f"{' '.join(name)} {quality_text(quality, since, context.now)}"


def _silent(sources: set[str], context: Context) -> list[str]:
    """Return who of the sort of *sources* has not said yet what it has."""
    adapters = {one.name or one.source: one for one in context.store.every(AdapterStatus)}
    sorts = {adapters[source].adapter for source in sources if source in adapters}
    alike = {name for name, one in adapters.items() if one.adapter in sorts}
    found = [
        f"{name} is {adapters[name].state}"
        for name in sorted(alike)
        if adapters[name].state not in SPEAKS
    ]
    found += [
        f"{scope.source} {scope.name} {scope.state}"
        for scope in context.store.every(Scope)
        if scope.source in alike and scope.state is ScopeState.NEVER
    ]
    return found

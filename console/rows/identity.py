"""Whether an app and its token name each other: the join that says who an app is.

The workload names its token by a CAIP-19 name, the token names its app as `namespace/name`. Each
side can be changed without the other, and either can be out of sight: then it is not known, which
is neither a match nor a mismatch.
"""

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adapters.records import App, Key, Token
from console.joins import Asset, asset_of, parse_asset, plain_name
from console.rows import marks
from console.rows.cells import Cell
from console.rows.context import Context
from console.rows.known import Known, known


class Identity(enum.StrEnum):
    """How an app's and a token's word on each other stand, the worst first."""

    MISMATCH = "mismatch"
    ORPHAN = "orphan"
    UNCLAIMED = "unclaimed"
    UNKNOWN = "not known"
    MATCH = "match"


_MARKS: Mapping[Identity, Cell] = {
    Identity.MISMATCH: Cell(marks.WARN, "warn"),
    Identity.ORPHAN: Cell(marks.WARN, "warn"),
    Identity.UNCLAIMED: Cell(marks.IDLE, "dim"),
    Identity.UNKNOWN: Cell(marks.UNKNOWN, "unknown"),
    Identity.MATCH: Cell(marks.GOOD, "good"),
}
RANK: Mapping[Identity, int] = {state: rank for rank, state in enumerate(Identity)}
"""From the worst to what needs no look."""


class Verdict(NamedTuple):
    """How one token, or the token that one app names, stands.

    `why` says what each side names; `brief` leaves out what the token names, for where that stands
    beside it, and is "" for a match. `token` is None where the app names one that is not there;
    `apps` are those that name the token or answer to the name in it.
    """

    state: Identity
    why: str
    brief: str
    token: Token | None = None
    apps: tuple[App, ...] = ()


class Survey(NamedTuple):
    """How all tokens stand: how many of each state, what is wrong, the worst first, and each one.

    `wrong` holds mismatches and orphans, apps that name a token which is not there among them.
    """

    counts: Mapping[Identity, int]
    wrong: tuple[Verdict, ...]
    states: Mapping[Key, Identity]


class Sides(NamedTuple):
    """How far the two sides are known: computed once for a look at many."""

    tokens: Known
    apps: Known


def mark(state: Identity) -> Cell:
    """Return the shape and tone of *state*."""
    return _MARKS[state]


def sides(context: Context) -> Sides:
    """Return how far tokens and apps are known now."""
    return Sides(known("Token", context), known("App", context))


def survey(context: Context) -> Survey:
    """Return how all tokens stand. Made again only where a name or what is known changed."""
    look = sides(context)
    version = (context.store.linked, look)
    return context.store.memo("identity", version, lambda: _survey(context, look))


def _survey(context: Context, look: Sides) -> Survey:
    tokens = context.store.every(Token)
    verdicts = [of_token(token, context, look) for token in tokens]
    states = {token.key: one.state for token, one in zip(tokens, verdicts, strict=True)}
    counts = Counter(states.values())
    wrong = [one for one in verdicts if one.state in (Identity.MISMATCH, Identity.ORPHAN)]
    for app in context.store.every(App):
        if app.token and context.store.token_of(app) is None:
            verdict = of_app(app, context, look)
            if verdict is not None and verdict.state is Identity.MISMATCH:
                wrong.append(verdict)
    wrong.sort(key=lambda one: (RANK[one.state], subject(one)))
    return Survey(counts, tuple(wrong), states)


def subject(verdict: Verdict) -> str:
    """Return what *verdict* is about: "#4", or the app where there is no token."""
    if verdict.token is not None:
        return f"#{verdict.token.name}"
    return ", ".join(map(plain_name, verdict.apps))


def of_token(token: Token, context: Context, look: Sides | None = None) -> Verdict:
    """Return how *token* stands."""
    look = look or sides(context)
    scope = context.store.owner_of(token.key)
    doubt = look.tokens.doubt(scope) if scope is not None else look.tokens.whole
    return _doubted(_judged(token, context), doubt or look.apps.whole, look.apps)


def of_app(app: App, context: Context, look: Sides | None = None) -> Verdict | None:
    """Return how *app* and the token that it names stand; None where neither names the other."""
    look = look or sides(context)
    store = context.store
    naming = store.tokens_naming(plain_name(app))
    if not app.token:
        return of_token(naming[0], context, look) if naming else None
    token = store.token_of(app)
    if token is not None:
        return of_token(token, context, look)
    state, asset = Identity.MISMATCH, parse_asset(app.token)
    if asset is None:
        why = f"names {app.token}, which is no CAIP-19 name"
        return Verdict(state, why, why, None, (app,))
    why = f"names {token_text(asset, context)}"
    if naming:
        why += f"; {_listed([f'#{one.name}' for one in naming])} names it"
    elif _watched(asset, context):
        why += ", which is not on the chain"
    else:
        state = Identity.UNKNOWN
        why += f" of {asset.contract} on chain {asset.chain_id}, which is not watched"
    verdict = Verdict(state, why, why, None, (app,))
    doubt = look.tokens.whole or look.apps.doubt(store.owner_of(app.key))
    return _doubted(verdict, doubt, look.tokens)


def _doubted(verdict: Verdict, doubt: str, other: Known) -> Verdict:
    """Return *verdict* as what it was when *doubt* began, if it did; *other* is the other side.

    Where nothing of the other side ever came there was no verdict before.
    """
    if not doubt or verdict.state is Identity.UNKNOWN:
        return verdict
    if not other.scopes:
        return verdict._replace(state=Identity.UNKNOWN, why=doubt, brief=doubt)
    return verdict._replace(
        state=Identity.UNKNOWN,
        why=f"{doubt} · last known: {verdict.state}, {verdict.why}",
        brief=f"last known: {verdict.state}",
    )


def _judged(token: Token, context: Context) -> Verdict:
    """Return how *token* stands by what is here, as if all of that were so now."""
    store = context.store
    claiming = tuple(store.apps_claiming(token))
    called = tuple(store.apps_called(token.app)) if token.app else ()
    both = tuple(dict.fromkeys((*called, *claiming)))
    state, said = _compared(token, called, claiming, context)
    if state is Identity.MATCH:
        return Verdict(state, "each names the other", "", token, both)
    brief = said
    if len(claiming) == 1:
        brief = said.replace(plain_name(claiming[0]), claiming[0].name)
    names = "" if token.app is None else f"names {token.app or 'no app'}; "
    return Verdict(state, names + said, brief, token, both)


def _compared(
    token: Token, called: Sequence[App], claiming: Sequence[App], context: Context
) -> tuple[Identity, str]:
    """Compare the apps *called* as the token names its app with those *claiming* the token."""
    if token.app is None:
        return Identity.UNKNOWN, "its app was not read yet"
    if len(claiming) > 1:
        return Identity.MISMATCH, f"{_whole(claiming)} name it"
    if len(called) > 1:
        return Identity.MISMATCH, f"{_whole(called)} answer to that name"
    if claiming and list(claiming) == list(called):
        return Identity.MATCH, ""
    missing = "" if called or not token.app else ", and its app is not there"
    if claiming:
        return Identity.MISMATCH, f"{plain_name(claiming[0])} names it{missing}"
    if not token.app:
        return Identity.UNCLAIMED, "no app names it"
    if not called:
        return Identity.ORPHAN, "that app is not there"
    if called[0].token:
        asset = parse_asset(called[0].token)
        other = token_text(asset, context, token) if asset else called[0].token
        return Identity.MISMATCH, f"the app names {other}"
    return Identity.UNCLAIMED, "the app names no token"


def token_text(asset: Asset, context: Context, beside: Token | None = None) -> str:
    """Return "#5", with the contract or the chain where that is not the one *beside* it."""
    token = context.store.token(asset)
    text = f"#{asset.token}"
    here = asset_of(beside) if beside is not None else None
    if here is not None and asset.chain_id != here.chain_id:
        return f"{text} on chain {asset.chain_id}"
    if here is not None and asset.contract != here.contract:
        name = token.namespace if token is not None else asset.contract
        return f"{text} of {name}"
    return text


def _watched(asset: Asset, context: Context) -> bool:
    """Whether the tokens of the contract of *asset* would be here."""
    chain_id, address, _ = asset
    contract = context.store.contract_at(chain_id, address)
    tokens = context.store.tokens_in(chain_id, address)
    return bool(tokens) or (contract is not None and contract.standard == "ERC-721")


def _whole(apps: Sequence[App]) -> str:
    """Return *apps* so that two of one name can be told apart."""
    plain = [plain_name(app) for app in apps]
    if len(set(plain)) == len(plain):
        return _listed(plain)
    return _listed([f"{one.source}:{one.namespace}/{one.workload}/{one.name}" for one in apps])


def _listed(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

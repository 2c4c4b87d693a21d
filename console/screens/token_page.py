"""A token's page as plain data: who holds it, both sides of its identity, and its history."""

from __future__ import annotations

from adapters.records import App, Token
from console.rows import accounts, apps, chains, identity, ledger, marks, numbers, times, tokens
from console.rows.context import Context, quality_text
from console.rows.identity import Identity
from console.screens.detail_page import section
from console.screens.labelled import copyable, labelled
from console.widgets.spans import Row, line, rule, spread
from console.widgets.wrapped import wrapped


def token_rows(token: Token, context: Context, width: int) -> list[Row]:
    """Return the page of *token* in *width* cells."""
    rows = [*_state(token, context, width), Row(())]
    rows += copyable("owner", accounts.whole(token.owner, token.owner_name), width)
    since = f"{times.utc(token.since, context.now)}, {times.age(token.since, context.now)}"
    block = f" · block {chains.height(token.since_block)}" if token.since_block is not None else ""
    rows += labelled("since", (since if token.since else marks.NOTHING) + block, "", width)
    rows += labelled("changed hands", numbers.plural(token.transfers, "time"), "", width)
    read = {True: "ownerOf agrees with the Transfer logs", None: "ownerOf was not asked yet",
            False: "ownerOf disagrees with the Transfer logs"}[token.reconciled]  # fmt: skip
    rows += labelled("read", read, "bad" if token.reconciled is False else "dim", width)
    contract = f"{token.namespace} {token.contract}"
    held = context.store.contract_at(token.chain_id, token.contract)
    if held is None:
        rows += labelled("contract", contract, "", width)
    else:
        rows += labelled("contract", contract, "", width, target=held.key)
    rows += copyable("asset", token.asset, width)
    if token.uri:
        rows += copyable("uri", token.uri, width)
    rows += [Row(()), *_sides(token, context, width), Row(())]
    found = context.store.ledger_of_token(token)
    return rows + section("HISTORY", ledger, found, context, width, hint="enter opens an entry")


def _state(token: Token, context: Context, width: int) -> list[Row]:
    verdict = identity.of_token(token, context)
    mark = identity.mark(verdict.state)
    trust = quality_text(*context.store.quality(token), context.now)
    right = line((trust, "stale") if trust else ("live", "dim"), " ")
    head = line((f" {mark.text} ", mark.tone), (str(verdict.state), mark.tone))
    why = tokens.why_text(token, verdict.why)
    return [Row(spread(head, right, width)), *wrapped(why, width - 1, "", indent=3)]


def _sides(token: Token, context: Context, width: int) -> list[Row]:
    """Return what the token names, and which workloads name the token."""
    store = context.store
    rows = [rule(width, line(("BOTH SIDES", "title")))]
    if token.app is None:
        rows += labelled("the token names", "not known", "unknown", width)
    elif not token.app:
        rows += labelled("the token names", "no app", "dim", width)
    else:
        called = store.apps_called(token.app)
        if not called:
            missing = identity.of_token(token, context).state is not Identity.UNKNOWN
            hint = "no such app is here" if missing else "whether there is one is not known"
            rows += labelled("the token names", token.app, "", width, hint=hint)
        for number, app in enumerate(called):
            rows += _app("" if number else "the token names", app, width)
    claiming = store.apps_claiming(token)
    if not claiming:
        rows += labelled("named by", "no workload", "dim", width)
    for number, app in enumerate(claiming):
        rows += _app("" if number else "named by", app, width)
    return rows


def _app(label: str, app: App, width: int) -> list[Row]:
    mark = apps.of_app(app)
    text = f"{app.namespace}/{app.name}  {app.workload} of {app.source}"
    hint = f"{mark.text} {app.health}  enter opens it"
    return labelled(label, text, "", width, target=app.key, hint=hint)

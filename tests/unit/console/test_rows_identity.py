"""Whether apps and tokens name each other: each state, and that what is not known is none."""

from __future__ import annotations

import chain_records as on
import colony_records as colony
import pytest

from adapters.records import AdapterState, Key, ScopeState
from console.feed.messages import Interest, Parcel
from console.joins import Asset, asset_told, parse_asset
from console.rows import identity
from console.rows.context import Context
from console.rows.identity import Identity, of_app, of_token

LIFE = "life-support"
OTHER = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"


def test_a_match_takes_both_sides_in_whatever_case_the_address_is() -> None:
    token, app = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen")
    for spelled in (on.CONTRACT, on.CONTRACT.lower(), "0x" + on.CONTRACT[2:].upper()):
        named = colony.app("oxygen", token=on.asset(3, contract=spelled))
        verdict = of_token(token, on.context(token, named))
        assert (verdict.state, verdict.brief) == (Identity.MATCH, "")
        assert of_app(named, on.context(token, named)) == verdict
    assert of_token(token, on.context(token, app)).state is Identity.UNCLAIMED


@pytest.mark.parametrize(
    ("named", "app", "state", "why"),
    [
        ("", None, Identity.UNCLAIMED, "names no app; no app names it"),
        (f"{LIFE}/oxygen", None, Identity.UNCLAIMED,
         f"names {LIFE}/oxygen; the app names no token"),
        (f"{LIFE}/gone", None, Identity.ORPHAN, f"names {LIFE}/gone; that app is not there"),
        ("", 3, Identity.MISMATCH, f"names no app; {LIFE}/oxygen names it"),
        (f"{LIFE}/gone", 3, Identity.MISMATCH,
         f"names {LIFE}/gone; {LIFE}/oxygen names it, and its app is not there"),
        (f"{LIFE}/oxygen", 5, Identity.MISMATCH, f"names {LIFE}/oxygen; the app names #5"),
        (None, 3, Identity.UNKNOWN, "its app was not read yet"),
    ],
)  # fmt: skip
def test_what_each_side_names(
    named: str | None, app: int | None, state: Identity, why: str
) -> None:
    token, workload = on.token(3, named), on.app("oxygen", app)
    verdict = of_token(token, on.context(token, workload))
    assert (verdict.state, verdict.why) == (state, why)


def test_another_app_names_the_token() -> None:
    records = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen"), on.app("water", 3)
    verdict = of_token(records[0], on.context(*records))
    assert verdict.state is Identity.MISMATCH
    assert verdict.why == f"names {LIFE}/oxygen; {LIFE}/water names it"
    assert verdict.brief == "water names it"
    assert {app.name for app in verdict.apps} == {"oxygen", "water"}


def test_the_chain_and_the_contract_must_agree() -> None:
    token = on.token(3, f"{LIFE}/oxygen")
    elsewhere = colony.app("oxygen", token=on.asset(3, chain=1))
    assert of_token(token, on.context(token, elsewhere)).brief == "the app names #3 on chain 1"
    other = colony.app("oxygen", token=on.asset(3, contract=OTHER))
    verdict = of_token(token, on.context(token, other))
    assert verdict.state is Identity.MISMATCH
    assert verdict.brief == f"the app names #3 of {OTHER.lower()}"


def test_two_workloads_that_name_one_token_are_both_listed() -> None:
    records = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3), on.app("water", 3)
    context = on.context(*records)
    verdict = of_token(records[0], context)
    assert verdict.state is Identity.MISMATCH
    assert verdict.brief == f"{LIFE}/oxygen and {LIFE}/water name it"
    assert of_app(records[2], context) == verdict


def test_two_apps_that_answer_to_one_name_are_both_listed() -> None:
    far = on.app("oxygen", source="far", workload="StatefulSet")
    scope = colony.scope("deployments", source="far")
    records = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3), far, scope
    verdict = of_token(records[0], on.context(*records))
    assert verdict.state is Identity.MISMATCH
    assert f"far:{LIFE}/StatefulSet/oxygen" in verdict.why
    assert f"tycho:{LIFE}/Deployment/oxygen" in verdict.why


def test_an_app_whose_token_is_not_there() -> None:
    app, other = on.app("oxygen", 99), on.token(3, "")
    verdict = of_app(app, on.context(app, other))
    assert verdict is not None
    assert (verdict.state, verdict.token) == (Identity.MISMATCH, None)
    assert verdict.why == "names #99, which is not on the chain"
    assert identity.survey(on.context(app, other)).wrong == (verdict,)
    named = on.token(5, f"{LIFE}/oxygen")
    verdict = of_app(app, on.context(app, named))
    assert verdict is not None
    assert verdict.why == "names #99; #5 names it"


def test_an_app_without_a_token_has_no_identity_and_one_that_nobody_can_read_is_wrong() -> None:
    bare, odd = on.app("oxygen"), colony.app("water", token="token three")
    context = on.context(bare, odd, on.token(9))
    assert of_app(bare, context) is None
    verdict = of_app(odd, context)
    assert verdict is not None
    assert verdict.state is Identity.MISMATCH
    assert verdict.why == "names token three, which is no CAIP-19 name"


@pytest.mark.parametrize("scope", ["tokens", "deployments"])
def test_a_side_that_is_stale_makes_all_of_it_not_known(scope: str) -> None:
    token, app, gone = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3), on.token(4, "no/app")
    context = on.context(token, app, gone, **{scope: ScopeState.STALE})
    for one, last in ((token, "match"), (gone, "orphan")):
        verdict = of_token(one, context)
        assert verdict.state is Identity.UNKNOWN
        assert f"{scope} stale since" in verdict.why
        assert f"last known: {last}" in verdict.why
    assert identity.survey(context).wrong == ()
    found = of_app(app, context)
    assert found is not None
    assert found.state is Identity.UNKNOWN


def test_a_side_that_was_never_received_is_not_known() -> None:
    token, app = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3)
    verdict = of_token(token, on.context(token))
    # There was no verdict before that could be the last one known.
    assert (verdict.state, verdict.brief) == (Identity.UNKNOWN, "no app was received yet")
    found = of_app(app, on.context(app))
    assert found is not None
    assert found.state is Identity.UNKNOWN
    assert "which is not watched" in found.why


def test_a_second_cluster_that_never_spoke_may_have_the_app() -> None:
    token = on.token(3, "far-away/oxygen")
    context = on.context(token, on.app("water"), colony.adapter("tycho"))
    assert of_token(token, context).state is Identity.ORPHAN
    down = colony.adapter("far", AdapterState.DOWN)
    context = on.context(token, on.app("water"), colony.adapter("tycho"), down)
    assert of_token(token, context).state is Identity.UNKNOWN
    assert "far is down" in of_token(token, context).why
    silent = colony.scope("deployments", ScopeState.NEVER, source="far", heard=None)
    up = colony.adapter("far")
    context = on.context(token, on.app("water"), colony.adapter("tycho"), up, silent)
    assert of_token(token, context).state is Identity.UNKNOWN


def test_a_snapshot_on_its_way_proves_nothing() -> None:
    token, app = on.token(3, f"{LIFE}/oxygen"), on.app("water")
    context = on.context(token, app)
    assert of_token(token, context).state is Identity.ORPHAN
    context.store.apply([Parcel("tycho", "deployments", (app,), begin=True)])
    assert of_token(token, context).state is Identity.UNKNOWN
    context.store.apply([Parcel("tycho", "deployments", (on.app("oxygen", 3),), end=True)])
    assert of_token(token, context).state is Identity.MATCH


def test_without_the_station_nothing_is_known() -> None:
    token, app = on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3)
    context = on.context(token, app)
    context.store.disconnected()
    assert of_token(token, context).state is Identity.UNKNOWN
    assert of_token(token, context).why.startswith("no connection to the station")


def test_the_survey_counts_and_names_the_worst_first() -> None:
    records = [
        on.token(1, f"{LIFE}/oxygen"), on.app("oxygen", 1), on.token(2, "no/app"), on.token(3),
        on.token(4, f"{LIFE}/water"), on.app("water", 9),
    ]  # fmt: skip
    found = identity.survey(on.context(*records))
    assert found.counts == {
        Identity.MATCH: 1, Identity.ORPHAN: 1, Identity.UNCLAIMED: 1, Identity.MISMATCH: 1,
    }  # fmt: skip
    assert [identity.subject(one) for one in found.wrong] == ["#4", f"{LIFE}/water", "#2"]


def _count(context: Context, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    judged: list[str] = []
    real = identity._judged

    def counting(token: on.Token, context: Context) -> identity.Verdict:
        judged.append(token.name)
        return real(token, context)

    monkeypatch.setattr(identity, "_judged", counting)
    return judged


def test_the_survey_is_made_again_only_where_a_name_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = on.context(*(on.token(n, f"{LIFE}/a{n}") for n in range(50)), on.app("a1", 1))
    judged = _count(context, monkeypatch)
    identity.survey(context)
    assert len(judged) == 50
    on.put(context, on.token(7, f"{LIFE}/a7", owner="0x1", transfers=2), on.app("a1", 1, ready=2))
    identity.survey(context)
    assert len(judged) == 50
    on.put(context, on.token(7, f"{LIFE}/other"))
    identity.survey(context)
    assert len(judged) == 100


def test_a_changed_name_marks_the_other_side_as_changed() -> None:
    context = on.context(on.token(3, f"{LIFE}/oxygen"), on.app("oxygen", 3), on.token(4))
    store = context.store
    store.take_dirty()
    on.put(context, on.app("oxygen", 4))
    touched = {key.name for key in store.take_dirty()["Token"]}
    assert touched == {"3", "4"}
    store.apply([Parcel("chain", "tokens", gone=(on.token(3).key,))])
    assert Key("tycho", "App", LIFE, "oxygen") in store.take_dirty()["App"]


def test_what_is_not_subscribed_to_is_not_known_to_be_missing() -> None:
    app, token = on.app("oxygen", 99), on.token(3)
    context = on.context(app, token)
    assert of_app(app, context).state is Identity.MISMATCH  # type: ignore[union-attr]
    context.store.keep_only([Interest("App"), Interest("Scope")])
    assert of_app(app, context).state is Identity.UNKNOWN  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    ["", "3", "eip155:1/erc721:0x12/3", on.asset("x"), on.asset(3) + "\n", on.asset(3)[:-1],
     on.asset("1" * 79), on.asset("٣")],
)  # fmt: skip
def test_what_is_no_name_of_an_asset(text: str) -> None:
    assert parse_asset(text) is None


def test_an_asset_is_one_however_its_id_is_written() -> None:
    assert parse_asset(on.asset("007")) == Asset(on.ID, on.CONTRACT.lower(), "7")
    whole = on.entry(token=on.asset(7))
    assert asset_told(whole) == asset_told(on.entry(token="7")) == parse_asset(on.asset(7))
    assert asset_told(on.entry(token="")) is None

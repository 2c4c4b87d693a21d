"""Why an app is down, as lines: the headline, the moment, the story of each link, the exit."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.links import PLACES, Changed, Fit, Link, Standing, explained, first_broken
from adapters.records import App, Health
from console.feed.answers import Why
from console.rows import why as rows
from console.rows.severity import Severity

NOW = 1_900_000_000.0
GOOD, MOVING = Standing.GOOD, Standing.MOVING
DEGRADED, BROKEN, UNKNOWN = Standing.DEGRADED, Standing.BROKEN, Standing.UNKNOWN


def app(health: Health = Health.HEALTHY, **more: Any) -> App:
    values: dict[str, Any] = {"source": "tycho", "namespace": "life-support", "name": "o2",
                              "ready": 2, "desired": 2}  # fmt: skip
    return App(health=health, **(values | more))


def made(of: App, *, since: float | None = None, **standings: Standing) -> Why:
    links = tuple(
        Link(name, PLACES[name], f"the {name}", standing, f"is {standing}", since=since)
        for name, standing in standings.items()
    )
    cause = first_broken(links)
    above = explained(links, cause) if cause is not None else ()
    return Why(of, links, NOW, cause, above, since)


DOWN = app(Health.FAILED, ready=0, reason="0 of 2 ready")
CASES: dict[str, tuple[Why, str, str, int]] = {
    "all is well": (made(app(), rollout=GOOD, pods=GOOD), "✔", "nothing is wrong", 0),
    "all that is known is well": (
        made(app(), rollout=GOOD, node=UNKNOWN), "✔", "nothing is wrong; 1 link not known", 0,
    ),
    "it is on its way": (
        made(app(Health.PROGRESSING, reason="1 of 2"), rollout=MOVING),
        "●", "on its way: 1 of 2", 0,
    ),
    "it is idle": (made(app(Health.IDLE, ready=0, desired=0), pods=GOOD), "◌", "idle", 0),
    "pods are down": (
        made(DOWN, rollout=BROKEN, pods=BROKEN), "✖", "pods the pods: is broken", 11,
    ),
    "some pods are": (
        made(app(Health.DEGRADED, ready=1), pods=DEGRADED), "▲", "pods the pods: is degraded", 10,
    ),
    "nobody announces what serves": (
        made(app(), pods=GOOD, announcer=BROKEN),
        "✖", "o2 is healthy, but announcer the announcer: is broken", 11,
    ),
    "the battery is low under what serves": (
        made(app(), pods=GOOD, power=DEGRADED),
        "▲", "o2 is healthy, but power the power: is degraded", 10,
    ),
    "the power is out under what serves": (
        made(app(), power=BROKEN), "▲", "o2 is healthy, but power the power: is broken", 10,
    ),
    "it is down, and no link says why": (
        made(DOWN, pods=UNKNOWN),
        "✖", "failed: 0 of 2 ready; no link is known to be broken; 1 link not known", 11,
    ),
    "nobody says anything of it": (
        made(app(Health.UNKNOWN)), "?", "unknown; nothing says what it stands on", 10,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_line_that_says_what_is_wrong(case: str) -> None:
    why, mark, text, status = CASES[case]
    cell, said = rows.headline(why)
    assert (cell.text, said) == (mark, text)
    assert rows.EXIT[rows.grade(why)] == status


def test_every_standing_has_a_shape_of_its_own() -> None:
    assert len({rows.mark(one).text for one in Standing}) == len(Standing)


def test_every_grade_has_an_exit_status() -> None:
    assert set(rows.EXIT) == set(Severity)


def test_when_it_broke() -> None:
    why = made(DOWN, since=NOW - 360, pods=BROKEN)
    assert rows.broke(why, NOW) == "broke 17:40:40Z, 6 min ago"
    weak = made(DOWN, since=NOW - 360, pods=DEGRADED)
    assert rows.broke(weak, NOW) == "so since 17:40:40Z, for 6 min"
    assert rows.broke(made(DOWN, pods=BROKEN), NOW) == "when it broke is not known"
    assert rows.broke(made(DOWN, pods=DEGRADED), NOW) == "since when is not known"
    assert rows.broke(made(app(), pods=GOOD), NOW) == ""


def test_what_each_link_is_in_the_story() -> None:
    why = made(DOWN, rollout=BROKEN, pods=BROKEN, node=BROKEN, token=GOOD)
    assert [rows.role(why, n) for n in range(4)] == ["with it", "with it", "broke first", ""]
    assert rows.with_it(why) == "rollout and pods fail with it"
    assert rows.role(made(app(), power=DEGRADED), 0) == "weakest"
    beside = made(DOWN, rollout=BROKEN, pods=BROKEN, node=GOOD, token=DEGRADED, power=DEGRADED)
    assert [rows.role(beside, n) for n in (3, 4)] == ["fails too", "fails too"]
    assert rows.with_it(beside) == "rollout fails with it; token and power fail too"


@pytest.mark.parametrize(
    ("ago", "known", "lead"),
    [(361.0, True, "as it broke"), (391.0, True, "31 s before"), (3_960.0, True, "1 h before"),
     (7_200.0, False, "2 h ago")],
)  # fmt: skip
def test_how_long_before(ago: float, known: bool, lead: str) -> None:
    why = made(DOWN, since=NOW - 360 if known else None, pods=BROKEN)
    assert rows.lead(Changed(NOW - ago, "rollout"), why) == lead


def test_where_the_app_is_known_its_name_is_left_out() -> None:
    of = app(name="o2-gen")
    pod = Changed(NOW, "Failed", "o2-gen-7d9f6c-x2x8z: Failed to pull", "kubelet", seen=True)
    assert rows.brief_words(pod, of) == "…-x2x8z: Failed to pull"
    deed = Changed(NOW, "Deployed", "Deployed life-support/o2-gen rev 12", "ops")
    assert rows.brief_words(deed, of) == "rev 12 · by ops"


def test_what_was_seen_at_one_moment_is_one_line_and_what_was_done_is_not() -> None:
    why = made(DOWN, since=NOW - 360, pods=BROKEN)
    seen = [Changed(NOW - 360, "Failed", str(n), seen=True) for n in range(3)]
    done = [Changed(NOW - 400 - n, "Named", str(n)) for n in range(2)]
    why = Why(why.app, why.links, NOW, 0, (), why.since, "", (*seen, *done))
    assert [(one.what, more) for one, more in rows.gathered(why)] == [
        ("Failed", 2), ("Named", 0), ("Named", 0),
    ]  # fmt: skip


def test_as_json_what_is_not_known_is_null() -> None:
    why = made(DOWN, rollout=BROKEN, pods=BROKEN)
    told = rows.why_json(why)
    assert (told["broken"], told["broken_since"], told["grade"]) == ("pods", None, "critical")
    assert [one["broke_first"] for one in told["links"]] == [False, True]
    assert rows.why_json(made(app(), pods=GOOD))["broken"] is None


def test_the_report_names_the_command_that_may_mend_it() -> None:
    why = made(DOWN, since=NOW - 360, pods=BROKEN)
    fit = Fit("contract.call", "rename", (("args", '["3", "a b"]'),))
    changes = (Changed(NOW - 391, "rollout", "revision 12", "ana"),)
    whole = Why(why.app, why.links, NOW, 0, (), why.since, "its clock", changes, (fit,))
    text = "\n".join(rows.report(whole, NOW))
    assert "✖ life-support/o2  pods the pods: is broken" in text
    assert "broke 17:40:40Z, 6 min ago, by its clock" in text
    assert "<- broke first" in text
    assert "31 s before  rollout            revision 12 · by ana" in text
    assert """rename: colony act contract.call 'args=["3", "a b"]'""" in text

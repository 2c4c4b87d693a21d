"""`colony status`: one snapshot, or a line whenever something changes."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from console.feed.client import Feed
from console.feed.messages import Interest
from console.headless.answers import Answers
from console.headless.session import connected, emit, show
from console.launch import Choice
from console.rows.status import exit_code, snapshot
from console.store import clock_of

KINDS = ("App", "Address", "Pool", "ActionStatus", "AdapterStatus", "Scope")


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the colony's state; the exit status says how it is."""
    answers = Answers()

    async def work(feed: Feed) -> int:
        answers.store.clock = clock_of(feed.welcome)
        await feed.want([Interest(kind) for kind in KINDS])
        await answers.first(options.wait)
        taken = snapshot(answers.store, feed.welcome.colony)
        _show(taken, options.json, options.watch)
        while options.watch and not feed.closed:
            await _next(answers, feed, taken)
            taken = snapshot(answers.store, feed.welcome.colony)
            _show(taken, options.json, True)
        return exit_code(taken)

    return connected(choice, work, answers.deliver)


async def _next(answers: Answers, feed: Feed, before: dict[str, Any]) -> None:
    """Wait until the snapshot differs from *before* in more than its time; look once a second."""
    while not feed.closed:
        await answers.next(5)
        after = snapshot(answers.store, feed.welcome.colony)
        if _without_times(after) != _without_times(before):
            return
        await asyncio.sleep(1)


def _without_times(taken: dict[str, Any]) -> str:
    kept = {key: value for key, value in taken.items() if key != "taken_at"}
    kept["adapters"] = [{**a, "last_record_at": None} for a in kept["adapters"]]
    return json.dumps(kept, sort_keys=True)


def _show(taken: dict[str, Any], as_json: bool, line: bool) -> None:
    if as_json:
        emit(taken)
    elif line:
        show(summary(taken))
    else:
        show(*report(taken))


def summary(taken: dict[str, Any]) -> str:
    """Return *taken* as one line: what `--watch` prints at each change."""
    apps = taken["apps"]
    good = sum(app["health"] in ("healthy", "idle") for app in apps)
    wrong = [f"{app['namespace']}/{app['name']} {app['health']}" for app in apps
             if app["health"] not in ("healthy", "idle")]  # fmt: skip
    adapters = taken["adapters"]
    live = sum(adapter["state"] == "live" for adapter in adapters)
    text = (
        f"{taken['taken_at']}  {taken['colony']}  {taken['health']}  apps {good}/{len(apps)}  "
        f"adapters {live}/{len(adapters)}"
    )
    return text + ("  " + ", ".join(wrong[:5]) if wrong else "")


def report(taken: dict[str, Any]) -> list[str]:
    """Return *taken* as lines for a person."""
    lines = [f"{taken['colony']}  {taken['health']}  {taken['taken_at']}", ""]
    for adapter in taken["adapters"]:
        lines.append(f"adapter  {adapter['name']:<20} {adapter['state']:<9} {adapter['detail']}")
    for app in taken["apps"]:
        name = f"{app['namespace']}/{app['name']}"
        count = f"{_number(app['ready'])}/{_number(app['desired'])}"
        lines.append(
            f"app      {name:<36} {count:>7}  rev {_number(app['revision']):<5} "
            f"{app['health']:<12} {app['version']}  {_doubt(app['quality'])}".rstrip()
        )
    for pool in taken["pools"]:
        lines.append(
            f"pool     {pool['name']:<20} {_number(pool['assigned'])} assigned, "
            f"{_number(pool['available'])} available  {' '.join(pool['ranges'])}"
        )
    for address in taken["addresses"]:
        ports = " ".join(f"{port['protocol']} {port['port']}" for port in address["ports"])
        by = address["announced_by"]
        told = "announcer unknown" if by is None else ", ".join(map(str, by)) or "not announced"
        lines.append(
            f"address  {address['ip'] or 'pending':<18} {address['namespace']}/"
            f"{address['service']}  {ports}  {told}"
        )
    for action in taken["actions"]:
        lines.append(f"action   {action['id']}  {action['name']}  {action['target']}  "
                     f"{action['state']}")  # fmt: skip
    return lines


def _number(value: int | None) -> str:
    return "—" if value is None else str(value)


def _doubt(quality: str) -> str:
    return "" if quality == "fresh" else f"({quality})"

"""`colony status`: one snapshot, or a line whenever something changes."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.records import App, Key
from console.choice import Choice
from console.feed.client import Feed
from console.feed.messages import Interest
from console.headless.answers import Answers
from console.headless.session import connected, emit, show
from console.rows import apps, marks, tally, units
from console.rows.context import Context
from console.rows.status import exit_code, snapshot
from console.rows.wrong import wrong_now
from console.store import Store, clock_of

KINDS = (
    "App", "Address", "Pool", "Chain", "Contract", "Token", "LedgerEntry", "Plant", "ActionStatus",
    "AdapterStatus", "Scope", "Alarm",
)  # fmt: skip

WORST = 10
"""Of what is wrong, as many lines for a person."""


def run(choice: Choice, options: argparse.Namespace) -> int:
    """Print the colony's state; the exit status says how it is."""
    answers = Answers()

    async def work(feed: Feed) -> int:
        answers.store.clock = clock_of(feed.welcome)
        await feed.want([Interest(kind) for kind in KINDS])
        await answers.first(options.wait)
        taken = snapshot(answers.store, feed.welcome.colony)
        _show(taken, options.json, options.watch, answers.store)
        while options.watch and not feed.closed:
            await _next(answers, feed, taken)
            taken = snapshot(answers.store, feed.welcome.colony)
            _show(taken, options.json, True, answers.store)
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
    listed = taken["alarms"]["list"]
    kept["alarms"] = [[one["name"], one["state"], one["times"]] for one in listed]
    kept["solar"] = [{**one, **_rounded(one)} for one in kept["solar"]]
    return json.dumps(kept, sort_keys=True)


def _rounded(plant: dict[str, Any]) -> dict[str, str]:
    """Return the measured values of a plant as people see them: noise is no change."""
    return {
        "power_w": units.power(plant["power_w"]),
        "energy_today_wh": units.energy(plant["energy_today_wh"]),
        "charge_percent": units.percent(plant["charge_percent"]),
        "battery_power_w": units.power(plant["battery_power_w"]),
    }


def _show(taken: dict[str, Any], as_json: bool, line: bool, store: Store) -> None:
    if as_json:
        emit(taken)
    elif line:
        show(summary(taken))
    else:
        show(*told(taken, store))


def told(taken: dict[str, Any], store: Store) -> list[str]:
    """Return *taken* as lines for a person, what is wrong in *store* first, as on the screen."""
    found = wrong_now(Context(store, store.clock.now()))
    wrong = [f"{one.mark.text} {one.thing}  {one.why}" for one in found]
    return report(taken, wrong, {one.key: apps.of_app(one).text for one in store.every(App)})


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
    if taken["solar"]:
        text += f"  solar {units.power(_sum(taken['solar'], 'power_w'))}"
    head = taken["ledger"]["head"]
    if head is not None:
        text += f"  block {_number(head['block'])}"
    if alarms := taken["alarms"]["total"]:
        text += f"  alarms {tally.beside(taken['alarms']['unacknowledged'], alarms)}"
    return text + ("  " + ", ".join(wrong[:5]) if wrong else "")


def report(taken: dict[str, Any], wrong: Sequence[str], marked: Mapping[Key, str]) -> list[str]:
    """Return *taken* as lines for a person, what is *wrong* first; *marked* has the apps' marks."""
    lines = [f"{taken['colony']}  {taken['health']}  {taken['taken_at']}", ""]
    if alarms := taken["alarms"]["total"]:
        calling = taken["alarms"]["unacknowledged"]
        said = f"{calling} of {alarms} seen by nobody yet" if calling else f"{alarms}, all seen"
        lines.append(f"alarms   {said}: `colony alarms`")
    lines += [f"wrong    {one}" for one in wrong[:WORST]]
    if len(wrong) > WORST:
        lines.append(f"wrong    and {len(wrong) - WORST} more")
    for adapter in taken["adapters"]:
        lines.append(f"adapter  {adapter['name']:<20} {adapter['state']:<9} {adapter['detail']}")
    for app in taken["apps"]:
        name = f"{app['namespace']}/{app['name']}"
        mark = marked.get(Key(app["source"], "App", app["namespace"], app["name"]), marks.UNKNOWN)
        count = f"{_number(app['ready'])}/{_number(app['desired'])}"
        after = "  ".join(filter(None, (app["version"], _doubt(app["quality"]), app["reason"])))
        lines.append(
            f"app    {mark} {name:<36} {count:>7}  rev {_number(app['revision']):<5} "
            f"{app['health']:<12} {after}".rstrip()
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
    lines += [_token_line(token) for token in taken["tokens"]]
    lines += [_plant_line(plant) for plant in taken["solar"]]
    head = taken["ledger"]["head"]
    if head is not None:
        lines.append(f"chain    eip155:{head['chain_id']:<13} block {_number(head['block'])}  "
                     f"final {_number(head['final'])}")  # fmt: skip
    for entry in taken["ledger"]["entries"][:5]:
        removed = "removed: " if entry["removed"] else ""
        lines.append(f"ledger   {entry['time'] or '—':<20} {entry['event']}  {removed}"
                     f"{entry['summary']}")  # fmt: skip
    for action in taken["actions"]:
        lines.append(f"action   {action['id']}  {action['name']}  {action['target']}  "
                     f"{action['state']}")  # fmt: skip
    return lines


def _token_line(token: dict[str, Any]) -> str:
    owner = token["owner_name"] or token["owner"] or "owner not known"
    state = token["identity"] or "not known"
    text = f"token    {'#' + token['token_id']:<8} {state:<10} {owner}  {token['app'] or '—'}"
    return f"{text}  {_doubt(token['quality'])}".rstrip()


def _plant_line(plant: dict[str, Any]) -> str:
    charge, flow = plant["charge_percent"], plant["battery_power_w"]
    battery = f"  battery {units.percent(charge)}" if charge is not None else ""
    if battery and flow:
        battery += f" {'dis' if flow > 0 else ''}charging {units.power(abs(flow))}"
    text = (
        f"plant    {plant['plant']:<20} {units.power(plant['power_w']):>8}  "
        f"{units.energy(plant['energy_today_wh'])} today{battery}  {plant['state']}  "
        f"{plant['answering']} of {plant['devices']} answer"
    )
    return f"{text}  {_doubt(plant['quality'])}".rstrip()


def _sum(records: list[dict[str, Any]], name: str) -> float | None:
    known = [one[name] for one in records if one[name] is not None]
    return sum(known) if known else None


def _number(value: int | None) -> str:
    return "—" if value is None else str(value)


def _doubt(quality: str) -> str:
    return "" if quality == "fresh" else f"({quality})"

"""Gathers what goes into a support bundle, as files by name. It asks the station and no network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from console.feed.client import FeedClosed, FeedError
from console.support.redact import Sieve

README: Final = """\
Support bundle of the colony {colony}, made {when} by colony {version}.

What is in it: what the station says of itself (station.json), what `colony doctor` found
(doctor.json), how each adapter, watch and action stands, and the head of the log (records.json),
versions, the configuration without values that may be secret (configuration.json), the end of the
station's own log file (station.log), and this console's terminal and preferences (console.json).

What is not: no Secret, key, token or passphrase, no log of an app, no arguments or reasons that
people typed, no value of an environment variable. {removed} known secret values were taken out of
the texts above. Names of apps, nodes, addresses and people are in it: read it before you pass it
on.
{missing}"""


class Asks(Protocol):
    """What asks the station: a feed, or the console's link to one."""

    async def __call__(self, topic: str, kind: Any, /, **arguments: Any) -> Any:
        """Return the answer; raises `FeedError`."""
        ...


Told = Callable[[str], None]
"""Who is told what is being asked for."""


async def gather(
    ask: Asks,
    console: Mapping[str, Any],
    *,
    colony: str,
    when: str,
    version: str,
    environ: Mapping[str, str],
    told: Told = lambda what: None,
) -> dict[str, bytes]:
    """Return the bundle's files by name.

    What the station does not say, or not to us, is left out and the README says so. *console* is
    what this console says of itself, *when* the time as it is written. Raises `FeedClosed` where
    the station goes away meanwhile.
    """
    from console.support.redact import of_environment

    sieve = Sieve(of_environment(environ))
    missing: list[str] = []

    async def asked(what: str, topic: str, kind: Any) -> Any:
        told(what)
        try:
            return await ask(topic, kind)
        except FeedClosed:
            raise
        except FeedError as error:
            missing.append(f"Not in it: {what}: {sieve.text(str(error), 1_000)}")
            return None

    status = await asked("how the station is", "station.status", dict[str, Any])
    support = await asked("configuration and log file", "station.support", dict[str, Any])
    doctor = await asked("what the doctor finds", "doctor", list[dict[str, Any]])
    files: dict[str, bytes] = {}
    parts: dict[str, Any] = {"station": status, "doctor": doctor, "console": dict(console)}
    removed = 0
    if isinstance(support, dict):
        removed = int(support.get("removed", 0))
        for name in ("versions", "configuration", "records"):
            parts[name] = support.get(name)
        files["station.log"] = sieve.text(str(support.get("diary", ""))).encode()
    for name, value in parts.items():
        if value is not None:
            files[f"{name}.json"] = _json(sieve.value(value))
    readme = README.format(
        colony=colony, when=when, version=version, removed=removed + sieve.removed,
        missing="".join(f"\n{line}\n" for line in missing),
    )  # fmt: skip
    return {"README.txt": sieve.text(readme).encode(), **files}


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"

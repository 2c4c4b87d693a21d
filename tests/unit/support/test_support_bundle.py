"""The support bundle: it holds what helps, no secret, and says what it lacks."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from adapters.records import ActionState, ActionStatus, AdapterStatus
from console.feed.client import FeedClosed, FeedRefused
from console.preferences import Preferences
from console.station.supporting import MOST, TAIL, Support
from console.support.archive import name_of, write
from console.support.gather import gather
from console.support.here import here

SECRETS = (
    "tok-0123456789abcdef", "passphrase of four words", "deadbeefcafe", "0xprivatekeymaterial",
)  # fmt: skip


def station(tmp_path: Path) -> Support:
    """Return what a station tells that has each of `SECRETS` in reach."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "rancher-token").write_text(f"{SECRETS[0]}\n")
    named = tmp_path / "ops-pass"
    named.write_text(SECRETS[1])
    diary = tmp_path / "station.log"
    diary.write_text(
        f"main: 401 with {SECRETS[0]}\nkey: {SECRETS[1]}\nhttps://node.example/{SECRETS[2]}\n"
        f"{SECRETS[3]}\nall went well\n"
    )
    return Support(
        {
            "adapters": {
                "main": {"adapter": "kubernetes", "token_file": "rancher-token"},
                "chain": {
                    "url": f"https://node.example/{SECRETS[2]}",
                    "keys": {"ops": {"keystore": "x.json", "passphrase_file": str(named)}},
                },
            }
        },
        secrets,
        diary,
        {"CHAIN_PRIVATE_KEY": SECRETS[3], "PATH": "/usr/bin"},
    )


RECORDS = (
    AdapterStatus(source="station", name="main", detail=f"refused {SECRETS[0]}"),
    ActionStatus(
        source="station", name="a81", action="app.rollback", state=ActionState.FAILED,
        arguments=(("note", "typed by a person"),), reason="typed by a person",
    ),
)  # fmt: skip


def asks(support: Support, *, refused: bool = False) -> Any:
    """Return what answers as a station's feed does."""

    async def ask(topic: str, kind: Any, /, **arguments: Any) -> Any:
        if topic == "station.support":
            if refused:
                raise FeedRefused("you are a viewer here: that needs the operator role")
            return support.told(RECORDS)
        if topic == "doctor":
            return [{"source": "main", "check": "reach", "found": "bad", "detail": SECRETS[0]}]
        return {"colony": "tycho", "pid": 4711}

    return ask


async def bundle(support: Support, **more: Any) -> dict[str, bytes]:
    """Return the files of a bundle."""
    return await gather(
        asks(support, **more),
        here(Preferences(), ["a problem"], {"TERM": "xterm", "SSH_CONNECTION": "192.0.2.1 22"}),
        colony="tycho",
        when="2031-03-14T06:00:00Z",
        version="0.1.0",
        environ={"MY_TOKEN": SECRETS[0]},
    )


async def test_it_holds_what_helps_and_no_secret(tmp_path: Path) -> None:
    files = await bundle(station(tmp_path))
    assert sorted(files) == [
        "README.txt", "configuration.json", "console.json", "doctor.json", "records.json",
        "station.json", "station.log", "versions.json",
    ]  # fmt: skip
    whole = b"\n".join(files.values()).decode()
    for secret in SECRETS:
        assert secret not in whole
    assert "typed by a person" not in whole
    assert "192.0.2.1" not in whole
    assert "all went well" in whole
    records = json.loads(files["records.json"])
    assert records["ActionStatus"][0]["state"] == "failed"
    assert json.loads(files["configuration.json"])["adapters"]["main"]["adapter"] == "kubernetes"
    assert json.loads(files["console.json"])["problems"] == ["a problem"]
    assert "textual" in json.loads(files["versions.json"])
    assert "Not in it" not in whole


async def test_what_a_viewer_may_not_have_is_said(tmp_path: Path) -> None:
    files = await bundle(station(tmp_path), refused=True)
    assert "station.log" not in files
    readme = files["README.txt"].decode()
    assert "Not in it: configuration and log file: you are a viewer here" in readme


async def test_a_station_that_goes_away_is_an_error() -> None:
    async def ask(topic: str, kind: Any, /, **arguments: Any) -> Any:
        raise FeedClosed("gone")

    with pytest.raises(FeedClosed):
        await gather(ask, {}, colony="x", when="", version="", environ={})


def test_a_station_without_files_says_so(tmp_path: Path) -> None:
    told = Support({}, tmp_path / "none", tmp_path / "none.log", {}).told()
    assert told["diary"].startswith("cannot be read")
    assert Support().told()["diary"] == ""


def test_the_archive_is_its_owners_and_takes_no_others_place(tmp_path: Path) -> None:
    path = tmp_path / name_of("Tycho 2/é", "2031-03-14T06:00:00Z")
    assert path.name == "support-Tycho-2---20310314T060000Z.zip"
    assert write(path, {"README.txt": b"x"}) == path.stat().st_size
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"{path.stem}/README.txt"]
    with pytest.raises(FileExistsError):
        write(path, {})
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_what_a_station_tells_is_bounded_and_waits_for_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pass")
    diary = tmp_path / "station.log"
    diary.write_bytes(b"bearer-of-a-key-cut-in-two" * 10_000 + b"\n" + b"all went well\n" * 10_000)
    support = Support({"passphrase_file": str(tmp_path / "pass")}, None, diary)
    many = [AdapterStatus(source="station", name=f"a{number}") for number in range(MOST + 50)]
    told = support.told(many)
    assert len(told["records"]["AdapterStatus"]) == MOST
    assert told["diary"].startswith("all went well")
    assert len(told["diary"]) <= TAIL

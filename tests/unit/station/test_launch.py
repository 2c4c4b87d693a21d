"""Finding and starting a station, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from station_helpers import short, until

from console import launch
from console.choice import Choice
from console.feed.client import Feed, FeedClosed
from console.feed.frames import pack
from console.feed.messages import ENDED, Farewell, Interest
from console.launch import CONFIGURATION, LaunchError, attach, find, resolve, station_command

__all__ = ["short"]

ADAPTER = '''
import asyncio, msgspec
from adapters.contract import Adapter, Batch, ConfigurationError
from adapters.records import App

class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """count: how many apps."""
    count: int = 2
    password: str = ""

class Toy(Adapter):
    Settings = Settings
    title = "Toy"

    async def records(self):
        apps = tuple(App(namespace="n", name=f"app-{i}") for i in range(self.settings.count))
        yield Batch("apps", apps, begin=True, end=True)
        while True:
            await self.context.clock.sleep(3600)
'''


@pytest.fixture
def home(tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's home with an installed adapter `toy` and a configuration of one colony."""
    site = tmp_path / "site"
    info = site / "toy-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[colony.adapters]\ntoy = toy_adapter:Toy\n")
    (site / "toy_adapter.py").write_text(ADAPTER)
    for variable in [name for name in os.environ if name.startswith("COLONY_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write(tmp_path, '[colonies.tycho.adapters.main]\nadapter = "toy"\n')
    return tmp_path


def write(home: Path, text: str) -> None:
    path = home / "config" / "colony" / "colony.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


async def stop(feed: Feed) -> None:
    await feed.ask("station.stop", force=True)
    await feed.close()
    await until(lambda: gone(feed.welcome.pid))


async def test_one_is_started_found_again_and_ends_when_its_console_quits(home: Path) -> None:
    said: list[str] = []
    first = await attach(Choice(), attended=True, on_progress=said.append)
    assert first.started
    assert first.welcome.colony == "tycho"
    assert said == ["starting the station"]
    assert await apps(first) == {"app-0", "app-1"}

    second = await attach(Choice(colony="tycho"))
    assert not second.started
    assert second.welcome.pid == first.welcome.pid
    await second.close()

    await first.close(end=True)
    await until(lambda: gone(first.welcome.pid))
    assert not resolve(Choice()).socket.exists()
    assert await find(Choice()) is None


async def test_two_that_start_at_once_get_one_station(home: Path) -> None:
    feeds = await asyncio.gather(*(attach(Choice()) for _ in range(3)))
    assert len({feed.welcome.pid for feed in feeds}) == 1
    assert sum(feed.started for feed in feeds) == 1
    for feed in feeds[1:]:
        await feed.close()
    await stop(feeds[0])


async def test_a_station_outlives_a_connection_that_is_cut(home: Path) -> None:
    feed = await attach(Choice(), attended=True)
    feed._writer.transport.abort()
    again = await attach(Choice(), attended=True)
    assert again.welcome.pid == feed.welcome.pid
    assert (await again.ask("station.status"))["started_by"] == "console"
    await stop(again)


async def test_who_meets_one_that_just_ends_gets_the_next(home: Path) -> None:
    identity = resolve(Choice())

    async def farewell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ending.close()
        identity.socket.unlink()
        writer.write(pack(Farewell(ENDED)))
        writer.close()

    ending = await asyncio.start_unix_server(farewell, path=identity.socket)
    feed = await attach(Choice())
    assert feed.started
    await stop(feed)


async def test_a_stale_socket_is_no_station(home: Path) -> None:
    feed = await attach(Choice())
    os.kill(feed.welcome.pid, signal.SIGKILL)
    await until(lambda: gone(feed.welcome.pid))
    assert resolve(Choice()).socket.exists()
    assert await find(Choice()) is None
    again = await attach(Choice())
    assert again.welcome.pid != feed.welcome.pid
    await stop(again)


async def test_sigterm_ends_it_and_says_goodbye(home: Path) -> None:
    told: list[str] = []
    feed = await attach(Choice(), on_close=told.append)
    os.kill(feed.welcome.pid, signal.SIGTERM)
    await until(lambda: told)
    assert told == ["the station has ended"]
    await until(lambda: gone(feed.welcome.pid))
    with pytest.raises(FeedClosed):
        await feed.ask("station.status")


async def test_a_wrong_setting_comes_back_as_its_line(home: Path) -> None:
    write(home, '[colonies.tycho.adapters.main]\nadapter = "toy"\ncuont = 3\n')
    with pytest.raises(LaunchError) as caught:
        await attach(Choice())
    assert caught.value.status == CONFIGURATION
    assert str(caught.value) == (
        "colony.toml: colonies.tycho.adapters.main.cuont: no such setting; did you mean count?"
    )


async def test_another_configuration_replaces_a_station_that_nobody_uses(home: Path) -> None:
    old = await attach(Choice())
    await old.close()
    write(home, '[colonies.tycho.adapters.main]\nadapter = "toy"\ncount = 1\n')
    new = await attach(Choice(), attended=True)
    assert new.welcome.pid != old.welcome.pid
    await until(lambda: gone(old.welcome.pid))

    write(home, '[colonies.tycho.adapters.main]\nadapter = "toy"\ncount = 3\n')
    with pytest.raises(LaunchError, match=r"runs under another configuration.*1 consoles"):
        await attach(Choice())
    found = await find(Choice())
    assert found is not None
    await found.close()
    await stop(new)


async def apps(feed: Feed) -> set[str]:
    """Return the names of the apps that the station has, once it has any."""
    names: set[str] = set()

    def deliver(parcels: Any) -> None:
        names.update(record.name for parcel in parcels for record in parcel.upserts)

    feed._on_deliver = deliver
    await feed.want([Interest("App")])
    await until(lambda: names)
    return names


async def test_variables_and_secrets_set_values(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = home / "config" / "colony" / "secrets"
    secrets.mkdir()
    (secrets / "colonies__tycho__adapters__main__password").write_text("12345\n")
    monkeypatch.setenv("COLONY_COLONIES__TYCHO__ADAPTERS__MAIN__COUNT", "5")
    feed = await attach(Choice())
    assert (await apps(feed)) == {f"app-{number}" for number in range(5)}
    await stop(feed)
    diary = resolve(Choice()).diary.read_text()
    assert "12345" not in diary


async def test_the_demo_needs_its_box(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = home / "site" / "nobox"
    box.mkdir()
    monkeypatch.setattr(
        launch,
        "station_command",
        lambda choice, **_: [
            sys.executable, "-P", "-c",
            "import sys; sys.argv = ['s', '--demo', '--started-by', 'command']\n"
            "from console.station import box, __main__\n"
            "box.commands = lambda *a: {'it': [sys.executable, '-c', 'import nothing_like_it']}\n"
            "sys.exit(__main__.main())",
        ],
    )  # fmt: skip
    with pytest.raises(LaunchError, match=r"needs what is not installed.*extra `demo`"):
        await attach(Choice(demo=True))


def test_the_command_that_starts_it(home: Path) -> None:
    command = station_command(Choice(read_only=True), foreground=True)
    assert command[0] == sys.executable
    assert command[-3:] == ["--colony", "tycho", "--read-only"]
    assert "--started-by" not in command
    demo = station_command(Choice(demo=True, seed=4, scenario="calm"), attended=True)
    assert demo[-7:] == ["--started-by", "console", "--demo", "--seed", "4", "--scenario", "calm"]


async def test_nothing_heavy_is_imported_to_find_it(home: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c",
        "import sys, console.launch\n"
        "heavy = {'msgspec', 'pydantic', 'textual', 'asyncio', 'httpx'}\n"
        "print(sorted(heavy & set(sys.modules)))",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await child.communicate()
    assert said.strip() == b"[]"


async def test_a_shared_station_is_found_and_never_started(home: Path) -> None:
    write(home, f'[colonies.tycho]\nshared = "{home}/shared.sock"\n')
    with pytest.raises(LaunchError, match=r"shared\.sock: it is shared, so have its service"):
        await attach(Choice())

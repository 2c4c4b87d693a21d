"""The README's worked example: a package outside this project, installed by pip, then run."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "tests/examples/health_url"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextlib.contextmanager
def _health_server() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory into which pip installed the example's package."""
    target = tmp_path_factory.mktemp("site")
    copy = tmp_path_factory.mktemp("example")
    for file in EXAMPLE.iterdir():
        if file.is_file():
            (copy / file.name).write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--no-index", "--target", str(target), str(copy)], check=True)
    return target


def _colony(site: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "XDG_STATE_HOME": str(home / "state"),
    }
    environment.pop("COLONY_CONFIG", None)
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "console", *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_readme_shows_the_example_as_it_is() -> None:
    code = (EXAMPLE / "colony_health_url.py").read_text()
    assert f"```python\n{code}```" in (ROOT / "README.md").read_text()
    assert len(code.splitlines()) < 60


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, near the root: a socket's path has 108 bytes at most."""
    with tempfile.TemporaryDirectory(prefix="colony-") as directory:
        yield Path(directory)


def test_it_is_listed_with_its_settings(site: Path, home: Path) -> None:
    listed = json.loads(_colony(site, home, "adapters", "--json").stdout)["adapters"]
    example = next(item for item in listed if item["name"] == "health-url")
    assert [setting["name"] for setting in example["settings"]] == ["urls", "every", "namespace"]


def test_a_colony_runs_on_it(site: Path, home: Path) -> None:
    with _health_server() as url:
        config = home / "colony.toml"
        config.write_text(
            "[colonies.web.adapters.sites]\n"
            'adapter = "health-url"\n'
            f'urls = {{ shop = "{url}/well", forum = "{url}/ill" }}\n'
        )
        result = _colony(site, home, "--config", str(config), "status", "--json")
        _colony(site, home, "--config", str(config), "station", "stop")
    assert result.stderr == ""
    taken = json.loads(result.stdout)
    health = {app["name"]: app["health"] for app in taken["apps"]}
    assert health == {"shop": "healthy", "forum": "failed"}
    assert result.returncode == 11


def test_a_wrong_setting_is_one_line_that_names_it(site: Path, home: Path) -> None:
    config = home / "colony.toml"
    config.write_text('[colonies.web.adapters.sites]\nadapter = "health-url"\nurls = 3\n')
    result = _colony(site, home, "--config", str(config), "status")
    assert result.returncode == 78
    assert "colonies.web.adapters.sites.urls" in result.stderr
    assert len(result.stderr.splitlines()) == 1

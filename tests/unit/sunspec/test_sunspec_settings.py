"""The settings as a configuration writes them, and what it costs to name the adapter."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from adapters import registry
from adapters.contract import ConfigurationError, Context


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "host"),
        ({"host": ""}, "host is empty"),
        ({"host": "x", "port": 0}, "port"),
        ({"host": "x", "units": []}, "units"),
        ({"host": "x", "units": [1, 1]}, "a unit is named twice"),
        ({"host": "x", "units": [300]}, "units"),
        ({"host": "x", "latitude": 10.0}, "latitude and longitude go together"),
        ({"host": "x", "latitude": 100.0, "longitude": 0.0}, "latitude"),
        ({"host": "x", "intervall": 5}, "did you mean interval"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        registry.build("sunspec", "rim", settings, Context())


def test_the_least_that_is_needed() -> None:
    adapter = registry.build("sunspec", "rim", {"host": "gateway.example"}, Context())
    assert adapter.settings.port == 502
    assert adapter.settings.units == (1,)


def test_importing_the_package_costs_nothing() -> None:
    program = (
        "import sys, adapters.sunspec\n"
        "heavy = {'pymodbus', 'sunspec2', 'asyncio', 'msgspec', 'adapters.contract'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "adapters.sunspec.SunSpecAdapter\n"
        "assert not {'pymodbus', 'sunspec2'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

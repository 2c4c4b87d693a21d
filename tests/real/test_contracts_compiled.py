"""The committed artifacts are what the committed sources compile to, to the byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.real.installed import required
from tests.real.solidity import ARTIFACTS, CONTRACTS, compiled

LOCKS = (CONTRACTS, *(path.parent for path in Path(__file__).parent.glob("*/package.json")))


@pytest.fixture
def packages() -> Path:
    """solc and OpenZeppelin. Not installed, it fails in CI and is skipped elsewhere."""
    return required("solidity")


@pytest.mark.real
def test_the_artifacts_are_what_the_sources_compile_to(packages: Path, tmp_path: Path) -> None:
    fresh = compiled(packages, tmp_path, *sorted(CONTRACTS.glob("*.sol")))
    assert [path.name for path in fresh] == ["Anchor.json", "Deployments.json", "Identity.json"]
    assert {path.name: path.read_bytes() for path in fresh} == {
        path.name: path.read_bytes() for path in ARTIFACTS.iterdir()
    }


@pytest.mark.real
def test_a_mistake_is_told_in_the_compilers_words(packages: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "Wrong.sol"
    wrong.write_text("pragma solidity 0.8.37;\ncontract Wrong { uint256 a = true; }\n")
    with pytest.raises(RuntimeError, match=r"Wrong\.sol:2"):
        compiled(packages, tmp_path, wrong)


def test_nothing_is_left_beside_the_sources() -> None:
    assert {path.name for path in CONTRACTS.iterdir()} == {
        ".npmrc",
        "Anchor.sol",
        "Deployments.sol",
        "Identity.sol",
        "artifacts",
        "compile.mjs",
        "package-lock.json",
        "package.json",
    }


@pytest.mark.parametrize("directory", LOCKS, ids=lambda path: path.name)
def test_what_is_locked_is_exact_and_names_no_host(directory: Path) -> None:
    wanted = json.loads((directory / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    locked = json.loads((directory / "package-lock.json").read_text())["packages"]
    assert locked.pop("")["dependencies"] == wanted
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())
    assert not any("resolved" in entry for entry in locked.values())

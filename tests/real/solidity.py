"""Compiles Solidity with the solc and the OpenZeppelin contracts that `tests/real/install` brings.

Compile the adapter's own contracts again, after a change of them:

    python -m tests.real.solidity
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.real.installed import NotInstalled, installed

CONTRACTS = Path(__file__).parents[2] / "adapters/chain/contracts"
ARTIFACTS = CONTRACTS / "artifacts"


def compiled(packages: Path, out: Path, *sources: Path) -> list[Path]:
    """Compile *sources* and return the artifacts in *out*; raises RuntimeError with solc's words.

    *packages* is the directory of the installed part.
    """
    command = ["node", str(CONTRACTS / "compile.mjs"), str(packages), str(out)]
    run = subprocess.run(
        [*command, *map(str, sources)], capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise RuntimeError(run.stderr.strip())
    return sorted(out.glob("*.json"))


def main() -> None:
    """Write the artifacts of the adapter's contracts."""
    try:
        packages = installed("solidity")
    except NotInstalled as error:
        sys.exit(str(error))
    for path in compiled(packages, ARTIFACTS, *sorted(CONTRACTS.glob("*.sol"))):
        print(path)


if __name__ == "__main__":
    main()

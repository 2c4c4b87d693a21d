"""Every benchmark, one after another: python -m tests.bench [NAME …]

Ratios within one run are what counts; absolute figures are beside them. The exit status is 1 if a
bar is not met. `services` needs the control plane that tests/real/install brings, `owners` its
anvil and its solc, `slowline` its sshd.
"""

from __future__ import annotations

import os
import subprocess
import sys

NAMES = (
    "alarms", "attach", "bytes", "firstpaint", "imports", "keypaint", "ledger", "livetable",
    "owners", "scroll", "services", "slowline",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Run the benchmarks called *names*, or all."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark is called {unknown[0]!r}; there are {', '.join(NAMES)}")
        return 64
    # Without compiled bytecode every start-up is measured three times too slow.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    missed = []
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"tests.bench.{name}"]
        if subprocess.run(command, env=environment, check=False).returncode:
            missed.append(name)
        print(flush=True)
    print(f"not met, or not run: {', '.join(missed)}" if missed else "every bar is met")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

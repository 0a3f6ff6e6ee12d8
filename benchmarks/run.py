"""Runs the workloads with this package and with highdicom 0.28.2, in turn.

``python benchmarks/run.py [--runs N] [--small] [WORKLOAD ...]`` makes an environment of
its own for highdicom 0.28.2, and prints and stores a table: for each step the median of
their time, of ours, and of the ratio; and the memory both took at most.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
THEIRS = HERE.parent / ".venv-highdicom-0.28.2"


def their_python() -> Path:
    """Python of the environment of highdicom 0.28.2, made if it is not there."""
    python = THEIRS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (THEIRS / "ready").exists():
        venv.create(THEIRS, with_pip=True)
        packages = ["highdicom==0.28.2", "pylibjpeg-rle", "pylibjpeg-openjpeg"]
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
        (THEIRS / "ready").touch()
    return python


def measure(python: Path | str, name: str, size: int) -> dict:
    """Do a workload once, in a process of its own."""
    command = [str(python), str(HERE / "workloads.py"), name, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    if done.returncode:
        raise RuntimeError(f"{name} failed with {python}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(name: str, size: int, runs: int) -> list[dict]:
    """Do a workload with both, in turn, and give a row for each step."""
    pairs = [
        (measure(their_python(), name, size), measure(sys.executable, name, size))
        for _ in range(runs)
    ]
    rows = []
    for step in pairs[0][0]["seconds"]:
        theirs = [pair[0]["seconds"][step] for pair in pairs]
        ours = [pair[1]["seconds"][step] for pair in pairs]
        ratios = [t / o for t, o in zip(theirs, ours, strict=True)]
        rows.append(
            {
                "workload": name,
                "size": size,
                "step": step,
                "theirs": statistics.median(theirs),
                "ours": statistics.median(ours),
                "ratio": statistics.median(ratios),
                "their_memory": max(pair[0]["memory"] for pair in pairs),
                "our_memory": max(pair[1]["memory"] for pair in pairs),
            }
        )
    return rows


def main() -> None:
    """Compare, print, and store."""
    sys.path.insert(0, str(HERE))
    from workloads import WORKLOADS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", choices=[*WORKLOADS, []])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="small sizes only")
    options = parser.parse_args()
    rows = []
    head = ("workload", "size", "step", "theirs s", "ours s", "ratio", "MB", "MB ours")
    print("{:20}{:>6}  {:24}{:>10}{:>9}{:>8}{:>8}{:>9}".format(*head))
    for name in options.workloads or WORKLOADS:
        _, small, large = WORKLOADS[name]
        for size in [small] if options.small else [small, large]:
            for row in compare(name, size, options.runs):
                rows.append(row)
                print(
                    f"{name:20}{size:6}  {row['step']:24}{row['theirs']:10.3f}"
                    f"{row['ours']:9.3f}{row['ratio']:8.1f}"
                    f"{row['their_memory'] / 1e6:8.0f}{row['our_memory'] / 1e6:9.0f}",
                    flush=True,
                )
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "latest.json").write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

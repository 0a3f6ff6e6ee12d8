"""Runs the workloads with this package and with highdicom 0.28.2, in turn.

Each run of a workload is a process of its own, in an environment of its own. Prints a
table of the medians, stores it (``results/latest.json`` and ``.md``), and says which
figures are not reached.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from environment import ROOT, python_of, versions
from results import HEAD, Results, cells_of, row_of, table

HERE = Path(__file__).resolve().parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"


class Runner:
    """Runs workloads with both packages."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.ours = options.ours or python_of("ours")
        self.theirs = options.theirs or python_of("theirs")
        self.runs, self.clock = options.runs, options.clock
        # Compiled modules are used, as after any installation.
        self.variables = dict(os.environ)
        self.variables.pop("PYTHONDONTWRITEBYTECODE", None)
        compile_modules = [str(self.ours), "-m", "compileall", "-q", str(ROOT / "src")]
        subprocess.run(compile_modules, check=True, env=self.variables)

    def measure(self, python: Path, *arguments: object) -> str:
        """Do a workload once, or prepare its file."""
        command = [str(python), str(HERE / "measure.py"), *map(str, arguments)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=3600,
            env=self.variables,
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed: {done.stderr.splitlines()[-1]}")
        return done.stdout

    def compare(self, name: str, workload: object, size: int) -> list[dict]:
        """Do a workload with both, in turn; a row for each step."""
        pairs = []
        with tempfile.TemporaryDirectory() as folder:
            if workload.prepare is not None:
                self.measure(self.theirs, name, size, folder, "--prepare")
            for _ in range(self.runs):
                theirs = None
                if not workload.ours_only:
                    theirs = json.loads(self.measure(self.theirs, name, size, folder))
                ours = json.loads(self.measure(self.ours, name, size, folder))
                pairs.append((theirs, ours))
        return [row_of(name, size, step, pairs, self.clock) for step in pairs[0][1]]


def about(options: argparse.Namespace) -> dict[str, str]:
    """Where, when and how it is measured."""
    processor = platform.processor()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        models = [line.split(":")[1] for line in lines if line.startswith("model name")]
        processor = models[0].strip() if models else processor
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "processors": f"{os.cpu_count()} × {processor}",
        "clock": options.clock,
        "runs": str(options.runs),
        "python": platform.python_version(),
        **versions(),
    }


def write_page(results: Results, workloads: dict) -> None:
    """Put the table of the results into the page of the documentation."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    facts = ", ".join(f"{key} {value}" for key, value in results.about.items())
    rows = [
        row
        for row in results.judged(workloads)
        if row["size"] == workloads[row["workload"]].large
    ]
    measured = f"Measured: {facts}.\n\n{table(rows, workloads)}"
    PAGE.write_text(before + BEGIN + measured + END + after, encoding="utf-8")


def parse(names: list[str]) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help="all if none")
    parser.add_argument("--list", action="store_true", help="names of workloads")
    parser.add_argument(
        "--runs", type=int, default=3, help="of which the median counts"
    )
    parser.add_argument("--small", action="store_true", help="small sizes only")
    parser.add_argument("--large", action="store_true", help="large sizes only")
    parser.add_argument(
        "--clock",
        choices=["wall", "cpu", "user"],
        default="wall",
        help="what counts; cpu where the machine does other work, user where it is also "
        "short of memory",
    )
    parser.add_argument("--ours", type=Path, help="Python that has this package")
    parser.add_argument("--theirs", type=Path, help="Python that has highdicom 0.28.2")
    parser.add_argument(
        "--page", action="store_true", help="write the page from what is stored"
    )
    options = parser.parse_args()
    unknown = set(options.workloads) - set(names)
    if unknown:
        parser.error(f"no workload {', '.join(sorted(unknown))}; see --list")
    return options


def main() -> None:
    """Compare, print, and store."""
    from workloads.registry import all_workloads

    workloads = all_workloads()
    options = parse(list(workloads))
    results = Results(HERE / "results" / "latest.json")
    if options.list:
        print("\n".join(f"{n:36}{w.title}" for n, w in workloads.items()))
        return
    if not options.page:
        compare_all(options, workloads, results)
    else:
        write_page(results, workloads)


def compare_all(options: argparse.Namespace, workloads: dict, results: Results) -> None:
    """Compare what is asked for, print and store as it comes."""
    runner = Runner(options)
    form = "{:36.36} {:26}{:>9}{:>9}{:>9}{:>5}{:>10}{:>9}{:>9}{:>9}{:>7}{:>10}  {}"
    print(form.format(*HEAD))
    missed = 0
    for name in options.workloads or workloads:
        workload = workloads[name]
        small = [] if options.large else [workload.small]
        large = [] if options.small else [workload.large]
        for size in dict.fromkeys(small + large):
            rows = runner.compare(name, workload, size)
            results.put(rows, about(options))
            for row in results.judged({name: workload}):
                if row["size"] == size:
                    missed += len(row["missed"])
                    cells = cells_of(row, workload)
                    print(form.format(f"{name} {size}", *cells[1:]), flush=True)
    (HERE / "results" / "latest.md").write_text(
        table(results.judged(workloads), workloads), encoding="utf-8"
    )
    print(f"{missed} figures not reached." if missed else "All figures reached.")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()

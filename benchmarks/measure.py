"""Does one workload once, and prints what was measured as JSON.

``python measure.py MODULE.NAME SIZE FOLDER``; with ``--prepare``, only writes the file
that the workload reads.
"""

import argparse
import dataclasses
import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import pydicom
from workloads.workload import Run, Workload


def find(name: str) -> Workload:
    """The workload of a name, with no other module loaded."""
    module, _, title = name.partition(".")
    workloads = import_module(f"workloads.{module}").WORKLOADS
    return next(workload for workload in workloads if workload.name == title)


def do(workload: Workload, size: int, folder: Path) -> Run:
    """Do a workload; first a small one, for what is done once in a process."""
    if workload.warm is not None:
        with tempfile.TemporaryDirectory() as warm:
            if workload.prepare is not None:
                workload.prepare(Path(warm, "prepared.dcm"), workload.warm)
            workload.function(Run(Path(warm)), workload.warm)
    run = Run(folder)
    workload.function(run, size)
    return run


def main() -> None:
    """Measure, or prepare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prepare", action="store_true")
    options = parser.parse_args()
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    workload = find(options.name)
    if options.prepare:
        assert workload.prepare is not None
        workload.prepare(options.folder / "prepared.dcm", options.size)
        return
    steps = do(workload, options.size, options.folder).steps
    json.dump(
        {name: dataclasses.asdict(step) for name, step in steps.items()}, sys.stdout
    )


if __name__ == "__main__":
    main()

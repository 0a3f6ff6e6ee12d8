"""The console command: ``highdicom validate`` and ``highdicom demo``."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from highdicom.errors import HighdicomError, MissingDependencyError, SourceError
from highdicom.standard import Violation, validate
from highdicom.version import __version__

__all__ = ["main"]

_UNREADABLE = (HighdicomError, InvalidDicomError, OSError)
# Values of more bytes stay in the file.
_LARGE = 1 << 16


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="highdicom",
        description="Read DICOM images; write valid derived objects.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_validate(commands)
    _add_demo(commands)
    return parser


def _add_validate(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    command = commands.add_parser(
        "validate",
        help="tell what in DICOM files violates the standard",
        description=(
            "Check files along the tables of the standard: attributes that must be "
            "there, values that are allowed, content of reports along its template. "
            "The exit status is 0 if no file has an error, 1 if one has, and 2 if one "
            "could not be read."
        ),
    )
    command.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="file, or folder of which all files are checked",
    )
    command.add_argument(
        "--errors-only", action="store_true", help="leave warnings out"
    )
    command.add_argument(
        "--json",
        action="store_true",
        help="print a JSON object a line for each file, for programs",
    )
    command.set_defaults(run=_validate)


def _add_demo(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    command = commands.add_parser(
        "demo",
        help="segment and measure real images, and write a page about it",
        description=(
            "Read images, segment them by simple thresholds, write segmentations, "
            "reports and other objects, read them back, check them, and write a page "
            "with the results."
        ),
    )
    command.add_argument(
        "--input",
        type=Path,
        metavar="DIR",
        help="folder with DICOM files; without it, images from public packages",
    )
    command.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=Path("demo-output"),
        help="folder for the results (default: %(default)s)",
    )
    command.set_defaults(run=_demo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Words of the command line after its name; those of the process if not given.

    Returns
    -------
    int
        Exit status: 0 if all went well, 1 if a file violates the standard, 2 if there
        was nothing to work on or something could not be read.

    """
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


@dataclass(frozen=True)
class _Findings:
    """What was found in one file: violations, or why it could not be read."""

    path: Path
    violations: Sequence[dict[str, str]]
    failure: str | None = None

    @property
    def status(self) -> int:
        if self.failure is not None:
            return 2
        return int(any(found["severity"] == "error" for found in self.violations))

    def as_json(self) -> str:
        document: dict[str, object] = {"path": str(self.path)}
        if self.failure is None:
            document["violations"] = list(self.violations)
        else:
            document["failure"] = self.failure
        return json.dumps(document)

    def as_text(self) -> str:
        if self.failure is not None:
            return f"{self.path}: not readable: {self.failure}"
        counts = Counter(found["severity"] for found in self.violations)
        told = ", ".join(f"{count} {name}(s)" for name, count in sorted(counts.items()))
        lines = [
            f"  {found['severity']}: {found['path']}: {found['message']}"
            for found in self.violations
        ]
        return "\n".join([f"{self.path}: {told or 'valid'}", *lines])


def _validate(options: argparse.Namespace) -> int:
    status = 0
    for path in _files(options.paths):
        findings = _findings(path, errors_only=options.errors_only)
        text = findings.as_json() if options.json else findings.as_text()
        sys.stdout.write(text + "\n")
        status = max(status, findings.status)
    return status


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files that were named, and those DICOM files that are in the folders named."""
    for path in paths:
        if path.is_dir():
            yield from filter(_is_dicom, sorted(path.rglob("*")))
        else:
            yield path


def _is_dicom(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(132)[128:] == b"DICM"


def _findings(path: Path, *, errors_only: bool) -> _Findings:
    try:
        violations = _violations(path)
    except _UNREADABLE as error:
        return _Findings(path, (), str(error))
    return _Findings(
        path,
        [
            {
                "severity": violation.severity.value,
                "path": violation.path,
                "message": violation.message,
                "source": violation.source,
            }
            for violation in violations
            if violation.severity.value == "error" or not errors_only
        ],
    )


def _violations(path: Path) -> list[Violation]:
    # Imported here so that --help and --version answer at once.
    from highdicom.base import read  # noqa: PLC0415

    try:
        # Pixel data says nothing of what is checked, and may be large.
        return read(path, lazy_frame_retrieval=True).validate()
    except SourceError:
        raise
    except _UNREADABLE:
        # What cannot be used as the object that it should be can still be checked.
        return validate(dcmread(path, defer_size=_LARGE))


def _demo(options: argparse.Namespace) -> int:
    from highdicom.demo.inputs import NoInputError  # noqa: PLC0415
    from highdicom.demo.run import run  # noqa: PLC0415

    try:
        page = run(options.input, options.output)
    except (NoInputError, MissingDependencyError) as error:
        sys.stderr.write(f"highdicom demo: {error}\n")
        return 2
    sys.stdout.write(f"Open {page}\n")
    return 0

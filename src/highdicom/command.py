"""The console command: ``highdicom validate`` and ``highdicom demo``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from highdicom.errors import MissingDependencyError
from highdicom.version import __version__

__all__ = ["main"]


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
        help="file, or folder of which all DICOM files are checked",
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


def _validate(options: argparse.Namespace) -> int:
    # Here and below imported late, so that --help and --version answer at once.
    from highdicom.file_checks import check_files  # noqa: PLC0415

    status = 0
    for findings in check_files(options.paths, errors_only=options.errors_only):
        text = findings.as_json() if options.json else findings.as_text()
        sys.stdout.write(text + "\n")
        status = max(status, findings.status)
    return status


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

"""The console command."""

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
    demo = commands.add_parser(
        "demo",
        help="segment and measure real images, and write a page about it",
        description=(
            "Read images, segment them by simple thresholds, write segmentations and "
            "reports, read them back, check them, and write a page with the results."
        ),
    )
    demo.add_argument(
        "--input",
        type=Path,
        metavar="DIR",
        help="folder with DICOM files; without it, images from public packages",
    )
    demo.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=Path("demo-output"),
        help="folder for the results (default: %(default)s)",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Words of the command line after its name; those of the process if not given.

    Returns
    -------
    int
        Exit status: 0 if all went well, 2 if there was nothing to work on.

    """
    options = _parser().parse_args(arguments)
    # Imported here so that --help and --version answer at once.
    from highdicom.demo.inputs import NoInputError  # noqa: PLC0415
    from highdicom.demo.run import run  # noqa: PLC0415

    try:
        page = run(options.input, options.output)
    except (NoInputError, MissingDependencyError) as error:
        sys.stderr.write(f"highdicom demo: {error}\n")
        return 2
    sys.stdout.write(f"Open {page}\n")
    return 0

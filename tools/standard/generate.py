"""Write the tables of `highdicom.standard` from facts of the DICOM standard."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from docbook import facts_from_docbook
from facts import facts_from_json
from writer import tables_of

DEFAULT_OUTPUT = (
    Path(__file__).resolve().parents[2] / "src" / "highdicom" / "standard" / "data"
)
BUDGET = 500_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the facts, write the tables, and say how large they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--facts", type=Path, metavar="DIR", help="folder of JSON files"
    )
    source.add_argument(
        "--docbook",
        type=Path,
        metavar="DIR",
        help="folder with NEMA's part03.xml, part04.xml, part06.xml and part16.xml",
    )
    parser.add_argument("--output", type=Path, metavar="DIR", default=DEFAULT_OUTPUT)
    options = parser.parse_args(arguments)
    folder = options.facts or options.docbook
    if not folder.is_dir():
        parser.error(f"'{folder}' is not a folder.")
    facts = facts_from_json(folder) if options.facts else facts_from_docbook(folder)
    total = 0
    options.output.mkdir(parents=True, exist_ok=True)
    for name, text in tables_of(facts).items():
        content = text.encode("utf-8")
        (options.output / name).write_bytes(content)
        total += len(content)
        print(f"{name:20} {len(content):8,} bytes")
    print(f"{'all':20} {total:8,} bytes of at most {BUDGET:,}")
    return 0 if total <= BUDGET else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""The environments of the two packages."""

import importlib.metadata
import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"theirs": ["highdicom==0.28.2"], "ours": ["--editable", str(ROOT)]}


def python_of(name: str) -> Path:
    """Python of an environment of its own, made if it is not there.

    Both are as ``pip install`` makes them: with what a package needs, and none of its
    optional dependencies.
    """
    folder = ROOT / f".venv-benchmark-{name}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready"
    if not ready.exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES[name]]
        subprocess.run(command, check=True)
        ready.touch()
    return python


def versions() -> dict[str, str]:
    """Versions of the packages that carry both."""
    return {name: importlib.metadata.version(name) for name in ("numpy", "pydicom")}

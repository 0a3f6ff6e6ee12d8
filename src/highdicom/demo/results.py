"""Where the results of the demonstration go."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from highdicom.base import SOPClass
from highdicom.demo.page import Figure, File, write_report
from highdicom.demo.pictures import write_picture

__all__ = ["Results"]


class Results:
    """Where the results of one input go.

    Parameters
    ----------
    output
        Folder of all results.
    number
        Number of the input, with which names of files begin.

    """

    def __init__(self, output: Path, number: int) -> None:
        self._output = output
        self._number = number

    def path(self, name: str) -> Path:
        """Path of a file."""
        return self._output / f"{self._number:02}-{name}"

    def picture(
        self,
        name: str,
        kind: str,
        caption: str,
        picture: npt.NDArray[np.uint8],
        pixel_spacing: Sequence[float] = (1, 1),
    ) -> Figure:
        """Write a picture, which is wide if it is wider than it is high."""
        path = self.path(f"{name}.png")
        write_picture(path, picture, pixel_spacing)
        rows, columns = picture.shape[:2]
        is_wide = columns * pixel_spacing[1] > 1.2 * rows * pixel_spacing[0]
        return Figure(path.name, kind, caption, is_wide)

    def write(self, name: str, what: str, instance: SOPClass) -> File:
        """Write an instance, and check it."""
        path = self.path(f"{name}.dcm")
        instance.save_as(path)
        kilobytes = path.stat().st_size / 1000
        found = tuple(str(violation) for violation in instance.validate())
        return File(path.name, what, f"{kilobytes:,.0f} kB", found)

    def report(self, name: str, title: str, text: str) -> str:
        """Write a report as a page, and give the name of that."""
        path = self.path(f"{name}.html")
        write_report(path, title, text)
        return path.name

"""Ultrasound clips: some frames, kept as one picture."""

import numpy as np

from highdicom.demo.inputs import Input
from highdicom.demo.objects import make_secondary_capture
from highdicom.demo.page import Case
from highdicom.demo.pictures import montage
from highdicom.demo.results import Results
from highdicom.image import Image, imread

__all__ = ["work_on_clip"]


def work_on_clip(images: Input, results: Results) -> Case:
    """Put some frames of a clip into one image."""
    case = Case(images.title, images.origin)
    image = Image.from_dataset(images.datasets[0])
    count = image.number_of_frames
    case.facts += [f"{count} frames of {image.Rows} × {image.Columns} pixels"]
    numbers = np.linspace(1, count, min(count, 6)).astype(int).tolist()
    frames = [image.get_frame(number, dtype=np.uint8) for number in numbers]
    sheet = montage(frames, columns=3)
    capture = make_secondary_capture(images.datasets[0], sheet)
    case.files.append(results.write("secondary-capture", "Secondary capture", capture))
    read = imread(results.path("secondary-capture.dcm")).get_frame(1, dtype=np.uint8)
    if np.array_equal(read, sheet):
        case.checks.append("Secondary capture: read back pixel for pixel.")
    listed = ", ".join(str(number) for number in numbers)
    case.figures.append(
        results.picture("frames", "Secondary capture", f"Frames {listed}", read)
    )
    return case

"""The steps of the demonstration, from images to the page."""

from collections.abc import Callable
from pathlib import Path

from highdicom.demo.clips import work_on_clip
from highdicom.demo.inputs import Input, find_inputs
from highdicom.demo.packages import required
from highdicom.demo.page import Case, write_page
from highdicom.demo.results import Results
from highdicom.demo.slides import work_on_slide
from highdicom.demo.volumes import work_on_volume

__all__ = ["run"]

_STEPS: dict[str, Callable[[Input, Results], Case]] = {
    "series": work_on_volume,
    "enhanced": work_on_volume,
    "slide": work_on_slide,
    "clip": work_on_clip,
}


def run(folder: Path | None, output: Path) -> Path:
    """Work on all images and write the page.

    Parameters
    ----------
    folder
        Where the images are; public ones if not given.
    output
        Where the results go; made if it is not there.

    Returns
    -------
    Path
        The page.

    """
    inputs = find_inputs(folder)
    output.mkdir(parents=True, exist_ok=True)
    cases = []
    tqdm = required("tqdm", "tqdm", "show the progress of the demonstration").tqdm
    with tqdm(total=len(inputs), unit="image") as progress:
        for number, images in enumerate(inputs, 1):
            progress.set_description(images.title)
            cases.append(_STEPS[images.kind](images, Results(output, number)))
            progress.update()
    page = output / "index.html"
    write_page(page, cases)
    return page

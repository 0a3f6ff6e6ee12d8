"""The images or the series that a segmentation or a surface was made from."""

import warnings
from collections.abc import Iterable
from typing import Any

from pydicom.dataset import Dataset

from highdicom.content_items.base import ContentItem, ContentSequence
from highdicom.content_items.query import matching
from highdicom.errors import (
    ArgumentTypeError,
    InformationLossWarning,
    InvalidArgumentError,
)
from highdicom.sr.content.errors import UnexpectedContentError
from highdicom.sr.content.sources import (
    SOURCE_IMAGE,
    SOURCE_SERIES,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)

__all__ = ["SegmentationSources"]

_is_image = matching(SOURCE_IMAGE, "IMAGE")
_is_series = matching(SOURCE_SERIES, "UIDREF")


class SegmentationSources(ContentSequence):
    """Sequence in which items say what a segmentation was made from."""

    @staticmethod
    def checked_sources(
        source_images: Iterable[SourceImageForSegmentation] | None,
        source_series: SourceSeriesForSegmentation | None,
    ) -> list[ContentItem]:
        """Check sources: images, or a series.

        Raises
        ------
        ArgumentTypeError
            If something has another type.
        InvalidArgumentError
            If neither is given.

        """
        images: list[Any] = list(source_images or ())
        for item in images:
            if not isinstance(item, SourceImageForSegmentation):
                raise ArgumentTypeError(
                    "'source_images' must be SourceImageForSegmentation items, "
                    f"not {type(item).__name__}."
                )
        series: Any = source_series
        if series is not None and not isinstance(series, SourceSeriesForSegmentation):
            raise ArgumentTypeError(
                "'source_series' must be a SourceSeriesForSegmentation, "
                f"not {type(series).__name__}."
            )
        if images and series is not None:
            warnings.warn(
                "'source_series' is left out: PS3.16 TID 1411 allows images or a series.",
                InformationLossWarning,
                stacklevel=4,
            )
        if images:
            return images
        if series is None:
            raise InvalidArgumentError(
                "One of 'source_images' and 'source_series' must be given."
            )
        return [series]

    @staticmethod
    def found_sources(items: Iterable[Dataset]) -> list[ContentItem]:
        """Sources among items, with the classes of this package.

        Raises
        ------
        UnexpectedContentError
            If there is none.

        """
        images: list[ContentItem] = []
        series: list[ContentItem] = []
        for item in items:
            if _is_image(item):
                images.append(SourceImageForSegmentation.from_dataset(item, copy=False))
            elif _is_series(item):
                series.append(
                    SourceSeriesForSegmentation.from_dataset(item, copy=False)
                )
        if not images and not series:
            raise UnexpectedContentError(
                "The sequence must have content items 'Source Image for Segmentation' "
                "or 'Source Series for Segmentation'."
            )
        return images or series[:1]

    def has_source_images(self) -> bool:
        """Whether images are given rather than a series."""
        return bool(self.source_images_for_segmentation)

    @property
    def source_images_for_segmentation(self) -> list[SourceImageForSegmentation]:
        """The images; empty if a series is given."""
        return [item for item in self if isinstance(item, SourceImageForSegmentation)]

    @property
    def source_series_for_segmentation(self) -> SourceSeriesForSegmentation | None:
        """The series; none if images are given."""
        found = [item for item in self if isinstance(item, SourceSeriesForSegmentation)]
        return found[0] if found else None

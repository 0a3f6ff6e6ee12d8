"""Images: reading any, writing derived multi-frame ones."""

from highdicom.image.image import Image, imread
from highdicom.image.series import get_volume_from_series
from highdicom.spatial import VOLUME_INDEX_CONVENTION

__all__ = ["VOLUME_INDEX_CONVENTION", "Image", "get_volume_from_series", "imread"]

"""Images of few pixels and presentation states that show them, for several tests."""

import numpy as np

from highdicom import UID, ModalityLUTTransformation
from highdicom.pr import (
    GrayscaleSoftcopyPresentationState,
    SoftcopyVOILUTTransformation,
)
from highdicom.testing import ct_series

VOI = SoftcopyVOILUTTransformation
NO_RESCALE = ModalityLUTTransformation(0.0, 1.0, "US")


def identity(**options):
    return {
        "series_instance_uid": UID(),
        "series_number": 7,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "manufacturer": "Manufacturer",
        "manufacturer_model_name": "Model",
        "software_versions": "1.0",
        "device_serial_number": "17",
        "content_label": "LABEL",
        **options,
    }


def image_of(values):
    """A CT image of values from 0 to 4095 with square pixels."""
    (image,) = ct_series(1)
    array = np.asarray(values, np.uint16)
    image.Rows, image.Columns = array.shape
    image.PixelData = array.tobytes()
    image.PixelSpacing = [1, 1]
    return image


def black(rows=20, columns=30):
    return image_of(np.zeros((rows, columns)))


RAMP = np.arange(12).reshape(3, 4) * 20


def gray(image, **options):
    """A state that shows stored values from 0 to 255 as they are."""
    options = {
        "modality_lut_transformation": NO_RESCALE,
        "voi_lut_transformations": [VOI(128, 256)],
        **options,
    }
    images = image if isinstance(image, list) else [image]
    return GrayscaleSoftcopyPresentationState(images, **options, **identity())

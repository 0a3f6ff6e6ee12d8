"""Annotation groups of a few points, for several tests."""

import numpy as np
from pydicom.sr.codedict import codes

from highdicom.ann import AnnotationGroup

TRIANGLE = np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 3.0]])
SQUARE = np.array([[8.0, 8.0], [9.0, 8.0], [9.0, 9.0], [8.0, 9.0]])
AREA = (codes.SCT.Area, codes.UCUM.SquareMicrometer)
MEANING = {
    "annotated_property_category": codes.SCT.AnatomicalStructure,
    "annotated_property_type": codes.SCT.Nucleus,
    "algorithm_type": "MANUAL",
}


def group(graphic_data=(TRIANGLE, SQUARE), graphic_type="POLYGON", **changes):
    arguments = {
        "number": 1,
        "uid": "1.2.3",
        "label": "nuclei",
        "graphic_type": graphic_type,
        "graphic_data": graphic_data,
        **MEANING,
    }
    return AnnotationGroup(**{**arguments, **changes})

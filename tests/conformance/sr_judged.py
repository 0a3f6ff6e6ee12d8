"""Measurement reports as documents, with evidence, and what others say of them."""

import judges
from pydicom.dataset import Dataset

from highdicom import UID
from highdicom.sr import Comprehensive3DSR, srread
from highdicom.standard import Severity
from highdicom.testing import ct_series, enhanced_ct, slide

CT = "1.2.840.10008.5.1.4.1.1.2"
# Coordinates, segments and maps that `sr_template_parts` refers to.
IMAGES = ct_series(number_of_slices=2)
for _image, _uid in zip(IMAGES, ("1.2.7", "1.2.8"), strict=True):
    _image.SOPInstanceUID = _uid


def _other(sop_class_uid, sop_instance_uid):
    other = Dataset()
    other.SOPClassUID, other.SOPInstanceUID = sop_class_uid, sop_instance_uid
    other.StudyInstanceUID = IMAGES[0].StudyInstanceUID
    other.SeriesInstanceUID = f"{sop_instance_uid}.1"
    return other


BARE = _other(CT, "1.2.5")
BARE.Modality, BARE.Rows, BARE.Columns = "CT", 4, 5
LIBRARY = [*IMAGES, enhanced_ct(), slide()]
EVIDENCE = [
    *LIBRARY,
    BARE,
    _other("1.2.840.10008.5.1.4.1.1.66.4", "1.2.6"),
    _other("1.2.840.10008.5.1.4.1.1.67", "1.2.99"),
]


def document(content):
    return Comprehensive3DSR(EVIDENCE, content, UID(), 1, UID(), 1, "Maker")


def saved(made, path):
    made.save_as(path, enforce_file_format=True)
    return path


def assert_valid(made, tmp_path):
    """Check a document; returns what it is when it is read."""
    path = saved(made, tmp_path / "report.dcm")
    for verdict in (judges.dciodvfy(path), judges.dsrdump(path)):
        assert not verdict.errors, str(verdict)
    found = [one for one in made.validate() if one.severity is Severity.ERROR]
    assert not found
    return srread(path)

"""Datasets from plain values, and identifiers that can be the same in every run."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4, uuid5

import numpy as np
from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import empty_value_for_VR
from pydicom.dataset import FileMetaDataset
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, ExplicitVRLittleEndian
from pydicom.valuerep import DSfloat, format_number_as_ds

from highdicom.errors import InvalidArgumentError
from highdicom.uid import UID

__all__ = [
    "Identifiers",
    "Seed",
    "Values",
    "code",
    "dataset_of",
    "file_bytes",
    "finished",
    "general",
    "put",
]

Seed = int | str | None
Values = Mapping[str, Any]

_NAMESPACE = UUID("5f2f7c1e-6d0c-4a58-8f0a-3e3f5b8f1a10")


class Identifiers:
    """Unique identifiers by name.

    Parameters
    ----------
    seed
        Equal seeds give equal identifiers in every run; None gives new ones.

    Examples
    --------
    >>> from highdicom.testing.factories.building import Identifiers
    >>> Identifiers(1)("study") == Identifiers(1)("study")
    True
    >>> Identifiers(1)("study") == Identifiers(2)("study")
    False

    """

    def __init__(self, seed: Seed) -> None:
        self._namespace = uuid4() if seed is None else uuid5(_NAMESPACE, repr(seed))

    def __call__(self, name: str) -> UID:
        """Identifier of that name."""
        return UID.from_uuid(str(uuid5(self._namespace, name)))


def dataset_of(*values: Values) -> Dataset:
    """Make a dataset from values by keyword.

    A mapping stands for a sequence of one item, a list of mappings or datasets for a
    sequence. Numbers are rounded to what their value representation can hold.
    """
    dataset = Dataset()
    for part in values:
        for keyword, value in part.items():
            put(dataset, keyword, value)
    return dataset


def put(dataset: Dataset, keyword: str, value: Any, vr: str | None = None) -> None:
    """Store one element.

    Parameters
    ----------
    dataset
        Where to store it.
    keyword
        Keyword of the attribute.
    value
        Its value, as :func:`dataset_of` takes it.
    vr
        Value representation, where the data dictionary leaves a choice.

    Raises
    ------
    InvalidArgumentError
        If no attribute has the keyword.

    """
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise InvalidArgumentError(f"There is no attribute {keyword!r}.")
    vr = vr or dictionary_VR(tag)
    dataset.add(DataElement(tag, vr, _converted(value, vr)))


def _converted(value: Any, vr: str) -> Any:
    if value is None:
        return empty_value_for_VR(vr)
    if vr == "SQ":
        items = [value] if isinstance(value, Mapping | Dataset) else value
        return [
            item if isinstance(item, Dataset) else dataset_of(item) for item in items
        ]
    if isinstance(value, list | tuple):
        return [_converted(number, vr) for number in value]
    if vr == "DS" and isinstance(value, float):
        return DSfloat(format_number_as_ds(float(value)))
    # What a file can hold, so that an image compares equal to itself read back.
    return float(np.float32(value)) if vr == "FL" else value


def code(value: str, scheme: str, meaning: str) -> dict[str, str]:
    """Values of an item of a code sequence (PS3.3 8.8)."""
    return {
        "CodeValue": value,
        "CodingSchemeDesignator": scheme,
        "CodeMeaning": meaning,
    }


def general(
    seed: Seed, kind: str, sop_class_uid: str, modality: str, *, name: str = "image"
) -> dict[str, Any]:
    """Patient, Study, Series, Equipment, General Image and SOP Common modules.

    Patient and study follow from the seed alone, so that images of several kinds
    belong together; the series follows from the kind, the instance from the name.
    """
    identify = Identifiers(seed)
    return {
        "SpecificCharacterSet": "ISO_IR 192",
        "SOPClassUID": sop_class_uid,
        "SOPInstanceUID": identify(f"{kind}/{name}"),
        "PatientName": "Example^Patient",
        "PatientID": "EXAMPLE",
        "PatientBirthDate": "19700203",
        "PatientSex": "O",
        "StudyInstanceUID": identify("study"),
        "StudyDate": "20240102",
        "StudyTime": "101112",
        "AccessionNumber": "A1",
        "ReferringPhysicianName": None,
        "StudyID": "1",
        "Modality": modality,
        "SeriesInstanceUID": identify(kind),
        "SeriesNumber": 1,
        "SeriesDescription": kind,
        "Manufacturer": "Example Manufacturer",
        "ManufacturerModelName": "Example Model",
        "DeviceSerialNumber": "0001",
        "SoftwareVersions": "1.0",
        "InstanceNumber": 1,
        "ContentDate": "20240102",
        "ContentTime": "101314",
        "AcquisitionDateTime": "20240102101213",
    }


def finished(dataset: Dataset, attributes: Values | None) -> Dataset:
    """Apply the caller's attributes and complete the File Meta Information (PS3.10).

    An attribute whose value is None is removed.
    """
    for keyword, value in (attributes or {}).items():
        if value is not None:
            put(dataset, keyword, value)
        elif keyword in dataset:
            delattr(dataset, keyword)
    correct_ambiguous_vr(dataset, is_little_endian=True)
    meta = getattr(dataset, "file_meta", FileMetaDataset())
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    if "TransferSyntaxUID" not in meta:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta = meta
    return dataset


def file_bytes(dataset: Dataset) -> bytes:
    """Encode a dataset with File Meta Information as a file (PS3.10 7)."""
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()

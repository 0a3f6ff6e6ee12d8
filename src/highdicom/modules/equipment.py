"""General Equipment and Enhanced General Equipment modules, Contributing Equipment.

PS3.3 C.7.5.1, C.7.5.2 and C.12.1.1.5.
"""

from contextlib import suppress
from copy import deepcopy
from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.valuerep import DT

from highdicom.attributes import Module, SequenceItem
from highdicom.attributes.specifiers import (
    Coded,
    OptionalDateTime,
    OptionalText,
    OptionalTexts,
    Text,
    Texts,
    coded,
    date_time,
    text,
    texts,
)
from highdicom.coding import CodedConcept
from highdicom.encoding.elements import new_dataset
from highdicom.errors import MissingAttributeError
from highdicom.typing import Self
from highdicom.version import __version__

__all__ = ["ContributingEquipment", "EnhancedGeneralEquipment", "GeneralEquipment"]

# What an image does not say of its own equipment, but others who refer to it.
_OF_CONTRIBUTIONS = frozenset(
    ("purpose_of_reference", "contribution_datetime", "contribution_description")
)


class GeneralEquipment(Module, defined_in="general-equipment"):
    """What made an instance (PS3.3 C.7.5.1).

    Examples
    --------
    >>> from highdicom.modules.equipment import GeneralEquipment
    >>> GeneralEquipment("Manufacturer", software_versions="1.0").software_versions
    ['1.0']

    """

    manufacturer: OptionalText = text("Manufacturer", "2", default=None)
    manufacturer_model_name: OptionalText = text(
        "ManufacturerModelName", "3", default=None
    )
    software_versions: OptionalTexts = texts("SoftwareVersions", "3", default=None)
    device_serial_number: OptionalText = text("DeviceSerialNumber", "3", default=None)
    institution_name: OptionalText = text("InstitutionName", "3", default=None)
    institutional_department_name: OptionalText = text(
        "InstitutionalDepartmentName", "3", default=None
    )


class EnhancedGeneralEquipment(Module, defined_in="enhanced-general-equipment"):
    """What made an instance, in full (PS3.3 C.7.5.2).

    Examples
    --------
    >>> from highdicom.modules.equipment import EnhancedGeneralEquipment
    >>> EnhancedGeneralEquipment("Maker", "Model", "17", "1.0").device_serial_number
    '17'

    """

    manufacturer: Text = text("Manufacturer", "1")
    manufacturer_model_name: Text = text("ManufacturerModelName", "1")
    device_serial_number: Text = text("DeviceSerialNumber", "1")
    software_versions: Texts = texts("SoftwareVersions", "1")


class ContributingEquipment(
    SequenceItem, defined_in="sop-common", path=("ContributingEquipmentSequence",)
):
    """Equipment that had a part in an instance (PS3.3 C.12.1.1.5).

    Examples
    --------
    >>> from highdicom import ContributingEquipment
    >>> ContributingEquipment.for_highdicom().manufacturer_model_name
    'highdicom'

    """

    manufacturer: Text = text("Manufacturer", "1")
    purpose_of_reference: Coded = coded("PurposeOfReferenceCodeSequence", "1", cid=7005)
    manufacturer_model_name: OptionalText = text(
        "ManufacturerModelName", "3", default=None
    )
    software_versions: OptionalTexts = texts("SoftwareVersions", "3", default=None)
    device_serial_number: OptionalText = text("DeviceSerialNumber", "3", default=None)
    institution_name: OptionalText = text("InstitutionName", "3", default=None)
    institutional_department_name: OptionalText = text(
        "InstitutionalDepartmentName", "3", default=None
    )
    institution_address: OptionalText = text("InstitutionAddress", "3", default=None)
    station_name: OptionalText = text("StationName", "3", default=None)
    contribution_datetime: OptionalDateTime = date_time(
        "ContributionDateTime", "3", default=None
    )
    contribution_description: OptionalText = text(
        "ContributionDescription", "3", default=None
    )

    @classmethod
    def for_highdicom(
        cls, *, purpose_of_reference: Code | CodedConcept | None = None
    ) -> Self:
        """Describe this software.

        Parameters
        ----------
        purpose_of_reference
            What it did; processing, if nothing else is said.

        """
        return cls(
            manufacturer="Highdicom open-source contributors",
            purpose_of_reference=purpose_of_reference or codes.DCM.ProcessingEquipment,
            manufacturer_model_name="highdicom",
            software_versions=__version__,
            # Local time, as the other times of the instance are.
            contribution_datetime=datetime.now(),  # noqa: DTZ005
            contribution_description="Software library used to create this instance",
        )

    @classmethod
    def for_image_acquisition(cls, dataset: Dataset) -> Self:
        """Describe the equipment that acquired an image, in the words of the image.

        Parameters
        ----------
        dataset
            The image.

        Raises
        ------
        MissingAttributeError
            If the image does not say who made its equipment.

        """
        if not dataset.get("Manufacturer"):
            raise MissingAttributeError(
                "The image lacks Manufacturer, which describes the equipment that "
                "acquired it.",
                keyword="Manufacturer",
            )
        item = new_dataset(cls)
        item.purpose_of_reference = codes.DCM.AcquisitionEquipment
        item.contribution_description = "Acquisition equipment of the source image(s)"
        acquired = _date_time(dataset, "AcquisitionDateTime")
        if acquired:
            item.contribution_datetime = acquired
        for attribute in cls.declaration.attributes.values():
            is_set = attribute.name in _OF_CONTRIBUTIONS
            if not is_set and dataset.get(attribute.keyword):
                # As the image has it, even if it is longer than it may be.
                item[attribute.tag] = deepcopy(dataset[attribute.tag])
        return item


def _date_time(dataset: Dataset, keyword: str) -> DT | None:
    """Date and time that a dataset tells; None if it tells none that can be read."""
    with suppress(ValueError):
        value = dataset.get(keyword)
        return DT(value) if value else None
    return None

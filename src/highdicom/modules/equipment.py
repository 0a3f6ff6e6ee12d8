"""General Equipment and Enhanced General Equipment modules, Contributing Equipment.

PS3.3 C.7.5.1, C.7.5.2 and C.12.1.1.5.
"""

from copy import deepcopy
from datetime import datetime

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from typing_extensions import Self

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
from highdicom.version import __version__

__all__ = ["ContributingEquipment", "EnhancedGeneralEquipment", "GeneralEquipment"]


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
            manufacturer="highdicom developers",
            purpose_of_reference=purpose_of_reference or codes.DCM.ProcessingEquipment,
            manufacturer_model_name="highdicom",
            software_versions=__version__,
            # Local time, as the other times of the instance are.
            contribution_datetime=datetime.now(),  # noqa: DTZ005
            contribution_description="Software library that made this instance",
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
        for attribute in cls.declaration.attributes.values():
            # As the image has them, even if they are longer than they may be.
            if attribute.vr != "SQ" and dataset.get(attribute.keyword):
                item[attribute.tag] = deepcopy(dataset[attribute.tag])
        return item

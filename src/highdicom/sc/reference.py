"""What a capture takes from another instance of the same study."""

from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.errors import ArgumentTypeError, MissingAttributeError
from highdicom.modules.equipment import ContributingEquipment

__all__ = ["equipment_with_acquisition", "reference_arguments"]

# Arguments that stand for what is copied. They are named, so that it is an error to give
# them, too.
_COPIED = (
    "patient_id",
    "patient_name",
    "patient_birth_date",
    "patient_sex",
    "accession_number",
    "study_id",
    "study_date",
    "study_time",
    "referring_physician_name",
)


def reference_arguments(ref_dataset: Dataset) -> dict[str, Any]:
    """Arguments of a capture in the study of another instance.

    Raises
    ------
    ArgumentTypeError
        If it is no dataset.
    MissingAttributeError
        If it has no Study Instance UID.

    """
    if not isinstance(ref_dataset, Dataset):
        raise ArgumentTypeError(
            f"'ref_dataset' must be a Dataset, not {type(ref_dataset).__name__}."
        )
    if not ref_dataset.get("StudyInstanceUID"):
        raise MissingAttributeError(
            "'ref_dataset' lacks StudyInstanceUID.",
            keyword="StudyInstanceUID",
            sop_instance_uid=ref_dataset.get("SOPInstanceUID"),
        )
    return {
        "study_instance_uid": ref_dataset.StudyInstanceUID,
        **dict.fromkeys(_COPIED),
    }


def equipment_with_acquisition(
    given: Sequence[ContributingEquipment] | None, ref_dataset: Dataset
) -> list[ContributingEquipment]:
    """List what acquired the other instance, and what else had a part."""
    equipment = list(given or ())
    if ref_dataset.get("Manufacturer"):
        acquisition = ContributingEquipment.for_image_acquisition(ref_dataset)
        equipment.insert(0, acquisition)
    return equipment

"""Arrays of voxels with their place in the patient or on the slide."""

from highdicom.spatial.orientation import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    PATIENT_ORIENTATION_OPPOSITES,
    VOLUME_INDEX_CONVENTION,
)
from highdicom.volume.channels import RGB_COLOR_CHANNEL_DESCRIPTOR, ChannelDescriptor
from highdicom.volume.transformer import VolumeToVolumeTransformer
from highdicom.volume.volume import Volume, VolumeGeometry

__all__ = [
    "LPS_PATIENT_REFERENCE_CONVENTION",
    "PATIENT_ORIENTATION_OPPOSITES",
    "RGB_COLOR_CHANNEL_DESCRIPTOR",
    "VOLUME_INDEX_CONVENTION",
    "ChannelDescriptor",
    "Volume",
    "VolumeGeometry",
    "VolumeToVolumeTransformer",
]

"""Arrays of voxels with their place in the patient or on the slide."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.spatial.orientation import (
        LPS_PATIENT_REFERENCE_CONVENTION as LPS_PATIENT_REFERENCE_CONVENTION,
        PATIENT_ORIENTATION_OPPOSITES as PATIENT_ORIENTATION_OPPOSITES,
        VOLUME_INDEX_CONVENTION as VOLUME_INDEX_CONVENTION,
    )
    from highdicom.volume.channels import (
        RGB_COLOR_CHANNEL_DESCRIPTOR as RGB_COLOR_CHANNEL_DESCRIPTOR,
        ChannelDescriptor as ChannelDescriptor,
    )
    from highdicom.volume.transformer import (
        VolumeToVolumeTransformer as VolumeToVolumeTransformer,
    )
    from highdicom.volume.volume import (
        Volume as Volume,
        VolumeGeometry as VolumeGeometry,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.spatial.orientation": (
                "LPS_PATIENT_REFERENCE_CONVENTION",
                "PATIENT_ORIENTATION_OPPOSITES",
                "VOLUME_INDEX_CONVENTION",
            ),
            "highdicom.volume.channels": (
                "RGB_COLOR_CHANNEL_DESCRIPTOR",
                "ChannelDescriptor",
            ),
            "highdicom.volume.transformer": ("VolumeToVolumeTransformer",),
            "highdicom.volume.volume": (
                "Volume",
                "VolumeGeometry",
            ),
        },
    )

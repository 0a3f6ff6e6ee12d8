"""What segmentations are read with: imported when the first segment is."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.content.palette import (
        PaletteColorLUTTransformation as PaletteColorLUTTransformation,
    )
    from highdicom.frames.plan import (
        FramePlan as FramePlan,
        Missing as Missing,
    )
    from highdicom.frames.region import (
        plan_region as plan_region,
    )
    from highdicom.frames.stack import (
        plan_stack as plan_stack,
    )
    from highdicom.image.ranges import (
        resolve_range as resolve_range,
    )
    from highdicom.image.source_frames import (
        SourceMatches as SourceMatches,
        match_indices as match_indices,
        match_instances as match_instances,
        match_source_frames as match_source_frames,
    )
    from highdicom.pixels.transforms import (
        IccCorrection as IccCorrection,
    )
    from highdicom.seg.combining import (
        Combination as Combination,
        SegmentOptions as SegmentOptions,
        wanted_numbers as wanted_numbers,
    )
    from highdicom.seg.queries import (
        SegmentQuery as SegmentQuery,
        matching_segments as matching_segments,
    )
    from highdicom.seg.utils import (
        iter_segments as iter_segments,
    )
    from highdicom.volume.channels import (
        RGB_COLOR_CHANNEL_DESCRIPTOR as RGB_COLOR_CHANNEL_DESCRIPTOR,
        ChannelDescriptor as ChannelDescriptor,
    )
    from highdicom.volume.volume import (
        Volume as Volume,
        VolumeGeometry as VolumeGeometry,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.content.palette": ("PaletteColorLUTTransformation",),
            "highdicom.frames.plan": (
                "FramePlan",
                "Missing",
            ),
            "highdicom.frames.region": ("plan_region",),
            "highdicom.frames.stack": ("plan_stack",),
            "highdicom.image.ranges": ("resolve_range",),
            "highdicom.image.source_frames": (
                "SourceMatches",
                "match_indices",
                "match_instances",
                "match_source_frames",
            ),
            "highdicom.pixels.transforms": ("IccCorrection",),
            "highdicom.seg.combining": (
                "Combination",
                "SegmentOptions",
                "wanted_numbers",
            ),
            "highdicom.seg.queries": ("SegmentQuery", "matching_segments"),
            "highdicom.seg.utils": ("iter_segments",),
            "highdicom.volume.channels": (
                "ChannelDescriptor",
                "RGB_COLOR_CHANNEL_DESCRIPTOR",
            ),
            "highdicom.volume.volume": (
                "Volume",
                "VolumeGeometry",
            ),
        },
    )

"""What images are read with: imported when the first frame is, not with the class."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
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
    from highdicom.image.assembly import (
        Assembly as Assembly,
    )
    from highdicom.image.geometry import (
        Stack as Stack,
        check_tiles_differ as check_tiles_differ,
        stack_of_frames as stack_of_frames,
        stack_of_tiles as stack_of_tiles,
    )
    from highdicom.image.groups import (
        TransformGroups as TransformGroups,
    )
    from highdicom.image.options import (
        TransformKeywords as TransformKeywords,
        TransformOptions as TransformOptions,
        transform_keywords as transform_keywords,
    )
    from highdicom.image.ranges import (
        resolve_range as resolve_range,
    )
    from highdicom.image.source_frames import (
        SourceMatches as SourceMatches,
        frame_at_each as frame_at_each,
        match_instances as match_instances,
        match_source_frames as match_source_frames,
    )
    from highdicom.image.stored import (
        StoredFrames as StoredFrames,
    )
    from highdicom.image.transforms import (
        FrameTransforms as FrameTransforms,
    )
    from highdicom.io.frame_reader import (
        FileFrameReader as FileFrameReader,
        FrameReader as FrameReader,
        number_of_frames_of as number_of_frames_of,
    )
    from highdicom.io.header import (
        read_dataset as read_dataset,
    )
    from highdicom.io.sources import (
        open_source as open_source,
    )
    from highdicom.spatial.dataset import (
        image_geometry as image_geometry,
    )
    from highdicom.standard.model import (
        Violation as Violation,
    )
    from highdicom.volume.volume import (
        Volume as Volume,
        VolumeGeometry as VolumeGeometry,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.frames.plan": (
                "FramePlan",
                "Missing",
            ),
            "highdicom.frames.region": ("plan_region",),
            "highdicom.frames.stack": ("plan_stack",),
            "highdicom.image.assembly": ("Assembly",),
            "highdicom.image.geometry": (
                "Stack",
                "check_tiles_differ",
                "stack_of_frames",
                "stack_of_tiles",
            ),
            "highdicom.image.groups": ("TransformGroups",),
            "highdicom.image.options": (
                "TransformKeywords",
                "TransformOptions",
                "transform_keywords",
            ),
            "highdicom.image.ranges": ("resolve_range",),
            "highdicom.image.source_frames": (
                "SourceMatches",
                "frame_at_each",
                "match_instances",
                "match_source_frames",
            ),
            "highdicom.image.stored": ("StoredFrames",),
            "highdicom.image.transforms": ("FrameTransforms",),
            "highdicom.io.frame_reader": (
                "FileFrameReader",
                "FrameReader",
                "number_of_frames_of",
            ),
            "highdicom.io.header": ("read_dataset",),
            "highdicom.io.sources": ("open_source",),
            "highdicom.spatial.dataset": ("image_geometry",),
            "highdicom.standard.model": ("Violation",),
            "highdicom.volume.volume": (
                "Volume",
                "VolumeGeometry",
            ),
        },
    )

"""Where bytes and frames come from: files, URLs, file objects, DICOMweb."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.io.byte_source import (
        ByteSource as ByteSource,
    )
    from highdicom.io.dicomweb import (
        DicomWebFrameReader as DicomWebFrameReader,
    )
    from highdicom.io.frame_reader import (
        DatasetFrameReader as DatasetFrameReader,
        FileFrameReader as FileFrameReader,
        FrameReader as FrameReader,
    )
    from highdicom.io.header import (
        read_dataset as read_dataset,
        read_header as read_header,
    )
    from highdicom.io.image_file_reader import (
        ImageFileReader as ImageFileReader,
    )
    from highdicom.io.sources import (
        open_source as open_source,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.io.byte_source": ("ByteSource",),
            "highdicom.io.dicomweb": ("DicomWebFrameReader",),
            "highdicom.io.frame_reader": (
                "DatasetFrameReader",
                "FileFrameReader",
                "FrameReader",
            ),
            "highdicom.io.header": (
                "read_dataset",
                "read_header",
            ),
            "highdicom.io.image_file_reader": ("ImageFileReader",),
            "highdicom.io.sources": ("open_source",),
        },
    )

"""Where bytes and frames come from: files, URLs, file objects, DICOMweb."""

from highdicom.io.byte_source import ByteSource
from highdicom.io.dicomweb import DicomWebFrameReader
from highdicom.io.frame_reader import DatasetFrameReader, FileFrameReader, FrameReader
from highdicom.io.header import read_dataset, read_header
from highdicom.io.image_file_reader import ImageFileReader
from highdicom.io.sources import open_source

__all__ = [
    "ByteSource",
    "DatasetFrameReader",
    "DicomWebFrameReader",
    "FileFrameReader",
    "FrameReader",
    "ImageFileReader",
    "open_source",
    "read_dataset",
    "read_header",
]

"""The client for files of dicomweb-client serves what its client for the web does."""

import shutil
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import ExplicitVRLittleEndian

from highdicom.io.dicomweb import DicomWebFrameReader
from highdicom.io.frame_reader import FileFrameReader
from highdicom.io.sources import open_source

pytestmark = pytest.mark.filterwarnings("ignore")

dicomweb_client = pytest.importorskip("dicomweb_client")

# Not those in RLE, which this client cannot serve.
NAMES = ["JPEG-LL.dcm", "emri_small.dcm", "JPEG2000.dcm"]


@pytest.mark.parametrize("name", NAMES)
def test_frames_and_dataset_are_those_of_the_file(name, tmp_path):
    path = get_testdata_file(name)
    shutil.copy(path, tmp_path / name)
    client = dicomweb_client.DICOMfileClient(
        f"file://{Path(tmp_path)}", update_db=True, recreate_db=True, in_memory=True
    )
    dataset = dcmread(path)
    reader = DicomWebFrameReader(
        client,
        dataset.StudyInstanceUID,
        dataset.SeriesInstanceUID,
        dataset.SOPInstanceUID,
    )
    by_file = FileFrameReader(open_source(path))
    count = reader.number_of_frames
    assert count == by_file.number_of_frames
    frames = list(reader.read_frames(range(count)))
    assert frames == list(by_file.read_frames(range(count)))
    received = reader.read_dataset()
    assert received.Rows == dataset.Rows
    assert received.PatientName == dataset.PatientName
    is_compressed = dataset.file_meta.TransferSyntaxUID.is_compressed
    assert (reader.transfer_syntax_uid == ExplicitVRLittleEndian) != is_compressed

"""Frames over DICOMweb, from a small server in the test."""

import json
import pickle
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from highdicom.errors import (
    NonconformantDatasetError,
    NonconformantDatasetWarning,
    SourceError,
)
from highdicom.io.byte_source import SourceNotFoundError
from highdicom.io.dicomweb import DicomWebFrameReader
from highdicom.io.frame_reader import DatasetFrameReader
from highdicom.testing.contracts import FrameReaderContract, _image

pytestmark = pytest.mark.network

BOUNDARY = "8fb1a2"


class WadoHandler(BaseHTTPRequestHandler):
    """Answers requests for metadata, frames and bulk data of one instance."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *arguments: object) -> None:
        """Be silent."""

    def do_GET(self) -> None:
        server = self.server
        server.paths.append(self.path)
        self.accepted = self.headers.get("Accept", "")
        dataset = server.dataset
        levels = (("studies", "Study"), ("series", "Series"), ("instances", "SOP"))
        instance = "".join(
            f"/{level}/{dataset[name + 'InstanceUID'].value}" for level, name in levels
        )
        match = re.fullmatch(rf"/wado{instance}(/.*)", self.path)
        resource = match[1] if match else ""
        if server.refused is not None and re.search(server.refused, self.accepted):
            self.send_error(406)
        elif resource == "/metadata":
            self._send("application/dicom+json", json.dumps([server.metadata]).encode())
        elif resource.startswith("/frames/"):
            self._send_frames([int(n) for n in resource[8:].split(",")])
        elif self.path in server.bulk_data:
            self._send_parts([server.bulk_data[self.path]], "application/octet-stream")
        else:
            self.send_error(404)

    def _send_frames(self, numbers: list[int]) -> None:
        reader = DatasetFrameReader(self.server.dataset)
        frames = [reader.read_frame(number - 1) for number in numbers]
        if self.server.repacks_bits:
            frames = [self.server.repacks_bits(n - 1) for n in numbers]
        if self.server.loses_frames:
            frames = frames[:-1] or [b""]
        self._send_parts(frames, self.server.part_type)

    def _send_parts(self, parts: list[bytes], part_type: str) -> None:
        head = f"--{BOUNDARY}\r\nContent-Type: {part_type}\r\n\r\n".encode()
        body = b"".join(head + part + b"\r\n" for part in parts)
        body += f"--{BOUNDARY}--".encode()
        self._send(f'multipart/related; boundary="{BOUNDARY}"', body)

    def _send(self, content_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class WadoServer(ThreadingHTTPServer):
    """Server with the instance it has and the paths it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WadoHandler)
        self.paths: list[str] = []
        self.bulk_data: dict[str, bytes] = {}
        self.part_type = "application/octet-stream"
        self.refused: str | None = None
        self.repacks_bits = None
        self.loses_frames = False

    def keep(self, dataset: Dataset) -> None:
        self.dataset = dataset
        header = Dataset({e.tag: e for e in dataset if e.tag.group != 0x7FE0})
        self.metadata = header.to_json_dict()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/wado"

    def reader(self) -> DicomWebFrameReader:
        dataset = self.dataset
        client = DICOMwebClient(self.url)
        client.set_http_retry_params(retry=False)
        return DicomWebFrameReader(
            client,
            dataset.StudyInstanceUID,
            dataset.SeriesInstanceUID,
            dataset.SOPInstanceUID,
        )


@pytest.fixture
def server():
    server = WadoServer()
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


class TestDicomWebFrameReader(FrameReaderContract):
    @pytest.fixture(autouse=True)
    def _server(self, server):
        self.server = server

    def make_reader(self, dataset):
        self.server.keep(dataset)
        return self.server.reader()


def image(transfer_syntax=ExplicitVRLittleEndian, frames=None, **values):
    dataset, expected = _image()
    if frames is not None:
        dataset.NumberOfFrames = len(frames)
        dataset.PixelData = encapsulate(frames)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        expected = frames
    dataset.file_meta.TransferSyntaxUID = transfer_syntax
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset, expected


def test_opening_asks_for_metadata_only(server):
    server.keep(image()[0])
    reader = server.reader()
    assert reader.number_of_frames == 6
    assert [path.rpartition("/")[2] for path in server.paths] == ["metadata"]


def test_several_frames_come_with_one_request(server):
    dataset, frames = image()
    server.keep(dataset)
    reader = server.reader()
    assert list(reader.read_frames([5, 0, 3])) == [frames[5], frames[0], frames[3]]
    assert [path.rpartition("/")[2] for path in server.paths] == ["metadata", "6,1,4"]


def test_frame_that_told_the_transfer_syntax_is_not_fetched_again(server):
    dataset, frames = image()
    server.keep(dataset)
    reader = server.reader()
    assert reader.transfer_syntax_uid == ExplicitVRLittleEndian
    assert reader.read_frame(0) == frames[0]
    assert reader.read_frame(0) == frames[0]
    assert [path.rpartition("/")[2] for path in server.paths] == ["metadata", "1", "1"]


def test_transfer_syntax_of_the_metadata_is_believed(server):
    dataset, _ = image(JPEGLSLossless, [b"abcd"] * 2)
    dataset.AvailableTransferSyntaxUID = JPEGLSLossless
    server.keep(dataset)
    assert server.reader().transfer_syntax_uid == JPEGLSLossless
    assert len(server.paths) == 1


def test_transfer_syntax_of_the_response_is_believed(server):
    dataset, _ = image(JPEG2000Lossless, [b"abcd"] * 2)
    server.keep(dataset)
    server.part_type = f"image/jp2; transfer-syntax={JPEG2000Lossless}"
    reader = server.reader()
    assert reader.transfer_syntax_uid == JPEG2000Lossless
    assert reader._client._session.hooks["response"] == []
    assert reader.read_dataset().file_meta.TransferSyntaxUID == JPEG2000Lossless


JPEG_HEADER = b"\xff\xd8\xff\xe0\x00\x04ab"


@pytest.mark.parametrize(
    ("frame", "uid"),
    [
        (JPEG_HEADER + b"\xff\xc0\x00\x04", JPEGBaseline8Bit),
        (JPEG_HEADER + b"\xff\xc1\x00\x04", "1.2.840.10008.1.2.4.51"),
        (JPEG_HEADER + b"\xff\xc3\x00\x04", "1.2.840.10008.1.2.4.57"),
        (b"\xff\xd8\xff\xf7\x00\x04", "1.2.840.10008.1.2.4.81"),
        (b"\xff\x4f\xff\x51\x00\x04", "1.2.840.10008.1.2.4.91"),
        (b"\x01\0\0\0\x40\0\0\0" + bytes(60), RLELossless),
        (b"\xff\x0aabcd", "1.2.840.10008.1.2.4.112"),
    ],
)
def test_transfer_syntax_is_told_by_how_frames_start(server, frame, uid):
    server.keep(image(RLELossless, [frame] * 2)[0])
    assert server.reader().transfer_syntax_uid == uid


@pytest.mark.parametrize(
    "frame", [b"what is this", JPEG_HEADER + b"\xff\xda\x00\x04ab"]
)
def test_frames_that_look_like_nothing_are_an_error(server, frame):
    server.keep(image(RLELossless, [frame] * 2)[0])
    with pytest.raises(SourceError, match="does not say in which transfer syntax"):
        _ = server.reader().transfer_syntax_uid


@pytest.mark.parametrize("refused", ["octet-stream", r"transfer-syntax=\*"])
def test_server_is_asked_in_other_words(server, refused):
    dataset, frames = image()
    server.keep(dataset)
    server.refused = refused
    reader = server.reader()
    assert list(reader.read_frames(range(6))) == frames


def test_server_that_refuses_all_is_an_error(server):
    dataset, _ = image()
    server.keep(dataset)
    reader = server.reader()
    server.refused = "."
    with pytest.raises(SourceError, match="did not answer as it should"):
        reader.read_frame(0)


def test_server_that_loses_frames_is_an_error(server):
    server.keep(image()[0])
    server.loses_frames = True
    reader = server.reader()
    for indices in ([1], [1, 2]):
        with pytest.raises(SourceError, match="were asked for"):
            list(reader.read_frames(indices))


def test_missing_instance_is_an_error_of_both_kinds(server):
    server.keep(image()[0])
    client = DICOMwebClient(server.url)
    client.set_http_retry_params(retry=False)
    with pytest.raises(SourceNotFoundError) as info:
        DicomWebFrameReader(client, "1.2", "1.2", "1.2")
    assert isinstance(info.value, FileNotFoundError)


def test_bulk_data_are_fetched(server):
    dataset, _ = image()
    server.keep(dataset)
    values = {"/wado/bulk/1": b"profile!", "/bulk/2": b"absolute"}
    server.bulk_data = values
    server.metadata["00282000"] = {"vr": "OB", "BulkDataURI": "bulk/1"}
    server.metadata["00420011"] = {"vr": "OB", "BulkDataURI": "/bulk/2"}
    server.metadata["7FE00010"] = {"vr": "OW", "BulkDataURI": "bulk/pixels"}
    result = server.reader().read_dataset()
    assert result.ICCProfile == b"profile!"
    assert result.EncapsulatedDocument == b"absolute"
    assert "PixelData" not in result


def test_missing_bulk_data_are_left_out_with_a_warning(server):
    server.keep(image()[0])
    server.metadata["00282000"] = {"vr": "OB", "BulkDataURI": "bulk/absent"}
    with pytest.warns(NonconformantDatasetWarning, match="bulk data cannot be had"):
        reader = server.reader()
    assert not reader.read_dataset().ICCProfile


def test_metadata_that_are_none_are_an_error(server):
    server.keep(image()[0])
    server.metadata["00280010"] = {"vr": "US", "Value": ["two"]}
    with pytest.raises(NonconformantDatasetError, match="'00280010'"):
        server.reader()


def test_bits_are_moved_to_where_they_are_in_a_file(server):
    bits = np.random.default_rng(0).integers(0, 2, (9, 35), np.uint8)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    dataset, _ = image(BitsAllocated=1, BitsStored=1, HighBit=0, NumberOfFrames=9)
    dataset.PixelData = packed + b"\0" * (len(packed) % 2)
    dataset["PixelData"].VR = "OB"
    dataset.AvailableTransferSyntaxUID = ExplicitVRLittleEndian
    server.keep(dataset)
    expected = list(DatasetFrameReader(dataset).read_frames(range(9)))
    for repack in (
        None,
        lambda index: np.packbits(bits[index], bitorder="little").tobytes(),
    ):
        server.repacks_bits = repack
        for index, data in enumerate(server.reader().read_frames(range(9))):
            first = index * 35 % 8
            found = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
            assert (found[first : first + 35] == bits[index]).all()
            assert len(data) <= len(expected[index])


def test_pickled_reader_needs_no_second_request_for_metadata(server):
    dataset, frames = image()
    server.keep(dataset)
    reader = pickle.loads(pickle.dumps(server.reader()))
    reader.close()
    assert reader.read_dataset().PatientName == "Contract^Frame"
    assert reader.read_frame(4) == frames[4]
    assert sum("metadata" in path for path in server.paths) == 1


def test_dataset_over_dicomweb_is_that_of_the_file(server):
    dataset = dcmread(get_testdata_file("eCT_Supplemental.dcm"))
    dataset.SOPInstanceUID = dataset.get("SOPInstanceUID", "1.2.3")
    server.keep(dataset)
    result = server.reader().read_dataset()
    for element in dataset:
        if element.tag.group != 0x7FE0 and element.keyword != "SpecificCharacterSet":
            assert result[element.tag] == element


def test_file_client_of_dicomweb_client_will_do():
    class FileClient:
        """Has no session, as the client for files."""

        def __init__(self):
            self.dataset, self.frames = _image()

        def retrieve_instance_metadata(self, *uids):
            header = Dataset({e.tag: e for e in self.dataset if e.tag.group != 0x7FE0})
            return header.to_json_dict()

        def retrieve_instance_frames(self, *uids_and_numbers, media_types=None):
            return [self.frames[number - 1] for number in uids_and_numbers[-1]]

    reader = DicomWebFrameReader(FileClient(), "1.2", "1.2", "1.2")
    assert reader.transfer_syntax_uid == ExplicitVRLittleEndian
    assert reader.read_frame(2) == FileClient().frames[2]
    assert isinstance(reader.read_dataset().file_meta, FileMetaDataset)

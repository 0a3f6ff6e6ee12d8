"""Images behind Orthanc, a DICOMweb server of others, are those that were sent to it."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from highdicom import Image
from highdicom.io.dicomweb import DicomWebFrameReader
from highdicom.testing import (
    enhanced_ct,
    file_bytes,
    multi_frame_sc_image,
    slide,
    slide_pattern,
)

api = pytest.importorskip("dicomweb_client.api")

pytestmark = pytest.mark.network

PACKAGES = ("orthanc", "orthanc-dicomweb")
PLUGIN = "libOrthancDicomWeb.so"
JPEG = "1.2.840.10008.1.2.4.50"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
RLE = "1.2.840.10008.1.2.5"


def _program():
    return shutil.which("Orthanc", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _plugin():
    folders = (Path("/usr/share/orthanc/plugins"), Path("/usr/lib/orthanc"))
    return next((f / PLUGIN for f in folders if (f / PLUGIN).exists()), None)


def _install():
    """Install Debian's packages, or skip."""
    if shutil.which("apt-get") is None:
        pytest.skip("Orthanc is not installed, and there is no apt-get to install it")
    if os.geteuid() != 0:
        pytest.skip("Orthanc is not installed, and only root may install it")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "-y", "--no-install-recommends", *PACKAGES)
    for command in (install, ("apt-get", "update"), install):
        subprocess.run(
            command, env=environment, capture_output=True, timeout=300, check=False
        )
        if _program() and _plugin():
            return
    pytest.skip("Orthanc cannot be installed: apt-get has no such packages")


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Orthanc:
    """A server that was started for the tests, with nothing in it."""

    def __init__(self, folder):
        self.port = _free_port()
        configuration = {
            "Name": "test",
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "HttpPort": self.port,
            "HttpBindAddresses": ["127.0.0.1"],
            "DicomServerEnabled": False,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "Plugins": [str(_plugin())],
            # The client leaves the port out of its Host header.
            "DicomWeb": {
                "Enable": True,
                "Root": "/dicom-web/",
                "Host": f"127.0.0.1:{self.port}",
            },
        }
        path = folder / "orthanc.json"
        path.write_text(json.dumps(configuration))
        self._log = (folder / "log").open("wb")
        self.process = subprocess.Popen(
            (_program(), str(path)), stdout=self._log, stderr=subprocess.STDOUT
        )

    def wait(self):
        """Wait until it answers."""
        end = time.monotonic() + 20
        while not self.answers():
            if time.monotonic() > end or self.process.poll() is not None:
                pytest.fail("Orthanc did not start")
            time.sleep(0.1)

    def answers(self):
        try:
            with urllib.request.urlopen(self.url("/system"), timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self._log.close()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def image(self, dataset):
        """Send an image, and open it over DICOMweb."""
        request = urllib.request.Request(
            self.url("/instances"), data=file_bytes(dataset), method="POST"
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200
        client = api.DICOMwebClient(self.url("/dicom-web"))
        client.set_http_retry_params(retry=False)
        reader = DicomWebFrameReader(
            client,
            dataset.StudyInstanceUID,
            dataset.SeriesInstanceUID,
            dataset.SOPInstanceUID,
        )
        return Image.from_reader(reader)


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory):
    if not (_program() and _plugin()):
        _install()
    server = Orthanc(tmp_path_factory.mktemp("orthanc"))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("syntax", "tolerance"),
    [("1.2.840.10008.1.2.1", 0), (JPEG, 30), (JPEG_2000, 0), (RLE, 0)],
)
@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
def test_a_region_of_a_slide_is_that_of_the_file(
    orthanc, syntax, tolerance, organization
):
    rows, columns = 700, 800
    dataset = slide(
        rows,
        columns,
        tile_size=(256, 256),
        transfer_syntax=syntax,
        organization=organization,
        seed=f"{syntax} {organization}",
    )
    image = orthanc.image(dataset)
    assert image.number_of_frames == dataset.NumberOfFrames
    region = (101, 613, 201, 713)
    options = {"dtype": np.uint8}
    found = image.get_total_pixel_matrix(*region, **options)
    local = Image.from_dataset(dataset).get_total_pixel_matrix(*region, **options)
    np.testing.assert_array_equal(found, local)
    pattern = slide_pattern(rows, columns)[100:612, 200:712]
    assert np.abs(found.astype(int) - pattern).max() <= tolerance


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", JPEG_2000, RLE])
def test_a_volume_is_that_of_the_file(orthanc, syntax):
    dataset = enhanced_ct(
        12,
        rows=32,
        columns=34,
        orientation="oblique",
        transfer_syntax=syntax,
        rescale=[(1.0 + number, -number) for number in range(12)],
        seed=syntax,
    )
    image = orthanc.image(dataset)
    local = Image.from_dataset(dataset)
    expected, found = local.get_volume(), image.get_volume()
    np.testing.assert_array_equal(found.array, expected.array)
    np.testing.assert_allclose(found.affine, expected.affine, atol=1e-9)
    np.testing.assert_array_equal(image.get_frame(5), local.get_frame(5))
    assert image.PatientName == local.PatientName


def test_frames_in_color_and_without_geometry_are_those_of_the_file(orthanc):
    dataset = multi_frame_sc_image(3, samples=3)
    image = orthanc.image(dataset)
    expected = Image.from_dataset(dataset).get_frames(dtype=np.uint8)
    np.testing.assert_array_equal(image.get_frames(dtype=np.uint8), expected)

"""Sources of bytes."""

import importlib.metadata
import io
import multiprocessing
import os
import pickle
import sys
import tempfile
import zlib
from pathlib import Path
from threading import Thread

import fsspec
import pytest
from pydicom.data import get_testdata_file
from pydicom.filebase import DicomBytesIO, DicomIO

from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingDependencyError,
    NonconformantDatasetError,
    SourceError,
)
from highdicom.io import fsspec as fsspec_adapter, local
from highdicom.io.byte_source import SourceNotFoundError, request_cost
from highdicom.io.deflated import InflatedSource
from highdicom.io.fsspec import FsspecSource
from highdicom.io.local import BytesSource, FileObjectSource, OpenFileSource, PathSource
from highdicom.io.locking import PortableLock
from highdicom.io.ranges import read_ranges
from highdicom.io.sources import open_source
from highdicom.testing.contracts import ByteSourceContract


class TestBytesSource(ByteSourceContract):
    def make_source(self, content):
        return open_source(content)


class TestPathSource(ByteSourceContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.path = tmp_path / "content.bin"

    def make_source(self, content):
        self.path.write_bytes(content)
        return open_source(self.path)


class TestPathSourceWithoutPositionalReads(TestPathSource):
    @pytest.fixture(autouse=True)
    def _like_windows(self, monkeypatch):
        monkeypatch.setattr(local, "_HAS_POSITIONAL_READ", False)


class TestPathSourceOfLargeReads(TestPathSource):
    @pytest.fixture(autouse=True)
    def _small_limit(self, monkeypatch):
        monkeypatch.setattr(local, "_LARGEST_POSITIONAL_READ", 100)


class TestPathSourceBeyondTheFilesKeptOpen(TestPathSource):
    @pytest.fixture(autouse=True)
    def _many_files(self, monkeypatch):
        monkeypatch.setattr(local, "_KEPT_OPEN_AT_MOST", 0)


class TestOpenFileSource(ByteSourceContract):
    @pytest.fixture(autouse=True)
    def _file(self, tmp_path):
        with (tmp_path / "content.bin").open("w+b") as self.file:
            yield

    def make_source(self, content):
        self.file.write(content)
        self.file.flush()
        self.file.seek(0)
        source = open_source(self.file)
        assert isinstance(source, OpenFileSource)
        return source


class OtherFile(io.BytesIO):
    """A file object that is neither one of the system nor one of memory."""


class TestFileObjectSource(ByteSourceContract):
    def make_source(self, content):
        source = open_source(OtherFile(content))
        assert isinstance(source, FileObjectSource)
        return source


class TestBytesIOSource(ByteSourceContract):
    def make_source(self, content):
        return open_source(io.BytesIO(content))


class TestMemorySource(ByteSourceContract):
    def make_source(self, content):
        fsspec.filesystem("memory").pipe_file("/contract/content.bin", content)
        return open_source("memory://contract/content.bin")


@pytest.mark.network
class TestHttpSource(ByteSourceContract):
    @pytest.fixture(autouse=True)
    def _server(self, range_server):
        self.server = range_server

    def make_source(self, content):
        self.server.files["/content.bin"] = content
        return open_source(self.server.url("/content.bin"))


@pytest.mark.network
class TestHttpSourceOfAServerWithoutRanges(TestHttpSource):
    @pytest.fixture(autouse=True)
    def _no_ranges(self, range_server):
        range_server.serves_ranges = False


class TestInflatedSource(ByteSourceContract):
    def make_source(self, content):
        deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        deflated = deflater.compress(content) + deflater.flush()
        return InflatedSource(BytesSource(b"before" + deflated), 6)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"0123456789")
    return path


def test_paths_are_opened_as_text_and_as_objects(path):
    for target in (str(path), path):
        source = open_source(target)
        assert source.read(3, 4) == b"3456"
        assert source.name == str(path)
        source.close()


def test_file_url_is_opened_as_path(path):
    source = open_source(path.as_uri())
    assert isinstance(source, PathSource)
    assert source.read(0, 3) == b"012"


def test_missing_file_is_an_error_of_both_kinds(tmp_path):
    with pytest.raises(
        SourceNotFoundError, match=r"There is no file '.*absent'\."
    ) as info:
        open_source(tmp_path / "absent")
    assert isinstance(info.value, FileNotFoundError)
    assert isinstance(info.value, SourceError)


def test_folder_is_refused(tmp_path):
    with pytest.raises(SourceError, match="is a folder, but should be a file"):
        open_source(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_pipe_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="a device or pipe"):
        open_source(tmp_path / "pipe")


@pytest.mark.parametrize("target", [None, 1, 1.5, ["a"], {}])
def test_other_things_are_refused(target):
    with pytest.raises(ArgumentTypeError, match="file must be given as a path"):
        open_source(target)


def test_empty_path_is_refused():
    with pytest.raises(InvalidArgumentError, match="empty"):
        open_source("")


def test_source_is_returned_as_it_is():
    source = BytesSource(b"abc")
    assert open_source(source) is source


def test_file_object_is_read_from_its_position_and_left_there(path):
    with path.open("rb") as file:
        file.seek(4)
        source = open_source(file)
        assert (source.size(), source.read(0, 3)) == (6, b"456")
        assert file.tell() == 4


@pytest.mark.parametrize("wrap", [DicomIO, lambda file: DicomBytesIO(file.getvalue())])
def test_dicom_io_of_pydicom_is_read(wrap):
    file = wrap(io.BytesIO(b"0123456789"))
    file.seek(2)
    assert open_source(file).read(0, 2) == b"23"


def test_temporary_file_is_read_by_position():
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"0123456789")
        file.seek(5)
        source = open_source(file)
        assert isinstance(source, OpenFileSource)
        assert source.read(0, 10) == b"56789"


def test_file_object_without_descriptor_keeps_its_position():
    with tempfile.SpooledTemporaryFile() as file:
        file.write(b"0123456789")
        file.seek(6)
        source = open_source(file)
        assert isinstance(source, FileObjectSource)
        assert source.read(1, 2) == b"78"
        assert file.tell() == 6


def test_text_file_is_refused(path):
    with path.open("r") as file, pytest.raises(ArgumentTypeError, match="binary"):
        open_source(file)


def test_closed_file_is_refused(path):
    file = path.open("rb")
    file.close()
    with pytest.raises(InvalidArgumentError, match="open file object"):
        open_source(file)


def test_file_closed_later_is_an_error(path):
    file = path.open("rb")
    source = open_source(file)
    file.close()
    with pytest.raises(SourceError, match="cannot be read"):
        source.read(0, 1)


def test_stream_without_positions_is_refused():
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as file, pytest.raises(InvalidArgumentError):
        open_source(file)


def test_relative_path_is_found_again_from_another_folder(path, monkeypatch, tmp_path):
    monkeypatch.chdir(path.parent)
    source = open_source(path.name)
    pickled = pickle.dumps(source)
    source.close()
    monkeypatch.chdir("/")
    reopened = pickle.loads(pickled)
    assert reopened.read(0, 3) == b"012"
    assert reopened.name == path.name


def test_pickled_source_refuses_a_file_of_another_size(path):
    pickled = pickle.dumps(open_source(path))
    path.write_bytes(b"0123")
    with pytest.raises(SourceError, match="had 10 bytes when it was first opened"):
        pickle.loads(pickled)


def test_pickled_open_file_is_opened_by_its_path(path):
    with path.open("rb") as file:
        file.seek(3)
        pickled = pickle.dumps(open_source(file))
    assert pickle.loads(pickled).read(0, 2) == b"34"


def test_many_sources_do_not_use_up_file_descriptors(path):
    sources = [open_source(path) for _ in range(600)]
    kept = sum(source._descriptor is not None for source in sources)
    assert kept <= 256
    assert all(source.read(9, 1) == b"9" for source in sources)


def test_descriptors_are_given_back(path):
    source = open_source(path)
    descriptor = source._descriptor
    os.fstat(descriptor)
    del source
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def _read_in_child(source, connection):
    connection.send(source.read(2, 3))
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_sources_are_read_in_child_processes(path):
    fork = multiprocessing.get_context("fork")
    fsspec.filesystem("memory").pipe_file("/fork.bin", b"0123456789")
    with path.open("rb") as file:
        targets = [
            path,
            file,
            OtherFile(b"0123456789"),
            b"0123456789",
            "memory://fork.bin",
        ]
        for target in targets:
            source = open_source(target)
            receiving, sending = fork.Pipe(duplex=False)
            process = fork.Process(target=_read_in_child, args=(source, sending))
            process.start()
            sending.close()
            assert receiving.poll(20), target
            assert receiving.recv() == b"234"
            process.join(20)
            assert source.read(2, 3) == b"234"


@pytest.mark.skipif(sys.platform == "win32", reason="has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_lock_held_by_another_thread_is_free_in_a_child_process():
    lock = PortableLock()
    fork = multiprocessing.get_context("fork")
    receiving, sending = fork.Pipe(duplex=False)
    lock.__enter__()

    def start():
        process = fork.Process(target=_use_lock, args=(lock, sending))
        process.start()
        process.join(20)

    thread = Thread(target=start)
    thread.start()
    thread.join(20)
    lock.__exit__(None, None, None)
    assert receiving.poll(1)


def _use_lock(lock, connection):
    with lock:
        connection.send(True)


def test_open_file_of_fsspec_is_read():
    fsspec.filesystem("memory").pipe_file("/open_file.bin", b"0123456789")
    source = open_source(fsspec.open("memory://open_file.bin", "rb"))
    assert isinstance(source, FsspecSource)
    assert source.read(1, 2) == b"12"


def test_url_of_an_unknown_scheme_is_an_error():
    with pytest.raises(SourceError, match="'nowhere://a/b' cannot be read"):
        open_source("nowhere://a/b")


def test_missing_remote_file_is_an_error_of_both_kinds():
    with pytest.raises(SourceNotFoundError, match="nothing at"):
        open_source("memory://absent/file.dcm")


@pytest.mark.network
def test_file_that_the_server_lacks_is_not_found(range_server):
    with pytest.raises(SourceNotFoundError):
        open_source(range_server.url("/absent.dcm"))


@pytest.mark.network
def test_server_that_is_gone_is_an_error_without_secrets(range_server):
    url = f"http://user:secret@127.0.0.1:{range_server.server_port}/a.dcm?token=secret"
    range_server.shutdown()
    range_server.server_close()
    with pytest.raises(SourceError) as info:
        open_source(url)
    assert "secret" not in info.value.source
    assert "127.0.0.1" in info.value.source


@pytest.mark.network
def test_server_without_ranges_is_asked_once(range_server):
    range_server.serves_ranges = False
    range_server.files["/a.bin"] = bytes(range(256)) * 1000
    source = open_source(range_server.url("/a.bin"))
    assert source.read(300, 3) == bytes([44, 45, 46])
    sent = range_server.bytes_sent
    assert source.read(0, 2) == b"\0\1"
    assert source.read_many([(5, 1), (260, 2)]) == [b"\5", b"\4\5"]
    assert range_server.bytes_sent == sent


class _ShortFileSystem:
    protocol = "short"

    def info(self, path):
        return {"size": 100}

    def cat_file(self, path, start=None, end=None):
        return b"short"


def test_answer_of_a_wrong_length_is_an_error():
    source = FsspecSource(_ShortFileSystem(), "a")
    with pytest.raises(SourceError, match="gave 5 bytes where 20 were asked for"):
        source.read(0, 20)


class _UnmeasuredFileSystem(_ShortFileSystem):
    def info(self, path):
        return {"size": None}


def test_file_of_unknown_size_is_fetched_as_a_whole():
    source = FsspecSource(_UnmeasuredFileSystem(), "a")
    assert (source.size(), source.read(1, 2)) == (5, b"ho")


def test_missing_fsspec_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingDependencyError, match=r"highdicom\[remote\]") as info:
        open_source("s3://bucket/key")
    assert info.value.package == "fsspec"


def test_missing_package_of_a_scheme_is_named(monkeypatch):
    def refuse(url):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", refuse)
    with pytest.raises(SourceError, match="Install s3fs"):
        fsspec_adapter.source_of_url("s3://bucket/key")


class _EntryPoint:
    def load(self):
        return lambda url: BytesSource(url.encode(), "plug-in")


def test_plug_in_opens_its_scheme(monkeypatch):
    asked = []

    def find(*, group, name):
        asked.append((group, name))
        return [_EntryPoint()]

    monkeypatch.setattr("highdicom.io.sources.entry_points", find)
    assert importlib.metadata.entry_points is not find
    source = open_source("vault://a/b")
    assert source.read(0, 100) == b"vault://a/b"
    assert asked == [("highdicom.sources", "vault")]


def test_drive_letter_is_no_scheme():
    with pytest.raises(SourceNotFoundError):
        open_source("C:\\absent\\file.dcm")


def test_ranges_close_to_each_other_are_read_together():
    class Counting(BytesSource):
        request_cost = 100
        reads = 0

        def read(self, offset, size):
            self.reads += 1
            return super().read(offset, size)

    source = Counting(bytes(range(256)) * 40)
    ranges = [(600, 50), (0, 100), (100, 100), (300, 8), (9000, 10), (20, 5)]
    content = bytes(range(256)) * 40
    assert read_ranges(source, ranges) == [content[a : a + n] for a, n in ranges]
    assert source.reads == 2


def test_merged_ranges_are_bounded():
    class Recording(BytesSource):
        request_cost = 10

        def read(self, offset, size):
            sizes.append(size)
            return super().read(offset, size)

    sizes: list[int] = []
    source = Recording(bytes(10_000))
    read_ranges(source, [(offset, 100) for offset in range(0, 10_000, 100)])
    assert sum(sizes) == 10_000
    assert max(sizes) <= 320


def test_sources_of_others_need_no_request_cost():
    class Plain:
        name = "plain"

        def size(self):
            return 3

        def read(self, offset, size):
            return b"abc"[offset : offset + size]

        def close(self):
            pass

    source = Plain()
    assert open_source(source) is source
    assert request_cost(source) > 0
    assert read_ranges(source, [(0, 1), (2, 1)]) == [b"a", b"c"]


def test_inflating_beyond_the_limit_is_refused():
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bomb = deflater.compress(bytes(50_000_000)) + deflater.flush()
    source = InflatedSource(BytesSource(bomb), 0, limit=1_000_000)
    assert source.read(0, 10) == bytes(10)
    with pytest.raises(NonconformantDatasetError, match="more than the 1000000 bytes"):
        source.read(49_000_000, 1)


def test_damaged_deflated_data_are_an_error():
    source = InflatedSource(BytesSource(b"\xff" * 100), 0)
    with pytest.raises(NonconformantDatasetError, match="is damaged after 0"):
        source.read(0, 10)


def test_example_file_is_a_path():
    source = open_source(Path(get_testdata_file("CT_small.dcm")))
    assert source.read(128, 4) == b"DICM"
    source.close()


class HesitantFile(io.BytesIO):
    """A file object that returns less than asked for, as raw ones may."""

    def read(self, size=-1):
        return super().read(min(size, 7) if size >= 0 else size)


def test_short_reads_are_continued():
    content = bytes(range(100))
    source = open_source(HesitantFile(content))
    assert source.read(10, 50) == content[10:60]
    assert source.read(90, 50) == content[90:]


def test_short_reads_of_the_system_are_continued(path, monkeypatch):
    pread = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, size, at: pread(fd, min(size, 3), at))
    source = open_source(path)
    assert source.read(1, 8) == b"12345678"
    assert source.read(5, 100) == b"56789"


def test_file_cut_while_it_is_read_gives_what_is_left(path):
    source = open_source(path)
    os.truncate(path, 6)
    assert source.read(2, 8) == b"2345"


@pytest.mark.skipif(sys.platform == "win32", reason="has no permissions")
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read all")
def test_file_without_permission_is_an_error(path):
    path.chmod(0)
    with pytest.raises(SourceError, match="cannot be read"):
        open_source(path)


def test_failing_read_is_an_error_of_ours(path, monkeypatch):
    def fail(*arguments):
        raise OSError(5, "Input/output error")

    source = open_source(path)
    monkeypatch.setattr(os, "pread", fail)
    with pytest.raises(SourceError, match="Input/output error"):
        source.read(0, 1)


def test_failing_file_object_is_an_error_of_ours():
    file = OtherFile(b"abc")
    source = open_source(file)
    file.close()
    with pytest.raises(SourceError, match="cannot be read"):
        source.read(0, 1)


@pytest.mark.network
def test_failing_server_is_an_error_of_ours(range_server):
    range_server.files["/a.bin"] = bytes(1000)
    source = open_source(range_server.url("/a.bin"))
    del range_server.files["/a.bin"]
    with pytest.raises(SourceNotFoundError):
        source.read(0, 10)

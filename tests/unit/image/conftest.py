"""Servers on the loopback interface, which are those of the tests of `io`."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

_IO = Path(__file__).parent.parent / "io"


def _module(name: str) -> ModuleType:
    spec = spec_from_file_location(f"io_{name}", _IO / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _running(server) -> Iterator:
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def range_server() -> Iterator:
    """Serve files in parts, and count what is sent."""
    yield from _running(_module("conftest").RangeServer())


@pytest.fixture
def wado_server() -> Iterator:
    """Serve one instance over DICOMweb, and note what is asked for."""
    pytest.importorskip("dicomweb_client")
    yield from _running(_module("test_io_dicomweb").WadoServer())

"""A small server of bytes on the loopback interface, which counts what it sends."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest


class CountingHandler(BaseHTTPRequestHandler):
    """Serves files from memory, whole or in parts."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *arguments: object) -> None:
        """Be silent."""

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        server = self.server
        content = server.files.get(self.path.partition("?")[0])
        if content is None:
            self.send_error(404)
            return
        start, stop = 0, len(content)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        is_part = bool(match) and server.serves_ranges
        if is_part:
            start, stop = int(match[1]), min(int(match[2]) + 1, stop)
        self.send_response(206 if is_part else 200)
        self.send_header("Content-Length", str(stop - start))
        if server.serves_ranges:
            self.send_header("Accept-Ranges", "bytes")
        if is_part:
            self.send_header(
                "Content-Range", f"bytes {start}-{stop - 1}/{len(content)}"
            )
        self.end_headers()
        if with_body:
            server.requests.append((start, stop))
            self.wfile.write(content[start:stop])


class RangeServer(ThreadingHTTPServer):
    """Server with the files it has and the ranges it has sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CountingHandler)
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[int, int]] = []
        self.serves_ranges = True

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    @property
    def bytes_sent(self) -> int:
        return sum(stop - start for start, stop in self.requests)


@pytest.fixture
def range_server() -> Iterator[RangeServer]:
    """Run a server for one test."""
    server = RangeServer()
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)

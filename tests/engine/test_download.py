"""Downloads against a server of our own: whole, cut, wrong, refused."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.errors import DiskFullError, DownloadError, ModelError, UsageError
from encoder_tool.model import download as download_module
from encoder_tool.model.download import download_file, download_model
from encoder_tool.model.registry import REGISTRY
from encoder_tool.model.resolve import MODELS_VARIABLE, checkpoint_directory, resolve_model
from encoder_tool.model.spec import RemoteFile
from tests.support.patience import PATIENCE_S

CONTENT = np.random.default_rng(7).bytes(3_000_000)


@dataclass
class Server:
    """What the server does, and what it was asked."""

    content: bytes = CONTENT
    knows_ranges: bool = True
    cut_after: int | None = None
    says_length: bool = True
    in_chunks: bool = False
    gate: threading.Event | None = None
    status: int | None = None
    ranges: list[str | None] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    url: str = ""

    def remote(self, **changes: object) -> RemoteFile:
        values: dict[str, object] = {
            "url": self.url,
            "sha256": hashlib.sha256(CONTENT).hexdigest(),
            "size": len(CONTENT),
        }
        return RemoteFile(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            wanted = self.headers.get("Range")
            state.ranges.append(wanted)
            if state.status is not None:
                self.send_error(state.status)
                return
            start = 0
            if wanted and state.knows_ranges:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
                if start >= len(state.content):
                    self.send_error(416)
                    return
                self.send_response(206)
            else:
                self.send_response(200)
            body = state.content[start:]
            if state.in_chunks:
                self.send_header("Transfer-Encoding", "chunked")
            elif state.says_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.gate is not None:
                assert state.gate.wait(PATIENCE_S)
            end = b"" if state.cut_after else b"0\r\n\r\n"
            body = body[: state.cut_after]
            state.sent.append(len(body))
            if state.in_chunks:
                body = b"%x\r\n%b\r\n%b" % (len(body), body, end)
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The tests' output is no place for an access log."""

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,))
        thread.start()
        state.url = f"http://127.0.0.1:{http_server.server_port}/model.pt"
        yield state
        http_server.shutdown()
        thread.join()


def test_a_whole_download_is_put_in_place(server: Server, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    target = tmp_path / "new" / "model.pt"
    download_file(server.remote(), target, lambda done, total: steps.append((done, total)))
    assert target.read_bytes() == CONTENT
    assert steps[0] == (0, len(CONTENT))
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert [p.name for p in target.parent.iterdir()] == ["model.pt"]


def test_a_cut_download_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    target = tmp_path / "model.pt"
    server.cut_after = 1_000_000
    with pytest.raises(DownloadError, match=r"cut after 1\.0 of 3\.0 MB"):
        download_file(server.remote(), target)
    assert not target.exists()

    server.cut_after = None
    steps: list[int] = []
    download_file(server.remote(), target, lambda done, total: steps.append(done))
    assert target.read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=1000000-"]
    assert server.sent == [1_000_000, len(CONTENT) - 1_000_000]
    assert steps[0] == 1_000_000


def test_a_cut_download_in_chunks_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    """Nobody says how long it is: only the chunks tell that it is not at its end."""
    target, remote = tmp_path / "model.pt", server.remote(size=None)
    server.in_chunks, server.cut_after = True, 1_000_000
    with pytest.raises(DownloadError, match=r"cut after 1\.0 MB"):
        download_file(remote, target)
    assert (tmp_path / "model.pt.part").stat().st_size == 1_000_000
    server.cut_after = None
    download_file(remote, target)
    assert target.read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=1000000-"]
    assert [p.name for p in tmp_path.iterdir()] == ["model.pt"]


def test_a_second_download_of_the_same_file_is_refused(server: Server, tmp_path: Path) -> None:
    """Both would append to what has come."""
    target, server.gate = tmp_path / "model.pt", threading.Event()
    first = threading.Thread(target=download_file, args=(server.remote(), target))
    first.start()
    try:
        while not server.ranges:
            assert first.is_alive()
        with pytest.raises(DownloadError, match=r"downloading model\.pt just now"):
            download_file(server.remote(), target)
    finally:
        server.gate.set()
        first.join()
    assert target.read_bytes() == CONTENT
    assert server.sent == [len(CONTENT)]
    assert [p.name for p in tmp_path.iterdir()] == ["model.pt"]


HOLDS = """
import sys
from pathlib import Path
from encoder_tool.model.download_lock import sole_download
with sole_download(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_is_killed_holds_nobody_up(server: Server, tmp_path: Path) -> None:
    target = tmp_path / "model.pt"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DownloadError, match="Another process"):
            download_file(server.remote(), target)
        holder.kill()
    download_file(server.remote(), target)
    assert [p.name for p in tmp_path.iterdir()] == ["model.pt"]


def test_what_another_has_just_downloaded_is_not_fetched_again(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "model.pt").write_bytes(CONTENT)
    download_file(server.remote(), tmp_path / "model.pt")
    assert server.sent == []


def test_a_server_without_ranges_is_read_from_the_start(server: Server, tmp_path: Path) -> None:
    target = tmp_path / "model.pt"
    (tmp_path / "model.pt.part").write_bytes(b"x" * 500)
    server.knows_ranges = False
    download_file(server.remote(), target)
    assert target.read_bytes() == CONTENT
    assert server.sent == [len(CONTENT)]


def test_a_wrong_file_is_deleted(server: Server, tmp_path: Path) -> None:
    server.content = CONTENT[:-1] + b"!"
    with pytest.raises(DownloadError, match="not the published file"):
        download_file(server.remote(), tmp_path / "model.pt")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_size_is_refused_before_it_is_fetched(server: Server, tmp_path: Path) -> None:
    server.content = CONTENT + b"more"
    with pytest.raises(DownloadError, match="3000004 bytes where 3000000"):
        download_file(server.remote(), tmp_path / "model.pt")
    assert not (tmp_path / "model.pt.part").exists()


@pytest.mark.parametrize("size", [len(CONTENT), None])
def test_a_whole_part_is_not_fetched_again(
    server: Server, tmp_path: Path, size: int | None
) -> None:
    (tmp_path / "model.pt.part").write_bytes(CONTENT)
    download_file(server.remote(size=size), tmp_path / "model.pt")
    assert (tmp_path / "model.pt").read_bytes() == CONTENT
    assert server.sent == []


def test_a_part_longer_than_the_file_is_started_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "model.pt.part").write_bytes(b"x" * (len(CONTENT) + 1))
    download_file(server.remote(), tmp_path / "model.pt")
    assert (tmp_path / "model.pt").read_bytes() == CONTENT


def test_an_unknown_length_is_no_obstacle(server: Server, tmp_path: Path) -> None:
    server.says_length = False
    steps: list[int | None] = []
    download_file(
        server.remote(size=None), tmp_path / "m.pt", lambda done, total: steps.append(total)
    )
    assert (tmp_path / "m.pt").read_bytes() == CONTENT
    assert set(steps) == {None}


def test_a_missing_file_says_so(server: Server, tmp_path: Path) -> None:
    server.status = 404
    with pytest.raises(DownloadError, match="answered 404"):
        download_file(server.remote(), tmp_path / "model.pt")


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    remote = RemoteFile("http://127.0.0.1:9/model.pt", "0" * 64)
    with pytest.raises(DownloadError, match="cannot be reached"):
        download_file(remote, tmp_path / "model.pt")


def test_too_little_space_is_said_before_anything_is_fetched(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 1000

    monkeypatch.setattr(download_module.shutil, "disk_usage", lambda path: Usage)
    with pytest.raises(DiskFullError, match="needs 3 MB"):
        download_file(server.remote(), tmp_path / "model.pt")


def test_only_what_can_be_downloaded_is_tried(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ships with the package"):
        download_model("nano", directory=tmp_path)
    with pytest.raises(ModelError, match="no model called 'sam9'"):
        download_model("sam9", directory=tmp_path)
    with pytest.raises(UsageError, match="not from file:///"):
        download_model("sam2.1-tiny", url="file:///etc/passwd", directory=tmp_path)
    for impossible in ("http://[bad", "http://", "http://a b", "http://127.0.0.1:1/\xfc"):
        with pytest.raises(DownloadError, match="cannot be reached"):
            download_model("sam2.1-tiny", url=impossible, directory=tmp_path)


def test_a_mirror_serves_a_registered_model(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the registry to the resolved model, with the checkpoint's numbers exchanged."""
    tiny = REGISTRY["sam2.1-tiny"]
    published = server.remote(url="https://meta.invalid/t.pt")
    fake = {**REGISTRY, tiny.name: replace(tiny, remote=published)}
    monkeypatch.setattr("encoder_tool.model.registry.REGISTRY", fake)
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))
    assert checkpoint_directory() == tmp_path
    path = download_model(tiny.name, url=server.url)
    assert path == tmp_path / "t.pt"
    assert resolve_model(tiny.name).weights == path
    assert download_model(tiny.name, url=server.url) == path
    assert len(server.sent) == 1

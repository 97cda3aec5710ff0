"""What lies between QGIS and the engine: its environment, frames, log, sentences."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import package_dir
from engine_client.asked_engine import QUICK, Answers, click, plugin_home, wait_until
from qgis.core import QgsApplication

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand, clean_environment, engine_command
from geosam_plugin.engine.log import EngineLog
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.engine.protocol import EngineError, FrameReader, ProtocolError, encode_frame
from geosam_plugin.engine.sentences import tell, what_happened


def test_nothing_of_qgis_leaks_into_the_engine(
    monkeypatch: pytest.MonkeyPatch, qgis_app: QgsApplication, command: EngineCommand,
    tmp_path: Path, cache: Path,
) -> None:  # fmt: skip
    (tmp_path / "numpy.py").write_text("raise ImportError('a foreign NumPy')")
    for name in ("PYTHONPATH", "PYTHONHOME", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA",
                 "LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "PYTHONSTARTUP"):  # fmt: skip
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("GDAL_DRIVER_PATH", str(tmp_path))
    monkeypatch.setenv("GEOSAM_TEST_KEPT", "kept")
    monkeypatch.chdir(tmp_path)
    package = command.environment["PYTHONPATH"]
    hostile = engine_command(command.program, package)
    assert hostile.environment["PYTHONPATH"] == package
    assert hostile.environment["GEOSAM_TEST_KEPT"] == "kept"
    assert not [n for n, v in hostile.environment.items() if v == str(tmp_path) and n != "PWD"]
    result = EngineProcess(hostile).run_blocking("predict", click(cache), allow_gui_thread=True)
    assert result["objects"]


def test_on_windows_qgis_folders_leave_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    root = "/QGIS"
    folders = ["/QGIS/bin", "/system", root, "/QGIS-tools"]
    cleaned = clean_environment({
        "Path": os.pathsep.join(folders), "OSGEO4W_ROOT": root, "o4w_qt_prefix": root,
        "pythonhome": root, "SystemRoot": "/system",
    })  # fmt: skip
    assert cleaned["Path"] == os.pathsep.join(["/system", "/QGIS-tools"])
    assert "pythonhome" not in cleaned
    assert cleaned["SystemRoot"] == "/system"


def test_frames_are_put_together_from_any_pieces() -> None:
    messages = [{"id": 1, "text": "Zürich 北京"}, {"id": 2}, {"id": 3, "list": [0.1] * 1000}]
    stream = b"".join(encode_frame(message) for message in messages)
    for size in (1, 3, 7, 1000, len(stream)):
        reader = FrameReader()
        pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
        assert [m for piece in pieces for m in reader.feed(piece)] == messages
    for broken in (b"\xff\xff\xff\xff", b"\x02\0\0\0{x", b"\x02\0\0\0[]"):
        with pytest.raises(ProtocolError):
            FrameReader().feed(broken)


def test_the_log_is_bounded_and_keeps_whole_lines() -> None:
    log = EngineLog(limit=1000)
    for number in range(1000):
        log.append(f"line {number}\n".encode())
        assert len(log.text) <= 1000
    assert log.text.endswith("line 998\nline 999\n")
    assert log.text.startswith("line ")
    log.append(b"x" * 5000)
    assert len(log.text) <= 1000
    log.append(b"\nValueError: at last\n\n")
    log.note("ended")
    assert log.last_line == "ValueError: at last"


def test_the_engines_stderr_is_in_the_log(answers: Answers, command: EngineCommand) -> None:
    noisy = EngineCommand(
        command.program,
        ("-c", "import sys; print('from the engine', file=sys.stderr)\n"
               "from encoder_tool.worker.__main__ import main; main()"),
        command.environment,
    )  # fmt: skip
    client = EngineClient(noisy, timing=QUICK)
    lines: list[str] = []
    client.logged.connect(lines.append)
    done: list[Any] = []
    client.request("hello", {}, done.append)
    wait_until(lambda: bool(done and lines))
    assert "from the engine" in client.log_text
    client.shutdown()
    assert "".join(lines) == client.log_text, "what is told bit by bit is the whole"


def test_no_heavy_module_is_imported_into_qgis() -> None:
    heavy = {"torch", "sam2", "onnxruntime", "zarr", "rasterio", "encoder_tool"}
    code = (
        f"import sys; sys.path.insert(0, {str(plugin_home())!r})\n"
        "import geosam_plugin.engine.client\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_error_of_the_engine_has_a_sentence(qgis_app: QgsApplication) -> None:
    source = (package_dir() / "encoder_tool" / "errors.py").read_text(encoding="utf-8")
    names = {node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    names |= {"Internal", "ProtocolError", "FrameError"}
    names -= {"EngineError"}  # the base of all
    assert len(names) > 20
    for name in names:
        error = EngineError.of(
            {"type": name, "message": "The particulars.", "hint": "Use `--restart`."}
        )
        told = tell(error)
        assert told.endswith("."), told
        assert told.replace("The particulars.", ""), name
        assert "--" not in told and "`" not in told, told
        assert what_happened(error) in told
    own = EngineError("Failed", "The engine cannot be started.", "Start it again.")
    assert tell(own) == "The engine cannot be started. Start it again."
    assert tell(EngineError("Brandnew", "Something else.", "--x")) == "Something else."
    error = EngineError.of({"type": "OutputError", "message": "/x cannot be written."})
    assert tell(error, {"OutputError": "Choose another output."}) == (
        "The output cannot be written: /x cannot be written. Choose another output."
    )

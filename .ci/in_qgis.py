"""Run a script inside a real QGIS, with this tree's plugin and a profile that is thrown away.

    python .ci/in_qgis.py [--engine PYTHON] [--screen 1600x1000] [--limit S] SCRIPT [ARGUMENT ...]

The script has a function `run(iface, arguments)`; it is called once the window is there and its
event loop turns. What it prints comes out here; an exception ends QGIS with exit status 1.

QGIS gets a screen of its own in memory (Xvfb): its window does not start on Qt's `offscreen`.

QGIS                  environment variable: the program, when it is not called `qgis`
GEOSAM_PLUGIN_HOME    the folder that holds another `geosam_plugin` than this tree's
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PROFILE = """[General]
[geosam]
engine\\python={engine}
engine\\is_complete=true
[locale]
overrideFlag=true
userLocale=en_US
[PythonPlugins]
processing=true
[qgis]
checkVersion=false
askToSaveMemoryLayers=false
askToSaveProjectChanges=never
projOpenAtLaunch=2
news-feed\\enabled=false
iconSize=24
enableMacros=never
[app]
projections\\unknownCrsBehavior=NoAction
[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true
"""

START = """
import importlib.util, os, sys, traceback
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface, loadPlugin, startPlugin

def go():
    status = 1
    try:
        # Imported first, so that what is wrong with it ends here and not in a dialog.
        import geosam_plugin.plugin
        assert loadPlugin("geosam_plugin") and startPlugin("geosam_plugin")
        spec = importlib.util.spec_from_file_location("script", {script!r})
        script = importlib.util.module_from_spec(spec)
        sys.modules["script"] = script
        spec.loader.exec_module(script)
        script.run(iface, {arguments!r})
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    sys.__stdout__.flush()
    sys.__stderr__.flush()
    os._exit(status)

QTimer.singleShot(1500, go)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default=str(ROOT / ".venv" / "bin" / "python"))
    parser.add_argument("--screen", default="1600x1000")
    parser.add_argument("--limit", type=float, default=900)
    parser.add_argument("script", type=Path)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="geosam-qgis-") as folder:
        return _run(Path(folder), given)


def _run(home: Path, given: argparse.Namespace) -> int:
    settings = home / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text(PROFILE.format(engine=given.engine), encoding="utf-8")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    plugins = os.environ.get("GEOSAM_PLUGIN_HOME") or _linked(home / "plugins")
    start = home / "start.py"
    start.write_text(
        START.format(script=str(given.script.resolve()), arguments=given.arguments),
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "QGIS_PLUGINPATH": plugins,
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        "xvfb-run", "-a", "-s", f"-screen 0 {given.screen}x24 -dpi 96",
        os.environ.get("QGIS", "qgis"), "--nologo", "--noversioncheck", "--hide-browser",
        "--profiles-path", str(home), "--code", str(start),
    ]  # fmt: skip
    try:
        done = subprocess.run(command, env=environment, cwd=ROOT, timeout=given.limit, check=False)
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"It was not done after {given.limit:.0f} s.\n")
        return 1
    return done.returncode


def _linked(plugins: Path) -> str:
    plugins.mkdir()
    link = [sys.executable, str(ROOT / ".ci" / "make_package.py"), "link", str(plugins)]
    done = subprocess.run(link, check=False, stdout=subprocess.DEVNULL)
    if done.returncode:  # it has said why
        raise SystemExit(done.returncode)
    return str(plugins)


if __name__ == "__main__":
    sys.exit(main())

"""One installation at a time, whichever QGIS it is that installs."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

from geosam_plugin.install.problems import Kind, Problem

LOCK_NAME = "install.lock"


class InstallLock:
    """The right to change the engines; given back by `release`, or with this object."""

    def __init__(self, root: Path) -> None:
        """Raises Problem when another installation has it, or `root` cannot be written to."""
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(Kind.CANNOT_WRITE, root) from error
        self._file = QLockFile(str(root / LOCK_NAME))
        self._file.setStaleLockTime(0)
        if self._file.tryLock(0):
            return
        known, process, host, _ = self._file.getLockInfo()
        if self._file.error() == QLockFile.LockError.LockFailedError and known:
            raise Problem(Kind.ANOTHER_INSTALLATION, process, host)
        raise Problem(Kind.CANNOT_WRITE, root)

    def release(self) -> None:
        """Also when it is released already."""
        self._file.unlock()

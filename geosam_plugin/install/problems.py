"""What can keep an engine from being installed. Free of Qt: `messages` has the words."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """Kinds of problems; the comment says what `Problem.values` holds."""

    ANOTHER_INSTALLATION = "another installation"  # process, host
    CANCELLED = "cancelled"
    CANNOT_WRITE = "cannot write"  # folder
    DISK_FULL = "disk full"  # folder, needed GB, free GB
    FOLDER_LACKS_UV = "folder lacks uv"  # folder, file name
    IDLE = "idle"  # minutes
    INDEX_HAS_NO_UV = "index has no uv"  # index, version
    INDEX_UNREACHABLE = "index unreachable"  # index, reason
    INTEL_MAC_NO_TORCH = "intel mac no torch"
    LIBC_TOO_OLD = "libc too old"  # found, needed
    MACOS_TOO_OLD = "macos too old"  # found, needed
    MODEL_CANCELLED = "model cancelled"
    MODEL_FAILED = "model failed"  # last line
    NO_CUDA_BUILD = "no cuda build"
    NO_PYTHON_DOWNLOAD = "no python download"  # version
    OWN_PYTHON_LACKS = "own python lacks"  # last line
    PACKAGES_FAILED = "packages failed"  # last line
    PLATFORM_UNSUPPORTED = "platform unsupported"  # system, machine
    PYTHON_NOT_64_BIT = "python not 64 bit"  # path
    PYTHON_NOT_CPYTHON = "python not cpython"  # path, implementation
    PYTHON_TOO_NEW = "python too new"  # path, found, newest
    PYTHON_TOO_OLD = "python too old"  # path, found, oldest
    PYTHON_UNUSABLE = "python unusable"  # path
    PYTHON_WRONG_FOR_CUDA = "python wrong for cuda"  # path, found, needed
    SELF_TEST_FAILED = "self test failed"  # last line
    UNEXPECTED = "unexpected"  # of the program's own kind
    WRONG_HASH = "wrong hash"  # file name


class Problem(Exception):  # noqa: N818
    """A known reason why an installation cannot go on: not an error of the program's."""

    def __init__(self, kind: Kind, *values: object) -> None:
        super().__init__(kind.value, *values)
        self.kind = kind
        self.values = tuple(str(value) for value in values)

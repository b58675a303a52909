"""Which kind of file system a path is on, and which kinds lose what a database writes."""

from __future__ import annotations

import re
from pathlib import Path

from overread_queue.errors import NetworkDisk

MOUNTS = Path("/proc/self/mounts")
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "afs", "glusterfs", "ceph"})
"""Two machines do not share the log's index and its locks there. Not 9p: sandboxes show their own
disk as one; `doctor` warns of it."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


def file_system(path: Path, *, mounts: Path = MOUNTS) -> str:
    """Type of the mount that holds `path`; empty where the kernel does not tell."""
    try:
        table = mounts.read_text("utf-8", "replace")
    except OSError:
        return ""
    here = path.resolve()
    found = [line.split()[1:3] for line in table.splitlines() if len(line.split()) > 2]
    holding = [(point, kind) for point, kind in found if here.is_relative_to(_plain(point))]
    return max(holding, key=lambda one: len(_plain(one[0])), default=("", ""))[1]


def refuse_network(path: Path, *, mounts: Path = MOUNTS) -> None:
    """Raises `NetworkDisk`. `path` need not exist yet."""
    kind = file_system(path, mounts=mounts)
    if kind in NETWORK:
        raise NetworkDisk(str(path), kind)


def _plain(point: str) -> str:
    """The kernel writes a space in a path as `\\040`."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), point)

"""From the bytes of policy.toml to a policy that can be trusted to hang together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

from overread_briefs.fields import SHA256_PATTERN
from overread_queue.errors import InvalidPolicy, Tampered
from overread_queue.files import Latest, read_trusted, replace_file
from overread_queue.policy.checks import problems_of
from overread_queue.policy.model import Policy
from overread_queue.tomlfile import TomlText


class PolicyFile(Latest[Policy]):
    """The policy as its file has it now. `current()` raises `InvalidPolicy`."""

    def __init__(self, path: Path) -> None:
        super().__init__((path,), lambda: load_policy(path))


def load_policy(path: Path) -> Policy:
    """Read the policy file at `path`. Raises `InvalidPolicy`."""
    return parse_policy(read_trusted(path), source=str(path))


def keep_policy(folder: Path, data: bytes) -> None:
    """Remember a policy that is put into force: what it ruled on is held to it later too."""
    path = folder / f"{policy_sha256(data)}.toml"
    if not path.exists():
        replace_file(path, data)


def kept_policy(folder: Path, sha256: str) -> Policy:
    """A policy that `keep_policy` remembered. Raises `Tampered` for one that was never in force."""
    path = folder / f"{sha256}.toml"
    if not re.fullmatch(SHA256_PATTERN, sha256) or not path.exists():
        raise Tampered(
            f"policy {sha256[:12]!a} was never put into force here, so nothing follows from it; "
            "submit the brief again"
        )
    policy = load_policy(path)
    if policy.sha256 != sha256:
        raise Tampered(f"{path} has other content than its name says; restore it from a copy")
    return policy


def parse_policy(data: bytes, *, source: str, roles: Collection[str] | None = None) -> Policy:
    """Check everything that can be known from the file, and say all that is wrong at once.

    `roles`, where given, are those that reviewers hold: a pool nobody can work is refused.
    Raises `InvalidPolicy` with file, line, key and remedy.
    """
    text = TomlText(data, source=source)
    for key in ("body", "sha256"):
        if key in text.table:
            raise InvalidPolicy(text.fault((key,), "is not a key here; take it out"))
    policy = text.read(Policy, body=data, sha256=policy_sha256(data))
    problems = problems_of(policy, roles)
    if problems:
        raise InvalidPolicy("\n".join(text.fault(key, problem) for key, problem in problems))
    return policy


def policy_sha256(data: bytes) -> str:
    """Digest of a policy file, byte for byte: a changed comment is another policy."""
    return hashlib.sha256(b"overread.policy.v1\0" + data).hexdigest()

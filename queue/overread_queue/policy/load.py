"""From the bytes of policy.toml to a policy that can be trusted to hang together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from overread_queue.errors import InvalidPolicy
from overread_queue.files import Latest, read_trusted
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

"""Where a desk keeps what: the database, and three folders beside it with different owners."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from overread_queue.errors import InvalidRequest

INBOX, OUTBOX, PRIVATE, TRUST = "inbox", "outbox", "private", "trust"
"""The folders of a mailbox."""
KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
"""What a key file, and so a reviewer, may be called: no name that leaves the folder."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files of the desk at `db`."""

    db: Path
    trust_override: Path | None = None
    keys_override: Path | None = None
    mailbox: Path | None = None
    """The folder that holds all of it, where agents are other users and get no nearer."""

    @classmethod
    def of(cls, path: str | Path) -> Places:
        """The desk at `path`, which is its database or the folder of a mailbox.

        OVERREAD_TRUST and OVERREAD_KEYS move those two folders of a database elsewhere.
        """
        root = mailbox_at(Path(path))
        if root is not None:
            return cls.in_mailbox(root)
        return cls(Path(path), _folder("OVERREAD_TRUST"), _folder("OVERREAD_KEYS"))

    @classmethod
    def in_mailbox(cls, root: Path) -> Places:
        private = root / PRIVATE
        return cls(private / "desk.db", root / TRUST, private / "keys", mailbox=root)

    @property
    def trust(self) -> Path:
        """What everybody may read and agents must never write."""
        return self.trust_override or self.db.with_suffix(".trust")

    @property
    def keys(self) -> Path:
        """Private keys of the desk's side, mode 0700."""
        return self.keys_override or self.db.with_suffix(".keys")

    @property
    def ledger(self) -> Path:
        """Where the agents' side remembers which decisions it has used."""
        return self.db.with_suffix(".ledger")

    @property
    def policy_file(self) -> Path:
        return self.trust / "policy.toml"

    @property
    def policies(self) -> Path:
        """Every policy that was put into force, by its digest: the database proves none."""
        return self.trust / "policies"

    @property
    def reviewers_file(self) -> Path:
        return self.trust / "reviewers.toml"

    @property
    def agents_file(self) -> Path:
        return self.trust / "agents.toml"

    @property
    def desk_file(self) -> Path:
        """The desk's id and name, and whether it has a single operator."""
        return self.trust / "desk.toml"

    @property
    def desk_pub(self) -> Path:
        """Public desk keys, one a line, the current one first."""
        return self.trust / "desk.pub"

    @property
    def checkpoints_file(self) -> Path:
        """Signed heads of the audit chain: what a rewritten database cannot take back."""
        return self.trust / "checkpoints"

    def key(self, name: str) -> Path:
        """The private key of `desk` or of a reviewer. Refuses a name that leaves the folder."""
        if not KEY_NAME.fullmatch(name):
            raise InvalidRequest(
                f"{name!r} cannot name a key file; use letters, digits and . _ @ + - "
                "(64 at most, a letter or digit first)"
            )
        return self.keys / name

    def ledger_of(self, agent: str) -> Path:
        """The used decisions of one agent."""
        return self.ledger / f"{quote(agent, safe='')}.jsonl"


def mailbox_at(path: Path) -> Path | None:
    """The mailbox that `path` names, by its folder or by the database in it."""
    inside = path.parent.name == PRIVATE and path.parent.parent / INBOX
    if inside and inside.is_dir():
        return path.parent.parent
    return path if (path / INBOX).is_dir() else None


def _folder(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None

"""Ed25519 keys in the files OpenSSH uses, so that an existing SSH key can sign decisions."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from overread_queue.errors import IntegrityError, InvalidRequest, NotAllowed, TooManyFiles
from overread_queue.files import OUT_OF_FILES, flush_folder
from overread_queue.trust.wire import BadWire, key_blob, public_key

_MAX_KEY_FILE = 16_384


def generate(path: Path, comment: str) -> str:
    """Make a key, write its private half to `path` (0600), return its public line.

    Never replaces a file: raises `InvalidRequest` where there is one already.
    """
    if not comment.isprintable():
        raise InvalidRequest("a key's comment is one line of printable text")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_private(path, pem)
    return public_line(key, comment)


def replace_private(kept: Path, fresh: Path | None) -> None:
    """Destroy the private key at `kept`, and put the `fresh` one, if there is one, in its place."""
    if fresh is None:
        kept.unlink(missing_ok=True)
    else:
        fresh.replace(kept)
        flush_folder(kept.parent)


def generate_secret(path: Path) -> None:
    """Write 32 random bytes to `path` (0600). Never replaces a file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_private(path, secrets.token_bytes(32))


def load_secret(path: Path) -> bytes:
    """The bytes that `generate_secret` wrote. Raises `NotAllowed` as `load_private` does."""
    return _read_private(path)


def public_line(key: Ed25519PrivateKey, comment: str = "") -> str:
    """The line that goes into reviewers.toml, as `ssh-keygen -y` prints it."""
    return f"{line_of(public_blob(key))} {comment}".rstrip()


def line_of(blob: bytes) -> str:
    """The public line of a key, without a comment."""
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


def public_blob(key: Ed25519PrivateKey) -> bytes:
    """What `Roster.signers` and `Roster.desk_keys` know the key by."""
    return key_blob(key.public_key())


def own_private(kept: Path, trusted: Collection[bytes]) -> Ed25519PrivateKey:
    """The private half of a trusted key: the one `kept` beside the desk, else an SSH key of whoever
    runs this program. Raises what `load_private` does."""
    if kept.exists():
        return load_private(kept)
    for public in sorted((Path.home() / ".ssh").glob("*.pub")):
        with suppress(BadWire, OSError, UnicodeDecodeError):
            if blob_of(public.read_text("utf-8")) in trusted:
                return load_private(public.with_suffix(""))
    return load_private(kept)


def load_private(path: Path) -> Ed25519PrivateKey:
    """Read a private key that only its owner can read.

    Raises `NotAllowed` where it is missing, open to others or locked by a passphrase, and
    `IntegrityError` where it is not an Ed25519 key.
    """
    try:
        key = load_ssh_private_key(_read_private(path), password=None)
    except TypeError as error:
        raise NotAllowed(
            f"the key {path} is locked by a passphrase, which Overread does not ask for; "
            f"use a key without one (`ssh-keygen -p -f {path}` removes it)"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise IntegrityError(f"{path} is not an OpenSSH private key ({error})") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise IntegrityError(
            f"{path} is not an Ed25519 key; make one with `ssh-keygen -t ed25519 -N ''`"
        )
    return key


def blob_of(line: str) -> bytes:
    """What SSH compares of a public line `ssh-ed25519 AAAA… comment`. Raises `BadWire`."""
    kind, _, rest = line.strip().partition(" ")
    if kind != "ssh-ed25519":
        raise BadWire(_not_ours(kind))
    try:
        blob = base64.b64decode(rest.strip().partition(" ")[0], validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadWire("its second word is not base64") from error
    public_key(blob)
    return blob


def fingerprint(line: str) -> str:
    """`SHA256:…` of a public line, as `ssh-keygen -lf` shows it. Raises `BadWire`."""
    return blob_fingerprint(blob_of(line))


def blob_fingerprint(blob: bytes) -> str:
    """`SHA256:…` of a public key as it stands in a signature."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _not_ours(kind: str) -> str:
    """Why a line is no key for signing here, and what to do about it."""
    if kind.startswith("-----BEGIN"):
        return "it is a private key, which never leaves its owner; give the .pub file beside it"
    if kind.startswith(("ssh-", "ecdsa-", "sk-")):
        return f"{kind} keys cannot sign here; `ssh-keygen -t ed25519` makes one that can"
    return "it must start with `ssh-ed25519 `, like the line of a .pub file"


def _write_private(path: Path, pem: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, 0o600)
    except FileExistsError as error:
        raise InvalidRequest(f"{path} exists already; keep it, or move it away first") from error
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    flush_folder(path.parent)


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise NotAllowed(
                    f"others can read the key {path} (mode {mode:04o}), so it proves nothing; "
                    f"run `chmod 600 {path}`, or make a new key if somebody may have copied it"
                )
            return file.read(_MAX_KEY_FILE)
    except OSError as error:
        if error.errno in OUT_OF_FILES:
            raise TooManyFiles(str(path)) from error
        raise NotAllowed(
            f"the key {path} cannot be read ({error.strerror}); without it nothing can be signed. "
            "`overread reviewers add NAME` makes a reviewer's, `overread reviewers rotate NAME` a "
            "new one; an agent's own is made by `ssh-keygen` and told to `overread agents key`"
        ) from error

"""Signatures that ssh-keygen makes and reads, and nothing looser than that."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories import LONG_ENOUGH
from overread_queue.errors import Forged
from overread_queue.trust import sshsig
from overread_queue.trust.keys import generate, load_private
from overread_queue.trust.wire import ED25519, key_blob, packed

MESSAGE = b'{"verdict":"approve"}'
NAMESPACE = "overread.decision.v1"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RAW = sshsig.sign(MESSAGE, KEY, namespace=NAMESPACE)

needs_ssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


def verified(raw: bytes, *, message: bytes = MESSAGE) -> bytes:
    return sshsig.verify(message, raw, namespace=NAMESPACE)


def rebuilt(
    *,
    namespace: bytes = NAMESPACE.encode(),
    reserved: bytes = b"",
    algorithm: bytes = b"sha512",
    signature: bytes | None = None,
    signer: bytes | None = None,
    version: int = 1,
) -> bytes:
    """RAW with one part of its frame replaced."""
    own = RAW[-64:]
    return (
        b"SSHSIG"
        + version.to_bytes(4, "big")
        + packed(
            key_blob(KEY.public_key()) if signer is None else signer,
            namespace,
            reserved,
            algorithm,
            packed(ED25519, own) if signature is None else signature,
        )
    )


def test_a_signature_names_its_key() -> None:
    assert verified(RAW) == key_blob(KEY.public_key())
    assert rebuilt() == RAW


def test_armor_is_only_a_coat() -> None:
    assert sshsig.dearmor(sshsig.armor(RAW)) == RAW


def test_another_text_is_not_signed() -> None:
    with pytest.raises(Forged, match="does not belong to this text"):
        verified(RAW, message=MESSAGE + b" ")


def test_a_signature_for_another_purpose_is_refused() -> None:
    commit = sshsig.sign(MESSAGE, KEY, namespace="git")
    with pytest.raises(Forged, match="made for b'git'"):
        verified(commit)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "version 1"),
        (rebuilt(version=2), "version 1"),
        (RAW[:-1], "ends too early"),
        (RAW + b"\0", "follow its end"),
        (rebuilt(reserved=b"x"), "reserved"),
        (rebuilt(algorithm=b"sha256"), "sha512"),
        (rebuilt(algorithm=b"md5"), "sha512"),
        (rebuilt(signature=packed(b"ssh-rsa", RAW[-64:])), "only ssh-ed25519"),
        (rebuilt(signature=packed(ED25519, RAW[-64:] + b"\0")), "instead of 64"),
        (rebuilt(signer=packed(ED25519, b"\0" * 31)), "instead of 32"),
        (rebuilt(signer=b"\xff" * 8), "ends too early"),
    ],
)
def test_a_bent_signature_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(Forged, match=why):
        verified(raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        sshsig.armor(RAW).replace("BEGIN SSH", "BEGIN PGP"),
        sshsig.armor(RAW) + "more",
        sshsig.armor(RAW).replace("\n", "\r\n"),
        sshsig.armor(RAW).replace("\n", "=\n", 2),
        sshsig.armor(RAW).replace("\n", "\nQ", 1),
        sshsig.armor(RAW).replace("\n", "\nQQ==", 1),
    ],
)
def test_a_torn_armor_is_refused(text: str) -> None:
    with pytest.raises(Forged):
        sshsig.dearmor(text)


@needs_ssh
def test_ssh_keygen_verifies_what_we_sign(tmp_path: Path) -> None:
    line = generate(tmp_path / "ana", "ana")
    raw = sshsig.sign(MESSAGE, load_private(tmp_path / "ana"), namespace=NAMESPACE)
    (tmp_path / "message.sig").write_text(sshsig.armor(raw))
    (tmp_path / "signers").write_text(f'ana namespaces="{NAMESPACE}" {line}\n')
    command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "signers"), "-I", "ana"]
    command += ["-n", NAMESPACE, "-s", str(tmp_path / "message.sig")]
    true = subprocess.run(
        command, input=MESSAGE, capture_output=True, timeout=LONG_ENOUGH, check=False
    )
    other = subprocess.run(
        command, input=b"other", capture_output=True, timeout=LONG_ENOUGH, check=False
    )
    assert true.returncode == 0, true.stderr
    assert other.returncode != 0


@needs_ssh
def test_we_verify_what_ssh_keygen_signs(tmp_path: Path) -> None:
    generate(tmp_path / "ana", "ana")
    command = ["ssh-keygen", "-Y", "sign", "-f", str(tmp_path / "ana"), "-n", NAMESPACE]
    done = subprocess.run(
        command, input=MESSAGE, check=True, capture_output=True, timeout=LONG_ENOUGH
    )
    raw = sshsig.dearmor(done.stdout.decode())
    key = load_private(tmp_path / "ana")
    assert verified(raw) == key_blob(key.public_key())
    # Ed25519 signatures are deterministic: the same frame byte for byte.
    assert raw == sshsig.sign(MESSAGE, key, namespace=NAMESPACE)

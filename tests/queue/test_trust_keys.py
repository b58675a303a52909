"""Keys: made once, read only where nobody else can read them, and the same keys that SSH uses."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from factories import LONG_ENOUGH
from overread_queue.errors import IntegrityError, InvalidRequest, NotAllowed
from overread_queue.trust.keys import fingerprint, generate, load_private, public_line
from overread_queue.trust.wire import BadWire

needs_ssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


def ssh_keygen(*arguments: str) -> str:
    done = subprocess.run(
        ["ssh-keygen", *arguments], check=True, capture_output=True, text=True, timeout=LONG_ENOUGH
    )
    return done.stdout


def test_a_new_key_is_private_and_its_public_line_fits(tmp_path: Path) -> None:
    path = tmp_path / "desk.keys" / "ana"
    line = generate(path, "ana@desk")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert line.endswith(" ana@desk")
    assert public_line(load_private(path), "ana@desk") == line


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "ana"
    generate(path, "ana")
    before = path.read_bytes()
    with pytest.raises(InvalidRequest, match="exists already"):
        generate(path, "ana")
    assert path.read_bytes() == before


def test_a_symlink_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ana").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidRequest, match="exists already"):
        generate(tmp_path / "ana", "ana")
    assert not (tmp_path / "elsewhere").exists()


def test_a_comment_cannot_smuggle_in_a_second_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="one line"):
        generate(tmp_path / "ana", "ana\nssh-ed25519 AAAA eve")
    assert not (tmp_path / "ana").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "ana"
    generate(path, "ana")
    path.chmod(mode)
    with pytest.raises(NotAllowed, match=f"chmod 600 {path}"):
        load_private(path)


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="overread reviewers add"):
        load_private(tmp_path / "nobody")


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ana"
    path.touch(mode=0o600)
    path.write_bytes(b"hello")
    with pytest.raises(IntegrityError, match="not an OpenSSH private key"):
        load_private(path)


@needs_ssh
def test_an_existing_ssh_key_can_sign(tmp_path: Path) -> None:
    path = tmp_path / "id_ed25519"
    ssh_keygen("-q", "-t", "ed25519", "-N", "", "-C", "ana@laptop", "-f", str(path))
    line = path.with_suffix(".pub").read_text().strip()
    assert public_line(load_private(path), "ana@laptop") == line
    assert fingerprint(line) == ssh_keygen("-lf", str(path)).split()[1]


@needs_ssh
def test_ssh_reads_our_keys(tmp_path: Path) -> None:
    line = generate(tmp_path / "ana", "ana")
    assert ssh_keygen("-y", "-f", str(tmp_path / "ana")).split()[:2] == line.split()[:2]


@needs_ssh
def test_a_key_with_a_passphrase_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    ssh_keygen("-q", "-t", "ed25519", "-N", "long enough", "-f", str(path))
    with pytest.raises(NotAllowed, match="passphrase"):
        load_private(path)


@needs_ssh
def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ecdsa"
    ssh_keygen("-q", "-t", "ecdsa", "-N", "", "-f", str(path))
    with pytest.raises(IntegrityError, match="not an Ed25519 key"):
        load_private(path)


@pytest.mark.parametrize(
    "line",
    ["", "ssh-rsa AAAA", "ssh-ed25519", "ssh-ed25519 !!!!", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"],
)
def test_a_malformed_public_line_is_refused(line: str) -> None:
    with pytest.raises(BadWire):
        fingerprint(line)

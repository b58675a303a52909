"""People and their keys from a shell: every verb, and every refusal that says what to do."""

from __future__ import annotations

import getpass
import json
import shutil
import subprocess
from pathlib import Path

import pytest

import command
from overread_queue.trust.keys import fingerprint, generate

needs_ssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk made from nothing, whose lead is whoever runs this."""
    monkeypatch.setenv("HOME", str(tmp_path))
    db = tmp_path / "desk.db"
    assert command.run("init", "--db", db).returncode == 0
    return db


def reviewers(db: Path, *arguments: str | Path) -> command.Done:
    return command.run("reviewers", *arguments, "--db", db)


def listed(db: Path, name: str) -> dict[str, object]:
    people = json.loads(reviewers(db, "list", "--json").stdout)
    return next(one for one in people if one["name"] == name)


def test_a_reviewer_comes_gets_another_key_and_goes(desk: Path) -> None:
    added = reviewers(desk, "add", "zoe", "--role", "reviewer", "--until", "30d")
    first = listed(desk, "zoe")
    rotated = reviewers(desk, "rotate", "zoe")
    second = listed(desk, "zoe")
    revoked = reviewers(desk, "revoke", "zoe")

    assert [added.returncode, rotated.returncode, revoked.returncode] == [0, 0, 0]
    assert (added.stdout, revoked.stdout) == ("zoe\n", "zoe decides nothing any more\n")
    assert str(desk.with_suffix(".keys") / "zoe") in added.stderr
    assert first["valid_until"] is not None
    assert second["keys"] != first["keys"]
    assert rotated.stdout == f"zoe signs with {second['keys'][0]}\n"  # type: ignore[index]
    assert [old["key"] for old in second["retired"]] == first["keys"]  # type: ignore[attr-defined]
    assert listed(desk, "zoe")["revoked_at"] is not None
    assert "no, revoked" in reviewers(desk, "list").stdout


def test_only_a_lead_changes_who_decides(desk: Path) -> None:
    user = getpass.getuser()
    assert reviewers(desk, "add", "zoe", "--role", "reviewer", "--user", user).returncode == 0

    done = reviewers(desk, "add", "eve", "--role", "lead", "--as", "zoe")

    assert done.returncode == 7
    assert "ask a lead" in done.stderr
    assert "eve" not in reviewers(desk, "list").stdout


def test_a_role_that_nobody_holds_any_more_is_said(desk: Path) -> None:
    me = json.loads(reviewers(desk, "list", "--json").stdout)[0]["name"]
    user = getpass.getuser()
    reviewers(desk, "add", "max", "--role", "lead", "--user", user, "--as", me)

    alone = reviewers(desk, "revoke", me, "--as", "max")

    assert alone.returncode == 0
    assert "nobody holds the role reviewer now" in alone.stderr
    last = reviewers(desk, "revoke", "max", "--as", "max")
    assert last.returncode == 7
    assert "last lead" in last.stderr


def test_a_public_key_is_taken_as_it_is(desk: Path, tmp_path: Path) -> None:
    line = generate(tmp_path / "id", "zoe@laptop")
    file = tmp_path / "id.pub"
    file.write_text(f"{line}\n")

    done = reviewers(desk, "add", "zoe", "--role", "reviewer", "--key", file)

    assert (done.returncode, done.stderr) == (0, "")
    assert listed(desk, "zoe")["keys"] == [fingerprint(line)]
    assert not (desk.with_suffix(".keys") / "zoe").exists()


@needs_ssh
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_another_kind_of_ssh_key_says_which_one_to_make(
    desk: Path, tmp_path: Path, kind: str
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", key], check=True)

    done = reviewers(desk, "add", "zoe", "--role", "reviewer", "--key", f"{key}.pub")

    assert done.returncode == 2
    assert "ssh-keygen -t ed25519" in done.stderr
    assert reviewers(desk, "list").stdout.count("\n") == 2


def test_a_private_key_is_turned_away_unread(desk: Path, tmp_path: Path) -> None:
    generate(tmp_path / "id", "zoe")

    done = reviewers(desk, "add", "zoe", "--role", "reviewer", "--key", tmp_path / "id")

    assert done.returncode == 2
    assert "give the .pub file" in done.stderr


@needs_ssh
def test_a_key_behind_a_passphrase_says_so_when_it_should_sign(desk: Path, tmp_path: Path) -> None:
    ssh = tmp_path / ".ssh"
    ssh.mkdir()
    key = ssh / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "a secret", "-f", key], check=True)
    user = getpass.getuser()
    reviewers(desk, "add", "zoe", "--role", "reviewer", "--key", f"{key}.pub", "--user", user)

    done = command.run("review", "--plain", "--as", "zoe", "--db", desk)

    assert done.returncode == 7
    assert "locked by a passphrase" in done.stderr


def test_a_role_is_lent_until_a_moment_and_the_list_says_so(desk: Path) -> None:
    user = getpass.getuser()
    me = str(json.loads(reviewers(desk, "list", "--json").stdout)[0]["name"])
    reviewers(desk, "add", "zoe", "--role", "mail", "--user", user)

    lent = reviewers(desk, "delegate", "reviewer", "--to", "zoe", "--until", "3d", "--as", me)
    shown = reviewers(desk, "list").stdout
    chained = reviewers(desk, "delegate", "reviewer", "--to", me, "--until", "1d", "--as", "zoe")
    neither = reviewers(desk, "delegate", "reviewer", "--to", "zoe", "--as", me)
    ended = reviewers(desk, "delegate", "reviewer", "--to", "zoe", "--end", "--as", me)

    assert (lent.returncode, ended.returncode) == (0, 0), lent.stderr + ended.stderr
    assert f"reviewer:lent-by:{me} until" in shown
    assert (chained.returncode, neither.returncode) == (7, 2)
    assert listed(desk, "zoe")["lent"] == []


@pytest.mark.parametrize("until", ["soon", "2026-13-01", "2026-12-31T18:00:00", ""])
def test_a_time_that_is_none_is_a_matter_of_usage(desk: Path, until: str) -> None:
    done = reviewers(desk, "add", "zoe", "--role", "reviewer", "--until", until)
    assert done.returncode == 2
    assert "2026-12-31T18:00:00Z" in done.stderr


def test_agents_are_registered_keyed_and_removed(desk: Path, tmp_path: Path) -> None:
    line = generate(tmp_path / "bot", "bot")
    file = tmp_path / "bot.pub"
    file.write_text(line)

    def agents(*arguments: str | Path) -> command.Done:
        return command.run("agents", *arguments, "--db", desk)

    assert agents("add", "bot", "--key", file).returncode == 0
    assert json.loads(agents("list", "--json").stdout)[0]["key"] == fingerprint(line)
    without = agents("key", "bot", "--none")
    assert (without.returncode, without.stdout) == (0, "bot signs nothing\n")
    assert "whoever can write" in without.stderr
    assert agents("key", "bot").returncode == 2
    assert agents("remove", "bot").returncode == 0
    assert agents("list").stdout.count("\n") == 1

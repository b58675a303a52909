"""Whoever has OpenSSH and three files can check a decision, and sign one, without Overread."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import command
from factories import House, brief, house
from journey import pass_time, raw, settle
from overread_queue.errors import Forged
from overread_queue.staffing import Staff
from overread_queue.trust import sshsig
from overread_queue.trust.allowed_signers import allowed_signers
from overread_queue.trust.envelope import NAMESPACE, Signed, envelope_bytes, verify_envelope
from overread_queue.trust.keys import generate
from overread_queue.trust.roster import Roster
from trust_factory import EXPECTED, NOW, envelope, make_desk

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)
GUIDE = Path(__file__).parents[2] / "queue" / "README.md"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def answered(here: House) -> str:
    with here.agent() as queue:
        ticket = queue.submit(brief())
    settle(here, ticket, "approve")
    return ticket.id


def checked(
    here: House, id: str, *, principal: str = "ana", at: int | None = None
) -> subprocess.CompletedProcess[str]:
    """What an auditor runs, on what the command line hands out."""
    folder = here.path.parent
    for option, name in (("--envelope", "decision.json"), ("--signature", "decision.json.sig")):
        shown = command.run("show", id, option, "--db", here.path)
        assert shown.returncode == 0, shown.stderr
        (folder / name).write_text(shown.stdout)
    signers = command.run("reviewers", "allowed-signers", "--db", here.path)
    (folder / "allowed_signers").write_text(signers.stdout)
    then = dt.datetime.fromtimestamp((at or here.clock.now()) / 1000, dt.UTC)
    return subprocess.run(
        [
            *("ssh-keygen", "-Y", "verify", "-f", folder / "allowed_signers", "-I", principal),
            *("-n", NAMESPACE, "-s", folder / "decision.json.sig"),
            *("-O", f"verify-time={then:%Y%m%d%H%M%S}Z"),
        ],
        input=(folder / "decision.json").read_text(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_ssh_keygen_verifies_a_reviewers_decision(here: House) -> None:
    done = checked(here, answered(here))
    assert done.returncode == 0, done.stderr
    assert 'Good "overread.decision.v1" signature for ana' in done.stdout


def test_ssh_keygen_verifies_what_the_desk_itself_answered(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        queue.withdraw(ticket)
    with here.desk("olga") as olga:
        olga.sweep()
    assert checked(here, ticket.id, principal="desk").returncode == 0
    assert checked(here, ticket.id, principal="ana").returncode != 0


def test_ssh_keygen_refuses_what_overread_refuses(here: House) -> None:
    id = answered(here)
    assert checked(here, id, principal="ben").returncode != 0
    with raw(here.path) as db:
        db.execute("DROP TRIGGER decision_is_fixed")
        honest: bytes = db.execute("SELECT envelope FROM decision").fetchone()[0]
        bent = honest.replace(b'"ana"', b'"ben"')
        db.execute("UPDATE decision SET envelope = :bent", {"bent": bent})
    assert checked(here, id, principal="ben").returncode != 0


def test_the_keys_times_are_told(here: House) -> None:
    """A retired key verifies what it signed while it counted; a stolen one is not in the file."""
    id = answered(here)
    signed_at = here.clock.now()
    pass_time(here, 3600)
    with Staff.open(here.path, clock=here.clock) as staff:
        staff.rotate("ana")
        assert checked(here, id, at=signed_at).returncode == 0
        assert checked(here, id, at=here.clock.now() + 1000).returncode != 0
        staff.rotate("ana", compromised=True)
    assert checked(here, id, at=signed_at).returncode != 0
    told = allowed_signers(Roster.load(here.places))
    assert told.count("# ana: a key was reported stolen and is left out") == 2


def test_a_decision_that_ssh_keygen_signed_is_believed(tmp_path: Path) -> None:
    """The other way round: a reviewer's own tools make a decision that counts here."""
    desk = make_desk(tmp_path)
    file = tmp_path / "decision.json"
    file.write_bytes(envelope_bytes(envelope()))
    sign = ("ssh-keygen", "-q", "-Y", "sign", "-f", desk.places.key("ana"), "-n", NAMESPACE, file)
    subprocess.run(sign, check=True, capture_output=True)
    signature = sshsig.dearmor(file.with_name("decision.json.sig").read_text())

    signed = Signed(file.read_bytes(), signature)

    found = verify_envelope(signed, roster=desk.roster(), expect=EXPECTED, now=NOW)
    assert found == envelope()
    stranger = generate(tmp_path / "stranger", "eve")
    assert stranger not in desk.places.reviewers_file.read_text()
    subprocess.run(
        [*sign[:5], tmp_path / "stranger", *sign[6:-1], file],
        check=True,
        capture_output=True,
        input=b"y\n",
    )
    forged = sshsig.dearmor(file.with_name("decision.json.sig").read_text())
    with pytest.raises(Forged, match="not the key of a reviewer"):
        verify_envelope(
            Signed(file.read_bytes(), forged), roster=desk.roster(), expect=EXPECTED, now=NOW
        )


def test_what_is_no_envelope_is_not_printed(here: House) -> None:
    id = answered(here)
    with raw(here.path) as db:
        db.execute("DROP TRIGGER decision_is_fixed")
        db.execute("UPDATE decision SET envelope = CAST(x'1b5d32' AS BLOB)")
    done = command.run("show", id, "--envelope", "--db", here.path)
    assert (done.returncode, done.stdout) == (5, "")


def test_an_unanswered_question_has_nothing_to_check(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
    assert command.run("show", ticket.id, "--signature", "--db", here.path).returncode == 124


def test_the_guides_commands_do_what_it_says(here: House) -> None:
    """The block under "Checking a decision" is run as it stands."""
    block = re.search(r"## Checking a decision.*?```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert block is not None
    id, folder = answered(here), here.path.parent
    done = command.shell(f"ID={id}\n{block[1]}", cwd=folder, db=here.path)
    assert done.returncode == 0, done.stderr
    assert 'Good "overread.decision.v1" signature for ana' in done.stdout
    assert json.loads((folder / "decision.json").read_text())["reviewer"] == "ana"

"""An agent with a key: only what it signed is taken, at every entrance and on every screen."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import command
from factories import TYPES, House, brief, house
from journey import events, pick_up, raw, row, settle
from overread_queue import AgentQueue
from overread_queue.asking.submission import Submission, claim_of, withdrawal_of
from overread_queue.errors import Forged, NotAllowed, OverreadError, Superseded
from overread_queue.staffing import Staff
from overread_queue.trust import sshsig
from overread_queue.trust.keys import generate, load_private
from overread_queue.trust.people import Agent
from overread_queue.trust.roster import put_agent
from overread_queue.trust.vouching import Claim, sign_claim

NAME = "refund-agent"
GUIDE = Path(__file__).parents[2] / "queue" / "README.md"


@pytest.fixture
def here(tmp_path: Path) -> House:
    """A desk where refund-agent has a key, and eve has one that nobody registered."""
    desk = house(tmp_path)
    line = generate(tmp_path / "agent", NAME)
    generate(tmp_path / "eve", "eve")
    with Staff.open(desk.path, clock=desk.clock) as staff:
        staff.key_agent(NAME, line)
    return desk


def signing(here: House, key: str = "agent") -> AgentQueue:
    return AgentQueue.open(here.path, agent=NAME, key=here.path.parent / key, clock=here.clock)


def signed(here: House, claim: Claim, key: str = "agent") -> bytes:
    return sign_claim(claim, load_private(here.path.parent / key))


def claimed(here: House, **changes: object) -> Claim:
    """The claim of the brief that `insert` puts into the inbox."""
    submission = Submission(NAME, brief().to_bytes(), "A-1009", b'{"step": 3}')
    claim = claim_of(desk_id(here), submission)
    return Claim(**{**{f: getattr(claim, f) for f in Claim.__slots__}, **changes})  # type: ignore[arg-type]


def desk_id(here: House) -> str:
    with raw(here.path) as db:
        id: str = db.execute("SELECT id FROM desk").fetchone()[0]
    return id


def insert(here: House, signature: bytes | str | int | None, **values: object) -> tuple[str, str]:
    """A row of the inbox, swept; its state and answer."""
    columns = {"key": "A-1009", "body": brief().to_bytes(), "checkpoint": '{"step": 3}', **values}
    statement = (
        "INSERT INTO inbox (kind, agent, key, body, checkpoint, signature)"
        " VALUES (:kind, 'refund-agent', :key, :body, :checkpoint, :signature)"
    )
    with raw(here.path) as db:
        db.execute(statement, {"kind": "submit", "signature": signature, **columns})
    with here.desk("olga") as olga:
        olga.sweep()
    with raw(here.path) as db:
        found = db.execute("SELECT state, answer FROM inbox ORDER BY id DESC").fetchone()
    return found["state"], found["answer"]


def last(here: House) -> tuple[str, str]:
    event = events(here.path)[-1]
    return event.kind, event.actor


# -- the agents' door


def test_a_signed_brief_goes_all_the_way(here: House) -> None:
    with signing(here) as queue:
        ticket = queue.submit(brief(), checkpoint={"step": 3})
        assert queue.submit(brief()).id == ticket.id
    settle(here, ticket, "approve")
    with signing(here) as queue, queue.resume(ticket) as go:
        assert go.checkpoint == {"step": 3}


def test_an_unsigned_brief_is_refused_and_written_down(here: House) -> None:
    with here.agent() as queue, pytest.raises(Forged, match="--sign-with"):
        queue.submit(brief())
    assert last(here) == ("refused:Forged", f"agent:{NAME}")


def test_another_key_signs_for_nobody(here: House) -> None:
    with signing(here, "eve") as queue, pytest.raises(Forged, match=f"is not the key of {NAME}"):
        queue.submit(brief())
    assert last(here) == ("refused:Forged", f"agent:{NAME}")


def test_without_the_key_nobody_learns_an_earlier_ticket(here: House) -> None:
    with signing(here) as queue:
        queue.submit(brief(), key="A-1009")
    with here.agent() as stranger, pytest.raises(Forged):
        stranger.submit(brief(), key="A-1009")


def test_only_the_key_takes_a_question_back_or_changes_it(here: House) -> None:
    with signing(here) as queue, here.agent() as stranger:
        ticket = queue.submit(brief())
        with pytest.raises(Forged):
            stranger.withdraw(ticket.id)
        with pytest.raises(Forged):
            stranger.revise(ticket.id, brief(amount=1))
        revised = queue.revise(ticket, brief(amount=2))
        with pytest.raises(Superseded):
            queue.poll(ticket)
        with here.desk() as ana:
            assert pick_up(ana, revised).brief.action.parameters["amount"] == 2
            ana.release(revised.id)
        queue.withdraw(revised)
        assert queue.status(revised).state == "WITHDRAWN"


def test_an_agent_that_signs_without_being_keyed_is_told(here: House) -> None:
    put_agent(here.places, Agent(name=NAME, label="R", actions=TYPES))
    with (
        signing(here) as queue,
        pytest.raises(NotAllowed, match="overread agents key refund-agent"),
    ):
        queue.submit(brief())


# -- the inbox


def test_a_signed_row_is_taken(here: House) -> None:
    raw_signature = signed(here, claimed(here))
    assert insert(here, raw_signature) == ("accepted", "")
    armored = sshsig.armor(signed(here, claimed(here, key="second")))
    assert insert(here, armored, key="second") == ("accepted", "")


@pytest.mark.parametrize(
    "field",
    ["desk", "agent", "key", "brief_sha256", "checkpoint_sha256", "predecessor", "kind", "v"],
)
def test_a_signature_for_anything_else_is_none(here: House, field: str) -> None:
    signature = signed(here, claimed(here, **{field: "0" * 64}))
    state, answer = insert(here, signature)
    assert (state, "does not belong to this text" in answer) == ("rejected", True)
    assert last(here) == ("refused:Forged", f"agent:{NAME}")


def test_rows_that_are_not_signed_by_the_agent_say_why(here: House) -> None:
    wrong = signed(here, claimed(here), "eve")
    git = sshsig.sign(
        claimed(here).to_bytes(), load_private(here.path.parent / "agent"), namespace="git"
    )
    for signature, why in (
        (None, "is not signed with it"),
        (wrong, "is not the key of"),
        (git, "made for b'git'"),
        (b"", "malformed"),
        ("approve me", "malformed"),
        (42, "malformed"),
        (b"\xff\xfe", "malformed"),
        ("-----BEGIN SSH SIGNATURE-----\n!\n-----END SSH SIGNATURE-----\n", "not an armored"),
    ):
        state, answer = insert(here, signature)
        assert (state, why in answer) == ("rejected", True), answer
    assert {event.kind for event in events(here.path)[-8:]} == {"refused:Forged"}


def test_a_signature_on_the_inside_of_a_replay_is_the_same_ticket(here: House) -> None:
    """Whoever copies a signed row asks nothing new."""
    signature = signed(here, claimed(here))
    insert(here, signature)
    assert insert(here, signature) == ("accepted", "")
    with signing(here) as queue:
        assert len(queue.escalations()) == 1


def test_only_a_signed_row_takes_a_question_back(here: House) -> None:
    insert(here, signed(here, claimed(here)))
    for signature in (None, signed(here, claimed(here))):
        assert insert(here, signature, kind="withdraw", body="")[0] == "rejected"
    take_back = signed(here, withdrawal_of(desk_id(here), NAME, "A-1009"))
    assert insert(here, take_back, kind="withdraw", body="") == ("accepted", "")


# -- what somebody wrote straight into the tables


def test_a_question_nobody_signed_never_reaches_a_reviewer(here: House) -> None:
    with signing(here) as queue:
        ticket = queue.submit(brief())
    with raw(here.path) as db:
        db.execute("UPDATE payload SET signature = NULL")
    with here.desk() as ana, pytest.raises(Forged, match="is not signed with it"):
        pick_up(ana, ticket)
    assert ("refused:Forged", "reviewer:ana") in [(e.kind, e.actor) for e in events(here.path)]


@pytest.mark.parametrize("column", ["key", "predecessor"])
def test_a_question_moved_under_another_name_is_noticed(here: House, column: str) -> None:
    with signing(here) as queue:
        first, second = queue.submit(brief(amount=1)), queue.submit(brief(amount=2))
    with raw(here.path) as db:
        value = first.id if column == "predecessor" else "another-key"
        db.execute(
            f"UPDATE escalation SET {column} = :value WHERE id = :id",
            {"value": value, "id": second.id},
        )
    assert getattr(row(here.path, second.id), column) == value
    with here.desk() as ana, pytest.raises(Forged, match="does not belong"):
        pick_up(ana, second)


def test_a_changed_checkpoint_is_not_handed_back(here: House) -> None:
    with signing(here) as queue:
        ticket = queue.submit(brief(), checkpoint={"step": 3})
        settle(here, ticket, "approve")
        with raw(here.path) as db:
            db.execute("UPDATE payload SET checkpoint = CAST('{\"step\": 9}' AS BLOB)")
        with pytest.raises(Forged, match="does not belong"):
            queue.resume(ticket)
        assert queue.status(ticket).run_state == "HUMAN_RESPONDED", "and nothing was taken"
    assert last(here) == ("refused:Forged", f"agent:{NAME}")


def test_an_approval_is_not_signed_for_a_question_that_lost_its_signature(here: House) -> None:
    with signing(here) as queue:
        ticket = queue.submit(brief())
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with raw(here.path) as db:
            db.execute("UPDATE payload SET signature = x'00'")
        with pytest.raises(OverreadError, match="malformed"):
            ana.decide(review, option="approve")
    with signing(here) as queue:
        assert queue.poll(ticket) is None


# -- the command line, and other people's tools


def test_submit_signs_where_it_is_told_with_what(here: House) -> None:
    given = brief().to_bytes().decode()
    folder = here.path.parent

    def submit(*options: str | Path) -> command.Done:
        return command.run("submit", "-", *options, "--db", here.path, stdin=given)

    without, wrong = submit(), submit("--sign-with", folder / "eve")
    right, none = submit("--sign-with", folder / "agent"), submit("--sign-with", folder / "no")
    assert [one.returncode for one in (without, wrong, right, none)] == [5, 5, 0, 7]
    assert "--sign-with" in without.stderr


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_the_guides_commands_sign_for_the_inbox(here: House) -> None:
    """The block under "Agents with a key" makes a signature that the inbox takes."""
    block = re.search(r"## Agents with a key.*?```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert block is not None
    folder = here.path.parent
    (folder / "brief.json").write_bytes(brief().to_bytes())
    done = command.shell(block[1], cwd=folder, db=here.path)
    assert done.returncode == 0, done.stderr
    signature = (folder / "claim.json.sig").read_text()
    assert json.loads((folder / "claim.json").read_text())["agent"] == NAME
    assert insert(here, signature, checkpoint=None) == ("accepted", "")

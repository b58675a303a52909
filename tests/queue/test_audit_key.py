"""The key that draws the random sample is replaced, and then anybody can check what it drew."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import audit_key_worker
import command
from audit_key_worker import COMMITTED, KILLED, STEPS
from factories import House
from journey import assert_chain_whole, events, pass_time, raw, settle
from overread_queue.errors import NotAllowed
from overread_queue.ground import Ground
from overread_queue.sweep import Sweep
from overread_queue.trust.keys import load_secret
from tier_desks import asking, flush, office, policy, recorded, refund, tier_house

HALF = policy(more="[audit]\nrate = 0.5\nnew_rate = 0.5\n")


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path, HALF)


def act(here: House, count: int = 20) -> None:
    with here.agent("bot") as bot:
        for number in range(count):
            bot.propose(flush(number=number))
    pass_time(here, 1)


def sweep(here: House) -> None:
    with here.desk() as ana:
        ana.sweep()


def test_an_old_key_is_told_to_everybody_and_draws_no_more(here: House) -> None:
    kept = here.places.key("audit")
    first = load_secret(kept)
    act(here)
    sweep(here)
    act(here)
    with office(here) as lea, office(here, "ana") as ana:
        assert (lea.audit_keys(), lea.misdrawn()) == ((), ())
        told = lea.rotate_audit_key()
        assert (told.key, told.until) == (first, here.clock.now())
        act(here)
        sweep(here)
        assert ana.audit_keys() == (told,)
        assert ana.misdrawn() == ()
    second = load_secret(kept)
    assert second != first
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [one.sampled is None for one in recorded(here)] == [False] * 60
    (event,) = [one for one in events(here.path) if one.kind == "audit_key_rotated"]
    assert json.loads(event.detail)["disclosed"] == first.hex()
    assert second.hex() not in event.detail
    assert_chain_whole(here.path)


def test_a_sweep_that_was_there_before_draws_with_the_new_key(here: House) -> None:
    ground = Ground(here.places, here.clock)
    hands = Sweep(ground)
    with office(here) as lea:
        lea.rotate_audit_key()
        pass_time(here, 1)
        act(here, 40)
        hands.run()
        pass_time(here, 1)
        lea.rotate_audit_key()
        assert lea.misdrawn() == ()
    ground.close()


def test_a_sample_that_somebody_chose_is_found_out(here: House) -> None:
    act(here)
    sweep(here)
    drawn = next(one.id for one in recorded(here) if not one.sampled)
    with raw(here.path) as db:
        db.execute("UPDATE action SET sampled = 1 WHERE id = ?", (drawn,))
    with office(here) as lea:
        lea.rotate_audit_key()
        assert lea.misdrawn() == (drawn,)
    done = command.run("audit", "draws", "--as", "ana", "--db", here.path)
    assert done.returncode == 5
    assert f"{drawn} was not drawn" in done.stdout


def test_a_new_key_leaves_the_order_of_what_was_asked_before(here: House) -> None:
    with here.agent("bot") as bot:
        for number in range(8):
            ticket = bot.submit(asking(refund(number)), key=f"r-{number}")
            settle(here, ticket, "reject")
    pass_time(here, 1)
    with office(here) as lea:
        before = lea.worth_adjudicating()
        lea.rotate_audit_key()
        assert lea.worth_adjudicating() == before


@pytest.mark.parametrize("step", STEPS)
def test_a_lead_killed_at_any_step_loses_no_key_that_drew(here: House, step: str) -> None:
    """What drew before and after is in force or told: every draw can be computed again."""
    act(here)
    sweep(here)
    act(here)
    first = load_secret(here.places.key("audit"))
    lead = [sys.executable, audit_key_worker.__file__, here.path, str(here.clock.now()), step]
    assert subprocess.run(lead, check=False).returncode == KILLED
    pass_time(here, 1)
    act(here)
    sweep(here)
    pass_time(here, 1)
    with office(here) as lea:
        told = [first] if step in COMMITTED else []
        assert [one.key for one in lea.audit_keys()] == told
        assert (load_secret(here.places.key("audit")) == first) == (not told)
        lea.rotate_audit_key()
        assert lea.misdrawn() == ()
    assert [one.sampled is None for one in recorded(here)] == [False] * 60


@pytest.mark.parametrize("detail", ["x", "[]", "{}", '{"disclosed": 5}', '{"disclosed": "zz"}'])
def test_a_badly_forged_rotation_is_in_nobodys_way(here: House, detail: str) -> None:
    with raw(here.path) as db:
        db.execute(
            "INSERT INTO event (seq, at, actor, kind, detail, previous, hash)"
            " SELECT max(seq) + 1, 1, 'me', 'audit_key_rotated', ?, hash, printf('%064d', 1)"
            " FROM event",
            (detail,),
        )
    act(here)
    sweep(here)
    with office(here) as lea:
        told = lea.rotate_audit_key()
        assert lea.audit_keys() == (told,)
        assert lea.misdrawn() == ()


def test_only_a_lead_rotates(here: House) -> None:
    before = here.places.key("audit").read_bytes()
    with office(here, "ana") as ana, pytest.raises(NotAllowed, match="lead"):
        ana.rotate_audit_key()
    assert here.places.key("audit").read_bytes() == before


def test_at_the_shell_the_old_key_is_printed_and_the_new_one_never(here: House) -> None:
    ask = ("--as", "lea", "--db", here.path)
    assert "no key was disclosed" in command.run("audit", "draws", *ask).stderr
    old = load_secret(here.places.key("audit")).hex()
    assert old in command.run("audit", "rotate-key", *ask).stdout
    page = command.run("audit", "draws", *ask)
    told = json.loads(command.run("audit", "draws", *ask, "--json").stdout)
    assert page.returncode == 0
    assert old in page.stdout
    assert [one["key"] for one in told["keys"]] == [old]
    assert load_secret(here.places.key("audit")).hex() not in page.stdout

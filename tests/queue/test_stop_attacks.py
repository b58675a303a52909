"""Who can write the file and has no key stops more with it, and lets nobody go on."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from attacker import write
from factories import House
from journey import assert_chain_whole, events, raw, settle
from overread_briefs.canonical import event_sha256
from overread_briefs.fields import Parameters
from overread_queue.audit.verify import verify
from overread_queue.errors import Halted, NotAllowed
from overread_queue.setup import add_agent
from overread_queue.states import Tier
from overread_queue.trust import sshsig
from overread_queue.trust.keys import load_private
from overread_queue.trust.lifting import Lift, sign_lift
from overread_queue.trust.people import Agent
from overread_queue.trust.roster import Roster, put_reviewer
from tier_desks import NO_AUDITS, TYPES, asking, flush, office, policy, refund, tier_house

BREAKER = '[breaker]\nfailures = 2\nrejections = 2\nwindow = "1h"\nraise_to = "hard_stop"\n'


@pytest.fixture
def here(tmp_path: Path) -> House:
    made = tier_house(tmp_path, policy(more=NO_AUDITS + BREAKER))
    add_agent(made.places, Agent(name="other", label="Other", actions=TYPES))
    return made


def append(here: House, kind: str, actor: str, agent: str | None, detail: Parameters) -> None:
    """An event that hangs on the chain as a genuine one does: that needs no key."""
    last, at = events(here.path)[-1], here.clock.now()
    body: Parameters = {
        "seq": last.seq + 1,
        "at": at,
        "actor": actor,
        "kind": kind,
        "agent": agent,
        "run": None,
        "escalation": None,
        "detail": detail,
    }
    values = (last.seq + 1, at, actor, kind, agent, json.dumps(detail))
    with raw(here.path) as db:
        db.execute(
            "INSERT INTO event (seq, at, actor, kind, agent, detail, previous, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, last.hash, event_sha256(last.hash, body)),
        )


def stop(here: House, agent: str | None = "bot") -> str:
    """The id of its halt."""
    with here.desk() as ana:
        return ana.stop(agent, reason="wrong accounts").id


def trip(here: House) -> str:
    """Open the breaker of `bot`; its id."""
    for amount in (1, 2):
        with here.agent("bot") as bot:
            ticket = bot.submit(asking(refund(amount)))
        settle(here, ticket, "reject")
    (opened,) = (one for one in events(here.path) if one.kind == "breaker_opened")
    return str(json.loads(opened.detail)["breaker"])


def lift_of(here: House, stop: str, *, lead: str = "lea", agent: str | None = "bot") -> Lift:
    return Lift(Roster.load(here.places).desk.id, stop, agent, lead, here.clock.now())


def signed_by(here: House, name: str, lift: Lift) -> str:
    return sign_lift(lift, load_private(here.places.key(name)))


def other_namespace(here: House, stop: str) -> str:
    key = load_private(here.places.key("lea"))
    said = lift_of(here, stop).to_bytes()
    return base64.b64encode(sshsig.sign(said, key, namespace="overread.loan.v1")).decode()


def is_stopped(here: House) -> bool:
    with here.agent("bot") as bot:
        try:
            bot.submit(asking(refund(420)), key="again")
        except Halted:
            return True
    return False


def tier(here: House) -> Tier:
    with here.agent("bot") as bot:
        return bot.propose(flush()).tier


FORGERIES: dict[str, Callable[[House, str], str | None]] = {
    "unsigned": lambda here, stop: None,
    "nonsense": lambda here, stop: "AAAA",
    "by a key of nobody": lambda here, stop: sign_lift(
        lift_of(here, stop), Ed25519PrivateKey.generate()
    ),
    "by ana in the name of lea": lambda here, stop: signed_by(here, "ana", lift_of(here, stop)),
    "of another stop": lambda here, stop: signed_by(here, "lea", lift_of(here, f"x{stop}")),
    "of another agent": lambda here, stop: signed_by(
        here, "lea", lift_of(here, stop, agent="other")
    ),
    "of something else": other_namespace,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_lift_that_no_lead_signed_lifts_no_halt_and_is_found(here: House, name: str) -> None:
    halt = stop(here)
    detail: Parameters = {"halt": halt, "signature": FORGERIES[name](here, halt)}
    append(here, "halt_lifted", "lead:lea", "bot", detail)
    write(here, "UPDATE halt SET lifted_at = 1, lifted_by = 'lea'")
    assert is_stopped(here)
    assert "lift_forged" in {one.kind for one in verify(here.places).damage}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_lift_that_no_lead_signed_closes_no_breaker_and_is_found(here: House, name: str) -> None:
    breaker = trip(here)
    detail: Parameters = {"breaker": breaker, "signature": FORGERIES[name](here, breaker)}
    append(here, "breaker_lifted", "lead:lea", "bot", detail)
    assert tier(here) is Tier.HARD_STOP
    assert "lift_forged" in {one.kind for one in verify(here.places).damage}


def test_a_reviewer_who_is_no_lead_cannot_lift_with_a_key_of_their_own(here: House) -> None:
    halt = stop(here)
    by_ana = signed_by(here, "ana", lift_of(here, halt, lead="ana"))
    append(here, "halt_lifted", "lead:ana", "bot", {"halt": halt, "signature": by_ana})
    assert is_stopped(here)


def test_a_lift_from_before_ends_no_later_halt(here: House) -> None:
    stop(here)
    with office(here) as lea:
        lea.lift("bot")
    (lifted,) = (one for one in events(here.path) if one.kind == "halt_lifted")
    assert not is_stopped(here)
    stop(here)
    append(here, "halt_lifted", "lead:lea", "bot", json.loads(lifted.detail))
    assert is_stopped(here)


def test_a_halt_that_is_told_again_about_another_agent_takes_the_first_one_nothing(
    here: House,
) -> None:
    halt = stop(here)
    append(here, "halted", "reviewer:ana", "other", {"halt": halt})
    assert is_stopped(here)
    with office(here) as lea:
        assert [one.agent for one in lea.halts()] == ["bot", "other"]
        lea.lift("bot")
        assert [one.agent for one in lea.halts()] == ["other"]
    assert not is_stopped(here)


def test_what_a_stolen_key_lifted_stands_again(here: House) -> None:
    stop(here)
    with office(here) as lea:
        lea.lift("bot")
    assert not is_stopped(here)
    roster = Roster.load(here.places)
    put_reviewer(
        here.places, roster.reviewer("lea").retire_keys(here.clock.now(), compromised=True)
    )
    assert is_stopped(here)


def test_a_lead_without_a_key_to_sign_with_lifts_nothing_and_is_told_so(here: House) -> None:
    stop(here)
    here.places.key("lea").unlink()
    with office(here) as lea, pytest.raises(NotAllowed, match="lea"):
        lea.lift("bot")
    assert is_stopped(here)


CUT: dict[str, tuple[tuple[str, ...], str]] = {
    "cut off": (
        ("DELETE FROM event WHERE seq >= (SELECT min(seq) FROM event WHERE kind = 'halted')",),
        "truncated",
    ),
    "turned into another event": (
        ("UPDATE event SET kind = 'swept' WHERE kind = 'halted'",),
        "edited",
    ),
}


@pytest.mark.parametrize("how", CUT)
def test_a_halt_that_is_taken_out_of_the_chain_is_found_at_once(here: House, how: str) -> None:
    """It does let the agent go on: no file keeps what its writer removes. Nobody can hide it."""
    with here.desk() as ana:
        ana.stop("bot")
        write(here, *CUT[how][0])
    assert CUT[how][1] in {one.kind for one in verify(here.places).damage}


def test_what_was_lifted_with_a_signature_leaves_a_whole_chain(here: House) -> None:
    stop(here)
    stop(here, None)
    with office(here) as lea:
        lea.lift(None)
        lea.lift("bot")
    trip(here)
    with office(here) as lea:
        assert lea.lift("bot").breaker
    assert_chain_whole(here.path)

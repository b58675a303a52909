"""One person and write access to the file are not two people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories import POLICY, House, brief
from journey import UNDO_SECONDS, kinds, pass_time, pick_up, raw, row, settle
from overread_briefs.canonical import strict_loads
from overread_briefs.decision import Envelope
from overread_queue.errors import Forged, IntegrityError, SamePerson, Tampered
from overread_queue.models import Ticket
from overread_queue.policy.load import policy_sha256
from overread_queue.states import EscalationState
from overread_queue.store.driver import sqlite3
from overread_queue.trust.envelope import NAMESPACE, OPINION, envelope_bytes, sign_envelope
from overread_queue.trust.keys import load_private
from two_people import answer, ask, change_reviewer, dual_house, opinions, say

GUARDS = ("opinion_is_fixed", "opinion_stays", "escalation_moves", "escalation_is_final")
REMOVE = "DELETE FROM opinion WHERE escalation = :id"
PLANT = (
    "INSERT INTO opinion (escalation, attempt, reviewer, verdict, at, envelope, signature, reason)"
    " VALUES (:id, 1, :reviewer, 'approve', 1, :envelope, :signature, '')"
)
DECIDE = (
    "INSERT INTO decision (escalation, attempt, verdict, option, signer, nonce, envelope,"
    " signature, released_at)"
    " VALUES (:id, 1, 'approve', 'approve', 'ana', :nonce, :envelope, :signature, 1)"
)
DELIVER = "INSERT INTO delivery (escalation, attempt, state) VALUES (:id, 1, 'pending')"
CLOSE = (
    "UPDATE escalation SET state = 'DECIDED', reviewer = NULL, lease_until = NULL,"
    " held_until = NULL, closed_at = 1 WHERE id = :id"
)
ANSWER = "UPDATE run SET state = 'HUMAN_RESPONDED'"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return dual_house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    return ask(here)


def attack(here: House, *statements: str, **values: object) -> None:
    with raw(here.path) as db:
        for guard in GUARDS:
            db.execute(f"DROP TRIGGER IF EXISTS {guard}")
        for statement in statements:
            db.execute(statement, {k: v for k, v in values.items() if f":{k}" in statement})


def signed(here: House, envelope: Envelope, by: str, namespace: str = OPINION) -> dict[str, bytes]:
    key = load_private(here.places.key(by))
    signature = sign_envelope(envelope, key, namespace=namespace)
    return {"envelope": envelope_bytes(envelope), "signature": signature}


def approve_unclaimed(here: House, ticket: Ticket) -> None:
    with here.desk("ana") as ana:
        ana.decide(ana.open(ticket.id), option="approve")
        pass_time(here, UNDO_SECONDS)


def said_by_ana(here: House, ticket: Ticket) -> Envelope:
    (found,) = opinions(here, ticket)
    return Envelope.model_validate(strict_loads(found.envelope))


def assert_refused(
    here: House, ticket: Ticket, words: str, error: type[IntegrityError] = Forged
) -> None:
    kind = f"refused:{error.__name__}"
    before = kinds(here.path, ticket.id).count(kind)
    with here.agent() as queue:
        for call in (queue.poll, lambda one: queue.wait(one, timeout=0), queue.resume):
            with pytest.raises(error, match=words):
                call(ticket)
    assert kinds(here.path, ticket.id).count(kind) == before + 3


Forgery = Callable[[House, Ticket, Envelope], dict[str, object]]


def rewritten(by: str = "ana", *, under: str = "ana", **changes: object) -> Forgery:
    """Ana's opinion with other words, signed by `by` and kept under the name `under`."""

    def forgery(here: House, ticket: Ticket, said: Envelope) -> dict[str, object]:
        other = said.model_copy(update=changes)
        return {"reviewer": under, **signed(here, other, by)}

    return forgery


def by_a_stranger(here: House, ticket: Ticket, said: Envelope) -> dict[str, object]:
    key = Ed25519PrivateKey.generate()
    signature = sign_envelope(said, key, namespace=OPINION)
    return {"reviewer": "ana", "envelope": envelope_bytes(said), "signature": signature}


def as_a_decision(here: House, ticket: Ticket, said: Envelope) -> dict[str, object]:
    return {"reviewer": "ana", **signed(here, said, "ana", NAMESPACE)}


def changed_after_signing(here: House, ticket: Ticket, said: Envelope) -> dict[str, object]:
    honest = signed(here, said.model_copy(update={"verdict": "reject"}), "ana")
    changed = honest["envelope"].replace(b'"reject"', b'"approve"')
    return {"reviewer": "ana", "envelope": changed, "signature": honest["signature"]}


FORGERIES: dict[str, tuple[Forgery, str]] = {
    "a key nobody knows": (by_a_stranger, "not the key of a reviewer"),
    "a decision in place of an opinion": (as_a_decision, "was made for"),
    "changed after signing": (changed_after_signing, "does not belong to this text"),
    "the same person twice": (rewritten("ben", under="ben", reviewer="ben"), "ben alone says"),
    "ben in ana's name": (rewritten("ben"), "signed in the name of"),
    "ana's under another name": (rewritten(under="cara"), "stands under cara's name"),
    "another escalation": (rewritten(escalation="another"), "another escalation"),
    "another attempt": (rewritten(attempt=2), "another attempt"),
    "another desk": (rewritten(desk="another"), "another desk"),
    "another brief": (rewritten(brief_sha256="0" * 64), "brief_sha256"),
    "another policy": (rewritten(policy_sha256="0" * 64), "policy_sha256"),
    "another action": (rewritten(action_sha256="0" * 64), "ben alone says"),
    "another verdict": (rewritten(verdict="reject"), "ben alone says"),
    "a verdict that nobody gives together": (rewritten(verdict="need_info"), "say together"),
    "a role that ana does not hold": (rewritten(role="senior"), "does not hold the role"),
    "one that had run out": (rewritten(decided_at=1, released_at=1, expires_at=2), "did not|run"),
}


@pytest.mark.parametrize(("forgery", "words"), FORGERIES.values(), ids=FORGERIES)
def test_a_second_person_who_is_none(
    here: House, ticket: Ticket, forgery: Forgery, words: str
) -> None:
    say(here, ticket, "ana")
    said = said_by_ana(here, ticket)
    say(here, ticket, "ben")
    assert answer(here, ticket) is not None
    attack(here, REMOVE, PLANT, id=ticket.id, **forgery(here, ticket, said))
    assert_refused(here, ticket, words)


def test_an_opinion_that_is_gone(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    say(here, ticket, "ben")
    attack(here, REMOVE, id=ticket.id)
    assert_refused(here, ticket, "needs two people, and ben alone says approve")


def test_an_opinion_given_out_as_the_decision(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    (found,) = opinions(here, ticket)
    attack(
        here,
        DECIDE,
        DELIVER,
        CLOSE,
        ANSWER,
        id=ticket.id,
        nonce="f" * 32,
        envelope=found.envelope,
        signature=found.signature,
    )
    assert_refused(here, ticket, "was made for")


def test_a_reviewer_who_decides_alone_with_their_own_key(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    decision = signed(here, said_by_ana(here, ticket), "ana", NAMESPACE)
    attack(here, DECIDE, DELIVER, CLOSE, ANSWER, id=ticket.id, nonce="f" * 32, **decision)
    assert_refused(here, ticket, "ana alone says approve")


def test_a_laxer_policy_put_into_the_file(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    lax = POLICY.encode()
    attack(
        here,
        "INSERT INTO policy (sha256, body, seen_at) VALUES (:sha256, :lax, 1)",
        "UPDATE escalation SET policy_sha256 = :sha256",
        sha256=policy_sha256(lax),
        lax=lax,
    )
    envelope = said_by_ana(here, ticket).model_copy(update={"policy_sha256": policy_sha256(lax)})
    decision = signed(here, envelope, "ana", NAMESPACE)
    attack(here, DECIDE, DELIVER, CLOSE, ANSWER, id=ticket.id, nonce="f" * 32, **decision)
    assert_refused(here, ticket, "never put into force", Tampered)


def test_a_second_person_revoked_before_the_agent_acted(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    say(here, ticket, "ben")
    change_reviewer(here, "ana", revoked_at=here.clock.now())
    assert_refused(here, ticket, "revoked")


def test_another_type_written_beside_the_brief_changes_nothing(here: House, ticket: Ticket) -> None:
    attack(here, "UPDATE escalation SET action_type = 'mail.send'")
    say(here, ticket, "ana")
    assert answer(here, ticket) is None
    say(here, ticket, "ben")
    attack(here, REMOVE, id=ticket.id)
    assert_refused(here, ticket, "needs two people")


# -- on the reviewers' side


def test_a_forged_opinion_lets_nobody_release_alone(here: House, ticket: Ticket) -> None:
    other = ask(here, key="another")
    say(here, other, "ana")
    (honest,) = opinions(here, other)
    attack(
        here,
        PLANT,
        id=ticket.id,
        reviewer="ana",
        envelope=honest.envelope,
        signature=honest.signature,
    )
    say(here, ticket, "ben")
    assert answer(here, ticket) is None
    assert "refused:Replayed" in kinds(here.path, ticket.id)
    say(here, ticket, "cara")
    assert answer(here, ticket) is not None


def test_whoever_takes_their_opinion_out_of_the_file_is_still_one_person(
    here: House, ticket: Ticket
) -> None:
    say(here, ticket, "ana")
    attack(here, REMOVE, id=ticket.id)
    say(here, ticket, "ana")
    assert answer(here, ticket) is None
    assert row(here.path, ticket.id).state is EscalationState.WAITING


def test_a_claim_written_into_the_file_is_no_second_person(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    claim = (
        "UPDATE escalation SET state = 'CLAIMED', reviewer = 'ana', fence = fence + 1,"
        " lease_until = :until WHERE id = :id"
    )
    attack(here, claim, id=ticket.id, until=here.clock.now() + 600_000)
    with pytest.raises(SamePerson):
        approve_unclaimed(here, ticket)
    assert answer(here, ticket) is None


def test_the_file_refuses_to_change_or_lose_an_opinion(here: House, ticket: Ticket) -> None:
    say(here, ticket, "ana")
    with raw(here.path) as db:
        for statement in ("DELETE FROM opinion", "UPDATE opinion SET signature = x'00'"):
            with pytest.raises(sqlite3.IntegrityError, match="an opinion is never"):
                db.execute(statement)
    with here.desk("ben") as ben:
        assert pick_up(ben, ticket).item.id == ticket.id


def test_one_person_is_enough_where_one_is_asked(here: House) -> None:
    with here.agent() as queue:
        mail = queue.submit(brief(action_type="mail.send"))
    settle(here, mail, "approve")
    decision = answer(here, mail)
    assert decision is not None
    assert decision.opinions == ()

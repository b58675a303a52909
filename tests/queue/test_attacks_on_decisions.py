"""An agent acts on what a reviewer signed, about what it asked, and on nothing else.

Each attack is one entry: what is done to the database, and the name of the refusal. Whoever keeps
the ticket, whoever has only its id, and whoever submitted by the inbox are told the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from attacker import ANSWER, CLOSE, approval, forget, plant, refusals, sign, used, write
from factories import POLICY, House, brief, house
from journey import kinds, pass_time, raw, settle
from overread_briefs import Action
from overread_briefs.decision import Envelope
from overread_queue.audit import checkpoint
from overread_queue.errors import Expired, Forged, OverreadError, Replayed, Tampered, TooEarly
from overread_queue.models import Ticket
from overread_queue.policy.load import policy_sha256
from overread_queue.trust import lending, signoff, vouching
from overread_queue.trust.envelope import OPINION
from two_people import DUAL

Do = Callable[[House, Ticket], None]
SENIOR = POLICY + '\n[governance."payments.refund".hard_approval]\nrole = "senior"\n'


@dataclass(frozen=True)
class Attack:
    do: Do
    error: type[OverreadError]
    policy: str = POLICY
    """In force when the agent asks."""
    action_type: str = "payments.refund"
    pin_only: bool = False
    """Only the agent's own memory knows better."""


def sql(*statements: str, **values: object) -> Do:
    return lambda here, ticket: write(here, *statements, id=ticket.id, **values)


def after(option: str, do: Do, **choice: object) -> Do:
    """Ana decides honestly; then it is done."""

    def attack(here: House, ticket: Ticket) -> None:
        settle(here, ticket, option, parameters=choice or None)  # type: ignore[arg-type]
        do(here, ticket)

    return attack


def planted(by: str | None = "ana", namespace: str | None = None, **changes: object) -> Do:
    """A decision signed with the true key of `by`, or with a key of the attacker's own."""

    def attack(here: House, ticket: Ticket) -> None:
        key = by or Ed25519PrivateKey.generate()
        envelope = approval(here, ticket, **changes)
        signature = sign(here, envelope, key, namespace) if namespace else sign(here, envelope, key)
        plant(here, ticket, envelope, signature)

    return attack


def then(*steps: Do) -> Do:
    def attack(here: House, ticket: Ticket) -> None:
        for step in steps:
            step(here, ticket)

    return attack


def clock(seconds: float) -> Do:
    return lambda here, ticket: pass_time(here, seconds)


def without_signature(here: House, ticket: Ticket) -> None:
    plant(here, ticket, approval(here, ticket), b"")


def signature_of_a_no(here: House, ticket: Ticket) -> None:
    no = sign(here, approval(here, ticket, verdict="reject"), "ana")
    plant(here, ticket, approval(here, ticket), no)


def another_ones_approval(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        other = queue.submit(brief("A small refund?", amount=1))
    settle(here, other, "approve")
    with raw(here.path) as db:
        (true,) = db.execute("SELECT envelope, signature FROM decision").fetchall()
    signed = Envelope.model_validate_json(true["envelope"])
    plant(here, ticket, signed, true["signature"])


def bait(amount: float = 9999) -> bytes:
    return brief(amount=amount).to_bytes()


def brief_of_another(here: House, ticket: Ticket) -> None:
    """The reviewer is shown a small refund in the place of the one that the agent waits for."""
    with here.agent() as queue:
        small = queue.submit(brief("A small refund?", amount=1))
    write(
        here,
        "UPDATE payload SET brief = (SELECT brief FROM payload WHERE escalation = :small)"
        " WHERE escalation = :id",
        "UPDATE escalation SET brief_sha256 = :brief, action_sha256 = :action WHERE id = :id",
        id=ticket.id,
        small=small.id,
        brief=small.brief_sha256,
        action=small.action_sha256,
    )
    settle(here, ticket, "approve")


def laxer(body: str) -> Do:
    """A policy planted in the database."""
    data = body.encode()
    return sql(
        "INSERT OR IGNORE INTO policy (sha256, body, seen_at) VALUES (:sha256, :body, 1)",
        "UPDATE escalation SET policy_sha256 = :sha256",
        sha256=policy_sha256(data),
        body=data,
    )


def carried_out(here: House, ticket: Ticket) -> None:
    settle(here, ticket, "approve")
    with here.agent() as queue, queue.resume(ticket):
        pass


DELIVERED_AGAIN = ("UPDATE delivery SET state = 'pending'", ANSWER)


def revised(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        queue.revise(ticket, brief(amount=12.5))


def withdrawn(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        queue.withdraw(ticket)


def approved_by_ana(here: House, ticket: Ticket) -> None:
    settle(here, ticket, "approve")


RESTORE = (
    "UPDATE escalation SET predecessor = NULL",
    "DELETE FROM delivery WHERE escalation = :id",
    "DELETE FROM decision WHERE escalation = :id",
    "UPDATE escalation SET state = 'WAITING', closed_at = NULL WHERE id = :id",
    "UPDATE run SET state = 'PAUSED_PENDING_HUMAN'",
)
LOWER = "UPDATE escalation SET tier = 'soft_review', severity = 3, kind = 'soft_review'"

ATTACKS: dict[str, Attack] = {
    # -- nobody signed
    "the state says decided": Attack(sql(CLOSE, ANSWER), Forged),
    "no signature": Attack(without_signature, Forged),
    "a key of one's own": Attack(planted(by=None), Forged),
    "the signature of a no": Attack(signature_of_a_no, Forged),
    "the desk's key": Attack(planted("desk", reviewer="desk", role="desk"), Forged),
    "the desk's key in ana's name": Attack(planted("desk"), Forged),
    "ben in ana's name": Attack(planted("ben"), Forged),
    # -- signed for something else
    "a git commit": Attack(planted(namespace="git"), Forged),
    "an opinion": Attack(planted(namespace=OPINION), Forged),
    "a checkpoint": Attack(planted(namespace=checkpoint.NAMESPACE), Forged),
    "a submission": Attack(planted(namespace=vouching.NAMESPACE), Forged),
    "a sign-off": Attack(planted(namespace=signoff.NAMESPACE), Forged),
    "a loan": Attack(planted(namespace=lending.NAMESPACE), Forged),
    "another escalation's approval": Attack(another_ones_approval, Replayed),
    "another action": Attack(planted(action_sha256="a" * 64), Tampered),
    "another brief": Attack(planted(brief_sha256="a" * 64), Tampered),
    "another attempt": Attack(planted(attempt=2), Replayed),
    "another agent": Attack(planted(requester="ana-agent"), Forged),
    "another desk": Attack(planted(desk="another"), Replayed),
    "an attempt that never was": Attack(
        then(
            planted(),
            sql("UPDATE escalation SET attempt = 2"),
            sql("UPDATE decision SET attempt = 2"),
        ),
        Replayed,
    ),
    # -- at another time
    "one that ran out": Attack(after("approve", clock(2 * 86_400)), Expired),
    "one that ran out, released later": Attack(
        after("approve", then(clock(2 * 86_400), sql("UPDATE decision SET released_at = 9e12"))),
        Expired,
    ),
    "the clock turned back": Attack(after("approve", clock(-86_400)), TooEarly),
    "one of tomorrow": Attack(
        planted(released_at=1_795_100_000_000, expires_at=1_795_200_000_000), TooEarly
    ),
    "one that ends before it begins": Attack(planted(expires_at=1), Tampered),
    # -- by the wrong person
    "a role that ana does not hold": Attack(planted(role="senior"), Forged),
    "a role that sam does not hold": Attack(planted("sam", reviewer="sam"), Forged),
    "a borrowed role that nobody lent": Attack(planted(role="senior:lent-by:sam"), Forged),
    "broken glass where there is none": Attack(planted(role="break-glass"), Forged),
    "a pool whose people may not decide it": Attack(
        then(sql("UPDATE escalation SET pool = 'refunds'"), approved_by_ana), Forged, policy=SENIOR
    ),
    # -- content
    "the brief altered": Attack(
        after("approve", sql("UPDATE payload SET brief = :brief", brief=bait())), Tampered
    ),
    "the brief gone": Attack(after("approve", sql("UPDATE payload SET brief = NULL")), Tampered),
    "the payload gone": Attack(after("approve", sql("DELETE FROM payload")), Tampered),
    "the brief altered before the review": Attack(brief_of_another, Tampered, pin_only=True),
    "the action's digest altered": Attack(
        after("approve", sql("UPDATE escalation SET action_sha256 = :d", d="f" * 64)), Tampered
    ),
    "parameters altered after a change": Attack(
        after(
            "change",
            sql(
                "UPDATE payload SET edited_action = :action",
                action=Action(
                    type="payments.refund", parameters={"order": "A-1009", "amount": 400.0}
                )
                .model_dump_json()
                .encode(),
            ),
            amount=40.0,
        ),
        Tampered,
    ),
    "a change taken out": Attack(
        after("change", sql("UPDATE payload SET edited_action = NULL"), amount=40.0), Tampered
    ),
    "a change said to be none": Attack(
        after("change", sql("UPDATE decision SET verdict = 'approve'"), amount=40.0), Tampered
    ),
    # -- handling
    "a lower tier after the approval": Attack(after("approve", sql(LOWER)), Tampered),
    "a lower tier, and ana's key": Attack(then(sql(LOWER), planted()), Tampered),
    "a hard stop said to be an approval, and ana's key": Attack(
        then(sql("UPDATE escalation SET tier = 'hard_approval', severity = 4"), planted()),
        Tampered,
        action_type="data.erase",
    ),
    "a soft review in name, and ana's key": Attack(
        then(sql("UPDATE escalation SET kind = 'soft_review'"), planted()), Tampered
    ),
    "a laxer policy, and ana's key": Attack(
        then(laxer(POLICY + "\n# mine\n"), planted()), Tampered
    ),
    "a laxer policy, earlier in force, and ana's key": Attack(
        then(laxer(POLICY), planted()), Forged, policy=DUAL
    ),
    "a pool under a laxer policy, earlier in force": Attack(
        then(laxer(POLICY), sql("UPDATE escalation SET pool = 'refunds'"), approved_by_ana),
        Forged,
        policy=SENIOR,
    ),
    "one of two people, and ana's key": Attack(planted(), Forged, policy=DUAL),
    "a policy that is no digest": Attack(
        after("approve", sql("UPDATE escalation SET policy_sha256 = :p", p="../" * 21 + "x")),
        Tampered,
    ),
    # -- brought back
    "revised, and brought back": Attack(
        then(revised, sql(*RESTORE), approved_by_ana), Replayed, pin_only=True
    ),
    "withdrawn, and brought back": Attack(
        then(withdrawn, sql(*RESTORE), approved_by_ana), Replayed, pin_only=True
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_released(tmp_path: Path, name: str) -> None:
    attack = ATTACKS[name]
    here = house(tmp_path)
    here.places.policy_file.write_text(attack.policy)
    with here.agent() as queue:
        ticket = queue.submit(brief(action_type=attack.action_type))
    attack.do(here, ticket)
    before, refused = used(here), f"refused:{attack.error.__name__}"
    for reference in (ticket, ticket.id):
        assert attack.error in refusals(here, reference)
    assert kinds(here.path).count(refused) >= 2
    if not attack.pin_only:
        forget(here)
        assert attack.error in refusals(here, ticket.id)
    assert used(here) == before, "nothing was begun"


@pytest.mark.parametrize(
    "again",
    [sql(*DELIVERED_AGAIN), then(sql(*RESTORE), approved_by_ana)],
    ids=["delivered again", "asked and approved again"],
)
def test_what_was_carried_out_is_not_begun_again(tmp_path: Path, again: Do) -> None:
    here = house(tmp_path)
    with here.agent() as queue:
        ticket = queue.submit(brief())
        settle(here, ticket, "approve")
        with queue.resume(ticket):
            pass
    again(here, ticket)
    before = used(here)
    for reference in (ticket, ticket.id):
        with here.agent() as queue, pytest.raises(Replayed):
            queue.resume(reference)
    assert used(here) == before
    assert kinds(here.path).count("refused:Replayed") == 2


# -- what is written beside a true decision changes nothing about it

BESIDE: dict[str, tuple[str, Do]] = {
    "the signer's column": ("approve", sql("UPDATE decision SET signer = 'sam'")),
    "the nonce's column": ("approve", sql("UPDATE decision SET nonce = 'another'")),
    "the option's column": ("approve", sql("UPDATE decision SET option = 'change'")),
    "the type's column": ("approve", sql("UPDATE escalation SET action_type = 'mail.send'")),
    "the policy's body": ("approve", sql("UPDATE policy SET body = x'00'")),
    "the recorded inputs": ("approve", sql("UPDATE action SET inputs = '{}', tier = 'notify'")),
    "the deadline": ("approve", sql("UPDATE escalation SET deadline_at = 1, sla_ms = 1")),
    "the pool": ("approve", sql("UPDATE escalation SET pool = 'owners'")),
    "a claim by ben": ("approve", sql("UPDATE escalation SET fence = 99, session = 'x'")),
    "the question": ("approve", sql("UPDATE payload SET question = 'Approve all?'")),
    "the triggers": ("approve", sql("UPDATE payload SET triggers = '[]'")),
    "an action planted beside": (
        "approve",
        sql("UPDATE payload SET edited_action = :action", action=b'{"type":"payments.refund"}'),
    ),
    "a no said to be a yes": ("reject", sql("UPDATE decision SET verdict = 'approve'")),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_the_signature_is_not_believed(tmp_path: Path, name: str) -> None:
    option, change = BESIDE[name]
    here = house(tmp_path)
    with here.agent() as queue:
        ticket = queue.submit(brief())
        settle(here, ticket, option)
        honest = queue.poll(ticket)
    change(here, ticket)
    for reference in (ticket, ticket.id):
        with here.agent() as queue:
            found = queue.poll(reference)
            assert found is not None
            assert honest is not None
            assert (found.envelope, found.action) == (honest.envelope, honest.action)
    assert not used(here)

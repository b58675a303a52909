"""What people and agents wrote goes when its time is over; that it was decided stays, and shows."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from journey import kinds, pass_time, pick_up, raw, settle
from overread_queue import LeadOffice
from overread_queue.audit.verify import verify
from overread_queue.errors import (
    Erased,
    InvalidPolicy,
    InvalidRequest,
    NotAllowed,
    NotFound,
    OnHold,
)
from overread_queue.models import Ticket
from overread_queue.policy.load import parse_policy
from overread_queue.setup import add_reviewer
from overread_queue.store import Store
from overread_queue.trust.people import Reviewer

DAY = 86_400
SECRETS = tuple(
    f"xyzzy-{where}"
    for where in (
        "question",
        "evidence",
        "checkpoint",
        "comment",
        "reason",
        "outcome",
        "inbox",
        "rejected",
        "objection",
        "opinion",
        "challenge",
        "proposal",
        "truth",
        "probe",
    )
)


@pytest.fixture
def here(tmp_path: Path) -> House:
    desk = house(tmp_path, policy=POLICY + '\n[retention]\npayloads = "30d"\n')
    add_reviewer(
        desk.places,
        Reviewer(name="lea", label="Lea", roles=("lead",), user=(getpass.getuser(),)),
    )
    return desk


def office(here: House, name: str = "lea") -> LeadOffice:
    return LeadOffice.open(here.path, reviewer=name, clock=here.clock)


def decided(here: House, key: str, *, option: str = "reject", **fields: object) -> Ticket:
    with here.agent() as queue:
        ticket = queue.submit(brief(**fields), key=key)  # type: ignore[arg-type]
    settle(here, ticket, option)
    return ticket


def told_everywhere(here: House) -> Ticket:
    """One escalation about which every secret was written in the place it is named after."""
    written = brief(question="Refund xyzzy-question?")
    evidence = written.evidence[0].model_copy(update={"content": "xyzzy-evidence"})
    written = written.model_copy(update={"evidence": (evidence, *written.evidence[1:])})
    with here.agent() as queue:
        ticket = queue.submit(written, key="full", checkpoint={"note": "xyzzy-checkpoint"})
        with here.desk() as ana:
            review = pick_up(ana, ticket)
            ana.comment(ticket.id, "xyzzy-comment")
            receipt = ana.decide(
                review, option="change", parameters={"amount": 12.5}, reason="first thoughts"
            )
            ana.undo(receipt)
            ana.decide(ana.open(ticket.id), option="reject", reason="xyzzy-reason")
        queue.outcome(ticket, ok=True, detail="xyzzy-outcome")
    with raw(here.path) as db:
        db.execute(
            "INSERT INTO inbox (agent, key, body, state, escalation, answer, handled_at)"
            " VALUES ('refund-agent', 'k', 'xyzzy-inbox', 'accepted', ?, 'xyzzy-inbox', ?)",
            (ticket.id, here.clock.now()),
        )
        db.execute(
            "INSERT INTO inbox (agent, key, body, state, answer, handled_at)"
            " VALUES ('refund-agent', 'r', 'xyzzy-rejected', 'rejected', 'xyzzy-rejected', ?)",
            (here.clock.now(),),
        )
        db.execute(
            "INSERT INTO opinion VALUES (?1, 1, 'ben', 'reject', 1, x'00', x'00', CAST(?2 AS BLOB),"
            " ?2)",
            (ticket.id, "xyzzy-opinion"),
        )
        db.execute(
            "INSERT INTO challenge VALUES (?1, 1, 'ana', 1, NULL, ?2, ?2, ?2, NULL, x'00')",
            (ticket.id, "xyzzy-challenge"),
        )
        db.execute(
            "INSERT INTO truth VALUES (NULL, ?, 'wrong', 'audit', 0, NULL, 1, 'lea', ?)",
            (ticket.id, "xyzzy-truth"),
        )
        db.execute(
            "INSERT INTO probe (id, sort, mutation, explanation, source, action_type, body,"
            " made_at, made_by) VALUES ('p', 'good', 'none', ?1, ?2, 'payments.refund',"
            " CAST(?1 AS BLOB), 1, 'lea')",
            ("xyzzy-probe", ticket.id),
        )
        db.execute("UPDATE action SET inputs = 'xyzzy-proposal'")
        db.execute(
            "INSERT INTO action SELECT 'told', agent, action_type, action_sha256, policy_sha256,"
            " tier, rules, 'xyzzy-proposal', 'xyzzy-proposal', agent_version, proposed_at, 0, NULL,"
            " NULL, NULL FROM action LIMIT 1"
        )
        db.execute("INSERT INTO objection VALUES ('told', 'ana', 1, 'xyzzy-objection')")
    return ticket


def bytes_of(here: House) -> bytes:
    """Everything that anybody who takes the disk away would find in the database's files."""
    return b"".join(path.read_bytes() for path in sorted(here.path.parent.glob("desk.db*")))


# -- erased means erased


def test_nothing_that_was_written_is_left_in_the_files(here: House) -> None:
    ticket = told_everywhere(here)
    before = bytes_of(here)
    assert [secret for secret in SECRETS if secret.encode() not in before] == []
    pass_time(here, 31 * DAY)
    with office(here) as records:
        done = records.purge()
    after = bytes_of(here)
    assert (done.escalations, done.proposals, done.messages, done.log_emptied) == (1, 1, 1, True)
    assert [secret for secret in SECRETS if secret.encode() in after] == []
    assert ticket.id.encode() in after


def test_nothing_of_hundreds_is_left_in_freed_pages(here: House) -> None:
    """Large bodies fill pages of their own, which are given back when they are erased."""
    ids = []
    with here.agent() as queue:
        for number in range(120):
            state = {"n": number, "body": f"xyzzy-{number:03}-" * 400}
            ticket = queue.submit(brief(amount=number + 1), key=f"k{number}", checkpoint=state)
            queue.withdraw(ticket)
            ids.append(ticket.id)
    with here.desk() as ana:
        ana.sweep()
    assert b"xyzzy-119-" in bytes_of(here)
    pass_time(here, 31 * DAY)
    with office(here) as records:
        assert records.purge().escalations == 120
    left = bytes_of(here)
    assert b"xyzzy" not in left
    assert verify(here.places).whole


def test_the_history_still_verifies_and_says_what_was_erased(here: House) -> None:
    ticket = decided(here, "a")
    with raw(here.path) as db:
        skeleton = db.execute("SELECT * FROM decision").fetchall()
    pass_time(here, 31 * DAY)
    with office(here) as records:
        records.purge()
    with raw(here.path) as db:
        kept = db.execute("SELECT * FROM decision").fetchall()
    assert [tuple(row) for row in kept] == [tuple(row) for row in skeleton]
    assert verify(here.places).damage == ()
    assert kinds(here.path, ticket.id)[-1] == "erased"


def test_a_payload_that_vanished_without_an_event_is_damage(here: House) -> None:
    decided(here, "a")
    with raw(here.path) as db:
        db.execute("UPDATE payload SET brief = NULL, reason = NULL, erased_at = 1")
    assert {one.kind for one in verify(here.places).damage} == {"brief_altered"}


def test_an_agent_that_asks_about_what_was_erased_is_told_so(here: House) -> None:
    ticket = decided(here, "a")
    pass_time(here, 31 * DAY)
    with office(here) as records:
        records.purge()
    with here.agent() as queue, pytest.raises(Erased, match=ticket.id):
        queue.poll(ticket)


# -- looked at before it is done


def test_looking_first_erases_nothing(here: House) -> None:
    decided(here, "a")
    decided(here, "b", amount=2)
    pass_time(here, 31 * DAY)
    files = bytes_of(here)
    with office(here) as records:
        plan = records.plan()
    assert (plan.escalations, plan.held, plan.in_use) == (2, 0, 0)
    assert b"carrier-scan" in bytes_of(here)
    assert len(files) == len(bytes_of(here))


def test_what_is_young_or_open_stays(here: House) -> None:
    with here.agent() as queue:
        queue.submit(brief(amount=3), key="open")
    pass_time(here, 31 * DAY)
    decided(here, "young", amount=4)
    with office(here) as records:
        assert records.purge().items == 0
    assert "erased" not in kinds(here.path)


def test_purging_twice_finds_nothing_more(here: House) -> None:
    decided(here, "a")
    pass_time(here, 31 * DAY)
    with office(here) as records:
        assert records.purge().escalations == 1
        assert records.purge().items == 0
        assert kinds(here.path).count("erased") == 1


def test_only_leads_erase(here: House) -> None:
    ticket = decided(here, "a")
    pass_time(here, 31 * DAY)
    with office(here, "ana") as records:
        for call in (
            records.purge,
            lambda: records.erase(ticket.id, reason="asked"),
            lambda: records.hold("escalation", ticket.id, reason="case 7"),
        ):
            with pytest.raises(NotAllowed, match="lead"):
                call()
    assert "erased" not in kinds(here.path)


# -- legal hold


@pytest.mark.parametrize("kind", ["escalation", "agent", "run"])
def test_a_hold_keeps_what_it_names_until_it_is_lifted(here: House, kind: str) -> None:
    ticket = decided(here, "a")
    subject = {"escalation": ticket.id, "agent": "refund-agent", "run": ticket.run}[kind]
    pass_time(here, 31 * DAY)
    with office(here) as records:
        records.hold(kind, subject, reason="case 7/2026")  # type: ignore[arg-type]
        plan = records.purge()
        assert (plan.escalations, plan.held) == (0, 1)
        with pytest.raises(OnHold, match=rf"{kind} {subject} \(case 7/2026\)"):
            records.erase(ticket.id, reason="the customer asks")
        assert b"carrier-scan" in bytes_of(here)
        records.unhold(kind, subject)  # type: ignore[arg-type]
        assert records.purge().escalations == 1
    assert b"carrier-scan" not in bytes_of(here)


def test_a_hold_on_an_agent_keeps_its_proposals_and_messages(here: House) -> None:
    told_everywhere(here)
    pass_time(here, 31 * DAY)
    with office(here) as records:
        records.hold("agent", "refund-agent", reason="case 7")
        assert records.purge().items == 0
    assert b"xyzzy-rejected" in bytes_of(here)


def test_holds_are_listed_and_put_on_once(here: House) -> None:
    with office(here) as records:
        records.hold("agent", "refund-agent", reason="case 7")
        with pytest.raises(InvalidRequest, match="held already"):
            records.hold("agent", "refund-agent", reason="case 8")
        records.unhold("agent", "refund-agent")
        with pytest.raises(InvalidRequest, match="is not held"):
            records.unhold("agent", "refund-agent")
        records.hold("agent", "refund-agent", reason="case 9")
        found = [(one.reason, one.lifted_by) for one in records.holds()]
    assert found == [("case 7", "lea"), ("case 9", None)]
    assert kinds(here.path).count("hold_added") == 2


# -- by request


def test_one_payload_goes_at_once_by_request_and_its_reason_is_no_part_of_the_chain(
    here: House,
) -> None:
    ticket, other = decided(here, "a", question="Refund xyzzy?"), decided(here, "b", amount=2)
    with office(here) as records:
        assert records.erase(ticket.id, reason="Ms Keller asked for it")
        with pytest.raises(InvalidRequest, match="erased before"):
            records.erase(ticket.id, reason="again")
        with pytest.raises(NotFound):
            records.erase("nothing", reason="asked")
    with raw(here.path) as db:
        told = db.execute("SELECT group_concat(detail) FROM event").fetchone()[0]
        why = dict(db.execute("SELECT escalation, erased_why FROM payload").fetchall())
    assert why == {ticket.id: "Ms Keller asked for it", other.id: None}
    assert "Keller" not in told
    assert b"xyzzy" not in bytes_of(here)
    assert verify(here.places).whole


def test_what_an_agent_may_still_act_on_stays(here: House) -> None:
    with here.agent() as queue:
        waiting = queue.submit(brief(amount=5), key="waiting")
        approved = decided(here, "approved", option="approve", amount=6)
        with office(here) as records:
            with pytest.raises(InvalidRequest, match="still open"):
                records.erase(waiting.id, reason="asked")
            with pytest.raises(InvalidRequest, match="may still act"):
                records.erase(approved.id, reason="asked")
            with queue.resume(approved):
                pass_time(here, 31 * DAY)
                plan = records.purge()
                assert (plan.escalations, plan.in_use) == (0, 1)
            assert records.purge().escalations == 1


def test_a_reader_that_keeps_the_log_open_is_named(here: House) -> None:
    """What was erased is still in the log then, and that must not pass for done."""
    ticket = decided(here, "a")
    reading = Store(here.path)
    with office(here) as records:
        records._ground.store._busy_seconds = 0.05
        with reading.read():
            assert not records.erase(ticket.id, reason="asked")
        assert records.purge().log_emptied
    reading.close()
    assert b"carrier-scan" not in bytes_of(here)


# -- the policy's part


@pytest.mark.parametrize(
    "lines",
    ['skeleton = "182d"', 'payloads = "400d"\nskeleton = "200d"', 'payloads = "0s"'],
)
def test_a_retention_that_the_law_or_the_record_forbids(lines: str) -> None:
    with pytest.raises(InvalidPolicy, match="retention"):
        parse_policy(f"{POLICY}\n[retention]\n{lines}\n".encode(), source="p")


def test_without_a_word_in_the_policy_payloads_stay_half_a_year(tmp_path: Path) -> None:
    policy = parse_policy(POLICY.encode(), source="p")
    assert policy.retention.payloads == 183 * DAY
    assert policy.retention.skeleton > policy.retention.payloads

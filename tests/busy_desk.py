"""A desk on which a bit of everything has happened, through its doors, over some days."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from factories import House
from frictionless import with_friction
from journey import UNDO_SECONDS, pass_time, pick_up, settle
from overread_briefs import Action
from overread_queue import ReviewDesk
from overread_queue.errors import MoveRefused
from overread_queue.ground import Ground
from overread_queue.models import Review, Ticket
from overread_queue.sweep import Sweep
from tier_desks import (
    ALL_AUDITED,
    NO_AUDITS,
    asking,
    erase,
    flush,
    hide,
    mail,
    policy,
    refund,
    tag,
    tier_house,
)

HOUR = 3_600
WORDS = (
    "the signature on the scan belongs to a neighbour of theirs",
    "the bank account was opened after the order was placed",
    "the signature on the scan belongs to a neighbour of hers",
)
"""What approvals hang on; the last nearly repeats the first."""


def busy_house(folder: Path) -> House:
    """Three days: answers of every kind, silence, hand-ons, audits, refusals, and what waits."""
    rules = with_friction(policy(), challenge_from="high", withhold_from="high")
    here = tier_house(folder, rules.replace(NO_AUDITS, ALL_AUDITED))
    for day in range(3):
        _day(here, day)
        pass_time(here, 9 * HOUR)
        sweep(here)
    _leave_open(here)
    return here


def sweep(here: House) -> None:
    with closing(Ground(here.places, here.clock)) as ground:
        Sweep(ground).run()


def submit(here: House, action: Action) -> Ticket:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(action), key=f"at-{here.clock.now()}")
    pass_time(here, 7)
    return ticket


def look(here: House, ticket: Ticket | str, option: str, *, seconds: int, who: str = "ana") -> None:
    """Read for so long, with the eyes on it, then decide."""
    with here.desk(who) as desk:
        review = pick_up(desk, ticket)
        _read(here, desk, review, seconds)
        receipt = desk.decide(review, option=option, reason="as the policy says")
        if receipt.state == "held":
            pass_time(here, UNDO_SECONDS)
            desk.release_due()


def approve(here: House, ticket: Ticket, *, first: str, seconds: int, words: str) -> None:
    """Judge, see the suggestion, say what it hangs on, approve."""
    with here.desk("ana") as desk:
        review = pick_up(desk, ticket)
        _read(here, desk, review, seconds)
        review = desk.judge(review, option=first, confidence="medium")
        review = desk.reveal(review)
        desk.challenge(
            review,
            weakest="carrier-scan",
            wrong_if=words,
            changed="" if first == "approve" else "the scan was of another parcel",
            keep=True,
        )
        desk.decide(review, option="approve")
        pass_time(here, UNDO_SECONDS)
        desk.release_due()


def _read(here: House, desk: ReviewDesk, review: Review, seconds: int) -> None:
    for _ in range(seconds):
        pass_time(here, 1)
        desk.active(review)


def _day(here: House, day: int) -> None:
    approved = submit(here, refund(100 + day))
    first = "reject" if day == 1 else "approve"
    approve(here, approved, first=first, seconds=12 + 9 * day, words=WORDS[day])
    _act(here, approved, ok=day != 1)
    _judged_and_refused(here, day)
    look(here, submit(here, refund(200 + day)), "reject", seconds=3)
    look(here, submit(here, hide(f"L-{day}")), "confirm", seconds=20)
    look(here, submit(here, erase()), "take-over", seconds=31)
    _handed_on(here, day)
    _withdrawn_and_revised(here, day)
    _alone(here, day)
    submit(here, hide(f"M-{day}"))
    submit(here, refund(900 + day))


def _judged_and_refused(here: House, day: int) -> None:
    """A first judgement that the suggestion does not change."""
    ticket = submit(here, refund(150 + day))
    with here.desk("ana") as desk:
        review = desk.reveal(desk.judge(pick_up(desk, ticket), option="reject", confidence="high"))
        desk.decide(review, option="reject", reason="the parcel came")


def _act(here: House, ticket: Ticket, *, ok: bool) -> None:
    with here.agent("bot") as bot:
        with bot.resume(ticket):
            pass
        bot.outcome(ticket, ok=ok)


def _handed_on(here: House, day: int) -> None:
    ticket = submit(here, refund(300 + day))
    with here.desk("ben") as desk:
        desk.hand_on(pick_up(desk, ticket).item, reason="above my limit")
    pass_time(here, 600)
    settle(here, ticket, "reject", reviewer="olga")
    with here.desk("olga") as desk, suppress(MoveRefused):
        desk.claim(ticket.id)


def _withdrawn_and_revised(here: House, day: int) -> None:
    gone, old = submit(here, refund(400 + day)), submit(here, refund(500 + day))
    with here.agent("bot") as bot:
        bot.withdraw(gone)
        bot.revise(old, asking(refund(510 + day)))
    sweep(here)


def _alone(here: House, day: int) -> None:
    """What agents did by themselves; one of those that are drawn for an audit is looked at."""
    with here.agent("bot") as bot:
        bot.propose(flush(day=day))
        bot.propose(tag(day=day))
        bot.submit(asking(mail(f"C-{day}")))
    sweep(here)
    with here.desk("ana") as desk:
        audit = next(row for row in desk.rows(desk.waiting_ids()) if row.kind == "audit")
    look(here, audit.id, "right" if day else "wrong", seconds=6)


def _leave_open(here: House) -> None:
    submit(here, refund(601))
    taken = submit(here, refund(602))
    with here.desk("ana") as desk:
        pick_up(desk, taken)
    pass_time(here, 90)

"""What the truth is used for at once: trying a policy on known mistakes, and the auditors' pack."""

from __future__ import annotations

import json
from pathlib import Path

from factories import House, brief
from frictionless import with_friction
from journey import UNDO_SECONDS, pass_time, pick_up, settle
from overread_queue.setup import add_reviewer
from overread_queue.states import Tier
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster
from tier_desks import asking, hide, office, policy, tier_house
from two_people import DUAL, dual_house, say

CAREFUL = with_friction(DUAL, withhold_from="high", challenge_from="high")
MORE_ALONE = (
    policy()
    .replace("value = 0.5", "value = 0.2")
    .replace('compensable = "soft_review"', 'compensable = "notify"')
)
"""Hides a listing without anybody looking, unless the agent is very unsure of it."""


def hidden(here: House, listing: str, confidence: float, answer: str) -> str:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(hide(listing), confidence=confidence), key=listing)
    settle(here, ticket, answer)
    return ticket.id


def test_a_policy_is_tried_on_the_mistakes_that_are_known(tmp_path: Path) -> None:
    here = tier_house(tmp_path)
    caught = hidden(here, "L-1", 0.9, "disagree")
    passed = hidden(here, "L-2", 0.9, "confirm")
    unsure = hidden(here, "L-3", 0.1, "approve")
    right = hidden(here, "L-4", 0.9, "confirm")
    unknown = hidden(here, "L-5", 0.9, "disagree")
    with office(here) as lea:
        for id in (caught, passed, unsure):
            lea.adjudicate(id, "wrong", "outcome")
        lea.adjudicate(right, "right", "outcome")
        replay = lea.simulate(MORE_ALONE.encode(), source="new.toml", since=0)
        same = lea.simulate(policy().encode(), source="new.toml", since=0)
        assert lea.truth_of(unknown).truth is None
    moves = [(one.action_type, one.before, one.after) for one in replay.missed]
    assert moves == [("listing.hide", Tier.SOFT_REVIEW, Tier.NOTIFY)] * 2
    assert (replay.bad, same.bad, same.missed) == (3, 3, ())


def counts(here: House, tmp_path: Path, *, since: int, until: int) -> dict[str, int]:
    kinds = ("adjudication", "challenge", "checkpoint", "dual_review", "override", "purge")
    records = (*kinds, "withheld_judgement", "alarm", "export", "probe_result")
    controls = tmp_path / "controls.toml"
    controls.write_text(
        'schema = "overread/controls/1"\nnote = "none"\n[[controls]]\nid = "all"\n'
        'framework = "House"\nreference = "1"\nrequires = "all"\nartefact = "a list"\n'
        f'owner = "risk"\nrecords = {json.dumps(records)}\n'
    )
    with office(here) as lea:
        (mark,) = lea.evidence(since=since, until=until, controls=controls)
    return {name: count for name, count in mark.counts.items() if count}


def test_the_auditors_pack_counts_what_shows_that_people_looked(tmp_path: Path) -> None:
    here = dual_house(tmp_path, policy=CAREFUL)
    user = Roster.load(here.places).reviewer("ana").user
    add_reviewer(here.places, Reviewer(name="lea", label="Lea", roles=("lead",), user=user))
    begin = here.clock.now()
    with here.agent() as queue:
        ticket = queue.submit(brief())
    pass_time(here, 1)
    with here.desk() as ana:
        review = ana.judge(pick_up(ana, ticket), option="approve", confidence="low")
        held_against = {
            "weakest": "carrier-scan",
            "wrong_if": "the scan turns out to be of another parcel",
        }
        review = ana.challenge(review, **held_against)
        ana.decide(review, option="approve", reason="the signature is real")
        pass_time(here, UNDO_SECONDS)
        ana.release_due()
    with here.desk("ben") as ben:
        review = ben.judge(pick_up(ben, ticket), option="reject", confidence="high")
        ben.decide(review, option="reject", reason="not theirs")
    say(here, ticket, "sam", "reject")
    with office(here) as lea:
        lea.adjudicate(ticket.id, "wrong", "outcome")
        lea.erase(ticket.id, reason="they asked for it")
    end = here.clock.now() + 1
    assert counts(here, tmp_path, since=begin + 1, until=end) == {
        "adjudication": 1,
        "challenge": 1,
        "dual_review": 1,
        "override": 1,
        "purge": 1,
        "withheld_judgement": 2,
    }
    assert counts(here, tmp_path, since=0, until=begin + 1) == {"checkpoint": 1}

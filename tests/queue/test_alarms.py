"""Alarms on a real desk: raised once, looked after by a lead, over when things are as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alarming import USUAL, alarms, ground_of, of_kind, reviews, tell
from fact_stream import DAY_MS, MINUTE_MS, NEW_YEAR, WELL, Month, a_year, closed, proposed, reviewed
from factories import NOON, House
from journey import assert_chain_whole, events, kinds, pass_time, raw, settle
from overread_briefs import Software
from overread_queue.errors import InvalidRequest, NotAllowed, NotFound
from overread_queue.ground import Ground
from overread_queue.health.facts import Fact
from overread_queue.health.following import follow
from overread_queue.health.watching import watch
from overread_queue.keeping.purge import purge
from overread_queue.sweep import Sweep
from tier_desks import asking, office, refund, tier_house

REFUND = "payments.refund"
JULY = NEW_YEAR + 180 * DAY_MS


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def test_oversight_that_collapses_in_july_is_told_of_in_july(here: House) -> None:
    """The numbers of the alarm are those of the months in which it happened."""
    quarter = [WELL] * 6 + [Month(overrides=0.01, backlog=10)] * 3
    tell(here, a_year(quarter, seed=5, proposals=False))

    (proof,) = [one for one in alarms(here, all=True) if one.severe]

    assert (proof.kind, proof.subject) == ("override_collapse", REFUND)
    assert JULY <= proof.raised_at < JULY + 60 * DAY_MS
    assert proof.since > JULY - 15 * DAY_MS
    assert proof.expected == pytest.approx(0.08, abs=0.03)
    assert proof.observed is not None
    assert proof.observed < proof.expected / 3
    assert "it was" in proof.says
    assert "blind tests" in proof.cause
    assert "overread" in proof.look


def test_how_facts_are_batched_changes_nothing(tmp_path: Path) -> None:
    told = []
    for at_once in (11, 10_000):
        (folder := tmp_path / str(at_once)).mkdir()
        here = tier_house(folder)
        tell(here, reviews(USUAL + "y" * 65 + "n" * 3 + "y" * 65), at_once=at_once)
        found = alarms(here, all=True)
        told.append([(one.says, one.since, one.raised_at, one.over_at) for one in found])

    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_a_long_run_without_overrides_warns_and_one_override_ends_it(here: House) -> None:
    tell(here, reviews(USUAL + "y" * 65))
    (warning,) = alarms(here)
    assert not warning.severe
    assert warning.says.startswith("nobody has overridden in 61 reviews of payments.refund")
    assert (warning.n, warning.observed, warning.expected) == (61, 0.0, 0.1)

    tell(here, [reviewed(NOON, "reject")])

    assert alarms(here) == ()
    (over,) = alarms(here, all=True)
    assert over.over_at == NOON


def test_a_warning_that_becomes_proof_asks_to_be_looked_at_anew(here: House) -> None:
    tell(here, reviews(USUAL + "y" * 65))
    (warning,) = alarms(here)
    with office(here) as lea:
        lea.acknowledge(warning.id, "asked the team")

    tell(here, (reviewed(NOON + number) for number in range(200)))

    (proof,) = alarms(here)
    assert proof.severe
    assert proof.acknowledged_at is None
    assert [one.severe for one in alarms(here, all=True)] == [True, False]


def test_what_was_learned_and_what_was_raised_is_in_the_history(here: House) -> None:
    tell(here, reviews(USUAL + "y" * 65))

    told = {
        row.kind: json.loads(row.detail)
        for row in events(here.path)
        if row.kind in {"baseline_set", "alarm_raised"} and "override" in row.detail
    }
    assert (told["baseline_set"]["count"], told["baseline_set"]["n"]) == (20, 200)
    assert told["alarm_raised"]["subject"] == REFUND
    assert_chain_whole(here.path)


def test_a_new_baseline_takes_the_present_as_it_is(here: House) -> None:
    tell(here, reviews(USUAL + "y" * 300))
    assert of_kind(alarms(here), "override_collapse")

    with office(here) as lea:
        lea.rebase("override_collapse", REFUND)
        learning = [one for one in lea.alarm_designs() if one.kind == "override_collapse"]

    assert of_kind(alarms(here), "override_collapse") == []
    assert learning == []
    assert "baseline_dropped" in kinds(here.path)
    tell(here, [reviewed(NOON)])
    with office(here) as lea:
        (again,) = [one for one in lea.alarm_designs() if one.kind == "override_collapse"]
    assert again.note == "learning: it takes 200 cases"


def test_only_leads_acknowledge_and_begin_anew(here: House) -> None:
    tell(here, reviews(USUAL + "y" * 65))
    (warning,) = alarms(here)

    with office(here, "ana") as ana:
        assert ana.alarms() == (warning,)
        with pytest.raises(NotAllowed):
            ana.acknowledge(warning.id, "seen")
        with pytest.raises(NotAllowed):
            ana.rebase("override_collapse", REFUND)
    with office(here) as lea:
        with pytest.raises(NotFound, match=r"no alarm 'nothing'.*`overread alarms list --all`"):
            lea.acknowledge("nothing", "seen")
        with pytest.raises(InvalidRequest, match="say what you found"):
            lea.acknowledge(warning.id, "  ")
        found = lea.acknowledge(warning.id, "two of them were on leave")
        assert (found.acknowledged_by, found.note) == ("lea", "two of them were on leave")
        with pytest.raises(InvalidRequest, match="lea has acknowledged"):
            lea.acknowledge(warning.id, "again")
        with pytest.raises(InvalidRequest, match="has no baseline"):
            lea.rebase("depth", "refunds")
        with pytest.raises(InvalidRequest, match="nothing was learned"):
            lea.rebase("override_collapse", "mail.send")


def test_a_note_is_erased_with_what_people_wrote_and_the_alarm_stays(here: House) -> None:
    tell(here, reviews(USUAL + "y" * 65))
    (warning,) = alarms(here)
    with office(here) as lea:
        lea.acknowledge(warning.id, "Ben was ill")
    pass_time(here, 200 * 86_400)

    with ground_of(here) as ground:
        purge(ground, "lead:lea")

    (kept,) = of_kind(alarms(here), "override_collapse")
    assert (kept.acknowledged_by, kept.note) == ("lea", "")
    assert "Ben was ill" not in here.path.read_bytes().decode("latin-1")


def test_approvals_nobody_can_have_read_are_told_of(here: House) -> None:
    """Through the doors: each is asked, approved on sight, and released."""
    for number in range(6):
        with here.agent("bot") as bot:
            ticket = bot.submit(asking(refund(number + 1)))
        settle(here, ticket, "approve")

    (found,) = of_kind(alarms(here), "fast_approvals")
    assert found.severe
    assert found.n <= 6
    assert "quicker than reading" in found.says
    assert all("ana" not in row.detail for row in events(here.path) if "alarm" in row.kind)
    with office(here) as lea:
        seen = lea.glance(lea.last_days(30))
    told = {one.name for one in seen.fine} | {one.metric.name for one in seen.unknown}
    assert told.isdisjoint({"review_time", "fast_reviews"})


def test_a_queue_that_is_too_deep_is_told_of_until_it_is_not(here: House) -> None:
    tickets = []
    with here.agent("bot") as bot:
        while not of_kind(alarms(here), "depth"):
            tickets.append(bot.submit(asking(refund(len(tickets) + 1))))
            assert len(tickets) < 100
    (found,) = of_kind(alarms(here), "depth")
    assert not found.severe
    assert found.observed is not None
    assert found.observed >= 30

    assert found.says.endswith("the limit is 30: agents should slow down")

    settle(here, tickets.pop(), "reject")
    (easing,) = of_kind(alarms(here), "depth")
    assert easing.says.startswith("27 minutes of work wait in first")
    assert easing.says.endswith("the limit is 30, and it is not yet well below")

    for ticket in tickets:
        settle(here, ticket, "reject")

    assert of_kind(alarms(here), "depth") == []
    assert of_kind(alarms(here, all=True), "depth")[0].over_at is not None


def test_looking_again_writes_nothing_while_nothing_changes(here: House) -> None:
    with here.agent("bot") as bot:
        for number in range(20):
            bot.submit(asking(refund(number + 1)))
    alarms(here)
    before = len(events(here.path))

    with ground_of(here) as ground:
        Sweep(ground).run()
    alarms(here)

    assert len(events(here.path)) == before


def test_what_will_probably_be_late_is_told_of_before_it_is(here: House) -> None:
    """Most answers take longer than what waits has left."""
    slow = [number * 5 * MINUTE_MS for number in range(1, 61)]
    tell(here, (closed(NOON, pool="first", waited_ms=waited) for waited in slow))
    with here.agent("bot") as bot:
        for number in range(3):
            bot.submit(asking(refund(number + 1)))
    assert of_kind(alarms(here), "breach_forecast") == []

    pass_time(here, 3.9 * 3600)
    (found,) = of_kind(alarms(here), "breach_forecast")

    assert found.n == 3
    assert found.says == "of 3 items that wait in first, about 3 will miss their deadline"


def test_a_new_version_is_noticed_at_its_first_proposal(here: House) -> None:
    with here.agent("bot") as bot:
        bot.submit(asking(refund(1)))
        assert of_kind(alarms(here), "new_version") == []
        newer = Software(name="bot", version="2.0")
        bot.submit(asking(refund(2)).model_copy(update={"agent": newer}))

    (found,) = of_kind(alarms(here), "new_version")

    assert found.subject == "bot"
    assert "2.0" in found.says


def test_a_first_version_is_no_news_whatever_was_unsaid_before(here: House) -> None:
    with here.agent("bot") as bot:
        bot.propose(refund(1))
        unsaid = Software(name="bot", version="unknown")
        bot.submit(asking(refund(2)).model_copy(update={"agent": unsaid}))
        bot.submit(asking(refund(3)))
        bot.propose(refund(4))

    assert of_kind(alarms(here), "new_version") == []


def _killed_after(ground: Ground, facts: list[Fact]) -> None:
    with ground.store.write() as tx:
        watch(ground, tx, facts)
        raise KeyboardInterrupt


def test_facts_that_crash_half_way_are_seen_once(here: House) -> None:
    """The charts move in the transaction that moves the reader of the chain, or not at all."""
    with here.agent("bot") as bot:
        bot.submit(asking(refund(1)))
    with ground_of(here) as ground:
        with pytest.raises(KeyboardInterrupt):
            _killed_after(ground, [proposed(NOON)] * 3)
        assert follow(ground) > 0
        follow(ground)
        with ground.store.read() as tx:
            kept = tx.alarms.chart("escalation_drift", REFUND)
    assert kept is not None
    assert json.loads(kept)["rate"]["baseline"]["n"] == 1


def test_a_chart_that_somebody_altered_begins_anew_and_stops_no_other(here: House) -> None:
    tell(here, reviews(USUAL))
    with raw(here.path) as db:
        db.execute("UPDATE chart SET state = '{\"run\": \"x\"}' WHERE kind = 'override_collapse'")
    with office(here) as lea:
        assert {one.kind for one in lea.alarm_designs()} == {"fast_approvals", "speeding_up"}

    tell(here, [reviewed(NOON)])

    with office(here) as lea:
        told = {one.kind: one for one in lea.alarm_designs()}
    assert told["override_collapse"].note == "learning: it takes 200 cases"
    assert told["speeding_up"].baseline is not None
    assert told["speeding_up"].baseline.n == 200


def test_a_small_desk_hears_of_a_leap_before_it_has_a_thousand_proposals(here: House) -> None:
    tell(here, (proposed(NOON + n, escalated=n % 10 == 0) for n in range(120)))
    with office(here) as lea:
        told = {one.finds: one for one in lea.alarm_designs() if one.kind == "escalation_drift"}
    leap, fine = told["is four times as high"], told["doubles"]
    assert leap.false_alarm_every is not None
    assert leap.false_alarm_every >= 50_000
    assert leap.expected == pytest.approx(0.15, abs=0.005)
    assert fine.note == "learning: it takes 1,000 cases"

    tell(here, (proposed(NOON + n, escalated=n % 2 == 0) for n in range(200, 260)))

    (found,) = of_kind(alarms(here), "escalation_drift")
    assert found.says.endswith("it was 10 % before (10 of 100)")
    learned = [one for one in events(here.path) if one.kind == "baseline_set"]
    assert [json.loads(one.detail)["n"] for one in learned] == [100]


def test_the_fine_chart_takes_over_and_says_so(here: House) -> None:
    tell(here, (proposed(NOON + n, escalated=n % 10 == 0) for n in range(1_001)))
    learned = [json.loads(one.detail) for one in events(here.path) if one.kind == "baseline_set"]
    assert [one["n"] for one in learned] == [100, 1_000]
    with office(here) as lea:
        told = {one.finds for one in lea.alarm_designs() if one.kind == "escalation_drift"}
    assert told == {"doubles", "halves"}

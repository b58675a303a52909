"""Leads make tests of closed questions, read them before anybody meets them, and hear what came."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from pathlib import Path

import pytest

from factories import House
from folded import come, writing
from journey import assert_chain_whole, events, pass_time, raw, settle
from overread_briefs import Brief
from overread_queue.errors import Erased, InvalidRequest, NotAllowed, NotFound, Unsuited
from overread_queue.ground import Ground
from overread_queue.health.metric import Metric
from overread_queue.keeping.purge import erase
from overread_queue.probing.meeting import may_meet
from overread_queue.probing.plan import plan
from overread_queue.probing.releasing import practice
from overread_queue.store.driver import sqlite3
from overread_queue.sweep import Sweep
from overread_queue.truth.words import Truth
from tier_desks import asking, hide, office, refund, tier_house

DAY = 86_400


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def written(amount: float = 420.0) -> Brief:
    """A refund whose evidence names the order and the amount."""
    asked = asking(refund(amount))
    first, *others = asked.evidence
    told = first.model_copy(update={"content": f"order A-1009, paid USD {amount:,.2f}"})
    return asked.model_copy(
        update={"evidence": (told, *others), "question": f"Refund ${amount:,.2f} on order A-1009?"}
    )


def closed(here: House, *, truth: Truth | None = "right", of: Brief | None = None) -> str:
    """A question that was decided, and what a lead found out about it."""
    with here.agent("bot") as bot:
        ticket = bot.submit(of or written(), key=secrets.token_hex(4))
    settle(here, ticket, "reject")
    if truth is not None:
        with office(here) as lea:
            lea.adjudicate(ticket.id, truth, "second_reading")
    return ticket.id


# -- making


def test_a_test_is_made_read_and_found_realistic_before_anybody_meets_it(here: House) -> None:
    source = closed(here)
    with office(here) as lea:
        made = lea.make_probe(source, "unit_error")
        assert (made.row.sort, made.row.realistic) == ("wrong", None)
        assert made.brief is not None
        assert made.brief.action.parameters["amount"] == 4200.0
        assert "A-1009" not in (made.row.body or b"").decode()
        assert lea.probe(made.row.id) == made
        checked = lea.check_probe(made.row.id, realistic=True)
        assert (checked.realistic, checked.checked_by) == (1, "lea")
        assert lea.probes() == (checked,)
        retired = lea.retire_probe(made.row.id)
        assert retired.retired_at == here.clock.now()
        pass_time(here, 60)
        assert lea.retire_probe(made.row.id) == retired
        with pytest.raises(InvalidRequest, match="make another one"):
            lea.check_probe(made.row.id, realistic=True)
    told = [one for one in events(here.path) if one.kind.startswith("probe_")]
    assert [one.kind for one in told] == ["probe_made", "probe_checked", "probe_retired"]
    assert all(one.escalation is None for one in told)
    assert_chain_whole(here.path)


def test_a_control_is_a_right_item_and_a_wrong_one_needs_no_mistake_put_in(here: House) -> None:
    with office(here) as lea:
        assert lea.make_probe(closed(here), "none").row.sort == "good"
        wrong = lea.make_probe(closed(here, truth="wrong"), "none").row
    assert (wrong.sort, wrong.explanation) == ("wrong", "it was wrong as it was")


def test_a_question_that_teaches_nothing_is_refused(here: House) -> None:
    with here.agent("bot") as bot:
        waiting = bot.submit(written(), key="waiting").id
        soft = bot.submit(asking(hide()), key="soft")
    settle(here, soft, "disagree")
    with office(here) as lea:
        for source, mutation, why in (
            (waiting, "none", "still open"),
            (closed(here, truth=None), "none", "overread adjudicate"),
            (closed(here, truth="wrong"), "unit_error", "wrong as it was"),
            (soft.id, "none", "no hard approval"),
        ):
            with pytest.raises(InvalidRequest, match=why):
                lea.make_probe(source, mutation)  # type: ignore[arg-type]
        with pytest.raises(Unsuited, match="take another one"):
            lea.make_probe(closed(here), "wrong_policy")
        erased = closed(here)
        with closing(Ground(here.places, here.clock)) as ground:
            erase(ground, "lead:lea", erased, reason="asked for")
        with pytest.raises(Erased):
            lea.make_probe(erased, "none")
        with pytest.raises(NotFound):
            lea.make_probe("nothing", "none")
        with pytest.raises(NotFound, match="`overread probes list`"):
            lea.probe("nothing")
        assert lea.probes() == ()


def test_who_may_meet_tests_never_sees_them(here: House) -> None:
    with office(here) as lea:
        made = lea.make_probe(closed(here), "none").row.id
    with office(here, "ana") as ana:
        for step in (
            lambda: ana.probes(),
            lambda: ana.probe(made),
            lambda: ana.make_probe(made, "none"),
            lambda: ana.check_probe(made, realistic=True),
            lambda: ana.retire_probe(made),
        ):
            with pytest.raises(NotAllowed):
                step()
        assert ana.probe_results().released is None


def test_what_could_give_it_away_is_said(here: House) -> None:
    told = written()
    third = told.options[0].model_copy(update={"consequence": "420.00 USD leave, EUR 390.60"})
    first, *others = told.evidence
    dated = first.model_copy(
        update={"content": f"{first.content}\n10:02 asked\n10:30 asked\n23:59 sent"}
    )
    busy = told.model_copy(
        update={"evidence": (dated, *others), "options": (third, *told.options[1:])}
    )
    plain = asking(refund())
    nameless = plain.model_copy(
        update={"action": plain.action.model_copy(update={"parameters": {"x": 1}, "target": None})}
    )
    with office(here) as lea:
        assert lea.make_probe(closed(here), "unit_error").findings == ()
        (times,) = lea.make_probe(closed(here, of=busy), "unit_error").findings
        assert "times of day, which stay" in times
        (same,) = lea.make_probe(closed(here, of=nameless), "none").findings
        assert "exactly like its source" in same


def test_it_is_met_by_nobody_who_knows_it_or_its_source(here: House) -> None:
    source = closed(here)
    with office(here) as lea:
        made = lea.make_probe(source, "unit_error").row.id
        lea.check_probe(made, realistic=True)
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        probe = tx.probes.get(made)
        assert probe is not None
        assert tx.probes.usable() == [probe]
        assert not may_meet(ground, tx, probe, "lea")
        assert not may_meet(ground, tx, probe, "ana"), "she decided on its source"
        assert may_meet(ground, tx, probe, "ben")


# -- what is told


def results(here: House) -> tuple[Metric, ...]:
    with office(here, "ana") as ana:
        return ana.probe_results().metrics


def test_nothing_is_told_too_early_and_then_it_stands(here: House) -> None:
    come(here, "wrong", 29, caught=20)
    for metric in results(here):
        assert (metric.whole.value, metric.whole.n, metric.whole.weight) == (None, 0, "none")
        assert metric.whole.note.startswith("Not enough yet")
    come(here, "wrong", 11, caught=10)
    hits, alarms, d_a = results(here)
    assert (hits.whole.count, hits.whole.n, hits.whole.weight) == (30, 40, "rough")
    assert (alarms.whole.value, d_a.whole.value) == (None, None)
    come(here, "wrong", 29, caught=0)
    assert results(here)[0] == hits
    come(here, "wrong", 1, caught=0)
    assert (results(here)[0].whole.count, results(here)[0].whole.n) == (30, 70)


def test_nothing_is_told_in_an_hour_that_brought_results(here: House) -> None:
    """Its marks could not be told from those that a figure of this hour may not rest on."""
    come(here, "wrong", 40, caught=30)
    come(here, "wrong", 1, caught=1, hours_ago=0)
    assert results(here)[0].whole.value is None
    pass_time(here, 3600)
    assert results(here)[0].whole.n == 41


def test_the_newest_release_alone_shows_what_the_sum_of_all_hides(here: House) -> None:
    come(here, "wrong", 120, caught=96)
    results(here)
    pass_time(here, 30 * 86_400)
    come(here, "wrong", 30, caught=9)
    hits, _, _ = results(here)

    alone = {one.part: (one.count, one.n) for one in hits.readings}
    assert alone[""] == (105, 150)
    assert alone["first release alone"] == (96, 120)
    assert alone["newest release alone"] == (9, 30)
    assert [(one.n, one.value) for one in hits.series] == [(120, 0.8), (30, 0.3)]
    assert hits.series[1].at - hits.series[0].at == 30 * 86_400_000


def test_tests_and_controls_together_say_how_well_the_desk_sees(here: House) -> None:
    """30 of 40 and 4 of 60: d_a 1.85, as worked by hand."""
    come(here, "wrong", 40, caught=30)
    come(here, "good", 60, caught=4)
    _, alarms, d_a = results(here)
    assert alarms.whole.value == pytest.approx(4 / 60)
    assert d_a.whole.value == pytest.approx(1.85, abs=0.01)
    assert d_a.whole.n == 100


def test_kinds_of_mistakes_are_told_once_each_has_thirty(here: House) -> None:
    come(here, "wrong", 60, caught=45)
    hits, _, _ = results(here)
    assert [(one.part, one.n) for one in hits.readings] == [
        ("", 60),
        ("mutation: missing step", 30),
        ("mutation: unit error", 30),
    ]
    come(here, "good", 30, caught=3)
    assert [one.part for one in results(here)[2].readings] == [
        "",
        "mutation: missing step",
        "mutation: unit error",
    ]
    with writing(here) as tx:
        assert practice(tx, "unit_error") == "77 % of the desk catch this kind (n = 30)"
        assert practice(tx, "wrong_policy") == "75 % of the desk catch a test (n = 60)"
        assert practice(tx, "none") == "10 % of the desk hold up what is right like this (n = 30)"


def test_a_release_is_written_down_once_and_cannot_be_changed(here: House) -> None:
    come(here, "wrong", 40, caught=30)
    with writing(here) as tx:
        assert practice(tx, "unit_error") == "not enough tests yet to say how the desk does"
    for _ in range(2):
        with closing(Ground(here.places, here.clock)) as ground:
            Sweep(ground).run()
        results(here)
    told = [one for one in events(here.path) if one.kind == "tests_released"]
    assert [(one.actor, json.loads(one.detail)) for one in told] == [
        ("desk", {"sort": "wrong", "figures": 1})
    ]
    with raw(here.path) as db:
        for statement in (
            "UPDATE probe_figure SET caught = 40",
            "DELETE FROM probe_figure",
            "UPDATE probe_release SET hour = 0",
            "DELETE FROM probe_release",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(statement)


# -- when it can be told


def test_the_plan_says_how_long_it_takes_and_why_nobody_is_scored() -> None:
    found = plan(share=0.02, items_a_day=200, people=5)
    assert [(tests, days) for tests, days, _ in found.reached] == [(60, 15), (120, 30), (200, 50)]
    assert found.remarks[0].startswith("At 2 % of 200 hard approvals a day: 4.0 tests a day")
    assert "250 days" in found.remarks[1]


def test_the_plan_counts_hard_approvals_on_days_with_work(here: House) -> None:
    assert "`probe_fraction` is 0" in plan(share=0, items_a_day=200, people=5).remarks[0]
    with office(here) as lea:
        assert lea.probe_plan().remarks == (
            "No hard approvals came in lately, so no tests can be put among them.",
        )
    for number in range(3):
        with here.agent("bot") as bot:
            bot.submit(asking(refund(100 + number)), key=f"r-{number}")
    pass_time(here, DAY)
    with office(here) as lea:
        found = lea.probe_plan()
    assert (found.items_a_day, found.share) == (3, 0.02)
    assert found.people >= 1
    assert found.reached[0][0] == 60

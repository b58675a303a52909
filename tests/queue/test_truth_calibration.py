"""Where the truth would draw the line: on made-up desks, where it is known what should come out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from overread_queue.errors import InvalidRequest
from overread_queue.policy import Policy, parse_policy
from overread_queue.policy.diff import diff
from overread_queue.truth.calibrating import Advice, advise
from overread_queue.truth.drafting import threshold_of, with_threshold
from overread_queue.truth.sampling import Sample
from overread_queue.truth.sight import seen_at_work
from overread_queue.truth.weighing import further
from policy_factory import policy, rule, signal, table, to_bytes
from simulated_truth import World, desk_policy

ALMOST_NEVER_WRONG = {"worst": 0.1, "size": 2_000, "threshold": 0.9, "asked_judged": 1_700}


def advice(world: World, *, fresh: bool = False, **costs: float) -> Advice:
    found = world.sample()
    return advise(
        found, desk_policy(world.threshold, **costs), seen_at_work(found.labels), fresh=fresh
    )


def escalated_only(found: Sample) -> float:
    """What somebody would say who looks only at what came before people."""
    asked = [one.wrong for one in found.labels if not one.alone]
    return sum(asked) / len(asked)


# -- selection


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [World(seed) for seed in range(6)]


def test_what_came_to_people_misleads_and_two_percent_of_audits_do_not(worlds: list[World]) -> None:
    covered, errors = 0, []
    for world in worlds:
        found = world.sample()
        weighted = found.wrong()
        assert weighted is not None
        interval = weighted.interval()
        assert escalated_only(found) > 1.6 * world.rate
        covered += interval.low <= world.rate <= interval.high
        errors.append(weighted.mean - world.rate)
    assert covered >= 5
    assert abs(sum(errors)) / len(errors) < 0.015


def test_tightening_is_seen_to_pay_although_nobody_had_looked_there(worlds: list[World]) -> None:
    found = [advice(world) for world in worlds[:4]]
    assert [one.verdict for one in found] == ["tighten"] * 4
    for one in found:
        assert one.pays is not None
        assert one.to is not None
        assert 0.006 < one.pays < 0.013
        assert (one.now, one.to) == (0.6, one.best)
        assert one.to >= 0.75


def test_without_audits_nothing_can_be_said_and_it_says_what_is_missing() -> None:
    found = advice(World(1, audit=0.0))
    assert (found.verdict, found.wrong, found.to, found.more) == ("hold", None, None, 59)
    assert "what came to people says nothing of it" in found.says


def test_too_few_audits_hold_and_name_how_many_more() -> None:
    found = advice(World(1, threshold=0.7), minute=10.0)
    assert (found.verdict, found.to, found.best) == ("hold", None, 0.75)
    assert found.more is not None
    assert found.more > 0
    assert f"{found.more:,} more" in found.says


def test_what_a_lead_picks_counts_for_no_rate(worlds: list[World]) -> None:
    """Known mistakes first: the share of errors among what was judged is close to 1."""
    world = World(3, careless=True)
    found = world.sample()
    assert found.picked > 200
    assert abs(escalated_only(found) - escalated_only(worlds[3].sample())) < 0.1


def test_where_the_line_is_right_chance_alone_does_not_move_it() -> None:
    """Below the threshold a review just about pays, and above it none does."""
    found = [advice(World(seed, size=2_000), minute=36.0) for seed in range(8)]
    assert [one.verdict for one in found].count("hold") >= 7
    assert {one.pays is not None and 0.12 < one.pays < 0.2 for one in found} == {True}


def test_an_older_version_of_the_agent_speaks_for_nothing() -> None:
    """The clock starts again: what the new one does is what is asked about."""
    before, after = World(1, size=500, version="1.3.0"), World(2, size=500)
    after.actions[:0] = before.actions
    found = after.sample()
    assert (found.actions, found.versions) == (500, ("refund-agent 1.4.0",))


# -- loosening


def test_loosening_goes_one_step_where_harm_is_shown_to_be_rare() -> None:
    world = World(0, audit=0.5, **ALMOST_NEVER_WRONG)
    found = advice(world, minute=20.0)
    assert (found.verdict, found.now, found.to) == ("loosen", 0.9, 0.85)
    assert found.best is not None
    assert found.best < 0.85
    too_soon = advice(world, fresh=True, minute=20.0)
    assert (too_soon.verdict, too_soon.to) == ("hold", None)
    assert "14 days" in too_soon.says


def test_loosening_waits_for_clean_audits_of_what_runs_alone_already() -> None:
    found = advice(World(0, audit=0.1, **ALMOST_NEVER_WRONG), minute=20.0)
    assert (found.verdict, found.to) == ("hold", None)
    assert found.more is not None
    assert 20 <= found.more <= 59
    assert "harm stays below 5 %" in found.says


def test_a_rule_for_several_types_is_not_loosened_for_one() -> None:
    world = World(0, audit=0.5, **ALMOST_NEVER_WRONG)
    content = table(rules=[rule("unsure", "hard_approval", signal("confidence", "<", 0.9))])
    content["actions"]["credit"]["costs"] = {"loss": 1000.0, "minute": 20.0}
    found = world.sample()
    said = advise(found, policy(content), seen_at_work(found.labels))
    assert (said.verdict, said.to) == ("hold", None)
    assert "split it first" in said.says


# -- what else it takes


def test_without_costs_nothing_is_proposed(worlds: list[World]) -> None:
    found = worlds[1].sample()
    said = advise(found, policy(table()), seen_at_work(found.labels))
    assert (said.verdict, said.pays) == ("hold", None)
    assert "cost" in said.says
    assert said.wrong is not None


def test_nobody_is_assumed_to_catch_anything() -> None:
    found = World(1, asked_judged=12).sample()
    said = advise(found, desk_policy(0.6), seen_at_work(found.labels))
    assert (said.verdict, said.pays) == ("hold", None)
    assert "nobody knows what reviewers catch" in said.says


def test_more_reviews_are_not_the_answer_where_none_pays(worlds: list[World]) -> None:
    said = advice(worlds[1], loss=10.0, minute=20.0)
    assert (said.verdict, said.pays) == ("hold", None)
    assert "costs more than it saves" in said.says


def test_an_agent_that_says_nothing_of_its_doubts_gets_no_threshold(worlds: list[World]) -> None:
    found = worlds[1].sample()
    mute = replace(found, labels=tuple(replace(one, confidence=None) for one in found.labels))
    said = advise(mute, desk_policy(0.6), seen_at_work(mute.labels))
    assert (said.verdict, said.best) == ("hold", None)
    assert "how sure it was" in said.says
    assert said.catches is not None
    assert 0.5 < said.catches.low < 0.7 < said.catches.high < 0.9


def test_what_it_takes_is_the_least_that_would_do() -> None:
    assert further(lambda more: more / 100) == 95
    assert further(lambda more: float(more >= 1)) == 1
    assert further(lambda more: 0.5) is None


def test_other_costs_are_named_in_a_comparison_and_loosen_nothing() -> None:
    found = diff(policy(table()), desk_policy_without_rule(loss=10.0))
    (change,) = found.changes
    assert (change.key, change.before, change.direction) == (
        'actions."credit".costs',
        "not said",
        "changed",
    )
    assert not found.loosens


def desk_policy_without_rule(**costs: float) -> Policy:
    content = table()
    content["actions"]["credit"]["costs"] = {"minute": 1.0, **costs}
    return policy(content)


# -- the draft


def test_the_draft_changes_one_number_and_keeps_every_word() -> None:
    before = parse_policy(
        to_bytes(table())
        + b"""
[[rules]]
id = "large"
kind = "business_rule"
when = [{ parameter = "amount", is = ">", value = 0.6 }]
tier = "hard_approval"

[[rules]]
id = "unsure"
kind = "confidence"
actions = ["credit"]
when = [{ signal = "confidence", is = "<", value = 0.6 }]  # the board asked for this
tier = "hard_approval"
""",
        source="policy.toml",
    )
    draft = with_threshold(before, "credit", 0.75)
    assert threshold_of(draft, "credit").value == 0.75
    was, now = b'"<", value = 0.6 ', b'"<", value = 0.75 '
    assert draft.body == before.body.replace(was, now)
    assert b"# the board asked for this" in draft.body
    assert diff(before, draft).tightened


def test_a_type_without_a_threshold_gets_a_rule_of_its_own() -> None:
    before = policy(table())
    assert threshold_of(before, "credit").value == 0
    draft = with_threshold(before, "credit", 0.4)
    (added,) = draft.rules
    assert (added.id, added.actions) == ("calibrated-credit", ("credit",))
    assert draft.body.startswith(before.body)
    assert with_threshold(draft, "credit", 0.5).rules[0].when[0].value == 0.5


def test_a_file_that_cannot_be_edited_is_left_to_people() -> None:
    inline = to_bytes(table()).replace(b'name = "Small desk"', b'name = "Small desk"\nrules = []')
    with pytest.raises(InvalidRequest, match="by hand"):
        with_threshold(parse_policy(inline, source="x"), "credit", 0.5)

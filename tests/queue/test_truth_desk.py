"""A lead on a real desk: from what people did, over the truth, to a draft that people may sign."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
from factories import House
from journey import assert_chain_whole, pass_time, pick_up
from overread_queue.policy.load import parse_policy
from overread_queue.truth.calibrating import Advice
from overread_queue.truth.drafting import threshold_of
from tier_desks import ALL_AUDITED, asking, flush, office, policy, tag, tier_house

UNSURE = """
[[rules]]
id = "unsure-flush"
kind = "confidence"
actions = ["cache.flush"]
when = [{ signal = "confidence", is = "<", value = 0.5 }]
tier = "hard_approval"
"""
COSTS = '[actions."cache.flush".costs]\nloss = 1000\nminute = 1\n'
PATIENT = "[breaker]\nrejections = 1000\n"
POLICY = policy(more=UNSURE + COSTS + PATIENT + ALL_AUDITED)


def worked_through(here: House) -> None:
    """Ten of twenty questions, and every second of thirty audits, were about something wrong."""
    asked = []
    with here.agent("bot") as bot, here.desk() as ana:
        for number in range(20):
            ticket = bot.submit(asking(flush(number=number), confidence=0.3), key=f"f-{number}")
            ana.decide(pick_up(ana, ticket), option="reject", reason="no")
            asked.append(ticket.id)
        pass_time(here, 1)
        for number in range(30):
            bot.propose(flush(number=100 + number), signals={"confidence": 0.5 + number / 100})
        bot.propose(tag())
        ana.sweep()
        pass_time(here, 86_400)
        ana.sweep()
    with office(here) as lea:
        for at, id in enumerate(sorted(asked)):
            lea.adjudicate(id, "wrong" if at % 2 else "right", "outcome")
        for at, one in enumerate(lea.worth_adjudicating(most=100)):
            lea.adjudicate(one.escalation, "wrong" if at % 2 else "right", "audit")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = tier_house(tmp_path_factory.mktemp("truth"), POLICY)
    worked_through(made)
    return made


def flushing(found: tuple[Advice, ...]) -> Advice:
    (one,) = [one for one in found if one.action_type == "cache.flush"]
    return one


def test_the_truth_proposes_and_nothing_is_put_into_force(here: House) -> None:
    before = here.places.policy_file.read_bytes()
    with office(here) as lea:
        found = lea.calibration()
        one = flushing(found)
        draft = parse_policy(lea.calibrated(found), source="draft")
        ready = lea.readiness(draft.body, source="draft")
    assert (one.actions, one.alone, one.judged, one.picked) == (50, 30, 50, 0)
    assert one.wrong is not None
    assert one.wrong.estimate == 0.5
    assert (one.verdict, one.now) == ("tighten", 0.5)
    assert one.to is not None
    assert threshold_of(draft, "cache.flush").value == one.to > 0.5
    assert ready.difference.tightened
    assert not ready.difference.loosens
    assert here.places.policy_file.read_bytes() == before
    assert_chain_whole(here.path)


def test_what_was_only_told_of_is_in_no_rate(here: House) -> None:
    """Nobody draws for a notice, so nothing is known of what kind of notices are looked at."""
    with office(here, "ana") as ana:
        assert [one.action_type for one in ana.calibration()] == ["cache.flush"]
        assert ana.calibration(since=here.clock.now() + 1) == ()


def test_a_lead_at_the_shell_gets_a_draft_in_a_file_of_their_own(
    here: House, tmp_path: Path
) -> None:
    out = tmp_path / "draft.toml"
    ask = ("policy", "calibrate", "--since", "2026-01-01", "--as", "lea", "--db", here.path)
    page = command.run(*ask, "--out", out)
    told = json.loads(command.run(*ask, "--json").stdout)
    again = command.run(*ask, "--out", out)

    assert page.returncode == 0, page.stderr
    assert "cache.flush: tighten, 0.5 →" in page.stdout
    assert "50 % (" in page.stdout
    assert "bot" in page.stdout
    assert "people catch 100 % (" in page.stdout
    assert "people sign" in page.stdout
    assert parse_policy(out.read_bytes(), source="draft").rules != ()
    assert told["single_operator"] is False
    assert told["advice"][0]["verdict"] == "tighten"
    assert (again.returncode, again.stdout) == (2, "")
    assert "new file" in again.stderr

    tried = command.run("policy", "simulate", out, *ask[2:])
    assert "0 of 25 known to have been bad would newly be missed" in tried.stdout
    looser = tmp_path / "looser.toml"
    looser.write_text(POLICY.replace('"<", value = 0.5 }]\ntier', '"<", value = 0.2 }]\ntier'))
    missed = command.run("policy", "simulate", looser, *ask[2:])
    assert "10 of 25 known to have been bad would newly be missed" in missed.stdout


def test_where_nothing_is_proposed_no_file_is_written(tmp_path: Path) -> None:
    made = tier_house(tmp_path, POLICY)
    ask = ("policy", "calibrate", "--as", "lea", "--db", made.path)
    empty = command.run(*ask)
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "nothing has been proposed" in empty.stderr
    refused = command.run(*ask, "--out", tmp_path / "draft.toml")
    assert refused.returncode == 2
    assert not (tmp_path / "draft.toml").exists()

"""A policy on its way from draft to in force, as the people of a desk take it there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
import policy_drafts
from overread_briefs import Action
from overread_queue import AgentQueue
from overread_queue.clock import ManualClock, SystemClock
from policy_drafts import LOOSER, POLICY, STRICTER, credit, draft, in_force, propose


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return policy_drafts.make_desk(tmp_path)


def test_a_stricter_policy_needs_those_whom_the_present_one_names(
    desk: Path, tmp_path: Path
) -> None:
    file = draft(tmp_path, STRICTER)

    early = command.run("policy", "activate", file, "--as", "boris", "--db", desk)
    assert (early.returncode, early.stdout) == (7, "")
    assert "product must sign this policy first" in early.stderr
    assert "risk-owner" not in early.stderr, "nothing is loosened"
    assert propose(desk, 75)["tier"] == "notify"

    signed = command.process(
        "policy", "sign", file, "--role", "product", "--as", "pia", "--db", desk
    )
    assert signed.returncode == 0, signed.stderr
    assert "signed by pia as product" in signed.stdout
    assert "nothing is missing" in signed.stderr
    active = command.process("policy", "activate", file, "--as", "boris", "--db", desk)
    assert active.returncode == 0, active.stderr

    assert in_force(desk) == STRICTER
    verdict = propose(desk, 75)
    assert verdict["tier"] == "hard_approval"
    assert verdict["policy_sha256"] in active.stdout


def test_a_looser_one_needs_the_risk_owner_too(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, LOOSER)

    first = command.run("policy", "sign", file, "--role", "product", "--as", "pia", "--db", desk)
    assert "still to be signed as risk-owner" in first.stderr
    refused = command.run("policy", "activate", file, "--as", "boris", "--db", desk)
    assert refused.returncode == 7
    assert "risk-owner must sign" in refused.stderr

    command.run("policy", "sign", file, "--role", "risk-owner", "--as", "ruth", "--db", desk)
    done = command.run("policy", "activate", file, "--as", "boris", "--db", desk)
    assert done.returncode == 0, done.stderr
    assert in_force(desk) == LOOSER


def test_a_signature_is_for_exactly_these_bytes(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, STRICTER)
    command.run("policy", "sign", file, "--role", "product", "--as", "pia", "--db", desk)
    draft(tmp_path, STRICTER + "# a remark\n")

    done = command.run("policy", "activate", file, "--as", "boris", "--db", desk)

    assert done.returncode == 7
    assert in_force(desk) == POLICY


def test_nobody_signs_in_a_role_of_somebody_else(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, STRICTER)

    done = command.run("policy", "sign", file, "--role", "product", "--as", "ana", "--db", desk)

    assert (done.returncode, done.stdout) == (7, "")
    assert "ana does not hold the role 'product'" in done.stderr


def test_only_a_lead_activates_and_only_people_of_the_desk_look(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, STRICTER)
    command.run("policy", "sign", file, "--role", "product", "--as", "pia", "--db", desk)

    ana = command.run("policy", "activate", file, "--as", "ana", "--db", desk)
    mallory = command.run("policy", "simulate", file, "--as", "mallory", "--db", desk)

    assert [ana.returncode, mallory.returncode] == [7, 7]
    assert "'lead'" in ana.stderr
    assert in_force(desk) == POLICY


def test_a_good_policy_is_proven_case_by_case(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, STRICTER)

    page = command.run("policy", "check", file, "--db", desk)
    report = json.loads(command.run("policy", "check", file, "--json", "--db", desk).stdout)

    assert page.returncode == 0, page.stdout
    assert "proven" in page.stderr
    assert report["ok"] is report["whole"] is True
    walked = {one["action"]: one for one in report["walked"]}
    assert walked.keys() == {"payments.refund", "payments.credit"}
    assert walked["payments.credit"]["tiers"][0] == "notify"
    assert f"{walked['payments.credit']['cells']}" in page.stdout


@pytest.mark.parametrize("file", sorted(command.SAMPLE.glob("policy*.toml")), ids=lambda p: p.stem)
def test_the_samples_are_proven_and_hold_their_examples(tmp_path: Path, file: Path) -> None:
    checked = command.run("policy", "check", file, "--db", tmp_path / "none.db")
    tested = command.run("policy", "test", file)

    assert checked.returncode == 0, checked.stdout
    assert tested.returncode == 0, tested.stdout


def test_the_policys_own_examples_are_run(desk: Path, tmp_path: Path) -> None:
    holding = command.run("policy", "test", "--db", desk)
    assert (holding.returncode, "1 of 1 examples hold" in holding.stderr) == (0, True)

    file = draft(tmp_path, POLICY.replace("{amount = 20}", "{amount = 2000}"))
    failing = command.run("policy", "test", file, "--db", desk)
    assert failing.returncode == 1
    assert "FAILS  A gesture  expected notify, got hard approval" in failing.stdout
    assert "large-credit 2000.0" in failing.stdout, "why it got that"
    (told,) = json.loads(command.run("policy", "test", file, "--json", "--db", desk).stdout)
    assert (told["ok"], told["expected"], told["got"]) == (False, "notify", "hard_approval")


def test_a_policy_without_examples_is_told_to_get_some(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, POLICY[: POLICY.index("[[examples]]")])

    done = command.run("policy", "test", file, "--db", desk)

    assert (done.returncode, done.stdout) == (0, "")
    assert "has no [[examples]]" in done.stderr


def test_diff_says_what_gets_less_attention_first(desk: Path, tmp_path: Path) -> None:
    both = LOOSER.replace('impact = "low"', 'impact = "medium"').replace(
        "rejections = 1", "rejections = 5"
    )
    file = draft(tmp_path, both)

    done = command.run("policy", "diff", file, "--db", desk)

    assert done.returncode == 0, done.stderr
    assert done.stdout.index("LOOSENED") < done.stdout.index("TIGHTENED")
    loosened = done.stdout[: done.stdout.index("TIGHTENED")]
    assert "payments.credit: hard approval → soft review" in loosened
    assert "breaker.rejections  1 → 5" in loosened
    assert "signed as product, risk-owner" in done.stderr


def test_diff_of_two_files_needs_no_desk(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(POLICY)
    new.write_text(STRICTER)

    found = json.loads(command.run("policy", "diff", old, new, "--json").stdout)
    same = command.run("policy", "diff", old, old)

    assert found["loosens"] is False
    assert {one["after"] for one in found["tightened"]} == {"hard_approval"}
    assert same.stdout == "no case is handled otherwise\n"


def test_simulate_replays_what_was_proposed(desk: Path, tmp_path: Path) -> None:
    before_now = ManualClock(SystemClock().now() - 2 * 3_600_000)
    with AgentQueue.open(desk, agent="refund-agent", clock=before_now) as queue:
        for amount in (20, 75, 80, 200):
            queue.propose(Action.model_validate(json.loads(credit(amount))["action"]))
    propose(desk, 200)  # A question about it may yet come: it is told of once that is over.
    file = draft(tmp_path, STRICTER)

    page = command.run("policy", "simulate", file, "--as", "boris", "--db", desk)
    told = command.run("policy", "simulate", file, "--as", "boris", "--db", desk, "--json")

    (shift,) = json.loads(told.stdout)["shifts"]
    assert (shift["actions"], shift["gained"], shift["lost"]) == (4, 2, 0)
    assert (shift["minutes_before"], shift["minutes_after"]) == (2, 6)
    assert "25 % (" in page.stdout
    assert "75 % (" in page.stdout
    assert "+4 minutes of review" in page.stdout
    assert "nobody can say what would newly be missed" in page.stdout
    assert json.loads(told.stdout)["caveat"] in page.stdout
    assert in_force(desk) == POLICY


def test_simulate_on_an_empty_desk_says_so(desk: Path, tmp_path: Path) -> None:
    propose(desk, 20)
    file = draft(tmp_path, STRICTER)

    done = command.run(
        "policy", "simulate", file, "--since", "2999-01-01", "--as", "boris", "--db", desk
    )

    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing was proposed since" in done.stderr


def test_a_policy_that_asks_less_is_told_so_and_not_refused(desk: Path, tmp_path: Path) -> None:
    file = draft(tmp_path, POLICY + '[friction]\nfloor_irreversible = "0s"\n')

    page = command.run("policy", "check", file, "--db", desk)
    report = json.loads(command.run("policy", "check", file, "--json", "--db", desk).stdout)

    assert (page.returncode, report["ok"]) == (0, True)
    weaker, lonely = report["notes"]
    assert weaker.endswith("approvals of irreversible actions have no minimum time")
    assert "asks for two people, and 1 of this desk's reviewers holds the role 'lead'" in lonely
    assert f"note: {weaker}\nnote: {lonely}\n" in page.stdout


def test_without_a_desk_nobody_is_said_to_be_missing(tmp_path: Path) -> None:
    file = draft(tmp_path, POLICY)

    done = command.run("policy", "check", file, "--db", tmp_path / "none.db")

    assert "note:" not in done.stdout

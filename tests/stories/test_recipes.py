"""The four patterns as their recipes stand, each run as a program beside a reviewer at work."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import command
from frictionless import frictionless
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.desk import ReviewDesk
from overread_queue.models import Review
from overread_queue.policy.examples import run_examples
from overread_queue.policy.prove import proven_policy
from overread_queue.setup import add_agent, add_reviewer, init_desk
from overread_queue.states import EscalationKind
from overread_queue.trust.people import Agent, Reviewer

RECIPES = command.SAMPLE / "recipes"
EXCEPTION_POLICY = RECIPES / "exception_only.toml"
Answer = Callable[[ReviewDesk, Review], object]


def make_desk(folder: Path, policy: Path = command.SAMPLE / "policy.toml") -> Path:
    """The sample desk without its undo window, and ana, who holds every role that is asked for."""
    db = folder / "desk.db"
    text = frictionless(policy).replace('undo = "10s"', 'undo = "0s"')
    if "[settings]" not in text:
        text += '\n[settings]\nundo = "0s"\n'
    places = init_desk(db, policy=text.encode())
    roles = ("refunds", "accounts", "content", "lead")
    add_reviewer(places, Reviewer(name="ana", label="Ana", roles=roles))
    for agent, actions in (
        ("refund-agent", ("payments.refund", "payments.goodwill_credit")),
        ("account-bot", ("account.address_change",)),
        ("tag-agent", ("listing.tag",)),
    ):
        add_agent(places, Agent(name=agent, label=agent, actions=actions))
    return db


def recipe(name: str, db: Path, *, wait: float = 30) -> str:
    """Run it to its end, and give what it said."""
    done = subprocess.run(
        [sys.executable, RECIPES / f"{name}.py", "--db", db, "--wait", str(wait)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_ana(name: str, db: Path, answer: Answer, *, blocking: bool = False) -> str:
    """Run a recipe while ana answers the first question, or the first that an agent waits for."""
    ana = threading.Thread(target=answer_first, args=(db, answer, blocking))
    ana.start()
    said = recipe(name, db)
    ana.join()
    return said


def answer_first(db: Path, answer: Answer, blocking: bool) -> None:
    give_up = time.monotonic() + 40
    with ReviewDesk.open(db, reviewer="ana") as desk:
        while time.monotonic() < give_up:
            for row in desk.rows(desk.waiting_ids()):
                if row.tier.blocks or not blocking:
                    answer(desk, desk.open(desk.claim(row.id)))
                    desk.release_due()
                    return
            time.sleep(0.05)


def approve(desk: ReviewDesk, review: Review) -> object:
    return desk.decide(review, option="approve")


def reject(desk: ReviewDesk, review: Review) -> object:
    return desk.decide(review, option="reject", reason="a neighbour signed for it")


# -- approval gate


def test_approval_gate_pays_after_the_yes_and_only_once(tmp_path: Path) -> None:
    db = make_desk(tmp_path)
    assert "refunded 420.00 USD for A-1009 under" in with_ana("approval_gate", db, approve)
    assert recipe("approval_gate", db) == "refunded before\n"


def test_approval_gate_tells_the_reason_of_a_no(tmp_path: Path) -> None:
    said = with_ana("approval_gate", make_desk(tmp_path), reject)
    assert said == "not refunded: reject, a neighbour signed for it\n"


# -- confidence


def test_confidence_escalation_acts_where_it_is_sure_and_asks_where_not(tmp_path: Path) -> None:
    db = make_desk(tmp_path)

    lines = with_ana("confidence_escalation", db, approve, blocking=True).splitlines()
    assert lines[0] == "C-20881: soft_review (no rule objects)"
    assert lines[1].startswith("C-20881: credited 12.0 EUR")
    assert lines[2] == "C-55410: hard_approval (unsure)"
    assert lines[3].startswith("C-55410: credited 15.0 EUR")


# -- shadow review


def test_shadow_review_keeps_what_was_confirmed(tmp_path: Path) -> None:
    said = with_ana("shadow_review", make_desk(tmp_path), lambda desk, review: desk.confirm(review))
    assert "delivers to Seestraße 11" in said
    assert said.endswith("review: approve\n")


def test_shadow_review_takes_back_what_somebody_disagrees_with(tmp_path: Path) -> None:
    db = make_desk(tmp_path)
    said = with_ana(
        "shadow_review", db, lambda desk, review: desk.disagree(review, reason="no such flat")
    )
    changed, verdict, why, back = said.splitlines()
    assert "Seestraße 11" in changed
    assert verdict == "review: reject"
    assert why == "taking back: reject, no such flat"
    assert "Lindenweg 4" in back
    assert back.endswith("/undo")
    assert recipe("shadow_review", db, wait=0) == "review: reject\n"


def test_shadow_review_takes_back_what_nobody_looked_at(tmp_path: Path) -> None:
    db = make_desk(tmp_path)
    assert recipe("shadow_review", db, wait=0).endswith("review: still open\n")
    window_over = ManualClock(SystemClock().now() + 3 * 3_600_000)
    with ReviewDesk.open(db, reviewer="ana", clock=window_over) as ana:
        ana.sweep()
    said = recipe("shadow_review", db, wait=0)
    assert said.startswith("taking back: timed_out, Nobody confirmed it in time.\n")
    assert said.endswith("review: timed_out\n")
    assert recipe("shadow_review", db, wait=0) == "review: timed_out\n"


# -- exception only


def test_exception_only_asks_about_the_odd_one_and_is_sampled(tmp_path: Path) -> None:
    always = tmp_path / "always.toml"
    text = EXCEPTION_POLICY.read_text(encoding="utf-8")
    always.write_text(text.replace("new_rate = 0.5 ", "new_rate = 1 "), encoding="utf-8")
    db = make_desk(tmp_path, always)

    lines = with_ana("exception_only", db, approve).splitlines()

    assert lines[2] == "L-103: hard_approval, unlike-the-rest"
    assert [line.split(":")[0] for line in lines if "tagged under" in line] == [
        "L-101",
        "L-102",
        "L-103",
        "L-104",
        "L-105",
    ]
    with ReviewDesk.open(db, reviewer="ana") as ana:
        assert ana.sweep() == 4
        reviews = [ana.open(ana.claim(id)) for id in ana.waiting_ids()]
        seen = {one.brief.action.parameters["listing"] for one in reviews}
        assert seen == {"L-101", "L-102", "L-104", "L-105"}
        assert {one.handling.kind for one in reviews} == {EscalationKind.AUDIT}
        assert ana.confirm(ana.open(reviews[0].item.id)).option == "right"
        assert ana.disagree(ana.open(reviews[1].item.id), reason="a tent").option == "wrong"


@pytest.mark.parametrize("policy", [EXCEPTION_POLICY, command.SAMPLE / "policy.toml"])
def test_the_policies_of_the_recipes_prove_and_pass_their_own_cases(policy: Path) -> None:
    """`proven_policy` raises for one that is not proven."""
    checked, _ = proven_policy(policy.read_bytes(), source=policy.name)
    assert checked.examples
    assert [one.problem for one in run_examples(checked) if not one.ok] == []

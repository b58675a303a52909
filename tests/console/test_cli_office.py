"""What a lead finds in the morning: deadlines missed, agents that keep failing, notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
import policy_drafts
from journey import raw
from overread_queue.agent import AgentQueue
from overread_queue.clock import ManualClock, SystemClock

HOUR_MS = 3_600_000


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return policy_drafts.make_desk(tmp_path, policy_drafts.UNDRAWN)


def asked(desk: Path, *, hours_ago: float, **changes: object) -> None:
    """A brief that has been waiting since then."""
    then = ManualClock(SystemClock().now() - int(hours_ago * HOUR_MS))
    with AgentQueue.open(desk, agent="refund-agent", clock=then) as queue:
        queue.submit(json.dumps(command.brief(**changes)))


def rejected(desk: Path) -> None:
    """One rejection, which is one too many on this desk."""
    command.decide(desk, command.submit(desk, "a"), "reject", reason="no")


def test_a_missed_deadline_is_listed_and_silence_is_no_rejection(desk: Path) -> None:
    credit = json.loads(policy_drafts.credit(200))["action"]
    options = [one for one in command.brief()["options"] if one["key"] != "change-amount"]
    asked(desk, hours_ago=10, action=credit, options=options)
    asked(desk, hours_ago=5)
    command.run("sweep", "--db", desk)
    rejected(desk)

    page = command.run("breaches", "--as", "boris", "--db", desk)
    told = json.loads(command.run("breaches", "--as", "boris", "--json", "--db", desk).stdout)

    missed = {one["action_type"]: (one["agent"], one["breaches"]) for one in told["breaches"]}
    assert missed == {
        "payments.credit": ("refund-agent", 1),
        "payments.refund": ("refund-agent", 1),
    }
    answers = [(one["action_type"], one["verdict"], one["items"]) for one in told["verdicts"]]
    assert answers == [("payments.credit", "timed_out", 1), ("payments.refund", "reject", 1)]
    assert "payments.credit  timed out  1" in page.stdout
    assert page.stdout.count("refund-agent") == 2


def test_a_desk_without_breaches_says_so(desk: Path) -> None:
    done = command.run("breaches", "--as", "ana", "--db", desk)

    assert (done.returncode, done.stdout) == (0, "")
    assert "no deadline was missed" in done.stderr


def test_a_breaker_raises_the_tier_until_a_lead_lifts_it(desk: Path) -> None:
    assert "no agent is watched" in command.run("breakers", "--as", "ana", "--db", desk).stderr
    rejected(desk)

    page = command.run("breakers", "--as", "ana", "--db", desk)
    assert "refund-agent  open" in page.stdout
    assert "1 rejection" in page.stdout
    watched = policy_drafts.propose(desk, 20)
    assert watched["tier"] == "hard_approval"
    assert "circuit-breaker" in [why["rule"] for why in watched["triggers"]]

    refused = command.run("lift", "refund-agent", "--as", "ana", "--db", desk)
    assert (refused.returncode, refused.stdout) == (7, "")
    lifted = command.process("lift", "refund-agent", "--as", "boris", "--db", desk)
    assert lifted.returncode == 0, lifted.stderr
    assert policy_drafts.propose(desk, 20)["tier"] == "notify"
    (row,) = json.loads(command.run("breakers", "--as", "ana", "--json", "--db", desk).stdout)
    assert row["lifted_by"] == "boris"
    assert command.run("lift", "refund-agent", "--as", "boris", "--db", desk).returncode == 2


def test_a_notice_is_seen_and_objected_to_and_the_agent_hears_it(desk: Path) -> None:
    assert "no agent told" in command.run("notices", "--as", "ana", "--db", desk).stderr
    id = policy_drafts.propose(desk, 20)["id"]
    asking = policy_drafts.propose(desk, 200)["id"]

    page = command.run("notices", "--as", "ana", "--db", desk)
    assert id in page.stdout
    assert "amount: 20" in page.stdout
    assert asking not in page.stdout, "somebody has to approve that one"
    objected = command.process(
        "object", id, "--reason", "the parcel came", "--as", "ana", "--db", desk
    )
    assert objected.returncode == 0, objected.stderr

    (notice,) = json.loads(command.run("notices", "--as", "ana", "--json", "--db", desk).stdout)
    assert (notice["proposal"], notice["objections"]) == (id, 1)
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        assert [one.reason for one in queue.objections()] == ["the parcel came"]


def test_a_notice_about_confidential_data_shows_its_values_to_whoever_asks_by_name(
    desk: Path,
) -> None:
    asked = json.loads(policy_drafts.credit(20)) | {"data_class": "confidential"}
    asked["action"]["parameters"]["note"] = "insolvent since May"
    told = command.run("propose", "-", "--db", desk, stdin=json.dumps(asked))
    id = json.loads(told.stdout)["id"]

    page = command.run("notices", "--as", "ana", "--db", desk)
    data = command.run("notices", "--as", "ana", "--json", "--db", desk)
    shown = command.run("notices", "--unmask", id, "--as", "ana", "--db", desk)

    assert "note: masked (confidential)" in page.stdout
    assert "insolvent" not in page.stdout + data.stdout
    assert json.loads(shown.stdout)["note"] == "insolvent since May"
    with raw(desk) as there:
        (looked,) = there.execute("SELECT actor, detail FROM event WHERE kind = 'unmasked'")
    assert tuple(looked) == ("reviewer:ana", json.dumps({"proposal": id}, separators=(",", ":")))


def test_a_notice_masks_the_one_parameter_that_its_agent_calls_sensitive(desk: Path) -> None:
    asked = json.loads(policy_drafts.credit(20))
    asked["action"]["parameters"]["iban"] = "DE02120300000000202051"
    asked["action"]["sensitive"] = {"iban": "restricted"}
    told = command.run("propose", "-", "--db", desk, stdin=json.dumps(asked))
    id = json.loads(told.stdout)["id"]

    page = command.run("notices", "--as", "ana", "--db", desk)
    data = command.run("notices", "--as", "ana", "--json", "--db", desk)
    shown = command.run("notices", "--unmask", id, "--as", "ana", "--db", desk)

    assert "amount: 20; iban: masked (restricted)" in page.stdout
    assert json.loads(data.stdout)[0]["masked"] == ["iban"]
    assert "DE02" not in told.stdout + page.stdout + data.stdout
    assert json.loads(shown.stdout)["iban"] == "DE02120300000000202051"


def test_what_a_shell_says_of_an_item_never_holds_a_masked_value(desk: Path) -> None:
    iban = "DE02120300000000202051"
    action = command.brief()["action"]
    action["parameters"]["iban"] = iban
    action["sensitive"] = {"iban": "confidential"}
    id = command.submit(desk, "a", action=action)

    look = ("--as", "ana")
    asked = (("show", id), ("list",), ("notices", *look), ("audit", "pack", *look))
    done = [
        command.run(*words, *form, "--db", desk) for words in asked for form in ((), ("--json",))
    ]

    assert [one.returncode for one in done] == [0] * 8
    said = "".join(one.stdout + one.stderr for one in done)
    assert id in said
    assert iban not in said


def test_an_objection_to_nothing_is_refused(desk: Path) -> None:
    asking = policy_drafts.propose(desk, 200)["id"]

    def code(*arguments: str) -> int:
        return command.run("object", *arguments, "--as", "ana", "--db", desk).returncode

    assert code("no-such", "--reason", "why") == 6
    assert code(asking, "--reason", "why") == 2
    assert code(asking) == 2


def test_a_notices_words_are_shown_not_obeyed(desk: Path) -> None:
    policy_drafts.propose(desk, 20, signals={"risk": 0.1})
    action = json.loads(policy_drafts.credit(20))
    action["action"]["parameters"]["note"] = "\x1b]52;c;cm0=\x07\u202e\nforged row"
    command.run("propose", "-", "--db", desk, stdin=json.dumps(action))

    done = command.run("notices", "--as", "ana", "--db", desk)

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3, "a head and two notices"
    assert all(char.isprintable() for char in done.stdout.replace("\n", ""))


@pytest.mark.parametrize("verb", ["breaches", "breakers", "notices"])
def test_strangers_do_not_look(desk: Path, verb: str) -> None:
    done = command.run(verb, "--as", "mallory", "--db", desk)

    assert (done.returncode, done.stdout) == (7, "")

"""The demo without a terminal: real agents, the real plain face, and an end that can be checked."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

import pytest

import command
from overread_briefs.decision import Decision, Envelope
from overread_briefs.parse import parse_brief
from overread_console.demo.acts import Act, Acts
from overread_console.demo.agent import answered
from overread_console.demo.sample import arrivals, sample_folder
from overread_console.demo.stage import alone_in
from overread_queue.errors import InvalidRequest

NOW = 1_800_000_000_000


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, command.Done]:
    folder = tmp_path_factory.mktemp("play") / "desk"
    return folder, command.run("demo", "--keep", folder)


def test_it_ends_well_and_says_who_did_what(played: tuple[Path, command.Done]) -> None:
    _, done = played

    assert done.returncode == 0, done.stderr
    assert "Refund $420.00 on order A-1009" in done.stdout
    assert "held" in done.stdout
    assert all(char.isprintable() for char in done.stdout.replace("\n", ""))


def test_it_earns_its_approvals_and_says_where_it_is_shorter_than_work(
    played: tuple[Path, command.Done],
) -> None:
    folder, done = played

    for said in (
        "For this play approving waits 10 s at least instead of 45",
        "Not now. Approve opens in ",
        "You judged first: approve refund (medium).",
        "this would be wrong if",
        "Taken back, nothing was sent: send to 2,306",
    ):
        assert said in done.stdout
    policy = (folder / "desk.trust" / "policy.toml").read_text(encoding="utf-8")
    assert policy.startswith("# Not for work: ")
    friction = tomllib.loads(policy)["friction"]
    assert (friction["floor_irreversible"], friction["withhold_from"]) == ("10s", "high")


def test_the_readme_shows_what_is_really_printed(played: tuple[Path, command.Done]) -> None:
    readme = (command.CHECKOUT / "README.md").read_text(encoding="utf-8")
    session = readme.split("```console\n$ make demo < /dev/null\n")[1].split("```")[0]
    printed = "\n".join(map(timeless, played[1].stdout.splitlines()))

    for excerpt in session.split("[…]\n"):
        assert "\n".join(map(timeless, excerpt.splitlines())) in printed


def timeless(line: str) -> str:
    """The line without what differs from one run to the next: ids, ages, processes."""
    line = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", line)
    line = re.sub(r"process [0-9]+", "process N", line)
    return re.sub(r"[0-9]+ [smhd]\b", "AGE", re.sub(r" \(and 1 more\)", "", line))


def test_each_agent_acted_once_on_its_own_decision(played: tuple[Path, command.Done]) -> None:
    folder, done = played

    acts = {act.agent: act for act in Acts(folder / "acts.jsonl").all()}
    assert {name: (act.verdict, act.did) for name, act in acts.items()} == {
        "refund-agent": ("approve", "payments.refund"),
        "account-bot": ("reject", ""),
        "mail-agent": ("modify", "mail.campaign"),
    }
    assert acts["mail-agent"].parameters["recipients"] == 2306
    for act in acts.values():
        shown = command.run("wait", act.decision.split("/")[0], "--db", folder / "desk.db")
        assert json.loads(shown.stdout)["id"] == act.decision
        assert act.decision in done.stdout


def test_no_process_is_left_behind(played: tuple[Path, command.Done]) -> None:
    pids = [int(pid) for pid in re.findall(r"\(process ([0-9]+)\)", played[1].stdout)]

    assert len(pids) == 3
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_kept_desk_is_not_played_over(played: tuple[Path, command.Done]) -> None:
    folder, _ = played
    before = (folder / "desk.db").read_bytes()

    again = command.run("demo", "--headless", "--keep", folder)

    assert again.returncode == 2
    assert str(folder) in again.stderr
    assert (folder / "desk.db").read_bytes() == before


def test_the_whole_sample_moves_to_now_and_stays_valid() -> None:
    moved = arrivals(sample_folder(), now=NOW)

    briefs = [parse_brief(arrival.brief.encode()) for arrival in moved]
    assert len(briefs) >= 30
    assert len({arrival.key for arrival in moved}) == len(moved)
    latest = max(fact.as_of for brief in briefs for fact in brief.evidence)
    assert NOW - 3_600_000 < latest <= NOW


def test_an_agent_that_is_asked_comes_back_with_a_brief_that_is_accepted() -> None:
    for arrival in arrivals(sample_folder(), now=NOW):
        brief = parse_brief(arrival.brief.encode())
        again = answered(brief, asked_about(arrival.key))
        assert parse_brief(again.to_bytes()).evidence[-1].title == "Answer to your question"


def asked_about(key: str) -> Decision:
    """A question from a reviewer."""
    digest = "0" * 64
    envelope = Envelope(
        desk="desk", escalation=key, attempt=1, verdict="need_info", option="need-info",
        brief_sha256=digest, action_sha256=digest, tier="hard_approval", policy_sha256=digest,
        requester="agent", reviewer="ana", role="refunds", nonce="0" * 32,
        decided_at=NOW, released_at=NOW, expires_at=NOW, audit_head=digest,
    )  # fmt: skip
    brief = parse_brief(command.REFUND.read_bytes())
    return Decision(envelope, brief.action, "Who signed for it?")


def test_the_outside_world_honours_the_decisions_id(tmp_path: Path) -> None:
    acts = Acts(tmp_path / "acts.jsonl")
    act = Act(
        decision="e/1", agent="a", verdict="approve", did="pay", parameters={"n": 1}, reason=""
    )

    assert [acts.once(act), acts.once(act)] == [True, False]
    assert acts.all() == (act,)


def test_only_a_folder_that_a_demo_made_is_emptied(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("all of it")

    with (
        pytest.raises(InvalidRequest, match="holds something else"),
        alone_in(tmp_path, fresh=True),
    ):
        pass

    assert thesis.read_text() == "all of it"


def test_one_demo_at_a_time_in_a_folder(tmp_path: Path) -> None:
    with (
        alone_in(tmp_path / "desk", fresh=True),
        pytest.raises(InvalidRequest, match="another demo"),
        alone_in(tmp_path / "desk", fresh=True),
    ):
        pass

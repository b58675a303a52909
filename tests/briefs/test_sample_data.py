"""The sample desk hangs together, and each brief is what `desk.toml` says about it."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import pytest

from overread_briefs import Brief, InvalidBrief, edit, parse_brief, visible
from overread_queue.policy import Policy, parse_policy

SAMPLE = Path(__file__).parents[2] / "sample_data"
DESK = tomllib.loads((SAMPLE / "desk.toml").read_text("utf-8"))
MOMENT: int = DESK["moment"]
REVIEWERS = tomllib.loads((SAMPLE / "reviewers.toml").read_text("utf-8"))["reviewers"]
AGENTS = tomllib.loads((SAMPLE / "agents.toml").read_text("utf-8"))["agents"]

MINUTE = 60_000
SESSION_MINUTES = 25
"""What is due before a session would end is urgent."""


@dataclass(frozen=True)
class Arrival:
    """A brief of the sample desk beside what `desk.toml` says about it."""

    name: str
    key: str
    minutes_ago: int
    truth: str
    traits: frozenset[str]
    brief: Brief

    @property
    def submitted(self) -> int:
        return MOMENT - self.minutes_ago * MINUTE

    def recommended(self) -> str | None:
        """Kind of the option that the agent recommends."""
        if self.brief.recommendation is None:
            return None
        kinds = {option.key: option.kind for option in self.brief.options}
        return kinds[self.brief.recommendation.option]

    def texts(self) -> list[str]:
        """Every string of the brief, keys left out."""
        return list(_strings(self.brief.model_dump(mode="json")))


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in _strings(item)]
        case list():
            return [text for item in value for text in _strings(item)]
        case _:
            return []


class Listed(TypedDict):
    """One of the `[[arrivals]]`."""

    brief: str
    key: str
    minutes_ago: int
    truth: str
    traits: list[str]


def _arrival(listed: Listed) -> Arrival:
    path = SAMPLE / listed["brief"]
    return Arrival(
        name=path.stem,
        key=listed["key"],
        minutes_ago=listed["minutes_ago"],
        truth=listed["truth"],
        traits=frozenset(listed["traits"]),
        brief=parse_brief(path.read_bytes()),
    )


ARRIVALS = [_arrival(listed) for listed in DESK["arrivals"]]
every_arrival = pytest.mark.parametrize("arrival", ARRIVALS, ids=lambda arrival: arrival.name)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The sample policy, checked against the roles that the sample reviewers hold."""
    roles = {role for person in REVIEWERS.values() for role in person["roles"]}
    return parse_policy((SAMPLE / "policy.toml").read_bytes(), source="policy.toml", roles=roles)


def eligible(policy: Policy, arrival: Arrival) -> set[str]:
    """Who may decide: the role of the pool, and not the person the agent acts for."""
    role = policy.pools[policy.actions[arrival.brief.action.type].pool].role
    operator = AGENTS[arrival.brief.agent.name].get("operator")
    return {who for who, person in REVIEWERS.items() if role in person["roles"]} - {operator}


def test_every_brief_on_disk_arrives_once_under_its_own_key() -> None:
    on_disk = sorted(path.stem for path in (SAMPLE / "briefs").iterdir())
    assert sorted(arrival.name for arrival in ARRIVALS) == on_disk
    assert len({arrival.key for arrival in ARRIVALS}) == len(ARRIVALS)


def test_there_is_enough_of_every_kind() -> None:
    count = Counter(trait for arrival in ARRIVALS for trait in arrival.traits)
    least = {"wrong-recommendation": 4, "stale": 4, "urgent": 3, "hostile": 3, "confidential": 2}
    least |= {"no-recommendation": 4, "dual": 3, "long": 1, "german": 1, "cjk": 1}
    assert not {trait: count[trait] for trait in least if count[trait] < least[trait]}
    assert len(ARRIVALS) >= 34
    truths = {"approve", "modify", "reject", "need_info", "escalate"}
    assert {arrival.truth for arrival in ARRIVALS} == truths


def test_agents_and_policy_know_the_same_actions(policy: Policy) -> None:
    allowed = [action for agent in AGENTS.values() for action in agent["actions"]]
    assert sorted(allowed) == sorted(policy.actions)


def test_what_nobody_answers_comes_to_rest_with_the_desk_owner(policy: Policy) -> None:
    for pool in policy.pools:
        last = pool
        while senior := policy.pools[last].senior:
            last = senior
        assert last == policy.owner


@every_arrival
def test_its_agent_may_propose_it_and_somebody_must_look(arrival: Arrival, policy: Policy) -> None:
    action = arrival.brief.action
    assert action.type in AGENTS[arrival.brief.agent.name]["actions"]
    rule = policy.actions[action.type]
    assert action.reversibility == rule.reversibility
    tier = policy.risk.tier(rule.impact, action.reversibility)
    assert tier in {"soft_review", "hard_approval", "hard_stop"}
    assert len(eligible(policy, arrival)) >= (2 if "dual" in arrival.traits else 1)


@every_arrival
def test_a_ready_made_change_is_one_that_a_reviewer_may_make(arrival: Arrival) -> None:
    action = arrival.brief.action
    patches = [option.patch for option in arrival.brief.options if option.patch]
    for patch in patches:
        assert edit(action, patch).parameters == {**action.parameters, **patch}
    assert ("editable" in arrival.traits) == (action.editable is not None)


@every_arrival
def test_its_evidence_is_of_the_age_it_claims(arrival: Arrival) -> None:
    stale = [item.id for item in arrival.brief.evidence if item.stale_at(MOMENT)]
    assert bool(stale) == ("stale" in arrival.traits)
    times = [item.as_of for item in arrival.brief.evidence]
    times += [change.at for change in arrival.brief.provenance.history]
    assert max(*times, arrival.brief.provenance.at) < arrival.submitted


@every_arrival
def test_it_is_urgent_exactly_where_it_says_so(arrival: Arrival, policy: Policy) -> None:
    left = policy.actions[arrival.brief.action.type].sla / 60 - arrival.minutes_ago
    assert left > 0
    assert (left <= SESSION_MINUTES) == ("urgent" in arrival.traits)


@every_arrival
def test_the_truth_differs_from_the_advice_exactly_where_it_says_so(arrival: Arrival) -> None:
    advice = arrival.recommended()
    assert (advice is None) == ("no-recommendation" in arrival.traits)
    assert (advice not in (None, arrival.truth)) == ("wrong-recommendation" in arrival.traits)


@every_arrival
def test_its_evidence_holds_what_its_traits_promise(arrival: Arrival) -> None:
    evidence = arrival.brief.evidence
    assert 2 <= len(evidence) <= 7
    sensitive = {item.sensitivity for item in evidence} & {"confidential", "restricted"}
    assert bool(sensitive) == ("confidential" in arrival.traits)
    against = any(item.stance == "contradicts" for item in evidence)
    assert against == ("contradiction" in arrival.traits)
    longest = max(len((item.content or "").splitlines()) for item in evidence)
    assert (longest >= 60) == ("long" in arrival.traits)


@every_arrival
def test_it_is_hostile_exactly_where_it_says_so(arrival: Arrival) -> None:
    text = " ".join(" ".join(arrival.texts()).split("\n"))
    hostile = visible(text) != text or "ignore previous instructions" in text.lower()
    assert hostile == ("hostile" in arrival.traits)


@every_arrival
def test_it_is_written_in_the_language_it_says(arrival: Arrival) -> None:
    german = {"die", "das", "der"} & set(arrival.brief.question.lower().split())
    assert bool(german) == ("german" in arrival.traits)
    wide = any(unicodedata.east_asian_width(char) == "W" for char in "".join(arrival.texts()))
    assert wide == ("cjk" in arrival.traits)


@pytest.mark.parametrize(
    ("name", "field", "says"),
    [
        ("01-over-budget.json", "question", "Cut 19 words"),
        ("02-no-evidence.json", "evidence", "at least 1"),
        ("03-unknown-field.json", "urgency", "No such field"),
        ("04-not-a-number.json", "brief", "NaN"),
        ("05-newer-schema.json", "schema", "overread/brief/7"),
        ("06-not-json.json", "brief", "not JSON"),
    ],
)
def test_a_spoilt_brief_is_refused_with_its_fault(name: str, field: str, says: str) -> None:
    with pytest.raises(InvalidBrief) as refusal:
        parse_brief((SAMPLE / "rejected" / name).read_bytes())
    faults = refusal.value.faults
    assert any(fault.field == field and says in fault.problem for fault in faults), faults


TRANSCRIPTS = sorted((SAMPLE / "transcripts").iterdir())


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_ends_in_the_proposal_of_its_brief(path: Path) -> None:
    messages = json.loads(path.read_text("utf-8"))
    brief = parse_brief((SAMPLE / "briefs" / path.name).read_bytes())
    assert 8 <= len(messages) <= 25
    assert [message["role"] for message in messages[:2]] == ["system", "user"]
    (proposal,) = messages[-1]["tool_calls"]
    assert proposal["function"]["name"] == brief.action.type.replace(".", "_")
    assert json.loads(proposal["function"]["arguments"]) == brief.action.parameters


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_answers_each_call_with_the_facts_of_its_brief(path: Path) -> None:
    messages = json.loads(path.read_text("utf-8"))
    brief = parse_brief((SAMPLE / "briefs" / path.name).read_bytes())
    called = [call["id"] for message in messages for call in message.get("tool_calls", [])]
    results = {m["tool_call_id"]: m["content"] for m in messages if m["role"] == "tool"}
    assert list(results) == called[:-1]
    assert {item.content for item in brief.evidence} <= set(results.values())


def test_no_file_of_the_sample_can_touch_the_terminal_that_prints_it() -> None:
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    hidden = {
        path.name: char
        for path in files
        for char in path.read_text("utf-8")
        if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Co", "Zl", "Zp"}
    }
    assert hidden == {}

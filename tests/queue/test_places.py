"""Where a desk's files are found."""

from pathlib import Path

import pytest

from overread_queue.errors import InvalidRequest
from overread_queue.places import Places


def test_everything_stands_beside_the_database() -> None:
    places = Places.of("/srv/desks/payments.db")
    assert places.db == Path("/srv/desks/payments.db")
    assert places.policy_file == Path("/srv/desks/payments.trust/policy.toml")
    assert places.reviewers_file == Path("/srv/desks/payments.trust/reviewers.toml")
    assert places.agents_file == Path("/srv/desks/payments.trust/agents.toml")
    assert places.desk_file == Path("/srv/desks/payments.trust/desk.toml")
    assert places.desk_pub == Path("/srv/desks/payments.trust/desk.pub")
    assert places.key("ana") == Path("/srv/desks/payments.keys/ana")
    assert places.ledger_of("refund-agent") == Path("/srv/desks/payments.ledger/refund-agent.jsonl")


def test_the_environment_moves_trust_and_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERREAD_TRUST", "/etc/overread")
    monkeypatch.setenv("OVERREAD_KEYS", "/home/ana/.overread")
    places = Places.of("desk.db")
    assert places.desk_pub == Path("/etc/overread/desk.pub")
    assert places.key("desk") == Path("/home/ana/.overread/desk")
    assert places.ledger == Path("desk.ledger")


def test_an_empty_variable_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERREAD_TRUST", "")
    assert Places.of("desk.db").trust == Path("desk.trust")


@pytest.mark.parametrize("name", ["../desk", "a/b", "..", ".hidden", "", "ana\n", "a" * 65])
def test_a_key_name_cannot_leave_the_folder(name: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot name a key file"):
        Places.of("desk.db").key(name)


@pytest.mark.parametrize("agent", ["../../etc/cron", "a/b", "..", "team:refund-agent"])
def test_any_agent_name_gets_a_ledger_inside_the_folder(agent: str) -> None:
    places = Places.of("desk.db")
    assert places.ledger_of(agent).parent == places.ledger


def test_two_agents_never_share_a_ledger() -> None:
    places = Places.of("desk.db")
    assert places.ledger_of("a/b") != places.ledger_of("a%2Fb")

"""What was asked before is found again by its words, by whom it may be, until it is erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports import office, plant, with_lead
from factories import House, brief
from journey import assert_chain_whole, pass_time, raw, settle
from overread_briefs import Action, Step
from overread_queue.audit.verify import verify
from overread_queue.doctor import examine
from overread_queue.errors import InvalidRequest, NotAllowed, StoreError
from overread_queue.keeping.backup import backup
from overread_queue.models import Ticket
from overread_queue.searching.following import index_words
from overread_queue.store import driver, keeping


@pytest.fixture
def here(tmp_path: Path) -> House:
    return with_lead(tmp_path)


def asked(here: House, question: str, key: str, **changes: object) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(question).model_copy(update=changes), key=key)


def found(here: House, text: str, *, by: str = "lea", **limits: int) -> list[str]:
    """Questions, as they come."""
    with office(here, by) as person:
        return [hit.question for hit in person.search(text, **limits)]


# -- finding


def test_words_of_every_part_that_reviewers_see_find_it(here: House) -> None:
    step = Step(text="Telephoned the Hôtel")
    ticket = asked(here, "Refund the violin?", "a", accomplished=(step,))
    asked(here, "Refund the cello?", "b")
    for text in ("violin", "VIOLIN", "refund violin", "viol*", '"the violin"', "hotel", "violin?"):
        assert found(here, text) == ["Refund the violin?"], text
    assert found(here, "carrier scan") == ["Refund the cello?", "Refund the violin?"]
    assert found(here, "signed Keller") == []
    with office(here) as lea:
        (hit,) = lea.search("telephoned")
    assert (hit.id, hit.excerpt, hit.verdict) == (ticket.id, "[Telephoned] the Hôtel", None)


def test_the_newest_comes_first_and_no_more_than_asked_for(here: House) -> None:
    for turn in range(4):
        asked(here, f"Refund number {turn}?", f"k{turn}")
        pass_time(here, 60)
    now = here.clock.now()
    assert found(here, "refund", most=2) == ["Refund number 3?", "Refund number 2?"]
    assert found(here, "refund", since=now - 60_000) == ["Refund number 3?"]


@pytest.mark.parametrize("text", ["", "  ", "*", '""', "?!", '"', "(-)"])
def test_a_text_without_a_word_is_refused(here: House, text: str) -> None:
    with office(here) as lea, pytest.raises(InvalidRequest, match="at least one word"):
        lea.search(text)


@pytest.mark.parametrize(
    "text", ["NEAR(violin", "question : violin", "violin OR", "vio'lin--", "a AND", "^violin + x"]
)
def test_what_the_index_has_a_meaning_for_is_only_text(here: House, text: str) -> None:
    asked(here, "Refund the violin?", "a")
    assert found(here, text) == []


# -- by whom, and when


def test_reviewers_find_what_is_closed_in_their_pools_and_leads_everything(here: House) -> None:
    """What is open could be told from a blind test, which is never found."""
    ticket = asked(here, "Refund the violin?", "a")
    assert found(here, "violin", by="ana") == []
    assert found(here, "violin") == ["Refund the violin?"]
    settle(here, ticket, "reject", reviewer="ben")
    assert found(here, "violin", by="ana") == ["Refund the violin?"]
    assert found(here, "violin", by="olga") == []
    assert found(here, "violin") == ["Refund the violin?"]
    with here.desk("ben") as ben, here.desk("olga") as olga:
        assert [hit.agent for hit in ben.search("violin")] == ["refund-agent"]
        assert olga.search("violin") == ()


def test_reasons_are_found_once_it_is_closed(here: House) -> None:
    """Before, they would tell what is recommended."""
    evidence = brief().evidence[:2]
    ticket = asked(here, "Refund the violin?", "a", evidence=evidence)
    assert found(here, "loyal customer") == []
    settle(here, ticket, "reject", reason="the bow is missing")
    for text in ("loyal customer", "bow missing"):
        assert found(here, text) == ["Refund the violin?"]
    with office(here) as lea:
        assert [hit.verdict for hit in lea.search("violin")] == ["reject"]


def test_nothing_that_is_masked_is_ever_found(here: House) -> None:
    action = Action(
        type="payments.refund",
        parameters={"iban": "DE0212", "amount": 3},
        sensitive={"iban": "restricted"},
    )
    ticket = asked(here, "Pay the violin?", "a", action=action)
    asked(here, "Pay in secret?", "b", sensitivity="confidential")
    settle(here, ticket, "reject", reason="DE0212 is not theirs")
    assert found(here, "pay") == ["Pay the violin?"]
    assert found(here, "DE0212") == []
    with raw(here.path) as db:
        assert b"DE0212" not in b"".join(row[1] for row in db.execute("SELECT * FROM words_data"))


def test_a_blind_test_is_never_found(here: House) -> None:
    asked(here, "Refund the violin?", "a")
    plant(here, 1)
    assert found(here, "violin") == ["Refund the violin?"]


# -- in step


def test_the_sweep_keeps_it_in_step_each_event_once(here: House) -> None:
    for turn in range(3):
        asked(here, f"Refund number {turn}?", f"k{turn}")
    with here.desk() as ana:
        ana.sweep()
    with raw(here.path) as db:
        assert db.execute("SELECT count(*) FROM words").fetchone()[0] == 3
        head = db.execute("SELECT max(seq) FROM event").fetchone()[0]
        assert db.execute("SELECT seq FROM words_read").fetchone()[0] == head
    with office(here) as lea:
        assert index_words(lea._ground) == 0
        assert len(lea.search("refund")) == 3


def test_a_brief_that_somebody_damaged_keeps_nobody_elses_words_waiting(here: House) -> None:
    broken = asked(here, "Refund the violin?", "a")
    asked(here, "Refund the cello?", "b")
    with raw(here.path) as db:
        db.execute("DROP TRIGGER payload_brief_is_fixed")
        db.execute("UPDATE payload SET brief = x'7b7d' WHERE escalation = ?", (broken.id,))
    assert found(here, "refund") == ["Refund the cello?"]


def test_the_history_and_a_backup_do_not_mind_it(here: House, tmp_path: Path) -> None:
    asked(here, "Refund the violin?", "a")
    assert found(here, "violin") == ["Refund the violin?"]
    assert_chain_whole(here.path)
    with office(here) as lea:
        assert backup(lea._ground, tmp_path / "copy.db").report.whole


# -- erased, and damaged


@pytest.mark.parametrize("version", [driver.VERSION, (3, 40, 1)])
def test_what_is_erased_is_gone_from_the_index_and_its_files(
    here: House, version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "VERSION", version)
    tickets = [asked(here, f"Refund plugh{turn}zz?", f"k{turn}") for turn in range(6)]
    for ticket in tickets:
        settle(here, ticket, "reject", reason="no")
    assert len(found(here, "plugh*")) == 6
    with office(here) as lea:
        for ticket in tickets[::2]:
            assert lea.erase(ticket.id, reason="they asked")
    assert found(here, "plugh*") == [f"Refund plugh{turn}zz?" for turn in (5, 3, 1)]
    left = b"".join(path.read_bytes() for path in here.path.parent.glob("desk.db*"))
    assert [turn for turn in range(6) if b"plugh%dzz" % turn in left] == [1, 3, 5]
    with raw(here.path) as db:
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, row)")
        terms = db.execute("SELECT term FROM terms WHERE term LIKE '%lugh%zz'").fetchall()
        assert [row["term"] for row in terms] == ["plugh1zz", "plugh3zz", "plugh5zz"]
    assert verify(here.places).whole


def test_a_damaged_index_is_named_and_made_anew(here: House) -> None:
    asked(here, "Refund the violin?", "a")
    assert found(here, "violin") == ["Refund the violin?"]
    with raw(here.path) as db:
        db.execute("UPDATE words_data SET block = x'0000' WHERE id > 10")
    with office(here) as lea, pytest.raises(StoreError):
        lea.search("violin")
    (finding,) = [one for one in examine(here.path) if one.name in ("search", "database")]
    assert (finding.name, finding.level) == ("search", "fail")
    assert "overread search --renew" in finding.text
    with office(here, "ana") as ana, pytest.raises(NotAllowed):
        ana.renew_search()
    with office(here) as lea:
        assert lea.renew_search() == 1
    assert found(here, "violin") == ["Refund the violin?"]
    assert all(one.ok for one in examine(here.path) if one.name in ("database", "history"))

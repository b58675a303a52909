"""Whoever can write the file can do anything to its history, and the examination says what it was.

Each attack is made with SQL on a real desk's file, with the guards dropped and put back.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import House, brief, house
from histories import (
    asked,
    attack,
    checkpointed,
    copy_of,
    first_damage,
    length,
    rehash,
    written_history,
)
from journey import pass_time, raw, settle
from overread_queue.audit.anchor import Anchor
from overread_queue.audit.checkpoint import Checkpoint, sign
from overread_queue.audit.verify import verify
from overread_queue.doctor import examine
from overread_queue.ground import Ground
from overread_queue.trust.keys import generate, load_private
from two_people import ask, dual_house, say

AT = 9
"""An event in the middle of the history."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> House:
    return written_history(tmp_path_factory.mktemp("original"))


@pytest.fixture
def here(original: House, tmp_path: Path) -> House:
    return copy_of(original, tmp_path)


# -- nothing was done to it


def test_a_desk_at_work_hangs_together(here: House) -> None:
    report = verify(here.places)
    assert report.damage == ()
    assert report.events == length(here.path)
    assert report.last is not None


def test_checkpoints_are_signed_as_work_goes_on_and_kept_outside(here: House) -> None:
    """Every ten minutes or 64 events, by decisions and by the sweep; each is in both places."""
    outside = Anchor(here.places.checkpoints_file)
    before = len(list(outside.lines()))
    pass_time(here, 600)
    with here.agent() as queue:
        ticket = queue.submit(brief(amount=5), key="later")
    settle(here, ticket, "reject")
    by_decision = len(list(outside.lines()))
    pass_time(here, 600)
    with here.agent() as queue:
        queue.submit(brief(amount=6), key="latest")
    with here.desk() as ana:
        ana.sweep()
    lines = list(outside.lines())
    with raw(here.path) as db:
        inside = [row["line"] for row in db.execute("SELECT line FROM checkpoint ORDER BY id")]
    assert before < by_decision < len(lines)
    assert lines == inside


def test_sixty_four_events_make_a_checkpoint_due_at_once(here: House) -> None:
    before = len(list(Anchor(here.places.checkpoints_file).lines()))
    with here.desk() as ana:
        with here.agent() as queue:
            ticket = queue.submit(brief(amount=7), key="much")
        for _ in range(64):
            ana.comment(ticket.id, "still looking")
    assert len(list(Anchor(here.places.checkpoints_file).lines())) == before + 1


def test_a_line_that_a_crash_cut_short_is_cleared_away(here: House) -> None:
    with here.places.checkpoints_file.open("ab") as file:
        file.write(b'{"at":17950000')
    with here.agent() as queue:
        queue.submit(brief(amount=8), key="next")
    checkpointed(here)
    assert verify(here.places).whole


def test_a_crash_between_the_commit_and_the_copy_outside_costs_nothing(here: House) -> None:
    """The database then has a line that the file lacks; the next one is in both."""
    asked(here)
    ground = Ground(here.places, here.clock)
    with ground.store.write() as tx:
        lost = ground.keeper.write(tx, here.clock.now())
    ground.close()
    assert lost is not None
    assert lost.line not in set(Anchor(here.places.checkpoints_file).lines())
    assert verify(here.places).whole
    asked(here, "more")
    checkpointed(here)
    assert verify(here.places).damage == ()


def test_rows_planted_beside_the_checkpoints_stop_nobody(here: House) -> None:
    """They are no checkpoints, and the numbers they take keep no true one out."""
    with raw(here.path) as db:
        for seq in range(1, 60):
            db.execute("INSERT INTO checkpoint (seq, line) VALUES (?, x'00')", (seq,))
    asked(here)
    checkpointed(here)
    report = verify(here.places)
    assert {one.kind for one in report.damage} == {"checkpoint_forged"}
    assert report.last is not None
    assert report.last.seq == report.events


def test_a_trust_folder_that_cannot_be_written_costs_no_decision(here: House) -> None:
    file = here.places.checkpoints_file
    lines = file.read_bytes()
    file.unlink()
    file.mkdir()
    pass_time(here, 600)
    with here.agent() as queue:
        ticket = queue.submit(brief(amount=9), key="blocked")
        settle(here, ticket, "reject")
        assert queue.wait(ticket, timeout=0)
    file.rmdir()
    file.write_bytes(lines)
    assert verify(here.places).whole


def test_two_people_who_sign_one_after_the_other_hang_together(tmp_path: Path) -> None:
    """An opinion is signed like a decision, and is none."""
    desk = dual_house(tmp_path / "dual")
    ticket = ask(desk)
    say(desk, ticket, "ana")
    assert verify(desk.places).damage == ()
    say(desk, ticket, "ben")
    assert verify(desk.places).damage == ()
    attack(desk.path, "DELETE FROM opinion")
    assert {one.kind for one in verify(desk.places).damage} == {"decision_removed"}


# -- one event


SAME = "UPDATE event SET {} WHERE seq = 9"
EDITS = (
    SAME.format("detail = '{}'"),
    SAME.format("actor = 'reviewer:ben'"),
    SAME.format("at = at + 1"),
    SAME.format("kind = 'refused:Tampered'"),
    SAME.format("agent = NULL"),
    SAME.format("detail = 'no json'"),
    SAME.format('detail = \'{"a":1,"a":2}\''),
    SAME.format("detail = '[]'"),
    SAME.format("detail = '" + "[" * 500 + "'"),
    SAME.format("detail = CAST(x'ff' AS TEXT)"),
    SAME.format("at = 9223372036854775807"),
    SAME.format("hash = '" + "é" * 64 + "'"),
    SAME.format("previous = '" + "f" * 64 + "'"),
)


@pytest.mark.parametrize("statement", EDITS, ids=range(len(EDITS)))
def test_an_edited_event(here: House, statement: str) -> None:
    attack(here.path, statement)
    assert first_damage(verify(here.places)) == ("edited", AT)


def test_an_edited_event_with_its_hash_computed_anew(here: House) -> None:
    attack(here.path, "UPDATE event SET actor = 'reviewer:ben' WHERE seq = 9")
    rehash(here.path, AT, AT)
    assert first_damage(verify(here.places)) == ("edited", AT)


@pytest.mark.parametrize("renumbered", [False, True])
@pytest.mark.parametrize("at", [1, AT])
def test_a_removed_event(here: House, at: int, renumbered: bool) -> None:
    steps = [f"DELETE FROM event WHERE seq = {at}"]
    if renumbered:
        steps += [
            f"UPDATE event SET seq = -seq WHERE seq > {at}",
            "UPDATE event SET seq = -seq - 1 WHERE seq < 0",
        ]
    attack(here.path, *steps)
    assert first_damage(verify(here.places)) == ("removed", at)


@pytest.mark.parametrize("consistent", [False, True])
def test_an_inserted_event(here: House, consistent: bool) -> None:
    attack(
        here.path,
        f"UPDATE event SET seq = -seq WHERE seq >= {AT}",
        "UPDATE event SET seq = -seq + 1 WHERE seq < 0",
        f"INSERT INTO event SELECT {AT}, at, actor, 'planted', agent, run, escalation, '{{}}',"
        f" hash, '{'e' * 64}' FROM event WHERE seq = {AT - 1}",
    )
    if consistent:
        rehash(here.path, AT, AT)
    assert first_damage(verify(here.places)) == ("inserted", AT)


@pytest.mark.parametrize("other", [AT + 1, AT + 4])
def test_two_events_that_changed_places(here: House, other: int) -> None:
    attack(
        here.path,
        f"UPDATE event SET seq = -1 WHERE seq = {AT}",
        f"UPDATE event SET seq = {AT} WHERE seq = {other}",
        f"UPDATE event SET seq = {other} WHERE seq = -1",
    )
    assert first_damage(verify(here.places)) == ("reordered", AT)


# -- the whole history


def test_a_tail_that_was_cut_off(here: House) -> None:
    checkpointed(here)
    last = length(here.path)
    attack(here.path, f"DELETE FROM event WHERE seq > {last - 2}")
    assert first_damage(verify(here.places)) == ("truncated", last - 1)


def test_a_tail_cut_off_before_a_checkpoint_is_told_by_the_decisions(here: House) -> None:
    """A decision names the event that it followed."""
    outside = Anchor(here.places.checkpoints_file)
    newest = json.loads(outside.last() or b"{}")["seq"]
    attack(here.path, f"DELETE FROM event WHERE seq > {newest}")
    assert ("rewritten", newest + 1) == first_damage(verify(here.places))


def test_a_history_rewritten_so_that_it_hangs_together(here: House) -> None:
    """Only a signed head from outside can tell, and it says between which events to look."""
    checkpointed(here)
    attack(here.path, "UPDATE event SET actor = 'reviewer:ben' WHERE seq = 9")
    rehash(here.path, AT)
    kind, seq = first_damage(verify(here.places))
    assert kind == "rewritten"
    assert seq is not None
    assert seq <= AT


def test_a_rewritten_history_with_new_checkpoints_of_its_own(here: House, tmp_path: Path) -> None:
    """The forger signs with a key of their own; the desk's file outside still has the true one."""
    checkpointed(here)
    attack(here.path, "UPDATE event SET actor = 'x' WHERE seq = 9", "DELETE FROM checkpoint")
    rehash(here.path, AT)
    generate(tmp_path / "forger", "forger")
    with raw(here.path) as db:
        seq, hash = db.execute("SELECT seq, hash FROM event ORDER BY seq DESC").fetchone()
        desk = db.execute("SELECT id FROM desk").fetchone()["id"]
        forged = sign(
            Checkpoint(desk=desk, seq=seq, hash=hash, at=1), load_private(tmp_path / "forger")
        )
        db.execute("INSERT INTO checkpoint (seq, line) VALUES (?, ?)", (seq, forged.line))
    kinds = {one.kind for one in verify(here.places).damage}
    assert kinds == {"rewritten", "checkpoint_forged", "checkpoint_removed"}


def test_checkpoints_that_somebody_kept_elsewhere(here: House, tmp_path: Path) -> None:
    """Also where the trust folder was in the attacker's hands."""
    checkpointed(here)
    kept = tmp_path / "kept"
    kept.write_bytes(here.places.checkpoints_file.read_bytes())
    attack(here.path, "UPDATE event SET actor = 'x' WHERE seq = 9", "DELETE FROM checkpoint")
    here.places.checkpoints_file.unlink()
    rehash(here.path, AT)
    alone = {one.kind for one in verify(here.places).damage}
    helped = {one.kind for one in verify(here.places, kept=kept).damage}
    assert helped - alone == {"checkpoint_removed"}
    assert "rewritten" in helped


def test_a_file_of_checkpoints_that_is_gone(here: House) -> None:
    here.places.checkpoints_file.unlink()
    assert first_damage(verify(here.places))[0] == "checkpoint_removed"


COLUMNS = ("at", "actor", "kind", "detail", "previous", "hash")


@pytest.mark.parametrize("seq", [1, 5, 12])
@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_event_can_be_changed_unseen(here: House, column: str, seq: int) -> None:
    attack(
        here.path,
        "PRAGMA ignore_check_constraints = ON",
        f"UPDATE event SET {column} = {column} || '0' WHERE seq = {seq}",
    )
    assert first_damage(verify(here.places)) == ("edited", seq)


def test_a_checkpoint_of_another_desk_vouches_for_nothing(here: House, tmp_path: Path) -> None:
    other = house(tmp_path / "other")
    report = verify(here.places, kept=other.places.checkpoints_file)
    assert [one.kind for one in report.damage] == ["checkpoint_forged"]


def history(here: House) -> tuple[str, str]:
    (found,) = (one for one in examine(here.path) if one.name == "history")
    return found.level, found.text


def test_the_doctor_says_whether_the_history_is_signed(here: House) -> None:
    assert history(here)[0] == "ok"
    with raw(here.path) as db:
        db.execute("CREATE TRIGGER plant AFTER INSERT ON event BEGIN SELECT 1; END")
    assert history(here) == (
        "fail",
        "plant: missing, planted, or not as Overread made it; run `overread audit verify`",
    )
    with raw(here.path) as db:
        db.execute("DROP TRIGGER plant")
    here.places.checkpoints_file.write_bytes(b"not signed\n")
    assert history(here)[0] == "fail"


def test_progress_is_told_for_a_long_chain(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overread_queue.audit.verify.TOLD_EVERY", 5)
    told: list[tuple[int, int]] = []
    verify(here.places, progress=lambda done, total: told.append((done, total)))
    last = length(here.path)
    assert told == [(done, last) for done in range(5, last + 1, 5)]

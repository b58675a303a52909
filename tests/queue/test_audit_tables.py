"""What the tables say against what the events say, and tables that are not those of a desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from histories import attack, copy_of, written_history
from journey import raw
from overread_queue.audit.verify import verify


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> House:
    return written_history(tmp_path_factory.mktemp("original"))


@pytest.fixture
def here(original: House, tmp_path: Path) -> House:
    return copy_of(original, tmp_path)


# -- what the tables say


CONTRADICTIONS = {
    "a decision that nobody made": (
        "INSERT INTO decision SELECT (SELECT id FROM escalation WHERE key = 'taken-back'), 2,"
        " verdict, option, signer, 'n2', x'00', signature, released_at FROM decision LIMIT 1",
        {"decision_unexplained", "decision_forged"},
    ),
    "a decision that was removed": (
        "DELETE FROM decision WHERE verdict = 'approve'",
        {"decision_removed"},
    ),
    "a decision that was exchanged": (
        "UPDATE decision SET envelope = (SELECT envelope FROM decision WHERE verdict = 'reject'),"
        " signature = (SELECT signature FROM decision WHERE verdict = 'reject')"
        " WHERE verdict = 'approve'",
        {"decision_unexplained", "decision_removed"},
    ),
    "a state that no event led to": (
        "UPDATE escalation SET state = 'SUPERSEDED' WHERE key = 'refused'",
        {"state_unexplained"},
    ),
    "a run that no event moved": ("UPDATE run SET state = 'FAILED'", {"state_unexplained"}),
    "another brief": ("UPDATE payload SET brief = x'7b7d'", {"brief_altered"}),
    "no brief": ("UPDATE payload SET brief = NULL", {"brief_altered"}),
    "another policy": ("UPDATE policy SET body = x'00'", {"policy_altered"}),
    "an escalation that is gone": (
        "DELETE FROM escalation WHERE key = 'refused'",
        {"state_unexplained"},
    ),
    "a planted trigger": (
        "CREATE TRIGGER plant AFTER INSERT ON event BEGIN SELECT 1; END",
        {"schema_altered"},
    ),
    "a planted view": ("CREATE VIEW wait AS SELECT 1", {"schema_altered"}),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_tables_that_contradict_the_events(here: House, name: str) -> None:
    statement, kinds = CONTRADICTIONS[name]
    attack(here.path, statement)
    report = verify(here.places)
    assert {one.kind for one in report.damage} == kinds


def test_guards_that_were_dropped(here: House) -> None:
    with raw(here.path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
    report = verify(here.places)
    assert [(one.kind, "event_is_fixed" in one.text) for one in report.damage] == [
        ("schema_altered", True)
    ]


LOOSE = "CREATE TABLE event (seq, at, actor, kind, agent, run, escalation, detail, previous, hash)"


def rebuilt(path: Path, *values: object) -> None:
    """The table made again without its checks, and one row of the attacker's own at the end."""
    with raw(path) as db:
        for table in ("event_follows", "event_is_fixed", "event_stays"):
            db.execute(f"DROP TRIGGER {table}")
        db.execute("ALTER TABLE event RENAME TO old")
        db.execute(LOOSE)
        db.execute("INSERT INTO event SELECT * FROM old")
        db.execute("DROP TABLE old")
        db.execute(f"INSERT INTO event VALUES ({', '.join('?' * 10)})", values)


POISON: tuple[tuple[object, ...], ...] = (
    (9, 1, "a", "b", None, None, None, "{}", "x", "y"),
    (None,) * 10,
    (b"\xff",) * 10,
    ("9",) * 10,
    (1.5,) * 10,
    (10**6, 1, "a", "b", None, None, None, "{}", "x", "y"),
    (-1, 1, "a", "b", None, None, None, "{}", "x", "y"),
)


@pytest.mark.parametrize("values", POISON)
def test_a_table_made_again_without_its_checks(here: House, values: tuple[object, ...]) -> None:
    """Whatever is in it, it is named and nothing crashes."""
    rebuilt(here.path, *values)
    kinds = {one.kind for one in verify(here.places).damage}
    assert "schema_altered" in kinds
    assert kinds & {"edited", "inserted", "removed"}


def test_a_table_that_lost_a_column(here: House) -> None:
    with raw(here.path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
        db.execute("ALTER TABLE event RENAME COLUMN detail TO remark")
    assert "unreadable" in {one.kind for one in verify(here.places).damage}


def test_pages_overwritten_with_rubbish(here: House) -> None:
    """Either the file cannot be opened as a desk at all, or what cannot be read is named."""
    with raw(here.path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page: int = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'event'"
        ).fetchone()[0]
        size: int = db.execute("PRAGMA page_size").fetchone()[0]
    with here.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
    report = verify(here.places)
    assert "unreadable" in {one.kind for one in report.damage}

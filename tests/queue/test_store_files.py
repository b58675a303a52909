"""What can be wrong with a database is told apart, said plainly, and loses nothing."""

from __future__ import annotations

import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import kinds, pick_up, raw
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.errors import (
    LeaseLost,
    NewerSchema,
    NoDesk,
    NotADesk,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreReplaced,
)
from overread_queue.places import Places
from overread_queue.store import Store
from overread_queue.store.events import Event


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def store(here: House) -> Iterator[Store]:
    opened = Store(here.path, busy_seconds=0.05)
    yield opened
    opened.close()


def note(store: Store, kind: str = "noted") -> None:
    with store.write() as tx:
        tx.events.add(Event(kind, "desk", 1))


# -- exchanged while it is open


@pytest.mark.parametrize("exchanged", ["moved away", "replaced", "deleted"])
def test_nothing_is_written_into_a_file_that_is_no_longer_the_desk(
    here: House, exchanged: str
) -> None:
    """A restored backup, say, under an open console: what it wrote would be in no file."""
    leaving = pytest.raises(StoreReplaced)  # The end of a session is something to write, too.
    with here.agent() as queue, leaving, here.desk() as ana:
        queue.submit(brief())
        aside = here.path.with_name("aside.db")
        if exchanged == "replaced":
            aside.write_bytes(here.path.read_bytes())
            aside.replace(here.path)
        elif exchanged == "deleted":
            here.path.unlink()
        else:
            here.path.rename(aside)
        for call in (lambda: queue.submit(brief(amount=2)), ana.version, ana.sweep):
            with pytest.raises(StoreReplaced, match="nothing was written"):
                call()


def test_a_desk_opened_again_after_it_was_replaced_is_a_desk(here: House, store: Store) -> None:
    note(store)
    aside = here.path.with_name("aside.db")
    with raw(here.path) as db:
        db.execute("VACUUM INTO ?", (str(aside),))
    for side in ("-wal", "-shm"):
        here.path.with_name(here.path.name + side).unlink(missing_ok=True)
    aside.replace(here.path)
    with pytest.raises(StoreReplaced):
        note(store)
    assert kinds(here.path).count("noted") == 1
    again = Store(here.path)
    note(again)
    again.close()
    assert kinds(here.path).count("noted") == 2


# -- told apart on opening


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(NoDesk, match=f"overread init --db {tmp_path}/none.db"):
        Store(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("content", [b"", b"hello, I am a letter\n" * 300])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(NotADesk):
        Store(path)
    assert path.read_bytes() == content


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotADesk):
        Store(tmp_path)


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with raw(path) as db:
        db.execute("CREATE TABLE note (text)")
    with pytest.raises(NotADesk):
        Store(path)


def test_a_desk_without_its_identity(here: House) -> None:
    with raw(here.path) as db:
        db.execute("DELETE FROM desk")
    with pytest.raises(NotADesk):
        here.agent()


def test_a_newer_programs_desk(here: House) -> None:
    with raw(here.path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchema, match="99"):
        Store(here.path)


def test_a_file_that_cannot_be_written(here: House) -> None:
    with _immutable(here.path), pytest.raises(StoreReadOnly):
        note(Store(here.path))
    note_after = Store(here.path)
    note(note_after)
    note_after.close()


@contextmanager
def _immutable(path: Path) -> Iterator[None]:
    """Not even root may write it, unlike a mode of 0400."""
    done = subprocess.run(["chattr", "+i", str(path)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("chattr +i is not to be had here, and root writes whatever the mode says")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(path)], check=True)


def test_only_its_owner_can_read_a_desk(here: House) -> None:
    with here.agent() as queue:
        queue.submit(brief())
        for file in here.path.parent.glob("desk.db*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


# -- told apart at work


def test_an_older_program_stops_at_the_write(here: House, store: Store) -> None:
    """The version is read inside the write: an upgrade while it was open is seen in time."""
    with here.agent() as queue:
        with raw(here.path) as db:
            db.execute("PRAGMA user_version = 2")
        with pytest.raises(NewerSchema, match="upgrade"):
            note(store)
        with pytest.raises(NewerSchema):
            queue.submit(brief())
    with raw(here.path) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone()[0] == 1


def test_another_program_holds_the_lock(here: House, store: Store) -> None:
    with raw(here.path) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match=r"0\.05 s"):
            note(store)
        with store.read() as tx:
            assert tx.events.head()[0] == 1
        db.execute("ROLLBACK")
    note(store)
    assert kinds(here.path) == ["made", "noted"]


def test_a_short_lock_is_waited_for(here: House) -> None:
    patient = Store(here.path, busy_seconds=60)
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with raw(here.path) as db:
            db.execute("BEGIN IMMEDIATE")
            held.set()
            free.wait()
            db.execute("COMMIT")

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    threading.Timer(0.02, free.set).start()
    note(patient)
    holder.join()
    patient.close()
    assert kinds(here.path) == ["made", "noted"]


def test_a_writer_gets_its_turn_while_others_keep_writing(here: House) -> None:
    """Starved of the lock it would end with `StoreBusy`."""
    others, wanted = 5, 20
    going, done = threading.Barrier(others + 1), threading.Event()

    def keep_writing(name: str) -> None:
        own = Store(here.path, busy_seconds=60)
        note(own, name)
        going.wait(timeout=60)
        while not done.is_set():
            note(own, name)
        own.close()

    threads = [threading.Thread(target=keep_writing, args=(f"w{n}",)) for n in range(others)]
    for thread in threads:
        thread.start()
    patient = Store(here.path, busy_seconds=30)
    going.wait(timeout=60)
    try:
        for _ in range(wanted):
            note(patient, "mine")
    finally:
        done.set()
        for thread in threads:
            thread.join()
        patient.close()
    seen = kinds(here.path)[1:]
    assert seen.count("mine") == wanted
    assert set(seen) == {"mine", *(f"w{n}" for n in range(others))}


def test_opening_and_closing_at_once_is_never_busy(here: House) -> None:
    """The first to open recovers the log and the last to close clears it: others wait for them."""
    rounds, doors = 25, 8
    start = threading.Barrier(doors)
    opened: list[int] = []

    def open_and_close() -> None:
        for _ in range(rounds):
            start.wait(timeout=60)
            store = Store(here.path)
            with store.read() as tx:
                opened.append(tx.events.head()[0])
            store.close()

    threads = [threading.Thread(target=open_and_close) for _ in range(doors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [1] * rounds * doors


def test_one_store_serves_several_threads(here: House, store: Store) -> None:
    threads = [threading.Thread(target=note, args=(store,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds(here.path).count("noted") == 8


def test_a_full_disk_refuses_the_large_and_lets_people_decide(here: House) -> None:
    """What did not fit left no trace; a refusal is still its own error, and a reviewer goes on."""
    with here.agent() as queue, here.desk() as ana, here.desk("ben") as ben:
        ticket = queue.submit(brief())
        review = pick_up(ana, ticket)
        for ground in (queue._transport._ground, ana._ground, ben._ground):
            _limit(ground.store, spare_pages=12)
        with pytest.raises(StoreFull, match="nothing was written"):
            queue.submit(brief(amount=1), key="large", checkpoint="x" * 1_000_000)
        with pytest.raises(LeaseLost):
            ben.claim(ticket.id)
        ana.decide(review, option="reject", reason="no")
        assert queue.wait(ticket, timeout=0)
    with here.agent() as queue:
        assert len(queue.escalations()) == 1
    store = Store(here.path)
    assert store.integrity() == ()
    store.close()


def _limit(store: Store, *, spare_pages: int) -> None:
    """The limit is per connection, so it can only be set on the store's own."""
    connection = store._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + spare_pages}")


def test_a_refusal_is_not_hidden_by_a_full_disk(here: House) -> None:
    with here.agent() as queue, here.desk("ben") as ben:
        ticket = queue.submit(brief())
        ben.claim(ticket.id)
        _limit(ben._ground.store, spare_pages=0)
        with pytest.raises(StoreFull):
            _fill_up(ben, ticket.id)
        for _ in range(50):
            with pytest.raises(LeaseLost):
                ben.claim(ticket.id)
        _limit(ben._ground.store, spare_pages=1000)


def _fill_up(desk: ReviewDesk, id: str) -> None:
    for _ in range(500):
        desk.comment(id, "x" * 2000)


def test_damage_is_named(here: House) -> None:
    with here.agent() as queue:
        for amount in range(1, 30):
            queue.submit(brief(amount=amount))
    with raw(here.path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page_size = db.execute("PRAGMA page_size").fetchone()[0]
    with here.path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        for page in range(2, size // page_size, 2):
            file.seek(page * page_size)
            file.write(b"\xa5" * page_size)
    with pytest.raises(StoreCorrupt, match="restore a backup"):
        _look_and_submit(here)


def _look_and_submit(here: House) -> None:
    with here.agent() as queue:
        queue.escalations()
        queue.submit(brief(amount=99))


# -- all or nothing


def test_an_exception_leaves_no_trace(here: House, store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_midway(store)
    assert kinds(here.path) == ["made"]
    note(store)


def _fail_midway(store: Store) -> None:
    with store.write() as tx:
        tx.events.add(Event("half", "desk", 1))
        raise ZeroDivisionError


def test_an_error_of_the_driver_never_leaves_the_store(here: House) -> None:
    with raw(here.path) as db:
        db.execute("DROP TABLE inbox")
    with here.desk() as ana, pytest.raises(StoreError, match="inbox"):
        ana.sweep()


def test_the_driver_runs_with_what_was_promised(here: House, store: Store) -> None:
    asked = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
    }
    connection = store._connection
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked}
    assert found == asked


def test_a_desk_is_made_once_and_whole(here: House) -> None:
    with AgentQueue.open(here.path, agent="refund-agent") as queue:
        assert queue.escalations() == ()
    assert not list(here.path.parent.glob(".desk.db*"))
    assert Places.of(here.path).key("desk").exists()

"""What fails below the desk is told apart, in its own words, and a person can still refuse."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import kinds, pick_up, raw
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.clock import ManualClock
from overread_queue.errors import (
    NetworkDisk,
    NewerSchema,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreReplaced,
    TooManyFiles,
)
from overread_queue.models import Review
from overread_queue.places import Places
from overread_queue.store import Store, reserve
from overread_queue.store.mounts import file_system, refuse_network
from small_disks import disk_of, fill


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


# -- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "disk", megabytes=4) as disk:
        yield disk


def with_reserve(disk: Path) -> House:
    """A desk made while there was room; so small a disk gets its reserve by hand."""
    desk = house(disk)
    path = reserve.reserve_of(desk.path)
    path.write_bytes(bytes(reserve.SIZE))
    return desk


def talk(desk: ReviewDesk, review: Review) -> None:
    """Until there is no room for another word."""
    for _ in range(1000):
        desk.comment(review.item, "x" * 2000)


def test_on_a_full_disk_a_reviewer_can_still_refuse(small_disk: Path) -> None:
    desk = with_reserve(small_disk)
    with desk.agent() as queue, desk.desk() as ana:
        tickets = [queue.submit(brief(amount=n), key=f"k{n}") for n in range(1, 6)]
        reviews = [pick_up(ana, ticket) for ticket in tickets]
        log = fill(small_disk)
        with pytest.raises(StoreFull, match="nothing was written"):
            queue.submit(brief(amount=9), key="new")
        with pytest.raises(StoreFull, match="do it again now"):
            talk(ana, reviews[0])
        for review in reviews:
            ana.decide(review, option="reject", reason="not now")
        for ticket in tickets:
            decision = queue.poll(ticket)
            assert decision is not None
            assert decision.verdict == "reject"
        with pytest.raises(StoreFull):
            queue.submit(brief(amount=9), key="new")
        log.unlink()
        queue.submit(brief(amount=9), key="new")
    store = Store(desk.path)
    assert store.integrity() == ()
    store.close()


def test_agents_leave_the_last_of_the_disk_to_people(small_disk: Path) -> None:
    desk = house(small_disk)
    with desk.agent() as queue:
        ticket = queue.submit(brief(), key="known")
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(reserve.free(desk.path) - reserve.SIZE // 2))
        for call in (
            lambda: queue.submit(brief(amount=2), key="new"),
            lambda: queue.propose(brief().action),
        ):
            with pytest.raises(StoreFull):
                call()
        assert queue.submit(brief(), key="known").id == ticket.id
        with raw(desk.path) as db:
            data = brief(amount=3).to_bytes()
            db.execute(
                "INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', 'q', ?)", (data,)
            )
        with desk.desk() as ana:
            ana.sweep()
            with raw(desk.path) as db:
                assert db.execute("SELECT state FROM inbox").fetchone()[0] == "new"
            ana.decide(pick_up(ana, ticket), option="reject", reason="no")
        ballast.unlink()
        with desk.desk() as ana:
            ana.sweep()
        with raw(desk.path) as db:
            assert db.execute("SELECT state FROM inbox").fetchone()[0] == "accepted"


def test_the_sweep_lays_the_reserve_in_again_where_there_is_room(here: House) -> None:
    path = reserve.reserve_of(here.path)
    assert path.stat().st_blocks * 512 >= reserve.SIZE
    assert reserve.give_up(here.path)
    assert not reserve.give_up(here.path)
    with here.desk() as ana:
        ana.sweep()
    assert path.stat().st_size == reserve.SIZE


def test_no_reserve_is_laid_in_where_it_would_fill_the_disk(small_disk: Path) -> None:
    desk = house(small_disk)
    assert not reserve.reserve_of(desk.path).exists()


# -- out of file handles


@contextmanager
def few_files() -> Iterator[None]:
    """No more than are open now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(open_now.name) for open_now in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
    spare = []
    try:
        while True:
            try:
                spare.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                break
        yield
    finally:
        for handle in spare:
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_out_of_file_handles_is_not_taken_for_a_missing_or_a_locked_file(here: House) -> None:
    with here.agent() as queue:
        with few_files():
            for call in (here.agent, here.desk, lambda: Store(here.path)):
                with pytest.raises(TooManyFiles, match="ulimit -n"):
                    call()
        queue.submit(brief())
    assert kinds(here.path).count("submitted") == 1


def test_a_desk_that_is_open_loses_nothing_without_a_handle_to_spare(here: House) -> None:
    """What a reviewer at work needs is open. What has to be read from a file first is refused by
    name, a review to be opened as much as an answer to be checked, and is there again later."""
    with here.agent() as queue, here.desk() as ana:
        first = queue.submit(brief(), key="a")
        second = queue.submit(brief(amount=2), key="b")
        opened, claimed = pick_up(ana, first), ana.claim(second.id)
        with few_files():
            ana.decide(opened, option="reject", reason="no")
            with pytest.raises(TooManyFiles):
                queue.wait(first, timeout=0)
            with pytest.raises(TooManyFiles):
                ana.open(claimed)
        assert queue.wait(first, timeout=0)
        ana.decide(ana.open(claimed), option="reject", reason="no")
        assert queue.wait(second, timeout=0)


# -- somebody else's file


def as_nobody(path: Path) -> str:
    """What the user `nobody` gets to hear who opens the desk."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            Store(path).close()
            said = "opened"
        except StoreError as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_a_file_that_another_user_may_not_write(mode: int) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        desk = house(Path(folder))
        desk.path.chmod(mode)
        assert as_nobody(desk.path).startswith("StoreReadOnly: ")
        assert "cannot be written" in as_nobody(desk.path)
        with desk.agent() as queue:
            queue.submit(brief())


# -- damage


def damage(path: Path, table: str) -> None:
    with raw(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page: int = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


@pytest.mark.parametrize("table", ["escalation", "event", "payload", "run"])
def test_a_damaged_page_is_named_and_nothing_is_written_over_it(here: House, table: str) -> None:
    with here.agent() as queue:
        queue.submit(brief())
    damage(here.path, table)
    before = here.path.read_bytes()
    with pytest.raises(StoreCorrupt, match="restore a backup"), here.agent() as queue:
        queue.submit(brief(amount=2), key="next")
    assert here.path.read_bytes() == before


# -- another file, another program


@pytest.mark.parametrize("exchanged", ["moved away", "replaced"])
def test_nobody_reads_on_in_a_file_that_is_no_longer_the_desk(here: House, exchanged: str) -> None:
    """An agent would wait for ever for a decision that is recorded in another file."""
    ticket_of = here.agent()
    ticket = ticket_of.submit(brief())
    aside = here.path.with_name("aside.db")
    if exchanged == "replaced":
        aside.write_bytes(here.path.read_bytes())
        aside.replace(here.path)
    else:
        here.path.rename(aside)
    for call in (
        lambda: ticket_of.poll(ticket),
        lambda: ticket_of.wait(ticket, timeout=5),
        lambda: ticket_of.status(ticket),
        ticket_of.escalations,
        ticket_of.pressure,
        ticket_of.rollback_due,
    ):
        with pytest.raises(StoreReplaced):
            call()
    ticket_of.close()


def test_an_older_program_does_not_read_on_either(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        with raw(here.path) as db:
            db.execute("PRAGMA user_version = 2")
        for call in (lambda: queue.poll(ticket), queue.escalations):
            with pytest.raises(NewerSchema, match="upgrade"):
                call()


# -- another machine's disk


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /mnt/team\\040files nfs4 rw 0 0
//box/share /mnt/share cifs rw 0 0
/dev/sdb1 /mnt/share/local xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/desk.db", "ext4"),
        ("/mnt/team files/desk.db", "nfs4"),
        ("/mnt/team/desk.db", "ext4"),
        ("/mnt/share/desk.db", "cifs"),
        ("/mnt/share/local/desk.db", "xfs"),
    ],
)
def test_the_file_system_is_that_of_the_longest_mount(tmp_path: Path, path: str, kind: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(MOUNTS)
    assert file_system(Path(path), mounts=table) == kind
    if kind in ("nfs4", "cifs"):
        with pytest.raises(NetworkDisk, match=kind):
            refuse_network(Path(path), mounts=table)
    else:
        refuse_network(Path(path), mounts=table)


def test_where_the_kernel_tells_nothing_nothing_is_refused(tmp_path: Path) -> None:
    nothing = tmp_path / "no such table"
    assert file_system(tmp_path, mounts=nothing) == ""
    refuse_network(tmp_path / "desk.db", mounts=nothing)


def test_a_real_mount_is_told_from_the_disk_around_it(small_disk: Path) -> None:
    assert file_system(small_disk / "desk.db") == "tmpfs"
    assert file_system(small_disk.parent / "desk.db") != "tmpfs"


# -- every name at once


def test_every_failure_of_the_store_says_what_is_safe_and_what_to_do() -> None:
    said = {
        StoreReadOnly("d"): "cannot be written",
        StoreFull("d"): "Free some space and try again",
        StoreFull("d", freed=True): "do it again now",
        StoreCorrupt("d", "x"): "restore a backup",
        StoreReplaced("d"): "Open the desk again",
        TooManyFiles("d"): "ulimit -n",
        NetworkDisk("d", "nfs"): "move the desk",
        NewerSchema("d", found=2, known=1): "upgrade Overread",
    }
    for error, remedy in said.items():
        assert isinstance(error, StoreError)
        assert remedy in str(error)


def test_an_agent_that_is_told_of_a_failure_can_go_on_afterwards(tmp_path: Path) -> None:
    desk = house(tmp_path, clock=ManualClock(1_795_000_000_000))
    away = desk.path.with_name("away.db")
    desk.path.rename(away)
    with pytest.raises(StoreError):
        AgentQueue.open(desk.path, agent="refund-agent")
    away.rename(desk.path)
    with AgentQueue.open(desk.path, agent="refund-agent", clock=desk.clock) as queue:
        queue.submit(brief())
    assert Places.of(desk.path).db.exists()

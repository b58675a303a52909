"""The agents' memory of used decisions: across restarts, crashes, processes and threads."""

import json
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from factories import LONG_ENOUGH
from overread_queue.errors import InvalidRequest, Replayed, StoreReadOnly, Tampered
from overread_queue.trust.ledger import Ledger

ONE, TWO = "1" * 32, "2" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.ledger" / "refund-agent.jsonl"


def states(path: Path) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [(line["nonce"], line["state"]) for line in lines]


def test_a_use_is_on_disk_before_take_returns(path: Path) -> None:
    Ledger(path).take(ONE, "esc", 1)
    assert json.loads(path.read_text()) == {
        "nonce": ONE,
        "escalation": "esc",
        "attempt": 1,
        "state": "taken",
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_restarted_agent_takes_the_same_decision_again(path: Path) -> None:
    Ledger(path).take(ONE, "esc", 1)
    Ledger(path).take(ONE, "esc", 1)
    assert states(path) == [(ONE, "taken")]


@pytest.mark.parametrize(("escalation", "attempt"), [("other", 1), ("esc", 2)])
def test_one_decision_serves_one_attempt(path: Path, escalation: str, attempt: int) -> None:
    Ledger(path).take(ONE, "esc", 1)
    with pytest.raises(Replayed, match="already used for esc/1"):
        Ledger(path).take(ONE, escalation, attempt)


def test_one_attempt_is_decided_once(path: Path) -> None:
    Ledger(path).take(ONE, "esc", 1)
    with pytest.raises(Replayed, match="esc/1 was already taken with another decision"):
        Ledger(path).take(TWO, "esc", 1)


def test_what_is_done_is_never_done_again(path: Path) -> None:
    ledger = Ledger(path)
    ledger.take(ONE, "esc", 1)
    ledger.done(ONE)
    ledger.done(ONE)
    assert states(path) == [(ONE, "taken"), (ONE, "done")]
    for again in (ledger, Ledger(path)):
        with pytest.raises(Replayed, match="already carried out"):
            again.take(ONE, "esc", 1)


def test_only_what_was_taken_can_be_done(path: Path) -> None:
    with pytest.raises(InvalidRequest, match="take"):
        Ledger(path).done(ONE)


def test_two_open_ledgers_see_each_other(path: Path) -> None:
    first, second = Ledger(path), Ledger(path)
    first.take(ONE, "esc", 1)
    second.take(TWO, "other", 1)
    with pytest.raises(Replayed):
        first.take(TWO, "esc", 2)
    second.done(ONE)
    with pytest.raises(Replayed):
        first.take(ONE, "esc", 1)


@pytest.mark.parametrize("torn", [b"{", b'{"nonce": "2222', b'{"nonce": "x"}', b"\x00\x00\x00"])
def test_a_line_torn_by_a_crash_is_removed(path: Path, torn: bytes) -> None:
    Ledger(path).take(ONE, "esc", 1)
    with path.open("ab") as file:
        file.write(torn)
    Ledger(path).take(TWO, "other", 1)
    assert states(path) == [(ONE, "taken"), (TWO, "taken")]


def test_a_torn_end_is_noticed_by_a_ledger_that_was_open(path: Path) -> None:
    ledger = Ledger(path)
    ledger.take(ONE, "esc", 1)
    with path.open("ab") as file:
        file.write(b'{"nonce"')
    ledger.done(ONE)
    assert states(path) == [(ONE, "taken"), (ONE, "done")]


@pytest.mark.parametrize("line", ["hello", "{}", '{"nonce": 1}', "", "[1]"])
def test_a_line_that_was_never_ours_stops_everything(path: Path, line: str) -> None:
    Ledger(path).take(ONE, "esc", 1)
    path.write_text(f"{line}\n{path.read_text()}")
    with pytest.raises(Tampered, match="did not write"):
        Ledger(path).take(TWO, "other", 1)


def test_a_replaced_file_is_read_from_its_start(path: Path) -> None:
    ledger = Ledger(path)
    ledger.take(ONE, "esc", 1)
    restored = path.with_name("restored")
    Ledger(restored).take(TWO, "other", 1)
    restored.replace(path)
    with pytest.raises(Replayed):
        ledger.take(TWO, "esc", 1)


def test_a_link_in_the_place_of_the_file_is_refused(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreReadOnly, match="cannot be written"):
        Ledger(path).take(ONE, "esc", 1)
    assert not (tmp_path / "elsewhere").exists()


def test_threads_of_one_agent_agree_on_who_was_first(path: Path) -> None:
    ledger = Ledger(path)

    def take(number: int) -> bool:
        try:
            ledger.take(f"{number:032x}", "esc", 1)
        except Replayed:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(take, range(40))).count(True) == 1
    assert len(states(path)) == 1


WORKER = """
import sys
from pathlib import Path
from overread_queue.errors import Replayed
from overread_queue.trust.ledger import Ledger

ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    try:
        ledger.take(f"{sys.argv[3]}{number:031x}", f"esc-{number}", 1)
    except Replayed:
        continue
    print(number, flush=True)
"""


def start(path: Path, count: int, mark: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(path), str(count), mark]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_never_both_take_an_attempt(path: Path) -> None:
    workers = [start(path, 60, mark) for mark in "abc"]
    taken = [number for one in workers for number in one.communicate(timeout=60)[0].split()]
    assert sorted(map(int, taken)) == list(range(60))
    assert len(states(path)) == 60


def test_what_a_killed_agent_had_taken_stays_taken(path: Path) -> None:
    worker = start(path, 1_000_000, "a")
    assert worker.stdout is not None
    said = [int(worker.stdout.readline()) for _ in range(25)]
    worker.send_signal(signal.SIGKILL)
    said += map(int, worker.stdout.read().split())
    worker.stdout.close()
    worker.wait(timeout=LONG_ENOUGH)
    ledger = Ledger(path)
    for number in said:
        with pytest.raises(Replayed):
            ledger.take(f"b{number:031x}", f"esc-{number}", 1)


FULL = """
import resource, signal, sys
from pathlib import Path
from overread_queue.errors import StoreFull
from overread_queue.trust.ledger import Ledger

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
ledger = Ledger(path)
ledger.take("1" * 32, "esc", 1)
size = path.stat().st_size + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    ledger.take("2" * 32, "other", 1)
except StoreFull:
    print("full")
"""


@pytest.mark.parametrize("room", [0, 20])
def test_a_full_disk_is_said_and_leaves_no_half_line(path: Path, room: int) -> None:
    command = [sys.executable, "-c", FULL, str(path), str(room)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LONG_ENOUGH)
    assert done.stdout == "full\n"
    Ledger(path).take(TWO, "other", 1)
    assert states(path) == [(ONE, "taken"), (TWO, "taken")]


def test_only_what_is_taken_and_not_done_was_begun(path: Path) -> None:
    ledger = Ledger(path)
    assert ledger.begun("esc", 1) is None
    assert not path.exists()
    Ledger(path).take(ONE, "esc", 1)
    assert (ledger.begun("esc", 1), ledger.begun("esc", 2)) == (ONE, None)
    ledger.done(ONE)
    assert Ledger(path).begun("esc", 1) is None

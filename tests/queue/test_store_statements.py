"""The statements: each is used, each is named once, and the hot ones find their index."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import raw
from overread_queue.store.actions import Actions
from overread_queue.store.alarms import Alarms
from overread_queue.store.bodies import Decisions, Payloads, Reviews
from overread_queue.store.desk import DeskTable
from overread_queue.store.escalations import Escalations
from overread_queue.store.events import Events
from overread_queue.store.evidence import Evidence
from overread_queue.store.exports import Exports
from overread_queue.store.folds import Folds
from overread_queue.store.glass import GlassTable
from overread_queue.store.halts import Halts
from overread_queue.store.health import Health
from overread_queue.store.inbox import Letters
from overread_queue.store.judgements import Challenges, Judgements
from overread_queue.store.keeping import Keeping
from overread_queue.store.opinions import Opinions
from overread_queue.store.outbox import Outbox
from overread_queue.store.probes import Probes
from overread_queue.store.records import Records
from overread_queue.store.releases import Releases
from overread_queue.store.runs import Runs
from overread_queue.store.search import Search
from overread_queue.store.statements import load
from overread_queue.store.table import Table
from overread_queue.store.telemetry import Telemetry
from overread_queue.store.truths import Truths
from overread_queue.store.wakes import WakeTable
from overread_queue.store.works import Works

TABLES: tuple[type[Table], ...] = (
    Actions,
    Alarms,
    Challenges,
    DeskTable,
    Decisions,
    Escalations,
    Events,
    Folds,
    GlassTable,
    Halts,
    Health,
    Judgements,
    Opinions,
    Evidence,
    Exports,
    Keeping,
    Letters,
    Outbox,
    Payloads,
    Probes,
    Records,
    Releases,
    Reviews,
    Runs,
    Search,
    Telemetry,
    Truths,
    WakeTable,
    Works,
)
RUNNERS = {"_all", "_count", "_each", "_one", "_moved", "_rows"}


def _used_by(table: type[Table]) -> set[str]:
    """Statement names that its methods pass to whatever runs them."""
    tree = ast.parse(inspect.getsource(table))
    return set(_names(tree)) | set(_chosen(tree))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in RUNNERS and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value


def _chosen(tree: ast.AST) -> Iterator[str]:
    """`name = "one" if … else "other"`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp):
            both = (node.body, node.orelse)
            yield from (one.value for one in both if _is_text(one))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_statement_is_used_and_every_use_is_a_statement(table: type[Table]) -> None:
    assert _used_by(table) == set(load(table.file))


def test_every_file_of_statements_has_its_table() -> None:
    folder = Path(inspect.getfile(Table)).parent / "queries"
    assert {path.stem for path in folder.glob("*.sql")} == {table.file for table in TABLES}


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    twice = tmp_path / "twice"
    twice.with_suffix(".sql").write_text("-- name: get\nSELECT 1\n-- name: get\nSELECT 2\n")
    with pytest.raises(ValueError, match="names a statement twice"):
        load(str(twice))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = house(tmp_path_factory.mktemp("plans"))
    with made.agent() as queue:
        queue.submit(brief())
    return made


@pytest.mark.parametrize(
    ("file", "name", "index"),
    [
        ("escalation", "ready_in_pool", "escalation_waiting"),
        ("escalation", "later_in_pool", "escalation_waiting"),
        ("escalation", "lapsed", "escalation_leased"),
        ("escalation", "overdue", "escalation_due"),
        ("escalation", "held_by", "escalation_leased"),
        ("escalation", "leased_by", "escalation_leased"),
        ("escalation", "leased_in_pool", "escalation_leased"),
        ("escalation", "withdrawn_unsigned", "escalation_withdrawn"),
        ("escalation", "open_in_run", "escalation_run"),
        ("escalation", "successor", "escalation_successor"),
        ("escalation", "depth", "escalation_depth"),
        ("escalation", "depth_asked", "escalation_depth"),
        ("escalation", "to_promote", "escalation_promote"),
        ("action", "undrawn", "action_undrawn"),
        ("action", "notices", "action_notice"),
        ("action", "recorded", "action_proposed"),
        ("action", "drawn", "action_proposed"),
        ("action", "troubles", "escalation_run"),
        ("decision", "rollbacks", "escalation_run"),
        ("decision", "unfinished_in_run", "escalation_run"),
        ("decision", "waiting_for_agent", "delivery_open"),
        ("review", "latest", "review_escalation (escalation=? AND reviewer=?)"),
        ("review", "open_on", "review_escalation"),
        ("desk", "new_messages", "inbox_new"),
        ("desk", "open_session", "session_open"),
        ("review", "since", "review_reviewer"),
        ("review", "undone", "review_escalation"),
        ("judgement", "in_session", "review_session"),
        ("challenge", "earlier", "challenge_reviewer"),
        ("escalation", "waiting_in_pool", "escalation_waiting"),
        ("event", "of_escalation", "event_escalation"),
        ("event", "rotations", "event_rotation"),
        ("halt", "told", "event_stop"),
        ("halt", "unlifted", "halt_open"),
        ("opinion", "about", "sqlite_autoindex_opinion_1"),
        ("outbox", "answers", "inbox_untold"),
        ("event", "is_silent", "escalation_run"),
        ("probe", "is_live", "probe_live"),
        ("probe", "live", "probe_live"),
        ("probe", "answered_in", "probe_live"),
        ("probe", "knows_source", "review_escalation"),
        ("fold", "looks", "review_escalation"),
        ("keeping", "erase_probes", "probe_source"),
        ("truth", "of", "truth_escalation"),
        ("truth", "since", "truth_at"),
        ("truth", "unjudged", "escalation_closed"),
        ("truth", "of_proposals", "action_proposed"),
        ("truth", "population", "action_proposed"),
        ("keeping", "erase_truths", "truth_escalation"),
        ("keeping", "erase_words", "event_escalation"),
        ("search", "drop", "event_escalation"),
        ("search", "add", "event_escalation"),
        ("keeping", "erase_messages", "inbox_escalation"),
        ("keeping", "erase_proposals", "action_escalation"),
        ("keeping", "erase_reviews", "review_escalation"),
        ("keeping", "erase_comments", "comment_escalation"),
        ("alarm", "waiting", "escalation_due"),
        ("alarm", "standing", "alarm_standing"),
        ("alarm", "raised", "alarm_raised"),
    ],
)
def test_a_hot_statement_never_reads_the_whole_table(
    here: House, file: str, name: str, index: str
) -> None:
    """A queue that has closed a million items is as quick as a new one."""
    plan = _plan(here, load(file)[name])
    assert re.search(rf"USING (COVERING )?INDEX {re.escape(index)}", plan)
    assert not re.search(r"SCAN \w+(\n|$)", plan)


def _plan(here: House, statement: str) -> str:
    values = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
    with raw(here.path) as db:
        rows = db.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    return "\n".join(row["detail"] for row in rows)


def test_every_statement_that_moves_something_names_the_state_it_moves_from() -> None:
    """A transition is one guarded statement: no row back means that somebody else was first."""
    for file in ("escalation", "run"):
        moves = [text for text in load(file).values() if "SET state" in text]
        assert moves
        for text in moves:
            assert re.search(r"WHERE .*state (=|IN)", text, re.DOTALL)
            assert "RETURNING" in text

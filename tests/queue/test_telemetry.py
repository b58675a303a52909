"""A collector is told how the desk is doing: all of it once or more, and of nobody by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from exports import office, plant, with_lead
from factories import House, brief
from journey import kinds, pass_time, raw, settle
from otlp_receiver import Receiver, receiver, values
from overread_queue.errors import InvalidRequest, NotAllowed, Undelivered
from overread_queue.health.alarm import AlarmKind
from overread_queue.models import Ticket
from overread_queue.telemetry import sending
from overread_queue.telemetry.sending import Sent

WORDS = (b"ana", b"ben", b"lea", b"Refund", b"carrier", b"A-1009", b"signature on file")


@pytest.fixture
def here(tmp_path: Path) -> House:
    return with_lead(tmp_path)


@pytest.fixture
def collector() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


def tell(here: House, collector: Receiver, *, patience: float = 10.0) -> Sent:
    with office(here) as lea:
        return lea.send_telemetry(collector.endpoint, patience=patience)


def acted_on(here: House, key: str) -> Ticket:
    """Asked; approved after a minute; held ten seconds; after a minute acted on for five."""
    with here.agent() as queue:
        ticket = queue.submit(brief(), key=key)
        pass_time(here, 60)
        settle(here, ticket, "approve", reason="signature on file")
        pass_time(here, 60)
        with queue.resume(ticket):
            pass_time(here, 5)
    return ticket


def lengths(collector: Receiver) -> dict[str, float]:
    """Seconds by name of the span."""
    return {
        span.name: (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9
        for span in collector.spans
    }


def test_one_trace_tells_how_an_escalation_went(here: House, collector: Receiver) -> None:
    ticket = acted_on(here, "a")
    sent = tell(here, collector)
    assert lengths(collector) == {
        "escalation": 70.0,
        "waiting": 60.0,
        "review": 0.0,
        "held": 10.0,
        "resume": 5.0,
    }
    assert len({span.trace_id for span in collector.spans}) == 1
    (whole,) = [span for span in collector.spans if span.name == "escalation"]
    assert whole.parent_span_id == b""
    parts = [span for span in collector.spans if span is not whole]
    assert {span.parent_span_id for span in parts} == {whole.span_id}
    told = values(whole.attributes)
    assert told["overread.escalation"] == ticket.id
    assert (told["overread.verdict"], told["overread.tier"]) == ("approve", "hard_approval")
    assert sent == Sent(events=len(kinds(here.path)), escalations=1)
    assert collector.resources[0]["overread.single_operator"] is False


def test_counts_stand_as_the_desk_does(here: House, collector: Receiver) -> None:
    acted_on(here, "a")
    with here.agent() as queue:
        queue.submit(brief(amount=2), key="b")
        silent = queue.submit(brief(action_type="mail.send"), key="c")
    pass_time(here, 3601)
    with here.desk() as ana:
        ana.sweep()
    tell(here, collector)
    assert collector.metrics["overread.depth"] == {
        ("refunds",): 1,
        ("seniors",): 0,
        ("owners",): 0,
    }
    assert collector.metrics["overread.depth.expected"][("refunds",)] == 180
    assert set(collector.metrics["overread.alarms"]) == {(kind,) for kind in get_args(AlarmKind)}
    assert collector.metrics["overread.decisions"] == {
        ("mail.send", "timed_out"): 1,
        ("payments.refund", "approve"): 1,
    }
    ended = [values(span.attributes) for span in collector.spans if span.name == "escalation"]
    assert {one["overread.escalation"]: one["overread.verdict"] for one in ended}[
        silent.id
    ] == "timed_out"


def test_nobody_is_named_and_nothing_quoted(here: House, collector: Receiver) -> None:
    acted_on(here, "a")
    tell(here, collector)
    told = b"".join(collector.bodies)
    assert b"refund-agent" in told
    assert [word for word in WORDS if word in told] == []


def test_it_is_told_once_and_what_is_open_when_it_closes(here: House, collector: Receiver) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief(), key="a")
    assert tell(here, collector).escalations == 0
    settle(here, ticket, "reject")
    assert tell(here, collector).escalations == 1
    assert tell(here, collector) == Sent(0, 0)
    assert [span.name for span in collector.spans].count("escalation") == 1


def test_a_collector_that_was_out_of_reach_misses_nothing(here: House, collector: Receiver) -> None:
    acted_on(here, "a")
    collector.status = 400
    with pytest.raises(Undelivered, match="Nothing is lost"):
        tell(here, collector)
    assert collector.spans == []
    collector.status = 200
    tell(here, collector)
    first = {(span.trace_id, span.span_id) for span in collector.spans}
    assert len(first) == 5


def test_nobody_there_is_said_by_name(here: House) -> None:
    acted_on(here, "a")
    with office(here) as lea, pytest.raises(Undelivered, match=r"127\.0\.0\.1:9 took nothing"):
        lea.send_telemetry("http://127.0.0.1:9", patience=0.1)


def test_a_long_history_goes_in_parts(
    here: House, collector: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "EVENTS", 10)
    with here.agent() as queue:
        for turn in range(9):
            queue.withdraw(queue.submit(brief(amount=turn + 1), key=f"k{turn}"))
    sent = tell(here, collector)
    assert sent == Sent(events=len(kinds(here.path)), escalations=9)
    assert len(collector.bodies) == 1 + sent.events // 10 + 1
    assert len({span.span_id for span in collector.spans}) == len(collector.spans) == 18


def test_a_blind_test_is_never_told_of(here: House, collector: Receiver) -> None:
    acted_on(here, "a")
    plant(here, 3)
    assert tell(here, collector).escalations == 1


def test_an_event_that_somebody_altered_keeps_nobody_elses_trace(
    here: House, collector: Receiver
) -> None:
    broken = acted_on(here, "a")
    acted_on(here, "b")
    with raw(here.path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
        for number, detail in enumerate(("{", "[]", '{"to": "NOWHERE"}')):
            db.execute(
                "UPDATE event SET detail = ? WHERE seq = (SELECT seq FROM event"
                " WHERE escalation = ? ORDER BY seq LIMIT 1 OFFSET ?)",
                (detail, broken.id, number),
            )
    assert tell(here, collector).escalations == 2


@pytest.mark.parametrize("endpoint", ["localhost:4318", "file:///etc/passwd", "", "http://"])
def test_what_is_no_address_is_refused(here: House, endpoint: str) -> None:
    with office(here) as lea, pytest.raises(InvalidRequest, match="is no address"):
        lea.send_telemetry(endpoint)


def test_only_leads_let_a_collector_know(here: House, collector: Receiver) -> None:
    with office(here, "ana") as ana, pytest.raises(NotAllowed):
        ana.send_telemetry(collector.endpoint)
    assert collector.bodies == []


def test_without_the_extra_it_is_named(
    here: House, collector: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.exporter.otlp.proto.http", None)
    with office(here) as lea, pytest.raises(InvalidRequest, match=r"overread\[otel\]"):
        lea.send_telemetry(collector.endpoint)

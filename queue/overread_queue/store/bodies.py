"""Statements on `payload`, `review`, `decision` and `delivery`: what was said and answered."""

from __future__ import annotations

from overread_queue.store.over import FORGOTTEN_MS
from overread_queue.store.rows import (
    DecisionRow,
    DeliveryRow,
    EscalationRow,
    Look,
    PayloadRow,
    ReviewRow,
    Unclaimed,
)
from overread_queue.store.table import Table, Value


class Payloads(Table):
    file = "payload"

    def get(self, escalation: str) -> PayloadRow | None:
        row = self._one("get", {"escalation": escalation})
        return PayloadRow.of(row) if row else None

    def add(
        self,
        escalation: str,
        *,
        question: str,
        brief: bytes,
        checkpoint: bytes | None,
        triggers: str,
        signature: bytes | None = None,
    ) -> None:
        self._all(
            "add",
            {
                "escalation": escalation,
                "question": question,
                "brief": brief,
                "checkpoint": checkpoint,
                "triggers": triggers,
                "signature": signature,
            },
        )

    def answer(self, escalation: str, *, edited_action: bytes | None, reason: str) -> None:
        self._all(
            "answer",
            {"escalation": escalation, "edited_action": edited_action, "reason": reason},
        )


class Reviews(Table):
    file = "review"

    def get(self, id: str) -> ReviewRow | None:
        row = self._one("get", {"id": id})
        return ReviewRow.of(row) if row else None

    def add(self, new: ReviewRow) -> None:
        values: dict[str, Value] = {
            "id": new.id,
            "escalation": new.escalation,
            "attempt": new.attempt,
            "session": new.session,
            "reviewer": new.reviewer,
            "fence": new.fence,
            "now": new.opened_at,
            "withheld": new.withheld,
            "withhold_probability": new.withhold_probability,
        }
        self._all("add", values)

    def latest(self, escalation: str, reviewer: str) -> ReviewRow | None:
        row = self._one("latest", {"escalation": escalation, "reviewer": reviewer})
        return ReviewRow.of(row) if row else None

    def open_on(self, escalation: str) -> list[ReviewRow]:
        return [ReviewRow.of(row) for row in self._all("open_on", {"escalation": escalation})]

    def seen(self, found: ReviewRow, *, more_ms: int) -> None:
        """Write down what the reviewer has looked at so far, `more_ms` longer than before.

        The session's active time grows by the same, so the two always add up.
        """
        values: dict[str, Value] = {
            "id": found.id,
            "active_ms": found.active_ms,
            "focus_lost": found.focus_lost,
            "evidence": found.evidence,
            "unmasked": found.unmasked,
        }
        self._all("seen", values)
        self._all("seen_in_session", {"session": found.session, "more_ms": more_ms})

    def draft(self, id: str, *, option: str, parameters: str | None, reason: str) -> None:
        self._all("draft", {"id": id, "option": option, "parameters": parameters, "reason": reason})

    def undone(self, escalation: str) -> None:
        """Count that an approval was taken back."""
        self._all("undone", {"escalation": escalation})

    def close(self, id: str, outcome: str, *, now: int) -> None:
        self._all("close", {"id": id, "outcome": outcome, "now": now})

    def in_session(self, session: str) -> list[tuple[ReviewRow, str, str | None]]:
        """Reviews of a session, each with its question and the verdict it came to, if any."""
        rows = self._all("in_session", {"session": session})
        return [(ReviewRow.of(row), row["question"], row["verdict"]) for row in rows]

    def answered(self, reviewer: str, *, most: int) -> int:
        """Real items that somebody answered, counted up to `most`."""
        return int(self._all("answered", {"reviewer": reviewer, "most": most})[0]["items"])

    def since(self, reviewer: str, since: int) -> list[Look]:
        """This reviewer's looks that began since a moment."""
        rows = self._all("since", {"reviewer": reviewer, "since": since})
        return [Look.of(row) for row in rows]


class Decisions(Table):
    file = "decision"

    def get(self, escalation: str, attempt: int) -> DecisionRow | None:
        row = self._one("get", {"escalation": escalation, "attempt": attempt})
        return DecisionRow.of(row) if row else None

    def add(self, new: DecisionRow) -> None:
        """Record an envelope, and that its delivery is pending."""
        self._all(
            "add",
            {
                "escalation": new.escalation,
                "attempt": new.attempt,
                "verdict": new.verdict,
                "option": new.option,
                "signer": new.signer,
                "nonce": new.nonce,
                "envelope": new.envelope,
                "signature": new.signature,
                "released_at": new.released_at,
            },
        )
        self._all("add_delivery", {"escalation": new.escalation, "attempt": new.attempt})

    def delivery(self, escalation: str, attempt: int) -> DeliveryRow | None:
        row = self._one("delivery", {"escalation": escalation, "attempt": attempt})
        return DeliveryRow.of(row) if row else None

    def take(self, escalation: str, attempt: int, *, fence: int, now: int) -> bool:
        """False once the agent has finished with it."""
        values: dict[str, Value] = {
            "escalation": escalation,
            "attempt": attempt,
            "fence": fence,
            "now": now,
        }
        return self._one("take", values) is not None

    def finish(
        self, escalation: str, attempt: int, state: str, *, now: int, fence: int | None = None
    ) -> bool:
        """`done` or `failed`; False if it was finished before, or taken over from `fence`."""
        values: dict[str, Value] = {
            "escalation": escalation,
            "attempt": attempt,
            "state": state,
            "fence": fence,
            "now": now,
        }
        return self._one("finish", values) is not None

    def rollbacks(self, agent: str) -> list[EscalationRow]:
        """Tentative actions of an agent that are due to be taken back."""
        return [EscalationRow.of(row) for row in self._all("rollbacks", {"agent": agent})]

    def outcome(
        self, escalation: str, attempt: int, *, outcome: str, detail: str, now: int
    ) -> bool:
        values: dict[str, Value] = {
            "escalation": escalation,
            "attempt": attempt,
            "outcome": outcome,
            "detail": detail,
            "now": now,
        }
        return self._one("outcome", values) is not None

    def undelivered(self, escalation: str, attempt: int, *, tries: int, trouble: str) -> bool:
        """False once the agent has finished with it."""
        about: dict[str, Value] = {"escalation": escalation, "attempt": attempt}
        return self._one("undelivered", about | {"tries": tries, "trouble": trouble}) is not None

    def waiting_for_agent(self, *, before: int, now: int) -> list[Unclaimed]:
        values = {"before": before, "forgotten": now - FORGOTTEN_MS}
        return [Unclaimed.of(row) for row in self._all("waiting_for_agent", values)]

    def unfinished_in_run(self, agent: str, run: str) -> tuple[str, ...]:
        rows = self._all("unfinished_in_run", {"agent": agent, "run": run})
        return tuple(row["escalation"] for row in rows)

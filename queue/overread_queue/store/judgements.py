"""Statements on `judgement` and `challenge`: what a reviewer said before an approval."""

from __future__ import annotations

from dataclasses import asdict

from overread_queue.store.rows import ChallengeRow, JudgementRow, ReviewRow, SessionRow
from overread_queue.store.table import Table, Value


class Judgements(Table):
    file = "judgement"

    def of(self, review: ReviewRow) -> JudgementRow | None:
        """This reviewer's, of this attempt: it stays when an item is given back and taken again."""
        row = self._one("get", _whose(review))
        return JudgementRow.of(row) if row else None

    def add(self, new: JudgementRow) -> None:
        values = asdict(new)
        del values["revealed_at"]
        self._all("add", values)

    def in_session(self, session: SessionRow) -> list[JudgementRow]:
        values: dict[str, Value] = {"session": session.id, "since": session.started_at}
        return [JudgementRow.of(row) for row in self._all("in_session", values)]

    def reveal(self, review: ReviewRow, *, now: int) -> bool:
        """False where it was revealed before."""
        return self._one("reveal", {**_whose(review), "now": now}) is not None


class Challenges(Table):
    file = "challenge"

    def of(self, review: ReviewRow) -> ChallengeRow | None:
        row = self._one("get", _whose(review))
        return ChallengeRow.of(row) if row else None

    def put(self, new: ChallengeRow) -> None:
        """Record it, in place of what this reviewer wrote about the same attempt before."""
        self._all("put", asdict(new))

    def earlier(self, review: ReviewRow, *, most: int) -> tuple[str, ...]:
        """How this reviewer's last challenges of other escalations went on."""
        values: dict[str, Value] = {
            "reviewer": review.reviewer,
            "escalation": review.escalation,
            "most": most,
        }
        return tuple(row["wrong_if"] for row in self._all("earlier", values))


def _whose(review: ReviewRow) -> dict[str, Value]:
    return {
        "escalation": review.escalation,
        "attempt": review.attempt,
        "reviewer": review.reviewer,
    }

"""Statements on what belongs to the whole desk: identity, policies, sessions, comments, inbox."""

from __future__ import annotations

from overread_queue.models import Comment
from overread_queue.store.rows import Message, SessionRow
from overread_queue.store.table import Table


class DeskTable(Table):
    file = "desk"

    def identity(self) -> str | None:
        row = self._one("identity", {})
        return row["id"] if row else None

    def add_identity(self, id: str, *, now: int) -> None:
        self._all("add_identity", {"id": id, "now": now})

    def add_policy(self, sha256: str, body: bytes, *, now: int) -> None:
        self._all("add_policy", {"sha256": sha256, "body": body, "now": now})

    def open_session(self, reviewer: str) -> SessionRow | None:
        row = self._one("open_session", {"reviewer": reviewer})
        return SessionRow.of(row) if row else None

    def open_sessions(self) -> int:
        """Reviewers at work now."""
        count: int = self._all("open_sessions", {})[0]["sessions"]
        return count

    def session(self, id: str) -> SessionRow | None:
        row = self._one("session", {"id": id})
        return SessionRow.of(row) if row else None

    def add_session(self, id: str, reviewer: str, *, now: int) -> None:
        self._all("add_session", {"id": id, "reviewer": reviewer, "now": now})

    def grow_session(self, id: str, seconds: int) -> None:
        self._all("grow_session", {"id": id, "seconds": seconds})

    def end_session(self, id: str, *, now: int) -> bool:
        """False if it had ended before."""
        return self._one("end_session", {"id": id, "now": now}) is not None

    def comments(self, escalation: str) -> tuple[Comment, ...]:
        rows = self._all("comments", {"escalation": escalation})
        return tuple(Comment(row["author"], row["at"], row["text"]) for row in rows)

    def add_comment(self, id: str, escalation: str, comment: Comment) -> None:
        self._all(
            "add_comment",
            {
                "id": id,
                "escalation": escalation,
                "author": comment.author,
                "text": comment.text,
                "now": comment.at,
            },
        )

    def new_messages(self, *, after: int, most: int) -> list[Message]:
        rows = self._all("new_messages", {"after": after, "most": most})
        return [Message.of(row) for row in rows]

    def answer_message(
        self,
        id: int,
        state: str,
        *,
        escalation: str | None,
        answer: str,
        now: int,
        paper: str | None = None,
    ) -> bool:
        """False if another process answered first. `paper` is the answer for a mailbox."""
        row = self._one(
            "answer_message",
            {
                "id": id,
                "state": state,
                "escalation": escalation,
                "answer": answer,
                "paper": paper,
                "now": now,
            },
        )
        return row is not None

"""Sending: one commit in the inbox, and then a while of waiting for the desk's word on it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_queue.asking.submission import Submission
from overread_queue.clock import new_id
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.papers import Answer
from overread_queue.mailbox.reading import MailTrust, Papers
from overread_queue.mailbox.refusals import raised
from overread_queue.mailbox.verbs import Words, word_of
from overread_queue.store.inbox import Sent, reading, writing
from overread_queue.trust.vouching import sign_claim

NAPS = (0.002, 0.05)
"""Seconds between looks for an answer: short at first, then longer."""


@dataclass(frozen=True, slots=True)
class Post:
    """One agent's way into the inbox. A message is acknowledged once it is committed there."""

    layout: Layout
    agent: str
    trust: MailTrust
    papers: Papers
    key: Ed25519PrivateKey | None
    patience: float

    def hand_in(self, submission: Submission, id: str) -> Answer | None:
        """A submission under an id of the sender's own making, which is also the message's."""
        with writing(self.layout.inbox_db) as letters:
            letters.add(
                {
                    "kind": "revise" if submission.predecessor else "submit",
                    "agent": self.agent,
                    "key": submission.name,
                    "body": submission.data,
                    "checkpoint": submission.checkpoint,
                    "signature": submission.signature,
                    "name": id,
                    "ticket": id,
                    "predecessor": submission.predecessor,
                    "proposal": submission.proposal,
                }
            )
        return self.answer(id)

    def say(self, kind: str, key: str, words: Words) -> Answer | None:
        """Anything about an escalation. Raises what the desk refuses it with in time."""
        return self.answer(self.leave(kind, key, words))

    def leave(self, kind: str, key: str, words: Words) -> str:
        """The same without waiting; gives the message's name."""
        body = words.model_dump_json(exclude_defaults=True).encode()
        return self.send(kind, key, body, name=new_id(self.trust.clock.now()))

    def send(self, kind: str, key: str, body: bytes, *, name: str) -> str:
        word = word_of(self.trust.desk_id, self.agent, name=name, kind=kind, key=key, body=body)
        signature = sign_claim(word, self.key) if self.key else None
        return self.send_signed(kind, key, body, name=name, signature=signature)

    def send_signed(
        self, kind: str, key: str, body: bytes, *, name: str, signature: bytes | None
    ) -> str:
        with writing(self.layout.inbox_db) as letters:
            letters.add(
                {
                    "kind": kind,
                    "agent": self.agent,
                    "key": key,
                    "body": body,
                    "checkpoint": None,
                    "signature": signature,
                    "name": name,
                    "ticket": None,
                    "predecessor": None,
                    "proposal": None,
                }
            )
        return name

    def answer(self, name: str) -> Answer | None:
        """The desk's word on a message; None where it says nothing for as long as patience lasts.

        Raises what the desk refused it with.
        """
        until = time.monotonic() + (0 if self.papers.silent_for() else self.patience)
        nap, longest = NAPS
        while (found := self.heard(name)) is None and time.monotonic() < until:
            time.sleep(nap)
            nap = min(nap * 1.5, longest)
        return found

    def heard(self, name: str) -> Answer | None:
        """The same without waiting."""
        found = self.papers.answer(name)
        if found is not None and found.refusal is not None:
            raise raised(found.refusal)
        return found

    def sent(self, key: str) -> list[Sent]:
        """What this agent has handed in under a key, as far as the inbox still knows."""
        with reading(self.layout.inbox_db) as letters:
            return letters.by_key(self.agent, key)

    def sent_as(self, id: str) -> Sent | None:
        with reading(self.layout.inbox_db) as letters:
            return letters.by_ticket(self.agent, id)

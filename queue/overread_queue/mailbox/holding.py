"""A run held under a lease of the agent's own side."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.errors import LeaseLost
from overread_queue.mailbox.leases import Leases
from overread_queue.mailbox.post import Post
from overread_queue.mailbox.verbs import Words
from overread_queue.states import RunState
from overread_queue.store.rows import EscalationRow


@dataclass(frozen=True, slots=True)
class MailHold:
    """One process of this agent acts; the desk is told when it is over."""

    post: Post
    leases: Leases
    escalation: EscalationRow
    fence: int

    @property
    def lease_seconds(self) -> int:
        return self.post.trust.policy().settings.lease

    def extend(self) -> None:
        now, found = self.post.trust.clock.now(), self.escalation
        until = now + self.lease_seconds * 1000
        if not self.leases.extend(found.run, found.id, fence=self.fence, now=now, until=until):
            raise LeaseLost("run", found.run)

    def finish(self, target: RunState) -> None:
        found, words = self.escalation, Words.ending(target)
        with self.leases.finishing(found.run, found.id, fence=self.fence) as mine:
            if not mine:
                raise LeaseLost("run", found.run)
            name = self.post.leave("finish", found.id, words)
        self.post.answer(name)

    def give_back(self) -> None:
        self.leases.give_back(self.escalation.run, fence=self.fence)

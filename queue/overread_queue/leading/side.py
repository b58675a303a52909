"""What the whole of the leads' door stands on: one lead, one desk."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from overread_queue.clock import Clock
from overread_queue.door import Door, opened
from overread_queue.errors import NotAllowed
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.reviewing.entrance import reviewer_at
from overread_queue.store import Transaction
from overread_queue.trust.people import LEAD, Reviewer


class OfficeSide(Door):
    """Opening, and who is there. `LeadOffice` adds everything that a lead does."""

    def __init__(self, ground: Ground, reviewer: Reviewer) -> None:
        super().__init__(ground)
        self._reviewer = reviewer

    @classmethod
    def open(
        cls, path: str | Path, *, reviewer: str | None = None, clock: Clock | None = None
    ) -> Self:
        """The door of `reviewer`, or of whoever runs this program. Raises `NotAllowed`."""
        return opened(path, clock, lambda ground: cls(ground, reviewer_at(ground, reviewer)))

    @property
    def single_operator(self) -> bool:
        """Whether people may decide for agents that act for them; every export says so."""
        return self._ground.roster().single_operator

    @property
    def is_lead(self) -> bool:
        """Whether this person may change things for everybody; anybody may look."""
        return LEAD in self._reviewer.roles

    # -- inside

    @property
    def _actor(self) -> str:
        return f"lead:{self._reviewer.name}"

    def _mover(self, tx: Transaction) -> Mover:
        return Mover(tx, self._actor, self._ground.clock.now())

    def _need_lead(self) -> None:
        if not self.is_lead:
            raise NotAllowed(f"{self._reviewer.name} does not hold the role {LEAD!r}; ask a lead")

"""What ends a blind test: somebody's answer, or real work that needs the time.

To people it looks as it does with any question; nothing is signed, and no agent waits for it.
"""

from __future__ import annotations

from overread_queue.moves import Mover
from overread_queue.policy.model import Policy
from overread_queue.probing.quiet import load_band
from overread_queue.states import EscalationState
from overread_queue.store.rows import EscalationRow

HANDED_ON = "handed_on"
"""An answer that is no verdict."""


def answer_test(mover: Mover, policy: Policy, row: EscalationRow, answer: str) -> None:
    """Remember it until the test is folded. Nobody else is shown it from now on."""
    load = load_band(mover.tx, policy, row.pool)
    mover.tx.probes.answer(row.id, answer=answer, load=load)


def withdraw(mover: Mover, row: EscalationRow) -> None:
    """It goes as a question does that its agent has revised."""
    mover.close("superseded", row, EscalationState.SUPERSEDED, {})

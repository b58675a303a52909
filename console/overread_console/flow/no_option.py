"""Why a letter that other items have is no option of this one."""

from __future__ import annotations

from overread_console.flow.card import Card

_STOPPED = "a hard stop cannot be approved: take over, hand back or abandon"
_HARD_STOP = {"a": _STOPPED, "m": _STOPPED}
_AFTERWARDS = {
    "m": "the agent has acted already, so there is nothing left to change",
    "i": "the agent has acted already and waits for no answer; c leaves a note",
    "t": "the agent has acted already, so there is nothing left to take over",
}
_APPROVAL = {
    "a": "this brief offers no approval as proposed",
    "m": "this action offers nothing to change",
    "t": "only a hard stop can be taken over; r stops the agent here",
}
_ANY = {"e": "nobody stands behind this pool, so it cannot be handed on"}


def why_no_option(letter: str, card: Card) -> str:
    """One sentence, for a letter that is on no line of the card."""
    own = _HARD_STOP if card.stop else _AFTERWARDS if card.afterwards else _APPROVAL
    return {**_ANY, **own}.get(letter, f"{letter} is no option of this item; ? shows its keys")

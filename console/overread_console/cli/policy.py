"""The policy as a versioned artefact: each verb imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from overread_console.cli.lazy import Entry, LazyGroup


class PolicyVerbs(LazyGroup):
    """By what a policy goes through, from draft to in force."""

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]] = {
        "Draft": {
            "check": Entry("policy_checking:check", "Prove that it hangs together."),
            "test": Entry("policy_checking:test", "Run its own examples."),
            "diff": Entry("policy_comparing:diff", "Which cases get less attention, which more."),
            "simulate": Entry("policy_comparing:simulate", "Replay what agents proposed under it."),
            "calibrate": Entry("policy_calibrating:calibrate", "Ask the truth where to draw it."),
        },
        "Change": {
            "sign": Entry("policy_changing:sign", "Stand for exactly this file, in a role."),
            "activate": Entry("policy_changing:activate", "Put it into force."),
        },
        "In force": {
            "show": Entry("policy_showing:show", "Which action needs whom, until when."),
        },
    }


@click.group(cls=PolicyVerbs)
def policy() -> None:
    """When a person is asked: a file, proven before it counts.

    Without a FILE, a verb that only looks takes the policy in force. A file that is refused never
    replaces it.
    """

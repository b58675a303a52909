"""What auditors ask a desk for: each verb imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from overread_console.cli.lazy import Entry, LazyGroup


class AuditVerbs(LazyGroup):
    """By what an auditor wants to know."""

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]] = {
        "The history": {
            "verify": Entry("audit_chain:verify", "Is it the one that was written?"),
            "checkpoint": Entry("audit_chain:checkpoint", "Print its signed head, to keep."),
        },
        "The random sample": {
            "draws": Entry("audit_draws:draws", "Was it drawn, or did somebody choose?"),
            "rotate-key": Entry("audit_draws:rotate", "Draw with a new key, disclose the old."),
        },
        "The controls": {
            "pack": Entry("office_audit:pack", "Evidence, control by control."),
        },
    }


@click.group(cls=AuditVerbs)
def audit() -> None:
    """The history of a desk, and what it is evidence of."""

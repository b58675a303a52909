"""Blind tests: the library that leads keep, and what may be told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from overread_console.cli.lazy import Entry, LazyGroup


class ProbeVerbs(LazyGroup):
    """By what a lead wants to do."""

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]] = {
        "The library": {
            "make": Entry("probes_library:make", "Make a test of a closed question."),
            "list": Entry("probes_library:list_", "Every test, and whether it may be met."),
            "show": Entry("probes_library:show", "One to read, as people would meet it."),
            "check": Entry("probes_library:check", "Say whether people could tell it apart."),
            "retire": Entry("probes_library:retire", "Put one among real work no more."),
        },
        "The desk": {
            "plan": Entry("probes_results:plan", "When there will be figures, at your volume."),
            "results": Entry("probes_results:results", "What may be told by now."),
        },
    }


@click.group(cls=ProbeVerbs)
def probes() -> None:
    """Blind tests among real work: does anybody look? Figures of the desk, never of a person."""

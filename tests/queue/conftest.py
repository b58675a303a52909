"""What the stories of the queue share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import House, house
from overread_queue.clock import Clock
from transports import TRANSPORTS, Build, clerks


@pytest.fixture(params=TRANSPORTS)
def build(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Build]:
    """Makes a desk of either installation; behind a mailbox somebody takes in what agents say."""
    monkeypatch.setenv("OVERREAD_LEDGER", str(tmp_path / "agents-own"))
    posted = request.param == "mailbox"
    with clerks() as start:

        def made(*, clock: Clock | None = None) -> House:
            here = house(tmp_path, clock=clock, mailbox=posted)
            if posted:
                start(here)
            return here

        yield made


@pytest.fixture
def here(build: Build) -> House:
    return build()

"""Alterations that nobody thought of: none releases anything else, none is an unexpected error."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutations import Vandal, furnished

SHORT, LONG = 60, 6_800
"""Copies of the desk: about 270 and 30,000 alterations."""


@pytest.mark.parametrize("times", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)])
def test_whatever_is_altered_the_agent_gets_what_was_signed(tmp_path: Path, times: int) -> None:
    honest = furnished(tmp_path / "honest")
    vandal = Vandal(honest, tmp_path / "altered", seed=times)
    vandal.mutate(times)
    assert vandal.alterations >= 4 * times
    assert vandal.told["as signed"]
    assert vandal.told["Tampered"]
    assert vandal.told["Forged"]
    print(vandal.alterations, "alterations:", dict(vandal.told))

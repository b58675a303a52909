"""What may be told of whether tests can be told from real work."""

from __future__ import annotations

from pathlib import Path

from overread_queue.ground import Ground
from overread_queue.health.shares import Ratio
from overread_queue.probing.noticed import told
from tier_desks import office, tier_house


def test_no_two_figures_differ_by_a_few_answers() -> None:
    assert told([Ratio(3, 29)]) == (0, 0)
    assert told([Ratio(3, 29), Ratio(1, 1)]) == (4, 30)
    assert told([Ratio(4, 30), Ratio(9, 9)]) == (4, 30)
    assert told([Ratio(4, 30), Ratio(9, 26), Ratio(0, 1), Ratio(1, 2)]) == (4, 30)
    assert told([Ratio(4, 30), Ratio(9, 26), Ratio(0, 1), Ratio(1, 2), Ratio(0, 9)]) == (14, 68)


def test_leads_are_told_once_there_are_thirty_answers_of_past_months(tmp_path: Path) -> None:
    here = tier_house(tmp_path)
    ground = Ground(here.places, here.clock)
    with ground.store.write() as tx:
        for number in range(30):
            tx.folds.notice("2020-02", seemed=number < 6)
        tx.folds.notice("9999-12", seemed=True)
    ground.close()

    with office(here, "lea") as lea:
        found = lea.probe_results().noticed.whole

    assert (found.count, found.n, found.value) == (6, 30, 0.2)
    assert found.interval is not None
    assert found.interval.low < 0.2 < found.interval.high

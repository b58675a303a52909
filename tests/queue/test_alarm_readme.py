"""The guide's figures are those that the charts of the default policy have."""

from __future__ import annotations

from pathlib import Path

from factories import POLICY
from overread_queue.health.charts import RAREST, Baseline, Line, Plan, freeze
from overread_queue.health.design import Design, examples
from overread_queue.health.missed import FALLEN, MissedChart
from overread_queue.health.watchers import LEAPT
from overread_queue.numbers import percent
from overread_queue.policy import parse_policy

GUIDE = (Path(__file__).parents[2] / "queue" / "README.md").read_text("utf-8")
SECTION = GUIDE.partition("\n## Alarms\n")[2].partition("\n## ")[0]


def row(proof: Design, warning: Design) -> str:
    assert proof.baseline is not None
    assert proof.baseline.rate is not None
    return (
        f"| {proof.baseline.count} ({proof.baseline.rate:.0%}) "
        f"| {proof.false_alarm_every:,.0f} reviews | {proof.found_after:,.0f} reviews "
        f"| {proof.found_within:,} | {warning.found_within} |"
    ).replace("%)", " %)")


def test_the_table_of_designed_alarms_is_the_one_that_the_code_makes() -> None:
    found = [one for one in examples(parse_policy(POLICY.encode(), source="p")) if not one.note]
    proofs, warnings = found[::2], found[1::2]

    assert len(proofs) == len(warnings) == 4
    for proof, warning in zip(proofs, warnings, strict=True):
        assert row(proof, warning) in SECTION
    told = {one.baseline.count: one for one in warnings if one.baseline}
    assert round(told[16].false_alarm_every or 0, -2) == 1_800
    assert "every 1,800 reviews" in SECTION


def test_the_table_of_missed_tests_is_the_one_that_the_code_makes() -> None:
    every = parse_policy(POLICY.encode(), source="p").alarms.missed_every
    assert f"`missed_every = {every:_}`" in SECTION
    for caught in (18, 24, 27):
        usual = Baseline(30, caught)
        test = MissedChart(usual).test(30, every=every)
        assert test is not None
        feared = usual.low / FALLEN
        assert (
            f"| {caught} ({percent(caught / 30)}) | {test.limit} or fewer "
            f"| {test.mean_run(usual.low):,.0f} results | {test.mean_run(feared):,.0f} results "
            f"| {test.cases_for(feared)} |"
        ) in SECTION


def test_the_table_of_early_charts_is_the_one_that_the_code_makes() -> None:
    alarms = parse_policy(POLICY.encode(), source="p").alarms
    assert f"(`escalations_every = {alarms.escalations_every:_}`)" in SECTION
    plan = Plan(alarms.reference_early, alarms.escalations_every, rise=LEAPT, fall=LEAPT)
    for count in (5, 10, 20):
        chart = freeze(plan, Baseline(plan.reference, count))
        assert (
            f"| {count} | {designed_for(chart.rising)} | {designed_for(chart.falling)} |" in SECTION
        )


def designed_for(line: Line | None) -> str:
    assert line is not None
    chart = line.chart
    rates = f"{percent(chart.expected)} to {percent(chart.feared)}"
    return f"{rates} | {chart.mean_run(chart.feared):,.0f} proposals"


def test_with_fewer_than_five_overrides_nothing_can_fall() -> None:
    assert "fewer than 5 in the first 200" in SECTION
    assert Baseline(200, 4, 1, 2).low < RAREST <= Baseline(200, 5, 1, 2).low

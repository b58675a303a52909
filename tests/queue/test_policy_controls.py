"""Regulation as data: a requirement is evidenced by records, never by default."""

from pathlib import Path

import pytest

from overread_queue.errors import InvalidPolicy
from overread_queue.policy.controls import RECORD_KINDS, load_controls, mark, parse_controls

SAMPLE = Path(__file__).parents[2] / "sample_data" / "controls.toml"

ONE = b"""\
schema = "overread/controls/1"
note = "an example"

[[controls]]
id = "stop"
framework = "House rules"
reference = "4"
requires = "Somebody can stop it"
records = ["halt", "override"]
artefact = "halts and overrides"
owner = "lead"
from = 2027-12-02
"""


def test_nothing_is_evidenced_by_default() -> None:
    marks = mark(load_controls(), {})
    assert len(marks) >= 30
    assert {one.state for one in marks} == {"no data in period"}


@pytest.mark.parametrize(
    ("counts", "state", "missing"),
    [
        ({"halt": 1, "override": 7}, "evidenced", ()),
        ({"halt": 1}, "partial", ("override",)),
        ({"halt": 0, "override": 7, "event": 9}, "partial", ("halt",)),
        ({"event": 9}, "no data in period", ("halt", "override")),
        ({"halt": -1}, "no data in period", ("halt", "override")),
    ],
)
def test_all_of_its_records_must_be_there(
    counts: dict[str, int], state: str, missing: tuple[str, ...]
) -> None:
    (found,) = mark(parse_controls(ONE, source="controls.toml"), counts)
    assert (found.state, found.missing) == (state, missing)


def test_the_shipped_mapping_covers_both_frameworks_and_every_record() -> None:
    controls = load_controls().controls
    assert {one.framework.split()[0] for one in controls} == {"EU", "NIST"}
    assert {kind for one in controls for kind in one.records} == set(RECORD_KINDS)
    by_id = {one.id: one for one in controls}
    assert str(by_id["ai-act-14-4-e"].from_day) == "2027-12-02"
    assert by_id["nist-manage-2.4"].from_day is None


def test_the_sample_desk_names_people_for_the_same_requirements() -> None:
    shipped, sample = load_controls(), load_controls(SAMPLE)
    assert [one.id for one in sample.controls] == [one.id for one in shipped.controls]
    assert "Femke de Boer" in {one.owner for one in sample.controls}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"halt", ', b'"halts", ', "controls.toml:9: controls.0.records.0: input should be"),
        (b'["halt", "override"]', b"[]", "controls.toml:9"),
        (b"owner =", b"ower =", "did you mean 'owner'?"),
        (b"controls/1", b"controls/2", "controls.toml:1: schema"),
    ],
)
def test_a_slip_is_named_where_it_stands(old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        parse_controls(ONE.replace(old, new), source="controls.toml")
    assert message in str(refused.value)


def test_an_id_is_used_once() -> None:
    twice = ONE + ONE[ONE.index(b"[[") :]
    with pytest.raises(InvalidPolicy, match=r"controls.toml:14: controls.1.id: 'stop' is there"):
        parse_controls(twice, source="controls.toml")

"""What the benchmarks compare is the same, and targets are judged as they say."""

from __future__ import annotations

import pytest

from benchmarks import hand, installing
from benchmarks.data import records
from benchmarks.effort import Figures
from benchmarks.targets import Judgement, Target, judge, load
from gateway import installation
from gateway.standard.table import BASE_PATH


def target(**more: object) -> Target:
    return Target.model_validate({"id": "T", "about": "a", "figure": "ours", **more})


@pytest.mark.parametrize(
    ("words", "judgement"),
    [
        ({"at_most": 2}, Judgement.MET),
        ({"at_most": 1.9}, Judgement.MISSED),
        ({"at_most": 1.7}, Judgement.FAILED),
        ({"at_most": 1.9, "tolerance": 0}, Judgement.FAILED),
        ({"at_most": 1, "now": 1.9}, Judgement.HELD),
        ({"at_most": 1, "now": 1.7}, Judgement.FAILED),
        ({"at_most": 1, "gate": False}, Judgement.MISSED),
        ({"at_least": 2}, Judgement.MET),
        ({"at_least": 2.2}, Judgement.MISSED),
        ({"at_least": 2.5}, Judgement.FAILED),
        ({"at_most": 2, "worst": True}, Judgement.FAILED),
        ({"at_most": 1, "per": "theirs"}, Judgement.MET),
        ({"at_most": 1, "per": "nobody's"}, Judgement.UNSEEN),
    ],
)
def test_a_figure_is_judged(words: dict[str, object], judgement: Judgement) -> None:
    figures = Figures()
    for ours, theirs in ((1, 2), (2, 2), (3, 2)):
        figures.add("ours", ours)
        figures.add("theirs", theirs)
    assert judge(target(**words), figures).judgement is judgement


def test_a_target_without_a_figure_says_why() -> None:
    with pytest.raises(ValueError, match="says why not"):
        Target(id="T", about="a")
    assert judge(target(figure="", because="b"), Figures()).judgement is Judgement.UNSEEN


def test_every_target_has_a_name_of_its_own() -> None:
    names = [t.id for t in load()]
    assert len(set(names)) == len(names) > 20


async def test_what_is_written_by_hand_is_what_the_gateway_answers() -> None:
    """In full: the reference for the compiled mapping does all of its work, and no other."""
    async with installing.installed([installing.generated(records=30)]) as (built, client):
        answer = (await client.get(installing.EXPANDED)).json()
    base = f"http://gateway{BASE_PATH}"
    shown = {one["nummer"]: one for one in answer["results"]}
    assert len(shown) == 25
    (source,) = built.adapters.values()
    for record in [await source.get("contacts", {"id": n}) for n in range(6, 31)]:
        assert record is not None
        streams = [built.catalogue.of(path)[0] for path in hand.WRITERS]
        uuids = {
            s.resource.path: built.catalogue.identity.encode(s, (record["id"],)) for s in streams
        }
        assert hand.expanded(record, uuids, base) == shown[record["number"]]


def test_what_is_written_by_hand_is_what_the_rules_write() -> None:
    with installing.configured([installing.rest("http://127.0.0.1:1/source")]) as file:
        catalogue = installation.build(file).catalogue
    for path, by_hand in hand.WRITERS.items():
        (stream,) = catalogue.of(path)
        for record in records(50):
            ours = catalogue.writers[stream](record, "u", "l", lambda _: [])
            assert by_hand(record, "u", "l", lambda _: []) == ours

"""Coverage as a page and in the OpenAPI document: the same that is computed, nothing else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from gateway.api.openapi.operations import COVERAGE
from gateway.cli import main
from gateway.coverage import Part, coverage, page, report
from gateway.installation import Installation
from gateway.standard.table import RESOURCES
from tests.helpers import mini_config


@pytest.fixture(scope="module")
def parts(kcc: Installation) -> list[Part]:
    return list(coverage(kcc.register))


class Read(HTMLParser):
    """A page as it is read: the rows of its tables, its tags, and what is wrong with it."""

    VOID = frozenset({"meta"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.open: list[str] = []
        self.unscoped: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.open += [tag] if tag not in self.VOID else []
        self.ids += [v for n, v in attrs if n == "id" and v]
        self.links += [v for n, v in attrs if n == "href" and v]
        self.outside += [n for n, _ in attrs if n.startswith("on") or n == "src"]
        if tag == "th" and given.get("scope") not in ("row", "col"):
            self.unscoped.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.rows[-1][-1] += data


def test_the_page_says_what_is_computed(parts: list[Part]) -> None:
    shown = Counter(map(tuple, Read(page.page(parts)).rows))
    for part in parts:
        for path, one in part.attributes.items():
            assert any(r[0] == path and r[1].startswith(report.SHOWS[one.shows]) for r in shown)
        for param, fares in part.filters.items():
            assert (param, report.FARES[fares]) in shown
        assert ("(geen)", report.FARES[part.listed]) in shown


def test_the_page_stands_alone_and_can_be_read_by_all(parts: list[Part]) -> None:
    text = page.page(parts)
    read = Read(text)
    assert text.startswith('<!doctype html>\n<html lang="nl">')
    assert (read.open, read.unscoped, read.outside) == ([], [], [])
    assert not read.tags["script"] and not read.tags["link"] and "http" not in text
    assert read.tags["caption"] == read.tags["table"] == 3 * len(parts)
    assert (read.tags["h1"], read.tags["main"], read.tags["title"]) == (1, 1, 1)
    assert {*read.links} <= {f"#{id}" for id in read.ids}
    assert len(read.ids) == len({*read.ids})


def test_the_command_prints_the_page(
    kcc_path: object, capsys: pytest.CaptureFixture[str], parts: list[Part]
) -> None:
    assert main(["coverage", "--html", "--config", str(kcc_path)]) == 0
    assert capsys.readouterr().out == page.page(parts) + "\n"


def test_a_resource_without_a_source_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(mini_config(tmp_path))
    assert main(["coverage", "--config", path]) == 0
    told = capsys.readouterr().out.partition("\ngeen bron: ")[2]
    assert main(["coverage", "--html", "--config", path]) == 0
    shown = capsys.readouterr().out.partition("<h2>Zonder bron</h2>")[2]
    for text in (told, shown):
        words = {*re.findall(r"[\w-]+", text)}
        assert {*RESOURCES} - words == {"partijen", "partij-identificatoren"}
        assert "404" in words
    assert main(["coverage", "--source", "mini", "--config", path]) == 0
    assert "geen bron" not in capsys.readouterr().out


def test_what_else_is_to_be_known_stands_on_the_page(parts: list[Part]) -> None:
    part = replace(parts[0], single=False, along=("partijen",))
    told = page.page([part])
    assert f"<li>{part.source}: een los object laat zich niet bij zijn uuid opvragen</li>" in told
    assert f"<li>{part.source}: nieuw alleen met partijen</li>" in told


async def test_openapi_says_what_is_computed(client: httpx.AsyncClient, parts: list[Part]) -> None:
    document = (await client.get("openapi.json")).json()
    for part in parts:
        item = document["paths"][f"/{part.resource}/{{uuid}}"]
        listed = document["paths"][f"/{part.resource}"]
        told = listed["get"][COVERAGE][part.source]
        assert told["list"] == part.listed
        assert told["attributes"] == {p: one.shows for p, one in part.attributes.items()}
        named = {p["name"]: p for p in listed["get"]["parameters"] if "name" in p}
        for param, fares in part.filters.items():
            assert named[param][COVERAGE] == {part.source: fares}
        for verb, why in part.verbs.items():
            operation = (item | listed).get(verb.lower())
            if operation:
                assert operation[COVERAGE] == {part.source: why or True}

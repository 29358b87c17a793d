"""Questions before a second judge: the validator of Java, which is not that of libxml2."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from adapters.base import Create, Update
from adapters.stuf.names import ZDS, ZKN
from tests.support.stuf import schema_file
from tests.unit.stuf.test_questions import OTHERS, QUESTIONS, asked
from tests.unit.stuf.test_writing import ASYNCHRONOUS, DONE, NEW, PORTS, TAKEN, made

JAVA: Final = shutil.which("java")
JUDGE: Final = """
import java.io.File;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.*;

public class Judge {
    public static void main(String[] files) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema");
        Schema schema = factory.newSchema(new File(files[0]));
        for (int n = 1; n < files.length; n++) {
            String verdict = "valid";
            try {
                schema.newValidator().validate(new StreamSource(new File(files[n])));
            } catch (org.xml.sax.SAXException wrong) {
                verdict = wrong.getMessage();
            }
            System.out.println(verdict);
        }
    }
}
"""


def _written(folder: Path, profile: str) -> list[Path]:
    """The messages that make a zaak and give it a status, as files."""

    async def sent() -> list[etree._Element]:
        found = []
        for ports in (ASYNCHRONOUS, tuple(PORTS)):
            adapter, _, line = made(ports=ports, profile=profile)
            (record,) = await adapter.write([Create(TAKEN, NEW)])
            key = {"identificatie": record["identificatie"]}
            await adapter.write([Update(TAKEN, key, DONE)])
            found += line.changes()
        return found

    files = []
    for n, message in enumerate(asyncio.run(sent())):
        of_profile = etree.QName(message).namespace == (ZDS if profile == "zds12" else ZKN)
        if of_profile:
            files.append(folder / f"written-{n}.xml")
            files[-1].write_bytes(etree.tostring(message))
    assert files
    return files


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(JAVA is None, reason="there is no Java here")
@pytest.mark.parametrize(
    ("schema", "system", "profile"),
    [("bg", "stuf-bg", ""), ("zkn", "stuf-zkn", ""), ("zds12", "stuf-zkn", "zds12")],
)
def test_questions_are_valid_by_the_schema(
    shared: Path, tmp_path: Path, schema: str, system: str, profile: str
) -> None:
    ready: list[tuple[Any, ...]] = [q[1:] for q in QUESTIONS] + OTHERS
    mine = [
        (*rest, options)
        for *rest, options in ready
        if rest[0] == system and (options.get("profile") == "zds12") is (profile == "zds12")
    ]
    judge = tmp_path / "Judge.java"
    judge.write_text(JUDGE)
    files = []
    for n, (name, collection, field, value, options) in enumerate(mine):
        _, sent = asyncio.run(asked(name, collection, field, value, **options))
        files.append(tmp_path / f"{n}.xml")
        files[-1].write_bytes(etree.tostring(sent))
    if schema != "bg":
        files += _written(tmp_path, profile or "zds11")
    wrong = tmp_path / "wrong.xml"
    wrong.write_bytes(files[0].read_bytes().replace(b"sortering", b"volgorde"))
    assert JAVA is not None
    told = subprocess.run(
        [JAVA, judge, schema_file(shared, schema), *files, wrong],
        capture_output=True,
        text=True,
        check=True,
    )
    *verdicts, of_wrong = told.stdout.splitlines()
    assert verdicts == ["valid"] * len(files)
    assert of_wrong != "valid"

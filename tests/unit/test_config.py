"""The configuration: every mistake is pointed at, and no secret is repeated."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from gateway import adapting, config, installation
from gateway.adapting import ADAPTERS
from gateway.documents import DocumentError
from tests.helpers import ROOT, mini_config

Edit = tuple[str, str]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A configuration in which pieces of text were replaced."""

    def change(*edits: Edit) -> Path:
        path = mini_config(tmp_path, limits={"calls": 5}, server={"port": 8001})
        text = path.read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text)
        return path

    return change


def findings(path: Path) -> list[tuple[str, int, str]]:
    """File name, line and message of everything that is wrong."""
    with pytest.raises(DocumentError) as caught:
        installation.build(path)
    return [(Path(f.file).name, f.line, f.message) for f in caught.value.findings]


def line_of(path: Path, text: str) -> int:
    """The line of a file that has this text."""
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def test_the_configuration_that_is_broken_below_is_right(changed: Callable[..., Path]) -> None:
    built = installation.build(changed())
    assert set(built.adapters) == {"mini"}


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        pytest.param(
            "limits:", "limts:", "limts:", "`limts` is onbekend. Bedoelde u `limits`?", id="section"
        ),
        pytest.param(
            "calls:", "cals:", "cals:", "`limits.cals` is onbekend. Bedoelde u `calls`?", id="name"
        ),
        pytest.param(
            "calls: 5",
            "calls: veel",
            "calls: veel",
            "`limits.calls` moet een geheel getal zijn. Er staat 'veel'.",
            id="no number",
        ),
        pytest.param(
            "calls: 5",
            "calls: 0",
            "calls: 0",
            "`limits.calls` moet minstens 1 zijn. Er staat 0.",
            id="too low",
        ),
        pytest.param(
            "port: 8001",
            "port: 80010",
            "port: 80010",
            "`server.port` mag hoogstens 65535 zijn. Er staat 80010.",
            id="too high",
        ),
        pytest.param(
            "server:",
            "logging:\n  level: inf\nserver:",
            "level: inf",
            "`logging.level` is geen keuze uit 'debug', 'info', 'warning' of 'error'. "
            "Er staat 'inf'.",
            id="choice",
        ),
        pytest.param(
            "port: 8001",
            "public_url: https://host/pad",
            "public_url",
            "public_url is een schema en een host, zonder pad",
            id="public url with a path",
        ),
        pytest.param(
            "1: file:identity.key",
            "1: heel-geheim-heel-geheim",
            "heel-geheim",
            "schrijf een geheim als `env:NAAM` of `file:pad`",
            id="literal secret",
        ),
        pytest.param(
            "file:identity.key",
            "file:weg.key",
            "file:weg.key",
            "/weg.key is er niet",
            id="missing secret file",
        ),
        pytest.param(
            "file:identity.key",
            "env:DAT_IS_ER_NIET",
            "env:DAT",
            "geheim env:DAT_IS_ER_NIET is er niet",
            id="missing secret variable",
        ),
        pytest.param(
            "current: 1",
            "current: 2",
            "current: 2",
            "`current` noemt versie 2, die niet onder `keys` staat",
            id="unknown key version",
        ),
        pytest.param(
            "- sha256:",
            "- sha265:",
            "sha265",
            "een token staat hier als `sha256:<64 hexadecimale tekens>`",
            id="token not hashed",
        ),
        pytest.param(
            "'*:read'",
            "partijn:read",
            "partijn:read",
            "`partijn:read`: onbekende resource. Bedoelde u `partijen`?",
            id="scope of an unknown resource",
        ),
        pytest.param(
            "'*:read'",
            "partijen:schrijf",
            "partijen:schrijf",
            "`partijen:schrijf`: schrijf `<resource>:read` of `<resource>:write`,",
            id="scope of an unknown right",
        ),
        pytest.param(
            "number: 1",
            "nummer: 1",
            "nummer: 1",
            "`sources.mini.nummer` is onbekend. Bedoelde u `number`?",
            id="source setting",
        ),
        pytest.param(
            "number: 1",
            "number: 32",
            "number: 32",
            "`sources.mini.number` mag hoogstens 31 zijn. Er staat 32.",
            id="source number",
        ),
        pytest.param(
            "tests.helpers:Trapped",
            "tests.helpers:Traped",
            "Traped",
            "adapter `tests.helpers:Traped` kan niet worden geladen (AttributeError).",
            id="adapter class",
        ),
        pytest.param(
            "tests.helpers:Trapped",
            "tests.helpr:Trapped",
            "helpr",
            "adapter `tests.helpr:Trapped` kan niet worden geladen (ModuleNotFoundError).",
            id="adapter module",
        ),
        pytest.param(
            "url: sqlite",
            "ulr: sqlite",
            "ulr:",
            "`ulr` is onbekend. Bedoelde u `url`?",
            id="adapter option",
        ),
        pytest.param(
            "url: sqlite",
            "url: postgresql+asyncpg://kcc:hunter2@db/kcc #",
            "url:",
            "`url`: zet een url met een wachtwoord in `env:NAAM` of `file:pad`",
            id="literal password",
        ),
        pytest.param(
            "mapping: ",
            "mapping: /er/is/niets #",
            "/er/is/niets",
            "/er/is/niets",
            id="no mapping folder",
        ),
        pytest.param(
            "collections: sql",
            "collections: sq",
            "collections: sq",
            "Bedoelde u `sql`?",
            id="no description of collections",
        ),
    ],
)
def test_a_mistake_is_pointed_at(
    changed: Callable[..., Path], old: str, new: str, at: str, message: str
) -> None:
    path = changed((old, new))
    pointed = [
        m for file, line, m in findings(path) if (file, line) == (path.name, line_of(path, at))
    ]
    assert any(message in said for said in pointed), findings(path)


def test_a_number_of_two_sources_is_pointed_at(changed: Callable[..., Path]) -> None:
    second = "  tweede: {number: 1, adapter: x, mapping: mapping}\n"
    path = changed(("limits:", second + "limits:"))
    ((_, line, message),) = findings(path)
    assert message.endswith("de bronnen `mini` en `tweede` hebben hetzelfde nummer")
    assert line == line_of(path, "tweede")


def test_what_is_not_kept_cannot_be_stale(changed: Callable[..., Path]) -> None:
    path = changed(("  mini:", "  mini:\n    burst: false\n    stale_seconds: 60"))
    ((_, line, message),) = findings(path)
    assert message.endswith("`stale_seconds` kan niet zonder `burst`: dan wordt niets bewaard")
    assert line == line_of(path, "stale_seconds: 60")


@pytest.mark.parametrize("alias", ["zaken register", "1zaken", "zaken;x", "zäken", "z" * 41])
def test_a_source_whose_name_fits_no_header_is_pointed_at(
    changed: Callable[..., Path], alias: str
) -> None:
    path = changed(("sources:\n  mini:", f'sources:\n  "{alias}":'))
    ((_, _, message),) = findings(path)
    assert "een bron heeft een naam van hoogstens 40 letters" in message


def test_two_ports_that_are_one_are_pointed_at(changed: Callable[..., Path]) -> None:
    path = changed(("management:\n  port: null", "management:\n  port: 8001"))
    ((_, line, message),) = findings(path)
    assert line == line_of(path, "port: 8001")
    assert message == "de API en management hebben dezelfde poort"


def test_an_unknown_adapter_is_compared_with_those_that_are_installed(
    changed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = [EntryPoint("rest", "adapters.rest:RestAdapter", ADAPTERS)]
    monkeypatch.setattr(adapting, "entry_points", lambda group: installed)
    path = changed(("tests.helpers:Trapped", "rst"))
    assert findings(path) == [
        (path.name, line_of(path, "rst"), "er is geen adapter `rst`. Bedoelde u `rest`?")
    ]


def test_an_adapter_that_lacks_its_package_says_so(
    changed: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = [EntryPoint("oracle", "package_that_is_not_there:Adapter", ADAPTERS)]
    monkeypatch.setattr(adapting, "entry_points", lambda group: installed)
    ((_, _, message),) = findings(changed(("tests.helpers:Trapped", "oracle")))
    assert message == "adapter `oracle` mist een pakket; installeer de extra `[oracle]`."


def test_a_short_secret_is_refused(changed: Callable[..., Path]) -> None:
    path = changed()
    (path.parent / "identity.key").write_text("vijftien tekens")
    ((_, line, message),) = findings(path)
    assert message.endswith("identity.key is korter dan 16 tekens")
    assert line == line_of(path, "identity.key")


def test_a_mistake_in_the_description_of_collections_is_pointed_at(
    changed: Callable[..., Path],
) -> None:
    path = changed()
    described = path.parent / "mapping" / "collections.sql.yaml"
    described.write_text(described.read_text().replace("ID: integer", "ID: int"))
    ((file, line, message),) = findings(path)
    assert (file, line) == ("collections.sql.yaml", 3)
    assert message.startswith("`KLANT.columns.ID` is geen keuze uit 'integer', 'text' of 'char'.")


def test_a_key_that_is_no_column_is_pointed_at(changed: Callable[..., Path]) -> None:
    path = changed()
    described = path.parent / "mapping" / "collections.sql.yaml"
    described.write_text(described.read_text().replace("key: ID", "key: IDD"))
    assert findings(path)[0][:2] == ("collections.sql.yaml", 2)


def test_everything_that_is_wrong_is_said_at_once(changed: Callable[..., Path]) -> None:
    path = changed(("file:identity.key", "file:weg.key"))
    mapping = path.parent / "mapping" / "partijen.yaml"
    mapping.write_text(mapping.read_text().replace("from: HUISNR", "from: HUISNUMMER"))
    assert {(file, line) for file, line, _ in findings(path)} == {
        ("config.yaml", line_of(path, "weg.key")),
        ("partijen.yaml", line_of(mapping, "HUISNUMMER")),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("1: file:identity.key", "1: hunter2hunter2", id="text"),
        pytest.param(
            "1: file:identity.key",
            "1: 2222",
            id="number",
        ),
        pytest.param(
            "\n    1: file:identity.key",
            " hunter2hunter2",
            id="instead of the list",
        ),
        pytest.param(
            "    tokens:\n",
            "    tokens: hunter2\n    x:\n",
            id="token outside a list",
        ),
        pytest.param("    - sha256:", "    - hunter2\n    - sha256:", id="token in the list"),
        pytest.param(
            "    - sha256:",
            "    - 2222\n    - sha256:",
            id="token that is a number",
        ),
        pytest.param(
            "url: sqlite", "url: postgresql+asyncpg://kcc:hunter2@db/kcc #", id="password in a url"
        ),
        pytest.param("url: sqlite", "headers: hunter2\n      url: sqlite", id="unknown option"),
    ],
)
def test_what_may_be_a_secret_is_not_repeated(
    changed: Callable[..., Path], old: str, new: str
) -> None:
    messages = " ".join(message for _, _, message in findings(changed((old, new))))
    assert "hunter2" not in messages
    assert "2222" not in messages


def test_paths_count_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = mini_config(tmp_path)
    path.write_text(path.read_text().replace(f"{tmp_path}/mapping", "mapping"))
    monkeypatch.chdir("/")
    loaded, document = config.load(path)
    assert loaded.sources["mini"].mapping == tmp_path / "mapping"
    assert set(config.secrets(loaded, document)) == {1}


def test_a_mapping_that_is_shipped_is_found_from_anywhere(
    tmp_path: Path, changed: Callable[..., Path]
) -> None:
    def mapping_of(path: Path) -> Path:
        return config.load(path)[0].sources["mini"].mapping

    own = changed((f"mapping: {tmp_path}/mapping", "mapping: mappings/e-suite"))
    assert mapping_of(own) == ROOT / "mappings" / "e-suite"
    (tmp_path / "mappings" / "e-suite").mkdir(parents=True)
    assert mapping_of(own) == tmp_path / "mappings" / "e-suite"


def test_the_default_file_can_be_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_CONFIG", "/etc/gateway.yaml")
    assert config.default_path() == Path("/etc/gateway.yaml")


def test_a_client_without_scopes_reads_nothing(changed: Callable[..., Path]) -> None:
    loaded, _ = config.load(changed(("    scopes:\n    - '*:read'\n", "")))
    assert loaded.clients["tests"].reads() == frozenset()
    assert loaded.clients["tests"].writes() == frozenset()


def test_who_may_read_may_not_write(changed: Callable[..., Path]) -> None:
    loaded, _ = config.load(changed())
    assert loaded.clients["tests"].reads() == {"*"}
    assert loaded.clients["tests"].writes() == frozenset()


@pytest.mark.parametrize("scopes", [["*:read", "partijen:write"], ["*:read", "*:write"]])
def test_who_may_read_can_be_allowed_to_write(
    changed: Callable[..., Path], scopes: list[str]
) -> None:
    loaded, _ = config.load(changed(("- '*:read'", "\n    ".join(f"- '{s}'" for s in scopes))))
    assert loaded.clients["tests"].writes() == {scopes[1].partition(":")[0]}


@pytest.mark.parametrize(
    ("scopes", "wrong"),
    [
        (["partijen:write"], "partijen"),
        (["partijen:read", "*:write"], "*"),
        (["partijen:read", "actoren:write"], "actoren"),
    ],
)
def test_who_may_not_read_may_not_write(
    changed: Callable[..., Path], scopes: list[str], wrong: str
) -> None:
    path = changed(("- '*:read'", "\n    ".join(f"- '{s}'" for s in scopes)))
    ((_, line, message),) = findings(path)
    assert message.endswith(f"`{wrong}:write` kan niet zonder `{wrong}:read`")
    assert line == line_of(path, f"{wrong}:write")


# --- several sources ----------------------------------------------------------------------------

SECOND: Edit = ("limits:", "  tweede: {number: 2, adapter: x, mapping: mapping}\nlimits:")
OPTIONAL: Edit = ("  mini:", "  mini:\n    required: false")


def partijen(text: str) -> Edit:
    """The section about partijen, on one line."""
    return ("server:", f"partijen: {text}\nserver:")


def wrong(path: Path) -> list[tuple[int, str]]:
    """Line and message of what is wrong in the configuration by itself."""
    with pytest.raises(DocumentError) as caught:
        config.load(path)
    return [(f.line, f.message) for f in caught.value.findings]


@pytest.mark.parametrize("edits", [[], [partijen("{precedence: [mini, tweede]}")]])
def test_the_authority_of_partijen_may_not_be_missing(
    changed: Callable[..., Path], edits: list[Edit]
) -> None:
    """The one that is named first, or else the first source."""
    path = changed(SECOND, OPTIONAL, *edits)
    ((line, message),) = wrong(path)
    assert line == line_of(path, "required: false")
    assert message.startswith("`mini` geeft partijen hun uuid en mag dus niet ontbreken")


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([SECOND, partijen("{precedence: [tweede]}")], id="another is the authority"),
        pytest.param([SECOND, partijen("{same_by: []}")], id="nothing is one"),
        pytest.param([], id="it is alone"),
    ],
)
def test_any_other_source_may_be_missing(changed: Callable[..., Path], edits: list[Edit]) -> None:
    loaded, _ = config.load(changed(OPTIONAL, *edits))
    assert not loaded.sources["mini"].required


@pytest.mark.parametrize(
    ("section", "message"),
    [
        pytest.param(
            "{precedence: [mimi]}",
            "er is geen bron `mimi`. Bedoelde u `mini`?",
            id="source",
        ),
        pytest.param(
            "{fields: {voorkeurstaal: [mini, mimi]}}",
            "er is geen bron `mimi`. Bedoelde u `mini`?",
            id="source of an attribute",
        ),
        pytest.param(
            "{fields: {voorkeurtaal: [mini]}}",
            "`voorkeurtaal`: onbekend attribuut van een partij. Bedoelde u `voorkeurstaal`?",
            id="attribute",
        ),
        pytest.param(
            "{fields: {betrokkenen: [mini]}}",
            "`betrokkenen`: onbekend attribuut van een partij.",
            id="what refers to a partij",
        ),
        pytest.param(
            "{same_by: [kvk_numer]}",
            "`kvk_numer`: onbekend soort identificator. Bedoelde u `kvk_nummer`?",
            id="kind of identificator",
        ),
    ],
)
def test_a_mistake_about_partijen_is_pointed_at(
    changed: Callable[..., Path], section: str, message: str
) -> None:
    path = changed(partijen(section))
    ((line, said),) = wrong(path)
    assert line == line_of(path, "partijen:")
    assert message in said


def test_a_code_that_is_no_code_is_pointed_at(changed: Callable[..., Path]) -> None:
    section = "zaken: {uuid: [{codeRegistr: a}]}"
    path = changed(("server:", f"{section}\nserver:"))
    ((line, message),) = wrong(path)
    assert line == line_of(path, "codeRegistr")
    assert "`codeRegistr`: onbekende code. Bedoelde u `codeRegister`?" in message


def test_what_may_be_missing_is_an_attribute(tmp_path: Path) -> None:
    lenient = {"betrokkenen": ["contactnaam", "wasPartij", "contactnaam.voornam"]}
    with pytest.raises(DocumentError) as caught:
        config.load(mini_config(tmp_path, writing={"lenient": lenient}))
    (finding,) = caught.value.findings
    said = "betrokkenen heeft geen attribuut `contactnaam.voornam`."
    assert finding.message.endswith(f"{said} Bedoelde u `contactnaam.voornaam`?")

"""What is said beforehand: how a list is answered, and which filters work."""

from __future__ import annotations

import shutil
from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from gateway import installation
from gateway.api import params
from gateway.federation.advice import too_broad, working_filters, works
from gateway.federation.catalogue import Catalogue
from gateway.federation.explain import explain
from gateway.federation.plan import Planner
from gateway.federation.register import Register
from gateway.standard.errors import Problem
from gateway.standard.table import RESOURCES
from tests.helpers import BSN, KCC_MAPPING, write_config

UUID = "5d6f0000-0000-4000-8000-000000000001"
PARTIJ = "partijIdentificator__objectId=" + BSN
SQL = {
    "adapter": "adapters.sql:SqlAdapter",
    "collections": "sql",
    "options": {"url": "sqlite+aiosqlite://"},
}
REST = {
    "adapter": "adapters.rest:RestAdapter",
    "collections": "rest",
    "options": {"base_url": "http://bron.example", "separator": ",", "max_values": 20},
}


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Register]:
    """The sample mapping on a source that can do much, and on one that can do little."""
    folder = tmp_path_factory.mktemp("advice")
    # Without samples: they are read elsewhere, and reading them takes time.
    mapping = folder / "kcc"
    shutil.copytree(KCC_MAPPING, mapping, ignore=shutil.ignore_patterns("samples"))
    built = {}
    for name, source in {"sql": SQL, "rest": REST}.items():
        settings: dict[str, Any] = {"number": 1, "mapping": str(mapping), **source}
        built[name] = installation.build(write_config(folder, {"kcc": settings})).register
    return built


def lines(register: Register, url: str) -> list[str]:
    """How a list is answered, line by line."""
    name, _, query = url.partition("?")
    resource = RESOURCES[name]
    asked = params.for_list(resource, params.pairs(query)).asked
    return list(explain(register, resource, asked.filters))


EXPLAINED = {
    "a database answers a list by itself": (
        "sql",
        "klantcontacten",
        [
            "kcc:klantcontacten.contact",
            "  gevraagd: VERWIJDERD is niet ·",
            "  de bron telt, sorteert en bladert zelf",
            "hoogstens 2 aanroepen voor de lijst zelf",
        ],
    ),
    "a filter is pushed to the source and looked at again": (
        "sql",
        "klantcontacten?nummer=2026000001",
        [
            "kcc:klantcontacten.contact",
            "  gevraagd: VERWIJDERD is niet · en CONTACT_NR is ·",
            "  de bron telt, sorteert en bladert zelf",
            "  nogmaals nagekeken: klantcontacten.nummer =",
            "hoogstens 2 aanroepen voor de lijst zelf",
        ],
    ),
    "a database knows what is related": (
        "sql",
        "internetaken?klantcontact__nummer=2026000001",
        [
            "kcc:internetaken.terugbelverzoek",
            "  gevraagd: er is een CONTACT met CONTACT_ID = deze CONTACT_ID "
            "en VERWIJDERD is niet · en CONTACT_NR is ·"
            " en er is een CONTACT met CONTACT_ID = deze CONTACT_ID en VERWIJDERD is niet ·",
            "  de bron telt, sorteert en bladert zelf",
            "hoogstens 2 aanroepen voor de lijst zelf",
        ],
    ),
    "what nothing can meet takes no call": (
        "sql",
        "partijen?partijIdentificator__codeSoortObjectId=oin",
        [
            "kcc:partijen.klant",
            "  onmogelijk: hier kan niets aan voldoen, dus geen aanroep",
            "hoogstens 0 aanroepen voor de lijst zelf",
        ],
    ),
    "an id of nothing takes no call": (
        "sql",
        f"rekeningnummers?uuid={UUID}",
        [
            "kcc:rekeningnummers.rekening",
            "  onmogelijk: hier kan niets aan voldoen, dus geen aanroep",
            "hoogstens 0 aanroepen voor de lijst zelf",
        ],
    ),
}


@pytest.mark.parametrize(("source", "url", "told"), EXPLAINED.values(), ids=EXPLAINED)
def test_a_list_is_explained(
    registers: dict[str, Register], source: str, url: str, told: list[str]
) -> None:
    assert lines(registers[source], url) == told


@pytest.mark.parametrize(
    ("url", "line"),
    [
        pytest.param(
            "klantcontacten?nummer=7", "  gevraagd: CONTACT_NR is ·", id="what it can be asked"
        ),
        pytest.param(
            "klantcontacten?nummer=7",
            "  opgehaald tot 2000 records of 5 pagina's, dan gesorteerd",
            id="no order of its own",
        ),
        pytest.param(
            "klantcontacten?nummer=7",
            "  daarna gefilterd: klantcontacten.nummer =",
            id="filtered afterwards",
        ),
        pytest.param(
            "klantcontacten?onderwerp=paspoort", "  gevraagd: alles", id="what it cannot be asked"
        ),
        pytest.param(
            f"klantcontacten?hadBetrokkene__wasPartij__{PARTIJ}",
            "  eerst: kcc:partijen.klant (via wasPartij; de sleutels vernauwen KLANT_ID)",
            id="keys first",
        ),
        pytest.param(
            f"klantcontacten?hadBetrokkene__wasPartij__{PARTIJ}",
            "    gevraagd: SRT is · en BSN is ·",
            id="one question for each way",
        ),
        pytest.param(
            f"klantcontacten?hadBetrokkene__wasPartij__{PARTIJ}",
            "  gevraagd: KLANT_ID is ·",
            id="what is asked with those keys",
        ),
        pytest.param(
            "internetaken?status=verwerkt",
            "  daarna nagekeken bij kcc:klantcontacten.contact (via aanleidinggevendKlantcontact)",
            id="looked up afterwards",
        ),
        pytest.param(
            "klantcontacten?hadBetrokkene__wasPartij=false",
            "  daarna nagekeken bij kcc:partijen.klant (via wasPartij)",
            id="that there is none",
        ),
    ],
)
def test_a_plain_service_takes_more_steps(
    registers: dict[str, Register], url: str, line: str
) -> None:
    assert line in lines(registers["rest"], url)


def test_a_question_that_may_be_too_broad_comes_with_a_warning(
    registers: dict[str, Register],
) -> None:
    last = lines(registers["rest"], "klantcontacten?onderwerp=paspoort")[-1]
    assert last.startswith("boven het zoekbudget wordt de vraag geweigerd (400): ")


def test_a_question_that_is_answered_whole_comes_without_a_warning(
    registers: dict[str, Register],
) -> None:
    assert "zoekbudget" not in "".join(lines(registers["sql"], "klantcontacten?nummer=7"))


def test_the_number_of_calls_is_that_of_a_request_at_most(registers: dict[str, Register]) -> None:
    register = registers["rest"]
    few = copy(register)
    few.bounds = replace(register.bounds, calls=3)
    told = list(explain(few, RESOURCES["digitaleadressen"], []))
    assert "hoogstens 3 aanroepen voor de lijst zelf" in told


def test_a_list_without_a_source_is_empty(registers: dict[str, Register]) -> None:
    register = registers["sql"]
    empty = copy(register)
    empty.planner = Planner(Catalogue({}, {}, register.catalogue.identity))
    assert list(explain(empty, RESOURCES["partijen"], [])) == [
        "Geen bron levert partijen: de lijst is leeg, zonder aanroep."
    ]


@pytest.mark.parametrize("source", ["sql", "rest"])
@pytest.mark.parametrize(
    "url",
    [
        f"partijen?{PARTIJ}",
        f"klantcontacten?hadBetrokkene__wasPartij__{PARTIJ}",
        f"digitaleadressen?adres={BSN}",
        f"digitaleadressen?adres__icontains={BSN}",
        f"klantcontacten?onderwerp={BSN}&plaatsgevondenOp=2026-01-31T12:00",
        f"betrokkenen?contactnaamAchternaam={BSN}",
    ],
)
def test_no_value_is_told(registers: dict[str, Register], source: str, url: str) -> None:
    told = "".join(lines(registers[source], url))
    assert BSN not in told
    assert "2026-01-31" not in told


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("partijen?bsn=1", "unknown-parameters"),
        ("partijen?soortPartij=mens", "invalid_choice"),
        ("partijen?partijIdentificator__objectId=", "blank"),
    ],
)
def test_what_a_request_refuses_is_refused_here(
    registers: dict[str, Register], url: str, code: str
) -> None:
    with pytest.raises(Problem) as caught:
        lines(registers["sql"], url)
    assert caught.value.params[0].code == code


# --- which filters work ---


def test_a_database_answers_every_filter_that_can_be_turned_around(
    registers: dict[str, Register],
) -> None:
    resource = RESOURCES["klantcontacten"]
    # Part of a telephone number can be written in too many ways to leave to the database.
    assert working_filters(registers["sql"].planner, resource) == [
        f.param
        for f in resource.filters
        if f.param != "hadBetrokkene__digitaaladres__adres__icontains"
    ]


@pytest.mark.parametrize(
    ("resource", "param", "answered"),
    [
        ("klantcontacten", "nummer", True),
        ("klantcontacten", "kanaal", False),
        ("klantcontacten", "onderwerp", False),
        ("klantcontacten", "vertrouwelijk", False),
        ("klantcontacten", "leiddeTotInterneTaken", False),
        ("klantcontacten", "hadBetrokkene__wasPartij__partijIdentificator__objectId", True),
        ("partijen", "partijIdentificator__objectId", True),
        ("partijen", "nummer", False),
        ("digitaleadressen", "adres", False),
        ("rekeningnummers", "iban", False),
        ("rekeningnummers", "uuid", True),
    ],
)
def test_a_plain_service_answers_what_it_can_be_asked(
    registers: dict[str, Register], resource: str, param: str, answered: bool
) -> None:
    spec = RESOURCES[resource].filter(param)
    assert spec is not None
    assert works(registers["rest"].planner, RESOURCES[resource], spec) is answered


@pytest.mark.parametrize(
    ("resource", "param"),
    [
        ("onderwerpobjecten", "onderwerpobjectidentificatorCodeObjecttype"),
        ("klantcontacten", "onderwerpobject__onderwerpobjectidentificatorCodeRegister"),
        ("partijen", "partijIdentificator__codeObjecttype"),
    ],
)
def test_a_constant_that_every_record_has_is_no_filter_that_works(
    registers: dict[str, Register], resource: str, param: str
) -> None:
    assert param not in working_filters(registers["rest"].planner, RESOURCES[resource])


def test_a_refusal_names_what_failed_and_what_works(registers: dict[str, Register]) -> None:
    register, resource = registers["rest"], RESOURCES["rekeningnummers"]
    problem = too_broad(register.planner, resource, ["iban", "bic"], register.bounds)
    assert [(p.name, p.code) for p in problem.params] == [
        ("iban", "filter-not-supported"),
        ("bic", "filter-not-supported"),
    ]
    assert problem.params[0].reason == (
        "Deze vraag past niet binnen het zoekbudget van 2000 records of 5 pagina's. "
        "Filters die wel werken: uuid."
    )


def test_a_refusal_does_not_advise_what_was_asked(registers: dict[str, Register]) -> None:
    register, resource = registers["rest"], RESOURCES["rekeningnummers"]
    (wrong,) = too_broad(register.planner, resource, ["uuid"], register.bounds).params
    assert "Filters die wel werken" not in wrong.reason


def test_a_list_that_is_too_long_is_refused_as_a_whole(registers: dict[str, Register]) -> None:
    register, resource = registers["rest"], RESOURCES["rekeningnummers"]
    (wrong,) = too_broad(register.planner, resource, [], register.bounds).params
    assert wrong.name == "nonFieldErrors"

"""Servers that write wrongly in one way, and the statements that do not hold of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any, Final

import httpx

from gateway.standard.table import RESOURCES
from tests.support.wrong import (
    Ask,
    Fault,
    Plant,
    body_of,
    json_of,
    like,
    of_answers,
    of_bodies,
    of_lists,
    of_objects,
    of_parameters,
    of_problems,
    of_refusals,
    remade,
    resource_of,
)


def _truncating(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if isinstance(value, str) and len(value) > 40:
            body[name] = value[:40]


def _filling(body: dict[str, Any]) -> None:
    if "gevraagdeHandeling" not in body and "naam" not in body:
        body.setdefault("kanaal", "onbekend")


def _nulls_left_out(body: dict[str, Any]) -> None:
    for name in [name for name, value in body.items() if value is None]:
        del body[name]


def _made(request: httpx.Request, answer: httpx.Response) -> bool:
    return request.method == "POST" and answer.status_code == 201


async def _not_deleted(request: httpx.Request, ask: Ask) -> httpx.Response:
    return httpx.Response(204) if request.method == "DELETE" else await ask(request)


async def _always_json(request: httpx.Request, ask: Ask) -> httpx.Response:
    headers = {**request.headers, "content-type": "application/json"}
    return await ask(like(request, headers=headers) if request.method == "POST" else request)


async def _nobody_asked(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Anything can be done anywhere."""
    answer = await ask(request)
    return httpx.Response(204) if answer.status_code == 405 else answer


def _references_left_out(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if isinstance(value, dict) and set(value) == {"uuid"}:
            body[name] = None


_RANDOM: Final = Random(11)


def _without(*names: str, method: str = "POST") -> Fault:
    """What a body says of these is not heard."""

    def change(body: dict[str, Any]) -> None:
        for name in names:
            body.pop(name, None)

    return of_bodies(change, method)


def _saying(name: str, value: Any, method: str = "POST") -> Fault:
    """What a body does not say of this is heard all the same."""
    return of_bodies(lambda body: body.setdefault(name, value), method)


def _reading(name: str, read: Callable[[Any], Any], method: str = "POST") -> Fault:
    """What a body says of this is heard otherwise."""

    def change(body: dict[str, Any]) -> None:
        if name in body:
            body[name] = read(body[name])

    return of_bodies(change, method)


def _other_number(body: dict[str, Any]) -> None:
    for name in ("nummer", "referentienummer"):
        if body.get(name):
            body[name] = str(_RANDOM.randrange(10**9, 10**10))


def _other_kvk(group: Any) -> Any:
    if isinstance(group, dict) and group.get("codeSoortObjectId") == "kvk_nummer":
        return {**group, "objectId": str(_RANDOM.randrange(10**7, 10**8))}
    return group


def _whole_kvk(group: Any) -> Any:
    codes = {"codeObjecttype": "niet_natuurlijk_persoon", "codeSoortObjectId": "kvk_nummer"}
    return {**codes, "codeRegister": "hr", **group} if isinstance(group, dict) else group


def _one_line(value: Any) -> Any:
    return value.replace(" ", "").replace("-", "") if isinstance(value, str) else value


def _as_text(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if value == {"a": 1}:
            body[name] = "a"


def _never_blank(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if isinstance(value, str) and not value.strip():
            body[name] = "onbekend"


def _local(value: Any) -> Any:
    return re.sub("\\+.*", "Z", value) if isinstance(value, str) else value


def _english(body: dict[str, Any]) -> None:
    for param in body.get("invalidParams", ()):
        param["reason"] = "Invalid."


def _leaf_only(body: dict[str, Any]) -> None:
    for param in body.get("invalidParams", ()):
        param["name"] = param["name"].rpartition(".")[2]


def _only_what_is_there(one: dict[str, Any]) -> None:
    found = one.get("_expand")
    for name in [name for name, value in (found or {}).items() if not value]:
        del one["_expand"][name]


async def _lingering(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Of what is removed, what belongs to it stays."""
    answer = await ask(request)
    body = json_of(answer)
    if request.method == "DELETE":
        _LEFT.pop(request.url.path, None)
    if _made(request, answer) and isinstance(body, dict) and "uuid" in body:
        _LEFT[f"{request.url.path}/{body['uuid']}"] = body
    if request.method == "GET" and answer.status_code == 404 and request.url.path in _LEFT:
        return httpx.Response(200, json=_LEFT[request.url.path])
    return answer


_LEFT: Final[dict[str, Any]] = {}


async def _one_letter(request: httpx.Request, ask: Ask) -> httpx.Response:
    known = "charset" not in request.headers.get("content-type", "")
    return await ask(request) if known else httpx.Response(415)


def _400(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    """Answers that a body is wrong where there is nothing to change."""
    there = request.method in ("PUT", "PATCH", "DELETE")
    return httpx.Response(400, json={}) if there and answer.status_code == 404 else answer


async def _deaf_to_queries(request: httpx.Request, ask: Ask) -> httpx.Response:
    if request.method != "DELETE":
        return await ask(request)
    return await ask(like(request, url=request.url.copy_with(query=None)))


async def _in_parts(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Makes a part where the whole is wrong."""
    answer = await ask(request)
    body = body_of(request)
    if resource_of(request) != _MAAK or answer.status_code != 400 or not body:
        return answer
    path = request.url.path.replace(_MAAK, "klantcontacten")
    part = json.dumps(body.get("klantcontact")).encode()
    await ask(like(request, url=request.url.copy_with(path=path), content=part))
    return answer


_MAAK: Final = "maak-klantcontact"


async def _anybody(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Looks at a body before it looks at who sends it."""
    answer = await ask(request)
    wrong = request.method == "POST" and body_of(request) is None
    return httpx.Response(400, json={}) if answer.status_code == 401 and wrong else answer


def _with_location(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    own = resource_of(request) == _MAAK and _made(request, answer)
    return remade(answer, headers={"location": "https://gateway.example/"}) if own else answer


def _alone(request: httpx.Request, body: dict[str, Any]) -> bool:
    return "klantcontact" in body and "betrokkene" not in body


def _unknown(request: httpx.Request, body: dict[str, Any]) -> bool:
    resource = RESOURCES.get(resource_of(request))
    return resource is not None and any(resource.member(name) is None for name in body)


def _nulls(request: httpx.Request, body: dict[str, Any]) -> bool:
    return body.get("wasPartij", "") is None


def _first_category(name: str, value: str) -> tuple[str, str]:
    return name, value.partition(",")[0] if name.startswith("categorierelatie") else value


def _oldest_first(body: dict[str, Any], _: Any) -> None:
    body["results"].reverse()


WRITING: Final = (
    Plant(
        "what is made is answered with 200",
        of_answers(lambda r, a: remade(a, 200) if _made(r, a) else a),
        ("schrijf.maken",),
        writes=True,
    ),
    Plant(
        "where it is, is not told",
        of_answers(lambda r, a: remade(a, without={"location"}) if _made(r, a) else a),
        ("schrijf.maken",),
        writes=True,
    ),
    Plant("what is removed stays", _not_deleted, ("schrijf.weghalen", "schrijf.opgeruimd"), True),
    Plant("what is lacking is filled in", of_bodies(_filling), ("schrijf.verplicht",), True),
    Plant("null is nothing", of_bodies(_nulls_left_out), ("schrijf.null",), writes=True),
    Plant(
        "long text is cut", of_bodies(_truncating), ("schrijf.lengte", "schrijf.lang"), writes=True
    ),
    Plant("anything is JSON", _always_json, ("schrijf.body",), writes=True),
    Plant(
        "everything can be done", _nobody_asked, ("schrijf.methoden", "maak.methoden"), writes=True
    ),
    Plant(
        "references to nothing are forgotten",
        of_bodies(_references_left_out),
        ("schrijf.verwijzing",),
        writes=True,
    ),
    Plant(
        "what is said is forgotten",
        _without("reactie"),
        ("schrijf.alles",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "null is refused where it may stand",
        of_refusals(_nulls),
        ("schrijf.mag-leeg",),
        True,
        ("betrokkenen",),
    ),
    Plant(
        "what is not said has another value",
        _saying("indicatieActief", False),
        ("schrijf.standaard",),
        True,
        ("actoren",),
    ),
    Plant(
        "an unknown attribute is refused",
        of_refusals(_unknown),
        ("schrijf.overslaan",),
        True,
        ("categorieen",),
    ),
    Plant(
        "names have one spelling",
        of_refusals(lambda _, b: any("_" in name for name in b)),
        ("schrijf.namen",),
        True,
        ("betrokkenen",),
    ),
    Plant(
        "a truth is no text",
        of_refusals(lambda _, b: isinstance(b.get("vertrouwelijk"), str)),
        ("schrijf.omzetten",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "an offset is not counted",
        _reading("plaatsgevondenOp", _local),
        ("schrijf.moment",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "a PATCH changes more",
        _saying("naam", "anders", "PATCH"),
        ("schrijf.wijzigen",),
        True,
        ("actoren",),
    ),
    Plant(
        "a PUT clears what it does not name",
        _saying("inhoud", "", "PUT"),
        ("schrijf.vervangen",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "a PUT needs nothing",
        _saying("kanaal", "onbekend", "PUT"),
        ("schrijf.vervangen",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "a group is not emptied",
        of_bodies(_nulls_left_out, "PATCH"),
        ("schrijf.groepen",),
        True,
        ("actoren",),
    ),
    Plant("what belongs to it stays", _lingering, ("schrijf.meenemen",), True, ("betrokkenen",)),
    Plant(
        "what is new comes last",
        of_lists(_oldest_first),
        ("schrijf.nieuwste",),
        True,
        ("categorieen",),
    ),
    Plant(
        "what refers to what was made is not told",
        of_objects("betrokkenen", lambda o: o.update(digitaleAdressen=[])),
        ("schrijf.terug",),
        True,
        ("betrokkenen",),
    ),
    Plant(
        "two have one number",
        of_bodies(_other_number),
        ("schrijf.uniek",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "of nothing nothing is expanded",
        of_objects("*", _only_what_is_there),
        ("uitklap.niets",),
        True,
        ("betrokkenen",),
    ),
    Plant("empty text is text", of_bodies(_never_blank), ("schrijf.leeg",), True, ("actoren",)),
    Plant("an object is text", of_bodies(_as_text), ("schrijf.type",), True, ("categorieen",)),
    Plant(
        "what is of no shape is left out",
        _without("bezoekadres"),
        ("schrijf.vorm",),
        True,
        ("partijen",),
    ),
    Plant(
        "what is wrong is told in English",
        of_problems(400, _english),
        ("schrijf.teksten",),
        True,
        ("klantcontacten",),
    ),
    Plant("letters cannot be told", _one_letter, ("schrijf.letters",), True, ("categorieen",)),
    Plant(
        "parameters of a write are refused",
        of_refusals(lambda r, _: bool(r.url.query)),
        ("schrijf.parameters",),
        True,
        ("categorieen",),
    ),
    Plant(
        "what is not there is wrong",
        of_answers(_400),
        ("schrijf.onbekend",),
        True,
        ("categorieen",),
    ),
    Plant(
        "what depends on the soort is left out",
        _without("actorIdentificatie"),
        ("schrijf.soort",),
        True,
        ("actoren",),
    ),
    Plant(
        "a whole name is empty",
        of_objects("betrokkenen", lambda o: o.update(volledigeNaam="")),
        ("partij.naam",),
        True,
        ("partijen", "betrokkenen"),
    ),
    Plant(
        "a partij comes without its numbers",
        _without("partijIdentificatoren"),
        ("partij.nummers",),
        True,
        ("partijen",),
    ),
    Plant(
        "no numbers are none",
        _reading("partijIdentificatoren", lambda v: v or [], "PATCH"),
        ("partij.andere-nummers",),
        True,
        ("partijen",),
    ),
    Plant(
        "a partij comes without its addresses",
        _without("digitaleAdressen"),
        ("partij.adressen",),
        True,
        ("partijen",),
    ),
    Plant(
        "a partij prefers nothing",
        _without("voorkeursDigitaalAdres"),
        ("partij.voorkeur",),
        True,
        ("partijen",),
    ),
    Plant(
        "of two categories the first counts",
        of_parameters(_first_category),
        ("partij.categorie",),
        True,
        ("partijen",),
    ),
    Plant(
        "a number is made to fit",
        _reading("partijIdentificator", _other_kvk),
        (
            "nummer.vorm",
            "nummer.uniek",
        ),
        True,
        ("partij-identificatoren",),
    ),
    Plant(
        "what others are part of is removed",
        _not_deleted,
        ("nummer.deel",),
        True,
        ("partij-identificatoren",),
    ),
    Plant(
        "a part of a number will do",
        _reading("partijIdentificator", _whole_kvk, "PATCH"),
        ("nummer.geheel",),
        True,
        ("partij-identificatoren",),
    ),
    Plant(
        "a telephone number is made to fit",
        _reading("adres", _one_line),
        ("adres.vorm",),
        True,
        ("digitaleadressen",),
    ),
    Plant(
        "no address is the standard one",
        _without("isStandaardAdres"),
        ("adres.standaard",),
        True,
        ("digitaleadressen",),
    ),
    Plant(
        "a referentie is forgotten",
        _without("referentie"),
        ("adres.referentie",),
        True,
        ("digitaleadressen",),
    ),
    Plant(
        "an IBAN is made to fit",
        _reading("iban", _one_line),
        ("rekening.vorm",),
        True,
        ("rekeningnummers",),
    ),
    Plant(
        "what follows is not told",
        _without("verdereActieOndernomen"),
        ("contact.regels",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "a contact is never taken along",
        _deaf_to_queries,
        ("contact.onderwerp",),
        True,
        ("onderwerpobjecten",),
    ),
    Plant(
        "a taak has one way to be given",
        _without("toegewezenAanActor"),
        ("taak.van",),
        True,
        ("internetaken",),
    ),
    Plant(
        "when it was done is not heard",
        _without("afgehandeldOp"),
        ("taak.klaar",),
        True,
        ("internetaken",),
    ),
    Plant(
        "of three objects one has a place",
        of_answers(_with_location),
        ("maak.samen",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "three are made or none", of_refusals(_alone), ("maak.alleen",), True, ("klantcontacten",)
    ),
    Plant(
        "of a part it is not told which",
        of_problems(400, _leaf_only),
        ("maak.fout",),
        True,
        ("klantcontacten",),
    ),
    Plant(
        "a part is made of what is wrong",
        _in_parts,
        ("maak.alles-of-niets",),
        True,
        ("klantcontacten",),
    ),
    Plant("who has no token may write", _anybody, ("schrijf.aanmelden",), True, ("categorieen",)),
)
"""Found with writing."""

"""A source that takes a contact whole, with all that belongs to it, and changes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.support.office import MOMENT, Office, empty, installed
from tests.support.store import table

FIELDS: Final = (
    "ID",
    "OP",
    "TEKST",
    "SOORT",
    "STATUS",
    "NOTITIE",
    "EMAIL",
    "WIE",
)
CREATED: Final = f"{{from: OP, format: {{name: tijdstip, pattern: '{MOMENT['pattern']}'}}}}"
HEAD: Final = f"""\
    slot: 0
    collection: CONTACT
    key: {{ID: integer}}
    created: {CREATED}
    write: {{create: true}}
"""
FILES: Final[Mapping[str, str]] = {
    "klantcontacten": f"""\
  contact:
    slot: 0
    collection: CONTACT
    key: {{ID: integer}}
    created: {CREATED}
    write:
      create: true
      fill:
        - set: {{SOORT: taak}}
          when: [{{NOTITIE: {{present: true}}}}, {{WIE: {{present: true}}}}]
        - {{set: {{SOORT: contact}}}}
        - {{when: {{SOORT: taak}}, set: {{STATUS: open}}}}
        - {{set: {{STATUS: klaar}}}}
    rules:
      - {{to: kanaal, const: balie}}
      - {{to: onderwerp, from: TEKST}}
      - {{to: taal, const: nld}}
      - {{to: vertrouwelijk, const: true}}
      - to: plaatsgevondenOp
        from: OP
        format: {{name: tijdstip, pattern: '{MOMENT["pattern"]}', zone: UTC}}
      - {{to: metadata.soort, from: SOORT}}
      - {{to: metadata.notitie, from: NOTITIE, when: {{STATUS: {{not: klaar}}}}}}
      - {{to: metadata.wie, from: WIE}}
      - {{to: metadata.email, from: EMAIL}}
""",
    "internetaken": f"""\
  taak:
{HEAD}    where: {{SOORT: taak}}
    rules:
      - {{to: aanleidinggevendKlantcontact, ref: klantcontacten.contact, key: ID}}
      - {{to: toegewezenAanActoren, ref: actoren.wie, key: WIE}}
      - {{to: nummer, from: ID}}
      - {{to: gevraagdeHandeling, const: Terugbellen}}
      - {{to: toelichting, from: NOTITIE}}
      - {{to: status, from: STATUS, values: {{open: te_verwerken, klaar: verwerkt}}}}
      - {{to: toegewezenOp, const: '2026-01-01T00:00:00Z'}}
""",
    "actorklantcontacten": f"""\
  wie:
{HEAD}    where: {{WIE: {{present: true}}}}
    rules:
      - {{to: actor, ref: actoren.wie, key: WIE}}
      - {{to: klantcontact, ref: klantcontacten.contact, key: ID}}
""",
    "betrokkenen": f"""\
  contact:
{HEAD}    where: {{EMAIL: {{present: true}}}}
    rules:
      - {{to: hadKlantcontact, ref: klantcontacten.contact, key: ID}}
      - {{to: rol, const: klant}}
      - {{to: initiator, const: true}}
""",
    "digitaleadressen": f"""\
  contact:
{HEAD}    where: {{EMAIL: {{present: true}}}}
    rules:
      - {{to: verstrektDoorBetrokkene, ref: betrokkenen.contact, key: ID}}
      - {{to: adres, from: EMAIL}}
      - {{to: soortDigitaalAdres, const: email}}
""",
    "onderwerpobjecten": """\
  object:
    slot: 0
    collection: OBJECT
    key: {ID: integer}
    created: {const: '2026-01-01T00:00:00Z'}
    write: {create: true, needs: {NR: {present: true}}}
    rules:
      - {to: klantcontact, ref: klantcontacten.contact, key: CONTACT}
      - {to: onderwerpobjectidentificator.objectId, from: NR}
""",
    "actoren": """\
  wie:
    slot: 0
    collection: WIE
    key: {ID: integer}
    created: {const: '2026-01-01T00:00:00Z'}
    rules:
      - {to: naam, from: NAAM}
      - {to: soortActor, const: medewerker}
""",
}


def whole(folder: Path) -> Office:
    """It alone, with two users. ``folder``: for its mapping."""
    for resource, streams in FILES.items():
        (folder / f"{resource}.yaml").write_text(f"resource: {resource}\nstreams:\n{streams}")
    only_new = {"update": False, "delete": False}
    store = empty(
        {
            "CONTACT": table(FIELDS, **only_new),
            "OBJECT": table(("ID", "CONTACT", "NR"), **only_new),
            "WIE": replace(table(("ID", "NAAM")), writes=None),
        }
    )
    store.rows["WIE"] += [{"ID": 1, "NAAM": "An"}, {"ID": 2, "NAAM": "Bo"}]  # type: ignore[operator]
    return installed(folder, {"bron": store})

"""What Open Klant 1 (tag 1.0.0) takes in a body, and what it makes of that.

Found by asking the real one. All that is wrong is told at once; what is not given stays as it was,
with PUT as with PATCH; an object in an object is filled up, and `null` does not take one away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from demo.v1.answers import Refused
from demo.v1.forms import EMAIL, FISCAL, MOMENT, PLAIN, URL, Form, one_of, parsed
from demo.v1.register import Row

Wrong = list[tuple[str, str, str]]
"""Of each thing that is wrong the path, the code and the reason."""

_REASON: Final = "Voer een geldige waarde in."
_MOST: Final = 99_999


class Bad(Exception):
    """A value that cannot be; `wrong` has paths below the field."""

    def __init__(self, code: str = "", wrong: Wrong | None = None) -> None:
        super().__init__(code)
        self.wrong = wrong or [("", code, _REASON)]


@dataclass(frozen=True)
class Member:
    """One member: how it is read, what it is when it was never given, whether it has to be."""

    read: Callable[[Any, Any], Any]
    default: Any = ""
    required: bool = False


Shape = Mapping[str, Member]


def text(longest: int | None = None, form: Form = PLAIN, required: bool = False) -> Member:
    """A text, trimmed; a number becomes one. Required ones are not empty."""

    def read(value: Any, _: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Bad("null" if value is None else "invalid")
        made = str(value).strip()
        if not made and required:
            raise Bad("blank")
        if longest is not None and len(made) > longest:
            raise Bad("max_length")
        if made and (code := PLAIN.wrong(made) or form.wrong(made)):
            raise Bad(code)
        return made

    return Member(read, required=required)


def choice(*choices: str, required: bool = False) -> Member:
    """One of these texts; or none, where it is not required."""
    known = one_of(*choices)

    def read(value: Any, _: Any) -> str:
        if value is None:
            raise Bad("null")
        if (value or required) and (code := known.wrong(str(value))):
            raise Bad(code)
        return str(value)

    return Member(read, required=required)


def truth() -> Member:
    """`true` or `false`."""

    def read(value: Any, _: Any) -> bool:
        if not isinstance(value, bool):
            raise Bad("null" if value is None else "invalid")
        return value

    return Member(read, False)


def number() -> Member:
    """A whole number or `null`."""

    def read(value: Any, _: Any) -> int | None:
        if value is None:
            return None
        if not str(value).isdecimal():
            raise Bad("invalid")
        if int(value) > _MOST:
            raise Bad("max_value")
        return int(value)

    return Member(read, None)


def moment() -> Member:
    """A moment, as text in UTC."""

    def read(value: Any, _: Any) -> str:
        if not isinstance(value, str) or MOMENT.wrong(value):
            raise Bad("null" if value is None else "invalid")
        return parsed(value).isoformat().replace("+00:00", "Z")

    return Member(read)


def several(longest: int, form: Form = PLAIN) -> Member:
    """A list of texts."""
    one = text(longest, form, required=True)

    def read(value: Any, _: Any) -> list[str]:
        if not isinstance(value, list):
            raise Bad("null" if value is None else "not_a_list")
        wrong: Wrong = []
        made = [_read(one, each, None, str(n), wrong) for n, each in enumerate(value)]
        if wrong:
            raise Bad(wrong=wrong)
        return made

    return Member(read, [])


def group(members: Shape, *, nullable: bool = True) -> Member:
    """An object, which has all of its members, or `null` before it has any."""

    def read(value: Any, kept: Any) -> Row | None:
        if value is None and not nullable:
            raise Bad("null")
        if value is not None and not isinstance(value, dict):
            raise Bad(wrong=[("nonFieldErrors", "invalid", _REASON)])
        given = {name: value[name] for name in members if name in value} if value else {}
        wrong: Wrong = []
        made = {n: _read(members[n], v, (kept or {}).get(n), n, wrong) for n, v in given.items()}
        if wrong:
            raise Bad(wrong=wrong)
        if not made:
            return dict(kept) if kept else None
        return {n: member.default for n, member in members.items()} | (kept or {}) | made

    return Member(read, None)


def _read(member: Member, value: Any, kept: Any, path: str, wrong: Wrong) -> Any:
    try:
        return member.read(value, kept)
    except Bad as bad:
        wrong += [(f"{path}.{below}".rstrip("."), code, why) for below, code, why in bad.wrong]
        return None


def values(members: Shape, body: Row, kept: Row | None, *, partly: bool) -> Row:
    """The row that a body makes; `kept`: the row that is changed, if there is one. `partly`: what
    is required need not be given. Raises `Refused`."""
    wrong: Wrong = []
    made: Row = {}
    for name, member in members.items():
        if name in body:
            made[name] = _read(member, body[name], (kept or {}).get(name), name, wrong)
        elif member.required and not partly:
            wrong.append((name, "required", "Dit veld is vereist."))
        else:
            made[name] = kept[name] if kept is not None else member.default
    if wrong:
        raise Refused(400, "invalid", "Invalid input.", wrong)
    return made


_ABROAD: Final = group({})
_PERSON: Final = {
    "inpBsn": text(form=FISCAL),
    "anpIdentificatie": text(17),
    "inpANummer": text(10),
    "geslachtsnaam": text(200),
    "voorvoegselGeslachtsnaam": text(80),
    "voorletters": text(20),
    "voornamen": text(200),
    "geslachtsaanduiding": choice("m", "v", "o"),
    "geboortedatum": text(18),
    "verblijfsadres": _ABROAD,
    "subVerblijfBuitenland": _ABROAD,
}
_ORGANISATION: Final = {
    # An RSIN: the number of the KVK does not pass.
    "innNnpId": text(form=FISCAL),
    "annIdentificatie": text(17),
    "statutaireNaam": text(500),
    "innRechtsvorm": text(50),
    "bezoekadres": text(1000),
    "subVerblijfBuitenland": _ABROAD,
}
_BRANCH: Final = {
    "vestigingsNummer": text(24),
    "handelsnaam": several(625),
    "verblijfsadres": _ABROAD,
    "subVerblijfBuitenland": _ABROAD,
}
SUBJECTS: Final[Mapping[str, Shape]] = {
    "natuurlijk_persoon": _PERSON,
    "niet_natuurlijk_persoon": _ORGANISATION,
    "vestiging": _BRANCH,
}

_ADRES: Final = {
    "straatnaam": text(100),
    "huisnummer": number(),
    "huisletter": text(1),
    "huisnummertoevoeging": text(4),
    "postcode": text(7),
    "woonplaatsnaam": text(80),
    "landcode": text(4),
}


def klant(subject_type: str) -> Shape:
    """Of a klant of this kind."""
    return {
        "bronorganisatie": text(form=FISCAL, required=True),
        "klantnummer": text(8, required=True),
        "bedrijfsnaam": text(200),
        "functie": text(200),
        "websiteUrl": text(1000, URL),
        "voornaam": text(200),
        "voorvoegselAchternaam": text(10),
        "achternaam": text(200),
        "telefoonnummer": text(20),
        "emailadres": text(254, EMAIL),
        "adres": group(_ADRES),
        "subject": text(1000),
        "subjectType": choice(*SUBJECTS),
        "aanmaakkanaal": text(50),
        "geverifieerd": truth(),
        "subjectIdentificatie": group(SUBJECTS.get(subject_type, {}), nullable=False),
    }


CONTACT: Final[Shape] = {
    "bronorganisatie": text(form=FISCAL, required=True),
    "registratiedatum": moment(),
    "kanaal": text(50),
    "voorkeurskanaal": text(50),
    "voorkeurstaal": text(3),
    "tekst": text(),
    "onderwerpLinks": several(1000, URL),
    "initiatiefnemer": choice("gemeente", "klant"),
    "medewerker": text(1000, URL),
    "medewerkerIdentificatie": group(
        {
            "identificatie": text(24),
            "achternaam": text(200),
            "voorletters": text(20),
            "voorvoegselAchternaam": text(10),
        }
    ),
}
KLANT_LINK: Final[Shape] = {
    "klant": text(1000, URL, required=True),
    "rol": choice("belanghebbende", "gesprekspartner", required=True),
    "gelezen": truth(),
}
OBJECT_LINK: Final[Shape] = {
    "object": text(1000, URL, required=True),
    "objectType": choice("zaak", required=True),
}

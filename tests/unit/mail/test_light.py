"""What a header says of a contact."""

from __future__ import annotations

import time
from typing import Any

import pytest

from adapters.mail.fields import fields_of
from adapters.mail.light import WIDTH, Light, Reader, moment_in, seconds_in
from adapters.mail.options import MailOptions
from tests.support.mails import FIRST, INFO, JAN, OPTIONS, OWN, mail

RECEIVED = 1_800_000_000


def light(options: dict[str, Any] | None = None, number: int = 1, **given: str) -> Light | None:
    reader = Reader(MailOptions.model_validate({**OPTIONS, **(options or {})}))
    return reader.light(fields_of(bytes(mail(number, **given))), RECEIVED, "place")


def contact(options: dict[str, Any] | None = None, **given: str) -> Light:
    found = light(options, **given)
    assert found is not None
    return found


def people(found: Light) -> list[str]:
    return [one.key for one in found.people]


def test_a_message_to_the_gemeente_is_begun_by_who_sent_it() -> None:
    found = contact(Cc="buurman@elders.example")
    assert found.begun
    assert people(found) == [JAN]
    assert found.people[0].name == "Jan de Vries"
    assert found.offices == ("info",)


def test_a_message_of_the_gemeente_is_to_all_who_are_not_of_it() -> None:
    found = contact(From=INFO, To=f"{JAN}, collega@{OWN}", Cc="zus@elders.example")
    assert not found.begun
    assert people(found) == [JAN, "zus@elders.example"]
    assert found.offices == ("info",)


def test_who_filled_in_a_form_is_who_begins() -> None:
    form = {"forms": [f"noreply@{OWN}"]}
    found = contact(form, From=f"Formulier <noreply@{OWN}>", Reply_To=f"Jan <{JAN}>")
    assert found.begun
    assert people(found) == [JAN]
    # From anybody else Reply-To says nothing.
    assert people(contact(form, Reply_To="ander@elders.example")) == [JAN]


@pytest.mark.parametrize(
    "given",
    [
        {"From": f"collega@{OWN}"},
        {"From": f"collega@afdeling.{OWN}"},
        {"To": "ander@elders.example"},
        {"Auto-Submitted": "auto-replied"},
        {"List-Id": "<nieuws.example>"},
        {"Precedence": "bulk"},
        {"Return-Path": "<>"},
        {"X-Spam-Flag": "YES"},
        {"X-Autoreply": "yes"},
    ],
)
def test_what_is_no_contact_is_not_shown(given: dict[str, str]) -> None:
    assert light(None, **given) is None


@pytest.mark.parametrize(
    "given", [{"X-Auto-Response-Suppress": "All"}, {"Auto-Submitted": "no"}, {"From": ""}]
)
def test_what_ordinary_mail_has_is_no_reason_to_leave_it_out(given: dict[str, str]) -> None:
    assert contact(**given).begun


def test_what_no_person_wrote_is_shown_where_that_is_asked() -> None:
    assert contact({"automatic": True}, Precedence="bulk").begun


def test_a_domain_that_ends_like_that_of_the_gemeente_is_another() -> None:
    assert people(contact(From=f"wie@niet{OWN}")) == [f"wie@niet{OWN}"]


def test_the_moment_is_when_it_came_or_was_sent() -> None:
    sent = int(FIRST.timestamp()) + 3600
    assert contact().moment == sent
    assert contact({"received": True}).moment == RECEIVED
    assert contact({"received": True}, From=INFO, To=JAN).moment == sent
    assert contact(Date="").moment == RECEIVED
    assert contact(Date="gisteren").moment == RECEIVED
    assert contact(Date="Mon, 6 Jan 1969 12:00:00 +0000").moment == RECEIVED


def test_the_key_is_the_same_wherever_a_copy_is() -> None:
    key = contact().key
    assert len(key) == WIDTH
    assert (
        contact({"received": True}, Received="from elsewhere", Subject="[EXTERN] Vraag").key == key
    )
    assert contact(number=2).key != key
    assert contact(Message_ID="<ander@voorbeeld.example>").key != key
    assert moment_in(key) == int(FIRST.timestamp()) + 3600


def test_without_an_id_the_rest_of_the_header_tells_messages_apart() -> None:
    bare = {"Message_ID": ""}
    assert contact(**bare).key == contact(**bare).key
    assert contact(**bare).key != contact(Subject="Iets anders", **bare).key


@pytest.mark.parametrize("text", ["", "x" * (WIDTH - 1), "-" * WIDTH, "z" * WIDTH])
def test_what_is_no_key_has_no_moment(text: str) -> None:
    assert moment_in(text) is None


def test_numbers_of_zaken_stand_in_the_subject() -> None:
    subject = "Re: ZAAK-2024-0000000012 en ZAAK-2024-0000000013, 2024-0000000014"
    assert contact(Subject=subject).zaken == ("ZAAK-2024-0000000012", "ZAAK-2024-0000000013")
    assert contact({"zaaknummers": [r"\bZ-\d+\b"]}, Subject="z-1 Z-22").zaken == ("Z-22",)


def test_many_receivers_are_counted() -> None:
    receivers = ", ".join(f"a{n}@elders.example" for n in range(30))
    found = contact(From=INFO, To=receivers)
    assert len(found.people) == 25
    assert found.others == 5


def test_what_the_sender_calls_private_is_private() -> None:
    assert contact(Sensitivity="Company-Confidential").private
    assert not contact().private


@pytest.mark.parametrize("zone", ["-0000", "", "MARS"])
def test_a_moment_whose_zone_is_not_known_does_not_hang_on_this_machine(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"Mon, 6 Jan 2025 10:00:00 {zone}".strip()
    found = set()
    for local in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", local)
        time.tzset()
        found.add(seconds_in(text))
    monkeypatch.undo()
    time.tzset()
    assert found == {1736157600}


@pytest.mark.parametrize(
    ("told", "forged"),
    [
        ("mx.zilverdam.example; spf=pass; dmarc=fail header.from=voorbeeld.example", True),
        ("MX.Zilverdam.Example 1; dkim=none; DMARC = Fail (p=none)", True),
        ("mx.zilverdam.example; spf=fail; dmarc=pass", False),
        ("mx.zilverdam.example; none", False),
        # Whoever sends can write this.
        ("mx.elders.example; dmarc=fail", False),
        ("", False),
    ],
)
def test_who_was_found_not_to_be_who_he_says(told: str, forged: bool) -> None:
    options = {"checked_by": ["MX.zilverdam.example"]}
    assert contact(options, Authentication_Results=told).forged is forged
    assert not contact(Authentication_Results=told).forged
    # What the gemeente sends is not judged by what was found on its way back.
    assert not contact(options, From=INFO, To=JAN, Authentication_Results=told).forged

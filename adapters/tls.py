"""TLS with certificates of a source's own: whom it is trusted by, and what the gateway shows."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from adapters.base import Failure, SourceError
from adapters.secrets import SecretReference
from adapters.settings import Closed


def _file(value: object) -> object:
    """Files are named as secrets are, with ``file:``, and are then found from the configuration."""
    if not isinstance(value, str) or not value.startswith("file:"):
        raise ValueError("schrijf een bestand als `file:pad`")
    return value.removeprefix("file:")


PemFile = Annotated[Path, BeforeValidator(_file)]


class Tls(Closed):
    """``ca``: the certificates that may have signed that of the source, instead of those that
    everybody trusts. ``certificate`` and ``key``: what is shown to the source, and ``password``
    where that key has one; all in PEM."""

    ca: PemFile | None = None
    certificate: PemFile | None = None
    key: PemFile | None = None
    password: SecretReference | None = None

    @model_validator(mode="after")
    def _together(self) -> Tls:
        if self.key is not None and self.certificate is None:
            raise ValueError("`key` hoort bij `certificate`")
        return self

    def context(self) -> ssl.SSLContext:
        """What a connection is made with: TLS 1.2 or newer, of which the name is checked.

        Raises ``SourceError`` when a file is not there or not what it should be.
        """
        try:
            made = ssl.create_default_context(cafile=self.ca)
            made.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.certificate is not None:
                password = self.password.reveal() if self.password is not None else None
                made.load_cert_chain(self.certificate, self.key, password)
        except (OSError, KeyError, ValueError):
            # ``ssl.SSLError`` is an ``OSError``.
            raise SourceError(Failure.UNAVAILABLE, "a certificate that cannot be used") from None
        return made

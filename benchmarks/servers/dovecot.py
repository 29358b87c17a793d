"""A mail server of our own: Dovecot out of Debian's package, for as long as it takes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.processes import free_port

USER: Final = "kcc"
PASSWORD: Final = "for-tests-only"  # noqa: S105 - it opens nothing else
_PROGRAM: Final = "dovecot"
_PLACES: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True, slots=True)
class Dovecot:
    """``maildir``: where the messages of the one account are, as Maildir++."""

    port: int
    folder: Path
    maildir: Path

    def options(self, **given: Any) -> dict[str, Any]:
        """The options of the adapter that say how to reach it."""
        (self.folder / "password").write_text(PASSWORD)
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "username": USER,
            "password": f"file:{self.folder / 'password'}",
            **given,
        }


def program() -> str | None:
    """The path of the server, ``None`` when it is not here."""
    return shutil.which(_PROGRAM, path=_PLACES)


@contextmanager
def running(tokens: str | None = None) -> Iterator[Dovecot]:
    """A server on this machine only, with an empty account. ``tokens``: the url at which it looks
    access tokens up, where it is to take these. Raises ``LookupError`` when there is no Dovecot."""
    path = program()
    if path is None:
        raise LookupError("no Dovecot here: install Debian's package dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="gateway-dovecot-"))
    server = Dovecot(free_port(), folder, folder / "mail")
    # As root it takes the user that Debian's package makes; else it is whoever runs this.
    user = "dovecot" if os.geteuid() == 0 else os.environ.get("USER") or str(os.getuid())
    server.maildir.mkdir()
    (folder / "run").mkdir()
    configuration = _configuration(server, user)
    if tokens is not None:
        configuration += _with_tokens(folder, tokens)
    (folder / "dovecot.conf").write_text(configuration)
    log = folder / "log"
    command = [path, "-F", "-c", str(folder / "dovecot.conf")]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - as found
    try:
        _wait(process, server.port, log)
        if os.geteuid() == 0:
            folder.chmod(0o755)
            _give(server.maildir, user)
            # The index of what is shared is beside it.
            shutil.chown(folder, user, user)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _give(path: Path, user: str) -> None:
    for one in (path, *path.rglob("*")):
        shutil.chown(one, user, user)


def given(server: Dovecot) -> None:
    """Let the server read what was put in its folder."""
    if os.geteuid() == 0:
        for path in (server.maildir, server.folder / "shared"):
            if path.exists():
                _give(path, "dovecot")


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"Dovecot did not start:\n{log.read_text()[-2000:]}")


def _configuration(server: Dovecot, user: str) -> str:
    run = server.folder / "run"
    return f"""
base_dir = {run}
state_dir = {run}
log_path = {server.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
mail_location = maildir:{server.maildir}
namespace inbox {{
  inbox = yes
  separator = .
  mailbox "Verzonden items" {{
    special_use = \\Sent
  }}
}}
namespace shared {{
  type = public
  prefix = Gedeeld.
  separator = .
  location = maildir:{server.folder}/shared:INDEX={server.folder}/shared-index
  subscriptions = no
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={server.folder}
}}
"""


def _with_tokens(folder: Path, url: str) -> str:
    """That tokens are taken as well (Dovecot's manual: Open Authentication v2.0)."""
    described = folder / "oauth2.conf.ext"
    described.write_text(
        f"introspection_url = {url}\n"
        "introspection_mode = auth\n"
        "username_attribute = username\n"
        "active_attribute = active\n"
        "active_value = true\n"
    )
    return f"""
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {described}
}}
"""

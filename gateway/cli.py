"""The command ``gateway``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import uvicorn
from pydantic import BaseModel

from gateway import __version__, checking, config, installation, recording
from gateway.api import access, log, params
from gateway.api.server import ApiServer, server
from gateway.audit import command as auditing
from gateway.conform import command as conforming
from gateway.coverage import coverage, page, report
from gateway.doctor import command as doctoring
from gateway.documents import DocumentError, suggestion
from gateway.exits import Exit
from gateway.federation.capabilities import capabilities
from gateway.federation.explain import explain
from gateway.installation import Installation
from gateway.learn import command as learning
from gateway.mapping.words import MappingFile
from gateway.narrow import say
from gateway.scaffold import command as scaffolding
from gateway.standard.errors import Problem
from gateway.standard.table import BASE_PATH, RESOURCES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what it ends with is an ``Exit``. Raises ``SystemExit`` where it is called
    wrongly, as argparse does."""
    given, unknown = _parser().parse_known_args(arguments)
    if unknown:
        given.refuse(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        code = int(given.run(given))
        # What is still held back is written here, where it is known what to do when nobody reads.
        sys.stdout.flush()
    except DocumentError as error:
        below = f"{Path.cwd()}{os.sep}"  # A path from where one stands is shorter to read.
        for finding in error.findings:
            say(str(finding).replace(below, ""), to=sys.stderr)
        say(f"{len(error.findings)} fout(en).", to=sys.stderr)
        if "config" in given and not given.config.exists():
            say("Noem de configuratie met `--config`, of in $GATEWAY_CONFIG.", to=sys.stderr)
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Python would say so once more when it ends and writes the rest (docs, "Note on SIGPIPE").
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.NOT_READ
    return code


class _Parser(argparse.ArgumentParser):
    """Says on 80 columns what is wrong with a call."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        say(f"{self.prog}: error: {message}", to=sys.stderr)
        raise SystemExit(Exit.USAGE)


def _port(text: str) -> int:
    """A port. Raises ``ArgumentTypeError``: of a larger number the rest would be listened on."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="gateway", description=__import__("gateway").__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(
        name: str, run: Callable[[argparse.Namespace], Exit], about: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run, refuse=made.error)
        return made

    def with_config(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made.add_argument(
            "--config",
            type=Path,
            default=config.default_path(),
            help="configuration file (default: $GATEWAY_CONFIG or config.yaml)",
        )
        return made

    with_config(command("serve", _serve, "serve the register"))
    demo = command("demo", _demo, "serve the sample municipality")
    demo.add_argument("--port", type=_port, default=8000, help="listen here (default: 8000)")
    demo.add_argument("--management-port", type=_port, help="also open this port, for metrics")
    checking.arguments(
        with_config(command("check", checking.run, "check configuration and mappings"))
    )
    with_config(command("capabilities", _capabilities, "print what can be read and written"))
    covered = with_config(command("coverage", _coverage, "print what each source covers"))
    covered.add_argument("--source", help="of this source only")
    form = covered.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print it as JSON")
    form.add_argument("--html", action="store_true", help="print it as a page")
    conforming.arguments(
        command("conform", conforming.run, "check any server of the Klantinteracties API")
    )
    doctored = with_config(
        command("doctor", doctoring.run, "look at each source: the way to it, and what it does")
    )
    doctored.add_argument("--json", action="store_true", help="print it as JSON")
    audited = with_config(command("audit", auditing.run, "look for what may be wrong in settings"))
    audited.add_argument("--live", action="store_true", help="also ask how large sources are")
    audited.add_argument("--json", action="store_true", help="print it as JSON")
    recorded = command("record", recording.run, "record what a source answers, without persons")
    recording.arguments(with_config(recorded))
    explained = with_config(command("explain", _explain, "show how a url would be answered"))
    explained.add_argument("url", help="a list, e.g. /klantcontacten?nummer=1, or its whole url")
    shown = with_config(command("mapping", _mapping, "show the Python that a mapping becomes"))
    shown.add_argument("action", choices=["show"])
    shown.add_argument("stream", help="a resource, or resource.stream")
    scaffolding.arguments(
        command("new", scaffolding.run, "make a package for a system that is to be a source")
    )
    learning.arguments(command("learn", learning.run, "propose a mapping for sample records"))
    schema = command("schema", _schema, "print the JSON Schema of a file, for editors")
    schema.add_argument("file", choices=list(_SCHEMAS))
    command("token", _token, "make a token and its hash for the configuration")
    return parser


def _serve(given: argparse.Namespace) -> Exit:
    built = installation.build(given.config)
    address, management = built.config.server, built.config.management
    return _run(built, (address.host, address.port), (management.host, management.port))


def _run(
    built: Installation, api: tuple[str, int], management: tuple[str, int | None], ready: str = ""
) -> Exit:
    """Serve until told to stop: the API and, where it has a port, management."""
    log.configure(built.config.logging.level)
    # What is loaded now stays: the collector need not look at it again and again.
    gc.freeze()
    # What an answer is made of has no cycles: it goes when it is sent, without being looked for.
    gc.set_threshold(20_000, 10, 10)
    running = _Server(server(built.app(), *api, built.config.server.trusted_proxies), ready)
    host, port = management
    if port is not None:
        beside = server(built.management(lambda: running.serving), host, port, [])
        running.beside(beside)
    try:
        running.run()
    except SystemExit:
        # So uvicorn ends where a port is taken, with a code that means something else here.
        return Exit.FAILED
    return Exit.WELL if running.started else Exit.FAILED


class _Server(ApiServer):
    """Says when it is ready."""

    def __init__(self, settings: uvicorn.Config, ready: str) -> None:
        super().__init__(settings)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            log.event(
                "ready",
                host=self.config.host,
                port=self.config.port,
                management=self.management_port,
            )
            if self._ready:
                print(self._ready, flush=True)


def _demo(given: argparse.Namespace) -> Exit:
    with as_file(files("demo")) as folder:
        built = installation.build(folder / "gemeente.yaml")
        print("De voorbeeldgemeente wordt klaargezet ...", flush=True)
        asyncio.run(_prepared(built))
        origin = f"http://127.0.0.1:{given.port}"
        ready = (
            f"Klaar: de gateway draait op {origin}\n"
            "Erachter staan een KCC, het sociaal domein, een e-mailarchief, de zaken en de\n"
            "basisregistraties. Probeer, het laatste van één inwoner aan de telefoon, aan de\n"
            "balie en per e-mail:\n"
            f"  curl -s -H 'Authorization: Token demo' '{origin}{BASE_PATH}/klantcontacten"
            "?hadBetrokkene__wasPartij__partijIdentificator__objectId=999993653&pageSize=9'"
        )
        local = "127.0.0.1"
        return _run(built, (local, given.port), (local, given.management_port), ready)


async def _prepared(built: Installation) -> None:
    for adapter in built.adapters.values():
        await adapter.check()
    await built.close()


def _capabilities(given: argparse.Namespace) -> Exit:
    print(f"CAPABILITIES={capabilities(installation.build(given.config).register)}")
    return Exit.WELL


def _coverage(given: argparse.Namespace) -> Exit:
    register = installation.build(given.config).register
    sources = register.catalogue.collections
    if given.source is not None and given.source not in sources:
        hint = suggestion(given.source, sources)
        say(f"`{given.source}` is geen bron van deze configuratie.{hint}", to=sys.stderr)
        return Exit.USAGE
    parts = [p for p in coverage(register) if given.source in (None, p.source)]
    without = [] if given.source else [r for r in RESOURCES if not register.catalogue.of(r)]
    if given.json:
        print(json.dumps(report.document(parts), indent=2, ensure_ascii=False))
    elif given.html:
        print(page.page(parts, without))
    else:
        print("\n".join(report.text(parts, without)))
    return Exit.WELL


def _explain(given: argparse.Namespace) -> Exit:
    built = installation.build(given.config)
    parts = urlsplit(given.url)
    name = parts.path.removeprefix(BASE_PATH).strip("/")
    resource = RESOURCES.get(name)
    if resource is None:
        say(f"`{name}` is geen lijst van het register.", to=sys.stderr)
        return Exit.USAGE
    try:
        asked = params.for_list(resource, params.pairs(parts.query)).asked
        lines = explain(built.register, resource, asked.filters)
        for line in lines:
            say(line)
    except Problem as problem:
        say(f"{problem.kind.status} {problem.kind.code}: {problem.detail}")
        for param in problem.params:
            say(f"  {param.name} ({param.code}): {param.reason}")
    return Exit.WELL


def _mapping(given: argparse.Namespace) -> Exit:
    catalogue = installation.build(given.config).catalogue
    resource, _, name = given.stream.partition(".")
    found = [s for s in catalogue.of(resource) if not name or s.name == name]
    if not found:
        known = [f"{s.resource.path}.{s.name}" for r in RESOURCES for s in catalogue.of(r)]
        hint = suggestion(given.stream, known)
        say(f"`{given.stream}` is geen stroom van deze configuratie.{hint}", to=sys.stderr)
        return Exit.USAGE
    for stream in found:
        print(f"# {stream}, uit {stream.file}\n{catalogue.writers[stream].source}")
    return Exit.WELL


_SCHEMAS: dict[str, type[BaseModel]] = {"config": config.Config, "mapping": MappingFile}


def _schema(given: argparse.Namespace) -> Exit:
    print(json.dumps(_SCHEMAS[given.file].model_json_schema(), indent=2, ensure_ascii=False))
    return Exit.WELL


def _token(_: argparse.Namespace) -> Exit:
    token = access.new_token()
    print(f"token:        {token}")
    print(f"configuratie:\n  {access.hashed(token)}")
    return Exit.WELL


if __name__ == "__main__":
    sys.exit(main())

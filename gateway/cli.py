"""The command ``gateway``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import socket
import sys
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from pydantic import BaseModel

from gateway import __version__, config, installation, recording
from gateway.api import access, log, params
from gateway.api.server import ApiServer, server
from gateway.audit import command as auditing
from gateway.conform import command as conforming
from gateway.coverage import coverage, page, report
from gateway.doctor import command as doctoring
from gateway.documents import DocumentError, suggestion
from gateway.federation.capabilities import capabilities
from gateway.federation.explain import explain
from gateway.installation import Installation
from gateway.learn import command as learning
from gateway.mapping.words import MappingFile
from gateway.narrow import narrow
from gateway.scaffold import command as scaffolding
from gateway.sources.examination import diagnosis, examined
from gateway.standard.errors import Problem
from gateway.standard.table import BASE_PATH, RESOURCES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 well, 1 something is wrong, 2 wrongly called."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except DocumentError as error:
        for finding in error.findings:
            print(finding, file=sys.stderr)
        print(f"{len(error.findings)} fout(en).", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gateway", description=__import__("gateway").__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
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
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--management-port", type=int, help="also open this port, for metrics")
    checked = with_config(command("check", _check, "check configuration and mappings"))
    checked.add_argument(
        "--live", action="store_true", help="also ask each source whether it answers"
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


def _serve(given: argparse.Namespace) -> int:
    built = installation.build(given.config)
    address, management = built.config.server, built.config.management
    return _run(built, (address.host, address.port), (management.host, management.port))


def _run(
    built: Installation, api: tuple[str, int], management: tuple[str, int | None], ready: str = ""
) -> int:
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
    running.run()
    return 0 if running.started else 1


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


def _demo(given: argparse.Namespace) -> int:
    with as_file(files("demo")) as folder:
        built = installation.build(folder / "gemeente.yaml")
        print("De voorbeeldgemeente wordt klaargezet ...", flush=True)
        asyncio.run(_prepared(built))
        origin = f"http://127.0.0.1:{given.port}"
        ready = (
            f"Klaar: de gateway draait op {origin}\n"
            "Erachter staan een KCC, het sociaal domein, een e-mailarchief, de zaken en de "
            "basisregistraties.\n"
            "Probeer, het laatste van één inwoner aan de telefoon, aan de balie en per e-mail:\n"
            f"  curl -s -H 'Authorization: Token demo' '{origin}{BASE_PATH}/klantcontacten"
            "?hadBetrokkene__wasPartij__partijIdentificator__objectId=999993653&pageSize=9'"
        )
        local = "127.0.0.1"
        return _run(built, (local, given.port), (local, given.management_port), ready)


async def _prepared(built: Installation) -> None:
    for adapter in built.adapters.values():
        await adapter.check()
    await built.close()


def _check(given: argparse.Namespace) -> int:
    built = installation.build(given.config)
    _print(f"{given.config}: in orde.")
    for path in RESOURCES:
        streams = ", ".join(map(str, built.catalogue.of(path))) or "geen bron"
        _print(f"  {path}: {streams}")
    return asyncio.run(_live(built)) if given.live else 0


async def _live(built: Installation) -> int:
    """Ask each source whether it answers, and say what may help if it does not."""
    failed = 0
    print("De bronnen:")
    for alias, adapter in built.adapters.items():
        error = await examined(adapter, built.config.limits.source_seconds)
        failed += error is not None
        _print(f"  {alias}: {'antwoordt.' if error is None else diagnosis(error)}")
    await built.close()
    return 1 if failed else 0


def _capabilities(given: argparse.Namespace) -> int:
    print(f"CAPABILITIES={capabilities(installation.build(given.config).register)}")
    return 0


def _coverage(given: argparse.Namespace) -> int:
    register = installation.build(given.config).register
    sources = register.catalogue.collections
    if given.source is not None and given.source not in sources:
        hint = suggestion(given.source, sources)
        print(f"`{given.source}` is geen bron van deze configuratie.{hint}", file=sys.stderr)
        return 2
    parts = [p for p in coverage(register) if given.source in (None, p.source)]
    if given.json:
        print(json.dumps(report.document(parts), indent=2, ensure_ascii=False))
    elif given.html:
        print(page.page(parts))
    else:
        print("\n".join(report.text(parts)))
    return 0


def _explain(given: argparse.Namespace) -> int:
    built = installation.build(given.config)
    parts = urlsplit(given.url)
    name = parts.path.removeprefix(BASE_PATH).strip("/")
    resource = RESOURCES.get(name)
    if resource is None:
        print(f"`{name}` is geen lijst van het register.", file=sys.stderr)
        return 2
    try:
        asked = params.for_list(resource, params.pairs(parts.query)).asked
        lines = explain(built.register, resource, asked.filters)
        _print(*lines)
    except Problem as problem:
        _print(f"{problem.kind.status} {problem.kind.code}: {problem.detail}")
        for param in problem.params:
            _print(f"  {param.name} ({param.code}): {param.reason}")
    return 0


def _mapping(given: argparse.Namespace) -> int:
    catalogue = installation.build(given.config).catalogue
    resource, _, name = given.stream.partition(".")
    found = [s for s in catalogue.of(resource) if not name or s.name == name]
    if not found:
        known = [f"{s.resource.path}.{s.name}" for r in RESOURCES for s in catalogue.of(r)]
        hint = suggestion(given.stream, known)
        print(f"`{given.stream}` is geen stroom van deze configuratie.{hint}", file=sys.stderr)
        return 2
    for stream in found:
        print(f"# {stream}, uit {stream.file}\n{catalogue.writers[stream].source}")
    return 0


_SCHEMAS: dict[str, type[BaseModel]] = {"config": config.Config, "mapping": MappingFile}


def _schema(given: argparse.Namespace) -> int:
    print(json.dumps(_SCHEMAS[given.file].model_json_schema(), indent=2, ensure_ascii=False))
    return 0


def _token(_: argparse.Namespace) -> int:
    token = access.new_token()
    print(f"token:        {token}")
    print(f"configuratie:\n  {access.hashed(token)}")
    return 0


def _print(*lines: str) -> None:
    """Print lines so that they fit on a terminal."""
    print("\n".join(part for line in lines for part in narrow(line)))


if __name__ == "__main__":
    sys.exit(main())

"""The rules of a contact."""

from __future__ import annotations

from gateway.learn.making import EARLY, VALUES, Line, Making, Stream
from gateway.learn.names import CONTACT


class Contact(Making):
    """A contact."""

    resource = "klantcontacten"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.table = CONTACT

    def streams(self) -> dict[str, list[Stream]]:
        words = self.words(0)
        lines = self.found()
        moment = lines.get("plaatsgevondenOp") or self._moment()
        if moment is not None:
            lines["plaatsgevondenOp"] = moment
            if self.known.created() is None:
                # Lists are newest first, by when it was if there is nothing else.
                words["created"] = {n: v for n, v in moment.rule.items() if n != "to"}
        self.fill(
            lines,
            {
                "kanaal": "onbekend",
                "onderwerp": "(geen onderwerp)",
                "taal": "nld",
                "vertrouwelijk": False,
                "plaatsgevondenOp": EARLY,
            },
        )
        return {self.resource: [Stream(self.name, words, self.in_order(lines))]}

    def _moment(self) -> Line | None:
        """When it was, where no moment has a name that says so."""
        joined = self.known.joined_moment()
        if joined is not None:
            self.used.update(joined["join"]["fields"])
            return Line({"to": "plaatsgevondenOp", **joined}, False, VALUES)
        path = next(self.known.moments(), None)
        if path is None:
            return None
        found = self.known.shape(path)
        assert found is not None
        self.used.add(path)
        return Line({"to": "plaatsgevondenOp", "from": path, **found.words}, False, VALUES)

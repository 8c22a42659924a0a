"""Cassettes: what the embedded model really said, recorded once by `make record` and replayed without it.

A request is matched on method, path and body, so a changed prompt is not answered by an old recording. Of the headers
only those named here are kept. The engine's address and key change with every start and are in no cassette.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vcr
from vcr.errors import CannotOverwriteExistingCassetteException
from vcr.request import Request

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
CASSETTES = ROOT / "cassettes"
SEED_NAMES = (
    "000_f562134c171a77a1",
    "trade-two-offers",
    "ceasefire-four-parties",
    "short-no-deal",
    "harbour-german",
    "water-spanish",
    "ferry-ukrainian",
)
KEPT_HEADERS = frozenset({"content-type"})
ADDRESS = "http://embedded.invalid"
DAY = "digest-day"  # the stories of three sources of `digest_example`, told by the model


@dataclass
class RecordedEngine:
    """Stands in for the engine when a cassette is replayed: an address at which nobody listens."""

    path: Path
    context: int
    slots: int = 1
    base_url: str = "http://127.0.0.1:9/v1"
    api_key: str = "not-needed"
    running: bool = True

    def clear_shelf(self) -> None:
        """Nothing was put down."""

    def close(self) -> None:
        """Nothing to stop."""


def _clean_request(request: Request) -> Request:
    request.uri = ADDRESS + request.path
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_HEADERS}
    return request


def _clean_response(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return response


def _same_body(one: Request, other: Request) -> None:
    mine, theirs = (json.loads(request.body or b"null") for request in (one, other))
    assert mine == theirs, "the cassette holds no such request: a prompt or schema has changed, run `make record`"


def tape(mode: str) -> vcr.VCR:
    """The recorder; `mode` is "none" to replay only, "all" to record."""
    recorder = vcr.VCR(
        record_mode=mode,
        match_on=["method", "path", "body of json"],
        before_record_request=_clean_request,
        before_record_response=_clean_response,
        decode_compressed_response=True,
    )
    recorder.register_matcher("body of json", _same_body)
    return recorder


@contextlib.contextmanager
def replayed(name: str) -> Iterator[Any]:
    """Answer from the cassette of that name. Fails for a request that it does not hold, and for one left unplayed."""
    path = CASSETTES / f"{name}.yaml"
    assert path.exists(), f"{path.name} is missing: run `make record`"
    with tape("none").use_cassette(str(path)) as cassette:
        try:
            yield cassette
        except CannotOverwriteExistingCassetteException as error:
            raise AssertionError(f"{path.name} holds no such request: run `make record`") from error
    assert cassette.all_played, f"{path.name} holds requests that nobody made: run `make record`"

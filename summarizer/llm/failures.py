"""What went wrong with a request, whether asking again can help, and how long to wait before that.

Transport failures have one owner: tenacity, set up here. The SDK's own retries are off (`max_retries=0`), malformed
answers are `chat`'s business.
"""

import asyncio
import math
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai
import tenacity

from ..errors import (
    ArticleTooLong,
    KeyRefused,
    ModelTimeout,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
    ServerNotConnected,
    ServerUnreachable,
    SummarizerError,
    UnknownModel,
)
from .calls import Patience
from .endpoints import Endpoint

MESSAGE_LENGTH = 200  # characters of a server's own words that an error repeats
LATER = "try again later, or name another model"

# Codes and types in the body of an error. OpenAI: context_length_exceeded; llama.cpp: exceed_context_size_error.
_TOO_LONG = ("context_length_exceeded", "exceed_context_size_error")
_TOO_LONG_WORDS = ("maximum context length", "exceeds the available context size", "context window")
_NO_QUOTA = ("insufficient_quota", "billing_hard_limit_reached")
_NO_MODEL = ("model_not_found", "invalid_model")
_RENAMED = {"max_tokens": "max_completion_tokens"}  # by reasoning models; `temperature` they do not take at all
_LASTING = frozenset((501, 505))  # of the 5xx those that asking again does not mend
_PASSING = frozenset((408, 409, 425))  # of the 4xx those that it does


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed request: the error to raise if it was the last, whether asking again can help, and the wait asked for.

    `retry_after` is in seconds, None if the server named none. `parameter` is the part of the request that the server
    does not take, where that can be left out or renamed (`accepted`).
    """

    error: SummarizerError
    passing: bool = False
    retry_after: float | None = None
    parameter: str = ""


class Failed(Exception):
    """A request failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure.error))
        self.failure = failure


def retrying(patience: Patience, time_left: Callable[[], float]) -> tenacity.AsyncRetrying:
    """Asks again after a passing `Failed`. `time_left` gives the seconds that the article still has.

    Stops after `patience.attempts`, and at once if the wait would be longer than what is left. The last `Failed` is
    raised. Nothing else is caught: a cancellation passes through.
    """
    pause = tenacity.wait_random_exponential(multiplier=patience.first_wait, max=patience.longest_wait)

    def wait(state: tenacity.RetryCallState) -> float:
        asked = _failure(state).retry_after
        return pause(state) if asked is None else asked + min(1.0, patience.first_wait) * _jitter(state)

    def stop(state: tenacity.RetryCallState) -> bool:
        asked = _failure(state).retry_after or 0
        too_long = asked > patience.longest_wait or state.upcoming_sleep >= time_left()
        return too_long or state.attempt_number >= patience.attempts

    return tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, Failed) and error.failure.passing),
        wait=wait,
        stop=stop,
        sleep=asyncio.sleep,
        reraise=True,
    )


def last_word(failure: Failure, attempts: int) -> SummarizerError:
    """The error to raise after `attempts` requests, the last of which ended in `failure`."""
    error, wait = failure.error, failure.retry_after or 0
    asked = f" and asks to wait {wait:,.0f} s" if wait >= 1 else ""
    tried = f" ({attempts} attempts)" if attempts > 1 else ""
    return type(error)(f"{error.what}{asked}{tried}", error.remedy)


def out_of_time(endpoint: Endpoint, whose: str) -> ModelTimeout:
    """The error for a time limit; `whose` says which."""
    return ModelTimeout(f"{endpoint.name} did not finish within {whose}", "raise time_limit, or name a faster model")


def classify(error: BaseException, endpoint: Endpoint) -> Failure:
    """What an exception of the SDK or of the network means. Server words are cut, cleaned and freed of the key."""
    host = endpoint.host
    if isinstance(error, openai.APIStatusError):
        asked = retry_after(error.response.headers.get("retry-after"))
        return of_status(int(error.status_code), error.body, endpoint, asked)
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Failure(ServerNotConnected(f"{host} has no certificate that can be trusted", "check the address"))
    if any(isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError) for cause in causes):
        # Nothing that runs here starts by itself within seconds; a network may come back.
        return Failure(ServerNotConnected(f"no connection to {host}", _reach(endpoint)), passing=endpoint.hosted)
    if any(isinstance(cause, httpx2.TimeoutException) for cause in causes):
        return Failure(out_of_time(endpoint, f"{endpoint.time_limit:.0f} s"), passing=endpoint.hosted)
    if any(isinstance(cause, httpx2.TransportError | OSError) for cause in causes):
        return broken_off(endpoint)
    if type(error) is openai.APIError:  # an error sent in the middle of a stream, after status 200
        return in_answer(error.body, endpoint)
    return Failure(no_such_api(endpoint))


def in_answer(body: object, endpoint: Endpoint) -> Failure:
    """What an error means that a server sends in the place of an answer, or in the middle of one, with status 200."""
    told = body if isinstance(body, dict) else {"message": body}
    what = f"{endpoint.host} broke off its answer{_words(told, endpoint)}"
    return _of_body(told, endpoint) or Failure(ServerUnreachable(what, LATER), passing=True)


def broken_off(endpoint: Endpoint) -> Failure:
    """A connection that ended before the answer did."""
    return Failure(ServerUnreachable(f"the connection to {endpoint.host} broke", LATER), passing=True)


def cut_short(endpoint: Endpoint, tokens: int) -> Failure:
    """A server that read only the `tokens` that fit its window and said nothing about the rest."""
    setting = "OLLAMA_CONTEXT_LENGTH for `ollama serve`" if endpoint.provider == "ollama" else "a setting of the server"
    what = f"{endpoint.host} read only {tokens:,} tokens of the prompt for {endpoint.name}"
    return Failure(ArticleTooLong(what, f"raise its context length ({setting}), or give a shorter article"))


def accepted(form: Mapping[str, Any], refused: Collection[str]) -> dict[str, Any]:
    """`form` without the parameters that a server has refused, or with their new names."""
    named = {_RENAMED.get(name, "") if name in refused else name: value for name, value in form.items()}
    return {name: value for name, value in named.items() if name}


def no_such_api(endpoint: Endpoint) -> SummarizerError:
    """The error for a server that answers, but not as the chat-completions API does."""
    return ServerUnreachable(
        f"{endpoint.host} answered in another form than the OpenAI protocol's",
        "check the address; base_url often ends in /v1",
    )


def of_status(status: int, said: object, endpoint: Endpoint, asked: float | None = None) -> Failure:
    """What an answer with an error status means. `said` is the error in its body, `asked` the wait in seconds."""
    host, words = endpoint.host, _words(said, endpoint)
    body = said if isinstance(said, dict) else {"message": str(said or "")}
    known = _of_body(body, endpoint)
    if known:
        return known
    if status == 401 and not endpoint.api_key:
        return Failure(KeyRefused(f"{host} wants an API key and there is none", f"set {endpoint.key_variable}"))
    if status in (401, 403):
        shown = words if status == 403 else ""  # a 401 repeats a part of the key
        return Failure(KeyRefused(f"{host} refused the API key{shown}", _key_remedy(endpoint)))
    if status == 402:
        return Failure(QuotaExhausted(f"the account at {host} has no credit left", "add credit, or name another model"))
    if status == 404:
        return Failure(UnknownModel(f"{host} knows no model '{endpoint.model}'", _model_remedy(endpoint)))
    if status == 413:
        return Failure(_too_long(endpoint))
    if status == 429:
        return Failure(RateLimited(f"{host} answers 429, too many requests", LATER), True, asked)
    if status in _PASSING or (status >= 500 and status not in _LASTING):
        return Failure(ServerUnreachable(f"{host} answers {status}{words}", LATER), True, asked)
    if 300 <= status < 400:
        where = "the server sends requests on to another address, and text goes only where it was named"
        return Failure(RequestRefused(f"{host} answers {status}", f"name the address itself: {where}"))
    refused = RequestRefused(f"{host} refused the request ({status}){words}", "check the model and its settings")
    return Failure(refused, parameter=_parameter(body) if status == 400 else "")


def _of_body(body: dict[str, Any], endpoint: Endpoint) -> Failure | None:
    """What the body of an error says by itself, whatever its status: servers disagree about those."""
    marks = {str(body.get(field)) for field in ("code", "type")}
    message = str(body.get("message", "")).lower()
    if marks.intersection(_TOO_LONG) or any(words in message for words in _TOO_LONG_WORDS):
        return Failure(_too_long(endpoint))
    if marks.intersection(_NO_QUOTA):
        what = f"the quota of the account at {endpoint.host} is used up"
        return Failure(QuotaExhausted(what, "raise the quota, or name another model"))
    if marks.intersection(_NO_MODEL):
        return Failure(UnknownModel(f"{endpoint.host} knows no model '{endpoint.model}'", _model_remedy(endpoint)))
    return None


def _parameter(body: dict[str, Any]) -> str:
    """The parameter that an error says the model does not take, out of those that can be done without."""
    message = str(body.get("message", ""))
    if "support" not in f"{body.get('code')} {message}".lower():  # a value that is too large is another matter
        return ""
    named = (name for name in ("temperature", *_RENAMED) if body.get("param") == name or f"'{name}'" in message)
    return next(named, "")


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or an HTTP date); None if it says neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            then = parsedate_to_datetime(value)
            seconds = (then.replace(tzinfo=then.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds()
        except (ValueError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _too_long(endpoint: Endpoint) -> SummarizerError:
    return ArticleTooLong(
        f"the article does not fit the context window of {endpoint.name}",
        "shorten it, or name a model with a larger window",
    )


def _words(body: object, endpoint: Endpoint) -> str:
    """The server's message after a colon: one printable line, cut, without the key."""
    said = body.get("message") if isinstance(body, dict) else body
    text = str(said or "")[:10_000]
    if endpoint.api_key:
        text = text.replace(endpoint.api_key, "…")
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return f": {line[:MESSAGE_LENGTH]}" if line else ""


def _reach(endpoint: Endpoint) -> str:
    if endpoint.provider == "ollama":
        return "start Ollama with `ollama serve`, or set OLLAMA_HOST"
    return "check the network and the address" if endpoint.hosted else "start the server, or check base_url"


def _key_remedy(endpoint: Endpoint) -> str:
    return f"check {endpoint.key_variable}" if endpoint.key_variable else "check the key"


def _model_remedy(endpoint: Endpoint) -> str:
    if endpoint.provider == "ollama":
        return f"run `ollama pull {endpoint.model}`"
    if endpoint.provider == "server":
        return "check its name, and the address: base_url often ends in /v1"
    return "check its name at the provider"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(8):  # a bound in place of a search for cycles
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _failure(state: tenacity.RetryCallState) -> Failure:
    error = state.outcome.exception() if state.outcome else None
    return error.failure if isinstance(error, Failed) else Failure(ModelUnavailable("the request failed", LATER))


def _jitter(state: tenacity.RetryCallState) -> float:
    return float(tenacity.wait_random(0, 1)(state))

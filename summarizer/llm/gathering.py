"""What of an answer is taken over: text, refusal, count. Nothing in it is trusted to be of the type the API names."""

import json
from typing import Any

from ..schemas.brief import Usage
from .calls import Completion
from .endpoints import Endpoint
from .failures import Failed, Failure, in_answer, no_such_api

_MOST_TOKENS = 10**12  # that a server may say it has read
_LONGEST_REFUSAL = 1000  # characters


def whole_answer(data: bytes, endpoint: Endpoint) -> Completion:
    """The completion in the body of an answer that came in one piece.

    Raises Failed for a body that holds none, or an error: some servers send that with status 200.
    """
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise Failed(Failure(no_such_api(endpoint))) from None
    return answer_in(body, endpoint)


def answer_in(body: object, endpoint: Endpoint) -> Completion:
    """The completion in a body that was read already. Raises as `whole_answer`."""
    if isinstance(body, dict) and body.get("error"):
        raise Failed(in_answer(body["error"], endpoint))
    choices = _of(body, "choices")
    if not isinstance(choices, list) or not choices:
        raise Failed(Failure(no_such_api(endpoint)))
    gathered = Gathered()
    gathered.take(choices[0], "message")
    gathered.usage = _usage(_of(body, "usage"))
    return gathered.completion()


class Gathered:
    """The pieces of one answer."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.refusal = ""
        self.finish = ""
        self.usage: Usage | None = None

    def add(self, chunk: object) -> str:
        """Take in one chunk of a stream and give the text in it."""
        self.usage = _usage(_of(chunk, "usage")) or self.usage
        choices = _of(chunk, "choices")
        return "".join(self.take(choice, "delta") for choice in (choices if isinstance(choices, list) else ()))

    def take(self, choice: object, part: str) -> str:
        """Take in what a choice says in that part, and give the text in it."""
        said = _of(choice, part)
        added = _text(_of(said, "content"))
        self.refusal += _text(_of(said, "refusal"))[: _LONGEST_REFUSAL - len(self.refusal)]
        self.finish = _text(_of(choice, "finish_reason")) or self.finish
        if added:
            self.pieces.append(added)
            self.length += len(added)
        return added

    def completion(self) -> Completion:
        """What has come."""
        refusal = self.refusal or ("stopped by the provider's filter" if self.finish == "content_filter" else "")
        return Completion("".join(self.pieces), refusal, self.usage)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _of(value: object, name: str) -> Any:
    """A field of what the SDK has made an object of, or left as JSON; None where there is none."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def _usage(value: object) -> Usage | None:
    if _of(value, "prompt_tokens") is None and _of(value, "completion_tokens") is None:
        return None
    return Usage(
        input_tokens=count_of(_of(value, "prompt_tokens")),
        cached_tokens=count_of(_of(_of(value, "prompt_tokens_details"), "cached_tokens")),
        output_tokens=count_of(_of(value, "completion_tokens")),
    )


def count_of(value: object) -> int:
    """A number of tokens, whatever the server wrote in its place."""
    return min(value, _MOST_TOKENS) if isinstance(value, int) and value > 0 else 0

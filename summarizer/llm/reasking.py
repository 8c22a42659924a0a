"""Asks once more for an answer of which nothing could be used. The way of asking is instructor's."""

import logging
from collections.abc import Sequence
from typing import Any

import instructor
from instructor.core.exceptions import InstructorError
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from .calls import Completion, Message, plain
from .sending import Requester

# Characters of the answer, and of what is wrong with it, that are sent along. More would not fit a small window.
SENT_BACK = 4000

# It logs each failure as an error, which Python prints where the program has set up no logging.
logging.getLogger("instructor").addHandler(logging.NullHandler())


async def ask_again(
    requester: Requester, given: Sequence[Message], schema: type[BaseModel], first: Completion
) -> Completion:
    """What the model answers when it is shown its answer `first` to the messages `given`, and what is wrong with it.

    instructor calls `create` twice: it is handed the first answer as it came, and then sends a question of its own.
    Whatever goes wrong in there comes out as an InstructorError and is told apart here, by its cause. Raises as
    `Requester.send` does; an answer that is unusable again is no error here.
    """
    sent: list[Completion] = []

    async def create(*, messages: list[dict[str, str]], **_: object) -> ChatCompletion:
        # Of instructor's request only what it added is used. The form is ours, in the provider's dialect, and the first
        # messages are ours letter by letter, so that the server's cache of them holds.
        added = [{**message, "content": message["content"][:SENT_BACK]} for message in messages[len(given) :]]
        if added:
            sent.append(await requester.send([*given, *added]))
        return _as_sdk(sent[-1] if sent else first)

    ask: Any = instructor.patch(create=create, mode=instructor.Mode.JSON_SCHEMA)
    try:
        # Never `context=`: that would fill in the article as a template.
        await ask(messages=list(given), response_model=schema, max_retries=1, strict=False)
    except InstructorError as error:
        cause = error.__cause__
        if cause is not None and not (sent and isinstance(cause, ValueError)):
            raise cause from None  # a failed request, named already, or an error of the caller's `on_text`
    return sent[-1] if sent else first


def _as_sdk(completion: Completion) -> ChatCompletion:
    """The completion in the SDK's form, fit to be sent back.

    It says "stop" always: instructor does not ask again after "length".
    """
    message = {"role": "assistant", "content": plain(completion.text)}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return ChatCompletion.model_validate(
        {"id": "", "created": 0, "model": "", "object": "chat.completion", "choices": [choice]}
    )

"""Models to ask, hosted or embedded: the only place that speaks to their SDKs.

    async with connect("local", settings=load_settings()) as model:
        answer = await model.ask([{"role": "system", "content": …}, {"role": "user", "content": …}], NewsDraft)

Importing this package imports no SDK: those are loaded when a model is first asked.
"""

import threading
from dataclasses import replace

from ..settings import Settings
from .calls import Completion, Message, Patience
from .chat import Answer, ChatModel
from .endpoints import Endpoint, find_endpoint
from .gate import Ahead, Allowance, Done, Gate, Rates
from .local.engine import DEFAULT_CONTEXT, MOST_SLOTS, Engine
from .local.registry import find_model
from .local.sources import Progress as PullProgress
from .local.store import ModelStore
from .partial import DraftReader
from .post import Answered, Post, Posted, Refused
from .prices import BATCH_SHARE, cost_of
from .reading import Rejected

__all__ = [
    "BATCH_SHARE",
    "Ahead",
    "Allowance",
    "Answer",
    "Answered",
    "ChatModel",
    "Completion",
    "Done",
    "DraftReader",
    "Endpoint",
    "Gate",
    "Message",
    "Patience",
    "Post",
    "Posted",
    "PullProgress",
    "Rates",
    "Refused",
    "Rejected",
    "connect",
    "cost_of",
    "find_endpoint",
]


def connect(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    settings: Settings,
    progress: PullProgress | None = None,
    gate: Gate | None = None,
    parallel: int | None = None,
    post: Post | None = None,
) -> ChatModel:
    """The model of that name, ready to be asked. Nothing is sent, fetched or started before that.

    `model`, `base_url` and `api_key` are as in `find_endpoint`, and so are the errors; UnknownModel also for a
    `local/<name>` that the registry does not have. `settings` say where model files are kept and whether one may be
    fetched; `progress` is told how a fetch goes. Every request passes the `gate`, if one is given; a `post` is asked
    for its answer before that. `parallel` is how many questions at a time are meant to be asked; left out, it is as the
    provider's row says. An embedded engine gets so many slots, and no more than MOST_SLOTS.
    """
    endpoint = find_endpoint(model, base_url=base_url, api_key=api_key)
    if parallel is not None:
        endpoint = replace(endpoint, parallel=parallel)
    if endpoint.provider != "local":
        return ChatModel(endpoint, gate=gate, post=post)
    known = find_model(endpoint.name)
    slots = min(endpoint.parallel, MOST_SLOTS)
    named = replace(endpoint, model=known.name, name=f"local/{known.name}", parallel=slots)
    window = min(known.context, DEFAULT_CONTEXT)

    told: PullProgress = progress or _Silent()
    engine: Engine | None = None

    def start(stop: threading.Event) -> Engine:
        nonlocal engine
        if engine is not None:
            told.note(f"{engine.ended().what}; it is started anew")
        store = ModelStore(settings.cache_dir, settings.models_dir, settings.offline, stop=stop)
        engine = Engine(store.ensure(known, told), window, slots=slots)
        return engine

    return ChatModel(named, start=start, context_window=window, rewords=known.rewords, gate=gate, post=post)


class _Silent:
    """A progress that nobody looks at."""

    def start(self, total: int, source: str) -> None: ...
    def advance(self, count: int) -> None: ...
    def note(self, line: str) -> None: ...

"""What a model's name means: which server answers for it, with whose key, and what that server takes.

    local, local/<name>     the embedded engine, on this machine
    ollama/<model>          an Ollama server: OLLAMA_HOST, else this machine
    openai/<model>          OPENAI_API_KEY
    openrouter/<model>      OPENROUTER_API_KEY
    <model> + base_url      any other server of the OpenAI protocol; SUMMARIZER_API_KEY if it wants a key

A key alone never chooses a model, and a key kept for one provider is never sent to another. With `base_url` the name
is the server's own, kept as it is, slashes included.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from ..errors import ConfigurationError, KeyRefused, UnknownModel
from .schema_dialects import Dialect

KNOWN = "local, local/<name>, ollama/<model>, openai/<model>, openrouter/<model>, or any model name with base_url"
CLOUD = "ollama.com"  # where Ollama itself sends the text for its cloud models
_CLOUD_MODEL = re.compile(r"[-:]cloud$", re.IGNORECASE)
_HOST = re.compile(r"[\w.:-]+")


@dataclass(frozen=True, slots=True)
class Provider:
    """A row of the table: what the servers of one provider take.

    `domains` are those whose servers are of this kind even when they are named by base_url. `temperature` is None
    where it has to be left out (reasoning models refuse it). `token_field` and `token_limit` bound the answer.
    `parallel` is how many calls at a time are worth while, `time_limit` the seconds for one. `extra` goes into the body
    of each request. `batches` says whether there may be a batch endpoint. `sdk_environment` says whether what the SDK
    reads from the environment (organisation, project, headers) is meant for this provider.
    """

    name: str
    dialect: Dialect
    parallel: int = 8
    time_limit: float = 120
    token_limit: int = 16000
    token_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"  # noqa: S105 - no password
    temperature: float | None = None
    key_variable: str | None = None
    key_needed: bool = False
    base_url: str | None = None
    domains: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    batches: bool = False
    sdk_environment: bool = False


# Time limits: on two cores the embedded model writes about 11 tokens a second, so 2500 tokens take under 4 minutes and
# the article before them one or two more; a machine that has other work to do takes several times as long. A bounded
# draft of a news article has 450 to 1450 tokens.
LOCAL = Provider("local", "grammar", parallel=1, time_limit=1800, token_limit=2500, temperature=0)
OLLAMA = Provider(
    "ollama",
    "grammar",
    parallel=1,
    time_limit=1800,
    temperature=0,
    base_url="http://127.0.0.1:11434/v1",
    extra={"reasoning_effort": "none"},  # else its reasoning models think for minutes before the first word
)
OPENAI = Provider(
    "openai",
    "strict",
    token_field="max_completion_tokens",  # noqa: S106 - no password
    key_variable="OPENAI_API_KEY",
    key_needed=True,
    base_url="https://api.openai.com/v1",
    domains=("api.openai.com", "openai.azure.com"),
    batches=True,
    sdk_environment=True,
)
OPENROUTER = Provider(
    "openrouter",
    "strict",
    key_variable="OPENROUTER_API_KEY",
    key_needed=True,
    base_url="https://openrouter.ai/api/v1",
    domains=("openrouter.ai",),
    extra={"provider": {"require_parameters": True}},  # else it may pick a host that ignores the schema
)
SERVER = Provider("server", "strict", temperature=0, batches=True)
PROVIDERS = {row.name: row for row in (LOCAL, OLLAMA, OPENAI, OPENROUTER)}
SERVER_KEY = "SUMMARIZER_API_KEY"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers and how it is to be asked.

    `base_url` is None for the embedded model until its engine runs. `hosted` is whether the text leaves this machine,
    and `destination` the host that it goes to then (None when it stays). `name` is what an audit says. The other
    fields are as in `Provider`. The key is never part of the printed form.
    """

    provider: str
    model: str
    name: str
    base_url: str | None
    api_key: str | None = field(repr=False)
    key_variable: str | None
    destination: str | None
    dialect: Dialect
    parallel: int
    time_limit: float
    token_field: str
    token_limit: int
    temperature: float | None
    extra: Mapping[str, object]
    batches: bool
    sdk_environment: bool

    @property
    def hosted(self) -> bool:
        """Whether the text leaves this machine."""
        return self.destination is not None

    @property
    def host(self) -> str:
        """The server's host and port as an error names it, without path or key."""
        return urlsplit(self.base_url).netloc if self.base_url else self.provider


def find_endpoint(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Endpoint:
    """The endpoint that `model` names.

    `api_key` stands before the provider's environment variable and goes to this endpoint only. Whether a `local/<name>`
    is in the registry is not looked up here.

    Raises UnknownModel for a name of no known provider; ConfigurationError for a base_url that is none, that comes
    without the name of a model on that server or with a local one; KeyRefused where a key is needed and there is none.
    """
    env = os.environ if environ is None else environ
    model = _checked_name(model)
    if base_url is not None and base_url.strip():
        return _own_server(model, base_url, api_key, env)
    prefix, _, rest = model.partition("/")
    row = PROVIDERS.get(prefix.lower())
    if row is None:
        raise UnknownModel(f"no provider is known for the model '{model}'", f"known are {KNOWN}")
    if not rest and row is not LOCAL:
        raise UnknownModel(f"'{model}' names a provider but no model", f"write {row.name}/<model>")
    if row is LOCAL:
        return _endpoint(row, rest, name=model.lower(), base_url=None, api_key=None)
    url = _ollama_url(env, row) if row is OLLAMA else row.base_url
    key = _key(row.name, row.key_variable, row.key_needed, api_key, env)
    return _endpoint(row, rest, name=f"{row.name}/{rest}", base_url=url, api_key=key)


def stays_here(host: str) -> bool:
    """Whether `host` is this machine by its form alone: a loopback address or a name that means one."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _own_server(model: str, base_url: str, api_key: str | None, env: Mapping[str, str]) -> Endpoint:
    url = _checked_url(base_url, "base_url")
    if model == "local" or model.startswith("local/"):
        raise ConfigurationError(
            f"base_url is given, but the model is '{model}'",
            "name the model as the server does (--model), or take base_url away",
        )
    host = urlsplit(url).hostname or ""
    row = next((row for row in PROVIDERS.values() if any(_within(host, domain) for domain in row.domains)), SERVER)
    key = _key("server", SERVER_KEY, False, api_key, env)
    endpoint = _endpoint(row, model, name=f"{model}@{urlsplit(url).netloc}", base_url=url, api_key=key)
    # What it takes is the provider's; its key is its own, and nothing that was kept for the provider goes there.
    return replace(endpoint, provider=SERVER.name, key_variable=SERVER_KEY, sdk_environment=False)


def _endpoint(row: Provider, model: str, *, name: str, base_url: str | None, api_key: str | None) -> Endpoint:
    host = urlsplit(base_url).hostname if base_url else None
    # A server here may be Ollama's, by whatever name it is asked.
    sent_on_to = CLOUD if host and _CLOUD_MODEL.search(model) else None
    return Endpoint(
        provider=row.name,
        model=model,
        name=name,
        base_url=base_url,
        api_key=api_key,
        key_variable=row.key_variable,
        destination=host if host and not stays_here(host) else sent_on_to,
        dialect=row.dialect,
        parallel=row.parallel,
        time_limit=row.time_limit,
        token_field=row.token_field,
        token_limit=row.token_limit,
        temperature=row.temperature,
        extra=row.extra,
        batches=row.batches,
        sdk_environment=row.sdk_environment,
    )


def _checked_name(model: str) -> str:
    name = model.strip()
    if not name:
        raise ConfigurationError("the name of the model is empty", f"known are {KNOWN}")
    if not name.isprintable():
        raise ConfigurationError("the name of the model holds characters that no name has", f"known are {KNOWN}")
    return name


def _key(provider: str, variable: str | None, needed: bool, given: str | None, env: Mapping[str, str]) -> str | None:
    key = (given or (env.get(variable) if variable else None) or "").strip()
    if not key and needed:
        raise KeyRefused(f"{provider} needs an API key and there is none", f"set {variable}")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyRefused(
            f"the API key for {provider} holds characters that no key has", f"set {variable or 'the key'} anew"
        )
    return key or None


def _checked_url(url: str, what: str) -> str:
    """The address put together anew from its parts, so that what is shown is what is used.

    An address that is refused is not shown: it may hold a password.
    """
    remedy = "write it as http(s)://host[:port]/path"
    try:
        parts: SplitResult = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ConfigurationError(f"{what} is not an address", remedy) from error
    if parts.scheme not in ("http", "https"):
        raise ConfigurationError(f"{what} does not begin with http:// or https://", remedy)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(
            f"{what} holds a user name, a password or a query", f"{remedy}; a key belongs in {SERVER_KEY}"
        )
    if not _HOST.fullmatch(host):
        raise ConfigurationError(f"{what} names no host", remedy)
    netloc = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{netloc}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _ollama_url(env: Mapping[str, str], row: Provider) -> str:
    """OLLAMA_HOST as Ollama reads it: a host, host:port or URL; without a scheme the port is 11434 unless given.

    An address that means "every interface" for the server means this machine for a client.
    """
    value = env.get("OLLAMA_HOST", "").strip().strip("\"'")
    if not value:
        return str(row.base_url)
    bare = "://" not in value
    value = f"http://127.0.0.1{value}" if value.startswith(":") else f"http://{value}" if bare else value
    parts = urlsplit(_checked_url(value, "OLLAMA_HOST"))
    host = parts.hostname or ""
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    port = parts.port or (11434 if bare else None)
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.removesuffix('/v1')}/v1"


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")

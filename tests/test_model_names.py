"""Which server a model's name means, with whose key, and where the text goes."""

import dataclasses

import pytest

from summarizer.errors import ConfigurationError, KeyRefused, UnknownModel
from summarizer.llm.endpoints import find_endpoint, stays_here

KEYS = {"OPENAI_API_KEY": "sk-o", "OPENROUTER_API_KEY": "sk-r", "SUMMARIZER_API_KEY": "sk-s"}


@pytest.mark.parametrize(
    ("model", "url", "name", "destination"),
    [
        ("local", None, "local", None),
        ("local/some-model", None, "local/some-model", None),
        ("ollama/qwen3:4b", "http://127.0.0.1:11434/v1", "ollama/qwen3:4b", None),
        ("ollama/big:120b-cloud", "http://127.0.0.1:11434/v1", "ollama/big:120b-cloud", "ollama.com"),
        ("openai/gpt-5-mini", "https://api.openai.com/v1", "openai/gpt-5-mini", "api.openai.com"),
        ("OpenRouter/qwen/qwen3-32b", "https://openrouter.ai/api/v1", "openrouter/qwen/qwen3-32b", "openrouter.ai"),
    ],
)
def test_a_name_says_where_the_text_goes(model: str, url: str | None, name: str, destination: str | None) -> None:
    """Each kind of name gives its server, its name for the audit, and the host that the text goes to."""
    endpoint = find_endpoint(model, environ=KEYS)
    assert (endpoint.base_url, endpoint.name, endpoint.destination) == (url, name, destination)
    assert endpoint.hosted is (destination is not None)


@pytest.mark.parametrize(
    ("model", "base_url", "key"),
    [
        ("local", None, None),
        ("ollama/qwen3:4b", None, None),
        ("openai/gpt-5-mini", None, "sk-o"),
        ("openrouter/qwen/qwen3-32b", None, "sk-r"),
        ("openai/gpt-5-mini", "https://models.example.net/v1", "sk-s"),
        ("gpt-5-mini", "https://eu.api.openai.com/v1", "sk-s"),
    ],
)
def test_a_key_goes_to_its_own_provider_only(model: str, base_url: str | None, key: str | None) -> None:
    """With every key set, each endpoint holds the one that was kept for it, and its printed form holds none."""
    endpoint = find_endpoint(model, base_url=base_url, environ=KEYS)
    assert endpoint.api_key == key
    assert "sk-" not in repr(endpoint)


def test_a_key_that_is_given_stands_before_the_environment() -> None:
    """The argument wins over the provider's variable, and the embedded model gets no key at all."""
    assert find_endpoint("openai/gpt-5-mini", api_key=" sk-mine\n", environ=KEYS).api_key == "sk-mine"
    assert find_endpoint("local", api_key="sk-mine", environ=KEYS).api_key is None


@pytest.mark.parametrize(
    ("model", "variable"), [("openai/gpt-5-mini", "OPENAI_API_KEY"), ("openrouter/a/b", "OPENROUTER_API_KEY")]
)
def test_a_missing_key_is_named(model: str, variable: str) -> None:
    """Without its key a hosted model is refused before anything is sent, and the error names the variable to set."""
    with pytest.raises(KeyRefused, match=variable):
        find_endpoint(model, environ={"SUMMARIZER_API_KEY": "sk-s"})


def test_a_key_that_no_header_can_hold_is_refused_unseen() -> None:
    """A pasted key with a line break or a quote in it is an error that does not repeat it."""
    with pytest.raises(KeyRefused) as caught:
        find_endpoint("openai/gpt-5-mini", api_key="sk-ab\ncd", environ={})
    assert "sk-ab" not in str(caught.value)


@pytest.mark.parametrize("model", ["gpt-5-mini", "mistral/large", "openai", "ollama/", "localx/a"])
def test_an_unknown_name_says_what_is_known(model: str) -> None:
    """A name of no known provider is an error that shows how names are written."""
    with pytest.raises(UnknownModel, match="<model>"):
        find_endpoint(model, environ=KEYS)


def test_a_key_alone_chooses_no_model() -> None:
    """With keys set, `local` stays local."""
    assert find_endpoint("local", environ=KEYS).destination is None


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("local", "http://127.0.0.1:8080/v1"),
        ("local/a", "http://127.0.0.1:8080/v1"),
        (" ", "http://127.0.0.1:8080/v1"),
        ("m", "ftp://models.example.net"),
        ("m", "models.example.net/v1"),
        ("m", "https://user:secret@models.example.net/v1"),
        ("m", "https://models.example.net/v1?api-key=secret"),
        ("m", "https:///v1"),
        ("m", "https://models.example.net:port/v1"),
        ("m", "https://[::1/v1"),
        ("m\x1b[31m", "https://models.example.net/v1"),
    ],
)
def test_a_bad_address_is_refused_unseen(model: str, base_url: str) -> None:
    """An address that is none, or comes without its model's name, is refused; a password in it is not repeated."""
    with pytest.raises(ConfigurationError) as caught:
        find_endpoint(model, base_url=base_url, environ={})
    assert "secret" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("model", ["gpt-oss:120b-cloud", "kimi-k2:Cloud"])
def test_a_cloud_model_leaves_by_whatever_name_its_server_is_asked(model: str) -> None:
    """Ollama sends the text of a cloud model on, also if the server was named by base_url, and in any capitals."""
    for endpoint in (
        find_endpoint(f"ollama/{model}", environ={}),
        find_endpoint(model, base_url="http://127.0.0.1:11434/v1", environ={}),
    ):
        assert (endpoint.destination, endpoint.hosted) == ("ollama.com", True)


def test_a_server_of_ones_own_keeps_the_name_as_it_is() -> None:
    """With base_url the whole name is the server's, slashes included, and loopback is not counted as leaving."""
    endpoint = find_endpoint("org/model-7b", base_url="http://localhost:8000/v1/", environ={})
    assert (endpoint.model, endpoint.base_url) == ("org/model-7b", "http://localhost:8000/v1")
    assert (endpoint.name, endpoint.destination, endpoint.api_key) == ("org/model-7b@localhost:8000", None, None)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        (":8000", "http://127.0.0.1:8000/v1"),
        ("box.example.net", "http://box.example.net:11434/v1"),
        ("https://box.example.net", "https://box.example.net/v1"),
        ("http://box.example.net:80/base/", "http://box.example.net:80/base/v1"),
        ("[::1]:9000", "http://[::1]:9000/v1"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(value: str, url: str) -> None:
    """OLLAMA_HOST in each of the forms that Ollama's own client takes."""
    assert find_endpoint("ollama/a", environ={"OLLAMA_HOST": value}).base_url == url


def test_each_provider_gets_what_it_takes() -> None:
    """Temperature, token limit and dialect follow the provider, also one that is named by its address."""

    def taken(model: str, base_url: str | None = None) -> tuple[object, ...]:
        endpoint = find_endpoint(model, base_url=base_url, environ=KEYS)
        return endpoint.dialect, endpoint.temperature, endpoint.token_field, endpoint.token_limit, endpoint.parallel

    assert taken("local") == ("grammar", 0, "max_tokens", 2500, 1)
    assert taken("ollama/a") == ("grammar", 0, "max_tokens", 16000, 1)
    assert taken("openai/gpt-5-mini") == ("strict", None, "max_completion_tokens", 16000, 8)
    assert taken("openrouter/a/b") == ("strict", None, "max_tokens", 16000, 8)
    assert taken("a", "https://models.example.net/v1") == ("strict", 0, "max_tokens", 16000, 8)
    assert taken("gpt-5", "https://eu.api.openai.com/v1") == taken("openai/gpt-5-mini")
    by_address = find_endpoint("gpt-5", base_url="https://eu.api.openai.com/v1", environ=KEYS)
    assert (by_address.provider, by_address.sdk_environment) == ("server", False)


def test_an_endpoint_does_not_change() -> None:
    """An endpoint is frozen: nobody sends the next text elsewhere by an assignment."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        find_endpoint("local", environ={}).base_url = "http://elsewhere.example.net"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.8.9.1", True),
        ("::1", True),
        ("a.localhost", True),
        ("localhost.example.net", False),
        ("10.0.0.1", False),
        ("127.0.0.1.example.net", False),
    ],
)
def test_only_loopback_stays_here(host: str, here: bool) -> None:
    """A host is this machine by its form; one that only looks alike is not."""
    assert stays_here(host) is here

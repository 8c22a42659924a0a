"""The list of embedded models."""

import dataclasses
import re

import pytest

from summarizer.errors import UnknownModel
from summarizer.llm.local.registry import find_model, local_models


def test_local_is_the_default_model():
    """`local`, its own name and `local/` before the name are one model, whatever the capitals."""
    default = find_model("local")
    assert default.name == "qwen2.5-coder-1.5b"
    assert find_model("Qwen2.5-Coder-1.5B") == find_model("local/qwen2.5-coder-1.5b") == default
    assert local_models()[0] == default


def test_an_unknown_name_gets_the_near_ones():
    """A slip in the name is answered with the model that was meant."""
    with pytest.raises(UnknownModel, match=r"no embedded model is named 'qwen2.5-coder-0.5'; .*qwen2\.5-coder-0\.5b"):
        find_model("qwen2.5-coder-0.5")


def test_a_hopeless_name_gets_all():
    """A name that is like none is answered with every model, on one line."""
    with pytest.raises(UnknownModel) as caught:
        find_model("\n" + "x" * 500)
    assert all(model.name in str(caught.value) for model in local_models())
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("model", local_models(), ids=lambda model: model.name)
def test_every_entry_holds_together(model):
    """Hash, size and file name are of the right form, and the wheels' parts make up exactly the file."""
    assert re.fullmatch("[0-9a-f]{64}", model.sha256)
    assert re.fullmatch(r"[a-z0-9._-]+\.gguf", model.file)
    whole_parts, last = divmod(model.size, model.wheels.part_bytes)
    assert whole_parts + bool(last) == model.wheels.count
    assert model.wheels.member.format(n=3).endswith("/data/part03.bin")
    assert model.wheels.package.format(n=12).endswith("-part12")
    assert model.licence


def test_models_are_facts():
    """A model cannot be changed by a caller."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        find_model("local").sha256 = "0" * 64  # type: ignore[misc]

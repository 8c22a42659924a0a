"""The built wheel, installed outside the tree: what users get, not what stands in the checkout."""

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from recorded import CASSETTES, DAY, ROOT, SEEDS

SCRIPT = """
import sys
import summarizer, summarizer.llm
from recorded import SEEDS, RecordedEngine, replayed
from summarizer.llm.local.store import ModelStore

assert sys.prefix in summarizer.__file__, summarizer.__file__
ModelStore.ensure = lambda self, model, progress: self
summarizer.llm.Engine = RecordedEngine
with replayed("short-no-deal"), summarizer.Summarizer("local") as machine:
    brief = machine.brief(summarizer.load_article(SEEDS / "short-no-deal.txt"))
print(brief.model_dump_json())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the tree so that nothing is left in it."""
    folder = tmp_path_factory.mktemp("wheel")
    parts = ("summarizer", "schemas", "prompts", "pyproject.toml", "README.md", "LICENSE")
    for part in parts:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / "tree" / part, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / "tree" / part)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "."]
    subprocess.run([*command, "./tree"], cwd=folder, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_each_part_once_and_no_seed(wheel):
    """Templates, examples and word lists are in it, nothing twice, and no article, cassette or test."""
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    for wanted in (
        "summarizer/prompts/news/system.jinja",
        "summarizer/prompts/news/hints.toml",
        "summarizer/prompts/news/examples/strait.json",
        "summarizer/schemas/brief.py",
        "summarizer/digest/holding.toml",
        "summarizer/grounding/cues.toml",
        "summarizer/llm/local/registry.toml",
        "summarizer/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.split("/")[0] in ("schemas", "prompts", "tests", "seeds", "cassettes")]
    assert sum(name.endswith("brief.py") for name in names) == 2  # the schema and the command


def test_the_installed_wheel_briefs_a_seed(wheel, tmp_path):
    """Installed without its dependencies into a fresh environment that sees the locked ones, it makes a brief."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", str(wheel)],
        check=True,
    )
    (site,) = [path for path in home.rglob("site-packages") if path.is_dir()]
    # The locked packages, but not the checkout: a path in a .pth file does not bring its own .pth files with it.
    (site / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = tmp_path / "brief_a_seed.py"
    script.write_text(SCRIPT)
    result = subprocess.run(
        [str(python), str(script)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert '"schema":"brief/1"' in result.stdout


def test_the_seeds_are_where_the_tests_look():
    """Every seed has its cassette, so that none is left untested."""
    assert {path.stem for path in SEEDS.glob("*.txt")} == {path.stem for path in CASSETTES.glob("*.yaml")} - {DAY}

"""The command beside `brief`: help, version, doctor, progress, and standard output that does not take everything."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer import errors
from summarizer.cli import main
from summarizer.cli.output import Target, emit
from summarizer.cli.watching import watching

ROOT = Path(__file__).parents[1]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the machine's own."""
    for name in [name for name in os.environ if name.startswith("SUMMARIZER_")]:
        monkeypatch.delenv(name)


def python(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False, **more
    )


def test_json_escapes_of_signs_beyond_the_first_plane_are_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign that Python writes as \\U0001f41f is two \\u escapes in JSON."""
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    Target("json", None).write('{"fish": "\U0001f41f é"}')
    assert json.loads(raw.getvalue()) == {"fish": "\U0001f41f é"}


def test_a_full_disk_behind_standard_output_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be printed is an error with a remedy and no traceback."""

    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sys.stdout", Full())
    with pytest.raises(errors.ConfigurationError, match="No space left"):
        emit("x")


@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
def test_a_reader_that_goes_away_is_no_error() -> None:
    """`summarizer schema | head -1` prints no traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "summarizer", "schema"],
            cwd=ROOT,
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
            timeout=30,
        )
    assert done.stderr == b""


@pytest.mark.parametrize("command", [[], ["brief"], ["schema"], ["doctor"], ["models"]])
def test_help_says_what_and_shows_an_example(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """-h and --help of every command say the same, with an example and --debug, and end with 0."""
    assert main([*command, "-h"]) == 0
    short = capsys.readouterr()
    assert main([*command, "--help"]) == 0
    assert capsys.readouterr() == short
    assert "Example" in short.out
    assert "--debug" in short.out
    assert short.err == ""
    assert "..." not in short.out.partition("Commands:")[2].partition("Example")[0] or command == ["models"]


@pytest.mark.parametrize("arguments", [["--help"], ["brief", "--help"], ["breif"]])
def test_help_loads_no_heavy_library(arguments: list[str]) -> None:
    """What only prints a few lines does not load what a brief needs: that is what makes it quick."""
    program = f"from summarizer.cli import main; main({arguments}); import sys; print(*sys.modules, file=sys.stderr)"
    loaded = set(python("-c", program).stderr.split())
    assert "click" in loaded
    heavy = {"pydantic", "openai", "instructor", "rich", "jinja2", "httpx2", "xllamacpp", "sentencex", "asyncio"}
    assert not loaded & heavy


def test_the_version_is_shown_and_python_m_works() -> None:
    """`python -m summarizer --version` prints the name and the version of the package."""
    done = python("-m", "summarizer", "--version")
    assert (done.returncode, done.stdout) == (0, f"summarizer {summarizer.__version__}\n")


def test_doctor_tells_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """doctor names keys and says where settings are from, shows no secret, and ends with 0 whatever is missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "summarizer.toml").write_text('model = "a/b"\ntime_limit = 60\n', encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hidden")
    monkeypatch.setenv("SUMMARIZER_BASE_URL", "https://me:hidden@models.example/hidden?key=hidden")
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("summarizer.cli.doctor.ENGINE", "no_such_engine")
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert "hidden" not in shown
    for line in (
        "keys      OPENAI_API_KEY set, OPENROUTER_API_KEY not set, SUMMARIZER_API_KEY not set",
        "setting   model a/b (summarizer.toml)",
        "setting   base_url https://models.example (SUMMARIZER_BASE_URL)",
        "setting   time_limit 60 s (summarizer.toml)",
        "setting   kind news (default)",
        "engine    no_such_engine CANNOT be imported: ModuleNotFoundError: No module named 'no_such_engine'",
        "offline   no",
    ):
        assert f"\n{line}\n" in shown
    assert "missing" in shown


def test_doctor_survives_settings_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken summarizer.toml is told on the lines that need it, and the others are there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "summarizer.toml").write_text("model = ", encoding="utf-8")
    monkeypatch.setattr("summarizer.cli.doctor.ENGINE", "no_such_engine")
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert "setting   cannot be told: ConfigurationError: summarizer.toml" in shown
    assert "\npython    3." in shown


def test_a_terminal_is_shown_how_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal a line tells stage, section and pieces; a section's name, which a model writes, steers nothing."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with watching(quiet=False) as watch, watch.shown():
        assert watch.watcher is not None
        assert watch.live is not None
        watch.watcher.stage("reading the article")
        watch.watcher.wrote(7, "open_questions\x1b[2J")
        assert watch.live._line().plain == "reading the article · writing open questions · 7 pieces · 0 s"
    assert "reading the article" in terminal.getvalue()


@pytest.mark.parametrize("quiet", [True, False])
def test_elsewhere_nothing_moves(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Where standard error is no terminal, or --quiet is given, no progress is printed."""
    with watching(quiet) as watch, watch.shown():
        assert watch.watcher is None
        assert (watch.pulling is None) == quiet
    assert capsys.readouterr() == ("", "")


def test_every_public_name_can_be_imported() -> None:
    """Each name of __all__ is there, listed by dir(), and one that is not is an AttributeError."""
    for name in summarizer.__all__:
        assert getattr(summarizer, name) is not None
        assert name in dir(summarizer)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = summarizer.no_such_name  # type: ignore[attr-defined]
    assert python("-c", "import summarizer, sys; assert 'pydantic' not in sys.modules").returncode == 0


def test_every_error_of_the_tree_has_a_code() -> None:
    """No class of the library's errors ends as an unexpected one."""
    from summarizer.cli.program import _exit_code

    def below(kind: type[errors.SummarizerError]) -> Iterator[type[errors.SummarizerError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    assert {_exit_code(kind("a", "b")) for kind in below(errors.SummarizerError)} == {1, 2, 3}

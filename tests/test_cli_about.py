"""The command beside `brief`: help, version, doctor, progress, and standard output that does not take everything."""

import io
import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer import errors
from summarizer.cli import main
from summarizer.cli.models import models
from summarizer.cli.output import Target
from summarizer.cli.program import COMMANDS
from summarizer.cli.streams import emit
from summarizer.cli.watching import watching
from summarizer.settings import FILE, load_settings

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
@pytest.mark.parametrize("arguments", [["schema"], ["--help"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str], tmp_path: Path) -> None:
    """`summarizer schema | true` ends with 0 and prints nothing about it."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        assert _ended(arguments, tmp_path, stdout=gone) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
@pytest.mark.parametrize("arguments", [["--help"], ["models", "list"]])
def test_a_full_disk_is_one_line_and_2(arguments: list[str], tmp_path: Path) -> None:
    """What cannot be written ends with 2 and says so, help too."""
    with open("/dev/full", "w") as full:
        code, told = _ended(arguments, tmp_path, stdout=full)
    assert (code, told.count("\n")) == (2, 1)
    assert told.startswith("error: standard output cannot be written: No space left")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_an_error_that_cannot_be_said_has_its_code(tmp_path: Path) -> None:
    """Where standard error takes nothing, bad use is still 2."""
    with open("/dev/full", "w") as full:
        assert _ended(["breif"], tmp_path, stderr=full)[0] == 2


@pytest.mark.skipif(os.name == "nt", reason="shells close streams otherwise there")
def test_a_closed_standard_output_is_found_before_a_model_is_asked(tmp_path: Path) -> None:
    """`summarizer brief … >&-` and `schema >&-` end with 2; an article that is not there is not even looked for."""
    for arguments in ("brief no-such.txt", "schema"):
        code, told = _ended(["-c", f'exec "$0" -m summarizer {arguments} >&-', sys.executable], tmp_path, shell="sh")
        assert code == 2
        assert told.startswith("error: standard output is closed")


@pytest.mark.skipif(os.name == "nt", reason="no such paths")
def test_output_into_a_pipe_or_over_the_piped_article_is_refused(tmp_path: Path) -> None:
    """-o /dev/stdout that leads into a pipe, and -o of the file that standard input is, end with 2 at once."""
    article = tmp_path / "a.txt"
    article.write_text("Norland waits.", encoding="utf-8")
    _, told = _ended(["brief", str(article), "-o", "/dev/stdout"], tmp_path, stdout=subprocess.PIPE)
    assert "is a device or pipe" in told
    with article.open() as piped:
        _, told = _ended(["brief", "-", "-o", "a.txt"], tmp_path, stdin=piped)
    assert "is the article itself" in told
    assert article.read_text(encoding="utf-8") == "Norland waits."


def _ended(arguments: list[str], folder: Path, shell: str | None = None, **streams: Any) -> tuple[int, str]:
    """The code of a run of the program in a folder without a model, and what it said on standard error."""
    command = [shell, *arguments] if shell else [sys.executable, "-m", "summarizer", *arguments]
    streams = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    environ = {**os.environ, "SUMMARIZER_CACHE_DIR": str(folder), "SUMMARIZER_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environ, text=True, timeout=60, check=False, **streams)
    return done.returncode, done.stderr or ""


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
    assert "..." not in short.out.partition("Commands:")[2].partition("Example")[0]
    assert not set(re.findall(r"`(\w+)`", short.out)) - {*COMMANDS, *models.commands}


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
    """At a terminal a line tells stage, section and items; a section's name, which a model writes, steers nothing."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with watching(quiet=False) as watch, watch.shown():
        assert watch.watcher is not None
        assert watch.live is not None
        assert watch.live._line().plain == "getting ready · 0 s"
        watch.watcher.stage("reading the article")
        assert watch.live._line().plain == "reading the article · 0 s"
        watch.watcher.wrote(7, "open_questions\x1b[2J", 12, 24)
        assert watch.live._line().plain == "writing the brief · open questions · 12 of 24 items · 0 s"
        watch.watcher.stage("asking again")
        watch.watcher.wrote(1, None, 0, 0)
        assert watch.live._line().plain == "asking again · 0 s"
    assert "asking again" in terminal.getvalue()


def test_a_terminal_without_a_cursor_is_told_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no line can be drawn anew (TERM=dumb), a fetch is told in lines of its own."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "dumb")
    with watching(quiet=False) as watch, watch.shown():
        assert watch.pulling is not None
        watch.pulling.start(2_000_000, "a hub")
        watch.pulling.advance(1_000_000)
    assert terminal.getvalue() == "fetching 2 MB from a hub\n  50 %\n"


@pytest.mark.parametrize("state", ["missing", "here"])
def test_removing_a_model_asks_only_where_there_is_one(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`models rm` of a model that is not in the cache says so without a question; else it asks, and no is 1."""
    status = types.SimpleNamespace(state=state, path=None)
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("summarizer.llm.local.store.ModelStore.status", lambda *_: status)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["models", "rm", "local"]) == (1 if state == "here" else 0)
    told = capsys.readouterr().err
    assert ("[y/N]" in told) == (state == "here")
    assert ("nothing removed" in told) == (state == "missing")


@pytest.mark.parametrize("value", ["0", "-1", "0.5", "nan", "inf", "1e300", "604801", "9" * 400, "9" * 5000, "true"])
def test_a_time_limit_that_is_none_is_refused(value: str, tmp_path: Path) -> None:
    """summarizer.toml takes seconds from 1 to a week."""
    (tmp_path / FILE).write_text(f"time_limit = {value}\n", encoding="utf-8")
    with pytest.raises(errors.ConfigurationError, match=re.escape(FILE)):
        load_settings({}, tmp_path)


def test_settings_of_any_editor_are_read(tmp_path: Path) -> None:
    """A byte order mark before the first key is none of it; without a file an article has half an hour."""
    assert load_settings({}, tmp_path).time_limit == 1800
    (tmp_path / FILE).write_text("time_limit = 1\n", encoding="utf-8-sig")
    assert load_settings({}, tmp_path).time_limit == 1


def test_a_stored_server_is_not_for_a_local_model_of_the_environment(tmp_path: Path) -> None:
    """SUMMARIZER_MODEL=local has the embedded model although the file names a server; any other name goes there."""
    (tmp_path / FILE).write_text('base_url = "http://127.0.0.1:1/v1"\n', encoding="utf-8")
    assert load_settings({"SUMMARIZER_MODEL": "local/some-model"}, tmp_path).base_url is None
    assert load_settings({"SUMMARIZER_MODEL": "some-model"}, tmp_path).base_url == "http://127.0.0.1:1/v1"


@pytest.mark.skipif(os.name == "nt", reason="a folder in use stays there")
def test_folders_that_are_not_there_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder that was deleted, or the home of nobody, is an error with a remedy."""
    with pytest.raises(errors.ConfigurationError, match="SUMMARIZER_CACHE_DIR is '~no-such-user/x'"):
        load_settings({"SUMMARIZER_CACHE_DIR": "~no-such-user/x"}, tmp_path)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(errors.ConfigurationError, match="working folder"):
        load_settings({})


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
    from summarizer.cli.program import exit_code

    def below(kind: type[errors.SummarizerError]) -> Iterator[type[errors.SummarizerError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    assert {exit_code(kind("a", "b")) for kind in below(errors.SummarizerError)} == {1, 2, 3}


@pytest.mark.parametrize("which", ["brief", "check", "digest", "eval", "draft"])
def test_every_contract_has_a_schema(capsys: pytest.CaptureFixture[str], which: str) -> None:
    """`summarizer schema WHICH` prints a JSON Schema with properties, and `schema` alone that of the brief."""
    assert main(["schema", which]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]

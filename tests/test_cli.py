"""The command: what it prints where, which code it ends with, and that nothing half-done is left."""

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import example_brief
import pytest

from summarizer import errors
from summarizer.cli import main
from summarizer.schemas.brief import Brief

ROOT = Path(__file__).parents[1]
# The field names of `brief/1`, from the contract.
CONTRACT = {
    "": "schema article headline summary actors positions deals open_questions dates audit",
    "article": "id title url source byline published language text warnings",
    "headline": "text evidence",
    "summary": "text evidence",
    "actors": "id name named aliases kind role affiliation evidence",
    "positions": "actor stance claim quotes evidence translations",
    "deals": "title parties terms value status evidence",
    "deals.terms": "party gives evidence",
    "deals.value": "text amount currency",
    "open_questions": "question kind evidence",
    "audit": "findings attempts model prompt schema usage cost_usd seconds",
    "audit.findings": "gate verdict path action text reason span",
    "audit.usage": "input_tokens cached_tokens output_tokens",
    "positions.quotes": "start end text",
}
FINDING = {"gate": "quote", "verdict": "against", "path": "a.0", "action": "dropped", "text": "x", "reason": "y"}


class Fake:
    """Stands in for Summarizer: keeps what it was asked, and gives a ready brief or raises."""

    destination: str | None = None
    fails: BaseException | None = None
    made: list["Fake"] = []  # noqa: RUF012 - emptied for each test

    def __init__(self, model: str | None = None, **settings: Any) -> None:
        self.model, self.settings = model, settings
        self.article: Any = None
        Fake.made.append(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def brief(self, article: Any, watcher: Any = None) -> Brief:
        self.article = article
        if watcher is not None:
            watcher.stage("reading the article")
            watcher.wrote(3, "open_questions", 0, 2)
        if Fake.fails is not None:
            raise Fake.fails
        return example_brief.with_audit(findings=[FINDING])


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[Fake]:
    """No model, no settings of the machine."""
    for name in [name for name in os.environ if name.startswith("SUMMARIZER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("summarizer.briefing.Summarizer", Fake)
    monkeypatch.setattr(Fake, "destination", None)
    monkeypatch.setattr(Fake, "fails", None)
    monkeypatch.setattr(Fake, "made", [])
    return Fake


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file of an article, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text(example_brief.TEXT, encoding="utf-8")
    return "article.txt"


@pytest.mark.parametrize("options", [[], ["-f", "md"], ["-f", "text"], ["--format", "json"]])
def test_the_brief_goes_to_standard_output_and_nothing_else_does(
    fake: type[Fake], source: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A brief in the form asked for is all that is printed, and the code is 0."""
    assert main(["brief", source, *options]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "Norland offers to reopen the strait" in shown.out
    assert ("## Who\n" in shown.out) == (options in ([], ["-f", "md"]))
    assert fake.made[0].article.text == example_brief.TEXT


def test_json_has_the_field_names_of_the_contract(
    fake: type[Fake], source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every section of the JSON has exactly the fields that the contract names."""
    main(["brief", source, "-f", "json"])
    brief = json.loads(capsys.readouterr().out)
    assert brief["schema"] == "brief/1"
    for path, fields in CONTRACT.items():
        place: Any = brief
        for step in filter(None, path.split(".")):
            place = place[0][step] if isinstance(place, list) else place[step]
        assert list(place[0] if isinstance(place, list) else place) == fields.split(), path


def test_the_schema_command_describes_what_brief_prints(
    fake: type[Fake], source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The JSON Schema names the same fields, and that of the draft is another."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert list(schema["properties"]) == CONTRACT[""].split()
    assert list(schema["$defs"]["Position"]["properties"]) == CONTRACT["positions"].split()
    assert main(["schema", "draft"]) == 0
    assert "headline" in json.loads(capsys.readouterr().out)["properties"]


def test_flags_reach_the_model(fake: type[Fake], source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named reaches the model; a flag stands before the environment, whose address is no flag."""
    monkeypatch.setenv("SUMMARIZER_MODEL", "ollama/b")
    monkeypatch.setenv("SUMMARIZER_BASE_URL", "http://127.0.0.1:2/v1")
    assert (
        main(["brief", source, "-m", "a", "--base-url", "http://127.0.0.1:1/v1", "--time-limit", "2.5", "-l", "de"])
        == 0
    )
    assert main(["brief", source]) == 0
    assert [made.model for made in fake.made] == ["a", "ollama/b"]
    assert [made.settings["base_url"] for made in fake.made] == ["http://127.0.0.1:1/v1", None]
    assert fake.made[0].settings["time_limit"] == 2.5
    assert [made.settings["language"] for made in fake.made] == ["de", None]


def test_where_the_text_goes_is_said_before_it_is_sent(
    fake: type[Fake], source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If the text leaves the machine, a line says so even where the sending then fails, and with --quiet."""
    monkeypatch.setattr(Fake, "destination", "models.example")
    monkeypatch.setattr(Fake, "fails", errors.ServerUnreachable("it is down", "wait"))
    assert main(["brief", source, "-q"]) == 3
    assert capsys.readouterr().err == "sending the article to models.example\nerror: it is down; wait\n"


@pytest.mark.parametrize("arguments", [["brief", "-"], ["brief"]])
def test_an_article_can_be_piped_in(fake: type[Fake], arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is read for "-", and without a SOURCE where it is no terminal."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(example_brief.TEXT.encode())))
    assert main(arguments) == 0
    assert fake.made[0].article.text == example_brief.TEXT


def test_no_source_at_a_terminal_teaches(
    fake: type[Fake], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is left waiting at a terminal: the error shows both ways to give an article."""
    monkeypatch.setattr("sys.stdin", _Terminal())
    assert main(["brief"]) == 2
    assert "summarizer brief article.txt" in capsys.readouterr().err
    assert not fake.made


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ArticleTooLong("a", "b"), 2),
        (errors.UnknownModel("a", "b"), 2),
        (errors.KeyRefused("a", "b"), 3),
        (errors.ModelTimeout("a", "b"), 3),
        (errors.AnswerUnusable("a", "b"), 1),
        (errors.SummarizerError("a", "b"), 1),
    ],
)
def test_an_error_is_one_line_and_a_code_by_its_kind(
    fake: type[Fake],
    source: str,
    error: errors.SummarizerError,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Bad input and settings end with 2, an absent model with 3, the rest with 1; the line is "error: what; remedy"."""
    monkeypatch.setattr(Fake, "fails", error)
    assert main(["brief", source]) == code
    assert capsys.readouterr() == ("", "error: a; b\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["brief", "no-such.txt"], "no-such.txt"),
        (["brief", "a\x1b[2Jb\nc.txt"], "there is no file"),
        (["breif"], "Did you mean 'brief'?"),
        (["brief", "article.txt", "--form", "xml"], "--form"),
        (["brief", "article.txt", "-f", "xml"], "'xml' is not one of"),
        (["brief", "article.txt", "--time-limit", "nan"], "--time-limit"),
        (["brief", "article.txt", "--time-limit", "inf"], "--time-limit"),
        (["brief", "article.txt", "--time-limit", "1e-9"], "give seconds from 1 to"),
        (["brief", "article.txt", "-o", ""], "names no file"),
        (["brief", "article.txt", "-o", "."], "is a folder"),
        (["brief", "article.txt", "-o", "no/such/brief.md"], "not there"),
        (["brief", "article.txt", "-o", "article.txt"], "is the article itself"),
        (["brief", "article.txt", "-o", os.devnull], "device"),
        (["schema", "nothing"], "'nothing' is not one of"),
    ],
)
def test_bad_use_ends_with_2_and_one_plain_line(
    fake: type[Fake], source: str, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong names, options and files are told in one line without control characters, before a model is started."""
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert says in shown.err
    assert shown.err.endswith("\n")
    assert shown.err.strip("\n").isprintable()
    assert not fake.made


def test_what_nobody_expected_is_a_line_and_a_hint(
    fake: type[Fake], source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug ends with 1, in one line without control characters that tells how to see more."""
    monkeypatch.setattr(Fake, "fails", RuntimeError("odd\n\x1b[31mred"))
    assert main(["brief", source]) == 1
    assert capsys.readouterr().err == (
        "error: unexpected RuntimeError: odd red; run again with --debug for the traceback\n"
    )


@pytest.mark.parametrize("place", [0, 1, 3])
def test_debug_shows_the_traceback_wherever_it_stands(
    fake: type[Fake], source: str, place: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--debug before or behind the command gives the traceback, of expected errors too, and the line after it."""
    monkeypatch.setattr(Fake, "fails", errors.AnswerUnusable("a", "b"))
    arguments = ["brief", source, "-q"]
    arguments.insert(place, "--debug")
    assert main(arguments) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-1] == "error: a; b"


@pytest.mark.parametrize("later", [None, RuntimeError("the closing failed too")])
def test_ctrl_c_ends_with_130(
    fake: type[Fake],
    source: str,
    later: Exception | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An interrupted brief says so and no more, also where the tidying up fails because of it."""
    monkeypatch.setattr(Fake, "fails", KeyboardInterrupt())
    if later is not None:
        monkeypatch.setattr(Fake, "__exit__", _raising(later))
    assert main(["brief", source]) == 130
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip() == "interrupted"


def _raising(error: Exception) -> Callable[..., None]:
    def leave(*_: object) -> None:
        raise error

    return leave


def test_ctrl_c_while_libraries_load_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An interrupt in the middle of an import is no traceback either."""
    monkeypatch.delitem(sys.modules, "summarizer.cli.program", raising=False)
    monkeypatch.setattr("sys.meta_path", [_Interrupting(), *sys.meta_path])
    assert main(["--version"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


class _Interrupting:
    def find_spec(self, name: str, *_: object) -> None:
        if name == "summarizer.cli.program":
            raise KeyboardInterrupt


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_a_real_ctrl_c_ends_a_running_program_with_130(tmp_path: Path) -> None:
    """SIGINT while a model works ends the process at once, quietly, and leaves no file."""
    article = tmp_path / "article.txt"
    article.write_text(example_brief.TEXT, encoding="utf-8")
    program = textwrap.dedent("""
        import sys, time, types
        module = types.ModuleType("summarizer.briefing")
        class Slow:
            destination = None
            def __init__(self, *_, **__): pass
            def __enter__(self): return self
            def __exit__(self, *_): pass
            def brief(self, *_):
                print("working", flush=True)
                time.sleep(60)
        module.Summarizer = Slow
        sys.modules["summarizer.briefing"] = module
        from summarizer.cli import main
        sys.exit(main(["brief", sys.argv[1], "-o", sys.argv[2]]))
    """)
    command = [sys.executable, "-c", program, str(article), str(tmp_path / "brief.md")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, err = process.communicate(timeout=50)
    assert time.monotonic() - began < 40
    assert (process.returncode, err.strip()) == (130, "interrupted")
    assert [path.name for path in tmp_path.iterdir()] == ["article.txt"]


def test_output_is_written_whole_and_keeps_permissions(
    fake: type[Fake], source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """-o writes the file in UTF-8 and nothing to standard output; an old file is replaced, with its permissions."""
    old = tmp_path / "brief.md"
    old.write_text("old", encoding="utf-8")
    old.chmod(0o640)
    assert main(["brief", source, "-o", "brief.md"]) == 0
    assert capsys.readouterr().out == ""
    assert "“far too high”" in old.read_text(encoding="utf-8")
    assert os.name == "nt" or old.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "brief.md"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_nothing_half_written_is_left(
    fake: type[Fake], source: str, step: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If writing fails or is interrupted at any step, the old file is as it was and no other is there."""
    (tmp_path / "brief.md").write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(step, fail)
        assert main(["brief", source, "-o", "brief.md"]) == (2 if isinstance(error, OSError) else 130)
    assert (tmp_path / "brief.md").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "brief.md"]


@pytest.mark.skipif(os.name == "nt", reason="links want rights there")
def test_output_through_a_link_writes_what_it_points_to(fake: type[Fake], source: str, tmp_path: Path) -> None:
    """A link named in -o stays a link."""
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    assert main(["brief", source, "-o", "link.md"]) == 0
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").is_file()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("form", ["md", "json"])
def test_standard_output_of_any_encoding_takes_the_brief(
    fake: type[Fake], source: str, encoding: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a locale without the letters they are escapes, and JSON is still JSON with the same text."""
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert main(["brief", source, "-f", form]) == 0
    shown = raw.getvalue().decode(encoding)
    assert form == "md" or json.loads(shown)["article"]["text"] == example_brief.TEXT
    assert ("\\u201cfar too high" in shown) == (encoding != "utf-8")


def test_markdown_is_laid_out_only_on_a_terminal(
    fake: type[Fake], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal the marks of Markdown are gone and lines are wrapped; the words are the same."""
    terminal = _Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["brief", source]) == 0
    assert "**" not in terminal.getvalue()
    assert "##" not in terminal.getvalue()
    assert "“far too high”" in terminal.getvalue()
    assert max(map(len, terminal.getvalue().splitlines())) < 120

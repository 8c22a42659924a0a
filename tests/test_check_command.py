"""`summarizer check`: what the command makes of a text and its article, on a terminal, in a file and as JSON."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from test_check_text import ARTICLE, HOSTILE, RIGHT, UNDECIDED, WRONG

from summarizer import check_text
from summarizer.cli import main
from summarizer.cli.output import Target
from summarizer.rendering.check import LIMITS
from summarizer.rendering.document import Bullets, Heading, Table, line
from summarizer.schemas.check import CheckReport

ROOT = Path(__file__).parents[1]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an article and texts about it, as the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text(ARTICLE.text, encoding="utf-8")
    (tmp_path / "right.txt").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "wrong.txt").write_text(f"{RIGHT} {UNDECIDED} {WRONG}", encoding="utf-8")
    (tmp_path / "undecided.txt").write_text(UNDECIDED, encoding="utf-8")
    (tmp_path / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "marks.txt").write_text("— ***\n", encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    return tmp_path


@pytest.mark.parametrize(("name", "code"), [("right.txt", 0), ("undecided.txt", 0), ("wrong.txt", 1)])
@pytest.mark.parametrize("form", ["md", "text", "json"])
def test_the_code_tells_whether_something_is_against_the_text(
    files: Path, name: str, code: int, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 where something speaks against the text, 0 where nothing does or all is undecided; the report is printed."""
    assert main(["check", name, "--against", "article.txt", "-f", form]) == code
    shown = capsys.readouterr()
    assert shown.err == ""
    assert form == "json" or "checked by a machine: no finding is no proof" in shown.out
    assert form == "json" or LIMITS in shown.out


def test_an_editor_sees_first_what_is_wrong(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The wrong sentence comes before the undecided one, that before the others, each with its number in the text."""
    main(["check", "wrong.txt", "--against", "article.txt", "-f", "text"])
    out = capsys.readouterr().out
    assert out.startswith("1 of 3 sentences has something against it\n")
    order = [out.index(words) for words in ("(3) Sudland would pay 90", "(2) Bakers", "(1) Norland")]
    assert order == sorted(order)
    assert "3 sentences checked · 1 with something against it · 1 undecided · 1 with nothing found" in out
    assert "the article: Sudland would pay 40 million crowns a year." in out


def test_json_is_the_contract_and_comes_back(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `-f json` prints has the fields of the printed schema and is read back to the same report."""
    main(["check", "wrong.txt", "--against", "article.txt", "-f", "json"])
    text = capsys.readouterr().out
    report = CheckReport.model_validate_json(text)
    assert report == check_text(ARTICLE, (files / "wrong.txt").read_text(encoding="utf-8"))
    assert json.loads(report.model_dump_json()) == json.loads(text)
    assert main(["schema", "check"]) == 0
    _matches(json.loads(text), schema := json.loads(capsys.readouterr().out), schema)
    assert json.loads(text)["schema"] == "check/1"


def _matches(value: Any, shape: dict[str, Any], whole: dict[str, Any]) -> None:
    """The value has exactly the fields that its JSON Schema names, all the way down."""
    if "$ref" in shape:
        shape = whole["$defs"][shape["$ref"].rpartition("/")[2]]
    if "anyOf" in shape and value is not None:
        shape = shape["anyOf"][0]
        _matches(value, shape, whole)
    elif isinstance(value, dict):
        assert set(value) == set(shape["properties"])
        for name, inner in value.items():
            _matches(inner, shape["properties"][name], whole)
    elif isinstance(value, list):
        for each in value:
            _matches(each, shape["items"], whole)
    elif "const" in shape or "enum" in shape:
        assert value in shape.get("enum", [shape.get("const")])


@pytest.mark.parametrize("words", ["Advertisement", "Advertisement\n\nRead more: Berg quits\n"])
@pytest.mark.parametrize("name", ["text.txt", "-"])
def test_a_text_of_what_looks_like_adverts_is_checked(
    files: Path, words: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line of a text is judged, also where all of them look like an article's furniture; of an article none is."""
    (files / "text.txt").write_text(words, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(words.encode())))
    assert main(["check", name, "--against", "article.txt", "-f", "json"]) in (0, 1)
    report = CheckReport.model_validate_json(capsys.readouterr().out)
    assert [sentence.text for sentence in report.sentences] == words.strip().split("\n\n")
    assert main(["check", "right.txt", "--against", "text.txt"]) == 2


@pytest.mark.parametrize("piped", ["wrong.txt", "article.txt"])
def test_one_of_the_two_can_be_piped_in(files: Path, piped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is the text or the article, whichever is “-”."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((files / piped).read_bytes())))
    text, article = ("-" if name == piped else name for name in ("wrong.txt", "article.txt"))
    assert main(["check", text, "--against", article, "-o", "report.md"]) == 1
    assert "90 million" in (files / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no-such.txt", "--against", "article.txt"], "there is no file 'no-such.txt'"),
        (["right.txt", "--against", "no-such.txt"], "there is no file 'no-such.txt'"),
        (["right.txt"], "--against"),
        (["--against", "-"], "name the file of a text"),
        (["-", "--against", "-"], "cannot both be"),
        ([".", "--against", "article.txt"], "is a folder"),
        (["right.txt", "--against", "."], "is a folder"),
        (["empty.txt", "--against", "article.txt"], "'empty.txt' is empty"),
        (["marks.txt", "--against", "article.txt"], "holds no words"),
        (["binary.txt", "--against", "article.txt"], "binary"),
        (["right.txt", "--against", "binary.txt"], "binary"),
        (["right.txt", "--against", "article.txt", "-o", "article.txt"], "name another file"),
        (["right.txt", "--against", "article.txt", "-o", "right.txt"], "name another file"),
        (["right.txt", "--against", "article.txt", "-f", "xml"], "'xml' is not one of"),
    ],
)
def test_bad_use_is_one_line_and_2(
    files: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be read or written, and what cannot be meant, is told in one plain line, and nothing is printed."""
    assert main(["check", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert says in shown.err
    assert shown.err.count("\n") == 1
    assert shown.err.strip("\n").isprintable()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colours_and_others_none(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is against is red, undecided yellow, the rest green, the words in question bold; elsewhere no escape is."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = {}
    for stream in (_Terminal(), io.StringIO()):
        monkeypatch.setattr("sys.stdout", stream)
        assert main(["check", "wrong.txt", "--against", "article.txt"]) == 1
        shown[stream.isatty()] = stream.getvalue()
    assert "\x1b[1;31m90 million" in shown[True]
    assert {"31", "33", "32"} <= set(re.findall(r"(\d\d)m", shown[True]))
    assert "\x1b" not in shown[False]
    assert "**90 million" in shown[False]


def test_a_terminal_is_shown_any_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind of block of a document is painted in its order, marks that words hold among them, and none is lost."""
    monkeypatch.setattr("sys.stdout", terminal := _Terminal())
    rows = ((line("Ada *Berg*"), line("[b]40[/b]")),)
    Target("md", None).write(
        "", (Heading(2, line("Deals")), Bullets((line("a #1"),)), Table((line("gives"), line("what")), rows))
    )
    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal.getvalue())
    order = [shown.index(words) for words in ("Deals", "  - a #1", "gives", "what", "Ada *Berg*", "[b]40[/b]")]
    assert order == sorted(order)


@pytest.mark.parametrize("form", ["md", "text"])
@pytest.mark.parametrize("terminal", [True, False])
def test_hostile_text_steers_nothing(files: Path, form: str, terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes, marks of direction, HTML and links of a text come out as plain words or not at all."""
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    assert main(["check", "hostile.txt", "--against", "article.txt", "-f", form]) == 1
    out = re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()) if terminal and form == "md" else stream.getvalue()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out)
    if form == "md" and not terminal:
        html = MarkdownIt("commonmark").render(out)
        assert not re.search("<(?:img|a|code)", html)


def test_help_of_check_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    """The help shows examples, the exit codes, and what the checks cannot tell."""
    assert main(["check", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for words in ("summarizer check summary.txt --against article.txt", "Exit codes: 0", "No finding is no proof"):
        assert words in out


def test_the_readme_shows_what_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The summary in the README, checked against the seed it names, gives the output that stands below it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    summary, printed, *_ = re.findall(r"```\n(.*?)```", readme[readme.index("## Check a text") :], re.DOTALL)
    path = tmp_path / "summary.txt"
    path.write_text(summary, encoding="utf-8")
    code = main(["check", str(path), "--against", str(ROOT / "seeds" / "trade-two-offers.txt"), "-f", "text"])
    assert (code, capsys.readouterr().out) == (1, printed)

"""A text against its article: what `check_text` finds and where, and what the command makes of it."""

import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from summarizer import Article, check_text
from summarizer.cli import main
from summarizer.errors import InputError
from summarizer.passages import LONGEST_PASSAGE, ReadText
from summarizer.rendering.check import LIMITS, render_check
from summarizer.schemas.check import CheckedSentence, CheckReport

ROOT = Path(__file__).parents[1]
ARTICLE = Article(
    text=(
        "Norland is ready to let Sudland's boats back into the strait, prime minister Ada Berg said on Monday.\n\n"
        "“We will not stand in the way of honest trade,” Berg told reporters. “It has been a long spring.”\n\n"
        "Sudland would pay 40 million crowns a year. Its fisheries minister, Tomas Reyes, called that “far too "
        "high”. “We came to fish, and we came to talk,” Reyes said.\n\n"
        "Inspections cannot end before autumn, a harbour official said.\n"
    )
)
RIGHT = "Norland is ready to let Sudland's boats back into the strait."
WRONG = "Sudland would pay 90 million crowns a year."
UNDECIDED = "Bakers queued outside every lighthouse shop until midnight."
HOSTILE = "Mallory \x1b[31m<img src=x>\u202e [here](http://evil.example) `code` 90 million crowns\x07 \x9b2J."


def only(text: str) -> CheckedSentence:
    """The one sentence of a text."""
    (sentence,) = check_text(ARTICLE, text).sentences
    return sentence


def test_each_sentence_has_its_verdict_and_the_counts_add_up() -> None:
    """Right, wrong and undecided sentences are told apart, in the order of the text."""
    report = check_text(ARTICLE, f"{RIGHT} {WRONG} {UNDECIDED}")
    assert [sentence.verdict for sentence in report.sentences] == ["nothing_found", "against", "undecided"]
    assert report.counts.model_dump() == {"sentences": 3, "against": 1, "undecided": 1, "nothing_found": 1}
    assert [sentence.text for sentence in report.having("against")] == [WRONG]


def test_a_wrong_number_is_shown_with_what_the_article_says() -> None:
    """A finding has the words in the text, the place in the article, and the sentence of the article around it."""
    finding = next(finding for finding in only(WRONG).findings if finding.gate == "number")
    assert [place.text for place in finding.places] == [finding.text]
    assert finding.text.startswith("90 million")
    assert finding.span is not None
    assert finding.passage is not None
    assert finding.span.text.startswith("40 million")
    assert finding.passage.text == "Sudland would pay 40 million crowns a year."


@pytest.mark.parametrize(
    "text",
    [
        "“We came to fish, and we came to talk,” Berg said.",
        "Ada Berg wants peace. “We came to fish, and we came to talk,” she said.",
        "Ada Berg wants peace.\n\n“We came to fish, and we came to talk,” she said.",
    ],
)
def test_words_in_the_wrong_mouth_are_found(text: str) -> None:
    """Who speaks is compared with the article, also where only the sentence before says who “she” is."""
    last = check_text(ARTICLE, text).sentences[-1]
    (finding,) = [finding for finding in last.findings if finding.gate == "speaker"]
    assert finding.verdict == "against"
    assert "Reyes" in finding.reason
    assert finding.places[0].text == "We came to fish, and we came to talk,"


def test_a_pronoun_for_the_right_speaker_is_nothing() -> None:
    """The speaker whom the sentence before names is no finding where the article has the same one."""
    report = check_text(ARTICLE, "Tomas Reyes was there. “We came to fish, and we came to talk,” he said.")
    assert not [found for sentence in report.sentences for found in sentence.findings if found.gate == "speaker"]


BOATS = [f"We waited for boat number {number} of them." for number in range(60)]
LONG = Article(text=f"“{' '.join(BOATS)}” Berg said.")
SPREAD = Article(text="Berg spoke. “We wait here. We hope for rain. We sing,” she told the crowd. It was late.")


@pytest.mark.parametrize(
    ("article", "text"),
    [
        (SPREAD, "Berg spoke. “We wait here. We hope for rain. We sing,” she told the crowd."),
        (SPREAD, "Berg said: “We wait here.\nWe hope for rain.\nWe sing,” and left."),
        (SPREAD, "At dusk Berg began: “We wait here. We hope for rain.\n\n“We sing,” Berg told the crowd."),
        (SPREAD, "- Berg: “We wait here.\n  We hope for rain.”\n- It was late."),
        (LONG, f"At dusk Berg began: “{' '.join(BOATS[:20])}”"),
        (LONG, f"At dusk Berg began: “{' '.join(BOATS)}” and so she went on."),
    ],
)
def test_a_quotation_over_sentences_leaves_no_mark_open(article: Article, text: str) -> None:
    """Sentences of one quotation are judged with its marks: over lines, over paragraphs, and beyond any length."""
    report = check_text(article, text)
    assert not [found for each in report.sentences for found in each.findings if found.gate == "quoted words"]
    assert all(passage.last - passage.first <= LONGEST_PASSAGE for passage in ReadText(text).passages)


def test_an_altered_word_deep_in_a_long_quotation_is_found_in_its_place() -> None:
    """Of a quotation too long to be judged as one each sentence is, and its place is that in the text."""
    text = f"At dusk Berg began: {LONG.text}".replace("boat number 50", "ship number 50")
    findings = [finding for sentence in check_text(LONG, text).sentences for finding in sentence.findings]
    found = [finding for finding in findings if finding.gate == "quoted words"]
    assert found
    assert all("ship number 50" in finding.text for finding in found)
    assert all(place.text == finding.text for finding in found for place in finding.places)


def test_words_of_a_finding_are_the_texts_own() -> None:
    """No mark that was put around a piece of a long quotation is shown as one of the text."""
    text = "“" + " ".join(f"{UNDECIDED[:-1]} of day {number}." for number in range(20)) + "” Berg said."
    report = check_text(ARTICLE, text)
    texts = [finding.text for sentence in report.sentences for finding in sentence.findings]
    assert len(report.sentences) > 2
    assert texts
    assert all(words in text for words in texts)


@pytest.mark.parametrize("text", ["Berg said “we will see. " + RIGHT, RIGHT + " Berg said: “No.\n\nIt rained."])
def test_a_mark_that_is_left_open_is_told(text: str) -> None:
    """A quotation that never closes is still something against the text."""
    report = check_text(ARTICLE, text)
    assert [
        f for each in report.sentences for f in each.findings if f.gate == "quoted words" and f.verdict == "against"
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("# Norland waits\n\nBerg spoke.", ["Norland waits", "Berg spoke."]),
        ("Norland waits\n\n- Berg spoke.\n2. Reyes left.", ["Norland waits", "Berg spoke.", "Reyes left."]),
        ("> Berg spoke.\n---\n| a | b |\n|---|---|", ["Berg spoke.", "| a | b |"]),
        ("Berg was ready to\nlet the boats in.", ["Berg was ready to\nlet the boats in."]),
        ("Advertisement\n\nRead more: Berg quits", ["Advertisement", "Read more: Berg quits"]),
    ],
)
def test_markdown_headlines_and_lines_are_sentences(text: str, sentences: list[str]) -> None:
    """Marks of Markdown are no part of a sentence, rules and borders none at all; what looks like an advert is text."""
    assert [sentence.text for sentence in check_text(ARTICLE, text).sentences] == sentences


def test_a_number_that_begins_a_line_is_no_number_of_a_list() -> None:
    """A number and a full stop at the beginning of a line of running text are words of it, and are checked."""
    sentences = check_text(
        ARTICLE, "Norland says that the crowns that Sudland would pay are\n90. Reyes left."
    ).sentences
    assert any(found.text.startswith("90") for each in sentences for found in each.findings if found.gate == "number")


@pytest.mark.parametrize(
    "text",
    [
        "Sudland would pay **90** million crowns.",
        "Sudland would pay 9\u200b0 million crowns.",
        "- **Sudland** pays 90 *million* crowns.",
    ],
)
def test_markup_hides_nothing_and_offsets_are_those_of_the_given_text(text: str) -> None:
    """A number is read as a reader sees it, emphasised or with hidden signs in it, and its place takes those in."""
    finding = next(finding for finding in only(text).findings if finding.gate == "number")
    (place,) = finding.places
    assert place.text == text[place.start : place.end]
    assert re.sub(r"[^\w ]", "", place.text).startswith("90 million")


def test_every_offset_holds_in_hostile_text() -> None:
    """Sentences, places, spans and passages are stretches of their texts whatever these hold, in order and apart."""
    text = f"\ufeff{HOSTILE}\r\n\r\n* “A\x00 **b**. C” \ud800 said `Berg`. {WRONG}\u2028{WRONG}\n"
    text += "# “Berg\x85x” #\n[a](b) ﬁne _x_"
    report = check_text(ARTICLE, text)
    at = 0
    for sentence in report.sentences:
        assert sentence.start >= at
        at = sentence.end
        for part in (sentence, *(place for finding in sentence.findings for place in finding.places)):
            assert text[part.start : part.end] == part.text
            assert sentence.start <= part.start < part.end <= sentence.end
        for finding in sentence.findings:
            for span in filter(None, (finding.span, finding.passage)):
                assert ARTICLE.text[span.start : span.end] == span.text
    assert report.counts.sentences == len(report.sentences)
    for form in ("md", "text", "json"):
        render_check(report, form).encode()


@pytest.mark.parametrize(("article", "text"), [(ARTICLE, ""), (ARTICLE, " \n—\n***\n"), (Article(text=" "), RIGHT)])
def test_nothing_to_check_is_an_error(article: Article, text: str) -> None:
    """A text, or an article, without words raises InputError."""
    with pytest.raises(InputError, match="no words"):
        check_text(article, text)


@pytest.mark.parametrize(
    "text",
    [
        "“" * 50_000 + "a",
        "“«" * 25_000 + "a",
        "a " * 50_000,
        "“a. b.\n\n" * 6_000,
        "[a](" * 25_000,
        "“" + "we wait " * 12_000 + "”",
    ],
)
def test_hostile_text_takes_seconds(text: str) -> None:
    """100 KB of marks, of words without an end, or of quotations that never close are no trap."""
    began = time.monotonic()
    check_text(ARTICLE, text)
    assert time.monotonic() - began < 20


# The command


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


def test_a_sign_in_running_text_makes_no_heading() -> None:
    """A line with a # in it goes on in the next one, whatever markup stands behind the #."""
    for text in (
        "Berg praised pier #1 and **the port** that\nlies in Esk.",
        "Berg praised pier #1 and the port that\nlies in Esk.",
    ):
        assert len(ReadText(text).passages) == 1

"""The measuring of the grounding: its scorers, its alterations, its command, and floors on articles of our own."""

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks import calibration, figures, names, own, rewordings, wordings
from benchmarks.alterations import ALTERATIONS
from benchmarks.altered import BOTH, cases
from benchmarks.calibration import GOLD, of_german
from benchmarks.grounding import PARTS, main
from benchmarks.own import own_floors, own_rows, own_scores
from benchmarks.scorers import faithfulness, mutations, quotation_scores
from benchmarks.setting import Alter, Setting

TEXT = """Prime Minister Ada Berg told reporters on Monday that Norland may pay 40 million crowns to Sudland in March.

Tomas Reyes said that Sudland had not signed the proposed accord. It sold 300 boats to Norland for $5 million."""
SENTENCES = tuple(re.split(r"(?<=\.)\s+", TEXT))
SETTING = Setting(TEXT, SENTENCES)


# Alterations


@pytest.mark.parametrize(
    ("alter", "sentence", "altered"),
    [
        (figures.neighbour, "It sold 300 boats.", r"It sold (299|301) boats\."),
        (figures.other_magnitude, "It sold 300 boats.", r"It sold (30|3000) boats\."),
        (figures.other_currency, "It paid $5 million.", r"It paid [£€]5 million\."),
        (figures.percentage_points, "It rose by 5 per cent.", r"It rose by 5 percentage points\."),
        (figures.other_measure, "It took 12 weeks.", r"It took 12 months\."),
        (figures.other_magnitude_word, "It paid $5 million.", r"It paid \$5 billion\."),
        (figures.other_weekday, "She spoke on Monday.", r"She spoke on (?!Monday)\w+day\."),
        (figures.other_day, "She spoke on 4 March.", r"She spoke on (?!4 )\d+ March\."),
        (figures.other_year, "It was built in 1998.", r"It was built in (?!1998)\d{4}\."),
        (figures.other_way_in_time, "Last year it rained.", r"Next year it rained\."),
        (names.invented_person, "Tomas Reyes said so.", r"(?!Tomas)\w+ (?!Reyes)\w+ said so\."),
        (names.person_from_article, "Tomas Reyes said so.", r"Ada Berg said so\."),
        (names.giver_and_taker, "The union paid 40 crowns to Sudland.", r"Sudland paid 40 crowns to the union\."),
        (names.from_and_to, "Boats went from Norland to Sudland.", r"Boats went from Sudland to Norland\."),
        (wordings.other_office, "The ambassador left.", r"The (consul|minister) left\."),
        (wordings.qualified_office, "An ambassador left.", r"(A (former|deputy)|An acting) ambassador left\."),
        (wordings.unqualified_office, "An acting director left.", r"A director left\."),
        (wordings.with_not, "The boats will sail.", r"The boats will not sail\."),
        (wordings.with_never, "Berg signed it.", r"Berg (never signed|did not sign) it\."),
        (wordings.without_not, "The boats won’t sail.", r"The boats will sail\."),
        (wordings.opposite, "Berg confirmed it.", r"Berg denied it\."),
        (wordings.will_for_may, "Norland may pay.", r"Norland will pay\."),
        (wordings.may_for_will, "Norland will pay.", r"Norland (may|might|could) pay\."),
        (wordings.without_doubt, "He reportedly left.", r"He left\."),
        (wordings.without_doubt, "He saw an alleged thief.", r"He saw a thief\."),
        (wordings.without_doubt, "He saw a suspected attack.", r"He saw an attack\."),
        (wordings.will_for_expected, "It is expected to sail.", r"It will sail\."),
        (
            wordings.other_state_of_deal,
            "She read the draft accord.",
            r"She read the (proposed|signed|rejected|planned) accord\.",
        ),
        (wordings.other_phrase_of_state, "It plans to sail.", r"It has agreed to sail\."),
    ],
)
def test_an_alteration_says_something_else(alter: Alter, sentence: str, altered: str) -> None:
    """Each way of altering makes another sentence of the kind it is named for, in good grammar."""
    made = alter(sentence, SETTING, random.Random(1))
    assert made is not None
    assert re.fullmatch(altered, made)


@pytest.mark.parametrize(
    ("alter", "sentence"),
    [
        (figures.neighbour, "It sold about 300 boats."),
        (figures.neighbour, "It sailed on 4 March 1998."),
        (figures.other_magnitude_word, "It went to Vermillion."),
        (wordings.with_not, "Nobody is there."),
        (wordings.without_not, "It is not yet ready."),
        (wordings.will_for_may, "It rained in May too."),
        (wordings.other_phrase_of_state, "The plans to sail are old."),
        (wordings.qualified_office, "The former ambassador left."),
        (wordings.opposite, "“I confirmed it,” she said."),
        (names.giver_and_taker, "It gave its best to win."),
    ],
)
def test_what_may_still_be_true_is_not_made(alter: Alter, sentence: str) -> None:
    """Where the outcome could be true or no sentence, and inside quotation marks, nothing is altered."""
    assert all(alter(sentence, SETTING, random.Random(seed)) is None for seed in range(8))


@pytest.mark.parametrize(
    ("reword", "sentence", "reworded"),
    [
        (rewordings.short_sum, "It paid $5 million.", "It paid $5m."),
        (rewordings.other_percent, "It rose by 5%.", "It rose by 5 percent."),
        (rewordings.number_spelt_otherwise, "It sold 3 boats.", "It sold three boats."),
        (rewordings.time_moved, "On Monday, the boats left.", "The boats left on Monday."),
        (rewordings.speaker_first, "The boats left, Ada Berg said.", "Ada Berg said that the boats left."),
        (rewordings.without_brackets, "The union (SFU), an old one, left.", "The union, an old one, left."),
        (rewordings.without_which, "The union, which is very old, left.", "The union left."),
        (rewordings.contracted, "It did not sail.", "It didn’t sail."),
        (rewordings.undotted, "A U.S. boat left.", "A US boat left."),
    ],
)
def test_a_rewording_says_the_same(reword: rewordings.Reword, sentence: str, reworded: str) -> None:
    """Each way of rewording gives another form of the same sentence."""
    assert reword(sentence) == reworded


def test_alterations_are_the_same_in_every_run() -> None:
    """The seed fixes what is altered and how; every kind occurs, and no altered sentence stands in its article."""
    rows = own_rows()
    made = [(case.kind, case.sentence) for case in cases(rows)]
    assert made == [(case.kind, case.sentence) for case in cases(rows)]
    assert {kind for kind, _ in made} == {*ALTERATIONS, BOTH, "true"}
    assert not any(
        sentence in " ".join(row["text"].split()) for kind, sentence in made if kind != "true" for row in rows
    )


# Scorers


def test_quotes_are_counted_both_ways() -> None:
    """A true quote that is not located and an altered one that is are both counted as wrong, with their kind."""
    quotes = [
        ("boats to Norland", True),
        ("boats to Sudland", True),
        ("the accord", False),
        ("the proposed accord", False),
    ]
    rows = [{"id": "a", "kind": "k", "quote": quote, "accept": accept} for quote, accept in quotes]
    found = mutations({"a": TEXT}, rows)
    assert (found["located"], found["refused"], found["wrong_by_kind"]) == (0.5, 0.5, {"k": 2})


def _label(text: str, quote: str, speaker: str, kind: str = "direct") -> dict[str, object]:
    start, at = text.index(quote), text.index(speaker)
    spans = {"content_spans": [[start, start + len(quote)]], "source_spans": [[at, at + len(speaker)]]}
    return {"kind": kind, **spans}


def test_quotations_are_counted_by_kind() -> None:
    """Recall is the share of labels found; a speaker is right if the mentions overlap."""
    text = "“We sail at dawn,” Ada Berg said. “It is late,” said Tomas Reyes. It was all silence."
    labels = [
        _label(text, "We sail at dawn", "Berg"),
        _label(text, "It is late", "Ada Berg"),
        _label(text, "It was all silence", "Reyes"),
        _label(text, "silence", "Reyes", "mixed"),
    ]
    kinds = quotation_scores([{"text": text, "quotes": labels}])["kinds"]
    assert kinds["direct"] == {"labelled": 3, "recall": pytest.approx(2 / 3), "speaker": 0.5}
    assert kinds["mixed"] == {"labelled": 1, "recall": 0.0, "speaker": 0.0}
    assert kinds["direct+mixed"]["labelled"] == 4


def test_judged_sentences_are_counted() -> None:
    """Precision, recall and balanced accuracy of "against" are those of the counts, and every gate has its own."""
    judged = [
        ("Norland may pay 40 million crowns.", True),
        ("Norland may pay 90 million crowns.", True),
        ("Sudland had not signed the accord.", True),
        ("Norland may pay 70 million crowns.", False),
        ("Norland may pay gladly.", False),
    ]
    sentences = [{"sentence": sentence, "faithful": faithful} for sentence, faithful in judged]
    found = faithfulness([{"text": TEXT, "summary_sentences": sentences}])
    assert (found["precision"], found["recall"]) == (0.5, 0.5)
    assert found["balanced_accuracy"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert found["by_gate"]["number"] == {"right": 1, "alone_right": 1, "wrong": 1, "alone_wrong": 1}


# Floors


def test_no_figure_falls_below_its_floor() -> None:
    """On articles of our own every figure is at least what it was; `floors.toml` holds them all."""
    scores, floors = own_scores(own_rows()), own_floors()
    assert {group: set(of) for group, of in scores.items()} == {group: set(of) for group, of in floors.items()}
    fallen = [
        f"{group} {name}: {scores[group][name]:.3f}, was {floor:.3f}"
        for group, of in floors.items()
        for name, floor in of.items()
        if scores[group][name] < floor
    ]
    assert not fallen


def test_a_floor_is_only_ever_raised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--raise` lifts the floor of a figure that has risen, rounded down, and leaves that of one that has fallen."""
    floors = tmp_path / "floors.toml"
    floors.write_text('# why\n[quotes]\nlocated = 0.900\n\n[recall]\n"direct+mixed" = 0.950\n', encoding="utf-8")
    scores = {"quotes": {"located": 0.9379}, "recall": {"direct+mixed": 0.7}}
    monkeypatch.setattr(own, "FLOORS", floors)
    monkeypatch.setattr(own, "own_scores", lambda rows: scores)
    before = floors.read_text(encoding="utf-8")
    assert own.main([]) == 0
    assert floors.read_text(encoding="utf-8") == before
    assert "| quotes: located | 0.938 | 0.900 |\n| recall: direct+mixed | 0.700 | 0.950 |" in capsys.readouterr().out
    assert own.main(["--raise"]) == 0
    assert floors.read_text(encoding="utf-8") == before.replace("0.900", "0.937")
    assert own.main(["--lower"]) == 2


# The command


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of data with one small file for each part."""
    quotes = {
        "texts": {"a": TEXT},
        "cases": [{"id": "a", "kind": "exact", "quote": "the proposed accord", "accept": True}],
    }
    rows: dict[str, Sequence[object]] = {
        "quotes": [quotes],
        "quotations": [{"text": TEXT, "quotes": []}],
        "faithfulness": [{"text": TEXT, "summary_sentences": []}],
        "alterations": [{"text": TEXT + "\u2028"}],
    }
    for name, of in rows.items():
        lines = [json.dumps(row, ensure_ascii=False) for row in of]
        (tmp_path / PARTS[name].file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_the_command_prints_tables_and_keeps_the_figures(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output has a Markdown table for each part, the file every figure, standard error the rest."""
    assert main([str(data), "--json", str(data / "figures.json")]) == 0
    out, err = capsys.readouterr()
    assert re.findall(r"^### (\w+)$", out, re.MULTILINE) == [name.capitalize() for name in PARTS]
    assert "| true, located | 1 | 1.000 |" in out
    assert "quotes: 1 rows" in err
    assert set(json.loads((data / "figures.json").read_text(encoding="utf-8"))) == set(PARTS)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.unlink(), "cannot be read: No such file"),
        (lambda file: file.write_text("{", encoding="utf-8"), "is not JSON"),
        (lambda file: file.write_bytes(b"\xff"), "is not JSON in UTF-8"),
        (lambda file: file.write_text('{"id": 1}', encoding="utf-8"), "row 1 has no “text”"),
    ],
)
def test_a_bad_file_is_one_line_and_a_skipped_part(
    data: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], said: str
) -> None:
    """A file that is missing or not as it has to be is told in one line, and the other parts are measured."""
    spoil(data / PARTS["faithfulness"].file)
    assert main([str(data)]) == 0
    out, err = capsys.readouterr()
    assert "### Faithfulness\n\nskipped" in out
    assert [line for line in err.splitlines() if said in line and line.startswith("faithfulness: skipped")]
    assert main([str(data), "--only", "faithfulness"]) == 2


def test_show_prints_what_is_wrongly_judged(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--show` prints an altered sentence against which nothing was found, beside the article's own."""
    monkeypatch.setattr("benchmarks.altered.check_claim", lambda *_: [])
    assert main([str(data), "--show", "hedge"]) == 0
    out = capsys.readouterr().out
    assert "article  Prime Minister Ada Berg told reporters on Monday that Norland may pay" in out
    assert "checked  Prime Minister Ada Berg told reporters on Monday that Norland will pay" in out
    assert out.count("nothing against it") == 2


def test_calibration_makes_the_figures_of_comments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said of each point is counted in its own evidence and in that of others; what is missing is told."""
    gists = ("Norland may pay Sudland 40 million crowns.", "It sold 300 boats to Norland.")
    labels = [
        {"gist": gist, "keywords": ["crowns"], "evidence": [[TEXT.index(line), TEXT.index(line) + len(line)]]}
        for gist, line in zip(gists, (SENTENCES[0], SENTENCES[2]), strict=True)
    ]
    gold = {"id": "a", "text": TEXT, "actors": [], "quotes": [], "positions": [], "deals": [], "open_questions": []}
    (tmp_path / GOLD).write_text(json.dumps({**gold, "summary_points": labels}) + "\n", encoding="utf-8")
    assert calibration.main([str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    figures = dict(re.findall(r"^\| [\w.]+ \| (.+) \| (.+) \|$", out, re.MULTILINE))
    of = "the share of a point that one sentence says"
    assert figures[f"{of}: its own evidence, the least of 2"] == "1.00"
    assert figures[f"{of}: its own evidence, below 0.30"] == "0 of 2 (0%)"
    assert figures[f"{of}: another's evidence, below 0.30"] == "2 of 2 (100%)"
    assert figures["points with a run of words from elsewhere in the article"] == "0 of 2"
    assert figures["points of the summary that 5 chosen sentences hold"] == "2 of 2"
    assert re.fullmatch(r"left out: .+articles_open_de.jsonl cannot be read: No such file or directory\n", err)
    (tmp_path / GOLD).unlink()
    assert calibration.main([str(tmp_path)]) == 2


def test_german_is_told_by_its_commonest_words() -> None:
    """The least share of German words in German texts and the greatest in English ones are those of the texts."""
    german = ["Der Hafen und die Werft", "Die Boote sind der Stolz"]
    assert [figure.number for figure in of_german(german, ["The die is cast", TEXT])] == ["0.400", "0.250"]

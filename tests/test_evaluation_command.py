"""`summarizer eval` from end to end: what it keeps, goes on with, compares, refuses and leaves alone."""

import json
import os
import signal
import subprocess
import sys

import pytest
from double import Double, fail, hang
from double import say as say_with
from timing import until

from summarizer.cli import main
from summarizer.evaluation import Outcome, make_briefs, read_gold
from summarizer.prompting import examples
from summarizer.schemas.brief import Brief

(EXAMPLE,) = examples("news")
NOTHING = {"actors": [], "quotes": [], "positions": [], "deals": [], "open_questions": [], "summary_points": []}
LESS = EXAMPLE.answer | {"quoted": EXAMPLE.answer["quoted"][:1]}


def say(answer):
    """A step of the double with a usage that fits the prompt."""
    return say_with(answer, usage={"prompt_tokens": 2500, "completion_tokens": 800, "total_tokens": 3300})


def row(name, text=EXAMPLE.article, **more):
    return {"id": name, "text": text, **NOTHING, **more}


@pytest.fixture
def gold(tmp_path):
    """Labels of three articles: the worked example's, one that has no text of its own, and the example's once more."""
    rows = [row("a/one"), row("two", "Advertisement"), row("three", EXAMPLE.article + "\nAnd so on.\n")]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture
def evaluate(gold, tmp_path):
    """Runs the command on the labels, with whatever arguments."""
    return lambda *arguments: main(["eval", "--gold", str(gold), *map(str, arguments)])


def with_model(double, name="m"):
    return ("--model", name, "--base-url", double.base_url)


def test_a_run_is_kept_whole_and_goes_on(evaluate, tmp_path, capsys):
    """An article that fails costs only itself and the exit code is 1; the same command makes no brief twice."""
    out = tmp_path / "run"
    with Double(say(EXAMPLE.answer)) as double:
        first = evaluate(*with_model(double), "--out", out)
        asked, told = len(double.requests), capsys.readouterr()
        second = evaluate(*with_model(double), "--out", out)
        again = capsys.readouterr()
        assert len(double.requests) == asked
    assert (first, second) == (1, 1)
    assert "1 of 3: a/one: " in told.err
    assert "2 of 3: two: no brief: the article has no text of its own" in told.err
    assert "2 of 3 briefs are kept from before" in again.err
    assert "No brief: 1 of 3, counted as empty" in told.out
    assert sorted(path.name for path in out.iterdir()) == ["briefs", "failures.json", "report.json", "report.md"]
    assert sorted(path.name for path in (out / "briefs").iterdir()) == ["a_one.json", "three.json"]
    assert Brief.model_validate_json((out / "briefs" / "a_one.json").read_text()).article.text == EXAMPLE.article
    (failure,) = json.loads((out / "failures.json").read_text())
    assert failure["id"] == "two"
    assert failure["reason"].startswith("the article has no text")
    report = json.loads((out / "report.json").read_text())
    assert report["schema"] == "eval/1"
    assert report["run"]["articles"][1]["error"] == failure["reason"]
    assert (out / "report.md").read_text() == again.out


def test_what_fails_one_day_is_made_the_next(evaluate, tmp_path):
    """An article without a brief is tried again by the same command, and then it is a failure no longer."""
    out = tmp_path / "run"
    with Double(fail(400, "not today"), say(EXAMPLE.answer)) as double:
        assert evaluate("--only", "a/one", *with_model(double), "--out", out) == 1
        assert "not today" in (out / "failures.json").read_text()
        assert evaluate("--only", "a/one", *with_model(double), "--out", out) == 0
    assert json.loads((out / "failures.json").read_text()) == []


def test_what_no_article_could_be_briefed_with_ends_the_run(evaluate, tmp_path, capsys):
    """A refused key is told once and not for every article; what was made before stays."""
    out = tmp_path / "run"
    refused = fail(401, "Incorrect API key provided", code="invalid_api_key")
    with Double(*[say(EXAMPLE.answer)] * 2, refused) as double:
        evaluate("--only", "a/one", *with_model(double), "--out", out)
        made, asked = (out / "briefs" / "a_one.json").read_bytes(), len(double.requests)
        double.steps = (refused,)
        capsys.readouterr()
        code = evaluate("--only", "a/one", "--only", "three", *with_model(double), "--out", out)
        assert len(double.requests) == asked + 1
    assert code == 3
    assert "1 of 2 briefs are in" in capsys.readouterr().err
    assert (out / "briefs" / "a_one.json").read_bytes() == made


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_a_real_ctrl_c_leaves_what_is_made(gold, evaluate, tmp_path, capsys):
    """Interrupted in the third article, the command says what is there and how to go on; then it makes the rest."""
    out = tmp_path / "run"
    with Double(say(EXAMPLE.answer), hang) as double:
        arguments = ["eval", "--gold", gold, *with_model(double), "--out", out]
        command = [sys.executable, "-m", "summarizer", *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            until(lambda: len(double.requests) == 2)
            process.send_signal(signal.SIGINT)
            told, errors = process.communicate(timeout=60)
        assert (process.returncode, told) == (130, "")
        assert f"1 of 3 briefs are in '{out}'; the same command goes on from there" in errors
        assert errors.splitlines()[-1] == "interrupted"
        assert sorted(path.name for path in out.rglob("*.json")) == ["a_one.json", "failures.json"]
        double.steps = (say(EXAMPLE.answer),)
        evaluate(*with_model(double), "--out", out)
        assert len(double.requests) == 3
    assert "1 of 3 briefs are kept from before" in capsys.readouterr().err


@pytest.mark.parametrize("changed", ["model", "prompt", "draft_schema", "text"])
def test_another_runs_briefs_are_not_written_over(evaluate, tmp_path, capsys, changed):
    """A brief of another model, prompt, schema or text is refused by name and stays; --remake makes it anew."""
    out = tmp_path / "run"
    path = out / "briefs" / "a_one.json"
    with Double(say(EXAMPLE.answer)) as double:
        evaluate("--limit", 1, *with_model(double), "--out", out)
        brief = Brief.model_validate_json(path.read_text())
        if changed == "text":
            other = brief.model_copy(update={"article": brief.article.model_copy(update={"text": "Other."})})
            other = other.model_dump_json().replace(brief.article.id, "")
        else:
            audit = brief.audit.model_copy(update={changed: "other"})
            other = brief.model_copy(update={"audit": audit}).model_dump_json()
        path.write_text(other)
        capsys.readouterr()
        asked = len(double.requests)
        assert evaluate("--limit", 1, *with_model(double), "--out", out) == 2
        assert len(double.requests) == asked
        assert f"another {changed.removeprefix('draft_')}" in capsys.readouterr().err
        assert path.read_text() == other
        assert evaluate("--limit", 1, *with_model(double), "--out", out, "--remake") == 0
        assert len(double.requests) > asked
    assert Brief.model_validate_json(path.read_text()).audit.model == brief.audit.model


def test_a_run_without_a_folder_has_one_named_for_its_model(evaluate, tmp_path, monkeypatch):
    """The default folder stands in the working directory and tells which model it is of."""
    monkeypatch.chdir(tmp_path)
    with Double(say(EXAMPLE.answer)) as double:
        evaluate("--limit", 1, *with_model(double, "some/model"))
    (folder,) = tmp_path.glob("eval-*")
    assert "model" in folder.name
    assert (folder / "briefs" / "a_one.json").exists()


def test_briefs_that_are_there_need_no_model(gold, tmp_path, capsys, monkeypatch):
    """Where every brief is kept, the embedded model is neither fetched nor started, and the report is the same."""

    def never(*arguments, **more):
        raise AssertionError("the engine was started")

    monkeypatch.setattr("summarizer.llm.Engine", never)
    monkeypatch.setattr("summarizer.llm.ModelStore.ensure", never)
    out = tmp_path / "run"
    with Double(say(EXAMPLE.answer)) as double:
        main(["eval", "--gold", str(gold), "--limit", "1", *with_model(double), "--out", str(out), "-q"])
    capsys.readouterr()
    path = out / "briefs" / "a_one.json"
    brief = Brief.model_validate_json(path.read_text())
    local = brief.audit.model_copy(update={"model": "local/qwen2.5-coder-1.5b"})
    path.write_text(brief.model_copy(update={"audit": local}).model_dump_json())
    assert main(["eval", "--gold", str(gold), "--limit", "1", "--model", "local", "--out", str(out), "-q"]) == 0
    kept = capsys.readouterr()
    assert kept.err == ""
    assert main(["eval", "--gold", str(gold), "--limit", "1", "--briefs", str(out)]) == 0
    assert capsys.readouterr().out == kept.out


def test_two_runs_are_set_side_by_side(evaluate, tmp_path, capsys):
    """--against shows each figure with its change, and item by item what the briefs say otherwise."""
    for name, answer in (("old", EXAMPLE.answer), ("new", LESS)):
        with Double(say(answer), fail(400, "no")) as double:
            assert evaluate("--limit", 1, *with_model(double), "--out", tmp_path / name) == 0
    capsys.readouterr()
    both = ("--limit", 1, "--briefs", tmp_path / "new", "--against", tmp_path / "old")
    assert evaluate(*both) == 0
    report = capsys.readouterr().out
    assert "| figure | value | counts | before | counts | change |" in report
    assert "| positions | " in report
    assert evaluate(*both, "-f", "json") == 0
    whole = json.loads(capsys.readouterr().out)
    old, new = (json.loads((tmp_path / name / "briefs" / "a_one.json").read_text()) for name in ("old", "new"))
    lost = {each["claim"] for each in old["positions"]} - {each["claim"] for each in new["positions"]}
    gone = [each["text"] for change in whole["changes"] for each in change["gone"] if each["section"] == "position"]
    assert lost
    assert all(any(claim in text for text in gone) for claim in lost)
    assert all(f"gone, position: {text}" in report for text in gone if not set("*_|<[~`") & set(text))
    average = {each["name"]: each["value"] for each in whole["against"]["averages"]}
    assert average["positions"] == len(old["positions"])


def test_a_plain_folder_of_briefs_is_scored_and_left_as_it_is(evaluate, tmp_path, capsys):
    """--briefs takes a folder of nothing but briefs, and puts no report among them; --out says where one goes."""
    out = tmp_path / "run"
    with Double(say(EXAMPLE.answer)) as double:
        evaluate("--limit", 1, *with_model(double), "--out", out)
    plain = out / "briefs"
    assert evaluate("--limit", 1, "--briefs", plain) == 0
    assert [path.name for path in plain.iterdir()] == ["a_one.json"]
    assert evaluate("--limit", 1, "--briefs", plain, "--out", tmp_path / "elsewhere") == 0
    assert (tmp_path / "elsewhere" / "report.json").exists()
    capsys.readouterr()
    assert evaluate("--briefs", plain) == 1
    assert "two: no brief is there" in capsys.readouterr().out


def test_the_text_form_and_a_file(evaluate, tmp_path, capsys):
    """-f text and -o work as in the other commands."""
    out, target = tmp_path / "run", tmp_path / "report.txt"
    with Double(say(EXAMPLE.answer)) as double:
        evaluate("--limit", 1, *with_model(double), "--out", out, "-f", "text", "-o", target)
    assert capsys.readouterr().out == ""
    assert target.read_text().startswith("Evaluation of m@127.0.0.1")
    assert "|---" not in target.read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--briefs", "{tmp}"), "holds no brief of these articles"),
        (("--briefs", "{tmp}", "--model", "m"), "leave out --model"),
        (("--against", "{tmp}/nowhere"), "holds no brief of these articles"),
        (("--only", "nobody"), "no labelled article has the id 'nobody'"),
        (("--limit", "0"), "0 is not in the range"),
        (("--output", "{tmp}/gold.jsonl"), "is the article itself"),
        (("--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--out", "{tmp}/gold.jsonl"), "cannot"),
    ],
)
def test_bad_use_is_one_line(evaluate, tmp_path, capsys, arguments, says):
    """What cannot be done is told in a line with exit code 2, before any model is asked."""
    assert evaluate(*(each.format(tmp=tmp_path) for each in arguments)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert says in told.err
    assert len([line for line in told.err.splitlines() if "error:" in line]) == 1


def test_a_malformed_row_is_one_line_of_the_command(evaluate, gold, capsys):
    """File, line, field and remedy are told with exit code 2; no brief is begun."""
    gold.write_text(gold.read_text() + "\n" + json.dumps(row("four") | {"quotes": 3}), encoding="utf-8")
    assert evaluate("--model", "m", "--base-url", "http://127.0.0.1:9/v1") == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"error: '{gold}', line 4, field quotes: input should be")
    assert told.endswith("mend the label: its form is in docs/evaluation.md")


def test_the_model_of_the_environment_does_not_stand_against_briefs(evaluate, tmp_path, monkeypatch):
    """SUMMARIZER_MODEL names the model for runs that make briefs, and is no argument of one that only scores."""
    with Double(say(EXAMPLE.answer)) as double:
        evaluate("--limit", 1, *with_model(double), "--out", tmp_path / "run")
    monkeypatch.setenv("SUMMARIZER_MODEL", "openai/some-model")
    assert evaluate("--limit", 1, "--briefs", tmp_path / "run") == 0


@pytest.mark.skipif(os.name != "posix", reason="control characters in a name")
def test_an_id_steers_no_terminal(tmp_path, capsys):
    """An id with control characters and markup is shown as harmless words, on both streams."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row("\x1b[31m<b>x\r\nerror: gone", "Advertisement")), encoding="utf-8")
    with Double() as double:
        main(["eval", "--gold", str(path), *with_model(double), "--out", str(tmp_path / "run")])
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert "\r" not in told.out + told.err
    assert not [line for line in told.err.splitlines() if line.startswith("error")]
    assert "\\<b>x error: gone" in told.out


def test_briefs_can_be_made_from_python(gold, tmp_path):
    """make_briefs looks for what is kept by itself, and gives an outcome for each article."""
    from summarizer import Summarizer

    golds = read_gold(gold)[:2]
    with Double(say(EXAMPLE.answer)) as double, Summarizer("m", base_url=double.base_url) as summarizer:
        first = list(make_briefs(golds, summarizer, tmp_path / "run"))
        second = list(make_briefs(golds, summarizer, tmp_path / "run"))
    assert [each.kept for each in second] == [True, False]
    assert second[0].brief == first[0].brief
    assert isinstance(first[1], Outcome)
    assert first[1].error

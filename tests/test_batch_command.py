"""`summarizer batch` and `summarizer store`, as a user types them."""

import asyncio
import json
from pathlib import Path

import pytest
from double import Double, fail
from test_batch import answering, article

from summarizer import Store
from summarizer.cli import main
from summarizer.errors import ConfigurationError, StoreUnusable
from summarizer.settings import store_path


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with three articles, and a store in the environment."""
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "kept.db"))
    folder = tmp_path / "desk"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(f"---\ntitle: Port {number}\n---\n\n{article(number).text}\n")
    return folder


@pytest.fixture
def model():
    with Double(answering) as double:
        yield ["--model", "some-model", "--base-url", double.base_url]


def test_a_folder_is_briefed_once(desk, model, capsys):
    """The report says what was made, a second run that all is there, and a dry run what is new."""
    assert main(["batch", str(desk), *model, "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("3 new, 0 there already")
    assert main(["batch", str(desk), *model]) == 0
    assert capsys.readouterr().out.startswith("3 made, 0 there already; ")
    assert main(["batch", str(desk), *model, "-f", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["schema"], report["made"], report["kept"], report["requests"]) == ("batch/1", 0, 3, 0)


def test_progress_says_what_is_done_and_how_long_the_rest_takes(desk, monkeypatch, capsys):
    """Where there is no terminal, a plain line every so often: counts, pace, tokens, and the time left once it is
    known how many articles there are."""

    async def slow(request, reply):
        await asyncio.sleep(0.6)
        await answering(request, reply)

    monkeypatch.setattr("summarizer.cli.batching.EVERY", 0.05)
    with Double(slow) as double:
        served = ["--model", "some-model", "--base-url", double.base_url]
        assert main(["batch", str(desk), *served, "--concurrency", "1"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "at work" in line]
    assert any("1 made · 0 there already · 1 at work · " in line and " left · " in line for line in lines)
    assert any("a minute" in line and "8,200 tokens" in line for line in lines)


def test_what_cannot_be_read_is_told_and_the_rest_is_made(desk, model, capsys):
    """One source that is not there costs itself; nothing but such sources is bad use."""
    assert main(["batch", str(desk), str(desk / "nowhere.txt"), *model]) == 1
    said = capsys.readouterr().out
    assert "3 made" in said
    assert "1 could not be read" in said
    assert main(["batch", str(desk / "nowhere.txt"), *model]) == 2


def test_a_refused_key_is_exit_code_3(desk, capsys):
    """What no article can mend ends the run with the code for a model that cannot be had."""
    with Double(fail(401, "no such key")) as double:
        assert main(["batch", str(desk), "--model", "some-model", "--base-url", double.base_url]) == 3
    assert "the same command goes on from here" in capsys.readouterr().out


def test_a_budget_in_dollars_is_refused_before_anything_is_sent(desk, model, capsys):
    """With a model of unknown price it could not be held."""
    assert main(["batch", str(desk), *model, "--budget-usd", "1"]) == 2
    assert "use --budget-tokens" in capsys.readouterr().err


def test_the_store_is_listed_searched_shown_exported_and_forgotten(desk, model, capsys):
    """All that an editor does with what was kept."""
    main(["batch", str(desk), *model])
    capsys.readouterr()
    assert main(["store", "status"]) == 0
    assert capsys.readouterr().out.startswith("articles: 3 · briefs: 3 · failures: 0 · at work: 0\n")
    assert main(["store", "list"]) == 0
    assert capsys.readouterr().out.count("1 brief)") == 3
    assert main(["store", "search", "Esk1"]) == 0
    found = capsys.readouterr().out
    assert found.count("\n") == 1
    assert main(["store", "show", found[:12], "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "brief/1"
    assert main(["store", "export"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["store", "forget", found[:12]]) == 0
    assert main(["store", "show", found[:12]]) == 2
    assert main(["store", "prune", "--older-than", "0"]) == 0
    capsys.readouterr()
    main(["store", "status"])
    assert capsys.readouterr().out.startswith("articles: 0 · briefs: 0")


def test_brief_keeps_nothing(desk, model, tmp_path):
    """A text may be under embargo: a single brief leaves no store behind."""
    main(["brief", str(desk / "1.md"), *model])
    assert not (tmp_path / "kept.db").exists()


def test_brief_keeps_where_it_is_asked_to(desk, capsys, tmp_path):
    """With --store the brief is kept with its calls, and printed at once the next time; so `batch` has it, too."""
    path = tmp_path / "own.db"
    with Double(answering) as double:
        command = ["brief", str(desk / "1.md"), "-f", "json", "--model", "some-model", "--base-url", double.base_url]
        assert main([*command, "--store", str(path)]) == 0
        made, sent = capsys.readouterr(), len(double.requests)
        assert main([*command, "--store", str(path)]) == 0
        again = capsys.readouterr()
        assert len(double.requests) == sent
        assert main(["batch", str(desk), "--store", str(path), *command[4:]]) == 0
    assert again.out == made.out
    assert "kept from before" in again.err
    assert "kept from before" not in made.err
    assert capsys.readouterr().out.startswith("2 made, 1 there already")
    with Store(path) as store:
        assert store.status().calls == 3 * sent
        assert store._rows("SELECT command, outcome FROM runs WHERE id = 1")[0][:] == ("brief", "done")


def test_brief_keeps_in_the_usual_store_if_the_settings_say_so(desk, model, tmp_path, monkeypatch, capsys):
    """keep_briefs in summarizer.toml is enough, and is true or false."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "summarizer.toml").write_text("keep_briefs = true\n")
    assert main(["brief", str(desk / "1.md"), *model]) == 0
    assert main(["store", "status"]) == 0
    assert "briefs: 1 · failures: 0" in capsys.readouterr().out
    (tmp_path / "summarizer.toml").write_text('keep_briefs = "yes"\n')
    assert main(["brief", str(desk / "1.md"), *model]) == 2
    (tmp_path / "summarizer.toml").write_text("time_limit = true\n")
    assert main(["brief", str(desk / "1.md"), *model]) == 2


def test_a_brief_that_cannot_be_kept_is_printed(desk, model, tmp_path, monkeypatch, capsys):
    """What was paid for is not lost on a full disk: it is given, the reason is told, and the exit code is 1."""

    def full(self, *_):
        raise StoreUnusable("no room is left", "make room")

    monkeypatch.setattr(Store, "keep", full)
    assert main(["brief", str(desk / "1.md"), *model, "-f", "json", "--store", str(tmp_path / "s.db")]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["schema"] == "brief/1"
    assert "the brief is not kept: no room is left; make room" in said.err


def test_a_brief_that_fails_leaves_its_reason_in_the_store(desk, tmp_path, capsys):
    """The error is the same as without a store, and is kept."""
    with Double(fail(400, "not this one")) as double:
        command = ["brief", str(desk / "1.md"), "--model", "some-model", "--base-url", double.base_url]
        assert main(command) == 3
        said = capsys.readouterr().err
        assert main([*command, "--store", str(tmp_path / "s.db")]) == 3
    assert capsys.readouterr().err == said
    with Store(tmp_path / "s.db") as store:
        assert (store.status().failures, store.status().briefs) == (1, 0)


def test_the_usual_store_is_where_the_variable_says(tmp_path):
    """One place knows it: what is named, else SUMMARIZER_STORE, else the user's data folder."""
    assert store_path("a.db", {"SUMMARIZER_STORE": "b.db"}) == Path("a.db")
    assert store_path(None, {"SUMMARIZER_STORE": "~/b.db"}) == Path.home() / "b.db"
    assert store_path(None, {}).name == "store.db"
    with pytest.raises(ConfigurationError, match="SUMMARIZER_STORE"):
        store_path(None, {"SUMMARIZER_STORE": "~nobody-of-that-name/b.db"})


def test_a_mistyped_path_or_model_leaves_no_store_behind(desk, tmp_path, capsys):
    """Looking at a store that is not there is one line and no new file, and so is an unknown model."""
    assert main(["store", "list", "--store", str(tmp_path / "nowhere.db")]) == 2
    assert capsys.readouterr().err.startswith("error: there is no store '")
    assert main(["batch", str(desk), "--model", "nobody/knows"]) == 2
    assert not list(tmp_path.glob("*.db"))

"""The log of a run: what is in it, what is not, and what it costs when it cannot be written."""

import asyncio
import io
import json
import sys
from datetime import UTC, datetime

import pytest
from double import Double, fail
from test_batch import answering, article

from summarizer import Article
from summarizer.batch import Journal
from summarizer.cli import main


class Full(io.BytesIO):
    """A file on a disk that is full for a while, in the middle of a line."""

    def __init__(self, room, until=10**9):
        super().__init__()
        self.room, self.until, self.tries = room, until, 0

    def write(self, data):
        self.tries += 1
        if self.tries >= self.until:
            return super().write(data)
        written = super().write(data[: max(0, self.room - self.tell())])
        if not written:
            raise OSError(28, "No space left on device")
        return written


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with three articles, one of which the model fails at and one of which is there twice."""
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "kept.db"))
    folder = tmp_path / "desk"
    folder.mkdir()
    for name, number in (("a", 1), ("b", 2), ("c", 3), ("d", 3)):
        (folder / f"{name}.txt").write_text(article(number).text)
    return folder


async def failing_at_two(request, reply):
    is_two = "Esk2 " in request.body["messages"][-1]["content"]
    await (fail(400, "not\x1b[31m this one\x7f") if is_two else answering)(request, reply)


def run(desk, *options, step=failing_at_two):
    """The exit code of a run over the desk and a file that is not there."""
    with Double(step) as double:
        model = ["--model", "some-model", "--base-url", double.base_url]
        return main(["batch", str(desk), str(desk / "nowhere.txt"), *model, "--concurrency", "1", *options])


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_event_is_a_line_with_what_belongs_to_it(desk, tmp_path, monkeypatch):
    """A run begins, articles begin, each call and each outcome is there with the article's id, and the run ends."""
    monkeypatch.setenv("SUMMARIZER_API_KEY", "sk-very-secret")
    log = tmp_path / "log.jsonl"
    assert run(desk, "--log", str(log)) == 1
    told = lines_of(log)
    names = [each["event"] for each in told]
    assert (names[0], names[-1]) == ("run_begun", "run_ended")
    assert {name: names.count(name) for name in ("article_begun", "made", "failed", "kept", "same", "unread")} == {
        "article_begun": 3,
        "made": 2,
        "failed": 1,
        "kept": names.count("kept"),
        "same": 1 - names.count("kept"),
        "unread": 1,
    }
    assert {each["run"] for each in told} == {1}
    for each in told:
        when = datetime.fromisoformat(each["time"])
        assert when.tzinfo == UTC
        assert abs((datetime.now(UTC) - when).total_seconds()) < 60
    begun = [each["article"] for each in told if each["event"] == "article_begun"]
    assert set(begun) == {article(number).id for number in (1, 2, 3)}
    calls = [each for each in told if each["event"] == "call" and each["article"] == article(1).id]
    (made,) = [each for each in told if each["event"] == "made" and each["article"] == article(1).id]
    assert {each["outcome"] for each in calls} == {"answered"}
    assert made["input_tokens"] == sum(each["input_tokens"] for each in calls) > 0
    assert made["seconds"] > 0
    (failed,) = [each for each in told if each["event"] == "failed"]
    assert failed["kind"] == "RequestRefused"
    assert "this one" in failed["reason"]
    (unread,) = [each for each in told if each["event"] == "unread"]
    assert unread["source"].endswith("nowhere.txt")
    assert (told[-1]["made"], told[-1]["failed"], told[-1]["outcome"]) == (2, 1, "done")


def test_it_is_added_to_and_holds_neither_text_nor_key_nor_signs(desk, tmp_path, monkeypatch):
    """A second run is another number in the same file; of articles there are ids, and every byte is plain."""
    monkeypatch.setenv("SUMMARIZER_API_KEY", "sk-very-secret")
    log = tmp_path / "log.jsonl"
    with Double(failing_at_two) as double:
        model = ["--model", "some-model", "--base-url", double.base_url]
        for _ in range(2):
            main(["batch", str(desk), *model, "--log", str(log)])
    told = lines_of(log)
    assert [each["run"] for each in told if each["event"] == "run_begun"] == [1, 2]
    assert sum(each["event"] == "kept" for each in told if each["run"] == 2) == 3
    data = log.read_bytes()
    for secret in (b"sk-very-secret", b"ferries", b"The port of"):
        assert secret not in data
    assert all(32 <= byte < 127 or byte == 10 for byte in data)


def test_what_stops_a_run_is_told_once(desk, tmp_path):
    """A refused key ends the run: one event says so, and the run's end repeats it."""
    log = tmp_path / "log.jsonl"

    async def late(request, reply):
        await asyncio.sleep(0.3)
        await fail(401, "no such key")(request, reply)

    assert run(desk, "--log", str(log), "--concurrency", "4", step=late) == 3
    told = lines_of(log)
    (stopped,) = [each for each in told if each["event"] == "stopped"]
    assert "key" in stopped["reason"]
    assert told[-1]["outcome"] == stopped["reason"]


def test_a_dash_is_standard_error(desk, capsysbinary, monkeypatch):
    """The lines go there, and no progress is among them."""
    monkeypatch.setattr("summarizer.cli.batching.EVERY", 0.01)
    run(desk, "--log", "-")
    lines = capsysbinary.readouterr().err.splitlines()
    assert sum(line.startswith(b"{") for line in lines) == len(lines) > 5


def test_a_log_that_cannot_be_opened_is_one_line_before_anything_is_sent(desk, tmp_path, capsys):
    """A folder, or a file in a folder that is not there."""
    for path in (tmp_path, tmp_path / "no" / "log"):
        with Double(answering) as double:
            command = ["batch", str(desk), "--model", "some-model", "--base-url", double.base_url, "--log", str(path)]
            assert main(command) == 2
            assert not double.requests
        said = capsys.readouterr().err
        assert said.startswith(f"error: the log '{path}' cannot be written: ")
        assert said.count("\n") == 1
    assert not (tmp_path / "kept.db").exists()


def test_a_disk_that_fills_up_is_told_once_and_costs_no_line_after_it():
    """What cannot be written is told once; when there is room again, whole lines come after the broken one."""
    said, file = [], Full(room=150, until=6)
    journal = Journal(file, said.append)
    for number in range(8):
        journal.note("kept", number, "a" * 20, {})
    assert said == ["the log cannot be written: no room is left; the run goes on without it"]
    whole = []
    for line in file.getvalue().split(b"\n"):
        try:
            whole.append(json.loads(line)["run"])
        except ValueError:
            continue
    assert whole[0] == 0
    assert whole[-3:] == [5, 6, 7]


def test_a_run_goes_on_without_its_log(desk, monkeypatch, capsys):
    """On a full disk every article is made as it would be without a log, and the user hears of it once."""
    monkeypatch.setattr("builtins.open", lambda *_, **__: Full(room=10))
    assert run(desk, "--log", "log.jsonl", "-q") == 1
    said = capsys.readouterr()
    assert said.out.startswith("2 made")
    assert said.err.count("the log cannot be written") == 1


def test_a_closed_file_is_no_error_of_the_run():
    """A log that somebody has closed is told of, and nothing is raised."""
    said, file = [], io.BytesIO()
    file.close()
    Journal(file, said.append).note("kept", 1, None, {})
    assert len(said) == 1


def test_no_sign_of_an_article_moves_a_terminal():
    """Addresses and reasons come from outside: in the log each odd letter of theirs is an escape."""
    file = io.BytesIO()
    odd = Article(text="x", url="https://a.example/\x1b]0;x\x07\x7f\u202e\ud83d\n")
    Journal(file).note("article_begun", 1, odd.id, {"url": odd.url})
    assert file.getvalue().count(b"\n") == 1
    assert all(32 <= byte < 127 for byte in file.getvalue()[:-1])
    assert json.loads(file.getvalue())["url"] == odd.url


def test_without_a_log_nothing_is_written(desk, capsys):
    """No file is opened, and standard error has what it had."""
    assert run(desk, "-q") == 1
    assert '"event"' not in capsys.readouterr().err
    assert sys.stderr is not None

"""Where results go: standard output, shown with colour on a terminal, or a file that is written whole or not at all."""

import contextlib
import os
import re
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from ..errors import ConfigurationError
from .streams import check_stdout, emit

WIDEST = 100  # columns of running text on a terminal; longer lines are hard to follow
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a result in the form `form` ("md", "text", "json") goes; `path` None is standard output."""

    form: str
    path: Path | None

    @classmethod
    def of(cls, output: str | None, form: str, source: str) -> "Target":
        """The target that --output names ("-" is standard output).

        Raises ConfigurationError for what cannot be written, or is the source itself.
        """
        if output is None or output == "-":
            check_stdout()
            return cls(form, None)
        return cls(form, _writable(output, source))

    def write(self, text: str) -> None:
        """Write the result. Raises ConfigurationError if there is no room, or no permission any more."""
        if self.path is not None:
            _write_whole(self.path, text)
            return
        check_stdout()
        if self.form == "md" and sys.stdout.isatty():
            _show(text)
        else:
            emit(_for_json(text) if self.form == "json" else text)


def _show(markdown: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(markup=False, emoji=False, highlight=False)
    console.print(Markdown(markdown, hyperlinks=False), width=min(console.width, WIDEST))


def _for_json(text: str) -> str:
    """JSON that standard output can write and a parser reads: beyond an encoding's letters, \\u escapes."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return _BEYOND_ASCII.sub(lambda found: _escaped(found[0]), text)
    return text


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _writable(output: str, source: str) -> Path:
    """The file to be written, links followed, so that a link stays one."""
    if not output:
        raise ConfigurationError("--output names no file", "give the path of one")
    try:
        # Before links are followed: where /dev/stdout points to a pipe, there is no such path.
        facts = os.stat(output) if os.path.exists(output) else None
        path = Path(output).resolve()
        folder_is_there = path.parent.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise ConfigurationError(f"--output '{output}' is no path of a file", "give another") from error
    if facts is not None and stat.S_ISDIR(facts.st_mode):
        raise ConfigurationError(f"--output '{output}' is a folder", "name a file in it")
    if facts is not None and not stat.S_ISREG(facts.st_mode):
        raise ConfigurationError(f"--output '{output}' is a device or pipe and no file", "leave --output out and use >")
    if not folder_is_there:
        raise ConfigurationError(f"--output '{output}' is in a folder that is not there", "make the folder first")
    if not os.access(path.parent, os.W_OK):
        raise ConfigurationError(f"the folder of --output '{output}' may not be written to", "name another")
    if facts is not None and _is_source(facts, source):
        raise ConfigurationError(f"--output '{output}' is the article itself", "name another file")
    return path


def _is_source(facts: os.stat_result, source: str) -> bool:
    """Whether a file is the one that the article is read from, be it by redirection."""
    try:
        return os.path.samestat(facts, os.fstat(0) if source == "-" else os.stat(source))
    except (OSError, ValueError):  # a source that cannot be looked at is told of when it is read
        return False


def _write_whole(path: Path, text: str) -> None:
    """Write to a new file beside it and rename that, in UTF-8; an old file keeps its permissions."""
    fresh = path.with_name(f".summarizer-{secrets.token_hex(6)}")
    try:
        try:
            with fresh.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                fresh.chmod(stat.S_IMODE(path.stat().st_mode))
            fresh.replace(path)
        except BaseException:  # Ctrl-C too leaves nothing behind
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigurationError(
            f"'{click.format_filename(path)}' cannot be written: {error.strerror}", "name another file (--output)"
        ) from error

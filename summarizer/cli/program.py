"""The group of commands, and how what goes wrong in them ends: one line and an exit code."""

import importlib
import io
import sys
import traceback
from dataclasses import dataclass

import click

from ..errors import ConfigurationError, InputError, ModelUnavailable, PageUnreachable, SummarizerError
from ..rendering.cleaning import clean
from .streams import emit, say

COMMANDS = {
    "batch": "batch",
    "brief": "brief",
    "check": "check",
    "digest": "digest",
    "doctor": "doctor",
    "eval": "eval",
    "models": "models",
    "schema": "schema",
    "store": "store",
}
"""Each command's name and the module here that holds it under the same name."""

EXIT_CODES: tuple[tuple[type[SummarizerError], int], ...] = (
    (InputError, 2),
    (ConfigurationError, 2),
    (ModelUnavailable, 3),
    (PageUnreachable, 3),
    (SummarizerError, 1),
)


@dataclass
class Run:
    """What one run of the program was asked for beside its command."""

    debug: bool = False


def _asked_for_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Run).debug = True


def _show_help(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        emit(f"{context.get_help()}\n")
        context.exit()


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from .. import __version__

        emit(f"summarizer {__version__}\n")
        context.exit()


DEBUG = click.Option(
    ["--debug"],
    is_flag=True,
    expose_value=False,
    callback=_asked_for_debug,
    help="Show the traceback of an error.",
)
# In place of click's own, which ends with 1 where nobody reads on.
HELP = click.Option(
    ["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, callback=_show_help, help="Show this help."
)


class _LazyGroup(click.Group):
    """Commands are imported by name. All of them take --debug and --help, wherever they stand."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f".{COMMANDS[cmd_name]}", __package__), cmd_name)
        assert isinstance(command, click.Command)
        return _with_common_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:  # click compares with loaded commands only
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from error


def _with_common_options(command: click.Command) -> click.Command:
    if DEBUG not in command.params:
        command.params += [DEBUG, HELP]
        command.add_help_option = False
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _with_common_options(below)
    return command


EPILOG = """\b
Examples:
  summarizer brief article.txt                     the brief on standard output, as Markdown
  summarizer brief article.txt -f json -o brief.json
  summarizer batch wire/ feed.xml                  many articles, each once, into a store
  summarizer digest --since 24h                    the stories of a day, and where sources disagree
  summarizer check summary.txt --against article.txt   a summary that somebody else wrote, no model
  summarizer doctor                                what is here and what is missing

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 done but an article failed
or `check` found something against the text, 2 bad use or unreadable input, 3 model or network unavailable,
130 interrupted.
"""


@click.group(cls=_LazyGroup, epilog=EPILOG)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def summarizer() -> None:
    """Turn a news article into a checked brief: actors, positions, deals and open questions.

    Every item carries the words of the article it rests on; what cannot be found there is left out. Nothing leaves
    this machine unless a hosted model is named.
    """


_with_common_options(summarizer)


def run(arguments: list[str]) -> int:
    """Run one command and return the exit code; Ctrl-C comes out as KeyboardInterrupt."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # text that the locale cannot write is shown as escapes
            stream.reconfigure(errors="backslashreplace")
    asked = Run()
    try:
        code = summarizer.main(arguments, prog_name="summarizer", standalone_mode=False, obj=asked)
    except click.Abort as error:
        _raise_if_interrupted(error)
        return _complain("nothing was done; the question was not answered with yes", 1, error, asked)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        return _complain(_usage(error), error.exit_code, error, asked)
    except SummarizerError as error:
        return _complain(str(error), exit_code(error), error, asked)
    except Exception as error:  # noqa: BLE001 - the last resort of the program: said in a line, traceback on demand
        _raise_if_interrupted(error)
        hint = "" if asked.debug else "; run again with --debug for the traceback"
        return _complain(f"unexpected {type(error).__name__}: {error}{hint}", 1, error, asked)
    return code if isinstance(code, int) else 0


def _raise_if_interrupted(error: BaseException | None) -> None:
    """What goes wrong because of Ctrl-C is still Ctrl-C."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        error = error.__context__


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    message = error.format_message().rstrip()
    return f"{message} (see {context.command_path} --help)" if context else message


def exit_code(error: SummarizerError) -> int:
    """The exit code that an error ends the program with."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


def _complain(message: str, code: int, error: BaseException, asked: Run) -> int:
    """Say in one line on standard error what is wrong, whatever control characters a file name or a server put in."""
    if asked.debug:
        for lines in traceback.format_exception(error):
            for line in lines.splitlines():
                say(f"{line[: len(line) - len(line.lstrip())]}{clean(line).strip()}")
    say(f"error: {clean(message).strip()}")
    return code

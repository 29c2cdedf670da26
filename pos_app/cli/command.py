"""The one decorator that makes a function a command: the options that all share, what it opens, its answer.

A command is a function of what it works on (a home, the office with somebody at work: see `Opens`) and of
its own arguments and options, and gives an `Answer`.  The decorator adds `--home`, `--json` and, where the
home may be a centre of several organisations, `--org`; it opens, runs, closes and prints.  A parameter that
is a dataclass stands for its fields, each an option; `Only` says which of them, and in which order.
"""

import contextlib
import dataclasses
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Concatenate,
    Final,
    Generic,
    NamedTuple,
    ParamSpec,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import typer
from typer.models import ArgumentInfo

from pos_app.cli.answer import Answer, print_answer
from pos_app.language import Sentence, said
from pos_app.log import setting_up as log

Thing = TypeVar("Thing")
Own = ParamSpec("Own")
Given = TypeVar("Given", bound=Answer | None)


def _begin_log(context: typer.Context, home: Path) -> Path:
    """Log into the home that the command is for, as soon as it is known."""
    log.begin(home, context.command_path.removeprefix("bohari "))
    return home


Home = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="BOHARI_HOME",
        help="The folder of this till or centre.",
        callback=_begin_log,
    ),
]
By = Annotated[
    str,
    typer.Option(
        "--by", metavar="CODE", envvar="BOHARI_BY", help="Who acts; their PIN is in BOHARI_PIN or asked."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Org = Annotated[
    str,
    typer.Option(
        "--org",
        metavar="LABEL|NAME",
        help="At a centre of several organisations: which one (or BOHARI_ORG).",
    ),
]
Code = Annotated[str, typer.Argument(metavar="CODE")]

#: What click calls a usage error; typer carries its own click and names only this subclass of it.
WrongUse: Final[type[Exception]] = typer.BadParameter.__bases__[0]


def misused(code: str, /, **facts: object) -> Exception:
    """A command that is used wrongly in a way that only we can tell; its code goes with it as `said`."""
    what = code if isinstance(code, Sentence) else said(code, **facts)
    error = WrongUse(what.spoken)
    vars(error)["said"] = what
    return error


class Call(NamedTuple):
    """What a command was told beside its own words: which home, which organisation there, who acts, and
    whether a program reads the answer.  Empty where nothing was said.
    """

    home: Path = Path()
    org: str = ""
    by: str = ""
    as_json: bool = False


@dataclasses.dataclass(frozen=True)
class Opens(Generic[Thing]):
    """What a command works on: how it is opened, and which of the shared options tell which one."""

    open: Callable[[Call], AbstractContextManager[Thing]]
    home: bool = True
    org: bool = True
    by: bool = False


class Only:
    """Which fields of a dataclass are options of this command, in this order."""

    def __init__(self, *names: str) -> None:
        """By the names of the fields."""
        self.names = names


#: Nothing is opened: the command does it itself, after a look at its words, or in its own way.
TOLD: Final = Opens[Call](contextlib.nullcontext)
#: The same where no organisation is chosen: of a till's home, or of the whole centre.
TOLD_HOME: Final = Opens[Call](contextlib.nullcontext, org=False)
#: The same without a home.
TOLD_NOTHING: Final = Opens[Call](contextlib.nullcontext, home=False, org=False)


def noun() -> typer.Typer:
    """The commands of a module, by the names that they have after `bohari`."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def group(app: typer.Typer, name: str, help_: str) -> typer.Typer:
    """A group of commands below a module's; `help_` is its line in the list."""
    made = typer.Typer(no_args_is_help=True, help=help_)
    app.add_typer(made, name=name)
    return made


def command(
    app: typer.Typer, name: str, opens: Opens[Thing]
) -> Callable[[Callable[Concatenate[Thing, Own], Given]], Callable[Concatenate[Thing, Own], Given]]:
    """Make a function the command `name`.  It stays callable as it is, with what it works on.

    It gives the answer that is printed, or None when it has printed by itself.
    """

    def decorate(
        body: Callable[Concatenate[Thing, Own], Given],
    ) -> Callable[Concatenate[Thing, Own], Given]:
        own = list(inspect.signature(body).parameters.values())[1:]
        bundles = {one.name: found for one in own if (found := _bundle(one)) is not None}

        def run(**told: Any) -> None:
            by = told.pop("by") if opens.by else ""
            call = Call(told.pop("home", Path()), told.pop("_org", ""), by, told.pop("as_json"))
            for name_, (kind, names) in bundles.items():
                told[name_] = kind(**{each: told.pop(each) for each in names})
            with opens.open(call) as thing:
                answer = cast(Callable[..., Answer | None], body)(thing, **told)
            if answer is not None:
                print_answer(answer, call.as_json)

        # Typer reads the words of a command off its signature, and its help off the docstring.
        run.__signature__ = _signature(own, opens)  # type: ignore[attr-defined]
        run.__doc__ = body.__doc__
        app.command(name)(run)
        return body

    return decorate


def _signature(own: list[inspect.Parameter], opens: Opens[Any]) -> inspect.Signature:
    """Arguments, `--home` and `--by`, the command's own options, `--json` and `--org`."""
    words = [each for one in own for each in _words(one)]
    arguments = [one for one in words if isinstance(_metadata(one)[0], ArgumentInfo)]
    options = [one for one in words if one not in arguments]
    first = [_option("home", Home)] if opens.home else []
    first += [_option("by", By)] if opens.by else []
    last = [_option("as_json", Json, False), *([_option("_org", Org, "")] if opens.org else [])]
    return inspect.Signature([*arguments, *first, *options, *last])


def _option(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _words(parameter: inspect.Parameter) -> list[inspect.Parameter]:
    """The options that a parameter of a command is, or stands for."""
    bundle = _bundle(parameter)
    if bundle is None:
        return [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)]
    kind, names = bundle
    hints = get_type_hints(kind, include_extras=True)
    given = {each.name: each.default for each in dataclasses.fields(kind)}
    defaults = {
        name: inspect.Parameter.empty if each is dataclasses.MISSING else each for name, each in given.items()
    }
    return [_option(name, hints[name], defaults[name]) for name in names]


def _bundle(parameter: inspect.Parameter) -> tuple[Any, tuple[str, ...]] | None:
    """The dataclass that a parameter is, and which of its fields are options here; None for a plain one."""
    kind = (
        get_args(parameter.annotation)[0]
        if get_origin(parameter.annotation) is Annotated
        else parameter.annotation
    )
    if not dataclasses.is_dataclass(kind):
        return None
    for note in _metadata(parameter):
        if isinstance(note, Only):
            return kind, note.names
    return kind, tuple(each.name for each in dataclasses.fields(kind))


def _metadata(parameter: inspect.Parameter) -> tuple[Any, ...]:
    return getattr(parameter.annotation, "__metadata__", (None,))

"""The one decorator that makes a function a command: the options that all share, what it opens, its answer.

A command is a function of what it works on (a home, the office with somebody at work: see `Opens`) and of
its own arguments and options, and gives an `Answer`.  It says what it needs of whoever calls it (`needs`).
The decorator adds `--home`, `--json`, where somebody is asked for `--by` and `--pin-file`, and, where the
home may be a centre of several organisations, `--org`; it opens, asks, runs, closes and prints.  A parameter
that is a dataclass stands for its fields, each an option; `Only` says which of them, and in which order.
"""

import contextlib
import dataclasses
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import (
    TYPE_CHECKING,
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
from pos_app.cli.needs import Needs
from pos_app.cli.told import Told
from pos_app.language import Sentence, said
from pos_app.log import setting_up as log

if TYPE_CHECKING:
    from pos_app.cli.identity import Actors

Thing = TypeVar("Thing")
Own = ParamSpec("Own")
Given = TypeVar("Given", bound=Answer | None)
Marked = TypeVar("Marked", bound=Callable[..., None])


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
        "--by",
        metavar="CODE",
        envvar="BOHARI_BY",
        help="Who acts; who signed in, or whose token is in BOHARI_TOKEN, need not say it.",
    ),
]
PinFile = Annotated[
    str,
    typer.Option(
        "--pin-file",
        metavar="FILE",
        help="Their PIN is its first line; - is standard input. Else it is in BOHARI_PIN or asked.",
    ),
]
With = Annotated[
    str, typer.Option("--with", metavar="CODE", help="Who decides with them; they prove it as well.")
]
WithPinFile = Annotated[
    str,
    typer.Option(
        "--with-pin-file",
        metavar="FILE",
        help="The PIN of the second person; else it is in BOHARI_WITH_PIN or asked.",
    ),
]
AllowDate = Annotated[
    bool,
    typer.Option(
        "--allow-date",
        help="Record it although it is dated before what it follows; who acts stands on it.",
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
    """What a command was told beside its own words: which home, which organisation there, who acts, whether
    a program reads the answer, and whether who acts says yes to a date that is asked about.  Empty where
    nothing was said.  `actors` are who proved to act, where what is opened is the call itself.
    """

    home: Path = Path()
    org: str = ""
    told: Told = Told()
    as_json: bool = False
    allows_dates: bool = False
    needs: Needs = Needs(open_because="nothing is asked yet")
    actors: "Actors | None" = None


@dataclasses.dataclass(frozen=True)
class Opens(Generic[Thing]):
    """What a command works on: how it is opened, and which of the shared options tell which one.

    `asks`: whoever opens it proves first that who is at the shell has what the call needs.
    """

    open: Callable[[Call], AbstractContextManager[Thing]]
    home: bool = True
    org: bool = True
    dates: bool = False
    asks: bool = True


class Only:
    """Which fields of a dataclass are options of this command, in this order."""

    def __init__(self, *names: str) -> None:
        """By the names of the fields."""
        self.names = names


#: Nothing is opened and nobody asked: the command does it itself, after a look at its words.
TOLD: Final = Opens[Call](contextlib.nullcontext, asks=False)
#: The same where no organisation is chosen: of a till's home, or of the whole centre.
TOLD_HOME: Final = Opens[Call](contextlib.nullcontext, org=False, asks=False)
#: The same without a home.
TOLD_NOTHING: Final = Opens[Call](contextlib.nullcontext, home=False, org=False, asks=False)


def noun() -> typer.Typer:
    """The commands of a module, by the names that they have after `bohari`."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def group(app: typer.Typer, name: str, help_: str) -> typer.Typer:
    """A group of commands below a module's; `help_` is its line in the list."""
    made = typer.Typer(no_args_is_help=True, help=help_)
    app.add_typer(made, name=name)
    return made


def command(
    app: typer.Typer,
    name: str,
    opens: Opens[Thing],
    needs: Needs,
    *,
    first: Callable[..., None] | None = None,
) -> Callable[[Callable[Concatenate[Thing, Own], Given]], Callable[Concatenate[Thing, Own], Given]]:
    """Make a function the command `name`.  It stays callable as it is, with what it works on.

    It gives the answer that is printed, or None when it has printed by itself.  `needs` says who may.
    `first` looks at the words before anything is opened and anybody asked; it raises `misused`.
    Raises `TypeError` for one that needs a permission of nobody, because nobody is asked.
    """
    if needs.permissions and not opens.asks:
        raise TypeError(f"“{name}” needs a permission, and what it opens asks nobody")

    def decorate(
        body: Callable[Concatenate[Thing, Own], Given],
    ) -> Callable[Concatenate[Thing, Own], Given]:
        own = list(inspect.signature(body).parameters.values())[1:]
        bundles = {one.name: found for one in own if (found := _bundle(one)) is not None}

        def run(**told: Any) -> None:
            who = Told(*(told.pop(each, "") for each in _WHO)) if needs.permissions else Told()
            allows = told.pop("_allow_date", False)
            as_json = told.pop("as_json")
            call = Call(told.pop("home", Path()), told.pop("_org", ""), who, as_json, allows, needs)
            for name_, (kind, names) in bundles.items():
                told[name_] = kind(**{each: told.pop(each) for each in names})
            if first is not None:
                first(call, **told)
            with opens.open(call) as thing:
                answer = cast(Callable[..., Answer | None], body)(thing, **told)
            if answer is not None:
                print_answer(answer, call.as_json)

        # Typer reads the words of a command off its signature, and its help off the docstring.
        run.__signature__ = _signature(own, opens, needs)  # type: ignore[attr-defined]
        run.__doc__ = body.__doc__
        run.needs = needs  # type: ignore[attr-defined]
        app.command(name)(run)
        return body

    return decorate


#: The options that say who is at the shell, in the order of `Told`.
_WHO: Final = ("by", "_pin_file", "_with", "_with_pin_file")


def saying(needs: Needs) -> Callable[[Marked], Marked]:
    """For a function that Typer takes as it stands: what it needs, which it must ask for by itself."""

    def mark(body: Marked) -> Marked:
        body.needs = needs  # type: ignore[attr-defined]
        return body

    return mark


def _signature(own: list[inspect.Parameter], opens: Opens[Any], needs: Needs) -> inspect.Signature:
    """Arguments, `--home`, who acts, the command's own options, `--allow-date`, `--json` and `--org`."""
    words = [each for one in own for each in _words(one)]
    arguments = [one for one in words if isinstance(_metadata(one)[0], ArgumentInfo)]
    options = [one for one in words if one not in arguments]
    first = [_option("home", Home)] if opens.home else []
    if needs.permissions:
        first += [_option("by", By, ""), _option("_pin_file", PinFile, "")]
    if needs.two:
        first += [_option("_with", With), _option("_with_pin_file", WithPinFile, "")]
    last = [_option("_allow_date", AllowDate, False)] if opens.dates else []
    last += [_option("as_json", Json, False), *([_option("_org", Org, "")] if opens.org else [])]
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

"""The option `--org` of the commands whose words stand apart from their bodies."""

from typing import Annotated

import typer

from pos_app import settings


def _choose_organisation(name: str) -> str:
    """Keep `--org` where the settings of a home are read."""
    settings.ORGANISATION.set(name or None)
    return name


Org = Annotated[
    str,
    typer.Option(
        "--org",
        metavar="LABEL|NAME",
        help="At a centre of several organisations: which one (or BOHARI_ORG).",
        callback=_choose_organisation,
    ),
]

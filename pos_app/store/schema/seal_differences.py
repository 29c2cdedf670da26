"""What stands in a database against what its declarations want there."""

from collections.abc import Iterator

from pos_app.language import said


def differences(what: str, wanted: dict[str, str], standing: dict[str, str]) -> Iterator[str]:
    """A sentence for each seal of a kind that is wanted and does not stand so, or stands and is not ours."""
    for name in sorted(wanted.keys() - standing.keys()):
        yield said("seal-missing", what=what, name=name)
    for name in sorted(standing.keys() - wanted.keys()):
        yield said("seal-not-ours", what=what, name=name)
    for name in sorted(wanted.keys() & standing.keys()):
        if wanted[name] != standing[name]:
            yield said("seal-changed", what=what, name=name)

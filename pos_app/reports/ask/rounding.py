"""What a report says of sums of documents in other currencies."""

from pos_app.language import printed


def rounded_once(has_other_rates: bool) -> tuple[str, ...]:
    """The note that such sums are rounded once, where there are any."""
    if not has_other_rates:
        return ()
    return (
        printed(
            "Documents in other currencies are converted at their own rates; each sum is rounded once, so"
            " that it can be a cent away from the revenue accounts."
        ),
    )

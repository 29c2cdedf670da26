"""An hour in which no till speaks to the centre."""

from sqlalchemy import text

from pos_app.store.engine.engine import Database


def hears_nothing_for_an_hour(centre: Database) -> None:
    """All that the centre heard of its tills, greetings and requests, lies an hour back."""
    with centre.write() as connection:
        connection.execute(text("UPDATE terminal SET last_seen_at = last_seen_at - interval '1 hour'"))
        connection.execute(
            text(
                "UPDATE heard_request SET numbers ="
                " (SELECT array_agg(number - 3600000000 ORDER BY number DESC) FROM unnest(numbers) AS number)"
            )
        )

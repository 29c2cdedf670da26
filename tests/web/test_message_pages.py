"""Messages to customers in a browser: the queue, one more try, and a receipt that cannot be sent."""

from tests.web.world import World


def test_the_queue_is_seen_and_what_is_wrong_is_said(world: World) -> None:
    owner = world.signed_in("OWNER")
    owner.get("/messages")
    assert owner.page.status_code == 200
    assert "No message is here." in owner.text
    owner.get("/messages?state=failed")
    assert owner.page.status_code == 200
    owner.send("/messages/receipt", number="K3-S999999")
    assert owner.page.status_code == 422
    for key in ("1", "x" * 10_000, "9" * 30):
        owner.send("/messages/again", key=key, purpose="ready")
        assert owner.page.status_code == 422

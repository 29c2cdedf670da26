"""What a page says of what was just done: one of these sentences, by the word that the address carries."""

from typing import Final

from pos_app.language import web_said, web_words

_SAID: Final = {
    "added": web_words("Added. Tills know it as soon as they have synced."),
    "changed": web_words("Changed. Tills know it as soon as they have synced."),
    "stays": web_words("What cannot be nothing stays as it was; the rest is changed."),
    "recorded": web_words("Recorded."),
    "recorded-before": web_words(
        "This form was recorded before, and this is its document. What was typed anew since is not in it."
    ),
    "saved": web_words("The draft is saved."),
    "given-up": web_words("The draft is put away."),
    "decided": web_words("Decided by both of you; it stands in the audit log."),
    "settled": web_words("Settled: what you say of it stands beside it."),
    "answered": web_words("Answered. The till hears of it with its next news."),
    "locked": web_words("Locked."),
    "unchanged": web_words("It says so already; nothing changed."),
    "archived": web_words("Archived. What was recorded stays, and it can be brought back."),
    "restored": web_words("Brought back."),
    "revoked": web_words(
        "It is taken away. What it still sends waits; give everybody who signed in there another PIN."
    ),
    "signed-out": web_words("You are signed out."),
    "password": web_words("Your password is another one from now on. Please sign in with it."),
    "codes": web_words("Your authenticator counts from now on. Please sign in with it."),
    "webhook-changed": web_words("Changed."),
    "webhook-archived": web_words("It is told nothing any more."),
    "webhook-sent": web_words("It goes out within seconds; look again."),
    "passkey": web_words("The passkey is yours: you can sign in with it from now on."),
    "passkey-named": web_words("It is called so from now on."),
    "passkey-gone": web_words("The passkey is taken away. Please sign in again."),
    "codes-given": web_words("They have barcodes of the shop's own from now on; print their labels."),
    "fiscal-done": web_words("Done; the device is asked within seconds. Look again."),
    "bank-said": web_words("Said; the line stands so from now on."),
    "bank-sure": web_words("What was sure is accepted; what is still open stands here."),
    "payment-asked": web_words("Asked; the answer comes by itself. Look again."),
    "payment-accepted": web_words("It is money that came: a till may take it."),
    "ended": web_words("The session is ended."),
}


def of(word: str) -> str:
    """The sentence under a word; none for what is no word of ours."""
    return web_said(_SAID[word]) if word in _SAID else ""

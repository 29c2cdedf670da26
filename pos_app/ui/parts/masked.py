"""Owns how a phone number is shown where others can see the window: enough to tell, not enough to call."""


def masked_phone(phone: str) -> str:
    """The first four and the last three figures: ``0722 ••• 418``."""
    plain = phone.replace(" ", "")
    return f"{plain[:4]} ••• {plain[-3:]}" if len(plain) > 7 else plain

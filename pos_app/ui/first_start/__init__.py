"""The first start of a till: a row of pages that end at the sign-in."""

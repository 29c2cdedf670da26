"""Pictures that a browser sends: what stands on a tile and on papers is what we drew, or a sentence."""

import io
from typing import Any

import pytest
from PIL import Image

from pos_app.web.asked import SESSION
from tests.web.world import Browser, World

PAGES = ("/products/picture", "/businesses/logo")
CODE = {"/products/picture": "SKU1", "/businesses/logo": "MAIN"}


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


def photograph(kind: str = "JPEG") -> bytes:
    """A picture as a telephone takes it, with where it was taken."""
    picture, kept = Image.new("RGB", (800, 600), "red"), io.BytesIO()
    about = Image.Exif()
    about[0x010E] = "at our house"
    picture.save(kept, kind, exif=about)
    return kept.getvalue()


def sent(browser: Browser, path: str, content: bytes, name: str = "photo.jpg", **fields: str) -> Any:
    """Send a file by the form of the page."""
    browser.get(f"{path}?code={CODE[path]}")
    told = {"token": browser.token, "code": CODE[path], **fields}
    browser.page = browser.client.post(f"/office{path}", data=told, files={"sent": (name, content)})
    return browser.page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_shown_and_taken_away(owner: Browser, path: str, kind: str) -> None:
    sent(owner, path, photograph(kind))
    assert "said=changed" in str(owner.page.url), owner.text
    drawn = owner.client.get(f"/office{path}/drawn?code={CODE[path]}")
    assert drawn.status_code == 200
    assert drawn.headers["content-type"] in ("image/png", "image/jpeg")
    assert Image.open(io.BytesIO(drawn.content)).width <= 576
    assert b"at our house" not in drawn.content
    assert drawn.headers["x-content-type-options"] == "nosniff"
    owner.get(f"{path}?code={CODE[path]}")
    owner.send(f"{path}/away", code=CODE[path])
    assert "/drawn" not in owner.page.text
    assert owner.client.get(f"/office{path}/drawn?code={CODE[path]}").status_code == 422


@pytest.mark.parametrize("path", PAGES)
def test_what_is_no_picture_is_a_sentence_and_the_one_before_stays(owner: Browser, path: str) -> None:
    sent(owner, path, photograph())
    for name, content in (
        ("script.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("empty.png", b""),
        ("half.jpg", photograph()[:300]),
        ("large.png", b"\x89PNG\r\n\x1a\n" + bytes(10_000_001)),
        ("page.jpg", b"<html></html>"),
        ("../../x.png", b"GIF89a" + bytes(100)),
    ):
        sent(owner, path, content, name)
        assert owner.page.status_code == 422, name
        assert owner.code in ("picture-unreadable", "picture-too-large", "upload-none", "picture-none"), name
        assert owner.client.get(f"/office{path}/drawn?code={CODE[path]}").status_code == 200
    # The sentence names the file as its person knows it.
    sent(owner, path, b"<html></html>", "page.jpg")
    assert "page.jpg" in owner.text


@pytest.mark.parametrize("path", PAGES)
def test_who_may_not_sends_none(world: World, path: str) -> None:
    auditor = world.signed_in("AUD")
    assert auditor.get(f"{path}?code={CODE[path]}").status_code == 403
    auditor.get("/account")
    told = {"token": auditor.token, "code": CODE[path]}
    answer = auditor.client.post(f"/office{path}", data=told, files={"sent": ("a.jpg", photograph())})
    assert answer.status_code == 403
    stranger = world.browser()
    assert SESSION not in stranger.client.cookies
    answer = stranger.client.post(f"/office{path}", data=told, files={"sent": ("a.jpg", photograph())})
    assert "photo" not in answer.text


def test_an_unknown_code_is_a_sentence(owner: Browser) -> None:
    for path in PAGES:
        assert owner.get(f"{path}?code=NONE").status_code in (404, 422)
        assert owner.get(f"{path}/drawn?code=").status_code in (404, 422)

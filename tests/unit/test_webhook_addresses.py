"""Where webhooks may go: to the open internet, over https, and to the very address that was looked at."""

import asyncio
import ipaddress
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pos_app.store.hooks import address
from sync.server import hook_post
from sync.server.hook_post import Line, Outcome
from tests.support import receiver as receivers
from tests.support.refused import refused

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1",
    "2001:0:5ef5:79fb:0:59f:80ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_addresses_of_the_inside_are_none(text: str) -> None:
    assert not address.is_public(ipaddress.ip_address(text))
    host = f"[{text}]" if ":" in text else text
    with refused("webhook-url-inside"):
        address.parsed(f"https://{host}/")


@pytest.mark.parametrize("text", ["8.8.8.8", "197.248.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet_are(text: str) -> None:
    assert address.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "webhook-url-wrong"),
        ("example.com", "webhook-url-wrong"),
        ("//example.com/", "webhook-url-wrong"),
        ("ftp://example.com/", "webhook-url-wrong"),
        ("file:///etc/passwd", "webhook-url-wrong"),
        ("javascript:alert(1)", "webhook-url-wrong"),
        ("https://", "webhook-url-wrong"),
        ("https:///x", "webhook-url-wrong"),
        ("https://user:secret@example.com/", "webhook-url-wrong"),
        ("https://@example.com/", "webhook-url-wrong"),
        ("https://example.com@10.0.0.1/", "webhook-url-wrong"),
        ("https://example.com\\@10.0.0.1/", "webhook-url-wrong"),
        ("https://example.com/#x", "webhook-url-wrong"),
        ("https://example.com/#", "webhook-url-wrong"),
        ("https://example.com:0/", "webhook-url-wrong"),
        ("https://example.com:70000/", "webhook-url-wrong"),
        ("https://example.com:x/", "webhook-url-wrong"),
        ("https://exa mple.com/", "webhook-url-wrong"),
        ("https://example.com/a b", "webhook-url-wrong"),
        ("https://example.com/\r\nHost: x", "webhook-url-wrong"),
        ("https://example.com/\x00", "webhook-url-wrong"),
        ("https://exämple.com/", "webhook-url-wrong"),
        ("https://①②⑦.0.0.1/", "webhook-url-wrong"),
        ("https://[::1/", "webhook-url-wrong"),
        ("https://-.com/", "webhook-url-wrong"),
        ("https://2130706433/", "webhook-url-wrong"),
        ("https://0x7f000001/", "webhook-url-wrong"),
        ("https://127.1/", "webhook-url-wrong"),
        ("https://0177.0.0.1/", "webhook-url-wrong"),
        ("https://127.0.0.1./", "webhook-url-wrong"),
        ("https://" + "a" * 600 + ".com/", "webhook-url-long"),
        ("http://example.com/", "webhook-url-not-https"),
        ("http://127.0.0.1/", "webhook-url-not-https"),
        ("https://localhost/", "webhook-url-inside"),
        ("https://LOCALHOST./", "webhook-url-inside"),
    ],
)  # fmt: skip
def test_a_hostile_url_is_refused_with_a_sentence(url: str, code: str) -> None:
    with refused(code):
        address.parsed(url)


def test_this_machine_may_be_told_where_its_home_says_so_and_no_other_of_the_inside() -> None:
    assert address.parsed("http://127.0.0.1:8080/x?a=1", to_this_machine=True).authority == "127.0.0.1:8080"
    assert address.parsed("http://[::1]/", to_this_machine=True).authority == "[::1]"
    for url in ("http://10.0.0.1/", "http://example.com/"):
        with refused("webhook-url-not-https"):
            address.parsed(url, to_this_machine=True)
    with refused("webhook-url-inside"):
        address.parsed("https://10.0.0.1/", to_this_machine=True)


def post(url: str, answers: Sequence[str], **choices: object) -> Outcome:
    """A try at a URL whose name leads to these addresses."""

    async def one() -> Outcome:
        with ThreadPoolExecutor(1) as names:
            async with Line(url, names, look_up=lambda name, port: answers, **choices) as line:  # type: ignore[arg-type]
                return await line.post({"x-a": "b"}, b"{}")

    return asyncio.run(one())


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.7"], ["::ffff:127.0.0.1"], ["fe80::1"]]
)
def test_a_name_that_leads_inside_is_not_connected_to(answers: list[str]) -> None:
    with receivers.running() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        assert post(f"https://example.com:{port}/", answers) == Outcome(0, "webhook-url-inside")
        assert receiver.found == []


def test_a_name_is_asked_once_and_what_was_looked_at_is_connected_to() -> None:
    """A second answer would lead inside: nobody asks for it."""
    asked: list[str] = []

    def turning(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    async def some(url: str) -> list[Outcome]:
        with ThreadPoolExecutor(1) as names:
            async with Line(url, names, look_up=turning, to_this_machine=True) as line:
                return [await line.post({"x-a": "b"}, b"{}") for _ in range(3)]

    with receivers.running() as receiver:
        outcomes = asyncio.run(some(receiver.url.replace("127.0.0.1", "localhost")))
        assert [one.status for one in outcomes] == [200, 200, 200]
        assert {one.headers["host"].partition(":")[0] for one in receiver.found} == {"localhost"}
    assert asked == ["localhost"]


def test_a_name_that_is_none_and_a_port_that_is_closed() -> None:
    def nowhere(name: str, port: int) -> list[str]:
        raise OSError("no such name")

    async def one() -> Outcome:
        with ThreadPoolExecutor(1) as names:
            async with Line("https://nowhere.example/", names, look_up=nowhere) as line:
                return await line.post({}, b"")

    assert asyncio.run(one()) == Outcome(0, "webhook-name-unknown")
    url = f"http://127.0.0.1:{receivers.closed_port()}/"
    assert post(url, ["127.0.0.1"], to_this_machine=True) == Outcome(0, "no-connection")


def test_a_certificate_of_nobody_is_not_taken() -> None:
    context = ssl.create_default_context()
    with receivers.running() as receiver:
        url = receiver.url.replace("http://", "https://")
        outcome = post(url, ["127.0.0.1"], to_this_machine=True, trust=context)
        assert (outcome.status, outcome.error) == (0, "certificate")
        assert receiver.found == []


def test_a_redirect_is_not_followed() -> None:
    with receivers.running() as receiver, receivers.running() as other:
        receiver.answer, receiver.location = lambda _: 307, other.url
        assert post(receiver.url, ["127.0.0.1"], to_this_machine=True) == Outcome(307, "redirect")
        assert other.found == []


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receivers.running() as receiver, receivers.running() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert post(receiver.url, ["127.0.0.1"], to_this_machine=True).status == 200
        assert proxy.found == []


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0), ("120", 120, 120), ("-5", 0, 0), ("soon", 0, 0), ("٣", 0, 0), ("1e9", 0, 0),
        ("9" * 400, 1, 10**9), ("Wed, 32 Foo", 0, 0),
    ],
)  # fmt: skip
def test_when_to_come_again_is_read_in_either_form_and_no_other(text: str, least: int, most: int) -> None:
    assert least <= hook_post._retry_after_s(text) <= most


def test_a_moment_to_come_again_at_is_read_as_a_wait() -> None:
    """Its text is made here: what is asked of a test is the same in every process that collects it."""
    ahead, gone = (
        format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True) for hours in (1, -1)
    )
    assert 3_590 <= hook_post._retry_after_s(ahead) <= 3_601
    assert hook_post._retry_after_s(gone) == 0


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    """Made with its own secret by the steps of Standard Webhooks 1.0.0, and with OpenSSL."""
    body = b'{"test": 2432232314}'
    told = hook_post.signature(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body
    )
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

"""The server by a real socket: bodies counted, slow and many connections bounded, wrong tokens slowed."""

import http.client
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pytest

from ledger.errors import LedgerError
from ledger.report.formatting import INVISIBLE, visible
from review import Access
from review.access import Cookies, Sessions, Throttle
from review.security import MAX_FORM_BYTES, BoundedProtocol, OnceAMinute
from review.text import escaped
from tests.review.browsing import served
from tests.review.curator import Curator, app_of

TOKEN = "b7c1e0d94f2a86537d1c0e9a"


@pytest.fixture
def site(output: Path) -> Iterator[tuple[str, int]]:
    with served(output) as address:
        there = urlsplit(address)
        assert there.hostname and there.port
        yield there.hostname, there.port


def asked(site: tuple[str, int], method: str = "GET", path: str = "/") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(*site, timeout=60)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def head(site: tuple[str, int], *lines: str) -> bytes:
    first = ("POST /decide HTTP/1.1", f"Host: {site[0]}:{site[1]}", "Content-Type: application/x-www-form-urlencoded")
    return "\r\n".join([*first, *lines, "", ""]).encode()


def pushed(site: tuple[str, int], start: bytes, piece: bytes, most: int) -> int:
    """Send a request and then pieces until the server hangs up; return how many bytes it took."""
    sent = 0
    with socket.create_connection(site, timeout=60) as connection:
        try:
            connection.sendall(start)
            while sent < most:
                connection.sendall(piece)
                sent += len(piece)
            while connection.recv(1 << 16):
                pass
        except OSError:
            pass
    return sent


CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.mark.parametrize(
    ("lines", "piece"),
    [
        (("Content-Length: 900000000",), b"x" * 0x10000),
        (("Transfer-Encoding: chunked",), CHUNK),
        (("Content-Length: 10", "Transfer-Encoding: chunked"), CHUNK),
        ((f"Content-Length: {MAX_FORM_BYTES}",), b"x" * 0x10000),
    ],
)
def test_bodies_are_counted_as_they_arrive(site: tuple[str, int], lines: tuple[str, ...], piece: bytes) -> None:
    most = 64 << 20
    assert pushed(site, head(site, *lines), piece, most) < most  # hung up on; what the kernel buffers is not the page's
    assert asked(site)[0] == 200


def test_a_body_of_a_get_is_counted_too(site: tuple[str, int]) -> None:
    start = head(site, "Content-Length: 900000000").replace(b"POST /decide", b"GET /")
    assert pushed(site, start, b"x" * 0x10000, 64 << 20) < 64 << 20


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_does_not_arrive_is_cut_off(
    site: tuple[str, int], sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedProtocol, "request_seconds", 0.2)
    with socket.create_connection(site, timeout=60) as connection:
        connection.sendall(sent)
        assert hung_up(connection)


def test_a_body_that_does_not_arrive_is_cut_off(site: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "request_seconds", 0.2)
    with socket.create_connection(site, timeout=60) as connection:
        connection.sendall(head(site, "Content-Length: 1000") + b"csrf=")
        assert hung_up(connection)


def hung_up(connection: socket.socket) -> bool:
    try:
        while connection.recv(1 << 16):
            pass
    except ConnectionResetError:
        return True
    return True


def test_half_open_connections_do_not_stop_the_page(site: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "max_connections", 20)
    idle = [socket.create_connection(site, timeout=60) for _ in range(100)]
    for connection in idle:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
    assert asked(site)[0] == 200
    assert hung_up(idle[0])
    for connection in idle:
        connection.close()


def test_head_works(site: tuple[str, int]) -> None:
    for path in ("/", "/decisions", "/static/page.css", "/look.css"):
        assert asked(site, "HEAD", path) == (200, b""), path


def test_what_happens_often_is_said_once_a_minute() -> None:
    said = OnceAMinute()
    record = logging.LogRecord("asyncio", logging.ERROR, "", 0, "socket.accept() out of system resource", None, None)
    assert [said.filter(record) for _ in range(1_000)].count(True) == 1


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


def test_wrong_tokens_are_slowed_each_more_than_the_last_and_told(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    tries = Throttle(clock, clock.sleep)
    for _ in range(6):
        anyio.run(tries.wait, "10.0.0.9")
        tries.count_wrong("10.0.0.9")
        clock.now += 0.01
    anyio.run(tries.wait, "10.0.0.1")
    assert len(clock.waited) == 5 and clock.waited == sorted(clock.waited) and clock.waited[-1] > 2
    assert "wrong token from 10.0.0.9, the 6. in a row" in caplog.text
    clock.now += 1_000
    anyio.run(tries.wait, "10.0.0.9")
    assert len(clock.waited) == 5


def test_wrong_tokens_at_the_door_are_told(output: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = app_of(output, Access(token=TOKEN))
    stranger = Curator(app, None)
    csrf = stranger.get("/").text.split('name="csrf" value="')[1].split('"')[0]
    stranger.send(
        "POST", "/enter", data={"csrf": csrf, "token": "guess", "there": "/"}, headers={"origin": stranger.site}
    )
    assert stranger.get("/", authorization="Bearer guess").status_code == 401
    assert caplog.text.count("wrong token") == 2


@pytest.mark.parametrize(
    "token",
    ["a" * 24, "abc" * 6, "abcdefghijklmnopqrst", "passwordpassword1", "coopledger-review-token", "0123456789012345"]
)  # fmt: skip
def test_a_weak_token_is_refused(token: str) -> None:
    with pytest.raises(LedgerError, match="guessed"):
        Access(token=token)


def test_strangers_push_nobody_out() -> None:
    sessions = Sessions(Clock())
    ada = sessions.start(name="Ada", admitted=True)
    for _ in range(5_000):
        sessions.start()
    assert sessions.find(ada.id) is ada


@pytest.mark.parametrize("access", [Access(token=TOKEN), Access()])
def test_a_program_that_keeps_no_cookie_pushes_nobody_out(output: Path, access: Access) -> None:
    app = app_of(output, access)
    ada = Curator(app, None)
    headers = {"authorization": f"Bearer {TOKEN}"} if access.token else {}
    if access.token:
        csrf = ada.get("/").text.split('name="csrf" value="')[1].split('"')[0]
        ada.send("POST", "/enter", data={"csrf": csrf, "token": TOKEN, "there": "/"}, headers={"origin": ada.site})
    assert ada.get("/news").status_code == 200 and ada.get("/news").status_code == 200
    before = dict(ada.client.cookies)
    for _ in range(520):
        Curator(app, None).get("/news", **headers)
    assert ada.get("/news").status_code == 200 and dict(ada.client.cookies) == before


def test_two_ledgers_share_no_cookie(tmp_path: Path) -> None:
    names = {Cookies.of(tmp_path / name, port).session for name in ("a", "b") for port in (1, 2)}
    assert len(names) == 4


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_links_of_any_kind_are_not_served(ada: Curator, output: Path, tmp_path: Path, kind: str) -> None:
    path = output / "releases" / "20261120T060000Z" / "report.html"
    assert ada.get("/releases/20261120T060000Z/report.html").status_code == 200
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    path.unlink()
    (path.symlink_to if kind == "symbolic" else path.hardlink_to)(secret)
    answer = ada.get("/releases/20261120T060000Z/report.html")
    assert answer.status_code == 404 and "the secret" not in answer.text


def test_a_release_that_holds_a_link_is_not_opened(output: Path) -> None:
    path = output / "releases" / "20261120T060000Z" / "quarantine.jsonl"
    elsewhere = output.parent / "elsewhere"
    os.rename(path, elsewhere)  # noqa: PTH104
    path.symlink_to(elsewhere)
    assert "is a link" in Curator(app_of(output), None).get("/").text


def test_what_cannot_be_seen_is_named() -> None:
    assert escaped("a\u202eb").count('data-odd="RLO"') == 1 and "\u202e" in escaped("a\u202eb")
    assert visible("Exim\u200b Bank\u202e") == "Exim⟨ZWSP⟩ Bank⟨RLO⟩"
    assert all(visible(one) == f"⟨{name}⟩" for one, name in INVISIBLE.items())


def test_the_name_is_kept_by_the_browser_over_a_new_program(output: Path) -> None:
    ada = Curator(app_of(output))
    again = Curator(app_of(output), None)
    again.client.cookies = ada.client.cookies
    assert "</span>Ada" in again.page("/")


def test_a_name_in_use_is_marked_and_undo_takes_back_one_s_own(output: Path) -> None:
    app = app_of(output)
    one, two = Curator(app), Curator(app)
    assert "also elsewhere" in two.page("/") and "also elsewhere" in one.page("/")
    rows = one.page("/").split('href="/record/')[1:]
    ids = list(dict.fromkeys(row.split('"')[0] for row in rows))
    one.decide(ids[1], "accept")
    assert 'data-key="u"' in one.page(f"/record/{ids[2]}") and 'data-key="u"' not in two.page(f"/record/{ids[2]}")

from pathlib import Path
from typing import Any

import pytest

from ledger.decisions import DecisionLog
from ledger.errors import LedgerError
from review import Access
from review.app import ROUTERS, STATIC
from review.store import Store
from tests.review.curator import SITE, Curator, app_of, fields

TOKEN = "a-token-of-twenty-chars"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def routes(app: Any, method: str) -> list[str]:
    found = [route for router in ROUTERS for route in router.routes]
    return [route.path for route in found if method in route.methods]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_no_token(host: str) -> None:
    assert Access(host=host).token is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "ledger.example.org"])
def test_any_other_address_needs_a_token_or_a_proxy_s_header(host: str) -> None:
    with pytest.raises(LedgerError, match="token"):
        Access(host=host)
    assert Access(host=host, token=TOKEN).host == Access(host=host, user_header="X-User").host == host


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(LedgerError, match="16 characters"):
        Access(token="secret")


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8765", True),
        ("LocalHost:8765", True),
        ("[::1]:8765", True),
        ("ledger.example.org", True),
        ("127.0.0.1:80", False),
        ("127.0.0.1", False),
        ("evil.example:8765", False),
        ("127.0.0.1.evil.example:8765", False),
        ("", False),
    ],
)
def test_names_that_the_page_goes_by(output: Path, host: str, known: bool) -> None:
    curator = Curator(app_of(output, Access(names=("ledger.example.org",))), None)
    assert curator.get("/", host=host).status_code == (200 if known else 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8766"},
        {"origin": SITE, "sec-fetch-site": "cross-site"},
        {"origin": SITE, "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_forms_of_other_sites_are_refused(ada: Curator, output: Path, headers: dict[str, str]) -> None:
    for path in routes(None, "POST"):
        data = {"csrf": ada.csrf, "record": "x", "verdict": "accept"}
        assert ada.send("POST", path, data=data, headers=headers).status_code == 403, path
    assert not (output / "decisions.jsonl").exists()


@pytest.mark.parametrize("csrf", [None, "", "0" * 64, "é"])
def test_forms_without_the_session_s_own_mark_are_refused(ada: Curator, output: Path, csrf: str | None) -> None:
    for path in routes(None, "POST"):
        data = {"record": "x", "verdict": "accept"} | ({} if csrf is None else {"csrf": csrf})
        assert ada.send("POST", path, data=data, headers={"origin": SITE}).status_code == 403, path
    assert not (output / "decisions.jsonl").exists()


def test_another_session_s_mark_is_refused(app: Any) -> None:
    ada, bea = Curator(app), Curator(app, "Bea")
    given = {"csrf": bea.csrf, "name": "Mallory"}
    assert ada.send("POST", "/name", data=given, headers={"origin": SITE}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_get_and_post(ada: Curator, method: str) -> None:
    assert ada.send(method, "/decide").status_code == 405


def test_nothing_changes_by_get(ada: Curator, output: Path) -> None:
    for path in routes(None, "POST"):
        assert ada.get(f"{path}?record=x&verdict=accept&csrf={ada.csrf}").status_code in (404, 405, 200, 422)
    assert not (output / "decisions.jsonl").exists()


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ({"content-type": "application/json"}, b"{}", 415),
        (FORM, b"csrf=" + b"x" * 300_000, 413),
        (FORM, b"csrf=%ff", 403),
        (FORM, b"\xff\xfe", 400),
        (FORM, b"&".join(b"a=1" for _ in range(6000)), 400),
        (FORM | {"content-length": "9" * 5000}, b"", 413),
        ({**FORM, b"content-length": b"\xb2"}, b"", 413),
    ],
)
def test_nothing_is_uploaded(ada: Curator, headers: dict[str, str], content: bytes, status: int) -> None:
    assert ada.send("POST", "/decide", content=content, headers=headers | {"origin": SITE}).status_code == status


def test_a_body_without_a_length_is_refused(ada: Curator) -> None:
    async def parts() -> Any:
        yield b"csrf=x"

    assert ada.send("POST", "/decide", content=parts(), headers=FORM).status_code == 413


def test_without_the_token_nothing_is_shown(output: Path) -> None:
    app = app_of(output, Access(token=TOKEN))
    stranger = Curator(app, None)
    for path in [
        "/",
        "/decisions",
        "/releases",
        "/effect",
        "/news",
        "/compare",
        "/bulk",
        "/text?document=a&start=0&end=1",
    ]:
        answer = stranger.get(path)
        assert answer.status_code == 401 and "Harbour" not in answer.text, path
    assert stranger.get("/static/page.css").status_code == 200


def test_the_token_lets_in_and_the_session_is_a_new_one(output: Path) -> None:
    app = app_of(output, Access(token=TOKEN))
    ada = Curator(app, None)
    form = ada.get("/releases")
    csrf = form.text.split('name="csrf" value="')[1].split('"')[0]
    before = dict(ada.client.cookies)
    wrong = ada.send("POST", "/enter", data={"csrf": csrf, "token": "wrong", "there": "/"}, headers={"origin": SITE})
    assert wrong.status_code == 401 and "not the token" in wrong.text
    right = ada.send(
        "POST", "/enter", data={"csrf": csrf, "token": TOKEN, "there": "/releases"}, headers={"origin": SITE}
    )
    assert (right.status_code, right.headers["location"]) == (303, "/releases")
    assert dict(ada.client.cookies) != before
    assert ada.get("/releases").status_code == 200


def test_a_program_shows_the_token_as_a_bearer(output: Path) -> None:
    program = Curator(app_of(output, Access(token=TOKEN)), None)
    assert program.get("/", authorization=f"Bearer {TOKEN}").status_code == 200
    assert program.get("/", authorization="Bearer wrong").status_code == 401


def test_a_proxy_names_the_visitor(output: Path) -> None:
    proxied = Curator(
        app_of(output, Access(host="0.0.0.0", user_header="X-Forwarded-User", names=("127.0.0.1:8765",))), None
    )
    assert proxied.get("/").status_code == 401
    assert "Grace" in proxied.get("/", **{"x-forwarded-user": "Grace"}).text


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Łukasz Żak".encode(), "Łukasz Żak"),
        ("José".encode("latin-1"), "José"),
        (b"Ada\tLovelace ", "Ada Lovelace"),
        ("Ada\u2028Bea".encode(), "Ada Bea"),
        (b"a" * 300, "a" * 80),
    ],
)
def test_a_proxy_s_name_is_logged_as_it_is_written(output: Path, header: bytes, name: str) -> None:
    proxied = Curator(app_of(output, Access(user_header="X-User")), None)
    headers = {b"x-user": header, b"origin": SITE.encode()}
    record = Store(output).view().release.records_of("news/roads.txt")[0].record_id
    page = proxied.send("GET", f"/record/{record}", headers=headers).text
    form = fields(page[page.index('id="decide"') :])
    assert proxied.send("POST", "/decide", data={**form, "verdict": "accept"}, headers=headers).status_code == 303
    assert [one.reviewer for one in DecisionLog(output / "decisions.jsonl").read()] == [name]


@pytest.mark.parametrize("header", ["", " ", "\t", "\xa0", "\u200b".encode().decode("latin-1")])
def test_a_proxy_that_names_nobody_is_not_let_in(output: Path, header: str) -> None:
    proxied = Curator(app_of(output, Access(user_header="X-User")), None)
    assert proxied.send("GET", "/", headers={b"x-user": header.encode("latin-1")}).status_code == 401


@pytest.mark.parametrize("header", ["", " "])
def test_a_header_without_a_name_counts_as_none(output: Path, header: str) -> None:
    assert Access(user_header=header).open
    assert Curator(app_of(output, Access(user_header=header))).get("/").status_code == 200
    with pytest.raises(LedgerError, match="token"):
        Access(host="0.0.0.0", user_header=header)


@pytest.mark.parametrize("token", [f"{TOKEN} ", f"{TOKEN}\n", f" {TOKEN}", "ein-schönes-Zeichen-für-alle"])
def test_a_token_can_be_entered_and_sent_as_it_was_set(output: Path, token: str) -> None:
    app = app_of(output, Access(token=token))
    program = Curator(app, None)
    assert program.send("GET", "/", headers={b"authorization": b"Bearer " + token.strip().encode()}).status_code == 200
    ada = Curator(app, None)
    csrf = fields(ada.get("/").text)["csrf"]
    data = {"csrf": csrf, "token": token, "there": "/"}
    assert ada.send("POST", "/enter", data=data, headers={"origin": SITE}).status_code == 303


def test_blanks_make_no_token_longer() -> None:
    with pytest.raises(LedgerError, match="16 characters"):
        Access(token="x7-kq" + " " * 20)


def test_the_name_given_at_the_start_is_cleaned() -> None:
    assert Access(reviewer=" Ada\tL. ").reviewer == "Ada L." and Access(reviewer=" ").reviewer is None


def test_a_proxy_may_have_to_show_the_token(output: Path) -> None:
    access = Access(user_header="X-Forwarded-User", token=TOKEN)
    proxied = Curator(app_of(output, access), None)
    assert proxied.get("/", **{"x-forwarded-user": "Mallory"}).status_code == 401
    assert proxied.get("/", **{"x-forwarded-user": "Grace", "authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\r\nset-cookie: x"]
)
def test_nobody_is_sent_elsewhere(ada: Curator, there: str) -> None:
    assert ada.post("/name", name="Ada", there=there).headers["location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/releases/..%2f..%2fetc/passwd",
        "/releases/20261120T060000Z/..%2f..%2f..%2fdecisions.jsonl",
        "/releases/20261120T060000Z/records.jsonl",
        "/releases/20261120T060000Z/manifest.json",
        "/releases/%2e%2e/report.html",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
        "/record/..%2f..%2fetc%2fpasswd",
        "/document?id=../../etc/passwd",
        "/add?document=/etc/passwd",
        "/text?document=../x&start=0&end=5",
        "/compare?a=../..&b=../..",
        "/editor?record=../x&field=actor",
        "/openapi.json",
        "/docs",
    ],
)
def test_paths_do_not_leave_the_ledger(ada: Curator, path: str) -> None:
    answer = ada.get(path)
    assert answer.status_code == 404, path
    assert "root:" not in answer.text and "import" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/editor?record=x&field=actor&start=a", "/text?document=a&start=1", "/compare?a=x", "/news?count=x", "/document"],
)
def test_odd_parameters_are_refused_politely(ada: Curator, path: str) -> None:
    assert ada.get(path).status_code in (404, 422)


def test_every_answer_is_sealed(ada: Curator) -> None:
    for path in ["/", "/static/keys.js", "/nothing", "/look.css", "/decide"]:
        headers = ada.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_a_release_s_own_pages_run_as_strangers(ada: Curator) -> None:
    answer = ada.get("/releases/20261120T060000Z/report.html")
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200 and policy.startswith("sandbox") and "allow-same-origin" not in policy


def test_what_is_served_from_elsewhere_has_its_licence_beside_it() -> None:
    vendor = sorted(path.name for path in (STATIC / "vendor").iterdir())
    assert vendor == ["LICENSE.htmx.txt", "htmx.min.js"]

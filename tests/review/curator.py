"""A curator without a browser: reads pages, sends their forms."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from httpx import ASGITransport, AsyncClient, Response

from review import Access, create_app
from review.drafts import Normaliser

SITE = "http://127.0.0.1:8765"


def ticking() -> Callable[[], datetime]:
    """A clock that goes on a second with each look."""
    times = iter(datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(seconds=n) for n in range(100_000))
    return times.__next__


class Curator:
    """One browser's worth of requests."""

    def __init__(self, app: Any, name: str | None = "Ada", *, site: str = SITE) -> None:
        self.site = site
        self.client = AsyncClient(transport=ASGITransport(app), base_url=site)
        if name:
            self.post("/name", name=name, there="/")

    def get(self, path: str, **headers: str) -> Response:
        return self.send("GET", path, headers=headers)

    def send(self, method: str, path: str, **given: Any) -> Response:
        return asyncio.run(self.client.request(method, path, **given))

    def page(self, path: str) -> str:
        found = self.get(path)
        assert found.status_code == 200, (found.status_code, found.text[:300])
        return found.text

    @property
    def csrf(self) -> str:
        return fields(self.page("/decisions"))["csrf"]

    def post(self, path: str, /, **given: Any) -> Response:
        return self.send("POST", path, data={"csrf": self.csrf, **given}, headers={"origin": self.site})

    def form(self, record_id: str) -> dict[str, str]:
        """The hidden fields of a record's forms as its page has them now."""
        text = self.page(f"/record/{record_id}")
        return fields(text[text.index('id="decide"') :])

    def decide(self, record_id: str, verdict: str, **given: str) -> Response:
        return self.post("/decide", **{**self.form(record_id), "verdict": verdict, **given})

    def edit(self, record_id: str, field: str, **given: Any) -> Response:
        return self.post("/edit", **{**self.form(record_id), "field": field, **given})


def fields(page: str) -> dict[str, str]:
    """The first hidden input of each name."""
    found: dict[str, str] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, unescape(value))
    return found


def app_of(output: Path, access: Access | None = None, normalise: Normaliser | None = None) -> Any:
    return create_app(output, access=access, normalise=normalise, clock=ticking())

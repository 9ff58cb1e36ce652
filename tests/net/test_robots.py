"""robots.txt as our own client keeps it, against a real server."""

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Web, http, moved

from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.net.robots import Robots

RULES = (
    "User-agent: archiver\nDisallow: /private\nAllow: /private/open\n\nUser-agent: *\nDisallow: /\n"
)


def client_of(stack: ExitStack, web: Web, *, respect: bool = True) -> Client:
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy))
    return Client(guard.lane().proxy_url, respect_robots=respect)


@pytest.fixture
def site(web: Web) -> Web:
    for path in ("/private/a", "/private/open", "/page", "/old"):
        web.routes[path] = http("<p>here</p>")
    return web


def asked_for(web: Web) -> list[str]:
    return [hit.target for hit in web.hits]


def test_a_file_is_kept_and_asked_for_once(stack: ExitStack, site: Web) -> None:
    site.routes["/robots.txt"] = http(RULES)
    client = client_of(stack, site)
    refused = client.fetch(f"{site.url}/private/a")[-1]
    assert refused.status == 0 and refused.error.startswith("robots: ")
    assert "/robots.txt" in refused.error
    assert client.fetch(f"{site.url}/private/open")[-1].status == 200
    assert client.fetch(f"{site.url}/page")[-1].status == 200
    assert asked_for(site) == ["/robots.txt", "/private/open", "/page"]


def test_what_was_asked_is_given_out_once_to_be_recorded(stack: ExitStack, site: Web) -> None:
    site.routes["/robots.txt"] = moved("/rules.txt")
    site.routes["/rules.txt"] = http(RULES)
    client = client_of(stack, site)
    assert client.fetch(f"{site.url}/private/a")[-1].error
    assert client.robots is not None
    assert [e.url for e in client.robots.taken()] == [
        f"{site.url}/robots.txt",
        f"{site.url}/rules.txt",
    ]
    assert client.robots.taken() == ()


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, True), (401, True), (403, True), (404, True), (410, True), (429, True), (500, False), (502, False)],
)  # fmt: skip
def test_errors_mean_what_rfc_9309_says(
    stack: ExitStack, site: Web, status: int, allowed: bool
) -> None:
    site.routes["/robots.txt"] = http("", status, "As told", ("Retry-After", "0"))
    answer = client_of(stack, site).fetch(f"{site.url}/page")[-1]
    assert (answer.status == 200) is allowed
    assert allowed or "forbids all" in answer.error


def test_no_answer_forbids_all() -> None:
    with Web() as gone:
        url = gone.url
    with EgressGuard() as guard:  # loopback is refused by the guard: no answer comes
        answer = Client(guard.lane().proxy_url, respect_robots=True).fetch(f"{url}/page")[-1]
    assert answer.status == 0 and "robots.txt gave no answer" in answer.error


def test_redirects_too_many_allow_all(stack: ExitStack, site: Web) -> None:
    site.routes["/robots.txt"] = moved("/robots.txt")
    assert client_of(stack, site).fetch(f"{site.url}/page")[-1].status == 200


def test_a_redirect_into_a_forbidden_place_is_not_followed(stack: ExitStack, site: Web) -> None:
    site.routes["/robots.txt"] = http(RULES)
    site.routes["/old"] = moved("/private/a")
    hops = client_of(stack, site).fetch(f"{site.url}/old", follow=5)
    assert [hop.status for hop in hops] == [302, 0]
    assert "/private/a" not in asked_for(site)


def test_nothing_is_asked_of_robots_txt_unless_wanted(stack: ExitStack, site: Web) -> None:
    site.routes["/robots.txt"] = http(RULES)
    client = client_of(stack, site, respect=False)
    assert client.fetch(f"{site.url}/private/a")[-1].status == 200
    assert asked_for(site) == ["/private/a"] and client.robots is None


def test_what_is_posted_goes_where_the_user_said(stack: ExitStack, site: Web) -> None:
    site.routes["/robots.txt"] = http(RULES)
    answer = client_of(stack, site).fetch(f"{site.url}/private/a", method="POST", body=b"x")[-1]
    assert answer.status == 200 and asked_for(site) == ["/private/a"]


@given(st.text(max_size=60))
def test_any_address_is_looked_at(url: str) -> None:
    robots = Robots(lambda _: pytest.fail("asked"))
    assert robots.refusal("mailto:" + url) == ""


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"Disallow: /\n", b"User-agent\n" * 900, b"<html>no</html>"]
)
def test_files_that_are_none_allow_all(stack: ExitStack, site: Web, body: bytes) -> None:
    site.routes["/robots.txt"] = http(body)
    assert client_of(stack, site).fetch(f"{site.url}/page")[-1].status == 200

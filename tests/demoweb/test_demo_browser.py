"""A real browser draws every live post from the demo web and loads all the media it should have."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, sync_playwright

from archiver.demoweb.catalogue import POSTS, SITES
from archiver.demoweb.model import DemoPost
from archiver.demoweb.serve import DemoWeb

CHROMIUM = [
    Path(folder, name)
    for folder in ("/usr/bin", "/usr/local/bin")
    for name in ("chromium-headless-shell", "chromium", "google-chrome")
]
LIVE = [post for post in POSTS if post.live]

pytestmark = pytest.mark.browser


def pin(ca_file: Path) -> str:
    """The digest of the authority's public key, as Chromium wants it."""
    key = x509.load_pem_x509_certificate(ca_file.read_bytes()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


@pytest.fixture(scope="module")
def browser(demo: DemoWeb) -> Iterator[Browser]:
    found = next((path for path in CHROMIUM if path.exists()), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                f"--ignore-certificate-errors-spki-list={pin(demo.ca_file)}",
            ],
            proxy={"server": demo.proxy_url},
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 640, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("post", LIVE, ids=lambda p: p.name)
def test_a_live_post_is_drawn_with_its_media(demo: DemoWeb, page: Page, post: DemoPost) -> None:
    site, expected = SITES[post.platform], demo.expected[post.target]
    loaded: set[str] = set()
    page.on("requestfinished", lambda request: loaded.add(request.url))
    answer = page.goto(site.frame(post))
    if answer and answer.status == 429:
        page.goto(site.frame(post))
    words = post.title if post.platform == "youtube" else expected.text
    page.get_by_text(words).first.wait_for()
    wanted = {resource.url for resource in expected.resources}
    for _ in range(200):
        if wanted <= loaded:
            break
        page.wait_for_timeout(50)
    assert wanted <= loaded
    videos = page.evaluate("[...document.querySelectorAll('video')].map((v) => v.error === null)")
    assert all(videos)


def test_an_article_draws_its_embeds_in_frames(demo: DemoWeb, page: Page) -> None:
    page.goto("https://ridge-and-river.example/stories/electric-ferry")
    page.wait_for_load_state("networkidle")
    hosts = {frame.url.split("/")[2] for frame in page.frames if "://" in frame.url}
    assert {
        "platform.twitter.com",
        "www.facebook.com",
        "www.youtube-nocookie.com",
        "embed.reddit.com",
    } <= hosts

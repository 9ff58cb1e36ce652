"""`extract --render`: what scripts put into a page is found too, and each carrier says which reading saw it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import Web

from archiver.capture.render import Rendered
from archiver.demoweb.serve import DemoWeb
from archiver.domain.digest import sha256
from archiver.domain.document import Document
from archiver.domain.embed import Embed, Evidence, Role
from archiver.domain.post import PostRef
from archiver.extraction.find import find_embeds
from archiver.extraction.unite import as_rendered, united

DIGEST = sha256(b"page")
Call = Callable[..., subprocess.CompletedProcess[str]]


def embed(post: str, role: Role = "embed", rule: str = "x.blockquote", **more: object) -> Embed:
    evidence = (Evidence(rule=rule, offset=7, path=str(more.pop("path", ""))),)
    known = {"source": "a", "document": DIGEST, "platform": "x", "evidence": evidence}
    return Embed(ref=PostRef("x", post), role=role, **{**known, **more})  # type: ignore[arg-type]


def test_each_carrier_says_which_reading_saw_it() -> None:
    (seen,) = as_rendered([embed("1", path="template")], sha256(b"sent"))
    assert (seen.evidence[0].path, seen.evidence[0].offset) == ("rendered > template", None)
    assert (seen.document, seen.seen_by) == (sha256(b"sent"), ("rendered",))
    (both,) = united([embed("1")], [seen])
    assert both.seen_by == ("static", "rendered")
    assert [one.seen_by for one in both.evidence] == ["static", "rendered"]
    assert embed("1", path="renderedish").seen_by == ("static",)


def test_the_order_is_that_of_the_page_as_sent_then_what_was_added() -> None:
    rendered = as_rendered([embed("3"), embed("2"), embed("1")], DIGEST)
    assert [e.key for e in united([embed("1"), embed("2")], rendered)] == ["x:1", "x:2", "x:3"]


def test_the_stronger_role_leads_and_learns_what_the_other_knew() -> None:
    link = embed("1", "link", "x.link", handle="ada", text="words")
    shown = as_rendered([embed("1", handle=None)], DIGEST)
    (both,) = united([link], shown)
    assert (both.role, both.handle, both.text) == ("embed", "ada", "words")
    assert [one.rule for one in both.evidence] == ["x.blockquote", "x.link"]


def test_two_widgets_of_one_platform_stay_two() -> None:
    widgets = [
        Embed(source="a", document=DIGEST, role="widget", platform="x", url=f"https://x.com/{name}",
              evidence=(Evidence(rule="x.timeline"),))
        for name in ("ada", "bob")
    ]  # fmt: skip
    assert united(widgets, as_rendered(widgets, DIGEST))[1].url == "https://x.com/bob"


def test_frames_without_a_place_in_the_document_are_read_as_frames() -> None:
    rendered = Rendered(documents=("<p>",), frames=('https://youtu.be/aBcDeFgHiJ0?"><p',))
    *_, frames = rendered.texts
    (found,) = find_embeds(Document(source="f", kind="html", body=frames.encode()))
    assert found.ref == PostRef("youtube", "aBcDeFgHiJ0")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWeb]:
    with DemoWeb(tmp_path_factory.mktemp("demo")) as web:
        yield web


@pytest.fixture
def extract(demo: DemoWeb, tmp_path: Path) -> Call:
    """`archiver extract --json --render` as a user calls it, the web being the demo's unless `alone`."""

    def calling(
        *sources: object, sandbox: bool = False, alone: bool = False, aside: Path | None = None
    ) -> object:
        options = [] if alone else ["--proxy", demo.proxy_url, "--ca-file", str(demo.ca_file)]
        options += [] if sandbox else ["--allow-no-sandbox"]
        command = [sys.executable, "-m", "archiver", "extract", "--json", "--render", *options]
        return subprocess.run(
            [*command, *map(str, sources)],
            capture_output=True,
            text=True,
            timeout=240,
            cwd=tmp_path,
            env={k: v for k, v in os.environ.items() if not k.startswith("ARCHIVER_")}
            | ({"TMPDIR": str(aside)} if aside else {}),
        )

    return calling  # type: ignore[return-value]


def posts(said: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """Post → which readings saw it."""
    rows = map(json.loads, said.stdout.splitlines())
    return {f"{row['platform']}:{row['post_id']}": row["seen_by"] for row in rows}


def troubles(said: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in said.stderr.splitlines() if "without its sandbox" not in line]


SCRIPTED = """<!doctype html><meta charset="windows-1251"><title>\xe9</title>
<iframe src="https://www.youtube.com/embed/f3rryDem0_B"></iframe>
<div id=open></div><div id=closed></div><div id=plain></div>
<script>
const host = 'https://www.you' + 'tube.com/em' + 'bed/';
const into = (place, id) => {
  const frame = document.createElement('iframe'); frame.src = host + id; place.append(frame); };
const named = name => document.getElementById(name);
into(named('plain'), 'aaaaaaaaaa1');
into(named('open').attachShadow({mode: 'open'}), 'aaaaaaaaaa2');
into(named('closed').attachShadow({mode: 'closed'}), 'tUrB1nDem0A');
const inner = document.createElement('iframe');
document.body.append(inner);
into(inner.contentDocument.body, 'aaaaaaaaaa4');
addEventListener('scroll', () => into(named('plain'), 'aaaaaaaaaa5'), {once: true});
</script><div style="height: 5000px"></div>"""


@pytest.mark.browser
def test_what_scripts_add_is_found_in_a_file(extract: Call, tmp_path: Path) -> None:
    Path(tmp_path, "a.html").write_text(SCRIPTED, encoding="latin-1")
    said = extract("a.html")
    assert (said.returncode, troubles(said)) == (0, [])
    assert posts(said) == {
        "youtube:f3rryDem0_B": ["static", "rendered"],
        "youtube:aaaaaaaaaa1": ["rendered"],
        "youtube:aaaaaaaaaa2": ["rendered"],
        "youtube:tUrB1nDem0A": ["rendered"],
        "youtube:aaaaaaaaaa4": ["rendered"],
        "youtube:aaaaaaaaaa5": ["rendered"],
    }


@pytest.mark.browser
def test_articles_of_the_web_hold_what_they_hold(demo: DemoWeb, extract: Call) -> None:
    wanted = [article for article in demo.articles if article.startswith("https")][:2]
    said = extract(*wanted)
    assert (said.returncode, troubles(said)) == (0, [])
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    for article in wanted:
        found = [f"{r['platform']}:{r['post_id']}" for r in rows if r["source"] == article]
        assert found == list(demo.embeds[article])
    assert {reading for row in rows for reading in row["seen_by"]} == {"static", "rendered"}
    assert all("static" in row["seen_by"] for row in rows)


@pytest.mark.browser
def test_a_page_that_never_rests_keeps_its_static_reading(extract: Call, tmp_path: Path) -> None:
    Path(tmp_path, "loop.html").write_text(
        '<iframe src="https://www.youtube.com/embed/f3rryDem0_B"></iframe><script>for (;;);</script>'
    )
    Path(tmp_path, "text.txt").write_text("Words alone.")
    said = extract("--timeout", "4s", "loop.html", "text.txt")
    assert posts(said) == {"youtube:f3rryDem0_B": ["static"]}
    (line,) = troubles(said)
    assert "loop.html: rendering it: the limit of 4 seconds was reached" in line
    assert said.returncode == 4


@pytest.mark.browser
def test_a_page_cannot_look_round_the_machine(extract: Call, tmp_path: Path, web: Web) -> None:
    Path(tmp_path, "secret.txt").write_text("secret")
    Path(tmp_path, "a.html").write_text(
        f"""<iframe src="file://{tmp_path}/secret.txt"></iframe><iframe src="{web.url}/frame"></iframe>
        <script>fetch('{web.url}/fetch', {{mode: 'no-cors'}}); location.protocol === 'https:' &&
        document.body.insertAdjacentHTML('beforeend',
          '<iframe src="https://www.youtu' + 'be.com/embed/aaaaaaaaaa1"></iframe>')</script>"""
    )
    said = extract("a.html", alone=True)
    assert posts(said) == {"youtube:aaaaaaaaaa1": ["rendered"]}
    assert "secret" not in said.stdout.replace("secret.txt", "")
    assert web.connections == 0


@pytest.mark.browser
@pytest.mark.skipif(os.geteuid() != 0, reason="only root's browser has no sandbox")
def test_root_must_allow_a_browser_without_sandbox(extract: Call, tmp_path: Path) -> None:
    Path(tmp_path, "a.html").write_text(SCRIPTED)
    said = extract("a.html", sandbox=True)
    assert (said.returncode, said.stdout) == (6, "")
    assert "--allow-no-sandbox" in said.stderr


def test_nothing_is_left_of_a_browser_that_cannot_start(extract: Call, tmp_path: Path) -> None:
    Path(tmp_path, "a.html").write_text(SCRIPTED)
    said = extract("--browser", "/nowhere/chromium", "a.html")
    assert said.returncode == 6
    assert said.stderr.splitlines()[-2].startswith("archiver: error:")


def users_of(folder: Path) -> bool:
    """Whether a process has the folder in its command line."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in file.read_bytes():
                return True
        except OSError:
            continue
    return False


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_a_killed_one_left_is_taken_away_by_the_next(extract: Call, tmp_path: Path) -> None:
    pages, aside = tmp_path / "pages", tmp_path / "aside"
    pages.mkdir()
    aside.mkdir()
    for number in range(20):
        Path(pages, f"{number}.html").write_text(SCRIPTED)
    options = ["extract", "--render", "--allow-no-sandbox", str(pages)]
    with subprocess.Popen(
        [sys.executable, "-m", "archiver", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(aside)},
    ) as one:
        wait_until(lambda: any(aside.glob("*/*/")))  # the browser has its profile
        one.kill()
    wait_until(lambda: not users_of(aside))
    assert list(aside.iterdir())
    extract("pages/0.html", alone=True, aside=aside)
    assert not list(aside.iterdir())

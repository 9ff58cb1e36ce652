"""yt-dlp beside the browser: its files are records of the post, and it goes nowhere but through its lane."""

import asyncio
import sys
from pathlib import Path

import pytest
from capture_kit import Authority
from torture import Torture, filler

from archiver.capture.download import Fetched, Order, command, download, downloader
from archiver.capture.film import has_video, with_files
from archiver.clock import RandomIds, SystemClock
from archiver.domain.capture import Blocked, Capture, Outcome, Snapshot, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.manifest import Software
from archiver.domain.metadata import Medium, PostMetadata, Told
from archiver.manifests.assemble import assemble
from archiver.net.addresses import PUBLIC_ONLY, AddressPolicy
from archiver.net.guard import EgressGuard
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture
from archiver.verification.warc import check_warc

HOST = "www.harbour-post.net"
FILM = filler("a film", 300_000)
PAGE = '<!doctype html><title>The ferry</title><p>words</p><video controls src="FILM"></video>'
needs_tool = pytest.mark.skipif(downloader() is None, reason="yt-dlp is not installed")


def fetch(
    site: Torture, folder: Path, path: str, *, ca_file: Path | None = None, **limits: float
) -> tuple[Fetched, tuple[Blocked, ...]]:
    """What yt-dlp gets of a page by a name that only the guard can resolve; the site alone is allowed."""
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", site.port)}))
    seconds, size = limits.get("seconds", 60), int(limits.get("size", 10**7))
    with (
        EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]) as guard,
        guard.lane() as lane,
    ):
        order = Order(
            url=site.url(path, HOST), proxy=lane.proxy_url, folder=folder, seconds=seconds,
            bytes=size, ca_file=ca_file,
        )  # fmt: skip
        return asyncio.run(download(order, SystemClock())), lane.blocked


def captured(*snapshots: Snapshot, status: Status = Status.CAPTURED, **more) -> Capture:
    now = SystemClock().now()
    return Capture(
        id="c1", target="web:x", url="https://a.example/x", started_at=now, ended_at=now,
        outcome=Outcome(status=status, reason="the post was drawn"), snapshots=snapshots, **more,
    )  # fmt: skip


@needs_tool
def test_the_file_is_a_record_of_the_post_and_stands_in_its_manifest(tmp_path: Path) -> None:
    with Torture({"/film": PAGE.replace("FILM", "/film.mp4")}) as site:
        site.files["/film.mp4"] = ("video/mp4", FILM)
        fetched, blocked = fetch(site, tmp_path / "media", "/film")
    assert (fetched.limit, fetched.notes, blocked) == ("", (), ())
    (file,) = fetched.files
    assert (file.role, file.media_type, file.body.read()) == ("media", "video/mp4", FILM)
    assert file.urn == f"urn:media:1:{site.url('/film', HOST)}"
    capture = with_files(captured(), fetched, blocked)
    assert capture.outcome == captured().outcome
    software = Software(archiver="0", python="3", playwright="1", warcio="1", system="test")
    (tmp_path / "archive").mkdir()
    written = write_capture(
        capture, tmp_path / "archive", WarcInfo(software=software, run_id="run"),
        seen=lambda digest, url: None, ids=RandomIds(), check=check_warc,
    )  # fmt: skip
    manifest = assemble(
        capture, written, post=None, articles=(), run_id="run", resolution_steps=(),
        software=software, settings={},
    )  # fmt: skip
    (listed,) = manifest.media
    assert (listed.urn, listed.size, listed.digest) == (file.urn, len(FILM), file.body.digest)
    assert listed.media_type == "video/mp4"
    assert listed.made_by == downloader()
    assert listed.made_by.startswith("yt-dlp 20")
    (record,) = [r for r in manifest.records if r.target_uri == file.urn]
    assert (record.type, record.payload_digest) == ("resource", file.body.digest)


@needs_tool
@pytest.mark.parametrize("way", ["page", "redirect", "file", "list"])
def test_it_reaches_nothing_that_the_guard_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "ffmpeg").write_text(f"#!/bin/sh\n: > {tmp_path}/ran\necho ffmpeg version 6\n")
    (programs / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    with Torture() as canary, Torture() as site:
        forbidden = f"http://127.0.0.1:{canary.port}/film.mp4"
        canary.files["/film.mp4"] = ("video/mp4", FILM)
        canary.pages["/film.mp4"] = "<title>x</title>"
        site.pages["/file"] = PAGE.replace("FILM", forbidden)
        site.pages["/list"] = PAGE.replace("FILM", "/live.m3u8")
        lines = (
            f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{forbidden}\n"  # no end: a live stream
        )
        site.files["/live.m3u8"] = ("application/vnd.apple.mpegurl", lines.encode())
        if way == "page":
            with EgressGuard(policy=PUBLIC_ONLY) as guard, guard.lane() as lane:
                order = Order(
                    url=forbidden, proxy=lane.proxy_url, folder=tmp_path, seconds=60, bytes=10**7
                )
                fetched = asyncio.run(download(order, SystemClock()))
                blocked = lane.blocked
        else:
            path = f"/moved?{forbidden}" if way == "redirect" else f"/{way}"
            fetched, blocked = fetch(site, tmp_path, path)
        assert canary.hits == []
    assert ("127.0.0.1", canary.port) in {(b.host, b.port) for b in blocked} or way == "list"
    assert fetched.files == ()
    assert len(fetched.notes) == 1
    assert not (tmp_path / "ran").exists(), "another program was asked to fetch"
    whole = with_files(captured(), fetched, blocked)
    assert (whole.outcome.status, whole.blocked) == (Status.CAPTURED, blocked)


@needs_tool
def test_authorities_of_the_user_are_trusted_and_no_others(
    tmp_path: Path, authority: Authority
) -> None:
    with Torture({"/film": PAGE.replace("FILM", "/film.mp4")}, authority.context()) as site:
        site.files["/film.mp4"] = ("video/mp4", FILM)
        name = "www.post.example"
        policy = AddressPolicy(allowed=frozenset({("127.0.0.1", site.port)}))
        got = []
        for folder, ca_file in (("with", authority.file), ("without", None)):
            with (
                EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]) as guard,
                guard.lane() as lane,
            ):
                order = Order(
                    url=site.url("/film", name), proxy=lane.proxy_url, folder=tmp_path / folder,
                    seconds=60, bytes=10**7, ca_file=ca_file,
                )  # fmt: skip
                got.append(asyncio.run(download(order, SystemClock())))
    assert [file.body.read() for file in got[0].files] == [FILM]
    assert got[1].files == ()
    assert "CERTIFICATE_VERIFY_FAILED" in got[1].notes[0]


@needs_tool
@pytest.mark.parametrize("lost", [(), (0, 3)])
def test_a_film_with_gaps_is_kept_and_said_to_have_them(
    tmp_path: Path, lost: tuple[int, ...]
) -> None:
    pieces = {number: filler(f"piece {number}", 20_000) for number in range(5)}
    with Torture({"/film": PAGE.replace("FILM", "/film.m3u8")}) as site:
        listed = "".join(f"#EXTINF:4,\n/{number}.ts\n" for number in pieces)
        head = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n"
        site.files = {
            f"/{n}.ts": ("video/mp2t", data) for n, data in pieces.items() if n not in lost
        }
        stream = f"{head}{listed}#EXT-X-ENDLIST\n".encode()
        site.files["/film.m3u8"] = ("application/vnd.apple.mpegurl", stream)
        fetched, _ = fetch(site, tmp_path, "/film")
    (file,) = fetched.files
    assert file.body.read() == b"".join(data for n, data in pieces.items() if n not in lost)
    gaps = f"{downloader()} could not get {len(lost)} pieces of a stream: a file of it has gaps"
    assert fetched.notes == ((gaps,) if lost else ())


@needs_tool
@pytest.mark.parametrize("lost", [False, True])
def test_subtitles_are_kept_beside_the_film_and_cost_it_nothing(tmp_path: Path, lost: bool) -> None:
    words, track = (
        "WEBVTT\n\nwhat is said in {}\n",
        "<track kind=subtitles srclang={0} src=/{0}.vtt>",
    )
    languages = ("de", "en")
    page = PAGE.replace("FILM", "/film.mp4").replace(
        "</video>", "".join(map(track.format, languages)) + "</video>"
    )
    with Torture({"/film": page}) as site:
        site.files = {
            f"/{lang}.vtt": ("text/vtt", words.format(lang).encode()) for lang in languages
        }
        site.files["/film.mp4"] = ("video/mp4", FILM)
        if lost:
            del site.files["/de.vtt"]
        fetched, _ = fetch(site, tmp_path, "/film")
        asked = site.times("/film")
    assert asked == 1, "the page is asked for once"
    (film,) = (each for each in fetched.files if each.media_type == "video/mp4")
    assert film.body.read() == FILM
    subtitles = [each.body.read().decode() for each in fetched.files if each is not film]
    assert {each.media_type for each in fetched.files if each is not film} == {"text/vtt"}
    kept = [lang for lang in ("de", "en") if not lost or lang == "en"]
    assert subtitles == [words.format(lang) for lang in kept]
    note = f"{downloader()} could not get 1 tracks of subtitles"
    assert (fetched.limit, fetched.notes) == ("", (note,) if lost else ())


@needs_tool
@pytest.mark.parametrize(
    ("film", "limit", "limits"),
    [
        ("/film.mp4", "media-bytes", {"size": 100_000}),
        ("/endless", "media-bytes", {"size": 30_000}),
        ("/stall", "media-seconds", {"seconds": 6}),
    ],
)
def test_a_limit_is_named_and_makes_the_capture_partial(
    tmp_path: Path, film: str, limit: str, limits: dict[str, float]
) -> None:
    with Torture({"/film": PAGE.replace("FILM", film)}) as site:
        site.files["/film.mp4"] = ("video/mp4", FILM)
        fetched, blocked = fetch(site, tmp_path, "/film", **limits)
    assert (fetched.limit, fetched.files) == (limit, ())
    whole = with_files(captured(), fetched, blocked)
    assert (whole.outcome.status, whole.limits_hit) == (Status.PARTIAL, (limit,))
    assert limit in whole.notes[-1]
    running = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.parent.exists()]
    assert not [words for words in running if site.url("/film", HOST).encode() in words]


@needs_tool
def test_settings_and_programs_of_the_user_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    for place in (home / "yt-dlp", home / ".config" / "yt-dlp"):
        place.mkdir(parents=True)
        (place / "config").write_text(f"--exec 'touch {tmp_path}/ran'\n--write-info-json\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Torture({"/film": PAGE.replace("FILM", "/film.mp4")}) as site:
        site.files["/film.mp4"] = ("video/mp4", FILM)
        fetched, _ = fetch(site, tmp_path / "media", "/film")
        agents = [dict(hit.headers) for hit in site.hits]
    assert [file.body.read() for file in fetched.files] == [FILM]
    assert not (tmp_path / "ran").exists()
    assert sorted(p.suffix for p in (tmp_path / "media" / "files").iterdir()) == [".mp4"]
    assert not any("Cookie" in headers for headers in agents)


def test_an_address_is_never_taken_for_an_option(tmp_path: Path) -> None:
    order = Order(url="--exec=x", proxy="socks5://127.0.0.1:1", folder=tmp_path, seconds=1, bytes=1)
    assert command(order)[-2:] == ["--", "--exec=x"]
    assert command(order)[:4] == [sys.executable, "-P", "-m", "yt_dlp"]
    assert "socks5h://127.0.0.1:1" in command(order)


def exchange(kind: str) -> Exchange:
    return Exchange(
        url="https://a.example/v", status=206, response_headers=(("content-type", kind),),
        started_at=SystemClock().now(), made_by="browser",
    )  # fmt: skip


def dom(text: str) -> Snapshot:
    now, body = SystemClock().now(), Body.of(text.encode())
    return Snapshot(role="dom", urn="urn:dom:x", media_type="text/html", body=body, taken_at=now)


def test_a_post_with_a_video_is_known_by_what_was_received() -> None:
    told = PostMetadata(media=(Medium(kind=Told("video", "u", "$")),))
    for kind in ("video/mp4", "application/vnd.apple.mpegurl", "application/dash+xml"):
        assert has_video(captured(exchanges=(exchange(kind),)), ())
    assert has_video(captured(dom("<p>x</p><video></video>")), ())
    assert has_video(captured(), (told,))
    assert has_video(captured(status=Status.PARTIAL), (told,))
    assert not has_video(captured(status=Status.GONE), (told,))
    assert not has_video(captured(dom("<p>a &lt;video</p><!-- <video> -->")), ())
    assert not has_video(captured(exchanges=(exchange("image/jpeg"),)), ())

"""The whole job on the demo web: what a user gets from `archiver demo`."""

import json
import shutil
import socket
import subprocess
import time
import zipfile
from pathlib import Path

import httpx
import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from whole import TOOLS, Demo, archiver, records, sha256

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def test_the_demo_ends_well_and_says_so(demo: Demo) -> None:
    assert demo.said.returncode == 0, demo.said.stdout + demo.said.stderr
    assert "came out as the demo web has them" in demo.said.stdout
    assert "WRONG" not in demo.said.stdout
    lines = [line for line in demo.said.stdout.splitlines() if str(demo.archive) not in line]
    assert all(len(line) <= 80 for line in lines), demo.said.stdout


def test_every_post_has_its_true_status(demo: Demo) -> None:
    seen = {t: demo.captures(t)[-1]["outcome"]["status"] for t in demo.web.expected}
    assert seen == {target: post.status for target, post in demo.web.expected.items()}


def test_a_post_that_asked_to_wait_was_tried_again(demo: Demo) -> None:
    limited = [t for t, post in demo.web.expected.items() if post.at_first]
    assert limited
    for target in limited:
        attempts = [a for m in demo.captures(target) for a in m["attempts"]]
        assert attempts[0]["outcome"]["status"] == "rate-limited"


def test_every_live_post_has_its_pictures_and_video(demo: Demo) -> None:
    """A revisit counts where another record of the run holds its payload."""
    payloads = {
        sha256(payload)
        for warc in demo.run.glob("archive/*.warc.gz")
        for kind, _, payload in records(warc)
        if kind == "response"
    }
    for target, post in demo.web.expected.items():
        held = {
            (record["target_uri"], record["payload_digest"]["value"])
            for manifest in demo.captures(target)
            for record in manifest["records"]
            if record["type"] in {"response", "revisit"} and record["payload_digest"]
        }
        for resource in post.resources:
            assert (resource.url, resource.digest.value) in held, (target, resource.url)
            assert str(resource.digest) in payloads, (target, resource.url)


def test_every_live_post_has_its_screenshots(demo: Demo) -> None:
    for target, post in demo.web.expected.items():
        manifest = demo.captures(target)[-1]
        uris = [r["target_uri"] or "" for r in manifest["records"] if r["type"] == "resource"]
        for kind in ("urn:view:", "urn:thumbnail:", "urn:dom:", "urn:text:", "urn:pageinfo:"):
            assert any(uri.startswith(kind) for uri in uris), (target, kind)
        if post.status == "captured":
            assert any(uri.startswith("urn:post:") for uri in uris), target


def test_articles_are_captured_as_they_were_shown(demo: Demo) -> None:
    """Those with a URL: read, then visited, in one capture, with pictures of the embeds they show."""
    pictured = 0
    for manifest in demo.manifests():
        if not manifest["target"].startswith("web:"):
            continue
        assert [a["outcome"]["status"] for a in manifest["attempts"]] == ["captured"] * 2
        assert manifest["title"] and manifest["outcome"]["reason"].endswith("; visited")
        uris = [r["target_uri"] or "" for r in manifest["records"] if r["type"] == "resource"]
        assert f"urn:view:{manifest['page_url']}" in uris
        embeds = [one for one in manifest["found"] if one["role"] == "embed"]
        found = [uri.split(":", 3) for uri in uris if uri.startswith("urn:embed:")]
        missing = " ".join(n for n in manifest["notes"] if n.startswith("not shown"))
        for number, one in enumerate(embeds, 1):
            shown = [uri for uri in found if uri[2] == str(number)]
            address = one["url"] or ""
            assert shown or address in missing, (manifest["target"], number)
            assert all(uri[3] == address for uri in shown if address)
        pictured += len(found)
    assert pictured >= 30


def test_the_status_points_to_a_record(demo: Demo) -> None:
    for target in demo.web.expected:
        manifest = demo.captures(target)[-1]
        uris = {record["target_uri"] for record in manifest["records"]}
        signals = manifest["outcome"]["signals"]
        assert signals, target
        assert {signal["url"] for signal in signals} <= uris, target


def test_every_request_is_accounted_for(demo: Demo) -> None:
    for manifest in demo.manifests():
        requests = sum(record["type"] == "request" for record in manifest["records"])
        assert requests + len(manifest["unrecorded"]) == manifest["requested"], manifest["target"]


def test_the_archive_verifies(demo: Demo) -> None:
    said = archiver("--archive", demo.archive, "verify")
    assert said.returncode == 0, said.stdout
    assert "all whole" in said.stdout


def test_a_second_demo_captures_nothing_again(demo: Demo) -> None:
    before = sorted(str(path) for path in demo.archive.rglob("*.warc.gz"))
    said = archiver("--archive", demo.archive, "demo")
    assert said.returncode == 0, said.stdout + said.stderr
    assert sorted(str(path) for path in demo.archive.rglob("*.warc.gz")) == before


def test_warcio_and_fastwarc_agree(demo: Demo) -> None:
    warcs = sorted(demo.run.glob("archive/*.warc.gz"))
    checked = subprocess.run([TOOLS / "warcio", "check", *warcs], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    for warc in warcs:
        count = len(
            json.loads((demo.run / "manifests" / f"{warc.name[:-8]}.json").read_text())["records"]
        )
        with warc.open("rb") as stream:
            assert sum(1 for _ in FastIterator(stream, verify_digests=True)) == count, warc


def test_a_zipped_run_is_a_wacz(demo: Demo, tmp_path: Path) -> None:
    wacz = tmp_path / "run.wacz"
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_STORED) as package:
        for path in sorted(p for p in demo.run.rglob("*") if p.is_file()):
            package.write(path, path.relative_to(demo.run))
    judged = subprocess.run(
        [TOOLS / "wacz", "validate", "-f", wacz], capture_output=True, text=True
    )
    assert judged.returncode == 0 and "valid" in judged.stdout, judged.stdout + judged.stderr
    assert archiver("verify", wacz).returncode == 0


def test_an_exported_post_stands_alone(demo: Demo, tmp_path: Path) -> None:
    target = next(t for t, p in demo.web.expected.items() if p.resources)
    wacz = tmp_path / "post.wacz"
    said = archiver("--archive", demo.archive, "export", "--wacz", wacz, "--post", target)
    assert said.returncode == 0, said.stderr
    judged = subprocess.run([TOOLS / "wacz", "validate", "-f", wacz], capture_output=True)
    assert judged.returncode == 0
    assert archiver("verify", wacz).returncode == 0


def test_pywb_replays_what_was_kept(demo: Demo, judges: Path, tmp_path: Path) -> None:
    """Through our own index: each body that pywb gives back has the digest of its record."""
    (tmp_path / "config.yaml").write_text(
        f"collections:\n  demo:\n    index: {demo.run}/indexes/index.cdxj\n"
        f"    archive_paths: {demo.run}/archive/\n"
    )
    port = free_port()
    server = subprocess.Popen(
        [judges / "wayback", "-p", str(port), "-b", "127.0.0.1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wanted = [json_line for json_line in index_lines(demo.run) if json_line["status"] == "200"]
        assert len(wanted) > 100
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            wait_for(client)
            for line in wanted:
                with client.stream("GET", f"/demo/{line['timestamp']}id_/{line['url']}") as answer:
                    assert answer.status_code == 200, line
                    assert sha256(b"".join(answer.iter_raw())) == line["digest"], line
    finally:
        server.terminate()
        server.wait(10)


def index_lines(run: Path) -> list[dict[str, str]]:
    """GET responses and revisits of the index, with their timestamps."""
    lines = []
    for line in (run / "indexes" / "index.cdxj").read_text().splitlines():
        _, timestamp, facts = line.split(" ", 2)
        fields = json.loads(facts) | {"timestamp": timestamp}
        if fields.get("status") and "method" not in fields and fields["url"].startswith("http"):
            lines.append(fields)
    return lines


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(client: httpx.Client) -> None:
    for _ in range(100):
        try:
            client.get("/")
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("pywb did not start")


def test_the_ledger_can_be_made_again(demo: Demo, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo.archive, copy)
    for part in copy.glob("ledger.sqlite3*"):
        part.unlink()
    assert archiver("--archive", copy, "rebuild").returncode == 0
    before = archiver("--archive", demo.archive, "list", "--json").stdout
    assert archiver("--archive", copy, "list", "--json").stdout == before

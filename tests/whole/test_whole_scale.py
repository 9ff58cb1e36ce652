"""Four times as many captures take no more memory: commands and the finish of a run.

The figures for 100,000 captures are those of `benchmarks/scale.py`. Here each command is measured in a process of its
own, which tells its largest resident size (VmHWM); what it takes before it begins is the same at both sizes.
"""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from scale_archive import make_archive  # noqa: E402

SMALL, LARGE = 500, 2000
ROOM = 5_000_000
"""Bytes by which the larger archive may take more. A manifest that is held takes 15 kB: 1500 more would show."""
CREW = 14_000_000
"""The same for `verify`, which reads many files at once."""

MEASURED = """
import sys
sys.argv[0] = "archiver"
from archiver.cli.main import main
try:
    main()
finally:
    text = open("/proc/self/status").read()
    print("PEAK", text.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""
FINISH = """
import sys
from pathlib import Path
from archiver.commit import finish
from archiver.storage.layout import Archive
largest = max(Archive(Path(sys.argv[1])).run_folders(), key=lambda run: len(run.captures()))
finish(largest)
text = open("/proc/self/status").read()
print("PEAK", text.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two archives; half of the captures of each are in one run."""
    made = []
    for captures in (SMALL, LARGE):
        root = tmp_path_factory.mktemp(f"of-{captures}") / "archive"
        make_archive(root, captures, 50, captures // 2)
        made.append(root)
    return made[0], made[1]


def peak(*command: str) -> int:
    """The most bytes that the process ever held."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stderr.rpartition("PEAK ")[2].split()[0]) * 1024


@pytest.mark.parametrize(
    ("words", "room"),
    [
        ("list", ROOM),
        ("--json list", ROOM),
        ("changes --all", ROOM),
        ("status", ROOM),
        ("verify", CREW),
        ("export --wacz {out}", ROOM),
        ("rebuild", ROOM),
    ],
)
def test_a_larger_archive_takes_no_more_memory(
    archives: tuple[Path, Path], tmp_path: Path, words: str, room: int
) -> None:
    found = []
    for number, root in enumerate(archives):
        said = [word.format(out=tmp_path / f"{number}.wacz") for word in words.split()]
        found.append(peak(sys.executable, "-c", MEASURED, "--archive", str(root), *said))
    assert found[1] - found[0] < room, [size // 10**6 for size in found]


def test_a_larger_run_takes_no_more_memory_to_finish(archives: tuple[Path, Path]) -> None:
    small, large = (peak(sys.executable, "-c", FINISH, str(root)) for root in archives)
    assert large - small < ROOM, (small // 10**6, large // 10**6)


def test_a_dry_run_over_more_pages_takes_no_more_memory(tmp_path: Path) -> None:
    page = (
        "<p>" + "words " * 170_000 + "<iframe src='https://social.example/@ada/{}/embed'></iframe>"
    )
    peaks = []
    for count in (20, 80):
        for number in range(count):
            (tmp_path / f"{number}.html").write_text(page.format(number))
        seeds = tmp_path / f"{count}.txt"
        seeds.write_text("".join(f"{number}.html\n" for number in range(count)))
        words = ("--archive", str(tmp_path / "none"), "run", "--dry-run", "--seeds", str(seeds))
        peaks.append(peak(sys.executable, "-c", MEASURED, *words))
    assert peaks[1] - peaks[0] < 20_000_000, [size // 10**6 for size in peaks]

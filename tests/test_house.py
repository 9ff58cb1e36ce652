"""The house holds: layers, no sideways arrows, no cycles, small rooms, everything annotated."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "archiver"
FILES = sorted(ROOT.rglob("*.py"))

LEVELS = [
    {"errors", "clock", "files", "sorting", "__init__"},
    {"domain"},
    {"platforms", "net"},
    {
        "intake", "extraction", "resolution", "capture", "records", "manifests",
        "verification", "storage", "package", "demoweb", "viewer",
    },
    {"config", "report", "targets", "articles", "journal", "stopping", "bulk", "manners"},
    {"rows", "collector"},
    {
        "commit", "agenda", "overdue", "following", "pings", "removal", "enrich", "proofs", "rotation", "anchoring",
        "relog", "sealing", "tools", "earlier", "ladder", "visits", "rehearsal",
    },
    {"pipeline", "rendering"},
    {"cli"},
    {"__main__"},
]  # fmt: skip
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
SAME_LEVEL_ALLOWED = {
    ("clock", "errors"),
    ("files", "errors"),
    ("report", "config"),
    ("journal", "report"),
    ("articles", "targets"),
    ("tools", "commit"),
    ("tools", "earlier"),
    ("tools", "sealing"),
    ("proofs", "sealing"),
    ("proofs", "rotation"),
    ("sealing", "rotation"),
    ("relog", "sealing"),
    ("sealing", "anchoring"),
    ("overdue", "tools"),
    ("following", "tools"),
    ("removal", "commit"),
    ("tools", "removal"),
    ("enrich", "tools"),
    ("ladder", "agenda"),
    ("ladder", "enrich"),
    ("ladder", "tools"),
    ("visits", "agenda"),
    ("visits", "enrich"),
    ("visits", "ladder"),
    ("visits", "tools"),
}
MAY_AWAIT = ("capture/", "net/", "demoweb/", "visits.py", "ladder.py", "agenda.py", "rendering.py")
MAY_IMPORT_LATE = {"resolution/scrape.py"}


def name_of(path: Path) -> str:
    """`archiver/domain/post.py` → `domain/post.py`."""
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The first part below the package: a folder, or a module at the top."""
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """The dotted names below `archiver` that a file imports."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "archiver")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "archiver":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if module_file(inner) else str(node.module)


def module_file(dotted: str) -> Path | None:
    """The file of a dotted module name, if it is one of ours."""
    base = ROOT.joinpath(*dotted.split(".")[1:])
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file() and candidate != ROOT.with_suffix(".py"):
            return candidate
    return None


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_arrows_point_down(path: Path) -> None:
    here = room_of(path)
    for dotted in imported(path):
        parts = dotted.split(".")
        there = parts[1] if len(parts) > 1 else "__init__"
        if there == here or (here, there) in SAME_LEVEL_ALLOWED:
            continue
        if there not in LEVEL:  # a name of the package root, such as __version__
            there = "__init__"
        assert LEVEL[there] < LEVEL[here], f"{name_of(path)} imports {dotted}"


def test_no_cycles() -> None:
    graph = {
        path: {file for dotted in imported(path) if (file := module_file(dotted)) and file != path}
        for path in FILES
    }
    done: set[Path] = set()

    def walk(path: Path, trail: tuple[Path, ...]) -> None:
        assert path not in trail, " → ".join(name_of(p) for p in (*trail, path))
        if path not in done:
            for below in graph[path]:
                walk(below, (*trail, path))
            done.add(path)

    for path in FILES:
        walk(path, ())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_stand_at_the_top(path: Path) -> None:
    if name_of(path) in MAY_IMPORT_LATE:
        return
    for function in functions(path):
        late = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not late, f"{name_of(path)}:{late[0].lineno} imports inside {function.name}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_async_lives_in_few_places(path: Path) -> None:
    if not name_of(path).startswith(MAY_AWAIT):
        waits = [f.name for f in functions(path) if isinstance(f, ast.AsyncFunctionDef)]
        assert not waits, f"{name_of(path)} has async {waits}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_bare_except(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name_of(path)}:{node.lineno}"


def test_broad_handlers_are_few() -> None:
    broad = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id in {"Exception", "BaseException"}
    ]
    assert len(broad) <= 3, broad


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_rooms_are_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    in_platforms = path.parent.name == "platforms" and path.name not in {
        "__init__.py",
        "contract.py",
    }
    assert lines <= (120 if in_platforms else 350), f"{name_of(path)} has {lines} lines"
    for function in functions(path):
        size = (function.end_lineno or 0) - function.lineno + 1
        assert size <= 60, f"{name_of(path)}:{function.lineno} {function.name} has {size} lines"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_everything_is_annotated(path: Path) -> None:
    for function in functions(path):
        where = f"{name_of(path)}:{function.lineno} {function.name}"
        assert function.returns is not None, f"{where} has no return annotation"
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        bare = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
        assert not bare, f"{where}: {bare} not annotated"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_public_names_are_documented(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), f"{name_of(path)} has no docstring"
    for node in tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name_of(path)}:{node.lineno} {node.name}"

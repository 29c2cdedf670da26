"""What is read is never run: no call in the product makes a program, a command or an object of text."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FORBIDDEN: Final = {"eval", "exec", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads",
                    "yaml.load", "shelve.open"}  # fmt: skip


def called(tree: ast.AST) -> Iterator[tuple[int, str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node


def faults(source: str) -> list[str]:
    found = []
    for line, name, call in called(ast.parse(source)):
        if name in FORBIDDEN:
            found.append(f"{line}: {name}")
        if any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords):
            found.append(f"{line}: {name} with a shell")
    return found


def test_no_text_is_run() -> None:
    for room in ("pos_app", "sync"):
        for file in sorted((ROOT / room).rglob("*.py")):
            assert faults(file.read_text(encoding="utf-8")) == [], file


def test_what_would_be_found() -> None:
    assert faults("eval(x)\nsubprocess.run(x, shell=True)\nos.system(y)") == [
        "1: eval",
        "2: subprocess.run with a shell",
        "3: os.system",
    ]

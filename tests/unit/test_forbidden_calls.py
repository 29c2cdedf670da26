"""What is read is never run, and no guard is left out: calls that stand nowhere in the product.

None makes a program, a command, a template or an object of text; none hashes or draws by what can be guessed;
none follows where an answer leads, and none tells strangers what is going on inside.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FORBIDDEN: Final = {"eval", "exec", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads",
                    "yaml.load", "shelve.open", "hashlib.md5", "hashlib.sha1", "hashlib.new", "random.seed",
                    "environment.from_string", "Environment.from_string", "jinja2.Template"}  # fmt: skip
#: What may be guessed spreads waits and nothing else.
GUESSED: Final = {"random.uniform", "random.SystemRandom"}
#: A word of a call, and the only value that it may have.
WORDS: Final = {"shell": "False", "debug": "False", "follow_redirects": "False", "autoescape": "True"}


def called(tree: ast.AST) -> Iterator[tuple[int, str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node


def faults(source: str) -> list[str]:
    found = []
    for line, name, call in called(ast.parse(source)):
        if name in FORBIDDEN:
            found.append(f"{line}: {name}")
        if name.startswith("random.") and name not in GUESSED:
            found.append(f"{line}: {name} can be guessed")
        found += [
            f"{line}: {name} with {word.arg}={ast.unparse(word.value)}"
            for word in call.keywords
            if ast.unparse(word.value) != WORDS.get(word.arg or "", ast.unparse(word.value))
        ]
    return found


def test_no_text_is_run() -> None:
    for room in ("pos_app", "sync"):
        for file in sorted((ROOT / room).rglob("*.py")):
            assert faults(file.read_text(encoding="utf-8")) == [], file


def test_what_would_be_found() -> None:
    told = "eval(x)\nsubprocess.run(x, shell=True)\nos.system(y)\nrandom.choice(z)"
    assert faults(
        f"{told}\nClient(follow_redirects=True)\nhashlib.md5(x)\nEnvironment(autoescape=False)\nFastAPI(debug=flag)"
    ) == [
        "1: eval",
        "2: subprocess.run with shell=True",
        "3: os.system",
        "4: random.choice can be guessed",
        "5: Client with follow_redirects=True",
        "6: hashlib.md5",
        "7: Environment with autoescape=False",
        "8: FastAPI with debug=flag",
    ]

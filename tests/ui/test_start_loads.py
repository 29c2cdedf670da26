"""What a till loads before its window answers: nothing of the centre's, of cryptography or of pictures."""

import subprocess
import sys


def test_a_till_that_starts_loads_nothing_that_only_others_need() -> None:
    code = (
        "import sys\n"
        "import pos_app.bootstrap, pos_app.till.till, pos_app.ui.app\n"
        "heavy = {'psycopg', 'pyrage', 'nacl', 'cryptography', 'alembic', 'PIL', 'httpx', 'fastapi'}\n"
        "heavy |= {'pos_app.store.schema.' + name for name in ('seals_centre', 'tenancy', 'trail')}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

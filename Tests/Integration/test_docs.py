"""What the pages say."""

import subprocess

from harness import ROOT


def test_the_swift_on_the_pages_compiles():
    run = subprocess.run(
        [ROOT / "scripts" / "check-snippets", "--build-path", ROOT / ".build" / "debug"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr

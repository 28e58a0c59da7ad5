"""What has to be in the database before the platform serves: run as a process of its own, whose memory ends with it.

Progress goes to standard error; standard output carries the demo accounts, one a line.
"""

from __future__ import annotations

import sys

from shuniu.project.begin import begin
from shuniu.project.cli import say

DEMO = "--demo"


def main(arguments: list[str]) -> int:
    """Migrate, store the declarations and, when asked, load the demo province; what is done is not done again."""
    from django.core.management import call_command

    begin()
    from shuniu.project import setup  # needs Django's models

    say("更新数据库结构……")
    call_command("migrate", interactive=False, verbosity=0)
    setup.declare()
    if DEMO in arguments:
        setup.load_demo(say)
        sys.stdout.writelines(f"{account}\n" for account in setup.demo_accounts())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

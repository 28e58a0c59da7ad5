"""The procedure of a life event: it waits until each of its items has ended, whatever came of it."""

from __future__ import annotations

from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

BUNDLE = procedures.register(
    Procedure(
        key="cases.bundle",
        version=1,
        title="一件事联合办理",
        stages=(Stage(key="items", title="各单位分别办理", children="each"),),
    )
)
"""Nobody sits in it: each agency decides on its own item (行政许可法 art. 26)."""

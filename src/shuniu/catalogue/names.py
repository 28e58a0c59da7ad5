"""Chinese titles and column names brought to a form in which the same thing looks the same."""

from __future__ import annotations

import re
import unicodedata

_BRACKETS = re.compile(r"[（(【\[<〈][^（）()【】\[\]<>〈〉]*[）)】\]>〉]")


def normal(title: str) -> str:
    """A title for comparison: NFKC, lower case, without spaces, punctuation and invisible characters."""
    folded = unicodedata.normalize("NFKC", title).lower()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN")


def without_brackets(title: str) -> str:
    """The title before its explanations: 注册资本(资金数额) is 注册资本."""
    return _BRACKETS.sub("", title)


def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a column name or key: XK_XDR_MC, legalRepre, uni_social_crd_cd."""
    return tuple(part.lower() for part in re.split(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])", name) if part)


def column(name: str) -> str:
    """A column name made of what a name may hold: other characters become `_`, a digit in front is kept behind `c`."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", unicodedata.normalize("NFKC", name).strip()).strip("_")[:59]
    return f"c{plain}"[:59] if plain[:1].isdigit() else plain

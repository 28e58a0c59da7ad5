"""Who is told of an item's way to its publication: who publishes that it waits, who made it what became of it."""

from __future__ import annotations

from shuniu.cases.models import ItemVersion
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, Recipient, Template, Words
from shuniu.trust.declare import Actor

_CHANNELS = (INBOX.key, EMAIL.key)
SUBMITTED, PUBLISHED, RETURNED = (
    notices.register(Template(f"cases.item_{key}", title, text, ("item", "who", *more), _CHANNELS)).key
    for key, title, text, more in (
        (
            "submitted",
            Words("有事项等待发布", "A service item waits to be published"),
            Words("{who}提交了事项“{item}”，请在“事项管理”中发布或者退回。",
                  "{who} submitted the service item “{item}”; please publish or return it."),
            (),
        ),
        (
            "published",
            Words("事项已发布", "A service item was published"),
            Words("事项“{item}”已由{who}发布，办事大厅从现在起按新版受理。",
                  "{who} published the service item “{item}”; the hall uses it from now on."),
            (),
        ),
        (
            "returned",
            Words("事项被退回", "A service item was returned"),
            Words("事项“{item}”被{who}退回：{reason}。改好后请再次提交。",
                  "{who} returned the service item “{item}”: {reason}. Please mend it and submit it again."),
            ("reason",),
        ),
    )
)  # fmt: skip


def tell(row: ItemVersion, template: str, by: Actor, **values: str) -> None:
    """Tell of a version, inside the open verb: who publishes where it was submitted, and else who made it."""
    to = Recipient(capability="cases.publish_item") if template == SUBMITTED else Recipient(person=row.made_by)
    said = {"item": row.declaration["title"], "who": by.name, **values}
    notices.tell(template=template, to=to, object=f"item:{row.key}", values=said, owner=row.agency)

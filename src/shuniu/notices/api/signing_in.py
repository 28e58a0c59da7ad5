"""Codes for signing in, and what a person is told of his delegations: what the directory, which lies below, asks of notices."""

from __future__ import annotations

from collections.abc import Mapping

from shuniu.directory.api import register_messenger
from shuniu.notices import channels
from shuniu.notices.api.telling import register, tell
from shuniu.notices.declare import EMAIL, SMS, Recipient, Template, Words
from shuniu.notices.models import Contact

CODE = register(
    Template(
        key="notices.sign_in",
        title=Words("登录验证码", "Your sign-in code"),
        text=Words(
            "登录验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人，工作人员也不会向您索要；如非本人操作，请修改密码。",
            "Your sign-in code is {code}, valid for {minutes} minutes. Never share it. If this was not you, change your password.",
        ),
        fields=("code", "minutes"),
        channels=(EMAIL.key, SMS.key),
        urgent=True,
        fleeting=True,
    )
)


class DirectoryMessages:
    """The directory's `Messenger`."""

    def reaches(self, person: str) -> bool:
        ways = [key for key in CODE.channels if channels.ready(key)]
        known = Contact.objects.filter(person=person, agency="", channel__in=ways, verified_at__isnull=False)
        return known.exists()

    def send(self, person: str, object: str, code: str, minutes: int) -> None:
        to = Recipient(person=person)
        tell(template=CODE.key, to=to, object=object, values={"code": code, "minutes": str(minutes)})

    def tell(self, kind: str, person: str, object: str, values: Mapping[str, str]) -> None:
        tell(template=f"notices.{kind}", to=Recipient(person=person), object=object, values=values)


register_messenger(DirectoryMessages())

"""E-mail over SMTP (RFC 5321, messages RFC 5322): one connection a run, the server's own last words kept as evidence.

`SHUNIU_MAIL_URL`: smtps://user:password@host:465 · smtp+starttls://user:password@host:587 · smtp://host:25 (no TLS, for
a relay on the same machine or network).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from shuniu.notices.channels.outcome import PATIENCE, Answer, Outcome, Outgoing, Sender, setting

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class _Unusable(Exception):
    """The server cannot be used as things stand; what it said."""


class Post:
    """A connection that is made with the first message and dropped after any trouble."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one message to the server. Never raises for what the server or the network does."""
        try:
            return self._handed(self._server or self._connected(), outgoing)
        except _Unusable as trouble:
            self.close()
            return Outcome(Answer.TROUBLE, str(trouble))
        except smtplib.SMTPResponseException as trouble:
            self.close()
            return Outcome(Answer.TROUBLE, f"{trouble.smtp_code} {_words(trouble.smtp_error)}")
        except (OSError, smtplib.SMTPException) as trouble:
            self.close()
            return Outcome(Answer.TROUBLE, f"{type(trouble).__name__}: {trouble}")

    def _connected(self) -> smtplib.SMTP:
        url = urlsplit(setting("MAIL_URL"))
        host, port = url.hostname or "", url.port or _PORTS.get(url.scheme, 0)
        if url.scheme not in _PORTS or not host:
            raise _Unusable("SHUNIU_MAIL_URL 应以 smtp://、smtp+starttls:// 或 smtps:// 开头并写明主机")
        if url.scheme == "smtps":
            secure = ssl.create_default_context()
            self._server = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=secure)
        else:
            self._server = smtplib.SMTP(host, port, timeout=PATIENCE)
        if url.scheme == "smtp+starttls":
            self._server.starttls(context=ssl.create_default_context())
        self._server.ehlo_or_helo_if_needed()
        if url.username:
            self._server.login(unquote(url.username), unquote(url.password or ""))
        return self._server

    def _handed(self, server: smtplib.SMTP, outgoing: Outgoing) -> Outcome:
        code, said = server.mail(parseaddr(setting("MAIL_FROM"))[1])
        if code != 250:  # our own address is refused, or the server is closing: no other message would fare better
            raise _Unusable(f"{code} {_words(said)}")
        code, said = server.rcpt(outgoing.address)
        if code in (250, 251):
            try:
                code, said = server.data(_message(outgoing).as_bytes())
            except smtplib.SMTPDataError as refusal:
                code, said = refusal.smtp_code, _words(refusal.smtp_error).encode()
        words = f"{code} {_words(said)}"
        if code == 421:
            raise _Unusable(words)
        if 200 <= code < 300:
            return Outcome(Answer.ACCEPTED, words)
        server.rset()
        return Outcome(Answer.REFUSED if code >= 500 else Answer.LATER, words)

    def close(self) -> None:
        """Take leave of the server, or only hang up when it no longer listens."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


@contextmanager
def opened() -> Iterator[Sender]:
    """A way for one run of sending."""
    post = Post()
    try:
        yield post.send
    finally:
        post.close()


def _message(outgoing: Outgoing) -> EmailMessage:
    message = EmailMessage(policy=WIRE)
    message["Subject"] = outgoing.title
    message["From"] = sender = setting("MAIL_FROM")
    message["To"] = outgoing.address
    message["Date"] = format_datetime(outgoing.at)  # when it was told: a repeat is the same message to the byte
    message["Message-ID"] = f"<{outgoing.reference}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office reply is wanted
    message.set_content(outgoing.text, cte="base64")
    return message


def _words(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", "replace")

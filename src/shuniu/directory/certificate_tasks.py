"""Jobs for the certificates of trust, which knows no actors: the platform's own keys, and the lists of the revoked."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuniu.directory import api as directory
from shuniu.trust.certificates import api as certificates


@app.periodic(cron="* * * * *")
@app.task(name="trust.keep_nodes", queueing_lock="trust.keep_nodes", pass_context=False)
def keep_nodes(timestamp: int) -> None:
    """Once a minute: make or renew the platform's own certificate of each suite, when it is time."""
    for suite in certificates.usable():
        if certificates.node_due(suite):
            certificates.keep_node(actor=directory.system("worker"), suite=suite)


@app.periodic(cron="7 * * * *")
@app.task(name="trust.publish", queueing_lock="trust.publish", pass_context=False)
def publish(timestamp: int) -> None:
    """Once an hour: sign the lists of the revoked anew when they grow old; a revocation does so by itself."""
    for suite in certificates.usable():
        certificates.revocation_list(suite)

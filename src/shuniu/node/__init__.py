"""The front-end node: a department runs it beside its own database, and a table there answers the platform's questions live.

It takes the platform's signed question, looks the rows up, and answers signed, in the form of any provider's live interface:
the platform needs nothing for it. It needs neither Django nor the platform's database; nothing of the platform imports it.
"""

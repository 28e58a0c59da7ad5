"""支撑: regions with history, agencies, posts, officers, accounts; who holds which right.

From below: `declare`, `models`, `rules`, `store`; the rooms `actors` and `places`, `signing_in` with single sign-on, `posts` and
`delegating`, `accounts`; the front door `api`; the request's `session`; `pages`. Each knows only those below it (import-linter).
"""

"""Single sign-on for departments' own applications: an OpenID Connect provider, authorization code with PKCE alone.

OpenID Connect Core 1.0, Discovery 1.0, Back-Channel Logout 1.0; RFC 6749, 7636 (PKCE), 9207 (iss), 9700 (best practice).
"""

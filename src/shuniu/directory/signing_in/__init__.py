"""Signing in beyond the password: second factors, fresh strong sign-ins, sittings, and other applications' single sign-on."""

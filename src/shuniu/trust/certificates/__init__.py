"""Keys and certificates: who holds which key, for what, until when; given by one's own authorities or by a licensed one.

Our own certification authority is for test and demonstration and says so in every certificate.
"""

"""The gateway: a department's machine asks another's rows, signed, under an agreement, and every answer can be proven."""

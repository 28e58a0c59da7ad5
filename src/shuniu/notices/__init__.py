"""Telling people and agencies: the inbox, e-mail and SMS, each delivery with its end and its evidence."""

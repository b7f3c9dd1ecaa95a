"""Whose mailbox a domain is: public provider, Internet provider, alias service, mailing list, office, or another."""

"""Mailboxes in Exchange Online, by Microsoft Graph."""

"""A fake of Microsoft Graph for mailboxes: strict, in memory."""

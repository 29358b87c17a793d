"""Archives of mail behind IMAP."""

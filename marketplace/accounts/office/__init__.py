"""What administrators and supervisors do: accounts, settings, announcements, mails, the log."""

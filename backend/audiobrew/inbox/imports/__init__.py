"""Files of mails of any size: uploaded in parts, and read in the background."""

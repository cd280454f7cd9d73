"""AudioBrew: the newsletters in your mailbox, as a private podcast."""

"""What people type and read: the commands of `audiobrew`."""

"""Three newspapers written by us, and the server that prints them: README, `newsmill demo` and the tests read these."""

"""The library: what follows from an architecture. It names no study, opens no path of its own and never prints."""

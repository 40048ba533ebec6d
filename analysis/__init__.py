"""The library: given an architecture, what follows? Names no study, opens no path of its own, never prints."""

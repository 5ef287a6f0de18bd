"""Who may touch this machine: nobody but the machine itself, until a screen needs to."""

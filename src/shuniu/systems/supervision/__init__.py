"""电子监察: the rules by which the cases of all systems are supervised."""

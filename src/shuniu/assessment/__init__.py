"""E-supervision (电子监察): rules over the events of all systems, cards with explanation and appeal, scores."""

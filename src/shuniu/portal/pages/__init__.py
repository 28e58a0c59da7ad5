"""Views of the portal: they ask the engines' verbs and draw what comes back."""

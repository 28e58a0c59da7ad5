"""民声通道: letters from the public, by web, counter and telephone."""

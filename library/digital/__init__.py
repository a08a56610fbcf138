"""Digital copies: taken in, read on the screen, downloaded with a mark, handed out in part."""

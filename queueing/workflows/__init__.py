"""What happens to tickets: `issue` gives numbers, `desk` is what an officer does with them."""

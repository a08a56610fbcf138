"""Tests of what `make` does on a PC: with real processes, each test on directories of its own."""

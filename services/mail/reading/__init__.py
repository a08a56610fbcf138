"""The bytes of a mail as plain values: words, quotation, files, who speaks. Knows no models, no server, no office."""

"""Everything with a clock, a disk or a network: files in, pictures and answers out."""

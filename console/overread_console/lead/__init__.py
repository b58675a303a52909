"""What a lead reads, page by page, without a terminal."""

"""From what an agent said and did to a brief: read, choose, fit. No model is asked anything."""

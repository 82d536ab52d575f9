"""Laws of arithmetic that printed digits obey. Pure functions on readings: no files, no judgement.

Each module holds one law. A law returns a frozen result with what fits, the residual, how many alternatives
were tried and how many of them would fit by accident, or None where it has nothing to say.
"""

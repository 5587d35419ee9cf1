"""From today to the interview: what to practise on which day, re-planned from what was shown so far.

Everything here is a function of the rounds, the results and a date. Nothing is stored: the plan of tomorrow is made
tomorrow, from the calls that were really made.
"""

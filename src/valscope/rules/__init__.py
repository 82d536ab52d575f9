"""One rule a file: docstring, CODE, NAME, NEEDS and `check(case)`. Being in this folder is enough.

Codes by family: D data, S split and leakage, P preparation and prediction, M model and objective, T training
dynamics, G generalisation, X what it looks at, L what the log alone proves.

`NEEDS` names the facts of the case that the rule looks at; where one is empty the rule has not been checked.
A finding of weight 0 states a number that the digits prove and is no fault.
"""

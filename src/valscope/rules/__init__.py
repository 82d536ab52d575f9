"""One rule a file: docstring, CODE, NAME, NEEDS and `check(case)`. Being in this folder is enough.

Codes by family: D data, S split and leakage, P preparation and prediction, M model and objective, T training
dynamics, G generalisation, X what it looks at, L what the log alone proves.

`NEEDS` names the facts of the case that the rule looks at; where one is empty the rule has not been checked. That some
code was given is no such fact: `training_code`, `decisions` or `compared_ways` are.
A finding of weight 0 states a number that the digits prove and is no fault.

A rule may also bring
    SUSPECT             what people call the fault: it is tried wherever something is amiss, found or not. Without it
                        the remedy is tried only where `check` spoke.
    EXPLAINS            codes of what it causes: those suspicions fall when it is proved or confirmed.
    remedy(recipe)      the recipe without this fault, None where it does not have it. No two rules make the same edit,
                        and no edit brings another rule's fault in: the lab tries each with all the others mended.
    places(case)        the lines that a finding rests on which only the trial of its remedy makes.
    mend(served, trained)   the same for the way in which a saved model is used.
    screen(bench)       a suspicion raised by a cheap measurement of the images, before the trials.
    measure(bench)      an experiment of its own; MEASURED where it speaks from that alone, TRAINS where
                        it trains, AFTER where the trials by training come first, ALONE where it is silent
                        beside a confirmed cause.
    sick(seed), healthy(seed)   worlds that are its test, its example and its demo; BESIDE names rules that speak there too.
    sick_training, healthy_training   the same as trainings of the NumPy network, where words show the illness best.
    sick_program, healthy_program     the same as a user's program of Keras, really run; another seed may draw another
                                      form of the illness. One that needs pretrained weights names VALSCOPE_WEIGHTS.
    neutral_training, neutral_program   what people call a fault beside what ruins the training: its own trial must acquit
                                      it, for there, on this backend, it costs nothing.
"""

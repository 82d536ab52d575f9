"""The lab: trainings and pipelines repeated side by side, so that a suspicion becomes a verdict.

It knows nothing of rules: it is given a control, edits of it, and images that neither side has trained on.
`material` reads the images and puts the probe set aside; `repetition` trains one recipe once; `arms` compares two
sets of repetitions; `ruling` says what the comparison decides; `design` plans which pairs are compared; `null`,
`growth` and `ablation` are experiments with a question of their own; `bench` is all of it for one case.
"""

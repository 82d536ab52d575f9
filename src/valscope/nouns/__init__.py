"""The values that travel: frozen, without behaviour beyond themselves."""

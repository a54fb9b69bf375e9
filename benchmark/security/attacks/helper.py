# A module of the skill's own.
def value():
    return "untouched"

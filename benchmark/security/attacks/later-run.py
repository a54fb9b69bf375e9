# An honest run after `change-builtins`.
import helper

say("later", len([1, 2, 3]), helper.value())

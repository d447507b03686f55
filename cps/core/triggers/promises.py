"""A month of figures that was published stands for ever; what was wrong is corrected by a new edition."""

from cps.core.triggers.trigger import refuse

TRIGGERS = (refuse("promise_file", "UPDATE"), refuse("promise_file", "DELETE"))

"""Request and program pairs, and worked lessons, generated from the operations' declarations."""

"""How a SOS report is made on a machine and brought here: the scripts, the options, the transfer; opens nothing."""

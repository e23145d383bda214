#pragma once

// Which processors this process may run on: their numbers go to `numbers`, at most `capacity` of them. Returns how many there are.
int strata_lab_processors(int *numbers, int capacity);

// Keeps the calling thread on one processor. Returns 0 if the system agrees.
int strata_lab_pin(int processor);

# What went wrong, and what to do. Each is found by its English words, so it is plain text with values.

fault-ours = Something went wrong in this box. Nothing was lost; its log says what.

"""Teams (联合体) that suppliers form for a need."""

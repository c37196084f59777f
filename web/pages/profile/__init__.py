"""An OPC's own profile, as it edits and takes it along."""

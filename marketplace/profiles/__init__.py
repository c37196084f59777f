"""What suppliers say they can do: one profile per organisation, its form versions and the notes from lists."""

"""OPC communities and SICN agencies, and the OPCs that belong to them."""

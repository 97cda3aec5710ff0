"""The review of a refined layer: what it proposes is accepted, rejected or edited one by one."""

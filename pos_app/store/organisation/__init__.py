"""What is made and changed at the centre: an organisation, its people, roles and terminals."""

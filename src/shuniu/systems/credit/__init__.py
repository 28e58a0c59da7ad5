"""信用: public credit information. Classes are the catalogue's; who may see a fact, and until when, are dated rules."""

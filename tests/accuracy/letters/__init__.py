"""Made letters: official documents of many offices and eras with what is true of them, noise, and other papers."""

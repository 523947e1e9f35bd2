"""1EdTech CASE: a CFPackage and what is in it."""
